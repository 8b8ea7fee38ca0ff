//! What an operator changes without Rust: kinds, properties, units,
//! taxonomies, standards and thesaurus, as TOML files, and their reader.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod fault;
mod model;
mod named;
mod reader;
mod regions;
mod standards;
mod thesaurus;

pub use fault::{CatalogFault, CatalogFaults};
pub use model::{
    Area, Catalog, Choice, Deed, Field, Grade, Kind, LocalName, MeetRule, Node, Property, PropertyType, Sample,
    Standard, Symbol, Taxonomy, Thesaurus, Unit, Units,
};
pub use named::Named;
pub use reader::{builtin, load};
pub use regions::region_short_names;

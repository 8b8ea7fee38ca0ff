//! Articles → mentions → entities → facts; pure.
//!
//! A file is decoded, cleaned and parted into its stories; each story is read for names,
//! posts, days and facts. Every mention and fact knows its characters in the decoded original.
//!
//! What the engine knows of the language stands in `lexicon/`: a word or a trigger is added there.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod amounts;
mod anaphors;
mod article;
mod brands;
mod dates;
mod deals;
pub mod explain;
mod facts;
mod holdings;
mod home;
mod html;
mod layout;
mod lexicon;
mod model;
mod names;
mod naming;
mod orgs;
mod page;
mod passage;
mod patterns;
mod people;
mod pieces;
mod places;
mod posts;
mod products;
mod reader;
mod resolve;
mod shortened;
mod site;
mod stories;
mod titles;
mod tokens;
mod unwrap;

pub use html::{looks_like as is_html, main_text};
pub use layout::Apart;
pub use model::{
    Argument, Article, Entity, EntityKind, Evidence, Fact, Leftover, Mention, MentionKind, Part, PartKind, Reading,
    Span,
};
pub use reader::Reader;

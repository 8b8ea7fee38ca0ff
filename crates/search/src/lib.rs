//! The tantivy index: schema, analyzer, writer, retrieval.
//!
//! What is looked for is in tantivy; what is filtered, counted and sorted by
//! stands in small rows in memory, one per document, so a filter
//! costs a table look-up, every facet is counted with the other filters
//! applied, and paging seeks by (score, time, id).

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod analyze;
mod codes;
mod counterparts;
mod document;
mod embeddings;
mod folder;
mod frequencies;
mod gather;
mod index;
mod lists;
mod marks;
mod meanings;
mod names;
mod pair;
mod passages;
mod plan;
mod query;
mod retrieve;
mod rows;
mod schema;
mod share;
mod spelling;
mod stored;
mod swap;
mod teach;
mod words;
mod writer;

pub use counterparts::{
    Found, HoldsFor, Kept, Matcher, by_rank_of_found, counterparts, kept_for, needs_for, offers_for, standing_for,
};
pub use document::{Card, IndexOp, ListingDoc, PartyDoc, match_view};
pub use embeddings::{EmbedError, Embedder, Embeddings};
pub use index::SearchIndex;
pub use pair::{Asking, Paired, pair};
pub use query::{Candidate, CandidateQuery, Facets, Hit, Page, Query, Reader, SearchError, Sort, What};
pub use swap::swap;

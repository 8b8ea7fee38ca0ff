//! How many records have a term.

use quick_cache::sync::Cache;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::words::lone_han;

/// Terms whose frequency is remembered.
const REMEMBERED: usize = 16_384;

/// The frequencies of the terms of one field in one commit. Common words come in every need, and
/// each is looked up in the dictionary of every segment.
pub(crate) struct Frequencies {
    searcher: Searcher,
    field: Field,
    known: Cache<Box<str>, u64>,
}

impl Frequencies {
    pub(crate) fn new(searcher: Searcher, field: Field) -> Self {
        Self { searcher, field, known: Cache::new(REMEMBERED) }
    }

    /// Number of records.
    pub(crate) fn docs(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// In how many records a term stands. One Han character counts as standing in all: it is many
    /// terms, and tells nothing.
    pub(crate) fn of(&self, term: &str) -> tantivy::Result<u64> {
        if lone_han(term).is_some() {
            return Ok(self.docs());
        }
        if let Some(known) = self.known.get(term) {
            return Ok(known);
        }
        let found = self.searcher.doc_freq(&Term::from_field_text(self.field, term))?;
        self.known.insert(term.into(), found);
        Ok(found)
    }
}

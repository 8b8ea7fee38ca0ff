//! How many records have a term.

use quick_cache::sync::Cache;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet as _, Searcher, Term};

use crate::words::lone_han;

/// Terms whose frequency is remembered.
const REMEMBERED: usize = 65_536;
/// Where less than one record in so many of a list is gone, these are looked for; else the list is walked.
const FEW: usize = 16;

/// The frequencies of the terms of one field in one commit. Common words come in every need, and
/// each is looked up in the dictionary of every segment.
pub(crate) struct Frequencies {
    searcher: Searcher,
    field: Field,
    /// Of each segment the records that are no more.
    gone: Vec<Vec<DocId>>,
    known: Cache<Box<str>, u64>,
}

impl Frequencies {
    pub(crate) fn new(searcher: Searcher, field: Field) -> Self {
        let gone = searcher.segment_readers().iter().map(|segment| match segment.alive_bitset() {
            Some(alive) => (0..segment.max_doc()).filter(|doc| alive.is_deleted(*doc)).collect(),
            None => Vec::new(),
        });
        Self { gone: gone.collect(), searcher, field, known: Cache::new(REMEMBERED) }
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
        let found = self.count(&Term::from_field_text(self.field, term))?;
        self.known.insert(term.into(), found);
        Ok(found)
    }

    /// Living records alone are counted, so that the figure does not depend on what was in the index before.
    fn count(&self, term: &Term) -> tantivy::Result<u64> {
        let mut found = 0;
        for (segment, gone) in self.searcher.segment_readers().iter().zip(&self.gone) {
            let index = segment.inverted_index(self.field)?;
            let Some(info) = index.get_term_info(term)? else { continue };
            found += u64::from(info.doc_freq);
            let Some(alive) = segment.alive_bitset() else { continue };
            let mut postings = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            if gone.len() * FEW > info.doc_freq as usize {
                found -= u64::from(info.doc_freq - postings.doc_freq_given_deletes(alive));
                continue;
            }
            for doc in gone {
                if postings.doc() < *doc {
                    postings.seek(*doc);
                }
                found -= u64::from(postings.doc() == *doc);
            }
        }
        Ok(found)
    }
}

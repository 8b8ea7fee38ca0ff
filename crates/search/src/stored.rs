//! Listings as they are stored, by id.

use std::hash::{DefaultHasher, Hash, Hasher};

use keqiao_domain::{ListingId, RecordId};
use keqiao_matching::MatchView;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyDocument};

use crate::document::Card;
use crate::index::{SearchIndex, Snapshot};
use crate::query::{Candidate, Reader, SearchError};
use crate::retrieve::stored;

/// A listing as it is stored.
pub(crate) struct StoredListing {
    pub(crate) id: ListingId,
    view: String,
    card: String,
}

impl StoredListing {
    /// What a list shows of it.
    pub(crate) fn card(&self) -> Result<Card, SearchError> {
        Ok(serde_json::from_str(&self.card)?)
    }

    pub(crate) fn candidate(self, score: f32, reader: &Reader) -> Result<Candidate, SearchError> {
        let view: MatchView = serde_json::from_str(&self.view)?;
        let mut hasher = DefaultHasher::new();
        self.view.hash(&mut hasher);
        Ok(Candidate {
            id: self.id,
            score,
            seen: None,
            whole: reader.member || !view.has_member_parts(),
            more: reader.member && view.has_member_parts(),
            view: view.for_reader(reader.member),
            card: self.card,
            fingerprint: hasher.finish(),
        })
    }
}

impl SearchIndex {
    /// The published listings of these ids that the reader may see, in no order.
    pub(crate) fn published(&self, ids: &[ListingId], reader: &Reader) -> Result<Vec<StoredListing>, SearchError> {
        let snapshot = self.snapshot();
        let filters = self.open_listings(reader);
        let mut found = Vec::with_capacity(ids.len());
        for (ord, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
            let (keys, rows) = (segment.inverted_index(self.fields.key)?, &snapshot.rows[ord as usize]);
            for id in ids {
                let Some(mut docs) = keys.read_postings(&self.key_term(id.0), IndexRecordOption::Basic)? else {
                    continue;
                };
                while docs.doc() != TERMINATED {
                    let doc = docs.doc();
                    if segment.alive_bitset().is_none_or(|a| a.is_alive(doc)) && filters.passes(rows, doc) {
                        found.push(self.record(&snapshot, DocAddress::new(ord, doc))?);
                    }
                    docs.advance();
                }
            }
        }
        Ok(found)
    }

    /// The card of a published listing that the reader may see.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn published_card(&self, id: ListingId, reader: &Reader) -> Result<Option<Card>, SearchError> {
        self.published(&[id], reader)?.first().map(StoredListing::card).transpose()
    }

    pub(crate) fn record(&self, snapshot: &Snapshot, at: DocAddress) -> Result<StoredListing, SearchError> {
        let doc: TantivyDocument = snapshot.searcher.doc(at)?;
        let id = RecordId::from_u128(snapshot.rows[at.segment_ord as usize].id(at.doc_id));
        let part = |field| stored(&doc, field).map(str::to_owned);
        Ok(StoredListing { id: ListingId(id), view: part(self.fields.view)?, card: part(self.fields.card)? })
    }
}

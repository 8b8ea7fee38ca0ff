//! The documents that have the rarest words of a need, the likeliest first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, SegmentReader, Term};

use crate::index::Snapshot;
use crate::plan::Filters;
use crate::query::SearchError;

/// Postings that are walked for a need: what they take bounds how long it waits, however many listings there are.
const POSTINGS: u64 = 80_000;
/// The rarest lists are walked in any case, to this many postings.
const RAREST: usize = 3;
const MOST_POSTINGS: u64 = 300_000;
/// Documents that are summed at once: their sums stay in the processor's cache.
const WINDOW: u32 = 1 << 16;
/// As in `Bm25`.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// Bytes of a text for each of its terms.
const BYTES_A_TERM: f32 = 2.5;

/// A term with what it weighs and in how many living documents it stands.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) term: String,
    pub(crate) weight: f32,
    pub(crate) frequency: u64,
}

/// Those whose lists are walked: the rarest, as far as the bounds reach. The order depends on the store alone.
pub(crate) fn affordable(mut wanted: Vec<Wanted>) -> Vec<Wanted> {
    wanted.retain(|w| w.frequency > 0);
    wanted.sort_by(|a, b| a.frequency.cmp(&b.frequency).then_with(|| a.term.cmp(&b.term)));
    wanted.dedup_by(|next, kept| {
        let same = next.term == kept.term;
        if same {
            kept.weight = kept.weight.max(next.weight);
        }
        same
    });
    let (mut walked, mut lists) = (0, 0);
    wanted.retain(|w| {
        let most = if lists < RAREST { MOST_POSTINGS } else { POSTINGS };
        let taken = lists == 0 || walked + w.frequency <= most;
        if taken {
            (walked, lists) = (walked + w.frequency, lists + 1);
        }
        taken
    });
    wanted
}

/// One list of one segment, and how far it was read.
struct List {
    postings: BlockSegmentPostings,
    at: usize,
    weight: f32,
    field: usize,
}

impl List {
    /// Adds to the sums of the documents from `from` to before `to`.
    fn add(&mut self, from: DocId, to: DocId, norms: &Norms, sums: &mut [f32], touched: &mut Vec<DocId>) {
        loop {
            let (docs, freqs) = (self.postings.docs(), self.postings.freqs());
            while let Some(&doc) = docs.get(self.at).filter(|doc| **doc < to) {
                let count = freqs[self.at] as f32;
                let sum = &mut sums[(doc - from) as usize];
                if *sum == 0.0 {
                    touched.push(doc);
                }
                *sum += self.weight * count / (count + norms.of(self.field, doc));
                self.at += 1;
            }
            if self.at < docs.len() || docs.is_empty() {
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// How much the length of each document is held against it.
struct Norms {
    readers: Vec<FieldNormReader>,
    by_id: Vec<f32>,
}

impl Norms {
    fn of_segment(segment: &SegmentReader, fields: &[Field], average: f32) -> tantivy::Result<Self> {
        let readers = fields.iter().map(|f| segment.get_fieldnorms_reader(*f)).collect::<Result<_, _>>()?;
        let length = |id: u8| FieldNormReader::id_to_fieldnorm(id) as f32 * BYTES_A_TERM / average;
        Ok(Self { readers, by_id: (0..=u8::MAX).map(|id| K1 * (1.0 - B + B * length(id))).collect() })
    }

    fn of(&self, field: usize, doc: DocId) -> f32 {
        self.by_id[self.readers[field].fieldnorm_id(doc) as usize]
    }
}

/// The best `room` documents that have any of the terms in any of the fields and pass the filters: by score, then
/// by id. A document's sum is that of its terms in the order given, whatever segment it stands in.
pub(crate) fn likeliest(
    snapshot: &Snapshot,
    wanted: &[Wanted],
    fields: &[Field],
    filters: &Filters,
    room: usize,
) -> Result<Vec<DocAddress>, SearchError> {
    // Scores are not negative, so their bits order as they do.
    let mut best: BinaryHeap<Reverse<(u32, Reverse<u128>, DocAddress)>> = BinaryHeap::new();
    let mut sums: Vec<f32> = vec![0.0; WINDOW as usize];
    let mut touched: Vec<DocId> = Vec::new();
    for (ord, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
        let mut lists = lists_of(segment, wanted, fields)?;
        if lists.is_empty() {
            continue;
        }
        let norms = Norms::of_segment(segment, fields, snapshot.average)?;
        let (rows, alive) = (&snapshot.rows[ord as usize], segment.alive_bitset());
        for from in (0..segment.max_doc()).step_by(WINDOW as usize) {
            lists.iter_mut().for_each(|list| list.add(from, from + WINDOW, &norms, &mut sums, &mut touched));
            for doc in touched.drain(..) {
                let score = std::mem::take(&mut sums[(doc - from) as usize]).to_bits();
                let full = best.len() == room;
                if full && best.peek().is_none_or(|worst| score < worst.0.0) {
                    continue;
                }
                if rows.is_of(filters.side, doc) && alive.is_none_or(|a| a.is_alive(doc)) && filters.passes(rows, doc) {
                    best.push(Reverse((score, Reverse(rows.id(doc)), DocAddress::new(ord, doc))));
                    if full {
                        best.pop();
                    }
                }
            }
        }
    }
    Ok(best.into_iter().map(|Reverse((_, _, at))| at).collect())
}

fn lists_of(segment: &SegmentReader, wanted: &[Wanted], fields: &[Field]) -> Result<Vec<List>, SearchError> {
    let mut lists = Vec::with_capacity(wanted.len() * fields.len());
    for (field, number) in fields.iter().zip(0..) {
        let index = segment.inverted_index(*field)?;
        for w in wanted {
            let term = Term::from_field_text(*field, &w.term);
            if let Some(postings) = index.read_block_postings(&term, IndexRecordOption::WithFreqs)? {
                lists.push(List { postings, at: 0, weight: w.weight, field: number });
            }
        }
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(term: &str, frequency: u64) -> Wanted {
        Wanted { term: term.to_owned(), weight: 1.0, frequency }
    }

    #[test]
    fn the_rarest_lists_are_walked_as_far_as_they_can_be_afforded() {
        let all = [("d", 900_000), ("a", 10), ("none", 0), ("c", 79_000), ("b", 50), ("a", 10), ("e", 2_000)];
        let taken = affordable(all.iter().map(|(t, f)| wanted(t, *f)).collect());
        assert_eq!(taken.iter().map(|w| w.term.as_str()).collect::<Vec<_>>(), ["a", "b", "e"]);
        let common = affordable(vec![wanted("x", 700_000), wanted("y", 800_000)]);
        assert_eq!(common.len(), 1, "the rarest list is walked however long it is");
    }
}

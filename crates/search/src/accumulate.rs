//! The best documents for many terms at once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::query::{EnableScoring, Weight};
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId};

use crate::index::Snapshot;
use crate::plan::Filters;
use crate::query::SearchError;
use crate::words::term_query;

/// The best documents that have any of the terms in any of the fields and pass the filters: by
/// score, then by id.
///
/// One term after another adds its share to a table of all documents. For dozens of rare terms
/// that is several times quicker than walking them side by side and skipping, and the sum of a
/// document does not depend on the segment it stands in.
///
/// # Errors
/// When the index cannot be read.
pub(crate) fn best_of(
    snapshot: &Snapshot,
    terms: &[(&str, f32)],
    fields: &[Field],
    filters: &Filters,
    limit: usize,
) -> Result<Vec<(f32, DocAddress)>, SearchError> {
    let scoring = EnableScoring::enabled_from_searcher(&snapshot.searcher);
    let mut weights: Vec<(Box<dyn Weight>, f32)> = Vec::with_capacity(terms.len() * fields.len());
    for (term, weight) in terms {
        for field in fields {
            weights.push((term_query(*field, term, 1.0).weight(scoring)?, *weight));
        }
    }
    // Scores are not negative, so their bits order as they do.
    let mut best: BinaryHeap<Reverse<(u32, Reverse<u128>, DocAddress)>> = BinaryHeap::new();
    let mut sums: Vec<f32> = Vec::new();
    let mut touched: Vec<DocId> = Vec::new();
    for (ord, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
        sums.resize(sums.len().max(segment.max_doc() as usize), 0.0);
        for (weight, factor) in &weights {
            weight.for_each(segment, &mut |doc, score| {
                let sum = &mut sums[doc as usize];
                if *sum == 0.0 {
                    touched.push(doc);
                }
                *sum += score * factor;
            })?;
        }
        let (rows, alive) = (&snapshot.rows[ord as usize], segment.alive_bitset());
        for doc in touched.drain(..) {
            let score = std::mem::take(&mut sums[doc as usize]).max(0.0).to_bits();
            let full = best.len() == limit;
            if full && best.peek().is_none_or(|worst| score < worst.0.0) {
                continue;
            }
            if alive.is_none_or(|a| a.is_alive(doc)) && filters.passes(rows, doc) {
                best.push(Reverse((score, Reverse(rows.id(doc)), DocAddress::new(ord, doc))));
                if full {
                    best.pop();
                }
            }
        }
    }
    let mut best: Vec<_> = best.into_iter().map(|Reverse(hit)| hit).collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    Ok(best.into_iter().map(|(bits, _, at)| (f32::from_bits(bits), at)).collect())
}

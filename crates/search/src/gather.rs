//! Who might answer a need: hundreds are gathered cheaply, by rare words and by meaning, and the channels of
//! retrieval tell which of them are judged.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::PoisonError;

use keqiao_matching::Need;
use keqiao_matching::retrieval::{Fusion, Seen};
use tantivy::DocAddress;

use crate::frequencies::Frequencies;
use crate::index::{SearchIndex, Snapshot};
use crate::lists::{Wanted, affordable, likeliest};
use crate::passages::parts;
use crate::plan::Filters;
use crate::query::{Candidate, CandidateQuery, Reader, SearchError};
use crate::rows::side_number;
use crate::words::{Form, read, terms_of};

/// Listings that words find, and those that meaning finds.
const BY_WORDS: usize = 112;
const BY_MEANING: usize = 32;
/// Words of a need by which listings are looked for.
const WORDS: usize = 24;
/// What another name of a word counts.
const OTHER_NAME: f32 = 0.7;
/// Listings that pseudo-relevance feedback trusts.
const TRUSTED: usize = 10;

/// A listing that was gathered.
struct Gathered {
    at: DocAddress,
    id: u128,
    seen: Seen,
    score: f64,
    vector: Vec<f32>,
}

impl SearchIndex {
    /// The published listings that answer a need best, as far as the channels can tell and the reader may read
    /// them. The need has been weighed by this index.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn candidates(
        &self,
        need: &mut Need,
        q: &CandidateQuery,
        channels: &Fusion,
        reader: &Reader,
    ) -> Result<Vec<Candidate>, SearchError> {
        let snapshot = self.snapshot();
        let filters = self.candidate_filters(q, reader);
        let mut found: BTreeSet<DocAddress> = BTreeSet::new();
        let wanted = affordable(self.wanted(need, &snapshot)?);
        found.extend(likeliest(&snapshot, &wanted, &self.text_fields(reader.member), &filters, BY_WORDS)?);
        found.extend(near_in_meaning(need, &snapshot, &filters));
        let mut gathered = self.look(need, channels, &snapshot, found)?;
        sort(&mut gathered);
        let trusted = gathered.iter().take(TRUSTED).filter(|g| !g.vector.is_empty());
        need.feed(trusted.map(|g| (g.vector.as_slice(), g.score as f32)));
        for one in gathered.iter_mut().filter(|g| !g.vector.is_empty()) {
            need.compare(&mut one.seen, &one.vector);
            one.score = need.fused(channels, &one.seen);
        }
        sort(&mut gathered);
        gathered.truncate(q.limit);
        let kept = gathered
            .into_iter()
            .map(|g| Ok(self.record(&snapshot, g.at)?.candidate(g.score as f32, reader)?.seen_as(g.seen)));
        kept.collect()
    }

    fn candidate_filters(&self, q: &CandidateQuery, reader: &Reader) -> Filters {
        let kinds = {
            let codes = self.codes.read().unwrap_or_else(PoisonError::into_inner);
            (!q.kinds.is_empty()).then(|| codes.kind.below(&q.kinds))
        };
        Filters {
            side: Some(side_number(q.side)),
            kinds,
            not_id: q.exclude.map(|id| id.0.as_u128()),
            not_party: q.exclude_party.map(|id| id.0.as_u128()),
            ..self.open_listings(reader)
        }
    }

    /// The terms of the index by which a need is looked for: of the weightiest of its words that some record
    /// has, and of their other names. A need without words has those of its figures.
    fn wanted(&self, need: &Need, snapshot: &Snapshot) -> Result<Vec<Wanted>, SearchError> {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut want = |form: &Form, weight: f32| -> Result<bool, SearchError> {
            let before = wanted.len();
            for term in found_by(form, &snapshot.frequencies)? {
                let frequency = snapshot.frequencies.of(term)?;
                wanted.push(Wanted { term: term.to_owned(), weight, frequency });
            }
            Ok(wanted[before..].iter().any(|w| w.frequency > 0))
        };
        let mut words = 0;
        for (term, weight) in need.terms() {
            let weight = weight as f32;
            let names = term.variants.iter().map(|v| (v, weight * OTHER_NAME));
            let mut there = false;
            for (name, weight) in std::iter::once((&term.text, weight)).chain(names) {
                if let Some(form) = Form::of(name, 1.0) {
                    there |= want(&form, weight)?;
                }
            }
            words += usize::from(there);
            if words == WORDS {
                break;
            }
        }
        if need.terms().next().is_none() {
            for (term, weight) in terms_of(&read(&need.text, &self.text, &self.synonyms)) {
                wanted.push(Wanted { term: term.to_owned(), weight, frequency: snapshot.frequencies.of(term)? });
            }
        }
        Ok(wanted)
    }

    fn look(
        &self,
        need: &Need,
        channels: &Fusion,
        snapshot: &Snapshot,
        found: BTreeSet<DocAddress>,
    ) -> Result<Vec<Gathered>, SearchError> {
        let mut buffer = Vec::new();
        let mut gathered = Vec::with_capacity(found.len());
        for at in found {
            let rows = &snapshot.rows[at.segment_ord as usize];
            let mut seen = need.look(&parts(self.passages.read(rows.place(at.doc_id), &mut buffer)?));
            let placed = snapshot.placed.get(at.segment_ord as usize);
            let vector = placed.and_then(|p| p.slot(at.doc_id)).zip(snapshot.meanings.as_ref());
            let vector = vector.map(|(slot, meanings)| meanings.vector(slot)).unwrap_or_default();
            if !vector.is_empty() {
                need.compare(&mut seen, &vector);
            }
            let score = need.fused(channels, &seen);
            gathered.push(Gathered { at, id: rows.id(at.doc_id), seen, score, vector });
        }
        Ok(gathered)
    }
}

/// The terms by which listings with this form are found: the longest that some have, else the rarest.
fn found_by<'a>(form: &'a Form, frequencies: &Frequencies) -> tantivy::Result<Vec<&'a str>> {
    let mut found: Vec<&'a str> = Vec::new();
    for term in form.instead.iter().chain(&form.whole) {
        if frequencies.of(term)? > 0 {
            found.push(term);
        }
    }
    if !form.whole.is_empty() && !found.is_empty() {
        return Ok(found);
    }
    let mut rarest: Option<(u64, &'a str)> = None;
    // One character alone would draw in nearly everything.
    for term in form.all.iter().filter(|t| t.chars().nth(1).is_some()) {
        let frequency = frequencies.of(term)?;
        if rarest.is_none_or(|(fewest, _)| frequency < fewest) {
            rarest = Some((frequency, term));
        }
    }
    found.extend(rarest.map(|(_, term)| term));
    Ok(found)
}

/// The better first, of equal ones the smaller id.
fn sort(gathered: &mut [Gathered]) {
    gathered.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
}

/// The listings that lie nearest to what a need means and pass the filters.
fn near_in_meaning(need: &Need, snapshot: &Snapshot, filters: &Filters) -> Vec<DocAddress> {
    let (Some(meant), Some(meanings)) = (need.meant(), &snapshot.meanings) else { return Vec::new() };
    // Of positive numbers the bits order as they do.
    let mut best: BinaryHeap<Reverse<(u32, Reverse<u128>, DocAddress)>> = BinaryHeap::new();
    for (ord, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
        let (rows, alive) = (&snapshot.rows[ord as usize], segment.alive_bitset());
        meanings.near(meant, filters.side.unwrap_or_default(), &snapshot.placed[ord as usize], |doc, near| {
            let (bits, full) = (near.max(0.0).to_bits(), best.len() == BY_MEANING);
            if bits == 0 || (full && best.peek().is_none_or(|worst| bits < worst.0.0)) {
                return;
            }
            if alive.is_none_or(|a| a.is_alive(doc)) && filters.passes(rows, doc) {
                best.push(Reverse((bits, Reverse(rows.id(doc)), DocAddress::new(ord, doc))));
                if full {
                    best.pop();
                }
            }
        });
    }
    best.into_iter().map(|Reverse((_, _, at))| at).collect()
}

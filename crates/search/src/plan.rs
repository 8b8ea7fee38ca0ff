//! The filters of one query as look-up tables, and the count of what passes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use keqiao_domain::{ListingState, Side};
use tantivy::{DocAddress, DocId};

use crate::codes::{Codes, Dimension, NONE, chain_code};
use crate::query::{Facets, Query, Reader, SearchError, Sort};
use crate::rows::{Row, SegmentRows, side_number, state_number, what_number};

const SIDE: u16 = 1;
const KIND: u16 = 1 << 1;
const REGION: u16 = 1 << 2;
const INDUSTRY: u16 = 1 << 3;
const CHAIN: u16 = 1 << 4;
const MATURITY: u16 = 1 << 5;
const STATE: u16 = 1 << 6;
const VERIFIED: u16 = 1 << 7;
const PRICE: u16 = 1 << 8;
const PARTY: u16 = 1 << 9;

/// Where a hit stands in the order: score in thousandths, then time, then id;
/// the greatest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) score: u32,
    pub(crate) time: i64,
    pub(crate) id: u128,
}

/// Filters with their tables. A missing table lets everything through.
#[derive(Default)]
pub(crate) struct Filters {
    pub(crate) what: u8,
    pub(crate) audiences: Option<Vec<u32>>,
    pub(crate) side: Option<u8>,
    pub(crate) kinds: Option<Vec<bool>>,
    pub(crate) region: Option<Vec<bool>>,
    pub(crate) industry: Option<Vec<bool>>,
    pub(crate) chain: Option<Vec<bool>>,
    pub(crate) maturity: Option<(u8, u8)>,
    pub(crate) states: Option<Vec<u8>>,
    pub(crate) verified: Option<bool>,
    pub(crate) price_max: Option<f64>,
    pub(crate) party: Option<u128>,
    pub(crate) not_id: Option<u128>,
    pub(crate) not_party: Option<u128>,
}

impl Filters {
    /// The filters of a query.
    pub(crate) fn of(q: &Query, reader: &Reader, codes: &Codes) -> Result<Self, SearchError> {
        if q.kinds.len() > Query::MAX_FILTER_VALUES || q.states.len() > Query::MAX_FILTER_VALUES {
            return Err(SearchError::TooManyFilters);
        }
        let tree = |d: &Dimension, code: &Option<String>| code.as_ref().map(|c| d.below(std::slice::from_ref(c)));
        Ok(Self {
            what: what_number(q.what),
            audiences: audiences(reader, codes),
            side: q.side.map(side_number),
            kinds: (!q.kinds.is_empty()).then(|| codes.kind.below(&q.kinds)),
            region: tree(&codes.region, &q.region),
            industry: tree(&codes.industry, &q.industry),
            chain: tree(&codes.chain, &q.chain.as_deref().map(chain_code)),
            maturity: q.maturity,
            states: (!q.states.is_empty()).then(|| q.states.iter().map(|s| state_number(*s)).collect()),
            verified: q.verified,
            price_max: q.price_max,
            party: q.party.map(|p| p.0.as_u128()),
            not_id: None,
            not_party: None,
        })
    }

    /// Whether the record is one that may be seen and is asked about at all.
    fn admits(&self, segment: &SegmentRows, doc: DocId, row: &Row) -> bool {
        row.what == self.what
            && self.audiences.as_ref().is_none_or(|a| a.contains(&row.audience))
            && self.not_id.is_none_or(|id| segment.id(doc) != id)
            && self.not_party.is_none_or(|p| segment.party(doc) != p)
    }

    /// The filters that a row fails, as bits; `None`: not admitted.
    fn failed(&self, segment: &SegmentRows, doc: DocId) -> Option<u16> {
        let row = &segment.rows[doc as usize];
        if !self.admits(segment, doc, row) {
            return None;
        }
        let inside =
            |table: &Option<Vec<bool>>, code: u32| table.as_ref().is_none_or(|t| code != NONE && t[code as usize]);
        let bit = |passed: bool, bit: u16| if passed { 0 } else { bit };
        let chained = self.chain.as_ref().is_none_or(|t| segment.chain(doc).iter().any(|&node| t[node as usize]));
        Some(
            bit(self.side.is_none_or(|s| s == row.side), SIDE)
                | bit(inside(&self.kinds, row.kind), KIND)
                | bit(inside(&self.region, row.region), REGION)
                | bit(inside(&self.industry, row.industry), INDUSTRY)
                | bit(chained, CHAIN)
                | bit(self.maturity.is_none_or(|(a, b)| (a..=b).contains(&row.maturity)), MATURITY)
                | bit(self.states.as_ref().is_none_or(|s| s.contains(&row.state)), STATE)
                | bit(self.verified.is_none_or(|v| v == row.verified), VERIFIED)
                | bit(self.price_max.is_none_or(|max| row.price <= max), PRICE)
                | bit(self.party.is_none_or(|p| segment.party(doc) == p), PARTY),
        )
    }

    /// Whether a document passes all filters.
    pub(crate) fn passes(&self, segment: &SegmentRows, doc: DocId) -> bool {
        self.failed(segment, doc) == Some(0)
    }
}

/// The numbers of a reader's audiences that occur in the index.
pub(crate) fn audiences(reader: &Reader, codes: &Codes) -> Option<Vec<u32>> {
    let tokens = reader.tokens.as_ref()?;
    Some(tokens.iter().filter_map(|t| codes.audience.find(t)).collect())
}

/// Counts per code number.
struct Counter {
    bit: u16,
    /// Code number → number that is counted for it; `None`: itself.
    buckets: Option<Vec<u32>>,
    counts: Vec<u64>,
}

impl Counter {
    fn new(bit: u16, size: usize) -> Self {
        Self { bit, buckets: None, counts: vec![0; size] }
    }
    fn tree(bit: u16, buckets: Vec<u32>) -> Self {
        Self { bit, counts: vec![0; buckets.len()], buckets: Some(buckets) }
    }
    fn bucket(&self, number: u32) -> u32 {
        match &self.buckets {
            Some(b) if number != NONE => b[number as usize],
            _ => number,
        }
    }
    /// Counts a value of a record that fails no filter but perhaps this one.
    fn count(&mut self, failed: u16, number: u32) {
        if failed & !self.bit == 0 {
            let bucket = self.bucket(number);
            if let Some(count) = self.counts.get_mut(bucket as usize) {
                *count += 1;
            }
        }
    }
    fn values(self, code: impl Fn(u32) -> String) -> Vec<(String, u64)> {
        let mut out: Vec<(String, u64)> =
            (0..).zip(self.counts).filter(|(_, n)| *n > 0).map(|(number, n)| (code(number), n)).collect();
        out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        out
    }
}

/// The counters of all facets.
struct Counters {
    side: Counter,
    kind: Counter,
    region: Counter,
    industry: Counter,
    chain: Counter,
    maturity: Counter,
    verified: Counter,
    state: Counter,
    /// Chain facet values of one record, kept to count each once.
    seen: Vec<u32>,
}

impl Counters {
    fn new(q: &Query, codes: &Codes) -> Self {
        let chain = q.chain.as_deref().map(chain_code);
        Self {
            side: Counter::new(SIDE, 2),
            kind: Counter::tree(KIND, codes.kind.buckets(None)),
            region: Counter::tree(REGION, codes.region.buckets(q.region.as_deref())),
            industry: Counter::tree(INDUSTRY, codes.industry.buckets(q.industry.as_deref())),
            chain: Counter::tree(CHAIN, codes.chain.buckets(chain.as_deref())),
            maturity: Counter::new(MATURITY, 10),
            verified: Counter::new(VERIFIED, 2),
            state: Counter::new(STATE, ListingState::ALL.len()),
            seen: Vec::new(),
        }
    }

    fn count(&mut self, failed: u16, segment: &SegmentRows, doc: DocId) {
        let row = &segment.rows[doc as usize];
        self.side.count(failed, row.side.into());
        self.kind.count(failed, row.kind);
        self.region.count(failed, row.region);
        self.industry.count(failed, row.industry);
        self.maturity.count(failed, row.maturity.into());
        self.verified.count(failed, row.verified.into());
        self.state.count(failed, row.state.into());
        self.seen.clear();
        for &node in segment.chain(doc) {
            let bucket = self.chain.bucket(node);
            if !self.seen.contains(&bucket) {
                self.seen.push(bucket);
                self.chain.count(failed, node);
            }
        }
    }

    fn facets(mut self, codes: &Codes) -> Facets {
        self.maturity.counts[0] = 0;
        let side = |n| if n == 0 { Side::Need } else { Side::Offer }.as_str().to_owned();
        Facets {
            side: self.side.values(side),
            kind: self.kind.values(|n| codes.kind.code(n).to_owned()),
            region: self.region.values(|n| codes.region.code(n).to_owned()),
            industry: self.industry.values(|n| codes.industry.code(n).to_owned()),
            chain: self.chain.values(|n| codes.chain.code(n).to_owned()),
            maturity: self.maturity.values(|n| n.to_string()),
            verified: self.verified.values(|n| (n == 1).to_string()),
            state: self.state.values(|n| ListingState::ALL[n as usize].as_str().to_owned()),
        }
    }
}

/// Takes in what the engine found and keeps the best, the counts and the total.
pub(crate) struct Tally {
    filters: Filters,
    counters: Option<Counters>,
    after: Option<Place>,
    room: usize,
    best: BinaryHeap<Reverse<(Place, DocAddress)>>,
    /// Records that pass, on all pages.
    pub(crate) total: u64,
}

impl Tally {
    /// Keeps one more than the page holds, to know whether there is a next.
    pub(crate) fn new(q: &Query, filters: Filters, codes: &Codes, after: Option<Place>) -> Self {
        let room = q.limit.min(Query::MAX_LIMIT) + 1;
        let counters = q.facets.then(|| Counters::new(q, codes));
        Self { filters, counters, after, room, best: BinaryHeap::with_capacity(room + 1), total: 0 }
    }

    /// Takes in one document.
    pub(crate) fn take(&mut self, segment: &SegmentRows, at: DocAddress, score: f32) {
        let Some(failed) = self.filters.failed(segment, at.doc_id) else {
            return;
        };
        if let Some(counters) = &mut self.counters
            && failed.count_ones() < 2
        {
            counters.count(failed, segment, at.doc_id);
        }
        if failed != 0 {
            return;
        }
        self.total += 1;
        let score = (score.max(0.0) * 1000.0) as u32;
        let worst = self.best.peek().filter(|_| self.best.len() == self.room);
        let worst = worst.map(|Reverse((place, _))| *place);
        if worst.is_some_and(|w| score < w.score) {
            return;
        }
        let place = Place { score, time: segment.time(at.doc_id), id: segment.id(at.doc_id) };
        if worst.is_some_and(|w| place < w) || self.after.is_some_and(|after| place >= after) {
            return;
        }
        self.best.push(Reverse((place, at)));
        if worst.is_some() {
            self.best.pop();
        }
    }

    /// The best in their order, whether more follow, and the facets.
    pub(crate) fn finish(self, codes: &Codes) -> (Vec<(Place, DocAddress)>, bool, Facets) {
        let mut best: Vec<_> = self.best.into_iter().map(|Reverse(hit)| hit).collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let more = best.len() == self.room;
        best.truncate(self.room - 1);
        let facets = self.counters.map(|c| c.facets(codes)).unwrap_or_default();
        (best, more, facets)
    }
}

/// Writes a place as a cursor of an order.
pub(crate) fn cursor(sort: Sort, place: Place) -> String {
    let letter = if sort == Sort::Newest { 'n' } else { 'r' };
    format!("{letter}{:08x}{:016x}{:032x}", place.score, place.time, place.id)
}

/// Reads a cursor.
pub(crate) fn read_cursor(sort: Sort, text: &str) -> Result<Place, SearchError> {
    let letter = if sort == Sort::Newest { 'n' } else { 'r' };
    let digits = text.strip_prefix(letter).filter(|d| d.len() == 56 && d.is_ascii());
    let digits = digits.ok_or(SearchError::BadCursor)?;
    let bad = |_| SearchError::BadCursor;
    Ok(Place {
        score: u32::from_str_radix(&digits[..8], 16).map_err(bad)?,
        time: u64::from_str_radix(&digits[8..24], 16).map_err(bad)? as i64,
        id: u128::from_str_radix(&digits[24..], 16).map_err(bad)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_a_strange_one_is_refused() {
        let place = Place { score: 12_345, time: -7, id: u128::MAX - 3 };
        let text = cursor(Sort::Newest, place);
        assert_eq!(read_cursor(Sort::Newest, &text).unwrap(), place);
        for strange in ["", "n", "nxyz", &text.replace('n', "r"), &format!("{text}0")] {
            assert!(matches!(read_cursor(Sort::Newest, strange), Err(SearchError::BadCursor)));
        }
    }
}

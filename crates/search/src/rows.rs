//! One small row per document, read from the fast fields when a segment opens:
//! by these is filtered, counted, sorted and paged.

use std::sync::Arc;

use keqiao_domain::{ListingState, Side};
use tantivy::columnar::Column;
use tantivy::fastfield::FastFieldReaders;
use tantivy::{DocId, SegmentReader, TantivyDocument, TantivyError};

use crate::codes::{Codes, Dimension, NONE};
use crate::document::{Card, Prepared};
use crate::passages::Place;
use crate::query::What;
use crate::schema::Fields;

/// What filters and facets look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) what: u8,
    /// 0 need, 1 offer, 2 neither.
    pub(crate) side: u8,
    /// Place in [`ListingState::ALL`]; its length: a party.
    pub(crate) state: u8,
    pub(crate) verified: bool,
    /// 1–9; 0: none.
    pub(crate) maturity: u8,
    pub(crate) kind: u32,
    pub(crate) region: u32,
    pub(crate) industry: u32,
    pub(crate) audience: u32,
    /// Where its chain nodes begin.
    chain_start: u32,
    /// Lowest price in yuan; not a number: none.
    pub(crate) price: f64,
}

/// The rows of one segment.
#[derive(Debug)]
pub(crate) struct SegmentRows {
    pub(crate) rows: Vec<Row>,
    chains: Vec<u32>,
    ids: Vec<u128>,
    times: Vec<i64>,
    parties: Vec<u128>,
    /// Of each document its side: the first that is asked, of many documents.
    sides: Vec<u8>,
    places: Vec<u64>,
    digests: Vec<u64>,
}

impl SegmentRows {
    /// The nodes of chains of a document.
    pub(crate) fn chain(&self, doc: DocId) -> &[u32] {
        let start = self.rows[doc as usize].chain_start as usize;
        let end = self.rows.get(doc as usize + 1).map_or(self.chains.len(), |r| r.chain_start as usize);
        &self.chains[start..end]
    }
    pub(crate) fn id(&self, doc: DocId) -> u128 {
        self.ids[doc as usize]
    }
    pub(crate) fn time(&self, doc: DocId) -> i64 {
        self.times[doc as usize]
    }
    pub(crate) fn party(&self, doc: DocId) -> u128 {
        self.parties[doc as usize]
    }

    /// Whether a document is of a side.
    pub(crate) fn is_of(&self, side: Option<u8>, doc: DocId) -> bool {
        side.is_none_or(|side| self.sides[doc as usize] == side)
    }
    /// Where its passage stands.
    pub(crate) fn place(&self, doc: DocId) -> Place {
        Place(self.places[doc as usize])
    }
    /// The digest of its passage.
    pub(crate) fn digest(&self, doc: DocId) -> u64 {
        self.digests[doc as usize]
    }
    /// The byte of the file of passages after the last that it needs.
    pub(crate) fn passages_end(&self) -> u64 {
        self.places.iter().map(|place| Place(*place).end()).max().unwrap_or_default()
    }

    /// Reads the rows of a segment; codes not met before get numbers.
    pub(crate) fn load(segment: &SegmentReader, codes: &mut Codes) -> tantivy::Result<Arc<Self>> {
        let fast = segment.fast_fields();
        let docs = segment.max_doc();
        let kind = single(fast, "kind", docs, &mut codes.kind)?;
        let region = single(fast, "region", docs, &mut codes.region)?;
        let industry = single(fast, "industry", docs, &mut codes.industry)?;
        let audience = single(fast, "audience", docs, &mut codes.audience)?;
        let chain = multiple(fast, "chain", docs, &mut codes.chain)?;
        let flags = fast.u64("flags")?;
        let price = fast.f64("price")?;
        let time = fast.i64("time")?;
        let (place, digest) = (fast.u64("passage")?, fast.u64("digest")?);
        let mut out = Self {
            rows: Vec::with_capacity(docs as usize),
            chains: Vec::new(),
            ids: wide(fast, "id", docs)?,
            times: (0..docs).map(|d| time.first(d).unwrap_or_default()).collect(),
            parties: wide(fast, "party", docs)?,
            sides: Vec::with_capacity(docs as usize),
            places: (0..docs).map(|d| place.first(d).unwrap_or(Place::NONE.0)).collect(),
            digests: (0..docs).map(|d| digest.first(d).unwrap_or_default()).collect(),
        };
        for doc in 0..docs {
            let at = doc as usize;
            let flags = flags.first(doc).unwrap_or_default();
            let byte = |i: u32| (flags >> (8 * i)) as u8;
            out.sides.push(byte(1));
            out.rows.push(Row {
                what: byte(0),
                side: byte(1),
                state: byte(2),
                verified: byte(3) != 0,
                maturity: byte(4).min(9),
                kind: kind[at],
                region: region[at],
                industry: industry[at],
                audience: audience[at],
                chain_start: out.chains.len() as u32,
                price: price.first(doc).unwrap_or(f64::NAN),
            });
            out.chains.extend(&chain[at]);
        }
        Ok(Arc::new(out))
    }
}

/// The fast fields of a record, as [`SegmentRows::load`] reads them.
pub(crate) fn write(doc: &mut TantivyDocument, fields: &Fields, record: &Prepared, passage: Option<(Place, u64)>) {
    let card = &record.card;
    let (high, low) = card.id.as_u64_pair();
    doc.add_u64(fields.id_high, high);
    doc.add_u64(fields.id_low, low);
    let (high, low) = card.party.0.as_u64_pair();
    doc.add_u64(fields.party_high, high);
    doc.add_u64(fields.party_low, low);
    doc.add_i64(fields.time, record.time);
    doc.add_i64(fields.version, card.version);
    if let Some(price) = record.price {
        doc.add_f64(fields.price, price);
    }
    if let Some((place, digest)) = passage {
        doc.add_u64(fields.passage, place.0);
        doc.add_u64(fields.digest, digest);
    }
    doc.add_u64(fields.flags, flags(card));
    doc.add_text(fields.kind, &card.kind);
    doc.add_text(fields.audience, record.audience.to_string());
    if let Some(region) = &card.region {
        doc.add_text(fields.region, region);
    }
    if let Some(industry) = &card.industry {
        doc.add_text(fields.industry, industry);
    }
    for node in &record.chain {
        doc.add_text(fields.chain, crate::codes::chain_code(node));
    }
}

fn flags(card: &Card) -> u64 {
    let bytes = [
        what_number(card.what),
        card.side.map_or(2, side_number),
        card.state.map_or(ListingState::ALL.len() as u8, state_number),
        u8::from(card.verified),
        card.maturity.unwrap_or(0),
        0,
        0,
        0,
    ];
    u64::from_le_bytes(bytes)
}

/// The number of listings or parties in [`Row::what`].
pub(crate) fn what_number(what: What) -> u8 {
    match what {
        What::Listings => 0,
        What::Parties => 1,
    }
}

/// The number of a side in [`Row::side`].
pub(crate) fn side_number(side: Side) -> u8 {
    match side {
        Side::Need => 0,
        Side::Offer => 1,
    }
}

/// The number of a state in [`Row::state`].
pub(crate) fn state_number(state: ListingState) -> u8 {
    ListingState::ALL.iter().position(|s| *s == state).unwrap_or_default() as u8
}

/// Ids and versions of the living documents of a segment.
pub(crate) fn versions(segment: &SegmentReader) -> tantivy::Result<Vec<(u128, i64)>> {
    let fast = segment.fast_fields();
    let ids = wide(fast, "id", segment.max_doc())?;
    let version: Column<i64> = fast.i64("version")?;
    Ok(segment.doc_ids_alive().map(|doc| (ids[doc as usize], version.first(doc).unwrap_or_default())).collect())
}

/// A number of 128 bits kept in two fields.
fn wide(fast: &FastFieldReaders, name: &str, docs: u32) -> tantivy::Result<Vec<u128>> {
    let high = fast.u64(&format!("{name}_high"))?;
    let low = fast.u64(&format!("{name}_low"))?;
    let part = |column: &Column<u64>, doc| u128::from(column.first(doc).unwrap_or_default());
    Ok((0..docs).map(|doc| part(&high, doc) << 64 | part(&low, doc)).collect())
}

/// The number of each document's one code.
fn single(fast: &FastFieldReaders, name: &str, docs: u32, dimension: &mut Dimension) -> tantivy::Result<Vec<u32>> {
    let all = multiple(fast, name, docs, dimension)?;
    Ok(all.into_iter().map(|codes| codes.first().copied().unwrap_or(NONE)).collect())
}

/// The numbers of each document's codes.
fn multiple(
    fast: &FastFieldReaders,
    name: &str,
    docs: u32,
    dimension: &mut Dimension,
) -> tantivy::Result<Vec<Vec<u32>>> {
    let Some(column) = fast.str(name)? else {
        return Ok(vec![Vec::new(); docs as usize]);
    };
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut code = String::new();
    for ord in 0..column.num_terms() as u64 {
        if !column.ord_to_str(ord, &mut code)? {
            return Err(TantivyError::InternalError(format!("{name}: no term {ord}")));
        }
        numbers.push(dimension.number(&code));
    }
    Ok((0..docs).map(|doc| column.term_ords(doc).map(|ord| numbers[ord as usize]).collect()).collect())
}

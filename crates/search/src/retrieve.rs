//! Queries → hits.

use std::ops::Bound;
use std::sync::PoisonError;

use keqiao_domain::ListingState;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Occur, RangeQuery};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, TantivyDocument, Term};

use crate::codes::Codes;
use crate::document::Card;
use crate::index::{SearchIndex, Snapshot};
use crate::marks::Marker;
use crate::plan::{Filters, Place, Tally, cursor, read_cursor};
use crate::query::{Hit, Page, Query, Reader, SearchError, Sort, What};
use crate::rows::{state_number, what_number};
use crate::share::ShareQuery;
use crate::words::{MAX_WORDS, Word, any, read, union_of_terms};

type DynQuery = Box<dyn tantivy::query::Query>;

/// What a word in the title adds, a word in the text counting 1.
const TITLE_BOOST: f32 = 1.6;
/// What a name found by its pinyin counts.
const PINYIN_SCORE: f32 = 1.5;
/// Queries of more words are taken as pasted texts: no word must be there.
const MAX_DEMANDED: usize = 12;
/// A word that more than one record in so many has tells little in a long text.
const COMMON_SHARE: u64 = 20;
/// Words of a long text that are kept even when they are common.
const MIN_TELLING: usize = 6;
/// With so few hits another spelling is looked for.
const FEW_HITS: u64 = 2;

/// The part of a view that snippets are cut from.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ViewText {
    text: String,
    member_text: String,
}

impl SearchIndex {
    /// Finds the records that meet the text and the filters and that the reader may see.
    ///
    /// A record meets a text of up to four words when it has them all, or other
    /// names of them; of longer texts a share is enough, and of a pasted text one word.
    ///
    /// # Errors
    /// [`SearchError::BadCursor`], [`SearchError::TooManyFilters`], or when the index cannot be read.
    pub fn search(&self, q: &Query, reader: &Reader) -> Result<Page, SearchError> {
        let after = q.after.as_deref().map(|a| read_cursor(q.sort, a)).transpose()?;
        let snapshot = self.snapshot();
        let codes = self.codes.read().unwrap_or_else(PoisonError::into_inner);
        let filters = Filters::of(q, reader, &codes)?;
        let words = read(&q.text, &self.text, &self.synonyms);
        let blank = q.text.trim().is_empty();
        if words.is_empty() && !blank {
            return Ok(Page::default());
        }
        let mut tally = Tally::new(q, filters, &codes, after);
        if blank {
            browse(&snapshot, &mut tally);
        } else {
            let query = self.words_query(&words, reader.member, &snapshot)?;
            collect(&snapshot, query.as_ref(), q.sort == Sort::Relevance, &mut tally)?;
        }
        let total = tally.total;
        let (best, more, facets) = tally.finish(&codes);
        let next = best.last().filter(|_| more).map(|(place, _)| cursor(q.sort, *place));
        let marker = Marker::of(&words);
        let scored = !blank && q.sort == Sort::Relevance;
        let hits = best
            .into_iter()
            .map(|(place, at)| self.hit(&snapshot, at, place, &marker, reader.member, scored))
            .collect::<Result<_, _>>()?;
        let unsure = !blank && total <= FEW_HITS && after.is_none();
        let did_you_mean = match unsure {
            true => self.better_spelling(&snapshot, &codes, &q.text, q.what, reader)?,
            false => None,
        };
        Ok(Page { hits, total, facets, next, did_you_mean })
    }

    /// Lets the published listings through that a reader may see.
    pub(crate) fn open_listings(&self, reader: &Reader) -> Filters {
        let codes = self.codes.read().unwrap_or_else(PoisonError::into_inner);
        Filters {
            what: what_number(What::Listings),
            audiences: crate::plan::audiences(reader, &codes),
            states: Some(vec![state_number(ListingState::Published)]),
            ..Filters::default()
        }
    }

    /// The cards of parties whose name begins with or has the words of a prefix,
    /// in characters or in pinyin.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn suggest_names(&self, prefix: &str, limit: usize, reader: &Reader) -> Result<Vec<Card>, SearchError> {
        let snapshot = self.snapshot();
        let words = read(prefix, &self.text, &self.synonyms);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let parts = words
            .iter()
            .map(|w| Ok((Occur::Must, self.word_or_name(w, &[self.fields.title])?)))
            .collect::<Result<_, SearchError>>()?;
        let q = Query { what: What::Parties, limit, ..Query::default() };
        let codes = self.codes.read().unwrap_or_else(PoisonError::into_inner);
        let mut tally = Tally::new(&q, Filters::of(&q, reader, &codes)?, &codes, None);
        collect(&snapshot, &BooleanQuery::new(parts), true, &mut tally)?;
        let (best, _, _) = tally.finish(&codes);
        best.into_iter()
            .map(|(_, at)| {
                let doc: TantivyDocument = snapshot.searcher.doc(at)?;
                record(&doc, self.fields.card)
            })
            .collect()
    }

    pub(crate) fn text_fields(&self, member: bool) -> Vec<Field> {
        let mut fields = vec![self.fields.text];
        fields.extend(member.then_some(self.fields.member));
        fields
    }

    fn weighted_fields(&self, member: bool) -> Vec<(Field, f32)> {
        let mut fields: Vec<(Field, f32)> = self.text_fields(member).into_iter().map(|f| (f, 1.0)).collect();
        fields.push((self.fields.title, TITLE_BOOST));
        fields
    }

    /// The words that tell most: at most `most`, and without those that too
    /// many records have, as long as [`MIN_TELLING`] others are there.
    fn rarest(&self, words: Vec<Word>, snapshot: &Snapshot, most: usize) -> Result<Vec<Word>, SearchError> {
        let docs = snapshot.searcher.num_docs();
        let unknown = crate::words::idf(docs, 0);
        let common = crate::words::idf(docs, docs / COMMON_SHARE);
        let mut rated = Vec::with_capacity(words.len());
        for word in words {
            let idf = word.idf(&snapshot.frequencies)?;
            // A word that no record has finds nothing.
            rated.push((if idf >= unknown { 0.0 } else { idf }, word));
        }
        rated.sort_by(|a, b| b.0.total_cmp(&a.0));
        let telling = rated.iter().take_while(|(idf, _)| *idf > common).count();
        rated.truncate(telling.clamp(MIN_TELLING, most));
        Ok(rated.into_iter().map(|(_, word)| word).collect())
    }

    fn words_query(&self, words: &[Word], member: bool, snapshot: &Snapshot) -> Result<DynQuery, SearchError> {
        let weighted = self.weighted_fields(member);
        if words.len() > MAX_DEMANDED {
            let words = self.rarest(words.to_vec(), snapshot, MAX_WORDS)?;
            return Ok(union_of_terms(&words, &weighted));
        }
        let fields = self.text_fields(member);
        let each = words.iter().map(|w| self.word_or_name(w, &fields)).collect::<Result<Vec<_>, _>>()?;
        let demanded = demanded(words.len());
        let mut parts: Vec<(Occur, DynQuery)> = if demanded == words.len() {
            each.into_iter().map(|query| (Occur::Must, query)).collect()
        } else {
            vec![(Occur::Must, Box::new(ShareQuery::new(each, demanded)))]
        };
        parts.push((Occur::Should, union_of_terms(words, &[(self.fields.title, TITLE_BOOST)])));
        Ok(Box::new(BooleanQuery::new(parts)))
    }

    /// A word in its fields, or as the pinyin of a party's name.
    fn word_or_name(&self, word: &Word, fields: &[Field]) -> Result<DynQuery, SearchError> {
        let found = word.query(fields);
        let letters = word.text.len() >= 2 && word.text.bytes().all(|b| b.is_ascii_lowercase());
        if !letters {
            return Ok(found);
        }
        let names = Box::new(beginning_with(self.fields.pinyin, &word.text));
        Ok(any(vec![found, Box::new(BoostQuery::new(names, PINYIN_SCORE))]))
    }

    fn hit(
        &self,
        snapshot: &Snapshot,
        at: DocAddress,
        place: Place,
        marker: &Marker,
        member: bool,
        scored: bool,
    ) -> Result<Hit, SearchError> {
        let doc: TantivyDocument = snapshot.searcher.doc(at)?;
        let card: Card = record(&doc, self.fields.card)?;
        let view: ViewText = record(&doc, self.fields.view)?;
        let mut text = view.text;
        if member && !view.member_text.is_empty() {
            text.push('\n');
            text.push_str(&view.member_text);
        }
        let (snippet, snippet_marks) = marker.snippet(&text, &self.text);
        let title_marks = marker.marks(&card.title, &self.text);
        let score = if scored { place.score as f32 / 1000.0 } else { 0.0 };
        Ok(Hit { id: card.id, score, title_marks, snippet, snippet_marks, card })
    }

    /// Whether some record that the reader may see meets a query.
    pub(crate) fn meets(
        &self,
        snapshot: &Snapshot,
        codes: &Codes,
        query: &dyn tantivy::query::Query,
        what: What,
        reader: &Reader,
    ) -> Result<bool, SearchError> {
        let q = Query { what, limit: 1, ..Query::default() };
        let mut tally = Tally::new(&q, Filters::of(&q, reader, codes)?, codes, None);
        collect(snapshot, query, false, &mut tally)?;
        Ok(tally.total > 0)
    }
}

/// What has a term that begins with letters from a to z; each counts 1.
fn beginning_with(field: Field, letters: &str) -> RangeQuery {
    let mut after = letters.to_owned();
    // The letter behind the last, which for z is none, but its place in the order of bytes is there.
    if let Some(last) = after.pop() {
        after.push(char::from_u32(u32::from(last) + 1).unwrap_or(last));
    }
    let [from, to] = [letters, &after].map(|text| Term::from_field_text(field, text));
    RangeQuery::new(Bound::Included(from), Bound::Excluded(to))
}

/// How many of a query's words a record must have.
fn demanded(words: usize) -> usize {
    match words {
        0..=4 => words,
        5..=8 => words - words / 4,
        _ => (words * 3).div_ceil(5),
    }
}

/// Reads a stored record.
fn record<T: DeserializeOwned>(doc: &TantivyDocument, field: Field) -> Result<T, SearchError> {
    Ok(serde_json::from_str(stored(doc, field)?)?)
}

/// The JSON that is stored in a field.
pub(crate) fn stored(doc: &TantivyDocument, field: Field) -> Result<&str, SearchError> {
    let json = doc.get_first(field).and_then(|v| v.as_str());
    json.ok_or_else(|| SearchError::NeedsRebuild("a record is missing".to_owned()))
}

/// Takes in every living document.
fn browse(snapshot: &Snapshot, tally: &mut Tally) {
    for (ord, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
        let rows = &snapshot.rows[ord as usize];
        match segment.alive_bitset() {
            None => {
                for doc in 0..segment.max_doc() {
                    tally.take(rows, DocAddress::new(ord, doc), 0.0);
                }
            }
            Some(alive) => {
                for doc in alive.iter_alive() {
                    tally.take(rows, DocAddress::new(ord, doc), 0.0);
                }
            }
        }
    }
}

/// Takes in every living document that meets a query.
fn collect(
    snapshot: &Snapshot,
    query: &dyn tantivy::query::Query,
    scored: bool,
    tally: &mut Tally,
) -> Result<(), SearchError> {
    let scoring = match scored {
        true => EnableScoring::enabled_from_searcher(&snapshot.searcher),
        false => EnableScoring::disabled_from_searcher(&snapshot.searcher),
    };
    let weight = query.weight(scoring)?;
    for (ord, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
        let rows = &snapshot.rows[ord as usize];
        let alive = segment.alive_bitset();
        let mut take = |doc, score| {
            if alive.is_none_or(|a| a.is_alive(doc)) {
                tally.take(rows, DocAddress::new(ord, doc), score);
            }
        };
        if scored {
            weight.for_each(segment, &mut take)?;
        } else {
            weight.for_each_no_score(segment, &mut |docs| {
                docs.iter().for_each(|doc| take(*doc, 0.0));
            })?;
        }
    }
    Ok(())
}

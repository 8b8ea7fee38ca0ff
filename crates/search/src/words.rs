//! A query's text → words, each with its other names, and their tantivy queries.

use std::collections::{HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use keqiao_catalog::Thesaurus;
use keqiao_text::{Text, is_stop_word};
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, InvertedIndexRangeQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::analyze::{MAX_UNION, Piece, is_code, is_han, is_long_word, pieces};
use crate::frequencies::Frequencies;

/// Characters of a query that are read.
pub(crate) const MAX_QUERY_CHARS: usize = 4_000;
/// Words of a query that are kept; the rarest, when there are more.
pub(crate) const MAX_WORDS: usize = 24;
/// What another name of a word counts, the word itself counting 1.
const SYNONYM: f32 = 0.7;
/// What a pair of characters counts inside a longer word.
const PAIR: f32 = 0.4;

/// One way to write a word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Form {
    /// Terms that a text with this form has all.
    pub(crate) all: Vec<String>,
    /// A term that replaces all of them (a code without its separators).
    pub(crate) instead: Option<String>,
    /// Longer words that lift a text that has them whole.
    pub(crate) whole: Vec<String>,
    /// What it counts.
    pub(crate) weight: f32,
    /// Strings to be marked in a text where the form met it.
    pub(crate) needles: Vec<String>,
}

/// One word of a query with its other names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// The word itself first.
    pub(crate) forms: Vec<Form>,
    /// The folded word.
    pub(crate) text: String,
    /// First character in the query as typed.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) end: usize,
}

/// Groups of words that mean the same, by folded word.
#[derive(Debug, Default)]
pub(crate) struct Synonyms {
    groups: Vec<Arc<Vec<String>>>,
    by_word: HashMap<String, Vec<usize>>,
}

impl Synonyms {
    pub(crate) fn of(thesaurus: &Thesaurus, text: &Text) -> Self {
        let mut out = Self::default();
        for group in &thesaurus.groups {
            let folded: Vec<String> = group.iter().map(|w| key(&text.fold_str(w))).collect();
            for word in &folded {
                out.by_word.entry(word.clone()).or_default().push(out.groups.len());
            }
            out.groups.push(Arc::new(folded));
        }
        out
    }

    fn knows(&self, word: &str) -> bool {
        self.by_word.contains_key(word)
    }

    /// The other words of all groups a word is in.
    fn others(&self, word: &str) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for &group in self.by_word.get(word).into_iter().flatten() {
            for other in self.groups[group].iter() {
                if other != word && !out.contains(&other.as_str()) {
                    out.push(other);
                }
            }
        }
        out
    }
}

/// A folded word as it is looked up: pieces with one space between them.
fn key(folded: &str) -> String {
    if folded.chars().any(is_han) {
        return folded.split_whitespace().collect();
    }
    let chars: Vec<char> = folded.chars().collect();
    pieces(&chars).into_iter().map(|p| p.text).collect::<Vec<_>>().join(" ")
}

impl Form {
    /// The form of a folded word of Han characters, of pieces, or of both; `None`: nothing to look for.
    pub(crate) fn of(folded: &str, weight: f32) -> Option<Self> {
        let chars: Vec<char> = folded.chars().collect();
        let mut form = Self { all: Vec::new(), instead: None, whole: Vec::new(), weight, needles: Vec::new() };
        for run in chars.chunk_by(|a, b| is_han(*a) == is_han(*b)).filter(|r| is_han(r[0])) {
            let word: String = run.iter().collect();
            match run {
                [_] => form.all.push(word.clone()),
                _ => form.all.extend(run.windows(2).map(|pair| pair.iter().collect::<String>())),
            }
            if is_long_word(&word) {
                form.whole.push(word.clone());
            }
            form.needles.push(word);
        }
        let own = pieces(&chars);
        let union: String = own.iter().map(|p| p.text.as_str()).collect();
        let code = own.len() > 1 && own.len() <= MAX_UNION && is_code(&union);
        if code && form.all.is_empty() {
            form.instead = Some(union.clone());
            form.needles.push(union);
        } else {
            form.needles.extend(own.iter().map(|p| p.text.clone()));
        }
        form.all.extend(own.into_iter().map(|p| p.text));
        (!form.all.is_empty()).then_some(form)
    }

    /// The query for this form in a field.
    fn query(&self, field: Field, boost: f32) -> Box<dyn Query> {
        let weight = boost * self.weight;
        if let [one] = self.all.as_slice() {
            return term_query(field, one, weight);
        }
        let part = if self.whole.is_empty() { weight } else { weight * PAIR };
        let mut parts: Vec<(Occur, Box<dyn Query>)> =
            self.all.iter().map(|t| (Occur::Must, term_query(field, t, part))).collect();
        parts.extend(self.whole.iter().map(|t| (Occur::Should, term_query(field, t, weight))));
        let all: Box<dyn Query> = Box::new(BooleanQuery::new(parts));
        match &self.instead {
            Some(union) => any(vec![all, term_query(field, union, weight * 2.0)]),
            None => all,
        }
    }

    /// In how many records its rarest term stands.
    pub(crate) fn frequency(&self, frequencies: &Frequencies) -> tantivy::Result<u64> {
        let mut fewest = u64::MAX;
        for term in &self.all {
            fewest = fewest.min(frequencies.of(term)?);
        }
        Ok(fewest)
    }

    /// The terms by which a text with this form is lifted: the longest there are.
    fn best_terms(&self) -> Vec<&String> {
        match (&self.instead, self.whole.is_empty()) {
            (Some(union), _) => std::iter::once(union).chain(&self.all).collect(),
            (None, true) => self.all.iter().collect(),
            (None, false) => self.whole.iter().collect(),
        }
    }
}

impl Word {
    fn new(text: &str, start: usize, end: usize, synonyms: &Synonyms) -> Option<Self> {
        let own = Form::of(text, 1.0)?;
        let others = synonyms.others(&key(text));
        let forms =
            std::iter::once(own).chain(others.into_iter().filter_map(|other| Form::of(other, SYNONYM))).collect();
        Some(Self { forms, text: text.to_owned(), start, end })
    }

    /// Documents that have the word or one of its other names in one of the fields.
    pub(crate) fn query(&self, fields: &[Field]) -> Box<dyn Query> {
        any(self.forms.iter().flat_map(|form| fields.iter().map(|field| form.query(*field, 1.0))).collect())
    }

    /// How rare it is: the inverse document frequency of the rarest term of its
    /// most frequent form.
    pub(crate) fn idf(&self, frequencies: &Frequencies) -> tantivy::Result<f64> {
        let mut most = 0;
        for form in &self.forms {
            most = most.max(form.frequency(frequencies)?);
        }
        Ok(idf(frequencies.docs(), most))
    }
}

/// BM25's inverse document frequency.
pub(crate) fn idf(docs: u64, having: u64) -> f64 {
    let (docs, having) = (docs as f64, (having as f64).min(docs as f64));
    (1.0 + (docs - having + 0.5) / (having + 0.5)).ln()
}

/// A term of a field with a weight; of one Han character, all terms that begin with it.
pub(crate) fn term_query(field: Field, text: &str, weight: f32) -> Box<dyn Query> {
    let query: Box<dyn Query> = match lone_han(text) {
        Some(c) => {
            let (from, to) = beginning_with(c);
            let bound = |text: &str| Term::from_field_text(field, text);
            Box::new(InvertedIndexRangeQuery::new(Bound::Included(bound(&from)), Bound::Excluded(bound(&to))))
        }
        None => Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs)),
    };
    if weight == 1.0 { query } else { Box::new(BoostQuery::new(query, weight)) }
}

/// A text of one Han character.
pub(crate) fn lone_han(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|c| is_han(*c) && chars.next().is_none())
}

/// The range of the terms that begin with a character: from the first to before the last.
fn beginning_with(c: char) -> (String, String) {
    // No Han character is the last before the gap in the code points.
    let next = char::from_u32(c as u32 + 1).unwrap_or(char::MAX);
    (c.into(), next.into())
}

/// Any of the queries.
pub(crate) fn any(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.pop() {
        Some(one) if queries.is_empty() => one,
        Some(last) => {
            queries.push(last);
            Box::new(BooleanQuery::union(queries))
        }
        None => Box::new(tantivy::query::EmptyQuery),
    }
}

/// The terms of words, each once, with their weights: every document with any of them is meant.
pub(crate) fn terms_of(words: &[Word]) -> Vec<(&str, f32)> {
    let mut seen = HashSet::new();
    let mut terms = Vec::new();
    for form in words.iter().flat_map(|w| &w.forms) {
        for term in form.best_terms() {
            // One character alone would draw in nearly everything.
            if term.chars().nth(1).is_some() && seen.insert(term.as_str()) {
                terms.push((term.as_str(), form.weight));
            }
        }
    }
    terms
}

/// The terms of words as one flat union, in the engine's quickest form.
pub(crate) fn union_of_terms(words: &[Word], fields: &[(Field, f32)]) -> Box<dyn Query> {
    let terms = terms_of(words).into_iter();
    any(terms
        .flat_map(|(term, weight)| fields.iter().map(move |(f, boost)| term_query(*f, term, weight * boost)))
        .collect())
}

/// Reads the words of a query, each once, in their order. Stop words are left
/// out unless there is nothing else.
pub(crate) fn read(query: &str, text: &Text, synonyms: &Synonyms) -> Vec<Word> {
    let query: String = query.chars().take(MAX_QUERY_CHARS).collect();
    let mut words = Vec::new();
    for term in text.query_terms(&query).iter().filter(|t| t.text.chars().any(is_han)) {
        let han_alone = term.text.chars().all(is_han);
        if han_alone || synonyms.knows(&key(&term.text)) {
            words.extend(Word::new(&term.text, term.start, term.end, synonyms));
        } else {
            let chars: Vec<char> = term.text.chars().collect();
            for run in chars.chunk_by(|a, b| is_han(*a) == is_han(*b)).filter(|r| is_han(r[0])) {
                let run: String = run.iter().collect();
                words.extend(Word::new(&run, term.start, term.end, synonyms));
            }
        }
    }
    let folded = text.fold(&query);
    let chars: Vec<char> = folded.text.chars().collect();
    let pieces = pieces(&chars);
    let only_stops = words.is_empty() && pieces.iter().all(|p| is_stop_word(&p.text));
    for group in code_groups(&pieces, synonyms) {
        let written: String = chars[group[0].start..group[group.len() - 1].end].iter().collect();
        if group.len() > 1 || only_stops || !is_stop_word(&written) {
            let span = folded.span(group[0].start, group[group.len() - 1].end);
            words.extend(Word::new(&written, span.start, span.end, synonyms));
        }
    }
    words.sort_by_key(|w| w.start);
    let mut seen = HashSet::new();
    words.retain(|w| seen.insert(w.text.clone()));
    words
}

/// Neighbouring pieces that are one word: a code with separators inside
/// (`gb/t 4754`, `5 nm`) or a name that the thesaurus knows (`fuel cell`).
fn code_groups<'a>(pieces: &'a [Piece], synonyms: &Synonyms) -> Vec<&'a [Piece]> {
    let mut out = Vec::new();
    let mut rest = pieces;
    while !rest.is_empty() {
        let joined = 1 + rest[1..].iter().take_while(|p| p.joint.is_some()).count();
        let most = joined.min(MAX_UNION);
        let spelt = |n: usize| rest[..n].iter().map(|p| p.text.as_str()).collect::<Vec<_>>();
        let known = (2..=most).rev().find(|&n| synonyms.knows(&spelt(n).join(" ")));
        let code = || (2..=most).rev().find(|&n| is_one_code(&rest[..n]));
        let (group, tail) = rest.split_at(known.or_else(code).unwrap_or(1));
        out.push(group);
        rest = tail;
    }
    out
}

/// Whether pieces are one code: letters and digits both, and no two whole words
/// of letters with a mere space between them.
fn is_one_code(pieces: &[Piece]) -> bool {
    let has_digit = |p: &Piece| p.text.chars().any(|c| c.is_ascii_digit());
    let text: String = pieces.iter().map(|p| p.text.as_str()).collect();
    let words_apart = pieces.windows(2).any(|w| w[1].joint == Some(' ') && has_digit(&w[0]) == has_digit(&w[1]));
    is_code(&text) && !words_apart
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(query: &str, groups: &[&[&str]]) -> Vec<Word> {
        let text = Text::new();
        let thesaurus = Thesaurus {
            groups: groups.iter().map(|g| g.iter().map(|w| (*w).to_owned()).collect()).collect(),
            ..Thesaurus::default()
        };
        read(query, &text, &Synonyms::of(&thesaurus, &text))
    }

    fn texts(query: &str) -> Vec<String> {
        read_words(query, &[]).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn a_code_is_one_word_however_it_is_written() {
        assert_eq!(texts("AEC-Q100"), ["aec-q100"]);
        assert_eq!(texts("AEC Q100"), ["aec q100"]);
        assert_eq!(texts("GB/T 4754-2017"), ["gb/t 4754-2017"]);
        assert_eq!(texts("5 nm"), ["5 nm"]);
    }

    #[test]
    fn words_of_letters_stay_apart() {
        assert_eq!(texts("power module"), ["power", "module"]);
    }

    #[test]
    fn other_names_come_with_a_word() {
        let groups: &[&[&str]] = &[&["碳化硅", "SiC", "Silicon Carbide"]];
        for query in ["碳化硅", "sic", "silicon carbide"] {
            let words = read_words(query, groups);
            assert_eq!(words.len(), 1, "{query}: {words:?}");
            assert_eq!(words[0].forms.len(), 3, "{query}");
        }
    }

    #[test]
    fn nothing_but_marks_is_nothing() {
        assert!(texts("？！……\u{1f600} --").is_empty());
        assert_eq!(texts("硅"), ["硅"]);
        assert_eq!(texts("的"), ["的"]);
    }

    #[test]
    fn rarity_falls_with_frequency() {
        assert!(idf(100, 1) > idf(100, 50) && idf(100, 100) > 0.0 && idf(0, 0) > 0.0);
    }
}

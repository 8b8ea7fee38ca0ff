//! "Did you mean": a known word in place of an unknown one.
//!
//! A word counts as known only where a record has it that the reader may see,
//! so no word of somebody's draft is given away.

use std::ops::Range;

use tantivy::Term;
use tantivy::query::{FuzzyTermQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::analyze::{is_han, pieces};
use crate::codes::Codes;
use crate::index::{SearchIndex, Snapshot};
use crate::names::sound;
use crate::query::{Reader, SearchError, What};

/// Characters of a query that are looked at.
const MAX_CHARS: usize = 40;
/// Longest window of Han characters taken for one word.
const MAX_WINDOW: usize = 6;
/// Shortest piece that is compared by edit distance.
const MIN_FUZZY: usize = 4;
/// From this length on two edits are allowed.
const TWO_EDITS: usize = 8;
/// Candidates of one word that are looked at.
const MAX_CANDIDATES: usize = 64;

/// Who asks, of what.
struct Asking<'a> {
    snapshot: &'a Snapshot,
    codes: &'a Codes,
    what: What,
    reader: &'a Reader,
}

impl SearchIndex {
    /// The query with known words in place of unknown ones; `None`: nothing better is known.
    pub(crate) fn better_spelling(
        &self,
        snapshot: &Snapshot,
        codes: &Codes,
        query: &str,
        what: What,
        reader: &Reader,
    ) -> Result<Option<String>, SearchError> {
        let query = query.trim();
        let original: Vec<char> = query.chars().collect();
        if original.len() > MAX_CHARS {
            return Ok(None);
        }
        let asking = Asking { snapshot, codes, what, reader };
        let folded = self.text.fold(query);
        let chars: Vec<char> = folded.text.chars().collect();
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        for piece in pieces(&chars) {
            if let Some(word) = self.near_piece(&asking, &piece.text)? {
                changes.push((piece.start..piece.end, word));
            }
        }
        let mut start = 0;
        for run in chars.chunk_by(|a, b| is_han(*a) == is_han(*b)) {
            if is_han(run[0])
                && let Some((at, word)) = self.near_han(&asking, run)?
            {
                changes.push((start + at.start..start + at.end, word));
            }
            start += run.len();
        }
        if changes.is_empty() {
            return Ok(None);
        }
        changes.sort_by_key(|(at, _)| at.start);
        let mut out = String::new();
        let mut done = 0;
        for (at, word) in changes {
            let span = folded.span(at.start, at.end);
            out.extend(&original[done..span.start]);
            out.push_str(&word);
            done = span.end;
        }
        out.extend(&original[done..]);
        Ok(Some(out))
    }

    /// A known word near an unknown piece of letters and digits.
    fn near_piece(&self, asking: &Asking, piece: &str) -> Result<Option<String>, SearchError> {
        let length = piece.chars().count();
        if length < MIN_FUZZY || asking.snapshot.frequencies.of(piece)? > 0 {
            return Ok(None);
        }
        for distance in 1..=if length >= TWO_EDITS { 2 } else { 1 } {
            if let Some(word) = self.nearest(asking, piece, distance)? {
                return Ok(Some(word));
            }
        }
        Ok(None)
    }

    /// The first window of a Han run that has an unknown pair and sounds like, or
    /// is one character from, a known word.
    fn near_han(&self, asking: &Asking, run: &[char]) -> Result<Option<(Range<usize>, String)>, SearchError> {
        let mut strange = Vec::with_capacity(run.len());
        for pair in run.windows(2) {
            strange.push(asking.snapshot.frequencies.of(&String::from_iter(pair))? == 0);
        }
        for length in (2..=run.len().min(MAX_WINDOW)).rev() {
            for start in 0..=run.len() - length {
                // One character left over beside the window belongs to its word.
                let rest = [start, run.len() - start - length];
                if rest.contains(&1) || !strange[start..start + length - 1].contains(&true) {
                    continue;
                }
                let word: String = run[start..start + length].iter().collect();
                let mut better = self.same_sound(asking, &word)?;
                if better.is_none() && length > 2 {
                    better = self.nearest(asking, &word, 1)?;
                }
                if let Some(better) = better {
                    return Ok(Some((start..start + length, better)));
                }
            }
        }
        Ok(None)
    }

    /// The most frequent visible word that sounds the same.
    fn same_sound(&self, asking: &Asking, word: &str) -> Result<Option<String>, SearchError> {
        let Some(sound) = sound(word) else {
            return Ok(None);
        };
        let prefix = format!("{sound} ");
        let mut found: Vec<(u32, String)> = Vec::new();
        for segment in asking.snapshot.searcher.segment_readers() {
            let terms = segment.inverted_index(self.fields.sound)?;
            let mut stream = terms.terms().range().ge(prefix.as_bytes()).into_stream()?;
            while stream.advance() && found.len() < MAX_CANDIDATES {
                let Some(other) = stream.key().strip_prefix(prefix.as_bytes()) else {
                    break;
                };
                found.push((stream.value().doc_freq, String::from_utf8_lossy(other).into_owned()));
            }
        }
        found.retain(|(_, other)| other != word);
        self.first_visible(asking, found, |other| Term::from_field_text(self.fields.sound, &format!("{sound} {other}")))
    }

    /// The most frequent visible word within an edit distance, of the same script.
    fn nearest(&self, asking: &Asking, word: &str, distance: u8) -> Result<Option<String>, SearchError> {
        let field: Field = self.fields.text;
        let term = Term::from_field_text(field, word);
        let fuzzy = FuzzyTermQuery::new(term, distance, true);
        let mut found: Vec<(u32, String)> = Vec::new();
        for segment in asking.snapshot.searcher.segment_readers() {
            let terms = segment.inverted_index(field)?;
            let mut stream = terms.terms().search(fuzzy.automaton()?).into_stream()?;
            while stream.advance() && found.len() < MAX_CANDIDATES {
                let other = String::from_utf8_lossy(stream.key()).into_owned();
                found.push((stream.value().doc_freq, other));
            }
        }
        let script = word.chars().all(is_han);
        found.retain(|(_, other)| other.chars().count() > 2 && other.chars().all(is_han) == script && other != word);
        self.first_visible(asking, found, |other| Term::from_field_text(field, other))
    }

    /// The most frequent of the words that stands in a record the reader may see.
    fn first_visible(
        &self,
        asking: &Asking,
        mut found: Vec<(u32, String)>,
        term: impl Fn(&str) -> Term,
    ) -> Result<Option<String>, SearchError> {
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        for (_, word) in found {
            let query = TermQuery::new(term(&word), IndexRecordOption::Basic);
            if self.meets(asking.snapshot, asking.codes, &query, asking.what, asking.reader)? {
                return Ok(Some(word));
            }
        }
        Ok(None)
    }
}

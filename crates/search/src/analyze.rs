//! Folded text → terms of the index.
//!
//! Every Han run gives its pairs of characters and its last character, so that
//! a word that segmentation cut elsewhere is still found by its pairs, and a
//! character by the terms that begin with it; words of three characters and
//! more stand beside them and lift what has them whole. Everything else gives
//! pieces (`gb`, `t`, `4754`) and their unions without separators (`gbt4754`).

use std::ops::Range;
use std::sync::Arc;

use keqiao_text::Text;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Most pieces in one union.
pub(crate) const MAX_UNION: usize = 4;
/// Longer pieces are cut: they are encoded data, not words.
const MAX_PIECE_CHARS: usize = 48;

/// Whether a character is Han.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// A run of letters and digits other than Han.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The letters and digits.
    pub(crate) text: String,
    /// First character in the folded text.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) end: usize,
    /// The one separator between the piece before and this one, if it is one that codes have inside.
    pub(crate) joint: Option<char>,
}

/// The pieces of a folded text in their order.
pub(crate) fn pieces(chars: &[char]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if !is_piece(chars, i) {
            i += 1;
            continue;
        }
        let start = i;
        while i < chars.len() && is_piece(chars, i) {
            i += 1;
        }
        // `125°c` is `125℃`: the letter is part of a sign, not a word.
        if start > 0 && chars[start - 1] == '°' && matches!(chars[start..i], ['c' | 'f']) {
            continue;
        }
        let joint = out.last().filter(|p| p.end + 1 == start).map(|p| chars[p.end]);
        out.push(Piece {
            text: chars[start..i].iter().take(MAX_PIECE_CHARS).collect(),
            start,
            end: i,
            joint: joint.filter(|c| matches!(c, ' ' | '-' | '/' | '_' | '.')),
        });
    }
    out
}

/// A letter or digit that is not Han, or a point between two digits.
fn is_piece(chars: &[char], i: usize) -> bool {
    let c = chars[i];
    let digit_at = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    (c.is_alphanumeric() && !is_han(c)) || (c == '.' && i > 0 && digit_at(i - 1) && digit_at(i + 1))
}

/// The unions of neighbouring pieces, as (first, last, text): those of two and
/// more that have both letters and digits, and with `single` each piece too.
pub(crate) fn unions(pieces: &[Piece], single: bool, mut each: impl FnMut(usize, usize, &str)) {
    for first in 0..pieces.len() {
        let mut text = pieces[first].text.clone();
        if single {
            each(first, first, &text);
        }
        for (last, piece) in pieces.iter().enumerate().skip(first + 1).take(MAX_UNION - 1) {
            if piece.joint.is_none() || text.len() > MAX_PIECE_CHARS {
                break;
            }
            text.push_str(&piece.text);
            if is_code(&text) {
                each(first, last, &text);
            }
        }
    }
}

/// Whether a text has letters and digits both.
pub(crate) fn is_code(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().any(char::is_alphabetic)
}

/// The terms of a folded text that stand in it as they are, as ranges of its bytes.
fn spans(text: &Text, folded: &str) -> Vec<Range<usize>> {
    let mut out = Vec::with_capacity(folded.len() / 2);
    let mut before: Option<usize> = None;
    for (at, c) in folded.char_indices() {
        match (before, is_han(c)) {
            (Some(first), true) => out.push(first..at + c.len_utf8()),
            (Some(last), false) => out.push(last..at),
            (None, _) => {}
        }
        before = is_han(c).then_some(at);
    }
    out.extend(before.map(|last| last..folded.len()));
    let long = text.dictionary_words(folded).filter(|w| is_long_word(w.text));
    out.extend(long.map(|w| w.start_byte..w.start_byte + w.text.len()));
    out
}

/// Whether a word of Han characters is longer than a pair.
pub(crate) fn is_long_word(word: &str) -> bool {
    word.chars().count() > 2 && word.chars().all(is_han)
}

/// The analyzer of fields that hold folded text.
#[derive(Clone)]
pub(crate) struct Analyzer {
    text: Arc<Text>,
}

impl Analyzer {
    pub(crate) fn new(text: Arc<Text>) -> Self {
        Self { text }
    }
}

/// The terms of one text, one after another.
pub(crate) struct Terms<'a> {
    text: &'a str,
    spans: std::vec::IntoIter<Range<usize>>,
    unions: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Terms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms<'a> {
        let chars: Vec<char> = text.chars().collect();
        let mut joined = Vec::new();
        unions(&pieces(&chars), true, |_, _, union| joined.push(union.to_owned()));
        let spans = spans(&self.text, text).into_iter();
        Terms { text, spans, unions: joined.into_iter(), token: Token::default() }
    }
}

impl TokenStream for Terms<'_> {
    fn advance(&mut self) -> bool {
        self.token.position = self.token.position.wrapping_add(1);
        if let Some(span) = self.spans.next() {
            self.token.text.clear();
            self.token.text.push_str(&self.text[span]);
            return true;
        }
        match self.unions.next() {
            Some(union) => {
                self.token.text = union;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unions_of(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut out = Vec::new();
        unions(&pieces(&chars), true, |_, _, u| out.push(u.to_owned()));
        out
    }

    #[test]
    fn a_standard_is_found_with_and_without_separators() {
        let terms = unions_of("gb/t 4754-2017");
        for term in ["gb", "t", "4754", "2017", "gbt4754", "gbt47542017"] {
            assert!(terms.iter().any(|t| t == term), "{term} in {terms:?}");
        }
        assert!(!terms.contains(&"gbt".to_owned()) && !terms.contains(&"47542017".to_owned()));
    }

    #[test]
    fn a_number_and_its_unit_are_one_with_or_without_a_space() {
        assert!(unions_of("5 nm").contains(&"5nm".to_owned()));
        assert_eq!(unions_of("5nm"), ["5nm"]);
        assert_eq!(unions_of("3.3v"), ["3.3v"]);
    }

    #[test]
    fn pieces_end_at_han_characters() {
        assert_eq!(unions_of("基于sic的12英寸"), ["sic", "12"]);
    }

    #[test]
    fn encoded_data_is_cut() {
        assert!(unions_of(&"a1".repeat(500))[0].chars().count() <= MAX_PIECE_CHARS);
    }
}

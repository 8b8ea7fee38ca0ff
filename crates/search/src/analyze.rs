//! Folded text → terms of the index.
//!
//! Every Han run gives its characters and its pairs of characters, so queries
//! of one and two characters work and a word that segmentation cut elsewhere
//! is still found by its pairs; words of three characters and more stand
//! beside them and lift what has them whole. Everything else gives pieces
//! (`gb`, `t`, `4754`) and their unions without separators (`gbt4754`).

use std::collections::HashSet;
use std::sync::Arc;

use keqiao_text::{Text, TokenKind};
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

/// All terms of a folded text.
pub(crate) fn terms(text: &Text, folded: &str) -> Vec<String> {
    let chars: Vec<char> = folded.chars().collect();
    let mut out = Vec::with_capacity(chars.len() * 2);
    let mut seen = HashSet::new();
    for (i, &c) in chars.iter().enumerate().filter(|(_, c)| is_han(**c)) {
        // How often one character stands there says nothing; once is enough.
        if seen.insert(c) {
            out.push(c.to_string());
        }
        if let Some(&next) = chars.get(i + 1).filter(|n| is_han(**n)) {
            out.push(String::from_iter([c, next]));
        }
    }
    for token in text.tokens(folded) {
        if token.kind == TokenKind::Word && is_long_word(&token.text) {
            out.push(token.text);
        }
    }
    unions(&pieces(&chars), true, |_, _, union| out.push(union.to_owned()));
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
pub(crate) struct Terms {
    rest: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms { rest: terms(&self.text, text).into_iter(), token: Token::default() }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        match self.rest.next() {
            Some(term) => {
                self.token.position = self.token.position.wrapping_add(1);
                self.token.text = term;
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

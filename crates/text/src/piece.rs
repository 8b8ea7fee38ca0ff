//! A text cut into short stretches that are read one by one, so that reading takes time
//! and memory by its length, whatever the text.

use crate::fold::{is_invisible, narrow};
use crate::number::run;
use crate::numeral::{chinese, chinese_digit, chinese_power};
use crate::simplify::simplifier;

/// After so many characters a piece ends at the next sign that is no letter or digit.
const LONG: usize = 2048;

/// After so many it ends in any case.
const LONGEST: usize = 4096;

/// A stretch of a text without its blanks, in half width and simplified.
pub(crate) struct Piece {
    /// The characters.
    pub(crate) chars: Vec<char>,
    /// Where each stands in the text; one more entry holds the place after the last.
    pub(crate) at: Vec<usize>,
}

/// A whole number as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figure {
    pub(crate) value: i64,
    pub(crate) end: usize,
    /// How many characters it has.
    pub(crate) width: usize,
    /// Whether it is in Chinese numerals.
    pub(crate) chinese: bool,
    /// Whether it is digit after digit (`二〇二三`, `2023`) and not `二十三`.
    pub(crate) positional: bool,
    /// Whether it begins with zero.
    pub(crate) padded: bool,
}

/// The pieces of a text in their order. None reaches across the end of a line or sentence.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let mut rest = text.chars().enumerate();
    std::iter::from_fn(move || {
        let mut piece = Piece { chars: Vec::new(), at: Vec::new() };
        let mut changes = false;
        let mut end = None;
        for (i, c) in rest.by_ref() {
            end = Some(i + 1);
            if c == '\n' || c == '\r' {
                break;
            }
            if c.is_whitespace() || is_invisible(c) {
                continue;
            }
            // A full-width comma parts sentences, not thousands.
            let c = if c == '，' { c } else { narrow(c) };
            changes |= simplifier().may_change(c);
            piece.chars.push(c);
            piece.at.push(i);
            let length = piece.chars.len();
            if matches!(c, '。' | '!' | '?' | ';') || length >= LONGEST || length >= LONG && !c.is_alphanumeric() {
                break;
            }
        }
        if changes {
            simplifier().simplify(&mut piece.chars);
        }
        piece.at.push(end?);
        Some(piece)
    })
}

impl Piece {
    pub(crate) fn get(&self, i: usize) -> Option<char> {
        self.chars.get(i).copied()
    }

    /// The character `back` places before `i`.
    pub(crate) fn behind(&self, i: usize, back: usize) -> Option<char> {
        i.checked_sub(back).and_then(|j| self.get(j))
    }

    pub(crate) fn is_any(&self, i: usize, list: &str) -> bool {
        self.get(i).is_some_and(|c| list.contains(c))
    }

    pub(crate) fn starts(&self, i: usize, word: &str) -> bool {
        let rest = self.chars.get(i..).unwrap_or_default();
        let mut n = 0;
        word.chars().all(|c| {
            n += 1;
            rest.get(n - 1) == Some(&c)
        })
    }

    /// The place after `word`, if it stands at `i`.
    pub(crate) fn eat(&self, i: usize, word: &str) -> Option<usize> {
        self.starts(i, word).then(|| i + word.chars().count())
    }

    /// The place after the first of `words` that stands at `i`.
    pub(crate) fn eat_any(&self, i: usize, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|w| self.eat(i, w))
    }

    /// The value of the first of `words` that stands at `i`, and the place after it.
    pub(crate) fn word<T: Copy>(&self, i: usize, words: &[(&str, T)]) -> Option<(T, usize)> {
        words.iter().find_map(|(w, value)| Some((*value, self.eat(i, w)?)))
    }

    /// The place after `word` if it stands at `i`, else `i`.
    pub(crate) fn skip(&self, i: usize, words: &[&str]) -> usize {
        self.eat_any(i, words).unwrap_or(i)
    }

    /// Whether a blank stands before the character at `i`.
    pub(crate) fn gap(&self, i: usize) -> bool {
        i > 0 && self.at.get(i).is_some_and(|&at| at > self.at[i - 1] + 1)
    }

    /// The end of the characters from `i` that all satisfy `test` and have no blank between them.
    pub(crate) fn run(&self, i: usize, test: impl Fn(char) -> bool) -> usize {
        let end = run(&self.chars, i, test);
        (i + 1..end).find(|&j| self.gap(j)).unwrap_or(end)
    }

    /// The whole number at `i`, in ASCII digits or in Chinese numerals below ten thousand.
    pub(crate) fn figure(&self, i: usize) -> Option<Figure> {
        let first = self.get(i)?;
        let padded = matches!(first, '0' | '零' | '〇');
        if first.is_ascii_digit() {
            let end = self.run(i, |c| c.is_ascii_digit());
            let digits: String = self.chars[i..end].iter().take(18).collect();
            let value = digits.parse().ok()?;
            return Some(Figure { value, end, width: end - i, chinese: false, positional: true, padded });
        }
        if first == '元' && self.get(i + 1) == Some('年') {
            return Some(Figure { value: 1, end: i + 1, width: 1, chinese: true, positional: false, padded });
        }
        let end = self.run(i, is_numeral);
        let numeral = &self.chars[i..end];
        if numeral.is_empty() || numeral.len() > 12 {
            return None;
        }
        let positional = numeral.iter().all(|&c| chinese_digit(c).is_some());
        let value = chinese(numeral).filter(|v| v.fract() == 0.0)?;
        Some(Figure { value: value as i64, end, width: end - i, chinese: true, positional, padded })
    }

    /// The end of the digits or numerals that begin at `i`.
    pub(crate) fn figure_end(&self, i: usize) -> usize {
        if self.get(i).is_some_and(|c| c.is_ascii_digit()) {
            run(&self.chars, i, |c| c.is_ascii_digit())
        } else {
            run(&self.chars, i, is_numeral)
        }
    }
}

/// Whether a character is a Chinese digit or a power of ten below ten thousand, as dates have them.
fn is_numeral(c: char) -> bool {
    chinese_digit(c).is_some() || chinese_power(c).is_some_and(|p| p < 1e4) || matches!(c, '廿' | '卅')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pieces_end_with_sentences_and_lines() {
        let read: Vec<String> = pieces("萬 １２。后\n\n三").map(|p| p.chars.into_iter().collect()).collect();
        assert_eq!(read, ["万12。", "后", "", "三"]);
        let second = pieces("萬 １２。后\n\n三").nth(1).unwrap();
        assert_eq!(second.at, [5, 7]);
    }

    #[test]
    fn figures_are_read() {
        let piece = pieces("2023年二〇二四年十二月08日元年").next().unwrap();
        let year = piece.figure(0).unwrap();
        assert_eq!((year.value, year.end, year.chinese, year.positional), (2023, 4, false, true));
        let second = piece.figure(5).unwrap();
        assert_eq!((second.value, second.positional), (2024, true));
        let month = piece.figure(10).unwrap();
        assert_eq!((month.value, month.positional), (12, false));
        assert!(piece.figure(13).unwrap().padded);
        assert_eq!(piece.figure(16).unwrap().value, 1);
        assert_eq!(piece.figure(4), None);
    }

    proptest! {
        #[test]
        fn pieces_cover_the_text(text: String) {
            let chars: Vec<char> = text.chars().collect();
            let mut next = 0;
            for piece in pieces(&text) {
                prop_assert_eq!(piece.at.len(), piece.chars.len() + 1);
                prop_assert!(piece.at.is_sorted());
                prop_assert!(piece.at[0] >= next);
                let end = *piece.at.last().unwrap();
                prop_assert!(chars[next..end].iter().filter(|c| !c.is_whitespace() && !is_invisible(**c)).count()
                    == piece.chars.len());
                next = end;
            }
            prop_assert!(next == chars.len());
        }
    }
}

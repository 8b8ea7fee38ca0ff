//! Many words looked for in one pass over a folded text.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

/// Words of which an automaton that is quick to use is soon made.
const FEW: usize = 48;

/// One place where one of the words stands; byte offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) word: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A set of words, each known by its place in the list it was made from.
#[derive(Debug, Clone)]
pub(crate) struct WordSet {
    automaton: AhoCorasick,
}

impl WordSet {
    /// A set of folded, non-empty words.
    pub(crate) fn new<S: AsRef<str>>(words: &[S]) -> Self {
        // A need's words are looked for in a hundred texts: of many words, what is quick to build is quicker.
        let kind = if words.len() <= FEW { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasick::builder()
            .kind(Some(kind))
            // All three bytes of a first Han character are looked up, not searched for.
            .dense_depth(4)
            .build(words.iter().map(|w| w.as_ref().as_bytes()))
            .expect("a word list is far smaller than the automaton's limit of 2^31 states");
        Self { automaton }
    }

    /// Every place of every word, overlapping ones too, in the order of their ends.
    pub(crate) fn hits<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Hit> + 'a {
        self.automaton
            .find_overlapping_iter(text)
            .map(|m| Hit { word: m.pattern().as_usize(), start: m.start(), end: m.end() })
            .filter(|h| stands_alone(text, h.start, h.end))
    }
}

/// One word that is looked for in many folded texts.
#[derive(Debug, Clone)]
pub(crate) struct Word(memmem::Finder<'static>);

impl Word {
    /// A folded, non-empty word.
    pub(crate) fn new(word: &str) -> Self {
        Self(memmem::Finder::new(word).into_owned())
    }

    /// Whether it stands in a folded text as a word of its own.
    pub(crate) fn stands_in(&self, text: &str) -> bool {
        finds(&self.0, text)
    }
}

/// Whether a folded word stands in a folded text as a word of its own.
pub(crate) fn contains_word(text: &str, word: &str) -> bool {
    finds(&memmem::Finder::new(word), text)
}

fn finds(word: &memmem::Finder<'_>, text: &str) -> bool {
    let mut from = 0;
    while let Some(at) = word.find(&text.as_bytes()[from..]).map(|at| from + at) {
        if stands_alone(text, at, at + word.needle().len()) {
            return true;
        }
        // Its next place may overlap this one.
        from = at + text[at..].chars().next().map_or(1, char::len_utf8);
    }
    false
}

/// A letter or digit of a script that separates words by spaces.
fn is_spaced(c: char) -> bool {
    c < '\u{2E80}' && c.is_alphanumeric()
}

/// Whether `text[start..end]` is a word of its own: `sic` in `sic mosfet` and
/// `4h-sic`, not in `basic`; `5nm` not in `1.5nm`. A plural `s` may follow.
/// Han words stand anywhere.
pub(crate) fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let word = &text[start..end];
    if let Some(first) = word.chars().next().filter(|&c| is_spaced(c)) {
        let mut before = text[..start].chars().rev();
        match before.next() {
            Some(c) if is_spaced(c) => return false,
            Some('.') if first.is_ascii_digit() && before.next().is_some_and(|c| c.is_ascii_digit()) => {
                return false;
            }
            _ => {}
        }
    }
    let Some(last) = word.chars().next_back().filter(|&c| is_spaced(c)) else {
        return true;
    };
    let mut after = text[end..].chars();
    match after.next() {
        Some('s') if last.is_alphabetic() && word.len() > 2 => !after.next().is_some_and(is_spaced),
        Some('.') if last.is_ascii_digit() => !after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !is_spaced(c),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(word: &str, text: &str) -> bool {
        WordSet::new(&[word]).hits(text).next().is_some()
    }

    #[test]
    fn latin_words_stand_on_boundaries_and_han_words_anywhere() {
        let cases = [
            ("sic", "基于sic的器件", true),
            ("sic", "4h-sic wafer", true),
            ("sic", "basic research", false),
            ("sic", "sicn film", false),
            ("mosfet", "two mosfets in series", true),
            ("mosfet", "mosfetsx", false),
            ("ic", "ics", false),
            ("5nm", "5nm工艺", true),
            ("5nm", "1.5nm", false),
            ("8英寸", "18英寸", false),
            ("8英寸", "6/8英寸", true),
            ("aec-q100", "通过aec-q100认证", true),
            ("aec-q100", "aec-q1001", false),
            ("碳化硅", "高纯碳化硅衬底", true),
            ("3", "3.5", false),
            ("3", "第3.", true),
            ("a a", "ba a a", true),
        ];
        for (word, text, expected) in cases {
            assert_eq!(found(word, text), expected, "{word:?} in {text:?}");
            assert_eq!(contains_word(text, word), expected, "{word:?} in {text:?}, alone");
        }
    }
}

//! Traditional characters → simplified ones, each at its place.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::mapped::{Cleaned, Mapped, place};
use words::{IN_NAMES, IN_WORDS, SURNAMES};

mod words;

/// Characters, each before its simplified form: those the OpenCC project (Apache-2.0) has gathered,
/// with the variants that the general table of standard characters merges.
const CHARACTERS: &str = include_str!("simplify/characters.txt");

/// The block of Han characters whose simple forms are kept in a table.
const TABLE: Range<u32> = 0x3400..0xa000;

/// Where the planes of the rarer characters begin.
const RARE: char = '\u{20000}';

static SIMPLIFIER: LazyLock<Simplifier> = LazyLock::new(Simplifier::new);

/// The one dictionary of the process, made on first use.
pub(crate) fn simplifier() -> &'static Simplifier {
    &SIMPLIFIER
}

/// Traditional → simplified, by words where the word decides (`乾坤`, `乾淨`). Every
/// character keeps its place, so `origin` counts up by one.
#[must_use]
pub fn simplify(text: &str) -> Cleaned {
    let mut chars: Vec<char> = text.chars().collect();
    SIMPLIFIER.simplify(&mut chars);
    let origin = (0..=chars.len()).map(place).collect();
    Mapped { text: chars.into_iter().collect(), origin }
}

/// The simplified form of one character without regard to its neighbours.
#[must_use]
pub fn simplify_char(c: char) -> char {
    SIMPLIFIER.simple(c)
}

/// What is known of a character of [`TABLE`].
#[derive(Clone, Copy)]
struct Entry {
    simple: char,
    /// Whether it may become another one, alone or in a word.
    changes: bool,
    /// Whether a word of the table begins with it.
    begins: bool,
}

/// A word as it is written and as it is simplified.
type Word = (Vec<char>, Vec<char>);

/// Simplifies texts in place.
pub(crate) struct Simplifier {
    table: Vec<Entry>,
    /// The simple forms of the characters of the rarer planes.
    rare: HashMap<char, char>,
    /// The words that begin with a character, longest first.
    words: HashMap<char, Vec<Word>>,
}

impl Simplifier {
    fn new() -> Self {
        let same = |c| Entry { simple: c, changes: false, begins: false };
        let table = TABLE.filter_map(char::from_u32).map(same).collect();
        let mut made = Self { table, rare: HashMap::new(), words: HashMap::new() };
        for pair in CHARACTERS.split_whitespace() {
            let mut two = pair.chars();
            let (Some(from), Some(to)) = (two.next(), two.next()) else { continue };
            match made.entry_mut(from) {
                Some(entry) => (entry.simple, entry.changes) = (to, true),
                None => _ = made.rare.insert(from, to),
            }
        }
        let mut words: HashMap<Vec<char>, Vec<char>> = HashMap::new();
        for (from, to, list) in IN_WORDS {
            for word in list.split_whitespace() {
                made.learn(&mut words, word.chars().collect(), *from, *to);
            }
        }
        for surname in SURNAMES.chars() {
            for kept in IN_NAMES {
                made.learn(&mut words, vec![surname, *kept], *kept, *kept);
            }
        }
        for (word, simple) in words {
            made.words.entry(word[0]).or_default().push((word, simple));
        }
        for list in made.words.values_mut() {
            list.sort_unstable_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        made
    }

    /// Takes up a word in which `from` becomes `to`.
    fn learn(&mut self, words: &mut HashMap<Vec<char>, Vec<char>>, word: Vec<char>, from: char, to: char) {
        let plain = word.iter().map(|&c| self.simple(c)).collect();
        let simple = words.entry(word.clone()).or_insert(plain);
        for (c, s) in word.iter().zip(simple) {
            if *c == from {
                *s = to;
            }
        }
        if let Some(entry) = self.entry_mut(word[0]) {
            entry.begins = true;
        }
        if let Some(entry) = self.entry_mut(from) {
            entry.changes = true;
        }
    }

    fn entry_mut(&mut self, c: char) -> Option<&mut Entry> {
        self.table.get_mut((c as u32).checked_sub(TABLE.start)? as usize)
    }

    fn entry(&self, c: char) -> Option<&Entry> {
        self.table.get((c as u32).checked_sub(TABLE.start)? as usize)
    }

    /// Whether a text with this character may read otherwise when simplified.
    pub(crate) fn may_change(&self, c: char) -> bool {
        c >= RARE || self.entry(c).is_some_and(|e| e.changes)
    }

    /// The simplified form of one character without regard to its neighbours.
    pub(crate) fn simple(&self, c: char) -> char {
        match self.entry(c) {
            Some(entry) => entry.simple,
            None if c >= RARE => self.rare.get(&c).copied().unwrap_or(c),
            None => c,
        }
    }

    /// Simplifies by the longest word at each place, and by character where there is none.
    pub(crate) fn simplify(&self, chars: &mut [char]) {
        let mut i = 0;
        while i < chars.len() {
            match self.entry(chars[i]) {
                Some(entry) if entry.begins => {
                    let rest = &mut chars[i..];
                    let found = self.words[&rest[0]].iter().find(|(word, _)| rest.starts_with(word));
                    match found {
                        Some((word, simple)) => {
                            rest[..word.len()].copy_from_slice(simple);
                            i += word.len();
                            continue;
                        }
                        None => rest[0] = entry.simple,
                    }
                }
                Some(entry) => chars[i] = entry.simple,
                None if chars[i] >= RARE => chars[i] = self.simple(chars[i]),
                None => {}
            }
            i += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_decide_where_the_character_does_not() {
        let cases = [
            ("積體電路與軟體", "积体电路与软体"),
            ("乾燥 乾坤 乾縣 著作 頭髮", "干燥 乾坤 乾县 著作 头发"),
            ("沈先生在瀋陽打破沈默", "沈先生在沈阳打破沉默"),
            ("藉此機會慰藉狼藉", "借此机会慰藉狼藉"),
            ("張昇教授說昇華", "张昇教授说升华"),
            ("瞭解計畫，回覆魏徵", "了解计划，回复魏徵"),
            ("什么也不变", "什么也不变"),
        ];
        for (traditional, simplified) in cases {
            assert_eq!(simplify(traditional).text, simplified);
        }
        assert_eq!((simplify_char('學'), simplify_char('a')), ('学', 'a'));
    }

    #[test]
    fn the_tables_are_sound() {
        for pair in CHARACTERS.split_whitespace() {
            let two: Vec<char> = pair.chars().collect();
            assert!(two.len() == 2 && two[0] != two[1], "{pair}");
            assert!(TABLE.contains(&(two[0] as u32)) || two[0] >= RARE, "{pair}");
        }
        for (from, _, list) in IN_WORDS {
            for word in list.split_whitespace() {
                assert!(word.contains(*from), "{word} lacks {from}");
                assert!((2..=6).contains(&word.chars().count()), "{word}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_character_keeps_its_place(text: String, han in "[\u{4e00}-\u{9fa5}\u{20000}-\u{20100}a-z]*") {
            for text in [text, han] {
                let simple = simplify(&text);
                prop_assert_eq!(simple.text.chars().count(), text.chars().count());
                prop_assert!(simple.origin.iter().enumerate().all(|(i, &o)| o as usize == i));
            }
        }
    }
}

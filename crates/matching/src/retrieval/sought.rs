//! What a question looks for in texts: keys by their numbers, and the words of its terms by theirs.

use super::grams::{KeyTable, character, each_key, is_character, is_piece, pair, piece};
use super::terms::is_han;
use crate::scan::Word;

/// The Han characters that nearly all texts are written with.
const BLOCK: std::ops::RangeInclusive<u32> = 0x4e00..=0x9fff;

/// Keys that are looked for, numbered from 1 on.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// The number of each character of [`BLOCK`]; 0: not looked for.
    block: Box<[u32]>,
    others: KeyTable,
    held: u32,
}

impl Keys {
    pub(crate) fn new() -> Self {
        Self { block: vec![0; BLOCK.count()].into(), others: KeyTable::default(), held: 0 }
    }

    /// The number of a key; a new one gets the next.
    pub(crate) fn add(&mut self, key: u64) -> usize {
        let next = self.held + 1;
        let number = match place(key).map(|place| &mut self.block[place]) {
            Some(slot) => {
                *slot = if *slot == 0 { next } else { *slot };
                *slot
            }
            None => self.others.get_or_insert(key, next),
        };
        self.held = self.held.max(number);
        number as usize
    }

    /// One more than the largest number.
    pub(crate) fn end(&self) -> usize {
        self.held as usize + 1
    }

    fn character(&self, c: char) -> usize {
        let key = character(c);
        place(key).map_or_else(|| self.others.get(key).unwrap_or(0), |place| self.block[place]) as usize
    }

    fn other(&self, key: u64) -> usize {
        self.others.get(key).unwrap_or(0) as usize
    }
}

fn place(key: u64) -> Option<usize> {
    u32::try_from(key).ok().filter(|c| BLOCK.contains(c)).map(|c| (c - BLOCK.start()) as usize)
}

/// How often each key was met, by number, and in which part last. What is not looked for is met under 0.
pub(crate) struct Met(Vec<(f32, u32)>);

impl Met {
    pub(crate) fn none(keys: &Keys) -> Self {
        Self(vec![(0.0, 0); keys.end()])
    }

    pub(crate) fn counts(&self) -> impl Iterator<Item = f32> + '_ {
        self.0.iter().map(|(count, _)| *count)
    }

    fn meet(&mut self, number: usize, part: u32) {
        let (count, last) = &mut self.0[number];
        (*count, *last) = (*count + 1.0, part);
    }

    fn stands_in(&self, number: usize, part: u32) -> bool {
        self.0[number].1 == part
    }

    /// Takes in the keys of a folded text, the part of a number from 1 on.
    pub(crate) fn take_in(&mut self, keys: &Keys, text: &str, part: u32) {
        // The Han character right before, where it is looked for.
        let mut before: Option<char> = None;
        let mut begun: Option<usize> = None;
        for (at, c) in text.char_indices() {
            if is_han(c) {
                if let Some(start) = begun.take() {
                    self.meet(keys.other(piece(&text[start..at])), part);
                }
                let number = keys.character(c);
                // Without asking whether it is: half of them are, and nobody can foretell which.
                self.meet(number, part);
                let sought = (number > 0).then_some(c);
                // No pair is looked for without both of its characters.
                if let Some((first, second)) = before.zip(sought) {
                    self.meet(keys.other(pair(first, second)), part);
                }
                before = sought;
                continue;
            }
            before = None;
            if c.is_alphanumeric() {
                begun = begun.or(Some(at));
            } else if let Some(start) = begun.take() {
                self.meet(keys.other(piece(&text[start..at])), part);
            }
        }
        if let Some(start) = begun {
            self.meet(keys.other(piece(&text[start..])), part);
        }
    }
}

/// A word of a term, as it is looked for.
#[derive(Debug, Clone)]
struct Sought {
    /// The first of its Han characters' keys, pairs before characters; 0 where it has none.
    first: usize,
    /// The others.
    keys: Box<[usize]>,
    /// What is to be looked for where all keys stand; `None`: they say it.
    word: Option<Word>,
}

/// The words of a question's terms.
#[derive(Debug, Clone)]
pub(crate) struct Words(Vec<Sought>);

impl Words {
    /// Of words in their order; their keys are looked for from now on.
    pub(crate) fn of<'a>(words: impl Iterator<Item = &'a str>, keys: &mut Keys) -> Self {
        Self(words.map(|word| Sought::of(word, keys)).collect())
    }

    /// Tells the numbers of the words that stand in a part that was taken in.
    pub(crate) fn each_in(&self, met: &Met, text: &str, part: u32, mut tell: impl FnMut(usize)) {
        for (number, sought) in self.0.iter().enumerate() {
            let keys = || sought.keys.iter().all(|key| met.stands_in(*key, part));
            let stands = sought.first == 0 || (met.stands_in(sought.first, part) && keys());
            if stands && sought.word.as_ref().is_none_or(|word| word.stands_in(text)) {
                tell(number);
            }
        }
    }
}

impl Sought {
    fn of(word: &str, keys: &mut Keys) -> Self {
        let (mut numbers, mut pairs) = (Vec::new(), Vec::new());
        each_key(word, |key| match (is_piece(key), is_character(key)) {
            // A word may stand in a piece: `mosfet` in `mosfets`.
            (true, _) => {}
            (_, true) => numbers.push(keys.add(key)),
            _ => pairs.push(keys.add(key)),
        });
        let exact = word.chars().count() <= 2 && word.chars().all(is_han);
        // A pair says all that its characters do.
        if !pairs.is_empty() {
            numbers = pairs;
        }
        let first = if numbers.is_empty() { 0 } else { numbers.remove(0) };
        Self { first, keys: numbers.into(), word: (!exact).then(|| Word::new(word)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::contains_word;
    use proptest::prelude::*;

    const SIGNS: [&str; 16] =
        ["碳", "化", "硅", "㐀", "𠀀", "sic", "s", "8", ".", "5nm", " ", "，", "カ", "-", "q100", "英寸"];

    fn text(most: usize) -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(SIGNS.to_vec()), 1..most).prop_map(|signs| signs.concat())
    }

    proptest! {
        #[test]
        fn words_stand_where_looking_for_each_finds_them_and_keys_as_often_as_they_are_told(
            words in prop::collection::vec(text(4), 1..6),
            parts in prop::collection::vec(text(24), 1..4),
        ) {
            let mut keys = Keys::new();
            let sought = Words::of(words.iter().map(String::as_str), &mut keys);
            let mut told = Vec::new();
            each_key(&words.concat(), |key| told.push((keys.add(key), key)));
            let mut met = Met::none(&keys);
            let (mut found, mut plainly) = (Vec::new(), Vec::new());
            for (text, part) in parts.iter().zip(1..) {
                met.take_in(&keys, text, part);
                sought.each_in(&met, text, part, |word| found.push((part, word)));
                plainly.extend((0..words.len()).filter(|w| contains_word(text, &words[*w])).map(|w| (part, w)));
            }
            prop_assert_eq!(found, plainly);
            let counts: Vec<f32> = met.counts().collect();
            for (number, key) in told {
                let mut count = 0.0;
                parts.iter().for_each(|text| each_key(text, |k| count += f32::from(u8::from(k == key))));
                prop_assert_eq!(counts[number], count);
            }
        }
    }
}

//! Keys of sound: names by their pinyin, words by how they are read.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use keqiao_text::{Text, pinyin_keys, push_reading};

use crate::analyze::is_han;

/// Longest key; prefixes of names are typed, not whole names.
const MAX_KEY: usize = 24;
/// Words of a name from which on it can be found.
const MAX_STARTS: usize = 6;
/// Longest word that is known by its sound.
const MAX_SOUND_CHARS: usize = 6;

/// The pinyin keys of names, in full and by initials, from the start and from
/// each word of the name on: `无锡华芯` is found by `wuxi`, `wx`, `huaxin` and `hx`.
/// Rarer readings of a character count from the start of the name alone.
pub(crate) fn name_keys(text: &Text, names: &[String]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for name in names {
        let folded = text.fold_str(name);
        let chars: Vec<char> = folded.chars().collect();
        let mut starts: BTreeSet<usize> = text.dictionary_words(&folded).map(|w| w.start).collect();
        starts.insert(0);
        for start in starts.into_iter().take(MAX_STARTS) {
            let rest: String = chars[start..].iter().take(MAX_KEY).collect();
            let spelt = pinyin_keys(&rest);
            let readings = if start == 0 { usize::MAX } else { 1 };
            let full = spelt.full.into_iter().take(readings);
            for key in full.chain(spelt.initials.into_iter().take(readings)) {
                keys.insert(key.chars().take(MAX_KEY).collect());
            }
        }
    }
    keys
}

/// The keys of names met before: many listings follow each other that are of one party.
#[derive(Default)]
pub(crate) struct NameKeyMemo(HashMap<Vec<String>, Arc<BTreeSet<String>>>);

impl NameKeyMemo {
    /// Parties that are remembered.
    const MOST: usize = 4_096;

    pub(crate) fn keys(&mut self, text: &Text, names: &[String]) -> Arc<BTreeSet<String>> {
        if let Some(known) = self.0.get(names) {
            return Arc::clone(known);
        }
        if self.0.len() >= Self::MOST {
            self.0.clear();
        }
        let keys = Arc::new(name_keys(text, names));
        self.0.insert(names.to_vec(), Arc::clone(&keys));
        keys
    }
}

/// How a Han word is read, its commonest reading; `None` for other words.
pub(crate) fn sound(word: &str) -> Option<String> {
    let chars = word.chars().count();
    if !(2..=MAX_SOUND_CHARS).contains(&chars) || !word.chars().all(is_han) {
        return None;
    }
    let mut out = String::with_capacity(chars * 6);
    push_reading(word, &mut out).then_some(out)
}

/// The terms `sound word` of a folded title: of its words, and of every three characters that
/// follow one another with one that is in no word, since new words are in no dictionary.
pub(crate) fn sound_terms(text: &Text, folded: &str) -> BTreeSet<String> {
    let places: Vec<usize> = folded.char_indices().map(|(at, _)| at).chain([folded.len()]).collect();
    let mut in_word = vec![false; places.len() - 1];
    let mut words = BTreeSet::new();
    for word in text.dictionary_words(folded) {
        in_word[word.start..word.start + word.text.chars().count()].fill(true);
        words.insert(word.text);
    }
    let threes = places.windows(4).zip(in_word.windows(3)).filter(|(_, known)| known.contains(&false));
    words.extend(threes.map(|(at, _)| &folded[at[0]..at[3]]));
    words.into_iter().filter_map(|word| Some(sound(word)? + " " + word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_from_each_of_its_words_on() {
        let keys = name_keys(&Text::new(), &["无锡华芯科技有限公司".into()]);
        for prefix in ["wuxi", "wx", "keji", "kjyx"] {
            assert!(keys.iter().any(|k| k.starts_with(prefix)), "{prefix} in {keys:?}");
        }
        assert!(keys.iter().all(|k| k.len() <= MAX_KEY));
    }

    #[test]
    fn words_of_one_sound_share_a_key() {
        assert_eq!(sound("封装"), sound("风装"));
        assert_eq!(sound("sic"), None);
        assert!(sound_terms(&Text::new(), "半导体封装").contains("fengzhuang 封装"));
    }
}

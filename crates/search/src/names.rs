//! Keys of sound: names by their pinyin, words by how they are read.

use std::collections::BTreeSet;

use keqiao_text::{Text, TokenKind, pinyin_keys};

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
        let mut starts: BTreeSet<usize> =
            text.tokens(&folded).iter().filter(|t| t.kind == TokenKind::Word).map(|t| t.start).collect();
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

/// How a Han word is read, its commonest reading; `None` for other words.
pub(crate) fn sound(word: &str) -> Option<String> {
    let chars = word.chars().count();
    if !(2..=MAX_SOUND_CHARS).contains(&chars) || !word.chars().all(is_han) {
        return None;
    }
    pinyin_keys(word).full.into_iter().next()
}

/// The terms `sound word` of a folded title: of its words, and of every three
/// characters that follow one another, since new words are in no dictionary.
pub(crate) fn sound_terms(text: &Text, folded: &str) -> BTreeSet<String> {
    let chars: Vec<char> = folded.chars().collect();
    let threes = chars.windows(3).map(|three| three.iter().collect::<String>());
    let words = text.tokens(folded).into_iter().filter(|t| t.kind == TokenKind::Word);
    words.map(|t| t.text).chain(threes).filter_map(|word| Some(format!("{} {word}", sound(&word)?))).collect()
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

//! Words that say nothing about what a text is about.

use std::collections::HashSet;
use std::sync::LazyLock;

/// One word per line, folded; `#` begins a remark.
const FILE: &str = include_str!("../data/stop_words.txt");

static WORDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| FILE.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect());

static SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| WORDS.iter().copied().collect());

/// All stop words, folded, in the order of the data file.
#[must_use]
pub fn stop_words() -> &'static [&'static str] {
    &WORDS
}

/// Whether a folded word is a stop word.
#[must_use]
pub fn is_stop_word(folded: &str) -> bool {
    SET.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_folded_and_without_repeats() {
        assert_eq!(SET.len(), stop_words().len());
        let text = crate::Text::new();
        for w in stop_words() {
            assert_eq!(text.fold_str(w), **w);
        }
        assert!(is_stop_word("我们") && !is_stop_word("芯片"));
    }
}

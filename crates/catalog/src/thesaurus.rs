//! Looking words up in the thesaurus.

use std::collections::HashMap;

use crate::model::Thesaurus;

impl Thesaurus {
    /// A thesaurus of these groups.
    #[must_use]
    pub fn new(groups: Vec<Vec<String>>) -> Self {
        let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, group) in groups.iter().enumerate() {
            for word in group {
                by_word.entry(Self::key(word)).or_default().push(i);
            }
        }
        Self { groups, by_word }
    }

    /// The key under which a word is found: lower case.
    #[must_use]
    pub fn key(word: &str) -> String {
        word.to_lowercase()
    }

    /// The other words that mean the same as a folded (lower-case) word, as
    /// the files write them; empty for a word no group has.
    #[must_use]
    pub fn variants(&self, folded: &str) -> Vec<&str> {
        let mut variants: Vec<&str> = Vec::new();
        for &group in self.by_word.get(folded).into_iter().flatten() {
            for word in &self.groups[group] {
                if Self::key(word) != folded && !variants.contains(&word.as_str()) {
                    variants.push(word);
                }
            }
        }
        variants
    }
}

//! `thesaurus/*.toml`: `groups`, each a list of words that mean the same.

use std::collections::HashMap;

use super::report::{Place, Report};
use super::row::Row;
use crate::model::Thesaurus;

/// The groups read so far and where each word stands.
#[derive(Default)]
pub(crate) struct Reading {
    groups: Vec<Vec<String>>,
    words: HashMap<(bool, String), Place>,
}

impl Reading {
    /// Reads a file. A word stands once among the built-in groups and once
    /// among the overlay's: that is how an operator widens a group.
    pub(crate) fn read(&mut self, report: &Report<'_>, root: Row<'_, '_>, overlay: bool) {
        for (at, group) in root.text_lists("groups") {
            if group.len() < 2 {
                report.fault(at, "a group of fewer than two words", "add a word, or remove the group");
            }
            let mut words = Vec::with_capacity(group.len());
            for (word, at) in group {
                if word.trim().is_empty() {
                    report.fault(at, "an empty word", "remove it");
                    continue;
                }
                let key = (overlay, Thesaurus::key(&word));
                if let Some(first) = self.words.get(&key) {
                    let mend = format!("remove it here or at {}", report.words(*first));
                    report.fault(at, format!("word \"{word}\" stands twice"), mend);
                    continue;
                }
                self.words.insert(key, at);
                words.push(word);
            }
            self.groups.push(words);
        }
        root.close();
    }

    /// What was read.
    pub(crate) fn finish(self) -> Thesaurus {
        Thesaurus::new(self.groups)
    }
}

//! What of a text is counted: words, pairs of neighbouring characters, single characters.

use std::collections::HashMap;

use keqiao_text::{Text, is_stop_word};

use super::postings::Counts;

/// What a stop word counts in a question, of another word's 1: in titles some tell something.
pub(crate) const STOP: f32 = 0.5;

/// The terms of one text, each as often as it stands there. Words that are not Chinese stand in all three.
pub(crate) struct Terms {
    pub(crate) words: Vec<String>,
    pub(crate) pairs: Vec<String>,
    pub(crate) characters: Vec<String>,
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

impl Terms {
    pub(crate) fn of(text: &Text, said: &str) -> Self {
        let folded = text.fold_str(said);
        let mut terms = Self {
            words: text.dictionary_words(&folded).map(|w| w.text.to_owned()).collect(),
            pairs: Vec::new(),
            characters: Vec::new(),
        };
        let chars: Vec<char> = folded.chars().collect();
        for run in chars.chunk_by(|a, b| is_han(*a) == is_han(*b)) {
            if is_han(run[0]) {
                terms.characters.extend(run.iter().map(char::to_string));
                terms.pairs.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
                continue;
            }
            for piece in run.split(|c| !c.is_alphanumeric()).filter(|p| !p.is_empty()) {
                let piece: String = piece.iter().collect();
                terms.words.push(piece.clone());
                terms.pairs.push(piece.clone());
                terms.characters.push(piece);
            }
        }
        terms
    }
}

/// Numbers for terms, in the order in which they were met.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary(HashMap<String, u32>);

impl Vocabulary {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// How often each term stands in a document; new terms get numbers.
    pub(crate) fn take(&mut self, terms: &[String]) -> Counts {
        let mut counts: HashMap<u32, f32> = HashMap::new();
        for term in terms {
            let next = self.0.len() as u32;
            *counts.entry(*self.0.entry(term.clone()).or_insert(next)).or_default() += 1.0;
        }
        sorted(counts)
    }

    /// The known terms of a question: one that stands more often counts more, ever less so.
    pub(crate) fn ask(&self, terms: &[String]) -> Counts {
        let mut counts: HashMap<u32, (f32, f32)> = HashMap::new();
        for term in terms {
            if let Some(number) = self.0.get(term) {
                let factor = if is_stop_word(term) { STOP } else { 1.0 };
                counts.entry(*number).or_insert((0.0, factor)).0 += 1.0;
            }
        }
        sorted(counts.into_iter().map(|(number, (count, factor))| (number, factor * (1.0 + count.ln()))).collect())
    }

    /// The known terms of a question, each as often as it stands there: what plain BM25 is asked.
    pub(crate) fn ask_plainly(&self, terms: &[String]) -> Counts {
        let mut counts: HashMap<u32, f32> = HashMap::new();
        for number in terms.iter().filter_map(|term| self.0.get(term)) {
            *counts.entry(*number).or_default() += 1.0;
        }
        sorted(counts)
    }
}

/// One order, so that sums over the terms of a text do not depend on chance.
fn sorted(counts: HashMap<u32, f32>) -> Counts {
    let mut counts: Counts = counts.into_iter().collect();
    counts.sort_unstable_by_key(|(number, _)| *number);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_chinese_stands_in_every_channel() {
        let terms = Terms::of(&Text::new(), "SiC衬底 8英寸");
        for channel in [&terms.words, &terms.pairs, &terms.characters] {
            assert!(channel.contains(&"sic".to_owned()) && channel.contains(&"8".to_owned()), "{channel:?}");
        }
        assert!(terms.pairs.contains(&"衬底".to_owned()) && terms.characters.contains(&"衬".to_owned()));
        assert!(!terms.pairs.iter().any(|p| p == "底英"), "no pair across what is not Chinese");
    }

    #[test]
    fn a_stop_word_counts_half_and_a_repeated_word_less_than_twice() {
        let mut vocabulary = Vocabulary::default();
        let said = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        vocabulary.take(&said(&["我们", "芯片"]));
        let asked = vocabulary.ask(&said(&["芯片", "芯片", "我们", "别的"]));
        assert_eq!(asked, [(0, 0.5), (1, 1.0 + 2f32.ln())]);
    }
}

//! Earlier questions and what answered them.

use std::collections::BTreeMap;
use std::sync::Arc;

use keqiao_text::Text;

use super::postings::Counts;
use super::terms::{Terms, Vocabulary};

/// Questions with the documents that answered them: what was taken up for one need is near to what a like need
/// looks for.
pub struct Memory {
    text: Arc<Text>,
    vocabulary: Vocabulary,
    rarity: Vec<f32>,
    /// Of each term the questions that have it, with its part of the question's vector of length 1.
    lists: Vec<Vec<(u32, f32)>>,
    answers: Vec<Vec<usize>>,
}

impl Memory {
    /// Remembers questions with the numbers of their answers.
    pub fn of<'a>(text: Arc<Text>, asked: impl Iterator<Item = (&'a str, Vec<usize>)>) -> Self {
        let mut memory = Self {
            vocabulary: Vocabulary::default(),
            rarity: Vec::new(),
            lists: Vec::new(),
            answers: Vec::new(),
            text,
        };
        let mut questions = Vec::new();
        for (question, answers) in asked {
            questions.push(memory.vocabulary.take(&terms(&memory.text, question)));
            memory.answers.push(answers);
        }
        let mut with = vec![0u32; memory.vocabulary.len()];
        questions.iter().flatten().for_each(|(term, _)| with[*term as usize] += 1);
        let rarity = |with: &u32| ((questions.len() as f32 + 1.0) / (*with as f32 + 0.5)).ln().max(0.0);
        memory.rarity = with.iter().map(rarity).collect();
        memory.lists = vec![Vec::new(); memory.vocabulary.len()];
        for (number, counts) in questions.iter().enumerate() {
            for (term, part) in memory.vector(counts) {
                memory.lists[term as usize].push((number as u32, part));
            }
        }
        memory
    }

    /// Terms weighed by rarity, of length 1 together.
    fn vector(&self, counts: &Counts) -> Counts {
        let mut vector: Counts = counts
            .iter()
            .map(|(term, count)| (*term, (1.0 + count.ln()).max(0.0) * self.rarity[*term as usize]))
            .collect();
        let length = vector.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|(_, w)| *w /= length);
        }
        vector
    }

    /// How sure earlier questions make each document they were answered by: likeness 1 of one question makes it
    /// sure, and several less like ones add up. `except` is left out: a question that is itself remembered.
    #[must_use]
    pub fn recall(&self, question: &str, except: Option<usize>) -> BTreeMap<usize, f32> {
        let asked = self.vector(&self.vocabulary.ask_plainly(&terms(&self.text, question)));
        let mut like = vec![0.0f32; self.answers.len()];
        for (term, part) in asked {
            self.lists[term as usize].iter().for_each(|(number, other)| like[*number as usize] += part * other);
        }
        let mut sure = BTreeMap::new();
        for (number, likeness) in like.into_iter().enumerate().filter(|(n, l)| *l > 0.0 && Some(*n) != except) {
            for document in &self.answers[number] {
                let before = sure.entry(*document).or_insert(0.0);
                *before = 1.0 - (1.0 - *before) * (1.0 - likeness.min(1.0).powi(2));
            }
        }
        sure
    }
}

fn terms(text: &Text, question: &str) -> Vec<String> {
    let terms = Terms::of(text, question);
    [terms.words, terms.pairs].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answered_a_like_question_is_seen_again() {
        let asked = [("碳化硅衬底怎么检测", vec![3]), ("小麦赤霉病怎么防治", vec![1, 2])];
        let memory = Memory::of(Arc::new(Text::new()), asked.iter().map(|(q, a)| (*q, a.clone())));
        let found = memory.recall("赤霉病防治", None);
        assert!(found[&1] > 0.3 && found[&1] == found[&2] && !found.contains_key(&3), "{found:?}");
        assert!(memory.recall("碳化硅衬底怎么检测", None)[&3] > 0.99);
        assert!(!memory.recall("碳化硅衬底怎么检测", Some(0)).contains_key(&3), "itself left out");
        assert!(memory.recall("", None).is_empty());
    }
}

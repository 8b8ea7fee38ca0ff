//! Earlier questions and what answered them.

use std::sync::Arc;

use keqiao_text::Text;

use super::fusion::{Channel, Seen};
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

    /// Writes into [`Channel::Asked`] how sure earlier questions make each document: likeness 1 of one question
    /// makes it sure, and several less like ones add up. `except` is left out: a question that is itself remembered.
    pub fn recall(&self, question: &str, except: Option<usize>, seen: &mut [Seen]) {
        let asked = self.vector(&self.vocabulary.ask_plainly(&terms(&self.text, question)));
        let mut like = vec![0.0f32; self.answers.len()];
        for (term, part) in asked {
            self.lists[term as usize].iter().for_each(|(number, other)| like[*number as usize] += part * other);
        }
        for (number, likeness) in like.into_iter().enumerate().filter(|(n, l)| *l > 0.0 && Some(*n) != except) {
            for document in &self.answers[number] {
                let sure = &mut seen[*document][Channel::Asked as usize];
                *sure = 1.0 - (1.0 - *sure) * (1.0 - likeness.min(1.0).powi(2));
            }
        }
    }
}

fn terms(text: &Text, question: &str) -> Vec<String> {
    let terms = Terms::of(text, question);
    [terms.words, terms.pairs].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retrieval::fusion::CHANNELS;

    #[test]
    fn what_answered_a_like_question_is_seen_again() {
        let asked = [("碳化硅衬底怎么检测", vec![3]), ("小麦赤霉病怎么防治", vec![1, 2])];
        let memory = Memory::of(Arc::new(Text::new()), asked.iter().map(|(q, a)| (*q, a.clone())));
        let recall = |question: &str, except| {
            let mut seen = vec![[0.0; CHANNELS]; 4];
            memory.recall(question, except, &mut seen);
            seen.iter().map(|s| s[Channel::Asked as usize]).collect::<Vec<f32>>()
        };
        let found = recall("赤霉病防治", None);
        assert!(found[1] > 0.3 && found[1] == found[2] && found[3] < 0.1, "{found:?}");
        assert!(recall("碳化硅衬底怎么检测", None)[3] > 0.99);
        assert!(recall("碳化硅衬底怎么检测", Some(0))[3] == 0.0, "itself left out");
        assert_eq!(recall("", None), [0.0; 4]);
    }
}

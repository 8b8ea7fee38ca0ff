//! One channel's inverted index, in memory.

/// Terms by number with how often each stands in a text, in the order of their numbers.
pub type Counts = Vec<(u32, f32)>;

/// How soon more of one term stops counting and how much a long text is held against it
/// (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bm25 {
    pub(crate) k1: f32,
    pub(crate) b: f32,
}

impl Bm25 {
    /// As textbooks have it.
    pub(crate) const PLAIN: Self = Self { k1: 1.2, b: 0.75 };
    /// Texts of a sort differ in length by how much is said, not by how often: length counts nearly whole.
    pub(crate) const OURS: Self = Self { k1: 1.2, b: 0.9 };
}

/// Which documents have a term, and how long each is.
#[derive(Debug)]
pub(crate) struct Postings {
    lists: Vec<Vec<(u32, f32)>>,
    lengths: Vec<f32>,
    average: f32,
}

impl Postings {
    /// Of documents whose terms have numbers below `terms`.
    pub(crate) fn of(documents: &[Counts], terms: usize) -> Self {
        let mut lists = vec![Vec::new(); terms];
        let mut lengths = Vec::with_capacity(documents.len());
        for (number, counts) in documents.iter().enumerate() {
            for (term, count) in counts {
                lists[*term as usize].push((number as u32, *count));
            }
            lengths.push(counts.iter().map(|(_, count)| count).sum());
        }
        let average = lengths.iter().sum::<f32>() / documents.len().max(1) as f32;
        Self { lists, lengths, average: average.max(1.0) }
    }

    fn rarity(&self, term: u32) -> f32 {
        let (all, with) = (self.lengths.len() as f32, self.lists[term as usize].len() as f32);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    /// The score of every document.
    pub(crate) fn scores(&self, asked: &Counts, by: Bm25) -> Vec<f32> {
        let mut scores = vec![0.0; self.lengths.len()];
        for (term, weight) in asked {
            let rarity = self.rarity(*term) * weight;
            for (document, count) in &self.lists[*term as usize] {
                let length = self.lengths[*document as usize] / self.average;
                let norm = by.k1 * (1.0 - by.b + by.b * length);
                scores[*document as usize] += rarity * count * (by.k1 + 1.0) / (count + norm);
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_term_and_a_short_text_count_more() {
        let documents = [vec![(0, 1.0), (1, 1.0)], vec![(0, 1.0)], vec![(0, 1.0), (2, 9.0)]];
        let postings = Postings::of(&documents, 3);
        let scores = postings.scores(&vec![(0, 1.0)], Bm25::OURS);
        assert!(scores[1] > scores[0] && scores[0] > scores[2], "{scores:?}");
        let scores = postings.scores(&vec![(0, 1.0), (1, 1.0)], Bm25::PLAIN);
        assert!(scores[0] > scores[1], "{scores:?}");
    }
}

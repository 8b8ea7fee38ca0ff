//! How good rankings are.

use std::collections::HashMap;

use serde::Serialize;

/// Of each question the documents that were judged, with their grades; 0: judged to be no answer.
pub type Qrels = HashMap<String, HashMap<String, u32>>;

/// Means over the questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Normalised discounted cumulative gain of the first ten, with gain 2^grade − 1 (Järvelin and Kekäläinen 2002;
    /// Burges et al. 2005).
    pub ndcg_at_10: f64,
    /// The reciprocal of the first answer's place, 0 beyond the tenth.
    pub mrr_at_10: f64,
    /// Share of the answers that stand among the first hundred.
    pub recall_at_100: f64,
    /// Mean average precision of the whole ranking.
    pub map: f64,
}

/// Gathers rankings.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    sum: Figures,
    questions: usize,
}

impl Measured {
    /// Takes in one question's ranking: the grades of what was found in order, and those of all its answers.
    pub fn add(&mut self, found: &[u32], answers: &[u32]) {
        let mut ideal: Vec<u32> = answers.iter().copied().filter(|g| *g > 0).collect();
        if ideal.is_empty() {
            return;
        }
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        self.questions += 1;
        self.sum.ndcg_at_10 += gain(found) / gain(&ideal);
        let first = found.iter().take(10).position(|grade| *grade > 0);
        self.sum.mrr_at_10 += first.map_or(0.0, |at| 1.0 / (at + 1) as f64);
        let all = ideal.len() as f64;
        self.sum.recall_at_100 += found.iter().take(100).filter(|grade| **grade > 0).count() as f64 / all;
        let places = found.iter().enumerate().filter(|(_, grade)| **grade > 0).map(|(at, _)| at + 1);
        self.sum.map += places.zip(1..).map(|(place, met)| f64::from(met) / place as f64).sum::<f64>() / all;
    }

    /// Questions taken in.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.questions
    }

    /// The means.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let count = self.questions.max(1) as f64;
        Figures {
            ndcg_at_10: self.sum.ndcg_at_10 / count,
            mrr_at_10: self.sum.mrr_at_10 / count,
            recall_at_100: self.sum.recall_at_100 / count,
            map: self.sum.map / count,
        }
    }
}

fn gain(grades: &[u32]) -> f64 {
    let discounted = |(at, grade): (usize, &u32)| (2f64.powi(*grade as i32) - 1.0) / ((at + 2) as f64).log2();
    grades.iter().take(10).enumerate().map(discounted).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_ranking_done_by_hand() {
        let mut measured = Measured::default();
        measured.add(&[0, 2, 0, 1], &[1, 2, 1]);
        measured.add(&[1], &[0]);
        assert_eq!(measured.questions(), 1, "a question without an answer measures nothing");
        let figures = measured.figures();
        assert!((figures.mrr_at_10 - 0.5).abs() < 1e-12);
        assert!((figures.recall_at_100 - 2.0 / 3.0).abs() < 1e-12);
        assert!((figures.map - (0.5 + 0.5) / 3.0).abs() < 1e-12);
        let (dcg, ideal) = (3.0 / 3f64.log2() + 1.0 / 5f64.log2(), 3.0 + 1.0 / 3f64.log2() + 0.5);
        assert!((figures.ndcg_at_10 - dcg / ideal).abs() < 1e-12);
    }
}

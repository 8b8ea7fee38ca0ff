//! Review of a listing on four criteria (Enterprise Europe Network's scheme).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, ListingId, ReviewId};

/// What a review looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criterion {
    /// Is what is needed or offered said clearly?
    Clarity,
    /// Are numbers, conditions and standards given?
    Specificity,
    /// Is the benefit, or the use, to be seen?
    Benefit,
    /// Is the way to a deal to be seen: maturity, terms, partner sought?
    Feasibility,
}

/// The four in the order in which they are shown.
pub const CRITERIA: [Criterion; 4] =
    [Criterion::Clarity, Criterion::Specificity, Criterion::Benefit, Criterion::Feasibility];

/// What follows from a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Published.
    Publish,
    /// Back to its author with a text.
    Hold,
    /// Closed.
    Reject,
}

/// Scores outside 0–5, or a hold without a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// A score above 5.
    #[error("a score is 0 to 5")]
    Range,
}

/// Four scores, 0–5 each, in the order of [`CRITERIA`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[u8; 4]", into = "[u8; 4]")]
pub struct Scores([u8; 4]);

impl TryFrom<[u8; 4]> for Scores {
    type Error = ScoreError;
    fn try_from(scores: [u8; 4]) -> Result<Self, Self::Error> {
        if scores.iter().all(|&s| s <= 5) { Ok(Self(scores)) } else { Err(ScoreError::Range) }
    }
}

impl From<Scores> for [u8; 4] {
    fn from(scores: Scores) -> Self {
        scores.0
    }
}

impl Scores {
    /// The sum, 0–20.
    #[must_use]
    pub fn total(self) -> u8 {
        self.0.iter().sum()
    }

    /// What follows: a total of 0–4 rejects, any single 0 or a total of 5–9
    /// holds, the rest publishes.
    #[must_use]
    pub fn decision(self) -> Decision {
        match self.total() {
            0..=4 => Decision::Reject,
            5..=9 => Decision::Hold,
            _ if self.0.contains(&0) => Decision::Hold,
            _ => Decision::Publish,
        }
    }
}

/// One review of one version of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// Of which listing.
    pub listing: ListingId,
    /// Of which version.
    pub version: i64,
    /// By whom.
    pub reviewer: AccountId,
    /// The scores.
    pub scores: Scores,
    /// What followed.
    pub decision: Decision,
    /// The text for the author.
    pub comment: String,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_of_the_scheme() {
        let decide = |s: [u8; 4]| Scores::try_from(s).unwrap().decision();
        assert_eq!(decide([1, 1, 1, 1]), Decision::Reject);
        assert_eq!(decide([2, 1, 1, 1]), Decision::Hold);
        assert_eq!(decide([5, 5, 5, 0]), Decision::Hold);
        assert_eq!(decide([3, 3, 2, 1]), Decision::Hold);
        assert_eq!(decide([3, 3, 2, 2]), Decision::Publish);
        assert_eq!(Scores::try_from([6, 0, 0, 0]), Err(ScoreError::Range));
    }
}

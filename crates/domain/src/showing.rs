//! What people did with the matches they were shown: what the ranking is learned from.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, ListingId, RankingTrialId, ShowingId, WeightVersionId};
use crate::listing::Side;

/// A list of matches as somebody who is signed in was shown it: ids and numbers. Not to whom, and none of the texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Showing {
    /// Its id.
    pub id: ShowingId,
    /// The listing that asked; `None`: a text that was not published.
    pub asking: Option<ListingId>,
    /// The side of what asked.
    pub side: Side,
    /// The kind of the need; empty: not known, or of several.
    pub kind: String,
    /// The weights that ranked it; `None`: the built-in ones.
    pub weights: Option<WeightVersionId>,
    /// The trial for which two rankings were drawn into one.
    pub trial: Option<RankingTrialId>,
    /// When.
    pub at: Timestamp,
    /// Its rows, the first first.
    pub rows: Vec<ShownMatch>,
}

/// One row of a list that was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownMatch {
    /// The counterpart.
    pub listing: ListingId,
    /// What the match was scored by, each part between 0 and 1.
    pub features: Vec<f64>,
    /// In a trial, the ranking that put it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Team>,
}

/// One of the two rankings of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Team {
    /// The one.
    One,
    /// The other.
    Other,
}

/// A set of weights that was learned or brought in, as text: whether it can be used is seen when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightVersion {
    /// Its id.
    pub id: WeightVersionId,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it; `None`: it was learned by the clock.
    pub made_by: Option<AccountId>,
    /// The weights, JSON.
    pub weights: String,
    /// What it was learned from, JSON.
    pub report: String,
}

/// Which weights matches are made with from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightUse {
    /// From when.
    pub since: Timestamp,
    /// The version; `None`: the built-in weights.
    pub version: Option<WeightVersionId>,
    /// Who decided.
    pub by: Option<AccountId>,
}

/// Two versions whose rankings are drawn into one list, to see whose matches are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankingTrial {
    /// Its id.
    pub id: RankingTrialId,
    /// The one; `None`: the built-in weights.
    pub one: Option<WeightVersionId>,
    /// The other.
    pub other: Option<WeightVersionId>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; `None`: it goes on.
    pub ended_at: Option<Timestamp>,
    /// Who began it.
    pub by: AccountId,
}

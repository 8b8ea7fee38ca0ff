//! Requirements, verdicts, matches and their reasons.

use serde::{Deserialize, Serialize};

use crate::id::ListingId;
use crate::value::Value;

/// How much a requirement weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// An offer that fails it does not fit.
    Must,
    /// An offer that fails it fits less well.
    Wish,
}

/// Where a requirement was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequirementSource {
    /// A field of the need's kind.
    Field,
    /// The need's text: the characters from `start` to before `end` (code points).
    Text {
        /// First character.
        start: usize,
        /// One past the last.
        end: usize,
    },
}

/// A need's statement about a property 要求.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    /// Property id of the catalog, or the need's own words where the catalog has none.
    pub property: String,
    /// What is required.
    pub required: Value,
    /// Must or wish.
    pub strength: Strength,
    /// Where it was read.
    pub source: RequirementSource,
}

/// One requirement against one offer 判定.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// ✓
    Meets,
    /// ◐ part of what is required, or under some of its conditions
    Partly,
    /// ? the offer does not say, or says it in words that cannot be compared
    Unknown,
    /// ✗
    Fails,
}

impl Verdict {
    /// The word used in database, API and pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Meets => "meets",
            Self::Partly => "partly",
            Self::Unknown => "unknown",
            Self::Fails => "fails",
        }
    }
}

/// One term of the need that the offer has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TermHit {
    /// The need's word.
    pub term: String,
    /// The offer's word, where it is another (a synonym).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How much it weighs, 0–1 within the need.
    pub weight: f64,
}

/// What one channel of retrieval says of an offer's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChannelValue {
    /// Its name: `words`, `pairs`, `characters`, `meaning`, `feedback`.
    pub channel: String,
    /// Its share of all weight; the shares of a reason add up to 1.
    pub weight: f64,
    /// How much of the need it finds, 0–1.
    pub value: f64,
}

/// Why an offer answers a need. The points of all reasons add up to the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Reason {
    /// Words that both have.
    Terms {
        /// The words, heaviest first.
        terms: Vec<TermHit>,
        /// Share of the need's weight that was met, 0–1.
        share: f64,
        /// Points.
        points: f64,
    },
    /// How near the texts are to each other, in words, characters and meaning.
    Text {
        /// What each channel says.
        channels: Vec<ChannelValue>,
        /// Points where every channel says 1. `points` is the sum of weight × value times this, cut to 64ths.
        most: f64,
        /// Points.
        points: f64,
    },
    /// One requirement and its verdict.
    Requirement {
        /// Property id, or the need's words.
        property: String,
        /// What the need requires.
        required: Value,
        /// What the offer says; `None`: nothing.
        offered: Option<Value>,
        /// Must or wish.
        strength: Strength,
        /// The verdict.
        verdict: Verdict,
        /// By how much it fails, in words of numbers: `85 < 125 ℃`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gap: Option<String>,
        /// Points.
        points: f64,
    },
    /// The kind of offer is one that answers this kind of need.
    Kind {
        /// The offer's kind.
        kind: String,
        /// Points.
        points: f64,
    },
    /// Same region, or one inside the other.
    Region {
        /// The region code they share.
        region: String,
        /// Points.
        points: f64,
    },
    /// Same industry or the same branch of it.
    Industry {
        /// The industry code they share.
        industry: String,
        /// Points.
        points: f64,
    },
    /// Its party has so many listings before it already; it was set back for others.
    Crowd {
        /// How many of one party stand among the first ten.
        most: i64,
        /// Points; none.
        points: f64,
    },
    /// Its party has many requests to answer; it was set back for others.
    Busy {
        /// Requests that wait for its answer.
        requests: i64,
        /// Points; none.
        points: f64,
    },
    /// Evidence or verification behind the offer.
    Evidence {
        /// The party was verified by an operator.
        verified: bool,
        /// Files behind the offer.
        attachments: i64,
        /// Points.
        points: f64,
    },
}

impl Reason {
    /// What the reason adds to the score.
    #[must_use]
    pub const fn points(&self) -> f64 {
        match self {
            Self::Terms { points, .. }
            | Self::Text { points, .. }
            | Self::Requirement { points, .. }
            | Self::Kind { points, .. }
            | Self::Region { points, .. }
            | Self::Industry { points, .. }
            | Self::Crowd { points, .. }
            | Self::Busy { points, .. }
            | Self::Evidence { points, .. } => *points,
        }
    }
}

/// A need and an offer with a score and its reasons 匹配.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// The need; `None`: a text that was not published.
    pub need: Option<ListingId>,
    /// The offer.
    pub offer: Option<ListingId>,
    /// 0–100, the sum of the reasons' points.
    pub score: f64,
    /// Whether a must failed: such a match stands below all others.
    pub blocked: bool,
    /// Why.
    pub reasons: Vec<Reason>,
}

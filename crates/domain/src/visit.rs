//! Visits 走访: a broker at a firm, what was seen there, and the needs that were found.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, ListingId, PartyId, VisitId};

/// A need that a visit found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MinedNeed {
    /// One line.
    pub title: String,
    /// What does not work, and what it costs.
    pub problem: String,
    /// How it is done today, and what was tried.
    pub today: String,
    /// What would solve it: parameters, standards.
    pub wanted: String,
    /// How much, by when, at what price.
    pub terms: String,
    /// Kind id.
    pub kind: String,
    /// The draft that was made of it.
    pub listing: Option<ListingId>,
}

impl MinedNeed {
    /// Whether nothing was filled in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.title, &self.problem, &self.today, &self.wanted, &self.terms].iter().all(|t| t.trim().is_empty())
    }
}

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Who went.
    pub broker: AccountId,
    /// The firm, if it is on the platform.
    pub party: Option<PartyId>,
    /// The firm's name as it was written.
    pub company: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Who was there.
    pub present: String,
    /// What was seen and said.
    pub notes: String,
    /// The needs that were found.
    pub needs: Vec<MinedNeed>,
    /// When to come back, `YYYY-MM-DD`.
    pub follow_up: Option<String>,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
}

//! Agreements and the promises in them.

use serde::{Deserialize, Serialize};

use crate::access::Audience;
use crate::clock::Timestamp;
use crate::id::{AccountId, AgreementId, ArticleId, CommitmentId, EntityId, FactId, PartyId};

/// A signed text 协议.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// Its title.
    pub title: String,
    /// The day it was signed, `YYYY-MM-DD`.
    pub signed_on: Option<String>,
    /// Who signed it.
    pub parties: Vec<AgreementParty>,
    /// The fact it was opened from, and its article.
    pub fact: Option<(FactId, ArticleId)>,
    /// What is to be known beside.
    pub note: String,
    /// Who may see it.
    pub audience: Audience,
    /// Grows with each change.
    pub version: i64,
    /// Who opened it.
    pub created_by: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// One who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementParty {
    /// The name.
    pub name: String,
    /// The entity it is in the graph.
    #[serde(default)]
    pub entity: Option<EntityId>,
    /// The party it is on the platform.
    #[serde(default)]
    pub party: Option<PartyId>,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommitmentState {
    /// Not yet kept.
    Open,
    /// Kept; its note says by what.
    Kept,
    /// Given up or broken.
    Dropped,
}

/// One promise in an agreement, with a due date 约定.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// The agreement.
    pub agreement: AgreementId,
    /// Who promised.
    pub who: String,
    /// What.
    pub what: String,
    /// Until when, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// How it stands.
    pub state: CommitmentState,
    /// By what it was kept, or why it was dropped.
    pub note: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was kept or dropped.
    pub closed_at: Option<Timestamp>,
}

impl Commitment {
    /// Whether it should have been kept before this day.
    #[must_use]
    pub fn is_overdue(&self, today: &str) -> bool {
        self.state == CommitmentState::Open && self.due.as_deref().is_some_and(|due| due < today)
    }
}

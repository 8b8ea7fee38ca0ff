//! The feedback list 意见建议清单: what people ask for, who sees to it, until when, and by what it was settled.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, FeedbackId, PartyId};

/// How an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedbackState {
    /// Nobody sees to it yet.
    Open,
    /// Its owner sees to it.
    InHand,
    /// Settled; its answer says by what.
    Settled,
    /// Not taken up; its answer says why.
    NotTaken,
}

impl FeedbackState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Open, Self::InHand, Self::Settled, Self::NotTaken];

    /// The word used in store and addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InHand => "in-hand",
            Self::Settled => "settled",
            Self::NotTaken => "not-taken",
        }
    }

    /// Whether something is still to be done.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Open | Self::InHand)
    }
}

/// A file that shows by what an item was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofFile {
    /// Its name.
    pub name: String,
    /// Media type, by its extension.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// Key in the blob store.
    pub blob: String,
}

/// One change of an item's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackEvent {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: AccountId,
    /// The state after it.
    pub state: FeedbackState,
    /// What was said.
    pub note: String,
    /// The evidence that was given.
    pub proof: Option<ProofFile>,
}

/// An item of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackItem {
    /// Its id.
    pub id: FeedbackId,
    /// One line.
    pub title: String,
    /// What is asked for.
    pub body: String,
    /// On whose behalf.
    pub party: Option<PartyId>,
    /// Who raised it.
    pub author: AccountId,
    /// Who sees to it.
    pub owner: Option<AccountId>,
    /// Until when, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// How it stands.
    pub state: FeedbackState,
    /// By what it was settled, or why it was not taken up.
    pub answer: String,
    /// What happened to it.
    pub events: Vec<FeedbackEvent>,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was raised.
    pub created_at: Timestamp,
}

/// What is done with an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedbackAct {
    /// Give it to somebody, until a day.
    Assign {
        /// Who sees to it.
        owner: AccountId,
        /// Until when.
        due: String,
    },
    /// Say by what it was settled.
    Settle,
    /// Say why it is not taken up.
    Refuse,
    /// Ask again.
    Reopen,
}

/// Why something cannot be done with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeedbackFault {
    /// It stands where this is not possible.
    #[error("the item stands where this is not possible")]
    NotNow,
    /// Words are missing.
    #[error("say in words by what or why")]
    Wordless,
}

impl FeedbackItem {
    /// Whether it should have been settled before this day.
    #[must_use]
    pub fn is_overdue(&self, today: &str) -> bool {
        self.state.waits() && self.due.as_deref().is_some_and(|due| due < today)
    }

    /// The item after something was done with it. An item is settled by whom it was given to, so one that nobody owns
    /// is given away first.
    ///
    /// # Errors
    /// Why it cannot be done.
    pub fn after(
        mut self,
        act: FeedbackAct,
        by: AccountId,
        (note, proof): (&str, Option<ProofFile>),
        at: Timestamp,
    ) -> Result<Self, FeedbackFault> {
        let note = note.trim();
        let waits = self.state.waits();
        let possible = match &act {
            FeedbackAct::Assign { .. } | FeedbackAct::Refuse => waits,
            FeedbackAct::Settle => self.state == FeedbackState::InHand,
            FeedbackAct::Reopen => !waits,
        };
        if !possible {
            return Err(FeedbackFault::NotNow);
        }
        if note.is_empty() && !matches!(act, FeedbackAct::Assign { .. }) {
            return Err(FeedbackFault::Wordless);
        }
        self.state = match act {
            FeedbackAct::Assign { owner, due } => {
                (self.owner, self.due) = (Some(owner), Some(due));
                FeedbackState::InHand
            }
            FeedbackAct::Settle => FeedbackState::Settled,
            FeedbackAct::Refuse => FeedbackState::NotTaken,
            FeedbackAct::Reopen if self.owner.is_some() => FeedbackState::InHand,
            FeedbackAct::Reopen => FeedbackState::Open,
        };
        self.answer = if self.state.waits() { String::new() } else { note.to_owned() };
        let proof = proof.filter(|_| self.state == FeedbackState::Settled);
        self.events.push(FeedbackEvent { at, by, state: self.state, note: note.to_owned(), proof });
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn item() -> FeedbackItem {
        FeedbackItem {
            id: FeedbackId(Uuid::nil()),
            title: "中试平台按周排期".into(),
            body: String::new(),
            party: None,
            author: AccountId(Uuid::nil()),
            owner: None,
            due: None,
            state: FeedbackState::Open,
            answer: String::new(),
            events: Vec::new(),
            demo: false,
            version: 1,
            created_at: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn an_item_is_given_away_before_it_is_settled_and_settled_in_words() {
        let (by, at) = (AccountId(Uuid::nil()), Timestamp::from_micros(1));
        assert_eq!(item().after(FeedbackAct::Settle, by, ("已排", None), at), Err(FeedbackFault::NotNow));
        let assign = FeedbackAct::Assign { owner: by, due: "2026-12-01".into() };
        let given = item().after(assign, by, ("", None), at).unwrap();
        assert!(given.is_overdue("2026-12-02") && !given.is_overdue("2026-12-01"));
        assert_eq!(given.clone().after(FeedbackAct::Settle, by, (" ", None), at), Err(FeedbackFault::Wordless));
        let settled = given.after(FeedbackAct::Settle, by, ("排期已上网", None), at).unwrap();
        assert_eq!((settled.state, settled.is_overdue("2027-01-01")), (FeedbackState::Settled, false));
        let again = settled.after(FeedbackAct::Reopen, by, ("仍要电话预约", None), at).unwrap();
        assert_eq!((again.state, again.answer.as_str(), again.events.len()), (FeedbackState::InHand, "", 3));
    }
}

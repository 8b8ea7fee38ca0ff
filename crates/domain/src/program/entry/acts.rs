//! What can happen to an entry, and what somebody wants to do with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Entrant, EntryContent, Signing};
use crate::clock::Timestamp;
use crate::id::{AccountId, EngagementId};
use crate::program::ProgramRole;
use crate::program::phase::Program;
use crate::program::sort::ProgramType;
use crate::program::ties::{Conflict, EntryTies, ReviewerTies};

/// What can happen to an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub enum EntryDeed {
    /// It was handed in.
    Submitted {
        /// As it was then.
        content: EntryContent,
    },
    /// It was withdrawn.
    Withdrawn,
    /// It passed the check.
    Passed,
    /// It was given back to be completed.
    Returned,
    /// It did not pass the check.
    Refused,
    /// It was given to a reviewer.
    Assigned {
        /// Whom.
        reviewer: AccountId,
    },
    /// It was taken from a reviewer.
    Unassigned {
        /// Whom.
        reviewer: AccountId,
    },
    /// A reviewer has an interest in it.
    Recused {
        /// Who.
        reviewer: AccountId,
        /// Which.
        conflict: Conflict,
    },
    /// A reviewer scored it.
    Scored {
        /// Who.
        reviewer: AccountId,
        /// Points by criterion.
        points: BTreeMap<String, i64>,
        /// The weighted total, thousandths of a point of 100.
        total: i64,
    },
    /// It was selected.
    Selected,
    /// It was not.
    PassedOver,
    /// The decision was taken back.
    Reconsidered,
    /// The result was appealed.
    Appealed,
    /// The appeal was answered.
    Answered {
        /// Whether it was upheld: the entry is selected.
        upheld: bool,
    },
    /// It went on show.
    Shown,
    /// It is followed up in an engagement.
    Linked {
        /// Which.
        engagement: EngagementId,
    },
    /// It was signed.
    Signed {
        /// What.
        signing: Signing,
    },
    /// It landed.
    Landed,
}

/// What somebody wants to do with an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryAct {
    /// Hand it in.
    Submit {
        /// What is handed in.
        content: EntryContent,
        /// Who enters.
        entrant: Entrant,
    },
    /// Withdraw it.
    Withdraw,
    /// Let it pass the check.
    Pass {
        /// How many of its region have passed.
        passed: i64,
        /// How many of its region may; `None`: as many as come.
        places: Option<i64>,
    },
    /// Give it back to be completed.
    Return,
    /// Refuse it at the check.
    Refuse,
    /// Give it to a reviewer.
    Assign {
        /// Whom.
        reviewer: ReviewerTies,
        /// Who stands behind the entry.
        entry: EntryTies,
    },
    /// Take it from a reviewer.
    Unassign(AccountId),
    /// As a reviewer, leave it to others.
    Recuse(Conflict),
    /// Score it.
    Score {
        /// Who.
        reviewer: ReviewerTies,
        /// Who stands behind the entry.
        entry: EntryTies,
        /// Points by criterion.
        points: BTreeMap<String, i64>,
    },
    /// Select it.
    Select,
    /// Not select it.
    PassOver,
    /// Take the decision back.
    Reconsider,
    /// Appeal against the result.
    Appeal,
    /// Answer the appeal.
    Answer {
        /// Whether it is upheld.
        upheld: bool,
    },
    /// Put it on show.
    Show,
    /// Say in which engagement it is followed up.
    Link(EngagementId),
    /// Record the signing.
    Sign(Signing),
    /// Record that it landed.
    Land {
        /// Whether the engagement it is linked to has.
        engagement_landed: bool,
    },
}

/// Who does what when.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryMove {
    /// What.
    pub act: EntryAct,
    /// Who.
    pub actor: Option<AccountId>,
    /// In which capacity.
    pub role: ProgramRole,
    /// Whether the actor acts for the entry's party as well: nobody decides on what is his own.
    pub own: bool,
    /// When.
    pub at: Timestamp,
    /// What is said with it.
    pub note: String,
}

/// On what an entry's moves are decided.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g> {
    /// The sort of program.
    pub ty: &'g ProgramType,
    /// The program.
    pub program: &'g Program,
    /// The day in the installation's zone.
    pub today: &'g str,
}

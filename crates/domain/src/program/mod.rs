//! Programs 专项: calls, fairs, awards, actions. What is particular to one sort stands in its [`ProgramType`] (TOML);
//! what holds for all stands here: the phases of a program, the stages of an entry, who may move what, and the
//! records that keep every move.

mod entry;
mod file;
mod phase;
mod record;
mod score;
mod session;
mod sort;
#[cfg(test)]
mod tests;
mod ties;

pub use entry::{
    Appeal, Entrant, EntryAct, EntryContent, EntryDeed, EntryMove, EntryReview, EntryStage, EntryState, Ground,
    ProgramEntry, ReviewState, Signing,
};
pub use file::EntryFile;
pub use phase::{Phase, Program, ProgramAct, ProgramDeed, ProgramMove, ProgramSettings, Ranked, Standing};
pub use record::{ProgramRecord, verify_records};
pub use score::{Rank, Sheet, rank, table_digest, total_of};
pub use session::{Interest, ProgramMeeting, ProgramSession, SessionSort};
pub use sort::{EntryField, Milestone, ProgramType, QuotaSort, ScoreCriterion};
pub use ties::{Conflict, EntryTies, ReviewerTies};

use serde::{Deserialize, Serialize};

use crate::access::Viewer;
use crate::workflow::FieldFault;

/// In which capacity somebody acts in a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramRole {
    /// For the party that enters.
    Entrant,
    /// For the organiser: people of the organizing party who may write for it, and operators.
    Organiser,
    /// As a reviewer.
    Reviewer,
    /// What follows by itself from a move of the program.
    Program,
}

/// Why something may not be done in a program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgramRefusal {
    /// Not for this capacity.
    #[error("this is for others to do")]
    NotYours,
    /// Not in this phase of the program.
    #[error("this cannot be done while the program is in the phase {0:?}")]
    NotNow(Phase),
    /// Not in this stage of the entry.
    #[error("this cannot be done with an entry in the stage {0:?}")]
    NotHere(EntryStage),
    /// The window has not opened, or has closed.
    #[error("entries are taken from {0} to {1}")]
    Window(String, String),
    /// The party is none of those who may enter.
    #[error("this party may not enter")]
    MayNotEnter,
    /// Programs of this sort have no such stage.
    #[error("programs of this sort have no such stage")]
    NoSuchStage,
    /// The reviewer, or whoever decides, has an interest in the entry.
    #[error("there is a conflict of interest: {0:?}")]
    Conflict(Conflict),
    /// The reviewer has the entry already, or it is there already.
    #[error("this is so already")]
    Already,
    /// The reviewer was not given this entry.
    #[error("this entry is not for you to review")]
    NotAssigned,
    /// Too few have scored it.
    #[error("{0} of {1} reviewers have scored it")]
    Quorum(i64, i64),
    /// The region has sent as many as it may.
    #[error("the region has used its {0} places")]
    QuotaFull(i64),
    /// Entries still wait: for a check, a decision, an answer to an appeal.
    #[error("{0} entries wait for it")]
    Unfinished(i64),
    /// There is nothing to go on with.
    #[error("no entry has come so far")]
    Nothing,
    /// The ranking is older than the last score.
    #[error("the ranking is older than the last score")]
    StaleRanking,
    /// Appeals may be made until this day.
    #[error("appeals may be made until {0}")]
    AppealsRun(String),
    /// The engagement it is linked to has not landed, and nothing is said instead.
    #[error("the engagement has not landed")]
    NotLanded,
    /// What was filled in is not enough.
    #[error("{} field(s) are missing or wrong", .0.len())]
    Fields(Vec<FieldFault>),
}

impl ProgramRefusal {
    /// The word used in API and pages' message keys.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotYours => "not-yours",
            Self::NotNow(_) => "not-now",
            Self::NotHere(_) => "not-here",
            Self::Window(..) => "window",
            Self::MayNotEnter => "may-not-enter",
            Self::NoSuchStage => "no-such-stage",
            Self::Conflict(Conflict::OwnEntry) => "conflict-own",
            Self::Conflict(Conflict::SameOrganization) => "conflict-same",
            Self::Conflict(Conflict::Declared) => "conflict-declared",
            Self::Already => "already",
            Self::NotAssigned => "not-assigned",
            Self::Quorum(..) => "quorum",
            Self::QuotaFull(_) => "quota-full",
            Self::Unfinished(_) => "unfinished",
            Self::Nothing => "nothing",
            Self::StaleRanking => "stale-ranking",
            Self::AppealsRun(_) => "appeals-run",
            Self::NotLanded => "not-landed",
            Self::Fields(_) => "fields",
        }
    }

    fn field(name: &str, code: &'static str) -> Self {
        Self::Fields(vec![FieldFault { field: name.to_owned(), code, detail: String::new() }])
    }
}

impl Viewer {
    /// Whether the viewer acts for a program's organiser.
    #[must_use]
    pub fn organises(&self, program: &Program) -> bool {
        self.is_operator() || program.settings.organizer.is_some_and(|party| self.may_edit_for(party))
    }

    /// Whether the viewer sees a program: everybody, once its call is out.
    #[must_use]
    pub fn sees_program(&self, program: &Program) -> bool {
        program.phase != Phase::Draft || self.organises(program)
    }

    /// Whether the viewer reads an entry whole: those of its party, and the organiser. Reviewers read it as their
    /// desk shows it, and everybody what is on show in the hall.
    #[must_use]
    pub fn reads_entry(&self, program: &Program, entry: &ProgramEntry) -> bool {
        self.role_in(entry.party).is_some() || (entry.state.stage != EntryStage::Draft && self.organises(program))
    }
}

//! The change log: what happened, in the order in which it was committed.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, RecordId};

/// What sort of record a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// A party.
    Party,
    /// A membership.
    Membership,
    /// A listing.
    Listing,
    /// A review.
    Review,
    /// An attachment.
    Attachment,
    /// An account, its roles, sessions and tokens.
    Account,
    /// An invitation.
    Invitation,
    /// A source file.
    Source,
    /// An article, and what persons said of its facts.
    Article,
    /// An entity: whether it is another, or which party.
    Entity,
    /// An agreement and its commitments.
    Agreement,
    /// An engagement: a step, a message, an appointment.
    Engagement,
    /// A broker's visit.
    Visit,
    /// An item of the feedback list.
    Feedback,
    /// A team of volunteers, and who is in it.
    VolunteerTeam,
    /// What volunteers are asked for, and who goes.
    VolunteerRequest,
    /// An expert workstation.
    Workstation,
    /// An alliance, and what its members bring in.
    Alliance,
    /// A program: its call, its phases, its sessions.
    Program,
    /// An entry of a program.
    ProgramEntry,
}

/// What happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It came to be.
    Created,
    /// Its content changed.
    Updated,
    /// Its state changed.
    Moved,
    /// It was removed.
    Removed,
}

/// One entry of the change log 变更.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its place in the order of commits; given by the store.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What sort of record.
    pub record: RecordKind,
    /// Which record.
    pub id: RecordId,
    /// What happened.
    pub action: Action,
    /// Who did it; `None`: the system.
    pub actor: Option<AccountId>,
}

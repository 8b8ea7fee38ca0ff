//! Notices on somebody's desk.

use serde::{Deserialize, Serialize};

use crate::change::RecordKind;
use crate::clock::Timestamp;
use crate::id::{AccountId, EngagementId, ListingId, NoticeId, PartyId, ProgramEntryId, ProgramId, RecordId};
use crate::review::Decision;

/// What a notice says; the pages put it into words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum NoticeBody {
    /// A counterpart was found for a listing of yours.
    MatchFound {
        /// Yours.
        listing: ListingId,
        /// The other side's.
        counterpart: ListingId,
        /// Score, 0–100.
        score: f64,
    },
    /// A listing of yours was reviewed.
    Reviewed {
        /// Yours.
        listing: ListingId,
        /// What followed.
        decision: Decision,
    },
    /// A listing of yours has run out.
    Expired {
        /// Yours.
        listing: ListingId,
    },
    /// An organization of yours was verified.
    Verified {
        /// Yours.
        organization: PartyId,
    },
    /// Somebody took up your invitation.
    Joined {
        /// Where.
        organization: PartyId,
        /// Who.
        name: String,
    },
    /// Something happened in an engagement.
    Engagement {
        /// Which.
        engagement: EngagementId,
        /// Its title.
        title: String,
        /// What.
        news: EngagementNews,
    },
    /// Something happened to a visit's draft, an item of the feedback list, a duty, a workstation or a promise.
    Service {
        /// What sort of record.
        record: RecordKind,
        /// Which.
        id: RecordId,
        /// Its title.
        title: String,
        /// What.
        news: ServiceNews,
    },
    /// Something happened in a program.
    Program {
        /// Which.
        program: ProgramId,
        /// With which entry; `None`: with the program as a whole.
        entry: Option<ProgramEntryId>,
        /// The title of the entry, or of the program.
        title: String,
        /// What.
        news: ProgramNews,
    },
}

/// What happened in a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceNews {
    /// A broker made a draft of a need that a visit to you found.
    Drafted,
    /// A visit is to be followed up.
    FollowUp,
    /// An item of the feedback list was given to you.
    FeedbackGiven,
    /// What you raised was settled or answered.
    FeedbackAnswered,
    /// An item is overdue.
    FeedbackOverdue,
    /// Somebody wants to join your team.
    VolunteerAsks,
    /// You were admitted to a team.
    VolunteerIn,
    /// You are asked to go.
    DutyAsked,
    /// A volunteer goes, or does not.
    DutyAnswered,
    /// Hours wait for your confirmation.
    HoursReported,
    /// Your hours were confirmed.
    HoursProven,
    /// The party that was served says they were others.
    HoursObjected,
    /// A workstation waits to be decided.
    StationApplied,
    /// It was decided.
    StationDecided,
    /// A term ends soon.
    StationEnds,
    /// A term is over, and the workstation was neither closed nor granted anew.
    StationOver,
    /// A promise is due soon.
    PromiseDue,
    /// A promise is overdue.
    PromiseOverdue,
}

/// What happened in a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramNews {
    /// Your entry passed the check.
    Passed,
    /// Your entry has to be completed.
    Returned,
    /// Your entry did not pass the check.
    Refused,
    /// Entries wait for your review.
    ToReview,
    /// Results are announced: your entry was selected.
    Selected,
    /// Results are announced: your entry was not selected, and you may appeal.
    PassedOver,
    /// Somebody appealed.
    Appealed,
    /// Your appeal was answered.
    Answered,
    /// Your entry is shown in the hall.
    Shown,
    /// Somebody asks to meet you.
    Interest,
    /// You have a place in a session.
    Session,
    /// The signing of your entry is on record.
    Signed,
    /// Your entry has landed.
    Landed,
}

impl ProgramNews {
    /// The word used in pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Returned => "returned",
            Self::Refused => "refused",
            Self::ToReview => "to-review",
            Self::Selected => "selected",
            Self::PassedOver => "passed-over",
            Self::Appealed => "appealed",
            Self::Answered => "answered",
            Self::Shown => "shown",
            Self::Interest => "interest",
            Self::Session => "session",
            Self::Signed => "signed",
            Self::Landed => "landed",
        }
    }
}

/// What happened in an engagement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngagementNews {
    /// It was opened, and you are asked to take it up.
    Opened,
    /// Something waits for your confirmation.
    Proposed,
    /// It moved on.
    Moved,
    /// What you proposed was not confirmed.
    Objected,
    /// It was declined.
    Declined,
    /// A step was corrected.
    Amended,
    /// A broker looks after it, or you do.
    Assigned,
    /// The other side rated it.
    Rated,
    /// A message.
    Message,
    /// A message that names you.
    Mentioned,
    /// An appointment.
    Appointment,
    /// It waits for you.
    Reminder,
    /// It has rested for long: for its broker.
    Escalated,
    /// It rested too long and is dormant now.
    Rested,
    /// The other side shared a confidential annex.
    AnnexShared,
    /// Somebody accepted the terms of your annex.
    AnnexAccepted,
}

impl EngagementNews {
    /// The word used in pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Proposed => "proposed",
            Self::Moved => "moved",
            Self::Objected => "objected",
            Self::Declined => "declined",
            Self::Amended => "amended",
            Self::Assigned => "assigned",
            Self::Rated => "rated",
            Self::Message => "message",
            Self::Mentioned => "mentioned",
            Self::Appointment => "appointment",
            Self::Reminder => "reminder",
            Self::Escalated => "escalated",
            Self::Rested => "rested",
            Self::AnnexShared => "annex-shared",
            Self::AnnexAccepted => "annex-accepted",
        }
    }
}

/// A notice 通知.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Whose.
    pub account: AccountId,
    /// What it says.
    pub body: NoticeBody,
    /// A notice of the same key is not given twice to one account.
    pub key: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// When it went out by mail.
    pub mailed_at: Option<Timestamp>,
}

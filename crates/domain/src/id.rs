//! Identifiers: UUIDv7, one type per record so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::{Clock, Entropy};

/// The id of any record, its type forgotten (change log, index, audience).
pub type RecordId = Uuid;

/// A text that is not an identifier of this installation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an id")]
pub struct ParseIdError(pub String);

/// A fresh UUIDv7: 48 bits of milliseconds, then randomness (RFC 9562 §5.7).
fn fresh_uuid(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0u8; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(clock.now().micros() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id.
            #[must_use]
            pub fn fresh(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
                Self(fresh_uuid(clock, entropy))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self).map_err(|_| ParseIdError(s.chars().take(64).collect()))
            }
        }
        impl From<RecordId> for $name {
            fn from(id: RecordId) -> Self {
                Self(id)
            }
        }
        impl From<$name> for RecordId {
            fn from(id: $name) -> RecordId {
                id.0
            }
        }
    )*};
}

ids! {
    /// A party: organization or person.
    PartyId;
    /// A membership of a person or organization in an organization.
    MembershipId;
    /// A login.
    AccountId;
    /// A need or an offer.
    ListingId;
    /// One review of one version of a listing.
    ReviewId;
    /// A file attached to a listing.
    AttachmentId;
    /// A notice on somebody's desk.
    NoticeId;
    /// An invitation of a colleague.
    InvitationId;
    /// A token for the API.
    ApiTokenId;
    /// One run of an import.
    ImportId;
    /// A file that articles came in.
    SourceId;
    /// A news story.
    ArticleId;
    /// What articles name.
    EntityId;
    /// What an article says.
    FactId;
    /// What a person said of a fact.
    CorrectionId;
    /// A signed text.
    AgreementId;
    /// A promise in an agreement.
    CommitmentId;
    /// A match that somebody took up.
    EngagementId;
    /// A message in an engagement.
    MessageId;
    /// An appointment in an engagement.
    AppointmentId;
    /// A list of matches that somebody was shown.
    ShowingId;
    /// A set of weights.
    WeightVersionId;
    /// A comparison of two rankings.
    RankingTrialId;
    /// A confidential annex of an engagement.
    AnnexId;
    /// A look at one.
    AnnexViewId;
    /// A broker's visit.
    VisitId;
    /// An item of the feedback list.
    FeedbackId;
    /// A team of volunteers.
    VolunteerTeamId;
    /// Somebody in such a team.
    VolunteerId;
    /// What volunteers are asked for.
    VolunteerRequestId;
    /// A volunteer's part in it.
    DutyId;
    /// An expert workstation.
    WorkstationId;
    /// What a member brings into an alliance.
    AllianceThingId;
    /// A call, fair, award or action.
    ProgramId;
    /// What was entered in a program.
    ProgramEntryId;
    /// A session of a program.
    ProgramSessionId;
}

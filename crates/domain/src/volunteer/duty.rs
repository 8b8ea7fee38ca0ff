//! A volunteer's part in a request: the only way in which hours come to count.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, DutyId, PartyId, VolunteerRequestId, VolunteerTeamId};

/// How a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DutyState {
    /// The volunteer is asked.
    Asked,
    /// The volunteer goes.
    Accepted,
    /// The volunteer does not.
    Declined,
    /// The volunteer has reported hours.
    Reported,
    /// The party that was served says they were others.
    Objected,
    /// Both say the same.
    Proven,
}

impl DutyState {
    /// The word used in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Reported => "reported",
            Self::Objected => "objected",
            Self::Proven => "proven",
        }
    }
}

/// Somebody's part in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its id.
    pub id: DutyId,
    /// The request.
    pub request: VolunteerRequestId,
    /// The party that is served.
    pub party: PartyId,
    /// The team for which.
    pub team: VolunteerTeamId,
    /// Who.
    pub volunteer: AccountId,
    /// How it stands.
    pub state: DutyState,
    /// From when: as asked, then as reported.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Who dispatched.
    pub asked_by: AccountId,
    /// What was done, as reported.
    pub done: String,
    /// When it was reported.
    pub reported_at: Option<Timestamp>,
    /// What the party that was served says otherwise.
    pub objection: String,
    /// Who confirmed, and when.
    pub proven: Option<(AccountId, Timestamp)>,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was asked.
    pub created_at: Timestamp,
}

/// What is done with a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DutyAct {
    /// Agree to go.
    Accept,
    /// Not go.
    Decline,
    /// Report hours.
    Report {
        /// From when.
        from: Timestamp,
        /// Until when.
        to: Timestamp,
        /// What was done.
        done: String,
    },
    /// Say that they were the reported ones.
    Prove {
        /// The version that was read: what is confirmed is what was seen.
        seen: i64,
    },
    /// Say that they were others.
    Object {
        /// Which.
        why: String,
    },
}

/// Who acts on a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyActor {
    /// The account.
    pub account: AccountId,
    /// Whether it may write for the party that was served.
    pub for_party: bool,
}

/// Why something cannot be done with a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DutyFault {
    /// It is for the volunteer, or for the party that was served.
    #[error("this is for others to do")]
    NotYours,
    /// Nobody confirms their own hours.
    #[error("nobody confirms their own hours")]
    OwnHours,
    /// It stands where this is not possible.
    #[error("the duty stands where this is not possible")]
    NotNow,
    /// It was changed since it was read.
    #[error("it was reported anew")]
    Stale,
    /// The hours have no length, or are to come.
    #[error("the hours have no length, or are still to come")]
    Hours,
    /// Words are missing.
    #[error("say it in words")]
    Wordless,
}

impl Duty {
    /// Seconds.
    #[must_use]
    pub const fn seconds(&self) -> i64 {
        (self.to.micros() - self.from.micros()) / 1_000_000
    }

    /// Whether its time is taken.
    #[must_use]
    pub const fn takes_time(&self) -> bool {
        !matches!(self.state, DutyState::Declined | DutyState::Asked)
    }

    /// Whether hours were reported, proven or not.
    #[must_use]
    pub const fn has_hours(&self) -> bool {
        matches!(self.state, DutyState::Reported | DutyState::Objected | DutyState::Proven)
    }

    /// The duty after something was done with it.
    ///
    /// # Errors
    /// Why it cannot be done.
    pub fn after(mut self, act: DutyAct, by: DutyActor, at: Timestamp) -> Result<Self, DutyFault> {
        let own = by.account == self.volunteer;
        let of_volunteer = matches!(act, DutyAct::Accept | DutyAct::Decline | DutyAct::Report { .. });
        if of_volunteer && !own || !of_volunteer && !by.for_party {
            return Err(DutyFault::NotYours);
        }
        if !of_volunteer && own {
            return Err(DutyFault::OwnHours);
        }
        let now_possible = match act {
            DutyAct::Accept => self.state == DutyState::Asked,
            DutyAct::Decline => matches!(self.state, DutyState::Asked | DutyState::Accepted),
            DutyAct::Report { .. } => {
                matches!(self.state, DutyState::Accepted | DutyState::Reported | DutyState::Objected)
            }
            DutyAct::Prove { .. } | DutyAct::Object { .. } => self.state == DutyState::Reported,
        };
        if !now_possible {
            return Err(DutyFault::NotNow);
        }
        match act {
            DutyAct::Accept => self.state = DutyState::Accepted,
            DutyAct::Decline => self.state = DutyState::Declined,
            DutyAct::Report { from, to, done } => {
                if to <= from || to > at {
                    return Err(DutyFault::Hours);
                }
                if done.trim().is_empty() {
                    return Err(DutyFault::Wordless);
                }
                (self.from, self.to, self.done) = (from, to, done.trim().to_owned());
                (self.state, self.reported_at, self.objection) = (DutyState::Reported, Some(at), String::new());
            }
            DutyAct::Prove { seen } => {
                if seen != self.version {
                    return Err(DutyFault::Stale);
                }
                (self.state, self.proven) = (DutyState::Proven, Some((by.account, at)));
            }
            DutyAct::Object { why } => {
                if why.trim().is_empty() {
                    return Err(DutyFault::Wordless);
                }
                (self.state, self.objection) = (DutyState::Objected, why.trim().to_owned());
            }
        }
        Ok(self)
    }
}

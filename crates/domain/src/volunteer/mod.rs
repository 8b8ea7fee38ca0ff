//! Volunteer service 志愿服务: teams with branches, what communities and firms ask for, who goes, and hours that two
//! parties prove.
//!
//! Hours count when the volunteer has reported them and somebody of the party that was served has confirmed the very
//! same hours. Nobody else can enter any, whatever role they have.

mod duty;
mod hours;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, PartyId, VolunteerId, VolunteerRequestId, VolunteerTeamId};

pub use duty::{Duty, DutyAct, DutyActor, DutyFault, DutyState};
pub use hours::{Anomaly, HoursSum, PAIR_DAYS, PAIR_MOST, anomalies, sum_hours};

/// A team or a branch of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolunteerTeam {
    /// Its id.
    pub id: VolunteerTeamId,
    /// Its name.
    pub name: String,
    /// The team whose branch it is.
    pub parent: Option<VolunteerTeamId>,
    /// The organization that carries it; its editors look after the team.
    pub party: PartyId,
    /// Region code.
    pub region: Option<String>,
    /// What its people can do.
    pub skills: Vec<String>,
    /// What it does.
    pub summary: String,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was founded here.
    pub created_at: Timestamp,
}

/// Whether somebody belongs to a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VolunteerState {
    /// Asks to be admitted.
    Asks,
    /// Belongs to it.
    In,
    /// Has left, or was not admitted.
    Out,
}

impl VolunteerState {
    /// The word used in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asks => "asks",
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// Somebody in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volunteer {
    /// Its id.
    pub id: VolunteerId,
    /// The team.
    pub team: VolunteerTeamId,
    /// Who.
    pub account: AccountId,
    /// What he or she can do.
    pub skills: Vec<String>,
    /// Region code of where.
    pub region: Option<String>,
    /// Whether admitted.
    pub state: VolunteerState,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// Since when.
    pub created_at: Timestamp,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// People are looked for.
    Open,
    /// Over.
    Done,
    /// Called off.
    Off,
}

impl RequestState {
    /// The word used in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Off => "off",
        }
    }
}

/// What a community or a firm asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolunteerRequest {
    /// Its id.
    pub id: VolunteerRequestId,
    /// Who asks; its editors confirm hours.
    pub party: PartyId,
    /// One line.
    pub title: String,
    /// What is to be done.
    pub body: String,
    /// What one has to be able to do.
    pub skills: Vec<String>,
    /// Region code.
    pub region: Option<String>,
    /// Where.
    pub place: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// How many people.
    pub wanted: i64,
    /// How it stands.
    pub state: RequestState,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was asked.
    pub created_at: Timestamp,
}

/// How well somebody fits a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The skills asked for that he or she has.
    pub skills: Vec<String>,
    /// Whether all are there.
    pub all_skills: bool,
    /// How near: 2 the same place, 1 the same province, 0 elsewhere or not known.
    pub near: u8,
    /// Whether nothing else is agreed for that time.
    pub free: bool,
}

impl Fit {
    /// The order in which people are proposed; the highest first.
    #[must_use]
    pub fn rank(&self) -> (bool, bool, usize, u8) {
        (self.free, self.all_skills, self.skills.len(), self.near)
    }
}

impl VolunteerRequest {
    /// How well a volunteer fits, who has these duties.
    #[must_use]
    pub fn fit(&self, volunteer: &Volunteer, duties: &[Duty]) -> Fit {
        let has = |skill: &&String| volunteer.skills.iter().any(|s| crate::fold_key(s) == crate::fold_key(skill));
        let skills: Vec<String> = self.skills.iter().filter(has).cloned().collect();
        let near = match (&self.region, &volunteer.region) {
            (Some(there), Some(here)) if there == here || there.get(..4) == here.get(..4) => 2,
            (Some(there), Some(here)) if there.get(..2) == here.get(..2) => 1,
            _ => 0,
        };
        let own = duties.iter().filter(|d| d.volunteer == volunteer.account && d.request != self.id);
        let busy = own.filter(|d| d.takes_time()).any(|d| d.from < self.ends_at && self.starts_at < d.to);
        Fit { all_skills: skills.len() == self.skills.len(), skills, near, free: !busy }
    }
}

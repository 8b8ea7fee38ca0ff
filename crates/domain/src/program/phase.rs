//! A program, its phases, and what brings it from one to the next.

mod settings;

pub use settings::ProgramSettings;

use serde::{Deserialize, Serialize};

use super::record::ProgramRecord;
use super::sort::ProgramType;
use super::{ProgramRefusal, ProgramRole};
use crate::clock::Timestamp;
use crate::id::{AccountId, ProgramId};

/// Where a program stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The call is being written. 筹备
    Draft,
    /// Entries come and are checked. 征集
    Open,
    /// They are reviewed and selected. 评审
    Review,
    /// The results are told, and can be appealed. 公示
    Announced,
    /// The results stand; what was selected is shown, signed, landed. 发布
    Published,
    /// Nothing more happens. 结束
    Closed,
}

impl Phase {
    /// All of them, in their order.
    pub const ALL: [Self; 6] = [Self::Draft, Self::Open, Self::Review, Self::Announced, Self::Published, Self::Closed];

    /// The word used in API, forms and pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Review => "review",
            Self::Announced => "announced",
            Self::Published => "published",
            Self::Closed => "closed",
        }
    }

    /// The one that follows.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|p| *p > self)
    }
}

/// When a ranking was made, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// When.
    pub at: Timestamp,
    /// How many score sheets it counts.
    pub reviews: i64,
    /// The digest of its table.
    pub digest: String,
}

/// A program 专项.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its id.
    pub id: ProgramId,
    /// What sort it is: the id of a file of `catalog/programs`.
    pub ty: String,
    /// What the organiser set.
    pub settings: ProgramSettings,
    /// Where it stands.
    pub phase: Phase,
    /// The day on which it came there, in the installation's zone.
    pub since: String,
    /// The last ranking.
    pub ranked: Option<Ranked>,
    /// How many entries its record has.
    pub steps: i64,
    /// The hash of the last.
    pub head: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it is demo data.
    pub demo: bool,
}

/// What can happen to a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub enum ProgramDeed {
    /// It was made.
    Created {
        /// What sort it is.
        ty: String,
        /// What was set.
        settings: ProgramSettings,
    },
    /// Something was set anew.
    Amended {
        /// What is set now.
        settings: ProgramSettings,
    },
    /// It came into another phase.
    Moved {
        /// Which.
        phase: Phase,
    },
    /// A ranking was made.
    Ranked {
        /// How many score sheets it counts.
        reviews: i64,
        /// The digest of its table.
        digest: String,
    },
}

/// What somebody wants to do with a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramAct {
    /// Set it anew.
    Amend(ProgramSettings),
    /// Bring it into the next phase.
    Go(Phase),
    /// Keep a ranking.
    Rank {
        /// How many score sheets it counts.
        reviews: i64,
        /// The digest of its table.
        digest: String,
    },
}

/// How the entries of a program stand, as far as its phases depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Handed in and not checked.
    pub unchecked: i64,
    /// Checked and not decided.
    pub undecided: i64,
    /// Selected.
    pub selected: i64,
    /// Appeals without an answer.
    pub unanswered: i64,
    /// Score sheets.
    pub reviews: i64,
}

/// Who moves a program, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramMove {
    /// What.
    pub act: ProgramAct,
    /// Who; `None`: the console.
    pub actor: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// The day of that in the installation's zone.
    pub today: String,
}

fn day_after(day: &str, days: i64) -> String {
    let date = day.parse::<jiff::civil::Date>().ok();
    let later = date.and_then(|d| d.checked_add(jiff::Span::new().try_days(days).ok()?).ok());
    later.map_or_else(|| day.to_owned(), |d| d.to_string())
}

impl Program {
    /// A fresh program, and the record it begins with.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn create(
        id: ProgramId,
        ty: &ProgramType,
        settings: ProgramSettings,
        by: &ProgramMove,
    ) -> Result<(Self, ProgramRecord<ProgramDeed>), ProgramRefusal> {
        let faults = settings.faults(ty);
        if !faults.is_empty() {
            return Err(ProgramRefusal::Fields(faults));
        }
        let blank = Self {
            id,
            ty: ty.id.clone(),
            settings: settings.clone(),
            phase: Phase::Draft,
            since: by.today.clone(),
            ranked: None,
            steps: 0,
            head: String::new(),
            created_at: by.at,
            demo: false,
        };
        let record = blank.record(by, ProgramDeed::Created { ty: ty.id.clone(), settings });
        Ok((blank.after(&record, &by.today), record))
    }

    fn record(&self, by: &ProgramMove, what: ProgramDeed) -> ProgramRecord<ProgramDeed> {
        ProgramRecord {
            of: self.id.0,
            ordinal: self.steps + 1,
            previous: self.head.clone(),
            at: by.at,
            actor: by.actor,
            role: ProgramRole::Organiser,
            note: String::new(),
            what,
        }
    }

    /// The last day on which an appeal may be made.
    #[must_use]
    pub fn appeals_until(&self) -> String {
        day_after(&self.since, self.settings.appeal_days)
    }

    /// The record that follows when the organiser acts.
    ///
    /// # Errors
    /// Why it may not be done.
    pub fn next(
        &self,
        ty: &ProgramType,
        standing: &Standing,
        by: &ProgramMove,
    ) -> Result<ProgramRecord<ProgramDeed>, ProgramRefusal> {
        let what = match &by.act {
            ProgramAct::Amend(settings) => self.amend(ty, settings)?,
            ProgramAct::Go(phase) => self.go(ty, standing, *phase, &by.today)?,
            ProgramAct::Rank { reviews, digest } => {
                if self.phase != Phase::Review {
                    return Err(ProgramRefusal::NotNow(self.phase));
                }
                ProgramDeed::Ranked { reviews: *reviews, digest: digest.clone() }
            }
        };
        Ok(self.record(by, what))
    }

    /// What was promised to who entered stays: how they are judged once reviewing began, how long they may appeal
    /// once results are out.
    fn amend(&self, ty: &ProgramType, settings: &ProgramSettings) -> Result<ProgramDeed, ProgramRefusal> {
        let faults = settings.faults(ty);
        if !faults.is_empty() {
            return Err(ProgramRefusal::Fields(faults));
        }
        let old = &self.settings;
        let judged = (settings.blind, settings.quorum, &settings.quotas) != (old.blind, old.quorum, &old.quotas);
        let windowed = (&settings.opens_on, &settings.closes_on) != (&old.opens_on, &old.closes_on);
        let appealed = settings.appeal_days != old.appeal_days;
        let fixed =
            (self.phase >= Phase::Review && (judged || windowed)) || (self.phase >= Phase::Announced && appealed);
        if fixed || self.phase == Phase::Closed {
            return Err(ProgramRefusal::NotNow(self.phase));
        }
        Ok(ProgramDeed::Amended { settings: settings.clone() })
    }

    fn go(&self, ty: &ProgramType, s: &Standing, phase: Phase, today: &str) -> Result<ProgramDeed, ProgramRefusal> {
        if self.phase.next() != Some(phase) {
            return Err(ProgramRefusal::NotNow(self.phase));
        }
        match phase {
            Phase::Draft => return Err(ProgramRefusal::NotNow(self.phase)),
            Phase::Open => {
                let faults = self.settings.faults(ty);
                if !faults.is_empty() {
                    return Err(ProgramRefusal::Fields(faults));
                }
            }
            Phase::Review if s.unchecked > 0 => return Err(ProgramRefusal::Unfinished(s.unchecked)),
            Phase::Review if s.undecided == 0 => return Err(ProgramRefusal::Nothing),
            Phase::Announced if s.undecided > 0 => return Err(ProgramRefusal::Unfinished(s.undecided)),
            Phase::Announced if s.selected == 0 => return Err(ProgramRefusal::Nothing),
            Phase::Announced => {
                let ranked = self.ranked.as_ref().map(|r| r.reviews);
                if !ty.criteria.is_empty() && ranked != Some(s.reviews) {
                    return Err(ProgramRefusal::StaleRanking);
                }
            }
            Phase::Published if s.unanswered > 0 => return Err(ProgramRefusal::Unfinished(s.unanswered)),
            Phase::Published if self.settings.appeal_days > 0 && *today <= *self.appeals_until() => {
                return Err(ProgramRefusal::AppealsRun(self.appeals_until()));
            }
            Phase::Review | Phase::Published | Phase::Closed => {}
        }
        Ok(ProgramDeed::Moved { phase })
    }

    /// The program after a record of its own; `today`: the day of that in the installation's zone.
    #[must_use]
    pub fn after(mut self, record: &ProgramRecord<ProgramDeed>, today: &str) -> Self {
        self.steps = record.ordinal;
        self.head = record.seal().hash;
        match &record.what {
            ProgramDeed::Created { ty, settings } => {
                (self.ty, self.settings) = (ty.clone(), settings.clone());
            }
            ProgramDeed::Amended { settings } => self.settings = settings.clone(),
            ProgramDeed::Moved { phase } => {
                self.phase = *phase;
                today.clone_into(&mut self.since);
            }
            ProgramDeed::Ranked { reviews, digest } => {
                self.ranked = Some(Ranked { at: record.at, reviews: *reviews, digest: digest.clone() });
            }
        }
        self
    }
}

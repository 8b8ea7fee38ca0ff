//! Engagements 对接: a match that somebody took up, and the record of what became of it.
//!
//! What happened stands in the [`Step`]s alone. The [`State`] is what they come to: it follows from them without
//! the workflow, so that a record reads the same after the workflow was changed. What may happen next is decided by
//! [`State::next`], which knows the workflow and nothing else.

mod amend;
mod annex;
mod clock;
mod next;
mod roles;
mod step;
mod talk;
mod tally;
mod tenure;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, EngagementId, ListingId, PartyId};
use crate::listing::Side;

pub use annex::{Acceptance, AnnexFile, AnnexLook, EngagementAnnex};
pub use clock::{Due, UnknownZone, Zone, next_due};
pub use next::{Act, Entry, Refusal};
pub(crate) use step::hash_of;
pub use step::{ChainFault, Deed, FileProof, KeptStep, Proposal, Sealed, Step, verify_chain, verify_whole};
pub use talk::{Appointment, EngagementFile, Message, mentioned};
pub use tally::{Measure, Tally, tallies};
pub use tenure::{Tenure, tenures};

/// In which capacity somebody acts in an engagement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// For the need's party.
    Need,
    /// For the offer's party.
    Offer,
    /// As its broker.
    Broker,
    /// As an operator.
    Operator,
    /// Nobody: time.
    Clock,
}

impl Role {
    /// All roles of people.
    pub const PEOPLE: [Self; 4] = [Self::Need, Self::Offer, Self::Broker, Self::Operator];

    /// The side it stands on, if it stands on one.
    #[must_use]
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::Need => Some(Side::Need),
            Self::Offer => Some(Side::Offer),
            Self::Broker | Self::Operator | Self::Clock => None,
        }
    }

    /// The word used in API and pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Need => "need",
            Self::Offer => "offer",
            Self::Broker => "broker",
            Self::Operator => "operator",
            Self::Clock => "clock",
        }
    }
}

impl From<Side> for Role {
    fn from(side: Side) -> Self {
        match side {
            Side::Need => Self::Need,
            Side::Offer => Self::Offer,
        }
    }
}

/// What an engagement is about: fixed when it is opened, and part of its first step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The workflow's id.
    pub workflow: String,
    /// One line.
    pub title: String,
    /// The need, if it was published.
    pub need: Option<ListingId>,
    /// The offer, if it was published.
    pub offer: Option<ListingId>,
    /// Who needs.
    pub need_party: PartyId,
    /// Who offers.
    pub offer_party: PartyId,
    /// Kind id of need or offer.
    pub kind: String,
    /// Region code.
    pub region: Option<String>,
    /// The program it belongs to.
    pub program: Option<String>,
    /// The month in which it was opened, in the installation's zone: `2026-11`.
    pub month: String,
    /// Whether it is demo data.
    pub demo: bool,
}

impl Subject {
    /// The party of a side.
    #[must_use]
    pub const fn party(&self, side: Side) -> PartyId {
        match side {
            Side::Need => self.need_party,
            Side::Offer => self.offer_party,
        }
    }
    /// The listing of a side.
    #[must_use]
    pub const fn listing(&self, side: Side) -> Option<ListingId> {
        match side {
            Side::Need => self.need,
            Side::Offer => self.offer,
        }
    }
}

/// A move or an amendment that waits for confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// The step that proposed it.
    pub step: i64,
    /// What.
    pub what: Proposal,
    /// The sides that have not confirmed.
    pub asks: Vec<Side>,
    /// Who proposed or confirmed: nobody may do so for both sides.
    pub agreed: Vec<AccountId>,
}

/// When each side first acted; nothing of the side that opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// The need's.
    pub need: Option<Timestamp>,
    /// The offer's.
    pub offer: Option<Timestamp>,
}

/// How an engagement stands: what its steps come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// How many steps there are.
    pub steps: i64,
    /// The hash of the last.
    pub head: String,
    /// Who opened it.
    pub opener: Role,
    /// When.
    pub opened_at: Timestamp,
    /// When the last step was taken.
    pub last_at: Timestamp,
    /// The stage.
    pub stage: String,
    /// Since when.
    pub since: Timestamp,
    /// The stage from which it went aside.
    pub back: Option<String>,
    /// What waits for confirmation.
    pub pending: Option<Pending>,
    /// Its broker.
    pub broker: Option<AccountId>,
    /// The stages of the path it has reached, in their order.
    pub reached: Vec<String>,
    /// Moves that were made.
    pub done: BTreeSet<String>,
    /// When the sides first acted.
    pub answered: Answered,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Whether it ever rested too long. A side that had not acted by then missed it, whatever became of it later.
    #[serde(default)]
    pub rested: bool,
    /// The sides that rated it.
    pub rated: Vec<Side>,
    /// Who did: nobody may do so for both sides.
    #[serde(default)]
    pub raters: Vec<AccountId>,
}

impl State {
    /// What the steps come to; `None` when there are none, or the first is none that opens.
    #[must_use]
    pub fn of(steps: &[Step]) -> Option<Self> {
        let (first, rest) = steps.split_first()?;
        let state = Self::opened(first)?;
        Some(rest.iter().fold(state, Self::after))
    }

    /// The state after an opening step.
    #[must_use]
    pub fn opened(step: &Step) -> Option<Self> {
        step.subject.as_ref()?;
        let blank = Self {
            steps: 0,
            head: String::new(),
            opener: step.role,
            opened_at: step.at,
            last_at: step.at,
            stage: step.stage.clone(),
            since: step.at,
            back: None,
            pending: None,
            broker: step.broker,
            reached: Vec::new(),
            done: BTreeSet::new(),
            answered: Answered::default(),
            reason: None,
            rested: false,
            rated: Vec::new(),
            raters: Vec::new(),
        };
        Some(blank.after(step))
    }

    /// The state after one more step.
    #[must_use]
    pub fn after(mut self, step: &Step) -> Self {
        self.steps = step.ordinal;
        self.head = step.hash();
        self.last_at = step.at;
        if step.stage != self.stage {
            self.since = step.at;
            self.stage.clone_from(&step.stage);
            self.back.clone_from(&step.back);
            self.pending = None;
        }
        self.reached.extend(step.reached.iter().cloned());
        if let Some(side) = step.role.side() {
            let first = match side {
                Side::Need => &mut self.answered.need,
                Side::Offer => &mut self.answered.offer,
            };
            if self.opener.side() != Some(side) && first.is_none() {
                *first = Some(step.at);
            }
        }
        match step.deed {
            Deed::Confirmed => {
                if let Some(pending) = &mut self.pending {
                    pending.asks.clone_from(&step.asks);
                    pending.agreed.extend(step.actor);
                }
                if step.asks.is_empty() {
                    self.pending = None;
                }
            }
            Deed::Objected => self.pending = None,
            Deed::Assigned => self.broker = step.broker,
            Deed::Rated => {
                self.rated.extend(step.role.side());
                self.raters.extend(step.actor);
            }
            Deed::Rested => self.rested = true,
            Deed::Opened | Deed::Moved | Deed::Proposed | Deed::Amended | Deed::AnnexShared | Deed::AnnexAccepted => {}
        }
        if matches!(step.deed, Deed::Moved | Deed::Confirmed) && step.asks.is_empty() {
            self.done.extend(step.made.clone());
        }
        if step.reason.is_some() {
            self.reason.clone_from(&step.reason);
        }
        if let Some(what) = &step.proposes {
            let agreed = step.actor.into_iter().collect();
            self.pending = Some(Pending { step: step.ordinal, what: what.clone(), asks: step.asks.clone(), agreed });
        }
        self
    }
}

/// An engagement 对接.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engagement {
    /// Its id.
    pub id: EngagementId,
    /// What it is about.
    pub subject: Subject,
    /// How it stands.
    pub state: State,
    /// What the clock does next, and when; not part of the record.
    #[serde(default)]
    pub due: Option<(Due, Timestamp)>,
}

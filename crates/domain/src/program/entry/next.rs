//! What may happen to an entry next: a function of its state, its program and who acts.

use std::collections::BTreeMap;

use super::{EntryAct, EntryDeed, EntryMove, EntryStage, EntryState, Ground, ReviewState, Signing};
use crate::id::AccountId;
use crate::program::phase::Phase;
use crate::program::record::ProgramRecord;
use crate::program::score::total_of;
use crate::program::sort::{Milestone, QuotaSort};
use crate::program::ties::{Conflict, EntryTies, ReviewerTies};
use crate::program::{ProgramRefusal, ProgramRole};

/// Most characters of what is said with a move.
const NOTE: usize = 2_000;

use EntryStage::{Checked, Draft, Landed, PassedOver, Refused, Returned, Selected, Shown, Signed, Submitted};

type Decided = Result<EntryDeed, ProgramRefusal>;

impl EntryState {
    /// The record that follows when somebody acts.
    ///
    /// # Errors
    /// Why it may not be done.
    pub fn next(
        &self,
        of: crate::id::ProgramEntryId,
        ground: Ground<'_>,
        by: EntryMove,
    ) -> Result<ProgramRecord<EntryDeed>, ProgramRefusal> {
        if by.note.chars().count() > NOTE {
            return Err(ProgramRefusal::field("note", "too-long"));
        }
        let what = self.decide(ground, &by)?;
        Ok(ProgramRecord {
            of: of.0,
            ordinal: self.steps + 1,
            previous: self.head.clone(),
            // Clocks of nodes differ: a record never runs backwards.
            at: by.at.max(self.since),
            actor: by.actor,
            role: by.role,
            note: by.note,
            what,
        })
    }

    fn decide(&self, ground: Ground<'_>, by: &EntryMove) -> Decided {
        let spoken = || if by.note.trim().is_empty() { Err(ProgramRefusal::field("note", "required")) } else { Ok(()) };
        match &by.act {
            EntryAct::Submit { .. } => self.submit(ground, by),
            EntryAct::Withdraw => {
                self.may(ground, by, ProgramRole::Entrant, &[Phase::Open, Phase::Review, Phase::Announced])?;
                self.stands(&[Submitted, Returned, Checked, Selected, PassedOver])?;
                Ok(EntryDeed::Withdrawn)
            }
            EntryAct::Pass { .. } | EntryAct::Return | EntryAct::Refuse => {
                self.may(ground, by, ProgramRole::Organiser, &[Phase::Open])?;
                self.stands(&[Submitted])?;
                match by.act {
                    EntryAct::Pass { passed, places } => pass(ground, passed, places),
                    EntryAct::Return => spoken().map(|()| EntryDeed::Returned),
                    _ => spoken().map(|()| EntryDeed::Refused),
                }
            }
            EntryAct::Assign { reviewer, entry } => self.assign(ground, by, reviewer, entry),
            EntryAct::Unassign(reviewer) => {
                self.may(ground, by, ProgramRole::Organiser, &[Phase::Review])?;
                match self.reviews.get(reviewer).map(|r| &r.state) {
                    Some(ReviewState::Assigned) => Ok(EntryDeed::Unassigned { reviewer: *reviewer }),
                    Some(_) => Err(ProgramRefusal::Already),
                    None => Err(ProgramRefusal::NotAssigned),
                }
            }
            EntryAct::Recuse(conflict) => {
                self.may(ground, by, ProgramRole::Reviewer, &[Phase::Review])?;
                let reviewer = self.given_to(by.actor)?;
                Ok(EntryDeed::Recused { reviewer, conflict: *conflict })
            }
            EntryAct::Score { reviewer, entry, points } => self.score(ground, by, (reviewer, entry), points),
            EntryAct::Select | EntryAct::PassOver => {
                self.may(ground, by, ProgramRole::Organiser, &[Phase::Review])?;
                self.stands(&[Checked])?;
                let (has, needs) = (self.scored(), ground.program.settings.quorum);
                if !ground.ty.criteria.is_empty() && has < needs {
                    return Err(ProgramRefusal::Quorum(has, needs));
                }
                Ok(if by.act == EntryAct::Select { EntryDeed::Selected } else { EntryDeed::PassedOver })
            }
            EntryAct::Reconsider => {
                self.may(ground, by, ProgramRole::Organiser, &[Phase::Review])?;
                self.stands(&[Selected, PassedOver])?;
                Ok(EntryDeed::Reconsidered)
            }
            EntryAct::Appeal => {
                self.may(ground, by, ProgramRole::Entrant, &[Phase::Announced])?;
                self.stands(&[PassedOver, Refused])?;
                if self.appeal.is_some() {
                    return Err(ProgramRefusal::Already);
                }
                spoken().map(|()| EntryDeed::Appealed)
            }
            EntryAct::Answer { upheld } => {
                self.may(ground, by, ProgramRole::Organiser, &[Phase::Announced])?;
                match &self.appeal {
                    None => Err(ProgramRefusal::NotHere(self.stage)),
                    Some(appeal) if appeal.answer.is_some() => Err(ProgramRefusal::Already),
                    Some(_) => spoken().map(|()| EntryDeed::Answered { upheld: *upheld }),
                }
            }
            EntryAct::Show | EntryAct::Link(_) | EntryAct::Sign(_) | EntryAct::Land { .. } => self.follow(ground, by),
        }
    }

    /// Whether a role may act in the phase the program is in.
    fn may(
        &self,
        ground: Ground<'_>,
        by: &EntryMove,
        role: ProgramRole,
        phases: &[Phase],
    ) -> Result<(), ProgramRefusal> {
        if by.role != role {
            return Err(ProgramRefusal::NotYours);
        }
        if role == ProgramRole::Organiser && by.own {
            return Err(ProgramRefusal::Conflict(Conflict::OwnEntry));
        }
        if phases.contains(&ground.program.phase) { Ok(()) } else { Err(ProgramRefusal::NotNow(ground.program.phase)) }
    }

    fn stands(&self, stages: &[EntryStage]) -> Result<(), ProgramRefusal> {
        if stages.contains(&self.stage) { Ok(()) } else { Err(ProgramRefusal::NotHere(self.stage)) }
    }

    fn submit(&self, ground: Ground<'_>, by: &EntryMove) -> Decided {
        let EntryAct::Submit { content, entrant } = &by.act else { return Err(ProgramRefusal::NotYours) };
        self.may(ground, by, ProgramRole::Entrant, &[Phase::Open])?;
        self.stands(&[Draft, Returned])?;
        let settings = &ground.program.settings;
        let inside = *settings.opens_on <= *ground.today && *ground.today <= *settings.closes_on;
        // What was given back to be completed may come again after the last day.
        if !inside && self.stage == Draft {
            return Err(ProgramRefusal::Window(settings.opens_on.clone(), settings.closes_on.clone()));
        }
        let unverified = ground.ty.verified && entrant.kind == crate::PartyKind::Organization && !entrant.verified;
        if unverified || !ground.ty.entrants.contains(&entrant.kind) {
            return Err(ProgramRefusal::MayNotEnter);
        }
        let faults = ground.ty.faults(content);
        if !faults.is_empty() {
            return Err(ProgramRefusal::Fields(faults));
        }
        Ok(EntryDeed::Submitted { content: content.clone() })
    }

    fn assign(&self, ground: Ground<'_>, by: &EntryMove, reviewer: &ReviewerTies, entry: &EntryTies) -> Decided {
        self.may(ground, by, ProgramRole::Organiser, &[Phase::Review])?;
        self.stands(&[Checked])?;
        if ground.ty.criteria.is_empty() {
            return Err(ProgramRefusal::NoSuchStage);
        }
        if let Some(conflict) = reviewer.conflict(entry) {
            return Err(ProgramRefusal::Conflict(conflict));
        }
        if self.reviews.contains_key(&reviewer.account) {
            return Err(ProgramRefusal::Already);
        }
        Ok(EntryDeed::Assigned { reviewer: reviewer.account })
    }

    /// The reviewer, when the entry is given to him.
    fn given_to(&self, actor: Option<AccountId>) -> Result<AccountId, ProgramRefusal> {
        let reviewer = actor.ok_or(ProgramRefusal::NotAssigned)?;
        match self.reviews.get(&reviewer).map(|r| &r.state) {
            Some(ReviewState::Assigned | ReviewState::Scored { .. }) => Ok(reviewer),
            Some(ReviewState::Recused { .. }) | None => Err(ProgramRefusal::NotAssigned),
        }
    }

    fn score(
        &self,
        ground: Ground<'_>,
        by: &EntryMove,
        (ties, entry): (&ReviewerTies, &EntryTies),
        points: &BTreeMap<String, i64>,
    ) -> Decided {
        self.may(ground, by, ProgramRole::Reviewer, &[Phase::Review])?;
        self.stands(&[Checked])?;
        let reviewer = self.given_to(by.actor)?;
        if ties.account != reviewer {
            return Err(ProgramRefusal::NotAssigned);
        }
        // Ties come to be after an entry was given out.
        if let Some(conflict) = ties.conflict(entry) {
            return Err(ProgramRefusal::Conflict(conflict));
        }
        let ty = ground.ty;
        if let Some(unknown) = points.keys().find(|id| !ty.criteria.iter().any(|c| c.id == **id)) {
            return Err(ProgramRefusal::field(unknown, "unknown-field"));
        }
        for criterion in &ty.criteria {
            match points.get(&criterion.id) {
                None => return Err(ProgramRefusal::field(&criterion.id, "required")),
                Some(n) if !(0..=ty.scale).contains(n) => {
                    return Err(ProgramRefusal::field(&criterion.id, "out-of-range"));
                }
                Some(_) => {}
            }
        }
        Ok(EntryDeed::Scored { reviewer, points: points.clone(), total: total_of(ty, points) })
    }

    /// What follows the results.
    fn follow(&self, ground: Ground<'_>, by: &EntryMove) -> Decided {
        let has = |m| if ground.ty.has(m) { Ok(()) } else { Err(ProgramRefusal::NoSuchStage) };
        match &by.act {
            EntryAct::Show => {
                self.may(ground, by, ProgramRole::Program, &[Phase::Published])?;
                has(Milestone::Shown)?;
                self.stands(&[Selected])?;
                Ok(EntryDeed::Shown)
            }
            EntryAct::Link(engagement) => {
                let role =
                    if by.role == ProgramRole::Organiser { ProgramRole::Organiser } else { ProgramRole::Entrant };
                // To say where something is followed up decides nothing.
                let by = EntryMove { own: false, ..by.clone() };
                self.may(ground, &by, role, &[Phase::Published])?;
                self.stands(&[Selected, Shown, Signed])?;
                if self.engagement == Some(*engagement) {
                    return Err(ProgramRefusal::Already);
                }
                Ok(EntryDeed::Linked { engagement: *engagement })
            }
            EntryAct::Sign(signing) => {
                self.may(ground, by, ProgramRole::Organiser, &[Phase::Published])?;
                has(Milestone::Signed)?;
                self.stands(if ground.ty.has(Milestone::Shown) { &[Shown] } else { &[Selected] })?;
                signing.check()?;
                Ok(EntryDeed::Signed { signing: signing.clone() })
            }
            EntryAct::Land { engagement_landed } => {
                self.may(ground, by, ProgramRole::Organiser, &[Phase::Published])?;
                has(Milestone::Landed)?;
                self.stands(&[Signed])?;
                // With an engagement its record is the proof; without, somebody has to say what is.
                match self.engagement {
                    Some(_) if !engagement_landed => Err(ProgramRefusal::NotLanded),
                    None if by.note.trim().is_empty() => Err(ProgramRefusal::field("note", "required")),
                    _ => Ok(EntryDeed::Landed),
                }
            }
            _ => Err(ProgramRefusal::NotHere(self.stage)),
        }
    }

    /// Whether nothing moves it any more.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self.stage, Landed | EntryStage::Withdrawn)
    }
}

fn pass(ground: Ground<'_>, passed: i64, places: Option<i64>) -> Decided {
    match places {
        Some(places) if ground.ty.quota == QuotaSort::Limit && passed >= places => {
            Err(ProgramRefusal::QuotaFull(places))
        }
        _ => Ok(EntryDeed::Passed),
    }
}

impl Signing {
    fn check(&self) -> Result<(), ProgramRefusal> {
        if self.with.trim().is_empty() {
            return Err(ProgramRefusal::field("with", "required"));
        }
        if self.with.chars().count() > 200 {
            return Err(ProgramRefusal::field("with", "too-long"));
        }
        if self.on.len() != 10 || self.on.parse::<jiff::civil::Date>().is_err() {
            return Err(ProgramRefusal::field("on", "not-a-date"));
        }
        if self.amount_yuan.is_some_and(|n| !(0..=1_000_000_000_000).contains(&n)) {
            return Err(ProgramRefusal::field("amount", "not-a-number"));
        }
        Ok(())
    }
}

//! What may happen next: the rules of an engagement, as a function of its state, its workflow and who acts.

use super::{Deed, FileProof, Proposal, Role, State, Step, Subject};
use crate::clock::Timestamp;
use crate::id::{AccountId, EngagementId};
use crate::listing::Side;
use crate::value::Attributes;
use crate::workflow::{FieldFault, Move, Mover, StageSort, Target, Workflow};

/// What somebody wants to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Make or propose a move.
    Move {
        /// Its id.
        id: String,
        /// The reason it asks for.
        reason: Option<String>,
    },
    /// Confirm what was proposed.
    Confirm,
    /// Not confirm it.
    Object,
    /// Correct an earlier step.
    Amend(Box<Step>),
    /// Name a broker, or none.
    Assign(Option<AccountId>),
    /// Rate it, 1–5.
    Rate(i64),
    /// Let it rest: the clock's.
    Rest,
    /// Share a confidential annex; what was filled in says which.
    ShareAnnex,
    /// Accept the terms of one.
    AcceptAnnex,
}

/// Who does what when, and with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What.
    pub act: Act,
    /// Who; `None`: time.
    pub actor: Option<AccountId>,
    /// In which capacity.
    pub role: Role,
    /// When.
    pub at: Timestamp,
    /// What was filled in.
    pub content: Attributes,
    /// What is said besides.
    pub note: String,
    /// What is attached.
    pub files: Vec<FileProof>,
}

/// Why something may not be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such move, stage or step.
    #[error("the workflow does not know this")]
    Unknown,
    /// Not for this capacity.
    #[error("this is for others to do")]
    NotYours,
    /// Not in this stage.
    #[error("this cannot be done in the stage {0}")]
    NotHere(String),
    /// Something waits for confirmation first.
    #[error("step {0} has to be confirmed first")]
    Waiting(i64),
    /// Nothing waits for this side's confirmation.
    #[error("nothing waits for your confirmation")]
    NothingToConfirm,
    /// The same person has agreed for the other side.
    #[error("the two sides cannot be confirmed by one person")]
    SamePerson,
    /// Another move has to be made before.
    #[error("{0} has to come first")]
    First(String),
    /// What was filled in or attached is not enough.
    #[error("{} field(s) are missing or wrong", .0.len())]
    Fields(Vec<FieldFault>),
    /// This side has rated it.
    #[error("this side has rated it already")]
    Rated,
    /// It has not rested long enough.
    #[error("it is not due")]
    NotDue,
}

impl Refusal {
    /// The word used in API and pages' message keys.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotYours => "not-yours",
            Self::NotHere(_) => "not-here",
            Self::Waiting(_) => "waiting",
            Self::NothingToConfirm => "nothing-to-confirm",
            Self::SamePerson => "same-person",
            Self::First(_) => "first",
            Self::Fields(_) => "fields",
            Self::Rated => "rated",
            Self::NotDue => "not-due",
        }
    }
}

pub(super) fn field(name: &str, code: &'static str) -> Refusal {
    Refusal::Fields(vec![FieldFault { field: name.to_owned(), code, detail: String::new() }])
}

/// Both sides but the one of a role.
pub(super) fn others(role: Role) -> Vec<Side> {
    [Side::Need, Side::Offer].into_iter().filter(|s| role.side() != Some(*s)).collect()
}

impl Step {
    /// The step that opens an engagement: whoever opens it proposes to the other side, or to both, to take it up.
    #[must_use]
    pub fn opening(workflow: &Workflow, engagement: EngagementId, subject: Subject, entry: Entry) -> Self {
        let mut step = Self::blank(engagement, 1, String::new(), entry, workflow.start.clone());
        step.deed = Deed::Opened;
        step.reached = vec![workflow.start.clone()];
        step.proposes = Some(Proposal::Move(workflow.opens.clone()));
        step.asks = others(step.role);
        // A broker looks after what he opens.
        step.broker = step.actor.filter(|_| step.role == Role::Broker);
        step.subject = Some(subject);
        step
    }

    fn blank(engagement: EngagementId, ordinal: i64, previous: String, entry: Entry, stage: String) -> Self {
        let Entry { actor, role, at, content, note, files, act: _ } = entry;
        Self {
            engagement,
            ordinal,
            previous,
            at,
            actor,
            role,
            deed: Deed::Moved,
            stage,
            made: None,
            reached: Vec::new(),
            back: None,
            proposes: None,
            asks: Vec::new(),
            amends: None,
            broker: None,
            reason: None,
            score: None,
            content,
            note,
            files,
            subject: None,
        }
    }
}

impl State {
    /// The step that follows when somebody acts.
    ///
    /// # Errors
    /// Why it may not be done.
    pub fn next(&self, workflow: &Workflow, engagement: EngagementId, mut entry: Entry) -> Result<Step, Refusal> {
        // Clocks of nodes differ: a record never runs backwards.
        entry.at = entry.at.max(self.last_at);
        let act = entry.act.clone();
        let filled_in = matches!(act, Act::Move { .. } | Act::Amend(_) | Act::ShareAnnex | Act::AcceptAnnex);
        let (role, actor, files) = (entry.role, entry.actor, entry.files.len());
        let mut step = Step::blank(engagement, self.steps + 1, self.head.clone(), entry, self.stage.clone());
        match act {
            Act::Move { id, reason } => {
                let made = workflow.find_move(&id).ok_or(Refusal::Unknown)?;
                self.may_move(workflow, made, role)?;
                let faults = made.faults(&step.content, files);
                if !faults.is_empty() {
                    return Err(Refusal::Fields(faults));
                }
                if made.reason && reason.is_none() {
                    return Err(field("reason", "required"));
                }
                step.reason = reason.filter(|_| made.reason);
                step.made = Some(id);
                if made.both {
                    step.deed = Deed::Proposed;
                    step.asks = others(role);
                    step.proposes = step.made.clone().map(Proposal::Move);
                } else {
                    self.go(workflow, made, &mut step)?;
                }
            }
            Act::Confirm => self.confirm(workflow, role, actor, &mut step)?,
            Act::Object => self.object(workflow, role, &mut step)?,
            Act::Amend(of) => self.amend(workflow, &of, role, files, &mut step)?,
            Act::Assign(broker) => {
                let takes = role == Role::Broker && self.broker.is_none() && broker == actor;
                let hands_over = role == Role::Broker && self.broker == actor && broker.is_some();
                if !(role == Role::Operator || takes || hands_over) || broker == self.broker {
                    return Err(Refusal::NotYours);
                }
                (step.deed, step.broker) = (Deed::Assigned, broker);
            }
            Act::Rate(score) => self.rate(workflow, role, score, &mut step)?,
            Act::ShareAnnex => {
                role.side().ok_or(Refusal::NotYours)?;
                step.deed = Deed::AnnexShared;
            }
            Act::AcceptAnnex if role == Role::Clock => return Err(Refusal::NotYours),
            Act::AcceptAnnex => step.deed = Deed::AnnexAccepted,
            Act::Rest => {
                let rests_in = workflow.rests_in.clone().ok_or(Refusal::Unknown)?;
                if role != Role::Clock {
                    return Err(Refusal::NotYours);
                }
                workflow.stage(&self.stage).and_then(|s| s.dormant_days).ok_or(Refusal::NotDue)?;
                (step.deed, step.stage, step.back) = (Deed::Rested, rests_in, Some(self.stage.clone()));
            }
        }
        // Moves, corrections of them and annexes have fields; whatever else came along would stand in the record for good.
        if !filled_in && let Some(name) = step.content.keys().next() {
            return Err(field(name, "unknown-field"));
        }
        Ok(step)
    }

    /// The moves that a role may make now; what they must bring is not asked here.
    #[must_use]
    pub fn moves<'w>(&self, workflow: &'w Workflow, role: Role) -> Vec<&'w Move> {
        workflow.moves.iter().filter(|m| self.may_move(workflow, m, role).is_ok()).collect()
    }

    /// Whether a move is for a role to make.
    pub(super) fn is_mover(&self, made: &Move, role: Role) -> bool {
        made.by.iter().any(|mover| match mover {
            Mover::Need => role == Role::Need,
            Mover::Offer => role == Role::Offer,
            Mover::Opener => role == self.opener,
            Mover::Answerer => role.side().is_some() && role != self.opener,
            Mover::Broker => role == Role::Broker,
            Mover::Operator => role == Role::Operator,
        })
    }

    fn may_move(&self, workflow: &Workflow, made: &Move, role: Role) -> Result<(), Refusal> {
        if !made.from.contains(&self.stage) || made.id == workflow.opens {
            return Err(Refusal::NotHere(self.stage.clone()));
        }
        if !self.is_mover(made, role) {
            return Err(Refusal::NotYours);
        }
        if let Some(first) = made.after.iter().find(|m| !self.done.contains(*m)) {
            return Err(Refusal::First(first.clone()));
        }
        let beside = match &made.to {
            Target::Stay => true,
            Target::Back => false,
            Target::Stage(id) => workflow.stage(id).is_some_and(|s| s.sort == StageSort::Aside),
        };
        match &self.pending {
            // One may always leave, or write down what happens meanwhile.
            Some(pending) if made.both || !beside => Err(Refusal::Waiting(pending.step)),
            _ => Ok(()),
        }
    }

    /// Lets a move take effect.
    fn go(&self, workflow: &Workflow, made: &Move, step: &mut Step) -> Result<(), Refusal> {
        let target = match &made.to {
            Target::Stay => return Ok(()),
            Target::Stage(id) => id.clone(),
            Target::Back => self.back.clone().ok_or_else(|| Refusal::NotHere(self.stage.clone()))?,
        };
        let stage = workflow.stage(&target).ok_or(Refusal::Unknown)?;
        if stage.sort == StageSort::Aside {
            // From one side exit to another, the way back stays the same.
            step.back = self.back.clone().or_else(|| Some(self.stage.clone()));
        } else {
            let rank = workflow.rank(&target).unwrap_or_default();
            let passed = workflow.path().take(rank + 1).map(|s| s.id.clone());
            step.reached = passed.filter(|s| !self.reached.contains(s)).collect();
        }
        if target == workflow.start {
            // It was never taken up: coming back is asking again.
            step.proposes = Some(Proposal::Move(workflow.opens.clone()));
            step.asks = others(step.role);
        }
        step.stage = target;
        Ok(())
    }

    fn confirm(
        &self,
        workflow: &Workflow,
        role: Role,
        actor: Option<AccountId>,
        step: &mut Step,
    ) -> Result<(), Refusal> {
        let pending = self.pending.as_ref().ok_or(Refusal::NothingToConfirm)?;
        let side = role.side().filter(|s| pending.asks.contains(s)).ok_or(Refusal::NothingToConfirm)?;
        if actor.is_none_or(|a| pending.agreed.contains(&a)) {
            return Err(Refusal::SamePerson);
        }
        step.deed = Deed::Confirmed;
        step.asks = pending.asks.iter().copied().filter(|s| *s != side).collect();
        match &pending.what {
            Proposal::Amend(ordinal) => step.amends = Some(*ordinal),
            Proposal::Move(id) => {
                step.made = Some(id.clone());
                if step.asks.is_empty() {
                    let made = workflow.find_move(id).ok_or(Refusal::Unknown)?;
                    self.go(workflow, made, step)?;
                }
            }
        }
        Ok(())
    }

    fn object(&self, workflow: &Workflow, role: Role, step: &mut Step) -> Result<(), Refusal> {
        let pending = self.pending.as_ref().ok_or(Refusal::NothingToConfirm)?;
        if role.side().is_none() {
            return Err(Refusal::NotYours);
        }
        if pending.what == Proposal::Move(workflow.opens.clone()) {
            // Not to take it up is to decline, and asks for a reason.
            return Err(Refusal::NotHere(self.stage.clone()));
        }
        if step.note.trim().is_empty() {
            return Err(field("note", "required"));
        }
        step.deed = Deed::Objected;
        match &pending.what {
            Proposal::Amend(ordinal) => step.amends = Some(*ordinal),
            Proposal::Move(id) => step.made = Some(id.clone()),
        }
        Ok(())
    }

    fn rate(&self, workflow: &Workflow, role: Role, score: i64, step: &mut Step) -> Result<(), Refusal> {
        if workflow.stage(&self.stage).is_none_or(|s| s.sort != StageSort::Landed) {
            return Err(Refusal::NotHere(self.stage.clone()));
        }
        let side = role.side().ok_or(Refusal::NotYours)?;
        if self.rated.contains(&side) {
            return Err(Refusal::Rated);
        }
        if step.actor.is_none_or(|a| self.raters.contains(&a)) {
            return Err(Refusal::SamePerson);
        }
        if !(1..=5).contains(&score) {
            return Err(field("score", "rating-range"));
        }
        if step.note.trim().is_empty() {
            return Err(field("note", "required"));
        }
        (step.deed, step.score) = (Deed::Rated, Some(score));
        Ok(())
    }
}

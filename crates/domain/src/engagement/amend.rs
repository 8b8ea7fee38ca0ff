//! Correcting a step: a further step, never a change of the first.

use super::next::{field, others};
use super::{Deed, Proposal, Refusal, Role, State, Step};
use crate::workflow::{Move, Workflow};

impl State {
    /// The move whose step a role may correct now; what the correction must bring is not asked here.
    ///
    /// One corrects what is for one's role to say: one's own, or, of what both sides confirm, a proposal that is not
    /// the other side's.
    ///
    /// # Errors
    /// Why it may not.
    pub fn may_amend<'w>(&self, workflow: &'w Workflow, of: &Step, role: Role) -> Result<&'w Move, Refusal> {
        if !matches!(of.deed, Deed::Moved | Deed::Proposed) {
            return Err(Refusal::Unknown);
        }
        let made = of.made.as_deref().and_then(|id| workflow.find_move(id)).ok_or(Refusal::Unknown)?;
        let of_the_other_side = role.side().is_some() && of.role.side().is_some();
        let own = role == of.role || (made.both && !of_the_other_side);
        if !own || !self.is_mover(made, role) {
            return Err(Refusal::NotYours);
        }
        match &self.pending {
            Some(pending) => Err(Refusal::Waiting(pending.step)),
            None => Ok(made),
        }
    }

    pub(super) fn amend(
        &self,
        workflow: &Workflow,
        of: &Step,
        role: Role,
        files: usize,
        step: &mut Step,
    ) -> Result<(), Refusal> {
        if of.engagement != step.engagement {
            return Err(Refusal::Unknown);
        }
        let made = self.may_amend(workflow, of, role)?;
        // What was attached then still stands.
        let faults = made.faults(&step.content, files + of.files.len());
        if !faults.is_empty() {
            return Err(Refusal::Fields(faults));
        }
        if step.note.trim().is_empty() {
            return Err(field("note", "required"));
        }
        step.deed = Deed::Amended;
        step.made.clone_from(&of.made);
        step.amends = Some(of.ordinal);
        if made.both {
            step.proposes = Some(Proposal::Amend(of.ordinal));
            step.asks = others(role);
        }
        Ok(())
    }
}

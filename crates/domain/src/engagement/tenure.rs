//! Who looked after an engagement, from when to when: what came of it is to the credit of all of them.

use super::{Deed, Role, Step};
use crate::clock::Timestamp;
use crate::id::AccountId;

/// The time in which a broker looked after an engagement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenure {
    /// Who.
    pub broker: AccountId,
    /// Since when.
    pub from: Timestamp,
    /// Until when; `None`: to this day.
    pub to: Option<Timestamp>,
    /// How many steps he or she took meanwhile.
    pub steps: usize,
    /// The stages that were reached meanwhile.
    pub reached: Vec<String>,
}

/// The brokers of an engagement, one after the other, as its steps tell.
#[must_use]
pub fn tenures(steps: &[Step]) -> Vec<Tenure> {
    let mut out: Vec<Tenure> = Vec::new();
    for step in steps {
        let named = match step.deed {
            Deed::Opened => step.broker.map(Some),
            Deed::Assigned => Some(step.broker),
            _ => None,
        };
        if let Some(broker) = named {
            if let Some(last) = out.last_mut().filter(|t| t.to.is_none()) {
                last.to = Some(step.at);
            }
            let begun = |broker| Tenure { broker, from: step.at, to: None, steps: 0, reached: Vec::new() };
            out.extend(broker.map(begun));
        }
        if let Some(last) = out.last_mut().filter(|t| t.to.is_none()) {
            let own = step.role == Role::Broker && step.actor == Some(last.broker);
            last.steps += usize::from(own && step.deed != Deed::Assigned);
            last.reached.extend(step.reached.iter().cloned());
        }
    }
    out
}

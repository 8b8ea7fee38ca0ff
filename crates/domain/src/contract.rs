//! Technology contracts 技术合同: what a registration office asks for, by a versioned rule set of the catalog, and what
//! of it the record of an engagement shows.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::engagement::{Deed, FileProof, Step};
use crate::id::{AccountId, EngagementId};
use crate::value::{Attributes, Value};
use crate::workflow::LocalName;

/// By what an item of the checklist is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemProof {
    /// Both parties have a credit code.
    Codes,
    /// The kind of contract is one that is registered.
    Type,
    /// The day of signing stands in the record.
    SignedOn,
    /// The contract's number stands in the record.
    Number,
    /// The amount stands in the record.
    Amount,
    /// The part for technology stands in the record and is not more than the amount.
    TechnologyAmount,
    /// The signed text is attached to the record.
    Text,
    /// Somebody says where the contract has it.
    Statement,
}

/// A type of technology contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContractType {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// The choices of the signing form that are of it.
    pub of: Vec<String>,
}

/// An item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractItem {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// By what it is shown.
    pub shown_by: ItemProof,
    /// The types it is asked for; empty: all.
    pub types: Vec<String>,
    /// Whether the pack is not complete without it.
    pub required: bool,
}

/// Which move signs, and which of its fields hold what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SigningFields {
    /// The move.
    pub made: String,
    /// The field with the kind of contract.
    pub kind: String,
    /// With the day.
    pub signed_on: String,
    /// With the number.
    pub number: String,
    /// With the amount 成交额.
    pub amount: String,
    /// With the part of it for technology 技术交易额.
    pub technology_amount: String,
}

/// A rule set for technology contracts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContractRules {
    /// Its version.
    pub version: String,
    /// Since when it holds, `YYYY-MM-DD`.
    pub since: String,
    /// What its reader has to know.
    pub note: LocalName,
    /// Where the record has what.
    pub fields: SigningFields,
    /// The types.
    pub types: Vec<ContractType>,
    /// The checklist.
    pub items: Vec<ContractItem>,
}

/// What somebody says about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Where the contract has it, or why it does not apply.
    pub text: String,
    /// Who says so.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// What was said about the items of an engagement's contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractPack {
    /// The engagement.
    pub engagement: EngagementId,
    /// What was said, by item.
    pub statements: BTreeMap<String, Statement>,
    /// Grows with each change.
    pub version: i64,
}

/// What a record says of the contract that was signed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signed {
    /// The step that holds: the signing, or its last correction.
    pub step: i64,
    /// The choice of the signing form.
    pub kind: String,
    /// The day.
    pub signed_on: Option<String>,
    /// The number.
    pub number: Option<String>,
    /// The amount.
    pub amount: Option<f64>,
    /// The part for technology.
    pub technology_amount: Option<f64>,
    /// What was attached.
    pub files: Vec<FileProof>,
}

/// An item, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedItem {
    /// The item.
    pub item: ContractItem,
    /// Whether it is shown.
    pub met: bool,
    /// What was said about it.
    pub statement: Option<Statement>,
}

/// What holds of a move: what was filled in when it was made, or by the last correction that took effect, and every
/// file that was attached; `None` while it has not taken effect.
#[must_use]
pub fn in_effect<'s>(steps: &'s [Step], made: &str) -> Option<(&'s Step, Vec<FileProof>)> {
    let mut holds: Option<(&Step, Vec<FileProof>)> = None;
    let mut waits: Option<&Step> = None;
    for step in steps.iter().filter(|s| s.made.as_deref() == Some(made) || s.amends.is_some()) {
        let of_it = step.made.as_deref() == Some(made) || waits.is_some_and(|w| w.amends == step.amends);
        let effective = match step.deed {
            Deed::Moved | Deed::Amended if of_it && step.asks.is_empty() => Some(step),
            Deed::Proposed | Deed::Amended if of_it => {
                waits = Some(step);
                None
            }
            Deed::Confirmed if of_it && step.asks.is_empty() => waits.take(),
            Deed::Objected if of_it => {
                waits = None;
                None
            }
            _ => None,
        };
        if let Some(step) = effective {
            let mut files = if step.amends.is_some() { holds.map_or_else(Vec::new, |(_, f)| f) } else { Vec::new() };
            files.extend(step.files.iter().cloned());
            holds = Some((step, files));
        }
    }
    holds
}

fn text(content: &Attributes, field: &str) -> Option<String> {
    match content.get(field) {
        Some(Value::Text(text)) if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    }
}

fn number(content: &Attributes, field: &str) -> Option<f64> {
    match content.get(field) {
        Some(Value::Number(n)) => Some(*n),
        _ => None,
    }
}

impl ContractRules {
    /// What a record says of the contract; `None` while none is signed.
    #[must_use]
    pub fn signed(&self, steps: &[Step]) -> Option<Signed> {
        let (step, files) = in_effect(steps, &self.fields.made)?;
        let (content, fields) = (&step.content, &self.fields);
        Some(Signed {
            step: step.ordinal,
            kind: text(content, &fields.kind).unwrap_or_default(),
            signed_on: text(content, &fields.signed_on),
            number: text(content, &fields.number),
            amount: number(content, &fields.amount),
            technology_amount: number(content, &fields.technology_amount),
            files,
        })
    }

    /// The type that a choice of the signing form is of; `None`: it is not a technology contract.
    #[must_use]
    pub fn type_of(&self, kind: &str) -> Option<&ContractType> {
        self.types.iter().find(|t| t.of.iter().any(|of| of == kind))
    }

    /// How the items stand that are asked for.
    #[must_use]
    pub fn check(&self, signed: &Signed, codes: bool, statements: &BTreeMap<String, Statement>) -> Vec<CheckedItem> {
        let of = self.type_of(&signed.kind);
        let asked = |item: &&ContractItem| item.types.is_empty() || of.is_some_and(|of| item.types.contains(&of.id));
        let check = |item: &ContractItem| {
            let statement = statements.get(&item.id).cloned();
            let met = match item.shown_by {
                ItemProof::Codes => codes,
                ItemProof::Type => of.is_some(),
                ItemProof::SignedOn => signed.signed_on.is_some(),
                ItemProof::Number => signed.number.is_some(),
                ItemProof::Amount => signed.amount.is_some(),
                ItemProof::TechnologyAmount => {
                    signed.technology_amount.is_some_and(|part| signed.amount.is_some_and(|all| part <= all))
                }
                ItemProof::Text => !signed.files.is_empty(),
                ItemProof::Statement => statement.is_some(),
            };
            CheckedItem { item: item.clone(), met, statement }
        };
        self.items.iter().filter(asked).map(check).collect()
    }
}

/// Whether nothing that is required is missing.
#[must_use]
pub fn is_complete(items: &[CheckedItem]) -> bool {
    items.iter().all(|c| c.met || !c.item.required)
}

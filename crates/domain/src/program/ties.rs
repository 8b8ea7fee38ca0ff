//! Conflicts of interest: who may not judge what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, PartyId};

/// Why somebody may not judge an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conflict {
    /// It is their own.
    OwnEntry,
    /// They belong to an organization to which the entrant belongs.
    SameOrganization,
    /// They said so.
    Declared,
}

impl Conflict {
    /// The word used in API and pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnEntry => "own-entry",
            Self::SameOrganization => "same-organization",
            Self::Declared => "declared",
        }
    }
}

/// To whom a reviewer is tied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewerTies {
    /// The reviewer.
    pub account: AccountId,
    /// The reviewer's own person.
    pub person: Option<PartyId>,
    /// Organizations in which the account has a role, or the person a post.
    pub organizations: BTreeSet<PartyId>,
    /// Parties the reviewer declared.
    pub declared: BTreeSet<PartyId>,
}

/// Who stands behind an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryTies {
    /// Who wrote it.
    pub author: AccountId,
    /// Whose it is.
    pub party: PartyId,
    /// Organizations to which that party belongs.
    pub organizations: BTreeSet<PartyId>,
}

impl ReviewerTies {
    /// Why this reviewer may not judge an entry; `None`: he may. Own beats shared beats declared.
    #[must_use]
    pub fn conflict(&self, entry: &EntryTies) -> Option<Conflict> {
        if self.account == entry.author || self.person == Some(entry.party) {
            return Some(Conflict::OwnEntry);
        }
        let behind = || entry.organizations.iter().chain([&entry.party]);
        if behind().any(|party| self.organizations.contains(party)) {
            return Some(Conflict::SameOrganization);
        }
        behind().any(|party| self.declared.contains(party)).then_some(Conflict::Declared)
    }
}

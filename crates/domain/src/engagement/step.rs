//! Steps 环节记录, and the chain they make.
//!
//! A step is kept as the very text that was hashed: one line of JSON with the fields in the order below and without
//! those that are empty. It names the hash of the step before it and of every file attached, so that a byte changed
//! anywhere shows.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Engagement, Role, State, Subject};
use crate::clock::Timestamp;
use crate::id::{AccountId, AttachmentId, EngagementId};
use crate::listing::Side;
use crate::value::Attributes;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// The engagement was opened.
    Opened,
    /// A move was made.
    Moved,
    /// A move was proposed that both sides must confirm.
    Proposed,
    /// A side confirmed what was proposed.
    Confirmed,
    /// A side did not.
    Objected,
    /// An earlier step was corrected.
    Amended,
    /// A broker was named.
    Assigned,
    /// A side rated it.
    Rated,
    /// It rested too long.
    Rested,
    /// A confidential annex was shared.
    AnnexShared,
    /// Its terms were accepted.
    AnnexAccepted,
}

impl Deed {
    /// The word used in API and pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Moved => "moved",
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Objected => "objected",
            Self::Amended => "amended",
            Self::Assigned => "assigned",
            Self::Rated => "rated",
            Self::Rested => "rested",
            Self::AnnexShared => "annex-shared",
            Self::AnnexAccepted => "annex-accepted",
        }
    }
}

/// What waits for confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proposal {
    /// A move of the workflow.
    Move(String),
    /// The amendment of a step.
    Amend(i64),
}

/// A file attached to a step, with the hash of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProof {
    /// Its id.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
}

/// One entry of an engagement's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The engagement.
    pub engagement: EngagementId,
    /// Its place, from 1.
    pub ordinal: i64,
    /// The hash of the step before; empty for the first.
    pub previous: String,
    /// When.
    pub at: Timestamp,
    /// Who; `None`: time.
    pub actor: Option<AccountId>,
    /// In which capacity.
    pub role: Role,
    /// What was done.
    pub deed: Deed,
    /// The stage after it.
    pub stage: String,
    /// The move that was made, proposed or confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
    /// The stages of the path that were reached by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<String>,
    /// The stage from which it went aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<String>,
    /// What waits for confirmation from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposes: Option<Proposal>,
    /// The sides that have still to confirm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Side>,
    /// The step that it corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<i64>,
    /// The broker that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker: Option<AccountId>,
    /// Why it was declined, by the catalog's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Points of a rating, 1–5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<i64>,
    /// What was filled in.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub content: Attributes,
    /// What was said besides.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What was attached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileProof>,
    /// What the engagement is about; in the first step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The text.
    pub record: String,
    /// Its SHA-256, hex.
    pub hash: String,
}

/// A step as it was found in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptStep {
    /// Its place.
    pub ordinal: i64,
    /// Its hash.
    pub hash: String,
    /// Its text.
    pub record: String,
}

impl Step {
    /// The text that is kept and hashed.
    #[must_use]
    pub fn seal(&self) -> Sealed {
        // Words, numbers and texts always have a form in JSON, and no key is anything but a text.
        let record = serde_json::to_string(self).unwrap_or_default();
        let hash = hash_of(&record);
        Sealed { record, hash }
    }

    /// Its hash.
    #[must_use]
    pub fn hash(&self) -> String {
        self.seal().hash
    }
}

pub(crate) fn hash_of(record: &str) -> String {
    hex::encode(Sha256::digest(record.as_bytes()))
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The text is not the one that was hashed.
    #[error("step {0} is not what was recorded: its hash differs")]
    Altered(i64),
    /// The text is no step.
    #[error("step {0} cannot be read: {1}")]
    Unreadable(i64, String),
    /// It belongs to another engagement or another place.
    #[error("step {0} belongs elsewhere")]
    Misplaced(i64),
    /// It does not follow the one before.
    #[error("step {0} does not follow the step before it")]
    Broken(i64),
    /// A place is empty.
    #[error("step {0} is missing")]
    Missing(i64),
}

/// Reads a chain and checks every link; the steps, or the first fault.
///
/// # Errors
/// The first place where it is broken.
pub fn verify_chain(engagement: EngagementId, kept: &[KeptStep]) -> Result<(Vec<Step>, State), ChainFault> {
    let mut steps: Vec<Step> = Vec::with_capacity(kept.len());
    let mut previous = String::new();
    for (expected, row) in (1..).zip(kept) {
        if row.ordinal != expected {
            return Err(ChainFault::Missing(expected));
        }
        if hash_of(&row.record) != row.hash {
            return Err(ChainFault::Altered(expected));
        }
        let step: Step =
            serde_json::from_str(&row.record).map_err(|e| ChainFault::Unreadable(expected, e.to_string()))?;
        if step.engagement != engagement || step.ordinal != expected || step.subject.is_some() != (expected == 1) {
            return Err(ChainFault::Misplaced(expected));
        }
        // A text that says the same in other bytes is not the one this program wrote.
        if step.previous != previous || step.seal().record != row.record {
            return Err(ChainFault::Broken(expected));
        }
        previous.clone_from(&row.hash);
        steps.push(step);
    }
    let state = State::of(&steps).ok_or(ChainFault::Missing(1))?;
    Ok((steps, state))
}

/// Reads the chain of an engagement and checks besides that it is all of it: to the last step that was taken.
///
/// # Errors
/// The first place where it is broken.
pub fn verify_whole(engagement: &Engagement, kept: &[KeptStep]) -> Result<Vec<Step>, ChainFault> {
    let (steps, found) = verify_chain(engagement.id, kept)?;
    let taken = &engagement.state;
    match found.steps.cmp(&taken.steps) {
        Ordering::Less => Err(ChainFault::Missing(found.steps + 1)),
        Ordering::Greater => Err(ChainFault::Misplaced(taken.steps + 1)),
        Ordering::Equal if found.head != taken.head => Err(ChainFault::Altered(taken.steps)),
        Ordering::Equal => Ok(steps),
    }
}

//! Records of programs and of entries: chained as the steps of engagements are, each kept as the very line of JSON
//! that was hashed.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::ProgramRole;
use crate::clock::Timestamp;
use crate::engagement::hash_of;
use crate::engagement::{ChainFault, KeptStep, Sealed};
use crate::id::{AccountId, RecordId};

/// One entry of a record; `D`: what can happen to what the record is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramRecord<D> {
    /// The program or the entry.
    pub of: RecordId,
    /// Its place, from 1.
    pub ordinal: i64,
    /// The hash of the one before; empty for the first.
    pub previous: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Option<AccountId>,
    /// In which capacity.
    pub role: ProgramRole,
    /// What was said with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What happened.
    pub what: D,
}

impl<D: Serialize> ProgramRecord<D> {
    /// The text that is kept and hashed.
    #[must_use]
    pub fn seal(&self) -> Sealed {
        // Words, whole numbers and texts always have a form in JSON, and no key is anything but a text.
        let record = serde_json::to_string(self).unwrap_or_default();
        let hash = hash_of(&record);
        Sealed { record, hash }
    }
}

/// Reads a chain and checks every link.
///
/// # Errors
/// The first place where it is broken.
pub fn verify_records<D: Serialize + DeserializeOwned>(
    of: RecordId,
    kept: &[KeptStep],
) -> Result<Vec<ProgramRecord<D>>, ChainFault> {
    let mut records: Vec<ProgramRecord<D>> = Vec::with_capacity(kept.len());
    let mut previous = String::new();
    for (expected, row) in (1..).zip(kept) {
        if row.ordinal != expected {
            return Err(ChainFault::Missing(expected));
        }
        if hash_of(&row.record) != row.hash {
            return Err(ChainFault::Altered(expected));
        }
        let record: ProgramRecord<D> =
            serde_json::from_str(&row.record).map_err(|e| ChainFault::Unreadable(expected, e.to_string()))?;
        if record.of != of || record.ordinal != expected {
            return Err(ChainFault::Misplaced(expected));
        }
        if record.previous != previous || record.seal().record != row.record {
            return Err(ChainFault::Broken(expected));
        }
        previous.clone_from(&row.hash);
        records.push(record);
    }
    Ok(records)
}

//! Files of an entry.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::engagement::FileProof;
use crate::id::{AccountId, AttachmentId, ProgramEntryId};

/// A file of an entry 附件. What was handed in stands in the record with its hash, and is kept as long as the record is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFile {
    /// Its id.
    pub id: AttachmentId,
    /// The entry.
    pub entry: ProgramEntryId,
    /// Its name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Where its bytes lie.
    pub blob: String,
    /// Whether it tells who enters, so that a blind reviewer must not read it.
    pub reveals: bool,
    /// Whether it was handed in.
    pub handed_in: bool,
    /// Whether it was taken out after that: then it stays with the record alone.
    pub taken_out: bool,
    /// Who added it.
    pub author: AccountId,
    /// When.
    pub created_at: Timestamp,
}

impl EntryFile {
    /// What the record says of it.
    #[must_use]
    pub fn proof(&self) -> FileProof {
        FileProof { id: self.id, name: self.name.clone(), size: self.size, sha256: self.sha256.clone() }
    }

    /// Whether a reviewer reads it.
    #[must_use]
    pub const fn is_for_reviewers(&self, blind: bool) -> bool {
        self.handed_in && !self.taken_out && !(blind && self.reveals)
    }

    /// Gives it a name that tells nothing, as blind reviewers have it: by the entry's number and its place.
    pub fn veil(&mut self, number: i64, place: usize) {
        let extension = self.name.rsplit_once('.').map_or("", |(_, extension)| extension);
        self.name = format!("{number}-{place}.{extension}");
    }
}

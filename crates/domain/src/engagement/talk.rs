//! What stands beside the record: messages, appointments and files.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::clock::Timestamp;
use crate::id::{AccountId, AppointmentId, AttachmentId, EngagementId, MessageId};

/// A message 留言.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The engagement.
    pub engagement: EngagementId,
    /// Who wrote it.
    pub author: AccountId,
    /// In which capacity.
    pub role: Role,
    /// What it says.
    pub body: String,
    /// When.
    pub at: Timestamp,
}

/// An appointment 约见.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// The engagement.
    pub engagement: EngagementId,
    /// What it is about.
    pub title: String,
    /// Where.
    pub place: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Who made it.
    pub author: AccountId,
    /// In which capacity.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was called off.
    pub cancelled_at: Option<Timestamp>,
}

/// A file of an engagement; the bytes lie in the blob store under `blob`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagementFile {
    /// Its id.
    pub id: AttachmentId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The step it is attached to; `None`: to none yet.
    pub step: Option<i64>,
    /// File name as uploaded, without folders.
    pub name: String,
    /// Media type as allowed by its extension; never sniffed.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// Key in the blob store.
    pub blob: String,
    /// Who uploaded it.
    pub author: AccountId,
    /// When.
    pub created_at: Timestamp,
}

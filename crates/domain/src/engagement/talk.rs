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

/// Of people with their names, those whom a text names after an `@`. Of names that begin alike the longest is meant.
#[must_use]
pub fn mentioned<'p>(text: &str, people: &'p [(AccountId, String)]) -> Vec<&'p AccountId> {
    let mut found: Vec<&AccountId> = Vec::new();
    for rest in text.split(['@', '＠']).skip(1) {
        let named = people.iter().filter(|(_, name)| !name.trim().is_empty() && rest.starts_with(name.trim()));
        let longest = named.clone().map(|(_, name)| name.trim().len()).max();
        found.extend(named.filter(|(_, name)| Some(name.trim().len()) == longest).map(|(id, _)| id));
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_named_after_the_sign_is_mentioned() {
        let account = |n: u128| AccountId(uuid::Uuid::from_u128(n));
        let people = [(1, "李工"), (2, "李"), (3, "Ann Lee"), (4, "王总"), (5, " ")];
        let people: Vec<_> = people.map(|(n, name)| (account(n), name.to_owned())).into();
        let of = |text| mentioned(text, &people).into_iter().copied().collect::<Vec<_>>();
        assert_eq!(of("@李工 请看 ＠王总，谢谢"), [account(1), account(4)]);
        assert_eq!(of("请 @李 看"), [account(2)]);
        assert_eq!(of("cc @Ann Lee @Ann Lee"), [account(3)]);
        assert_eq!(of("李工您好 a@b.cn @ 王总"), []);
    }
}

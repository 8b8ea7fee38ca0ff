//! The confidential annex 保密附件 of an engagement: its terms, who accepted them, and who looked.

use serde::{Deserialize, Serialize};

use super::step::hash_of;
use super::{Engagement, Role};
use crate::access::Viewer;
use crate::clock::Timestamp;
use crate::id::{AccountId, AnnexId, AnnexViewId, EngagementId};
use crate::listing::Side;
use crate::value::{Attributes, Value};

/// An annex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagementAnnex {
    /// Its id.
    pub id: AnnexId,
    /// The engagement.
    pub engagement: EngagementId,
    /// Whose it is.
    pub side: Side,
    /// Its title.
    pub title: String,
    /// What one accepts before one reads it.
    pub terms: String,
    /// What is confidential.
    pub body: String,
    /// The file that comes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<AnnexFile>,
    /// Who shared it.
    pub author: AccountId,
    /// The step in which it was shared.
    pub step: i64,
    /// Who accepted the terms, when and in which step.
    pub accepted: Vec<Acceptance>,
    /// When it was closed again.
    pub closed_at: Option<Timestamp>,
    /// Grows with each change.
    pub version: i64,
    /// When it was shared.
    pub created_at: Timestamp,
}

/// A file that is confidential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnexFile {
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
}

/// An acceptance of an annex's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Who.
    pub account: AccountId,
    /// In which capacity.
    pub role: Role,
    /// When.
    pub at: Timestamp,
    /// The step.
    pub step: i64,
}

/// One look at an annex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnexLook {
    /// Its id.
    pub id: AnnexViewId,
    /// The annex.
    pub annex: AnnexId,
    /// Who.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    /// Whether it was taken away as a paper.
    pub paper: bool,
    /// Whether its file was taken away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub file: bool,
}

impl EngagementAnnex {
    /// What a step says of it: which annex, and the hashes of what was shared and accepted. The words themselves are
    /// not in the record.
    #[must_use]
    pub fn proof(&self) -> Attributes {
        let text = |t: String| Value::Text(t);
        let mut proof: Attributes = [
            ("annex".to_owned(), text(self.id.to_string())),
            ("annex-terms-sha256".to_owned(), text(hash_of(&self.terms))),
            ("annex-text-sha256".to_owned(), text(hash_of(&self.body))),
        ]
        .into();
        if let Some(file) = &self.file {
            proof.insert("annex-file-sha256".to_owned(), text(file.sha256.clone()));
        }
        proof
    }

    /// Whether somebody stands on the side that shared it. An operator is on no side, and accepts like all others.
    #[must_use]
    pub fn is_owned_by(&self, viewer: &Viewer, engagement: &Engagement) -> bool {
        viewer.role_in(engagement.subject.party(self.side)).is_some()
    }

    /// Whether somebody may read what is confidential, who sees the engagement.
    #[must_use]
    pub fn is_open_to(&self, viewer: &Viewer, engagement: &Engagement) -> bool {
        let accepted = viewer.account.is_some_and(|a| self.accepted.iter().any(|x| x.account == a));
        self.is_owned_by(viewer, engagement) || (accepted && self.closed_at.is_none())
    }
}

//! An entry of a program: its stages, who may move it, and what its records come to.

mod acts;
mod next;

pub use acts::{EntryAct, EntryDeed, EntryMove, Ground};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::ProgramRecord;
use super::ties::Conflict;
use crate::clock::Timestamp;
use crate::engagement::FileProof;
use crate::id::{AccountId, EngagementId, ListingId, PartyId, ProgramEntryId, ProgramId};
use crate::party::PartyKind;
use crate::value::Attributes;

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryStage {
    /// Being written. 草稿
    Draft,
    /// Handed in. 已提交
    Submitted,
    /// Given back to be completed. 退回补正
    Returned,
    /// Did not pass the check. 未通过形式审查
    Refused,
    /// Passed the check. 通过形式审查
    Checked,
    /// 入选
    Selected,
    /// 未入选
    PassedOver,
    /// 展示
    Shown,
    /// 签约
    Signed,
    /// 落地
    Landed,
    /// 撤回
    Withdrawn,
}

impl EntryStage {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Submitted,
        Self::Returned,
        Self::Refused,
        Self::Checked,
        Self::Selected,
        Self::PassedOver,
        Self::Shown,
        Self::Signed,
        Self::Landed,
        Self::Withdrawn,
    ];

    /// The word used in API, store, forms and pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Refused => "refused",
            Self::Checked => "checked",
            Self::Selected => "selected",
            Self::PassedOver => "passed-over",
            Self::Shown => "shown",
            Self::Signed => "signed",
            Self::Landed => "landed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether it was chosen.
    #[must_use]
    pub const fn is_chosen(self) -> bool {
        matches!(self, Self::Selected | Self::Shown | Self::Signed | Self::Landed)
    }

    /// Whether the hall shows it.
    #[must_use]
    pub const fn is_on_show(self) -> bool {
        matches!(self, Self::Shown | Self::Signed | Self::Landed)
    }
}

/// What is entered.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EntryContent {
    /// Its title.
    pub title: String,
    /// What it is, in a few sentences.
    pub summary: String,
    /// A kind of the catalog.
    pub kind: String,
    /// A code of the taxonomy `region`.
    pub region: String,
    /// A code of the taxonomy `industry`; may be empty.
    pub industry: String,
    /// The fields of the sort of program.
    pub fields: Attributes,
    /// The listing it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<ListingId>,
    /// The files that were handed in with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileProof>,
}

/// How far a reviewer came with an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum ReviewState {
    /// It was given to the reviewer.
    Assigned,
    /// The reviewer has an interest in it.
    Recused {
        /// Which.
        conflict: Conflict,
    },
    /// The reviewer scored it.
    Scored {
        /// Points by criterion.
        points: BTreeMap<String, i64>,
        /// The weighted total, thousandths of a point of 100.
        total: i64,
        /// What the reviewer says.
        comment: String,
    },
}

/// A reviewer's part in an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryReview {
    /// How far it came.
    #[serde(flatten)]
    pub state: ReviewState,
    /// Since when.
    pub at: Timestamp,
}

/// An appeal and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// What is said against the result.
    pub text: String,
    /// Whether it was upheld, and what was answered.
    pub answer: Option<(bool, String)>,
}

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signing {
    /// With whom.
    pub with: String,
    /// On which day.
    pub on: String,
    /// For how much, in yuan; `None`: nothing is said.
    pub amount_yuan: Option<i64>,
}

/// What the records of an entry come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryState {
    /// Where it stands.
    pub stage: EntryStage,
    /// Since when.
    pub since: Timestamp,
    /// What reviewers did.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reviews: BTreeMap<AccountId, EntryReview>,
    /// The appeal against the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<Appeal>,
    /// The engagement in which it is followed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engagement: Option<EngagementId>,
    /// What was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing: Option<Signing>,
    /// How many entries its record has.
    pub steps: i64,
    /// The hash of the last.
    pub head: String,
}

impl EntryState {
    /// What a draft begins with: no record yet.
    #[must_use]
    pub const fn draft(at: Timestamp) -> Self {
        Self {
            stage: EntryStage::Draft,
            since: at,
            reviews: BTreeMap::new(),
            appeal: None,
            engagement: None,
            signing: None,
            steps: 0,
            head: String::new(),
        }
    }

    /// How many have scored it.
    #[must_use]
    pub fn scored(&self) -> i64 {
        self.reviews.values().filter(|r| matches!(r.state, ReviewState::Scored { .. })).count() as i64
    }

    /// How many it is given to, with those who have scored it.
    #[must_use]
    pub fn given(&self) -> i64 {
        self.reviews.values().filter(|r| !matches!(r.state, ReviewState::Recused { .. })).count() as i64
    }
}

/// An entry 参评项目.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgramEntry {
    /// Its id.
    pub id: ProgramEntryId,
    /// The program.
    pub program: ProgramId,
    /// Its number within the program, given when it is handed in.
    pub number: Option<i64>,
    /// Whose it is.
    pub party: PartyId,
    /// Who wrote it.
    pub author: AccountId,
    /// What is entered.
    pub content: EntryContent,
    /// What its records come to.
    pub state: EntryState,
    /// When the draft was begun.
    pub created_at: Timestamp,
    /// Counts writes of the draft, from 1.
    pub version: i64,
    /// Whether it is demo data.
    pub demo: bool,
}

/// Who enters, as far as it matters who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entrant {
    /// Organization or person.
    pub kind: PartyKind,
    /// Whether it was verified.
    pub verified: bool,
}

impl EntryState {
    /// What follows from a record.
    #[must_use]
    pub fn after(mut self, record: &ProgramRecord<EntryDeed>) -> Self {
        let before = self.stage;
        match &record.what {
            EntryDeed::Submitted { .. } => self.stage = EntryStage::Submitted,
            EntryDeed::Withdrawn => self.stage = EntryStage::Withdrawn,
            EntryDeed::Passed | EntryDeed::Reconsidered => self.stage = EntryStage::Checked,
            EntryDeed::Returned => self.stage = EntryStage::Returned,
            EntryDeed::Refused => self.stage = EntryStage::Refused,
            EntryDeed::Assigned { reviewer } => self.review(*reviewer, ReviewState::Assigned, record.at),
            EntryDeed::Unassigned { reviewer } => drop(self.reviews.remove(reviewer)),
            EntryDeed::Recused { reviewer, conflict } => {
                self.review(*reviewer, ReviewState::Recused { conflict: *conflict }, record.at);
            }
            EntryDeed::Scored { reviewer, points, total } => {
                let scored =
                    ReviewState::Scored { points: points.clone(), total: *total, comment: record.note.clone() };
                self.review(*reviewer, scored, record.at);
            }
            EntryDeed::Selected => self.stage = EntryStage::Selected,
            EntryDeed::PassedOver => self.stage = EntryStage::PassedOver,
            EntryDeed::Appealed => self.appeal = Some(Appeal { text: record.note.clone(), answer: None }),
            EntryDeed::Answered { upheld } => {
                if let Some(appeal) = &mut self.appeal {
                    appeal.answer = Some((*upheld, record.note.clone()));
                }
                if *upheld {
                    self.stage = EntryStage::Selected;
                }
            }
            EntryDeed::Shown => self.stage = EntryStage::Shown,
            EntryDeed::Linked { engagement } => self.engagement = Some(*engagement),
            EntryDeed::Signed { signing } => {
                (self.stage, self.signing) = (EntryStage::Signed, Some(signing.clone()));
            }
            EntryDeed::Landed => self.stage = EntryStage::Landed,
        }
        if self.stage != before {
            self.since = record.at;
        }
        self.steps = record.ordinal;
        self.head = record.seal().hash;
        self
    }

    fn review(&mut self, reviewer: AccountId, state: ReviewState, at: Timestamp) {
        self.reviews.insert(reviewer, EntryReview { state, at });
    }
}

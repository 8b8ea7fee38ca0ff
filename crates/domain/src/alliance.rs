//! Alliances 联盟: an organization whose members stand together, with practice bases and what they share.
//!
//! Members are memberships, and what was signed together are agreements, as everywhere else.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AllianceThingId, PartyId};

/// An alliance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alliance {
    /// The organization that it is.
    pub party: PartyId,
    /// Its field.
    pub field: String,
    /// The day on which it was founded, `YYYY-MM-DD`.
    pub founded_on: Option<String>,
    /// How many members it says it has.
    pub declared: Option<i64>,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was set up here.
    pub created_at: Timestamp,
}

/// What a member brings in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThingSort {
    /// A practice base 实践基地.
    Base,
    /// Something that the members may use: an instrument, a laboratory, data 共享资源.
    Resource,
}

impl ThingSort {
    /// The word used in store and addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Resource => "resource",
        }
    }
}

/// A base or a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllianceThing {
    /// Its id.
    pub id: AllianceThingId,
    /// The alliance.
    pub alliance: PartyId,
    /// The member that brings it in.
    pub party: PartyId,
    /// What it is.
    pub sort: ThingSort,
    /// Its name.
    pub name: String,
    /// Where.
    pub place: String,
    /// What can be done there, for whom and on what terms.
    pub terms: String,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was brought in.
    pub created_at: Timestamp,
}

//! Listings: needs and offers, and their life.

use serde::{Deserialize, Serialize};

use crate::access::{Audience, Tier};
use crate::clock::Timestamp;
use crate::id::{AccountId, AttachmentId, ListingId, PartyId};
use crate::value::Attributes;

/// Need 所需 or Offer 所能.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// 所需
    Need,
    /// 所能
    Offer,
}

impl Side {
    /// The side that answers this one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Need => Self::Offer,
            Self::Offer => Self::Need,
        }
    }
    /// `need` or `offer`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Need => "need",
            Self::Offer => "offer",
        }
    }
}

/// Where a listing stands in its life:
/// draft → in review → published → expired or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListingState {
    /// Being written; also where a review sends it back to.
    Draft,
    /// Waits for an operator.
    InReview,
    /// Everyone sees it.
    Published,
    /// Its time ran out; its owner can renew it.
    Expired,
    /// Withdrawn by its owner or an operator; it stays so.
    Closed,
}

impl ListingState {
    /// All states in the order of life.
    pub const ALL: [Self; 5] = [Self::Draft, Self::InReview, Self::Published, Self::Expired, Self::Closed];

    /// The word used in database, API and index.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in-review",
            Self::Published => "published",
            Self::Expired => "expired",
            Self::Closed => "closed",
        }
    }

    /// Whether the life of a listing may go from here to there.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use ListingState::{Closed, Draft, Expired, InReview, Published};
        matches!(
            (self, next),
            (Draft, InReview | Closed)
                | (InReview, Published | Draft | Closed)
                // An edit of a published listing goes through review again.
                | (Published, Expired | Closed | InReview | Draft)
                | (Expired, Published | InReview | Draft | Closed)
        )
    }
}

/// A change of state that the life of a listing does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a listing that is {} cannot become {}", from.as_str(), to.as_str())]
pub struct TransitionError {
    /// Where it stands.
    pub from: ListingState,
    /// Where it was to go.
    pub to: ListingState,
}

/// What the author writes; what a version keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListingContent {
    /// Kind id of the catalog.
    pub kind: String,
    /// One line.
    pub title: String,
    /// Public: two or three sentences.
    pub summary: String,
    /// The whole text; who reads it, `details_tier` says.
    pub body: String,
    /// Who reads the body: `Public` or `Member`.
    pub details_tier: Tier,
    /// Confidential annex: read after accepting terms, and logged.
    pub annex: String,
    /// Words the author chose.
    pub keywords: Vec<String>,
    /// An offer's specs or a need's requirements by property id.
    pub attributes: Attributes,
    /// Properties among `attributes` that are wishes of a need; the rest are musts.
    pub wishes: Vec<String>,
    /// Region code.
    pub region: Option<String>,
    /// Industry code.
    pub industry: Option<String>,
    /// Nodes of industry chains, `chain-ic/design`.
    pub chain: Vec<String>,
}

impl Default for ListingContent {
    fn default() -> Self {
        Self {
            kind: String::new(),
            title: String::new(),
            summary: String::new(),
            body: String::new(),
            details_tier: Tier::Public,
            annex: String::new(),
            keywords: Vec::new(),
            attributes: Attributes::new(),
            wishes: Vec::new(),
            region: None,
            industry: None,
            chain: Vec::new(),
        }
    }
}

/// A listing 供需信息.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// Its id.
    pub id: ListingId,
    /// Need or offer.
    pub side: Side,
    /// Who needs or offers.
    pub party: PartyId,
    /// Who wrote it; `None`: imported.
    pub author: Option<AccountId>,
    /// What it says.
    pub content: ListingContent,
    /// Where it stands.
    pub state: ListingState,
    /// Counts writes, from 1.
    pub version: i64,
    /// The id in the system it was imported from; unique per party.
    pub external_id: Option<String>,
    /// Whether it is demo data.
    pub demo: bool,
    /// When its time runs out.
    pub expires_at: Option<Timestamp>,
    /// When it was first published.
    pub published_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
}

impl Listing {
    /// Days from publication or renewal to expiry.
    pub const LIFE_DAYS: i64 = 180;

    /// Who may see that it exists. The one rule: a published listing is
    /// public, every other is its party's (and the operators').
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self.state {
            ListingState::Published => Audience::Public,
            _ => Audience::Organization(self.party),
        }
    }

    /// Moves the listing along its life.
    ///
    /// # Errors
    /// When the life does not know the step.
    pub fn become_state(&mut self, to: ListingState) -> Result<(), TransitionError> {
        if !self.state.may_become(to) {
            return Err(TransitionError { from: self.state, to });
        }
        self.state = to;
        Ok(())
    }
}

/// A kept version of a listing's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListingVersion {
    /// Of which listing.
    pub listing: ListingId,
    /// Its number.
    pub version: i64,
    /// What it said.
    pub content: ListingContent,
    /// Who wrote it.
    pub author: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// A file attached to a listing; the bytes lie in the blob store under `blob`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Of which listing.
    pub listing: ListingId,
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
    /// Who may read it.
    pub tier: Tier,
    /// Who uploaded it.
    pub author: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::ListingState::{self, Closed, Draft, InReview, Published};

    #[test]
    fn closed_is_the_end_and_nothing_is_published_unreviewed() {
        for next in ListingState::ALL {
            assert!(!Closed.may_become(next));
        }
        assert!(!Draft.may_become(Published));
        assert!(Draft.may_become(InReview) && InReview.may_become(Published));
    }
}

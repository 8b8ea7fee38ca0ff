//! Notices on somebody's desk.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, ListingId, NoticeId, PartyId};
use crate::review::Decision;

/// What a notice says; the pages put it into words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum NoticeBody {
    /// A counterpart was found for a listing of yours.
    MatchFound {
        /// Yours.
        listing: ListingId,
        /// The other side's.
        counterpart: ListingId,
        /// Score, 0–100.
        score: f64,
    },
    /// A listing of yours was reviewed.
    Reviewed {
        /// Yours.
        listing: ListingId,
        /// What followed.
        decision: Decision,
    },
    /// A listing of yours has run out.
    Expired {
        /// Yours.
        listing: ListingId,
    },
    /// An organization of yours was verified.
    Verified {
        /// Yours.
        organization: PartyId,
    },
    /// Somebody took up your invitation.
    Joined {
        /// Where.
        organization: PartyId,
        /// Who.
        name: String,
    },
}

/// A notice 通知.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Whose.
    pub account: AccountId,
    /// What it says.
    pub body: NoticeBody,
    /// A notice of the same key is not given twice to one account.
    pub key: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// When it went out by mail.
    pub mailed_at: Option<Timestamp>,
}

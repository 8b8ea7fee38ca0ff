//! Accounts: logins, what they may act for, and their secrets.

use serde::{Deserialize, Serialize};

use crate::access::PlatformRole;
use crate::clock::Timestamp;
use crate::id::{AccountId, ApiTokenId, InvitationId, PartyId};

/// A role in an organization; each holds the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrgRole {
    /// Reads what is the organization's own.
    Viewer,
    /// Writes listings.
    Editor,
    /// Manages the organization and its people.
    Owner,
}

/// A login 账号.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Mail address as typed; compared by its fold key.
    pub email: String,
    /// Name shown to colleagues.
    pub name: String,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// `zh` or `en`.
    pub locale: String,
    /// The role on the platform.
    pub platform_role: Option<PlatformRole>,
    /// The party that is this account's own person.
    pub person: Option<PartyId>,
    /// Whether notices also come by mail, once a day.
    pub daily_mail: bool,
    /// When it was disabled; such an account cannot sign in.
    pub disabled_at: Option<Timestamp>,
    /// Whether it is demo data.
    pub demo: bool,
    /// Counts writes, from 1.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
}

/// An account's role in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGrant {
    /// Whose.
    pub account: AccountId,
    /// Where.
    pub organization: PartyId,
    /// Which.
    pub role: OrgRole,
    /// Since when.
    pub at: Timestamp,
}

/// A signed-in browser. The id itself is only in the cookie; the store has its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the id, hex.
    pub id_hash: String,
    /// Whose.
    pub account: AccountId,
    /// Token that every form of this session carries.
    pub csrf: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What an API token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Read what its account reads.
    Read,
    /// Write listings and parties for its account.
    Write,
}

/// A token for the API. The token itself is shown once; the store has its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// Whose.
    pub account: AccountId,
    /// What it is for, in its owner's words.
    pub name: String,
    /// SHA-256 of the token, hex.
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// An invitation of a colleague into an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// SHA-256 of the secret in the link, hex.
    pub hash: String,
    /// Into which organization.
    pub organization: PartyId,
    /// Whom.
    pub email: String,
    /// As what.
    pub role: OrgRole,
    /// By whom.
    pub invited_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// When it was taken up.
    pub accepted_at: Option<Timestamp>,
}

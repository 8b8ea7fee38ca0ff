//! Who sees what: the one predicate.
//!
//! Every record names its [`Audience`]; every [`Viewer`] has the tokens of the
//! audiences it belongs to. A record is visible when its token is among the
//! viewer's. The store keeps the token in a column, the index in a field, so
//! list, search, export and API filter by the same word.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::OrgRole;
use crate::id::{AccountId, PartyId};

/// Who may see that a record exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Audience {
    /// Everyone, with or without an account.
    Public,
    /// Everyone with an account.
    Member,
    /// Those with a role in the organization.
    Organization(PartyId),
    /// One account.
    Account(AccountId),
    /// Operators alone.
    Operator,
}

impl fmt::Display for Audience {
    /// The token kept by store and index.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Member => f.write_str("member"),
            Self::Organization(id) => write!(f, "org:{id}"),
            Self::Account(id) => write!(f, "acc:{id}"),
            Self::Operator => f.write_str("operator"),
        }
    }
}

impl From<Audience> for String {
    fn from(audience: Audience) -> Self {
        audience.to_string()
    }
}

impl TryFrom<String> for Audience {
    type Error = UnknownAudience;
    fn try_from(token: String) -> Result<Self, Self::Error> {
        token.parse()
    }
}

impl std::str::FromStr for Audience {
    type Err = UnknownAudience;
    /// Reads the token back.
    fn from_str(token: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownAudience(token.chars().take(64).collect());
        match token.split_once(':') {
            None if token == "public" => Ok(Self::Public),
            None if token == "member" => Ok(Self::Member),
            None if token == "operator" => Ok(Self::Operator),
            Some(("org", id)) => id.parse().map(Self::Organization).map_err(|_| unknown()),
            Some(("acc", id)) => id.parse().map(Self::Account).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }
}

/// A text that names no audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an audience")]
pub struct UnknownAudience(pub String);

/// Which part of a record a reader needs to be allowed to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Whoever sees the record.
    #[default]
    Public,
    /// Members: whoever is signed in.
    Member,
    /// After a logged acceptance of terms.
    Confidential,
}

/// A role on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlatformRole {
    /// Looks after engagements; sees what is in review.
    Broker,
    /// Reviews listings, verifies organizations, imports.
    Operator,
    /// All of it, and accounts and settings.
    Admin,
}

/// Who is looking: an account with its roles, or a visitor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The account; `None`: a visitor.
    pub account: Option<AccountId>,
    /// The role on the platform.
    pub platform: Option<PlatformRole>,
    /// Organizations in which the account has a role.
    pub roles: Vec<(PartyId, OrgRole)>,
    /// The party that is the account's own person.
    pub person: Option<PartyId>,
}

impl Viewer {
    /// Someone without an account.
    #[must_use]
    pub fn visitor() -> Self {
        Self::default()
    }
    /// The command line on the machine itself: it may do what an admin may.
    #[must_use]
    pub fn console() -> Self {
        Self { platform: Some(PlatformRole::Admin), ..Self::default() }
    }
    /// Whether somebody is signed in.
    #[must_use]
    pub const fn is_member(&self) -> bool {
        self.account.is_some()
    }
    /// Whether the viewer sees every record.
    #[must_use]
    pub const fn sees_all(&self) -> bool {
        self.platform.is_some()
    }
    /// Whether the viewer may review, verify and import.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.platform >= Some(PlatformRole::Operator)
    }
    /// Whether the viewer may manage accounts and settings.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.platform == Some(PlatformRole::Admin)
    }
    /// The role in an organization; for the account's own person: owner.
    #[must_use]
    pub fn role_in(&self, party: PartyId) -> Option<OrgRole> {
        if self.person == Some(party) {
            return Some(OrgRole::Owner);
        }
        self.roles.iter().find(|(p, _)| *p == party).map(|(_, r)| *r)
    }
    /// Whether the viewer may write for a party.
    #[must_use]
    pub fn may_edit_for(&self, party: PartyId) -> bool {
        self.role_in(party) >= Some(OrgRole::Editor)
    }
    /// Whether the viewer may manage a party and its people.
    #[must_use]
    pub fn owns(&self, party: PartyId) -> bool {
        self.role_in(party) == Some(OrgRole::Owner)
    }

    /// The tokens of all audiences the viewer belongs to; `None` when the
    /// viewer sees everything and no filter is needed.
    #[must_use]
    pub fn tokens(&self) -> Option<Vec<String>> {
        if self.sees_all() {
            return None;
        }
        let mut tokens = vec![Audience::Public.to_string()];
        if let Some(account) = self.account {
            tokens.push(Audience::Member.to_string());
            tokens.push(Audience::Account(account).to_string());
        }
        tokens.extend(self.person.map(|p| Audience::Organization(p).to_string()));
        tokens.extend(self.roles.iter().map(|(p, _)| Audience::Organization(*p).to_string()));
        Some(tokens)
    }

    /// The predicate: whether the viewer may see a record of this audience.
    #[must_use]
    pub fn sees(&self, audience: Audience) -> bool {
        if self.sees_all() {
            return true;
        }
        match audience {
            Audience::Public => true,
            Audience::Member => self.is_member(),
            Audience::Organization(party) => self.role_in(party).is_some(),
            Audience::Account(account) => self.account == Some(account),
            Audience::Operator => false,
        }
    }

    /// Whether the viewer may read a part of this tier of a visible record
    /// that belongs to `party`. A confidential part also wants an acceptance
    /// of terms, which the caller has looked up.
    #[must_use]
    pub fn reads(&self, tier: Tier, party: PartyId, accepted: bool) -> bool {
        match tier {
            Tier::Public => true,
            Tier::Member => self.is_member(),
            Tier::Confidential => self.role_in(party).is_some() || (self.is_member() && accepted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_token_reads_back() {
        let all = [
            Audience::Public,
            Audience::Member,
            Audience::Organization(PartyId(Uuid::from_u128(1))),
            Audience::Account(AccountId(Uuid::from_u128(2))),
            Audience::Operator,
        ];
        for audience in all {
            assert_eq!(audience.to_string().parse(), Ok(audience));
        }
        assert!("org:".parse::<Audience>().is_err() && "all".parse::<Audience>().is_err());
    }

    /// The tokens and the predicate are two forms of one rule.
    #[test]
    fn tokens_and_predicate_agree() {
        let (a, b) = (PartyId(Uuid::from_u128(1)), PartyId(Uuid::from_u128(2)));
        let (me, you) = (AccountId(Uuid::from_u128(3)), AccountId(Uuid::from_u128(4)));
        let viewers = [
            Viewer::visitor(),
            Viewer { account: Some(me), ..Viewer::default() },
            Viewer { account: Some(me), roles: vec![(a, OrgRole::Viewer)], ..Viewer::default() },
            Viewer { account: Some(me), person: Some(b), ..Viewer::default() },
            Viewer { account: Some(me), platform: Some(PlatformRole::Broker), ..Viewer::default() },
        ];
        let audiences = [
            Audience::Public,
            Audience::Member,
            Audience::Organization(a),
            Audience::Organization(b),
            Audience::Account(me),
            Audience::Account(you),
            Audience::Operator,
        ];
        for viewer in &viewers {
            for audience in audiences {
                let by_token = viewer.tokens().is_none_or(|t| t.contains(&audience.to_string()));
                assert_eq!(by_token, viewer.sees(audience), "{viewer:?} {audience:?}");
            }
        }
    }

    #[test]
    fn an_operator_reads_an_annex_only_after_accepting() {
        let party = PartyId(Uuid::from_u128(1));
        let operator = Viewer {
            account: Some(AccountId(Uuid::from_u128(3))),
            platform: Some(PlatformRole::Admin),
            ..Viewer::default()
        };
        assert!(!operator.reads(Tier::Confidential, party, false));
        assert!(operator.reads(Tier::Confidential, party, true));
    }
}

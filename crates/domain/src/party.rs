//! Parties: organizations and persons, and who belongs to whom.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, MembershipId, PartyId};
use crate::identifiers::{Orcid, Uscc};

/// Organization 机构 or Person 人员.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// 机构
    Organization,
    /// 人员
    Person,
}

/// How to reach a party; shown to members, never to visitors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Who answers.
    pub name: String,
    /// Telephone as written.
    pub phone: String,
    /// Mail address.
    pub email: String,
    /// Postal address.
    pub address: String,
}

/// A party 主体.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// Organization or person.
    pub kind: PartyKind,
    /// The full name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Unified social credit code, organizations only; unique.
    #[serde(default)]
    pub uscc: Option<Uscc>,
    /// ORCID iD, persons only; unique.
    #[serde(default)]
    pub orcid: Option<Orcid>,
    /// The id in the system it was imported from; unique.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Region code (taxonomy `region`).
    #[serde(default)]
    pub region: Option<String>,
    /// Industry code (taxonomy `industry`).
    #[serde(default)]
    pub industry: Option<String>,
    /// What it is and does.
    #[serde(default)]
    pub summary: String,
    /// Home page.
    #[serde(default)]
    pub website: String,
    /// Fields of work.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// How to reach it.
    #[serde(default)]
    pub contact: Contact,
    /// When an operator verified it; `None`: not verified.
    #[serde(default)]
    pub verified_at: Option<Timestamp>,
    /// Whether it is demo data.
    #[serde(default)]
    pub demo: bool,
    /// Who created it; `None`: import or operator.
    #[serde(default)]
    pub created_by: Option<AccountId>,
    /// Counts writes, from 1.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
}

impl Party {
    /// One of which nothing is known but its kind.
    #[must_use]
    pub fn blank(id: PartyId, kind: PartyKind, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            name: String::new(),
            aliases: Vec::new(),
            uscc: None,
            orcid: None,
            external_id: None,
            region: None,
            industry: None,
            summary: String::new(),
            website: String::new(),
            keywords: Vec::new(),
            contact: Contact::default(),
            verified_at: None,
            demo: false,
            created_by: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Declared by one side, or confirmed by both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MembershipStatus {
    /// Said by the member.
    Declared,
    /// Confirmed by an owner of the organization or by an operator.
    Confirmed,
}

/// A person or organization in an organization 任职/成员.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// Who belongs.
    pub member: PartyId,
    /// To what.
    pub organization: PartyId,
    /// Post or title.
    pub title: String,
    /// First day, `YYYY-MM-DD`.
    #[serde(default)]
    pub from: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    #[serde(default)]
    pub to: Option<String>,
    /// Declared or confirmed.
    pub status: MembershipStatus,
    /// When it was created.
    pub created_at: Timestamp,
}

/// The key under which names and mail addresses are compared: trimmed,
/// lower case, full width to half width, inner white space to one space.
/// Computed here and never by a database.
#[must_use]
pub fn fold_key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            let half = match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                _ => c,
            };
            out.extend(half.to_lowercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::fold_key;

    #[test]
    fn a_key_ignores_case_width_and_space() {
        assert_eq!(fold_key("  ABC（无锡）　有限 公司 "), "abc(无锡) 有限 公司");
    }
}

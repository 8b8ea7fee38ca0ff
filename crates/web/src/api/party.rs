//! A party as the API writes and reads it.

use keqiao_app::parties::{MemberRow, PartyInput, PartyView};
use keqiao_domain::{Contact, MembershipId, MembershipStatus, OrgRole, Party, PartyId, PartyKind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Versioned;

/// How to reach a party.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ContactBody {
    /// Who answers.
    name: String,
    /// Telephone.
    phone: String,
    /// Mail address.
    email: String,
    /// Postal address.
    address: String,
}

/// One end of a membership.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MembershipBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: MembershipId,
    /// The party at the other end.
    #[schema(value_type = uuid::Uuid)]
    party: PartyId,
    /// Its name.
    name: String,
    /// Post or title.
    title: String,
    /// First day.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
    /// `declared` or `confirmed`.
    #[schema(value_type = String)]
    status: MembershipStatus,
}

impl From<MemberRow> for MembershipBody {
    fn from(row: MemberRow) -> Self {
        Self {
            id: row.membership.id,
            party: row.other.id,
            name: row.other.name,
            title: row.membership.title,
            from: row.membership.from,
            to: row.membership.to,
            status: row.membership.status,
        }
    }
}

/// A party with what the caller may read of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartyBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: PartyId,
    /// `organization` or `person`.
    #[schema(value_type = String)]
    kind: PartyKind,
    /// The full name.
    name: String,
    /// Other names.
    aliases: Vec<String>,
    /// Unified social credit code.
    uscc: Option<String>,
    /// ORCID iD.
    orcid: Option<String>,
    /// Region code.
    region: Option<String>,
    /// Industry code.
    industry: Option<String>,
    /// What it is and does.
    summary: String,
    /// Home page.
    website: String,
    /// Fields of work.
    keywords: Vec<String>,
    /// How to reach it; all empty for visitors.
    contact: ContactBody,
    /// When an operator verified it.
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<Timestamp>,
    /// Whether it is demo data.
    demo: bool,
    /// Counts writes, from 1; `If-Match: "v<version>"` on a write.
    version: i64,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last written.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Who belongs to it.
    members: Vec<MembershipBody>,
    /// To what it belongs.
    belongs_to: Vec<MembershipBody>,
    /// The caller's role in it: `owner`, `editor` or `viewer`.
    #[schema(value_type = Option<String>)]
    role: Option<OrgRole>,
    /// Its page.
    url: String,
}

impl Versioned for PartyBody {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<PartyView> for PartyBody {
    fn from(view: PartyView) -> Self {
        let party: Party = view.party;
        let Contact { name, phone, email, address } = party.contact;
        Self {
            url: format!("/parties/{}", party.id),
            id: party.id,
            kind: party.kind,
            name: party.name,
            aliases: party.aliases,
            uscc: party.uscc.map(String::from),
            orcid: party.orcid.map(String::from),
            region: party.region,
            industry: party.industry,
            summary: party.summary,
            website: party.website,
            keywords: party.keywords,
            contact: ContactBody { name, phone, email, address },
            verified_at: party.verified_at,
            demo: party.demo,
            version: party.version,
            created_at: party.created_at,
            updated_at: party.updated_at,
            members: view.members.into_iter().map(MembershipBody::from).collect(),
            belongs_to: view.belongs_to.into_iter().map(MembershipBody::from).collect(),
            role: view.role,
        }
    }
}

/// A party as it is written. What is left out is empty.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PartyWrite {
    /// `organization` (else) or `person`, the caller's own; it stays.
    #[schema(value_type = Option<String>)]
    pub(crate) kind: Option<PartyKind>,
    /// The full name, at most 120 characters.
    name: String,
    /// At most 30 other names.
    aliases: Vec<String>,
    /// Unified social credit code; organizations only.
    uscc: Option<String>,
    /// ORCID iD; persons only.
    orcid: Option<String>,
    /// Region code.
    region: Option<String>,
    /// Industry code.
    industry: Option<String>,
    /// What it is and does, at most 4,000 characters.
    summary: String,
    /// Home page, `https://…`.
    website: String,
    /// At most 30 fields of work.
    keywords: Vec<String>,
    /// How to reach it; members alone read it.
    contact: ContactBody,
}

impl PartyWrite {
    /// What the app takes.
    pub(crate) fn into_input(self) -> PartyInput {
        let ContactBody { name, phone, email, address } = self.contact;
        PartyInput {
            name: self.name,
            aliases: self.aliases,
            uscc: self.uscc.unwrap_or_default(),
            orcid: self.orcid.unwrap_or_default(),
            region: self.region.unwrap_or_default(),
            industry: self.industry.unwrap_or_default(),
            summary: self.summary,
            website: self.website,
            keywords: self.keywords,
            contact: Contact { name, phone, email, address },
        }
    }
}

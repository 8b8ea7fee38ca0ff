//! What an entry of the table is: a route, the records its path names, and who is let in.

use super::ROLES;

/// What a route's path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// No record.
    Nothing,
    /// No record, and nobody whom signing in would help: a visitor is told so at once.
    Machine,
    /// Listings of organization A, by state.
    Draft,
    InReview,
    Published,
    Expired,
    Closed,
    /// A file of the published listing, by tier.
    PublicFile,
    MemberFile,
    ConfidentialFile,
    /// A file of the draft, of tier public.
    DraftFile,
    /// Organization A.
    Party,
    /// An import of the owner of organization A.
    Import,
    /// A token of the owner's account.
    Token,
    /// A link that holds: an invitation into organization A, a password reset.
    Link,
    /// What everybody may know: an article, an entity and a fact of it, an agreement opened from that.
    Article,
    Source,
    Entity,
    Fact,
    Agreement,
    /// The same of an article that is for operators.
    HiddenArticle,
    HiddenSource,
    HiddenEntity,
    HiddenFact,
    HiddenAgreement,
    /// The one and the other.
    AnyArticle,
    AnySource,
    AnyEntity,
    AnyFact,
    AnyAgreement,
    /// An engagement of A with the rival, looked after by nobody; an appointment and a file of it.
    Engagement,
    Appointment,
    EngagementFile,
    /// What a broker wrote of a visit.
    Visit,
    /// What the owner of A raised, settled with a file.
    Feedback,
    /// Of volunteer service: a team of A, `member` who is in it, what A asks for, and `member`'s part in it.
    Team,
    Volunteer,
    Request,
    Duty,
    /// A workstation for which A applied.
    Station,
    /// What A brings into the alliance that it is.
    Thing,
    /// A program whose call is out, an entry of A in it that waits for its check, and a session.
    Program,
    ProgramEntry,
    /// A file of it.
    EntryFile,
    ProgramSession,
    /// A program whose results stand, and an entry of A in its hall.
    ShownProgram,
    ShownEntry,
    /// Every state.
    AnyListing,
    /// Every file.
    AnyFile,
}

pub(super) const SEES_DRAFTS: &[&str] = &["viewer", "editor", "owner", "broker", "operator", "admin"];
/// Those with a role in A, and the rival, who has accepted the terms of the published listing's annex.
pub(super) const READS_ANNEX: &[&str] = &["viewer", "editor", "owner", "rival"];

/// The people of both parties, brokers while it has none, and operators.
pub(super) const SEES_ENGAGEMENT: &[&str] = &["rival", "viewer", "editor", "owner", "broker", "operator", "admin"];
/// Those of them who may act in it.
pub(super) const ENGAGED: &[&str] = &["rival", "editor", "owner", "broker", "operator", "admin"];

impl On {
    /// The records that it stands for.
    pub(super) const fn each(&self) -> &[Self] {
        match self {
            Self::AnyListing => &[Self::Draft, Self::InReview, Self::Published, Self::Expired, Self::Closed],
            Self::AnyArticle => &[Self::Article, Self::HiddenArticle],
            Self::AnySource => &[Self::Source, Self::HiddenSource],
            Self::AnyEntity => &[Self::Entity, Self::HiddenEntity],
            Self::AnyFact => &[Self::Fact, Self::HiddenFact],
            Self::AnyAgreement => &[Self::Agreement, Self::HiddenAgreement],
            Self::AnyFile => &[Self::PublicFile, Self::MemberFile, Self::ConfidentialFile, Self::DraftFile],
            one => std::slice::from_ref(one),
        }
    }

    /// Whether a role must not even learn that the record is there.
    pub(super) fn hidden_from(self, role: &str) -> bool {
        match self {
            Self::Draft | Self::InReview | Self::Expired | Self::Closed | Self::DraftFile => {
                !SEES_DRAFTS.contains(&role)
            }
            Self::MemberFile => role == "visitor",
            Self::ConfidentialFile => !READS_ANNEX.contains(&role),
            Self::HiddenArticle | Self::HiddenEntity | Self::HiddenFact | Self::HiddenAgreement => {
                !STAFF.contains(&role)
            }
            Self::Engagement | Self::Appointment | Self::EngagementFile => !SEES_ENGAGEMENT.contains(&role),
            Self::ProgramEntry | Self::EntryFile => !SIDE_OPERATORS.contains(&role),
            Self::Import | Self::Token => true,
            Self::Feedback => !["owner", "broker", "operator", "admin"].contains(&role),
            Self::Duty => ["visitor", "rival", "viewer"].contains(&role),
            Self::Station => !SEES_DRAFTS.contains(&role),
            _ => false,
        }
    }
}

/// A route and whom it lets in.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) on: On,
    /// Who is let in, as far as the record is not hidden from them.
    pub(super) roles: &'static [&'static str],
    /// What is sent; `{…}` as in paths.
    pub(super) fields: &'static [(&'static str, &'static str)],
    /// Whether the form carries a file.
    pub(super) upload: bool,
}

impl Entry {
    pub(super) fn lets_in(&self, role: &str, on: On) -> bool {
        let own = matches!(on, On::Import | On::Token);
        self.roles.contains(&role) && (own || !on.hidden_from(role))
    }
}

pub(super) const ALL: &[&str] = &ROLES;
pub(super) const MEMBERS: &[&str] = &["member", "rival", "viewer", "editor", "owner", "broker", "operator", "admin"];

pub(super) const EDITORS: &[&str] = &["editor", "owner"];
pub(super) const EDITORS_OPERATORS: &[&str] = &["editor", "owner", "operator", "admin"];
pub(super) const EDITORS_STAFF: &[&str] = &["editor", "owner", "broker", "operator", "admin"];
pub(super) const SIDE_OPERATORS: &[&str] = &["viewer", "editor", "owner", "operator", "admin"];
pub(super) const OWNERS: &[&str] = &["owner"];
pub(super) const OWNERS_OPERATORS: &[&str] = &["owner", "operator", "admin"];
pub(super) const STAFF: &[&str] = &["broker", "operator", "admin"];
pub(super) const OPERATORS: &[&str] = &["operator", "admin"];
pub(super) const ADMINS: &[&str] = &["admin"];

pub(super) const OWNERS_ADMINS: &[&str] = &["owner", "admin"];

pub(super) const fn get(path: &'static str, on: On, roles: &'static [&'static str]) -> Entry {
    Entry { method: "GET", path, on, roles, fields: &[], upload: false }
}

pub(super) const fn post(
    path: &'static str,
    on: On,
    roles: &'static [&'static str],
    fields: &'static [(&'static str, &'static str)],
) -> Entry {
    Entry { method: "POST", path, on, roles, fields, upload: false }
}

pub(super) const fn upload(path: &'static str, on: On, roles: &'static [&'static str]) -> Entry {
    Entry { upload: true, ..post(path, on, roles, &[]) }
}

pub(super) const fn put(path: &'static str, on: On, roles: &'static [&'static str]) -> Entry {
    Entry { method: "PUT", ..post(path, on, roles, &[]) }
}

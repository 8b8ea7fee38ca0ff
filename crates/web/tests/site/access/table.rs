//! Who is let in: one entry for each route.

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
    Entity,
    Fact,
    Agreement,
    /// The same of an article that is for operators.
    HiddenArticle,
    HiddenEntity,
    HiddenFact,
    HiddenAgreement,
    /// The one and the other.
    AnyArticle,
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
    ProgramSession,
    /// A program whose results stand, and an entry of A in its hall.
    ShownProgram,
    ShownEntry,
    /// Every state.
    AnyListing,
    /// Every file.
    AnyFile,
}

const SEES_DRAFTS: &[&str] = &["viewer", "editor", "owner", "broker", "operator", "admin"];
/// Those with a role in A, and the rival, who has accepted the terms of the published listing's annex.
const READS_ANNEX: &[&str] = &["viewer", "editor", "owner", "rival"];

/// The people of both parties, brokers while it has none, and operators.
pub(super) const SEES_ENGAGEMENT: &[&str] = &["rival", "viewer", "editor", "owner", "broker", "operator", "admin"];
/// Those of them who may act in it.
const ENGAGED: &[&str] = &["rival", "editor", "owner", "broker", "operator", "admin"];

impl On {
    /// The records that it stands for.
    pub(super) const fn each(&self) -> &[Self] {
        match self {
            Self::AnyListing => &[Self::Draft, Self::InReview, Self::Published, Self::Expired, Self::Closed],
            Self::AnyArticle => &[Self::Article, Self::HiddenArticle],
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
            Self::ProgramEntry => !SIDE_OPERATORS.contains(&role),
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

const ALL: &[&str] = &ROLES;
const MEMBERS: &[&str] = &["member", "rival", "viewer", "editor", "owner", "broker", "operator", "admin"];

const EDITORS: &[&str] = &["editor", "owner"];
const EDITORS_OPERATORS: &[&str] = &["editor", "owner", "operator", "admin"];
const EDITORS_STAFF: &[&str] = &["editor", "owner", "broker", "operator", "admin"];
pub(super) const SIDE_OPERATORS: &[&str] = &["viewer", "editor", "owner", "operator", "admin"];
const OWNERS: &[&str] = &["owner"];
const OWNERS_OPERATORS: &[&str] = &["owner", "operator", "admin"];
pub(super) const STAFF: &[&str] = &["broker", "operator", "admin"];
const OPERATORS: &[&str] = &["operator", "admin"];
const ADMINS: &[&str] = &["admin"];

const OWNERS_ADMINS: &[&str] = &["owner", "admin"];

/// A draft for organization A.
const DRAFT: &[(&str, &str)] =
    &[("side", "offer"), ("kind", "chip"), ("party", "{party}"), ("title", "一份草稿"), ("body", "正文")];
/// Two entities that are not one.
const JOIN: &[(&str, &str)] = &[("first", "{entity}"), ("second", "{entity}"), ("answer", "different")];
/// An answer that is none.
const CLAIM: &[(&str, &str)] = &[("entity", "{entity}"), ("party", "{party}"), ("answer", "perhaps")];
/// A review that publishes.
const REVIEW: &[(&str, &str)] =
    &[("version", "2"), ("clarity", "4"), ("specificity", "4"), ("benefit", "4"), ("feasibility", "4")];

const fn get(path: &'static str, on: On, roles: &'static [&'static str]) -> Entry {
    Entry { method: "GET", path, on, roles, fields: &[], upload: false }
}

const fn post(
    path: &'static str,
    on: On,
    roles: &'static [&'static str],
    fields: &'static [(&'static str, &'static str)],
) -> Entry {
    Entry { method: "POST", path, on, roles, fields, upload: false }
}

const fn upload(path: &'static str, on: On, roles: &'static [&'static str]) -> Entry {
    Entry { upload: true, ..post(path, on, roles, &[]) }
}

const fn put(path: &'static str, on: On, roles: &'static [&'static str]) -> Entry {
    Entry { method: "PUT", ..post(path, on, roles, &[]) }
}

/// In the order in which they are asked; what changes who may do what, or ends a session, stands last.
pub(super) const ENTRIES: &[Entry] = &[
    get("/", On::Nothing, ALL),
    get("/match", On::Nothing, ALL),
    post("/match", On::Nothing, ALL, &[("text", "求购车规级线性稳压器，工作温度-40℃~125℃")]),
    post("/match/why", On::Nothing, ALL, &[("text", "求购车规级线性稳压器"), ("other", "线性稳压器")]),
    get("/chains", On::Nothing, ALL),
    get("/chains/{chain}", On::Nothing, ALL),
    get("/chains/{chain}/links.csv", On::Nothing, ALL),
    get("/hall", On::Nothing, ALL),
    get("/hall.csv", On::Nothing, ALL),
    get("/hall.xlsx", On::Nothing, ALL),
    get("/parties", On::Nothing, ALL),
    get("/parties/{id}", On::Party, ALL),
    get("/help", On::Nothing, ALL),
    get("/status", On::Nothing, ALL),
    get("/healthz", On::Nothing, ALL),
    get("/readyz", On::Nothing, ALL),
    get("/metrics", On::Machine, OPERATORS),
    get("/listings/{id}", On::AnyListing, ALL),
    get("/listings/{id}/matches", On::AnyListing, ALL),
    get("/listings/{id}/why", On::AnyListing, ALL),
    get("/listings/{id}/versions", On::AnyListing, SIDE_OPERATORS),
    get("/listings/{id}/versions/compare", On::AnyListing, SIDE_OPERATORS),
    get("/attachments/{id}", On::AnyFile, ALL),
    post("/listings/{id}/submit", On::AnyListing, EDITORS, &[]),
    post("/listings/{id}/renew", On::AnyListing, EDITORS_OPERATORS, &[]),
    get("/sign-in", On::Nothing, ALL),
    post("/sign-in", On::Nothing, ALL, &[("email", "member@example.com"), ("password", "long enough 密码")]),
    get("/sign-up", On::Nothing, ALL),
    post("/sign-up", On::Nothing, ALL, &[]),
    get("/forgot", On::Nothing, ALL),
    post("/forgot", On::Nothing, ALL, &[("email", "member@example.com")]),
    get("/reset/{secret}", On::Link, ALL),
    post("/reset/{secret}", On::Link, ALL, &[("password", "short")]),
    get("/invitation/{secret}", On::Link, ALL),
    get("/account", On::Nothing, MEMBERS),
    post("/account", On::Nothing, MEMBERS, &[("name", "新名"), ("locale", "zh")]),
    get("/account/person", On::Nothing, MEMBERS),
    post("/account/person", On::Nothing, MEMBERS, &[]),
    post("/account/tokens", On::Nothing, MEMBERS, &[]),
    get("/organizations/new", On::Nothing, MEMBERS),
    post("/organizations/new", On::Nothing, MEMBERS, &[]),
    get("/organizations/{id}/edit", On::Party, OWNERS_OPERATORS),
    post("/organizations/{id}/edit", On::Party, OWNERS_OPERATORS, &[("version", "1")]),
    get("/admin/accounts", On::Nothing, ADMINS),
    post("/admin/accounts/{id}/role", On::Nothing, ADMINS, &[("role", "")]),
    post("/admin/accounts/{id}/disabled", On::Nothing, ADMINS, &[]),
    get("/admin/organizations", On::Nothing, OPERATORS),
    get("/admin/ranking", On::Nothing, OPERATORS),
    post("/admin/ranking/use", On::Nothing, OPERATORS, &[("version", "built-in")]),
    post("/admin/ranking/learn", On::Nothing, OPERATORS, &[]),
    post("/admin/ranking/trial", On::Nothing, OPERATORS, &[("one", "built-in"), ("other", "built-in")]),
    post("/admin/ranking/trial/end", On::Nothing, OPERATORS, &[]),
    post("/admin/organizations/{id}/verify", On::Party, OPERATORS, &[]),
    post("/admin/organizations/{id}/refuse", On::Party, OPERATORS, &[]),
    get("/publish/{id}", On::Draft, EDITORS),
    upload("/publish/{id}/files", On::Draft, EDITORS),
    post("/publish/{id}/files/{file}/remove", On::Draft, EDITORS, &[]),
    post("/publish/{id}", On::Draft, EDITORS, &[]),
    post("/coach", On::Nothing, ALL, &[]),
    get("/desk", On::Nothing, MEMBERS),
    get("/desk/matches", On::Nothing, MEMBERS),
    get("/desk/notices", On::Nothing, MEMBERS),
    post("/desk/notices", On::Nothing, MEMBERS, &[]),
    post("/desk/renew", On::Expired, EDITORS_OPERATORS, &[("listing", "{id}")]),
    get("/engagements", On::Nothing, MEMBERS),
    get("/engagements/list", On::Nothing, MEMBERS),
    get("/engagements/new", On::Nothing, MEMBERS),
    post("/engagements", On::Nothing, MEMBERS, &[]),
    get("/engagements/{id}", On::Engagement, ALL),
    get("/engagements/{id}/certificate", On::Engagement, ALL),
    get("/engagements/{id}/moves/{move}", On::Engagement, ENGAGED),
    upload("/engagements/{id}/moves/{move}", On::Engagement, ENGAGED),
    get("/engagements/{id}/steps/{step}/amend", On::Engagement, ENGAGED),
    upload("/engagements/{id}/steps/{step}/amend", On::Engagement, ENGAGED),
    post("/engagements/{id}/confirm", On::Engagement, ENGAGED, &[]),
    post("/engagements/{id}/object", On::Engagement, ENGAGED, &[]),
    post("/engagements/{id}/rate", On::Engagement, ENGAGED, &[]),
    post("/engagements/{id}/broker", On::Engagement, ENGAGED, &[]),
    get("/engagements/{id}/certificate.pdf", On::Engagement, ALL),
    get("/engagements/{id}/contract", On::Engagement, ALL),
    get("/engagements/{id}/contract.pdf", On::Engagement, ALL),
    get("/engagements/{id}/contract.zip", On::Engagement, ALL),
    post("/engagements/{id}/contract/{item}", On::Engagement, ENGAGED, &[("text", "第4条")]),
    get("/engagements/{id}/annexes", On::Engagement, ALL),
    post("/engagements/{id}/annexes", On::Engagement, &["rival", "editor", "owner"], &[]),
    // Nobody has accepted the terms.
    get("/engagements/{id}/annexes/{annex}", On::Engagement, &["viewer", "editor", "owner"]),
    get("/engagements/{id}/annexes/{annex}/paper", On::Engagement, &["viewer", "editor", "owner"]),
    post("/engagements/{id}/annexes/{annex}/{act}", On::Engagement, EDITORS, &[]),
    get("/services", On::Nothing, ALL),
    get("/visits", On::Nothing, STAFF),
    get("/visits/new", On::Nothing, STAFF),
    post("/visits", On::Nothing, STAFF, &[]),
    get("/visits/{id}", On::Visit, STAFF),
    get("/visits/{id}/edit", On::Visit, STAFF),
    post("/visits/{id}", On::Visit, STAFF, &[("version", "1")]),
    post("/visits/{id}/needs/{n}", On::Visit, STAFF, &[("version", "1")]),
    get("/handover", On::Nothing, STAFF),
    post("/handover", On::Nothing, STAFF, &[]),
    get("/feedback", On::Nothing, MEMBERS),
    get("/feedback.csv", On::Nothing, MEMBERS),
    get("/feedback/new", On::Nothing, MEMBERS),
    post("/feedback", On::Nothing, MEMBERS, &[]),
    get("/feedback/{id}", On::Feedback, ALL),
    get("/feedback/{id}/proof/{event}", On::Feedback, ALL),
    upload("/feedback/{id}/{what}", On::Feedback, STAFF),
    get("/volunteers", On::Nothing, ALL),
    get("/volunteers/mine", On::Nothing, MEMBERS),
    get("/volunteers/report", On::Nothing, EDITORS_STAFF),
    get("/volunteers/report.csv", On::Nothing, EDITORS_STAFF),
    get("/volunteers/requests", On::Nothing, ALL),
    get("/volunteers/requests/new", On::Nothing, MEMBERS),
    post("/volunteers/requests", On::Nothing, MEMBERS, &[]),
    get("/volunteers/requests/{id}", On::Request, ALL),
    post("/volunteers/requests/{id}/dispatch", On::Request, EDITORS_STAFF, &[("volunteer", "{volunteer}")]),
    post("/volunteers/requests/{id}/end", On::Request, EDITORS_OPERATORS, &[("version", "1")]),
    post("/volunteers/duties/{id}/{deed}", On::Duty, &["member"], &[]),
    get("/volunteers/teams/new", On::Nothing, MEMBERS),
    post("/volunteers/teams", On::Nothing, MEMBERS, &[]),
    get("/volunteers/teams/{id}", On::Team, ALL),
    post("/volunteers/teams/{id}/join", On::Team, MEMBERS, &[]),
    post("/volunteers/members/{id}/{decision}", On::Volunteer, EDITORS_OPERATORS, &[]),
    get("/workstations", On::Nothing, ALL),
    get("/workstations/new", On::Nothing, MEMBERS),
    post("/workstations", On::Nothing, MEMBERS, &[]),
    get("/workstations/{id}", On::Station, ALL),
    post("/workstations/{id}/ruling", On::Station, OPERATORS, &[("version", "1")]),
    post("/workstations/{id}/results", On::Station, EDITORS, &[("version", "1")]),
    get("/alliances", On::Nothing, ALL),
    get("/alliances/new", On::Nothing, MEMBERS),
    post("/alliances", On::Nothing, MEMBERS, &[]),
    get("/alliances/{id}", On::Party, ALL),
    post("/alliances/{id}", On::Party, OWNERS_OPERATORS, &[("version", "1")]),
    post("/alliances/{id}/agreements", On::Party, OWNERS_OPERATORS, &[]),
    post("/alliances/{id}/things", On::Party, EDITORS, &[("party", "{party}")]),
    post("/alliances/things/{id}/remove", On::Thing, EDITORS_OPERATORS, &[]),
    post("/engagements/{id}/messages", On::Engagement, ENGAGED, &[("body", "您好")]),
    post("/engagements/{id}/appointments", On::Engagement, ENGAGED, &[]),
    get("/appointments/{id}", On::Appointment, ALL),
    post("/appointments/{id}/off", On::Appointment, ENGAGED, &[]),
    get("/engagement-files/{id}", On::EngagementFile, ALL),
    // Only who uploaded it takes it away.
    post("/engagement-files/{id}/remove", On::EngagementFile, OWNERS, &[]),
    get("/verify", On::Nothing, ALL),
    get("/verify/{hash}", On::Nothing, ALL),
    get("/dashboard", On::Nothing, STAFF),
    get("/dashboard.csv", On::Nothing, STAFF),
    get("/dashboard/list", On::Nothing, STAFF),
    get("/api/v1/engagements", On::Nothing, MEMBERS),
    post("/api/v1/engagements", On::Nothing, MEMBERS, &[]),
    get("/api/v1/engagements/{id}", On::Engagement, ALL),
    post("/api/v1/engagements/{id}/steps", On::Engagement, ENGAGED, &[]),
    post("/api/v1/engagements/{id}/messages", On::Engagement, ENGAGED, &[]),
    post("/api/v1/engagements/{id}/files", On::Engagement, ENGAGED, &[]),
    get("/api/v1/engagements/{id}/contract", On::Engagement, ALL),
    get("/api/v1/feedback", On::Nothing, MEMBERS),
    get("/api/v1/volunteer-requests", On::Nothing, ALL),
    get("/api/v1/engagement-figures", On::Nothing, STAFF),
    get("/api/v1/chains/{hash}", On::Nothing, ALL),
    get("/review", On::Nothing, STAFF),
    get("/import", On::Nothing, MEMBERS),
    upload("/import", On::Nothing, MEMBERS),
    get("/api/v1/listings", On::Nothing, ALL),
    post("/api/v1/listings", On::Nothing, EDITORS, &[]),
    get("/api/v1/listings/{id}", On::AnyListing, ALL),
    put("/api/v1/listings/{id}", On::AnyListing, EDITORS),
    post("/api/v1/listings/{id}/submit", On::AnyListing, EDITORS, &[]),
    post("/api/v1/listings/{id}/renew", On::AnyListing, EDITORS_OPERATORS, &[]),
    post("/api/v1/listings/{id}/close", On::AnyListing, EDITORS_OPERATORS, &[]),
    get("/api/v1/parties", On::Nothing, ALL),
    post("/api/v1/parties", On::Nothing, MEMBERS, &[]),
    get("/api/v1/parties/{id}", On::Party, ALL),
    put("/api/v1/parties/{id}", On::Party, OWNERS_OPERATORS),
    get("/api/v1/search", On::Nothing, ALL),
    post("/api/v1/match", On::Nothing, ALL, &[]),
    post("/api/v1/match/why", On::Nothing, ALL, &[]),
    get("/api/v1/changes", On::Nothing, ALL),
    get("/api/v1/catalog", On::Nothing, ALL),
    get("/api/v1/openapi.json", On::Nothing, ALL),
    get("/api/v1/articles", On::Nothing, ALL),
    post("/api/v1/articles", On::Nothing, OPERATORS, &[]),
    get("/api/v1/articles/{id}", On::AnyArticle, ALL),
    get("/api/v1/entities", On::Nothing, ALL),
    get("/api/v1/entities/{id}", On::AnyEntity, ALL),
    get("/api/v1/facts", On::Nothing, ALL),
    get("/api/v1/graph", On::AnyEntity, ALL),
    get("/api/v1/timeline", On::Nothing, ALL),
    get("/articles.atom", On::Nothing, ALL),
    get("/facts.atom", On::Nothing, ALL),
    get("/activities.ics", On::Nothing, ALL),
    get("/graph.graphml", On::AnyEntity, ALL),
    get("/graph.jsonld", On::AnyEntity, ALL),
    get("/facts.csv", On::Nothing, ALL),
    get("/organizations/{id}/people", On::Party, &["viewer", "editor", "owner", "operator", "admin"]),
    get("/publish", On::Nothing, ALL),
    post("/publish", On::Nothing, ALL, &[("side", "offer"), ("kind", "chip")]),
    post("/publish/draft", On::Party, EDITORS, DRAFT),
    get("/review/{id}", On::InReview, STAFF),
    post("/review/{id}", On::InReview, OPERATORS, REVIEW),
    get("/import/{id}", On::Import, OWNERS),
    get("/import/{id}/report.csv", On::Import, OWNERS),
    post("/import/{id}", On::Import, OWNERS, &[("party", "{party}")]),
    post("/import/{id}/run", On::Import, OWNERS, &[]),
    post("/organizations/{id}/invitations", On::Party, OWNERS_ADMINS, &[("email", ""), ("role", "viewer")]),
    post("/organizations/{id}/people/{account}/role", On::Party, OWNERS_ADMINS, &[("role", "viewer")]),
    post("/organizations/{id}/memberships/{membership}/confirm", On::Party, OWNERS_OPERATORS, &[]),
    // Either side of a membership ends it, and whoever speaks for either side declares one.
    post(
        "/organizations/{id}/memberships/{membership}/remove",
        On::Party,
        &["rival", "owner", "operator", "admin"],
        &[],
    ),
    post("/organizations/{id}/memberships", On::Party, EDITORS_OPERATORS, &[("party", "{party}"), ("title", "部门")]),
    post("/listings/{id}/close", On::AnyListing, EDITORS_OPERATORS, &[("sure", "1")]),
    post("/listings/{id}/annex", On::Published, MEMBERS, &[("accept", "1")]),
    get("/programs", On::Nothing, ALL),
    get("/programs/new", On::Nothing, OPERATORS),
    post("/programs", On::Nothing, OPERATORS, &[("ty", "fair")]),
    get("/programs/{id}", On::Program, ALL),
    get("/programs/{id}/edit", On::Program, OPERATORS),
    post("/programs/{id}/edit", On::Program, OPERATORS, &[]),
    get("/programs/{id}/enter", On::Program, MEMBERS),
    post("/programs/{id}/enter", On::Program, EDITORS, &[("party", "{party}"), ("act", "keep")]),
    get("/programs/{id}/work", On::Program, OPERATORS),
    get("/programs/{id}/work/entries", On::Program, OPERATORS),
    // It has come there already.
    post("/programs/{id}/phase", On::Program, OPERATORS, &[("phase", "open")]),
    get("/programs/{id}/reviewers", On::Program, OPERATORS),
    post("/programs/{id}/reviewers", On::Program, OPERATORS, &[("do", "deal")]),
    get("/programs/{id}/ranking", On::Program, OPERATORS),
    post("/programs/{id}/ranking", On::Program, OPERATORS, &[("do", "rank")]),
    get("/programs/{id}/sessions", On::Program, ALL),
    post("/programs/{id}/sessions", On::Program, OPERATORS, &[]),
    get("/program-sessions/{id}", On::ProgramSession, ALL),
    post("/program-sessions/{id}", On::ProgramSession, OPERATORS, &[("do", "put"), ("numbers", "x")]),
    get("/programs/{id}/follow-up", On::Program, OPERATORS),
    get("/programs/{id}/entries.csv", On::Program, OPERATORS),
    get("/programs/{id}/ranking.csv", On::Program, OPERATORS),
    get("/programs/{id}/results.csv", On::ShownProgram, ALL),
    get("/programs/{id}/results", On::ShownProgram, ALL),
    get("/programs/{id}/hall", On::ShownProgram, ALL),
    get("/entries", On::Nothing, MEMBERS),
    get("/entries/{id}", On::ProgramEntry, SIDE_OPERATORS),
    get("/entries/{id}/edit", On::ProgramEntry, EDITORS),
    post("/entries/{id}/discard", On::ProgramEntry, EDITORS, &[]),
    post("/entries/{id}/steps", On::ProgramEntry, EDITORS, &[("do", "appeal"), ("note", "理由")]),
    // An entry's own people do not ask to meet themselves.
    post("/entries/{id}/interest", On::ShownEntry, EDITORS, &[("party", "{party}")]),
    post("/entries/{id}/engagement", On::ShownEntry, EDITORS_STAFF, &[("party", "{party}")]),
    get("/entries/{id}/certificate", On::ProgramEntry, SIDE_OPERATORS),
    // It was given to no reviewer.
    get("/entries/{id}/review", On::ProgramEntry, &[]),
    post("/entries/{id}/review", On::ProgramEntry, &[], &[]),
    get("/reviewing", On::Nothing, MEMBERS),
    get("/reviewing/{id}", On::Program, &[]),
    post("/reviewing/{id}", On::Program, &[], &[]),
    get("/api/v1/programs", On::Nothing, ALL),
    get("/api/v1/programs/{id}", On::Program, ALL),
    get("/api/v1/programs/{id}/entries", On::Program, OPERATORS),
    get("/api/v1/programs/{id}/ranking", On::Program, OPERATORS),
    get("/api/v1/programs/{id}/hall", On::ShownProgram, ALL),
    post("/api/v1/programs/{id}/entries", On::Program, MEMBERS, &[]),
    get("/api/v1/entries/{id}", On::ProgramEntry, SIDE_OPERATORS),
    post("/api/v1/entries/{id}/steps", On::ProgramEntry, SIDE_OPERATORS, &[]),
    get("/articles", On::Nothing, ALL),
    get("/articles/upload", On::Nothing, OPERATORS),
    upload("/articles/upload", On::Nothing, OPERATORS),
    get("/articles/{id}", On::AnyArticle, ALL),
    get("/facts/{id}", On::AnyFact, ALL),
    get("/review/entities", On::Nothing, OPERATORS),
    post("/review/entities", On::Nothing, OPERATORS, JOIN),
    post("/review/entities/claims", On::Nothing, OPERATORS, CLAIM),
    get("/agreements", On::Nothing, ALL),
    get("/agreements/{id}", On::AnyAgreement, ALL),
    post("/agreements/{id}", On::AnyAgreement, OPERATORS, &[]),
    post("/agreements/{id}/commitments", On::AnyAgreement, OPERATORS, &[]),
    post("/agreements/{id}/commitments/{commitment}", On::AnyAgreement, OPERATORS, &[("state", "kept")]),
    // The fact is of a signing: nobody can make an offer of it, and whoever has an account is told so.
    post("/facts/{id}/draft", On::AnyFact, MEMBERS, &[("party", "{party}")]),
    // Whoever sees the agreement that was opened is led to it.
    post("/facts/{id}/agreement", On::AnyFact, MEMBERS, &[]),
    post("/facts/{id}/amend", On::AnyFact, OPERATORS, &[]),
    post("/facts/{id}/confirm", On::AnyFact, OPERATORS, &[]),
    post("/facts/{id}/reject", On::AnyFact, OPERATORS, &[]),
    post("/articles/{id}/facts/{fact}/restore", On::AnyArticle, OPERATORS, &[]),
    post("/articles/{id}/restore", On::AnyArticle, OPERATORS, &[]),
    post("/invitation/{secret}", On::Link, MEMBERS, &[]),
    post("/organizations/{id}/invitations/{invitation}/withdraw", On::Party, OWNERS_ADMINS, &[]),
    // A colleague may leave.
    post("/organizations/{id}/people/{account}/remove", On::Party, &["viewer", "owner", "admin"], &[]),
    get("/entities", On::Nothing, ALL),
    get("/entities/{id}", On::AnyEntity, ALL),
    post("/entities/{id}/claim", On::AnyEntity, OWNERS_OPERATORS, &[("party", "{party}")]),
    // After the claim, which it takes back.
    post("/entities/{id}/claim/withdraw", On::AnyEntity, OWNERS_OPERATORS, &[("party", "{party}")]),
    get("/graph", On::AnyEntity, ALL),
    get("/graph/path", On::AnyEntity, ALL),
    get("/timeline", On::Nothing, ALL),
    post("/account/tokens/{id}/revoke", On::Token, OWNERS, &[]),
    post("/articles/{id}/withdraw", On::AnyArticle, OPERATORS, &[]),
    post("/account/password", On::Nothing, MEMBERS, &[("old_password", "long enough 密码"), ("password", "short")]),
    post("/account/sessions", On::Nothing, MEMBERS, &[]),
    post("/sign-out", On::Nothing, ALL, &[]),
];

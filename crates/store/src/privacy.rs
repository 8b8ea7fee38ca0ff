//! Who may ever be shown what a column holds. An export, a log or a new page honours the class;
//! a test compares the table with the schema as it is.

mod engagements;
mod programs;
mod services;

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// Who may be shown a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Whoever may see the record.
    Public,
    /// Whoever is signed in; contacts and the like.
    Member,
    /// Those whose record it is, and operators.
    Owner,
    /// Nobody: it never leaves the store but in a backup.
    Secret,
}

use Class::{Member, Owner, Public, Secret};

/// A table's columns by class.
type Classes = &'static [(Class, &'static [&'static str])];

/// Columns that mix parts of several tiers (`listings.content`) have the strictest of their parts;
/// who reads which part is decided part by part, by `Viewer::reads`.
const TABLES: &[(&str, Classes)] = &[
    (
        "accounts",
        &[
            (
                Owner,
                &[
                    "id",
                    "email",
                    "email_key",
                    "name",
                    "locale",
                    "platform_role",
                    "person_id",
                    "daily_mail",
                    "disabled_at",
                    "demo",
                    "version",
                    "created_at",
                ],
            ),
            (Secret, &["password_hash"]),
        ],
    ),
    ("agreement_articles", &[(Public, &["agreement_id", "article_id", "day"])]),
    (
        "agreements",
        &[
            (
                Public,
                &[
                    "id",
                    "title",
                    "title_key",
                    "signed_on",
                    "parties",
                    "fact_id",
                    "article_id",
                    "note",
                    "version",
                    "created_at",
                    "updated_at",
                ],
            ),
            (Owner, &["audience", "created_by"]),
        ],
    ),
    ("annex_acceptances", &[(Owner, &["listing_id", "account_id", "at"])]),
    (
        "api_tokens",
        &[(Owner, &["id", "account_id", "name", "scopes", "created_at", "used_at", "revoked_at"]), (Secret, &["hash"])],
    ),
    (
        "article_entities",
        &[
            (
                Public,
                &["article_id", "local_id", "entity_id", "anchor_id", "kind", "name", "qualifier", "mentions", "day"],
            ),
            (Owner, &["audience"]),
        ],
    ),
    (
        "articles",
        &[
            (
                Public,
                &[
                    "id",
                    "source_id",
                    "ordinal",
                    "title",
                    "title_key",
                    "published",
                    "place",
                    "origin",
                    "state",
                    "reader_version",
                    "version",
                    "demo",
                    "created_at",
                    "updated_at",
                ],
            ),
            (Owner, &["audience", "readers", "text_readers", "reading"]),
        ],
    ),
    (
        "attachments",
        &[
            (Member, &["id", "listing_id", "name", "media_type", "size", "sha256", "tier", "created_at"]),
            (Owner, &["author_id"]),
            (Secret, &["blob_key"]),
        ],
    ),
    ("changes", &[(Public, &["seq", "at", "record", "record_id", "action"]), (Owner, &["actor_id"])]),
    (
        "commitments",
        &[(Public, &["id", "agreement_id", "who", "what", "due", "state", "note", "created_at", "closed_at"])],
    ),
    (
        "corrections",
        &[(
            Owner,
            &["id", "article_id", "fact_id", "kind", "first_char", "end_char", "judgement", "content", "by_id", "at"],
        )],
    ),
    ("cursors", &[(Owner, &["follower", "node", "seq", "version"])]),
    (
        "deliveries",
        &[
            (
                Owner,
                &[
                    "id",
                    "key",
                    "channel",
                    "created_at",
                    "next_at",
                    "attempts",
                    "worker",
                    "lease_until",
                    "last_error",
                    "done_at",
                ],
            ),
            // A mail may hold the secret of a link.
            (Secret, &["payload"]),
        ],
    ),
    ("entities", &[(Public, &["id", "kind", "name", "name_key", "qualifier"])]),
    ("entity_claims", &[(Public, &["entity_id", "party_id", "status", "at"]), (Owner, &["by_id"])]),
    ("entity_counts", &[(Public, &["entity_id", "articles", "first_day", "last_day"]), (Owner, &["audience"])]),
    (
        "entity_names",
        &[(Public, &["article_id", "name_key", "entity_id", "kind", "name", "role"]), (Owner, &["audience"])],
    ),
    (
        "fact_arguments",
        &[(Public, &["fact_id", "ordinal", "role", "entity_id", "kind", "day", "text"]), (Owner, &["audience"])],
    ),
    (
        "facts",
        &[
            (
                Public,
                &["id", "article_id", "kind", "day", "confidence", "first_char", "end_char", "status", "sentence"],
            ),
            (Owner, &["audience"]),
        ],
    ),
    ("idempotency", &[(Owner, &["account_id", "key", "status", "body", "at"]), (Secret, &["request_hash"])]),
    (
        "imports",
        &[
            (
                Owner,
                &[
                    "id",
                    "account_id",
                    "what",
                    "state",
                    "total",
                    "done",
                    "created",
                    "updated",
                    "failed",
                    "report",
                    "mapping",
                    "created_at",
                    "finished_at",
                ],
            ),
            (Secret, &["blob_key"]),
        ],
    ),
    (
        "invitations",
        &[
            (
                Owner,
                &["id", "organization_id", "email", "role", "invited_by", "created_at", "expires_at", "accepted_at"],
            ),
            (Secret, &["hash"]),
        ],
    ),
    ("join_candidates", &[(Owner, &["first_id", "second_id", "score", "reason"])]),
    ("join_decisions", &[(Owner, &["kept_id", "joined_id", "same", "kept_name", "joined_name", "by_id", "at"])]),
    ("leases", &[(Owner, &["name", "holder", "held_until"])]),
    ("listing_versions", &[(Owner, &["listing_id", "version", "author_id", "at", "content"])]),
    (
        "listings",
        &[
            (
                Public,
                &[
                    "id",
                    "side",
                    "kind",
                    "state",
                    "party_id",
                    "version",
                    "expires_at",
                    "published_at",
                    "created_at",
                    "updated_at",
                    "demo",
                ],
            ),
            (Owner, &["author_id", "audience", "external_id", "content"]),
        ],
    ),
    (
        "matches",
        &[
            (Public, &["public_score", "public_blocked", "public_reasons"]),
            (Owner, &["need_id", "offer_id", "score", "blocked", "reasons", "need_version", "offer_version"]),
        ],
    ),
    (
        "memberships",
        &[(Public, &["id", "member_id", "organization_id", "title", "first_day", "last_day", "status", "created_at"])],
    ),
    ("meta", &[(Owner, &["key", "value"])]),
    ("name_parts", &[(Public, &["name_key", "part"])]),
    ("notices", &[(Owner, &["id", "account_id", "body", "key", "created_at", "read_at", "mailed_at"])]),
    ("org_roles", &[(Owner, &["account_id", "organization_id", "role", "at"])]),
    ("parked", &[(Owner, &["follower", "node", "seq", "change", "error", "at"])]),
    (
        "parties",
        &[
            (
                Public,
                &[
                    "id",
                    "kind",
                    "name",
                    "name_key",
                    "aliases",
                    "uscc",
                    "orcid",
                    "region",
                    "industry",
                    "summary",
                    "website",
                    "keywords",
                    "verified_at",
                    "demo",
                    "version",
                    "created_at",
                    "updated_at",
                ],
            ),
            (Member, &["contact"]),
            (Owner, &["external_id", "created_by"]),
        ],
    ),
    ("password_resets", &[(Owner, &["account_id", "expires_at"]), (Secret, &["hash"])]),
    ("ranking_trials", &[(Owner, &["id", "one_id", "other_id", "started_at", "ended_at", "by_id"])]),
    ("reviews", &[(Owner, &["id", "listing_id", "version", "reviewer_id", "scores", "decision", "comment", "at"])]),
    ("sessions", &[(Owner, &["account_id", "created_at", "expires_at"]), (Secret, &["id_hash", "csrf"])]),
    ("showing_opens", &[(Secret, &["showing_id", "listing_id", "at"])]),
    ("showings", &[(Secret, &["id", "asking_id", "side", "kind", "version_id", "trial_id", "at", "shown"])]),
    (
        "sources",
        &[
            (Public, &["id", "name", "encoding", "replaced", "created_at"]),
            (Owner, &["digest", "apart", "created_by", "original"]),
        ],
    ),
    ("ties", &[(Public, &["one_id", "other_id", "kind", "facts", "first_day", "last_day"]), (Owner, &["audience"])]),
    ("weight_uses", &[(Owner, &["since", "version_id", "by_id"])]),
    ("weight_versions", &[(Owner, &["id", "made_at", "made_by", "weights", "report"])]),
];

/// Every column with its class: table, column, class.
pub fn columns() -> impl Iterator<Item = (&'static str, &'static str, Class)> {
    let parts = [TABLES, engagements::TABLES, programs::TABLES, services::TABLES];
    parts.into_iter().flatten().flat_map(|&(table, classes)| {
        classes.iter().flat_map(move |&(class, names)| names.iter().map(move |&n| (table, n, class)))
    })
}

/// The class of a column; `None`: there is no such column.
#[must_use]
pub fn class_of(table: &str, column: &str) -> Option<Class> {
    columns().find(|&(t, c, _)| t == table && c == column).map(|(_, _, class)| class)
}

/// Tables and columns as they are in the database.
///
/// # Errors
/// When the database cannot be asked.
pub async fn live_columns(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let sql = conn.dialect().engine().live_columns;
    let mut live: Vec<(String, String)> = Query::new(sql).all(conn, |r| Ok((r.get("tab")?, r.get("col")?))).await?;
    live.sort();
    Ok(live)
}

//! The classes of what brokers, volunteers, workstations and alliances do. A body has the strictest class of its parts.

use super::Class::{Owner, Public};
use super::Classes;

pub(super) const TABLES: &[(&str, Classes)] = &[
    ("alliance_things", &[(Public, &["id", "version", "alliance_id", "body"])]),
    ("alliances", &[(Public, &["id", "version", "body"])]),
    ("contract_packs", &[(Owner, &["id", "version", "body"])]),
    ("engagement_annex_looks", &[(Owner, &["id", "version", "annex_id", "body"])]),
    ("engagement_annexes", &[(Owner, &["id", "version", "engagement_id", "body"])]),
    ("feedback_items", &[(Owner, &["id", "version", "author_id", "owner_id", "state", "due", "body"])]),
    ("visits", &[(Owner, &["id", "version", "broker_id", "follow_up", "body"])]),
    ("volunteer_duties", &[(Owner, &["id", "version", "request_id", "account_id", "state", "starts_at", "body"])]),
    ("volunteer_requests", &[(Public, &["id", "version", "party_id", "state", "starts_at", "body"])]),
    ("volunteer_teams", &[(Public, &["id", "version", "parent_id", "party_id", "body"])]),
    ("volunteers", &[(Owner, &["id", "version", "team_id", "account_id", "state", "body"])]),
    ("workstations", &[(Public, &["id", "version", "party_id", "state", "ends_on"]), (Owner, &["body"])]),
];

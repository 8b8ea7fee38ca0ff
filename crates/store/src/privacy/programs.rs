//! The classes of programs. What was entered is for its people and the organiser until the hall shows it; who
//! reviewed what, and the points, are for the organiser alone.

use super::Class::{Owner, Public, Secret};
use super::Classes;

pub(super) const TABLES: &[(&str, Classes)] = &[
    (
        "program_entries",
        &[
            (
                Public,
                &[
                    "id",
                    "program_id",
                    "number",
                    "party_id",
                    "kind",
                    "region",
                    "area",
                    "industry",
                    "stage",
                    "on_show",
                    "demo",
                    "title",
                    "title_key",
                    "summary",
                    "summary_key",
                ],
            ),
            (
                Owner,
                &[
                    "author_id",
                    "listing_id",
                    "since",
                    "appeal",
                    "given",
                    "scored",
                    "place",
                    "score",
                    "raw",
                    "engagement_id",
                    "steps",
                    "version",
                    "created_at",
                    "head",
                    "content",
                    "state",
                ],
            ),
        ],
    ),
    (
        "program_files",
        &[
            (
                Owner,
                &[
                    "id",
                    "entry_id",
                    "name",
                    "media_type",
                    "size",
                    "sha256",
                    "reveals",
                    "handed_in",
                    "taken_out",
                    "author_id",
                    "created_at",
                ],
            ),
            (Secret, &["blob_key"]),
        ],
    ),
    ("program_interests", &[(Owner, &["entry_id", "party_id", "account_id", "program_id", "at", "note"])]),
    ("program_meetings", &[(Owner, &["session_id", "slot", "seat", "entry_id", "party_id"])]),
    ("program_reviewers", &[(Owner, &["program_id", "account_id", "added_at", "declared"])]),
    ("program_reviews", &[(Owner, &["entry_id", "reviewer_id", "program_id", "state", "total", "at"])]),
    ("program_session_entries", &[(Public, &["session_id", "entry_id", "position"])]),
    (
        "program_sessions",
        &[(Public, &["id", "program_id", "sort", "starts_at", "ends_at", "minutes", "tables", "title", "place"])],
    ),
    ("program_steps", &[(Public, &["hash"]), (Owner, &["subject_id", "ordinal", "record"])]),
    (
        "programs",
        &[
            (Public, &["id", "program_type", "phase", "since", "organizer_id", "demo", "created_at", "settings"]),
            (Owner, &["steps", "head", "ranked"]),
        ],
    ),
];

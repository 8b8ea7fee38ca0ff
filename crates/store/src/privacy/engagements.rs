//! The classes of engagements: what stands in a record is for its people. A hash tells nothing but that it is there.

use super::Class::{Owner, Public, Secret};
use super::Classes;

pub(super) const TABLES: &[(&str, Classes)] = &[
    (
        "engagement_appointments",
        &[(
            Owner,
            &[
                "id",
                "engagement_id",
                "title",
                "place",
                "starts_at",
                "ends_at",
                "author_id",
                "role",
                "created_at",
                "cancelled_at",
            ],
        )],
    ),
    (
        "engagement_files",
        &[
            (
                Owner,
                &["id", "engagement_id", "step", "name", "media_type", "size", "sha256", "author_id", "created_at"],
            ),
            (Secret, &["blob_key"]),
        ],
    ),
    ("engagement_messages", &[(Owner, &["id", "engagement_id", "author_id", "role", "at", "body"])]),
    ("engagement_ratings", &[(Public, &["party_id", "score"]), (Owner, &["engagement_id", "side", "step"])]),
    ("engagement_reminders", &[(Owner, &["engagement_id", "step", "what", "at"])]),
    ("engagement_steps", &[(Public, &["hash"]), (Owner, &["engagement_id", "ordinal", "record"])]),
    (
        "engagement_tallies",
        &[(Owner, &["workflow", "program", "region", "kind", "month", "measure", "item", "n", "seconds"])],
    ),
    (
        "engagements",
        &[(
            Owner,
            &[
                "id",
                "workflow",
                "stage",
                "stage_since",
                "opened_at",
                "month",
                "kind",
                "region",
                "program",
                "need_id",
                "offer_id",
                "need_party_id",
                "offer_party_id",
                "opener",
                "broker_id",
                "asks_need",
                "asks_offer",
                "reached",
                "path",
                "reason",
                "need_answered_at",
                "offer_answered_at",
                "steps",
                "head",
                "due_what",
                "due_at",
                "subject",
                "state",
            ],
        )],
    ),
];

//! PostgreSQL: a server, several nodes, one of them writing at a time.

use super::Engine;
use crate::error::StoreError;

pub(super) static ENGINE: Engine = Engine {
    types: [
        // Bytewise order, as SQLite has it, whatever the server's locale.
        ("$TEXT", "TEXT COLLATE \"C\""),
        ("$INT", "BIGINT"),
        ("$FLOAT", "DOUBLE PRECISION"),
        ("$BYTES", "BYTEA"),
        ("$SEQ", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
        ("$STATE_REACHED", "CAST(state AS json) ->> 'reached'"),
        ("$STRICT", ""),
    ],
    // A node that was cut off must not keep the lock; a commit that was acknowledged must last.
    writer_setup: "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; \
        SELECT set_config('synchronous_commit', 'on', false) \
        WHERE current_setting('synchronous_commit') = 'off'",
    reader_setup: "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    cache: None,
    // The lock makes the order of `seq` the order of commits: without it a lower number can
    // commit after a follower has passed it. It belongs to the schema, not to the whole database.
    begin: "BEGIN ISOLATION LEVEL READ COMMITTED; \
        SELECT pg_advisory_xact_lock(hashtextextended('keqiao writer ' || current_schema(), 0))",
    begin_snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    given_numbers: "OVERRIDING SYSTEM VALUE",
    go_on_after: Some(["SELECT setval(pg_get_serial_sequence('", "', '", "'), "]),
    json_arrays: ["json_agg", "json_build_array"],
    live_columns: "SELECT CAST(table_name AS TEXT) AS tab, CAST(column_name AS TEXT) AS col \
        FROM information_schema.columns WHERE table_schema = current_schema()",
    classify,
    unique_key,
};

/// By SQLSTATE (PostgreSQL documentation, appendix A).
fn classify(code: &str, message: &str) -> StoreError {
    match code {
        "53100" => StoreError::Unavailable("the database server's disk is full; nothing of this was kept".to_owned()),
        "55P03" => StoreError::Unavailable("another node holds the write lock".to_owned()),
        "25P03" | "25006" | "57014" => StoreError::Unavailable(message.to_owned()),
        "XX001" | "XX002" => StoreError::Corrupt(message.to_owned()),
        _ if ["08", "28", "3D", "40", "53", "57P", "58"].iter().any(|c| code.starts_with(c)) => {
            StoreError::Unavailable(message.to_owned())
        }
        _ => StoreError::Internal(message.to_owned()),
    }
}

/// The schema names each constraint by its key.
fn unique_key(constraint: Option<&str>, message: &str) -> String {
    constraint.unwrap_or(message).to_owned()
}

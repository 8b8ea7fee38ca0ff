//! Single values about the database itself.

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// The key under which the schema's version stands.
pub const SCHEMA_VERSION: &str = "schema_version";

/// The key under which stands when the last daily digest began, in microseconds.
pub const DAILY_DIGEST: &str = "daily_digest_at";
/// The last day of which what had come due was told.
pub const DUE_TOLD: &str = "due-told";
/// By which weights the standing matches are judged; while they are judged anew, also how far.
pub const STANDING_WEIGHTS: &str = "standing-weights";

/// The value of a key.
///
/// # Errors
/// When the database cannot be asked.
pub async fn get(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    Query::new("SELECT value FROM meta WHERE key = $1").bind(key).first(conn, |r| r.get("value")).await
}

/// Sets the value of a key.
///
/// # Errors
/// When it cannot be written.
pub async fn set(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    Query::new(
        "INSERT INTO meta (key, value) VALUES ($1, $2) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(key)
    .bind(value)
    .run(conn)
    .await
    .map(drop)
}

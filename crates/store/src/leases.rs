//! Leases: what only one node may do at a time.

use keqiao_domain::Timestamp;

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// Takes or prolongs a lease until a moment; whether the holder has it now.
///
/// # Errors
/// When it cannot be written.
pub async fn acquire(conn: &mut Conn, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
    Query::new(
        "INSERT INTO leases (name, holder, held_until) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until \
         WHERE leases.holder = excluded.holder OR leases.held_until <= $4",
    )
    .bind(name)
    .bind(holder)
    .bind(until)
    .bind(now)
    .hit(conn)
    .await
}

/// Who has a lease at a moment.
///
/// # Errors
/// When the database cannot be asked.
pub async fn holder(conn: &mut Conn, name: &str, now: Timestamp) -> Result<Option<String>> {
    let held = Query::new("SELECT holder FROM leases WHERE name = $1 AND held_until > $2").bind(name).bind(now);
    held.first(conn, |r| r.get("holder")).await
}

/// Gives back all that a holder has.
///
/// # Errors
/// When they cannot be removed.
pub async fn release_all(conn: &mut Conn, holder: &str) -> Result<()> {
    Query::new("DELETE FROM leases WHERE holder = $1").bind(holder).run(conn).await.map(drop)
}

/// Gives a lease back; whether the holder had it.
///
/// # Errors
/// When it cannot be removed.
pub async fn release(conn: &mut Conn, name: &str, holder: &str) -> Result<bool> {
    Query::new("DELETE FROM leases WHERE name = $1 AND holder = $2").bind(name).bind(holder).hit(conn).await
}

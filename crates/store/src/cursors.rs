//! How far each follower of each node has come.

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// Where a follower stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The last change it has digested.
    pub seq: i64,
    /// The follower's own version, which says how what it keeps is made.
    pub version: i64,
}

/// Where a follower of a node stands.
///
/// # Errors
/// When the database cannot be asked.
pub async fn get(conn: &mut Conn, follower: &str, node: &str) -> Result<Option<Cursor>> {
    Query::new("SELECT seq, version FROM cursors WHERE follower = $1 AND node = $2")
        .bind(follower)
        .bind(node)
        .first(conn, |r| Ok(Cursor { seq: r.get("seq")?, version: r.get("version")? }))
        .await
}

/// Sets where a follower of a node stands, in the transaction that keeps what it made.
///
/// # Errors
/// When it cannot be written.
pub async fn set(conn: &mut Conn, follower: &str, node: &str, seq: i64, version: i64) -> Result<()> {
    Query::new(
        "INSERT INTO cursors (follower, node, seq, version) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (follower, node) DO UPDATE SET seq = excluded.seq, version = excluded.version",
    )
    .bind(follower)
    .bind(node)
    .bind(seq)
    .bind(version)
    .run(conn)
    .await
    .map(drop)
}

/// The lowest place any follower of any node stands at; `None` without followers. Changes up to
/// there can be pruned.
///
/// # Errors
/// When the database cannot be asked.
pub async fn lowest(conn: &mut Conn) -> Result<Option<i64>> {
    let lowest = Query::new("SELECT MIN(seq) AS n FROM cursors");
    Ok(lowest.first(conn, |r| r.get::<Option<i64>>("n")).await?.flatten())
}

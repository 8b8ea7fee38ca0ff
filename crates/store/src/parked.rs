//! Changes that a follower could not digest, kept where an operator sees them.

use keqiao_domain::{Change, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, to_json};

/// A change that was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedChange {
    /// Which follower.
    pub follower: String,
    /// Of which node.
    pub node: String,
    /// The change.
    pub change: Change,
    /// What went wrong.
    pub error: String,
    /// When.
    pub at: Timestamp,
}

/// Puts a change aside; one that is there already gets the new error and time.
///
/// # Errors
/// When it cannot be written.
pub async fn insert(conn: &mut Conn, p: &ParkedChange) -> Result<()> {
    Query::new(
        "INSERT INTO parked (follower, node, seq, change, error, at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (follower, node, seq) DO UPDATE SET error = excluded.error, at = excluded.at",
    )
    .bind(&p.follower)
    .bind(&p.node)
    .bind(p.change.seq)
    .bind(to_json(&p.change)?)
    .bind(&p.error)
    .bind(p.at)
    .run(conn)
    .await
    .map(drop)
}

/// What was put aside, in the order of the log, at most `limit`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(conn: &mut Conn, limit: i64) -> Result<Vec<ParkedChange>> {
    Query::new("SELECT follower, node, change, error, at FROM parked ORDER BY seq, follower, node LIMIT $1")
        .bind(limit)
        .all(conn, |r| {
            Ok(ParkedChange {
                follower: r.get("follower")?,
                node: r.get("node")?,
                change: r.json("change")?,
                error: r.get("error")?,
                at: r.get("at")?,
            })
        })
        .await
}

/// Takes a change off the list; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove(conn: &mut Conn, follower: &str, node: &str, seq: i64) -> Result<bool> {
    Query::new("DELETE FROM parked WHERE follower = $1 AND node = $2 AND seq = $3")
        .bind(follower)
        .bind(node)
        .bind(seq)
        .hit(conn)
        .await
}

/// How many changes are put aside.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM parked").number(conn).await
}

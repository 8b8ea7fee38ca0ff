//! Signed-in browsers.

use keqiao_domain::{AccountId, Session, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row};

fn read(row: &Row) -> Result<Session> {
    Ok(Session {
        id_hash: row.get("id_hash")?,
        account: row.get("account_id")?,
        csrf: row.get("csrf")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}

/// Inserts a session.
///
/// # Errors
/// Conflict of `sessions.id_hash`; of the reference when the account is not there.
pub async fn insert(conn: &mut Conn, s: &Session) -> Result<()> {
    Query::new(
        "INSERT INTO sessions (id_hash, account_id, csrf, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&s.id_hash)
    .bind(s.account)
    .bind(&s.csrf)
    .bind(s.created_at)
    .bind(s.expires_at)
    .run(conn)
    .await
    .map(drop)
}

/// The session of a hashed id, expired or not.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id_hash: &str) -> Result<Option<Session>> {
    Query::new("SELECT id_hash, account_id, csrf, created_at, expires_at FROM sessions WHERE id_hash = $1")
        .bind(id_hash)
        .first(conn, read)
        .await
}

/// Ends a session; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub async fn delete(conn: &mut Conn, id_hash: &str) -> Result<bool> {
    Query::new("DELETE FROM sessions WHERE id_hash = $1").bind(id_hash).hit(conn).await
}

/// Ends all sessions of an account; answers how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn delete_all_of(conn: &mut Conn, account: AccountId) -> Result<u64> {
    Query::new("DELETE FROM sessions WHERE account_id = $1").bind(account).run(conn).await
}

/// Removes sessions that have ended, at most `limit`; answers how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn delete_expired(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<u64> {
    Query::new(
        "DELETE FROM sessions WHERE id_hash IN \
         (SELECT id_hash FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
    )
    .bind(now)
    .bind(limit)
    .run(conn)
    .await
}

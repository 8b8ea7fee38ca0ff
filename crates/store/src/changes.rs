//! The change log. `seq` is the order of commits: see the engines' `begin`.

use keqiao_domain::{AccountId, Action, Change, RecordId, RecordKind, Timestamp};

use crate::conn::Conn;
use crate::error::StoreError;
use crate::sql::{Query, Result, Row, to_word};

fn read(row: &Row) -> Result<Change> {
    Ok(Change {
        seq: row.get("seq")?,
        at: row.get("at")?,
        record: row.word("record")?,
        id: row.get("record_id")?,
        action: row.word("action")?,
        actor: row.get("actor_id")?,
    })
}

/// Appends an entry in the transaction that changes the record; answers its place.
///
/// # Errors
/// When it cannot be written.
pub async fn append(
    conn: &mut Conn,
    at: Timestamp,
    record: RecordKind,
    id: RecordId,
    action: Action,
    actor: Option<AccountId>,
) -> Result<i64> {
    Query::new(
        "INSERT INTO changes (at, record, record_id, action, actor_id) \
         VALUES ($1, $2, $3, $4, $5) RETURNING seq",
    )
    .bind(at)
    .bind(to_word(&record)?)
    .bind(id)
    .bind(to_word(&action)?)
    .bind(actor)
    .first(conn, |r| r.get("seq"))
    .await?
    .ok_or_else(|| StoreError::Internal("an insert without its number".to_owned()))
}

/// The entries after a place, in order, at most `limit`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<Change>> {
    Query::new(
        "SELECT seq, at, record, record_id, action, actor_id FROM changes \
         WHERE seq > $1 ORDER BY seq LIMIT $2",
    )
    .bind(seq)
    .bind(limit)
    .all(conn, read)
    .await
}

/// The place of the last entry; 0 when there has never been one.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COALESCE(MAX(seq), 0) AS n FROM changes").number(conn).await
}

/// Removes the entries before a place, but never the last one, which keeps [`latest`] true;
/// answers how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn prune_below(conn: &mut Conn, seq: i64) -> Result<u64> {
    Query::new("DELETE FROM changes WHERE seq < $1 AND seq < (SELECT MAX(seq) FROM changes)").bind(seq).run(conn).await
}

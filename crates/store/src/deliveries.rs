//! What leaves the house: rows that a worker claims for a while and sends at least once.

use keqiao_domain::Timestamp;
use serde_json::Value;

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json};

/// Something to be sent, claimed by a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The idempotency key, for receivers that know such.
    pub key: String,
    /// The way it goes: `mail`.
    pub channel: String,
    /// What is sent.
    pub payload: Value,
    /// How often it was claimed, this time included.
    pub attempts: i64,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

fn read(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.get("id")?,
        key: row.get("key")?,
        channel: row.get("channel")?,
        payload: row.json("payload")?,
        attempts: row.get("attempts")?,
        created_at: row.get("created_at")?,
    })
}

/// Enqueues something to be sent, unless its key was enqueued before; whether it was new.
///
/// # Errors
/// When it cannot be written.
pub async fn enqueue(conn: &mut Conn, key: &str, channel: &str, payload: &Value, now: Timestamp) -> Result<bool> {
    Query::new(
        "INSERT INTO deliveries (key, channel, payload, created_at, next_at, attempts) \
         VALUES ($1, $2, $3, $4, $4, 0) ON CONFLICT (key) DO NOTHING",
    )
    .bind(key)
    .bind(channel)
    .bind(to_json(payload)?)
    .bind(now)
    .hit(conn)
    .await
}

/// Claims what is due and not claimed by another until `lease_until`, at most `limit`, the oldest
/// first.
///
/// # Errors
/// When they cannot be written.
pub async fn claim(
    conn: &mut Conn,
    worker: &str,
    lease_until: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Delivery>> {
    let claimed = Query::new(
        "UPDATE deliveries SET worker = $1, lease_until = $2, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM deliveries WHERE done_at IS NULL AND next_at <= $3 \
                      AND (lease_until IS NULL OR lease_until <= $3) ORDER BY next_at, id LIMIT $4) \
         RETURNING id, key, channel, payload, attempts, created_at",
    )
    .bind(worker)
    .bind(lease_until)
    .bind(now)
    .bind(limit);
    let mut claimed = claimed.all(conn, read).await?;
    claimed.sort_by_key(|d| d.id);
    Ok(claimed)
}

/// Marks a delivery as sent; whether it was open.
///
/// # Errors
/// When it cannot be written.
pub async fn succeed(conn: &mut Conn, id: i64, now: Timestamp) -> Result<bool> {
    Query::new(
        "UPDATE deliveries SET done_at = $2, lease_until = NULL, last_error = NULL \
         WHERE id = $1 AND done_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .hit(conn)
    .await
}

/// Gives a delivery back after a failure, to be tried again at `next_at`; whether it was open.
///
/// # Errors
/// When it cannot be written.
pub async fn fail(conn: &mut Conn, id: i64, error: &str, next_at: Timestamp) -> Result<bool> {
    Query::new(
        "UPDATE deliveries SET last_error = $2, next_at = $3, lease_until = NULL \
         WHERE id = $1 AND done_at IS NULL",
    )
    .bind(id)
    .bind(error)
    .bind(next_at)
    .hit(conn)
    .await
}

/// How many deliveries are not sent yet, and the last error among them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn open(conn: &mut Conn) -> Result<(i64, Option<String>)> {
    let count = Query::new("SELECT COUNT(*) AS n FROM deliveries WHERE done_at IS NULL").number(conn).await?;
    let error = Query::new(
        "SELECT last_error FROM deliveries WHERE done_at IS NULL AND last_error IS NOT NULL \
         ORDER BY next_at DESC, id DESC LIMIT 1",
    );
    Ok((count, error.first(conn, |r| r.get("last_error")).await?))
}

/// Removes what was sent before a moment; answers how many. Their keys are then forgotten.
///
/// # Errors
/// When they cannot be removed.
pub async fn delete_sent_before(conn: &mut Conn, before: Timestamp) -> Result<u64> {
    Query::new("DELETE FROM deliveries WHERE done_at < $1").bind(before).run(conn).await
}

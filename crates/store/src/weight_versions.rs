//! Sets of weights, and which of them matches are made with.

use keqiao_domain::{Timestamp, WeightUse, WeightVersion, WeightVersionId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, made_at, made_by, weights, report FROM weight_versions", $rest)
    };
}

fn read(row: &Row) -> Result<WeightVersion> {
    Ok(WeightVersion {
        id: row.get("id")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
        weights: row.get("weights")?,
        report: row.get("report")?,
    })
}

fn read_use(row: &Row) -> Result<WeightUse> {
    Ok(WeightUse { since: row.get("since")?, version: row.get("version_id")?, by: row.get("by_id")? })
}

/// Keeps a version.
///
/// # Errors
/// Conflict of `weight_versions.id`.
pub async fn insert(conn: &mut Conn, v: &WeightVersion) -> Result<()> {
    Query::new("INSERT INTO weight_versions (id, made_at, made_by, weights, report) VALUES ($1, $2, $3, $4, $5)")
        .bind(v.id)
        .bind(v.made_at)
        .bind(v.made_by)
        .bind(&v.weights)
        .bind(&v.report)
        .run(conn)
        .await
        .map(drop)
}

/// A version.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: WeightVersionId) -> Result<Option<WeightVersion>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// Versions, the latest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<WeightVersion>> {
    Query::new(select!(" ORDER BY id DESC LIMIT $1")).bind(limit).all(conn, read).await
}

/// Removes all versions but the latest, so many of them, and those that were used or tried; gives how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn prune(conn: &mut Conn, keep: i64) -> Result<u64> {
    Query::new(
        "DELETE FROM weight_versions WHERE id NOT IN (SELECT id FROM weight_versions ORDER BY id DESC LIMIT $1) \
         AND id NOT IN (SELECT version_id FROM weight_uses WHERE version_id IS NOT NULL) \
         AND id NOT IN (SELECT one_id FROM ranking_trials WHERE one_id IS NOT NULL) \
         AND id NOT IN (SELECT other_id FROM ranking_trials WHERE other_id IS NOT NULL)",
    )
    .bind(keep)
    .run(conn)
    .await
}

/// Uses a version, or the built-in weights, from a moment on.
///
/// # Errors
/// Conflict of the reference when the version is not there.
pub async fn begin_use(conn: &mut Conn, u: &WeightUse) -> Result<()> {
    // A clock that stood or went back does not undo what was decided last.
    let since = match uses(conn, 1).await?.first() {
        Some(last) if last.since >= u.since => Timestamp::from_micros(last.since.micros() + 1),
        _ => u.since,
    };
    Query::new("INSERT INTO weight_uses (since, version_id, by_id) VALUES ($1, $2, $3)")
        .bind(since)
        .bind(u.version)
        .bind(u.by)
        .run(conn)
        .await
        .map(drop)
}

/// What was used, the latest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn uses(conn: &mut Conn, limit: i64) -> Result<Vec<WeightUse>> {
    Query::new("SELECT since, version_id, by_id FROM weight_uses ORDER BY since DESC LIMIT $1")
        .bind(limit)
        .all(conn, read_use)
        .await
}

//! Trials of two rankings.

use keqiao_domain::{RankingTrial, RankingTrialId, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, one_id, other_id, started_at, ended_at, by_id FROM ranking_trials", $rest)
    };
}

fn read(row: &Row) -> Result<RankingTrial> {
    Ok(RankingTrial {
        id: row.get("id")?,
        one: row.get("one_id")?,
        other: row.get("other_id")?,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
        by: row.get("by_id")?,
    })
}

/// Begins a trial; one that goes on ends with it.
///
/// # Errors
/// Conflict of `ranking_trials.id`; of the reference when a version is not there.
pub async fn begin(conn: &mut Conn, t: &RankingTrial) -> Result<()> {
    end(conn, t.started_at).await?;
    Query::new(
        "INSERT INTO ranking_trials (id, one_id, other_id, started_at, ended_at, by_id) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(t.id)
    .bind(t.one)
    .bind(t.other)
    .bind(t.started_at)
    .bind(t.ended_at)
    .bind(t.by)
    .run(conn)
    .await
    .map(drop)
}

/// Ends the trial that goes on; whether there was one.
///
/// # Errors
/// When it cannot be written.
pub async fn end(conn: &mut Conn, at: Timestamp) -> Result<bool> {
    Query::new("UPDATE ranking_trials SET ended_at = $1 WHERE ended_at IS NULL").bind(at).hit(conn).await
}

/// The trial that goes on.
///
/// # Errors
/// When the database cannot be asked.
pub async fn running(conn: &mut Conn) -> Result<Option<RankingTrial>> {
    Query::new(select!(" WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1")).first(conn, read).await
}

/// A trial.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: RankingTrialId) -> Result<Option<RankingTrial>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// Trials, the latest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<RankingTrial>> {
    Query::new(select!(" ORDER BY id DESC LIMIT $1")).bind(limit).all(conn, read).await
}

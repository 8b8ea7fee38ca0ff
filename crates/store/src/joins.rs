//! Which entities are one: what persons decided, and what waits for a decision.

use keqiao_domain::{EntityId, JoinCandidate, JoinDecision, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT kept_id, joined_id, same, kept_name, joined_name, by_id, at FROM join_decisions", $rest)
    };
}

fn read(row: &Row) -> Result<JoinDecision> {
    Ok(JoinDecision {
        kept: row.get("kept_id")?,
        joined: row.get("joined_id")?,
        same: row.get("same")?,
        names: [row.get("kept_name")?, row.get("joined_name")?],
        by: row.get("by_id")?,
        at: row.get("at")?,
    })
}

/// Keeps a decision; an earlier one about the same two gives way.
///
/// # Errors
/// When it cannot be written.
pub async fn decide(conn: &mut Conn, d: &JoinDecision) -> Result<()> {
    Query::new("DELETE FROM join_decisions WHERE kept_id = $1 AND joined_id = $2")
        .bind(d.joined)
        .bind(d.kept)
        .run(conn)
        .await?;
    Query::new(
        "INSERT INTO join_decisions (kept_id, joined_id, same, kept_name, joined_name, by_id, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kept_id, joined_id) DO UPDATE SET \
         same = excluded.same, kept_name = excluded.kept_name, joined_name = excluded.joined_name, \
         by_id = excluded.by_id, at = excluded.at",
    )
    .bind(d.kept)
    .bind(d.joined)
    .bind(d.same)
    .bind(&d.names[0])
    .bind(&d.names[1])
    .bind(d.by)
    .bind(d.at)
    .run(conn)
    .await
    .map(drop)
}

/// All decisions, by pair. Persons make them one at a time, so that they are few.
///
/// # Errors
/// When the database cannot be asked.
pub async fn decisions(conn: &mut Conn) -> Result<Vec<JoinDecision>> {
    Query::new(select!(" ORDER BY kept_id, joined_id")).all(conn, read).await
}

/// The decisions in which an entity stands, on either side.
///
/// # Errors
/// When the database cannot be asked.
pub async fn decisions_of(conn: &mut Conn, entity: EntityId) -> Result<Vec<JoinDecision>> {
    Query::new(select!(" WHERE kept_id = $1 OR joined_id = $1 ORDER BY kept_id, joined_id"))
        .bind(entity)
        .all(conn, read)
        .await
}

/// Decisions, the last made first, those before a moment and pair.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest_decisions(
    conn: &mut Conn,
    before: Option<(Timestamp, EntityId, EntityId)>,
    limit: i64,
) -> Result<Vec<JoinDecision>> {
    let mut query = Query::new(select!(""));
    if let Some((at, kept, joined)) = before {
        query.push(" WHERE (at, kept_id, joined_id) < (");
        query.place(at);
        query.push(", ");
        query.place(kept);
        query.push(", ");
        query.place(joined);
        query.push(")");
    }
    query.push(" ORDER BY at DESC, kept_id DESC, joined_id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// How many pairs were decided.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_decisions(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM join_decisions").number(conn).await
}

/// Removes the decision about two entities; whether there was one.
///
/// # Errors
/// When it cannot be removed.
pub async fn undecide(conn: &mut Conn, one: EntityId, other: EntityId) -> Result<bool> {
    Query::new(
        "DELETE FROM join_decisions WHERE (kept_id = $1 AND joined_id = $2) OR (kept_id = $2 AND joined_id = $1)",
    )
    .bind(one)
    .bind(other)
    .hit(conn)
    .await
}

/// Adds pairs that wait for a decision; one that waits already takes the higher score.
///
/// # Errors
/// When they cannot be written.
pub async fn add_candidates(conn: &mut Conn, candidates: &[JoinCandidate]) -> Result<()> {
    for c in candidates {
        Query::new(
            "INSERT INTO join_candidates (first_id, second_id, score, reason) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (first_id, second_id) DO UPDATE SET score = excluded.score, reason = excluded.reason \
             WHERE excluded.score > join_candidates.score",
        )
        .bind(c.first)
        .bind(c.second)
        .bind(c.score)
        .bind(&c.reason)
        .run(conn)
        .await?;
    }
    Ok(())
}

fn read_candidate(row: &Row) -> Result<JoinCandidate> {
    Ok(JoinCandidate {
        first: row.get("first_id")?,
        second: row.get("second_id")?,
        score: row.get("score")?,
        reason: row.get("reason")?,
    })
}

/// Pairs that wait for a decision, the likeliest first, those after a score and pair.
///
/// # Errors
/// When the database cannot be asked.
pub async fn candidates(
    conn: &mut Conn,
    after: Option<(f64, EntityId, EntityId)>,
    limit: i64,
) -> Result<Vec<JoinCandidate>> {
    let mut query = Query::new("SELECT first_id, second_id, score, reason FROM join_candidates");
    if let Some((score, first, second)) = after {
        query.push(" WHERE (score, first_id, second_id) < (");
        query.place(score);
        query.push(", ");
        query.place(first);
        query.push(", ");
        query.place(second);
        query.push(")");
    }
    query.push(" ORDER BY score DESC, first_id DESC, second_id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read_candidate).await
}

/// How many pairs wait for a decision.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_candidates(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM join_candidates").number(conn).await
}

/// Removes a pair that waits, once it is decided.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove_candidate(conn: &mut Conn, one: EntityId, other: EntityId) -> Result<()> {
    Query::new(
        "DELETE FROM join_candidates WHERE (first_id = $1 AND second_id = $2) OR (first_id = $2 AND second_id = $1)",
    )
    .bind(one)
    .bind(other)
    .run(conn)
    .await
    .map(drop)
}

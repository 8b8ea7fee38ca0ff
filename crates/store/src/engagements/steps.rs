//! Steps: written once, never changed, never removed.

use keqiao_domain::{EngagementId, KeptStep, Sealed};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row};

fn read(row: &Row) -> Result<KeptStep> {
    Ok(KeptStep { ordinal: row.get("ordinal")?, hash: row.get("hash")?, record: row.get("record")? })
}

/// Appends a step.
///
/// # Errors
/// Conflict of `engagement_steps.engagement_id+ordinal` when its place is taken.
pub async fn append(conn: &mut Conn, engagement: EngagementId, ordinal: i64, step: &Sealed) -> Result<()> {
    Query::new("INSERT INTO engagement_steps (engagement_id, ordinal, hash, record) VALUES ($1, $2, $3, $4)")
        .bind(engagement)
        .bind(ordinal)
        .bind(&step.hash)
        .bind(&step.record)
        .run(conn)
        .await
        .map(drop)
}

/// The steps of an engagement, in their order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_engagement(conn: &mut Conn, engagement: EngagementId) -> Result<Vec<KeptStep>> {
    Query::new("SELECT ordinal, hash, record FROM engagement_steps WHERE engagement_id = $1 ORDER BY ordinal")
        .bind(engagement)
        .all(conn, read)
        .await
}

/// One step.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, engagement: EngagementId, ordinal: i64) -> Result<Option<KeptStep>> {
    Query::new("SELECT ordinal, hash, record FROM engagement_steps WHERE engagement_id = $1 AND ordinal = $2")
        .bind(engagement)
        .bind(ordinal)
        .first(conn, read)
        .await
}

/// Where a step of this hash stands.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_hash(conn: &mut Conn, hash: &str) -> Result<Option<(EngagementId, i64)>> {
    Query::new("SELECT engagement_id, ordinal FROM engagement_steps WHERE hash = $1")
        .bind(hash)
        .first(conn, |r| Ok((r.get("engagement_id")?, r.get("ordinal")?)))
        .await
}

/// How many steps there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM engagement_steps").number(conn).await
}

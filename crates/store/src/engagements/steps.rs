//! Steps: written once, never changed, never removed.

use keqiao_domain::{EngagementId, KeptStep, Sealed};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, insert_rows};
use crate::values::Bind;

fn read(row: &Row) -> Result<KeptStep> {
    Ok(KeptStep { ordinal: row.get("ordinal")?, hash: row.get("hash")?, record: row.get("record")? })
}

/// Appends steps, each with its place.
///
/// # Errors
/// Conflict of `engagement_steps.engagement_id+ordinal` when a place is taken.
pub async fn append(conn: &mut Conn, engagement: EngagementId, steps: &[(i64, Sealed)]) -> Result<()> {
    let row = |(ordinal, step): &(i64, Sealed)| {
        vec![engagement.arg(), (*ordinal).arg(), step.hash.as_str().arg(), step.record.as_str().arg()]
    };
    let rows = steps.iter().map(row).collect();
    insert_rows(conn, "INSERT INTO engagement_steps (engagement_id, ordinal, hash, record)", rows, "").await
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

/// The steps of several engagements, those of each in their order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_many(conn: &mut Conn, engagements: &[EngagementId]) -> Result<Vec<(EngagementId, KeptStep)>> {
    let mut all = Vec::new();
    for chunk in engagements.chunks(256) {
        let fill = chunk.len().next_power_of_two() - chunk.len();
        let mut query =
            Query::new("SELECT engagement_id, ordinal, hash, record FROM engagement_steps WHERE engagement_id IN ");
        query.list(chunk.iter().chain(std::iter::repeat_n(&chunk[0], fill)).copied());
        query.push(" ORDER BY engagement_id, ordinal");
        all.extend(query.all(conn, |r| Ok((r.get("engagement_id")?, read(r)?))).await?);
    }
    Ok(all)
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

//! Files of engagements; their bytes lie in the blob store.

use keqiao_domain::{AccountId, AttachmentId, EngagementFile, EngagementId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, engagement_id, step, name, media_type, size, sha256, blob_key, author_id, created_at \
             FROM engagement_files",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<EngagementFile> {
    Ok(EngagementFile {
        id: row.get("id")?,
        engagement: row.get("engagement_id")?,
        step: row.get("step")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
        sha256: row.get("sha256")?,
        blob: row.get("blob_key")?,
        author: row.get("author_id")?,
        created_at: row.get("created_at")?,
    })
}

/// Inserts a file.
///
/// # Errors
/// Conflict of `engagement_files.id`; of the reference when the engagement is not there.
pub async fn insert(conn: &mut Conn, f: &EngagementFile) -> Result<()> {
    Query::new(
        "INSERT INTO engagement_files (id, engagement_id, step, name, media_type, size, sha256, blob_key, author_id, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(f.id)
    .bind(f.engagement)
    .bind(f.step)
    .bind(&f.name)
    .bind(&f.media_type)
    .bind(f.size)
    .bind(&f.sha256)
    .bind(&f.blob)
    .bind(f.author)
    .bind(f.created_at)
    .run(conn)
    .await
    .map(drop)
}

/// Ties a file to a step, if it is tied to none; whether it was.
///
/// # Errors
/// When it cannot be written.
pub async fn tie(conn: &mut Conn, id: AttachmentId, step: i64) -> Result<bool> {
    Query::new("UPDATE engagement_files SET step = $2 WHERE id = $1 AND step IS NULL")
        .bind(id)
        .bind(step)
        .hit(conn)
        .await
}

/// The file of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: AttachmentId) -> Result<Option<EngagementFile>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// The files of an engagement, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_engagement(conn: &mut Conn, engagement: EngagementId) -> Result<Vec<EngagementFile>> {
    Query::new(select!(" WHERE engagement_id = $1 ORDER BY id")).bind(engagement).all(conn, read).await
}

/// How many files are tied to steps of an engagement, and how many of an author's to none.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn, engagement: EngagementId, author: AccountId) -> Result<(i64, i64)> {
    let query = Query::new(
        "SELECT (SELECT COUNT(*) FROM engagement_files WHERE engagement_id = $1 AND step IS NOT NULL) AS tied, \
         (SELECT COUNT(*) FROM engagement_files WHERE engagement_id = $1 AND step IS NULL AND author_id = $2) AS loose",
    );
    let found = query.bind(engagement).bind(author).first(conn, |r| Ok((r.get("tied")?, r.get("loose")?)));
    Ok(found.await?.unwrap_or_default())
}

/// Removes a file that is tied to no step; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove(conn: &mut Conn, id: AttachmentId) -> Result<bool> {
    Query::new("DELETE FROM engagement_files WHERE id = $1 AND step IS NULL").bind(id).hit(conn).await
}

/// Files by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<AttachmentId>, limit: i64) -> Result<Vec<EngagementFile>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

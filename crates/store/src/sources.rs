//! The files that articles came in.

use keqiao_domain::{SourceFile, SourceId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, by_ids, to_json};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, digest, name, encoding, replaced, apart, created_by, created_at, original FROM sources",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<SourceFile> {
    Ok(SourceFile {
        id: row.get("id")?,
        digest: row.get("digest")?,
        name: row.get("name")?,
        encoding: row.get("encoding")?,
        replaced: row.get("replaced")?,
        original: row.get("original")?,
        apart: row.json("apart")?,
        created_by: row.get("created_by")?,
        created_at: row.get("created_at")?,
    })
}

/// Inserts a file.
///
/// # Errors
/// Conflict of `sources.id` or `sources.digest`.
pub async fn insert(conn: &mut Conn, s: &SourceFile) -> Result<()> {
    Query::new(
        "INSERT INTO sources (id, digest, name, encoding, replaced, apart, created_by, created_at, original) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(s.id)
    .bind(&s.digest)
    .bind(&s.name)
    .bind(&s.encoding)
    .bind(s.replaced)
    .bind(to_json(&s.apart)?)
    .bind(s.created_by)
    .bind(s.created_at)
    .bind(&s.original)
    .run(conn)
    .await
    .map(drop)
}

/// Writes anew what belongs to no article, after the file was read again; whether the file is there.
///
/// # Errors
/// When it cannot be written.
pub async fn set_apart(conn: &mut Conn, id: SourceId, apart: &[keqiao_domain::Leftover]) -> Result<bool> {
    Query::new("UPDATE sources SET apart = $2 WHERE id = $1").bind(id).bind(to_json(&apart)?).hit(conn).await
}

/// The file of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: SourceId) -> Result<Option<SourceFile>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// The files of these ids in this order; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(conn: &mut Conn, ids: &[SourceId]) -> Result<Vec<SourceFile>> {
    by_ids(conn, select!(""), ids, read, |s| s.id).await
}

/// The names of files by id; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn names(conn: &mut Conn, ids: &[SourceId]) -> Result<Vec<(SourceId, String)>> {
    by_ids(conn, "SELECT id, name FROM sources", ids, |r| Ok((r.get("id")?, r.get("name")?)), |s| s.0).await
}

/// The file with these bytes, by their SHA-256 in hex.
///
/// # Errors
/// When the database cannot be asked.
pub async fn id_of_digest(conn: &mut Conn, digest: &str) -> Result<Option<SourceId>> {
    Query::new("SELECT id FROM sources WHERE digest = $1").bind(digest).first(conn, |r| r.get("id")).await
}

/// All files by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<SourceId>, limit: i64) -> Result<Vec<SourceFile>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

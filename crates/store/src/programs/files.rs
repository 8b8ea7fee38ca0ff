//! Files of entries; their bytes lie in the blob store.

use keqiao_domain::{AttachmentId, EntryFile, ProgramEntryId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, entry_id, name, media_type, size, sha256, blob_key, reveals, handed_in, taken_out, author_id, \
             created_at FROM program_files",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<EntryFile> {
    Ok(EntryFile {
        id: row.get("id")?,
        entry: row.get("entry_id")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
        sha256: row.get("sha256")?,
        blob: row.get("blob_key")?,
        reveals: row.get("reveals")?,
        handed_in: row.get("handed_in")?,
        taken_out: row.get("taken_out")?,
        author: row.get("author_id")?,
        created_at: row.get("created_at")?,
    })
}

/// Inserts a file.
///
/// # Errors
/// Conflict of `program_files.id`; of the reference when the entry is not there.
pub async fn insert(conn: &mut Conn, f: &EntryFile) -> Result<()> {
    Query::new(
        "INSERT INTO program_files (id, entry_id, name, media_type, size, sha256, blob_key, reveals, handed_in, \
         taken_out, author_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(f.id)
    .bind(f.entry)
    .bind(&f.name)
    .bind(&f.media_type)
    .bind(f.size)
    .bind(&f.sha256)
    .bind(&f.blob)
    .bind(f.reveals)
    .bind(f.handed_in)
    .bind(f.taken_out)
    .bind(f.author)
    .bind(f.created_at)
    .run(conn)
    .await
    .map(drop)
}

/// The file of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: AttachmentId) -> Result<Option<EntryFile>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// The files of an entry, oldest first, those that were taken out as well.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_entry(conn: &mut Conn, entry: ProgramEntryId) -> Result<Vec<EntryFile>> {
    Query::new(select!(" WHERE entry_id = $1 ORDER BY id")).bind(entry).all(conn, read).await
}

/// Notes that the files of an entry are handed in with it.
///
/// # Errors
/// When it cannot be written.
pub async fn hand_in(conn: &mut Conn, entry: ProgramEntryId) -> Result<()> {
    Query::new("UPDATE program_files SET handed_in = 1 WHERE entry_id = $1 AND taken_out = 0")
        .bind(entry)
        .run(conn)
        .await
        .map(drop)
}

/// Removes a file that was never handed in; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove(conn: &mut Conn, id: AttachmentId) -> Result<bool> {
    Query::new("DELETE FROM program_files WHERE id = $1 AND handed_in = 0").bind(id).hit(conn).await
}

/// Takes a file out that was handed in; whether it was there.
///
/// # Errors
/// When it cannot be written.
pub async fn take_out(conn: &mut Conn, id: AttachmentId) -> Result<bool> {
    Query::new("UPDATE program_files SET taken_out = 1 WHERE id = $1 AND handed_in = 1 AND taken_out = 0")
        .bind(id)
        .hit(conn)
        .await
}

/// Files by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<AttachmentId>, limit: i64) -> Result<Vec<EntryFile>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

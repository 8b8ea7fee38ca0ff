//! The records of programs and entries: written once, never changed, never removed.

use keqiao_domain::{KeptStep, RecordId, Sealed};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, insert_rows};
use crate::values::{Arg, Bind};

/// A sealed record with its place: whose, which, and the text.
pub type Placed = (RecordId, i64, Sealed);

fn read(row: &Row) -> Result<KeptStep> {
    Ok(KeptStep { ordinal: row.get("ordinal")?, hash: row.get("hash")?, record: row.get("record")? })
}

/// Appends records.
///
/// # Errors
/// Conflict of `program_steps.subject_id+ordinal` when a place is taken.
pub async fn append(conn: &mut Conn, records: &[Placed]) -> Result<()> {
    let row = |(of, ordinal, sealed): &Placed| -> Vec<Arg> {
        vec![(*of).arg(), (*ordinal).arg(), sealed.hash.as_str().arg(), sealed.record.as_str().arg()]
    };
    let rows = records.iter().map(row).collect();
    insert_rows(conn, "INSERT INTO program_steps (subject_id, ordinal, hash, record)", rows, "").await
}

/// The records of a program or an entry, in their order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of(conn: &mut Conn, subject: RecordId) -> Result<Vec<KeptStep>> {
    Query::new("SELECT ordinal, hash, record FROM program_steps WHERE subject_id = $1 ORDER BY ordinal")
        .bind(subject)
        .all(conn, read)
        .await
}

/// Whose record of this hash is, and its place.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_hash(conn: &mut Conn, hash: &str) -> Result<Option<(RecordId, i64)>> {
    Query::new("SELECT subject_id, ordinal FROM program_steps WHERE hash = $1")
        .bind(hash)
        .first(conn, |r| Ok((r.get("subject_id")?, r.get("ordinal")?)))
        .await
}

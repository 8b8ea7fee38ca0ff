//! Programs, their entries, and the records of both.

pub mod entries;
pub mod files;
pub mod lists;
pub mod reviews;
pub mod sessions;
pub mod sheets;
pub mod steps;

use keqiao_domain::{Phase, Program, ProgramId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, by_ids, to_json, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, program_type, phase, since, steps, head, demo, created_at, ranked, settings FROM programs",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Program> {
    let ranked: Option<String> = row.get("ranked")?;
    Ok(Program {
        id: row.get("id")?,
        ty: row.get("program_type")?,
        phase: row.word("phase")?,
        since: row.get("since")?,
        steps: row.get("steps")?,
        head: row.get("head")?,
        demo: row.get("demo")?,
        created_at: row.get("created_at")?,
        ranked: if ranked.is_some() { Some(row.json("ranked")?) } else { None },
        settings: row.json("settings")?,
    })
}

fn bound(query: Query, p: &Program) -> Result<Query> {
    Ok(query
        .bind(p.id)
        .bind(&p.ty)
        .bind(to_word(&p.phase)?)
        .bind(&p.since)
        .bind(p.settings.organizer)
        .bind(p.steps)
        .bind(&p.head)
        .bind(p.demo)
        .bind(p.created_at)
        .bind(p.ranked.as_ref().map(to_json).transpose()?)
        .bind(to_json(&p.settings)?))
}

/// Inserts a program.
///
/// # Errors
/// Conflict of `programs.id`; of the reference when its organizer is not there.
pub async fn insert(conn: &mut Conn, program: &Program) -> Result<()> {
    let query = Query::new(
        "INSERT INTO programs (id, program_type, phase, since, organizer_id, steps, head, demo, created_at, ranked, \
         settings) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    );
    bound(query, program)?.run(conn).await.map(drop)
}

/// Replaces a program; whether its record had `expected` entries.
///
/// # Errors
/// When it cannot be written.
pub async fn update(conn: &mut Conn, program: &Program, expected: i64) -> Result<bool> {
    let query = Query::new(
        "UPDATE programs SET program_type = $2, phase = $3, since = $4, organizer_id = $5, steps = $6, head = $7, \
         demo = $8, created_at = $9, ranked = $10, settings = $11 WHERE id = $1 AND steps = $12",
    );
    bound(query, program)?.bind(expected).hit(conn).await
}

/// Finds a program.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: ProgramId) -> Result<Option<Program>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// Programs by their ids.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(conn: &mut Conn, ids: &[ProgramId]) -> Result<Vec<Program>> {
    by_ids(conn, select!(""), ids, read, |p| p.id).await
}

/// All programs after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<ProgramId>, limit: i64) -> Result<Vec<Program>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

/// Programs, the last made first, those before an id; of some phases or of all.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page(conn: &mut Conn, phases: &[Phase], before: Option<ProgramId>, limit: i64) -> Result<Vec<Program>> {
    let mut query = Query::new(select!(" WHERE 1 = 1"));
    if !phases.is_empty() {
        query.push(" AND phase IN ");
        query.list(phases.iter().map(|p| p.as_str()));
    }
    if let Some(before) = before {
        query.push(" AND id < ");
        query.place(before);
    }
    query.push(" ORDER BY id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

//! Entries: each row is what its records come to; place, score and raw are the last ranking's.

use keqiao_domain::{EngagementId, PartyId, ProgramEntry, ProgramEntryId, ProgramId, Rank, fold_key};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, by_ids, to_json};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, program_id, number, party_id, author_id, content, state, created_at, version, demo \
             FROM program_entries",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<ProgramEntry> {
    Ok(ProgramEntry {
        id: row.get("id")?,
        program: row.get("program_id")?,
        number: row.get("number")?,
        party: row.get("party_id")?,
        author: row.get("author_id")?,
        content: row.json("content")?,
        state: row.json("state")?,
        created_at: row.get("created_at")?,
        version: row.get("version")?,
        demo: row.get("demo")?,
    })
}

/// `area`: the region with places that it counts for.
fn bound(query: Query, e: &ProgramEntry, area: &str) -> Result<Query> {
    let (content, state) = (&e.content, &e.state);
    let appeal = state.appeal.as_ref().map_or(0_i64, |a| if a.answer.is_none() { 1 } else { 2 });
    Ok(query
        .bind(e.id)
        .bind(e.program)
        .bind(e.number)
        .bind(e.party)
        .bind(e.author)
        .bind(content.listing)
        .bind(&content.kind)
        .bind(&content.region)
        .bind(area)
        .bind(&content.industry)
        .bind(state.stage.as_str())
        .bind(state.since)
        .bind(state.stage.is_on_show())
        .bind(appeal)
        .bind(state.given())
        .bind(state.scored())
        .bind(state.engagement)
        .bind(state.steps)
        .bind(e.version)
        .bind(e.demo)
        .bind(e.created_at)
        .bind(&content.title)
        .bind(fold_key(&content.title).as_str())
        .bind(&content.summary)
        .bind(&state.head)
        .bind(to_json(content)?)
        .bind(to_json(state)?)
        .bind(fold_key(&content.summary).as_str()))
}

/// Inserts an entry.
///
/// # Errors
/// Conflict of `program_entries.id` and of `program_entries.program_id+number`; of the reference when its program or
/// its party is not there.
pub async fn insert(conn: &mut Conn, entry: &ProgramEntry, area: &str) -> Result<()> {
    let query = Query::new(
        "INSERT INTO program_entries (id, program_id, number, party_id, author_id, listing_id, kind, region, area, \
         industry, stage, since, on_show, appeal, given, scored, engagement_id, steps, version, demo, created_at, \
         title, title_key, summary, head, content, state, summary_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)",
    );
    bound(query, entry, area)?.run(conn).await.map(drop)
}

/// Replaces an entry; whether its record had `steps` entries and it was at `version`.
///
/// # Errors
/// When it cannot be written.
pub async fn update(conn: &mut Conn, entry: &ProgramEntry, area: &str, (steps, version): (i64, i64)) -> Result<bool> {
    let query = Query::new(
        "UPDATE program_entries SET program_id = $2, number = $3, party_id = $4, author_id = $5, listing_id = $6, \
         kind = $7, region = $8, area = $9, industry = $10, stage = $11, since = $12, on_show = $13, appeal = $14, \
         given = $15, scored = $16, engagement_id = $17, steps = $18, version = $19, demo = $20, created_at = $21, \
         title = $22, title_key = $23, summary = $24, head = $25, content = $26, state = $27, \
         summary_key = $28 WHERE id = $1 AND steps = $29 AND version = $30",
    );
    bound(query, entry, area)?.bind(steps).bind(version).hit(conn).await
}

/// Finds an entry.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: ProgramEntryId) -> Result<Option<ProgramEntry>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// Entries by their ids.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(conn: &mut Conn, ids: &[ProgramEntryId]) -> Result<Vec<ProgramEntry>> {
    by_ids(conn, select!(""), ids, read, |e| e.id).await
}

/// The entries of a program in a stage, by number: those after one.
///
/// # Errors
/// When the database cannot be asked.
pub async fn in_stage(
    conn: &mut Conn,
    program: ProgramId,
    stage: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<ProgramEntry>> {
    Query::new(select!(" WHERE program_id = $1 AND stage = $2 AND number > $3 ORDER BY number LIMIT $4"))
        .bind(program)
        .bind(stage)
        .bind(after)
        .bind(limit)
        .all(conn, read)
        .await
}

/// All entries after an id, for checks.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<ProgramEntryId>, limit: i64) -> Result<Vec<ProgramEntry>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

/// The entries that are followed up in an engagement.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_engagement(conn: &mut Conn, engagement: EngagementId) -> Result<Vec<ProgramEntry>> {
    Query::new(select!(" WHERE engagement_id = $1 ORDER BY id")).bind(engagement).all(conn, read).await
}

/// The number that the next entry of a program is given.
///
/// # Errors
/// When the database cannot be asked.
pub async fn next_number(conn: &mut Conn, program: ProgramId) -> Result<i64> {
    Query::new("SELECT COALESCE(MAX(number), 0) + 1 AS n FROM program_entries WHERE program_id = $1")
        .bind(program)
        .number(conn)
        .await
}

/// How many drafts a party has in a program.
///
/// # Errors
/// When the database cannot be asked.
pub async fn drafts_of(conn: &mut Conn, program: ProgramId, party: PartyId) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM program_entries WHERE party_id = $1 AND program_id = $2 AND stage = 'draft'")
        .bind(party)
        .bind(program)
        .number(conn)
        .await
}

/// How many entries that count for a region passed the check: all but those waiting, refused and withdrawn.
///
/// # Errors
/// When the database cannot be asked.
pub async fn passed_in(conn: &mut Conn, program: ProgramId, area: &str) -> Result<i64> {
    Query::new(
        "SELECT COUNT(*) AS n FROM program_entries WHERE program_id = $1 AND area = $2 \
         AND stage IN ('checked', 'selected', 'passed-over', 'shown', 'signed', 'landed')",
    )
    .bind(program)
    .bind(area)
    .number(conn)
    .await
}

/// The regions in which a program has entries.
///
/// # Errors
/// When the database cannot be asked.
pub async fn regions_of(conn: &mut Conn, program: ProgramId) -> Result<Vec<String>> {
    Query::new("SELECT DISTINCT region FROM program_entries WHERE program_id = $1")
        .bind(program)
        .all(conn, |r| r.get("region"))
        .await
}

/// Says for which region with places the entries of a region count.
///
/// # Errors
/// When it cannot be written.
pub async fn set_area(conn: &mut Conn, program: ProgramId, region: &str, area: &str) -> Result<()> {
    Query::new("UPDATE program_entries SET area = $3 WHERE program_id = $1 AND region = $2 AND area <> $3")
        .bind(program)
        .bind(region)
        .bind(area)
        .run(conn)
        .await
        .map(drop)
}

/// Takes a draft away; whether it was one.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove_draft(conn: &mut Conn, id: ProgramEntryId) -> Result<bool> {
    Query::new("DELETE FROM program_entries WHERE id = $1 AND stage = 'draft' AND steps = 0").bind(id).hit(conn).await
}

/// Keeps a ranking in the place of the last one.
///
/// # Errors
/// When it cannot be written.
pub async fn set_ranks(conn: &mut Conn, program: ProgramId, ranks: &[Rank]) -> Result<()> {
    Query::new(
        "UPDATE program_entries SET place = NULL, score = NULL, raw = NULL \
         WHERE program_id = $1 AND place IS NOT NULL",
    )
    .bind(program)
    .run(conn)
    .await?;
    for rank in ranks {
        Query::new("UPDATE program_entries SET place = $2, score = $3, raw = $4 WHERE id = $1")
            .bind(rank.entry)
            .bind(rank.place)
            .bind(rank.score)
            .bind(rank.raw)
            .run(conn)
            .await?;
    }
    Ok(())
}

/// The last ranking of a program, by place and number; how many scored an entry is what counts now.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ranks(conn: &mut Conn, program: ProgramId) -> Result<Vec<Rank>> {
    let read = |row: &Row| {
        Ok(Rank {
            entry: row.get("id")?,
            place: row.get("place")?,
            score: row.get("score")?,
            raw: row.get("raw")?,
            reviews: row.get("scored")?,
        })
    };
    Query::new(
        "SELECT id, place, score, raw, scored FROM program_entries WHERE program_id = $1 AND place IS NOT NULL \
         ORDER BY place, number",
    )
    .bind(program)
    .all(conn, read)
    .await
}

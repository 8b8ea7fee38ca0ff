//! Entries as rows of a spreadsheet: thousands are read at once, so of each no more than the columns it shows.

use std::collections::HashMap;

use keqiao_domain::{Attributes, EntryContent, EntryStage, PartyId, ProgramId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, by_ids};

/// What every spreadsheet of a program says of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    /// Its number.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub party: PartyId,
    /// A kind of the catalog.
    pub kind: String,
    /// Its region.
    pub region: String,
    /// The region with places that it counts for.
    pub area: String,
    /// Its industry; may be empty.
    pub industry: String,
    /// Where it stands.
    pub stage: EntryStage,
}

/// Where an entry stands in the last ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetRank {
    /// Its place.
    pub place: i64,
    /// Its normalised score, thousandths.
    pub score: Option<i64>,
    /// The mean of its totals, thousandths.
    pub raw: Option<i64>,
    /// How many reviewers have scored it.
    pub scored: i64,
}

/// What was filled into an entry's form.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetContent {
    /// The names of the files that were handed in.
    pub files: Vec<String>,
    /// What it is.
    pub summary: String,
    /// The fields of the sort of program.
    pub fields: Attributes,
}

/// What a line is read from.
macro_rules! select {
    ($more:literal) => {
        concat!(
            "SELECT e.number, e.title, e.party_id, e.kind, e.region, e.area, e.industry, e.stage",
            $more,
            " FROM program_entries e WHERE e.program_id = $1 AND e.number > 0"
        )
    };
}

fn line(row: &Row) -> Result<SheetLine> {
    Ok(SheetLine {
        number: row.get("number")?,
        title: row.get("title")?,
        party: row.get("party_id")?,
        kind: row.get("kind")?,
        region: row.get("region")?,
        area: row.get("area")?,
        industry: row.get("industry")?,
        stage: row.word("stage")?,
    })
}

/// Entries in one of these stages, by number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn in_stages(
    conn: &mut Conn,
    program: ProgramId,
    stages: &[EntryStage],
    limit: i64,
) -> Result<Vec<SheetLine>> {
    let mut query = Query::new(select!("")).bind(program);
    // Most entries of a program are asked for: in the order in which they lie, not stage by stage, where each would be
    // fetched from another page of the file. The empty text keeps the index of stages out.
    query.push(" AND e.stage || '' IN ");
    query.list(stages.iter().map(|s| s.as_str()));
    query.push(" ORDER BY e.number LIMIT ");
    query.place(limit);
    query.all(conn, line).await
}

/// Entries by their place in the last ranking; those of one place by number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ranked(conn: &mut Conn, program: ProgramId, limit: usize) -> Result<Vec<(SheetLine, SheetRank)>> {
    let read = |row: &Row| {
        let rank = SheetRank {
            place: row.get("place")?,
            score: row.get("score")?,
            raw: row.get("raw")?,
            scored: row.get("scored")?,
        };
        Ok((line(row)?, rank))
    };
    let mut query = Query::new(select!(", e.place, e.score, e.raw, e.scored")).bind(program);
    // In the order in which they lie: by place, each would be fetched from another page of the file.
    query.push(" AND e.place IS NOT NULL ORDER BY e.number");
    let mut all = query.all(conn, read).await?;
    all.sort_by_key(|(line, rank)| (rank.place, line.number));
    all.truncate(limit);
    Ok(all)
}

/// All entries that were handed in with what was filled in, by number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn filled_in(conn: &mut Conn, program: ProgramId, limit: i64) -> Result<Vec<(SheetLine, SheetContent)>> {
    let read = |row: &Row| {
        let EntryContent { title, summary, kind, region, industry, fields, files, .. } = row.json("content")?;
        let (number, party, area) = (row.get("number")?, row.get("party_id")?, row.get("area")?);
        let line = SheetLine { number, title, party, kind, region, area, industry, stage: row.word("stage")? };
        let files = files.into_iter().map(|f| f.name).collect();
        Ok((line, SheetContent { files, summary, fields }))
    };
    Query::new(
        "SELECT e.number, e.party_id, e.area, e.stage, e.content FROM program_entries e \
         WHERE e.program_id = $1 AND e.number > 0 ORDER BY e.number LIMIT $2",
    )
    .bind(program)
    .bind(limit)
    .all(conn, read)
    .await
}

/// The names of parties. Beside each row of a sheet they would be fetched from all over the file, most of them more than
/// once.
///
/// # Errors
/// When the database cannot be asked.
pub async fn names(conn: &mut Conn, parties: impl Iterator<Item = PartyId>) -> Result<HashMap<PartyId, String>> {
    let mut ids: Vec<PartyId> = parties.collect();
    ids.sort_unstable();
    ids.dedup();
    let read = |row: &Row| Ok((row.get("id")?, row.get("name")?));
    let found: Vec<(PartyId, String)> = by_ids(conn, "SELECT id, name FROM parties", &ids, read, |(id, _)| *id).await?;
    Ok(found.into_iter().collect())
}

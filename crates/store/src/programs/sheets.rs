//! Entries as rows of a spreadsheet: thousands are read at once, so of each no more than the columns it shows, and all
//! of them in one text.

use std::collections::HashMap;

use keqiao_domain::{Attributes, EntryContent, EntryStage, PartyId, ProgramId};

use crate::conn::Conn;
use crate::sql::{Query, Result, corrupt};

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

/// The columns of a line, and what they come as.
macro_rules! columns {
    ($more:literal) => {
        concat!("e.number, e.title, e.party_id, e.kind, e.region, e.area, e.industry, e.stage", $more)
    };
}
type Columns = (i64, String, PartyId, String, String, String, String, EntryStage);
type RankedColumns =
    (i64, String, PartyId, String, String, String, String, EntryStage, i64, Option<i64>, Option<i64>, i64);

/// Where the entries of a program are that were handed in.
const ENTRIES: &str = "program_entries e WHERE e.number > 0 AND e.program_id = ";

fn line((number, title, party, kind, region, area, industry, stage): Columns) -> SheetLine {
    SheetLine { number, title, party, kind, region, area, industry, stage }
}

/// Entries in one of these stages, by number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn in_stages(
    conn: &mut Conn,
    program: ProgramId,
    stages: &[EntryStage],
    limit: usize,
) -> Result<Vec<SheetLine>> {
    let mut query = Query::packed(conn.dialect(), columns!(""), ENTRIES);
    query.place(program);
    query.push(" AND e.stage IN ");
    query.list(stages.iter().map(|s| s.as_str()));
    let mut all: Vec<SheetLine> = query.unpacked(conn).await?.into_iter().map(line).collect();
    all.sort_by_key(|line| line.number);
    all.truncate(limit);
    Ok(all)
}

/// Entries by their place in the last ranking; those of one place by number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ranked(conn: &mut Conn, program: ProgramId, limit: usize) -> Result<Vec<(SheetLine, SheetRank)>> {
    let mut query = Query::packed(conn.dialect(), columns!(", e.place, e.score, e.raw, e.scored"), ENTRIES);
    query.place(program);
    query.push(" AND e.place IS NOT NULL");
    let read = |(number, title, party, kind, region, area, industry, stage, place, score, raw, scored)| {
        let line = line((number, title, party, kind, region, area, industry, stage));
        (line, SheetRank { place, score, raw, scored })
    };
    let mut all: Vec<_> = query.unpacked::<RankedColumns>(conn).await?.into_iter().map(read).collect();
    all.sort_by_key(|(line, rank)| (rank.place, line.number));
    all.truncate(limit);
    Ok(all)
}

/// All entries that were handed in with what was filled in, by number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn filled_in(conn: &mut Conn, program: ProgramId, limit: usize) -> Result<Vec<(SheetLine, SheetContent)>> {
    let columns = "e.number, e.party_id, e.area, e.stage, e.content";
    let mut query = Query::packed(conn.dialect(), columns, ENTRIES);
    query.place(program);
    let mut all: Vec<(i64, PartyId, String, EntryStage, String)> = query.unpacked(conn).await?;
    all.sort_by_key(|(number, ..)| *number);
    all.truncate(limit);
    let read = |(number, party, area, stage, content): (i64, PartyId, String, EntryStage, String)| {
        let content: EntryContent = serde_json::from_str(&content).map_err(|e| corrupt("content", e))?;
        let EntryContent { title, summary, kind, region, industry, fields, files, .. } = content;
        let line = SheetLine { number, title, party, kind, region, area, industry, stage };
        Ok((line, SheetContent { files: files.into_iter().map(|f| f.name).collect(), summary, fields }))
    };
    all.into_iter().map(read).collect()
}

/// The names of those whose entries were handed in. Beside each row of a sheet they would be looked up one by one, most
/// of them more than once.
///
/// # Errors
/// When the database cannot be asked.
pub async fn names(conn: &mut Conn, program: ProgramId) -> Result<HashMap<PartyId, String>> {
    let entrants = "parties p WHERE p.id IN (SELECT e.party_id FROM program_entries e WHERE e.program_id = ";
    let mut query = Query::packed(conn.dialect(), "p.id, p.name", entrants);
    query.place(program);
    query.push(")");
    Ok(query.unpacked(conn).await?.into_iter().collect())
}

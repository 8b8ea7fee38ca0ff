//! Lists of entries as short lines, and counts of them.

use keqiao_domain::{
    AccountId, EngagementId, EntryStage, PartyId, ProgramEntryId, ProgramId, Standing, Timestamp,
};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, holding};

/// An entry as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLine {
    /// Its id.
    pub id: ProgramEntryId,
    /// Its program.
    pub program: ProgramId,
    /// Its number; a draft has none.
    pub number: Option<i64>,
    /// Whose it is.
    pub party: PartyId,
    /// The name of that.
    pub party_name: String,
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
    /// Since when.
    pub since: Timestamp,
    /// 0: no appeal, 1: an open one, 2: an answered one.
    pub appeal: i64,
    /// How many reviewers it is given to.
    pub given: i64,
    /// How many have scored it.
    pub scored: i64,
    /// Its place in the last ranking.
    pub place: Option<i64>,
    /// Its normalised score, thousandths.
    pub score: Option<i64>,
    /// The mean of its totals, thousandths.
    pub raw: Option<i64>,
    /// In which engagement it is followed up.
    pub engagement: Option<EngagementId>,
    /// Its title.
    pub title: String,
    /// What it is.
    pub summary: String,
    /// Whether it is demo data.
    pub demo: bool,
}

/// What a line is read from.
const COLUMNS: &str = "SELECT e.id, e.program_id, e.number, e.party_id, p.name, e.kind, e.region, e.area, e.industry, \
    e.stage, e.since, e.appeal, e.given, e.scored, e.place, e.score, e.raw, e.engagement_id, e.title, e.summary, \
    e.demo FROM program_entries e JOIN parties p ON p.id = e.party_id";

fn read(row: &Row) -> Result<EntryLine> {
    Ok(EntryLine {
        id: row.get("id")?,
        program: row.get("program_id")?,
        number: row.get("number")?,
        party: row.get("party_id")?,
        party_name: row.get("name")?,
        kind: row.get("kind")?,
        region: row.get("region")?,
        area: row.get("area")?,
        industry: row.get("industry")?,
        stage: row.word("stage")?,
        since: row.get("since")?,
        appeal: row.get("appeal")?,
        given: row.get("given")?,
        scored: row.get("scored")?,
        place: row.get("place")?,
        score: row.get("score")?,
        raw: row.get("raw")?,
        engagement: row.get("engagement_id")?,
        title: row.get("title")?,
        summary: row.get("summary")?,
        demo: row.get("demo")?,
    })
}

/// Which entries; `None` and empty: all that were handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// In one of these stages.
    pub stages: Vec<EntryStage>,
    /// On show in the hall.
    pub on_show: bool,
    /// Counting for this region.
    pub area: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// In an industry whose code begins so.
    pub industry: Option<String>,
    /// With these words, folded, in the title.
    pub words: Option<String>,
    /// Given to fewer reviewers than this.
    pub given_below: Option<i64>,
    /// Scored by fewer reviewers than this.
    pub scored_below: Option<i64>,
    /// With an appeal.
    pub appealed: bool,
}

impl EntryFilter {
    fn push(&self, query: &mut Query) {
        if !self.stages.is_empty() {
            query.push(" AND e.stage IN ");
            query.list(self.stages.iter().map(|s| s.as_str()));
        }
        if self.on_show {
            query.push(" AND e.on_show = 1");
        }
        for (condition, text) in [(" AND e.area = ", &self.area), (" AND e.kind = ", &self.kind)] {
            if let Some(text) = text {
                query.push(condition);
                query.place(text);
            }
        }
        if let Some(prefix) = &self.industry {
            query.push(" AND e.industry >= ");
            query.place(prefix);
            query.push(" AND e.industry < ");
            query.place(format!("{prefix}~"));
        }
        if let Some(words) = &self.words {
            query.push(" AND e.title_key LIKE ");
            query.place(holding(words));
            query.push(" ESCAPE '!'");
        }
        for (condition, n) in [(" AND e.given < ", self.given_below), (" AND e.scored < ", self.scored_below)] {
            if let Some(n) = n {
                query.push(condition);
                query.place(n);
            }
        }
        if self.appealed {
            query.push(" AND e.appeal > 0");
        }
    }
}

/// Entries by number, those after one.
///
/// # Errors
/// When the database cannot be asked.
pub async fn by_number(
    conn: &mut Conn,
    program: ProgramId,
    filter: &EntryFilter,
    after: i64,
    limit: i64,
) -> Result<Vec<EntryLine>> {
    let mut query = Query::new(COLUMNS);
    query.push(" WHERE e.program_id = ");
    query.place(program);
    query.push(" AND e.number > ");
    query.place(after);
    filter.push(&mut query);
    query.push(" ORDER BY e.number LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// Entries by their place in the last ranking, those after a place and number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn by_place(
    conn: &mut Conn,
    program: ProgramId,
    filter: &EntryFilter,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<EntryLine>> {
    let mut query = Query::new(COLUMNS);
    query.push(" WHERE e.program_id = ");
    query.place(program);
    query.push(" AND e.place IS NOT NULL AND (e.place, e.number) > (");
    query.place(after.0);
    query.push(", ");
    query.place(after.1);
    query.push(")");
    filter.push(&mut query);
    query.push(" ORDER BY e.place, e.number LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// The entries of parties, the last begun first, those before an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_parties(
    conn: &mut Conn,
    parties: &[PartyId],
    before: Option<ProgramEntryId>,
    limit: i64,
) -> Result<Vec<EntryLine>> {
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(COLUMNS);
    query.push(" WHERE e.party_id IN ");
    query.list(parties.iter().copied());
    if let Some(before) = before {
        query.push(" AND e.id < ");
        query.place(before);
    }
    query.push(" ORDER BY e.id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// The entries of a session, in their order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_session(conn: &mut Conn, session: keqiao_domain::ProgramSessionId) -> Result<Vec<EntryLine>> {
    let mut query = Query::new(COLUMNS);
    query.push(" JOIN program_session_entries s ON s.entry_id = e.id WHERE s.session_id = ");
    query.place(session);
    query.push(" ORDER BY s.position, e.number");
    query.all(conn, read).await
}

/// Entries by their ids.
///
/// # Errors
/// When the database cannot be asked.
pub async fn lines(conn: &mut Conn, ids: &[ProgramEntryId]) -> Result<Vec<EntryLine>> {
    let mut out = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(256) {
        let mut query = Query::new(COLUMNS);
        query.push(" WHERE e.id IN ");
        query.list(chunk.iter().copied());
        out.extend(query.all(conn, read).await?);
    }
    Ok(out)
}

/// What a reviewer has to do in a program: lines of one state, by number.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_reviewer(
    conn: &mut Conn,
    reviewer: AccountId,
    program: ProgramId,
    state: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<EntryLine>> {
    let mut query = Query::new(COLUMNS);
    query.push(" JOIN program_reviews r ON r.entry_id = e.id WHERE r.reviewer_id = ");
    query.place(reviewer);
    query.push(" AND r.program_id = ");
    query.place(program);
    query.push(" AND r.state = ");
    query.place(state);
    query.push(" AND e.number > ");
    query.place(after);
    query.push(" ORDER BY e.number LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// How many entries of a program count for each region in each stage; drafts are nobody's business.
///
/// # Errors
/// When the database cannot be asked.
pub async fn counts(conn: &mut Conn, program: ProgramId) -> Result<Vec<(String, EntryStage, i64)>> {
    Query::new(
        "SELECT area, stage, COUNT(*) AS n FROM program_entries WHERE program_id = $1 AND stage <> 'draft' \
         GROUP BY area, stage",
    )
    .bind(program)
    .all(conn, |r| Ok((r.get("area")?, r.word("stage")?, r.get("n")?)))
    .await
}

/// A cell of the hall's facets: region, kind, industry, and how many are on show.
pub type ShownCell = (String, String, String, i64);

/// How many are on show, by region, kind and industry.
///
/// # Errors
/// When the database cannot be asked.
pub async fn shown(conn: &mut Conn, program: ProgramId) -> Result<Vec<ShownCell>> {
    Query::new(
        "SELECT area, kind, industry, COUNT(*) AS n FROM program_entries WHERE program_id = $1 AND on_show = 1 \
         GROUP BY area, kind, industry",
    )
    .bind(program)
    .all(conn, |r| Ok((r.get("area")?, r.get("kind")?, r.get("industry")?, r.get("n")?)))
    .await
}

/// How the entries stand, as far as the phases of the program depend on it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn standing(conn: &mut Conn, program: ProgramId) -> Result<Standing> {
    let mut standing = Standing::default();
    for (_, stage, n) in counts(conn, program).await? {
        match stage {
            EntryStage::Submitted => standing.unchecked += n,
            EntryStage::Checked => standing.undecided += n,
            stage if stage.is_chosen() => standing.selected += n,
            _ => {}
        }
    }
    standing.unanswered = Query::new("SELECT COUNT(*) AS n FROM program_entries WHERE program_id = $1 AND appeal = 1")
        .bind(program)
        .number(conn)
        .await?;
    standing.reviews =
        Query::new("SELECT COUNT(*) AS n FROM program_reviews WHERE program_id = $1 AND state = 'scored'")
            .bind(program)
            .number(conn)
            .await?;
    Ok(standing)
}

/// The content of the entries of a program beside their numbers, for an export.
///
/// # Errors
/// When the database cannot be asked.
pub async fn contents(conn: &mut Conn, program: ProgramId) -> Result<Vec<(i64, keqiao_domain::EntryContent)>> {
    Query::new("SELECT number, content FROM program_entries WHERE program_id = $1 AND number > 0 ORDER BY number")
        .bind(program)
        .all(conn, |r| Ok((r.get("number")?, r.json("content")?)))
        .await
}

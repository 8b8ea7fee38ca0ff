//! Lists of entries as short lines, and counts of them.

mod counted;

pub use counted::{ShownCell, counts, shown, standing};

use keqiao_domain::{AccountId, EngagementId, EntryStage, PartyId, ProgramEntryId, ProgramId, Timestamp};

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

/// Words that a list is narrowed by; those beyond leave it as it is.
const MOST_WORDS: usize = 16;

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
    /// With each of these words, folded, in the title, in the summary or in the name of whose it is.
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
            for word in words.split(' ').take(MOST_WORDS).map(holding) {
                query.push(" AND (e.title_key LIKE ");
                query.place(&word);
                query.push(" ESCAPE '!' OR e.summary_key LIKE ");
                query.place(&word);
                query.push(" ESCAPE '!' OR p.name_key LIKE ");
                query.place(&word);
                query.push(" ESCAPE '!')");
            }
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

fn number_query(program: ProgramId, filter: &EntryFilter, after: i64, limit: i64) -> Query {
    let mut query = Query::new(COLUMNS);
    query.push(" WHERE e.program_id = ");
    query.place(program);
    query.push(" AND e.number > ");
    query.place(after);
    filter.push(&mut query);
    query.push(" ORDER BY e.number LIMIT ");
    query.place(limit);
    query
}

fn place_query(program: ProgramId, filter: &EntryFilter, after: (i64, i64), limit: i64) -> Query {
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
    query
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
    number_query(program, filter, after, limit).all(conn, read).await
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
    place_query(program, filter, after, limit).all(conn, read).await
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, StoreOptions};

    /// No list of a program walks all entries, and none but those by words sorts what it found.
    #[tokio::test]
    async fn every_list_has_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("keqiao.db").display());
        let store = Store::open(&StoreOptions { url, read_connections: 1 }).await.unwrap();
        let conn = &mut store.reader().await.unwrap();
        let id = ProgramId(Default::default());
        let some = |text: &str| Some(text.to_owned());
        let all = EntryFilter::default();
        let stage = EntryFilter { stages: vec![EntryStage::Submitted], ..all.clone() };
        let hall = EntryFilter { on_show: true, area: some("320000"), kind: some("result"), ..all.clone() };
        let shown = EntryFilter { on_show: true, ..all.clone() };
        let queries = [
            number_query(id, &all, 100, 50),
            number_query(id, &stage, 100, 50),
            number_query(id, &hall, 100, 50),
            number_query(id, &shown, 100, 50),
            place_query(id, &all, (10, 7), 50),
            place_query(id, &EntryFilter { kind: some("result"), ..all }, (10, 7), 50),
        ];
        for query in queries {
            let plan = query.explained().all(conn, |r| r.get::<String>("detail")).await.unwrap().join("; ");
            assert!(plan.contains("SEARCH e USING INDEX") && !plan.contains("SCAN"), "{plan}");
        }
    }
}

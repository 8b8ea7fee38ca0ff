//! Lists of engagements: mine, a board by stage, and what is behind a figure.

use keqiao_domain::{AccountId, Engagement, EngagementId, ListingId, PartyId, Timestamp};

use super::{COLUMNS, read, select};
use crate::conn::Conn;
use crate::sql::{Query, Result, Row, holding};

/// Whose engagements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All.
    All,
    /// Those in which one of these parties stands.
    Parties(Vec<PartyId>),
    /// Those that a broker looks after.
    Broker(AccountId),
    /// Those without a broker.
    Brokerless,
}

impl Scope {
    /// Adds the engagements of the scope, standing in a stage or in any, and begins the conditions.
    fn from(&self, query: &mut Query, stage: Option<&str>) {
        query.push(" FROM engagements e");
        if let Self::Parties(parties) = self {
            query.push(" JOIN ");
            on_either_side(query, "id", ["", ""], parties, stage);
            query.push(" own ON own.id = e.id WHERE 1 = 1");
            return;
        }
        query.push(" WHERE 1 = 1");
        if let Some(stage) = stage {
            query.push(" AND e.stage = ");
            query.place(stage);
        }
        match self {
            Self::All | Self::Parties(_) => {}
            Self::Broker(account) => {
                query.push(" AND e.broker_id = ");
                query.place(*account);
            }
            Self::Brokerless => query.push(" AND e.broker_id = ''"),
        }
    }
}

/// Columns of the engagements in which one of these parties stands on a side of which a condition holds.
///
/// They are looked up on each side by itself: over both at once SQLite walks the whole stage.
fn on_either_side(
    query: &mut Query,
    columns: &'static str,
    conditions: [&'static str; 2],
    parties: &[PartyId],
    stage: Option<&str>,
) {
    let sides = [("(SELECT ", "need_party_id IN "), (" UNION SELECT ", "offer_party_id IN ")];
    for ((select, side), condition) in sides.into_iter().zip(conditions) {
        query.push(select);
        query.push(columns);
        query.push(" FROM engagements WHERE ");
        query.push(condition);
        query.push(side);
        // No party has no engagements; an empty list is no SQL.
        query.list(parties.iter().map(ToString::to_string).chain(parties.is_empty().then(String::new)));
        if let Some(stage) = stage {
            query.push(" AND stage = ");
            query.place(stage);
        }
    }
    query.push(")");
}

/// What is behind a figure; `None`: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// Of this workflow.
    pub workflow: Option<String>,
    /// Of this program.
    pub program: Option<String>,
    /// In this region: the beginning of its code.
    pub region: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Opened in this month or later.
    pub from: Option<String>,
    /// Opened in this month or earlier.
    pub to: Option<String>,
    /// Standing in this stage.
    pub stage: Option<String>,
    /// That reached this stage of the path.
    pub reached: Option<String>,
    /// Declined for this reason.
    pub reason: Option<String>,
}

impl Behind {
    fn push(&self, query: &mut Query) {
        let texts = [
            (" AND e.workflow = ", &self.workflow),
            (" AND e.program = ", &self.program),
            (" AND e.kind = ", &self.kind),
            (" AND e.month >= ", &self.from),
            (" AND e.month <= ", &self.to),
            (" AND e.stage = ", &self.stage),
            (" AND e.reason = ", &self.reason),
        ];
        for (condition, text) in texts {
            if let Some(text) = text {
                query.push(condition);
                query.place(text);
            }
        }
        if let Some(prefix) = &self.region {
            query.push(" AND e.region >= ");
            query.place(prefix);
            query.push(" AND e.region < ");
            query.place(format!("{prefix}:"));
        }
        if let Some(reached) = &self.reached {
            query.push(" AND e.path LIKE ");
            query.place(holding(&format!("\"{reached}\"")));
            query.push(" ESCAPE '!'");
        }
    }
}

/// How many engagements stand in each stage.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_by_stage(conn: &mut Conn, scope: &Scope) -> Result<Vec<(String, i64)>> {
    let mut query = Query::new("SELECT e.stage, COUNT(*) AS n");
    if let Scope::Parties(parties) = scope {
        // The indexes of the two sides know the stage: no row is read.
        query.push(" FROM ");
        on_either_side(&mut query, "id, stage", ["", ""], parties, None);
        query.push(" e");
    } else {
        scope.from(&mut query, None);
    }
    query.push(" GROUP BY e.stage");
    query.all(conn, |r| Ok((r.get("stage")?, r.get("n")?))).await
}

/// Those that stand in a stage, the longest first, those after a row.
///
/// # Errors
/// When the database cannot be asked.
pub async fn in_stage(
    conn: &mut Conn,
    scope: &Scope,
    stage: &str,
    after: Option<(Timestamp, EngagementId)>,
    limit: i64,
) -> Result<Vec<Engagement>> {
    let mut query = Query::new(COLUMNS);
    scope.from(&mut query, Some(stage));
    if let Some((since, id)) = after {
        query.push(" AND (e.stage_since, e.id) > (");
        query.place(since);
        query.push(", ");
        query.place(id);
        query.push(")");
    }
    query.push(" ORDER BY e.stage_since, e.id LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// Engagements, the last opened first, those before an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    conn: &mut Conn,
    scope: &Scope,
    behind: &Behind,
    before: Option<EngagementId>,
    limit: i64,
) -> Result<Vec<Engagement>> {
    listing(scope, behind, before, limit).all(conn, read).await
}

/// The ids are found first, in an index that knows all that is asked: rows are wide, and of many only few are shown.
fn listing(scope: &Scope, behind: &Behind, before: Option<EngagementId>, limit: i64) -> Query {
    let mut query = Query::new(select!(" WHERE e.id IN (SELECT e.id"));
    scope.from(&mut query, None);
    behind.push(&mut query);
    if let Some(before) = before {
        query.push(" AND e.id < ");
        query.place(before);
    }
    query.push(" ORDER BY e.id DESC LIMIT ");
    query.place(limit);
    query.push(") ORDER BY e.id DESC");
    query
}

/// Those in which one of these parties is asked to confirm something, the longest waiting first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn waiting(conn: &mut Conn, parties: &[PartyId], limit: i64) -> Result<Vec<Engagement>> {
    waiting_on(parties, limit).all(conn, read).await
}

fn waiting_on(parties: &[PartyId], limit: i64) -> Query {
    let mut query = Query::new(select!(" WHERE e.id IN "));
    on_either_side(&mut query, "id", ["asks_need = 1 AND ", "asks_offer = 1 AND "], parties, None);
    query.push(" ORDER BY e.stage_since, e.id LIMIT ");
    query.place(limit);
    query
}

/// How far a pair of listings came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairCourse {
    /// The need.
    pub need: ListingId,
    /// The offer.
    pub offer: ListingId,
    /// The workflow.
    pub workflow: String,
    /// So many stages of its path were reached.
    pub reached: i64,
    /// Whether it was declined.
    pub declined: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// How far pairs of listings came, by the id of their engagement, which is given along; those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn courses(
    conn: &mut Conn,
    after: Option<EngagementId>,
    limit: i64,
) -> Result<Vec<(EngagementId, PairCourse)>> {
    let mut query = Query::new(
        "SELECT id, need_id, offer_id, workflow, reached, reason, opened_at FROM engagements \
         WHERE need_id IS NOT NULL AND offer_id IS NOT NULL AND id > ",
    );
    query.place(after.map_or_else(String::new, |id| id.to_string()));
    query.push(" ORDER BY id LIMIT ");
    query.place(limit);
    let course = |r: &Row| {
        let course = PairCourse {
            need: r.get("need_id")?,
            offer: r.get("offer_id")?,
            workflow: r.get("workflow")?,
            reached: r.get("reached")?,
            declined: !r.get::<String>("reason")?.is_empty(),
            opened_at: r.get("opened_at")?,
        };
        Ok((r.get("id")?, course))
    };
    query.all(conn, course).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, StoreOptions};

    async fn plan(conn: &mut Conn, query: Query) -> String {
        query.explained().all(conn, |r| r.get::<String>("detail")).await.unwrap().join("; ")
    }

    /// Of 100,000 engagements no row is read that is not shown.
    #[tokio::test]
    async fn lists_are_found_in_indexes_that_know_all_that_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("plans.db").display());
        let store = Store::open(&StoreOptions { url, read_connections: 1 }).await.unwrap();
        let mut db = store.reader().await.unwrap();
        let conn = &mut db;
        let some = || Some("x".to_owned());
        let figure = Behind { workflow: some(), ..Behind::default() };
        let figures = [
            Behind { stage: some(), ..figure.clone() },
            Behind { reason: some(), kind: some(), ..figure.clone() },
            Behind { region: some(), reached: some(), ..figure.clone() },
            Behind { program: some(), from: some(), to: some(), ..figure.clone() },
        ];
        for behind in figures {
            let plan = plan(conn, listing(&Scope::All, &behind, None, 50)).await;
            assert!(plan.contains("COVERING INDEX engagements_behind (workflow=?)"), "{behind:?}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{behind:?}: {plan}");
        }
        let plan = plan(conn, waiting_on(&[PartyId(Default::default())], 12)).await;
        for index in ["engagements_asking_need", "engagements_asking_offer"] {
            assert!(plan.contains(index), "{plan}");
        }
        drop(db);
        store.close().await;
    }
}

//! Ties: how many facts of a kind two entities stand in together. Derived by the follower of the graph from the facts,
//! and counted there, since a much-named entity stands in thousands.

mod share;

pub(crate) use share::{Share, count_in, count_out};

use std::collections::BTreeMap;

use keqiao_domain::{EntityId, FactKind};

use crate::conn::Conn;
use crate::facts::narrowed;
use crate::sql::{Query, Result, Row};

/// Two entities that stand in facts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The one that was asked for.
    pub from: EntityId,
    /// The other.
    pub to: EntityId,
    /// What the facts say.
    pub kind: FactKind,
    /// How many facts say so.
    pub facts: i64,
    /// The first and the last day known; empty: none.
    pub days: [String; 2],
}

/// What a drawing of the graph takes in; empty or `None`: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TieFilter {
    /// Facts of these kinds.
    pub kinds: Vec<FactKind>,
    /// On this day or later; facts without a day are left out then.
    pub from: Option<String>,
    /// On this day or earlier; facts without a day are left out then.
    pub to: Option<String>,
}

impl TieFilter {
    fn days(&self) -> [Option<&str>; 2] {
        [self.from.as_deref(), self.to.as_deref()]
    }
}

fn read(row: &Row) -> Result<Tie> {
    Ok(Tie {
        from: row.get("one_id")?,
        to: row.get("other_id")?,
        kind: row.word("kind")?,
        facts: row.get("n")?,
        days: [row.get("first_day")?, row.get("last_day")?],
    })
}

/// Asks for the ties of an entity as `f`: as they are counted, or, where a period is asked for, counted from its facts in
/// it. `others`: to these alone.
fn asking(
    query: &mut Query,
    one: EntityId,
    others: Option<&[EntityId]>,
    filter: &TieFilter,
    tokens: Option<&[String]>,
) {
    let within = |query: &mut Query, column: &'static str| {
        if let Some(others) = others {
            query.push(column);
            query.list(others.iter().copied());
        }
    };
    let counted = filter.days() == [None, None];
    if counted {
        query.push(" FROM ties f WHERE f.one_id = ");
        query.place(one);
        within(query, " AND f.other_id IN ");
    } else {
        query.push(
            " FROM (SELECT f.entity_id AS one_id, b.entity_id AS other_id, f.kind, f.audience, \
             COUNT(DISTINCT f.fact_id) AS facts, MIN(f.day) AS first_day, MAX(f.day) AS last_day \
             FROM fact_arguments f JOIN fact_arguments b ON b.fact_id = f.fact_id AND b.entity_id <> f.entity_id \
             WHERE f.entity_id = ",
        );
        query.place(one);
        within(query, " AND b.entity_id IN ");
    }
    narrowed(query, &filter.kinds, filter.days(), tokens);
    if !counted {
        query.push(" GROUP BY f.entity_id, b.entity_id, f.kind, f.audience) f");
    }
}

const TIE: &str = "SELECT f.one_id, f.other_id, f.kind, f.facts AS n, f.first_day, f.last_day";

/// The ties of each of these entities to others in facts that a viewer with these tokens may see: of each entity those
/// that most facts say, at most `limit`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn strongest(
    conn: &mut Conn,
    entities: &[EntityId],
    filter: &TieFilter,
    tokens: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Tie>> {
    let mut out = Vec::new();
    for one in entities {
        let mut query = Query::new(TIE);
        asking(&mut query, *one, None, filter, tokens);
        query.push(" ORDER BY f.facts DESC, f.other_id DESC, f.kind DESC, f.audience DESC LIMIT ");
        query.place(limit);
        out.extend(summed(query.all(conn, read).await?));
    }
    sort(&mut out);
    Ok(out)
}

/// All ties between two of these entities, each told by the end with the lower id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn among(
    conn: &mut Conn,
    entities: &[EntityId],
    filter: &TieFilter,
    tokens: Option<&[String]>,
) -> Result<Vec<Tie>> {
    let mut left: Vec<EntityId> = entities.to_vec();
    left.sort_unstable();
    left.dedup();
    let mut out = Vec::new();
    while let [one, others @ ..] = left.as_slice() {
        if !others.is_empty() {
            let mut query = Query::new(TIE);
            asking(&mut query, *one, Some(others), filter, tokens);
            out.extend(summed(query.all(conn, read).await?));
        }
        left.remove(0);
    }
    sort(&mut out);
    Ok(out)
}

/// How many entities one is tied to.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_of(conn: &mut Conn, one: EntityId, filter: &TieFilter, tokens: Option<&[String]>) -> Result<i64> {
    let mut query = Query::new("SELECT COUNT(DISTINCT f.other_id) AS n");
    asking(&mut query, one, None, filter, tokens);
    query.number(conn).await
}

/// One tie of the rows that tell of it to different readers.
fn summed(rows: Vec<Tie>) -> Vec<Tie> {
    let mut out: BTreeMap<(EntityId, FactKind), Tie> = BTreeMap::new();
    for tie in rows {
        match out.entry((tie.to, tie.kind)) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(tie);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.facts += tie.facts;
                widen(&mut known.days, &tie.days);
            }
        }
    }
    out.into_values().collect()
}

fn sort(ties: &mut [Tie]) {
    ties.sort_by(|a, b| b.facts.cmp(&a.facts).then_with(|| (a.from, a.to, a.kind).cmp(&(b.from, b.to, b.kind))));
}

fn widen(days: &mut [String; 2], more: &[String; 2]) {
    if days[0].is_empty() || (!more[0].is_empty() && more[0] < days[0]) {
        days[0].clone_from(&more[0]);
    }
    if more[1] > days[1] {
        days[1].clone_from(&more[1]);
    }
}

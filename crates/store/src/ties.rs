//! Ties: how many facts of a kind two entities stand in together. Derived by the follower of the graph from the facts,
//! and counted there, since a much-named entity stands in thousands.

mod share;

pub(crate) use share::{Share, count_in, count_out};

use std::collections::{BTreeMap, BTreeSet};

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

    fn has_period(&self) -> bool {
        self.days() != [None, None]
    }
}

/// Of the facts of a period, so many of an entity are counted, the latest first.
pub const COUNTED: i64 = 1_000;
/// So many places at which facts name an entity are looked at for those that a viewer may see.
const LOOKED_AT: i64 = 20_000;

fn read(row: &Row) -> Result<Tie> {
    Ok(Tie {
        from: row.get("one_id")?,
        to: row.get("other_id")?,
        kind: row.word("kind")?,
        facts: row.get("n")?,
        days: [row.get("first_day")?, row.get("last_day")?],
    })
}

/// Asks for the ties of an entity as `f`: as they are counted, or, where a period is asked for, counted from its latest
/// facts in it. `others`: to these alone.
fn asking(
    query: &mut Query,
    one: EntityId,
    others: Option<&[EntityId]>,
    filter: &TieFilter,
    tokens: Option<&[String]>,
) {
    let period = filter.has_period();
    if period {
        query.push(
            " FROM (SELECT a.entity_id AS one_id, b.entity_id AS other_id, a.kind, a.audience, \
             COUNT(DISTINCT a.fact_id) AS facts, MIN(a.day) AS first_day, MAX(a.day) AS last_day FROM ",
        );
        latest(query, one, filter, tokens);
        query.push(" JOIN fact_arguments b ON b.fact_id = a.fact_id AND b.entity_id <> a.entity_id");
    } else {
        query.push(" FROM ties f WHERE f.one_id = ");
        query.place(one);
        narrowed(query, &filter.kinds, [None, None], tokens);
    }
    if let Some(others) = others {
        // No column of its own there, so that none is looked up once for each of the others and fact.
        query.push(if period { " AND COALESCE(b.entity_id, '') IN " } else { " AND f.other_id IN " });
        query.list(others.iter().copied());
    }
    if period {
        query.push(" GROUP BY a.entity_id, b.entity_id, a.kind, a.audience) f");
    }
}

/// The latest facts of an entity in a period as `a`, walked along an index and never more than `LOOKED_AT` of a kind, so
/// that a much-named entity costs no more than another.
fn latest(query: &mut Query, one: EntityId, filter: &TieFilter, tokens: Option<&[String]>) {
    query.push("(SELECT f.entity_id, f.fact_id, f.kind, f.day, f.audience FROM (");
    let kinds: &[FactKind] = &filter.kinds;
    for nth in 0..kinds.len().max(1) {
        query.push(if nth == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        query.push(
            "SELECT f.entity_id, f.fact_id, f.kind, f.day, f.audience FROM fact_arguments f WHERE f.entity_id = ",
        );
        query.place(one);
        narrowed(query, kinds.get(nth..=nth).unwrap_or_default(), filter.days(), None);
        query.push(" ORDER BY f.day DESC, f.fact_id DESC LIMIT ");
        query.place(LOOKED_AT);
        query.push(") k");
    }
    query.push(") f WHERE 1 = 1");
    query.visible_as("f", tokens);
    query.push(" ORDER BY f.day DESC, f.fact_id DESC LIMIT ");
    query.place(COUNTED);
    query.push(") a");
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
    let ends: BTreeSet<EntityId> = entities.iter().copied().collect();
    let mut found: BTreeMap<(EntityId, EntityId, FactKind), Tie> = BTreeMap::new();
    for one in &ends {
        // Where only the latest facts of each are counted, the end that has fewer of them knows more.
        let others = ends.iter().copied().filter(|other| other != one && (filter.has_period() || other > one));
        let others: Vec<EntityId> = others.collect();
        if others.is_empty() {
            continue;
        }
        let mut query = Query::new(TIE);
        asking(&mut query, *one, Some(&others), filter, tokens);
        for tie in summed(query.all(conn, read).await?) {
            let tie = Tie { from: tie.from.min(tie.to), to: tie.from.max(tie.to), ..tie };
            let known = found.entry((tie.from, tie.to, tie.kind)).or_insert_with(|| tie.clone());
            if tie.facts > known.facts {
                *known = tie;
            }
        }
    }
    let mut out: Vec<Tie> = found.into_values().collect();
    sort(&mut out);
    Ok(out)
}

/// Whether an entity has more facts in the period asked for than are counted.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_cut(conn: &mut Conn, one: EntityId, filter: &TieFilter, tokens: Option<&[String]>) -> Result<bool> {
    if !filter.has_period() {
        return Ok(false);
    }
    let mut query = Query::new("SELECT COUNT(*) AS n FROM ");
    latest(&mut query, one, filter, tokens);
    Ok(query.number(conn).await? >= COUNTED)
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

//! Facts: derived from the articles by the follower of the graph, corrected by persons.

use std::collections::HashMap;

use keqiao_domain::{Argument, ArticleId, EntityId, Fact, FactId, FactKind};

use crate::articles::day;
use crate::conn::Conn;
use crate::corrections::span;
use crate::sql::{Query, Result, Row, by_ids};

const COLUMNS: &str =
    "f.id, f.article_id, f.kind, f.day, f.confidence, f.first_char, f.end_char, f.status, f.audience, f.sentence";

fn read(row: &Row) -> Result<Fact> {
    Ok(Fact {
        id: row.get("id")?,
        article: row.get("article_id")?,
        kind: row.word("kind")?,
        args: Vec::new(),
        day: day(row.get("day")?),
        confidence: row.get("confidence")?,
        span: span(row)?,
        sentence: row.get("sentence")?,
        status: row.word("status")?,
        audience: row.word("audience")?,
    })
}

/// Which facts a list shows; what is `None` or empty does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactFilter {
    /// Of these kinds.
    pub kinds: Vec<FactKind>,
    /// In which this entity stands.
    pub entity: Option<EntityId>,
    /// That this article says.
    pub article: Option<ArticleId>,
    /// On this day or later.
    pub from: Option<String>,
    /// On this day or earlier.
    pub to: Option<String>,
    /// Only those whose day is known.
    pub dated: bool,
}

/// In which order, and from where: right behind this day and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactOrder {
    /// The latest day first.
    Latest(Option<(String, FactId)>),
    /// The earliest day first.
    Earliest(Option<(String, FactId)>),
}

fn narrowed(query: &mut Query, filter: &FactFilter, tokens: Option<&[String]>) {
    if let Some(entity) = filter.entity {
        query.push(" AND f.id IN (SELECT fact_id FROM fact_arguments WHERE entity_id = ");
        query.place(entity);
        query.push(")");
    }
    if !filter.kinds.is_empty() {
        query.push(" AND f.kind IN ");
        query.list(filter.kinds.iter().map(|k| k.as_str()));
    }
    if let Some(article) = filter.article {
        query.push(" AND f.article_id = ");
        query.place(article);
    }
    if let Some(from) = &filter.from {
        query.push(" AND f.day >= ");
        query.place(from);
    }
    if let Some(to) = &filter.to {
        query.push(" AND f.day <= ");
        query.place(to);
    }
    if filter.dated || filter.to.is_some() {
        query.push(" AND f.day <> ''");
    }
    query.visible_as("f", tokens);
}

fn select() -> Query {
    let mut query = Query::new("SELECT ");
    query.push(COLUMNS);
    query.push(" FROM facts f WHERE 1 = 1");
    query
}

/// Facts that a viewer with these tokens may see, with their arguments.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_visible(
    conn: &mut Conn,
    filter: &FactFilter,
    tokens: Option<&[String]>,
    order: &FactOrder,
    limit: i64,
) -> Result<Vec<Fact>> {
    let mut query = select();
    narrowed(&mut query, filter, tokens);
    let (after, before, end) = match order {
        FactOrder::Latest(after) => (after, " AND (f.day, f.id) < (", " ORDER BY f.day DESC, f.id DESC LIMIT "),
        FactOrder::Earliest(after) => (after, " AND (f.day, f.id) > (", " ORDER BY f.day, f.id LIMIT "),
    };
    if let Some((day, id)) = after {
        query.push(before);
        query.place(day);
        query.push(", ");
        query.place(*id);
        query.push(")");
    }
    query.push(end);
    query.place(limit);
    let facts = query.all(conn, read).await?;
    with_arguments(conn, facts).await
}

/// The facts of an article in the order of the text, whoever may see them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_article(conn: &mut Conn, article: ArticleId) -> Result<Vec<Fact>> {
    let mut query = select();
    query.push(" AND f.article_id = ");
    query.place(article);
    query.push(" ORDER BY f.first_char, f.id");
    let facts = query.all(conn, read).await?;
    with_arguments(conn, facts).await
}

/// The fact of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: FactId) -> Result<Option<Fact>> {
    Ok(find_many(conn, &[id]).await?.pop())
}

/// The facts of these ids in this order; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(conn: &mut Conn, ids: &[FactId]) -> Result<Vec<Fact>> {
    let facts = by_ids(
        conn,
        "SELECT id, article_id, kind, day, confidence, first_char, end_char, status, audience, sentence FROM facts",
        ids,
        read,
        |f| f.id,
    )
    .await?;
    with_arguments(conn, facts).await
}

async fn with_arguments(conn: &mut Conn, mut facts: Vec<Fact>) -> Result<Vec<Fact>> {
    let places: HashMap<FactId, usize> = facts.iter().enumerate().map(|(i, f)| (f.id, i)).collect();
    let ids: Vec<FactId> = facts.iter().map(|f| f.id).collect();
    for chunk in ids.chunks(256) {
        let mut query = Query::new("SELECT fact_id, role, entity_id, text FROM fact_arguments WHERE fact_id IN ");
        query.list(chunk.iter().copied());
        query.push(" ORDER BY fact_id, ordinal");
        let read = |r: &Row| {
            let argument = Argument { role: r.get("role")?, entity: r.get("entity_id")?, text: r.get("text")? };
            Ok((r.get::<FactId>("fact_id")?, argument))
        };
        for (fact, argument) in query.all(conn, read).await? {
            if let Some(place) = places.get(&fact) {
                facts[*place].args.push(argument);
            }
        }
    }
    Ok(facts)
}

/// How finely a timeline counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// `YYYY`
    Year,
    /// `YYYY-MM`
    Month,
    /// `YYYY-MM-DD`
    Day,
}

/// How many dated facts there are in each period that has any, the latest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_by_period(
    conn: &mut Conn,
    filter: &FactFilter,
    tokens: Option<&[String]>,
    period: Period,
    limit: i64,
) -> Result<Vec<(String, i64)>> {
    let mut query = Query::new("SELECT ");
    query.push(match period {
        Period::Year => "SUBSTR(f.day, 1, 4)",
        Period::Month => "SUBSTR(f.day, 1, 7)",
        Period::Day => "f.day",
    });
    query.push(" AS period, COUNT(*) AS n FROM facts f WHERE f.day <> ''");
    narrowed(&mut query, filter, tokens);
    query.push(" GROUP BY 1 ORDER BY 1 DESC LIMIT ");
    query.place(limit);
    query.all(conn, |r| Ok((r.get("period")?, r.get("n")?))).await
}

/// How many facts of each kind there are, by kind.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_by_kind(
    conn: &mut Conn,
    filter: &FactFilter,
    tokens: Option<&[String]>,
) -> Result<Vec<(FactKind, i64)>> {
    let mut query = Query::new("SELECT f.kind, COUNT(*) AS n FROM facts f WHERE 1 = 1");
    narrowed(&mut query, filter, tokens);
    query.push(" GROUP BY f.kind ORDER BY f.kind");
    query.all(conn, |r| Ok((r.word("kind")?, r.get("n")?))).await
}

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

/// The ties of some entities to others, those that most facts say first, in facts that a viewer with these tokens may
/// see.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ties_of(
    conn: &mut Conn,
    entities: &[EntityId],
    filter: &TieFilter,
    tokens: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Tie>> {
    if entities.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(
        "SELECT a.entity_id AS one, b.entity_id AS other, f.kind, COUNT(DISTINCT f.id) AS n, \
         COALESCE(MIN(CASE WHEN f.day <> '' THEN f.day END), '') AS first_day, MAX(f.day) AS last_day \
         FROM fact_arguments a JOIN fact_arguments b ON b.fact_id = a.fact_id \
         AND b.entity_id <> a.entity_id JOIN facts f ON f.id = a.fact_id WHERE a.entity_id IN ",
    );
    query.list(entities.iter().copied());
    let narrow = FactFilter {
        kinds: filter.kinds.clone(),
        from: filter.from.clone(),
        to: filter.to.clone(),
        ..FactFilter::default()
    };
    narrowed(&mut query, &narrow, tokens);
    query.push(" GROUP BY a.entity_id, b.entity_id, f.kind ORDER BY n DESC, one, other, f.kind LIMIT ");
    query.place(limit);
    query
        .all(conn, |r| {
            Ok(Tie {
                from: r.get("one")?,
                to: r.get("other")?,
                kind: r.word("kind")?,
                facts: r.get("n")?,
                days: [r.get("first_day")?, r.get("last_day")?],
            })
        })
        .await
}

/// How many facts there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM facts").number(conn).await
}

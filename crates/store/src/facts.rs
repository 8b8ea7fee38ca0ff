//! Facts: derived from the articles by the follower of the graph, corrected by persons.

use std::collections::HashMap;

use keqiao_domain::{Argument, ArticleId, EntityId, Fact, FactId, FactKind, Span};

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

/// Begins a question about facts as `f`: about those of an entity its arguments are asked, which hold a fact's kind,
/// day and readers too and lie in the order of the days.
fn asking(query: &mut Query, filter: &FactFilter, tokens: Option<&[String]>) {
    match filter.entity {
        Some(entity) => {
            query.push(" FROM fact_arguments f WHERE f.entity_id = ");
            query.place(entity);
        }
        None => query.push(" FROM facts f WHERE 1 = 1"),
    }
    if let Some(article) = filter.article {
        query.push(match filter.entity {
            Some(_) => " AND f.fact_id IN (SELECT id FROM facts WHERE article_id = ",
            None => " AND (f.article_id = ",
        });
        query.place(article);
        query.push(")");
    }
    narrowed(query, &filter.kinds, [filter.from.as_deref(), filter.to.as_deref()], tokens);
    if filter.dated {
        query.push(" AND f.day <> ''");
    }
}

pub(crate) fn narrowed(query: &mut Query, kinds: &[FactKind], days: [Option<&str>; 2], tokens: Option<&[String]>) {
    if !kinds.is_empty() {
        query.push(" AND f.kind IN ");
        query.list(kinds.iter().map(|k| k.as_str()));
    }
    let [from, to] = days;
    if let Some(from) = from {
        query.push(" AND f.day >= ");
        query.place(from);
    }
    if let Some(to) = to {
        query.push(" AND f.day <> '' AND f.day <= ");
        query.place(to);
    }
    query.visible_as("f", tokens);
}

/// The column that holds a fact's id in what `asking` asks.
const fn id_of(filter: &FactFilter) -> &'static str {
    match filter.entity {
        Some(_) => "f.fact_id",
        None => "f.id",
    }
}

/// The number of facts in what `asking` asks.
const fn number_of(filter: &FactFilter) -> &'static str {
    match filter.entity {
        Some(_) => "COUNT(DISTINCT f.fact_id) AS n",
        None => "COUNT(*) AS n",
    }
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
    let ids = ids_visible(conn, filter, tokens, order, limit).await?;
    find_many(conn, &ids).await
}

/// The ids of facts that a viewer with these tokens may see.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ids_visible(
    conn: &mut Conn,
    filter: &FactFilter,
    tokens: Option<&[String]>,
    order: &FactOrder,
    limit: i64,
) -> Result<Vec<FactId>> {
    let id = id_of(filter);
    let mut query = Query::new("SELECT ");
    query.push(id);
    query.push(" AS id");
    asking(&mut query, filter, tokens);
    let (after, before, end) = match order {
        FactOrder::Latest(after) => (after, ") < (", " DESC"),
        FactOrder::Earliest(after) => (after, ") > (", ""),
    };
    if let Some((day, fact)) = after {
        query.push(" AND (f.day, ");
        query.push(id);
        query.push(before);
        query.place(day);
        query.push(", ");
        query.place(*fact);
        query.push(")");
    }
    // An entity may stand in several roles of a fact.
    query.push(" GROUP BY f.day, ");
    query.push(id);
    query.push(" ORDER BY f.day");
    query.push(end);
    query.push(", ");
    query.push(id);
    query.push(end);
    query.push(" LIMIT ");
    query.place(limit);
    query.all(conn, |r| r.get("id")).await
}

/// The facts of an article in the order of the text, whoever may see them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_article(conn: &mut Conn, article: ArticleId) -> Result<Vec<Fact>> {
    of_article_within(conn, article, Span { start: 0, end: u32::MAX }).await
}

/// The same, of those that begin within a span of the file.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_article_within(conn: &mut Conn, article: ArticleId, within: Span) -> Result<Vec<Fact>> {
    let mut query = Query::new("SELECT ");
    query.push(COLUMNS);
    query.push(" FROM facts f WHERE f.article_id = ");
    query.place(article);
    query.push(" AND f.first_char >= ");
    query.place(i64::from(within.start));
    query.push(" AND f.first_char < ");
    query.place(i64::from(within.end));
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
    query.push(" AS period, ");
    query.push(number_of(filter));
    asking(&mut query, &FactFilter { dated: true, ..filter.clone() }, tokens);
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
    let mut query = Query::new("SELECT f.kind, ");
    query.push(number_of(filter));
    asking(&mut query, filter, tokens);
    query.push(" GROUP BY f.kind ORDER BY f.kind");
    query.all(conn, |r| Ok((r.word("kind")?, r.get("n")?))).await
}

/// Facts in which two entities stand together, the latest first, that a viewer with these tokens may see.
///
/// # Errors
/// When the database cannot be asked.
pub async fn between(
    conn: &mut Conn,
    one: EntityId,
    other: EntityId,
    tokens: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Fact>> {
    let mut query = Query::new("SELECT f.fact_id FROM fact_arguments f WHERE f.entity_id = ");
    query.place(one);
    query.push(" AND EXISTS (SELECT 1 FROM fact_arguments b WHERE b.fact_id = f.fact_id AND b.entity_id = ");
    query.place(other);
    query.push(")");
    query.visible_as("f", tokens);
    query.push(" GROUP BY f.day, f.fact_id ORDER BY f.day DESC, f.fact_id DESC LIMIT ");
    query.place(limit);
    let ids = query.all(conn, |r| r.get::<FactId>("fact_id")).await?;
    find_many(conn, &ids).await
}

/// How many facts there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM facts").number(conn).await
}

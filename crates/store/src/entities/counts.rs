//! When and how often articles name an entity, counted where articles are added.

use std::collections::{BTreeMap, BTreeSet};

use keqiao_domain::EntityId;

use crate::conn::Conn;
use crate::graph::Projection;
use crate::sql::{Query, Result, Row, insert_rows};
use crate::values::Bind;

/// When and how often an entity is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Articles that name it.
    pub articles: i64,
    /// The day of the first and of the last of them; empty: unknown.
    pub days: [String; 2],
}

/// When and how often articles name an entity that a viewer with these tokens may see.
///
/// # Errors
/// When the database cannot be asked.
pub async fn known_of(conn: &mut Conn, id: EntityId, tokens: Option<&[String]>) -> Result<Known> {
    let mut query = Query::new("SELECT c.articles, c.first_day, c.last_day FROM entity_counts c WHERE c.entity_id = ");
    query.place(id);
    query.visible_as("c", tokens);
    let read = |r: &Row| Ok(Known { articles: r.get("articles")?, days: [r.get("first_day")?, r.get("last_day")?] });
    let mut known = Known::default();
    for row in query.all(conn, read).await? {
        known.articles += row.articles;
        let [first, last] = row.days;
        if known.days[0].is_empty() || (!first.is_empty() && first < known.days[0]) {
            known.days[0] = first;
        }
        known.days[1] = known.days[1].clone().max(last);
    }
    Ok(known)
}

/// Counts articles in that were added.
pub(crate) async fn count_in(conn: &mut Conn, added: &[Projection]) -> Result<()> {
    let mut counts: BTreeMap<(EntityId, String), (i64, BTreeSet<&str>)> = BTreeMap::new();
    for projection in added {
        let named: BTreeSet<EntityId> = projection.named.iter().map(|n| n.entity.id).collect();
        for id in named {
            let (articles, days) = counts.entry((id, projection.audience.to_string())).or_default();
            *articles += 1;
            days.extend(Some(projection.day.as_str()).filter(|day| !day.is_empty()));
        }
    }
    let rows = counts.into_iter().map(|((id, audience), (articles, days))| {
        let day = |day: Option<&&str>| day.copied().unwrap_or_default().arg();
        vec![id.arg(), audience.arg(), articles.arg(), day(days.first()), day(days.last())]
    });
    let into = "INSERT INTO entity_counts (entity_id, audience, articles, first_day, last_day)";
    let end = " ON CONFLICT (entity_id, audience) DO UPDATE SET articles = entity_counts.articles + excluded.articles, \
               first_day = CASE WHEN entity_counts.first_day = '' OR (excluded.first_day <> '' \
               AND excluded.first_day < entity_counts.first_day) THEN excluded.first_day \
               ELSE entity_counts.first_day END, \
               last_day = CASE WHEN excluded.last_day > entity_counts.last_day THEN excluded.last_day \
               ELSE entity_counts.last_day END";
    insert_rows(conn, into, rows.collect(), end).await
}

/// Counts anew the articles that name these entities.
pub(crate) async fn count_again(conn: &mut Conn, ids: &[EntityId]) -> Result<()> {
    for chunk in ids.chunks(256) {
        let mut query = Query::new("DELETE FROM entity_counts WHERE entity_id IN ");
        query.list(chunk.iter().copied());
        query.run(conn).await?;
        let mut query = Query::new(
            "INSERT INTO entity_counts (entity_id, audience, articles, first_day, last_day) \
             SELECT x.entity_id, x.audience, COUNT(DISTINCT x.article_id), \
             COALESCE(MIN(CASE WHEN x.day <> '' THEN x.day END), ''), MAX(x.day) FROM article_entities x \
             WHERE x.entity_id IN ",
        );
        query.list(chunk.iter().copied());
        query.push(" GROUP BY x.entity_id, x.audience");
        query.run(conn).await?;
    }
    Ok(())
}

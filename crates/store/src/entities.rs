//! Entities: derived from the articles by the follower of the graph.

mod counts;

pub use counts::{Known, known_of};
pub(crate) use counts::{count_again, count_in};

use std::collections::BTreeMap;

use keqiao_domain::{ArticleId, Entity, EntityId, EntityKind, fold_key};

use crate::conn::Conn;
use crate::graph::parts::LONGEST;
use crate::sql::{Query, Result, Row, by_ids, holding, insert_rows};
use crate::values::Bind;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT e.id, e.kind, e.name, e.qualifier FROM entities e", $rest)
    };
}

pub(crate) fn read(row: &Row) -> Result<Entity> {
    Ok(Entity { id: row.get("id")?, kind: row.word("kind")?, name: row.get("name")?, qualifier: row.get("qualifier")? })
}

/// The entity of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: EntityId) -> Result<Option<Entity>> {
    Query::new(select!(" WHERE e.id = $1")).bind(id).first(conn, read).await
}

/// The entities of these ids in this order; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(conn: &mut Conn, ids: &[EntityId]) -> Result<Vec<Entity>> {
    by_ids(conn, "SELECT id, kind, name, qualifier FROM entities", ids, read, |e| e.id).await
}

/// Writes those of the entities that are not among the known as they are.
pub(crate) async fn put(conn: &mut Conn, known: &[Entity], entities: BTreeMap<EntityId, Entity>) -> Result<()> {
    let known: BTreeMap<EntityId, &Entity> = known.iter().map(|e| (e.id, e)).collect();
    let fresh = entities.values().filter(|e| known.get(&e.id).is_none_or(|k| k != e));
    let rows = fresh.map(|e| {
        vec![
            e.id.arg(),
            e.kind.as_str().arg(),
            e.name.as_str().arg(),
            fold_key(&e.name).arg(),
            e.qualifier.as_str().arg(),
        ]
    });
    let end = " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
               name_key = excluded.name_key, qualifier = excluded.qualifier";
    insert_rows(conn, "INSERT INTO entities (id, kind, name, name_key, qualifier)", rows.collect(), end).await
}

/// Whether an article that a viewer with these tokens may see names the entity.
///
/// # Errors
/// When the database cannot be asked.
pub async fn is_visible(conn: &mut Conn, id: EntityId, tokens: Option<&[String]>) -> Result<bool> {
    let mut query = Query::new("SELECT 1 AS n FROM article_entities x WHERE x.entity_id = ");
    query.place(id);
    query.visible_as("x", tokens);
    query.push(" LIMIT 1");
    Ok(query.first(conn, |r| r.get::<i64>("n")).await?.is_some())
}

/// Of these, the entities that a viewer with these tokens may see.
///
/// # Errors
/// When the database cannot be asked.
pub async fn visible_among(conn: &mut Conn, ids: &[EntityId], tokens: Option<&[String]>) -> Result<Vec<EntityId>> {
    let mut out = Vec::new();
    for chunk in ids.chunks(256) {
        let mut query = Query::new("SELECT DISTINCT x.entity_id FROM article_entities x WHERE x.entity_id IN ");
        query.list(chunk.iter().copied());
        query.visible_as("x", tokens);
        out.extend(query.all(conn, |r| r.get::<EntityId>("entity_id")).await?);
    }
    Ok(out)
}

/// An entity in a list, with the number of articles that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityRow {
    /// The entity.
    pub entity: Entity,
    /// Articles that name it and that the viewer may see.
    pub articles: i64,
    /// The day of the last of them.
    pub last_day: String,
}

/// Which entities a list shows; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntityFilter {
    /// Of this kind.
    pub kind: Option<EntityKind>,
    /// Called so, whole or in part, by whatever name.
    pub words: Option<String>,
}

/// Entities that a viewer with these tokens may see, those named by most articles first, those after a number of
/// articles and id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_visible(
    conn: &mut Conn,
    filter: &EntityFilter,
    tokens: Option<&[String]>,
    after: Option<(i64, EntityId)>,
    limit: i64,
) -> Result<Vec<EntityRow>> {
    // Counted first, so that the entities of one page alone are looked up.
    let mut query = Query::new(
        "SELECT k.articles, k.last_day, e.id, e.kind, e.name, e.qualifier FROM (SELECT c.entity_id, \
         CAST(SUM(c.articles) AS BIGINT) AS articles, MAX(c.last_day) AS last_day FROM entity_counts c WHERE 1 = 1",
    );
    query.visible_as("c", tokens);
    if let Some(kind) = filter.kind {
        query.push(" AND c.entity_id IN (SELECT id FROM entities WHERE kind = ");
        query.place(kind.as_str());
        query.push(")");
    }
    if let Some(words) = &filter.words {
        // A part of a name is the beginning of one of its parts; the longest text is looked up by its beginning.
        let words = fold_key(words);
        let begins: String = words.chars().take(LONGEST).collect();
        query.push(
            " AND c.entity_id IN (SELECT n.entity_id FROM entity_names n WHERE n.role <> 'core' AND n.name_key IN \
             (SELECT p.name_key FROM name_parts p WHERE p.part >= ",
        );
        query.place(begins.as_str());
        query.push(" AND p.part < ");
        query.place(format!("{begins}{}", char::MAX));
        query.push(") AND n.name_key LIKE ");
        query.place(holding(&words));
        query.push(" ESCAPE '!'");
        query.visible_as("n", tokens);
        query.push(")");
    }
    query.push(" GROUP BY c.entity_id");
    if let Some((articles, id)) = after {
        query.push(" HAVING (CAST(SUM(c.articles) AS BIGINT), c.entity_id) < (");
        query.place(articles);
        query.push(", ");
        query.place(id);
        query.push(")");
    }
    query.push(" ORDER BY articles DESC, c.entity_id DESC LIMIT ");
    query.place(limit);
    query.push(") k JOIN entities e ON e.id = k.entity_id ORDER BY k.articles DESC, e.id DESC");
    let read = |r: &Row| Ok(EntityRow { entity: read(r)?, articles: r.get("articles")?, last_day: r.get("last_day")? });
    query.all(conn, read).await
}

/// A name that articles have for an entity, and how many use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRow {
    /// The name.
    pub name: String,
    /// Articles that use it.
    pub articles: i64,
}

/// The names of an entity in the articles that a viewer with these tokens may see, the most used first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn names_of(conn: &mut Conn, id: EntityId, tokens: Option<&[String]>) -> Result<Vec<NameRow>> {
    let mut query =
        Query::new("SELECT n.name, COUNT(*) AS articles FROM entity_names n WHERE n.role <> 'core' AND n.entity_id = ");
    query.place(id);
    query.visible_as("n", tokens);
    query.push(" GROUP BY n.name ORDER BY articles DESC, n.name");
    query.all(conn, |r| Ok(NameRow { name: r.get("name")?, articles: r.get("articles")? })).await
}

/// An entity as one article names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleEntity {
    /// The article.
    pub article: ArticleId,
    /// Its id there.
    pub local: String,
    /// The entity.
    pub entity: EntityId,
    /// Its kind.
    pub kind: EntityKind,
}

/// What an article names.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_article(conn: &mut Conn, article: ArticleId) -> Result<Vec<ArticleEntity>> {
    Query::new(
        "SELECT article_id, local_id, entity_id, kind FROM article_entities WHERE article_id = $1 ORDER BY local_id",
    )
    .bind(article)
    .all(conn, |r| {
        Ok(ArticleEntity {
            article: r.get("article_id")?,
            local: r.get("local_id")?,
            entity: r.get("entity_id")?,
            kind: r.word("kind")?,
        })
    })
    .await
}

/// The articles that name an entity, whoever may see them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn articles_naming(conn: &mut Conn, ids: &[EntityId]) -> Result<Vec<ArticleId>> {
    let mut out = Vec::new();
    for chunk in ids.chunks(256) {
        let mut query = Query::new("SELECT DISTINCT article_id FROM article_entities WHERE entity_id IN ");
        query.list(chunk.iter().copied());
        query.push(" ORDER BY article_id");
        out.extend(query.all(conn, |r| r.get::<ArticleId>("article_id")).await?);
    }
    Ok(out)
}

/// The latest articles that name an entity and that a viewer with these tokens may see.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest_articles(
    conn: &mut Conn,
    id: EntityId,
    tokens: Option<&[String]>,
    limit: i64,
) -> Result<Vec<ArticleId>> {
    let mut query = Query::new("SELECT x.article_id FROM article_entities x WHERE x.entity_id = ");
    query.place(id);
    query.visible_as("x", tokens);
    query.push(" GROUP BY x.day, x.article_id ORDER BY x.day DESC, x.article_id DESC LIMIT ");
    query.place(limit);
    query.all(conn, |r| r.get("article_id")).await
}

/// How many entities there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM entities").number(conn).await
}

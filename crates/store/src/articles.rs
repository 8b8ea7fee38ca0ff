//! Articles.

use std::collections::HashMap;

use keqiao_domain::{Article, ArticleId, ArticleState, EntityId, SourceId, Timestamp, fold_key};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, by_ids, holding, to_json, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.source_id, a.ordinal, a.title, a.published, a.place, a.origin, a.state, a.readers, \
             a.text_readers, a.reader_version, a.version, a.demo, a.created_at, a.updated_at, a.reading \
             FROM articles a",
            $rest
        )
    };
}

/// A day that is not known is kept as the empty text.
pub(crate) fn day(text: String) -> Option<String> {
    Some(text).filter(|t| !t.is_empty())
}

fn read(row: &Row) -> Result<Article> {
    Ok(Article {
        id: row.get("id")?,
        source: row.get("source_id")?,
        ordinal: row.get("ordinal")?,
        title: row.get("title")?,
        published: day(row.get("published")?),
        place: row.get("place")?,
        origin: row.get("origin")?,
        state: row.word("state")?,
        readers: row.word("readers")?,
        text_readers: row.word("text_readers")?,
        reading: row.json("reading")?,
        reader_version: row.get("reader_version")?,
        version: row.get("version")?,
        demo: row.get("demo")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn bound(query: Query, a: &Article) -> Result<Query> {
    Ok(query
        .bind(a.id)
        .bind(a.source)
        .bind(a.ordinal)
        .bind(&a.title)
        .bind(fold_key(&a.title))
        .bind(a.published.as_deref().unwrap_or_default())
        .bind(&a.place)
        .bind(&a.origin)
        .bind(to_word(&a.state)?)
        .bind(a.audience().to_string())
        .bind(a.readers.to_string())
        .bind(a.text_readers.to_string())
        .bind(a.reader_version)
        .bind(a.version)
        .bind(a.demo)
        .bind(a.created_at)
        .bind(a.updated_at)
        .bind(to_json(&a.reading)?))
}

/// Inserts an article.
///
/// # Errors
/// Conflict of `articles.id` or `articles.source_id+ordinal`; of the reference when the file is not there.
pub async fn insert(conn: &mut Conn, article: &Article) -> Result<()> {
    let query = Query::new(
        "INSERT INTO articles (id, source_id, ordinal, title, title_key, published, place, origin, state, audience, readers, \
         text_readers, reader_version, version, demo, created_at, updated_at, reading) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    );
    bound(query, article)?.run(conn).await.map(drop)
}

/// Writes an article anew if its row still has the expected version; whether it had.
///
/// # Errors
/// When it cannot be written.
pub async fn update(conn: &mut Conn, article: &Article, expected: i64) -> Result<bool> {
    let query = Query::new(
        "UPDATE articles SET source_id = $2, ordinal = $3, title = $4, title_key = $5, published = $6, place = $7, \
         origin = $8, state = $9, audience = $10, readers = $11, text_readers = $12, reader_version = $13, \
         version = $14, demo = $15, created_at = $16, updated_at = $17, reading = $18 \
         WHERE id = $1 AND version = $19",
    );
    bound(query, article)?.bind(expected).hit(conn).await
}

/// The article of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: ArticleId) -> Result<Option<Article>> {
    Query::new(select!(" WHERE a.id = $1")).bind(id).first(conn, read).await
}

/// The articles of these ids in this order; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(conn: &mut Conn, ids: &[ArticleId]) -> Result<Vec<Article>> {
    by_ids(conn, select!(""), ids, read, |a| a.id).await
}

/// The articles of a file in their order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_source(conn: &mut Conn, source: SourceId) -> Result<Vec<Article>> {
    Query::new(select!(" WHERE a.source_id = $1 ORDER BY a.ordinal")).bind(source).all(conn, read).await
}

/// The articles of files, in the order of files and of articles in them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ids_of_sources(conn: &mut Conn, sources: &[SourceId]) -> Result<Vec<(SourceId, ArticleId)>> {
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new("SELECT source_id, id FROM articles WHERE source_id IN ");
    query.list(sources.iter().copied());
    query.push(" ORDER BY source_id, ordinal");
    query.all(conn, |row| Ok((row.get("source_id")?, row.get("id")?))).await
}

/// What a list shows of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleHead {
    /// The article.
    pub id: ArticleId,
    /// Its headline.
    pub title: String,
    /// The day of publication.
    pub published: Option<String>,
    /// The place it is about.
    pub place: Option<String>,
    /// Where the story came from.
    pub origin: Option<String>,
    /// The file's name.
    pub source_name: String,
    /// Whether it is withdrawn.
    pub withdrawn: bool,
    /// Whether it is demo data.
    pub demo: bool,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

const HEAD: &str = "SELECT a.id, a.title, a.published, a.place, a.origin, s.name AS source_name, a.state, a.demo, \
     a.updated_at FROM articles a JOIN sources s ON s.id = a.source_id";

fn read_head(row: &Row) -> Result<ArticleHead> {
    Ok(ArticleHead {
        id: row.get("id")?,
        title: row.get("title")?,
        published: day(row.get("published")?),
        place: row.get("place")?,
        origin: row.get("origin")?,
        source_name: row.get("source_name")?,
        withdrawn: row.word::<ArticleState>("state")? == ArticleState::Withdrawn,
        demo: row.get("demo")?,
        updated_at: row.get("updated_at")?,
    })
}

/// Which articles a list shows; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleFilter {
    /// Published on this day or later.
    pub from: Option<String>,
    /// Published on this day or earlier.
    pub to: Option<String>,
    /// Words of the headline.
    pub words: Option<String>,
    /// That name this entity.
    pub entity: Option<EntityId>,
}

/// Heads of the articles that a viewer with these audience tokens may see (`None`: all), the last published first,
/// those after a day and id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_visible(
    conn: &mut Conn,
    filter: &ArticleFilter,
    tokens: Option<&[String]>,
    after: Option<(String, ArticleId)>,
    limit: i64,
) -> Result<Vec<ArticleHead>> {
    let mut query = Query::new(HEAD);
    query.push(" WHERE 1 = 1");
    query.visible_as("a", tokens);
    if let Some(entity) = filter.entity {
        query.push(" AND a.id IN (SELECT article_id FROM article_entities WHERE entity_id = ");
        query.place(entity);
        query.push(")");
    }
    if let Some(from) = &filter.from {
        query.push(" AND a.published >= ");
        query.place(from);
    }
    if let Some(to) = &filter.to {
        query.push(" AND a.published <> '' AND a.published <= ");
        query.place(to);
    }
    if let Some(words) = &filter.words {
        query.push(" AND a.title_key LIKE ");
        query.place(holding(&fold_key(words)));
        query.push(" ESCAPE '!'");
    }
    if let Some((day, id)) = after {
        query.push(" AND (a.published, a.id) < (");
        query.place(day);
        query.push(", ");
        query.place(id);
        query.push(")");
    }
    query.push(" ORDER BY a.published DESC, a.id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read_head).await
}

/// Heads of these articles in this order; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn heads(conn: &mut Conn, ids: &[ArticleId]) -> Result<Vec<ArticleHead>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(256) {
        let mut query = Query::new(HEAD);
        query.push(" WHERE a.id IN ");
        query.list(chunk.iter().copied());
        found.extend(query.all(conn, read_head).await?.into_iter().map(|h| (h.id, h)));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Articles by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<ArticleId>, limit: i64) -> Result<Vec<Article>> {
    Query::new(select!(" WHERE a.id > $1 ORDER BY a.id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

/// The files that an older version of the reader read, by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn sources_read_before(
    conn: &mut Conn,
    reader_version: i64,
    after: Option<SourceId>,
    limit: i64,
) -> Result<Vec<SourceId>> {
    Query::new(
        "SELECT DISTINCT source_id FROM articles WHERE reader_version < $1 AND source_id > $2 \
         ORDER BY source_id LIMIT $3",
    )
    .bind(reader_version)
    .bind(after.map_or_else(String::new, |id| id.to_string()))
    .bind(limit)
    .all(conn, |r| r.get("source_id"))
    .await
}

/// How many articles there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM articles").number(conn).await
}

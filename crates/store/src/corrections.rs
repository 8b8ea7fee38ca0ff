//! What persons said of facts.

use keqiao_domain::{ArticleId, Correction, CorrectionId, FactId, Span};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, article_id, fact_id, kind, first_char, end_char, judgement, content, by_id, at \
             FROM corrections",
            $rest
        )
    };
}

pub(crate) fn span(row: &Row) -> Result<Span> {
    let place = |column: &str| {
        row.get::<i64>(column).and_then(|n| u32::try_from(n).map_err(|e| crate::sql::corrupt(column, e)))
    };
    Ok(Span { start: place("first_char")?, end: place("end_char")? })
}

fn read(row: &Row) -> Result<Correction> {
    Ok(Correction {
        id: row.get("id")?,
        article: row.get("article_id")?,
        fact: row.get("fact_id")?,
        kind: row.word("kind")?,
        span: span(row)?,
        judgement: row.word("judgement")?,
        content: row.json("content")?,
        by: row.get("by_id")?,
        at: row.get("at")?,
    })
}

/// Keeps what a person said of a fact; what was said of it before gives way.
///
/// # Errors
/// Conflict of the reference when the article is not there.
pub async fn put(conn: &mut Conn, c: &Correction) -> Result<()> {
    Query::new(
        "INSERT INTO corrections (id, article_id, fact_id, kind, first_char, end_char, judgement, content, by_id, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (article_id, fact_id) DO UPDATE SET \
         judgement = excluded.judgement, content = excluded.content, by_id = excluded.by_id, at = excluded.at",
    )
    .bind(c.id)
    .bind(c.article)
    .bind(c.fact)
    .bind(c.kind.as_str())
    .bind(i64::from(c.span.start))
    .bind(i64::from(c.span.end))
    .bind(c.judgement.as_str())
    .bind(to_json(&c.content)?)
    .bind(c.by)
    .bind(c.at)
    .run(conn)
    .await
    .map(drop)
}

/// Takes back what was said of a fact; whether anything was.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove(conn: &mut Conn, article: ArticleId, fact: FactId) -> Result<bool> {
    Query::new("DELETE FROM corrections WHERE article_id = $1 AND fact_id = $2")
        .bind(article)
        .bind(fact)
        .hit(conn)
        .await
}

/// What was said of the facts of these articles, the first said first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_articles(conn: &mut Conn, articles: &[ArticleId]) -> Result<Vec<Correction>> {
    let mut out = Vec::new();
    for chunk in articles.chunks(256) {
        let mut query = Query::new(select!(" WHERE article_id IN "));
        query.list(chunk.iter().copied());
        query.push(" ORDER BY article_id, at, id");
        out.extend(query.all(conn, read).await?);
    }
    Ok(out)
}

/// All corrections by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<CorrectionId>, limit: i64) -> Result<Vec<Correction>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

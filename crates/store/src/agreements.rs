//! Agreements, the promises in them, and the articles that speak of them.

use keqiao_domain::{
    Agreement, AgreementId, ArticleId, Commitment, CommitmentId, CommitmentState, EntityId, FactId, PartyId, Timestamp,
    fold_key,
};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT g.id, g.title, g.signed_on, g.parties, g.fact_id, g.article_id, g.note, g.audience, g.version, \
             g.created_by, g.created_at, g.updated_at FROM agreements g",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Agreement> {
    let fact: Option<FactId> = row.get("fact_id")?;
    let article: Option<ArticleId> = row.get("article_id")?;
    Ok(Agreement {
        id: row.get("id")?,
        title: row.get("title")?,
        signed_on: row.get("signed_on")?,
        parties: row.json("parties")?,
        fact: fact.zip(article),
        note: row.get("note")?,
        audience: row.word("audience")?,
        version: row.get("version")?,
        created_by: row.get("created_by")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn bound(query: Query, a: &Agreement) -> Result<Query> {
    Ok(query
        .bind(a.id)
        .bind(&a.title)
        .bind(fold_key(&a.title))
        .bind(&a.signed_on)
        .bind(to_json(&a.parties)?)
        .bind(a.fact.map(|f| f.0))
        .bind(a.fact.map(|f| f.1))
        .bind(&a.note)
        .bind(a.audience.to_string())
        .bind(a.version)
        .bind(a.created_by)
        .bind(a.created_at)
        .bind(a.updated_at))
}

/// Inserts an agreement.
///
/// # Errors
/// Conflict of `agreements.id`, or of `agreements.fact_id` when the fact was opened before.
pub async fn insert(conn: &mut Conn, agreement: &Agreement) -> Result<()> {
    let query = Query::new(
        "INSERT INTO agreements (id, title, title_key, signed_on, parties, fact_id, article_id, note, audience, \
         version, created_by, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    );
    bound(query, agreement)?.run(conn).await.map(drop)
}

/// Writes an agreement anew if its row still has the expected version; whether it had.
///
/// # Errors
/// When it cannot be written.
pub async fn update(conn: &mut Conn, agreement: &Agreement, expected: i64) -> Result<bool> {
    let query = Query::new(
        "UPDATE agreements SET title = $2, title_key = $3, signed_on = $4, parties = $5, fact_id = $6, \
         article_id = $7, note = $8, audience = $9, version = $10, created_by = $11, created_at = $12, \
         updated_at = $13 WHERE id = $1 AND version = $14",
    );
    bound(query, agreement)?.bind(expected).hit(conn).await
}

/// The agreement of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: AgreementId) -> Result<Option<Agreement>> {
    Query::new(select!(" WHERE g.id = $1")).bind(id).first(conn, read).await
}

/// The agreement that was opened from a fact.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_fact(conn: &mut Conn, fact: FactId) -> Result<Option<Agreement>> {
    Query::new(select!(" WHERE g.fact_id = $1")).bind(fact).first(conn, read).await
}

/// The agreements that were opened from facts of these articles.
///
/// # Errors
/// When the database cannot be asked.
pub async fn opened_from(conn: &mut Conn, articles: &[ArticleId]) -> Result<Vec<Agreement>> {
    let mut out = Vec::new();
    for chunk in articles.chunks(256) {
        let mut query = Query::new(select!(" WHERE g.article_id IN "));
        query.list(chunk.iter().copied());
        query.push(" ORDER BY g.id");
        out.extend(query.all(conn, read).await?);
    }
    Ok(out)
}

/// The agreements with one of these titles, by the keys of the titles.
///
/// # Errors
/// When the database cannot be asked.
pub async fn titled(conn: &mut Conn, keys: &[&str]) -> Result<Vec<Agreement>> {
    let mut out = Vec::new();
    for chunk in keys.chunks(256) {
        let mut query = Query::new(select!(" WHERE g.title_key IN "));
        query.list(chunk.iter().copied());
        query.push(" ORDER BY g.id");
        out.extend(query.all(conn, read).await?);
    }
    Ok(out)
}

/// The agreements that a party signed, the latest opened first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_party(conn: &mut Conn, party: PartyId, limit: i64) -> Result<Vec<Agreement>> {
    // An id holds no character that has a meaning in a pattern.
    Query::new(select!(" WHERE g.parties LIKE $1 ORDER BY g.id DESC LIMIT $2"))
        .bind(format!("%\"{party}\"%"))
        .bind(limit)
        .all(conn, read)
        .await
}

/// The agreements that an entity signed.
///
/// # Errors
/// When the database cannot be asked.
pub async fn signed_by(conn: &mut Conn, entity: EntityId) -> Result<Vec<Agreement>> {
    Query::new(select!(" WHERE g.parties LIKE $1 ORDER BY g.id")).bind(format!("%\"{entity}\"%")).all(conn, read).await
}

/// The agreements that a viewer with these audience tokens may see (`None`: all), the last opened first, those after
/// an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_visible(
    conn: &mut Conn,
    tokens: Option<&[String]>,
    after: Option<AgreementId>,
    limit: i64,
) -> Result<Vec<Agreement>> {
    let mut query = Query::new(select!(" WHERE 1 = 1"));
    query.visible_as("g", tokens);
    if let Some(after) = after {
        query.push(" AND g.id < ");
        query.place(after);
    }
    query.push(" ORDER BY g.id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// All agreements by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<AgreementId>, limit: i64) -> Result<Vec<Agreement>> {
    Query::new(select!(" WHERE g.id > $1 ORDER BY g.id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

macro_rules! select_commitments {
    ($rest:literal) => {
        concat!("SELECT id, agreement_id, who, what, due, state, note, created_at, closed_at FROM commitments", $rest)
    };
}

fn read_commitment(row: &Row) -> Result<Commitment> {
    Ok(Commitment {
        id: row.get("id")?,
        agreement: row.get("agreement_id")?,
        who: row.get("who")?,
        what: row.get("what")?,
        due: row.get("due")?,
        state: row.word("state")?,
        note: row.get("note")?,
        created_at: row.get("created_at")?,
        closed_at: row.get("closed_at")?,
    })
}

/// Inserts a commitment.
///
/// # Errors
/// Conflict of the reference when the agreement is not there.
pub async fn insert_commitment(conn: &mut Conn, c: &Commitment) -> Result<()> {
    Query::new(
        "INSERT INTO commitments (id, agreement_id, who, what, due, state, note, created_at, closed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(c.id)
    .bind(c.agreement)
    .bind(&c.who)
    .bind(&c.what)
    .bind(&c.due)
    .bind(to_word(&c.state)?)
    .bind(&c.note)
    .bind(c.created_at)
    .bind(c.closed_at)
    .run(conn)
    .await
    .map(drop)
}

/// Moves a commitment; whether it is there.
///
/// # Errors
/// When it cannot be written.
pub async fn move_commitment(
    conn: &mut Conn,
    id: CommitmentId,
    state: CommitmentState,
    note: &str,
    closed_at: Option<Timestamp>,
) -> Result<bool> {
    Query::new("UPDATE commitments SET state = $2, note = $3, closed_at = $4 WHERE id = $1")
        .bind(id)
        .bind(to_word(&state)?)
        .bind(note)
        .bind(closed_at)
        .hit(conn)
        .await
}

/// The commitment of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_commitment(conn: &mut Conn, id: CommitmentId) -> Result<Option<Commitment>> {
    Query::new(select_commitments!(" WHERE id = $1")).bind(id).first(conn, read_commitment).await
}

/// The commitments of agreements, in the order in which they were written.
///
/// # Errors
/// When the database cannot be asked.
pub async fn commitments_of(conn: &mut Conn, agreements: &[AgreementId]) -> Result<Vec<Commitment>> {
    let mut out = Vec::new();
    for chunk in agreements.chunks(256) {
        let mut query = Query::new(select_commitments!(" WHERE agreement_id IN "));
        query.list(chunk.iter().copied());
        query.push(" ORDER BY agreement_id, id");
        out.extend(query.all(conn, read_commitment).await?);
    }
    Ok(out)
}

/// The open commitments that are due before a day, the earliest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn due_before(conn: &mut Conn, day: &str, limit: i64) -> Result<Vec<Commitment>> {
    Query::new(select_commitments!(" WHERE state = 'open' AND due < $1 ORDER BY due, id LIMIT $2"))
        .bind(day)
        .bind(limit)
        .all(conn, read_commitment)
        .await
}

/// Links articles to the agreement that they speak of, each with its day; those linked before stay.
///
/// # Errors
/// Conflict of the reference when one of them is not there.
pub async fn link_article(conn: &mut Conn, agreement: AgreementId, article: ArticleId, day: &str) -> Result<()> {
    Query::new(
        "INSERT INTO agreement_articles (agreement_id, article_id, day) VALUES ($1, $2, $3) \
         ON CONFLICT (agreement_id, article_id) DO UPDATE SET day = excluded.day",
    )
    .bind(agreement)
    .bind(article)
    .bind(day)
    .run(conn)
    .await
    .map(drop)
}

/// The articles linked to an agreement, the earliest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn articles_of(conn: &mut Conn, agreement: AgreementId) -> Result<Vec<ArticleId>> {
    Query::new("SELECT article_id FROM agreement_articles WHERE agreement_id = $1 ORDER BY day, article_id")
        .bind(agreement)
        .all(conn, |r| r.get("article_id"))
        .await
}

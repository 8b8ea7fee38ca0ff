//! Lists of matches that were shown, and which of their rows were opened.

use std::collections::HashMap;

use keqiao_domain::{ListingId, RankingTrialId, Showing, ShowingId, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json, to_word};

/// A list with the rows that were opened.
pub type WithOpens = (Showing, Vec<ListingId>);

fn read(row: &Row) -> Result<Showing> {
    Ok(Showing {
        id: row.get("id")?,
        asking: row.get("asking_id")?,
        side: row.word("side")?,
        kind: row.get("kind")?,
        weights: row.get("version_id")?,
        trial: row.get("trial_id")?,
        at: row.get("at")?,
        rows: row.json("shown")?,
    })
}

/// Keeps a list that was shown.
///
/// # Errors
/// Conflict of `showings.id`.
pub async fn insert(conn: &mut Conn, s: &Showing) -> Result<()> {
    Query::new(
        "INSERT INTO showings (id, asking_id, side, kind, version_id, trial_id, at, shown) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(s.id)
    .bind(s.asking)
    .bind(to_word(&s.side)?)
    .bind(&s.kind)
    .bind(s.weights)
    .bind(s.trial)
    .bind(s.at)
    .bind(to_json(&s.rows)?)
    .run(conn)
    .await
    .map(drop)
}

/// Notes that a row of a list was opened; one of a list that is not there, or no more, is nothing.
///
/// # Errors
/// When it cannot be written.
pub async fn open(conn: &mut Conn, showing: ShowingId, listing: ListingId, at: Timestamp) -> Result<()> {
    Query::new(
        "INSERT INTO showing_opens (showing_id, listing_id, at) SELECT id, $2, $3 FROM showings WHERE id = $1 \
         ON CONFLICT (showing_id, listing_id) DO NOTHING",
    )
    .bind(showing)
    .bind(listing)
    .bind(at)
    .run(conn)
    .await
    .map(drop)
}

/// Lists by id, those after an id; of a trial, or all.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page(
    conn: &mut Conn,
    trial: Option<RankingTrialId>,
    after: Option<ShowingId>,
    limit: i64,
) -> Result<Vec<WithOpens>> {
    let mut query =
        Query::new("SELECT id, asking_id, side, kind, version_id, trial_id, at, shown FROM showings WHERE id > ");
    query.place(after.map_or_else(String::new, |id| id.to_string()));
    if let Some(trial) = trial {
        query.push(" AND trial_id = ");
        query.place(trial);
    }
    query.push(" ORDER BY id LIMIT ");
    query.place(limit);
    let shown = query.all(conn, read).await?;
    with_opens(conn, shown).await
}

/// Lists, the latest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<WithOpens>> {
    let query = Query::new(
        "SELECT id, asking_id, side, kind, version_id, trial_id, at, shown FROM showings ORDER BY id DESC LIMIT $1",
    );
    let shown = query.bind(limit).all(conn, read).await?;
    with_opens(conn, shown).await
}

async fn with_opens(conn: &mut Conn, shown: Vec<Showing>) -> Result<Vec<WithOpens>> {
    let mut opens: HashMap<ShowingId, Vec<ListingId>> = HashMap::new();
    let ids: Vec<ShowingId> = shown.iter().map(|s| s.id).collect();
    for chunk in ids.chunks(256) {
        let mut query = Query::new("SELECT showing_id, listing_id FROM showing_opens WHERE showing_id IN ");
        query.list(chunk.iter().copied());
        query.push(" ORDER BY showing_id, listing_id");
        let row = |r: &Row| Ok((r.get::<ShowingId>("showing_id")?, r.get::<ListingId>("listing_id")?));
        for (showing, listing) in query.all(conn, row).await? {
            opens.entry(showing).or_default().push(listing);
        }
    }
    let with = |s: Showing| {
        let opened = opens.remove(&s.id).unwrap_or_default();
        (s, opened)
    };
    Ok(shown.into_iter().map(with).collect())
}

/// How many lists are kept.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM showings").number(conn).await
}

/// Removes lists from before a moment, and of what is left all but so many of the latest; gives how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn prune(conn: &mut Conn, before: Timestamp, keep: i64) -> Result<u64> {
    let old = Query::new("DELETE FROM showings WHERE at < $1").bind(before).run(conn).await?;
    let more = count(conn).await? - keep;
    if more <= 0 {
        return Ok(old);
    }
    let first = "DELETE FROM showings WHERE id IN (SELECT id FROM showings ORDER BY at, id LIMIT $1)";
    Ok(old + Query::new(first).bind(more).run(conn).await?)
}

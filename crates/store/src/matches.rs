//! Standing matches, kept by their follower.

use std::collections::HashSet;

use keqiao_domain::{ListingId, Match};

use crate::conn::Conn;
use crate::error::StoreError;
use crate::sql::{Query, Result, Row, to_json};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT need_id, offer_id, score, blocked, reasons FROM matches", $rest)
    };
}

fn read(row: &Row) -> Result<Match> {
    Ok(Match {
        need: Some(row.get("need_id")?),
        offer: Some(row.get("offer_id")?),
        score: row.get("score")?,
        blocked: row.get("blocked")?,
        reasons: row.json("reasons")?,
    })
}

/// Puts these matches in the place of all that some listings have, on whichever side they stand.
///
/// # Errors
/// When a match lacks one of its listings or concerns none of these (internal); conflict of
/// `matches.need_id+offer_id` when a pair stands twice; of the reference when a listing is not there.
pub async fn replace_for_listings<'m>(
    conn: &mut Conn,
    listings: &[ListingId],
    matches: impl IntoIterator<Item = &'m Match>,
) -> Result<()> {
    for listing in listings {
        delete_of_listing(conn, *listing).await?;
    }
    let concerned: HashSet<ListingId> = listings.iter().copied().collect();
    let mut rows = Vec::new();
    for m in matches {
        if ![m.need, m.offer].iter().flatten().any(|id| concerned.contains(id)) {
            return Err(StoreError::Internal("a match of other listings".to_owned()));
        }
        rows.push(m);
    }
    insert(conn, "INSERT INTO matches (need_id, offer_id, score, blocked, reasons) VALUES ", &rows, "").await
}

/// The place beside the table in which a rebuild puts its matches. It lies in the writer's own
/// connection, so that a rebuild that was cut off leaves nothing.
const FRESH: &str = "DROP TABLE IF EXISTS matches_fresh; CREATE TEMPORARY TABLE matches_fresh (
    need_id $TEXT NOT NULL,
    offer_id $TEXT NOT NULL,
    score $FLOAT NOT NULL,
    blocked $INT NOT NULL,
    reasons $TEXT NOT NULL,
    PRIMARY KEY (need_id, offer_id)
) $STRICT";

/// Begins to make all matches anew, beside those that stand.
///
/// # Errors
/// When it cannot be written.
pub async fn begin_fresh(conn: &mut Conn) -> Result<()> {
    let sql = conn.dialect().translate(FRESH);
    conn.schema_text(sql).await.map_err(|e| conn.fail(e))
}

/// Adds matches to those made anew; one that is among them stays as it is.
///
/// # Errors
/// When a match lacks one of its listings, or nothing was begun on this connection (internal).
pub async fn add_fresh(conn: &mut Conn, matches: &[Match]) -> Result<()> {
    let all: Vec<&Match> = matches.iter().collect();
    let into = "INSERT INTO matches_fresh (need_id, offer_id, score, blocked, reasons) VALUES ";
    insert(conn, into, &all, " ON CONFLICT (need_id, offer_id) DO NOTHING").await
}

/// Puts the matches made anew in the place of all there are; answers how many.
///
/// # Errors
/// When nothing was begun on this connection (internal); those that stand stay then.
pub async fn swap_fresh(conn: &mut Conn) -> Result<u64> {
    Query::new("DELETE FROM matches").run(conn).await?;
    let moved = Query::new(
        "INSERT INTO matches (need_id, offer_id, score, blocked, reasons) \
         SELECT need_id, offer_id, score, blocked, reasons FROM matches_fresh",
    );
    let count = moved.run(conn).await?;
    Query::new("DROP TABLE matches_fresh").run(conn).await?;
    Ok(count)
}

async fn insert(conn: &mut Conn, into: &'static str, matches: &[&Match], end: &'static str) -> Result<()> {
    for chunk in matches.chunks(64) {
        let mut query = Query::new(into);
        for (i, m) in chunk.iter().enumerate() {
            let (Some(need), Some(offer)) = (m.need, m.offer) else {
                return Err(StoreError::Internal("a standing match of one listing alone".to_owned()));
            };
            query.push(if i == 0 { "(" } else { ", (" });
            query.place(need);
            query.push(", ");
            query.place(offer);
            query.push(", ");
            query.place(m.score);
            query.push(", ");
            query.place(m.blocked);
            query.push(", ");
            query.place(to_json(&m.reasons)?);
            query.push(")");
        }
        query.push(end);
        query.run(conn).await?;
    }
    Ok(())
}

/// The other end of a kept match, and how the match stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counterpart {
    /// The listing at the other end.
    pub id: ListingId,
    /// The match's score.
    pub score: f64,
    /// Whether a must failed.
    pub blocked: bool,
}

/// What a listing is matched with, on whichever side it stands.
///
/// # Errors
/// When the database cannot be asked.
pub async fn counterparts_of(conn: &mut Conn, listing: ListingId) -> Result<Vec<Counterpart>> {
    let ends = Query::new(
        "SELECT offer_id AS other, score, blocked FROM matches WHERE need_id = $1 \
         UNION ALL SELECT need_id AS other, score, blocked FROM matches WHERE offer_id = $1",
    );
    let read = |r: &Row| Ok(Counterpart { id: r.get("other")?, score: r.get("score")?, blocked: r.get("blocked")? });
    ends.bind(listing).all(conn, read).await
}

/// A need's matches, the best first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_need(conn: &mut Conn, need: ListingId, limit: i64) -> Result<Vec<Match>> {
    Query::new(select!(" WHERE need_id = $1 ORDER BY blocked, score DESC, offer_id LIMIT $2"))
        .bind(need)
        .bind(limit)
        .all(conn, read)
        .await
}

/// An offer's matches, the best first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_offer(conn: &mut Conn, offer: ListingId, limit: i64) -> Result<Vec<Match>> {
    Query::new(select!(" WHERE offer_id = $1 ORDER BY blocked, score DESC, need_id LIMIT $2"))
        .bind(offer)
        .bind(limit)
        .all(conn, read)
        .await
}

/// Removes all matches of a listing, on whichever side it stands; answers how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn delete_of_listing(conn: &mut Conn, listing: ListingId) -> Result<u64> {
    Query::new("DELETE FROM matches WHERE need_id = $1 OR offer_id = $1").bind(listing).run(conn).await
}

/// All matches by need and offer, those after a pair.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<(ListingId, ListingId)>, limit: i64) -> Result<Vec<Match>> {
    let (need, offer) = after.map(|(n, o)| (n.to_string(), o.to_string())).unwrap_or_default();
    Query::new(select!(" WHERE (need_id, offer_id) > ($1, $2) ORDER BY need_id, offer_id LIMIT $3"))
        .bind(need)
        .bind(offer)
        .bind(limit)
        .all(conn, read)
        .await
}

/// How many pairs are kept.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM matches").number(conn).await
}

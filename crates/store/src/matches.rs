//! Standing matches, kept by their follower.

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

/// Puts these matches in the place of all that a listing has, on whichever side it stands.
///
/// # Errors
/// When a match lacks one of its listings or does not concern this one (internal); conflict of
/// `matches.need_id+offer_id` when a pair stands twice; of the reference when a listing is not there.
pub async fn replace_for_listing(conn: &mut Conn, listing: ListingId, matches: &[Match]) -> Result<()> {
    delete_of_listing(conn, listing).await?;
    for chunk in matches.chunks(64) {
        let mut query = Query::new("INSERT INTO matches (need_id, offer_id, score, blocked, reasons) VALUES ");
        for (i, m) in chunk.iter().enumerate() {
            let (Some(need), Some(offer)) = (m.need, m.offer) else {
                return Err(StoreError::Internal("a standing match of one listing alone".to_owned()));
            };
            if need != listing && offer != listing {
                return Err(StoreError::Internal("a match of other listings".to_owned()));
            }
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
        query.run(conn).await?;
    }
    Ok(())
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

/// Removes all matches, for a rebuild; answers how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn delete_all(conn: &mut Conn) -> Result<u64> {
    Query::new("DELETE FROM matches").run(conn).await
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

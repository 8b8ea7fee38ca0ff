//! Reviews of listings.

use keqiao_domain::{ListingId, Review};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json, to_word};

fn read(row: &Row) -> Result<Review> {
    Ok(Review {
        id: row.get("id")?,
        listing: row.get("listing_id")?,
        version: row.get("version")?,
        reviewer: row.get("reviewer_id")?,
        scores: row.json("scores")?,
        decision: row.word("decision")?,
        comment: row.get("comment")?,
        at: row.get("at")?,
    })
}

/// Inserts a review.
///
/// # Errors
/// Conflict of `reviews.id`; of the reference when the listing is not there.
pub async fn insert(conn: &mut Conn, r: &Review) -> Result<()> {
    Query::new(
        "INSERT INTO reviews (id, listing_id, version, reviewer_id, scores, decision, comment, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(r.id)
    .bind(r.listing)
    .bind(r.version)
    .bind(r.reviewer)
    .bind(to_json(&r.scores)?)
    .bind(to_word(&r.decision)?)
    .bind(&r.comment)
    .bind(r.at)
    .run(conn)
    .await
    .map(drop)
}

/// All reviews of a listing, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_listing(conn: &mut Conn, listing: ListingId) -> Result<Vec<Review>> {
    Query::new(
        "SELECT id, listing_id, version, reviewer_id, scores, decision, comment, at FROM reviews \
         WHERE listing_id = $1 ORDER BY at DESC, id DESC",
    )
    .bind(listing)
    .all(conn, read)
    .await
}

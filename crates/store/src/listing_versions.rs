//! Kept versions of listings.

use keqiao_domain::{ListingId, ListingVersion};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT listing_id, version, author_id, at, content FROM listing_versions", $rest)
    };
}

fn read(row: &Row) -> Result<ListingVersion> {
    Ok(ListingVersion {
        listing: row.get("listing_id")?,
        version: row.get("version")?,
        content: row.json("content")?,
        author: row.get("author_id")?,
        at: row.get("at")?,
    })
}

/// Keeps a version.
///
/// # Errors
/// Conflict of `listing_versions.listing_id+version`; of the reference when the listing is not there.
pub async fn insert(conn: &mut Conn, v: &ListingVersion) -> Result<()> {
    Query::new(
        "INSERT INTO listing_versions (listing_id, version, author_id, at, content) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(v.listing)
    .bind(v.version)
    .bind(v.author)
    .bind(v.at)
    .bind(to_json(&v.content)?)
    .run(conn)
    .await
    .map(drop)
}

/// All versions of a listing, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_listing(conn: &mut Conn, listing: ListingId) -> Result<Vec<ListingVersion>> {
    Query::new(select!(" WHERE listing_id = $1 ORDER BY version DESC")).bind(listing).all(conn, read).await
}

/// One version of a listing.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, listing: ListingId, version: i64) -> Result<Option<ListingVersion>> {
    Query::new(select!(" WHERE listing_id = $1 AND version = $2")).bind(listing).bind(version).first(conn, read).await
}

//! Files attached to listings; their bytes lie in the blob store.

use std::collections::HashMap;

use keqiao_domain::{Attachment, AttachmentId, ListingId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, listing_id, name, media_type, size, sha256, blob_key, tier, author_id, \
             created_at FROM attachments",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Attachment> {
    Ok(Attachment {
        id: row.get("id")?,
        listing: row.get("listing_id")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
        sha256: row.get("sha256")?,
        blob: row.get("blob_key")?,
        tier: row.word("tier")?,
        author: row.get("author_id")?,
        created_at: row.get("created_at")?,
    })
}

/// Inserts an attachment.
///
/// # Errors
/// Conflict of `attachments.id`; of the reference when the listing is not there.
pub async fn insert(conn: &mut Conn, a: &Attachment) -> Result<()> {
    Query::new(
        "INSERT INTO attachments (id, listing_id, name, media_type, size, sha256, blob_key, tier, \
         author_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(a.id)
    .bind(a.listing)
    .bind(&a.name)
    .bind(&a.media_type)
    .bind(a.size)
    .bind(&a.sha256)
    .bind(&a.blob)
    .bind(to_word(&a.tier)?)
    .bind(a.author)
    .bind(a.created_at)
    .run(conn)
    .await
    .map(drop)
}

/// The attachment of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: AttachmentId) -> Result<Option<Attachment>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// The attachments of a listing, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_listing(conn: &mut Conn, listing: ListingId) -> Result<Vec<Attachment>> {
    Query::new(select!(" WHERE listing_id = $1 ORDER BY id")).bind(listing).all(conn, read).await
}

/// How many attachments each of these listings has; those without any are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_listings(conn: &mut Conn, listings: &[ListingId]) -> Result<HashMap<ListingId, i64>> {
    let mut counts = HashMap::new();
    for chunk in listings.chunks(256) {
        let fill = chunk.len().next_power_of_two() - chunk.len();
        let mut query = Query::new("SELECT listing_id, COUNT(*) AS n FROM attachments WHERE listing_id IN ");
        query.list(chunk.iter().chain(std::iter::repeat_n(&chunk[0], fill)).copied());
        query.push(" GROUP BY listing_id");
        let rows: Vec<(ListingId, i64)> = query.all(conn, |r| Ok((r.get("listing_id")?, r.get("n")?))).await?;
        counts.extend(rows);
    }
    Ok(counts)
}

/// Removes an attachment; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove(conn: &mut Conn, id: AttachmentId) -> Result<bool> {
    Query::new("DELETE FROM attachments WHERE id = $1").bind(id).hit(conn).await
}

/// The bytes of all attachments of a listing.
///
/// # Errors
/// When the database cannot be asked.
pub async fn total_size_of(conn: &mut Conn, listing: ListingId) -> Result<i64> {
    Query::new("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS n FROM attachments WHERE listing_id = $1")
        .bind(listing)
        .number(conn)
        .await
}

/// How many attachments share a blob: at 0 its bytes can go.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_of_blob(conn: &mut Conn, blob: &str) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM attachments WHERE blob_key = $1").bind(blob).number(conn).await
}

/// Attachments by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_after(conn: &mut Conn, after: Option<AttachmentId>, limit: i64) -> Result<Vec<Attachment>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

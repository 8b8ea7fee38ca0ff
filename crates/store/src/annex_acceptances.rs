//! The log of who accepted the terms of a confidential annex.

use keqiao_domain::{AccountId, ListingId, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// Logs an acceptance; whether it is the first. The first one's time stays.
///
/// # Errors
/// Conflict of the reference when listing or account is not there.
pub async fn insert(conn: &mut Conn, listing: ListingId, account: AccountId, at: Timestamp) -> Result<bool> {
    Query::new(
        "INSERT INTO annex_acceptances (listing_id, account_id, at) VALUES ($1, $2, $3) \
         ON CONFLICT (listing_id, account_id) DO NOTHING",
    )
    .bind(listing)
    .bind(account)
    .bind(at)
    .hit(conn)
    .await
}

/// When an account accepted.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, listing: ListingId, account: AccountId) -> Result<Option<Timestamp>> {
    Query::new("SELECT at FROM annex_acceptances WHERE listing_id = $1 AND account_id = $2")
        .bind(listing)
        .bind(account)
        .first(conn, |r| r.get("at"))
        .await
}

/// Who accepted and when, the first first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_listing(conn: &mut Conn, listing: ListingId) -> Result<Vec<(AccountId, Timestamp)>> {
    Query::new("SELECT account_id, at FROM annex_acceptances WHERE listing_id = $1 ORDER BY at, account_id")
        .bind(listing)
        .all(conn, |r| Ok((r.get("account_id")?, r.get("at")?)))
        .await
}

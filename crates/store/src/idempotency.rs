//! Answers kept by idempotency key, so that a request sent twice acts once.

use keqiao_domain::{AccountId, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// The answer a request was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// SHA-256 of the request, hex: another request under the same key is a mistake.
    pub request_hash: String,
    /// HTTP status.
    pub status: i64,
    /// Body.
    pub body: String,
}

/// The answer kept under an account's key.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, account: AccountId, key: &str) -> Result<Option<KeptAnswer>> {
    Query::new("SELECT request_hash, status, body FROM idempotency WHERE account_id = $1 AND key = $2")
        .bind(account)
        .bind(key)
        .first(conn, |r| {
            Ok(KeptAnswer { request_hash: r.get("request_hash")?, status: r.get("status")?, body: r.get("body")? })
        })
        .await
}

/// Keeps an answer, in the transaction that did what was asked.
///
/// # Errors
/// Conflict of `idempotency.account_id+key`: the same request was answered meanwhile.
pub async fn insert(conn: &mut Conn, account: AccountId, key: &str, answer: &KeptAnswer, at: Timestamp) -> Result<()> {
    Query::new(
        "INSERT INTO idempotency (account_id, key, request_hash, status, body, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(account)
    .bind(key)
    .bind(&answer.request_hash)
    .bind(answer.status)
    .bind(&answer.body)
    .bind(at)
    .run(conn)
    .await
    .map(drop)
}

/// Removes answers kept before a moment; answers how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn delete_before(conn: &mut Conn, before: Timestamp) -> Result<u64> {
    Query::new("DELETE FROM idempotency WHERE at < $1").bind(before).run(conn).await
}

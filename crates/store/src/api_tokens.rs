//! Tokens for the API.

use keqiao_domain::{AccountId, ApiToken, ApiTokenId, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, name, hash, scopes, created_at, used_at, revoked_at \
             FROM api_tokens",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<ApiToken> {
    Ok(ApiToken {
        id: row.get("id")?,
        account: row.get("account_id")?,
        name: row.get("name")?,
        hash: row.get("hash")?,
        scopes: row.json("scopes")?,
        created_at: row.get("created_at")?,
        used_at: row.get("used_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}

/// Inserts a token.
///
/// # Errors
/// Conflict of `api_tokens.id` or `api_tokens.hash`; of the reference when the account is not there.
pub async fn insert(conn: &mut Conn, t: &ApiToken) -> Result<()> {
    Query::new(
        "INSERT INTO api_tokens (id, account_id, name, hash, scopes, created_at, used_at, revoked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(t.id)
    .bind(t.account)
    .bind(&t.name)
    .bind(&t.hash)
    .bind(to_json(&t.scopes)?)
    .bind(t.created_at)
    .bind(t.used_at)
    .bind(t.revoked_at)
    .run(conn)
    .await
    .map(drop)
}

/// The token of a hash, revoked or not.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_hash(conn: &mut Conn, hash: &str) -> Result<Option<ApiToken>> {
    Query::new(select!(" WHERE hash = $1")).bind(hash).first(conn, read).await
}

/// An account's tokens, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<ApiToken>> {
    Query::new(select!(" WHERE account_id = $1 ORDER BY id")).bind(account).all(conn, read).await
}

/// Revokes a token; whether it was there and not yet revoked.
///
/// # Errors
/// When it cannot be written.
pub async fn revoke(conn: &mut Conn, id: ApiTokenId, at: Timestamp) -> Result<bool> {
    Query::new("UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(at)
        .hit(conn)
        .await
}

/// Notes when a token was used; whether it is there.
///
/// # Errors
/// When it cannot be written.
pub async fn touch(conn: &mut Conn, id: ApiTokenId, at: Timestamp) -> Result<bool> {
    Query::new("UPDATE api_tokens SET used_at = $2 WHERE id = $1").bind(id).bind(at).hit(conn).await
}

//! Links by which a password is set anew, each good for one use.

use keqiao_domain::{AccountId, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// Keeps the SHA-256 of a link's secret, hex.
///
/// # Errors
/// Conflict of `password_resets.hash`; of the reference when the account is not there.
pub async fn insert(conn: &mut Conn, hash: &str, account: AccountId, expires_at: Timestamp) -> Result<()> {
    Query::new("INSERT INTO password_resets (hash, account_id, expires_at) VALUES ($1, $2, $3)")
        .bind(hash)
        .bind(account)
        .bind(expires_at)
        .run(conn)
        .await
        .map(drop)
}

/// Uses a link up; answers whose it is if it has not run out.
///
/// # Errors
/// When it cannot be removed.
pub async fn take(conn: &mut Conn, hash: &str, now: Timestamp) -> Result<Option<AccountId>> {
    let taken: Option<(AccountId, Timestamp)> =
        Query::new("DELETE FROM password_resets WHERE hash = $1 RETURNING account_id, expires_at")
            .bind(hash)
            .first(conn, |r| Ok((r.get("account_id")?, r.get("expires_at")?)))
            .await?;
    Ok(taken.and_then(|(account, expires_at)| (expires_at > now).then_some(account)))
}

/// Removes all links of an account; answers how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn delete_all_of(conn: &mut Conn, account: AccountId) -> Result<u64> {
    Query::new("DELETE FROM password_resets WHERE account_id = $1").bind(account).run(conn).await
}

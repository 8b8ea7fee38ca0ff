//! Notices on people's desks.

use keqiao_domain::{AccountId, Notice, NoticeId, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, insert_rows, to_json};
use crate::values::Bind;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, account_id, body, key, created_at, read_at, mailed_at FROM notices", $rest)
    };
}

fn read(row: &Row) -> Result<Notice> {
    Ok(Notice {
        id: row.get("id")?,
        account: row.get("account_id")?,
        body: row.json("body")?,
        key: row.get("key")?,
        created_at: row.get("created_at")?,
        read_at: row.get("read_at")?,
        mailed_at: row.get("mailed_at")?,
    })
}

/// Gives a notice unless its account has had one of this key; whether it was given.
///
/// # Errors
/// Conflict of `notices.id`; of the reference when the account is not there.
pub async fn insert_unless_key_exists(conn: &mut Conn, n: &Notice) -> Result<bool> {
    Query::new(
        "INSERT INTO notices (id, account_id, body, key, created_at, read_at, mailed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id, key) DO NOTHING",
    )
    .bind(n.id)
    .bind(n.account)
    .bind(to_json(&n.body)?)
    .bind(&n.key)
    .bind(n.created_at)
    .bind(n.read_at)
    .bind(n.mailed_at)
    .hit(conn)
    .await
}

/// Gives several, as [`insert_unless_key_exists`] gives one.
///
/// # Errors
/// As there.
pub async fn insert_unless_keys_exist(conn: &mut Conn, notices: &[Notice]) -> Result<()> {
    let row = |n: &Notice| {
        Ok(vec![
            n.id.arg(),
            n.account.arg(),
            to_json(&n.body)?.arg(),
            n.key.as_str().arg(),
            n.created_at.arg(),
            n.read_at.arg(),
            n.mailed_at.arg(),
        ])
    };
    let rows = notices.iter().map(row).collect::<Result<_>>()?;
    let into = "INSERT INTO notices (id, account_id, body, key, created_at, read_at, mailed_at)";
    insert_rows(conn, into, rows, " ON CONFLICT (account_id, key) DO NOTHING").await
}

/// An account's notices, the newest first, those after a row.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_of(
    conn: &mut Conn,
    account: AccountId,
    after: Option<(Timestamp, NoticeId)>,
    limit: i64,
) -> Result<Vec<Notice>> {
    let mut query = Query::new(select!(" WHERE account_id = $1")).bind(account);
    if let Some((at, id)) = after {
        query.push(" AND (created_at, id) < (");
        query.place(at);
        query.push(", ");
        query.place(id);
        query.push(")");
    }
    query.push(" ORDER BY created_at DESC, id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// How many notices of an account were not read.
///
/// # Errors
/// When the database cannot be asked.
pub async fn unread_count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM notices WHERE account_id = $1 AND read_at IS NULL")
        .bind(account)
        .number(conn)
        .await
}

/// Marks an account's unread notices as read, those named or (`None`) all; answers how many.
///
/// # Errors
/// When they cannot be written.
pub async fn mark_read(conn: &mut Conn, account: AccountId, ids: Option<&[NoticeId]>, at: Timestamp) -> Result<u64> {
    let mut query =
        Query::new("UPDATE notices SET read_at = $1 WHERE account_id = $2 AND read_at IS NULL").bind(at).bind(account);
    if let Some(ids) = ids {
        if ids.is_empty() {
            return Ok(0);
        }
        query.push(" AND id IN ");
        query.list(ids.iter().copied());
    }
    query.run(conn).await
}

/// What is due for the daily mail: unread, unmailed notices made before a moment, by account, for
/// at most `limit` accounts that want the mail and are not disabled.
///
/// # Errors
/// When the database cannot be asked.
pub async fn unmailed(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<Vec<(AccountId, Vec<Notice>)>> {
    let accounts: Vec<AccountId> = Query::new(
        "SELECT a.id FROM accounts a WHERE a.daily_mail = 1 AND a.disabled_at IS NULL AND EXISTS \
         (SELECT 1 FROM notices n WHERE n.account_id = a.id AND n.mailed_at IS NULL \
          AND n.read_at IS NULL AND n.created_at < $1) ORDER BY a.id LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .all(conn, |r| r.get("id"))
    .await?;
    let mut due = Vec::with_capacity(accounts.len());
    for account in accounts {
        let notices = Query::new(select!(
            " WHERE account_id = $1 AND mailed_at IS NULL AND read_at IS NULL AND created_at < $2 \
             ORDER BY created_at, id"
        ))
        .bind(account)
        .bind(before)
        .all(conn, read)
        .await?;
        due.push((account, notices));
    }
    Ok(due)
}

/// Marks notices as mailed; answers how many were not yet.
///
/// # Errors
/// When they cannot be written.
pub async fn mark_mailed(conn: &mut Conn, ids: &[NoticeId], at: Timestamp) -> Result<u64> {
    let mut marked = 0;
    for chunk in ids.chunks(256) {
        let mut query = Query::new("UPDATE notices SET mailed_at = $1 WHERE mailed_at IS NULL AND id IN ").bind(at);
        query.list(chunk.iter().copied());
        marked += query.run(conn).await?;
    }
    Ok(marked)
}

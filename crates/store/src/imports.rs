//! Runs of imports, with their progress and reports.

use keqiao_domain::{AccountId, ImportId, Timestamp};
use serde_json::Value;

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json};

/// One run of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRun {
    /// Its id.
    pub id: ImportId,
    /// Who started it.
    pub account: AccountId,
    /// What is imported: `listings` or `parties`.
    pub what: String,
    /// How far it is, in the words of the use case.
    pub state: String,
    /// Rows of the file.
    pub total: i64,
    /// Rows looked at.
    pub done: i64,
    /// Rows that made a new record.
    pub created: i64,
    /// Rows that changed a record.
    pub updated: i64,
    /// Rows that were faulty.
    pub failed: i64,
    /// What is to be said of single rows.
    pub report: Value,
    /// Key of the file in the blob store.
    pub blob: Option<String>,
    /// Which column is which field.
    pub mapping: Value,
    /// When it was started.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, what, state, total, done, created, updated, failed, report, \
             blob_key, mapping, created_at, finished_at FROM imports",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<ImportRun> {
    Ok(ImportRun {
        id: row.get("id")?,
        account: row.get("account_id")?,
        what: row.get("what")?,
        state: row.get("state")?,
        total: row.get("total")?,
        done: row.get("done")?,
        created: row.get("created")?,
        updated: row.get("updated")?,
        failed: row.get("failed")?,
        report: row.json("report")?,
        blob: row.get("blob_key")?,
        mapping: row.json("mapping")?,
        created_at: row.get("created_at")?,
        finished_at: row.get("finished_at")?,
    })
}

fn bound(query: Query, i: &ImportRun) -> Result<Query> {
    Ok(query
        .bind(i.id)
        .bind(&i.what)
        .bind(&i.state)
        .bind(i.total)
        .bind(i.done)
        .bind(i.created)
        .bind(i.updated)
        .bind(i.failed)
        .bind(to_json(&i.report)?)
        .bind(&i.blob)
        .bind(to_json(&i.mapping)?)
        .bind(i.finished_at))
}

/// Inserts a run.
///
/// # Errors
/// Conflict of `imports.id`; of the reference when the account is not there.
pub async fn insert(conn: &mut Conn, run: &ImportRun) -> Result<()> {
    let query = Query::new(
        "INSERT INTO imports (id, what, state, total, done, created, updated, failed, report, \
         blob_key, mapping, finished_at, account_id, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    );
    bound(query, run)?.bind(run.account).bind(run.created_at).run(conn).await.map(drop)
}

/// Writes how far a run is (all but whose it is and when it was started); whether it is there.
///
/// # Errors
/// When it cannot be written.
pub async fn update_progress(conn: &mut Conn, run: &ImportRun) -> Result<bool> {
    let query = Query::new(
        "UPDATE imports SET what = $2, state = $3, total = $4, done = $5, created = $6, \
         updated = $7, failed = $8, report = $9, blob_key = $10, mapping = $11, finished_at = $12 \
         WHERE id = $1",
    );
    bound(query, run)?.hit(conn).await
}

/// The run of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: ImportId) -> Result<Option<ImportRun>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// An account's runs, the newest first, at most `limit`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_account(conn: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<ImportRun>> {
    Query::new(select!(" WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2"))
        .bind(account)
        .bind(limit)
        .all(conn, read)
        .await
}

/// Runs in a state, the oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn in_state(conn: &mut Conn, state: &str, limit: i64) -> Result<Vec<ImportRun>> {
    Query::new(select!(" WHERE state = $1 ORDER BY id LIMIT $2")).bind(state).bind(limit).all(conn, read).await
}

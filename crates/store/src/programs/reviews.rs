//! Reviewers and what they have to do.

use std::collections::BTreeSet;

use keqiao_domain::{AccountId, PartyId, ProgramEntry, ProgramId, ReviewState, Sheet, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, insert_rows, to_json};
use crate::values::Bind;

/// A reviewer of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// The program.
    pub program: ProgramId,
    /// Who.
    pub account: AccountId,
    /// Parties the reviewer declared an interest in.
    pub declared: BTreeSet<PartyId>,
}

fn read(row: &Row) -> Result<Reviewer> {
    Ok(Reviewer { program: row.get("program_id")?, account: row.get("account_id")?, declared: row.json("declared")? })
}

/// Adds a reviewer, or keeps what one declared.
///
/// # Errors
/// Of the reference when program or account is not there.
pub async fn keep_reviewer(conn: &mut Conn, reviewer: &Reviewer, at: Timestamp) -> Result<()> {
    Query::new(
        "INSERT INTO program_reviewers (program_id, account_id, added_at, declared) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (program_id, account_id) DO UPDATE SET declared = excluded.declared",
    )
    .bind(reviewer.program)
    .bind(reviewer.account)
    .bind(at)
    .bind(to_json(&reviewer.declared)?)
    .run(conn)
    .await
    .map(drop)
}

/// Takes a reviewer away.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove_reviewer(conn: &mut Conn, program: ProgramId, account: AccountId) -> Result<bool> {
    Query::new("DELETE FROM program_reviewers WHERE program_id = $1 AND account_id = $2")
        .bind(program)
        .bind(account)
        .hit(conn)
        .await
}

/// The reviewers of a program.
///
/// # Errors
/// When the database cannot be asked.
pub async fn reviewers(conn: &mut Conn, program: ProgramId) -> Result<Vec<Reviewer>> {
    Query::new(
        "SELECT program_id, account_id, declared FROM program_reviewers WHERE program_id = $1 ORDER BY account_id",
    )
    .bind(program)
    .all(conn, read)
    .await
}

/// The reviewers of a program, and since when they are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn reviewers_since(conn: &mut Conn, program: ProgramId) -> Result<Vec<(Reviewer, Timestamp)>> {
    Query::new(
        "SELECT program_id, account_id, declared, added_at FROM program_reviewers WHERE program_id = $1 \
         ORDER BY account_id",
    )
    .bind(program)
    .all(conn, |row| Ok((read(row)?, row.get("added_at")?)))
    .await
}

/// A reviewer of a program.
///
/// # Errors
/// When the database cannot be asked.
pub async fn reviewer(conn: &mut Conn, program: ProgramId, account: AccountId) -> Result<Option<Reviewer>> {
    Query::new(
        "SELECT program_id, account_id, declared FROM program_reviewers WHERE program_id = $1 AND account_id = $2",
    )
    .bind(program)
    .bind(account)
    .first(conn, read)
    .await
}

/// The programs that an account reviews.
///
/// # Errors
/// When the database cannot be asked.
pub async fn programs_of(conn: &mut Conn, account: AccountId) -> Result<Vec<ProgramId>> {
    Query::new("SELECT program_id FROM program_reviewers WHERE account_id = $1 ORDER BY program_id DESC")
        .bind(account)
        .all(conn, |r| r.get("program_id"))
        .await
}

const fn word_of(state: &ReviewState) -> (&'static str, i64) {
    match state {
        ReviewState::Assigned => ("assigned", 0),
        ReviewState::Recused { .. } => ("recused", 0),
        ReviewState::Scored { total, .. } => ("scored", *total),
    }
}

/// Writes what the states of entries say of their reviewers.
///
/// # Errors
/// When it cannot be written.
pub async fn keep(conn: &mut Conn, entries: &[&ProgramEntry]) -> Result<()> {
    let mut rows = Vec::new();
    for entry in entries {
        for (reviewer, review) in &entry.state.reviews {
            let (state, total) = word_of(&review.state);
            rows.push(vec![
                entry.id.arg(),
                (*reviewer).arg(),
                entry.program.arg(),
                state.arg(),
                total.arg(),
                review.at.arg(),
            ]);
        }
    }
    insert_rows(
        conn,
        "INSERT INTO program_reviews (entry_id, reviewer_id, program_id, state, total, at)",
        rows,
        " ON CONFLICT (entry_id, reviewer_id) DO UPDATE SET state = excluded.state, total = excluded.total, \
         at = excluded.at",
    )
    .await
}

/// Takes away what an entry no longer says of a reviewer.
///
/// # Errors
/// When it cannot be removed.
pub async fn forget(conn: &mut Conn, entry: &ProgramEntry, reviewer: AccountId) -> Result<()> {
    Query::new("DELETE FROM program_reviews WHERE entry_id = $1 AND reviewer_id = $2")
        .bind(entry.id)
        .bind(reviewer)
        .run(conn)
        .await
        .map(drop)
}

/// All score sheets of a program.
///
/// # Errors
/// When the database cannot be asked.
pub async fn sheets(conn: &mut Conn, program: ProgramId) -> Result<Vec<Sheet>> {
    Query::new(
        "SELECT reviewer_id, entry_id, total FROM program_reviews WHERE program_id = $1 AND state = 'scored' \
         ORDER BY reviewer_id, entry_id",
    )
    .bind(program)
    .all(conn, |r| Ok(Sheet { reviewer: r.get("reviewer_id")?, entry: r.get("entry_id")?, total: r.get("total")? }))
    .await
}

/// How many entries each reviewer of a program has in each state: `assigned`, `recused`, `scored`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn progress(conn: &mut Conn, program: ProgramId) -> Result<Vec<(AccountId, String, i64)>> {
    Query::new(
        "SELECT reviewer_id, state, COUNT(*) AS n FROM program_reviews WHERE program_id = $1 \
         GROUP BY state, reviewer_id",
    )
    .bind(program)
    .all(conn, |r| Ok((r.get("reviewer_id")?, r.get("state")?, r.get("n")?)))
    .await
}

/// How many entries a reviewer has in each state in each program.
///
/// # Errors
/// When the database cannot be asked.
pub async fn duties(conn: &mut Conn, reviewer: AccountId) -> Result<Vec<(ProgramId, String, i64)>> {
    Query::new(
        "SELECT program_id, state, COUNT(*) AS n FROM program_reviews WHERE reviewer_id = $1 \
         GROUP BY program_id, state",
    )
    .bind(reviewer)
    .all(conn, |r| Ok((r.get("program_id")?, r.get("state")?, r.get("n")?)))
    .await
}

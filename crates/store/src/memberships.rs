//! Who belongs to which organization.

use keqiao_domain::{Membership, MembershipId, MembershipStatus, PartyId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, member_id, organization_id, title, first_day, last_day, status, created_at \
             FROM memberships",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Membership> {
    Ok(Membership {
        id: row.get("id")?,
        member: row.get("member_id")?,
        organization: row.get("organization_id")?,
        title: row.get("title")?,
        from: row.get("first_day")?,
        to: row.get("last_day")?,
        status: row.word("status")?,
        created_at: row.get("created_at")?,
    })
}

/// Inserts a membership.
///
/// # Errors
/// Conflict of `memberships.id`; of the reference when a party is not there.
pub async fn insert(conn: &mut Conn, m: &Membership) -> Result<()> {
    Query::new(
        "INSERT INTO memberships (id, member_id, organization_id, title, first_day, last_day, \
         status, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(m.id)
    .bind(m.member)
    .bind(m.organization)
    .bind(&m.title)
    .bind(&m.from)
    .bind(&m.to)
    .bind(to_word(&m.status)?)
    .bind(m.created_at)
    .run(conn)
    .await
    .map(drop)
}

/// The membership of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: MembershipId) -> Result<Option<Membership>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// Declares or confirms a membership; whether it is there.
///
/// # Errors
/// When it cannot be written.
pub async fn set_status(conn: &mut Conn, id: MembershipId, status: MembershipStatus) -> Result<bool> {
    Query::new("UPDATE memberships SET status = $2 WHERE id = $1").bind(id).bind(to_word(&status)?).hit(conn).await
}

/// Those who belong to an organization, oldest entry first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_organization(conn: &mut Conn, organization: PartyId) -> Result<Vec<Membership>> {
    Query::new(select!(" WHERE organization_id = $1 ORDER BY id")).bind(organization).all(conn, read).await
}

/// Where a party belongs, oldest entry first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_member(conn: &mut Conn, member: PartyId) -> Result<Vec<Membership>> {
    Query::new(select!(" WHERE member_id = $1 ORDER BY id")).bind(member).all(conn, read).await
}

/// Removes a membership; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove(conn: &mut Conn, id: MembershipId) -> Result<bool> {
    Query::new("DELETE FROM memberships WHERE id = $1").bind(id).hit(conn).await
}

/// Memberships by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_after(conn: &mut Conn, after: Option<MembershipId>, limit: i64) -> Result<Vec<Membership>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

//! Invitations of colleagues into organizations.

use keqiao_domain::{Invitation, InvitationId, PartyId, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, hash, organization_id, email, role, invited_by, created_at, expires_at, \
             accepted_at FROM invitations",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Invitation> {
    Ok(Invitation {
        id: row.get("id")?,
        hash: row.get("hash")?,
        organization: row.get("organization_id")?,
        email: row.get("email")?,
        role: row.word("role")?,
        invited_by: row.get("invited_by")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        accepted_at: row.get("accepted_at")?,
    })
}

/// Inserts an invitation.
///
/// # Errors
/// Conflict of `invitations.id` or `invitations.hash`; of the reference when the organization is
/// not there.
pub async fn insert(conn: &mut Conn, i: &Invitation) -> Result<()> {
    Query::new(
        "INSERT INTO invitations (id, hash, organization_id, email, role, invited_by, created_at, \
         expires_at, accepted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(i.id)
    .bind(&i.hash)
    .bind(i.organization)
    .bind(&i.email)
    .bind(to_word(&i.role)?)
    .bind(i.invited_by)
    .bind(i.created_at)
    .bind(i.expires_at)
    .bind(i.accepted_at)
    .run(conn)
    .await
    .map(drop)
}

/// The invitation of a hash, whether it still holds or not.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_hash(conn: &mut Conn, hash: &str) -> Result<Option<Invitation>> {
    Query::new(select!(" WHERE hash = $1")).bind(hash).first(conn, read).await
}

/// The invitations into an organization, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_organization(conn: &mut Conn, organization: PartyId) -> Result<Vec<Invitation>> {
    Query::new(select!(" WHERE organization_id = $1 ORDER BY id")).bind(organization).all(conn, read).await
}

/// Takes an invitation up; whether it was there and not yet taken up.
///
/// # Errors
/// When it cannot be written.
pub async fn accept(conn: &mut Conn, id: InvitationId, at: Timestamp) -> Result<bool> {
    Query::new("UPDATE invitations SET accepted_at = $2 WHERE id = $1 AND accepted_at IS NULL")
        .bind(id)
        .bind(at)
        .hit(conn)
        .await
}

/// Withdraws an invitation; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove(conn: &mut Conn, id: InvitationId) -> Result<bool> {
    Query::new("DELETE FROM invitations WHERE id = $1").bind(id).hit(conn).await
}

//! Which parties say which entities they are.

use keqiao_domain::{EntityClaim, EntityId, PartyId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT entity_id, party_id, status, by_id, at FROM entity_claims", $rest)
    };
}

fn read(row: &Row) -> Result<EntityClaim> {
    Ok(EntityClaim {
        entity: row.get("entity_id")?,
        party: row.get("party_id")?,
        status: row.word("status")?,
        by: row.get("by_id")?,
        at: row.get("at")?,
    })
}

/// Keeps a claim; of the same entity and party the later one counts.
///
/// # Errors
/// Conflict of the reference when the party is not there.
pub async fn put(conn: &mut Conn, c: &EntityClaim) -> Result<()> {
    Query::new(
        "INSERT INTO entity_claims (entity_id, party_id, status, by_id, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (entity_id, party_id) DO UPDATE SET status = excluded.status, by_id = excluded.by_id, \
         at = excluded.at",
    )
    .bind(c.entity)
    .bind(c.party)
    .bind(to_word(&c.status)?)
    .bind(c.by)
    .bind(c.at)
    .run(conn)
    .await
    .map(drop)
}

/// Removes a claim; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove(conn: &mut Conn, entity: EntityId, party: PartyId) -> Result<bool> {
    Query::new("DELETE FROM entity_claims WHERE entity_id = $1 AND party_id = $2")
        .bind(entity)
        .bind(party)
        .hit(conn)
        .await
}

/// The claims on an entity.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_entity(conn: &mut Conn, entity: EntityId) -> Result<Vec<EntityClaim>> {
    Query::new(select!(" WHERE entity_id = $1 ORDER BY at, party_id")).bind(entity).all(conn, read).await
}

/// What a party claims to be.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_party(conn: &mut Conn, party: PartyId) -> Result<Vec<EntityClaim>> {
    Query::new(select!(" WHERE party_id = $1 ORDER BY at, entity_id")).bind(party).all(conn, read).await
}

/// Claims that wait for an operator, the oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<EntityClaim>> {
    Query::new(select!(" WHERE status = 'claimed' ORDER BY at, entity_id, party_id LIMIT $1"))
        .bind(limit)
        .all(conn, read)
        .await
}

/// How many claims wait for an operator.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_waiting(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM entity_claims WHERE status = 'claimed'").number(conn).await
}

/// All claims, by entity and party.
///
/// # Errors
/// When the database cannot be asked.
pub async fn all(conn: &mut Conn) -> Result<Vec<EntityClaim>> {
    Query::new(select!(" ORDER BY entity_id, party_id")).all(conn, read).await
}

//! What the follower asks while it resolves names.

use keqiao_domain::{ArticleId, Entity, EntityId};

use super::NameRole;
use crate::conn::Conn;
use crate::entities;
use crate::sql::{Query, Result};

/// An entity that goes by a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameHit {
    /// The key asked for.
    pub key: String,
    /// The entity.
    pub entity: Entity,
    /// What the key is of it.
    pub role: NameRole,
}

/// The entities that go by one of these keys.
///
/// # Errors
/// When the database cannot be asked.
pub async fn named_by(conn: &mut Conn, keys: &[&str]) -> Result<Vec<NameHit>> {
    let mut out = Vec::new();
    for chunk in keys.chunks(256) {
        let mut query = Query::new(
            "SELECT DISTINCT n.name_key, n.role, e.id, e.kind, e.name, e.qualifier FROM entity_names n \
             JOIN entities e ON e.id = n.entity_id WHERE n.name_key IN ",
        );
        query.list(chunk.iter().copied());
        query.push(" ORDER BY e.id, n.name_key, n.role");
        let hits = query.all(conn, |r| {
            let role = NameRole::read(&r.get::<String>("role")?)?;
            Ok(NameHit { key: r.get("name_key")?, entity: entities::read(r)?, role })
        });
        out.extend(hits.await?);
    }
    Ok(out)
}

/// The articles in which something goes by a name, by its key.
///
/// # Errors
/// When the database cannot be asked.
pub async fn articles_calling(conn: &mut Conn, key: &str) -> Result<Vec<ArticleId>> {
    Query::new("SELECT DISTINCT article_id FROM entity_names WHERE name_key = $1 ORDER BY article_id")
        .bind(key)
        .all(conn, |r| r.get("article_id"))
        .await
}

/// The organizations at which persons hold or held posts: pairs of person and organization.
///
/// # Errors
/// When the database cannot be asked.
pub async fn organizations_of(conn: &mut Conn, persons: &[EntityId]) -> Result<Vec<(EntityId, EntityId)>> {
    let mut out = Vec::new();
    for chunk in persons.chunks(256) {
        let mut query = Query::new(
            "SELECT DISTINCT a.entity_id AS person, b.entity_id AS organization FROM fact_arguments a \
             JOIN fact_arguments b ON b.fact_id = a.fact_id \
             WHERE a.kind = 'holds-position' AND a.role = 'person' AND b.role = 'organization' \
             AND b.entity_id IS NOT NULL AND a.entity_id IN ",
        );
        query.list(chunk.iter().copied());
        query.push(" ORDER BY a.entity_id, b.entity_id");
        out.extend(query.all(conn, |r| Ok((r.get("person")?, r.get("organization")?))).await?);
    }
    Ok(out)
}

//! Parties: organizations and persons.

use keqiao_domain::{AccountId, Orcid, OrgRole, Party, PartyId, PartyKind, Uscc, fold_key};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, by_ids, to_json, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.kind, p.name, p.aliases, p.uscc, p.orcid, p.external_id, p.region, \
             p.industry, p.summary, p.website, p.keywords, p.contact, p.verified_at, p.demo, \
             p.created_by, p.version, p.created_at, p.updated_at",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Party> {
    Ok(Party {
        id: row.get("id")?,
        kind: row.word("kind")?,
        name: row.get("name")?,
        aliases: row.json("aliases")?,
        uscc: row.parsed("uscc")?,
        orcid: row.parsed("orcid")?,
        external_id: row.get("external_id")?,
        region: row.get("region")?,
        industry: row.get("industry")?,
        summary: row.get("summary")?,
        website: row.get("website")?,
        keywords: row.json("keywords")?,
        contact: row.json("contact")?,
        verified_at: row.get("verified_at")?,
        demo: row.get("demo")?,
        created_by: row.get("created_by")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// The values of a party, `$1` its id and the rest in the order of the columns.
fn bound(query: Query, p: &Party) -> Result<Query> {
    Ok(query
        .bind(p.id)
        .bind(to_word(&p.kind)?)
        .bind(&p.name)
        .bind(fold_key(&p.name))
        .bind(to_json(&p.aliases)?)
        .bind(p.uscc.as_ref().map(Uscc::as_str))
        .bind(p.orcid.as_ref().map(Orcid::as_str))
        .bind(&p.external_id)
        .bind(&p.region)
        .bind(&p.industry)
        .bind(&p.summary)
        .bind(&p.website)
        .bind(to_json(&p.keywords)?)
        .bind(to_json(&p.contact)?)
        .bind(p.verified_at)
        .bind(p.demo)
        .bind(p.created_by)
        .bind(p.version)
        .bind(p.created_at)
        .bind(p.updated_at))
}

/// Inserts a party.
///
/// # Errors
/// Conflict of `parties.id`, `parties.uscc`, `parties.orcid` or `parties.external_id`.
pub async fn insert(conn: &mut Conn, party: &Party) -> Result<()> {
    let query = Query::new(
        "INSERT INTO parties (id, kind, name, name_key, aliases, uscc, orcid, external_id, region, \
         industry, summary, website, keywords, contact, verified_at, demo, created_by, version, \
         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14, $15, $16, $17, $18, $19, $20)",
    );
    bound(query, party)?.run(conn).await.map(drop)
}

/// Writes a party anew if its row still has the expected version; whether it had.
/// The row's version becomes the party's.
///
/// # Errors
/// Conflict of `parties.uscc`, `parties.orcid` or `parties.external_id`.
pub async fn update(conn: &mut Conn, party: &Party, expected: i64) -> Result<bool> {
    let query = Query::new(
        "UPDATE parties SET kind = $2, name = $3, name_key = $4, aliases = $5, uscc = $6, \
         orcid = $7, external_id = $8, region = $9, industry = $10, summary = $11, website = $12, \
         keywords = $13, contact = $14, verified_at = $15, demo = $16, created_by = $17, \
         version = $18, created_at = $19, updated_at = $20 WHERE id = $1 AND version = $21",
    );
    bound(query, party)?.bind(expected).hit(conn).await
}

/// The party of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: PartyId) -> Result<Option<Party>> {
    Query::new(select!(" FROM parties p WHERE id = $1")).bind(id).first(conn, read).await
}

/// The parties of these ids in this order; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(conn: &mut Conn, ids: &[PartyId]) -> Result<Vec<Party>> {
    by_ids(conn, select!(" FROM parties p"), ids, read, |p| p.id).await
}

/// The organization of a unified social credit code.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_uscc(conn: &mut Conn, uscc: &Uscc) -> Result<Option<Party>> {
    Query::new(select!(" FROM parties p WHERE uscc = $1")).bind(uscc).first(conn, read).await
}

/// The person of an ORCID iD.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_orcid(conn: &mut Conn, orcid: &Orcid) -> Result<Option<Party>> {
    Query::new(select!(" FROM parties p WHERE orcid = $1")).bind(orcid).first(conn, read).await
}

/// The party of an id in the system it was imported from.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_external_id(conn: &mut Conn, external_id: &str) -> Result<Option<Party>> {
    Query::new(select!(" FROM parties p WHERE external_id = $1")).bind(external_id).first(conn, read).await
}

/// The parties of a kind whose name has this fold key ([`fold_key`]), oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_name_key(conn: &mut Conn, kind: PartyKind, key: &str) -> Result<Vec<Party>> {
    Query::new(select!(" FROM parties p WHERE kind = $1 AND name_key = $2 ORDER BY id"))
        .bind(to_word(&kind)?)
        .bind(key)
        .all(conn, read)
        .await
}

/// Parties by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_after(conn: &mut Conn, after: Option<PartyId>, limit: i64) -> Result<Vec<Party>> {
    Query::new(select!(" FROM parties p WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

/// Organizations that wait for verification, the oldest first, those after an id: with a credit
/// code, with somebody who acts for them, and not verified.
///
/// # Errors
/// When the database cannot be asked.
pub async fn unverified(conn: &mut Conn, after: Option<PartyId>, limit: i64) -> Result<Vec<Party>> {
    Query::new(select!(
        " FROM parties p WHERE uscc IS NOT NULL AND verified_at IS NULL \
         AND EXISTS (SELECT 1 FROM org_roles r WHERE r.organization_id = p.id) AND id > $1 ORDER BY id LIMIT $2"
    ))
    .bind(after.map_or_else(String::new, |id| id.to_string()))
    .bind(limit)
    .all(conn, read)
    .await
}

/// How many parties there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM parties").number(conn).await
}

/// The organizations in which an account has a role, by id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn organizations_of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<(Party, OrgRole)>> {
    Query::new(select!(
        ", r.role FROM org_roles r JOIN parties p ON p.id = r.organization_id \
         WHERE r.account_id = $1 ORDER BY p.id"
    ))
    .bind(account)
    .all(conn, |r| Ok((read(r)?, r.word("role")?)))
    .await
}

//! Accounts and their roles in organizations.

use keqiao_domain::{Account, AccountId, OrgRole, PartyId, RoleGrant, fold_key};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_word};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.email, a.name, a.password_hash, a.locale, a.platform_role, \
             a.person_id, a.daily_mail, a.disabled_at, a.demo, a.version, a.created_at",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        password_hash: row.get("password_hash")?,
        locale: row.get("locale")?,
        platform_role: row.word_if_any("platform_role")?,
        person: row.get("person_id")?,
        daily_mail: row.get("daily_mail")?,
        disabled_at: row.get("disabled_at")?,
        demo: row.get("demo")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}

fn bound(query: Query, a: &Account) -> Result<Query> {
    Ok(query
        .bind(a.id)
        .bind(&a.email)
        .bind(fold_key(&a.email))
        .bind(&a.name)
        .bind(&a.password_hash)
        .bind(&a.locale)
        .bind(a.platform_role.map(|r| to_word(&r)).transpose()?)
        .bind(a.person)
        .bind(a.daily_mail)
        .bind(a.disabled_at)
        .bind(a.demo)
        .bind(a.version)
        .bind(a.created_at))
}

/// Inserts an account.
///
/// # Errors
/// Conflict of `accounts.id`, `accounts.email_key` or `accounts.person_id`.
pub async fn insert(conn: &mut Conn, account: &Account) -> Result<()> {
    let query = Query::new(
        "INSERT INTO accounts (id, email, email_key, name, password_hash, locale, platform_role, \
         person_id, daily_mail, disabled_at, demo, version, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    );
    bound(query, account)?.run(conn).await.map(drop)
}

/// Writes an account anew if its row still has the expected version; whether it had.
/// The row's version becomes the account's.
///
/// # Errors
/// Conflict of `accounts.email_key` or `accounts.person_id`.
pub async fn update(conn: &mut Conn, account: &Account, expected: i64) -> Result<bool> {
    let query = Query::new(
        "UPDATE accounts SET email = $2, email_key = $3, name = $4, password_hash = $5, \
         locale = $6, platform_role = $7, person_id = $8, daily_mail = $9, disabled_at = $10, \
         demo = $11, version = $12, created_at = $13 WHERE id = $1 AND version = $14",
    );
    bound(query, account)?.bind(expected).hit(conn).await
}

/// The account of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    Query::new(select!(" FROM accounts a WHERE id = $1")).bind(id).first(conn, read).await
}

/// The account of a mail address's fold key ([`fold_key`]).
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_email_key(conn: &mut Conn, key: &str) -> Result<Option<Account>> {
    Query::new(select!(" FROM accounts a WHERE email_key = $1")).bind(key).first(conn, read).await
}

/// How many accounts there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM accounts").number(conn).await
}

/// Accounts by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page(conn: &mut Conn, after: Option<AccountId>, limit: i64) -> Result<Vec<Account>> {
    Query::new(select!(" FROM accounts a WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

/// Accounts whose mail address or name holds a text, by id, those after an id. The case of the
/// address does not matter.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_with(conn: &mut Conn, text: &str, after: Option<AccountId>, limit: i64) -> Result<Vec<Account>> {
    // A text that can be taken out of another stands in it: so both engines compare alike.
    Query::new(select!(
        " FROM accounts a WHERE id > $1 AND (REPLACE(email_key, $2, '') <> email_key OR REPLACE(name, $3, '') <> name) \
         ORDER BY id LIMIT $4"
    ))
    .bind(after.map_or_else(String::new, |id| id.to_string()))
    .bind(fold_key(text).as_str())
    .bind(text)
    .bind(limit)
    .all(conn, read)
    .await
}

/// Gives an account a role in an organization, in place of the one it may have.
///
/// # Errors
/// Conflict of the reference when account or organization is not there.
pub async fn grant_role(conn: &mut Conn, grant: &RoleGrant) -> Result<()> {
    Query::new(
        "INSERT INTO org_roles (account_id, organization_id, role, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (account_id, organization_id) \
         DO UPDATE SET role = excluded.role, at = excluded.at",
    )
    .bind(grant.account)
    .bind(grant.organization)
    .bind(to_word(&grant.role)?)
    .bind(grant.at)
    .run(conn)
    .await
    .map(drop)
}

/// Takes an account's role in an organization away; whether it had one.
///
/// # Errors
/// When it cannot be removed.
pub async fn revoke_role(conn: &mut Conn, account: AccountId, organization: PartyId) -> Result<bool> {
    Query::new("DELETE FROM org_roles WHERE account_id = $1 AND organization_id = $2")
        .bind(account)
        .bind(organization)
        .hit(conn)
        .await
}

/// An account's roles, by organization.
///
/// # Errors
/// When the database cannot be asked.
pub async fn roles_of(conn: &mut Conn, account: AccountId) -> Result<Vec<RoleGrant>> {
    Query::new(
        "SELECT account_id, organization_id, role, at FROM org_roles \
         WHERE account_id = $1 ORDER BY organization_id",
    )
    .bind(account)
    .all(conn, |r| {
        Ok(RoleGrant {
            account: r.get("account_id")?,
            organization: r.get("organization_id")?,
            role: r.word("role")?,
            at: r.get("at")?,
        })
    })
    .await
}

/// The accounts that have a role in an organization, by id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn accounts_of(conn: &mut Conn, organization: PartyId) -> Result<Vec<(Account, OrgRole)>> {
    Query::new(select!(
        ", r.role FROM org_roles r JOIN accounts a ON a.id = r.account_id \
         WHERE r.organization_id = $1 ORDER BY a.id"
    ))
    .bind(organization)
    .all(conn, |r| Ok((read(r)?, r.word("role")?)))
    .await
}

/// The accounts that act for a party and are not disabled: those with a role in it, or whose person it is.
///
/// # Errors
/// When the database cannot be asked.
pub async fn acting_for(conn: &mut Conn, party: PartyId) -> Result<Vec<AccountId>> {
    Query::new(
        "SELECT id FROM accounts WHERE disabled_at IS NULL AND (person_id = $1 OR id IN \
         (SELECT account_id FROM org_roles WHERE organization_id = $1)) ORDER BY id",
    )
    .bind(party)
    .all(conn, |r| r.get("id"))
    .await
}

/// Those of either of two parties, as [`acting_for`] gives them, each with its party.
///
/// # Errors
/// When the database cannot be asked.
pub async fn acting_for_either(conn: &mut Conn, parties: [PartyId; 2]) -> Result<Vec<(PartyId, AccountId)>> {
    Query::new(
        "SELECT party_id, id FROM (\
         SELECT person_id AS party_id, id FROM accounts WHERE disabled_at IS NULL AND person_id IN ($1, $2) \
         UNION SELECT r.organization_id, a.id FROM org_roles r JOIN accounts a ON a.id = r.account_id \
         WHERE a.disabled_at IS NULL AND r.organization_id IN ($1, $2)) acting ORDER BY id",
    )
    .bind(parties[0])
    .bind(parties[1])
    .all(conn, |r| Ok((r.get("party_id")?, r.get("id")?)))
    .await
}

/// The accounts with a role on the platform that are not disabled.
///
/// # Errors
/// When the database cannot be asked.
pub async fn staff(conn: &mut Conn) -> Result<Vec<Account>> {
    Query::new(select!(" FROM accounts a WHERE platform_role IS NOT NULL AND disabled_at IS NULL ORDER BY id"))
        .all(conn, read)
        .await
}

/// The names of accounts by id; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn names(conn: &mut Conn, ids: &[AccountId]) -> Result<Vec<(AccountId, String)>> {
    let read = |r: &Row| Ok((r.get("id")?, r.get("name")?));
    crate::sql::by_ids(conn, "SELECT id, name FROM accounts", ids, read, |(id, _)| *id).await
}

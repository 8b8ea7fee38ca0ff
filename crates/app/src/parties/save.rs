//! Creating and changing parties.

use futures::FutureExt;
use keqiao_domain::{Account, AccountId, Action, OrgRole, Party, PartyId, PartyKind, RecordKind, RoleGrant, Viewer};
use keqiao_store::{Conn, accounts, parties};

use super::PartyInput;
use crate::idempotency::{self, OnceKey};
use crate::{App, AppError, log_change};

/// An empty party of a kind, not stored yet.
pub(crate) fn blank(app: &App, kind: PartyKind, created_by: Option<AccountId>) -> Party {
    let id = PartyId::fresh(&*app.clock, &*app.entropy);
    Party { created_by, ..Party::blank(id, kind, app.now()) }
}

/// Stores a new party with its change.
pub(crate) async fn insert_party(tx: &mut Conn, party: &Party, actor: Option<AccountId>) -> Result<(), AppError> {
    parties::insert(tx, party).await?;
    log_change(tx, party.created_at, RecordKind::Party, party.id, Action::Created, actor).await?;
    Ok(())
}

/// Makes an organization; its maker becomes its owner.
///
/// # Errors
/// `SignInNeeded`; `Invalid` (`uscc` `taken` when the organization is there already).
pub async fn create_organization(app: &App, viewer: &Viewer, input: PartyInput) -> Result<Party, AppError> {
    create_organization_once(app, viewer, input, None).await
}

/// As [`create_organization`]; it is created once for each key.
///
/// # Errors
/// Those of [`create_organization`]; `KeyReused`.
pub async fn create_organization_once(
    app: &App,
    viewer: &Viewer,
    input: PartyInput,
    key: Option<OnceKey>,
) -> Result<Party, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if let Some(kept) = idempotency::kept(app, account, key.as_ref()).await? {
        return Ok(kept);
    }
    let mut party = blank(app, PartyKind::Organization, Some(account));
    input.apply(&mut party, &app.catalog).map_err(AppError::Invalid)?;
    idempotency::once(app, account, key, move |tx| {
        async move {
            insert_party(tx, &party, Some(account)).await?;
            let at = party.created_at;
            let grant = RoleGrant { account, organization: party.id, role: OrgRole::Owner, at };
            accounts::grant_role(tx, &grant).await?;
            Ok(party)
        }
        .boxed()
    })
    .await
}

/// Makes the party that is the account's own person, for who offers as a person.
///
/// # Errors
/// `SignInNeeded`; `Invalid`, also when the account has its person already.
pub async fn create_own_person(app: &App, viewer: &Viewer, input: PartyInput) -> Result<Party, AppError> {
    create_own_person_once(app, viewer, input, None).await
}

/// As [`create_own_person`]; it is created once for each key.
///
/// # Errors
/// Those of [`create_own_person`]; `KeyReused`.
pub async fn create_own_person_once(
    app: &App,
    viewer: &Viewer,
    input: PartyInput,
    key: Option<OnceKey>,
) -> Result<Party, AppError> {
    let id = viewer.account.ok_or(AppError::SignInNeeded)?;
    if let Some(kept) = idempotency::kept(app, id, key.as_ref()).await? {
        return Ok(kept);
    }
    if viewer.person.is_some() {
        return Err(AppError::invalid("name", "person-exists"));
    }
    let mut party = blank(app, PartyKind::Person, Some(id));
    input.apply(&mut party, &app.catalog).map_err(AppError::Invalid)?;
    idempotency::once(app, id, key, move |tx| {
        async move {
            insert_party(tx, &party, Some(id)).await?;
            let account: Account = accounts::find(tx, id).await?.ok_or(AppError::SignInNeeded)?;
            let account = Account { person: Some(party.id), version: account.version + 1, ..account };
            crate::accounts::update_account(tx, &account).await?;
            log_change(tx, party.created_at, RecordKind::Account, id, Action::Updated, Some(id)).await?;
            Ok(party)
        }
        .boxed()
    })
    .await
}

/// Changes a party. A changed name or code of a verified organization wants a new verification.
///
/// # Errors
/// `NotAllowed` but for owners and operators; `Stale`; `Invalid`.
pub async fn update_party(
    app: &App,
    viewer: &Viewer,
    id: PartyId,
    expected: i64,
    input: PartyInput,
) -> Result<Party, AppError> {
    let actor = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let old = parties::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    drop(db);
    if !(viewer.owns(id) || viewer.is_operator()) {
        return Err(AppError::NotAllowed);
    }
    if old.version != expected {
        return Err(AppError::Stale { current: old.version });
    }
    let mut party = old.clone();
    input.apply(&mut party, &app.catalog).map_err(AppError::Invalid)?;
    if !viewer.is_operator() && (party.name != old.name || party.uscc != old.uscc) {
        party.verified_at = None;
    }
    party.version = expected + 1;
    party.updated_at = app.now();
    app.store
        .write(move |tx| {
            async move {
                if !parties::update(tx, &party, expected).await? {
                    let current = parties::find(tx, id).await?.ok_or(AppError::NotFound)?.version;
                    return Err(AppError::Stale { current });
                }
                log_change(tx, party.updated_at, RecordKind::Party, id, Action::Updated, Some(actor)).await?;
                Ok(party)
            }
            .boxed()
        })
        .await
}

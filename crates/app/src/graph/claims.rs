//! A party says which entity it is.

use futures::FutureExt;
use keqiao_domain::{
    Action, ClaimStatus, Entity, EntityClaim, EntityId, EntityKind, Party, PartyId, PartyKind, RecordKind, Viewer,
};
use keqiao_store::{entities, entity_claims, parties};

use super::{operator, seen};
use crate::{App, AppError, log_change};

/// Claims shown to operators.
const WAITING: i64 = 100;

/// Claims an entity for a party; an operator's claim is confirmed at once.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` when the viewer neither owns the party nor is an operator; `NotFound`; `Invalid` when
/// the one is a person and the other is none.
pub async fn claim_entity(app: &App, viewer: &Viewer, entity: EntityId, party: PartyId) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if !(viewer.owns(party) || viewer.is_operator()) {
        return Err(AppError::NotAllowed);
    }
    let mut db = app.store.reader().await?;
    let id = seen(&mut db, viewer, entity).await?;
    let kind = entities::find(&mut db, id).await?.ok_or(AppError::NotFound)?.kind;
    let owner = parties::find(&mut db, party).await?.ok_or(AppError::NotFound)?.kind;
    let fits = match kind {
        EntityKind::Person => owner == PartyKind::Person,
        EntityKind::Organization | EntityKind::Platform => owner == PartyKind::Organization,
        _ => false,
    };
    if !fits {
        return Err(AppError::invalid("party", "other-kind"));
    }
    drop(db);
    let status = if viewer.is_operator() { ClaimStatus::Confirmed } else { ClaimStatus::Claimed };
    put(app, EntityClaim { entity: id, party, status, by: account, at: app.now() }).await
}

async fn put(app: &App, claim: EntityClaim) -> Result<(), AppError> {
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                entity_claims::put(tx, &claim).await?;
                log_change(tx, claim.at, RecordKind::Party, claim.party, Action::Updated, Some(claim.by)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Agrees to a claim.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators; `NotFound`.
pub async fn confirm_claim(app: &App, viewer: &Viewer, entity: EntityId, party: PartyId) -> Result<(), AppError> {
    let account = operator(viewer)?;
    let mut db = app.store.reader().await?;
    let claims = entity_claims::of_entity(&mut db, entity).await?;
    drop(db);
    let claim = claims.into_iter().find(|c| c.party == party).ok_or(AppError::NotFound)?;
    put(app, EntityClaim { status: ClaimStatus::Confirmed, by: account, at: app.now(), ..claim }).await
}

/// Takes a claim back, or refuses it.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for the party's owner and operators; `NotFound`.
pub async fn drop_claim(app: &App, viewer: &Viewer, entity: EntityId, party: PartyId) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if !(viewer.owns(party) || viewer.is_operator()) {
        return Err(AppError::NotAllowed);
    }
    let now = app.now();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                if !entity_claims::remove(tx, entity, party).await? {
                    return Err(AppError::NotFound);
                }
                log_change(tx, now, RecordKind::Party, party, Action::Updated, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Claims that wait for an operator, with both sides.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators.
pub async fn waiting_claims(app: &App, viewer: &Viewer) -> Result<Vec<(Entity, Party)>, AppError> {
    operator(viewer)?;
    let mut db = app.store.reader().await?;
    let mut out = Vec::new();
    for claim in entity_claims::waiting(&mut db, WAITING).await? {
        let entity = entities::find(&mut db, claim.entity).await?;
        let party = parties::find(&mut db, claim.party).await?;
        out.extend(entity.zip(party));
    }
    Ok(out)
}

//! A party says which entity it is.

use futures::FutureExt;
use keqiao_domain::{
    Action, ClaimStatus, Entity, EntityClaim, EntityId, EntityKind, Party, PartyId, PartyKind, RecordKind, Viewer,
};
use keqiao_store::{Conn, agreements, entities, entity_claims, parties};

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
                if claim.status == ClaimStatus::Confirmed {
                    name_signatory(tx, &claim, Some(claim.party)).await?;
                }
                log_change(tx, claim.at, RecordKind::Party, claim.party, Action::Updated, Some(claim.by)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// In the agreements that an entity signed, which were opened before anybody said who it is: writes the party that it is
/// beside its name, or strikes the one of the claim out.
async fn name_signatory(tx: &mut Conn, claim: &EntityClaim, party: Option<PartyId>) -> Result<(), AppError> {
    let stood = if party.is_some() { None } else { Some(claim.party) };
    for mut agreement in agreements::signed_by(tx, claim.entity).await? {
        let own = agreement.parties.iter_mut().filter(|p| p.entity == Some(claim.entity) && p.party == stood);
        if own.map(|p| p.party = party).count() == 0 {
            continue;
        }
        let expected = agreement.version;
        agreement.version += 1;
        agreement.updated_at = claim.at;
        agreements::update(tx, &agreement, expected).await?;
        log_change(tx, claim.at, RecordKind::Agreement, agreement.id, Action::Updated, Some(claim.by)).await?;
    }
    Ok(())
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
                let gone = EntityClaim { entity, party, status: ClaimStatus::Claimed, by: account, at: now };
                name_signatory(tx, &gone, None).await?;
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

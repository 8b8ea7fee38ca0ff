//! A party as somebody sees it.

use keqiao_domain::{Contact, Membership, Orcid, OrgRole, Party, PartyId, PartyKind, Uscc, Viewer, fold_key};
use keqiao_store::{memberships, parties};

use crate::{App, AppError};

/// A membership with the other side's name.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// The membership.
    pub membership: Membership,
    /// The party at the other end.
    pub other: Party,
}

/// A party as a viewer may read it.
#[derive(Debug, Clone)]
pub struct PartyView {
    /// The party; for visitors without its contact.
    pub party: Party,
    /// Who belongs to it.
    pub members: Vec<MemberRow>,
    /// To what it belongs.
    pub belongs_to: Vec<MemberRow>,
    /// The viewer's role in it.
    pub role: Option<OrgRole>,
}

/// Takes out of a party what the viewer may not read: a visitor gets no contact.
pub(crate) fn redact(mut party: Party, viewer: &Viewer) -> Party {
    if !viewer.is_member() {
        party.contact = Contact::default();
    }
    party
}

/// A party with its members.
///
/// # Errors
/// `NotFound`.
pub async fn view_party(app: &App, viewer: &Viewer, id: PartyId) -> Result<PartyView, AppError> {
    let mut db = app.store.reader().await?;
    let party = parties::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let inside = memberships::of_organization(&mut db, id).await?;
    let outside = memberships::of_member(&mut db, id).await?;
    let ids: Vec<PartyId> = inside.iter().map(|m| m.member).chain(outside.iter().map(|m| m.organization)).collect();
    let others = parties::find_many(&mut db, &ids).await?;
    let row = |m: Membership, other: PartyId| {
        let other = others.iter().find(|p| p.id == other)?.clone();
        Some(MemberRow { membership: m, other: redact(other, viewer) })
    };
    let members = inside
        .into_iter()
        .filter_map(|m| {
            let o = m.member;
            row(m, o)
        })
        .collect();
    let belongs_to = outside
        .into_iter()
        .filter_map(|m| {
            let o = m.organization;
            row(m, o)
        })
        .collect();
    Ok(PartyView { party: redact(party, viewer), members, belongs_to, role: viewer.role_in(id) })
}

/// The parties the viewer may write for, the own person first.
///
/// # Errors
/// `SignInNeeded`.
pub async fn my_parties(app: &App, viewer: &Viewer) -> Result<Vec<(Party, OrgRole)>, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut ids: Vec<PartyId> = viewer.person.into_iter().collect();
    ids.extend(viewer.roles.iter().map(|(p, _)| *p));
    let mut db = app.store.reader().await?;
    let found = parties::find_many(&mut db, &ids).await?;
    let of = |id: PartyId| found.iter().find(|p| p.id == id).cloned();
    Ok(ids.into_iter().filter_map(|id| Some((of(id)?, viewer.role_in(id)?))).collect())
}

/// The parties that a text names: by the address of a page or an id, by credit code, by ORCID iD,
/// or by the full name. Several: the name alone does not tell.
///
/// # Errors
/// When the store fails.
pub async fn parties_named(app: &App, viewer: &Viewer, text: &str) -> Result<Vec<Party>, AppError> {
    let text = text.trim();
    let mut db = app.store.reader().await?;
    let last = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let found = if let Ok(id) = last.parse::<PartyId>() {
        parties::find(&mut db, id).await?.into_iter().collect()
    } else if let Ok(code) = text.parse::<Uscc>() {
        parties::find_by_uscc(&mut db, &code).await?.into_iter().collect()
    } else if let Ok(id) = text.parse::<Orcid>() {
        parties::find_by_orcid(&mut db, &id).await?.into_iter().collect()
    } else {
        let key = fold_key(text);
        let mut same = parties::find_by_name_key(&mut db, PartyKind::Organization, &key).await?;
        same.extend(parties::find_by_name_key(&mut db, PartyKind::Person, &key).await?);
        same
    };
    Ok(found.into_iter().map(|p| redact(p, viewer)).collect())
}

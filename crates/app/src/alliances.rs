//! Alliances: an organization's members, declared and confirmed, what they signed together, and what they share.

use futures::FutureExt;
use keqiao_domain::{
    Action, Agreement, Alliance, AllianceThing, AllianceThingId, Commitment, MembershipStatus, Party, PartyId,
    PartyKind, RecordKind, ThingSort, Viewer,
};
use keqiao_store::kept::{self, Asked};
use keqiao_store::{Conn, agreements, memberships, parties};

use crate::parties::{PartyView, view_party};
use crate::records::{found, paged, rewrite, words};
use crate::{App, AppError, Fault, log_change};

/// Alliances on one page, and agreements and things of one.
const PAGE: usize = 30;
const THINGS: i64 = 500;
const AGREEMENTS: i64 = 100;

/// An alliance of the list.
#[derive(Debug, Clone)]
pub struct AllianceRow {
    /// The alliance.
    pub alliance: Alliance,
    /// The organization that it is.
    pub party: Party,
    /// How many members are confirmed, and how many only declared.
    pub members: (usize, usize),
}

fn count(all: &[keqiao_domain::Membership]) -> (usize, usize) {
    let confirmed = all.iter().filter(|m| m.status == MembershipStatus::Confirmed).count();
    (confirmed, all.len() - confirmed)
}

/// A page of alliances, the latest set up first.
///
/// # Errors
/// When the store fails.
pub async fn list_alliances(
    app: &App,
    after: Option<PartyId>,
) -> Result<(Vec<AllianceRow>, Option<PartyId>), AppError> {
    let mut db = app.store.reader().await?;
    let asked = Asked::latest(PAGE as i64 + 1).after(None, after.map(|id| id.0));
    let (list, more) = paged(kept::list::<Alliance>(&mut db, asked).await?, PAGE);
    let next = list.last().filter(|_| more).map(|a| a.party);
    let mut rows = Vec::with_capacity(list.len());
    for alliance in list {
        let Some(party) = parties::find(&mut db, alliance.party).await? else { continue };
        let members = count(&memberships::of_organization(&mut db, alliance.party).await?);
        rows.push(AllianceRow { party: crate::parties::redact(party, &Viewer::visitor()), alliance, members });
    }
    Ok((rows, next))
}

/// An alliance as somebody sees it.
#[derive(Debug, Clone)]
pub struct AllianceView {
    /// The alliance.
    pub alliance: Alliance,
    /// The organization, with its members.
    pub party: PartyView,
    /// What was signed, each with its promises.
    pub agreements: Vec<(Agreement, Vec<Commitment>)>,
    /// Bases and resources, each with the member that brings it in.
    pub things: Vec<(AllianceThing, String)>,
    /// Whether the viewer speaks for the alliance.
    pub may_edit: bool,
    /// The members for which the viewer may bring something in.
    pub own: Vec<Party>,
}

/// An alliance.
///
/// # Errors
/// `NotFound`.
pub async fn view_alliance(app: &App, viewer: &Viewer, id: PartyId) -> Result<AllianceView, AppError> {
    let party = view_party(app, viewer, id).await?;
    let mut db = app.store.reader().await?;
    let alliance: Alliance = found(&mut db, id).await?;
    let mut signed = agreements::of_party(&mut db, id, AGREEMENTS).await?;
    signed.retain(|a| viewer.sees(a.audience));
    let ids: Vec<_> = signed.iter().map(|a| a.id).collect();
    let promises = agreements::commitments_of(&mut db, &ids).await?;
    let of = |a: &Agreement| promises.iter().filter(|c| c.agreement == a.id).cloned().collect();
    let things: Vec<AllianceThing> = kept::list(&mut db, Asked::first(THINGS).with("alliance_id", id.0)).await?;
    let mut ids: Vec<PartyId> = things.iter().map(|t| t.party).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = parties::find_many(&mut db, &ids).await?;
    let name = |id: PartyId| known.iter().find(|p| p.id == id).map_or_else(String::new, |p| p.name.clone());
    let confirmed = party.members.iter().filter(|m| m.membership.status == MembershipStatus::Confirmed);
    let members = confirmed.map(|m| &m.other).chain(std::iter::once(&party.party));
    let own = members.filter(|p| viewer.may_edit_for(p.id)).cloned().collect();
    Ok(AllianceView {
        agreements: signed.into_iter().map(|a| (of(&a), a)).map(|(promises, a)| (a, promises)).collect(),
        things: things.into_iter().map(|t| (name(t.party), t)).map(|(name, t)| (t, name)).collect(),
        may_edit: viewer.owns(id) || viewer.is_operator(),
        own,
        alliance,
        party,
    })
}

/// An alliance as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllianceInput {
    /// The organization that it is.
    pub party: Option<PartyId>,
    /// Its field.
    pub field: String,
    /// The day on which it was founded; empty: not known.
    pub founded_on: String,
    /// How many members it says it has; empty: it does not say.
    pub declared: String,
    /// The version that was read; 0: it is set up.
    pub version: i64,
}

/// Sets an alliance up, or writes anew what is said of it.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for owners of the organization and operators; `NotFound`; `Stale`; `Invalid`.
pub async fn save_alliance(app: &App, viewer: &Viewer, input: AllianceInput) -> Result<Alliance, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let party = input.party.ok_or_else(|| AppError::invalid("party", "required"))?;
    if !(viewer.owns(party) || viewer.is_operator()) {
        return Err(AppError::NotAllowed);
    }
    let mut faults = Vec::new();
    let field = words("field", &input.field, 120, true, &mut faults);
    let founded_on = crate::day::day("founded_on", &input.founded_on, &mut faults);
    let declared = match input.declared.trim() {
        "" => None,
        text => match text.parse::<i64>() {
            Ok(n) if (1..=100_000).contains(&n) => Some(n),
            _ => {
                faults.push(Fault::with("declared", "not-a-number", text));
                None
            }
        },
    };
    let mut db = app.store.reader().await?;
    let own = parties::find(&mut db, party).await?.ok_or(AppError::NotFound)?;
    let before: Option<Alliance> = kept::find(&mut db, party).await?;
    drop(db);
    if own.kind != PartyKind::Organization {
        faults.push(Fault::new("party", "organizations-only"));
    }
    if before.is_some() && input.version == 0 {
        faults.push(Fault::new("party", "is-alliance"));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let now = app.now();
    let alliance = Alliance {
        party,
        field,
        founded_on,
        declared,
        demo: own.demo,
        version: input.version + 1,
        created_at: before.map_or(now, |b| b.created_at),
    };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let action = if input.version == 0 {
                    kept::insert(tx, &alliance).await?;
                    Action::Created
                } else {
                    rewrite(tx, &alliance, input.version).await?;
                    Action::Updated
                };
                log_change(tx, now, RecordKind::Alliance, party, action, Some(account)).await?;
                Ok(alliance)
            }
            .boxed()
        })
        .await
}

/// A base or a resource as a form has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThingInput {
    /// The member that brings it in.
    pub party: Option<PartyId>,
    /// What it is.
    pub sort: ThingSort,
    /// Its name.
    pub name: String,
    /// Where.
    pub place: String,
    /// What for, and on what terms.
    pub terms: String,
}

async fn is_member(db: &mut Conn, alliance: PartyId, party: PartyId) -> Result<bool, AppError> {
    let all = memberships::of_organization(db, alliance).await?;
    let confirmed = |m: &keqiao_domain::Membership| m.member == party && m.status == MembershipStatus::Confirmed;
    Ok(alliance == party || all.iter().any(confirmed))
}

/// Brings a base or a resource into an alliance, for a confirmed member or the alliance itself.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for a party that one does not write for; `Invalid`.
pub async fn bring_in(app: &App, viewer: &Viewer, alliance: PartyId, input: ThingInput) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let whole: Alliance = found(&mut db, alliance).await?;
    let party = input.party.ok_or_else(|| AppError::invalid("party", "required"))?;
    if !viewer.may_edit_for(party) {
        return Err(AppError::NotAllowed);
    }
    let mut faults = Vec::new();
    if !is_member(&mut db, alliance, party).await? {
        faults.push(Fault::new("party", "not-a-member"));
    }
    drop(db);
    let name = words("name", &input.name, 80, true, &mut faults);
    let place = words("place", &input.place, 120, false, &mut faults);
    let terms = words("terms", &input.terms, 1_000, true, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let now = app.now();
    let thing = AllianceThing {
        id: AllianceThingId::fresh(&*app.clock, &*app.entropy),
        alliance,
        party,
        sort: input.sort,
        name,
        place,
        terms,
        demo: whole.demo,
        version: 1,
        created_at: now,
    };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                kept::insert(tx, &thing).await?;
                log_change(tx, now, RecordKind::Alliance, alliance, Action::Updated, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Takes a base or a resource out: its member's people, and who speaks for the alliance.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`.
pub async fn take_out(app: &App, viewer: &Viewer, id: AllianceThingId) -> Result<PartyId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let thing: AllianceThing = found(&mut app.store.reader().await?, id).await?;
    let alliance = thing.alliance;
    if !(viewer.may_edit_for(thing.party) || viewer.owns(alliance) || viewer.is_operator()) {
        return Err(AppError::NotAllowed);
    }
    let now = app.now();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                if kept::remove::<AllianceThing>(tx, id).await? {
                    log_change(tx, now, RecordKind::Alliance, alliance, Action::Updated, Some(account)).await?;
                }
                Ok(alliance)
            }
            .boxed()
        })
        .await
}

//! What communities and firms ask for, and who would fit.

use std::collections::BTreeMap;

use futures::FutureExt;
use keqiao_domain::{
    Action, Anomaly, Duty, DutyId, Fit, PartyId, RecordKind, RequestState, Timestamp, Viewer, Volunteer, VolunteerId,
    VolunteerRequest, VolunteerRequestId, VolunteerState, VolunteerTeam, anomalies,
};
use keqiao_store::kept::{self, Asked, Column};
use keqiao_store::{Conn, parties};

use super::duties::DutyRow;
use super::{PEOPLE, all_teams, looks_after, name_in, names, party_in, party_names, region};
use crate::idempotency::{self, OnceKey};
use crate::records::{found, listed, paged, rewrite, words};
use crate::{App, AppError, Fault, log_change};

/// Requests on one page.
const PAGE: usize = 30;
/// People proposed for a request.
const PROPOSED: usize = 30;
/// Longest service that can be asked for, in days.
const LONGEST_DAYS: i64 = 60;

/// A request of the list.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// The request.
    pub request: VolunteerRequest,
    /// Who asks.
    pub party: String,
}

/// A page of requests: those that are open and not yet over, the earliest first, or all, the latest first.
///
/// # Errors
/// When the store fails.
pub async fn list_requests(
    app: &App,
    open: bool,
    after: Option<(Timestamp, VolunteerRequestId)>,
) -> Result<(Vec<RequestRow>, Option<(Timestamp, VolunteerRequestId)>), AppError> {
    let now = app.now();
    let asked = if open {
        // What began earlier is over, and nobody can be asked for it.
        let earliest = now.plus_days(-LONGEST_DAYS - 1).micros();
        let asked = Asked::first(PAGE as i64 + 1).with("state", RequestState::Open.as_str());
        asked.by("starts_at").from("starts_at", earliest)
    } else {
        Asked::latest(PAGE as i64 + 1).by("starts_at")
    };
    let mut db = app.store.reader().await?;
    let (mut list, mut place) = (Vec::new(), after);
    loop {
        let asked = asked.clone().after(place.map(|(at, _)| Column::Int(at.micros())), place.map(|(_, id)| id.0));
        let read: Vec<VolunteerRequest> = kept::list(&mut db, asked).await?;
        let last = read.len() <= PAGE;
        place = read.last().map(|r| (r.starts_at, r.id));
        list.extend(read.into_iter().filter(|r| !open || now < r.ends_at));
        if last || list.len() > PAGE {
            break;
        }
    }
    let (list, more) = paged(list, PAGE);
    let next = list.last().filter(|_| more).map(|r| (r.starts_at, r.id));
    let names = party_names(&mut db, list.iter().map(|r| r.party).collect()).await?;
    let row = |request: VolunteerRequest| RequestRow { party: party_in(&names, request.party), request };
    Ok((list.into_iter().map(row).collect(), next))
}

/// A request as a form has it; times are the installation's, `2026-11-30T09:05`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestInput {
    /// Who asks.
    pub party: Option<PartyId>,
    /// One line.
    pub title: String,
    /// What is to be done.
    pub body: String,
    /// What one has to be able to do.
    pub skills: String,
    /// The region, by name or code.
    pub region: String,
    /// Where.
    pub place: String,
    /// From when.
    pub starts: String,
    /// Until when.
    pub ends: String,
    /// How many people.
    pub wanted: String,
}

fn checked(app: &App, input: &RequestInput, party: PartyId) -> Result<VolunteerRequest, Vec<Fault>> {
    let mut faults = Vec::new();
    let title = words("title", &input.title, 80, true, &mut faults);
    let body = words("body", &input.body, 2_000, true, &mut faults);
    let place = words("place", &input.place, 120, true, &mut faults);
    let skills = listed("skills", &input.skills, &mut faults);
    let region = region(app, &input.region, &mut faults);
    let mut moment = |field: &str, text: &str| {
        let at = app.settings.zone.moment(text.trim());
        if at.is_none() {
            faults.push(Fault::new(field, if text.trim().is_empty() { "required" } else { "not-a-moment" }));
        }
        at
    };
    let (starts, ends) = (moment("starts", &input.starts), moment("ends", &input.ends));
    if let (Some(starts), Some(ends)) = (starts, ends)
        && (ends <= starts || starts.plus_days(LONGEST_DAYS) < ends)
    {
        faults.push(Fault::with("ends", "service-length", LONGEST_DAYS));
    }
    let wanted = input.wanted.trim().parse::<i64>().unwrap_or_default();
    if !(1..=500).contains(&wanted) {
        faults.push(Fault::with("wanted", "people-range", 500));
    }
    let (Some(starts_at), Some(ends_at), true) = (starts, ends, faults.is_empty()) else { return Err(faults) };
    Ok(VolunteerRequest {
        id: VolunteerRequestId::fresh(&*app.clock, &*app.entropy),
        party,
        title,
        body,
        skills,
        region,
        place,
        starts_at,
        ends_at,
        wanted,
        state: RequestState::Open,
        demo: false,
        version: 1,
        created_at: app.now(),
    })
}

/// Asks for volunteers on behalf of a party.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` for a party one does not write for; `Invalid`.
pub async fn ask_for_help(app: &App, viewer: &Viewer, input: RequestInput) -> Result<VolunteerRequest, AppError> {
    ask_for_help_once(app, viewer, input, None).await
}

/// Asks for volunteers once for a key.
///
/// # Errors
/// Those of [`ask_for_help`]; `KeyReused`.
pub async fn ask_for_help_once(
    app: &App,
    viewer: &Viewer,
    input: RequestInput,
    key: Option<OnceKey>,
) -> Result<VolunteerRequest, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if let Some(kept) = idempotency::kept(app, account, key.as_ref()).await? {
        return Ok(kept);
    }
    let party = input.party.ok_or_else(|| AppError::invalid("party", "required"))?;
    if !viewer.may_edit_for(party) {
        return Err(AppError::NotAllowed);
    }
    let mut request = checked(app, &input, party).map_err(AppError::Invalid)?;
    let own = parties::find(&mut app.store.reader().await?, party).await?.ok_or(AppError::NotFound)?;
    (request.demo, request.region) = (own.demo, request.region.or(own.region));
    let now = app.now();
    idempotency::once(app, account, key, move |tx| {
        async move {
            kept::insert(tx, &request).await?;
            log_change(tx, now, RecordKind::VolunteerRequest, request.id, Action::Created, Some(account)).await?;
            Ok(request)
        }
        .boxed()
    })
    .await
}

/// Somebody who could go.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who.
    pub volunteer: Volunteer,
    /// The name.
    pub name: String,
    /// The team.
    pub team: String,
    /// How well.
    pub fit: Fit,
}

/// A request as somebody sees it.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// The request.
    pub request: VolunteerRequest,
    /// Who asks.
    pub party: String,
    /// Who goes, as far as the viewer may know.
    pub duties: Vec<DutyRow>,
    /// How many go.
    pub going: usize,
    /// Who could go; for who dispatches.
    pub candidates: Vec<Candidate>,
    /// Whether the viewer dispatches.
    pub may_dispatch: bool,
    /// Whether the viewer may end the request.
    pub may_end: bool,
}

/// A request with who goes and who could.
///
/// # Errors
/// `NotFound`.
pub async fn view_request(app: &App, viewer: &Viewer, id: VolunteerRequestId) -> Result<RequestView, AppError> {
    let mut db = app.store.reader().await?;
    let request: VolunteerRequest = found(&mut db, id).await?;
    let teams = all_teams(&mut db).await?;
    let own_teams: Vec<&VolunteerTeam> = teams.iter().filter(|t| viewer.sees_all() || looks_after(viewer, t)).collect();
    let duties: Vec<Duty> = kept::list(&mut db, Asked::first(PEOPLE).with("request_id", id.0)).await?;
    let party = party_in(&party_names(&mut db, vec![request.party]).await?, request.party);
    let serves = viewer.may_edit_for(request.party);
    let may_know = |d: &Duty| serves || viewer.account == Some(d.volunteer) || own_teams.iter().any(|t| t.id == d.team);
    let wrong = anomalies(&around(&mut db, &duties).await?);
    let known: Vec<Duty> = duties.iter().filter(|d| may_know(d)).cloned().collect();
    let who = known.iter().flat_map(|d| [Some(d.volunteer), d.proven.map(|(a, _)| a)]).flatten().collect();
    let people = names(&mut db, who).await?;
    let rows = rows(viewer, &request, &known, &teams, &people, &wrong);
    let may_dispatch = request.state == RequestState::Open && viewer.is_member() && !own_teams.is_empty();
    let candidates = if may_dispatch { candidates(&mut db, &request, &own_teams, &duties).await? } else { Vec::new() };
    Ok(RequestView {
        going: duties.iter().filter(|d| d.takes_time()).count(),
        duties: rows,
        candidates,
        may_dispatch,
        may_end: request.state == RequestState::Open && (serves || viewer.is_operator()),
        party,
        request,
    })
}

fn rows(
    viewer: &Viewer,
    request: &VolunteerRequest,
    duties: &[Duty],
    teams: &[VolunteerTeam],
    people: &[(keqiao_domain::AccountId, String)],
    wrong: &BTreeMap<DutyId, Vec<Anomaly>>,
) -> Vec<DutyRow> {
    let team_name = |id| teams.iter().find(|t| t.id == id).map_or_else(String::new, |t| t.name.clone());
    let row = |d: &Duty| DutyRow {
        name: name_in(people, d.volunteer),
        prover: d.proven.map(|(a, _)| name_in(people, a)).unwrap_or_default(),
        team: team_name(d.team),
        title: request.title.clone(),
        anomalies: wrong.get(&d.id).cloned().unwrap_or_default(),
        own: viewer.account == Some(d.volunteer),
        for_party: viewer.may_edit_for(d.party),
        duty: d.clone(),
    };
    duties.iter().map(row).collect()
}

/// All duties of the people of these: what looks wrong is seen beside what else they did.
pub(super) async fn around(db: &mut Conn, duties: &[Duty]) -> Result<Vec<Duty>, AppError> {
    let mut people: Vec<keqiao_domain::AccountId> = duties.iter().map(|d| d.volunteer).collect();
    people.sort_unstable();
    people.dedup();
    let mut out = Vec::new();
    for chunk in people.chunks(200) {
        let ids = chunk.iter().map(|a| Column::from(a.0));
        out.extend(kept::list::<Duty>(db, Asked::latest(PEOPLE * 5).among("account_id", ids)).await?);
    }
    Ok(out)
}

async fn candidates(
    db: &mut Conn,
    request: &VolunteerRequest,
    teams: &[&VolunteerTeam],
    duties: &[Duty],
) -> Result<Vec<Candidate>, AppError> {
    let ids = teams.iter().map(|t| Column::from(t.id.0));
    let inside = Asked::first(PEOPLE * 5).among("team_id", ids).with("state", VolunteerState::In.as_str());
    let people: Vec<Volunteer> = kept::list(db, inside).await?;
    let free: Vec<&Volunteer> = people.iter().filter(|v| duties.iter().all(|d| d.volunteer != v.account)).collect();
    let chunk: Vec<Column> = free.iter().map(|v| Column::from(v.account.0)).collect();
    let mut theirs: Vec<Duty> = Vec::new();
    for some in chunk.chunks(200) {
        // Who is long back from a duty is free again.
        let since = request.starts_at.plus_days(-LONGEST_DAYS).micros();
        let asked = Asked::latest(PEOPLE * 5).among("account_id", some.iter().cloned()).from("starts_at", since);
        theirs.extend(kept::list::<Duty>(db, asked).await?);
    }
    let mut out: Vec<(&Volunteer, Fit)> = free.into_iter().map(|v| (v, request.fit(v, &theirs))).collect();
    out.sort_by_key(|(v, fit)| (std::cmp::Reverse(fit.rank()), v.id));
    out.truncate(PROPOSED);
    let names = names(db, out.iter().map(|(v, _)| v.account).collect()).await?;
    let team = |v: &Volunteer| teams.iter().find(|t| t.id == v.team).map_or_else(String::new, |t| t.name.clone());
    let made = |(v, fit): (&Volunteer, Fit)| Candidate {
        name: name_in(&names, v.account),
        team: team(v),
        volunteer: v.clone(),
        fit,
    };
    Ok(out.into_iter().map(made).collect())
}

/// Says that a request is over or called off.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for the party's people and operators; `Stale`; `Invalid`.
pub async fn end_request(
    app: &App,
    viewer: &Viewer,
    id: VolunteerRequestId,
    off: bool,
    version: i64,
) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let request: VolunteerRequest = found(&mut app.store.reader().await?, id).await?;
    if !(viewer.may_edit_for(request.party) || viewer.is_operator()) {
        return Err(AppError::NotAllowed);
    }
    if request.version != version {
        return Err(AppError::Stale { current: request.version });
    }
    if request.state != RequestState::Open {
        return Err(AppError::invalid("state", "not-now"));
    }
    let state = if off { RequestState::Off } else { RequestState::Done };
    let (after, now) = (VolunteerRequest { state, version: version + 1, ..request }, app.now());
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                rewrite(tx, &after, version).await?;
                log_change(tx, now, RecordKind::VolunteerRequest, id, Action::Moved, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// A volunteer who may be asked to go.
pub(super) async fn dispatchable(
    tx: &mut Conn,
    viewer: &Viewer,
    id: VolunteerId,
) -> Result<(Volunteer, VolunteerTeam), AppError> {
    let volunteer: Volunteer = found(tx, id).await?;
    let team: VolunteerTeam = found(tx, volunteer.team).await?;
    if !(viewer.sees_all() || looks_after(viewer, &team)) {
        return Err(AppError::NotAllowed);
    }
    if volunteer.state != VolunteerState::In {
        return Err(AppError::invalid("volunteer", "not-in-team"));
    }
    Ok((volunteer, team))
}

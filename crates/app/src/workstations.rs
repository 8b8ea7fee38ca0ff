//! Expert workstations: applied for by whoever runs them, granted by an operator within the limits of the catalog.

mod ruling;

pub use ruling::{Ruling, add_result, rule_on_station};

use futures::FutureExt;
use keqiao_domain::{
    Action, LimitFault, PartyId, PartyKind, RecordKind, ServiceNews, StationExpert, StationState, Viewer, Workstation,
    WorkstationId,
};
use keqiao_store::kept::{self, Asked, Column};
use keqiao_store::{Conn, accounts, parties};

use crate::records::{News, Teller, found, must_day, paged, words};
use crate::{App, AppError, Fault, log_change};

/// Stations on one page.
const PAGE: usize = 30;
/// Most stations that are looked through for the limits.
const STANDING: i64 = 20_000;
/// Most experts of one station, and most results.
const EXPERTS: usize = 20;
const RESULTS: usize = 500;

/// A station with the names in it.
#[derive(Debug, Clone)]
pub struct StationView {
    /// The station.
    pub station: Workstation,
    /// Who runs it.
    pub party: String,
    /// The experts' names, in their order.
    pub experts: Vec<String>,
    /// Whether its term is over.
    pub over: bool,
    /// Days until it is, when they are few.
    pub days_left: Option<i64>,
    /// Whether its term is shorter or longer than usual.
    pub unusual: bool,
    /// The limits that it would break now; for who decides.
    pub faults: Vec<Fault>,
    /// Whether the viewer writes down results.
    pub may_edit: bool,
    /// Whether the viewer decides.
    pub may_decide: bool,
}

async fn with_names(
    app: &App,
    db: &mut Conn,
    viewer: &Viewer,
    list: Vec<Workstation>,
) -> Result<Vec<StationView>, AppError> {
    let mut ids: Vec<PartyId> =
        list.iter().flat_map(|s| std::iter::once(s.party).chain(s.experts.iter().map(|e| e.person))).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = parties::find_many(db, &ids).await?;
    let name = |id: PartyId| known.iter().find(|p| p.id == id).map_or_else(String::new, |p| p.name.clone());
    let today = app.settings.zone.day(app.now());
    let view = |station: Workstation| StationView {
        party: name(station.party),
        experts: station.experts.iter().map(|e| name(e.person)).collect(),
        over: station.is_over(&today),
        days_left: station.days_left(&app.catalog.workstations, &today),
        unusual: station.has_unusual_term(&app.catalog.workstations),
        faults: Vec::new(),
        may_edit: viewer.may_edit_for(station.party),
        may_decide: viewer.is_operator(),
        station,
    };
    Ok(list.into_iter().map(view).collect())
}

/// Whether a station may be seen: one that stands or stood by all, others by who runs it, brokers and operators.
fn sees(viewer: &Viewer, station: &Workstation) -> bool {
    matches!(station.state, StationState::Standing | StationState::Closed)
        || viewer.sees_all()
        || viewer.role_in(station.party).is_some()
}

/// Which stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stations {
    /// Those that stand, those whose terms end first standing first.
    Standing,
    /// Those that wait to be decided: for brokers and operators.
    Applied,
    /// All of the viewer's organizations.
    Own,
}

/// A page of stations.
///
/// # Errors
/// `SignInNeeded` and `NotAllowed` for what is for others.
pub async fn list_stations(
    app: &App,
    viewer: &Viewer,
    which: Stations,
    after: Option<(String, WorkstationId)>,
) -> Result<(Vec<StationView>, Option<(String, WorkstationId)>), AppError> {
    let limit = PAGE as i64 + 1;
    let asked = match which {
        Stations::Standing => Asked::first(limit).by("ends_on").with("state", StationState::Standing.as_str()),
        Stations::Applied if viewer.sees_all() => {
            Asked::first(limit).by("ends_on").with("state", StationState::Applied.as_str())
        }
        Stations::Applied => {
            return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
        }
        Stations::Own => {
            viewer.account.ok_or(AppError::SignInNeeded)?;
            let own = viewer.roles.iter().map(|(p, _)| Column::from(p.0));
            Asked::first(limit).by("ends_on").among("party_id", own)
        }
    };
    let place = after.as_ref().map(|(day, _)| Column::Text(day.clone()));
    let mut db = app.store.reader().await?;
    let asked = asked.after(place, after.map(|(_, id)| id.0));
    let (list, more) = paged(kept::list::<Workstation>(&mut db, asked).await?, PAGE);
    let next = list.last().filter(|_| more).map(|s| (s.to.clone(), s.id));
    Ok((with_names(app, &mut db, viewer, list).await?, next))
}

/// A station.
///
/// # Errors
/// `NotFound`, also when the viewer may not see it.
pub async fn view_station(app: &App, viewer: &Viewer, id: WorkstationId) -> Result<StationView, AppError> {
    let mut db = app.store.reader().await?;
    let station: Workstation = found(&mut db, id).await?;
    if !sees(viewer, &station) {
        return Err(AppError::NotFound);
    }
    let faults = match (viewer.is_operator(), station.state) {
        (true, StationState::Applied) => limits(app, &mut db, &station).await?,
        _ => Vec::new(),
    };
    let mut view = with_names(app, &mut db, viewer, vec![station]).await?.pop().ok_or(AppError::NotFound)?;
    view.faults = faults;
    Ok(view)
}

/// The limits that a station breaks beside those that stand, as faults of its experts.
async fn limits(app: &App, db: &mut Conn, station: &Workstation) -> Result<Vec<Fault>, AppError> {
    let asked =
        Asked::latest(STANDING).with("state", StationState::Standing.as_str()).from("ends_on", station.from.as_str());
    let standing: Vec<Workstation> = kept::list(db, asked).await?;
    let faults = station.faults(&app.catalog.workstations, &standing);
    let people: Vec<PartyId> = station.experts.iter().map(|e| e.person).collect();
    let known = parties::find_many(db, &people).await?;
    let name = |id: &PartyId| known.iter().find(|p| p.id == *id).map_or("", |p| p.name.as_str());
    let fault = |fault: &LimitFault| match fault {
        LimitFault::UnknownSort(sort) => Fault::with("experts", "unknown-choice", sort),
        LimitFault::TooMany(person, most) => {
            Fault::with("experts", "station-most", format!("{} ≤ {most}", name(person)))
        }
        LimitFault::TooFewMonths(person, months) => {
            Fault::with("experts", "station-months", format!("{} ≥ {months}", name(person)))
        }
        LimitFault::TooManyMonths(person) => Fault::with("experts", "station-year", name(person)),
        LimitFault::Twice(person) => Fault::with("experts", "station-twice", name(person)),
    };
    Ok(faults.iter().map(fault).collect())
}

/// A station as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StationInput {
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub party: Option<PartyId>,
    /// What is worked on.
    pub topic: String,
    /// First day of the term.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Who works there: person, sort, months a year.
    pub experts: Vec<(PartyId, String, i64)>,
}

/// Applies for a station. What breaks a limit is refused here, and asked again when it is decided.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` for an organization that one does not write for; `Invalid`.
pub async fn apply_for_station(app: &App, viewer: &Viewer, input: StationInput) -> Result<Workstation, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let party = input.party.ok_or_else(|| AppError::invalid("party", "required"))?;
    if !viewer.may_edit_for(party) {
        return Err(AppError::NotAllowed);
    }
    let mut faults = Vec::new();
    let name = words("name", &input.name, 80, true, &mut faults);
    let topic = words("topic", &input.topic, 1_000, true, &mut faults);
    let (from, to) = (must_day("from", &input.from, &mut faults), must_day("to", &input.to, &mut faults));
    if !from.is_empty() && !to.is_empty() && to <= from {
        faults.push(Fault::new("to", "before-from"));
    }
    if input.experts.is_empty() {
        faults.push(Fault::new("experts", "required"));
    } else if input.experts.len() > EXPERTS {
        faults.push(Fault::with("experts", "too-many", EXPERTS));
    }
    if input.experts.iter().any(|(.., months)| !(1..=12).contains(months)) {
        faults.push(Fault::new("experts", "month-range"));
    }
    let mut db = app.store.reader().await?;
    let own = parties::find(&mut db, party).await?.ok_or(AppError::NotFound)?;
    let people: Vec<PartyId> = input.experts.iter().map(|(p, ..)| *p).collect();
    if parties::find_many(&mut db, &people).await?.iter().any(|p| p.kind != PartyKind::Person) {
        faults.push(Fault::new("experts", "persons-only"));
    }
    let now = app.now();
    let station = Workstation {
        id: WorkstationId::fresh(&*app.clock, &*app.entropy),
        name,
        party,
        topic,
        experts: input
            .experts
            .into_iter()
            .map(|(person, sort, months)| StationExpert { person, sort, months })
            .collect(),
        from,
        to,
        state: StationState::Applied,
        answer: String::new(),
        results: Vec::new(),
        demo: own.demo,
        version: 1,
        created_at: now,
    };
    if faults.is_empty() {
        faults = limits(app, &mut db, &station).await?;
    }
    drop(db);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let teller = Teller::of(app);
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                kept::insert(tx, &station).await?;
                log_change(tx, now, RecordKind::Workstation, station.id, Action::Created, Some(account)).await?;
                let staff = accounts::staff(tx).await?;
                let key = format!("station-{}", station.id);
                let (record, news) = (RecordKind::Workstation, ServiceNews::StationApplied);
                let news = News { record, id: station.id.0, title: &station.name, news, key, at: now };
                let deciders =
                    staff.into_iter().filter(|a| a.platform_role > Some(keqiao_domain::PlatformRole::Broker));
                teller.tell(tx, deciders.map(|a| a.id), Some(account), news).await?;
                Ok(station)
            }
            .boxed()
        })
        .await
}

//! `/workstations`: expert workstations: those that stand, applying for one, deciding, results.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::parties::{my_parties, parties_named};
use keqiao_app::workstations::{
    Ruling, StationInput, StationView, Stations, add_result, apply_for_station, list_stations, rule_on_station,
    view_station,
};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{PartyId, PartyKind, WorkstationId};

use super::filter::query_of;
use super::form::{Faults, again, in_address};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

/// Experts that the form has room for at first, and at most.
const ROOM: usize = 4;
const MOST: usize = 20;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workstations", list)
        .get("/workstations/new", ask)
        .post("/workstations", apply)
        .get("/workstations/{id}", show)
        .post("/workstations/{id}/ruling", rule)
        .post("/workstations/{id}/results", note_result)
}

#[derive(Template)]
#[template(path = "workstations.html")]
struct ListPage {
    f: Frame,
    /// Address, name, whether it is the one that is shown.
    tabs: Vec<(String, &'static str, bool)>,
    rows: Vec<StationView>,
    next: String,
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match list_page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn list_page(visit: &Visit, query: &str) -> Result<ListPage, AppError> {
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    let which = match fields.get("which") {
        "applied" => Stations::Applied,
        "own" => Stations::Own,
        _ => Stations::Standing,
    };
    let wrong = || AppError::invalid("after", "bad-cursor");
    let after = match fields.filled("after") {
        Some(text) => {
            let (day, id) = text.split_once('.').ok_or_else(wrong)?;
            Some((day.to_owned(), id.parse::<WorkstationId>().map_err(|_| wrong())?))
        }
        None => None,
    };
    let viewer = visit.viewer();
    let (rows, next) = list_stations(&visit.web.app, &viewer, which, after).await?;
    let f = visit.frame_of("stations-title");
    let tab = |is, word: &str, key| {
        let query = if word.is_empty() { String::new() } else { format!("?which={word}") };
        (format!("/workstations{query}"), f.t(key), is == which)
    };
    let mut tabs = vec![tab(Stations::Standing, "", "station-standing")];
    if viewer.is_member() {
        tabs.push(tab(Stations::Own, "own", "stations-own"));
    }
    if viewer.sees_all() {
        tabs.push(tab(Stations::Applied, "applied", "station-applied"));
    }
    let next = next.map_or_else(String::new, |(day, id)| f.with("after", &in_address(&format!("{day}.{id}"))));
    Ok(ListPage { tabs, rows, next, f })
}

/// An expert in the form.
struct ExpertRow {
    n: usize,
    person: String,
    sort: String,
    months: String,
}

#[derive(Template)]
#[template(path = "workstation_new.html")]
struct NewPage {
    f: Frame,
    own: Vec<(PartyId, String)>,
    chosen: Option<PartyId>,
    name: Input,
    topic: Input,
    from: Input,
    to: Input,
    experts: Vec<ExpertRow>,
    experts_fault: String,
    sorts: Vec<(String, String)>,
    limits: Vec<String>,
    problem: String,
}

/// The limits of the catalog in words.
fn limits(f: &Frame) -> Vec<String> {
    let rules = &f.catalog.workstations;
    let language = f.locale.as_str();
    let mut out: Vec<String> = Vec::new();
    for rule in &rules.experts {
        let name = rule.name.get(language);
        if let Some(most) = rule.most {
            out.push(f.t2("station-rule-most", "who", name, "n", most));
        }
        if let Some(months) = rule.months {
            out.push(f.t2("station-rule-months", "who", name, "n", months));
        }
    }
    if let Some((least, most)) = rules.term_years {
        out.push(f.t2("station-rule-term", "least", least, "most", most));
    }
    out
}

async fn new_page(visit: &Visit, fields: &Fields, faults: Vec<Fault>) -> Result<NewPage, AppError> {
    let viewer = visit.viewer();
    let own = my_parties(&visit.web.app, &viewer).await?;
    let own = own.into_iter().filter(|(p, _)| viewer.may_edit_for(p.id) && p.kind == PartyKind::Organization);
    let mut f = visit.frame_of("station-new");
    f.noindex = true;
    let faults = Faults(faults);
    let field = |name, ty, key: &'static str| faults.beside(&f, Input::new(name, ty, f.t(key), fields.get(name)));
    let language = f.locale.as_str();
    let last = (0..MOST).rev().find(|n| fields.filled(&format!("person.{n}")).is_some()).map_or(0, |n| n + 1);
    // A button asks for more rows; who runs out of them gets one more with every answer.
    let rows = (last + if fields.filled("more").is_some() { ROOM } else { 1 }).clamp(ROOM, MOST);
    let expert = |n: usize| ExpertRow {
        n,
        person: fields.get(&format!("person.{n}")).to_owned(),
        sort: fields.get(&format!("sort.{n}")).to_owned(),
        months: fields.get(&format!("months.{n}")).to_owned(),
    };
    let rules = &f.catalog.workstations;
    Ok(NewPage {
        own: own.map(|(p, _)| (p.id, p.name)).collect(),
        chosen: fields.get("party").parse().ok(),
        name: Input { longest: 80, ..field("name", "text", "station-name") },
        topic: Input { rows: 4, longest: 1_000, ..field("topic", "text", "station-topic") },
        from: field("from", "date", "station-from"),
        to: field("to", "date", "station-to"),
        experts: (0..rows).map(expert).collect(),
        experts_fault: faults.of(&f, "experts"),
        sorts: rules.experts.iter().map(|r| (r.id.clone(), r.name.get(language).to_owned())).collect(),
        limits: limits(&f),
        problem: faults.beyond(&f, &["name", "topic", "from", "to", "experts"]),
        f,
    })
}

async fn ask(visit: Visit) -> Response {
    let fields = match query_of(&visit) {
        Ok(fields) => fields,
        Err(error) => return visit.fault(error).into_response(),
    };
    let filled = match fields.filled("renews").map(parse_id::<WorkstationId>) {
        None => Ok(Fields::default()),
        Some(Ok(id)) => another_term(&visit, id).await,
        Some(Err(error)) => Err(error),
    };
    let page = match filled {
        Ok(fields) => new_page(&visit, &fields, Vec::new()).await,
        Err(error) => Err(error),
    };
    match page {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The form for another term of a station.
async fn another_term(visit: &Visit, id: WorkstationId) -> Result<Fields, AppError> {
    let view = view_station(&visit.web.app, &visit.viewer(), id).await?;
    let station = &view.station;
    let (from, to) = station.next_term().unwrap_or_default();
    let said = [
        ("party", station.party.to_string()),
        ("name", station.name.clone()),
        ("topic", station.topic.clone()),
        ("from", from),
        ("to", to),
    ];
    let mut fields: Vec<(String, String)> = said.map(|(name, value)| (name.to_owned(), value)).into();
    for (n, (expert, name)) in station.experts.iter().zip(&view.experts).enumerate() {
        let alone = parties_named(&visit.web.app, &visit.viewer(), name).await?.len() == 1;
        let person = if alone { name.clone() } else { expert.person.to_string() };
        fields.push((format!("person.{n}"), person));
        fields.push((format!("sort.{n}"), expert.sort.clone()));
        fields.push((format!("months.{n}"), expert.months.to_string()));
    }
    Ok(Fields(fields))
}

/// The experts of the form, each the one person of that name.
async fn experts(visit: &Visit, fields: &Fields) -> Result<Vec<(PartyId, String, i64)>, AppError> {
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    for n in 0..MOST {
        let Some(name) = fields.filled(&format!("person.{n}")) else { continue };
        let found = parties_named(&visit.web.app, &visit.viewer(), name).await?;
        let people: Vec<_> = found.iter().filter(|p| p.kind == PartyKind::Person).collect();
        match people.as_slice() {
            [one] => {
                let months = fields.get(&format!("months.{n}")).trim().parse().unwrap_or_default();
                out.push((one.id, fields.get(&format!("sort.{n}")).to_owned(), months));
            }
            [] => faults.push(Fault::with("experts", "unknown-party", name)),
            _ => faults.push(Fault::with("experts", "several-parties", name)),
        }
    }
    if faults.is_empty() { Ok(out) } else { Err(AppError::Invalid(faults)) }
}

async fn apply(Sent(visit, fields): Sent) -> Response {
    if fields.filled("more").is_some() {
        return match new_page(&visit, &fields, Vec::new()).await {
            Ok(page) => draw(&page),
            Err(error) => visit.fault(error).into_response(),
        };
    }
    let said = |name: &str| fields.get(name).to_owned();
    let made = match experts(&visit, &fields).await {
        Ok(experts) if visit.signed_in.is_some() => {
            let input = StationInput {
                name: said("name"),
                party: fields.get("party").parse().ok(),
                topic: said("topic"),
                from: said("from"),
                to: said("to"),
                experts,
            };
            apply_for_station(&visit.web.app, &visit.viewer(), input).await
        }
        Ok(_) => Err(AppError::SignInNeeded),
        Err(error) => Err(error),
    };
    match made {
        Ok(station) => {
            let there = Redirect::to(&format!("/workstations/{}", station.id)).into_response();
            with_flash(&visit.web, there, Tone::Done, "station-applied")
        }
        Err(AppError::Invalid(faults)) => match new_page(&visit, &fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

#[derive(Template)]
#[template(path = "workstation.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    view: StationView,
    /// Name, person, sort and months of each expert.
    experts: Vec<(String, PartyId, String, i64)>,
    broken: String,
    note: Input,
    day: Input,
    text: Input,
    limits: Vec<String>,
    problem: String,
}

impl Page {
    fn is(&self, state: &str) -> bool {
        self.view.station.state.as_str() == state
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, &Fields::default(), Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, fields: &Fields, faults: Vec<Fault>) -> Result<Page, AppError> {
    let view = view_station(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    let f = visit.frame(&view.station.name);
    let faults = Faults(faults);
    let field = |name, ty, key: &'static str| faults.beside(&f, Input::new(name, ty, f.t(key), fields.get(name)));
    let sort = |id: &str| {
        let rule = f.catalog.workstations.experts.iter().find(|r| r.id == id);
        rule.map_or_else(|| id.to_owned(), |r| r.name.get(f.locale.as_str()).to_owned())
    };
    let experts = view.station.experts.iter().zip(&view.experts);
    let day = field("day", "date", "station-result-day");
    Ok(Page {
        trail: vec![("/workstations".to_owned(), f.t("stations-title").to_owned()), (String::new(), f.title.clone())],
        experts: experts.map(|(e, name)| (name.clone(), e.person, sort(&e.sort), e.months)).collect(),
        broken: Faults(view.faults.clone()).of(&f, "experts"),
        note: Input { required: false, longest: 500, ..field("note", "text", "station-note") },
        day,
        text: Input { longest: 500, rows: 2, ..field("text", "text", "station-result") },
        limits: limits(&f),
        problem: faults.beyond(&f, &["note", "day", "text"]),
        view,
        f,
    })
}

async fn done(visit: &Visit, id: &str, fields: &Fields, result: Result<(), AppError>, key: &str) -> Response {
    match result {
        Ok(()) => {
            let there = Redirect::to(&format!("/workstations/{id}")).into_response();
            with_flash(&visit.web, there, Tone::Done, key)
        }
        Err(AppError::Invalid(faults)) => match page(visit, id, fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn rule(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let version = fields.get("version").parse().unwrap_or_default();
    let ruling = match fields.get("what") {
        "grant" => Ruling::Grant,
        "close" => Ruling::Close,
        _ => Ruling::Refuse,
    };
    let result = match parse_id::<WorkstationId>(&id) {
        Ok(station) => {
            let said = (version, fields.get("note"));
            rule_on_station(&visit.web.app, &visit.viewer(), station, ruling, said).await
        }
        Err(error) => Err(error),
    };
    done(&visit, &id, &fields, result, "station-decided").await
}

async fn note_result(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let version = fields.get("version").parse().unwrap_or_default();
    let result = match parse_id::<WorkstationId>(&id) {
        Ok(station) => {
            let said = (fields.get("day"), fields.get("text"));
            add_result(&visit.web.app, &visit.viewer(), station, version, said).await
        }
        Err(error) => Err(error),
    };
    done(&visit, &id, &fields, result, "station-result").await
}

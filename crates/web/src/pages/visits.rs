//! `/visits`: a broker's visits, the form in which needs are found, and the drafts that come of them.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::parties::{parties_named, view_party};
use keqiao_app::visits::{VisitInput, draft_need, list_visits, may_edit_visit, save_visit, view_visit};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{MinedNeed, PartyId, Side, Visit, VisitId};

use super::form::{Faults, again};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit as Request, with_flash};

/// Needs that an empty form has room for.
const ROOM: usize = 2;
/// Most of one form.
const MOST: usize = 12;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/visits", list)
        .get("/visits/new", ask)
        .post("/visits", add)
        .get("/visits/{id}", show)
        .get("/visits/{id}/edit", ask_again)
        .post("/visits/{id}", change)
        .post("/visits/{id}/needs/{n}", make_draft)
}

#[derive(Template)]
#[template(path = "visits.html")]
struct ListPage {
    f: Frame,
    rows: Vec<VisitRow>,
    all: bool,
    first: String,
    next: String,
}

struct VisitRow {
    visit: Visit,
    drafted: usize,
    late: bool,
}

fn row(visit: Visit, today: &str) -> VisitRow {
    VisitRow {
        drafted: visit.needs.iter().filter(|n| n.listing.is_some()).count(),
        late: visit.follow_up.as_deref().is_some_and(|day| day < today),
        visit,
    }
}

async fn list(request: Request, RawQuery(query): RawQuery) -> Response {
    match list_page(&request, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => request.fault(error).into_response(),
    }
}

async fn list_page(request: &Request, query: &str) -> Result<ListPage, AppError> {
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    let wrong = |_| AppError::invalid("after", "bad-cursor");
    let after = fields.filled("after").map(|t| t.parse::<VisitId>().map_err(wrong)).transpose()?;
    let all = fields.ticked("all");
    let (found, next) = list_visits(&request.web.app, &request.viewer(), all, after).await?;
    let mut f = request.frame_of("visits-title");
    f.noindex = true;
    let today = f.date(&request.web.app.now());
    Ok(ListPage {
        rows: found.into_iter().map(|v| row(v, &today)).collect(),
        first: if after.is_some() { "/visits".to_owned() } else { String::new() },
        next: next.map_or_else(String::new, |id| f.with("after", &id.to_string())),
        all,
        f,
    })
}

/// A need in the form.
struct NeedRow {
    n: usize,
    fields: Vec<(String, &'static str, &'static str, String, String, bool)>,
    kind: String,
    kind_fault: String,
}

#[derive(Template)]
#[template(path = "visit_form.html")]
struct FormPage {
    f: Frame,
    action: String,
    version: i64,
    company: Input,
    day: Input,
    present: Input,
    notes: Input,
    follow_up: Input,
    needs: Vec<NeedRow>,
    kinds: Vec<(String, String)>,
    problem: String,
}

/// A question of a need: its field, label, what helps to ask it, the answer, and whether that takes several lines.
type Question = (&'static str, &'static str, &'static str, fn(&MinedNeed) -> &str, bool);

const QUESTIONS: [Question; 5] = [
    ("title", "need-title", "need-title-hint", |n| &n.title, false),
    ("problem", "need-problem", "need-problem-hint", |n| &n.problem, true),
    ("today", "need-today", "need-today-hint", |n| &n.today, true),
    ("wanted", "need-wanted", "need-wanted-hint", |n| &n.wanted, true),
    ("terms", "need-terms", "need-terms-hint", |n| &n.terms, true),
];

fn form_page(request: &Request, id: Option<VisitId>, version: i64, input: &VisitInput, faults: Vec<Fault>) -> FormPage {
    let mut f = request.frame_of(if id.is_some() { "visit-edit" } else { "visit-new" });
    f.noindex = true;
    let faults = Faults(faults);
    let field = |name, ty, key, value: &str| faults.beside(&f, Input::new(name, ty, f.t(key), value));
    let room = (input.needs.len() + 1).clamp(ROOM, MOST);
    let blank = MinedNeed::default();
    let need = |n: usize| {
        let need = input.needs.get(n).unwrap_or(&blank);
        let question = |(name, label, hint, answer, long): &Question| {
            let field = format!("needs.{n}.{name}");
            let fault = faults.of(&f, &field);
            (field, f.t(label), f.t(hint), answer(need).to_owned(), fault, *long)
        };
        NeedRow {
            n,
            fields: QUESTIONS.iter().map(question).collect(),
            kind: need.kind.clone(),
            kind_fault: faults.of(&f, &format!("needs.{n}.kind")),
        }
    };
    let language = f.locale.as_str();
    let kinds = f.catalog.kinds_in_order().into_iter().filter(|k| k.sides.contains(&Side::Need));
    let company = Input {
        longest: 120,
        hint: f.t("visit-company-hint").to_owned(),
        ..field("company", "text", "visit-company", &input.company)
    };
    let known = ["company", "day", "present", "notes", "follow_up"];
    let beyond: Vec<Fault> = faults.0.iter().filter(|x| !x.field.starts_with("needs.")).cloned().collect();
    FormPage {
        action: id.map_or_else(|| "/visits".to_owned(), |id| format!("/visits/{id}")),
        version,
        company,
        day: field("day", "date", "visit-day", &input.day),
        present: Input { required: false, longest: 300, ..field("present", "text", "visit-present", &input.present) },
        notes: Input {
            required: false,
            rows: 5,
            longest: 5_000,
            ..field("notes", "text", "visit-notes", &input.notes)
        },
        follow_up: Input { required: false, ..field("follow_up", "date", "visit-follow-up", &input.follow_up) },
        needs: (0..room).map(need).collect(),
        kinds: kinds.map(|k| (k.id.clone(), k.name.get(language).to_owned())).collect(),
        problem: Faults(beyond).beyond(&f, &known),
        f,
    }
}

async fn ask(request: Request) -> Response {
    let viewer = request.viewer();
    let error = match (viewer.is_member(), viewer.sees_all()) {
        (_, true) => {
            let today = request.frame("").date(&request.web.app.now());
            let input = VisitInput { day: today, ..VisitInput::default() };
            return draw(&form_page(&request, None, 0, &input, Vec::new()));
        }
        (true, false) => AppError::NotAllowed,
        (false, false) => AppError::SignInNeeded,
    };
    request.fault(error).into_response()
}

async fn ask_again(request: Request, Path(id): Path<String>) -> Response {
    let found = match parse_id::<VisitId>(&id) {
        Ok(id) => view_visit(&request.web.app, &request.viewer(), id).await,
        Err(error) => Err(error),
    };
    match found {
        Ok((visit, _)) if may_edit_visit(&request.viewer(), &visit) => {
            let input = VisitInput {
                party: visit.party,
                company: visit.company,
                day: visit.day,
                present: visit.present,
                notes: visit.notes,
                needs: visit.needs.into_iter().filter(|n| n.listing.is_none()).collect(),
                follow_up: visit.follow_up.unwrap_or_default(),
            };
            draw(&form_page(&request, Some(visit.id), visit.version, &input, Vec::new()))
        }
        Ok(_) => request.fault(AppError::NotAllowed).into_response(),
        Err(error) => request.fault(error).into_response(),
    }
}

/// What the form holds. A firm whose whole name is one on the platform is that firm.
async fn input_of(request: &Request, fields: &Fields) -> Result<VisitInput, AppError> {
    let said = |name: &str| fields.get(name).to_owned();
    let company = said("company");
    let named = match company.trim() {
        "" => Vec::new(),
        name => parties_named(&request.web.app, &request.viewer(), name).await?,
    };
    let party: Option<PartyId> = match named.as_slice() {
        [one] if one.kind == keqiao_domain::PartyKind::Organization => Some(one.id),
        _ => None,
    };
    let need = |n: usize| {
        let of = |name: &str| fields.get(&format!("needs.{n}.{name}")).trim().replace("\r\n", "\n");
        MinedNeed {
            title: of("title"),
            problem: of("problem"),
            today: of("today"),
            wanted: of("wanted"),
            terms: of("terms"),
            kind: of("kind"),
            listing: None,
        }
    };
    let needs = (0..MOST).map(need).filter(|n| !n.is_empty()).collect();
    Ok(VisitInput {
        party,
        company,
        day: said("day"),
        present: said("present"),
        notes: said("notes"),
        needs,
        follow_up: said("follow_up"),
    })
}

async fn saved(request: &Request, edits: Option<(VisitId, i64)>, fields: &Fields) -> Response {
    let input = match input_of(request, fields).await {
        Ok(input) => input,
        Err(error) => return request.fault(error).into_response(),
    };
    match save_visit(&request.web.app, &request.viewer(), edits, input.clone()).await {
        Ok(visit) => {
            let there = Redirect::to(&format!("/visits/{}", visit.id)).into_response();
            with_flash(&request.web, there, Tone::Done, "visit-saved")
        }
        Err(AppError::Invalid(faults)) => {
            let (id, version) = edits.map_or((None, 0), |(id, version)| (Some(id), version));
            again(&form_page(request, id, version, &input, faults))
        }
        Err(error) => request.fault(error).into_response(),
    }
}

async fn add(Sent(request, fields): Sent) -> Response {
    saved(&request, None, &fields).await
}

async fn change(Path(id): Path<String>, Sent(request, fields): Sent) -> Response {
    match parse_id::<VisitId>(&id) {
        Ok(id) => saved(&request, Some((id, fields.get("version").parse().unwrap_or_default())), &fields).await,
        Err(error) => request.fault(error).into_response(),
    }
}

#[derive(Template)]
#[template(path = "visit.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    visit: Visit,
    broker: String,
    party: Option<String>,
    late: bool,
    may_edit: bool,
}

async fn show(request: Request, Path(id): Path<String>) -> Response {
    match page(&request, &id).await {
        Ok(page) => draw(&page),
        Err(error) => request.fault(error).into_response(),
    }
}

async fn page(request: &Request, id: &str) -> Result<Page, AppError> {
    let (app, viewer) = (&request.web.app, request.viewer());
    let (visit, broker) = view_visit(app, &viewer, parse_id(id)?).await?;
    let party = match visit.party {
        Some(party) => Some(view_party(app, &viewer, party).await?.party.name),
        None => None,
    };
    let mut f = request.frame(&visit.company);
    f.noindex = true;
    let today = f.date(&app.now());
    Ok(Page {
        trail: vec![("/visits".to_owned(), f.t("visits-title").to_owned()), (String::new(), visit.company.clone())],
        late: visit.follow_up.as_deref().is_some_and(|day| day < today.as_str()),
        may_edit: may_edit_visit(&viewer, &visit),
        visit,
        broker,
        party,
        f,
    })
}

async fn make_draft(Path((id, n)): Path<(String, String)>, Sent(request, fields): Sent) -> Response {
    let version = fields.get("version").parse().unwrap_or_default();
    let made = match (parse_id::<VisitId>(&id), n.parse()) {
        (Ok(visit), Ok(n)) => draft_need(&request.web.app, &request.viewer(), visit, version, n).await,
        _ => Err(AppError::NotFound),
    };
    match made {
        Ok(_) => {
            let there = Redirect::to(&format!("/visits/{id}")).into_response();
            with_flash(&request.web, there, Tone::Done, "need-drafted")
        }
        Err(error) => request.fault(error).into_response(),
    }
}

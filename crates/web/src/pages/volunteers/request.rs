//! `/volunteers/requests/{id}`: what is asked for, who goes, who could; dispatching and ending.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::volunteers::{RequestInput, RequestView, ask_for_help, dispatch, end_request, view_request};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{PartyId, VolunteerRequestId};

use super::duty::{DutyLine, Typed};
use super::{own_parties, span};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/volunteers/requests/new", ask)
        .post("/volunteers/requests", open)
        .get("/volunteers/requests/{id}", show)
        .post("/volunteers/requests/{id}/dispatch", send)
        .post("/volunteers/requests/{id}/end", end)
}

#[derive(Template)]
#[template(path = "volunteer_request_new.html")]
struct NewPage {
    f: Frame,
    own: Vec<(PartyId, String)>,
    chosen: Option<PartyId>,
    title: Input,
    body: Input,
    skills: Input,
    region: Input,
    place: Input,
    starts: Input,
    ends: Input,
    wanted: Input,
    problem: String,
}

async fn new_page(visit: &Visit, fields: &Fields, faults: Vec<Fault>) -> Result<NewPage, AppError> {
    let own = own_parties(visit).await?;
    let mut f = visit.frame_of("request-new");
    f.noindex = true;
    let faults = Faults(faults);
    let field = |name, ty, key: &'static str| faults.beside(&f, Input::new(name, ty, f.t(key), fields.get(name)));
    let line = |name, key: &'static str, longest| Input { longest, ..field(name, "text", key) };
    let known = ["title", "body", "skills", "region", "place", "starts", "ends", "wanted"];
    let wanted = field("wanted", "number", "request-wanted");
    Ok(NewPage {
        chosen: fields.get("party").parse().ok(),
        title: line("title", "request-title", 80),
        body: Input { rows: 5, ..line("body", "request-body", 2_000) },
        skills: Input {
            required: false,
            hint: f.t("team-skills-hint").to_owned(),
            ..line("skills", "request-skills", 200)
        },
        region: Input { required: false, ..line("region", "work-region", 60) },
        place: line("place", "request-place", 120),
        starts: field("starts", "datetime-local", "request-starts"),
        ends: field("ends", "datetime-local", "request-ends"),
        wanted: if wanted.value.is_empty() { Input { value: "1".to_owned(), ..wanted } } else { wanted },
        problem: faults.beyond(&f, &known),
        own,
        f,
    })
}

async fn ask(visit: Visit) -> Response {
    match new_page(&visit, &Fields::default(), Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn open(Sent(visit, fields): Sent) -> Response {
    let said = |name: &str| fields.get(name).to_owned();
    let input = RequestInput {
        party: fields.get("party").parse().ok(),
        title: said("title"),
        body: said("body"),
        skills: said("skills"),
        region: said("region"),
        place: said("place"),
        starts: said("starts"),
        ends: said("ends"),
        wanted: said("wanted"),
    };
    match ask_for_help(&visit.web.app, &visit.viewer(), input).await {
        Ok(request) => {
            let there = Redirect::to(&format!("/volunteers/requests/{}", request.id)).into_response();
            with_flash(&visit.web, there, Tone::Done, "request-opened")
        }
        Err(AppError::Invalid(faults)) => match new_page(&visit, &fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

#[derive(Template)]
#[template(path = "volunteer_request.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    view: RequestView,
    when: String,
    duties: Vec<DutyLine>,
    problem: String,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, Typed::default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, typed: Typed) -> Result<Page, AppError> {
    let mut view = view_request(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    let f = visit.frame(&view.request.title);
    let duties = std::mem::take(&mut view.duties).into_iter().map(|row| DutyLine::new(&f, row, &typed)).collect();
    Ok(Page {
        trail: vec![
            ("/volunteers".to_owned(), f.t("volunteers-title").to_owned()),
            ("/volunteers/requests".to_owned(), f.t("volunteer-requests").to_owned()),
            (String::new(), view.request.title.clone()),
        ],
        when: span(&f, &view.request.starts_at, &view.request.ends_at),
        duties,
        problem: typed.problem(&f),
        view,
        f,
    })
}

/// The request's page with what was typed into one of its forms, and what is wrong with it.
pub(super) async fn again_with(visit: &Visit, id: VolunteerRequestId, typed: Typed) -> Response {
    match page(visit, &id.to_string(), typed).await {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn done(visit: &Visit, id: &str, result: Result<(), AppError>, key: &str) -> Response {
    match result {
        Ok(()) => {
            let there = Redirect::to(&format!("/volunteers/requests/{id}")).into_response();
            with_flash(&visit.web, there, Tone::Done, key)
        }
        Err(AppError::Invalid(faults)) => match parse_id(id) {
            Ok(id) => again_with(visit, id, Typed { faults, ..Typed::default() }).await,
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn send(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = match (parse_id::<VolunteerRequestId>(&id), fields.get("volunteer").parse()) {
        (Ok(request), Ok(volunteer)) => dispatch(&visit.web.app, &visit.viewer(), request, volunteer).await.map(drop),
        _ => Err(AppError::NotFound),
    };
    done(&visit, &id, result, "duty-asked").await
}

async fn end(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let version = fields.get("version").parse().unwrap_or_default();
    let off = fields.get("what") == "off";
    let result = match parse_id::<VolunteerRequestId>(&id) {
        Ok(request) => end_request(&visit.web.app, &visit.viewer(), request, off, version).await,
        Err(error) => Err(error),
    };
    done(&visit, &id, result, "request-ended").await
}

//! `/engagements/{id}/annexes`: confidential annexes: shared on terms, read by who accepted them, each look logged.

use askama::Template;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::{
    AnnexInput, AnnexPage, AnnexView, Annexes, accept_annex_terms, close_annex, read_annex, share_annex, view_annexes,
};
use keqiao_app::paper::{Block, Paper};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AnnexId, EngagementId, Side};

use super::contract::pdf;
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/engagements/{id}/annexes", list)
        .post("/engagements/{id}/annexes", share)
        .get("/engagements/{id}/annexes/{annex}", show)
        .get("/engagements/{id}/annexes/{annex}/paper", paper)
        .post("/engagements/{id}/annexes/{annex}/{act}", act)
}

#[derive(Template)]
#[template(path = "annexes.html")]
struct ListPage {
    f: Frame,
    trail: Vec<(String, String)>,
    id: String,
    list: Vec<AnnexView>,
    side: Option<Side>,
    title: Input,
    terms: Input,
    body: Input,
    problem: String,
}

fn trail(f: &Frame, id: &str, title: &str, more: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut out = vec![
        ("/engagements".to_owned(), f.t("engagements-title").to_owned()),
        (format!("/engagements/{id}"), title.to_owned()),
    ];
    out.extend(more);
    out
}

async fn list_page(visit: &Visit, id: &str, fields: &Fields, faults: Vec<Fault>) -> Result<ListPage, AppError> {
    let found = view_annexes(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    let Annexes { engagement, list, side } = found;
    let mut f = visit.frame_of("annexes-title");
    f.noindex = true;
    let faults = Faults(faults);
    let input = |name, key: &'static str| faults.beside(&f, Input::new(name, "text", f.t(key), fields.get(name)));
    let id = engagement.id.to_string();
    let terms = input("terms", "annex-terms");
    // What one usually asks, to begin with.
    let usual = if terms.value.is_empty() { f.t("annex-usual-terms").to_owned() } else { terms.value.clone() };
    Ok(ListPage {
        trail: trail(&f, &id, &engagement.subject.title, vec![(String::new(), f.title.clone())]),
        title: Input { longest: 120, ..input("title", "annex-name") },
        terms: Input { rows: 4, longest: 3_000, value: usual, ..terms },
        body: Input { rows: 8, longest: 20_000, ..input("body", "annex-body") },
        problem: faults.beyond(&f, &["title", "terms", "body"]),
        id,
        list,
        side,
        f,
    })
}

async fn list(visit: Visit, Path(id): Path<String>) -> Response {
    match list_page(&visit, &id, &Fields::default(), Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn share(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let said = |name: &str| fields.get(name).to_owned();
    let input = AnnexInput { title: said("title"), terms: said("terms"), body: said("body") };
    let shared = match parse_id::<EngagementId>(&id) {
        Ok(engagement) => share_annex(&visit.web.app, &visit.viewer(), engagement, input).await,
        Err(error) => Err(error),
    };
    match shared {
        Ok(_) => {
            let there = Redirect::to(&format!("/engagements/{id}/annexes")).into_response();
            with_flash(&visit.web, there, Tone::Done, "annex-shared")
        }
        Err(AppError::Invalid(faults)) => match list_page(&visit, &id, &fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

#[derive(Template)]
#[template(path = "annex.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    id: String,
    page: AnnexPage,
    mark: String,
}

/// What is written across what is read: who reads it, and when.
fn mark(f: &Frame, page: &AnnexPage) -> String {
    format!("{} {}", page.reader, f.datetime(&page.at))
}

async fn read(visit: &Visit, id: &str, annex: &str, paper: bool) -> Result<AnnexPage, AppError> {
    let (id, annex) = (parse_id::<EngagementId>(id)?, parse_id::<AnnexId>(annex)?);
    read_annex(&visit.web.app, &visit.viewer(), id, annex, paper).await
}

async fn show(visit: Visit, Path((id, annex)): Path<(String, String)>) -> Response {
    match read(&visit, &id, &annex, false).await {
        Ok(page) => {
            let mut f = visit.frame(&page.annex.title);
            f.noindex = true;
            let id = page.engagement.id.to_string();
            let here = vec![
                (format!("/engagements/{id}/annexes"), f.t("annexes-title").to_owned()),
                (String::new(), page.annex.title.clone()),
            ];
            let trail = trail(&f, &id, &page.engagement.subject.title, here);
            let mut response = draw(&Page { mark: mark(&f, &page), trail, id, page, f });
            response.headers_mut().insert(CACHE_CONTROL, axum::http::HeaderValue::from_static("private, no-store"));
            response
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn paper(visit: Visit, Path((id, annex)): Path<(String, String)>) -> Response {
    match read(&visit, &id, &annex, true).await {
        Ok(page) => {
            let f = visit.frame("");
            let watermark = mark(&f, &page);
            let paper = Paper {
                title: page.annex.title.clone(),
                blocks: vec![
                    Block::Title(page.annex.title.clone()),
                    Block::Small(f.t1("annex-for", "who", &watermark)),
                    Block::Heading(f.t("annex-terms").to_owned()),
                    Block::Text(page.annex.terms.clone()),
                    Block::Heading(f.t("annex-body").to_owned()),
                    Block::Text(page.annex.body.clone()),
                ],
                foot: f.t1("annex-for", "who", &watermark),
                watermark,
            };
            pdf(&page.annex.title, paper.pdf())
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn act(Path((id, annex, what)): Path<(String, String, String)>, Sent(visit, _): Sent) -> Response {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    if visit.signed_in.is_none() {
        return visit.fault(AppError::SignInNeeded).into_response();
    }
    let (result, there, key) = match (parse_id::<EngagementId>(&id), parse_id::<AnnexId>(&annex), what.as_str()) {
        (Ok(engagement), Ok(one), "accept") => {
            let there = format!("/engagements/{id}/annexes/{annex}");
            (accept_annex_terms(app, &viewer, engagement, one).await, there, "annex-agreed")
        }
        (Ok(engagement), Ok(one), "close") => {
            (close_annex(app, &viewer, engagement, one).await, format!("/engagements/{id}/annexes"), "annex-closed")
        }
        _ => (Err(AppError::NotFound), String::new(), ""),
    };
    match result {
        Ok(()) => with_flash(&visit.web, Redirect::to(&there).into_response(), Tone::Done, key),
        Err(error) => visit.fault(error).into_response(),
    }
}

//! `/programs`: all calls; `/programs/{id}`: one with its call, its rules and how far it came.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::programs::{ProgramView, list_programs, view_program};
use keqiao_domain::{Phase, Program};

use super::{asked, next_page, trail};
use crate::page::Frame;
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default().get("/programs", all).get("/programs/{id}", show)
}

#[derive(Template)]
#[template(path = "programs.html")]
struct All {
    f: Frame,
    programs: Vec<Program>,
    next: String,
}

impl All {
    fn sort(&self, program: &Program) -> String {
        let known = self.f.catalog.programs.get(&program.ty);
        known.map_or_else(String::new, |t| t.name.get(self.f.locale.as_str()).to_owned())
    }
}

async fn all(visit: Visit) -> Response {
    match list(&visit).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn list(visit: &Visit) -> Result<All, AppError> {
    let fields = asked(visit)?;
    let place = fields.filled("after").map(|t| t.parse()).transpose();
    let place = place.map_err(|_| AppError::invalid("after", "bad-cursor"))?;
    let (programs, next) = list_programs(&visit.web.app, &visit.viewer(), place).await?;
    Ok(All { f: visit.frame_of("programs-title"), programs, next: next_page("/programs", &[], next) })
}

/// A step of the way, as the page draws it.
struct Stop {
    name: String,
    done: bool,
    here: bool,
}

#[derive(Template)]
#[template(path = "program.html")]
struct One {
    f: Frame,
    trail: Vec<(String, String)>,
    view: ProgramView,
    stops: Vec<Stop>,
    paragraphs: Vec<String>,
    kinds: Vec<String>,
    /// Criteria: name, hint, share in percent.
    criteria: Vec<(String, String, i64)>,
    quotas: Vec<(String, i64)>,
    /// Whether entries are taken today.
    open: bool,
    has_hall: bool,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match one(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn one(visit: &Visit, id: &str) -> Result<One, AppError> {
    let app = &visit.web.app;
    let view = view_program(app, &visit.viewer(), parse_id(id)?).await?;
    let settings = &view.program.settings;
    let mut f = visit.frame(&settings.title);
    f.description = settings.call.chars().take(120).collect();
    let locale = f.locale.as_str();
    let weights: i64 = view.ty.criteria.iter().map(|c| c.weight).sum();
    let criteria = view.ty.criteria.iter().map(|c| {
        (c.name.get(locale).to_owned(), c.hint.get(locale).to_owned(), (c.weight * 100 + weights / 2) / weights.max(1))
    });
    let today = app.settings.zone.day(app.now());
    let phase = view.program.phase;
    let stops = Phase::ALL.into_iter().filter(|p| *p != Phase::Draft || phase == Phase::Draft);
    Ok(One {
        trail: trail(&f, &view.program, ""),
        stops: stops.map(|p| Stop { name: f.word(p).to_owned(), done: p < phase, here: p == phase }).collect(),
        paragraphs: settings.call.split('\n').filter(|p| !p.trim().is_empty()).map(str::to_owned).collect(),
        kinds: view.ty.kinds.iter().map(|k| f.kind(k).to_owned()).collect(),
        criteria: criteria.collect(),
        quotas: settings.quotas.iter().map(|(code, n)| (f.region(code), *n)).collect(),
        open: phase == Phase::Open && settings.opens_on <= today && today <= settings.closes_on,
        has_hall: phase >= Phase::Published && view.ty.has(keqiao_domain::Milestone::Shown),
        view,
        f,
    })
}

//! `/programs/{id}/reviewers`: who reviews, what each has to do; adding, removing, dealing out.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::programs::{ReviewerLine, add_reviewer, deal_entries, remove_reviewer, reviewers_of, workbench};
use keqiao_domain::{Phase, ProgramId};

use super::work::{Part, parts};
use super::{told, trail};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default().get("/programs/{id}/reviewers", show).post("/programs/{id}/reviewers", send)
}

#[derive(Template)]
#[template(path = "program_reviewers.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    parts: Vec<Part>,
    program: ProgramId,
    reviewers: Vec<ReviewerLine>,
    email: Input,
    /// Whether reviewers can be named, and entries dealt.
    may_name: bool,
    may_deal: bool,
    per_entry: i64,
    problem: String,
}

async fn page(visit: &Visit, id: &str, typed: &Fields, faults: Faults, problem: String) -> Result<Page, AppError> {
    let id: ProgramId = parse_id(id)?;
    let reviewers = reviewers_of(&visit.web.app, &visit.viewer(), id).await?;
    let bench = workbench(&visit.web.app, &visit.viewer(), id).await?;
    let mut f = visit.frame_of("program-reviewers");
    f.noindex = true;
    let email = Input {
        hint: f.t("program-reviewer-hint").to_owned(),
        ..Input::new("email", "email", f.t("program-reviewer-email"), typed.get("email"))
    };
    let beyond = faults.beyond(&f, &["email"]);
    Ok(Page {
        trail: trail(&f, &bench.program, f.t("program-reviewers")),
        parts: parts(&f, &bench.program, !bench.ty.criteria.is_empty(), "reviewers"),
        program: id,
        reviewers,
        email: faults.beside(&f, email),
        may_name: bench.program.phase < Phase::Announced,
        may_deal: bench.program.phase == Phase::Review,
        per_entry: bench.program.settings.per_entry,
        problem: if problem.is_empty() { beyond } else { problem },
        f,
    })
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, &Fields::default(), Faults::default(), String::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn act(visit: &Visit, id: &str, fields: &Fields) -> Result<&'static str, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ProgramId = parse_id(id)?;
    match fields.get("do") {
        "remove" => {
            // Whoever may not see the list is told so first.
            reviewers_of(app, &viewer, id).await?;
            remove_reviewer(app, &viewer, id, parse_id(fields.get("reviewer"))?).await?;
            Ok("reviewer-removed")
        }
        "deal" => {
            let dealt = deal_entries(app, &viewer, id).await?;
            Ok(if dealt.short > 0 { "entries-dealt-short" } else { "entries-dealt" })
        }
        _ => {
            add_reviewer(app, &viewer, id, fields.get("email")).await?;
            Ok("reviewer-added")
        }
    }
}

async fn send(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let (faults, problem) = match act(&visit, &id, &fields).await {
        Ok(key) => {
            let there = Redirect::to(&format!("/programs/{id}/reviewers")).into_response();
            let tone = if key == "entries-dealt-short" { Tone::Wait } else { Tone::Done };
            return with_flash(&visit.web, there, tone, key);
        }
        Err(AppError::Invalid(faults)) => (Faults(faults), String::new()),
        Err(error) => match told(&visit.frame(""), error) {
            Ok(problem) => (Faults::default(), problem),
            Err(error) => return visit.fault(error).into_response(),
        },
    };
    match page(&visit, &id, &fields, faults, problem).await {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

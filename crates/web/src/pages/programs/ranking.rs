//! `/programs/{id}/ranking`: the table of normalised scores; selecting by it.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::programs::{
    Cut, EntryFilter, Workbench, entries_of, keep_ranking, pass_over_rest, ranking, select_best, workbench,
};
use keqiao_domain::{EntryStage, Phase, ProgramId};

use super::row::Row;
use super::work::{Part, filter, parts};
use super::{asked, told, trail};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default().get("/programs/{id}/ranking", show).post("/programs/{id}/ranking", send)
}

#[derive(Template)]
#[template(path = "program_ranking.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    parts: Vec<Part>,
    bench: Workbench,
    rows: Vec<Row>,
    scored: bool,
    /// Sheets that came after the ranking.
    fresh: i64,
    may_decide: bool,
    areas: Vec<(String, String, bool)>,
    kinds: Vec<(String, String, bool)>,
    count: Input,
    first: String,
    next: String,
    here: String,
    problem: String,
}

/// The place at which a page of the ranking begins: `place.number`.
fn place(fields: &Fields) -> Result<(i64, i64), AppError> {
    let wrong = || AppError::invalid("after", "bad-cursor");
    let Some(text) = fields.filled("after") else { return Ok((0, 0)) };
    let (place, number) = text.split_once('.').ok_or_else(wrong)?;
    Ok((place.parse().map_err(|_| wrong())?, number.parse().map_err(|_| wrong())?))
}

async fn page(visit: &Visit, id: &str, typed: &Fields, faults: Faults, problem: String) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ProgramId = parse_id(id)?;
    let bench = workbench(app, &viewer, id).await?;
    let fields =
        if visit.path.starts_with(&format!("/programs/{id}/ranking")) { asked(visit)? } else { Fields::default() };
    let scored = !bench.ty.criteria.is_empty();
    let narrowed = EntryFilter { appealed: false, ..filter(&fields) };
    let start = place(&fields)?;
    let (lines, next) = if scored {
        let (lines, next) = ranking(app, &viewer, id, &narrowed, start).await?;
        (lines, next.map(|(place, number)| format!("{place}.{number}")))
    } else {
        let waits = vec![EntryStage::Checked, EntryStage::Selected, EntryStage::PassedOver];
        let (_, lines, next) =
            entries_of(app, &viewer, id, &EntryFilter { stages: waits, ..narrowed }, start.1).await?;
        (lines, next.map(|number| format!("0.{number}")))
    };
    let mut f = visit.frame_of(if scored { "program-ranking" } else { "program-decisions" });
    f.noindex = true;
    let path = format!("/programs/{id}/ranking");
    let pairs: Vec<(&str, &str)> = ["area", "kind", "stage"].into_iter().map(|n| (n, fields.get(n))).collect();
    let count = Input::new("count", "number", f.t("program-cut-count"), typed.get("count"));
    let beyond = faults.beyond(&f, &["count"]);
    Ok(Page {
        trail: trail(&f, &bench.program, &f.title),
        parts: parts(&f, &bench.program, scored, "ranking"),
        fresh: bench.standing.reviews - bench.program.ranked.as_ref().map_or(0, |r| r.reviews),
        may_decide: bench.program.phase == Phase::Review,
        areas: bench.areas.iter().map(|a| (a.area.clone(), f.region(&a.area), fields.get("area") == a.area)).collect(),
        kinds: bench.ty.kinds.iter().map(|k| (k.clone(), f.kind(k).to_owned(), fields.get("kind") == k)).collect(),
        rows: lines.into_iter().map(|l| Row::new(&f, l)).collect(),
        count: faults.beside(&f, count),
        first: if start == (0, 0) { String::new() } else { super::address(&path, &pairs) },
        next: super::next_page(&path, &pairs, next),
        here: if f.path.starts_with(&path) { f.path.clone() } else { path },
        problem: if problem.is_empty() { beyond } else { problem },
        scored,
        bench,
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
    let count = || {
        let n = fields.get("count").trim().parse::<i64>().ok().filter(|n| (1..=100_000).contains(n));
        n.ok_or_else(|| AppError::invalid("count", "not-a-number"))
    };
    match fields.get("do") {
        "pass-over" => pass_over_rest(app, &viewer, id).await.map(|_| "entries-passed-over"),
        "select" => {
            workbench(app, &viewer, id).await?;
            let cut = match fields.get("of") {
                "kind" => Cut::BestOfKind(count()?),
                "places" => Cut::Places,
                _ => Cut::Best(count()?),
            };
            select_best(app, &viewer, id, cut).await.map(|_| "entries-selected")
        }
        _ => keep_ranking(app, &viewer, id).await.map(|_| "ranking-kept"),
    }
}

async fn send(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let (faults, problem) = match act(&visit, &id, &fields).await {
        Ok(key) => {
            let there = Redirect::to(&format!("/programs/{id}/ranking")).into_response();
            return with_flash(&visit.web, there, Tone::Done, key);
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

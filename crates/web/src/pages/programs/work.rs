//! `/programs/{id}/work`: the organiser's workbench, and below it the list of entries, narrowed.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::programs::{AreaCount, EntryFilter, Workbench, entries_of, go_on, workbench};
use keqiao_domain::{EntryStage, Phase, Program, ProgramDeed, ProgramId, Timestamp};

use super::row::Row;
use super::{after, asked, back, next_page, trail};
use crate::fields::{Fields, Sent};
use crate::page::Frame;
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/programs/{id}/work", show)
        .get("/programs/{id}/work/entries", list)
        .post("/programs/{id}/phase", phase)
}

/// A part of the workbench: address, name, whether it is open.
pub(super) type Part = (String, &'static str, bool);

/// The parts of the workbench that a program has.
pub(super) fn parts(f: &Frame, program: &Program, scored: bool, here: &str) -> Vec<Part> {
    let id = program.id;
    let mut all = vec![("work", "program-work"), ("work/entries", "program-entries")];
    if scored {
        all.extend([("reviewers", "program-reviewers"), ("ranking", "program-ranking")]);
    } else {
        all.push(("ranking", "program-decisions"));
    }
    all.extend([("sessions", "program-sessions"), ("follow-up", "program-follow-up")]);
    all.into_iter().map(|(part, key)| (format!("/programs/{id}/{part}"), f.t(key), part == here)).collect()
}

/// A region's row.
struct Area {
    name: String,
    count: AreaCount,
    href: String,
    /// How much of its places is filled, 0–100.
    share: i64,
}

/// An entry of the program's record.
struct Told {
    what: String,
    who: String,
    at: Timestamp,
    hash: String,
}

#[derive(Template)]
#[template(path = "program_work.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    parts: Vec<Part>,
    bench: Workbench,
    areas: Vec<Area>,
    total: AreaCount,
    stages: Vec<(String, i64, String)>,
    records: Vec<Told>,
    /// The next phase: its word and name.
    next: Option<(&'static str, String)>,
    reviewed: bool,
    /// How many sheets there will be when all is reviewed; how many there are, in percent.
    progress: i64,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str) -> Result<Page, AppError> {
    let id: ProgramId = parse_id(id)?;
    let bench = workbench(&visit.web.app, &visit.viewer(), id).await?;
    let mut f = visit.frame_of("program-work");
    f.noindex = true;
    let mut total = AreaCount::default();
    for a in &bench.areas {
        total.collected += a.collected;
        total.unchecked += a.unchecked;
        total.passed += a.passed;
        total.chosen += a.chosen;
        total.places = Some(total.places.unwrap_or(0) + a.places.unwrap_or(0));
    }
    let area = |a: &AreaCount| Area {
        name: f.region(&a.area),
        href: format!("/programs/{id}/work/entries?area={}", a.area),
        share: a.places.filter(|n| *n > 0).map_or(0, |n| (a.collected * 100 / n).min(100)),
        count: a.clone(),
    };
    let stage = |(s, n): &(EntryStage, i64)| {
        (f.word(*s).to_owned(), *n, format!("/programs/{id}/work/entries?stage={}", s.as_str()))
    };
    let told = |r: &keqiao_domain::ProgramRecord<ProgramDeed>| Told {
        what: match &r.what {
            ProgramDeed::Created { .. } => f.t("program-deed-created").to_owned(),
            ProgramDeed::Amended { .. } => f.t("program-deed-amended").to_owned(),
            ProgramDeed::Moved { phase } => f.t1("program-deed-moved", "phase", f.word(*phase)),
            ProgramDeed::Ranked { reviews, .. } => f.tn("program-deed-ranked", *reviews),
        },
        who: r.actor.and_then(|a| bench.names.get(&a).cloned()).unwrap_or_default(),
        at: r.at,
        hash: r.seal().hash.chars().take(12).collect(),
    };
    let scored = !bench.ty.criteria.is_empty();
    let all = bench.work.scored + bench.work.waiting;
    Ok(Page {
        trail: trail(&f, &bench.program, f.t("program-work")),
        parts: parts(&f, &bench.program, scored, "work"),
        areas: bench.areas.iter().map(area).collect(),
        stages: bench.stages.iter().map(stage).collect(),
        records: bench.records.iter().rev().map(told).collect(),
        next: bench.program.phase.next().map(|p| (p.as_str(), f.t(go_key(p)).to_owned())),
        reviewed: scored,
        progress: if all > 0 { bench.work.scored * 100 / all } else { 0 },
        total,
        bench,
        f,
    })
}

/// The words of the button that brings a program into a phase.
const fn go_key(phase: Phase) -> &'static str {
    match phase {
        Phase::Draft => "phase-draft",
        Phase::Open => "program-go-open",
        Phase::Review => "program-go-review",
        Phase::Announced => "program-go-announced",
        Phase::Published => "program-go-published",
        Phase::Closed => "program-go-closed",
    }
}

#[derive(Template)]
#[template(path = "program_entries.html")]
struct List {
    f: Frame,
    trail: Vec<(String, String)>,
    parts: Vec<Part>,
    program: Program,
    rows: Vec<Row>,
    /// Choices of the filter: value, name, whether it is chosen.
    stages: Vec<(&'static str, &'static str, bool)>,
    areas: Vec<(String, String, bool)>,
    kinds: Vec<(String, String, bool)>,
    words: String,
    first: String,
    next: String,
    /// This page's address, to come back to.
    here: String,
}

/// What an address narrows a list to.
pub(super) fn filter(fields: &Fields) -> EntryFilter {
    let stage = EntryStage::ALL.into_iter().find(|s| s.as_str() == fields.get("stage"));
    let words = fields.filled("q").map(|q| keqiao_domain::fold_key(q).as_str().to_owned());
    EntryFilter {
        stages: stage.into_iter().collect(),
        area: fields.filled("area").map(str::to_owned),
        kind: fields.filled("kind").map(str::to_owned),
        words: words.filter(|w| !w.is_empty()),
        appealed: fields.get("appealed") == "1",
        ..EntryFilter::default()
    }
}

async fn list(visit: Visit, Path(id): Path<String>) -> Response {
    match entries(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn entries(visit: &Visit, id: &str) -> Result<List, AppError> {
    let fields = asked(visit)?;
    let id: ProgramId = parse_id(id)?;
    let place = after(&fields)?;
    let bench = workbench(&visit.web.app, &visit.viewer(), id).await?;
    let (program, lines, next) = entries_of(&visit.web.app, &visit.viewer(), id, &filter(&fields), place).await?;
    let mut f = visit.frame_of("program-entries");
    f.noindex = true;
    let path = format!("/programs/{id}/work/entries");
    let pairs: Vec<(&str, &str)> =
        ["stage", "area", "kind", "q", "appealed"].into_iter().map(|name| (name, fields.get(name))).collect();
    let stages = EntryStage::ALL.into_iter().filter(|s| *s != EntryStage::Draft);
    Ok(List {
        trail: trail(&f, &program, f.t("program-entries")),
        parts: parts(&f, &program, !bench.ty.criteria.is_empty(), "work/entries"),
        stages: stages.map(|s| (s.as_str(), f.word(s), fields.get("stage") == s.as_str())).collect(),
        areas: bench.areas.iter().map(|a| (a.area.clone(), f.region(&a.area), fields.get("area") == a.area)).collect(),
        kinds: bench.ty.kinds.iter().map(|k| (k.clone(), f.kind(k).to_owned(), fields.get("kind") == k)).collect(),
        words: fields.get("q").to_owned(),
        first: if place > 0 { super::address(&path, &pairs) } else { String::new() },
        next: next_page(&path, &pairs, next),
        rows: lines.into_iter().map(|l| Row::new(&f, l)).collect(),
        here: f.path.clone(),
        program,
        f,
    })
}

async fn phase(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let wanted = Phase::ALL.into_iter().find(|p| p.as_str() == fields.get("phase"));
    let done = match (parse_id(&id), wanted) {
        (Ok(id), Some(phase)) => go_on(&visit.web.app, &visit.viewer(), id, phase).await.map(drop),
        (Ok(id), None) => match workbench(&visit.web.app, &visit.viewer(), id).await {
            Ok(_) => Err(AppError::invalid("phase", "unknown-choice")),
            Err(error) => Err(error),
        },
        (Err(error), _) => Err(error),
    };
    back(&visit, &format!("/programs/{id}/work"), done, "program-moved")
}

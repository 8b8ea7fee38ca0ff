//! `/programs/new` and `/programs/{id}/edit`: the call, its window, its rules and places.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::parties::parties_named;
use keqiao_app::programs::{create_program, set_program, view_program};
use keqiao_app::{AppError, Fault, code_named};
use keqiao_domain::{Program, ProgramSettings, ProgramType};

use super::{asked, told};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/programs/new", fresh)
        .post("/programs", create)
        .get("/programs/{id}/edit", edit)
        .post("/programs/{id}/edit", save)
}

#[derive(Template)]
#[template(path = "program_settings.html")]
struct Page {
    f: Frame,
    /// Where the form goes.
    action: String,
    back: String,
    expected: i64,
    /// Sorts to choose from; none when one is edited.
    sorts: Vec<Sort>,
    reviewed: bool,
    inputs: Vec<Input>,
    numbers: Vec<Input>,
    blind: bool,
    quotas: Input,
    problem: String,
}

/// A sort of program.
struct Sort {
    id: String,
    name: String,
    /// What it is for.
    lede: String,
    chosen: bool,
}

async fn fresh(visit: Visit) -> Response {
    let asked = match visit.signed_in {
        None => Err(AppError::SignInNeeded),
        Some(_) if !visit.viewer().is_operator() => Err(AppError::NotAllowed),
        Some(_) => asked(&visit),
    };
    match asked {
        Ok(fields) => draw(&form(&visit, None, fields, &Faults::default(), String::new())),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The form of a program that is edited, with its sort; or of a fresh one.
fn form(visit: &Visit, edited: Option<&Program>, typed: Fields, faults: &Faults, problem: String) -> Page {
    let mut f = visit.frame_of(if edited.is_some() { "program-edit-title" } else { "program-new-title" });
    f.noindex = true;
    let locale = f.locale.as_str();
    let all = &f.catalog.programs;
    let chosen = edited.map_or_else(|| typed.get("ty").to_owned(), |p| p.ty.clone());
    let ty = all.get(&chosen).or_else(|| all.values().next());
    let settings =
        edited.map(|p| p.settings.clone()).unwrap_or_else(|| ty.map(ProgramSettings::of_type).unwrap_or_default());
    // An address names but a sort.
    let sent = typed.0.iter().any(|(name, _)| name == "title");
    let fields = if sent { typed } else { fields_of(&f, &settings) };
    let input = |name, ty, label| faults.beside(&f, Input::new(name, ty, f.t(label), fields.get(name)));
    let call = Input { rows: 10, longest: 20_000, ..input("call", "text", "program-call") };
    let organizer = Input {
        required: false,
        hint: f.t("program-organizer-hint").to_owned(),
        ..input("organizer", "text", "program-organizer")
    };
    let inputs = vec![
        Input { longest: 120, ..input("title", "text", "program-name") },
        call,
        organizer,
        input("opens_on", "date", "program-opens"),
        input("closes_on", "date", "program-closes"),
    ];
    let mut numbers = vec![
        Input { hint: f.t("program-per-entry-hint").to_owned(), ..input("per_entry", "number", "program-per-entry") },
        Input { hint: f.t("program-quorum-hint").to_owned(), ..input("quorum", "number", "program-quorum") },
        Input { hint: f.t("program-appeal-hint").to_owned(), ..input("appeal_days", "number", "program-appeal-days") },
    ];
    let reviewed = ty.is_some_and(|t| !t.criteria.is_empty());
    numbers.retain(|i| reviewed || i.name == "appeal_days");
    let quotas = Input {
        rows: 6,
        required: false,
        hint: f.t("program-quotas-hint").to_owned(),
        ..input("quotas", "text", "program-quotas")
    };
    let choice = |t: &ProgramType| Sort {
        id: t.id.clone(),
        name: t.name.get(locale).to_owned(),
        lede: t.lede.get(locale).to_owned(),
        chosen: Some(&t.id) == ty.map(|t| &t.id),
    };
    let sorts = if edited.is_some() { Vec::new() } else { all.values().map(choice).collect() };
    Page {
        action: edited.map_or_else(|| "/programs".to_owned(), |p| format!("/programs/{}/edit", p.id)),
        back: edited.map_or_else(|| "/programs".to_owned(), |p| format!("/programs/{}/work", p.id)),
        expected: edited.map_or(0, |p| p.steps),
        reviewed,
        blind: fields.ticked("blind"),
        sorts,
        inputs,
        numbers,
        quotas,
        problem,
        f,
    }
}

/// Settings as a form shows them.
fn fields_of(f: &Frame, s: &ProgramSettings) -> Fields {
    let quotas: Vec<String> = s.quotas.iter().map(|(code, n)| format!("{} {n}", f.region(code))).collect();
    let pairs = [
        ("title", s.title.clone()),
        ("call", s.call.clone()),
        ("organizer", s.organizer.map_or_else(String::new, |p| p.to_string())),
        ("opens_on", s.opens_on.clone()),
        ("closes_on", s.closes_on.clone()),
        ("per_entry", s.per_entry.to_string()),
        ("quorum", s.quorum.to_string()),
        ("appeal_days", s.appeal_days.to_string()),
        ("blind", if s.blind { "1" } else { "" }.to_owned()),
        ("quotas", quotas.join("\n")),
    ];
    Fields(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What a form says; what cannot be read is a fault of its field.
async fn read(visit: &Visit, fields: &Fields) -> Result<ProgramSettings, AppError> {
    let app = &visit.web.app;
    let mut faults = Vec::new();
    let mut number = |name: &str| {
        let text = fields.get(name).trim();
        if text.is_empty() {
            return 0;
        }
        text.parse().unwrap_or_else(|_| {
            faults.push(Fault::new(name, "not-a-number"));
            0
        })
    };
    let (per_entry, quorum, appeal_days) = (number("per_entry"), number("quorum"), number("appeal_days"));
    let mut quotas = BTreeMap::new();
    for line in fields.get("quotas").lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (place, n) = line.rsplit_once([' ', '\t', '：', ':', ',', '，']).unwrap_or((line, ""));
        match (code_named(&app.catalog, "region", place.trim()), n.trim().parse()) {
            (Ok(code), Ok(n)) => drop(quotas.insert(code, n)),
            (Err(fault), _) => faults.push(Fault { field: "quotas".into(), ..fault }),
            (_, Err(_)) => {
                faults.push(Fault::with("quotas", "not-a-number", line.chars().take(40).collect::<String>()))
            }
        }
    }
    let organizer = match fields.filled("organizer") {
        None => None,
        Some(text) => match parties_named(app, &visit.viewer(), text).await?.as_slice() {
            [one] => Some(one.id),
            [] => {
                faults.push(Fault::new("organizer", "unknown-party"));
                None
            }
            _ => {
                faults.push(Fault::new("organizer", "ambiguous-name"));
                None
            }
        },
    };
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let text = |name: &str| fields.get(name).to_owned();
    Ok(ProgramSettings {
        title: text("title"),
        call: text("call"),
        opens_on: text("opens_on"),
        closes_on: text("closes_on"),
        blind: fields.ticked("blind"),
        organizer,
        per_entry,
        quorum,
        appeal_days,
        quotas,
    })
}

async fn create(Sent(visit, fields): Sent) -> Response {
    let made = match visit.viewer() {
        viewer if viewer.account.is_none() => Err(AppError::SignInNeeded),
        viewer if !viewer.is_operator() => Err(AppError::NotAllowed),
        viewer => match read(&visit, &fields).await {
            Ok(settings) => create_program(&visit.web.app, &viewer, fields.get("ty"), settings, false).await,
            Err(error) => Err(error),
        },
    };
    match made {
        Ok(program) => {
            let there = Redirect::to(&format!("/programs/{}/work", program.id)).into_response();
            with_flash(&visit.web, there, Tone::Done, "program-made")
        }
        Err(AppError::Invalid(faults)) => again(&form(&visit, None, fields, &Faults(faults), String::new())),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn own(visit: &Visit, id: &str) -> Result<Program, AppError> {
    let view = view_program(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    if visit.signed_in.is_none() {
        return Err(AppError::SignInNeeded);
    }
    if view.organises { Ok(view.program) } else { Err(AppError::NotAllowed) }
}

async fn edit(visit: Visit, Path(id): Path<String>) -> Response {
    match own(&visit, &id).await {
        Ok(program) => draw(&form(&visit, Some(&program), Fields::default(), &Faults::default(), String::new())),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn save(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let program = match own(&visit, &id).await {
        Ok(program) => program,
        Err(error) => return visit.fault(error).into_response(),
    };
    let expected = fields.get("expected").parse().unwrap_or_default();
    let saved = match read(&visit, &fields).await {
        Ok(settings) => set_program(&visit.web.app, &visit.viewer(), program.id, expected, settings).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(program) => {
            let there = Redirect::to(&format!("/programs/{}/work", program.id)).into_response();
            with_flash(&visit.web, there, Tone::Done, "program-saved")
        }
        Err(AppError::Invalid(faults)) => again(&form(&visit, Some(&program), fields, &Faults(faults), String::new())),
        Err(error) => match told(&visit.frame(""), error) {
            Ok(problem) => again(&form(&visit, Some(&program), fields, &Faults::default(), problem)),
            Err(error) => visit.fault(error).into_response(),
        },
    }
}

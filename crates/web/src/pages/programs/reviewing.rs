//! `/reviewing`: the reviewer's desk; `/entries/{id}/review`: the score sheet.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::parties::parties_named;
use keqiao_app::programs::{
    Duty, EntryDoing, ReviewSheet, declare_interest, my_reviews, review_sheet, reviews_in, take_entry_step,
};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{ProgramEntryId, ProgramId, ReviewState};

use super::row::{Row, filled, points_of};
use super::{after, asked, next_page, points, told};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/reviewing", desk)
        .get("/reviewing/{id}", list)
        .post("/reviewing/{id}", declare)
        .get("/entries/{id}/review", sheet)
        .post("/entries/{id}/review", score)
}

#[derive(Template)]
#[template(path = "reviewing.html")]
struct Desk {
    f: Frame,
    duties: Vec<Duty>,
}

async fn desk(visit: Visit) -> Response {
    match my_reviews(&visit.web.app, &visit.viewer()).await {
        Ok(duties) => {
            let mut f = visit.frame_of("reviewing-title");
            f.noindex = true;
            draw(&Desk { f, duties })
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

#[derive(Template)]
#[template(path = "reviewing_program.html")]
struct List {
    f: Frame,
    program: ProgramId,
    title: String,
    blind: bool,
    done: bool,
    rows: Vec<Row>,
    party: Input,
    next: String,
}

async fn list_page(visit: &Visit, id: &str, typed: &Fields, faults: &Faults) -> Result<List, AppError> {
    let id: ProgramId = parse_id(id)?;
    let fields = asked(visit)?;
    let done = fields.get("done") == "1";
    let (program, lines, next) = reviews_in(&visit.web.app, &visit.viewer(), id, done, after(&fields)?).await?;
    let mut f = visit.frame_of("reviewing-title");
    f.noindex = true;
    let party = Input {
        hint: f.t("reviewing-declare-hint").to_owned(),
        ..Input::new("party", "text", f.t("reviewing-declare-party"), typed.get("party"))
    };
    Ok(List {
        program: id,
        title: program.settings.title.clone(),
        blind: program.settings.blind,
        rows: lines.into_iter().map(|l| Row::new(&f, l)).collect(),
        party: faults.beside(&f, party),
        next: next_page(&format!("/reviewing/{id}"), &[("done", fields.get("done"))], next),
        done,
        f,
    })
}

async fn list(visit: Visit, Path(id): Path<String>) -> Response {
    match list_page(&visit, &id, &Fields::default(), &Faults::default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn declare(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let declared = match parse_id::<ProgramId>(&id) {
        Ok(program) => declared(&visit, program, &fields).await,
        Err(error) => Err(error),
    };
    match declared {
        Ok(()) => {
            let there = Redirect::to(&format!("/reviewing/{id}")).into_response();
            with_flash(&visit.web, there, Tone::Done, "interest-declared")
        }
        Err(AppError::Invalid(faults)) => match list_page(&visit, &id, &fields, &Faults(faults)).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn declared(visit: &Visit, program: ProgramId, fields: &Fields) -> Result<(), AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    reviews_in(app, &viewer, program, false, 0).await?;
    let found = match fields.filled("party") {
        Some(text) => parties_named(app, &viewer, text).await?,
        None => return Err(AppError::invalid("party", "required")),
    };
    match found.as_slice() {
        [one] => declare_interest(app, &viewer, program, one.id).await.map(drop),
        [] => Err(AppError::invalid("party", "unknown-party")),
        _ => Err(AppError::Invalid(vec![Fault::new("party", "ambiguous-name")])),
    }
}

/// A criterion of the sheet.
struct Line {
    id: String,
    name: String,
    hint: String,
    share: i64,
    value: String,
    error: String,
}

#[derive(Template)]
#[template(path = "review_sheet.html")]
struct Page {
    f: Frame,
    sheet: ReviewSheet,
    kind: String,
    fields: Vec<(String, String)>,
    lines: Vec<Line>,
    comment: Input,
    total: String,
    recused: bool,
    problem: String,
}

async fn page(
    visit: &Visit,
    id: &str,
    typed: Option<&Fields>,
    faults: Faults,
    problem: String,
) -> Result<Page, AppError> {
    let sheet = review_sheet(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    let mut f = visit.frame(&sheet.title);
    f.noindex = true;
    let locale = f.locale.as_str();
    let weights: i64 = sheet.ty.criteria.iter().map(|c| c.weight).sum();
    let (given, kept) = match &sheet.state {
        ReviewState::Scored { points, comment, .. } => (Some(points), comment.clone()),
        ReviewState::Assigned | ReviewState::Recused { .. } => (None, String::new()),
    };
    let value = |id: &str| match typed {
        Some(fields) => fields.get(&format!("points.{id}")).to_owned(),
        None => given.and_then(|p| p.get(id)).map_or_else(String::new, ToString::to_string),
    };
    let line = |c: &keqiao_domain::ScoreCriterion| Line {
        id: c.id.clone(),
        name: c.name.get(locale).to_owned(),
        hint: c.hint.get(locale).to_owned(),
        share: (c.weight * 100 + weights / 2) / weights.max(1),
        value: value(&c.id),
        error: faults.of(&f, &c.id),
    };
    let comment = typed.map_or(kept, |fields| fields.get("note").to_owned());
    let comment = Input {
        rows: 4,
        longest: 2_000,
        required: false,
        ..Input::new("note", "text", f.t("review-sheet-comment"), &comment)
    };
    let ids: Vec<&str> = sheet.ty.criteria.iter().map(|c| c.id.as_str()).chain(["note"]).collect();
    let beyond = faults.beyond(&f, &ids);
    Ok(Page {
        kind: f.kind(&sheet.kind).to_owned(),
        fields: filled(&f, &sheet.ty, &sheet.fields),
        lines: sheet.ty.criteria.iter().map(line).collect(),
        comment: faults.beside(&f, comment),
        total: match &sheet.state {
            ReviewState::Scored { total, .. } => points(*total),
            ReviewState::Assigned | ReviewState::Recused { .. } => String::new(),
        },
        recused: matches!(sheet.state, ReviewState::Recused { .. }),
        problem: if problem.is_empty() { beyond } else { problem },
        sheet,
        f,
    })
}

async fn sheet(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, None, Faults::default(), String::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn score(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let (faults, problem) = match kept(&visit, &id, &fields).await {
        Ok((to, key)) => return with_flash(&visit.web, Redirect::to(&to).into_response(), Tone::Done, key),
        Err(AppError::Invalid(faults)) => (Faults(faults), String::new()),
        Err(error) => match told(&visit.frame(""), error) {
            Ok(problem) => (Faults::default(), problem),
            Err(error) => return visit.fault(error).into_response(),
        },
    };
    match page(&visit, &id, Some(&fields), faults, problem).await {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// Scores, or leaves to others; where to go then, and what to say.
async fn kept(visit: &Visit, id: &str, fields: &Fields) -> Result<(String, &'static str), AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ProgramEntryId = parse_id(id)?;
    let sheet = review_sheet(app, &viewer, id).await?;
    let list = format!("/reviewing/{}", sheet.program.id);
    if fields.get("do") == "recuse" {
        take_entry_step(app, &viewer, id, EntryDoing::Recuse, fields.get("note"), None).await?;
        return Ok((list, "review-recused"));
    }
    let doing = EntryDoing::Score(points_of(&sheet.ty, fields));
    take_entry_step(app, &viewer, id, doing, fields.get("note"), None).await?;
    let next = sheet.next.filter(|_| fields.get("act") == "next");
    Ok((next.map_or(list, |next| format!("/entries/{next}/review")), "review-scored"))
}

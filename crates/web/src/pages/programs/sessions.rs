//! `/programs/{id}/sessions`: pitches, meetings, the signing; `/program-sessions/{id}`: one with its entries or its
//! timetable.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::programs::{
    SessionInput, SessionView, TimetableLine, create_session, plan_meetings, put_into_session, sessions_of,
    take_from_session, timetable_of, view_program, view_session,
};
use keqiao_domain::{Phase, Program, ProgramId, ProgramSession, ProgramSessionId, SessionSort, Timestamp};

use super::row::Row;
use super::work::{Part, parts};
use super::{told, trail};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/programs/{id}/sessions", all)
        .post("/programs/{id}/sessions", create)
        .get("/program-sessions/{id}", one)
        .post("/program-sessions/{id}", change)
}

#[derive(Template)]
#[template(path = "program_sessions.html")]
struct All {
    f: Frame,
    trail: Vec<(String, String)>,
    parts: Vec<Part>,
    program: Program,
    sessions: Vec<ProgramSession>,
    /// Whether sessions can be made now.
    open: bool,
    sorts: Vec<(&'static str, &'static str, bool)>,
    sort_fault: String,
    inputs: Vec<Input>,
    typed: bool,
    problem: String,
}

async fn all_page(visit: &Visit, id: &str, typed: Fields, faults: &Faults, problem: String) -> Result<All, AppError> {
    let id: ProgramId = parse_id(id)?;
    let view = view_program(&visit.web.app, &visit.viewer(), id).await?;
    let (program, sessions) = sessions_of(&visit.web.app, &visit.viewer(), id).await?;
    let f = visit.frame_of("program-sessions");
    let input = |name, ty, label| faults.beside(&f, Input::new(name, ty, f.t(label), typed.get(name)));
    let or = |i: Input, usual: &str| if i.value.is_empty() { Input { value: usual.to_owned(), ..i } } else { i };
    let inputs = vec![
        Input { longest: 200, ..input("title", "text", "session-title") },
        Input { required: false, longest: 200, ..input("place", "text", "session-place") },
        input("starts", "datetime-local", "session-starts"),
        input("ends", "datetime-local", "session-ends"),
        Input {
            hint: f.t("session-minutes-hint").to_owned(),
            ..or(input("minutes", "number", "session-minutes"), "15")
        },
        Input { hint: f.t("session-tables-hint").to_owned(), ..or(input("tables", "number", "session-tables"), "10") },
    ];
    let organises = view.organises;
    Ok(All {
        trail: trail(&f, &program, f.t("program-sessions")),
        parts: if organises { parts(&f, &program, !view.ty.criteria.is_empty(), "sessions") } else { Vec::new() },
        open: organises && !matches!(program.phase, Phase::Draft | Phase::Closed),
        sorts: SessionSort::ALL.iter().map(|s| (s.as_str(), f.word(*s), typed.get("sort") == s.as_str())).collect(),
        sort_fault: faults.of(&f, "sort"),
        typed: !typed.0.is_empty(),
        inputs,
        sessions,
        program,
        problem,
        f,
    })
}

async fn all(visit: Visit, Path(id): Path<String>) -> Response {
    match all_page(&visit, &id, Fields::default(), &Faults::default(), String::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn create(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let number = |name: &str| fields.get(name).trim().parse().unwrap_or_default();
    let input = SessionInput {
        sort: SessionSort::ALL.into_iter().find(|s| s.as_str() == fields.get("sort")),
        title: fields.get("title").to_owned(),
        place: fields.get("place").to_owned(),
        starts: fields.get("starts").to_owned(),
        ends: fields.get("ends").to_owned(),
        minutes: number("minutes"),
        tables: number("tables"),
    };
    let made = match parse_id(&id) {
        Ok(id) => create_session(&visit.web.app, &visit.viewer(), id, &input).await,
        Err(error) => Err(error),
    };
    let (faults, problem) = match made {
        Ok(session) => {
            let there = Redirect::to(&format!("/program-sessions/{}", session.id)).into_response();
            return with_flash(&visit.web, there, Tone::Done, "session-made");
        }
        Err(AppError::Invalid(faults)) => (Faults(faults), String::new()),
        Err(error) => match told(&visit.frame(""), error) {
            Ok(problem) => (Faults::default(), problem),
            Err(error) => return visit.fault(error).into_response(),
        },
    };
    match all_page(&visit, &id, fields, &faults, problem).await {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// An entry of a pitch session, with its minute.
struct Pitched {
    row: Row,
    at: Option<Timestamp>,
}

#[derive(Template)]
#[template(path = "program_session.html")]
struct One {
    f: Frame,
    trail: Vec<(String, String)>,
    view: SessionView,
    pitched: Vec<Pitched>,
    /// The timetable of meetings, and whether it is all of it.
    meetings: Vec<TimetableLine>,
    numbers: Input,
    problem: String,
}

impl One {
    fn is(&self, sort: &str) -> bool {
        self.view.session.sort.as_str() == sort
    }
    fn slot(&self, line: &TimetableLine) -> String {
        self.f.zone.minute(self.view.session.slot_at(line.meeting.slot)).replace('T', " ")
    }
    fn table(&self, line: &TimetableLine) -> i64 {
        line.meeting.table + 1
    }
}

async fn one_page(visit: &Visit, id: &str, typed: &Fields, faults: &Faults, problem: String) -> Result<One, AppError> {
    let id: ProgramSessionId = parse_id(id)?;
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let view = view_session(app, &viewer, id).await?;
    let (session, meetings) = timetable_of(app, &viewer, id).await?;
    let f = visit.frame(&session.title);
    let pitch = session.sort == SessionSort::Pitch;
    let pitched = (0..)
        .zip(&view.entries)
        .map(|(slot, line)| Pitched { row: Row::new(&f, line.clone()), at: pitch.then(|| session.slot_at(slot)) });
    let numbers = Input {
        hint: f.t("session-numbers-hint").to_owned(),
        ..Input::new("numbers", "text", f.t("session-numbers"), typed.get("numbers"))
    };
    let mut way = trail(&f, &view.program, &session.title);
    way.insert(2, (format!("/programs/{}/sessions", view.program.id), f.t("program-sessions").to_owned()));
    let beyond = faults.beyond(&f, &["numbers"]);
    Ok(One {
        trail: way,
        pitched: pitched.collect(),
        numbers: faults.beside(&f, numbers),
        problem: if problem.is_empty() { beyond } else { problem },
        meetings,
        view,
        f,
    })
}

async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    match one_page(&visit, &id, &Fields::default(), &Faults::default(), String::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn act(visit: &Visit, id: &str, fields: &Fields) -> Result<&'static str, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ProgramSessionId = parse_id(id)?;
    match fields.get("do") {
        "plan" => plan_meetings(app, &viewer, id).await.map(|_| "session-planned"),
        "take" => {
            let entry = fields.get("entry").parse().unwrap_or(keqiao_domain::ProgramEntryId(id.0));
            take_from_session(app, &viewer, id, entry).await.map(|()| "session-saved")
        }
        _ => put_into_session(app, &viewer, id, fields.get("numbers")).await.map(|_| "session-saved"),
    }
}

async fn change(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let (faults, problem) = match act(&visit, &id, &fields).await {
        Ok(key) => {
            let there = Redirect::to(&format!("/program-sessions/{id}")).into_response();
            return with_flash(&visit.web, there, Tone::Done, key);
        }
        Err(AppError::Invalid(faults)) => (Faults(faults), String::new()),
        Err(error) => match told(&visit.frame(""), error) {
            Ok(problem) => (Faults::default(), problem),
            Err(error) => return visit.fault(error).into_response(),
        },
    };
    match one_page(&visit, &id, &fields, &faults, problem).await {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

//! A duty as pages show it, with the forms of whose turn it is; `/volunteers/mine`: one's own.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::volunteers::{DutyInput, DutyRow, act_on_duty, my_duties};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{DutyId, DutyState, VolunteerRequestId};

use super::request::again_with;
use super::{hours, span};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Tone};
use crate::pages::form::Faults;
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default().get("/volunteers/mine", mine).post("/volunteers/duties/{id}/{deed}", act)
}

/// What was typed about a duty, and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) duty: Option<DutyId>,
    pub(super) fields: Fields,
    pub(super) faults: Vec<Fault>,
}

impl Typed {
    /// What is wrong, in words; empty: nothing.
    pub(super) fn problem(&self, f: &Frame) -> String {
        Faults(self.faults.clone()).beyond(f, &[])
    }
}

/// Drawn by `duty` of `volunteer.html`.
pub(super) struct DutyLine {
    pub(super) row: DutyRow,
    pub(super) when: String,
    pub(super) hours: String,
    /// What the form of hours holds.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) note: String,
    /// Whether the volunteer may report now, and whether the party may confirm.
    pub(super) may_report: bool,
    pub(super) may_prove: bool,
}

impl DutyLine {
    pub(super) fn new(f: &Frame, row: DutyRow, typed: &Typed) -> Self {
        let duty = &row.duty;
        let own = (typed.duty == Some(duty.id)).then_some(&typed.fields);
        let said = |name: &str, else_: String| own.map_or(else_, |fields| fields.get(name).to_owned());
        let local = |at| f.zone.written(at, "%Y-%m-%dT%H:%M").unwrap_or_default();
        Self {
            when: span(f, &duty.from, &duty.to),
            hours: hours(duty.seconds()),
            from: said("from", local(duty.from)),
            to: said("to", local(duty.to)),
            note: said("note", duty.done.clone()),
            may_report: row.own
                && matches!(duty.state, DutyState::Accepted | DutyState::Reported | DutyState::Objected),
            may_prove: row.for_party && !row.own && duty.state == DutyState::Reported,
            row,
        }
    }
}

#[derive(Template)]
#[template(path = "volunteer_mine.html")]
struct Page {
    f: Frame,
    duties: Vec<(VolunteerRequestId, DutyLine)>,
    proven: String,
    waiting: String,
}

async fn mine(visit: Visit) -> Response {
    match my_duties(&visit.web.app, &visit.viewer()).await {
        Ok(rows) => {
            let mut f = visit.frame_of("volunteer-mine");
            f.noindex = true;
            let sum =
                |wanted: fn(&DutyRow) -> bool| hours(rows.iter().filter(|r| wanted(r)).map(|r| r.duty.seconds()).sum());
            let proven = sum(|r| r.duty.state == DutyState::Proven);
            let waiting = sum(|r| matches!(r.duty.state, DutyState::Reported | DutyState::Objected));
            let line = |row: DutyRow| (row.duty.request, DutyLine::new(&f, row, &Typed::default()));
            draw(&Page { duties: rows.into_iter().map(line).collect(), proven, waiting, f })
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn act(Path((id, what)): Path<(String, String)>, Sent(visit, fields): Sent) -> Response {
    let said = |name: &str| fields.get(name).to_owned();
    let input = DutyInput {
        version: fields.get("version").parse().ok(),
        from: said("from"),
        to: said("to"),
        note: said("note"),
        what,
    };
    let duty = parse_id::<DutyId>(&id);
    let result = match duty {
        Ok(duty) => act_on_duty(&visit.web.app, &visit.viewer(), duty, input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(request) => {
            let there = Redirect::to(&format!("/volunteers/requests/{request}")).into_response();
            with_flash(&visit.web, there, Tone::Done, "duty-saved")
        }
        // The form says which request it stands on; one that does not is told on a page of its own.
        Err(AppError::Invalid(faults)) => match fields.get("request").parse() {
            Ok(request) => {
                let typed = Typed { duty: id.parse().ok(), fields, faults };
                again_with(&visit, request, typed).await
            }
            Err(_) => visit.fault(AppError::Invalid(faults)).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

//! `/volunteers`: volunteer service: its teams, what is asked for, and what one has to do oneself.

mod duty;
mod report;
mod request;
mod team;

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::volunteers::{RequestRow, TeamRow, list_requests, list_teams, may_report};
use keqiao_domain::{PartyId, Timestamp, VolunteerRequestId};

use super::draw;
use super::trail::{after_of, cursor};
use crate::fields::Fields;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/volunteers", show)
        .get("/volunteers/requests", list)
        .merge(team::routes())
        .merge(request::routes())
        .merge(duty::routes())
        .merge(report::routes())
}

#[derive(Template)]
#[template(path = "volunteers.html")]
struct Page {
    f: Frame,
    teams: Vec<TeamRow>,
    requests: Vec<RequestRow>,
    more: bool,
    may_report: bool,
}

#[derive(Template)]
#[template(path = "volunteer_requests.html")]
struct ListPage {
    f: Frame,
    rows: Vec<RequestRow>,
    open: bool,
    first: String,
    next: String,
}

async fn show(visit: Visit) -> Response {
    match page(&visit).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit) -> Result<Page, AppError> {
    let app = &visit.web.app;
    let (requests, next) = list_requests(app, true, None).await?;
    Ok(Page {
        f: visit.frame_of("volunteers-title"),
        teams: list_teams(app).await?,
        requests,
        more: next.is_some(),
        may_report: may_report(app, &visit.viewer()).await?,
    })
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match list_page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn list_page(visit: &Visit, query: &str) -> Result<ListPage, AppError> {
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    let open = !fields.ticked("all");
    let after = after_of::<VolunteerRequestId>(query)?;
    let (rows, next) = list_requests(&visit.web.app, open, after).await?;
    let mut f = visit.frame_of("volunteer-requests");
    f.noindex = after.is_some();
    let base = if open { "/volunteers/requests" } else { "/volunteers/requests?all=1" };
    Ok(ListPage {
        rows,
        open,
        first: if after.is_some() { base.to_owned() } else { String::new() },
        next: next.map_or_else(String::new, |(at, id)| f.with("after", &cursor(at, id))),
        f,
    })
}

/// When something is, in words: the day once where it is the same.
fn span(f: &Frame, from: &Timestamp, to: &Timestamp) -> String {
    let (begin, end) = (f.datetime(from), f.datetime(to));
    match (begin.split_once(' '), end.split_once(' ')) {
        (Some((day, _)), Some((same, time))) if day == same => format!("{begin} – {time}"),
        _ => format!("{begin} – {end}"),
    }
}

/// Seconds as hours with one digit.
fn hours(seconds: i64) -> String {
    format!("{:.1}", seconds as f64 / 3_600.0)
}

/// The organizations that the viewer writes for, to choose from.
async fn own_parties(visit: &Visit) -> Result<Vec<(PartyId, String)>, AppError> {
    let viewer = visit.viewer();
    let own = keqiao_app::parties::my_parties(&visit.web.app, &viewer).await?;
    let writes =
        own.into_iter().filter(|(p, _)| viewer.may_edit_for(p.id) && p.kind == keqiao_domain::PartyKind::Organization);
    Ok(writes.map(|(p, _)| (p.id, p.name)).collect())
}

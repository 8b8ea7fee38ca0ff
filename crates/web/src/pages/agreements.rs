//! `/agreements`: what was signed, with how its promises stand.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::agreements::list_agreements;
use keqiao_domain::{Agreement, Commitment, CommitmentState};

use super::draw;
use crate::fields::Fields;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

const PATH: &str = "/agreements";

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show)
}

/// An agreement in the list.
struct Row {
    agreement: Agreement,
    open: usize,
    kept: usize,
    overdue: usize,
    /// The next day on which something is due.
    due: Option<String>,
}

#[derive(Template)]
#[template(path = "agreements.html")]
struct Page {
    f: Frame,
    rows: Vec<Row>,
    first: String,
    next: String,
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, query: &str) -> Result<Page, AppError> {
    let wrong = || AppError::invalid("after", "bad-cursor");
    let fields = Fields::parse(query.as_bytes()).ok_or_else(wrong)?;
    let after = match fields.filled("after") {
        Some(id) => Some(id.parse().map_err(|_| wrong())?),
        None => None,
    };
    let app = &visit.web.app;
    let found = list_agreements(app, &visit.viewer(), after).await?;
    let mut f = visit.frame_of("news-agreements");
    f.noindex = after.is_some();
    let today = f.date(&app.now());
    Ok(Page {
        rows: found.rows.into_iter().map(|(agreement, promises)| row(agreement, &promises, &today)).collect(),
        first: if after.is_some() { PATH.to_owned() } else { String::new() },
        next: found.next.map_or_else(String::new, |id| format!("{PATH}?after={id}")),
        f,
    })
}

fn row(agreement: Agreement, promises: &[Commitment], today: &str) -> Row {
    let count = |state| promises.iter().filter(|c| c.state == state).count();
    let open = promises.iter().filter(|c| c.state == CommitmentState::Open);
    Row {
        agreement,
        open: count(CommitmentState::Open),
        kept: count(CommitmentState::Kept),
        overdue: promises.iter().filter(|c| c.is_overdue(today)).count(),
        due: open.filter_map(|c| c.due.clone()).filter(|due| due.as_str() >= today).min(),
    }
}

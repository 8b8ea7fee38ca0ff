//! `/handover`: a broker gives engagements to another.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::{HandOver, hand_over, view_hand_over};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AccountId, EngagementId};

use super::draw;
use super::engagements::RowLine;
use super::form::{Faults, again};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default().get("/handover", ask).post("/handover", give)
}

#[derive(Template)]
#[template(path = "handover.html")]
struct Page {
    f: Frame,
    /// Each with whether it is ticked.
    rows: Vec<(RowLine, bool)>,
    from: AccountId,
    others: Vec<(AccountId, String)>,
    staff: Vec<(AccountId, String)>,
    to: Option<AccountId>,
    to_fault: String,
    which_fault: String,
    note: Input,
    problem: String,
}

async fn page(visit: &Visit, fields: &Fields, faults: Vec<Fault>) -> Result<Page, AppError> {
    let from = fields.get("from").parse().ok();
    let HandOver { from, rows, others, staff } = view_hand_over(&visit.web.app, &visit.viewer(), from).await?;
    let mut f = visit.frame_of("handover-title");
    f.noindex = true;
    let faults = Faults(faults);
    let ticked: Vec<EngagementId> = fields.all("which").iter().filter_map(|id| id.parse().ok()).collect();
    let note =
        Input { rows: 2, longest: 2_000, ..Input::new("note", "text", f.t("handover-note"), fields.get("note")) };
    Ok(Page {
        rows: rows
            .into_iter()
            .map(|row| {
                let is = ticked.contains(&row.engagement.id);
                (RowLine::new(&f, row), is)
            })
            .collect(),
        from,
        others,
        staff,
        to: fields.get("broker").parse().ok(),
        to_fault: faults.of(&f, "broker"),
        which_fault: faults.of(&f, "which"),
        note: faults.beside(&f, note),
        problem: faults.beyond(&f, &["broker", "which", "note"]),
        f,
    })
}

async fn ask(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    match page(&visit, &fields, Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn give(Sent(visit, fields): Sent) -> Response {
    let which: Vec<EngagementId> = fields.all("which").iter().filter_map(|id| id.parse().ok()).collect();
    let (from, to) = (fields.get("from").parse().ok(), fields.get("broker").parse().ok());
    match hand_over(&visit.web.app, &visit.viewer(), from, to, &which, fields.get("note")).await {
        Ok(_) => with_flash(&visit.web, Redirect::to("/handover").into_response(), Tone::Done, "handed-over"),
        Err(AppError::Invalid(faults)) => match page(&visit, &fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

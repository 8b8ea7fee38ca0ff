//! `/programs/{id}/follow-up`: how far each entry came that was selected.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::programs::{follow_up, view_program};
use keqiao_domain::{EntryStage, ProgramId};

use super::row::Row;
use super::work::{Part, parts};
use super::{address, after, asked, next_page, trail};
use crate::page::Frame;
use crate::pages::engagements::stage_name;
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default().get("/programs/{id}/follow-up", show)
}

#[derive(Template)]
#[template(path = "program_follow.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    parts: Vec<Part>,
    program: ProgramId,
    tabs: Vec<(String, &'static str, bool)>,
    /// Entries, each with the stage of its engagement.
    rows: Vec<(Row, String)>,
    first: String,
    next: String,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str) -> Result<Page, AppError> {
    let id: ProgramId = parse_id(id)?;
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let fields = asked(visit)?;
    let start = after(&fields)?;
    let stage = EntryStage::ALL.into_iter().find(|s| s.is_chosen() && s.as_str() == fields.get("stage"));
    let (program, lines, next) = follow_up(app, &viewer, id, stage, start).await?;
    let view = view_program(app, &viewer, id).await?;
    let mut f = visit.frame_of("program-follow-up");
    f.noindex = true;
    let path = format!("/programs/{id}/follow-up");
    let pairs = [("stage", fields.get("stage"))];
    let chosen = EntryStage::ALL.into_iter().filter(|s| s.is_chosen());
    let mut tabs = vec![(path.clone(), f.t("desk-all"), stage.is_none())];
    tabs.extend(chosen.map(|s| (format!("{path}?stage={}", s.as_str()), f.word(s), stage == Some(s))));
    let rows = lines.into_iter().map(|l| {
        let engaged = l.engaged.map(|(workflow, stage)| stage_name(&f, &workflow, &stage)).unwrap_or_default();
        (Row::new(&f, l.line), engaged)
    });
    Ok(Page {
        trail: trail(&f, &program, f.t("program-follow-up")),
        parts: parts(&f, &program, !view.ty.criteria.is_empty(), "follow-up"),
        rows: rows.collect(),
        first: if start > 0 { address(&path, &pairs) } else { String::new() },
        next: next_page(&path, &pairs, next),
        program: id,
        tabs,
        f,
    })
}

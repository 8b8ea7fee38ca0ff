//! `/engagements`: what waits for me and a board by stage; `/engagements/list`: one stage, or all.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::engagements::{Board, Column, EngagementRow, MyFilter, Whose, board, list_engagements};
use keqiao_domain::{EngagementId, PlatformRole, Viewer};

use super::draw;
use super::trail::{after_of, cursor};
use crate::fields::Fields;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/engagements", show).get("/engagements/list", list)
}

/// Whose engagements, as an address says it.
const WHOSE: [(&str, Whose, &str); 4] = [
    ("mine", Whose::Mine, "engagements-mine"),
    ("looked-after", Whose::LookedAfter, "engagements-looked-after"),
    ("brokerless", Whose::Brokerless, "engagements-brokerless"),
    ("all", Whose::All, "engagements-all"),
];

/// A tab: its word, its name, whether it is open.
struct Tab {
    word: &'static str,
    name: &'static str,
    here: bool,
}

#[derive(Template)]
#[template(path = "engagements.html")]
struct BoardPage {
    f: Frame,
    tabs: Vec<Tab>,
    whose: &'static str,
    waiting: Vec<RowLine>,
    columns: Vec<StageColumn>,
    empty: bool,
}

/// One stage of a board.
struct StageColumn {
    stage: String,
    name: String,
    count: i64,
    rows: Vec<RowLine>,
}

/// An engagement of a list, drawn by `row` of `engaged.html`.
pub(super) struct RowLine {
    pub(super) row: EngagementRow,
    /// Its stage; empty where that is plain.
    pub(super) stage: String,
    /// Whether the viewer may open it.
    pub(super) open: bool,
}

impl RowLine {
    /// With its stage.
    pub(super) fn new(f: &Frame, row: EngagementRow) -> Self {
        let (subject, state) = (&row.engagement.subject, &row.engagement.state);
        let stage = stage_name(f, &subject.workflow, &state.stage);
        Self { stage, open: f.viewer.sees_engagement(&row.engagement), row }
    }
}

#[derive(Template)]
#[template(path = "engagements_list.html")]
struct ListPage {
    f: Frame,
    tabs: Vec<Tab>,
    rows: Vec<RowLine>,
    stage: String,
    next: String,
}

/// The name of a stage of an engagement; used by lists.
pub(super) fn stage_name(f: &Frame, workflow: &str, stage: &str) -> String {
    let found = f.catalog.workflows.get(workflow).and_then(|w| w.stage(stage));
    found.map_or_else(|| stage.to_owned(), |s| s.name.get(f.locale.as_str()).to_owned())
}

fn chosen(viewer: &Viewer, fields: &Fields) -> (&'static str, Whose) {
    // A broker's own work comes first; whoever has parties sees those.
    let usual = if viewer.platform == Some(PlatformRole::Broker) && viewer.roles.is_empty() { 1 } else { 0 };
    let usual = if viewer.is_operator() && viewer.roles.is_empty() { 3 } else { usual };
    let asked = WHOSE.iter().find(|(word, ..)| *word == fields.get("whose"));
    let (word, whose, _) = asked.unwrap_or(&WHOSE[usual]);
    (word, *whose)
}

fn tabs(f: &Frame, here: &str) -> Vec<Tab> {
    let open = |whose: Whose| match whose {
        Whose::Mine => true,
        Whose::LookedAfter | Whose::Brokerless => f.viewer.platform.is_some(),
        Whose::All => f.viewer.is_operator(),
    };
    let tab = |(word, _, key): &(&'static str, Whose, &'static str)| Tab { word, name: f.t(key), here: *word == here };
    WHOSE.iter().filter(|(_, whose, _)| open(*whose)).map(tab).collect()
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match board_page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn board_page(visit: &Visit, query: &str) -> Result<BoardPage, AppError> {
    let viewer = visit.viewer();
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    let (word, whose) = chosen(&viewer, &fields);
    let board = board(&visit.web.app, &viewer, whose).await?;
    let mut f = visit.frame_of("engagements-title");
    f.noindex = true;
    let Board { waiting, columns } = board;
    let plain = |row| RowLine { stage: String::new(), ..RowLine::new(&f, row) };
    let column = |c: Column| StageColumn {
        name: c.stage.name.get(f.locale.as_str()).to_owned(),
        stage: c.stage.id,
        count: c.count,
        rows: c.rows.into_iter().map(plain).collect(),
    };
    Ok(BoardPage {
        tabs: tabs(&f, word),
        whose: word,
        empty: columns.iter().all(|c| c.count == 0),
        waiting: waiting.into_iter().map(|row| RowLine::new(&f, row)).collect(),
        columns: columns.into_iter().map(column).collect(),
        f,
    })
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match list_page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn list_page(visit: &Visit, query: &str) -> Result<ListPage, AppError> {
    let viewer = visit.viewer();
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    let (word, whose) = chosen(&viewer, &fields);
    let after = after_of::<EngagementId>(query)?;
    let stage = fields.filled("stage").map(str::to_owned);
    let filter = MyFilter { stage: stage.clone() };
    let (rows, next) = list_engagements(&visit.web.app, &viewer, whose, &filter, after).await?;
    let mut f = visit.frame_of("engagements-title");
    f.noindex = true;
    let named = stage.as_ref().map(|s| stage_name(&f, keqiao_app::engagements::DEFAULT_WORKFLOW, s));
    let word_of = stage.as_ref().map(|s| super::form::in_address(s)).unwrap_or_default();
    let next = next.map_or_else(String::new, |(at, id)| {
        format!("/engagements/list?whose={word}&stage={word_of}&after={}", cursor(at, id))
    });
    let rows = rows.into_iter().map(|row| RowLine::new(&f, row)).collect();
    Ok(ListPage { tabs: tabs(&f, word), rows, stage: named.unwrap_or_default(), next, f })
}

//! `/dashboard`: the funnel and what stands beside it, each figure with the list behind it.

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use keqiao_app::engagements::{DEFAULT_WORKFLOW, FigureFilter, Figures, behind_figure, figures};
use keqiao_app::parties::parties_named;
use keqiao_app::programs::list_programs;
use keqiao_app::{AppError, Fault};
use keqiao_domain::EngagementId;

use super::draw;
use super::engagement::reason_name;
use super::engagements::{RowLine, stage_name};
use super::filter::query_of;
use super::form::in_address;
use crate::fields::Fields;
use crate::page::{Frame, Input};
use crate::routes::Routes;
use crate::visit::Visit;

/// The longest bar of the funnel's drawing: the page gives it the room there is.
const LONGEST: f64 = 1000.0;
/// Programs that can be chosen from.
const MOST_PROGRAMS: usize = 500;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/dashboard", show).get("/dashboard.csv", sheet).get("/dashboard/list", list)
}

/// A stage of the funnel, as drawing and table show it.
struct Bar {
    name: String,
    reached: String,
    standing: String,
    conversion: String,
    days: String,
    /// Length in the drawing.
    width: i64,
    reached_href: String,
    standing_href: String,
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Page {
    f: Frame,
    bars: Vec<Bar>,
    /// Stages beside the path: name, how many, the list.
    aside: Vec<(String, String, String)>,
    /// Reasons for declining: name, how many, the list, share of all reasons in percent.
    reasons: Vec<(String, String, String, i64)>,
    regions: Vec<(String, String)>,
    region: String,
    kinds: Vec<(String, String)>,
    kind: String,
    programs: Vec<(String, String)>,
    program: String,
    party: Input,
    from: Input,
    to: Input,
    sheet: String,
    problem: String,
    empty: bool,
}

#[derive(Template)]
#[template(path = "dashboard_list.html")]
struct ListPage {
    f: Frame,
    trail: Vec<(String, String)>,
    rows: Vec<RowLine>,
    next: String,
}

/// Which engagements an address asks for; a month that is none, or a name that no party has, is a fault of its field.
async fn filter(visit: &Visit, fields: &Fields, faults: &mut Vec<Fault>) -> Result<FigureFilter, AppError> {
    let mut party = None;
    // Who may not see figures is told that, and not which names there are.
    if let Some(named) = fields.filled("party").filter(|_| visit.viewer().sees_all()) {
        match parties_named(&visit.web.app, &visit.viewer(), named).await?.as_slice() {
            [one] => party = Some(one.id),
            [] => faults.push(Fault::new("party", "unknown-party")),
            _ => faults.push(Fault::new("party", "ambiguous-name")),
        }
    }
    Ok(FigureFilter { party, ..asked(fields, faults) })
}

fn asked(fields: &Fields, faults: &mut Vec<Fault>) -> FigureFilter {
    let text = |name: &str| fields.filled(name).map(str::to_owned);
    let mut month = |name: &str| {
        let text = fields.filled(name)?;
        if text.len() == 7 && format!("{text}-01").parse::<jiff::civil::Date>().is_ok() {
            return Some(text.to_owned());
        }
        faults.push(Fault::with(name, "not-a-month", text.chars().take(40).collect::<String>()));
        None
    };
    FigureFilter {
        from: month("from"),
        to: month("to"),
        program: text("program"),
        region: text("region"),
        kind: text("kind"),
        stage: text("stage"),
        reached: text("reached"),
        reason: text("reason"),
        party: None,
    }
}

/// The address of the list behind a figure.
fn behind(filter: &FigureFilter, name: &str, value: &str) -> String {
    let mut out = format!("/dashboard/list?{name}={}", in_address(value));
    for (name, value) in pairs(filter) {
        out.push_str(&format!("&{name}={}", in_address(&value)));
    }
    out
}

fn pairs(filter: &FigureFilter) -> impl Iterator<Item = (&'static str, String)> {
    let all = [
        ("program", filter.program.clone()),
        ("party", filter.party.map(|id| id.to_string())),
        ("region", filter.region.clone()),
        ("kind", filter.kind.clone()),
        ("from", filter.from.clone()),
        ("to", filter.to.clone()),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

fn query(filter: &FigureFilter) -> String {
    let query: Vec<String> = pairs(filter).map(|(name, value)| format!("{name}={}", in_address(&value))).collect();
    query.join("&")
}

async fn show(visit: Visit) -> Response {
    match page(&visit).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit) -> Result<Page, AppError> {
    let fields = query_of(visit)?;
    let mut faults = Vec::new();
    let asked = filter(visit, &fields, &mut faults).await?;
    let told = figures(&visit.web.app, &visit.viewer(), &asked).await?;
    let programs = programs_to_choose(visit).await?;
    let mut f = visit.frame_of("dashboard-title");
    f.noindex = true;
    let faults = super::form::Faults(faults);
    let party = Input {
        required: false,
        hint: f.t("dashboard-party-hint").to_owned(),
        ..Input::new("party", "text", f.t("dashboard-party"), fields.get("party"))
    };
    let party = faults.beside(&f, party);
    let month = |name: &'static str, key| {
        let input = Input { required: false, ..Input::new(name, "month", f.t(key), fields.get(name)) };
        faults.beside(&f, input)
    };
    let (from, to) = (month("from", "dashboard-from"), month("to", "dashboard-to"));
    let provinces = f.catalog.taxonomy("region").map(|t| t.children(None)).unwrap_or_default();
    let english = f.locale.as_str();
    let regions = provinces.into_iter().map(|n| (n.code.clone(), n.name.get(english).to_owned())).collect();
    let kinds = f.catalog.kinds_in_order();
    let kinds = kinds.into_iter().map(|k| (k.id.clone(), k.name.get(english).to_owned())).collect();
    let all: i64 = told.reasons.iter().map(|(_, n)| n).sum();
    let percent = |n: i64| if all == 0 { 0 } else { n * 100 / all };
    Ok(Page {
        bars: bars(&f, &asked, &told),
        aside: told
            .aside
            .iter()
            .map(|(s, n)| (s.name.get(english).to_owned(), f.number(*n), behind(&asked, "stage", &s.id)))
            .collect(),
        reasons: told
            .reasons
            .iter()
            .map(|(id, n)| (reason_name(&f, id), f.number(*n), behind(&asked, "reason", id), percent(*n)))
            .collect(),
        sheet: format!("/dashboard.csv?{}", query(&asked)),
        programs,
        program: asked.program.clone().unwrap_or_default(),
        region: asked.region.clone().unwrap_or_default(),
        kind: asked.kind.clone().unwrap_or_default(),
        problem: faults.beyond(&f, &["from", "to", "party"]),
        empty: told.opened() == 0,
        regions,
        kinds,
        party,
        from,
        to,
        f,
    })
}

/// Ids and titles of the programs, the newest first; nobody chooses among more.
async fn programs_to_choose(visit: &Visit) -> Result<Vec<(String, String)>, AppError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = list_programs(&visit.web.app, &visit.viewer(), after).await?;
        all.extend(page.into_iter().map(|p| (p.id.to_string(), p.settings.title)));
        after = next.filter(|_| all.len() < MOST_PROGRAMS);
        if after.is_none() {
            return Ok(all);
        }
    }
}

fn bars(f: &Frame, asked: &FigureFilter, told: &Figures) -> Vec<Bar> {
    let most = told.opened().max(1) as f64;
    let bar = |stage: &keqiao_app::engagements::FunnelStage| Bar {
        name: stage.stage.name.get(f.locale.as_str()).to_owned(),
        reached: f.number(stage.reached),
        standing: f.number(stage.standing),
        conversion: stage.conversion.map(percent).unwrap_or_default(),
        days: stage.average_seconds.map(days).unwrap_or_default(),
        width: (stage.reached as f64 / most * LONGEST).round() as i64,
        reached_href: behind(asked, "reached", &stage.stage.id),
        standing_href: behind(asked, "stage", &stage.stage.id),
    };
    told.funnel.iter().map(bar).collect()
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// Seconds as days with one digit.
fn days(seconds: i64) -> String {
    format!("{:.1}", seconds as f64 / 86_400.0)
}

async fn list(visit: Visit) -> Response {
    match list_page(&visit).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn list_page(visit: &Visit) -> Result<ListPage, AppError> {
    let fields = query_of(visit)?;
    let mut faults = Vec::new();
    let asked = filter(visit, &fields, &mut faults).await?;
    let wrong = || AppError::invalid("after", "bad-cursor");
    let after = fields.filled("after").map(|t| t.parse::<EngagementId>().map_err(|_| wrong())).transpose()?;
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (rows, next) = behind_figure(&visit.web.app, &visit.viewer(), &asked, after).await?;
    let mut f = visit.frame_of("dashboard-title");
    f.noindex = true;
    f.title = match (&asked.stage, &asked.reached, &asked.reason) {
        (Some(stage), ..) => f.t1("dashboard-list-stage", "stage", stage_name(&f, DEFAULT_WORKFLOW, stage)),
        (_, Some(stage), _) => f.t1("dashboard-list-reached", "stage", stage_name(&f, DEFAULT_WORKFLOW, stage)),
        (.., Some(reason)) => f.t1("dashboard-list-reason", "reason", reason_name(&f, reason)),
        _ => f.t("engagements-title").to_owned(),
    };
    let next = next.map_or_else(String::new, |id| f.with("after", &id.to_string()));
    let trail = vec![
        (format!("/dashboard?{}", query(&asked)), f.t("dashboard-title").to_owned()),
        (String::new(), f.title.clone()),
    ];
    let rows = rows.into_iter().map(|row| RowLine::new(&f, row)).collect();
    Ok(ListPage { trail, rows, next, f })
}

async fn sheet(visit: Visit) -> Response {
    match csv(&visit).await {
        Ok(text) => {
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"keqiao-figures.csv\""),
            ];
            (headers, text).into_response()
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The figures as a table: with a mark at its beginning by which spreadsheets know UTF-8.
async fn csv(visit: &Visit) -> Result<String, AppError> {
    let fields = query_of(visit)?;
    let mut faults = Vec::new();
    let asked = filter(visit, &fields, &mut faults).await?;
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let told = figures(&visit.web.app, &visit.viewer(), &asked).await?;
    let f = visit.frame("");
    let mut out = String::from('\u{feff}');
    let mut line = |cells: &[&str]| {
        let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        out.push_str(&quoted.join(","));
        out.push_str("\r\n");
    };
    line(&[
        f.t("dashboard-stage"),
        f.t("dashboard-reached"),
        f.t("dashboard-conversion"),
        f.t("dashboard-standing"),
        f.t("dashboard-days"),
    ]);
    for stage in &told.funnel {
        line(&[
            stage.stage.name.get(f.locale.as_str()),
            &stage.reached.to_string(),
            &stage.conversion.map(percent).unwrap_or_default(),
            &stage.standing.to_string(),
            &stage.average_seconds.map(days).unwrap_or_default(),
        ]);
    }
    for (stage, count) in &told.aside {
        line(&[stage.name.get(f.locale.as_str()), "", "", &count.to_string(), ""]);
    }
    for (reason, count) in &told.reasons {
        line(&[f.t("dashboard-reasons"), &reason_name(&f, reason), "", &count.to_string(), ""]);
    }
    Ok(out)
}

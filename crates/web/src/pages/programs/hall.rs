//! `/programs/{id}/hall`: the exhibition hall, faceted; `/programs/{id}/results`: what was selected.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::programs::{HallFilter, hall, results};
use keqiao_domain::{Milestone, Phase, Program, ProgramId};

use super::row::Row;
use super::{address, after, asked, next_page, trail};
use crate::fields::Fields;
use crate::page::Frame;
use crate::pages::facet::{Facet, Value};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default().get("/programs/{id}/hall", show).get("/programs/{id}/results", list)
}

/// The parameters that narrow the hall.
const NAMES: [&str; 4] = ["area", "kind", "industry", "q"];

#[derive(Template)]
#[template(path = "program_hall.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    program: Program,
    action: String,
    words: String,
    kept: Vec<(&'static str, String)>,
    facets: Vec<Facet>,
    chosen: Vec<(String, String)>,
    clear: String,
    total: i64,
    passing: i64,
    rows: Vec<Row>,
    first: String,
    next: String,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The address with one parameter set anew.
fn with(path: &str, fields: &Fields, name: &str, value: &str) -> String {
    let pairs = NAMES.map(|n| (n, if n == name { value } else { fields.get(n) }));
    address(path, &pairs).trim_end_matches(['&', '?']).to_owned()
}

async fn page(visit: &Visit, id: &str) -> Result<Page, AppError> {
    let id: ProgramId = parse_id(id)?;
    let fields = asked(visit)?;
    let text = |name: &str| fields.filled(name).map(str::to_owned);
    let filter = HallFilter { area: text("area"), kind: text("kind"), industry: text("industry"), words: text("q") };
    let start = after(&fields)?;
    let found = hall(&visit.web.app, &visit.viewer(), id, &filter, start).await?;
    let mut f = visit.frame_of("program-hall");
    f.noindex = start > 0 || NAMES.iter().any(|n| !fields.get(n).is_empty());
    let path = format!("/programs/{id}/hall");
    let facet = |name: &'static str, title: &'static str, counts: &[(String, i64)], label: &dyn Fn(&str) -> String| {
        let values: Vec<Value> = counts
            .iter()
            .map(|(code, n)| {
                let open = fields.get(name) == code;
                Value {
                    href: with(&path, &fields, name, if open { "" } else { code }),
                    label: label(code),
                    count: n.unsigned_abs(),
                    open,
                }
            })
            .collect();
        Facet::new(title, values.into_iter())
    };
    let facets = vec![
        facet("area", f.t("facet-region"), &found.areas, &|c| f.region(c)),
        facet("kind", f.t("work-kind"), &found.kinds, &|c| f.kind(c).to_owned()),
        facet("industry", f.t("facet-industry"), &found.industries, &|c| f.industry(c)),
    ];
    let label = |name: &str, value: &str| match name {
        "area" => f.region(value),
        "kind" => f.kind(value).to_owned(),
        "industry" => f.industry(value),
        _ => value.to_owned(),
    };
    let chosen = NAMES.iter().filter(|n| !fields.get(n).is_empty());
    let chosen = chosen.map(|n| (with(&path, &fields, n, ""), label(n, fields.get(n)))).collect();
    let pairs = NAMES.map(|n| (n, fields.get(n)));
    let kept = NAMES.into_iter().filter(|n| *n != "q" && !fields.get(n).is_empty());
    Ok(Page {
        trail: trail(&f, &found.program, f.t("program-hall")),
        words: fields.get("q").to_owned(),
        kept: kept.map(|n| (n, fields.get(n).to_owned())).collect(),
        facets,
        chosen,
        clear: path.clone(),
        total: found.total,
        passing: found.passing,
        rows: found.lines.into_iter().map(|l| Row::new(&f, l)).collect(),
        first: if start > 0 { address(&path, &pairs) } else { String::new() },
        next: next_page(&path, &pairs, found.next),
        action: path,
        program: found.program,
        f,
    })
}

#[derive(Template)]
#[template(path = "program_results.html")]
struct Results {
    f: Frame,
    trail: Vec<(String, String)>,
    program: Program,
    /// Whether the results can still be appealed, and until when.
    appeals: Option<String>,
    has_hall: bool,
    rows: Vec<Row>,
    first: String,
    next: String,
}

async fn list(visit: Visit, Path(id): Path<String>) -> Response {
    match told(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn told(visit: &Visit, id: &str) -> Result<Results, AppError> {
    let id: ProgramId = parse_id(id)?;
    let fields = asked(visit)?;
    let start = after(&fields)?;
    let area = fields.filled("area").map(str::to_owned);
    let (program, lines, next) = results(&visit.web.app, &visit.viewer(), id, area, start).await?;
    let f = visit.frame_of("program-results");
    let shows = f.catalog.programs.get(&program.ty).is_some_and(|t| t.has(Milestone::Shown));
    let path = format!("/programs/{id}/results");
    let pairs = [("area", fields.get("area"))];
    Ok(Results {
        trail: trail(&f, &program, f.t("program-results")),
        appeals: (program.phase == Phase::Announced).then(|| program.appeals_until()),
        has_hall: shows && program.phase >= Phase::Published,
        rows: lines.into_iter().map(|l| Row::new(&f, l)).collect(),
        first: if start > 0 { address(&path, &pairs) } else { String::new() },
        next: next_page(&path, &pairs, next),
        program,
        f,
    })
}

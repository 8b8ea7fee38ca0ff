//! `/volunteers/report`: hours by team and volunteer, those that look wrong apart; the same as a sheet.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::volunteers::{ServiceReport, service_report};

use super::duty::{DutyLine, Typed};
use super::hours;
use crate::fields::Fields;
use crate::page::{Frame, Input};
use crate::pages::draw;
use crate::pages::form::in_address;
use crate::pages::sheets::Csv;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default().get("/volunteers/report", show).get("/volunteers/report.csv", sheet)
}

#[derive(Template)]
#[template(path = "volunteer_report.html")]
struct Page {
    f: Frame,
    report: ServiceReport,
    wrong: Vec<DutyLine>,
    from: Input,
    to: Input,
    sheet: String,
}

impl Page {
    fn hours(&self, seconds: &i64) -> String {
        hours(*seconds)
    }
}

async fn report(visit: &Visit, query: &str) -> Result<ServiceReport, AppError> {
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    service_report(&visit.web.app, &visit.viewer(), fields.get("from"), fields.get("to")).await
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match report(&visit, &query.unwrap_or_default()).await {
        Ok(mut report) => {
            let mut f = visit.frame_of("report-title");
            f.noindex = true;
            let wrong = std::mem::take(&mut report.wrong);
            draw(&Page {
                wrong: wrong.into_iter().map(|row| DutyLine::new(&f, row, &Typed::default())).collect(),
                from: Input { required: false, ..Input::new("from", "date", f.t("report-from"), &report.from) },
                to: Input { required: false, ..Input::new("to", "date", f.t("report-to"), &report.to) },
                sheet: format!(
                    "/volunteers/report.csv?from={}&to={}",
                    in_address(&report.from),
                    in_address(&report.to)
                ),
                report,
                f,
            })
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn sheet(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match report(&visit, &query.unwrap_or_default()).await {
        Ok(report) => {
            let f = visit.frame("");
            let mut csv = Csv::new(
                &[
                    "report-team",
                    "report-volunteer",
                    "report-duties",
                    "report-proven",
                    "report-flagged",
                    "report-waiting",
                ]
                .map(|key| f.t(key)),
            );
            for row in &report.rows {
                let sums = [row.hours.proven, row.hours.flagged, row.hours.waiting].map(hours);
                csv.line(&[&row.team, &row.name, &row.hours.duties.to_string(), &sums[0], &sums[1], &sums[2]]);
            }
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"keqiao-service.csv\""),
            ];
            (headers, csv.into_text()).into_response()
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

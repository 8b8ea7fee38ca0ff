//! `/volunteers/report`: hours by team and volunteer, those that look wrong apart; the same as a sheet.

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::volunteers::{ServiceReport, service_report};

use super::duty::{DutyLine, Typed};
use super::hours;
use crate::fields::Fields;
use crate::page::{Frame, Input};
use crate::pages::draw;
use crate::pages::filter::query_of;
use crate::pages::form::{Faults, in_address};
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

async fn report(visit: &Visit, fields: &Fields) -> Result<ServiceReport, AppError> {
    service_report(&visit.web.app, &visit.viewer(), fields.get("from"), fields.get("to")).await
}

async fn show(visit: Visit) -> Response {
    match page(&visit).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// Days that are none stay in the form with what is wrong with them, above the report of this year.
async fn page(visit: &Visit) -> Result<Page, AppError> {
    let fields = query_of(visit)?;
    let (mut report, faults) = match report(visit, &fields).await {
        Err(AppError::Invalid(faults)) => (report(visit, &Fields::default()).await?, faults),
        told => (told?, Vec::new()),
    };
    let mut f = visit.frame_of("report-title");
    f.noindex = true;
    let faults = Faults(faults);
    let day = |name: &'static str, key, told: &str| {
        let value = fields.filled(name).unwrap_or(told);
        faults.beside(&f, Input { required: false, ..Input::new(name, "date", f.t(key), value) })
    };
    let (from, to) = (day("from", "report-from", &report.from), day("to", "report-to", &report.to));
    let wrong = std::mem::take(&mut report.wrong);
    Ok(Page {
        wrong: wrong.into_iter().map(|row| DutyLine::new(&f, row, &Typed::default())).collect(),
        sheet: format!("/volunteers/report.csv?from={}&to={}", in_address(&report.from), in_address(&report.to)),
        from,
        to,
        report,
        f,
    })
}

async fn sheet(visit: Visit) -> Response {
    let told = match query_of(&visit) {
        Ok(fields) => report(&visit, &fields).await,
        Err(error) => Err(error),
    };
    match told {
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

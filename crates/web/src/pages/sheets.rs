//! `/hall.csv` and `/hall.xlsx`: the hall's list as a spreadsheet.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::transfer::{SheetFormat, listings_sheet};
use keqiao_search::What;

use super::filter::{Filter, query_of};
use super::hall;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/hall.csv", csv).get("/hall.xlsx", xlsx)
}

async fn csv(visit: Visit) -> Response {
    let kind = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"keqiao-listings.csv\""),
    ];
    send(visit, SheetFormat::Csv, kind).await
}

async fn xlsx(visit: Visit) -> Response {
    let kind = [
        (CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (CONTENT_DISPOSITION, "attachment; filename=\"keqiao-listings.xlsx\""),
    ];
    send(visit, SheetFormat::Xlsx, kind).await
}

async fn send(visit: Visit, format: SheetFormat, headers: [(axum::http::HeaderName, &'static str); 2]) -> Response {
    let filter =
        query_of(&visit).and_then(|fields| Filter::read(hall::PATH, What::Listings, &fields, &visit.web.app.catalog));
    let query = match filter {
        Ok(filter) => filter.query,
        Err(error) => return hall::refused(visit, hall::PATH, error),
    };
    let (app, viewer, locale) = (visit.web.app.clone(), visit.viewer(), visit.preferences.locale);
    // Ten thousand rows take a while; they must not hold up other requests.
    let work = tokio::task::spawn_blocking(move || {
        let say = |key: &str| locale.find(key).unwrap_or(key).to_owned();
        listings_sheet(&app, &viewer, &query, format, &say)
    });
    match work.await.unwrap_or_else(|error| Err(AppError::Internal(error.to_string()))) {
        Ok(bytes) => (headers, bytes).into_response(),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// A table as text: with a mark at its beginning by which spreadsheets know UTF-8.
pub(super) struct Csv(String);

impl Csv {
    pub(super) fn new(heads: &[&str]) -> Self {
        let mut csv = Self(String::from('\u{feff}'));
        csv.line(heads);
        csv
    }

    pub(super) fn line(&mut self, cells: &[&str]) {
        let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", harmless(c).replace('"', "\"\""))).collect();
        self.0.push_str(&quoted.join(","));
        self.0.push_str("\r\n");
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// A text that a spreadsheet takes for a formula gets a mark before it, so that it stays a text.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

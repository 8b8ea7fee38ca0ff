//! `/programs/{id}/entries.csv`, `ranking.csv`, `results.csv`.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use keqiao_app::programs::{ProgramSheet, program_sheet};

use crate::pages::parse_id;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/programs/{id}/entries.csv", entries)
        .get("/programs/{id}/ranking.csv", ranking)
        .get("/programs/{id}/results.csv", results)
}

async fn entries(visit: Visit, Path(id): Path<String>) -> Response {
    send(visit, &id, ProgramSheet::Entries, "attachment; filename=\"keqiao-entries.csv\"").await
}

async fn ranking(visit: Visit, Path(id): Path<String>) -> Response {
    send(visit, &id, ProgramSheet::Ranking, "attachment; filename=\"keqiao-ranking.csv\"").await
}

async fn results(visit: Visit, Path(id): Path<String>) -> Response {
    send(visit, &id, ProgramSheet::Results, "attachment; filename=\"keqiao-results.csv\"").await
}

async fn send(visit: Visit, id: &str, sheet: ProgramSheet, name: &'static str) -> Response {
    let locale = visit.preferences.locale;
    let say = |key: &str| locale.find(key).unwrap_or(key).to_owned();
    let made = match parse_id(id) {
        Ok(id) => program_sheet(&visit.web.app, &visit.viewer(), id, sheet, locale.as_str(), &say).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(bytes) => ([(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, name)], bytes).into_response(),
        Err(error) => visit.fault(error).into_response(),
    }
}

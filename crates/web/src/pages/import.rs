//! Import from a file: upload, mapping, dry run, run with progress, report.

use askama::Template;
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::transfer::{
    ImportView, Mapping, Source, What, confirm_mapping, fields_of, my_imports, report_csv, run_import, start_import,
    view_import,
};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{ImportId, Timestamp};

use self::one::{fixed, page, what_of};
use super::draw;
use super::publish::id_of;
use super::upload::{Upload, drain};
use crate::fault::{fault_text, status_of};
use crate::fields::{Fields, Sent};
use crate::label::label_of;
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

mod one;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .post("/import", upload)
        // The blob store stops at the limit that is set for imports.
        .map_router(|router| router.layer(DefaultBodyLimit::disable()))
        .get("/import", list)
        .get("/import/{id}", show)
        .post("/import/{id}", check)
        .post("/import/{id}/run", run)
        .get("/import/{id}/report.csv", report)
}

/// An import in the list.
struct Past {
    id: ImportId,
    what: &'static str,
    state: &'static str,
    total: i64,
    created: i64,
    updated: i64,
    failed: i64,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "import.html")]
struct Imports {
    f: Frame,
    past: Vec<Past>,
    limit: i64,
    fault: String,
    may_parties: bool,
}

fn what_name(f: &Frame, what: &str) -> &'static str {
    match what {
        "parties" => f.t("import-parties"),
        "articles" => f.t("news-articles"),
        _ => f.t("import-listings"),
    }
}

/// How far a run is, in words.
pub(super) fn state_name(f: &Frame, state: &str) -> &'static str {
    match state {
        "mapping" => f.t("import-state-mapping"),
        "checked" => f.t("import-state-checked"),
        "running" => f.t("import-state-running"),
        "done" => f.t("import-state-done"),
        _ => f.t("import-state-failed"),
    }
}

async fn list(visit: Visit) -> Response {
    list_page(&visit, None).await.unwrap_or_else(|error| visit.fault(error).into_response())
}

async fn list_page(visit: &Visit, refused: Option<AppError>) -> Result<Response, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let runs = my_imports(app, &viewer).await?;
    let f = visit.frame_of("nav-import");
    let past = runs.into_iter().map(|run| Past {
        id: run.id,
        what: what_name(&f, &run.what),
        state: state_name(&f, &run.state),
        total: run.total,
        created: run.created,
        updated: run.updated,
        failed: run.failed,
        at: run.created_at,
    });
    let status = refused.as_ref().map_or(StatusCode::OK, status_of);
    let mut response = draw(&Imports {
        past: past.collect(),
        limit: i64::try_from(app.settings.import_limit_bytes).unwrap_or(i64::MAX),
        fault: refused.map_or_else(String::new, |error| words(&f, &error)),
        may_parties: viewer.is_operator(),
        f,
    });
    *response.status_mut() = status;
    Ok(response)
}

/// A refusal in one line, for the page on which it happened.
fn words(f: &Frame, error: &AppError) -> String {
    match error {
        AppError::Invalid(faults) => faults.iter().map(|fault| fault_text(f, fault)).collect::<Vec<_>>().join("；"),
        AppError::TooLarge { limit } => {
            f.t1("import-too-large", "limit", f.size(&i64::try_from(*limit).unwrap_or(i64::MAX)))
        }
        AppError::NotAllowed => f.t("import-not-allowed").to_owned(),
        other => f.locale.find(&format!("error-{}-what", other.code())).unwrap_or_default().to_owned(),
    }
}

async fn upload(visit: Visit, mut form: Multipart) -> Response {
    if visit.signed_in.is_none() {
        return visit.fault(AppError::SignInNeeded).into_response();
    }
    let refused = match keep(&visit, &mut form).await {
        Ok(id) => return Redirect::to(&format!("/import/{id}")).into_response(),
        Err(error) => error,
    };
    drain(form).await;
    list_page(&visit, Some(refused)).await.unwrap_or_else(|error| visit.fault(error).into_response())
}

async fn keep(visit: &Visit, form: &mut Multipart) -> Result<ImportId, AppError> {
    let Upload { fields, name, stream } = Upload::open(visit, form, 1).await?;
    let what = if fields.get("what") == "parties" { What::Parties } else { What::Listings };
    start_import(&visit.web.app, &visit.viewer(), what, &name, stream).await
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    let page = page(&visit, &id, None, None).await;
    page.unwrap_or_else(|error| visit.fault(error).into_response())
}

/// The mapping that the form says: each column's field by its label or id, and what is the same for all rows.
fn mapping_of(f: &Frame, view: &ImportView, fields: &Fields) -> Result<Mapping, AppError> {
    let known = fields_of(what_of(view), &f.catalog);
    let mut mapping = Mapping::default();
    let mut faults = Vec::new();
    for (place, column) in view.columns.iter().enumerate() {
        let name = format!("column.{place}");
        let Some(label) = fields.filled(&name) else { continue };
        match known.iter().find(|field| *field == label || label_of(f, field) == label) {
            None => faults.push(Fault::with(name, "unknown-code", label)),
            Some(field) if mapping.0.contains_key(field) => faults.push(Fault::with(name, "taken", label)),
            Some(field) => {
                mapping.0.insert(field.clone(), Source::Column(column.clone()));
            }
        }
    }
    for fixed in fixed(f, view, Some(fields)) {
        let field = fixed.name.trim_start_matches("fixed.");
        if fixed.choices.iter().any(|(id, _)| *id == fixed.chosen) {
            mapping.0.insert(field.to_owned(), Source::Constant(fixed.chosen));
        }
    }
    if faults.is_empty() { Ok(mapping) } else { Err(AppError::Invalid(faults)) }
}

async fn check(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let refused = match dry_run(&visit, &id, &fields).await {
        Ok(()) => return Redirect::to(&format!("/import/{id}#report")).into_response(),
        Err(error) => error,
    };
    let shown = match refused {
        error @ (AppError::Invalid(_) | AppError::NotAllowed) => page(&visit, &id, Some(&fields), Some(error)).await,
        error => Err(error),
    };
    shown.unwrap_or_else(|error| visit.fault(error).into_response())
}

async fn dry_run(visit: &Visit, id: &str, fields: &Fields) -> Result<(), AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let view = view_import(app, &viewer, id_of(id)?).await?;
    let mapping = mapping_of(&visit.frame(""), &view, fields)?;
    let party = fields.get("party").parse().ok();
    confirm_mapping(app, &viewer, view.run.id, mapping, party, fields.ticked("publish")).await.map(drop)
}

async fn run(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let begun = match id_of(&id) {
        Ok(id) => run_import(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    let refused = match begun {
        Ok(()) => {
            let there = Redirect::to(&format!("/import/{id}")).into_response();
            return with_flash(&visit.web, there, Tone::Done, "import-begun");
        }
        Err(error @ AppError::Invalid(_)) => page(&visit, &id, None, Some(error)).await,
        Err(error) => Err(error),
    };
    refused.unwrap_or_else(|error| visit.fault(error).into_response())
}

async fn report(visit: Visit, Path(id): Path<String>) -> Response {
    match csv(&visit, &id).await {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"import-report.csv\"")),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn csv(visit: &Visit, id: &str) -> Result<Vec<u8>, AppError> {
    let view = view_import(&visit.web.app, &visit.viewer(), id_of(id)?).await?;
    let report = view.report.ok_or(AppError::NotFound)?;
    let locale = visit.preferences.locale;
    Ok(report_csv(&report, &|key| locale.find(key).unwrap_or(key).to_owned()))
}

//! `/articles/upload`: articles from a file or a zip of files.

use askama::Template;
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::transfer::{my_imports, start_articles, was_cut};
use keqiao_domain::{Audience, ImportId, Timestamp};

use super::draw;
use super::form::{Faults, with_status};
use super::import::state_name;
use super::upload::{Upload, drain};
use crate::fault::status_of;
use crate::fields::Fields;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

/// Whom articles can be for.
const READERS: [Audience; 3] = [Audience::Public, Audience::Member, Audience::Operator];

pub(crate) fn routes() -> Routes {
    Routes::default()
        .post("/articles/upload", upload)
        // The blob store stops at the limit that is set for imports.
        .map_router(|router| router.layer(DefaultBodyLimit::disable()))
        .get("/articles/upload", show)
}

/// An earlier run.
struct Past {
    id: ImportId,
    /// The name of the file.
    file: String,
    /// Whether the file did not come whole.
    cut: bool,
    state: &'static str,
    total: i64,
    created: i64,
    failed: i64,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "article_upload.html")]
struct Page {
    f: Frame,
    limit: i64,
    readers: Audience,
    text_readers: Audience,
    past: Vec<Past>,
    fault: String,
}

async fn show(visit: Visit) -> Response {
    match page(&visit, &Fields::default(), None).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

fn allowed(visit: &Visit) -> Result<(), AppError> {
    match visit.viewer() {
        viewer if viewer.is_operator() => Ok(()),
        viewer if viewer.is_member() => Err(AppError::NotAllowed),
        _ => Err(AppError::SignInNeeded),
    }
}

fn chosen(fields: &Fields, name: &str, otherwise: Audience) -> Audience {
    READERS.into_iter().find(|audience| audience.to_string() == fields.get(name)).unwrap_or(otherwise)
}

async fn page(visit: &Visit, fields: &Fields, refused: Option<&AppError>) -> Result<Page, AppError> {
    allowed(visit)?;
    let app = &visit.web.app;
    let f = visit.frame_of("articles-upload");
    let runs = my_imports(app, &visit.viewer()).await?;
    let past = runs.into_iter().filter(|run| run.what == "articles").map(|run| Past {
        id: run.id,
        file: run.mapping.get("file").and_then(|name| name.as_str()).unwrap_or_default().to_owned(),
        cut: was_cut(&run),
        state: if was_cut(&run) { f.t("articles-upload-cut") } else { state_name(&f, &run.state) },
        total: run.total,
        created: run.created,
        failed: run.failed,
        at: run.created_at,
    });
    let fault = match refused {
        None => String::new(),
        Some(AppError::Invalid(faults)) => Faults(faults.clone()).beyond(&f, &[]),
        Some(AppError::TooLarge { limit }) => {
            f.t1("import-too-large", "limit", f.size(&i64::try_from(*limit).unwrap_or(i64::MAX)))
        }
        Some(other) => f.locale.find(&format!("error-{}-what", other.code())).unwrap_or_default().to_owned(),
    };
    Ok(Page {
        limit: i64::try_from(app.settings.import_limit_bytes).unwrap_or(i64::MAX),
        readers: chosen(fields, "readers", Audience::Public),
        text_readers: chosen(fields, "text_readers", Audience::Member),
        past: past.collect(),
        fault,
        f,
    })
}

async fn upload(visit: Visit, mut form: Multipart) -> Response {
    if let Err(error) = allowed(&visit) {
        drain(form).await;
        return visit.fault(error).into_response();
    }
    let mut typed = Fields::default();
    let refused = match keep(&visit, &mut form, &mut typed).await {
        Ok(id) => return Redirect::to(&format!("/import/{id}")).into_response(),
        Err(error) => error,
    };
    drain(form).await;
    match page(&visit, &typed, Some(&refused)).await {
        Ok(page) => with_status(status_of(&refused), &page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn keep(visit: &Visit, form: &mut Multipart, typed: &mut Fields) -> Result<ImportId, AppError> {
    let Upload { fields, name, stream } = Upload::open(visit, form, 2).await?;
    typed.clone_from(&fields);
    let readers = chosen(&fields, "readers", Audience::Operator);
    let text_readers = chosen(&fields, "text_readers", Audience::Operator);
    start_articles(&visit.web.app, &visit.viewer(), &name, readers, text_readers, stream).await
}

//! Files of an entry: added and taken away while it is written, and sent to who reads it.

use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::programs::{UploadedEntryFile, add_entry_file, read_entry_file, remove_entry_file};
use keqiao_domain::{AttachmentId, ProgramEntryId};

use super::entry::shown;
use super::told;
use crate::fields::{Fields, Sent};
use crate::page::Tone;
use crate::pages::attachment::{download, sent};
use crate::pages::form::Faults;
use crate::pages::parse_id;
use crate::pages::upload::{Upload, drain, too_large};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .post("/entries/{id}/files", add)
        // The blob store stops at the limit that is set for attachments.
        .map_router(|router| router.layer(DefaultBodyLimit::disable()))
        .get("/entry-files/{id}", send)
        .post("/entry-files/{id}/remove", remove)
}

async fn add(Path(id): Path<String>, visit: Visit, mut form: Multipart) -> Response {
    let refused = match keep(&visit, &id, &mut form).await {
        Ok(()) => return back(&visit, &id, "file-added"),
        Err(error) => error,
    };
    drain(form).await;
    let (faults, problem) = match too_large(refused) {
        AppError::Invalid(faults) => (faults, String::new()),
        other => match told(&visit.frame(""), other) {
            Ok(problem) => (Vec::new(), problem),
            Err(other) => return visit.fault(other).into_response(),
        },
    };
    match shown(&visit, &id, Fields::default(), Faults(faults), problem, true).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn keep(visit: &Visit, id: &str, form: &mut Multipart) -> Result<(), AppError> {
    let id: ProgramEntryId = parse_id(id)?;
    let Upload { fields, name, stream } = Upload::open(visit, form, 1).await?;
    let file = UploadedEntryFile { name, reveals: fields.get("reveals") != "no", stream };
    add_entry_file(&visit.web.app, &visit.viewer(), id, file).await.map(drop)
}

async fn send(visit: Visit, Path(id): Path<String>) -> Response {
    let found = match parse_id::<AttachmentId>(&id) {
        Ok(id) => read_entry_file(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    sent(&visit, found.map(|(file, stream)| (download(file.media_type, file.size, &file.name), stream)))
}

async fn remove(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let gone = match parse_id::<AttachmentId>(&id) {
        Ok(id) => remove_entry_file(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    match gone {
        Ok(entry) => back(&visit, &entry.to_string(), "file-removed"),
        Err(error) => visit.fault(error).into_response(),
    }
}

fn back(visit: &Visit, id: &str, said: &str) -> Response {
    with_flash(&visit.web, Redirect::to(&format!("/entries/{id}#files")).into_response(), Tone::Done, said)
}

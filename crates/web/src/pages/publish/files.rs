//! Attachments of a draft: streamed in as they come, taken away again.

use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::listings::{AttachmentFile, add_attachment, remove_attachment};
use keqiao_domain::{AttachmentId, ListingId, Tier};

use super::{check, id_of};
use crate::fields::Sent;
use crate::page::Tone;
use crate::pages::upload::{Upload, drain};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .post("/publish/{id}/files", attach)
        // The blob store stops at the limit that is set for attachments.
        .map_router(|router| router.layer(DefaultBodyLimit::disable()))
        .post("/publish/{id}/files/{file}/remove", detach)
}

fn tier_of(word: &str) -> Tier {
    match word {
        "public" => Tier::Public,
        "confidential" => Tier::Confidential,
        _ => Tier::Member,
    }
}

async fn attach(Path(id): Path<String>, visit: Visit, mut form: Multipart) -> Response {
    let refused = match keep(&visit, &id, &mut form).await {
        Ok(()) => return back(&visit, &id, "file-added"),
        Err(error) => error,
    };
    drain(form).await;
    match refused {
        error @ (AppError::Invalid(_) | AppError::TooLarge { .. }) => {
            check::page(&visit, &id, Some(error)).await.unwrap_or_else(|error| visit.fault(error).into_response())
        }
        other => visit.fault(other).into_response(),
    }
}

async fn keep(visit: &Visit, id: &str, form: &mut Multipart) -> Result<(), AppError> {
    let id: ListingId = id_of(id)?;
    let Upload { fields, name, stream } = Upload::open(visit, form, 1).await?;
    let file = AttachmentFile { name, tier: tier_of(fields.get("tier")), stream };
    add_attachment(&visit.web.app, &visit.viewer(), id, file).await.map(drop)
}

async fn detach(Path((id, file)): Path<(String, String)>, Sent(visit, _): Sent) -> Response {
    let gone = match id_of::<AttachmentId>(&file) {
        Ok(file) => remove_attachment(&visit.web.app, &visit.viewer(), file).await,
        Err(error) => Err(error),
    };
    match gone {
        Ok(_) => back(&visit, &id, "file-removed"),
        Err(error) => visit.fault(error).into_response(),
    }
}

fn back(visit: &Visit, id: &str, said: &str) -> Response {
    // What is no id leads nowhere but to a page that says so.
    let place = id_of::<ListingId>(id).map_or_else(|_| "/desk".to_owned(), |id| format!("/publish/{id}#files"));
    with_flash(&visit.web, Redirect::to(&place).into_response(), Tone::Done, said)
}

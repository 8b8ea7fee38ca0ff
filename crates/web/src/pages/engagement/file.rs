//! `/engagement-files/{id}`: a file of an engagement, streamed; and one that is tied to no step, taken away.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::engagements::{read_file, remove_file};
use keqiao_domain::AttachmentId;

use super::{Typed, done};
use crate::fields::Sent;
use crate::pages::attachment::{download, sent};
use crate::pages::parse_id;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default().get("/engagement-files/{id}", send).post("/engagement-files/{id}/remove", remove)
}

async fn send(visit: Visit, Path(id): Path<String>) -> Response {
    let found = match parse_id::<AttachmentId>(&id) {
        Ok(id) => read_file(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    sent(&visit, found.map(|(file, stream)| (download(file.media_type, file.size, &file.name), stream)))
}

async fn remove(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let gone = match parse_id::<AttachmentId>(&id) {
        Ok(id) => remove_file(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    match gone {
        Ok(engagement) => done(&visit, &engagement.to_string(), Typed::default(), Ok(()), "file-removed").await,
        Err(error) => visit.fault(error).into_response(),
    }
}

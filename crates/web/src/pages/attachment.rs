//! `/attachments/{id}`: a file, streamed; a browser saves it and never opens it here.

use axum::body::Body;
use axum::extract::Path;
use axum::http::HeaderName;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::Stream;
use keqiao_app::listings::read_attachment;
use keqiao_app::{AppError, BlobError};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::parse_id;
use crate::routes::Routes;
use crate::visit::Visit;

/// What a name's extended form leaves as it is (RFC 8187, attr-char).
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(crate) fn routes() -> Routes {
    Routes::default().get("/attachments/{id}", send)
}

async fn send(visit: Visit, Path(id): Path<String>) -> Response {
    let found = match parse_id(&id) {
        Ok(id) => read_attachment(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    sent(&visit, found.map(|(file, stream)| (download(file.media_type, file.size, &file.name), stream)))
}

/// The headers of a file that a browser saves.
type Download = [(HeaderName, String); 6];

/// A file as it is sent, piece by piece, or why it is not.
pub(super) fn sent(
    visit: &Visit,
    found: Result<(Download, impl Stream<Item = Result<Bytes, BlobError>> + Send + 'static), AppError>,
) -> Response {
    match found {
        Ok((headers, stream)) => (headers, Body::from_stream(stream)).into_response(),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The headers of a file of this type, size and name.
pub(super) fn download(media_type: String, size: i64, name: &str) -> Download {
    [
        (CONTENT_TYPE, media_type),
        (CONTENT_LENGTH, size.to_string()),
        (CONTENT_DISPOSITION, disposition(name)),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        // Whoever may read it now may not tomorrow.
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ]
}

/// The header that makes a browser save the file under its name (RFC 6266):
/// a plain form for old readers, and the name in UTF-8.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, ATTRIBUTE))
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("报告 \"1\".pdf"),
            "attachment; filename=\"____1_.pdf\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%20%221%22.pdf"
        );
        let nasty = disposition("a\r\nSet-Cookie: x=1;\"\\%00.txt");
        assert!(nasty.chars().all(|c| c.is_ascii_graphic() || c == ' '), "{nasty}");
        assert_eq!(nasty.matches('"').count(), 2);
    }
}

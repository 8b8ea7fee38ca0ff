//! Files that people upload: what they may be named and be, and how their bytes come to lie in the blob store.

use bytes::Bytes;
use futures::Stream;

use crate::{App, AppError};

/// What may be attached: extension and the media type it is served with.
const TYPES: [(&str, &str); 16] = [
    ("pdf", "application/pdf"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("txt", "text/plain; charset=utf-8"),
    ("md", "text/plain; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("zip", "application/zip"),
    ("ofd", "application/ofd"),
];

/// The extensions that may be attached.
#[must_use]
pub fn attachment_types() -> Vec<&'static str> {
    TYPES.iter().map(|(extension, _)| *extension).collect()
}

/// A file that may be kept.
pub(crate) struct Allowed {
    name: String,
    media_type: &'static str,
}

/// A file whose bytes lie in the blob store.
pub(crate) struct Kept {
    /// Its name, without folders.
    pub(crate) name: String,
    /// Media type.
    pub(crate) media_type: String,
    /// Size in bytes.
    pub(crate) size: i64,
    /// SHA-256 of its bytes.
    pub(crate) sha256: String,
    /// Where its bytes lie.
    pub(crate) blob: String,
}

impl Allowed {
    /// By its name as the sender gave it; `field` is that of the form.
    ///
    /// # Errors
    /// `Invalid` for a type that is not allowed.
    pub(crate) fn of(name: &str, field: &'static str) -> Result<Self, AppError> {
        let name = plain_name(name);
        let media_type = media_type(&name).ok_or_else(|| AppError::invalid(field, "type-not-allowed"))?;
        Ok(Self { name, media_type })
    }

    /// Keeps its bytes as they come.
    ///
    /// # Errors
    /// `TooLarge`; when the stream breaks or the blob store fails. Nothing is kept then.
    pub(crate) async fn keep<E>(
        self,
        app: &App,
        blob: String,
        stream: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Kept, AppError> {
        let kept = app.blobs.keep(&blob, stream, app.settings.attachment_limit_bytes).await?;
        let size = i64::try_from(kept.size).unwrap_or(i64::MAX);
        Ok(Kept { name: self.name, media_type: self.media_type.to_owned(), size, sha256: kept.sha256, blob })
    }
}

impl Kept {
    /// Takes an empty file away again.
    ///
    /// # Errors
    /// `Invalid` when it is empty.
    pub(crate) async fn unless_empty(self, app: &App, field: &'static str) -> Result<Self, AppError> {
        if self.size > 0 {
            return Ok(self);
        }
        app.blobs.remove(&self.blob).await?;
        Err(AppError::invalid(field, "empty-file"))
    }
}

/// The last part of a path, without control characters, at most 120 characters.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).collect();
    let (stem, extension) = kept.rsplit_once('.').unwrap_or((&kept, ""));
    let stem: String = stem.trim().chars().take(110).collect();
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}

/// The media type that a name ends in; `None`: it may not be kept.
fn media_type(name: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.')?.1.to_lowercase();
    TYPES.iter().find(|(e, _)| *e == extension).map(|(_, t)| *t)
}

#[cfg(test)]
mod tests {
    use super::{media_type, plain_name};

    #[test]
    fn a_name_loses_folders_and_keeps_its_extension() {
        assert_eq!(plain_name("..\\..\\etc/报告 1.PDF"), "报告 1.PDF");
        assert_eq!(plain_name(&format!("{}.pdf", "长".repeat(300))).chars().count(), 114);
        assert_eq!(plain_name("a\u{0}b\r\n.txt"), "ab.txt");
    }

    #[test]
    fn a_type_is_known_by_extension_alone() {
        assert_eq!(media_type("报告.PDF"), Some("application/pdf"));
        assert_eq!(media_type("x.html"), None);
        assert_eq!(media_type("pdf"), None);
    }
}

//! A form with a file: its token and fields first, then the file as a stream.

use axum::extract::Multipart;
use axum::extract::multipart::Field;
use keqiao_app::{App, AppError, Fault, attachment_types};

use crate::fields::{Fields, token_fits};
use crate::visit::Visit;

/// Longest text field of such a form, bytes.
const LONGEST_FIELD: usize = 2_000;
/// Most bytes of a refused upload that are read and thrown away.
const MOST_DRAINED: usize = 1 << 30;

/// What may be attached, and of which size.
pub(crate) struct FileTypes {
    /// For the browser's choice of files.
    pub(crate) accept: String,
    /// For people.
    pub(crate) shown: String,
    /// Most bytes.
    pub(crate) limit: i64,
}

impl FileTypes {
    pub(crate) fn of(app: &App) -> Self {
        let all = attachment_types();
        Self {
            accept: all.iter().map(|t| format!(".{t}")).collect::<Vec<_>>().join(","),
            shown: all.join(" "),
            limit: i64::try_from(app.settings.attachment_limit_bytes).unwrap_or(i64::MAX),
        }
    }
}

/// An upload whose fields were read and whose file was not.
pub(crate) struct Upload<'a> {
    pub(crate) fields: Fields,
    /// The file's name as the sender gave it.
    pub(crate) name: String,
    /// The file's bytes.
    pub(crate) stream: Field<'a>,
}

impl<'a> Upload<'a> {
    /// Reads the token and `others` more fields, then opens the file, which stands last.
    ///
    /// # Errors
    /// `NotAllowed` without the visit's token; `Invalid` when no file was sent or the upload breaks off.
    pub(crate) async fn open(visit: &Visit, form: &'a mut Multipart, others: usize) -> Result<Self, AppError> {
        let cut = |_| AppError::invalid("file", "upload-cut");
        let none = || AppError::invalid("file", "required");
        let mut fields = Fields::default();
        for _ in 0..=others {
            let field = form.next_field().await.map_err(cut)?.ok_or_else(none)?;
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                return Err(none());
            }
            fields.0.push((name, short_text(field).await?));
        }
        if !token_fits(visit, fields.get("csrf")) {
            return Err(AppError::NotAllowed);
        }
        let stream = form.next_field().await.map_err(cut)?.ok_or_else(none)?;
        let name = stream.file_name().unwrap_or_default().to_owned();
        if name.is_empty() { Err(none()) } else { Ok(Self { fields, name, stream }) }
    }
}

async fn short_text(field: Field<'_>) -> Result<String, AppError> {
    text_of(field, LONGEST_FIELD).await
}

/// A field's text, of so many bytes at the most.
pub(crate) async fn text_of(mut field: Field<'_>, longest: usize) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|_| AppError::invalid("file", "upload-cut"))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > longest {
            return Err(AppError::invalid("form", "too-long"));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A file that is too large is a fault of its field: what was typed beside it stays.
pub(crate) fn too_large(error: AppError) -> AppError {
    match error {
        AppError::TooLarge { limit } => {
            AppError::Invalid(vec![Fault::with("file", "file-too-large", format!("{} MiB", limit >> 20))])
        }
        other => other,
    }
}

/// Reads the rest of a refused upload and throws it away: a browser that is still
/// sending would show a broken connection instead of the page that says why.
pub(crate) async fn drain(mut form: Multipart) {
    let mut left = MOST_DRAINED;
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(piece)) = field.chunk().await {
            left = left.saturating_sub(piece.len());
            if left == 0 {
                return;
            }
        }
    }
}

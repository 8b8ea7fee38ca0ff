//! The form of a move: reading its fields, its files and its note back.

use axum::extract::Multipart;
use keqiao_app::engagements::{UploadedFile, add_file};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AttachmentId, EngagementId};

use crate::fields::{Fields, token_fits};
use crate::visit::Visit;

/// Longest text of such a form, bytes.
const LONGEST: usize = 64 << 10;
/// Most parts of such a form.
const MOST_PARTS: usize = 200;

/// A form with files that was read: its fields, and the files it brought, which are kept by now.
pub(super) struct Sent {
    pub(super) fields: Fields,
    pub(super) files: Vec<AttachmentId>,
    pub(super) faults: Vec<Fault>,
}

/// Reads a form whose token comes first; each file is kept as it comes.
pub(super) async fn read(visit: &Visit, id: EngagementId, form: &mut Multipart) -> Result<Sent, AppError> {
    let cut = |_| AppError::invalid("files", "upload-cut");
    let mut sent = Sent { fields: Fields::default(), files: Vec::new(), faults: Vec::new() };
    let mut parts = 0;
    while let Some(mut part) = form.next_field().await.map_err(cut)? {
        parts += 1;
        if parts > MOST_PARTS {
            return Err(AppError::invalid("form", "too-many"));
        }
        let name = part.name().unwrap_or_default().to_owned();
        if parts > 1 && !token_fits(visit, sent.fields.get("csrf")) {
            return Err(AppError::NotAllowed);
        }
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let mut bytes = Vec::new();
            while let Some(piece) = part.chunk().await.map_err(cut)? {
                bytes.extend_from_slice(&piece);
                if bytes.len() > LONGEST {
                    return Err(AppError::invalid("form", "too-long"));
                }
            }
            sent.fields.0.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            continue;
        };
        if file_name.is_empty() {
            continue;
        }
        match add_file(&visit.web.app, &visit.viewer(), id, UploadedFile { name: file_name.clone(), stream: part })
            .await
        {
            Ok(kept) => sent.files.push(kept.id),
            // The other fields are read on, so that nothing typed is lost.
            Err(AppError::Invalid(faults)) => sent.faults.extend(faults),
            Err(AppError::TooLarge { limit }) => {
                let which = format!("{file_name}, {} MiB", limit >> 20);
                sent.faults.push(Fault::with("files", "file-too-large", which));
            }
            Err(other) => return Err(other),
        }
    }
    if !token_fits(visit, sent.fields.get("csrf")) {
        return Err(AppError::NotAllowed);
    }
    for id in sent.fields.all("files") {
        sent.files.extend(id.parse::<AttachmentId>());
    }
    Ok(sent)
}

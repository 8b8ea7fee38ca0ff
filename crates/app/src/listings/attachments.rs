//! Attachments: streamed in, streamed out, never executed or sniffed.

use bytes::Bytes;
use futures::{FutureExt, Stream};
use keqiao_domain::{Action, Attachment, AttachmentId, ListingId, ListingState, RecordKind, Tier, Viewer};
use keqiao_store::attachments;

use super::view::{find_visible, has_accepted};
use crate::blobs::BlobError;
use crate::{App, AppError, log_change};

/// Most attachments of one listing.
const MOST: usize = 20;

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

/// A file as uploaded: its name and its bytes as they come.
pub struct AttachmentFile<S> {
    /// File name as the sender gave it.
    pub name: String,
    /// Who may read it.
    pub tier: Tier,
    /// The bytes.
    pub stream: S,
}

/// The last part of a path, without control characters, at most 120 characters.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).collect();
    let (stem, extension) = kept.rsplit_once('.').unwrap_or((&kept, ""));
    let stem: String = stem.trim().chars().take(110).collect();
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}

pub(crate) fn media_type(name: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.')?.1.to_lowercase();
    TYPES.iter().find(|(e, _)| *e == extension).map(|(_, t)| *t)
}

/// Attaches a file to a listing.
///
/// # Errors
/// `NotAllowed`; `Invalid` for a type that is not allowed or too many files; `TooLarge`; `NotFound`.
pub async fn add_attachment<S, E>(
    app: &App,
    viewer: &Viewer,
    id: ListingId,
    file: AttachmentFile<S>,
) -> Result<Attachment, AppError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let author = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let listing = find_visible(&mut db, viewer, id).await?;
    if !viewer.may_edit_for(listing.party) || listing.state == ListingState::Closed {
        return Err(AppError::NotAllowed);
    }
    let name = plain_name(&file.name);
    let media_type = media_type(&name).ok_or_else(|| AppError::invalid("file", "type-not-allowed"))?;
    if attachments::of_listing(&mut db, id).await?.len() >= MOST {
        return Err(AppError::invalid("file", "too-many"));
    }
    drop(db);
    let attachment_id = AttachmentId::fresh(&*app.clock, &*app.entropy);
    let blob = format!("attachments/{attachment_id}");
    let kept = app.blobs.keep(&blob, file.stream, app.settings.attachment_limit_bytes).await?;
    let now = app.now();
    let attachment = Attachment {
        id: attachment_id,
        listing: id,
        name,
        media_type: media_type.to_owned(),
        size: i64::try_from(kept.size).unwrap_or(i64::MAX),
        sha256: kept.sha256,
        blob: blob.clone(),
        tier: file.tier,
        author: Some(author),
        created_at: now,
    };
    let stored = app
        .store
        .write(move |tx| {
            async move {
                attachments::insert(tx, &attachment).await?;
                log_change(tx, now, RecordKind::Attachment, attachment.id, Action::Created, Some(author)).await?;
                log_change(tx, now, RecordKind::Listing, id, Action::Updated, Some(author)).await?;
                Ok::<_, AppError>(attachment)
            }
            .boxed()
        })
        .await;
    if stored.is_err() {
        app.blobs.remove(&blob).await?;
    }
    stored
}

/// A file's description and bytes, for who may read it.
///
/// # Errors
/// `NotFound`, also when the viewer may not read it.
pub async fn read_attachment(
    app: &App,
    viewer: &Viewer,
    id: AttachmentId,
) -> Result<(Attachment, impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>), AppError> {
    let mut db = app.store.reader().await?;
    let attachment = attachments::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let listing = find_visible(&mut db, viewer, attachment.listing).await?;
    let accepted = has_accepted(&mut db, viewer, listing.id).await?;
    if !viewer.reads(attachment.tier, listing.party, accepted) {
        return Err(AppError::NotFound);
    }
    let stream = app.blobs.stream(&attachment.blob).await?;
    Ok((attachment, stream))
}

/// Removes an attachment.
///
/// # Errors
/// `NotAllowed`; `NotFound`.
pub async fn remove_attachment(app: &App, viewer: &Viewer, id: AttachmentId) -> Result<ListingId, AppError> {
    let actor = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let attachment = attachments::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let listing = find_visible(&mut db, viewer, attachment.listing).await?;
    drop(db);
    if !viewer.may_edit_for(listing.party) {
        return Err(AppError::NotAllowed);
    }
    let now = app.now();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                attachments::remove(tx, id).await?;
                log_change(tx, now, RecordKind::Attachment, id, Action::Removed, Some(actor)).await?;
                log_change(tx, now, RecordKind::Listing, listing.id, Action::Updated, Some(actor)).await?;
                Ok(())
            }
            .boxed()
        })
        .await?;
    app.blobs.remove(&attachment.blob).await?;
    Ok(attachment.listing)
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

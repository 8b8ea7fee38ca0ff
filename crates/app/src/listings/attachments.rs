//! Attachments: streamed in, streamed out, never executed or sniffed.

use bytes::Bytes;
use futures::{FutureExt, Stream};
use keqiao_domain::{Action, Attachment, AttachmentId, ListingId, ListingState, RecordKind, Tier, Viewer};
use keqiao_store::attachments;

use super::view::{find_visible, has_accepted};
use crate::blobs::BlobError;
use crate::uploads::{Allowed, Kept};
use crate::{App, AppError, log_change};

/// Most attachments of one listing.
const MOST: usize = 20;

/// A file as uploaded: its name and its bytes as they come.
pub struct AttachmentFile<S> {
    /// File name as the sender gave it.
    pub name: String,
    /// Who may read it.
    pub tier: Tier,
    /// The bytes.
    pub stream: S,
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
    let allowed = Allowed::of(&file.name, "file")?;
    if attachments::of_listing(&mut db, id).await?.len() >= MOST {
        return Err(AppError::invalid("file", "too-many"));
    }
    drop(db);
    let attachment_id = AttachmentId::fresh(&*app.clock, &*app.entropy);
    let Kept { name, media_type, size, sha256, blob } =
        allowed.keep(app, format!("attachments/{attachment_id}"), file.stream).await?;
    let now = app.now();
    let attachment = Attachment {
        id: attachment_id,
        listing: id,
        name,
        media_type,
        size,
        sha256,
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

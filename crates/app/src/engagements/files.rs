//! Files of an engagement: uploaded first, tied to a step when it is taken, and never changed after that.

use bytes::Bytes;
use futures::{FutureExt, Stream};
use keqiao_domain::{AccountId, Action, AttachmentId, EngagementFile, EngagementId, RecordKind, Viewer};
use keqiao_store::Conn;
use keqiao_store::engagements::files;

use super::find_seen;
use super::record::current;
use crate::uploads::{Allowed, Kept};
use crate::{App, AppError, BlobError, Fault, log_change};

/// Most files of the steps of one engagement.
const MOST: i64 = 200;
/// Most files of one author that are tied to no step. They stand in nobody else's way.
const LOOSE: i64 = 50;

/// A file as uploaded: its name and its bytes as they come.
pub struct UploadedFile<S> {
    /// File name as the sender gave it.
    pub name: String,
    /// The bytes.
    pub stream: S,
}

/// Keeps a file for an engagement.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may only read; `Invalid` for a type that is not allowed, an empty
/// file or too many; `TooLarge`.
pub async fn add_file<S, E>(
    app: &App,
    viewer: &Viewer,
    id: EngagementId,
    file: UploadedFile<S>,
) -> Result<EngagementFile, AppError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let author = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let engagement = find_seen(&mut db, viewer, id).await?;
    if viewer.roles_in_engagement(&engagement).is_empty() {
        return Err(AppError::NotAllowed);
    }
    let allowed = Allowed::of(&file.name, "files")?;
    // Asked again when it is written: what is refused here was not sent for nothing.
    room(&mut db, id, author).await?;
    drop(db);
    let file_id = AttachmentId::fresh(&*app.clock, &*app.entropy);
    let kept = allowed.keep(app, format!("engagements/{file_id}"), file.stream).await?;
    let Kept { name, media_type, size, sha256, blob } = kept.unless_empty(app, "files").await?;
    let now = app.now();
    let file = EngagementFile {
        id: file_id,
        engagement: id,
        step: None,
        name,
        media_type,
        size,
        sha256,
        blob: blob.clone(),
        author,
        created_at: now,
    };
    let stored = app
        .store
        .write::<_, AppError, _>(move |tx| {
            async move {
                room(tx, id, author).await?;
                files::insert(tx, &file).await?;
                log_change(tx, now, RecordKind::Engagement, id, Action::Updated, Some(author)).await?;
                Ok(file)
            }
            .boxed()
        })
        .await;
    if stored.is_err() {
        app.blobs.remove(&blob).await?;
    }
    stored
}

/// Refuses one file more than there may be.
async fn room(db: &mut Conn, id: EngagementId, author: AccountId) -> Result<(), AppError> {
    let (tied, loose) = files::count(db, id, author).await?;
    if loose >= LOOSE {
        return Err(AppError::Invalid(vec![Fault::with("files", "too-many-loose", LOOSE)]));
    }
    if tied + loose >= MOST {
        return Err(AppError::Invalid(vec![Fault::with("files", "too-many", MOST)]));
    }
    Ok(())
}

/// A file's description and bytes.
///
/// # Errors
/// `NotFound`, also when the viewer may not see the engagement.
pub async fn read_file(
    app: &App,
    viewer: &Viewer,
    id: AttachmentId,
) -> Result<(EngagementFile, impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>), AppError> {
    let mut db = app.store.reader().await?;
    let file = files::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    find_seen(&mut db, viewer, file.engagement).await?;
    let stream = app.blobs.stream(&file.blob).await?;
    Ok((file, stream))
}

/// Removes a file that is tied to no step; its uploader's.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` when it is another's, or tied to a step.
pub async fn remove_file(app: &App, viewer: &Viewer, id: AttachmentId) -> Result<EngagementId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let viewer = viewer.clone();
    let now = app.now();
    let removed = app
        .store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let file = files::find(tx, id).await?.ok_or(AppError::NotFound)?;
                if !viewer.sees_engagement(&current(tx, file.engagement).await?) {
                    return Err(AppError::NotFound);
                }
                if file.author != account || !files::remove(tx, id).await? {
                    return Err(AppError::NotAllowed);
                }
                log_change(tx, now, RecordKind::Engagement, file.engagement, Action::Updated, Some(account)).await?;
                Ok(file)
            }
            .boxed()
        })
        .await?;
    app.blobs.remove(&removed.blob).await?;
    Ok(removed.engagement)
}

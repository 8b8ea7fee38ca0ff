//! The file of a confidential annex: kept before it is shared, taken away by who accepted the terms.

use bytes::Bytes;
use futures::Stream;
use keqiao_domain::{AnnexFile, AnnexId, EngagementId, Viewer};

use super::annex::side_of;
use super::{AnnexPage, AnnexReading, UploadedFile, find_seen, read_annex};
use crate::uploads::{Allowed, Kept};
use crate::{App, AppError, BlobError};

/// Keeps a file that is to be shared with an annex.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for who acts for one of the sides; `Invalid` for a type that is not
/// allowed or an empty file; `TooLarge`.
pub async fn keep_annex_file<S, E>(
    app: &App,
    viewer: &Viewer,
    id: EngagementId,
    file: UploadedFile<S>,
) -> Result<AnnexFile, AppError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let seen = find_seen(&mut app.store.reader().await?, viewer, id).await?;
    side_of(viewer, &seen).ok_or(AppError::NotAllowed)?;
    let allowed = Allowed::of(&file.name, "file")?;
    let blob = format!("annexes/{}", AnnexId::fresh(&*app.clock, &*app.entropy));
    let Kept { name, media_type, size, sha256, blob } =
        allowed.keep(app, blob, file.stream).await?.unless_empty(app, "file").await?;
    Ok(AnnexFile { name, media_type, size, sha256, blob })
}

/// The file of an annex; that it is taken away is logged before a byte is sent.
///
/// # Errors
/// Those of [`read_annex`]; `NotFound` when no file comes with it.
pub async fn read_annex_file(
    app: &App,
    viewer: &Viewer,
    id: EngagementId,
    annex: AnnexId,
) -> Result<(AnnexPage, AnnexFile, impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>), AppError> {
    let page = read_annex(app, viewer, id, annex, AnnexReading::File).await?;
    let file = page.annex.file.clone().ok_or(AppError::NotFound)?;
    let stream = app.blobs.stream(&file.blob).await?;
    Ok((page, file, stream))
}

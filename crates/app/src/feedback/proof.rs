//! The files by which items are settled; their bytes lie in the blob store.

use bytes::Bytes;
use futures::Stream;
use keqiao_domain::{FeedbackId, ProofFile, Viewer};

use super::seen;
use crate::uploads::{Allowed, Kept};
use crate::{App, AppError, BlobError};

/// Keeps a file that is to show by what an item was settled.
///
/// # Errors
/// `Invalid` for a type that is not allowed or an empty file; `TooLarge`.
pub async fn keep_proof<S, E>(app: &App, name: &str, stream: S) -> Result<ProofFile, AppError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let allowed = Allowed::of(name, "file")?;
    let blob = format!("feedback/{}", FeedbackId::fresh(&*app.clock, &*app.entropy));
    let Kept { name, media_type, size, sha256, blob } =
        allowed.keep(app, blob, stream).await?.unless_empty(app, "file").await?;
    Ok(ProofFile { name, media_type, size, sha256, blob })
}

/// Takes away a file that was kept for nothing.
///
/// # Errors
/// When the blob store fails.
pub async fn drop_proof(app: &App, proof: &ProofFile) -> Result<(), AppError> {
    Ok(app.blobs.remove(&proof.blob).await?)
}

/// The evidence that was given with the n-th thing that happened to an item: its description and bytes.
///
/// # Errors
/// `NotFound`, also when the viewer may not see the item or there is none.
pub async fn read_proof(
    app: &App,
    viewer: &Viewer,
    id: FeedbackId,
    n: usize,
) -> Result<(ProofFile, impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>), AppError> {
    let item = seen(&mut app.store.reader().await?, viewer, id).await?;
    let proof = item.events.into_iter().nth(n).and_then(|e| e.proof).ok_or(AppError::NotFound)?;
    let stream = app.blobs.stream(&proof.blob).await?;
    Ok((proof, stream))
}

//! The desk's notices.

use futures::FutureExt;
use keqiao_domain::{Notice, NoticeId, Timestamp, Viewer};
use keqiao_store::notices;

use crate::{App, AppError};

/// A page of the viewer's notices, the newest first.
///
/// # Errors
/// `SignInNeeded`.
pub async fn my_notices(
    app: &App,
    viewer: &Viewer,
    after: Option<(Timestamp, NoticeId)>,
    limit: i64,
) -> Result<Vec<Notice>, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    Ok(notices::page_of(&mut db, account, after, limit.clamp(1, 100)).await?)
}

/// Marks all of the viewer's notices as read.
///
/// # Errors
/// `SignInNeeded`.
pub async fn mark_all_read(app: &App, viewer: &Viewer) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let now = app.now();
    app.store
        .write(move |tx| async move { Ok(notices::mark_read(tx, account, None, now).await.map(drop)?) }.boxed())
        .await
}

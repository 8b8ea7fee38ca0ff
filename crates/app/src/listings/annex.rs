//! The confidential annex: terms, acceptance, and who has read.

use futures::FutureExt;
use keqiao_domain::{Account, Action, ListingId, RecordKind, Timestamp, Viewer};
use keqiao_store::{accounts, annex_acceptances};

use super::view::find_visible;
use crate::{App, AppError, log_change};

/// Accepts the terms of a listing's annex; logged, once.
///
/// # Errors
/// `SignInNeeded`; `NotFound`.
pub async fn accept_annex(app: &App, viewer: &Viewer, id: ListingId) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    find_visible(&mut db, viewer, id).await?;
    drop(db);
    let now = app.now();
    app.store
        .write(move |tx| {
            async move {
                annex_acceptances::insert(tx, id, account, now).await?;
                log_change(tx, now, RecordKind::Listing, id, Action::Moved, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Who accepted the terms, and when; for the owner's side.
///
/// # Errors
/// `NotAllowed`; `NotFound`.
pub async fn annex_readers(app: &App, viewer: &Viewer, id: ListingId) -> Result<Vec<(Account, Timestamp)>, AppError> {
    let mut db = app.store.reader().await?;
    let listing = find_visible(&mut db, viewer, id).await?;
    if viewer.role_in(listing.party).is_none() {
        return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
    }
    let mut readers = Vec::new();
    for (account, at) in annex_acceptances::of_listing(&mut db, id).await? {
        readers.extend(accounts::find(&mut db, account).await?.map(|a| (a, at)));
    }
    Ok(readers)
}

//! The life of a listing as its owner moves it: submit, renew, close.

use futures::FutureExt;
use keqiao_domain::{Listing, ListingId, ListingState, Viewer};
use keqiao_store::listings;

use super::{missing_for_review, update_listing};
use crate::{App, AppError};

/// The listing, when the viewer may write for its party (or is an operator, where that is enough).
async fn editable(app: &App, viewer: &Viewer, id: ListingId, operator_too: bool) -> Result<Listing, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let listing = listings::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    if !viewer.sees(listing.audience()) {
        return Err(AppError::NotFound);
    }
    if viewer.may_edit_for(listing.party) || (operator_too && viewer.is_operator()) {
        return Ok(listing);
    }
    Err(AppError::NotAllowed)
}

async fn store_moved(app: &App, viewer: &Viewer, mut listing: Listing) -> Result<Listing, AppError> {
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                update_listing(tx, &mut listing, now, actor, false).await?;
                Ok(listing)
            }
            .boxed()
        })
        .await
}

/// Hands a draft in for review.
///
/// # Errors
/// `Invalid` with what is missing; `Transition`; `NotAllowed`; `NotFound`.
pub async fn submit(app: &App, viewer: &Viewer, id: ListingId) -> Result<Listing, AppError> {
    let mut listing = editable(app, viewer, id, false).await?;
    let missing = missing_for_review(&app.catalog, listing.side, &listing.content, &app.text);
    if !missing.is_empty() {
        return Err(AppError::Invalid(missing));
    }
    listing.become_state(ListingState::InReview)?;
    store_moved(app, viewer, listing).await
}

/// Renews a published or expired listing for another term.
///
/// # Errors
/// `Transition` when it is neither; `NotAllowed`; `NotFound`.
pub async fn renew(app: &App, viewer: &Viewer, id: ListingId) -> Result<Listing, AppError> {
    let mut listing = editable(app, viewer, id, true).await?;
    if listing.state != ListingState::Published {
        if listing.state != ListingState::Expired {
            return Err(keqiao_domain::TransitionError { from: listing.state, to: ListingState::Published }.into());
        }
        listing.become_state(ListingState::Published)?;
    }
    listing.expires_at = Some(app.now().plus_days(Listing::LIFE_DAYS));
    store_moved(app, viewer, listing).await
}

/// Closes a listing for good.
///
/// # Errors
/// `Transition` when it is closed already; `NotAllowed`; `NotFound`.
pub async fn close(app: &App, viewer: &Viewer, id: ListingId) -> Result<Listing, AppError> {
    let mut listing = editable(app, viewer, id, true).await?;
    listing.become_state(ListingState::Closed)?;
    store_moved(app, viewer, listing).await
}

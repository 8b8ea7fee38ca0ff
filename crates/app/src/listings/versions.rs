//! Versions of a listing, kept and compared.

use keqiao_domain::{Listing, ListingId, ListingVersion, Viewer};
use keqiao_store::listing_versions;

use super::view::find_visible;
use super::{redact, redact_for};
use crate::{App, AppError};

async fn own_side(app: &App, viewer: &Viewer, id: ListingId) -> Result<Listing, AppError> {
    let mut db = app.store.reader().await?;
    let listing = find_visible(&mut db, viewer, id).await?;
    if viewer.role_in(listing.party).is_some() || viewer.is_operator() {
        return Ok(listing);
    }
    Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded })
}

/// The versions of a listing, the newest first; for the owner's side and operators.
///
/// # Errors
/// `NotAllowed`; `NotFound`.
pub async fn versions(app: &App, viewer: &Viewer, id: ListingId) -> Result<(Listing, Vec<ListingVersion>), AppError> {
    let listing = own_side(app, viewer, id).await?;
    let mut db = app.store.reader().await?;
    let mut kept = listing_versions::of_listing(&mut db, id).await?;
    // An operator reads nothing confidential through the back door of old versions.
    for version in &mut kept {
        let content = std::mem::take(&mut version.content);
        version.content = redact(&app.catalog, viewer, listing.party, false, content);
    }
    Ok((redact_for(app, viewer, listing), kept))
}

/// Two versions side by side.
///
/// # Errors
/// `NotFound` when one of them is not kept; `NotAllowed`.
pub async fn compare_versions(
    app: &App,
    viewer: &Viewer,
    id: ListingId,
    old: i64,
    new: i64,
) -> Result<(ListingVersion, ListingVersion), AppError> {
    let (_, kept) = versions(app, viewer, id).await?;
    let find = |n: i64| kept.iter().find(|v| v.version == n).cloned().ok_or(AppError::NotFound);
    Ok((find(old)?, find(new)?))
}

//! A listing as somebody sees it.

use keqiao_domain::{Attachment, Listing, ListingId, ListingState, Party, Review, Side, Tier, Timestamp, Viewer};
use keqiao_store::{Conn, annex_acceptances, attachments, listings, parties, reviews};

use super::redact;
use crate::{App, AppError};

/// A listing as a viewer may read it.
#[derive(Debug, Clone)]
pub struct ListingView {
    /// The listing, redacted.
    pub listing: Listing,
    /// Whose; its contact for members only.
    pub party: Party,
    /// Attachments the viewer may read.
    pub attachments: Vec<Attachment>,
    /// Attachments there are that the viewer may not read.
    pub hidden_attachments: usize,
    /// Whether there is a body that the viewer would read when signed in.
    pub body_for_members: bool,
    /// Whether there is an annex or a confidential attachment.
    pub has_annex: bool,
    /// Whether the viewer may read it: owner's side, or terms accepted.
    pub annex_open: bool,
    /// Reviews, newest first; for the owner's side and operators.
    pub reviews: Vec<Review>,
    /// Whether the viewer may edit.
    pub may_edit: bool,
}

/// Finds a listing that the viewer may see.
pub(crate) async fn find_visible(db: &mut Conn, viewer: &Viewer, id: ListingId) -> Result<Listing, AppError> {
    listings::find(db, id).await?.filter(|l| viewer.sees(l.audience())).ok_or(AppError::NotFound)
}

/// Whether a viewer has accepted the terms of a listing's annex.
pub(crate) async fn has_accepted(db: &mut Conn, viewer: &Viewer, id: ListingId) -> Result<bool, AppError> {
    Ok(match viewer.account {
        Some(account) => annex_acceptances::find(db, id, account).await?.is_some(),
        None => false,
    })
}

/// A listing with all the viewer may read of it.
///
/// # Errors
/// `NotFound` when there is none or the viewer may not see it.
pub async fn view_listing(app: &App, viewer: &Viewer, id: ListingId) -> Result<ListingView, AppError> {
    let mut db = app.store.reader().await?;
    let mut listing = find_visible(&mut db, viewer, id).await?;
    let accepted = has_accepted(&mut db, viewer, id).await?;
    let party = parties::find(&mut db, listing.party).await?.ok_or(AppError::NotFound)?;
    let files = attachments::of_listing(&mut db, id).await?;
    let all = files.len();
    let confidential_file = files.iter().any(|f| f.tier == Tier::Confidential);
    let readable: Vec<Attachment> =
        files.into_iter().filter(|f| viewer.reads(f.tier, listing.party, accepted)).collect();
    let own_side = viewer.role_in(listing.party).is_some() || viewer.is_operator();
    let reviews = if own_side { reviews::of_listing(&mut db, id).await? } else { Vec::new() };
    let body_for_members =
        !listing.content.body.is_empty() && listing.content.details_tier == Tier::Member && !viewer.is_member();
    let has_annex = !listing.content.annex.is_empty() || confidential_file;
    listing.content = redact(&app.catalog, viewer, listing.party, accepted, listing.content);
    Ok(ListingView {
        hidden_attachments: all - readable.len(),
        attachments: readable,
        party: crate::parties::redact(party, viewer),
        body_for_members,
        has_annex,
        annex_open: viewer.reads(Tier::Confidential, listing.party, accepted),
        reviews,
        may_edit: viewer.may_edit_for(listing.party) && listing.state != ListingState::Closed,
        listing,
    })
}

/// A listing whole, for its editors.
///
/// # Errors
/// `NotFound`; `NotAllowed`.
pub async fn view_listing_for_edit(app: &App, viewer: &Viewer, id: ListingId) -> Result<Listing, AppError> {
    let mut db = app.store.reader().await?;
    let listing = find_visible(&mut db, viewer, id).await?;
    if !viewer.may_edit_for(listing.party) {
        return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
    }
    Ok(listing)
}

/// The listings of the parties the viewer acts for, the last changed first.
///
/// # Errors
/// `SignInNeeded`.
pub async fn my_listings(
    app: &App,
    viewer: &Viewer,
    side: Option<Side>,
    state: Option<ListingState>,
    after: Option<(Timestamp, ListingId)>,
    limit: i64,
) -> Result<Vec<Listing>, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut own: Vec<_> = viewer.roles.iter().map(|(p, _)| *p).collect();
    own.extend(viewer.person);
    let mut db = app.store.reader().await?;
    Ok(listings::page_of_parties(&mut db, &own, side, state, after, limit.clamp(1, 100)).await?)
}

//! Writing listings.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, Listing, ListingContent, ListingId, ListingState, ListingVersion, PartyId, RecordKind, Side,
    Timestamp, Viewer,
};
use keqiao_store::{Conn, listing_versions, listings};

use super::check_content;
use crate::idempotency::{self, OnceKey};
use crate::{App, AppError, log_change};

/// What somebody saves.
#[derive(Debug, Clone)]
pub struct SaveListing {
    /// The listing and the version that was edited; `None`: a new one.
    pub edits: Option<(ListingId, i64)>,
    /// Need or offer. Of an existing listing it stays as it is.
    pub side: Side,
    /// For whom. Of an existing listing it stays as it is.
    pub party: PartyId,
    /// What it says.
    pub content: ListingContent,
}

/// A new draft, not stored yet.
pub(crate) fn blank(app: &App, side: Side, party: PartyId, author: Option<AccountId>) -> Listing {
    let now = app.now();
    Listing {
        id: ListingId::fresh(&*app.clock, &*app.entropy),
        side,
        party,
        author,
        content: ListingContent::default(),
        state: ListingState::Draft,
        version: 1,
        external_id: None,
        demo: false,
        expires_at: None,
        published_at: None,
        created_at: now,
        updated_at: now,
    }
}

/// Stores a new listing with its first version and change.
pub(crate) async fn insert_listing(tx: &mut Conn, listing: &Listing, actor: Option<AccountId>) -> Result<(), AppError> {
    listings::insert(tx, listing).await?;
    keep_version(tx, listing, actor).await?;
    log_change(tx, listing.updated_at, RecordKind::Listing, listing.id, Action::Created, actor).await?;
    Ok(())
}

/// Stores a changed listing; `content_changed` keeps a version.
pub(crate) async fn update_listing(
    tx: &mut Conn,
    listing: &mut Listing,
    now: Timestamp,
    actor: Option<AccountId>,
    content_changed: bool,
) -> Result<(), AppError> {
    let expected = listing.version;
    listing.version += 1;
    listing.updated_at = now;
    if !listings::update(tx, listing, expected).await? {
        let current = listings::find(tx, listing.id).await?.ok_or(AppError::NotFound)?.version;
        return Err(AppError::Stale { current });
    }
    let action = if content_changed {
        keep_version(tx, listing, actor).await?;
        Action::Updated
    } else {
        Action::Moved
    };
    log_change(tx, now, RecordKind::Listing, listing.id, action, actor).await?;
    Ok(())
}

async fn keep_version(tx: &mut Conn, listing: &Listing, author: Option<AccountId>) -> Result<(), AppError> {
    let version = ListingVersion {
        listing: listing.id,
        version: listing.version,
        content: listing.content.clone(),
        author,
        at: listing.updated_at,
    };
    listing_versions::insert(tx, &version).await?;
    Ok(())
}

/// Saves a draft, or an edit of a listing. An edit of a published or expired
/// listing makes it a draft again: what the public reads has been reviewed.
///
/// # Errors
/// `NotAllowed` when the viewer may not write for the party; `Invalid`; `Stale`; `NotFound`.
pub async fn save_listing(app: &App, viewer: &Viewer, input: SaveListing) -> Result<Listing, AppError> {
    save_listing_once(app, viewer, input, None).await
}

/// As [`save_listing`]; a new draft is created once for each key.
///
/// # Errors
/// Those of [`save_listing`]; `KeyReused`.
pub async fn save_listing_once(
    app: &App,
    viewer: &Viewer,
    input: SaveListing,
    key: Option<OnceKey>,
) -> Result<Listing, AppError> {
    let actor = viewer.account.ok_or(AppError::SignInNeeded)?;
    match input.edits {
        None => {
            if let Some(kept) = idempotency::kept(app, actor, key.as_ref()).await? {
                return Ok(kept);
            }
            if !viewer.may_edit_for(input.party) {
                return Err(AppError::NotAllowed);
            }
            let mut listing = blank(app, input.side, input.party, Some(actor));
            listing.content = checked(app, input.side, input.content)?;
            idempotency::once(app, actor, key, move |tx| {
                async move {
                    insert_listing(tx, &listing, Some(actor)).await?;
                    Ok(listing)
                }
                .boxed()
            })
            .await
        }
        Some((id, expected)) => save_edit(app, viewer, actor, id, expected, input.content).await,
    }
}

/// Makes a draft that its party knows by an id from elsewhere; what is known by it already is given as it is, and
/// nothing is made. Who may do so was asked before. Gives the listing, and whether it is new.
///
/// # Errors
/// `SignInNeeded`; `Invalid`.
pub(crate) async fn draft_once(
    app: &App,
    viewer: &Viewer,
    side: Side,
    party: PartyId,
    content: ListingContent,
    external_id: String,
) -> Result<(Listing, bool), AppError> {
    let actor = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut listing = blank(app, side, party, Some(actor));
    listing.content = checked(app, side, content)?;
    app.store
        .write(move |tx| {
            async move {
                if let Some(known) = listings::find_by_external_id(tx, party, &external_id).await? {
                    return Ok((known, false));
                }
                listing.external_id = Some(external_id);
                insert_listing(tx, &listing, Some(actor)).await?;
                Ok((listing, true))
            }
            .boxed()
        })
        .await
}

async fn save_edit(
    app: &App,
    viewer: &Viewer,
    actor: AccountId,
    id: ListingId,
    expected: i64,
    content: ListingContent,
) -> Result<Listing, AppError> {
    let mut db = app.store.reader().await?;
    let mut listing = listings::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    drop(db);
    if !viewer.sees(listing.audience()) {
        return Err(AppError::NotFound);
    }
    if !viewer.may_edit_for(listing.party) {
        return Err(AppError::NotAllowed);
    }
    if listing.version != expected {
        return Err(AppError::Stale { current: listing.version });
    }
    let content = checked(app, listing.side, content)?;
    if content == listing.content {
        return Ok(listing);
    }
    if listing.state != ListingState::Draft {
        listing.become_state(ListingState::Draft)?;
    }
    listing.content = content;
    let now = app.now();
    app.store
        .write(move |tx| {
            async move {
                update_listing(tx, &mut listing, now, Some(actor), true).await?;
                Ok(listing)
            }
            .boxed()
        })
        .await
}

fn checked(app: &App, side: Side, mut content: ListingContent) -> Result<ListingContent, AppError> {
    let faults = check_content(&app.catalog, side, &mut content);
    if faults.is_empty() { Ok(content) } else { Err(AppError::Invalid(faults)) }
}

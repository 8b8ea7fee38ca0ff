//! What a viewer may read of a listing that is visible: the one place.

use keqiao_catalog::Catalog;
use keqiao_domain::{Listing, ListingContent, PartyId, Tier, Viewer};

use crate::App;

/// Takes out what the viewer may not read.
pub(crate) fn redact(
    catalog: &Catalog,
    viewer: &Viewer,
    party: PartyId,
    accepted: bool,
    mut content: ListingContent,
) -> ListingContent {
    if !viewer.reads(content.details_tier, party, accepted) {
        content.body.clear();
    }
    if !viewer.reads(Tier::Confidential, party, accepted) {
        content.annex.clear();
    }
    let kind = std::mem::take(&mut content.kind);
    content.attributes.retain(|property, _| viewer.reads(catalog.tier_of(&kind, property), party, accepted));
    content.kind = kind;
    // The name of a hidden property tells as much as some values do.
    content.wishes.retain(|wish| content.attributes.contains_key(wish));
    content
}

/// A listing without the parts the viewer may not read; its annex counts as not accepted.
pub(crate) fn redact_for(app: &App, viewer: &Viewer, mut listing: Listing) -> Listing {
    listing.content = redact(&app.catalog, viewer, listing.party, false, listing.content);
    listing
}

//! Matches for a listing: found now, and standing.

use keqiao_domain::{Listing, ListingId, Match, Side, Viewer};
use keqiao_matching::MatchView;
use keqiao_search::{
    HoldsFor, Kept, ListingDoc, Matcher, Reader, by_rank_of_found, counterparts, kept_for, match_view, standing_for,
};
use keqiao_store::{Conn, listings, matches, parties};

use super::exposure::SPARE;
use super::shown::{Asked, ListingMatches, shown};
use crate::listings::redact_for;
use crate::ranking::{Look, Ranked, ranked};
use crate::{App, AppError};

/// A standing match with the listing at its other end.
#[derive(Debug, Clone)]
pub struct StandingMatch {
    /// Which of the viewer's listings.
    pub listing: ListingId,
    /// The counterpart, redacted.
    pub counterpart: Listing,
    /// The match.
    pub matched: Match,
}

/// The best counterparts of a listing, found now, from what the viewer may read of both.
///
/// # Errors
/// `NotFound`.
pub async fn match_listing(app: &App, viewer: &Viewer, id: ListingId, look: Look) -> Result<ListingMatches, AppError> {
    let mut db = app.store.reader().await?;
    let doc = seen(&mut db, viewer, id).await?;
    drop(db);
    let view = match_view(&doc, &app.catalog).for_reader(viewer.is_member());
    find(app, viewer, view, look).await
}

/// The best counterparts of a listing that stand, from what the viewer may read of both. A listing
/// that the follower has not come to yet gets those that are found now.
///
/// # Errors
/// `NotFound`.
pub async fn best_matches(app: &App, viewer: &Viewer, id: ListingId, look: Look) -> Result<ListingMatches, AppError> {
    let mut db = app.store.reader().await?;
    let listing = listings::find(&mut db, id).await?.filter(|l| viewer.sees(l.audience())).ok_or(AppError::NotFound)?;
    let most = i64::try_from(look.top).unwrap_or(i64::MAX);
    let kept = if viewer.is_member() {
        for_members(&mut db, &listing, most).await?
    } else {
        for_visitors(&mut db, &listing, most).await?
    };
    let none = kept.is_empty()
        && matches::counterparts_of(&mut db, id).await?.is_empty()
        && !matches::have_followed(&mut db, listing.updated_at).await?;
    let reader = Reader::of(viewer);
    let (mut found, to_judge) = kept_for(&app.index, &reader, listing.side, kept)?;
    let (side, kind) = (listing.side, listing.content.kind.clone());
    let asked = Asked { listing: Some(id), side, kind: &kind };
    if !none && to_judge.is_empty() {
        drop(db);
        return shown(app, viewer, Ranked { found, trial: None }, asked, look).await;
    }
    let doc = with_party(&mut db, listing).await?;
    drop(db);
    let view = match_view(&doc, &app.catalog);
    let whole = viewer.is_member() || !view.has_member_parts();
    let view = view.for_reader(viewer.is_member());
    if none {
        return find(app, viewer, view, look).await;
    }
    let (index, lexicon, weights) = (app.index.clone(), app.lexicon.clone(), app.weights.get());
    let work = move || {
        let matcher = Matcher { index: &index, lexicon: &lexicon, reader: &reader, weights: &weights };
        standing_for(&matcher, &view, whole, to_judge)
    };
    found.extend(app.work.run(work).await??);
    found.sort_by(by_rank_of_found);
    shown(app, viewer, Ranked { found, trial: None }, asked, look).await
}

async fn for_members(db: &mut Conn, listing: &Listing, most: i64) -> Result<Vec<Kept>, AppError> {
    let kept = match listing.side {
        Side::Need => matches::of_need(db, listing.id, most).await?,
        Side::Offer => matches::of_offer(db, listing.id, most).await?,
    };
    Ok(kept.into_iter().map(|matched| Kept { matched, holds_for: HoldsFor::Any }).collect())
}

/// What the follower found for visitors holds for the listings as they were then.
async fn for_visitors(db: &mut Conn, listing: &Listing, most: i64) -> Result<Vec<Kept>, AppError> {
    let kept = match listing.side {
        Side::Need => matches::public_of_need(db, listing.id, most).await?,
        Side::Offer => matches::public_of_offer(db, listing.id, most).await?,
    };
    let holds = |(matched, (need, offer))| {
        let (own, other) = if listing.side == Side::Need { (need, offer) } else { (offer, need) };
        let holds_for = if own == listing.version { HoldsFor::One(other) } else { HoldsFor::None };
        Kept { matched, holds_for }
    };
    Ok(kept.into_iter().map(holds).collect())
}

pub(super) async fn seen(db: &mut Conn, viewer: &Viewer, id: ListingId) -> Result<ListingDoc, AppError> {
    let listing = listings::find(db, id).await?.filter(|l| viewer.sees(l.audience())).ok_or(AppError::NotFound)?;
    with_party(db, listing).await
}

async fn with_party(db: &mut Conn, listing: Listing) -> Result<ListingDoc, AppError> {
    let party = parties::find(db, listing.party).await?.ok_or(AppError::NotFound)?;
    Ok(ListingDoc { listing, party, attachments: 0 })
}

async fn find(app: &App, viewer: &Viewer, view: MatchView, look: Look) -> Result<ListingMatches, AppError> {
    let (index, lexicon, reader) = (app.index.clone(), app.lexicon.clone(), Reader::of(viewer));
    let (served, coins, top) = (app.ranking.served(), look.coins(app, viewer), look.top.clamp(1, 50));
    let (id, side, kind) = (view.id, view.side, view.kind.clone());
    let work = move || {
        ranked(&served, coins, top + SPARE, |weights| {
            counterparts(&Matcher { index: &index, lexicon: &lexicon, reader: &reader, weights }, &view, top + SPARE)
        })
    };
    let ranked = app.work.run(work).await??;
    shown(app, viewer, ranked, Asked { listing: id, side, kind: &kind }, look).await
}

/// The standing matches of the viewer's published listings, the best first.
///
/// # Errors
/// `SignInNeeded`.
pub async fn standing_matches(app: &App, viewer: &Viewer, limit: usize) -> Result<Vec<StandingMatch>, AppError> {
    let own = crate::listings::my_listings(app, viewer, None, Some(keqiao_domain::ListingState::Published), None, 100)
        .await?;
    let mut db = app.store.reader().await?;
    let mut rows = Vec::new();
    for listing in own {
        let found = match listing.side {
            Side::Need => matches::of_need(&mut db, listing.id, 5).await?,
            Side::Offer => matches::of_offer(&mut db, listing.id, 5).await?,
        };
        for matched in found {
            let other = if listing.side == Side::Need { matched.offer } else { matched.need };
            rows.extend(other.map(|other| (listing.id, other, matched)));
        }
    }
    rows.sort_by(|a, b| keqiao_matching::by_rank(&a.2, &b.2));
    rows.truncate(limit);
    let ids: Vec<ListingId> = rows.iter().map(|r| r.1).collect();
    let others = listings::find_many(&mut db, &ids).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(listing, other, matched)| {
            let counterpart = others.iter().find(|l| l.id == other)?.clone();
            if !viewer.sees(counterpart.audience()) {
                return None;
            }
            let counterpart = redact_for(app, viewer, counterpart);
            Some(StandingMatch { listing, counterpart, matched })
        })
        .collect())
}

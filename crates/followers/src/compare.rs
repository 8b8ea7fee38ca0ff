//! Comparing the standing matches with what the listings say now.

use std::collections::{BTreeMap, HashSet};

use keqiao_domain::{ListingId, Match, Reason, Side};
use keqiao_matching::Weights;
use keqiao_store::matches::Standing;
use keqiao_store::{Conn, matches};

use crate::pairs::{PAGE, PairMap, key_of};
use crate::runner::FollowError;
use crate::standing::StandingMatches;

/// A pair that stands among so many best of both its sides should be kept.
const MUTUAL: usize = 5;
/// Points by which a score may differ: words weigh by how rare they were among the listings when
/// the pair was scored, and every listing shifts that.
const DRIFT: f64 = 20.0;

/// One way in which the standing matches are not what the listings say.
#[derive(Debug, Clone, PartialEq)]
pub enum PairDifference {
    /// Both sides find each other among their best, and the pair is not kept.
    Missing {
        /// The need.
        need: ListingId,
        /// The offer.
        offer: ListingId,
    },
    /// It is kept, and one side is not open, or the offer does not answer the need.
    Surplus {
        /// The need.
        need: ListingId,
        /// The offer.
        offer: ListingId,
    },
    /// It is kept with another score or other verdicts.
    Differs {
        /// The need.
        need: ListingId,
        /// The offer.
        offer: ListingId,
        /// The score that is kept.
        kept: f64,
        /// The score computed now.
        now: f64,
    },
}

/// What differs between the standing matches and those computed anew for every open listing;
/// nothing when they agree. Index and matches should have caught up first. `progress` hears the
/// listings done.
///
/// # Errors
/// When store or index fail.
pub async fn verify_matches(
    standing: &StandingMatches,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<Vec<PairDifference>, FollowError> {
    let pairs = standing.pairs();
    let mut db = standing.store.reader().await?;
    let (mut differences, mut after, mut done) = (Vec::new(), None, 0);
    let mut open_needs = HashSet::new();
    // Pairs that are among the best of one side, and of how many sides.
    let mut best: BTreeMap<(ListingId, ListingId), usize> = BTreeMap::new();
    while let Some(page) = pairs.page(&mut db, &mut after, PAGE).await? {
        for doc in &page {
            let own = pairs.of(&mut db, doc, true).await?;
            // What hardly answers comes and goes, here as below.
            for hit in own.found.iter().take(MUTUAL).filter(|hit| !hardly_answers(&hit.matched)) {
                let key = match doc.listing.side {
                    Side::Need => (doc.listing.id, hit.id),
                    Side::Offer => (hit.id, doc.listing.id),
                };
                *best.entry(key).or_default() += 1;
            }
            if doc.listing.side == Side::Need {
                open_needs.insert(doc.listing.id);
                differences.extend(of_need(&mut db, doc.listing.id, &own.all).await?);
            }
        }
        done += page.len();
        progress(done);
    }
    differences.extend(of_closed_needs(&mut db, &open_needs).await?);
    for ((need, offer), _) in best.into_iter().filter(|(_, sides)| *sides == 2) {
        if matches::counterparts_of(&mut db, need).await?.iter().all(|c| c.id != offer) {
            differences.push(PairDifference::Missing { need, offer });
        }
    }
    Ok(differences)
}

/// The kept pairs of an open need against those computed now.
async fn of_need(db: &mut Conn, need: ListingId, now: &PairMap) -> Result<Vec<PairDifference>, FollowError> {
    let kept = matches::all_of_need(db, need).await?;
    Ok(kept
        .iter()
        .filter_map(|kept| {
            let (need, offer) = key_of(&kept.matched)?;
            match now.get(&(need, offer)) {
                None => Some(PairDifference::Surplus { need, offer }),
                Some(now) if same(&kept.matched, &now.matched) && same_to_visitors(kept, now) => None,
                Some(now) => {
                    let (kept, now) = (kept.matched.score, now.matched.score);
                    Some(PairDifference::Differs { need, offer, kept, now })
                }
            }
        })
        .collect())
}

/// Kept pairs whose need is not open.
async fn of_closed_needs(db: &mut Conn, open: &HashSet<ListingId>) -> Result<Vec<PairDifference>, FollowError> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let rows = matches::page_all(db, after, PAGE).await?;
        let Some(last) = rows.last().and_then(|s| key_of(&s.matched)) else { return Ok(found) };
        after = Some(last);
        let closed = rows.iter().filter_map(|s| key_of(&s.matched)).filter(|(need, _)| !open.contains(need));
        found.extend(closed.map(|(need, offer)| PairDifference::Surplus { need, offer }));
    }
}

/// Whether a kept match says what one computed now says. Its points must add up, and all that does
/// not hang on the weights of words must be the same.
fn same(kept: &Match, now: &Match) -> bool {
    let sum: f64 = kept.reasons.iter().map(Reason::points).sum();
    let firm = |m: &Match| m.reasons.iter().filter_map(firm).collect::<Vec<_>>();
    (sum - kept.score).abs() < 1e-6
        && kept.blocked == now.blocked
        && (kept.score - now.score).abs() <= DRIFT
        && firm(kept) == firm(now)
}

/// Whether visitors are shown the same, for the same versions of the listings.
fn same_to_visitors(kept: &Standing, now: &Standing) -> bool {
    match (kept.shown_to_visitors(), now.shown_to_visitors()) {
        (Some(shown), Some(now_shown)) => same(shown, now_shown) && kept.versions == now.versions,
        // What hardly answers comes and goes as the words weigh.
        (Some(shown), None) | (None, Some(shown)) => hardly_answers(shown),
        (None, None) => true,
    }
}

fn hardly_answers(m: &Match) -> bool {
    let enough = 2.0 * Weights::default().answer;
    !m.reasons.iter().any(|r| matches!(r, Reason::Terms { share, .. } if *share > enough))
}

/// A reason without its points; nothing of the terms, of which a long need's lighter ones come and go, and of the
/// channels, which hang on how rare they are.
fn firm(reason: &Reason) -> Option<Reason> {
    let mut reason = reason.clone();
    match &mut reason {
        Reason::Terms { .. } | Reason::Text { .. } => return None,
        Reason::Requirement { points, .. }
        | Reason::Kind { points, .. }
        | Reason::Region { points, .. }
        | Reason::Industry { points, .. }
        | Reason::Crowd { points, .. }
        | Reason::Busy { points, .. }
        | Reason::Evidence { points, .. } => *points = 0.0,
    }
    Some(reason)
}

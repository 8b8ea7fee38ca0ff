//! Standing matches: kept from both sides, compared, and made anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use keqiao_domain::{ListingId, ListingState, Match, Reason, Side, Tier, Verdict};
use keqiao_followers::{Follower, PairDifference, StandingMatches, catch_up, verify_matches};
use keqiao_matching::WeightSet;
use keqiao_store::matches::{Public, Standing};
use keqiao_store::{StoreError, changes, matches, notices};

use crate::house::House;
use crate::{NEED, OFFER};

/// More needs than an offer finds by itself.
const MANY: usize = 30;

impl House {
    async fn follow_all(&self) {
        catch_up(&self.store, &self.index_follower()).await.unwrap();
        catch_up(&self.store, &self.standing()).await.unwrap();
    }

    async fn pairs(&self) -> Vec<Standing> {
        matches::page_all(&mut self.store.reader().await.unwrap(), None, 10_000).await.unwrap()
    }

    async fn keep_instead(&self, id: ListingId, rows: Vec<Standing>) {
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move { matches::replace_for_listings(tx, &[id], &rows).await })
            })
            .await
            .unwrap();
    }

    async fn differences(&self) -> Vec<PairDifference> {
        verify_matches(&self.standing(), &|_| ()).await.unwrap()
    }
}

/// Each need finds the one offer; the offer finds only the best of the needs.
#[tokio::test]
async fn a_pair_found_by_one_side_stays_in_whatever_batch_the_other_comes() {
    for offer_first in [true, false] {
        for one_batch in [true, false] {
            let house = House::new().await;
            let owner = house.account("owner", house.party).await;
            let publish_offer = || house.listing_of(house.other_party, Side::Offer, OFFER, ListingState::Published);
            let early = if offer_first { Some(publish_offer().await) } else { None };
            for n in 0..MANY {
                house.listing(Side::Need, &format!("{NEED}，第 {n} 批"), ListingState::Published).await;
                if !one_batch {
                    house.follow_all().await;
                }
            }
            let offer = match early {
                Some(offer) => offer,
                None => publish_offer().await,
            };
            house.follow_all().await;
            let kept = house.pairs().await;
            let mut db = house.store.reader().await.unwrap();
            // Whoever was told of a match finds it.
            let told = notices::page_of(&mut db, owner, None, 1_000).await.unwrap();
            let kept_needs: BTreeSet<_> = kept.iter().filter_map(|s| s.matched.need).collect();
            assert!(!told.is_empty());
            for notice in &told {
                let keqiao_domain::NoticeBody::MatchFound { listing, .. } = notice.body else { panic!("{notice:?}") };
                assert!(kept_needs.contains(&listing), "offer first: {offer_first}, one batch: {one_batch}");
            }
            if offer_first || one_batch {
                assert_eq!(kept.len(), MANY, "offer first: {offer_first}, one batch: {one_batch}");
            }
            assert!(house.differences().await.is_empty());
            // Replay changes nothing, in one batch or one by one.
            let log = changes::after(&mut db, 0, 1_000).await.unwrap();
            drop(db);
            let standing = house.standing();
            let last = log.last().unwrap().seq;
            standing.apply(&log, last).await.unwrap();
            for change in log.iter().rev() {
                standing.apply(std::slice::from_ref(change), last).await.unwrap();
            }
            let again = house.pairs().await;
            let ends = |s: &Standing| (s.matched.need, s.matched.offer);
            assert!(kept.iter().all(|k| again.iter().any(|s| ends(s) == ends(k))));
            // Needs that the offer did not find by itself found it now; of the others nobody is told again.
            let mut db = house.store.reader().await.unwrap();
            let now_told = notices::page_of(&mut db, owner, None, 1_000).await.unwrap();
            assert!(now_told.len() - told.len() <= again.len() - kept.len(), "{} {}", now_told.len(), told.len());
            drop(db);
            // Neither side is open any more.
            house.set_state(&offer, ListingState::Closed).await;
            house.follow_all().await;
            assert!(house.pairs().await.is_empty());
        }
    }
}

#[tokio::test]
async fn an_offer_closed_in_the_batch_that_published_its_need_has_no_pair() {
    let house = House::new().await;
    let offer = house.listing_of(house.other_party, Side::Offer, OFFER, ListingState::Published).await;
    house.follow_all().await;
    house.listing(Side::Need, NEED, ListingState::Published).await;
    house.set_state(&offer, ListingState::Closed).await;
    house.follow_all().await;
    assert!(house.pairs().await.is_empty());
}

#[tokio::test]
async fn pairs_that_miss_differ_or_are_too_many_are_named_and_made_anew() {
    let house = House::new().await;
    let owner = house.account("owner", house.party).await;
    let first = house.listing(Side::Need, NEED, ListingState::Published).await;
    let second = house.listing(Side::Need, &format!("{NEED}，水冷"), ListingState::Published).await;
    let third = house.listing(Side::Need, &format!("{NEED}，风冷"), ListingState::Published).await;
    let draft = house.listing(Side::Need, NEED, ListingState::Draft).await;
    let offer = house.listing_of(house.other_party, Side::Offer, OFFER, ListingState::Published).await;
    house.follow_all().await;
    let good = house.pairs().await;
    assert_eq!(good.len(), 3);
    assert_eq!(house.differences().await, []);
    let of = |id| good.iter().find(|s| s.matched.need == Some(id)).unwrap().matched.clone();
    let keep = |matched| vec![Standing { matched, public: Public::Same, versions: (1, 1) }];
    house.keep_instead(first.id, Vec::new()).await;
    let altered = Match { score: of(second.id).score + 1.0, ..of(second.id) };
    house.keep_instead(second.id, keep(altered.clone())).await;
    house.keep_instead(third.id, keep(Match { blocked: true, ..of(third.id) })).await;
    house.keep_instead(draft.id, keep(Match { need: Some(draft.id), ..of(third.id) })).await;
    let found = house.differences().await;
    let named = |d: &PairDifference| match d {
        PairDifference::Missing { need, .. } => ("missing", *need),
        PairDifference::Surplus { need, .. } => ("surplus", *need),
        PairDifference::Differs { need, .. } => ("differs", *need),
    };
    let expected = [("missing", first.id), ("differs", second.id), ("differs", third.id), ("surplus", draft.id)];
    assert_eq!(found.iter().map(named).collect::<BTreeSet<_>>(), expected.into(), "{found:?}");
    let differs =
        PairDifference::Differs { need: second.id, offer: offer.id, kept: altered.score, now: of(second.id).score };
    assert!(found.contains(&differs), "{found:?}");
    let mut db = house.store.reader().await.unwrap();
    let before = notices::page_of(&mut db, owner, None, 100).await.unwrap();
    drop(db);
    assert_eq!(house.standing().rebuild(&|_| ()).await.unwrap(), 3);
    assert_eq!(house.pairs().await, good);
    assert_eq!(house.differences().await, []);
    let mut db = house.store.reader().await.unwrap();
    assert_eq!(notices::page_of(&mut db, owner, None, 100).await.unwrap(), before);
}

fn meets(m: &Match) -> usize {
    m.reasons.iter().filter(|r| matches!(r, Reason::Requirement { verdict: Verdict::Meets, .. })).count()
}

/// A body for members makes the offer an answer at all, then a better one, and then is for everyone.
#[tokio::test]
async fn what_visitors_are_shown_is_kept_beside_what_members_are() {
    let house = House::new().await;
    let need = house.listing(Side::Need, &format!("{NEED}，通过AEC-Q101"), ListingState::Published).await;
    let offer = house.listing_of(house.other_party, Side::Offer, "样品一批", ListingState::Published).await;
    let kept = async || {
        house.follow_all().await;
        assert_eq!(house.differences().await, []);
        let kept = house.pairs().await;
        assert_eq!(house.standing().rebuild(&|_| ()).await.unwrap(), 1);
        assert_eq!(house.pairs().await, kept);
        kept[0].clone()
    };
    house
        .rewrite(offer.id, |l| {
            l.content.body = format!("{OFFER}，通过AEC-Q101");
            l.content.details_tier = Tier::Member;
        })
        .await;
    let hidden = kept().await;
    assert!(meets(&hidden.matched) > 0);
    assert_eq!((hidden.public, hidden.versions), (Public::Nothing, (0, 0)));
    house.change_title(&offer, OFFER).await;
    let partly = kept().await;
    let Public::Other(public) = &partly.public else { panic!("{partly:?}") };
    assert!(meets(public) < meets(&partly.matched), "{partly:?}");
    assert_eq!(partly.versions, (1, 3));
    // One by which visitors would be shown what they may not read.
    house.keep_instead(need.id, vec![Standing { public: Public::Same, ..partly.clone() }]).await;
    assert_eq!(house.differences().await.len(), 1);
    house.rewrite(offer.id, |l| l.content.details_tier = Tier::Public).await;
    let open = kept().await;
    assert_eq!((&open.public, open.versions), (&Public::Same, (1, 4)));
    assert_eq!(meets(&open.matched), meets(&partly.matched));
    house.change_title(&need, "寻求碳化硅MOSFET").await;
    assert_eq!(kept().await.versions, (2, 4));
}

#[tokio::test]
async fn pairs_that_other_weights_judged_are_judged_anew_and_nobody_is_told() {
    let house = House::new().await;
    let owner = house.account("owner", house.party).await;
    for n in 0..MANY {
        house.listing(Side::Need, &format!("{NEED}，第 {n} 批"), ListingState::Published).await;
        house.listing_of(house.other_party, Side::Offer, &format!("{OFFER}，{n} 型"), ListingState::Published).await;
    }
    house.follow_all().await;
    let told = notices::page_of(&mut house.store.reader().await.unwrap(), owner, None, 1_000).await.unwrap();
    let before = house.pairs().await;
    let mut heavier = WeightSet::default();
    heavier.all.terms *= 3.0;
    let standing = house.standing();
    standing.weights.set(Arc::new(heavier));
    // No change asks for this work, so it is asked for as a follower is that has digested all. It is done by two, for where
    // one stopped (killed, say) the next goes on: sixty listings are three pieces, then it is noted as done.
    assert!(standing.tend().await.unwrap(), "other weights are in use, so there is something to do");
    let standing = StandingMatches { weights: standing.weights.clone(), ..house.standing() };
    let mut pieces = 1;
    // It must come to an end by itself; one that never says so fails here and does not hang.
    while pieces < MANY && standing.tend().await.unwrap() {
        pieces += 1;
    }
    assert_eq!(pieces, 4);
    assert!(verify_matches(&standing, &|_| ()).await.unwrap().is_empty());
    let after = house.pairs().await;
    assert!(after.len() >= before.len() && after.iter().all(|a| before.iter().all(|b| a.matched != b.matched)));
    let now_told = notices::page_of(&mut house.store.reader().await.unwrap(), owner, None, 1_000).await.unwrap();
    assert_eq!(now_told.len(), told.len());
    // And back, when the old weights are in use again.
    house.follow_all().await;
    assert!(house.differences().await.is_empty());
}

//! Followers over a real store and index.

#![allow(clippy::unwrap_used)]

mod embedding;
mod graph;
mod house;
mod news;
mod pairs;
#[path = "../../../store/tests/contract/postgres.rs"]
mod postgres;
mod same;

use std::sync::atomic::{AtomicI64, Ordering};

use house::House;
use keqiao_domain::{Change, ListingState, NoticeBody, Side};
use keqiao_followers::{
    Difference, FollowError, Follower, IndexFollower, StandingMatches, catch_up, rebuild_index, verify_index,
};
use keqiao_store::{changes, matches, notices, parked};

const NEED: &str = "寻求碳化硅MOSFET，耐压1200V，用于车载充电机";
const OFFER: &str = "碳化硅MOSFET，1200V 40mΩ，车载充电机用，可供样品";

#[tokio::test]
async fn the_index_follows_and_replay_changes_nothing() {
    let house = House::new().await;
    let listing = house.listing(Side::Offer, OFFER, ListingState::Published).await;
    let follower = house.index_follower();
    catch_up(&house.store, &follower).await.unwrap();
    assert_eq!(house.index.num_docs(), 3);
    assert!(verify_index(&house.store, &house.index).await.unwrap().is_empty());
    let mut db = house.store.reader().await.unwrap();
    let log = changes::after(&mut db, 0, 100).await.unwrap();
    let before = house.index.ids().unwrap();
    follower.apply(&log, log.last().unwrap().seq).await.unwrap();
    let mut after = house.index.ids().unwrap();
    let mut before = before;
    before.sort();
    after.sort();
    assert_eq!(before, after);
    house.change_title(&listing, "氮化镓晶体管").await;
    assert_eq!(verify_index(&house.store, &house.index).await.unwrap().len(), 1);
    catch_up(&house.store, &follower).await.unwrap();
    assert!(verify_index(&house.store, &house.index).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_index_that_was_deleted_or_altered_is_made_anew() {
    let house = House::new().await;
    for i in 0..30 {
        house.listing(Side::Offer, &format!("{OFFER} {i}"), ListingState::Published).await;
    }
    let listing = house.listing(Side::Need, NEED, ListingState::Draft).await;
    catch_up(&house.store, &house.index_follower()).await.unwrap();
    let op = keqiao_search::IndexOp::Delete(listing.id.0);
    house.index.apply(vec![op], house.index.cursor()).unwrap();
    let found = verify_index(&house.store, &house.index).await.unwrap();
    assert_eq!(found, [Difference::Missing(listing.id.0)]);
    let house = house.close_index();
    let told = AtomicI64::new(0);
    let hear = |n: usize| told.store(n as i64, Ordering::SeqCst);
    let dir = house.index_dir();
    let count = rebuild_index(&house.store, &dir, &house.catalog, &house.text, &hear).await.unwrap();
    assert_eq!((count, told.load(Ordering::SeqCst)), (33, 33));
    let house = house.open_index();
    assert!(verify_index(&house.store, &house.index).await.unwrap().is_empty());
    let mut db = house.store.reader().await.unwrap();
    assert_eq!(house.index.cursor(), changes::latest(&mut db).await.unwrap());
}

#[tokio::test]
async fn both_sides_are_told_of_a_match_once() {
    let house = House::new().await;
    let need = house.listing(Side::Need, NEED, ListingState::Published).await;
    let (owner, rival) = (house.account("owner", need.party).await, house.other_account("rival").await);
    let offer = house.listing_of(house.other_party, Side::Offer, OFFER, ListingState::Published).await;
    let index = house.index_follower();
    let standing = house.standing();
    catch_up(&house.store, &index).await.unwrap();
    catch_up(&house.store, &standing).await.unwrap();
    let mut db = house.store.reader().await.unwrap();
    let found = matches::of_need(&mut db, need.id, 10).await.unwrap();
    assert_eq!((found.len(), found[0].offer), (1, Some(offer.id)));
    let sum: f64 = found[0].reasons.iter().map(keqiao_domain::Reason::points).sum();
    assert!((sum - found[0].score).abs() < 1e-9);
    for account in [owner, rival] {
        let told = notices::page_of(&mut db, account, None, 10).await.unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(matches!(told[0].body, NoticeBody::MatchFound { .. }));
    }
    drop(db);
    house.change_title(&offer, "碳化硅MOSFET 1200V 车载充电机 新版").await;
    catch_up(&house.store, &index).await.unwrap();
    catch_up(&house.store, &standing).await.unwrap();
    let mut db = house.store.reader().await.unwrap();
    assert_eq!(notices::page_of(&mut db, owner, None, 10).await.unwrap().len(), 1);
    drop(db);
    house.set_state(&offer, ListingState::Closed).await;
    catch_up(&house.store, &index).await.unwrap();
    catch_up(&house.store, &standing).await.unwrap();
    let mut db = house.store.reader().await.unwrap();
    assert!(matches::of_need(&mut db, need.id, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn standing_matches_wait_for_the_index() {
    let house = House::new().await;
    house.listing(Side::Need, NEED, ListingState::Published).await;
    let standing = house.standing();
    catch_up(&house.store, &standing).await.unwrap();
    assert_eq!(standing.cursor().await.unwrap(), 0);
    catch_up(&house.store, &house.index_follower()).await.unwrap();
    catch_up(&house.store, &standing).await.unwrap();
    assert_eq!(standing.cursor().await.unwrap(), house.index.cursor());
}

/// A follower that cannot digest one change.
struct Picky {
    cursor: AtomicI64,
    poison: i64,
}

#[async_trait::async_trait]
impl Follower for Picky {
    fn name(&self) -> &'static str {
        "picky"
    }
    fn node(&self) -> &str {
        "n1"
    }
    async fn cursor(&self) -> Result<i64, FollowError> {
        Ok(self.cursor.load(Ordering::SeqCst))
    }
    async fn apply(&self, batch: &[Change], upto: i64) -> Result<(), FollowError> {
        if batch.iter().any(|c| c.seq == self.poison) {
            return Err(FollowError::Poison("bad taste".into()));
        }
        self.cursor.store(upto, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test]
async fn a_change_that_cannot_be_digested_is_parked_and_the_others_go_on() {
    let house = House::new().await;
    for i in 0..5 {
        house.listing(Side::Offer, &format!("{OFFER} {i}"), ListingState::Published).await;
    }
    let picky = Picky { cursor: AtomicI64::new(0), poison: 3 };
    catch_up(&house.store, &picky).await.unwrap();
    let mut db = house.store.reader().await.unwrap();
    assert_eq!(picky.cursor.load(Ordering::SeqCst), changes::latest(&mut db).await.unwrap());
    let list = parked::list(&mut db, 10).await.unwrap();
    assert_eq!((list.len(), list[0].change.seq, list[0].error.as_str()), (1, 3, "bad taste"));
}

#[tokio::test]
async fn one_node_keeps_the_standing_matches() {
    let house = House::new().await;
    house.listing(Side::Need, NEED, ListingState::Published).await;
    catch_up(&house.store, &house.index_follower()).await.unwrap();
    let (first, second) = (house.standing(), StandingMatches { node: "second".into(), ..house.standing() });
    catch_up(&house.store, &first).await.unwrap();
    house.listing(Side::Offer, OFFER, ListingState::Published).await;
    catch_up(&house.store, &house.index_follower()).await.unwrap();
    assert!(matches!(catch_up(&house.store, &second).await, Err(FollowError::TryAgain(_))));
    house.clock.advance_seconds(60);
    catch_up(&house.store, &second).await.unwrap();
}

impl House {
    fn index_follower(&self) -> IndexFollower {
        IndexFollower::new(self.store.clone(), self.index.clone(), "n1".into())
    }
}

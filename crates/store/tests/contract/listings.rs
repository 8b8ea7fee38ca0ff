//! Listings: content, visibility, lists.

use keqiao_domain::{Interval, Listing, ListingId, ListingState, Side, Tier, Timestamp, Value};
use keqiao_store::listings::{self, ListingFilter};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::database::{Database, conflict};
use crate::samples::{account_id, at, full_listing, listing, listing_id, party_id, publish, settle};
use crate::transact;

pub(crate) async fn a_listing_reads_back(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let all = [full_listing(1, party_id(1)), listing(2, party_id(1))];
    publish(&store, &all).await;
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(listings::find(conn, all[0].id).await.unwrap(), Some(all[0].clone()));
    let asked = [listing_id(2), listing_id(9), listing_id(1)];
    let found = listings::find_many(conn, &asked).await.unwrap();
    assert_eq!(found, [all[1].clone(), all[0].clone()]);
    let by_external = listings::find_by_external_id(conn, party_id(1), "A-7").await.unwrap();
    assert_eq!(by_external, Some(all[0].clone()));
    assert_eq!(listings::find(conn, listing_id(3)).await.unwrap(), None);
    assert_eq!(listings::page_all(conn, None, 1).await.unwrap(), all[..1]);
    assert_eq!(listings::page_all(conn, Some(listing_id(1)), 9).await.unwrap(), all[1..]);
    let counts = listings::count_by_state(conn).await.unwrap();
    assert_eq!(counts, [(ListingState::Draft, 1), (ListingState::Published, 1)]);
}

fn any_value() -> impl Strategy<Value = Value> {
    let number = || any::<f64>().prop_filter("finite", |x| x.is_finite());
    let end = move || proptest::option::of(number());
    let interval = (end(), end(), ".{0,4}").prop_map(|(min, max, unit)| Interval { min, max, unit });
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        number().prop_map(Value::Number),
        any::<String>().prop_map(Value::Text),
        proptest::collection::vec(any::<String>(), 0..3).prop_map(Value::List),
        interval.prop_map(Value::Interval),
    ]
}

/// Any listing the domain allows: texts of any characters inside the content, times of any size.
fn any_listing() -> impl Strategy<Value = Listing> {
    let content = (
        any::<[String; 4]>(),
        proptest::collection::vec(any::<String>(), 0..4),
        proptest::collection::btree_map("[a-z-]{1,12}", any_value(), 0..5),
        proptest::option::of(any::<String>()),
        prop_oneof![Just(Tier::Public), Just(Tier::Member)],
    );
    let time = || proptest::option::of(any::<i64>().prop_map(Timestamp::from_micros));
    let plain = (
        any::<bool>(),
        proptest::sample::select(&ListingState::ALL[..]),
        any::<i64>(),
        proptest::option::of("[^\0]{0,20}"),
        "[^\0]{0,10}",
        any::<bool>(),
        [time(), time()],
        any::<i64>(),
    );
    (content, plain).prop_map(|(content, plain)| {
        let ([title, summary, body, annex], keywords, attributes, region, details_tier) = content;
        let (need, state, version, external_id, kind, demo, [expires_at, published_at], time) = plain;
        let mut l = listing(1, party_id(1));
        l.side = if need { Side::Need } else { Side::Offer };
        l.content.kind = kind;
        l.content.title = title;
        l.content.summary = summary;
        l.content.body = body;
        l.content.annex = annex;
        l.content.chain = keywords.clone();
        l.content.wishes = attributes.keys().cloned().collect();
        l.content.keywords = keywords;
        l.content.attributes = attributes;
        l.content.industry = region.clone();
        l.content.region = region;
        l.content.details_tier = details_tier;
        l.author = need.then(|| account_id(1));
        Listing {
            state,
            version,
            external_id,
            demo,
            expires_at,
            published_at,
            created_at: Timestamp::from_micros(time),
            updated_at: Timestamp::from_micros(time),
            ..l
        }
    })
}

pub(crate) async fn any_listing_reads_back(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    publish(&store, &[listing(1, party_id(1))]).await;
    let version = std::cell::Cell::new(1);
    let check = |written: Listing| {
        let (l, expected) = (written.clone(), version.replace(written.version));
        let read = tokio::runtime::Handle::current().block_on(async {
            assert!(transact!(store, conn => listings::update(conn, &l, expected).await?).unwrap());
            listings::find(&mut store.reader().await.unwrap(), listing_id(1)).await.unwrap()
        });
        prop_assert_eq!(read, Some(written));
        Ok(())
    };
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    tokio::task::block_in_place(|| TestRunner::new(config).run(&any_listing(), check).unwrap());
}

pub(crate) async fn an_update_wants_the_version_it_read(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    publish(&store, &[listing(1, party_id(1))]).await;
    // Two people read version 1, and both save.
    let save = |title: &str| {
        let mut l = listing(1, party_id(1));
        title.clone_into(&mut l.content.title);
        l.version = 2;
        let store = store.clone();
        tokio::spawn(async move { transact!(store, conn => listings::update(conn, &l, 1).await?).unwrap() })
    };
    let (a, b) = (save("甲"), save("乙"));
    let (a, b) = (a.await.unwrap(), b.await.unwrap());
    assert!(a != b, "one of the two is told that it came too late");
    let kept = listings::find(&mut store.reader().await.unwrap(), listing_id(1)).await.unwrap();
    assert_eq!(kept.unwrap().content.title, if a { "甲" } else { "乙" });
}

pub(crate) async fn an_external_id_is_unique_within_its_party(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let with = |n, party| Listing { external_id: Some("x".to_owned()), ..listing(n, party_id(party)) };
    publish(&store, &[with(1, 1), with(2, 2), listing(3, party_id(1)), listing(4, party_id(1))]).await;
    let refused = transact!(store, conn => listings::insert(conn, &with(5, 1)).await?);
    assert_eq!(conflict(refused), "listings.party_id+external_id");
    let refused = transact!(store, conn => listings::insert(conn, &with(1, 1)).await?);
    assert!(conflict(refused).starts_with("listings."));
}

/// A filter, a viewer's tokens, and the numbers of what is shown.
type Case<'a> = (ListingFilter, Option<&'a [String]>, &'a [u128]);

pub(crate) async fn a_viewer_sees_what_the_tokens_say(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let make = |n: u128, party, state, side| Listing {
        state,
        side,
        updated_at: at(i64::try_from(n).unwrap()),
        ..listing(n, party_id(party))
    };
    let mut other_kind = make(5, 1, ListingState::Published, Side::Need);
    other_kind.content.kind = "training".to_owned();
    publish(
        &store,
        &[
            make(1, 1, ListingState::Published, Side::Need),
            make(2, 2, ListingState::Published, Side::Offer),
            make(3, 1, ListingState::Draft, Side::Offer),
            make(4, 2, ListingState::InReview, Side::Need),
            other_kind,
        ],
    )
    .await;
    let conn = &mut store.reader().await.unwrap();
    let public = vec!["public".to_owned()];
    let of_one = vec!["public".to_owned(), "member".to_owned(), format!("org:{}", party_id(1))];
    let all = ListingFilter::default;
    let cases: [Case<'_>; 8] = [
        (all(), Some(&public), &[5, 2, 1]),
        (all(), Some(&of_one), &[5, 3, 2, 1]),
        (all(), None, &[5, 4, 3, 2, 1]),
        (all(), Some(&[]), &[]),
        (ListingFilter { party: Some(party_id(1)), ..all() }, Some(&public), &[5, 1]),
        (ListingFilter { state: Some(ListingState::Draft), ..all() }, Some(&public), &[]),
        (ListingFilter { side: Some(Side::Need), ..all() }, Some(&of_one), &[5, 1]),
        (ListingFilter { kind: Some("chip".to_owned()), ..all() }, Some(&public), &[2, 1]),
    ];
    for (filter, tokens, expected) in cases {
        let page = listings::page_visible(conn, &filter, tokens, None, 9).await.unwrap();
        assert_eq!(ids(&page), expected, "{filter:?} {tokens:?}");
    }
    // Publication changes the audience with the state.
    let published = make(3, 1, ListingState::Published, Side::Offer);
    assert!(transact!(store, conn => listings::update(conn, &published, 1).await?).unwrap());
    let page = listings::page_visible(conn, &all(), Some(&public), None, 9).await.unwrap();
    assert_eq!(ids(&page), [5, 3, 2, 1]);
}

fn ids(page: &[Listing]) -> Vec<u128> {
    page.iter().map(|l| l.id.0.as_u128() & 0xffff).collect()
}

pub(crate) async fn pages_with_equal_times_lose_and_repeat_nothing(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    // Three moments for eleven listings.
    let all: Vec<Listing> = (1..=11)
        .map(|n| Listing { updated_at: at(i64::try_from(n % 3).unwrap()), ..listing(n, party_id(1)) })
        .collect();
    publish(&store, &all).await;
    let mut expected: Vec<(Timestamp, ListingId)> = all.iter().map(|l| (l.updated_at, l.id)).collect();
    expected.sort();
    let conn = &mut store.reader().await.unwrap();
    let (mut after, mut waiting) = (None, Vec::new());
    loop {
        let state = ListingState::Draft;
        let page = listings::page_by_state(conn, state, after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.updated_at, last.id));
        waiting.extend(page.iter().map(|l| (l.updated_at, l.id)));
    }
    assert_eq!(waiting, expected);
    let (mut after, mut newest) = (None, Vec::new());
    loop {
        let page = listings::page_of_party(conn, party_id(1), after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.updated_at, last.id));
        newest.extend(page.iter().map(|l| (l.updated_at, l.id)));
    }
    expected.reverse();
    assert_eq!(newest, expected);
    let parties = [party_id(1), party_id(2)];
    let side = Some(Side::Offer);
    let page = listings::page_of_parties(conn, &parties, side, None, None, 99).await.unwrap();
    assert_eq!(page.iter().map(|l| (l.updated_at, l.id)).collect::<Vec<_>>(), expected);
    let needs = Some(Side::Need);
    let page = listings::page_of_parties(conn, &parties, needs, None, None, 99).await.unwrap();
    assert!(page.is_empty());
    assert!(listings::page_of_parties(conn, &[], side, None, None, 99).await.unwrap().is_empty());
}

pub(crate) async fn the_review_queue_shows_the_longest_waiting_first(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let waiting =
        |n, since| Listing { state: ListingState::InReview, updated_at: at(since), ..listing(n, party_id(1)) };
    publish(&store, &[waiting(1, 9), waiting(2, -5), listing(3, party_id(1))]).await;
    let conn = &mut store.reader().await.unwrap();
    let queue = listings::page_by_state(conn, ListingState::InReview, None, 9).await.unwrap();
    assert_eq!(ids(&queue), [2, 1]);
}

pub(crate) async fn what_is_due_to_expire_is_found(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let until = |n, state, expires_at| Listing { state, expires_at, ..listing(n, party_id(1)) };
    publish(
        &store,
        &[
            until(1, ListingState::Published, Some(at(10))),
            until(2, ListingState::Published, Some(at(9))),
            until(3, ListingState::Published, Some(at(11))),
            until(4, ListingState::Published, None),
            until(5, ListingState::Closed, Some(at(1))),
        ],
    )
    .await;
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(ids(&listings::due_to_expire(conn, at(10), 9).await.unwrap()), [2, 1]);
    assert_eq!(ids(&listings::due_to_expire(conn, at(10), 1).await.unwrap()), [2]);
}

//! What stands beside a listing: versions, reviews, files, acceptances, matches.

use keqiao_domain::{
    Action, Attachment, AttachmentId, Decision, ListingVersion, Match, Reason, RecordKind, Review, ReviewId, Scores,
    Tier,
};
use keqiao_store::matches::{Public, Standing};
use keqiao_store::{Conn, Store, annex_acceptances, attachments, changes, cursors, listing_versions, matches, reviews};

use crate::database::{Database, conflict};
use crate::samples::{account_id, at, full_listing, listing, listing_id, party_id, publish, settle, uuid};
use crate::transact;

pub(crate) async fn what_stands_beside_a_listing_round_trips(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    publish(&store, &[full_listing(1, party_id(1)), listing(2, party_id(1))]).await;
    versions_and_reviews(&store).await;
    let file = |n, size| Attachment {
        id: AttachmentId(uuid(n)),
        listing: listing_id(1),
        name: "检测报告.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size,
        sha256: "0".repeat(64),
        blob: "ab/cd".to_owned(),
        tier: Tier::Confidential,
        author: Some(account_id(1)),
        created_at: at(1),
    };
    let both = [file(1, 3_000_000_000), file(2, 7)];
    let files = both.clone();
    transact!(store, conn => for f in &files {
        attachments::insert(conn, f).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(attachments::find(conn, both[0].id).await.unwrap(), Some(both[0].clone()));
    assert_eq!(attachments::of_listing(conn, listing_id(1)).await.unwrap(), both);
    assert_eq!(attachments::page_after(conn, Some(both[0].id), 5).await.unwrap(), both[1..]);
    assert_eq!(attachments::total_size_of(conn, listing_id(1)).await.unwrap(), 3_000_000_007);
    assert_eq!(attachments::total_size_of(conn, listing_id(2)).await.unwrap(), 0);
    assert_eq!(attachments::count_of_blob(conn, "ab/cd").await.unwrap(), 2);
    let asked = [listing_id(1), listing_id(2), listing_id(1)];
    let counts = attachments::of_listings(conn, &asked).await.unwrap();
    assert_eq!(counts, [(listing_id(1), 2)].into());
    let id = both[0].id;
    assert!(transact!(store, conn => attachments::remove(conn, id).await?).unwrap());
    assert_eq!(attachments::find(conn, id).await.unwrap(), None);
}

async fn versions_and_reviews(store: &Store) {
    let version = |n| ListingVersion {
        listing: listing_id(1),
        version: n,
        content: full_listing(1, party_id(1)).content,
        author: Some(account_id(1)),
        at: at(n),
    };
    let review = |n: u128| Review {
        id: ReviewId(uuid(n)),
        listing: listing_id(1),
        version: 2,
        reviewer: account_id(1),
        scores: Scores::try_from([5, 4, 3, 0]).unwrap(),
        decision: Decision::Hold,
        comment: "请补充指标。".to_owned(),
        at: at(4),
    };
    transact!(store, conn => {
        listing_versions::insert(conn, &version(1)).await?;
        listing_versions::insert(conn, &version(2)).await?;
        reviews::insert(conn, &review(1)).await?;
        reviews::insert(conn, &review(2)).await?;
    })
    .unwrap();
    let refused = transact!(store, conn => listing_versions::insert(conn, &version(2)).await?);
    assert_eq!(conflict(refused), "listing_versions.listing_id+version");
    let conn = &mut store.reader().await.unwrap();
    let kept = listing_versions::of_listing(conn, listing_id(1)).await.unwrap();
    assert_eq!(kept, [version(2), version(1)]);
    let first = listing_versions::find(conn, listing_id(1), 1).await.unwrap();
    assert_eq!(first, Some(version(1)));
    let both = reviews::of_listing(conn, listing_id(1)).await.unwrap();
    assert_eq!(both, [review(2), review(1)]);
}

pub(crate) async fn an_acceptance_keeps_its_first_time(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    publish(&store, &[listing(1, party_id(1))]).await;
    let (listing, account) = (listing_id(1), account_id(2));
    let accept = async |seconds| {
        transact!(store, conn => annex_acceptances::insert(conn, listing, account, at(seconds)).await?).unwrap()
    };
    assert!(accept(1).await);
    assert!(!accept(2).await);
    let conn = &mut store.reader().await.unwrap();
    let when = annex_acceptances::find(conn, listing, account).await.unwrap();
    assert_eq!(when, Some(at(1)));
    let all = annex_acceptances::of_listing(conn, listing).await.unwrap();
    assert_eq!(all, [(account, at(1))]);
    assert_eq!(annex_acceptances::find(conn, listing, account_id(1)).await.unwrap(), None);
}

pub(crate) fn a_match(need: u128, offer: u128, score: f64, blocked: bool) -> Match {
    Match {
        need: Some(listing_id(need)),
        offer: Some(listing_id(offer)),
        score,
        blocked,
        reasons: vec![Reason::Evidence { verified: true, attachments: 2, points: score }],
    }
}

/// As it is kept where visitors are shown the same.
pub(crate) fn standing(matched: Match) -> Standing {
    Standing { matched, public: Public::Same, versions: (1, 1) }
}

fn all_standing<const N: usize>(all: [Match; N]) -> [Standing; N] {
    all.map(standing)
}

pub(crate) async fn matches_are_replaced_and_ordered(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    publish(&store, &(1..=5).map(|n| listing(n, party_id(1))).collect::<Vec<_>>()).await;
    let old = [a_match(1, 3, 99.0, false), a_match(2, 4, 50.0, false)];
    let new = [a_match(1, 4, 10.25, false), a_match(1, 5, 80.125, true), a_match(1, 3, 10.25, false)];
    transact!(store, conn => {
        replace(conn, 1, &old[..1]).await?;
        replace(conn, 4, &old[1..]).await?;
        replace(conn, 1, &new).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    let best = [a_match(1, 3, 10.25, false), a_match(1, 4, 10.25, false), a_match(1, 5, 80.125, true)];
    assert_eq!(matches::of_need(conn, listing_id(1), 9).await.unwrap(), best);
    assert_eq!(matches::of_need(conn, listing_id(1), 1).await.unwrap(), best[..1]);
    let of_four = [a_match(2, 4, 50.0, false), a_match(1, 4, 10.25, false)];
    assert_eq!(matches::of_offer(conn, listing_id(4), 9).await.unwrap(), of_four);
    let after = matches::page_all(conn, Some((listing_id(1), listing_id(4))), 9).await.unwrap();
    assert_eq!(after, all_standing([a_match(1, 5, 80.125, true), a_match(2, 4, 50.0, false)]));
    assert_eq!(matches::page_all(conn, None, 9).await.unwrap().len(), 4);
    let mut ends = matches::counterparts_of(conn, listing_id(4)).await.unwrap();
    ends.sort_by_key(|c| c.id);
    let end = |n, score| matches::Counterpart { id: listing_id(n), score, blocked: false };
    assert_eq!(ends, [end(1, 10.25), end(2, 50.0)]);
    let gone = transact!(store, conn => matches::delete_of_listing(conn, listing_id(4)).await?);
    assert_eq!(gone.unwrap(), 2);
    let stranger = transact!(store, conn => replace(conn, 5, &[a_match(1, 3, 1.0, false)]).await?);
    assert!(stranger.is_err());
    let both = [listing_id(1), listing_id(4)];
    transact!(store, conn => {
        let first = all_standing([a_match(1, 4, 7.0, false), a_match(2, 4, 6.0, false)]);
        matches::replace_for_listings(conn, &both, &first).await?;
        matches::replace_for_listings(conn, &both, &all_standing([a_match(1, 4, 8.0, false)])).await?;
    })
    .unwrap();
    let stand = all_standing([a_match(1, 4, 8.0, false)]);
    assert_eq!(matches::page_all(conn, None, 9).await.unwrap(), stand);
    // What is made anew shows only when it takes the place of all, and then once.
    let fresh = all_standing([a_match(2, 5, 9.0, false), a_match(1, 3, 2.0, false)]);
    let again = fresh[..1].to_vec();
    transact!(store, conn => {
        matches::begin_fresh(conn).await?;
        matches::add_fresh(conn, &fresh).await?;
    })
    .unwrap();
    transact!(store, conn => matches::add_fresh(conn, &again).await?).unwrap();
    assert_eq!(matches::page_all(conn, None, 9).await.unwrap(), stand);
    assert_eq!(transact!(store, conn => matches::swap_fresh(conn).await?).unwrap(), 2);
    let now = all_standing([a_match(1, 3, 2.0, false), a_match(2, 5, 9.0, false)]);
    assert_eq!(matches::page_all(conn, None, 9).await.unwrap(), now);
    assert!(transact!(store, conn => matches::swap_fresh(conn).await?).is_err());
    assert_eq!(matches::page_all(conn, None, 9).await.unwrap().len(), 2);
}

async fn replace(conn: &mut Conn, n: u128, all: &[Match]) -> Result<(), keqiao_store::StoreError> {
    let all: Vec<Standing> = all.iter().cloned().map(standing).collect();
    matches::replace_for_listings(conn, &[listing_id(n)], &all).await
}

/// Visitors are shown what is kept for them, in an order of its own, and nothing where nothing is.
pub(crate) async fn matches_are_kept_as_visitors_are_shown_them(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    publish(&store, &(1..=5).map(|n| listing(n, party_id(1))).collect::<Vec<_>>()).await;
    let all = [
        Standing { versions: (4, 7), ..standing(a_match(1, 3, 50.0, false)) },
        Standing { public: Public::Other(a_match(1, 4, 20.0, true)), ..standing(a_match(1, 4, 90.0, false)) },
        Standing { public: Public::Nothing, ..standing(a_match(1, 5, 70.0, false)) },
        Standing { public: Public::Other(a_match(2, 4, 30.0, false)), ..standing(a_match(2, 4, 40.0, false)) },
    ];
    let kept = all.clone();
    let both = [listing_id(1), listing_id(2)];
    transact!(store, conn => matches::replace_for_listings(conn, &both, &kept).await?).unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(matches::page_all(conn, None, 9).await.unwrap(), all);
    assert_eq!(matches::all_of_need(conn, listing_id(1)).await.unwrap(), all[..3]);
    let members: Vec<Match> = [1, 2, 0].map(|i: usize| all[i].matched.clone()).into();
    assert_eq!(matches::of_need(conn, listing_id(1), 9).await.unwrap(), members);
    let shown = [(a_match(1, 3, 50.0, false), (4, 7)), (a_match(1, 4, 20.0, true), (1, 1))];
    assert_eq!(matches::public_of_need(conn, listing_id(1), 9).await.unwrap(), shown);
    assert_eq!(matches::public_of_need(conn, listing_id(1), 1).await.unwrap(), shown[..1]);
    let of_four = [(a_match(2, 4, 30.0, false), (1, 1)), (a_match(1, 4, 20.0, true), (1, 1))];
    assert_eq!(matches::public_of_offer(conn, listing_id(4), 9).await.unwrap(), of_four);
    assert_eq!(matches::public_of_offer(conn, listing_id(5), 9).await.unwrap(), []);
    let fresh = all.to_vec();
    transact!(store, conn => {
        matches::begin_fresh(conn).await?;
        matches::add_fresh(conn, &fresh).await?;
        matches::swap_fresh(conn).await?;
    })
    .unwrap();
    assert_eq!(matches::page_all(conn, None, 9).await.unwrap(), all);
}

pub(crate) async fn whether_the_follower_of_matches_came_to_a_change_is_known(db: Database) {
    let store = db.open().await;
    let append = async |seconds| {
        let (record, action) = (RecordKind::Listing, Action::Updated);
        transact!(store, conn => changes::append(conn, at(seconds), record, uuid(1), action, None).await?).unwrap()
    };
    let stands = async |seq, version| {
        transact!(store, conn => cursors::set(conn, matches::FOLLOWER, "", seq, version).await?).unwrap();
    };
    let followed = async |seconds| {
        let conn = &mut store.reader().await.unwrap();
        matches::have_followed(conn, at(seconds)).await.unwrap()
    };
    append(1_000).await;
    assert!(!followed(1_000).await, "there was no follower yet");
    let end = changes::latest(&mut store.reader().await.unwrap()).await.unwrap();
    stands(end, matches::FOLLOWER_VERSION).await;
    assert!(followed(1_000).await, "nothing lies ahead of it");
    append(2_000).await;
    assert!(followed(1_000).await && !followed(2_000).await, "what lies ahead is younger, or the very change");
    assert!(!followed(1_970).await, "two clocks may be a minute apart");
    stands(end + 1, matches::FOLLOWER_VERSION - 1).await;
    assert!(!followed(1_000).await, "an older version will make all anew");
}

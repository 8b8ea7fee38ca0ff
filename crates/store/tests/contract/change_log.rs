//! The change log: its order, its followers, its replay.

use std::collections::BTreeSet;
use std::time::Duration;

use keqiao_domain::{Action, Change, RecordKind};
use keqiao_store::{Conn, Dialect, Store, StoreError, changes, cursors, listings, matches};
use rand::RngExt as _;
use sqlx::{AnyConnection, Executor as _, Row as _};

use crate::beside::{a_match, standing};
use crate::database::Database;
use crate::samples::{account_id, at, listing, listing_id, party_id, publish, settle, uuid};
use crate::transact;

async fn append(conn: &mut Conn, n: u128) -> Result<i64, StoreError> {
    let actor = n.is_multiple_of(2).then(|| account_id(1));
    changes::append(conn, at(1), RecordKind::Listing, uuid(n), Action::Created, actor).await
}

pub(crate) async fn entries_come_in_the_order_of_commits(db: Database) {
    let store = db.open().await;
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(changes::latest(conn).await.unwrap(), 0);
    let first = transact!(store, conn => append(conn, 1).await?).unwrap();
    let second = transact!(store, conn => append(conn, 2).await?).unwrap();
    assert!(0 < first && first < second);
    let entry = |seq, n, actor| Change {
        seq,
        at: at(1),
        record: RecordKind::Listing,
        id: uuid(n),
        action: Action::Created,
        actor,
    };
    let all = changes::after(conn, 0, 9).await.unwrap();
    assert_eq!(all, [entry(first, 1, None), entry(second, 2, Some(account_id(1)))]);
    assert_eq!(changes::after(conn, 0, 1).await.unwrap().len(), 1);
    assert_eq!(changes::after(conn, first, 9).await.unwrap(), all[1..]);
    assert_eq!(changes::latest(conn).await.unwrap(), second);
    assert_eq!(store.latest_seq(), second);
}

pub(crate) async fn pruning_never_gives_a_number_again(db: Database) {
    let store = db.open().await;
    let last = transact!(store, conn => {
        append(conn, 1).await?;
        append(conn, 2).await?;
        append(conn, 3).await?
    })
    .unwrap();
    let pruned = transact!(store, conn => changes::prune_below(conn, last + 100).await?).unwrap();
    assert_eq!(pruned, 2, "the last entry stays");
    store.close().await;
    let store = db.open().await;
    assert_eq!(store.latest_seq(), last);
    let next = transact!(store, conn => append(conn, 4).await?).unwrap();
    assert!(next > last);
}

pub(crate) async fn a_transaction_that_fails_leaves_no_entry(db: Database) {
    let store = db.open().await;
    let failed: Result<(), StoreError> = store
        .write(|conn| {
            Box::pin(async move {
                append(conn, 1).await?;
                Err(StoreError::Conflict("changed my mind".to_owned()))
            })
        })
        .await;
    assert_eq!(failed, Err(StoreError::Conflict("changed my mind".to_owned())));
    let conn = &mut store.reader().await.unwrap();
    assert!(changes::after(conn, 0, 9).await.unwrap().is_empty());
    assert_eq!(store.latest_seq(), 0);
}

const RAW_INSERT: &str = "INSERT INTO changes (at, record, record_id, action) \
    VALUES (0, 'listing', '01900000-0000-7000-8000-000000000001', 'created') RETURNING seq";

async fn raw_insert(conn: &mut AnyConnection) -> i64 {
    conn.fetch_one(RAW_INSERT).await.unwrap().get("seq")
}

/// Two transactions of plain SQL at the same time, the second to take a number committing first.
pub(crate) async fn two_raw_transactions_show_what_the_lock_is_for(db: Database) {
    let store = db.open().await;
    let (mut slow, mut fast) = (db.raw().await, db.raw().await);
    slow.execute("BEGIN").await.unwrap();
    let lower = raw_insert(&mut slow).await;
    match db.dialect {
        Dialect::Postgres => {
            let higher = raw_insert(&mut fast).await;
            assert!(lower < higher);
            let conn = &mut store.reader().await.unwrap();
            let cursor = changes::after(conn, 0, 9).await.unwrap().last().unwrap().seq;
            slow.execute("COMMIT").await.unwrap();
            let missed = changes::after(conn, cursor, 9).await.unwrap();
            assert!(missed.is_empty(), "without the lock the lower number is lost");
            assert_eq!(changes::after(conn, 0, 9).await.unwrap().len(), 2);
        }
        Dialect::Sqlite => {
            fast.execute("PRAGMA busy_timeout = 0").await.unwrap();
            let refused = fast.execute("BEGIN IMMEDIATE").await.unwrap_err().to_string();
            assert!(refused.contains("locked"), "the file itself is the lock: {refused}");
            slow.execute("COMMIT").await.unwrap();
            assert!(lower < raw_insert(&mut fast).await);
        }
    }
}

/// A node that writes with pauses between taking a number and the end of the transaction.
async fn busy_node(store: Store, from: u128) -> Vec<i64> {
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                for i in 0..12 {
                    let n = from + task * 100 + i;
                    let pause = Duration::from_micros(rand::rng().random_range(0..1500));
                    let seq = transact!(store, conn => {
                        let seq = append(conn, n).await?;
                        tokio::time::sleep(pause).await;
                        seq
                    });
                    mine.push(seq.unwrap());
                }
                mine
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    all
}

pub(crate) async fn a_follower_of_two_nodes_misses_nothing(db: Database) {
    let (one, two) = (db.open().await, db.open().await);
    let follower = {
        let store = two.clone();
        tokio::spawn(async move {
            let (mut cursor, mut seen) = (0, BTreeSet::new());
            while seen.len() < 192 {
                let conn = &mut store.reader().await.unwrap();
                for change in changes::after(conn, cursor, 50).await.unwrap() {
                    assert!(change.seq > cursor);
                    cursor = change.seq;
                    seen.insert(change.seq);
                }
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
            seen
        })
    };
    let (a, b) = tokio::join!(busy_node(one.clone(), 1), busy_node(two.clone(), 10_000));
    let written: BTreeSet<i64> = a.into_iter().chain(b).collect();
    assert_eq!(written.len(), 192);
    let seen = tokio::time::timeout(Duration::from_secs(20), follower).await;
    assert_eq!(seen.expect("a change was missed").unwrap(), written);
}

/// A follower as small as one can be: it matches each listing it hears of with the first.
async fn follow(store: &Store) -> usize {
    transact!(store, conn => {
        let from = cursors::get(conn, "mini", "").await?.map_or(0, |c| c.seq);
        let batch = changes::after(conn, from, 100).await?;
        for change in &batch {
            let id = keqiao_domain::ListingId(change.id);
            if let Some(l) = listings::find(conn, id).await? {
                let score = f64::from(u32::try_from(l.version).unwrap());
                let matched = keqiao_domain::Match { offer: Some(id), ..a_match(1, 2, score, false) };
                let m = standing(matched);
                matches::replace_for_listings(conn, &[id], &[m]).await?;
            }
            cursors::set(conn, "mini", "", change.seq, 1).await?;
        }
        batch.len()
    })
    .unwrap()
}

pub(crate) async fn replay_changes_nothing(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    publish(&store, &(1..=4).map(|n| listing(n, party_id(1))).collect::<Vec<_>>()).await;
    for n in [2, 3, 2, 4, 9] {
        transact!(store, conn => append(conn, n).await?).unwrap();
    }
    let mut changed = listing(3, party_id(1));
    changed.version = 2;
    transact!(store, conn => listings::update(conn, &changed, 1).await?).unwrap();
    assert_eq!(follow(&store).await, 5);
    let conn = &mut store.reader().await.unwrap();
    let kept = matches::page_all(conn, None, 99).await.unwrap();
    let cursor = cursors::get(conn, "mini", "").await.unwrap();
    assert_eq!(kept.iter().map(|s| s.matched.offer.unwrap()).collect::<Vec<_>>(), [2, 3, 4].map(listing_id));
    assert_eq!(follow(&store).await, 0);
    for start in [0, 2, 4] {
        transact!(store, conn => cursors::set(conn, "mini", "", start, 1).await?).unwrap();
        assert!(follow(&store).await > 0);
        assert_eq!(matches::page_all(conn, None, 99).await.unwrap(), kept);
        assert_eq!(cursors::get(conn, "mini", "").await.unwrap(), cursor);
    }
}

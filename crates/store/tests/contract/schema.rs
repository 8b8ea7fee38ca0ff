//! The schema itself: classes, versions, references, snapshots.

use keqiao_domain::{Action, RecordKind};
use keqiao_store::{
    Dialect, OpenError, SCHEMA_VERSION, Store, StoreError, StoreOptions, changes, deliveries, leases, listings,
    matches, meta, parties, privacy,
};

use crate::database::{Database, conflict};
use crate::samples::{at, full_listing, full_party, listing, party, party_id, settle};
use crate::transact;

pub(crate) async fn every_column_has_a_class(db: Database) {
    let store = db.open().await;
    let live = privacy::live_columns(&mut store.reader().await.unwrap()).await.unwrap();
    let mut classified: Vec<(String, String)> =
        privacy::columns().map(|(t, c, _)| (t.to_owned(), c.to_owned())).collect();
    classified.sort();
    assert_eq!(classified, live);
    let secret = privacy::class_of("accounts", "password_hash");
    assert_eq!(secret, Some(privacy::Class::Secret));
    assert_eq!(privacy::class_of("accounts", "shoe_size"), None);
}

pub(crate) async fn a_database_opens_again(db: Database) {
    let store = db.open().await;
    let full = full_party(1);
    let p = full.clone();
    transact!(store, conn => parties::insert(conn, &p).await?).unwrap();
    store.close().await;
    // Two nodes may also start at the same time.
    let (options, again) = (db.options(), db.options());
    let (a, b) = tokio::join!(Store::open(&options), Store::open(&again));
    for store in [a.unwrap(), b.unwrap()] {
        let conn = &mut store.reader().await.unwrap();
        assert_eq!(parties::find(conn, full.id).await.unwrap(), Some(full.clone()));
        let version = meta::get(conn, meta::SCHEMA_VERSION).await.unwrap();
        assert_eq!(version, Some(SCHEMA_VERSION.to_string()));
    }
}

pub(crate) async fn a_newer_database_is_refused(db: Database) {
    let store = db.open().await;
    transact!(store, conn => meta::set(conn, meta::SCHEMA_VERSION, "99").await?).unwrap();
    store.close().await;
    let refused = Store::open(&db.options()).await.unwrap_err();
    assert_eq!(refused, OpenError::Newer { found: 99, known: SCHEMA_VERSION });
    assert!(refused.to_string().contains("99"));
    let (nowhere, missing) = match db.dialect {
        Dialect::Sqlite => (
            format!("sqlite://{}/none/keqiao.db", db.folder.path().display()),
            (|e| matches!(e, OpenError::Folder(_))) as fn(&OpenError) -> bool,
        ),
        Dialect::Postgres => (
            "postgres://nobody@127.0.0.1:1/none".to_owned(),
            (|e| matches!(e, OpenError::Unreachable { .. })) as fn(&OpenError) -> bool,
        ),
    };
    let refused = Store::open(&StoreOptions { url: nowhere, read_connections: 1 }).await.unwrap_err();
    assert!(missing(&refused), "{refused}");
}

pub(crate) async fn a_missing_reference_is_a_conflict(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let orphan = transact!(store, conn => listings::insert(conn, &listing(1, party_id(7))).await?);
    assert_eq!(conflict(orphan), StoreError::REFERENCE);
    let refused = StoreError::Conflict(StoreError::REFERENCE.to_owned());
    assert!(refused.is_conflict_of(StoreError::REFERENCE));
}

pub(crate) async fn a_snapshot_is_whole_while_others_write(db: Database) {
    let store = db.open().await;
    settle(&store, 20).await;
    let path = db.folder.path().join("快照 100% #1.db");
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            for n in 21..=60 {
                transact!(store, conn => parties::insert(conn, &party(n)).await?).unwrap();
            }
        })
    };
    let copied = store.snapshot_to(&path).await;
    writing.await.unwrap();
    copied.unwrap();
    assert!(store.snapshot_to(&path).await.is_err(), "an existing file is left alone");
    let url = format!("sqlite://{}", path.display());
    let copy = Store::open(&StoreOptions { url, read_connections: 1 }).await.unwrap();
    let conn = &mut copy.reader().await.unwrap();
    let there = parties::page_after(conn, None, 99).await.unwrap();
    assert!((20..=60).contains(&there.len()));
    let expected: Vec<_> = (1..).take(there.len()).map(party).collect();
    assert_eq!(there, expected, "all that was committed before some moment, and nothing else");
    assert_eq!(changes::latest(conn).await.unwrap(), 0);
}

/// A copy in a file and back again holds every row, and goes on with fresh numbers.
pub(crate) async fn a_snapshot_fills_an_empty_database(db: Database) {
    let store = db.open().await;
    settle(&store, 3).await;
    let full = full_party(9);
    let (kept, listing) = (full.clone(), full_listing(1, party_id(1)));
    let expected = listing.clone();
    transact!(store, conn => {
        parties::insert(conn, &kept).await?;
        listings::insert(conn, &listing).await?;
        changes::append(conn, at(1), RecordKind::Listing, listing.id.0, Action::Created, None).await?;
        changes::append(conn, at(2), RecordKind::Party, kept.id.0, Action::Updated, None).await?;
        changes::prune_below(conn, 2).await?;
        matches::replace_for_listings(conn, &[], &[]).await?;
        deliveries::enqueue(conn, "k", "mail", &serde_json::json!({"to": "x"}), at(3)).await?;
        leases::acquire(conn, "work", "me", at(1), at(9)).await?;
        meta::set(conn, meta::DAILY_DIGEST, "7").await?;
    })
    .unwrap();
    let path = db.folder.path().join("copy.db");
    store.snapshot_to(&path).await.unwrap();
    let refused = store.fill_from(&path).await;
    assert!(matches!(refused, Err(StoreError::Refused(m)) if m.contains("not empty")));
    let other = db.another().await;
    assert!(other.fill_from(&path).await.unwrap() >= 7);
    let conn = &mut other.reader().await.unwrap();
    assert_eq!(parties::find(conn, full.id).await.unwrap(), Some(full));
    assert_eq!(listings::find(conn, expected.id).await.unwrap(), Some(expected));
    let log = changes::after(conn, 0, 9).await.unwrap();
    assert_eq!(log.iter().map(|c| c.seq).collect::<Vec<_>>(), [2]);
    assert_eq!(meta::get(conn, meta::DAILY_DIGEST).await.unwrap().as_deref(), Some("7"));
    assert_eq!(meta::get(conn, meta::SCHEMA_VERSION).await.unwrap(), Some(SCHEMA_VERSION.to_string()));
    assert_eq!(leases::holder(conn, "work", at(2)).await.unwrap(), None);
    let next = transact!(other, conn => {
        deliveries::enqueue(conn, "l", "mail", &serde_json::json!({}), at(3)).await?;
        changes::append(conn, at(4), RecordKind::Party, party_id(1).0, Action::Updated, None).await?
    });
    assert_eq!(next.unwrap(), 3);
}

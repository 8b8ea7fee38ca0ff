//! Notices, deliveries, followers' places, kept answers, imports.

use keqiao_domain::{AccountId, Action, Change, ImportId, Notice, NoticeBody, NoticeId, RecordKind};
use keqiao_store::cursors::Cursor;
use keqiao_store::idempotency::KeptAnswer;
use keqiao_store::imports::ImportRun;
use keqiao_store::parked::ParkedChange;
use keqiao_store::{Store, accounts, cursors, deliveries, idempotency, imports, leases, meta, notices, parked};
use serde_json::json;

use crate::database::{Database, conflict};
use crate::samples::{account, account_id, at, listing_id, settle, uuid};
use crate::transact;

fn notice(n: u128, account: AccountId, key: &str, seconds: i64) -> Notice {
    Notice {
        id: NoticeId(uuid(n)),
        account,
        body: NoticeBody::MatchFound { listing: listing_id(1), counterpart: listing_id(2), score: 71.3 },
        key: key.to_owned(),
        created_at: at(seconds),
        read_at: None,
        mailed_at: None,
    }
}

async fn give(store: &Store, n: Notice) -> bool {
    transact!(store, conn => notices::insert_unless_key_exists(conn, &n).await?).unwrap()
}

pub(crate) async fn a_notice_of_one_key_is_given_once(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let (me, you) = (account_id(1), account_id(2));
    assert!(give(&store, notice(1, me, "k", 5)).await);
    assert!(!give(&store, notice(2, me, "k", 6)).await);
    assert!(give(&store, notice(3, you, "k", 5)).await);
    assert!(give(&store, notice(4, me, "l", 5)).await);
    assert!(give(&store, notice(5, me, "m", 5)).await);
    let conn = &mut store.reader().await.unwrap();
    let page = notices::page_of(conn, me, None, 2).await.unwrap();
    assert_eq!(page, [notice(5, me, "m", 5), notice(4, me, "l", 5)]);
    let after = Some((at(5), NoticeId(uuid(4))));
    assert_eq!(notices::page_of(conn, me, after, 9).await.unwrap(), [notice(1, me, "k", 5)]);
    assert_eq!(notices::unread_count(conn, me).await.unwrap(), 3);
    // Somebody else's notice is not marked, whatever ids are named.
    let named = [NoticeId(uuid(1)), NoticeId(uuid(3))];
    let marked = transact!(store, conn => notices::mark_read(conn, me, Some(&named), at(7)).await?);
    assert_eq!(marked.unwrap(), 1);
    assert_eq!(notices::unread_count(conn, me).await.unwrap(), 2);
    assert_eq!(notices::unread_count(conn, you).await.unwrap(), 1);
    assert_eq!(transact!(store, conn => notices::mark_read(conn, me, Some(&[]), at(8)).await?), Ok(0));
    assert_eq!(transact!(store, conn => notices::mark_read(conn, me, None, at(8)).await?), Ok(2));
    // Several at once: what its account has had is left out, and the others are given.
    let several = [notice(6, me, "k", 9), notice(7, you, "n", 9), notice(8, me, "n", 9)];
    transact!(store, conn => notices::insert_unless_keys_exist(conn, &several).await?).unwrap();
    transact!(store, conn => notices::insert_unless_keys_exist(conn, &[]).await?).unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(notices::page_of(conn, me, None, 1).await.unwrap(), [notice(8, me, "n", 9)]);
    assert_eq!(notices::page_of(conn, you, None, 9).await.unwrap(), [notice(7, you, "n", 9), notice(3, you, "k", 5)]);
}

pub(crate) async fn the_daily_mail_takes_what_is_unread(db: Database) {
    let store = db.open().await;
    settle(&store, 4).await;
    let mut silent = account(3);
    silent.daily_mail = false;
    let mut disabled = account(4);
    disabled.disabled_at = Some(at(0));
    transact!(store, conn => {
        accounts::update(conn, &silent, 1).await?;
        accounts::update(conn, &disabled, 1).await?;
    })
    .unwrap();
    for n in 1..=4 {
        give(&store, notice(n, account_id(n), "a", 1)).await;
    }
    give(&store, notice(5, account_id(1), "b", 2)).await;
    give(&store, notice(6, account_id(1), "late", 9)).await;
    give(&store, notice(7, account_id(2), "read", 1)).await;
    let read = [NoticeId(uuid(7))];
    transact!(store, conn => notices::mark_read(conn, account_id(2), Some(&read), at(2)).await?).unwrap();
    let conn = &mut store.reader().await.unwrap();
    let due = notices::unmailed(conn, at(9), 9).await.unwrap();
    let of_one = vec![notice(1, account_id(1), "a", 1), notice(5, account_id(1), "b", 2)];
    let of_two = vec![notice(2, account_id(2), "a", 1)];
    assert_eq!(due, [(account_id(1), of_one.clone()), (account_id(2), of_two)]);
    assert_eq!(notices::unmailed(conn, at(9), 1).await.unwrap(), [(account_id(1), of_one)]);
    let sent = [NoticeId(uuid(1)), NoticeId(uuid(5))];
    let marked = transact!(store, conn => notices::mark_mailed(conn, &sent, at(9)).await?);
    assert_eq!(marked.unwrap(), 2);
    assert_eq!(transact!(store, conn => notices::mark_mailed(conn, &sent, at(9)).await?), Ok(0));
    let due = notices::unmailed(conn, at(9), 9).await.unwrap();
    assert_eq!(due.iter().map(|d| d.0).collect::<Vec<_>>(), [account_id(2)]);
}

pub(crate) async fn deliveries_are_claimed_leased_and_tried_again(db: Database) {
    let store = db.open().await;
    let payload = json!({"to": "a@example.org", "text": "你好"});
    for (key, new) in [("a", true), ("b", true), ("a", false)] {
        let p = payload.clone();
        let enqueued = transact!(store, conn => deliveries::enqueue(conn, key, "mail", &p, at(0)).await?);
        assert_eq!(enqueued, Ok(new));
    }
    let claim = async |worker: &'static str, until, now| {
        transact!(store, conn => deliveries::claim(conn, worker, at(until), at(now), 9).await?).unwrap()
    };
    let both = claim("one", 60, 0).await;
    assert_eq!(both.iter().map(|d| d.key.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((both[0].payload.clone(), both[0].attempts), (payload, 1));
    assert!(claim("two", 60, 59).await.is_empty(), "the lease holds");
    let (a, b) = (both[0].id, both[1].id);
    assert_eq!(transact!(store, conn => deliveries::succeed(conn, a, at(1)).await?), Ok(true));
    assert_eq!(transact!(store, conn => deliveries::succeed(conn, a, at(1)).await?), Ok(false));
    assert_eq!(transact!(store, conn => deliveries::fail(conn, b, "no answer", at(30)).await?), Ok(true));
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(deliveries::open(conn).await.unwrap(), (1, Some("no answer".to_owned())));
    assert!(claim("two", 90, 29).await.is_empty(), "not before its time");
    let again = claim("two", 90, 30).await;
    assert_eq!((again[0].id, again[0].attempts), (b, 2));
    let abandoned = claim("one", 120, 90).await;
    assert_eq!(abandoned[0].attempts, 3, "a lease that ran out frees it");
    assert_eq!(transact!(store, conn => deliveries::delete_sent_before(conn, at(2)).await?), Ok(1));
    assert_eq!(deliveries::open(conn).await.unwrap().0, 1);
}

pub(crate) async fn a_lease_has_one_holder(db: Database) {
    let store = db.open().await;
    let acquire = async |holder: &'static str, now, until| {
        transact!(store, conn => leases::acquire(conn, "digest", holder, at(now), at(until)).await?).unwrap()
    };
    assert!(acquire("a", 0, 10).await);
    assert!(!acquire("b", 9, 20).await);
    assert!(acquire("a", 9, 15).await, "its holder prolongs it");
    assert!(acquire("b", 15, 20).await, "it ran out");
    assert_eq!(transact!(store, conn => leases::release(conn, "digest", "a").await?), Ok(false));
    assert_eq!(transact!(store, conn => leases::release(conn, "digest", "b").await?), Ok(true));
    assert!(acquire("a", 16, 17).await);
    transact!(store, conn => leases::release_all(conn, "b").await?).unwrap();
    assert!(!acquire("b", 16, 17).await, "what another has stays");
    transact!(store, conn => leases::release_all(conn, "a").await?).unwrap();
    assert!(acquire("b", 16, 17).await);
}

pub(crate) async fn cursors_and_parked_changes_round_trip(db: Database) {
    let store = db.open().await;
    let change = |seq| Change {
        seq,
        at: at(0),
        record: RecordKind::Listing,
        id: uuid(1),
        action: Action::Moved,
        actor: Some(account_id(1)),
    };
    let parked_change = move |seq, error: &str| ParkedChange {
        follower: "index".to_owned(),
        node: "n1".to_owned(),
        change: change(seq),
        error: error.to_owned(),
        at: at(3),
    };
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(cursors::get(conn, "index", "n1").await.unwrap(), None);
    assert_eq!(cursors::lowest(conn).await.unwrap(), None);
    transact!(store, conn => {
        cursors::set(conn, "index", "n1", 4, 1).await?;
        cursors::set(conn, "index", "n1", 5, 2).await?;
        cursors::set(conn, "index", "n2", 3, 2).await?;
        parked::insert(conn, &parked_change(8, "one")).await?;
        parked::insert(conn, &parked_change(7, "two")).await?;
        parked::insert(conn, &parked_change(8, "three")).await?;
        meta::set(conn, "k", "v").await?;
        meta::set(conn, "k", "w").await?;
    })
    .unwrap();
    let cursor = cursors::get(conn, "index", "n1").await.unwrap();
    assert_eq!(cursor, Some(Cursor { seq: 5, version: 2 }));
    assert_eq!(cursors::lowest(conn).await.unwrap(), Some(3));
    let list = parked::list(conn, 9).await.unwrap();
    assert_eq!(list, [parked_change(7, "two"), parked_change(8, "three")]);
    assert_eq!(parked::count(conn).await.unwrap(), 2);
    assert_eq!(transact!(store, conn => parked::remove(conn, "index", "n1", 7).await?), Ok(true));
    assert_eq!(transact!(store, conn => parked::remove(conn, "index", "n1", 7).await?), Ok(false));
    assert_eq!(meta::get(conn, "k").await.unwrap().as_deref(), Some("w"));
    assert_eq!(meta::get(conn, "none").await.unwrap(), None);
}

pub(crate) async fn an_answer_is_kept_by_its_key(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let answer = KeptAnswer { request_hash: "h".to_owned(), status: 201, body: "{\"id\":1}".to_owned() };
    let keep = async |n| {
        let a = answer.clone();
        transact!(store, conn => idempotency::insert(conn, account_id(n), "key", &a, at(5)).await?)
    };
    keep(1).await.unwrap();
    keep(2).await.unwrap();
    assert_eq!(conflict(keep(1).await), "idempotency.account_id+key");
    let conn = &mut store.reader().await.unwrap();
    let kept = idempotency::find(conn, account_id(1), "key").await.unwrap();
    assert_eq!(kept, Some(answer));
    assert_eq!(idempotency::find(conn, account_id(1), "other").await.unwrap(), None);
    assert_eq!(transact!(store, conn => idempotency::delete_before(conn, at(5)).await?), Ok(0));
    assert_eq!(transact!(store, conn => idempotency::delete_before(conn, at(6)).await?), Ok(2));
}

pub(crate) async fn an_import_reports_its_progress(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let run = |n, seconds| ImportRun {
        id: ImportId(uuid(n)),
        account: account_id(1),
        what: "listings".to_owned(),
        state: "running".to_owned(),
        total: 10_000,
        done: 0,
        created: 0,
        updated: 0,
        failed: 0,
        report: json!([]),
        blob: Some("imports/1".to_owned()),
        mapping: json!({"标题": "title"}),
        created_at: at(seconds),
        finished_at: None,
    };
    let mut first = run(1, 1);
    let (a, b) = (first.clone(), run(2, 1));
    transact!(store, conn => {
        imports::insert(conn, &a).await?;
        imports::insert(conn, &b).await?;
    })
    .unwrap();
    first.state = "done".to_owned();
    (first.done, first.created, first.updated, first.failed) = (10_000, 9_000, 900, 100);
    first.report = json!([{"row": 7, "column": "价格", "reason": "不是数字"}]);
    first.finished_at = Some(at(9));
    let a = first.clone();
    assert_eq!(transact!(store, conn => imports::update_progress(conn, &a).await?), Ok(true));
    assert_eq!(transact!(store, conn => imports::update_progress(conn, &run(3, 1)).await?), Ok(false));
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(imports::find(conn, first.id).await.unwrap(), Some(first.clone()));
    let all = imports::of_account(conn, account_id(1), 9).await.unwrap();
    assert_eq!(all, [run(2, 1), first]);
    assert_eq!(imports::in_state(conn, "running", 9).await.unwrap(), [run(2, 1)]);
}

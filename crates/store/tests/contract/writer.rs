//! The one writer: what shares a commit, and what happens when something goes wrong.

use std::time::Duration;

use keqiao_domain::{Action, RecordKind};
use keqiao_store::{Conn, Dialect, Store, StoreError, changes, parties};
use sqlx::{Connection as _, Executor as _};

use crate::database::{Database, conflict};
use crate::samples::{at, full_party, party, party_id, settle, uuid};
use crate::transact;

/// Names and changes something, as a use case does.
async fn create(conn: &mut Conn, n: u128) -> Result<i64, StoreError> {
    parties::insert(conn, &party(n)).await?;
    changes::append(conn, at(0), RecordKind::Party, uuid(n), Action::Created, None).await
}

async fn count(store: &Store) -> i64 {
    parties::count(&mut store.reader().await.unwrap()).await.unwrap()
}

pub(crate) async fn many_writers_lose_nothing(db: Database) {
    let store = db.open().await;
    let tasks: Vec<_> = (0..16)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                for i in 0..20 {
                    let n = 1 + task * 20 + i;
                    transact!(store, conn => create(conn, n).await?).unwrap();
                    // What was acknowledged can be read at once.
                    let conn = &mut store.reader().await.unwrap();
                    assert!(parties::find(conn, party_id(n)).await.unwrap().is_some());
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(count(&store).await, 320);
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(changes::after(conn, 0, 999).await.unwrap().len(), 320);
}

/// Holds the writer up, so that what comes meanwhile shares the next commit.
fn hold_up(store: &Store) -> tokio::task::JoinHandle<()> {
    let store = store.clone();
    tokio::spawn(async move {
        transact!(store, _conn => tokio::time::sleep(Duration::from_millis(200)).await).unwrap();
    })
}

pub(crate) async fn a_failing_job_harms_no_neighbour(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let hold = hold_up(&store);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let tasks: Vec<_> = (2..=9)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                transact!(store, conn => {
                    create(conn, n).await?;
                    if n % 2 == 0 {
                        // There is one already: what this job wrote before is undone.
                        create(conn, 1).await?;
                    }
                })
            })
        })
        .collect();
    hold.await.unwrap();
    for (n, task) in (2..=9).zip(tasks) {
        let answer = task.await.unwrap();
        if n % 2 == 0 {
            assert_eq!(conflict(answer), "parties.id");
        } else {
            answer.unwrap();
        }
    }
    let conn = &mut store.reader().await.unwrap();
    let there: Vec<_> = parties::page_after(conn, None, 99).await.unwrap();
    let there: Vec<_> = there.iter().map(|p| p.id).collect();
    assert_eq!(there, [1, 3, 5, 7, 9].map(party_id));
    assert_eq!(changes::after(conn, 0, 99).await.unwrap().len(), 4);
}

pub(crate) async fn a_panic_is_an_answer(db: Database) {
    let store = db.open().await;
    let hold = hold_up(&store);
    let neighbour = {
        let store = store.clone();
        tokio::spawn(async move { transact!(store, conn => create(conn, 2).await?) })
    };
    let answer = store
        .write(|conn| {
            Box::pin(async move {
                create(conn, 1).await?;
                if parties::count(conn).await? > 0 {
                    panic!("this test means to panic");
                }
                Ok::<_, StoreError>(())
            })
        })
        .await;
    assert!(matches!(answer, Err(StoreError::Internal(_))));
    hold.await.unwrap();
    neighbour.await.unwrap().unwrap();
    transact!(store, conn => create(conn, 3).await?).unwrap();
    assert_eq!(count(&store).await, 2);
}

pub(crate) async fn an_error_that_is_swallowed_still_undoes_the_job(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let answer = transact!(store, conn => {
        create(conn, 2).await?;
        let twice = parties::insert(conn, &party(1)).await;
        assert!(twice.is_err());
        // Both engines refuse to go on after an error.
        let third = create(conn, 3).await;
        assert_eq!(third.unwrap_err(), twice.unwrap_err());
    });
    assert_eq!(conflict(answer), "parties.id");
    assert_eq!(count(&store).await, 1);
}

pub(crate) async fn an_attempt_undoes_only_itself(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let answers = transact!(store, conn => {
        let mut answers = Vec::new();
        for n in [2, 1, 3] {
            let row = conn.attempt(|conn| Box::pin(async move {
                parties::insert(conn, &full_party(n + 100)).await?;
                let mut bare = full_party(n + 100);
                bare.external_id = None;
                bare.uscc = None;
                bare.orcid = None;
                parties::update(conn, &bare, 3).await?;
                create(conn, n).await
            })).await;
            answers.push(row.map(drop));
        }
        answers
    })
    .unwrap();
    let refused = Err(StoreError::Conflict("parties.id".to_owned()));
    assert_eq!(answers, [Ok(()), refused, Ok(())]);
    let conn = &mut store.reader().await.unwrap();
    let there: Vec<_> = parties::page_after(conn, None, 99).await.unwrap();
    let there: Vec<_> = there.iter().map(|p| p.id).collect();
    assert_eq!(there, [1, 2, 3, 102, 103].map(party_id));
}

pub(crate) async fn a_caller_that_goes_away_stops_nothing(db: Database) {
    let store = db.open().await;
    let caller = {
        let store = store.clone();
        tokio::spawn(async move {
            transact!(store, conn => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                create(conn, 1).await?
            })
        })
    };
    tokio::time::sleep(Duration::from_millis(30)).await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    transact!(store, conn => create(conn, 2).await?).unwrap();
    assert_eq!(count(&store).await, 2);
}

pub(crate) async fn the_writer_outlives_a_disturbance(db: Database) {
    let store = db.open().await;
    transact!(store, conn => create(conn, 1).await?).unwrap();
    let mut other = db.raw().await;
    match db.dialect {
        // The server ends every other connection of this schema, in the middle of a transaction.
        Dialect::Postgres => {
            let cut_off = {
                let store = store.clone();
                tokio::spawn(async move {
                    transact!(store, conn => {
                        create(conn, 2).await?;
                        tokio::time::sleep(Duration::from_millis(400)).await;
                        create(conn, 3).await?;
                    })
                })
            };
            tokio::time::sleep(Duration::from_millis(100)).await;
            let end = "SELECT COUNT(pg_terminate_backend(a.pid)) FROM pg_stat_activity a \
                JOIN pg_locks l ON l.pid = a.pid JOIN pg_class c ON c.oid = l.relation \
                WHERE c.oid = to_regclass('changes') AND a.pid <> pg_backend_pid()";
            other.execute(end).await.unwrap();
            let answer = cut_off.await.unwrap();
            assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
        }
        // Another process holds the file for a while.
        Dialect::Sqlite => {
            other.execute("BEGIN IMMEDIATE").await.unwrap();
            let waiting = {
                let store = store.clone();
                tokio::spawn(async move { transact!(store, conn => create(conn, 4).await?) })
            };
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(!waiting.is_finished());
            other.execute("ROLLBACK").await.unwrap();
            waiting.await.unwrap().unwrap();
        }
    }
    other.close().await.unwrap();
    transact!(store, conn => create(conn, 5).await?).unwrap();
    let expected = if db.dialect == Dialect::Postgres { 2 } else { 3 };
    assert_eq!(count(&store).await, expected);
}

pub(crate) async fn a_reader_cannot_write(db: Database) {
    let store = db.open().await;
    let conn = &mut store.reader().await.unwrap();
    let refused = parties::insert(conn, &party(1)).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert_eq!(parties::count(conn).await.unwrap(), 0);
}

pub(crate) async fn a_closed_store_says_so(db: Database) {
    let store = db.open().await;
    let last = {
        let store = store.clone();
        tokio::spawn(async move {
            transact!(store, conn => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                create(conn, 1).await?
            })
        })
    };
    tokio::time::sleep(Duration::from_millis(30)).await;
    store.close().await;
    last.await.unwrap().expect("what waited was finished");
    let late = transact!(store, conn => create(conn, 2).await?);
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    assert!(matches!(store.reader().await, Err(StoreError::Unavailable(_))));
    store.close().await;
    assert_eq!(count(&db.open().await).await, 1);
}

pub(crate) async fn followers_wake_after_the_commit(db: Database) {
    let store = db.open().await;
    let mut committed = store.committed();
    let follower = {
        let store = store.clone();
        tokio::spawn(async move {
            committed.changed().await.unwrap();
            let seq = *committed.borrow_and_update();
            let conn = &mut store.reader().await.unwrap();
            let there = changes::after(conn, 0, 9).await.unwrap();
            assert_eq!(there.last().unwrap().seq, seq);
            seq
        })
    };
    let seq = transact!(store, conn => create(conn, 1).await?).unwrap();
    assert_eq!(tokio::time::timeout(Duration::from_secs(5), follower).await.unwrap().unwrap(), seq);
    assert_eq!(store.latest_seq(), seq);
    // What changes nothing wakes nobody.
    let quiet = store.committed();
    transact!(store, conn => parties::count(conn).await?).unwrap();
    assert!(!quiet.has_changed().unwrap());
}

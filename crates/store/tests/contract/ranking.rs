//! What people did with matches, weights, and trials.

use keqiao_domain::{
    ListingId, RankingTrial, RankingTrialId, Showing, ShowingId, ShownMatch, Side, Team, WeightUse, WeightVersion,
    WeightVersionId,
};
use keqiao_store::{Store, StoreError, ranking_trials, showings, weight_versions};

use crate::database::{Database, conflict};
use crate::samples::{account_id, at, listing_id, uuid};
use crate::transact;

fn showing(n: u128, trial: Option<RankingTrialId>) -> Showing {
    let row = |k: u128| ShownMatch {
        listing: listing_id(k),
        features: vec![0.5, 1.0 / 3.0, 0.0],
        team: trial.map(|_| if k.is_multiple_of(2) { Team::One } else { Team::Other }),
    };
    Showing {
        id: ShowingId(uuid(n)),
        asking: n.is_multiple_of(2).then(|| listing_id(99)),
        side: Side::Need,
        kind: "chip".to_owned(),
        weights: None,
        trial,
        at: at(n as i64),
        rows: (1..4).map(row).collect(),
    }
}

async fn all(store: &Store) -> Vec<(u128, Vec<ListingId>)> {
    let conn = &mut store.reader().await.unwrap();
    let mut out = Vec::new();
    let mut after = None;
    loop {
        let page = showings::page(conn, None, after, 2).await.unwrap();
        let Some((last, _)) = page.last() else { return out };
        after = Some(last.id);
        out.extend(page.into_iter().map(|(s, opens)| (s.id.0.as_u128() & 0xffff, opens)));
    }
}

pub(crate) async fn lists_that_were_shown_are_kept_within_bounds(db: Database) {
    let store = db.open().await;
    let trial = RankingTrialId(uuid(7));
    transact!(store, conn => {
        for n in 1..=5 {
            showings::insert(conn, &showing(n, (n == 3).then_some(trial))).await?;
        }
        // Twice is once, and a list that is not there is nothing.
        for (list, row) in [(2, 1), (2, 1), (2, 3), (4, 2), (77, 1)] {
            showings::open(conn, ShowingId(uuid(list)), listing_id(row), at(50)).await?;
        }
    })
    .unwrap();
    let opened = |rows: &[u128]| rows.iter().map(|n| listing_id(*n)).collect::<Vec<_>>();
    let expected = [(1, opened(&[])), (2, opened(&[1, 3])), (3, opened(&[])), (4, opened(&[2])), (5, opened(&[]))];
    assert_eq!(all(&store).await, expected);
    let conn = &mut store.reader().await.unwrap();
    let of_trial = showings::page(conn, Some(trial), None, 9).await.unwrap();
    assert_eq!(of_trial, [(showing(3, Some(trial)), Vec::new())]);
    let latest = showings::latest(conn, 2).await.unwrap();
    assert_eq!(latest, [(showing(5, None), Vec::new()), (showing(4, None), opened(&[2]))]);
    // The oldest go: by their time, and by their number.
    let gone = transact!(store, conn => showings::prune(conn, at(2), 2).await?).unwrap();
    assert_eq!(gone, 3);
    assert_eq!(all(&store).await, [(4, opened(&[2])), (5, opened(&[]))]);
    assert_eq!(showings::count(&mut store.reader().await.unwrap()).await.unwrap(), 2);
}

pub(crate) async fn weights_are_used_from_a_moment_on(db: Database) {
    let store = db.open().await;
    let version = |n: u128| WeightVersion {
        id: WeightVersionId(uuid(n)),
        made_at: at(n as i64),
        made_by: (n == 2).then(|| account_id(1)),
        weights: format!("{{\"n\":{n}}}"),
        report: "{}".to_owned(),
    };
    let uses = |n: Option<u128>, since| WeightUse {
        since: at(since),
        version: n.map(|n| WeightVersionId(uuid(n))),
        by: Some(account_id(1)),
    };
    transact!(store, conn => {
        for n in 1..=2 {
            weight_versions::insert(conn, &version(n)).await?;
        }
        weight_versions::begin_use(conn, &uses(Some(1), 10)).await?;
        weight_versions::begin_use(conn, &uses(Some(2), 20)).await?;
        // A clock that went back does not undo it.
        weight_versions::begin_use(conn, &uses(None, 5)).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(weight_versions::latest(conn, 9).await.unwrap(), [version(2), version(1)]);
    assert_eq!(weight_versions::find(conn, WeightVersionId(uuid(1))).await.unwrap(), Some(version(1)));
    let used = weight_versions::uses(conn, 9).await.unwrap();
    assert_eq!(
        used.iter().map(|u| u.version).collect::<Vec<_>>(),
        [None, uses(Some(2), 0).version, uses(Some(1), 0).version]
    );
    // Of what was never used the latest are kept.
    transact!(store, conn => {
        for n in 3..=5 {
            weight_versions::insert(conn, &version(n)).await?;
        }
        weight_versions::prune(conn, 1).await?;
    })
    .unwrap();
    let left = weight_versions::latest(&mut store.reader().await.unwrap(), 9).await.unwrap();
    assert_eq!(left, [version(5), version(2), version(1)]);
    let missing = transact!(store, conn => weight_versions::begin_use(conn, &uses(Some(9), 30)).await?);
    assert_eq!(conflict(missing), StoreError::REFERENCE);
}

pub(crate) async fn one_trial_goes_on_at_a_time(db: Database) {
    let store = db.open().await;
    let trial = |n: u128| RankingTrial {
        id: RankingTrialId(uuid(n)),
        one: None,
        other: None,
        started_at: at(n as i64),
        ended_at: None,
        by: account_id(1),
    };
    transact!(store, conn => {
        ranking_trials::begin(conn, &trial(1)).await?;
        ranking_trials::begin(conn, &trial(2)).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    let ended = RankingTrial { ended_at: Some(at(2)), ..trial(1) };
    assert_eq!(ranking_trials::latest(conn, 9).await.unwrap(), [trial(2), ended]);
    assert_eq!(ranking_trials::running(conn).await.unwrap(), Some(trial(2)));
    assert_eq!(ranking_trials::find(conn, RankingTrialId(uuid(1))).await.unwrap(), Some(ended));
    assert!(transact!(store, conn => ranking_trials::end(conn, at(9)).await?).unwrap());
    assert!(!transact!(store, conn => ranking_trials::end(conn, at(9)).await?).unwrap());
    assert_eq!(ranking_trials::running(&mut store.reader().await.unwrap()).await.unwrap(), None);
}

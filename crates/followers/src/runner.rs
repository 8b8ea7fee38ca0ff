//! The runner: reads changes after a follower's cursor and hands them over in batches.

use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use keqiao_domain::Change;
use keqiao_store::{Store, StoreError, changes, leases, parked};
use tokio::sync::watch;
use tokio::time::Instant;

/// Changes in one batch.
const BATCH: i64 = 500;
/// Least and longest rest after a batch that was not full, so that changes which come close together share the next:
/// a commit of the index costs about the same for one change as for a hundred.
const GATHER: Duration = Duration::from_millis(100);
const LONGEST_GATHER: Duration = Duration::from_secs(1);
/// How many times as long as a batch took is rested after it: those who write want the processors too.
const RESTS: u32 = 2;
/// How long to wait for news of other nodes, and after a failure.
const POLL: Duration = Duration::from_millis(500);

/// Why a batch was not applied.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FollowError {
    /// The store or the index cannot be used now; the same batch is tried again.
    #[error("try again: {0}")]
    TryAgain(String),
    /// A change that cannot be digested; it is parked.
    #[error("cannot be digested: {0}")]
    Poison(String),
}

impl From<StoreError> for FollowError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(why) => Self::TryAgain(why),
            other => Self::Poison(other.to_string()),
        }
    }
}

/// Something that follows the change log. It re-reads current state by id, so
/// that replay is harmless, and keeps its cursor with what it derives.
#[async_trait]
pub trait Follower: Send + Sync {
    /// Its name in parked changes, logs and metrics.
    fn name(&self) -> &'static str;
    /// The node whose copy this is; empty for one that all nodes share.
    fn node(&self) -> &str;
    /// The last change it has digested.
    async fn cursor(&self) -> Result<i64, FollowError>;
    /// The last change it may read now; `None`: all there are.
    fn horizon(&self) -> Option<i64> {
        None
    }
    /// Digests changes and moves the cursor to `upto`, in one commit.
    async fn apply(&self, batch: &[Change], upto: i64) -> Result<(), FollowError>;
    /// Does a piece of what no change asks for, when all are digested; whether there was any.
    async fn tend(&self) -> Result<bool, FollowError> {
        Ok(false)
    }
}

/// Applies one batch, or where there is none does a piece of other work, which counts as one change; 0: there is
/// nothing to do.
async fn turn(store: &Store, follower: &dyn Follower) -> Result<usize, FollowError> {
    match step(store, follower).await? {
        0 => Ok(usize::from(follower.tend().await?)),
        read => Ok(read),
    }
}

/// Applies one batch; gives how many changes were read.
async fn step(store: &Store, follower: &dyn Follower) -> Result<usize, FollowError> {
    let cursor = follower.cursor().await?;
    let mut db = store.reader().await?;
    let mut batch = changes::after(&mut db, cursor, BATCH).await?;
    drop(db);
    if let Some(horizon) = follower.horizon() {
        batch.retain(|c| c.seq <= horizon);
    }
    let Some(last) = batch.last().map(|c| c.seq) else { return Ok(0) };
    match follower.apply(&batch, last).await {
        Ok(()) => {}
        Err(FollowError::TryAgain(why)) => return Err(FollowError::TryAgain(why)),
        Err(FollowError::Poison(_)) => one_by_one(store, follower, &batch).await?,
    }
    metrics::counter!("keqiao_follower_changes_total", "follower" => follower.name()).increment(batch.len() as u64);
    metrics::gauge!("keqiao_follower_cursor", "follower" => follower.name()).set(last as f64);
    Ok(batch.len())
}

/// A batch with a change that cannot be digested: each alone, and that one parked.
async fn one_by_one(store: &Store, follower: &dyn Follower, batch: &[Change]) -> Result<(), FollowError> {
    for change in batch {
        match follower.apply(std::slice::from_ref(change), change.seq).await {
            Ok(()) => {}
            Err(FollowError::TryAgain(why)) => return Err(FollowError::TryAgain(why)),
            Err(FollowError::Poison(why)) => {
                tracing::error!(follower = follower.name(), seq = change.seq, %why, "a change was parked");
                park(store, follower, change, why).await?;
                follower.apply(&[], change.seq).await?;
            }
        }
    }
    Ok(())
}

async fn park(store: &Store, follower: &dyn Follower, change: &Change, error: String) -> Result<(), FollowError> {
    let row = parked::ParkedChange {
        follower: follower.name().to_owned(),
        node: follower.node().to_owned(),
        change: change.clone(),
        error,
        at: change.at,
    };
    store
        .write::<_, StoreError, _>(move |tx| Box::pin(async move { parked::insert(tx, &row).await.map(drop) }))
        .await?;
    Ok(())
}

/// Follows until there is nothing left to read; for command lines and tests.
///
/// # Errors
/// `TryAgain` when store or index cannot be used.
pub fn catch_up<'a>(store: &'a Store, follower: &'a dyn Follower) -> BoxFuture<'a, Result<(), FollowError>> {
    async move {
        while turn(store, follower).await? > 0 {}
        Ok(())
    }
    .boxed()
}

/// Gives back what a node alone might do, so that the next need not wait until it runs out.
///
/// # Errors
/// When the store refuses.
pub async fn give_back(store: &Store, node: &str) -> Result<(), FollowError> {
    let node = node.to_owned();
    let work = store.write::<_, StoreError, _>(move |tx| Box::pin(async move { leases::release_all(tx, &node).await }));
    Ok(work.await?)
}

/// Follows until told to stop.
pub fn run(store: Store, follower: Box<dyn Follower>, stop: watch::Receiver<bool>) -> BoxFuture<'static, ()> {
    follow(store, follower, stop).boxed()
}

async fn follow(store: Store, follower: Box<dyn Follower>, mut stop: watch::Receiver<bool>) {
    let mut committed = store.committed();
    // Why it waits is said once, not every half second: with several nodes all but one wait for ever.
    let mut said = String::new();
    while !*stop.borrow() {
        committed.mark_unchanged();
        let began = Instant::now();
        let done = turn(&store, &*follower).await;
        if done.is_ok() {
            said.clear();
        }
        match done {
            Ok(n) if n >= BATCH as usize => continue,
            Ok(0) => {}
            Ok(_) => {
                tokio::time::sleep((RESTS * began.elapsed()).clamp(GATHER, LONGEST_GATHER)).await;
                continue;
            }
            Err(error) => {
                let why = error.to_string();
                if why != said {
                    tracing::warn!(follower = follower.name(), %error, "a follower waits and tries again");
                    said = why;
                }
                tokio::time::sleep(POLL).await;
                continue;
            }
        }
        tokio::select! {
            _ = committed.changed() => {}
            () = tokio::time::sleep(POLL) => {}
            _ = stop.changed() => {}
        }
    }
}

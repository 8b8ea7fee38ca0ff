//! The follower that keeps this node's search index.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use keqiao_domain::Change;
use keqiao_search::{SearchError, SearchIndex};
use keqiao_store::Store;
use tokio::sync::watch;

use crate::documents::ops_of;
use crate::runner::{FollowError, Follower};

/// Keeps the search index. Its cursor is the payload of the index's commit.
pub struct IndexFollower {
    store: Store,
    index: Arc<SearchIndex>,
    node: String,
}

impl IndexFollower {
    /// The follower of one node's index.
    #[must_use]
    pub fn new(store: Store, index: Arc<SearchIndex>, node: String) -> Self {
        Self { store, index, node }
    }
}

/// How often it is looked whether the texts would teach another model of meaning.
const LOOK: Duration = Duration::from_secs(20);
/// Rest after teaching: what changes often is not learned at once.
const REST: Duration = Duration::from_secs(300);

/// Teaches the index's model of meaning beside everything else, until told to stop. What fails is tried again.
pub fn keep_taught(index: Arc<SearchIndex>, stop: watch::Receiver<bool>) -> BoxFuture<'static, ()> {
    teach(index, stop).boxed()
}

async fn teach(index: Arc<SearchIndex>, mut stop: watch::Receiver<bool>) {
    let mut pause = Duration::from_secs(1);
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => continue,
        }
        pause = LOOK;
        if !index.has_news_to_learn() {
            continue;
        }
        let teacher = index.clone();
        match tokio::task::spawn_blocking(move || teacher.teach()).await {
            Ok(Ok(false)) => {}
            Ok(Ok(true)) => pause = REST,
            Ok(Err(error)) => tracing::warn!(%error, "the model of meaning could not be taught"),
            Err(error) => tracing::error!(%error, "the model of meaning could not be taught"),
        }
    }
}

impl From<SearchError> for FollowError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Record(why) => Self::Poison(why.to_string()),
            other => Self::TryAgain(other.to_string()),
        }
    }
}

#[async_trait::async_trait]
impl Follower for IndexFollower {
    fn name(&self) -> &'static str {
        "index"
    }
    fn node(&self) -> &str {
        &self.node
    }
    async fn cursor(&self) -> Result<i64, FollowError> {
        Ok(self.index.cursor())
    }
    async fn apply(&self, batch: &[Change], upto: i64) -> Result<(), FollowError> {
        let mut db = self.store.reader().await?;
        let ops = ops_of(&mut db, batch).await?;
        drop(db);
        let index = self.index.clone();
        tokio::task::spawn_blocking(move || index.apply(ops, upto))
            .await
            .map_err(|e| FollowError::TryAgain(e.to_string()))??;
        Ok(())
    }
}

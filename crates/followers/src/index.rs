//! The follower that keeps this node's search index.

use std::sync::Arc;

use keqiao_domain::Change;
use keqiao_search::{SearchError, SearchIndex};
use keqiao_store::Store;

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

impl From<SearchError> for FollowError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Record(why) => Self::Poison(why.to_string()),
            other => Self::TryAgain(other.to_string()),
        }
    }
}

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

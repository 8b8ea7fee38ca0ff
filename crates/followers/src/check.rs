//! Comparing the index with the store, and making it anew.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use keqiao_catalog::Catalog;
use keqiao_domain::RecordId;
use keqiao_search::{IndexOp, SearchIndex, swap};
use keqiao_store::{Conn, Store, changes, listings, parties};
use keqiao_text::Text;
use tokio::sync::mpsc;

use crate::documents::{listing_docs, party_doc};
use crate::runner::FollowError;

/// Rows read at once.
const PAGE: i64 = 1_000;

/// One way in which the index is not what the store says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The store has it, the index does not.
    Missing(RecordId),
    /// The index has it, the store does not.
    Surplus(RecordId),
    /// The index has another version of it.
    Version {
        /// The record.
        id: RecordId,
        /// The store's version.
        store: i64,
        /// The index's version.
        index: i64,
    },
}

/// Everything the store holds that is indexed: id and version.
async fn stored(store: &Store) -> Result<HashMap<RecordId, i64>, FollowError> {
    let mut db = store.reader().await?;
    let mut all = HashMap::new();
    let mut after = None;
    loop {
        let rows = parties::page_after(&mut db, after, PAGE).await?;
        all.extend(rows.iter().map(|p| (p.id.0, p.version)));
        match rows.last() {
            Some(last) => after = Some(last.id),
            None => break,
        }
    }
    let mut after = None;
    loop {
        let rows = listings::page_all(&mut db, after, PAGE).await?;
        all.extend(rows.iter().map(|l| (l.id.0, l.version)));
        match rows.last() {
            Some(last) => after = Some(last.id),
            None => return Ok(all),
        }
    }
}

/// What differs between index and store, in order; nothing when they agree.
/// The index should have caught up first.
///
/// # Errors
/// When the store fails.
pub async fn verify_index(store: &Store, index: &SearchIndex) -> Result<Vec<Difference>, FollowError> {
    let mut expected = stored(store).await?;
    let mut found = Vec::new();
    for (id, version) in index.ids()? {
        match expected.remove(&id) {
            None => found.push(Difference::Surplus(id)),
            Some(store) if store != version => found.push(Difference::Version { id, store, index: version }),
            Some(_) => {}
        }
    }
    found.extend(expected.into_keys().map(Difference::Missing));
    found.sort();
    Ok(found)
}

/// Builds the index anew beside the old one and puts it in its place;
/// `progress` hears the documents written. Gives their number.
///
/// # Errors
/// When store or index fail; the old index stays then.
pub fn rebuild_index<'a>(
    store: &'a Store,
    place: &'a Path,
    catalog: &'a Arc<Catalog>,
    text: &'a Arc<Text>,
    progress: &'a (dyn Fn(usize) + Send + Sync),
) -> BoxFuture<'a, Result<usize, FollowError>> {
    build_beside(store, place, catalog, text, progress).boxed()
}

async fn build_beside(
    store: &Store,
    place: &Path,
    catalog: &Arc<Catalog>,
    text: &Arc<Text>,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<usize, FollowError> {
    let fresh = place.with_extension("fresh");
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh).map_err(|e| FollowError::TryAgain(e.to_string()))?;
    }
    let index = SearchIndex::create_in(&fresh, catalog.clone(), text.clone())?;
    let mut db = store.reader().await?;
    // Read before the records: what changes meanwhile is followed afterwards.
    let cursor = changes::latest(&mut db).await?;
    let (send, mut receive) = mpsc::channel::<IndexOp>(1_024);
    let building = tokio::task::spawn_blocking(move || {
        index.add_bulk(std::iter::from_fn(|| receive.blocking_recv()), cursor)?;
        index.teach()
    });
    let fed = feed(&mut db, &send, progress).await;
    drop((send, db));
    let built = building.await.map_err(|e| FollowError::TryAgain(e.to_string()))?;
    let count = fed?;
    built?;
    swap(place, &fresh).map_err(|e| FollowError::TryAgain(e.to_string()))?;
    Ok(count)
}

/// Sends every party and listing as a document.
async fn feed(
    db: &mut Conn,
    send: &mpsc::Sender<IndexOp>,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<usize, FollowError> {
    // The receiver goes early only when building failed, and then its fault is the one to tell.
    let gone = |_| FollowError::TryAgain("the index could not be built".into());
    let mut count = 0;
    let mut after = None;
    loop {
        let rows = parties::page_after(db, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        for party in rows {
            let op = party_doc(db, party).await?;
            send.send(op).await.map_err(gone)?;
            count += 1;
        }
        progress(count);
    }
    let mut after = None;
    loop {
        let rows = listings::page_all(db, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(count) };
        after = Some(last.id);
        for op in listing_docs(db, rows).await? {
            send.send(op).await.map_err(gone)?;
            count += 1;
        }
        progress(count);
    }
}

//! Files of imports in the blob store: they lie there as long as their run needs them.

use keqiao_store::imports::{self, ImportRun};

use super::jobs::{NewRun, Plan, begin, store_run};
use crate::{App, AppError};

/// A file without a run is one that is being handed in; after so many days nobody is handing it in.
const DAYS: i64 = 1;

/// The states of a run that still needs its file.
const UNDER_WAY: [&str; 3] = ["mapping", "checked", "running"];

/// Notes that a file did not come whole, so that the page says so when its sender is back. Nothing of it is kept.
pub(super) async fn note_cut(app: &App, new: NewRun, plan: &Plan) -> Result<(), AppError> {
    let run = begin(app, NewRun { state: "failed", total: 0, ..new }, plan).await?;
    let report = serde_json::json!({ "error": "upload-cut" });
    store_run(app, ImportRun { blob: None, report, finished_at: Some(app.now()), ..run }).await
}

/// Whether a run stands for a file that did not come whole.
#[must_use]
pub fn was_cut(run: &ImportRun) -> bool {
    run.report.get("error").and_then(|e| e.as_str()) == Some("upload-cut")
}

/// Removes files that no run needs, and what a crash left of uploads; tells how many.
///
/// # Errors
/// When store or blob store fail.
pub async fn clear_spool(app: &App) -> Result<usize, AppError> {
    let before = app.now().plus_days(-DAYS);
    let mut removed = app.blobs.remove_staged(before).await?;
    for blob in app.blobs.older_than("imports", before).await? {
        let id = blob.rsplit('/').next().and_then(|id| id.parse().ok());
        let mut db = app.store.reader().await?;
        let run = match id {
            Some(id) => imports::find(&mut db, id).await?,
            None => None,
        };
        drop(db);
        if !run.is_some_and(|run| UNDER_WAY.contains(&run.state.as_str())) {
            app.blobs.remove(&blob).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

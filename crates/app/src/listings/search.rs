//! Searching listings and parties.

use keqiao_domain::Viewer;
use keqiao_search::{Page, Query, Reader};

use crate::{App, AppError};

/// A page of listings or parties that the viewer may see.
///
/// # Errors
/// `Invalid` for a bad cursor or too many filters.
pub fn search(app: &App, viewer: &Viewer, query: &Query) -> Result<Page, AppError> {
    Ok(app.index.search(query, &Reader::of(viewer))?)
}

/// Names of parties that begin like this, in characters or pinyin.
///
/// # Errors
/// When the index fails.
pub fn suggest_names(app: &App, viewer: &Viewer, prefix: &str, limit: usize) -> Result<Vec<String>, AppError> {
    let found = app.index.suggest_names(prefix, limit, &Reader::of(viewer))?;
    Ok(found.into_iter().map(|card| card.title).collect())
}

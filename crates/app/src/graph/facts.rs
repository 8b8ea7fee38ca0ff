//! Facts in lists, and the timeline.

use keqiao_domain::{Fact, FactId, FactKind, Viewer};
use keqiao_store::articles::ArticleHead;
use keqiao_store::facts::{FactFilter, FactOrder, Period};
use keqiao_store::{articles, facts};

use super::quoted;
use crate::{App, AppError};

/// Facts on one page of a list.
const PAGE: usize = 50;
/// Periods that a timeline counts.
const PERIODS: i64 = 400;

/// A page of facts.
#[derive(Debug, Clone)]
pub struct FactList {
    /// The facts, each with a short quotation.
    pub rows: Vec<Fact>,
    /// Their articles.
    pub articles: Vec<ArticleHead>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<(String, FactId)>,
}

/// Facts by day.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// How many facts each period has, the latest first.
    pub periods: Vec<(String, i64)>,
    /// How many facts of each kind there are.
    pub kinds: Vec<(FactKind, i64)>,
    /// The page of facts, the latest first.
    pub facts: FactList,
}

/// The facts that a viewer may see.
///
/// # Errors
/// When the store fails.
pub async fn list_facts(
    app: &App,
    viewer: &Viewer,
    filter: &FactFilter,
    order: FactOrder,
) -> Result<FactList, AppError> {
    let mut db = app.store.reader().await?;
    let tokens = viewer.tokens();
    let mut rows = facts::page_visible(&mut db, filter, tokens.as_deref(), &order, PAGE as i64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let mut ids: Vec<_> = rows.iter().map(|f| f.article).collect();
    ids.sort_unstable();
    ids.dedup();
    let articles = articles::heads(&mut db, &ids).await?;
    let next = rows.last().filter(|_| more).map(|f| (f.day.clone().unwrap_or_default(), f.id));
    Ok(FactList { rows: quoted(rows), articles, next })
}

/// The dated facts, counted by period.
///
/// # Errors
/// When the store fails.
pub async fn timeline(
    app: &App,
    viewer: &Viewer,
    filter: &FactFilter,
    period: Period,
    after: Option<(String, FactId)>,
) -> Result<Timeline, AppError> {
    let filter = FactFilter { dated: true, ..filter.clone() };
    let mut db = app.store.reader().await?;
    let tokens = viewer.tokens();
    let periods = facts::count_by_period(&mut db, &filter, tokens.as_deref(), period, PERIODS).await?;
    let every_kind = FactFilter { kinds: Vec::new(), ..filter.clone() };
    let kinds = facts::count_by_kind(&mut db, &every_kind, tokens.as_deref()).await?;
    drop(db);
    let facts = list_facts(app, viewer, &filter, FactOrder::Latest(after)).await?;
    Ok(Timeline { periods, kinds, facts })
}

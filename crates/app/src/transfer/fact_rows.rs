//! Facts as a spreadsheet.

use std::collections::HashMap;

use keqiao_domain::{ArticleId, Fact, Viewer};
use keqiao_store::articles::ArticleHead;
use keqiao_store::facts::{FactFilter, FactOrder};
use keqiao_store::{articles, facts};

use super::sheet::{MOST_ROWS, csv_bytes};
use crate::graph::quoted;
use crate::{App, AppError};

/// Facts asked for at once.
const PAGE: usize = 500;

/// The facts that a viewer may see, the latest first, at most 10,000, as CSV with a byte order mark; where there are
/// more, the last row says so. `say` gives the words of a key, `tell` a fact's kind, sentence and status.
///
/// # Errors
/// When the store fails.
pub async fn facts_sheet(
    app: &App,
    viewer: &Viewer,
    filter: &FactFilter,
    say: &(dyn Fn(&str) -> String + Sync),
    tell: &(dyn Fn(&Fact) -> [String; 3] + Sync),
) -> Result<Vec<u8>, AppError> {
    const COLUMNS: [&str; 10] =
        ["day", "fact-kind", "fact", "quotation", "status", "confidence", "article", "published", "origin", "address"];
    let mut rows = vec![COLUMNS.map(|c| say(&format!("sheet-{c}"))).to_vec()];
    let tokens = viewer.tokens();
    let mut db = app.store.reader().await?;
    let mut after = None;
    while rows.len() <= MOST_ROWS {
        let order = FactOrder::Latest(after);
        let page = quoted(facts::page_visible(&mut db, filter, tokens.as_deref(), &order, PAGE as i64).await?);
        let Some(last) = page.last() else { break };
        after = Some((last.day.clone().unwrap_or_default(), last.id));
        let mut ids: Vec<ArticleId> = page.iter().map(|f| f.article).collect();
        ids.sort_unstable();
        ids.dedup();
        let heads = articles::heads(&mut db, &ids).await?;
        let heads: HashMap<ArticleId, &ArticleHead> = heads.iter().map(|h| (h.id, h)).collect();
        rows.extend(page.iter().map(|f| row_of(f, heads.get(&f.article).copied(), tell(f), app)));
    }
    if rows.len() > MOST_ROWS + 1 {
        rows.truncate(MOST_ROWS + 1);
        let mut cut = vec![String::new(); COLUMNS.len()];
        cut[0] = say("sheet-cut");
        rows.push(cut);
    }
    Ok(csv_bytes(&rows))
}

fn row_of(fact: &Fact, head: Option<&ArticleHead>, [kind, line, status]: [String; 3], app: &App) -> Vec<String> {
    let of = |part: fn(&ArticleHead) -> Option<String>| head.and_then(part).unwrap_or_default();
    vec![
        fact.day.clone().unwrap_or_default(),
        kind,
        line,
        fact.sentence.clone(),
        status,
        format!("{:.2}", fact.confidence),
        of(|h| Some(h.title.clone())),
        of(|h| h.published.clone()),
        of(|h| h.origin.clone()),
        format!("{}/facts/{}", app.settings.public_url, fact.id),
    ]
}

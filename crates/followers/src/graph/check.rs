//! Whether the graph holds what the articles say.

use std::collections::BTreeSet;

use keqiao_domain::{Article, ArticleId, ArticleState, Correction, FactId};
use keqiao_store::{Store, StoreError, articles, corrections, entities, facts, graph};

use super::project::entities_of;
use super::said::fact_ids;

/// Articles compared at once.
const PAGE: i64 = 200;

/// Where the graph and an article differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraphDifference {
    /// A fact that the article says is not in the graph.
    Missing(ArticleId, FactId),
    /// The graph has a fact that the article does not say, or no longer.
    Surplus(ArticleId, FactId),
    /// The names of the article are not those in the graph.
    Names(ArticleId),
    /// A fact's argument is an entity that is not there.
    Loose(ArticleId, FactId),
    /// So many ties and counts of articles are not what facts and names say.
    Miscounted(i64),
}

/// Compares the graph with the articles and with what persons said of them. `progress` hears the articles compared.
///
/// # Errors
/// When the store fails.
pub async fn verify_graph(
    store: &Store,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<Vec<GraphDifference>, StoreError> {
    let mut db = store.reader().await?;
    let (mut after, mut done, mut differences) = (None, 0, Vec::new());
    loop {
        let page = articles::page_all(&mut db, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        done += page.len();
        let ids: Vec<ArticleId> = page.iter().map(|a| a.id).collect();
        let said = corrections::of_articles(&mut db, &ids).await?;
        for article in &page {
            let own: Vec<Correction> = said.iter().filter(|c| c.article == article.id).cloned().collect();
            compare(&mut db, article, &own, &mut differences).await?;
        }
        progress(done);
    }
    let wrong = graph::miscounted(&mut db).await?;
    differences.extend((wrong > 0).then_some(GraphDifference::Miscounted(wrong)));
    Ok(differences)
}

async fn compare(
    db: &mut keqiao_store::Conn,
    article: &Article,
    said: &[Correction],
    differences: &mut Vec<GraphDifference>,
) -> Result<(), StoreError> {
    let live = article.state == ArticleState::Live;
    let expected: BTreeSet<FactId> = if live { fact_ids(article, said) } else { BTreeSet::new() };
    let kept = facts::of_article(db, article.id).await?;
    let have: BTreeSet<FactId> = kept.iter().map(|f| f.id).collect();
    differences.extend(expected.difference(&have).map(|f| GraphDifference::Missing(article.id, *f)));
    differences.extend(have.difference(&expected).map(|f| GraphDifference::Surplus(article.id, *f)));
    let names: BTreeSet<String> =
        if live { entities_of(article).into_iter().map(|e| e.id).collect() } else { BTreeSet::new() };
    let named = entities::of_article(db, article.id).await?;
    if names != named.iter().map(|n| n.local.clone()).collect() {
        differences.push(GraphDifference::Names(article.id));
    }
    let there: BTreeSet<_> = named.iter().map(|n| n.entity).collect();
    for fact in kept {
        if fact.args.iter().filter_map(|a| a.entity).any(|e| !there.contains(&e)) {
            differences.push(GraphDifference::Loose(article.id, fact.id));
        }
    }
    Ok(())
}

//! Articles as somebody sees them: facts and short quotations for whoever sees the article, the text for whom it is.

use keqiao_domain::{Article, ArticleId, Entity, Fact, Reading, SourceId, Span, Viewer};
use keqiao_store::articles::{ArticleFilter, ArticleHead};
use keqiao_store::{articles, entities, facts, sources};

use crate::{App, AppError};

/// Articles on one page of a list.
const PAGE: usize = 30;

/// A page of a list of articles.
#[derive(Debug, Clone)]
pub struct ArticleList {
    /// The articles.
    pub rows: Vec<ArticleHead>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<(String, ArticleId)>,
}

/// A part of an article as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// `title`, `body`, `caption`, `byline` or `source`.
    pub kind: String,
    /// Where it stands.
    pub span: Span,
    /// Its characters, before any cleaning.
    pub text: String,
}

/// An article as a viewer may read it.
#[derive(Debug, Clone)]
pub struct ArticleView {
    /// The article; of its reading a viewer who may not read the text gets the numbers and names alone.
    pub article: Article,
    /// The file's name.
    pub source_name: String,
    /// Its text as it stands in the file; `None`: it is not for this viewer.
    pub passages: Option<Vec<Passage>>,
    /// What it says, in the order of the text.
    pub facts: Vec<Fact>,
    /// What it names, by local id.
    pub entities: Vec<(String, Entity)>,
}

/// The articles that a viewer may see, the last published first.
///
/// # Errors
/// When the store fails.
pub async fn list_articles(
    app: &App,
    viewer: &Viewer,
    filter: &ArticleFilter,
    after: Option<(String, ArticleId)>,
) -> Result<ArticleList, AppError> {
    let mut db = app.store.reader().await?;
    let tokens = viewer.tokens();
    let mut rows = articles::page_visible(&mut db, filter, tokens.as_deref(), after, PAGE as i64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().filter(|_| more);
    let next = last.map(|r| (r.published.clone().unwrap_or_default(), r.id));
    Ok(ArticleList { rows, next })
}

/// The articles of a file, those of them that a viewer may see.
///
/// # Errors
/// When the store fails.
pub async fn articles_of_file(app: &App, viewer: &Viewer, file: SourceId) -> Result<Vec<ArticleId>, AppError> {
    let mut db = app.store.reader().await?;
    let all = articles::of_source(&mut db, file).await?;
    Ok(all.into_iter().filter(|a| viewer.sees(a.audience())).map(|a| a.id).collect())
}

/// An article with what it says.
///
/// # Errors
/// `NotFound`, also when the viewer may not see it.
pub async fn view_article(app: &App, viewer: &Viewer, id: ArticleId) -> Result<ArticleView, AppError> {
    let mut db = app.store.reader().await?;
    let article = articles::find(&mut db, id).await?.filter(|a| viewer.sees(a.audience())).ok_or(AppError::NotFound)?;
    let facts = facts::of_article(&mut db, id).await?;
    let named = entities::of_article(&mut db, id).await?;
    let ids: Vec<_> = named.iter().map(|n| n.entity).collect();
    let found = entities::find_many(&mut db, &ids).await?;
    let entity = |id| found.iter().find(|e| e.id == id).cloned();
    let entities = named.into_iter().filter_map(|n| Some((n.local, entity(n.entity)?))).collect();
    let (passages, source_name) = if viewer.sees(article.text_readers) {
        let source = sources::find(&mut db, article.source).await?.ok_or(AppError::NotFound)?;
        (Some(passages(&article, &source.original)), source.name)
    } else {
        let names = sources::names(&mut db, &[article.source]).await?;
        (None, names.into_iter().next().map(|n| n.1).unwrap_or_default())
    };
    let (article, facts) =
        if passages.is_some() { (article, facts) } else { (without_text(article), crate::graph::quoted(facts)) };
    Ok(ArticleView { article, source_name, passages, facts, entities })
}

/// The characters of each part, in the order of the file.
fn passages(article: &Article, original: &str) -> Vec<Passage> {
    let places: Vec<usize> = original.char_indices().map(|(at, _)| at).chain([original.len()]).collect();
    let byte = |place: u32| places.get(place as usize).copied().unwrap_or(original.len());
    let mut parts = article.reading.parts.clone();
    parts.sort_by_key(|p| p.span);
    parts
        .into_iter()
        .map(|p| Passage {
            kind: p.kind,
            span: p.span,
            text: original[byte(p.span.start)..byte(p.span.end)].to_owned(),
        })
        .collect()
}

fn without_text(article: Article) -> Article {
    let Reading { authors, year, year_inferred, entities, .. } = article.reading;
    Article { reading: Reading { authors, year, year_inferred, entities, ..Reading::default() }, ..article }
}

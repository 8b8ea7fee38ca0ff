//! Articles as somebody sees them: facts and short quotations for whoever sees the article, the text for whom it is.

use keqiao_domain::{Article, ArticleId, Entity, Fact, Leftover, Reading, SourceFile, SourceId, Span, Viewer};
use keqiao_store::articles::{ArticleFilter, ArticleHead};
use keqiao_store::{articles, entities, facts, sources};

use super::shown::Shown;
use crate::{App, AppError};

/// Articles on one page of a list.
const PAGE: usize = 30;
/// Characters of what belongs to no article that are shown.
const APART: usize = 6_000;
/// Pieces of one kind so near to each other are one.
const BESIDE: u32 = 2;

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
    /// The same as a reader sees them, each with its place: without the mark-up of HTML.
    pub read: Vec<(u32, char)>,
}

/// What of a file belongs to no article, as far as there is room for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apart {
    /// The pieces in the order of the file; their kinds are the reader's words.
    pub pieces: Vec<Passage>,
    /// Pieces that there was no room for.
    pub left_out: usize,
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
    /// What of its file belongs to no article; nothing where the text is not for this viewer.
    pub apart: Apart,
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

/// A file with what was made of it, for whoever looks after the articles.
#[derive(Debug, Clone)]
pub struct FileView {
    /// The file, without its text.
    pub source: SourceFile,
    /// Its articles, in order; none: it holds no story.
    pub articles: Vec<ArticleHead>,
    /// What of it belongs to no article.
    pub apart: Apart,
}

/// A file.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators; `NotFound`.
pub async fn view_file(app: &App, viewer: &Viewer, id: SourceId) -> Result<FileView, AppError> {
    if !viewer.is_operator() {
        return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
    }
    let mut db = app.store.reader().await?;
    let mut source = sources::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let ids: Vec<ArticleId> = articles::of_source(&mut db, id).await?.into_iter().map(|a| a.id).collect();
    let articles = articles::heads(&mut db, &ids).await?;
    let apart = apart(&source, &Shown::new(&source.original));
    source.original = String::new();
    Ok(FileView { source, articles, apart })
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
    let (passages, apart, source_name) = if viewer.sees(article.text_readers) {
        let source = sources::find(&mut db, article.source).await?.ok_or(AppError::NotFound)?;
        let shown = Shown::new(&source.original);
        let spans = article.reading.parts.iter().map(|p| (p.kind.as_str(), p.span));
        (Some(passages(spans, &shown)), apart(&source, &shown), source.name)
    } else {
        let names = sources::names(&mut db, &[article.source]).await?;
        (None, Apart::default(), names.into_iter().next().map(|n| n.1).unwrap_or_default())
    };
    let (article, facts) =
        if passages.is_some() { (article, facts) } else { (without_text(article), crate::graph::quoted(facts)) };
    Ok(ArticleView { article, source_name, passages, apart, facts, entities })
}

/// The first pieces of a file that belong to no article.
fn apart(source: &SourceFile, file: &Shown<'_>) -> Apart {
    let mut room = APART;
    let fits = |l: &&Leftover| {
        let long = l.span.end.saturating_sub(l.span.start) as usize;
        let fits = long <= room;
        room = if fits { room - long } else { 0 };
        fits
    };
    let shown: Vec<&Leftover> = source.apart.iter().take_while(fits).collect();
    let left_out = source.apart.len() - shown.len();
    let mut pieces: Vec<(&str, Span)> = Vec::new();
    for one in shown {
        match pieces.last_mut() {
            Some((kind, span)) if *kind == one.kind && one.span.start <= span.end + BESIDE => span.end = one.span.end,
            _ => pieces.push((&one.kind, one.span)),
        }
    }
    Apart { pieces: passages(pieces.into_iter(), file), left_out }
}

/// The characters of each part, in the order of the file.
fn passages<'a>(parts: impl Iterator<Item = (&'a str, Span)>, file: &Shown<'_>) -> Vec<Passage> {
    let mut parts: Vec<(&str, Span)> = parts.collect();
    parts.sort_by_key(|(_, span)| *span);
    let passage = |(kind, span): (&str, Span)| {
        let text = file.original(span).to_owned();
        let read = match &file.mark_up {
            Some(mapped) => mapped.read(span),
            None => (span.start..).zip(text.chars()).collect(),
        };
        Passage { kind: kind.to_owned(), span, text, read }
    };
    parts.into_iter().map(passage).collect()
}

fn without_text(article: Article) -> Article {
    let Reading { authors, year, year_inferred, entities, .. } = article.reading;
    Article { reading: Reading { authors, year, year_inferred, entities, ..Reading::default() }, ..article }
}

//! Articles as somebody sees them: facts and short quotations for whoever sees the article, the text for whom it is.

use std::collections::{HashMap, HashSet};

use keqiao_domain::{Article, ArticleId, Entity, Fact, Leftover, Reading, SourceFile, SourceId, Span, Viewer};
use keqiao_store::articles::{ArticleFilter, ArticleHead};
use keqiao_store::{Conn, articles, entities, facts, sources};

use super::portion::{Portion, PortionWanted};
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
    /// Which portion of it this is; what follows is that of this portion alone.
    pub portion: Portion,
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

/// The articles of files, for whoever handed these in.
///
/// # Errors
/// `NotAllowed` but for operators; when the store fails.
pub async fn heads_of_files(
    app: &App,
    viewer: &Viewer,
    files: &[SourceId],
) -> Result<Vec<(SourceId, ArticleHead)>, AppError> {
    if !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let mut db = app.store.reader().await?;
    let pairs = articles::ids_of_sources(&mut db, files).await?;
    let ids: Vec<ArticleId> = pairs.iter().map(|(_, article)| *article).collect();
    let heads = articles::heads(&mut db, &ids).await?;
    let of: HashMap<ArticleId, SourceId> = pairs.into_iter().map(|(file, article)| (article, file)).collect();
    Ok(heads.into_iter().filter_map(|h| Some((*of.get(&h.id)?, h))).collect())
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

/// An article with what it says: the portion that is wanted, which of most articles is the whole.
///
/// # Errors
/// `NotFound`, also when the viewer may not see it.
pub async fn view_article(
    app: &App,
    viewer: &Viewer,
    id: ArticleId,
    wanted: PortionWanted,
) -> Result<ArticleView, AppError> {
    let mut db = app.store.reader().await?;
    let mut article =
        articles::find(&mut db, id).await?.filter(|a| viewer.sees(a.audience())).ok_or(AppError::NotFound)?;
    article.reading.parts.sort_by_key(|p| p.span);
    let parts = &article.reading.parts;
    let may_read = viewer.sees(article.text_readers);
    let is_short = parts.iter().map(|p| u64::from(p.span.end - p.span.start)).sum::<u64>() <= u64::from(wanted.chars);
    let (mut portion, mut read) = (Portion::WHOLE, None);
    let source_name = if may_read || !is_short {
        let source = sources::find(&mut db, article.source).await?.ok_or(AppError::NotFound)?;
        let shown = Shown::new(&source.original);
        let spans: Vec<Span> = parts.iter().map(|p| p.span).collect();
        portion = Portion::of(&spans, &shown, wanted);
        let within = parts.iter().filter_map(|p| Some((p.kind.as_str(), portion.clip(p.span)?)));
        read = may_read.then(|| (passages(within, &shown), apart(&source, &shown)));
        source.name
    } else {
        sources::names(&mut db, &[article.source]).await?.into_iter().next().map(|n| n.1).unwrap_or_default()
    };
    let facts = facts::of_article_within(&mut db, id, portion.span).await?;
    article.reading.mentions.retain(|m| portion.holds(m.span.start));
    let entities = named_in(&mut db, &article, &facts, &portion).await?;
    let (article, facts) =
        if may_read { (article, facts) } else { (without_text(article), crate::graph::quoted(facts)) };
    let (passages, apart) = read.map_or_else(Default::default, |(passages, apart)| (Some(passages), apart));
    Ok(ArticleView { article, source_name, portion, passages, apart, facts, entities })
}

/// What the mentions and facts of a portion name; of a whole article all that it names.
async fn named_in(
    db: &mut Conn,
    article: &Article,
    facts: &[Fact],
    portion: &Portion,
) -> Result<Vec<(String, Entity)>, AppError> {
    let mut named = entities::of_article(db, article.id).await?;
    if portion.of > 1 {
        let locals: HashSet<&str> = article.reading.mentions.iter().filter_map(|m| m.entity.as_deref()).collect();
        let ids: HashSet<_> = facts.iter().flat_map(|f| &f.args).filter_map(|a| a.entity).collect();
        named.retain(|n| locals.contains(n.local.as_str()) || ids.contains(&n.entity));
    }
    let ids: Vec<_> = named.iter().map(|n| n.entity).collect();
    let found: HashMap<_, Entity> = entities::find_many(db, &ids).await?.into_iter().map(|e| (e.id, e)).collect();
    Ok(named.into_iter().filter_map(|n| Some((n.local, found.get(&n.entity)?.clone()))).collect())
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
    let passage = |(kind, span): (&str, Span)| Passage {
        kind: kind.to_owned(),
        span,
        text: file.original(span).to_owned(),
        read: file.read(span),
    };
    parts.into_iter().map(passage).collect()
}

fn without_text(article: Article) -> Article {
    let Reading { authors, year, year_inferred, entities, .. } = article.reading;
    Article { reading: Reading { authors, year, year_inferred, entities, ..Reading::default() }, ..article }
}

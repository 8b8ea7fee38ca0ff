//! Bringing files in: each is kept once, with its articles as the reader read them.

use futures::FutureExt;
use futures::future::BoxFuture;
use keqiao_domain::{
    AccountId, Action, Article, ArticleId, ArticleState, Audience, RecordKind, SourceFile, SourceId, Viewer,
};
use keqiao_store::{Conn, articles, sources};
use sha2::{Digest, Sha256};

use super::read::{READER_VERSION, ReadArticle, ReadFile, read_file};
use crate::{App, AppError, Fault, log_change};

/// A file on its way in.
#[derive(Debug, Clone)]
pub struct IncomingFile {
    /// Its name, without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The encoding that a header named.
    pub declared: Option<String>,
}

/// Who may see what comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IngestOptions {
    /// Who may know of the articles and their facts.
    pub readers: Audience,
    /// Who may read their text.
    pub text_readers: Audience,
    /// Whether they are demo data.
    pub demo: bool,
}

impl Default for IngestOptions {
    /// Facts are for everyone, the text for members.
    fn default() -> Self {
        Self { readers: Audience::Public, text_readers: Audience::Member, demo: false }
    }
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ingested {
    /// It is new.
    New {
        /// The file.
        source: SourceId,
        /// Its articles, in order; none: the file holds no story.
        articles: Vec<ArticleId>,
        /// Facts read from them.
        facts: usize,
    },
    /// The same bytes came before.
    Known {
        /// The file that was kept then.
        source: SourceId,
    },
}

/// A file that was read and waits to be kept.
struct Ready {
    digest: String,
    name: String,
    file: ReadFile,
}

/// Reads files and keeps them with their articles, in one transaction. Gives what became of each, in their order.
///
/// # Errors
/// `NotAllowed` but for operators; the whole batch when the store fails.
pub fn ingest_files<'a>(
    app: &'a App,
    viewer: &'a Viewer,
    files: Vec<IncomingFile>,
    options: IngestOptions,
) -> BoxFuture<'a, Result<Vec<Result<Ingested, AppError>>, AppError>> {
    take_in(app, viewer, files, options).boxed()
}

async fn take_in(
    app: &App,
    viewer: &Viewer,
    files: Vec<IncomingFile>,
    options: IngestOptions,
) -> Result<Vec<Result<Ingested, AppError>>, AppError> {
    if !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let reading = files.into_iter().map(|file| read_one(app, file));
    let ready: Vec<Result<Ready, AppError>> = futures::future::join_all(reading).await;
    let (now, actor) = (app.now(), viewer.account);
    // In order, so that whoever reads articles by id reads them as they came.
    let count = |r: &Result<Ready, AppError>| r.as_ref().map_or(0, |r| r.file.articles.len());
    let mut fresh: Vec<ArticleId> =
        (0..ready.iter().map(count).sum()).map(|_| ArticleId::fresh(&*app.clock, &*app.entropy)).collect();
    fresh.sort_unstable();
    let mut fresh = fresh.into_iter();
    let fresh_articles: Vec<Vec<ArticleId>> = ready.iter().map(|r| fresh.by_ref().take(count(r)).collect()).collect();
    let fresh_sources: Vec<SourceId> = ready.iter().map(|_| SourceId::fresh(&*app.clock, &*app.entropy)).collect();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let mut outcomes = Vec::with_capacity(ready.len());
                for ((ready, source), ids) in ready.into_iter().zip(fresh_sources).zip(fresh_articles) {
                    outcomes.push(match ready {
                        Ok(ready) => Ok(keep(tx, ready, source, ids, options, now, actor).await?),
                        Err(error) => Err(error),
                    });
                }
                Ok(outcomes)
            }
            .boxed()
        })
        .await
}

async fn read_one(app: &App, incoming: IncomingFile) -> Result<Ready, AppError> {
    let limit = app.settings.import_limit_bytes;
    if incoming.bytes.len() as u64 > limit {
        return Err(AppError::TooLarge { limit });
    }
    if incoming.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(AppError::Invalid(vec![Fault::with("file", "empty-file", &incoming.name)]));
    }
    let catalog = app.catalog.clone();
    let reader = app.work.run({
        let lazy = app.reader.clone();
        move || lazy.get(&catalog)
    });
    let reader = reader.await?;
    app.work
        .run(move || {
            let digest = hex::encode(Sha256::digest(&incoming.bytes));
            let file = read_file(&reader, &incoming.name, &incoming.bytes, incoming.declared.as_deref());
            if !file.is_text {
                return Err(AppError::Invalid(vec![Fault::with("file", "file-no-text", &incoming.name)]));
            }
            Ok(Ready { digest, name: incoming.name.chars().take(255).collect(), file })
        })
        .await?
}

async fn keep(
    tx: &mut Conn,
    ready: Ready,
    source: SourceId,
    ids: Vec<ArticleId>,
    options: IngestOptions,
    now: keqiao_domain::Timestamp,
    actor: Option<AccountId>,
) -> Result<Ingested, AppError> {
    if let Some(source) = sources::id_of_digest(tx, &ready.digest).await? {
        return Ok(Ingested::Known { source });
    }
    let ReadFile { original, encoding, replaced, apart, articles: found, .. } = ready.file;
    let row = SourceFile {
        id: source,
        digest: ready.digest,
        name: ready.name,
        encoding,
        replaced,
        original,
        apart,
        created_by: actor,
        created_at: now,
    };
    sources::insert(tx, &row).await?;
    log_change(tx, now, RecordKind::Source, source, Action::Created, actor).await?;
    let mut facts = 0;
    for ((ordinal, read), id) in (0..).zip(found).zip(&ids) {
        facts += read.reading.facts.len();
        let article = article_of(*id, source, ordinal, read, options, now);
        articles::insert(tx, &article).await?;
        log_change(tx, now, RecordKind::Article, *id, Action::Created, actor).await?;
    }
    Ok(Ingested::New { source, articles: ids, facts })
}

/// A new article, not stored yet.
pub(super) fn article_of(
    id: ArticleId,
    source: SourceId,
    ordinal: i64,
    read: ReadArticle,
    options: IngestOptions,
    now: keqiao_domain::Timestamp,
) -> Article {
    Article {
        id,
        source,
        ordinal,
        title: read.title,
        published: read.published,
        place: read.place,
        origin: read.origin,
        state: ArticleState::Live,
        readers: options.readers,
        text_readers: options.text_readers,
        reading: read.reading,
        reader_version: READER_VERSION,
        version: 1,
        demo: options.demo,
        created_at: now,
        updated_at: now,
    }
}

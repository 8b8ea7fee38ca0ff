//! Reading files again with a newer version of the reader. What persons said of facts stays beside and is applied
//! by the follower of the graph.

use futures::FutureExt;
use keqiao_domain::{Action, Article, ArticleId, ArticleState, RecordKind, SourceId};
use keqiao_store::{articles, sources};

use super::ingest::{IngestOptions, article_of};
use super::read::{READER_VERSION, read_file};
use crate::{App, AppError, log_change};

/// Files looked up at once.
const PAGE: i64 = 100;

/// Reads all files again that an older reader read; `progress` hears the files done. Gives their number.
///
/// # Errors
/// When the store fails; what was done until then stays.
pub async fn read_again(app: &App, progress: &(dyn Fn(usize) + Send + Sync)) -> Result<usize, AppError> {
    let (mut after, mut done) = (None, 0);
    loop {
        let mut db = app.store.reader().await?;
        let page = articles::sources_read_before(&mut db, READER_VERSION, after, PAGE).await?;
        drop(db);
        let Some(last) = page.last() else { return Ok(done) };
        after = Some(*last);
        for source in page {
            one(app, source).await?;
            done += 1;
            progress(done);
        }
    }
}

async fn one(app: &App, id: SourceId) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    let Some(source) = sources::find(&mut db, id).await? else { return Ok(()) };
    drop(db);
    let (lazy, catalog) = (app.reader.clone(), app.catalog.clone());
    let read = app.work.run(move || {
        let file = read_file(&lazy.get(&catalog), &source.name, source.original.as_bytes(), Some("utf-8"));
        (file.apart, file.articles)
    });
    let (apart, found) = read.await?;
    let fresh: Vec<ArticleId> = found.iter().map(|_| ArticleId::fresh(&*app.clock, &*app.entropy)).collect();
    let now = app.now();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                sources::set_apart(tx, id, &apart).await?;
                let mut old = articles::of_source(tx, id).await?.into_iter();
                let options = old.as_slice().first().map_or_else(IngestOptions::default, |a| IngestOptions {
                    readers: a.readers,
                    text_readers: a.text_readers,
                    demo: a.demo,
                });
                for ((ordinal, read), fresh) in (0..).zip(found).zip(fresh) {
                    let new = article_of(fresh, id, ordinal, read, options, now);
                    match old.next() {
                        Some(before) => replace(tx, before, new).await?,
                        None => {
                            articles::insert(tx, &new).await?;
                            log_change(tx, now, RecordKind::Article, new.id, Action::Created, None).await?;
                        }
                    }
                }
                // The file parts into fewer stories than before.
                for surplus in old {
                    let gone = Article { state: ArticleState::Withdrawn, ..surplus.clone() };
                    let gone = Article { reader_version: READER_VERSION, updated_at: now, ..gone };
                    replace(tx, surplus, gone).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

async fn replace(tx: &mut keqiao_store::Conn, before: Article, new: Article) -> Result<(), AppError> {
    let state = if new.state == ArticleState::Withdrawn { new.state } else { before.state };
    let version = before.version + 1;
    let kept = Article { id: before.id, state, version, created_at: before.created_at, ..new };
    articles::update(tx, &kept, before.version).await?;
    log_change(tx, kept.updated_at, RecordKind::Article, kept.id, Action::Updated, None).await?;
    Ok(())
}

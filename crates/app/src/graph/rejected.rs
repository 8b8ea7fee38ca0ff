//! What persons said an article does not say, and that one takes it back.

use futures::FutureExt;
use keqiao_domain::{
    Action, Argument, ArticleId, Audience, Correction, Fact, FactId, FactStatus, Judgement, RecordKind, Timestamp,
    Viewer,
};
use keqiao_store::{accounts, articles, corrections};

use super::{operator, quoted};
use crate::{App, AppError, log_change};

/// A fact that a person rejected.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// The fact as it was; its arguments are words alone.
    pub fact: Fact,
    /// The name of whoever rejected it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

fn as_it_was(c: Correction) -> Fact {
    let argument = |(role, text)| Argument { role, entity: None, text };
    Fact {
        id: c.fact,
        article: c.article,
        kind: c.kind,
        args: c.content.args.into_iter().map(argument).collect(),
        day: c.content.day,
        confidence: 0.0,
        span: c.span,
        sentence: c.content.sentence,
        status: FactStatus::Read,
        audience: Audience::Operator,
    }
}

/// The facts of an article that were rejected, the first rejected first; none but for operators.
///
/// # Errors
/// When the store fails.
pub async fn rejections(app: &App, viewer: &Viewer, article: ArticleId) -> Result<Vec<Rejection>, AppError> {
    if !viewer.is_operator() {
        return Ok(Vec::new());
    }
    let mut db = app.store.reader().await?;
    let mut out = Vec::new();
    for said in corrections::of_articles(&mut db, &[article]).await? {
        if said.judgement != Judgement::Rejected {
            continue;
        }
        let by = accounts::find(&mut db, said.by).await?.map(|a| a.name).unwrap_or_default();
        let at = said.at;
        out.extend(quoted(vec![as_it_was(said)]).into_iter().map(|fact| Rejection { fact, by: by.clone(), at }));
    }
    Ok(out)
}

/// Takes a rejection back: the fact stands again as it is read. Of a fact that is not rejected nothing changes.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators; `NotFound` when there is no such article.
pub async fn take_rejection_back(app: &App, viewer: &Viewer, article: ArticleId, fact: FactId) -> Result<(), AppError> {
    let account = operator(viewer)?;
    let now = app.now();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                articles::find(tx, article).await?.ok_or(AppError::NotFound)?;
                let said = corrections::of_articles(tx, &[article]).await?;
                if !said.iter().any(|c| c.fact == fact && c.judgement == Judgement::Rejected) {
                    return Ok(());
                }
                corrections::remove(tx, article, fact).await?;
                log_change(tx, now, RecordKind::Article, article, Action::Updated, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

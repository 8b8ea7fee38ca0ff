//! Withdrawing an article, and taking that back.

use futures::FutureExt;
use keqiao_domain::{Action, Agreement, Article, ArticleId, ArticleState, RecordKind, Viewer};
use keqiao_store::{agreements, articles};

use crate::{App, AppError, log_change};

/// Withdraws an article or takes that back; its facts go and come with it, and so do agreements opened from them. One that stands so already stays.
///
/// # Errors
/// `NotFound`; `NotAllowed` but for operators.
pub async fn set_withdrawn(app: &App, viewer: &Viewer, id: ArticleId, withdrawn: bool) -> Result<(), AppError> {
    if !viewer.is_operator() {
        return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
    }
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let old = articles::find(tx, id).await?.ok_or(AppError::NotFound)?;
                let state = if withdrawn { ArticleState::Withdrawn } else { ArticleState::Live };
                if old.state == state {
                    return Ok(());
                }
                let expected = old.version;
                let article = Article { state, version: expected + 1, updated_at: now, ..old };
                let audience = article.audience();
                articles::update(tx, &article, expected).await?;
                log_change(tx, now, RecordKind::Article, id, Action::Moved, actor).await?;
                // What was opened from its facts says what they said.
                for open in agreements::opened_from(tx, &[id]).await? {
                    let (agreement, expected) = (open.id, open.version);
                    let moved = Agreement { audience, version: expected + 1, updated_at: now, ..open };
                    agreements::update(tx, &moved, expected).await?;
                    log_change(tx, now, RecordKind::Agreement, agreement, Action::Moved, actor).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

//! The answers whether two entities are one, and that one is taken back.

use futures::FutureExt;
use keqiao_domain::{Action, Entity, EntityId, JoinDecision, RecordKind, Timestamp, Viewer};
use keqiao_store::{accounts, entities, joins};

use super::operator;
use crate::{App, AppError, log_change};

/// Answers on one page.
const PAGE: usize = 30;

/// Where a page of answers begins: after the one of this moment, about these two.
pub type AnswerPlace = (Timestamp, EntityId, EntityId);

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinAnswer {
    /// Which two, whether they are one, and when that was said.
    pub decision: JoinDecision,
    /// The name of whoever said it; empty: the account is no longer there.
    pub by: String,
    /// The two as the graph has them now, first the one that is kept; `None`: it stands for nothing of its own.
    pub now: [Option<Entity>; 2],
}

/// A page of answers.
#[derive(Debug, Clone)]
pub struct JoinAnswers {
    /// The answers, the last given first.
    pub rows: Vec<JoinAnswer>,
    /// How many were given in all.
    pub given: i64,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<AnswerPlace>,
}

/// The answers that were given.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators.
pub async fn join_answers(app: &App, viewer: &Viewer, after: Option<AnswerPlace>) -> Result<JoinAnswers, AppError> {
    operator(viewer)?;
    let mut db = app.store.reader().await?;
    let mut found = joins::latest_decisions(&mut db, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|d| (d.at, d.kept, d.joined));
    let given = joins::count_decisions(&mut db).await?;
    let ids: Vec<EntityId> = found.iter().flat_map(|d| [d.kept, d.joined]).collect();
    let known = entities::find_many(&mut db, &ids).await?;
    let now = |id: EntityId| known.iter().find(|e| e.id == id).cloned();
    let mut rows = Vec::with_capacity(found.len());
    for decision in found {
        let by = accounts::find(&mut db, decision.by).await?.map(|a| a.name).unwrap_or_default();
        rows.push(JoinAnswer { by, now: [now(decision.kept), now(decision.joined)], decision });
    }
    Ok(JoinAnswers { rows, given, next })
}

/// Takes the answer about two entities back: their articles are resolved as if nobody had been asked, and what is in
/// doubt then is asked again. Where there is no answer nothing changes.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators.
pub async fn take_answer_back(app: &App, viewer: &Viewer, one: EntityId, other: EntityId) -> Result<(), AppError> {
    let account = operator(viewer)?;
    let now = app.now();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                if joins::undecide(tx, one, other).await? {
                    // Nothing ties the two any more, so each is told of.
                    for id in [one, other] {
                        log_change(tx, now, RecordKind::Entity, id, Action::Updated, Some(account)).await?;
                    }
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

//! The questions whether two entities are one, and the answers.

use futures::FutureExt;
use keqiao_domain::{Action, Entity, EntityId, Fact, JoinDecision, RecordKind, Viewer};
use keqiao_store::facts::{FactFilter, FactOrder};
use keqiao_store::{entities, entity_claims, facts, joins};

use super::{operator, quoted};
use crate::{App, AppError, log_change};

/// Questions on one page, and facts shown of each side.
const PAGE: i64 = 20;
const FACTS: i64 = 4;

/// Two entities that may be one, with what is known of each.
#[derive(Debug, Clone)]
pub struct JoinQuestion {
    /// How likely, from 0 to 1.
    pub score: f64,
    /// Why: `same-name`, `short-name`.
    pub reason: String,
    /// The two, each with the number of its articles and some of its facts.
    pub sides: [(Entity, i64, Vec<Fact>); 2],
}

/// A page of questions.
#[derive(Debug, Clone)]
pub struct JoinQuestions {
    /// The questions, the likeliest first.
    pub rows: Vec<JoinQuestion>,
    /// How many wait in all.
    pub waiting: i64,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<(f64, EntityId, EntityId)>,
}

/// The questions that wait.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators.
pub async fn join_questions(
    app: &App,
    viewer: &Viewer,
    after: Option<(f64, EntityId, EntityId)>,
) -> Result<JoinQuestions, AppError> {
    operator(viewer)?;
    let mut db = app.store.reader().await?;
    let mut found = joins::candidates(&mut db, after, PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map(|c| (c.score, c.first, c.second));
    let waiting = joins::count_candidates(&mut db).await?;
    let mut rows = Vec::with_capacity(found.len());
    for candidate in found {
        let mut sides = Vec::with_capacity(2);
        for entity in entities::find_many(&mut db, &[candidate.first, candidate.second]).await? {
            let filter = FactFilter { entity: Some(entity.id), ..FactFilter::default() };
            let known = facts::page_visible(&mut db, &filter, None, &FactOrder::Latest(None), FACTS).await?;
            let articles = entities::articles_naming(&mut db, &[entity.id]).await?.len();
            sides.push((entity, i64::try_from(articles).unwrap_or(i64::MAX), quoted(known)));
        }
        if let Ok(sides) = sides.try_into() {
            rows.push(JoinQuestion { score: candidate.score, reason: candidate.reason, sides });
        }
    }
    Ok(JoinQuestions { rows, waiting, next })
}

/// How many questions wait for an operator: which two entities are one, and whether a party is the entity it claims.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators.
pub async fn waiting_questions(app: &App, viewer: &Viewer) -> Result<i64, AppError> {
    operator(viewer)?;
    let mut db = app.store.reader().await?;
    Ok(joins::count_candidates(&mut db).await? + entity_claims::count_waiting(&mut db).await?)
}

/// Answers whether two entities are one. The answer holds whenever an article is read again, until another is given or
/// it is taken back.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators; `NotFound`; `Invalid` of an entity with itself.
pub async fn decide_join(
    app: &App,
    viewer: &Viewer,
    kept: EntityId,
    joined: EntityId,
    same: bool,
) -> Result<(), AppError> {
    let account = operator(viewer)?;
    if kept == joined {
        return Err(AppError::invalid("joined", "same-entity"));
    }
    let mut db = app.store.reader().await?;
    let before = joins::decisions_of(&mut db, joined).await?;
    let before =
        before.into_iter().find(|d| (d.kept, d.joined) == (kept, joined) || (d.joined, d.kept) == (kept, joined));
    let name = async |db: &mut keqiao_store::Conn, id, known: Option<String>| match entities::find(db, id).await? {
        Some(entity) => Ok(entity.name),
        None => known.ok_or(AppError::NotFound),
    };
    let said = |id| before.as_ref().map(|d| d.names[usize::from(d.joined == id)].clone());
    let kept_name = name(&mut db, kept, said(kept)).await?;
    let joined_name = name(&mut db, joined, said(joined)).await?;
    drop(db);
    let now = app.now();
    let decision = JoinDecision { kept, joined, same, names: [kept_name, joined_name], by: account, at: now };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                joins::decide(tx, &decision).await?;
                joins::remove_candidate(tx, kept, joined).await?;
                log_change(tx, now, RecordKind::Entity, joined, Action::Updated, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

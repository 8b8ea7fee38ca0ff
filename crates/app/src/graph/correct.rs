//! One fact, and what a person says of it.

use futures::FutureExt;
use keqiao_domain::{
    Action, CorrectedFact, Correction, CorrectionId, Fact, FactId, FactKind, Judgement, ListingId, Party, RecordKind,
    Side, Viewer,
};
use keqiao_store::articles::ArticleHead;
use keqiao_store::{agreements, articles, corrections, facts, listings, parties};

use super::drafts::{draft_key, may_draft, side_of, told_of};
use super::operator;
use crate::agreements::may_open;
use crate::day::day;
use crate::parties::redact;
use crate::{App, AppError, Fault, log_change};

/// Longest argument, characters, and most of them.
const LONGEST: usize = 200;
const MOST: usize = 40;

/// Role and words of each argument.
type Args = Vec<(String, String)>;

/// A fact with where it comes from.
#[derive(Debug, Clone)]
pub struct FactView {
    /// The fact.
    pub fact: Fact,
    /// The article that says it.
    pub article: ArticleHead,
    /// The agreement that was opened from it.
    pub agreement: Option<keqiao_domain::AgreementId>,
    /// Whether the viewer may open one.
    pub may_open: bool,
    /// The side of the draft that it can become.
    pub drafts: Option<Side>,
    /// Whether somebody is confirmed to be whoever offers or needs what it says.
    pub is_claimed: bool,
    /// The parties that are, as far as the viewer may draft it for them, each with the draft that was made.
    pub drafts_for: Vec<(Party, Option<ListingId>)>,
}

/// What a person says of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionInput {
    /// Whether it is right, wrong, or should read otherwise.
    pub judgement: Judgement,
    /// Of an amended fact: role and words of each argument. Words that name an entity of the article stand for it.
    pub args: Vec<(String, String)>,
    /// Of an amended fact: its day, `YYYY-MM-DD` or empty.
    pub day: String,
}

/// A fact that the viewer may see.
///
/// # Errors
/// `NotFound`.
pub async fn view_fact(app: &App, viewer: &Viewer, id: FactId) -> Result<FactView, AppError> {
    let mut db = app.store.reader().await?;
    let fact = facts::find(&mut db, id).await?.filter(|f| viewer.sees(f.audience)).ok_or(AppError::NotFound)?;
    let article = articles::heads(&mut db, &[fact.article]).await?.pop().ok_or(AppError::NotFound)?;
    let agreement = agreements::of_fact(&mut db, id).await?.filter(|a| viewer.sees(a.audience)).map(|a| a.id);
    let may_open = may_open(&mut db, viewer, &fact).await?;
    let drafts = side_of(fact.kind);
    let told = told_of(&mut db, &fact).await?;
    let is_claimed = !told.is_empty();
    let mut drafts_for = Vec::new();
    for party in told.into_iter().filter(|party| may_draft(viewer, *party)) {
        let made = match drafts {
            Some(side) => listings::find_by_external_id(&mut db, party, &draft_key(&fact, side)).await?,
            None => None,
        };
        let party = parties::find(&mut db, party).await?.map(|p| redact(p, &Viewer::visitor()));
        drafts_for.extend(party.map(|party| (party, made.map(|listing| listing.id))));
    }
    let fact = super::quoted(vec![fact]).pop().ok_or(AppError::NotFound)?;
    Ok(FactView { fact, article, agreement, may_open, drafts, is_claimed, drafts_for })
}

/// Keeps what a person says of a fact; it holds whenever the article is read again.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators; `NotFound`; `Invalid`.
pub async fn correct_fact(app: &App, viewer: &Viewer, id: FactId, input: CorrectionInput) -> Result<(), AppError> {
    let account = operator(viewer)?;
    let mut db = app.store.reader().await?;
    let fact = facts::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let before = corrections::of_articles(&mut db, &[fact.article]).await?.into_iter().find(|c| c.fact == id);
    drop(db);
    let as_it_is = || -> Vec<(String, String)> { fact.args.iter().map(|a| (a.role.clone(), a.text.clone())).collect() };
    // Of a fact that was corrected before, what was read still is what it is known again by.
    let (was, span) = before.map_or_else(|| (as_it_is(), fact.span), |c| (c.content.was, c.span));
    let (args, day) = match input.judgement {
        Judgement::Amended => checked(fact.kind, input.args, &input.day)?,
        Judgement::Confirmed | Judgement::Rejected => (as_it_is(), fact.day.clone()),
    };
    let now = app.now();
    let correction = Correction {
        id: CorrectionId::fresh(&*app.clock, &*app.entropy),
        article: fact.article,
        fact: id,
        kind: fact.kind,
        span,
        judgement: input.judgement,
        content: CorrectedFact { args, day, sentence: fact.sentence, was },
        by: account,
        at: now,
    };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                corrections::put(tx, &correction).await?;
                log_change(tx, now, RecordKind::Article, correction.article, Action::Updated, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn checked(kind: FactKind, args: Args, text: &str) -> Result<(Args, Option<String>), AppError> {
    let mut faults = Vec::new();
    let day = day("day", text, &mut faults);
    let mut kept = Vec::new();
    for (role, text) in args {
        let (role, text) = (role.trim().to_owned(), text.trim().to_owned());
        if text.is_empty() {
            continue;
        }
        if role.is_empty() || role.chars().count() > 40 || !role.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            faults.push(Fault::with("role", "unknown-choice", &role));
        }
        if text.chars().count() > LONGEST {
            faults.push(Fault::with("args", "too-long", LONGEST));
        }
        kept.push((role, text));
    }
    if kept.is_empty() {
        faults.push(Fault::new("args", "required"));
    }
    if kept.len() > MOST {
        faults.push(Fault::with("args", "too-many", MOST));
    }
    if kind == FactKind::HoldsPosition && !kept.iter().any(|(role, _)| role == "person") {
        faults.push(Fault::with("args", "required", "person"));
    }
    if faults.is_empty() { Ok((kept, day)) } else { Err(AppError::Invalid(faults)) }
}

//! Agreements: opened from a fact, with the promises in them.

mod amend;
mod draw_up;

pub use amend::{AgreementInput, LONGEST_NOTE, LONGEST_TITLE, amend_agreement};
pub use draw_up::{NewAgreement, draw_up_agreement};

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, Agreement, AgreementId, AgreementParty, ClaimStatus, Commitment, CommitmentId, CommitmentState,
    EntityId, Fact, FactId, FactKind, PartyId, RecordKind, Viewer,
};
use keqiao_store::articles::ArticleHead;
use keqiao_store::{Conn, agreements, articles, entity_claims, facts};

use crate::day::day;
use crate::parties::check_length;
use crate::{App, AppError, Fault, log_change};

/// Agreements on one page of a list.
const PAGE: usize = 30;

/// An agreement with what belongs to it.
#[derive(Debug, Clone)]
pub struct AgreementView {
    /// The agreement.
    pub agreement: Agreement,
    /// Its promises.
    pub commitments: Vec<Commitment>,
    /// The articles that speak of it and that the viewer may see.
    pub articles: Vec<ArticleHead>,
    /// Whether the viewer may write in it.
    pub may_edit: bool,
}

/// A page of a list of agreements.
#[derive(Debug, Clone)]
pub struct AgreementList {
    /// The agreements, each with its promises.
    pub rows: Vec<(Agreement, Vec<Commitment>)>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<AgreementId>,
}

/// A promise as somebody writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommitmentInput {
    /// Who promised.
    pub who: String,
    /// What.
    pub what: String,
    /// Until when, `YYYY-MM-DD` or empty.
    pub due: String,
}

/// Whether the viewer owns one of the parties, or looks after all.
fn may_edit(viewer: &Viewer, parties: &[AgreementParty]) -> bool {
    viewer.is_operator() || parties.iter().filter_map(|p| p.party).any(|p| viewer.owns(p))
}

/// Those who signed, as a fact says it, with the entity and the party that each is.
async fn parties_of(db: &mut Conn, fact: &Fact) -> Result<Vec<AgreementParty>, AppError> {
    let mut parties = Vec::new();
    for arg in fact.args.iter().filter(|a| a.role == "parties") {
        let party = match arg.entity {
            Some(entity) => claimed_by(db, entity).await?,
            None => None,
        };
        parties.push(AgreementParty { name: arg.text.clone(), entity: arg.entity, party });
    }
    Ok(parties)
}

/// The party that an entity is, as an operator confirmed it.
pub(crate) async fn claimed_by(db: &mut Conn, entity: EntityId) -> Result<Option<PartyId>, AppError> {
    let claims = entity_claims::of_entity(db, entity).await?;
    Ok(claims.iter().find(|c| c.status == ClaimStatus::Confirmed).map(|c| c.party))
}

/// Whether the viewer may open the agreement that a fact speaks of.
pub(crate) async fn may_open(db: &mut Conn, viewer: &Viewer, fact: &Fact) -> Result<bool, AppError> {
    if fact.kind != FactKind::Signed || !viewer.is_member() {
        return Ok(false);
    }
    Ok(may_edit(viewer, &parties_of(db, fact).await?))
}

/// Opens the agreement that a fact speaks of; one that was opened before is given as it is.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for operators and owners of a party that is one of the fact's entities;
/// `NotFound`; `Invalid` when the fact is of another kind.
pub async fn open_agreement(app: &App, viewer: &Viewer, id: FactId) -> Result<Agreement, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    if let Some(open) = agreements::of_fact(&mut db, id).await?.filter(|a| viewer.sees(a.audience)) {
        return Ok(open);
    }
    let fact = facts::find(&mut db, id).await?.filter(|f| viewer.sees(f.audience)).ok_or(AppError::NotFound)?;
    if fact.kind != FactKind::Signed {
        return Err(AppError::invalid("fact", "no-agreement"));
    }
    let parties = parties_of(&mut db, &fact).await?;
    if !may_edit(viewer, &parties) {
        return Err(AppError::NotAllowed);
    }
    let article = articles::heads(&mut db, &[fact.article]).await?.pop().ok_or(AppError::NotFound)?;
    drop(db);
    let named = fact.args.iter().find(|a| a.role == "agreement").map(|a| a.text.clone());
    let now = app.now();
    let agreement = Agreement {
        id: AgreementId::fresh(&*app.clock, &*app.entropy),
        title: named.unwrap_or(article.title),
        signed_on: fact.day,
        parties,
        fact: Some((id, fact.article)),
        note: String::new(),
        audience: fact.audience,
        version: 1,
        created_by: Some(account),
        created_at: now,
        updated_at: now,
    };
    let day = article.published.unwrap_or_default();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                agreements::insert(tx, &agreement).await?;
                agreements::link_article(tx, agreement.id, fact.article, &day).await?;
                log_change(tx, now, RecordKind::Agreement, agreement.id, Action::Created, Some(account)).await?;
                Ok(agreement)
            }
            .boxed()
        })
        .await
}

/// The agreements that a viewer may see, the last opened first.
///
/// # Errors
/// When the store fails.
pub async fn list_agreements(
    app: &App,
    viewer: &Viewer,
    after: Option<AgreementId>,
) -> Result<AgreementList, AppError> {
    let mut db = app.store.reader().await?;
    let tokens = viewer.tokens();
    let mut found = agreements::page_visible(&mut db, tokens.as_deref(), after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|a| a.id);
    let ids: Vec<AgreementId> = found.iter().map(|a| a.id).collect();
    let all = agreements::commitments_of(&mut db, &ids).await?;
    let of = |id| all.iter().filter(|c| c.agreement == id).cloned().collect();
    let rows = found
        .into_iter()
        .map(|a| {
            let own = of(a.id);
            (a, own)
        })
        .collect();
    Ok(AgreementList { rows, next })
}

/// An agreement.
///
/// # Errors
/// `NotFound`.
pub async fn view_agreement(app: &App, viewer: &Viewer, id: AgreementId) -> Result<AgreementView, AppError> {
    let mut db = app.store.reader().await?;
    let agreement = seen(&mut db, viewer, id).await?;
    let commitments = agreements::commitments_of(&mut db, &[id]).await?;
    let linked = agreements::articles_of(&mut db, id).await?;
    let mut visible = Vec::new();
    for article in articles::find_many(&mut db, &linked).await? {
        if viewer.sees(article.audience()) {
            visible.push(article.id);
        }
    }
    let articles = articles::heads(&mut db, &visible).await?;
    let may_edit = viewer.is_member() && may_edit(viewer, &agreement.parties);
    Ok(AgreementView { agreement, commitments, articles, may_edit })
}

async fn seen(db: &mut Conn, viewer: &Viewer, id: AgreementId) -> Result<Agreement, AppError> {
    agreements::find(db, id).await?.filter(|a| viewer.sees(a.audience)).ok_or(AppError::NotFound)
}

/// An agreement that the viewer may write into, and whose account that is.
async fn editable(app: &App, viewer: &Viewer, id: AgreementId) -> Result<(AccountId, Agreement), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let agreement = seen(&mut db, viewer, id).await?;
    if may_edit(viewer, &agreement.parties) { Ok((account, agreement)) } else { Err(AppError::NotAllowed) }
}

/// Writes a promise into an agreement.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed`; `NotFound`; `Invalid`.
pub async fn add_commitment(
    app: &App,
    viewer: &Viewer,
    id: AgreementId,
    input: CommitmentInput,
) -> Result<Commitment, AppError> {
    let (account, _) = editable(app, viewer, id).await?;
    let mut faults = Vec::new();
    for (field, text, most) in [("who", &input.who, 200), ("what", &input.what, 1000)] {
        check_length(field, text, most, &mut faults);
        if text.trim().is_empty() {
            faults.push(Fault::new(field, "required"));
        }
    }
    let due = day("due", &input.due, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let now = app.now();
    let commitment = Commitment {
        id: CommitmentId::fresh(&*app.clock, &*app.entropy),
        agreement: id,
        who: input.who.trim().to_owned(),
        what: input.what.trim().to_owned(),
        due,
        state: CommitmentState::Open,
        note: String::new(),
        created_at: now,
        closed_at: None,
    };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                agreements::insert_commitment(tx, &commitment).await?;
                log_change(tx, now, RecordKind::Agreement, id, Action::Updated, Some(account)).await?;
                Ok(commitment)
            }
            .boxed()
        })
        .await
}

/// Says that a promise was kept or dropped, and by what or why; or opens it again.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed`; `NotFound`; `Invalid` when a kept or dropped promise has no note.
pub async fn move_commitment(
    app: &App,
    viewer: &Viewer,
    id: CommitmentId,
    state: CommitmentState,
    note: &str,
) -> Result<AgreementId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let commitment = agreements::find_commitment(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let agreement = seen(&mut db, viewer, commitment.agreement).await?;
    drop(db);
    if !may_edit(viewer, &agreement.parties) {
        return Err(AppError::NotAllowed);
    }
    let mut faults = Vec::new();
    check_length("note", note, 500, &mut faults);
    if state != CommitmentState::Open && note.trim().is_empty() {
        faults.push(Fault::new("note", "required"));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (now, note) = (app.now(), note.trim().to_owned());
    let closed = (state != CommitmentState::Open).then_some(now);
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                agreements::move_commitment(tx, id, state, &note, closed).await?;
                log_change(tx, now, RecordKind::Agreement, agreement.id, Action::Updated, Some(account)).await?;
                Ok(agreement.id)
            }
            .boxed()
        })
        .await
}

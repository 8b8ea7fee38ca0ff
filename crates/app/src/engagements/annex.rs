//! The confidential annex of an engagement: shared by one side on its terms, read by who accepted them.

use futures::FutureExt;
use keqiao_domain::{
    Acceptance, AccountId, Act, Action, AnnexFile, AnnexId, AnnexLook, AnnexViewId, Engagement, EngagementAnnex,
    EngagementId, Entry, RecordKind, Role, Side, Timestamp, Viewer,
};
use keqiao_store::kept::{self, Asked};
use keqiao_store::{Conn, accounts};

use super::record::{Recorder, current};
use super::{find_seen, workflow_of};
use crate::records::{found, rewrite, words};
use crate::{App, AppError, Fault, log_change};

/// Most annexes of one engagement, and looks that are shown.
const MOST: i64 = 50;
const LOOKS: i64 = 500;

/// An annex as somebody sees it.
#[derive(Debug, Clone)]
pub struct AnnexView {
    /// The annex; what is confidential is blank where the viewer may not read it.
    pub annex: EngagementAnnex,
    /// Who shared it.
    pub author: String,
    /// Whether the viewer may read it now.
    pub open: bool,
    /// Whether it is the viewer's side's.
    pub own: bool,
    /// Whether the viewer may accept its terms.
    pub may_accept: bool,
    /// Whether the viewer may close it.
    pub may_close: bool,
}

/// The annexes of an engagement, and the sides for which the viewer may share one.
#[derive(Debug, Clone)]
pub struct Annexes {
    /// The engagement.
    pub engagement: Engagement,
    /// The annexes.
    pub list: Vec<AnnexView>,
    /// The side for which the viewer may share one.
    pub side: Option<Side>,
}

pub(super) fn side_of(viewer: &Viewer, engagement: &Engagement) -> Option<Side> {
    viewer.roles_in_engagement(engagement).into_iter().find_map(Role::side)
}

async fn view(
    db: &mut Conn,
    viewer: &Viewer,
    engagement: &Engagement,
    mut annex: EngagementAnnex,
) -> Result<AnnexView, AppError> {
    let own = annex.is_owned_by(viewer, engagement);
    let open = annex.is_open_to(viewer, engagement);
    let acts = !viewer.roles_in_engagement(engagement).is_empty();
    let accepted = viewer.account.is_some_and(|a| annex.accepted.iter().any(|x| x.account == a));
    let author = accounts::names(db, &[annex.author]).await?.pop().map(|(_, n)| n).unwrap_or_default();
    if !own {
        // Who else accepted is for the side whose annex it is.
        annex.accepted.clear();
    }
    // The words themselves are read on a page that is logged; of a file its name is told to who may open it.
    annex.body.clear();
    annex.file = annex.file.filter(|_| open);
    Ok(AnnexView {
        may_accept: acts && !own && !accepted && annex.closed_at.is_none(),
        may_close: own && side_of(viewer, engagement) == Some(annex.side) && annex.closed_at.is_none(),
        author,
        open,
        own,
        annex,
    })
}

/// The annexes of an engagement.
///
/// # Errors
/// `NotFound`, also when the viewer may not see the engagement.
pub async fn view_annexes(app: &App, viewer: &Viewer, id: EngagementId) -> Result<Annexes, AppError> {
    let mut db = app.store.reader().await?;
    let engagement = find_seen(&mut db, viewer, id).await?;
    let all: Vec<EngagementAnnex> = kept::list(&mut db, Asked::first(MOST).with("engagement_id", id.0)).await?;
    let mut list = Vec::with_capacity(all.len());
    for annex in all {
        list.push(view(&mut db, viewer, &engagement, annex).await?);
    }
    Ok(Annexes { side: side_of(viewer, &engagement), list, engagement })
}

/// An annex as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnexInput {
    /// Its title.
    pub title: String,
    /// What one accepts before one reads it.
    pub terms: String,
    /// What is confidential; may be empty when a file comes with it.
    pub body: String,
    /// The file that comes with it, as it was kept.
    pub file: Option<AnnexFile>,
}

/// The step that an act makes, with what it says of an annex.
fn step_of(
    recorder: &Recorder,
    engagement: &Engagement,
    (act, role, actor): (Act, Role, AccountId),
    annex: &EngagementAnnex,
    at: Timestamp,
) -> Result<keqiao_domain::Step, AppError> {
    let workflow = workflow_of(&recorder.catalog, &engagement.subject.workflow)?;
    let (content, note) = (annex.proof(), annex.title.clone());
    let entry = Entry { act, actor: Some(actor), role, at, content, note, files: Vec::new() };
    Ok(engagement.state.next(workflow, engagement.id, entry)?)
}

/// Shares an annex; a step of the record says that it was shared, with the hashes of terms and text.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for who acts for one of the sides; `Invalid`.
pub async fn share_annex(app: &App, viewer: &Viewer, id: EngagementId, input: AnnexInput) -> Result<AnnexId, AppError> {
    let blob = input.file.as_ref().map(|f| f.blob.clone());
    let shared = share(app, viewer, id, input).await;
    // What was not shared leaves no bytes behind.
    if let (Err(_), Some(blob)) = (&shared, blob) {
        app.blobs.remove(&blob).await?;
    }
    shared
}

async fn share(app: &App, viewer: &Viewer, id: EngagementId, input: AnnexInput) -> Result<AnnexId, AppError> {
    let author = viewer.account.ok_or(AppError::SignInNeeded)?;
    let seen = find_seen(&mut app.store.reader().await?, viewer, id).await?;
    let side = side_of(viewer, &seen).ok_or(AppError::NotAllowed)?;
    let mut faults = Vec::new();
    let title = words("title", &input.title, 120, true, &mut faults);
    let terms = words("terms", &input.terms, 3_000, true, &mut faults);
    let body = words("body", &input.body, 20_000, input.file.is_none(), &mut faults);
    let file = input.file;
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (recorder, now) = (Recorder::of(app), app.now());
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let engagement = current(tx, id).await?;
                let asked = Asked::first(1).with("engagement_id", id.0);
                if kept::count::<EngagementAnnex>(tx, &asked).await? >= MOST {
                    return Err(AppError::Invalid(vec![Fault::with("title", "too-many", MOST)]));
                }
                let annex = EngagementAnnex {
                    id: recorder.fresh(AnnexId::fresh),
                    engagement: id,
                    side,
                    title,
                    terms,
                    body,
                    file,
                    author,
                    step: engagement.state.steps + 1,
                    accepted: Vec::new(),
                    closed_at: None,
                    version: 1,
                    created_at: now,
                };
                let step = step_of(&recorder, &engagement, (Act::ShareAnnex, side.into(), author), &annex, now)?;
                kept::insert(tx, &annex).await?;
                recorder.append(tx, engagement, &step).await?;
                Ok(annex.id)
            }
            .boxed()
        })
        .await
}

/// The annex of an engagement, for who sees the engagement.
async fn annex_in(db: &mut Conn, id: EngagementId, annex: AnnexId) -> Result<EngagementAnnex, AppError> {
    let annex: EngagementAnnex = found(db, annex).await?;
    if annex.engagement == id { Ok(annex) } else { Err(AppError::NotFound) }
}

/// Accepts the terms of an annex: a step of the record, once for each account.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may only read, and for the side whose annex it is; `Invalid` when
/// it is closed; `Stale` when the terms are others than those that were read.
pub async fn accept_annex_terms(app: &App, viewer: &Viewer, id: EngagementId, annex: AnnexId) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let (recorder, now, viewer) = (Recorder::of(app), app.now(), viewer.clone());
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let engagement = current(tx, id).await?;
                if !viewer.sees_engagement(&engagement) {
                    return Err(AppError::NotFound);
                }
                let before = annex_in(tx, id, annex).await?;
                let role = viewer.roles_in_engagement(&engagement).first().copied().ok_or(AppError::NotAllowed)?;
                if before.is_owned_by(&viewer, &engagement) {
                    return Err(AppError::NotAllowed);
                }
                if before.closed_at.is_some() {
                    return Err(AppError::invalid("annex", "annex-closed"));
                }
                if before.accepted.iter().any(|a| a.account == account) {
                    return Ok(());
                }
                let step = step_of(&recorder, &engagement, (Act::AcceptAnnex, role, account), &before, now)?;
                let mut after = EngagementAnnex { version: before.version + 1, ..before.clone() };
                after.accepted.push(Acceptance { account, role, at: now, step: step.ordinal });
                rewrite(tx, &after, before.version).await?;
                recorder.append(tx, engagement, &step).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// An annex that is read, and what is written across it.
#[derive(Debug, Clone)]
pub struct AnnexPage {
    /// The engagement.
    pub engagement: Engagement,
    /// The annex, whole.
    pub annex: EngagementAnnex,
    /// Who reads it.
    pub reader: String,
    /// When.
    pub at: Timestamp,
    /// Who accepted, with names; for the side whose annex it is.
    pub accepted: Vec<(Acceptance, String)>,
    /// Who looked, with names, the latest first; for the side whose annex it is.
    pub looks: Vec<(AnnexLook, String)>,
    /// Whether it is the viewer's side's.
    pub own: bool,
}

/// How an annex is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnexReading {
    /// On a page.
    Page,
    /// As a paper that is taken away.
    Paper,
    /// Its file is taken away.
    File,
}

/// Reads an annex; the look is logged before anything is shown.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who has not accepted its terms.
pub async fn read_annex(
    app: &App,
    viewer: &Viewer,
    id: EngagementId,
    annex: AnnexId,
    how: AnnexReading,
) -> Result<AnnexPage, AppError> {
    let mut db = app.store.reader().await?;
    let engagement = find_seen(&mut db, viewer, id).await?;
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let annex = annex_in(&mut db, id, annex).await?;
    if !annex.is_open_to(viewer, &engagement) {
        return Err(AppError::NotAllowed);
    }
    if how == AnnexReading::File && annex.file.is_none() {
        return Err(AppError::NotFound);
    }
    let (own, now) = (annex.is_owned_by(viewer, &engagement), app.now());
    let look = AnnexLook {
        id: AnnexViewId::fresh(&*app.clock, &*app.entropy),
        annex: annex.id,
        account,
        at: now,
        paper: how == AnnexReading::Paper,
        file: how == AnnexReading::File,
    };
    app.store.write::<_, AppError, _>(move |tx| async move { Ok(kept::insert(tx, &look).await?) }.boxed()).await?;
    let (mut accepted, mut looks) = (Vec::new(), Vec::new());
    let asked = Asked::latest(LOOKS).with("annex_id", annex.id.0);
    let all: Vec<AnnexLook> = if own { kept::list(&mut db, asked).await? } else { Vec::new() };
    let mut people: Vec<AccountId> =
        all.iter().map(|l| l.account).chain(annex.accepted.iter().map(|a| a.account)).chain([account]).collect();
    people.sort_unstable();
    people.dedup();
    let names = accounts::names(&mut db, &people).await?;
    let name = |id: AccountId| names.iter().find(|(a, _)| *a == id).map_or_else(String::new, |(_, n)| n.clone());
    if own {
        accepted.extend(annex.accepted.iter().map(|a| (a.clone(), name(a.account))));
        looks.extend(all.into_iter().map(|l| {
            let who = name(l.account);
            (l, who)
        }));
    }
    Ok(AnnexPage { reader: name(account), at: now, accepted, looks, own, annex, engagement })
}

/// Closes an annex: nobody but its side reads it any more. The record keeps that it was shared and accepted.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for who acts for its side.
pub async fn close_annex(app: &App, viewer: &Viewer, id: EngagementId, annex: AnnexId) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let (now, viewer) = (app.now(), viewer.clone());
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let engagement = current(tx, id).await?;
                if !viewer.sees_engagement(&engagement) {
                    return Err(AppError::NotFound);
                }
                let before = annex_in(tx, id, annex).await?;
                if side_of(&viewer, &engagement) != Some(before.side) {
                    return Err(AppError::NotAllowed);
                }
                let closed_at = before.closed_at.or(Some(now));
                let after = EngagementAnnex { closed_at, version: before.version + 1, ..before.clone() };
                rewrite(tx, &after, before.version).await?;
                log_change(tx, now, RecordKind::Engagement, id, Action::Updated, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

//! Visits of brokers, and the drafts that come of the needs they find.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, Listing, ListingContent, MinedNeed, PartyId, PartyKind, RecordKind, ServiceNews, Side, Viewer,
    Visit, VisitId,
};
use keqiao_store::kept::{self, Asked};
use keqiao_store::{accounts, parties};

use crate::listings::{blank, insert_listing};
use crate::records::{News, Teller, found, must_day, paged, rewrite, words};
use crate::{App, AppError, Fault, log_change};

/// Visits on one page of a list.
const PAGE: usize = 30;
/// Most needs of one visit.
const NEEDS: usize = 12;

/// A visit as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VisitInput {
    /// The firm, if it is on the platform.
    pub party: Option<PartyId>,
    /// Its name.
    pub company: String,
    /// The day.
    pub day: String,
    /// Who was there.
    pub present: String,
    /// What was seen and said.
    pub notes: String,
    /// The needs that were found and of which no draft was made yet.
    pub needs: Vec<MinedNeed>,
    /// When to come back; empty: not.
    pub follow_up: String,
}

/// Who may have visits: brokers, and operators, who see to what others left behind.
fn staff(viewer: &Viewer) -> Result<AccountId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if viewer.sees_all() { Ok(account) } else { Err(AppError::NotAllowed) }
}

fn may_write(viewer: &Viewer, visit: &Visit) -> bool {
    viewer.is_operator() || viewer.account == Some(visit.broker)
}

/// Whether the viewer may write in a visit that is shown.
#[must_use]
pub fn may_edit_visit(viewer: &Viewer, visit: &Visit) -> bool {
    viewer.sees_all() && may_write(viewer, visit)
}

/// The visits of the viewer, the latest first; of all brokers for operators who ask for them.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for brokers and operators.
pub async fn list_visits(
    app: &App,
    viewer: &Viewer,
    all: bool,
    after: Option<VisitId>,
) -> Result<(Vec<Visit>, Option<VisitId>), AppError> {
    let account = staff(viewer)?;
    let mut asked = Asked::latest(PAGE as i64 + 1).after(None, after.map(|id| id.0));
    if !(all && viewer.is_operator()) {
        asked = asked.with("broker_id", account.0);
    }
    let (list, more) = paged(kept::list::<Visit>(&mut app.store.reader().await?, asked).await?, PAGE);
    let next = list.last().filter(|_| more).map(|v| v.id);
    Ok((list, next))
}

/// A visit, and who went.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for brokers and operators; `NotFound`.
pub async fn view_visit(app: &App, viewer: &Viewer, id: VisitId) -> Result<(Visit, String), AppError> {
    staff(viewer)?;
    let mut db = app.store.reader().await?;
    let visit: Visit = found(&mut db, id).await?;
    let name = accounts::names(&mut db, &[visit.broker]).await?.pop().map(|(_, name)| name).unwrap_or_default();
    Ok((visit, name))
}

fn checked(app: &App, input: VisitInput, needs: &[MinedNeed]) -> Result<(VisitInput, Option<String>), Vec<Fault>> {
    let mut faults = Vec::new();
    let company = words("company", &input.company, 120, true, &mut faults);
    let day = must_day("day", &input.day, &mut faults);
    let present = words("present", &input.present, 300, false, &mut faults);
    let notes = words("notes", &input.notes, 5_000, false, &mut faults);
    let follow_up = crate::day::day("follow_up", &input.follow_up, &mut faults);
    if follow_up.as_ref().is_some_and(|later| *later < day) {
        faults.push(Fault::new("follow_up", "before-from"));
    }
    let mut kept: Vec<MinedNeed> = needs.iter().filter(|n| n.listing.is_some()).cloned().collect();
    for (i, need) in input.needs.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
        let field = |name: &str| format!("needs.{i}.{name}");
        let kind = app.catalog.kinds.get(&need.kind).filter(|k| k.sides.contains(&Side::Need));
        if kind.is_none() {
            faults.push(Fault::new(field("kind"), "unknown-kind"));
        }
        kept.push(MinedNeed {
            title: words(&field("title"), &need.title, 80, true, &mut faults),
            problem: words(&field("problem"), &need.problem, 1_000, true, &mut faults),
            today: words(&field("today"), &need.today, 1_000, false, &mut faults),
            wanted: words(&field("wanted"), &need.wanted, 1_000, false, &mut faults),
            terms: words(&field("terms"), &need.terms, 500, false, &mut faults),
            kind: need.kind.clone(),
            listing: None,
        });
    }
    if kept.len() > NEEDS {
        faults.push(Fault::with("needs", "too-many", NEEDS));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let party = input.party;
    Ok((VisitInput { party, company, day, present, notes, needs: kept, follow_up: String::new() }, follow_up))
}

/// Writes down a visit, or writes it anew. Needs of which a draft was made stay as they are.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for brokers, their own, and operators; `NotFound`; `Stale`; `Invalid`.
pub async fn save_visit(
    app: &App,
    viewer: &Viewer,
    edits: Option<(VisitId, i64)>,
    input: VisitInput,
) -> Result<Visit, AppError> {
    let account = staff(viewer)?;
    let mut db = app.store.reader().await?;
    let before: Option<Visit> = match edits {
        Some((id, _)) => Some(found(&mut db, id).await?),
        None => None,
    };
    if before.as_ref().is_some_and(|v| !may_write(viewer, v)) {
        return Err(AppError::NotAllowed);
    }
    if let Some(party) = input.party {
        let known = parties::find(&mut db, party).await?.filter(|p| p.kind == PartyKind::Organization);
        known.ok_or_else(|| AppError::invalid("company", "unknown-party"))?;
    }
    drop(db);
    let needs = before.as_ref().map_or(&[][..], |v| v.needs.as_slice());
    let (input, follow_up) = checked(app, input, needs).map_err(AppError::Invalid)?;
    let now = app.now();
    let visit = Visit {
        id: edits.map_or_else(|| VisitId::fresh(&*app.clock, &*app.entropy), |(id, _)| id),
        broker: before.as_ref().map_or(account, |v| v.broker),
        party: input.party,
        company: input.company,
        day: input.day,
        present: input.present,
        notes: input.notes,
        needs: input.needs,
        follow_up,
        demo: before.as_ref().is_some_and(|v| v.demo),
        version: edits.map_or(1, |(_, version)| version + 1),
        created_at: before.map_or(now, |v| v.created_at),
    };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let action = match edits {
                    Some((_, version)) => {
                        rewrite(tx, &visit, version).await?;
                        Action::Updated
                    }
                    None => {
                        kept::insert(tx, &visit).await?;
                        Action::Created
                    }
                };
                log_change(tx, now, RecordKind::Visit, visit.id, action, Some(account)).await?;
                Ok(visit)
            }
            .boxed()
        })
        .await
}

/// The content of a draft for a need: what was written in the form, under headings.
fn content(need: &MinedNeed, region: Option<String>) -> ListingContent {
    let parts = [
        ("现状和问题", &need.problem),
        ("现有做法", &need.today),
        ("期望达到", &need.wanted),
        ("数量、期限和预算", &need.terms),
    ];
    let body: Vec<String> =
        parts.iter().filter(|(_, text)| !text.is_empty()).map(|(head, text)| format!("{head}：{text}")).collect();
    ListingContent {
        kind: need.kind.clone(),
        title: need.title.clone(),
        summary: need.problem.chars().take(120).collect(),
        body: body.join("\n"),
        region,
        ..ListingContent::default()
    }
}

/// Makes a draft of a need for the firm that was visited. The firm's people are told, and publish it themselves.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for who may write in the visit; `NotFound`; `Stale`; `Invalid` when the firm is not
/// on the platform, or a draft was made already.
pub async fn draft_need(app: &App, viewer: &Viewer, id: VisitId, version: i64, n: usize) -> Result<Listing, AppError> {
    let account = staff(viewer)?;
    let mut db = app.store.reader().await?;
    let mut visit: Visit = found(&mut db, id).await?;
    if !may_write(viewer, &visit) {
        return Err(AppError::NotAllowed);
    }
    let party = visit.party.ok_or_else(|| AppError::invalid("company", "not-on-platform"))?;
    let firm = parties::find(&mut db, party).await?.ok_or(AppError::NotFound)?;
    drop(db);
    let need = visit.needs.get_mut(n).ok_or(AppError::NotFound)?;
    if need.listing.is_some() {
        return Err(AppError::invalid("needs", "drafted"));
    }
    let mut listing = blank(app, Side::Need, party, Some(account));
    listing.content = content(need, firm.region);
    listing.demo = visit.demo;
    need.listing = Some(listing.id);
    visit.version = version + 1;
    let (teller, now) = (Teller::of(app), app.now());
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                rewrite(tx, &visit, version).await?;
                insert_listing(tx, &listing, Some(account)).await?;
                log_change(tx, now, RecordKind::Visit, id, Action::Updated, Some(account)).await?;
                let people = accounts::acting_for(tx, party).await?;
                let news = News {
                    record: RecordKind::Listing,
                    id: listing.id.0,
                    title: &listing.content.title,
                    news: ServiceNews::Drafted,
                    key: format!("drafted-{}", listing.id),
                    at: now,
                };
                teller.tell(tx, people, Some(account), news).await?;
                Ok(listing)
            }
            .boxed()
        })
        .await
}

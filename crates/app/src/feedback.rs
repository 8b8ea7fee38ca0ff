//! The feedback list: raised by anybody with an account, seen to by brokers and operators, settled with evidence.

mod proof;

pub use proof::{drop_proof, keep_proof, read_proof};

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, FeedbackAct, FeedbackFault, FeedbackId, FeedbackItem, FeedbackState, PartyId, ProofFile,
    RecordKind, ServiceNews, Viewer,
};
use keqiao_store::kept::{self, Asked, Column};
use keqiao_store::{Conn, accounts};

use crate::idempotency::{self, OnceKey};
use crate::records::{News, Teller, found, must_day, paged, rewrite, words};
use crate::{App, AppError, Fault, log_change};

/// Items on one page of a list, and in a sheet.
const PAGE: usize = 50;
const SHEET: i64 = 10_000;

/// Which items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedbackFilter {
    /// Standing so.
    pub state: Option<FeedbackState>,
    /// That should have been settled by now.
    pub overdue: bool,
    /// That this account sees to.
    pub owner: Option<AccountId>,
}

/// An item with the names in it.
#[derive(Debug, Clone)]
pub struct FeedbackRow {
    /// The item.
    pub item: FeedbackItem,
    /// Who raised it.
    pub author: String,
    /// Who sees to it; empty: nobody.
    pub owner: String,
    /// On whose behalf; empty: their own.
    pub party: String,
    /// Whether it is overdue.
    pub overdue: bool,
}

/// A page of the list, and where the next begins.
pub type FeedbackPage = (Vec<FeedbackRow>, Option<FeedbackId>);

async fn rows(app: &App, db: &mut Conn, items: Vec<FeedbackItem>) -> Result<Vec<FeedbackRow>, AppError> {
    let today = app.settings.zone.day(app.now());
    let mut people: Vec<AccountId> = items.iter().flat_map(|i| std::iter::once(i.author).chain(i.owner)).collect();
    people.sort_unstable();
    people.dedup();
    let names = accounts::names(db, &people).await?;
    let mut ids: Vec<PartyId> = items.iter().filter_map(|i| i.party).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = keqiao_store::parties::find_many(db, &ids).await?;
    let name = |id: AccountId| names.iter().find(|(a, _)| *a == id).map_or_else(String::new, |(_, n)| n.clone());
    let row = |item: FeedbackItem| FeedbackRow {
        author: name(item.author),
        owner: item.owner.map(name).unwrap_or_default(),
        party: known.iter().find(|p| Some(p.id) == item.party).map_or_else(String::new, |p| p.name.clone()),
        overdue: item.is_overdue(&today),
        item,
    };
    Ok(items.into_iter().map(row).collect())
}

fn asked(app: &App, viewer: &Viewer, filter: &FeedbackFilter, limit: i64) -> Result<Asked, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut asked = Asked::latest(limit);
    if !viewer.sees_all() {
        asked = asked.with("author_id", account.0);
    }
    if let Some(owner) = filter.owner {
        asked = asked.with("owner_id", owner.0);
    }
    if let Some(state) = filter.state {
        asked = asked.with("state", state.as_str());
    }
    if filter.overdue {
        let waiting = FeedbackState::ALL.iter().filter(|s| s.waits()).map(|s| Column::from(s.as_str()));
        let today = app.settings.zone.day(app.now());
        // An item without a day has the empty text there.
        asked = asked.among("state", waiting).from("due", "0").below("due", today.as_str());
    }
    Ok(asked)
}

/// The list: for brokers and operators all of it, for others what they raised; the latest first.
///
/// # Errors
/// `SignInNeeded`.
pub async fn list_feedback(
    app: &App,
    viewer: &Viewer,
    filter: &FeedbackFilter,
    after: Option<FeedbackId>,
) -> Result<FeedbackPage, AppError> {
    let asked = asked(app, viewer, filter, PAGE as i64 + 1)?.after(None, after.map(|id| id.0));
    let mut db = app.store.reader().await?;
    let (items, more) = paged(kept::list(&mut db, asked).await?, PAGE);
    let rows = rows(app, &mut db, items).await?;
    let next = rows.last().filter(|_| more).map(|r| r.item.id);
    Ok((rows, next))
}

/// How many items that the viewer sees are overdue.
///
/// # Errors
/// `SignInNeeded`.
pub async fn count_overdue(app: &App, viewer: &Viewer) -> Result<i64, AppError> {
    let filter = FeedbackFilter { overdue: true, ..FeedbackFilter::default() };
    let asked = asked(app, viewer, &filter, 1)?;
    Ok(kept::count::<FeedbackItem>(&mut app.store.reader().await?, &asked).await?)
}

/// The items of a list for a sheet.
///
/// # Errors
/// `SignInNeeded`.
pub async fn feedback_rows(app: &App, viewer: &Viewer, filter: &FeedbackFilter) -> Result<Vec<FeedbackRow>, AppError> {
    let mut db = app.store.reader().await?;
    let items = kept::list(&mut db, asked(app, viewer, filter, SHEET)?).await?;
    rows(app, &mut db, items).await
}

async fn seen(db: &mut Conn, viewer: &Viewer, id: FeedbackId) -> Result<FeedbackItem, AppError> {
    let item: FeedbackItem = found(db, id).await?;
    let sees = viewer.sees_all() || (viewer.account.is_some() && viewer.account == Some(item.author));
    if sees { Ok(item) } else { Err(AppError::NotFound) }
}

/// An item, who may be given it, and the names in its history.
#[derive(Debug, Clone)]
pub struct FeedbackView {
    /// The item.
    pub row: FeedbackRow,
    /// Who may be given it.
    pub staff: Vec<(AccountId, String)>,
    /// Who did what is in its history.
    pub names: Vec<(AccountId, String)>,
    /// Whether the viewer sees to items.
    pub may_settle: bool,
    /// Whether the viewer may ask again.
    pub may_reopen: bool,
}

/// An item.
///
/// # Errors
/// `NotFound`, also for who did not raise it, but for brokers and operators.
pub async fn view_feedback(app: &App, viewer: &Viewer, id: FeedbackId) -> Result<FeedbackView, AppError> {
    let mut db = app.store.reader().await?;
    let item = seen(&mut db, viewer, id).await?;
    let mut people: Vec<AccountId> = item.events.iter().map(|e| e.by).collect();
    people.sort_unstable();
    people.dedup();
    let names = accounts::names(&mut db, &people).await?;
    let staff = if viewer.sees_all() { accounts::staff(&mut db).await? } else { Vec::new() };
    let row = rows(app, &mut db, vec![item]).await?.pop().ok_or(AppError::NotFound)?;
    Ok(FeedbackView {
        may_settle: viewer.sees_all(),
        may_reopen: !row.item.state.waits(),
        staff: staff.into_iter().map(|a| (a.id, a.name)).collect(),
        names,
        row,
    })
}

/// Raises an item, for oneself or for a party that one writes for.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` for another's party; `Invalid`.
pub async fn raise_feedback(
    app: &App,
    viewer: &Viewer,
    title: &str,
    body: &str,
    party: Option<PartyId>,
) -> Result<FeedbackItem, AppError> {
    raise_feedback_once(app, viewer, title, body, party, None).await
}

/// Raises an item once for a key.
///
/// # Errors
/// Those of [`raise_feedback`]; `KeyReused`.
pub async fn raise_feedback_once(
    app: &App,
    viewer: &Viewer,
    title: &str,
    body: &str,
    party: Option<PartyId>,
    key: Option<OnceKey>,
) -> Result<FeedbackItem, AppError> {
    let author = viewer.account.ok_or(AppError::SignInNeeded)?;
    if let Some(kept) = idempotency::kept(app, author, key.as_ref()).await? {
        return Ok(kept);
    }
    if party.is_some_and(|p| !viewer.may_edit_for(p)) {
        return Err(AppError::NotAllowed);
    }
    let mut faults = Vec::new();
    let title = words("title", title, 80, true, &mut faults);
    let body = words("body", body, 3_000, true, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let now = app.now();
    let item = FeedbackItem {
        id: FeedbackId::fresh(&*app.clock, &*app.entropy),
        title,
        body,
        party,
        author,
        owner: None,
        due: None,
        state: FeedbackState::Open,
        answer: String::new(),
        events: Vec::new(),
        demo: false,
        version: 1,
        created_at: now,
    };
    idempotency::once(app, author, key, move |tx| {
        async move {
            kept::insert(tx, &item).await?;
            log_change(tx, now, RecordKind::Feedback, item.id, Action::Created, Some(author)).await?;
            Ok(item)
        }
        .boxed()
    })
    .await
}

/// What somebody wants to do with an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackInput {
    /// The version that was read.
    pub version: i64,
    /// `assign`, `settle`, `refuse` or `reopen`.
    pub what: String,
    /// To whom it is given.
    pub owner: Option<AccountId>,
    /// Until when.
    pub due: String,
    /// What is said.
    pub note: String,
}

fn act(input: &FeedbackInput, faults: &mut Vec<Fault>) -> Option<FeedbackAct> {
    match input.what.as_str() {
        "assign" => {
            let due = must_day("due", &input.due, faults);
            if input.owner.is_none() {
                faults.push(Fault::new("owner", "required"));
            }
            Some(FeedbackAct::Assign { owner: input.owner?, due })
        }
        "settle" => Some(FeedbackAct::Settle),
        "refuse" => Some(FeedbackAct::Refuse),
        "reopen" => Some(FeedbackAct::Reopen),
        _ => {
            faults.push(Fault::new("what", "unknown-choice"));
            None
        }
    }
}

/// Whether somebody may act so: brokers and operators see to items, and who raised one may ask again.
fn may(viewer: &Viewer, item: &FeedbackItem, act: &FeedbackAct) -> bool {
    viewer.sees_all() || (*act == FeedbackAct::Reopen && viewer.account == Some(item.author))
}

/// Refuses who may not act before a file is taken in.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`.
pub async fn may_act_on_feedback(app: &App, viewer: &Viewer, id: FeedbackId) -> Result<(), AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    seen(&mut app.store.reader().await?, viewer, id).await.map(drop)
}

/// Does something with an item; `proof` is the file that shows by what it was settled.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Stale`; `Invalid`.
pub async fn act_on_feedback(
    app: &App,
    viewer: &Viewer,
    id: FeedbackId,
    input: FeedbackInput,
    proof: Option<ProofFile>,
) -> Result<FeedbackItem, AppError> {
    let by = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let item = seen(&mut db, viewer, id).await?;
    let mut faults = Vec::new();
    let asked = act(&input, &mut faults);
    if asked.as_ref().is_some_and(|a| !may(viewer, &item, a)) || (asked.is_none() && !viewer.sees_all()) {
        return Err(AppError::NotAllowed);
    }
    // What somebody else did in between says more than that this can no longer be done.
    if item.version != input.version {
        return Err(AppError::Stale { current: item.version });
    }
    let note = words("note", &input.note, 2_000, false, &mut faults);
    if let Some(owner) = input.owner.filter(|_| input.what == "assign") {
        let staff = accounts::staff(&mut db).await?;
        if staff.iter().all(|a| a.id != owner) {
            faults.push(Fault::new("owner", "not-a-broker"));
        }
    }
    drop(db);
    let (Some(asked), true) = (asked, faults.is_empty()) else { return Err(AppError::Invalid(faults)) };
    let (teller, now) = (Teller::of(app), app.now());
    let fault = |fault| match fault {
        FeedbackFault::NotNow => AppError::invalid("what", "not-now"),
        FeedbackFault::Wordless => AppError::invalid("note", "required"),
    };
    let mut after = item.after(asked, by, (&note, proof), now).map_err(fault)?;
    after.version = input.version + 1;
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                rewrite(tx, &after, input.version).await?;
                log_change(tx, now, RecordKind::Feedback, id, Action::Moved, Some(by)).await?;
                let (people, news) = match after.state {
                    FeedbackState::InHand => (after.owner, ServiceNews::FeedbackGiven),
                    _ => (Some(after.author), ServiceNews::FeedbackAnswered),
                };
                let key = format!("feedback-{id}-{}", after.version);
                let news = News { record: RecordKind::Feedback, id: id.0, title: &after.title, news, key, at: now };
                teller.tell(tx, people, Some(by), news).await?;
                Ok(after)
            }
            .boxed()
        })
        .await
}

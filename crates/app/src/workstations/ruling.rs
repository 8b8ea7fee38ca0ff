//! Deciding a station, and what it brought.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, RecordKind, ServiceNews, StationResult, StationState, Viewer, Workstation, WorkstationId,
};
use keqiao_store::accounts;
use keqiao_store::kept::{self, Asked};

use super::{RESULTS, STANDING, limits, sees};
use crate::records::{News, Teller, found, must_day, rewrite, words};
use crate::{App, AppError, Fault, log_change};

/// What is decided of a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// It is granted.
    Grant,
    /// It is not.
    Refuse,
    /// It is closed.
    Close,
}

/// Decides a station; its limits are looked at once more, beside what stands by now.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for operators; `Stale`; `Invalid`.
pub async fn rule_on_station(
    app: &App,
    viewer: &Viewer,
    id: WorkstationId,
    ruling: Ruling,
    (version, note): (i64, &str),
) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let station: Workstation = found(&mut db, id).await?;
    if !sees(viewer, &station) {
        return Err(AppError::NotFound);
    }
    if !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let (expected, state) = match ruling {
        Ruling::Grant => (StationState::Applied, StationState::Standing),
        Ruling::Refuse => (StationState::Applied, StationState::Refused),
        Ruling::Close => (StationState::Standing, StationState::Closed),
    };
    let mut faults = Vec::new();
    if station.state != expected {
        faults.push(Fault::new("state", "not-now"));
    }
    let answer = words("note", note, 500, ruling != Ruling::Grant, &mut faults);
    if ruling == Ruling::Grant {
        faults.extend(limits(app, &mut db, &station).await?);
    }
    drop(db);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (teller, now) = (Teller::of(app), app.now());
    let rules = app.catalog.workstations.clone();
    let after = Workstation { state, answer, version: version + 1, ..station };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                if ruling == Ruling::Grant {
                    // Another may have been granted since the limits were looked at.
                    let asked = Asked::latest(STANDING).with("state", StationState::Standing.as_str());
                    let standing: Vec<Workstation> = kept::list(tx, asked.from("ends_on", after.from.as_str())).await?;
                    if !after.faults(&rules, &standing).is_empty() {
                        return Err(AppError::invalid("experts", "station-most"));
                    }
                }
                rewrite(tx, &after, version).await?;
                log_change(tx, now, RecordKind::Workstation, id, Action::Moved, Some(account)).await?;
                let people = accounts::acting_for(tx, after.party).await?;
                let key = format!("station-{id}-{}", after.version);
                let (record, news) = (RecordKind::Workstation, ServiceNews::StationDecided);
                let news = News { record, id: id.0, title: &after.name, news, key, at: now };
                teller.tell(tx, people, Some(account), news).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Writes down what a station brought.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for who runs it; `Stale`; `Invalid`.
pub async fn add_result(
    app: &App,
    viewer: &Viewer,
    id: WorkstationId,
    version: i64,
    (day, text): (&str, &str),
) -> Result<(), AppError> {
    let by: AccountId = viewer.account.ok_or(AppError::SignInNeeded)?;
    let station: Workstation = found(&mut app.store.reader().await?, id).await?;
    if !sees(viewer, &station) {
        return Err(AppError::NotFound);
    }
    if !viewer.may_edit_for(station.party) {
        return Err(AppError::NotAllowed);
    }
    let mut faults = Vec::new();
    let day = must_day("day", day, &mut faults);
    let text = words("text", text, 500, true, &mut faults);
    let now = app.now();
    if day > app.settings.zone.day(now) {
        faults.push(Fault::new("day", "in-future"));
    }
    if !matches!(station.state, StationState::Standing | StationState::Closed) {
        faults.push(Fault::new("state", "not-now"));
    }
    if station.results.len() >= RESULTS {
        faults.push(Fault::with("text", "too-many", RESULTS));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let mut after = Workstation { version: version + 1, ..station };
    after.results.push(StationResult { day, text, by, at: now });
    after.results.sort_by(|a, b| (&b.day, b.at).cmp(&(&a.day, a.at)));
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                rewrite(tx, &after, version).await?;
                log_change(tx, now, RecordKind::Workstation, id, Action::Updated, Some(by)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

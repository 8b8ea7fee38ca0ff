//! Who goes, and the hours that come of it.

use futures::FutureExt;
use keqiao_domain::{
    Action, Anomaly, Duty, DutyAct, DutyActor, DutyFault, DutyId, DutyState, RecordKind, RequestState, ServiceNews,
    Viewer, VolunteerId, VolunteerRequest, VolunteerRequestId, anomalies,
};
use keqiao_store::kept::{self, Asked};
use keqiao_store::{StoreError, accounts};

use super::requests::{dispatchable, view_request};
use super::{all_teams, name_in, names};
use crate::records::{News, Teller, found, rewrite};
use crate::{App, AppError, log_change};

/// One's own duties that are shown.
const OWN: i64 = 200;

/// A duty with the names in it.
#[derive(Debug, Clone)]
pub struct DutyRow {
    /// The duty.
    pub duty: Duty,
    /// The request's title.
    pub title: String,
    /// The volunteer.
    pub name: String,
    /// The team.
    pub team: String,
    /// Who confirmed; empty: nobody yet.
    pub prover: String,
    /// What looks wrong about its hours.
    pub anomalies: Vec<Anomaly>,
    /// Whether it is the viewer's.
    pub own: bool,
    /// Whether the viewer speaks for the party that is served.
    pub for_party: bool,
}

/// Asks a volunteer to go.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for who looks after the team, brokers and operators; `Invalid` when the
/// request is over, or the volunteer is asked already or in no team.
pub async fn dispatch(
    app: &App,
    viewer: &Viewer,
    id: VolunteerRequestId,
    volunteer: VolunteerId,
) -> Result<Duty, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let (teller, now, viewer) = (Teller::of(app), app.now(), viewer.clone());
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let request: VolunteerRequest = found(tx, id).await?;
                let (volunteer, team) = dispatchable(tx, &viewer, volunteer).await?;
                if request.state != RequestState::Open {
                    return Err(AppError::invalid("state", "not-now"));
                }
                let duty = Duty {
                    id: teller.fresh(DutyId::fresh),
                    request: id,
                    party: request.party,
                    team: team.id,
                    volunteer: volunteer.account,
                    state: DutyState::Asked,
                    from: request.starts_at,
                    to: request.ends_at,
                    asked_by: account,
                    done: String::new(),
                    reported_at: None,
                    objection: String::new(),
                    proven: None,
                    demo: request.demo,
                    version: 1,
                    created_at: now,
                };
                kept::insert(tx, &duty).await.map_err(|e| match e {
                    StoreError::Conflict(_) => AppError::invalid("volunteer", "asked"),
                    other => other.into(),
                })?;
                log_change(tx, now, RecordKind::VolunteerRequest, id, Action::Updated, Some(account)).await?;
                let (record, news) = (RecordKind::VolunteerRequest, ServiceNews::DutyAsked);
                let key = format!("duty-{}", duty.id);
                let news = News { record, id: id.0, title: &request.title, news, key, at: now };
                teller.tell(tx, [duty.volunteer], Some(account), news).await?;
                Ok(duty)
            }
            .boxed()
        })
        .await
}

/// What is done with a duty, as a form has it; times are the installation's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DutyInput {
    /// `accept`, `decline`, `report`, `prove` or `object`.
    pub what: String,
    /// The version that was read; `None`: whichever there is, but for confirming hours.
    pub version: Option<i64>,
    /// From when.
    pub from: String,
    /// Until when.
    pub to: String,
    /// What was done, or what is wrong.
    pub note: String,
}

fn act(app: &App, input: &DutyInput) -> Result<DutyAct, AppError> {
    let moment = |field: &str, text: &str| {
        app.settings.zone.moment(text.trim()).ok_or_else(|| AppError::invalid(field, "not-a-moment"))
    };
    if input.note.chars().count() > 1_000 {
        return Err(AppError::invalid("note", "too-long"));
    }
    Ok(match input.what.as_str() {
        "accept" => DutyAct::Accept,
        "decline" => DutyAct::Decline,
        "prove" => DutyAct::Prove { seen: input.version.unwrap_or_default() },
        "object" => DutyAct::Object { why: input.note.clone() },
        "report" => DutyAct::Report {
            from: moment("from", &input.from)?,
            to: moment("to", &input.to)?,
            done: input.note.clone(),
        },
        _ => return Err(AppError::NotFound),
    })
}

/// Whether somebody may know of a duty.
fn may_know(viewer: &Viewer, duty: &Duty) -> bool {
    viewer.account == Some(duty.volunteer) || viewer.may_edit_for(duty.party) || viewer.sees_all()
}

/// Answers, reports, confirms or objects. Each of the two parties does its own part, and nobody the other's.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for what is for the other party; `Stale`; `Invalid`.
pub async fn act_on_duty(
    app: &App,
    viewer: &Viewer,
    id: DutyId,
    input: DutyInput,
) -> Result<VolunteerRequestId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let duty: Duty = found(&mut app.store.reader().await?, id).await?;
    if !may_know(viewer, &duty) {
        return Err(AppError::NotFound);
    }
    let by = DutyActor { account, for_party: viewer.may_edit_for(duty.party) };
    let now = app.now();
    let act = act(app, &input)?;
    let outcome = duty.clone().after(act, by, now);
    let is_others = matches!(outcome, Err(DutyFault::NotYours | DutyFault::OwnHours));
    if !is_others && input.version.is_some_and(|seen| seen != duty.version) {
        return Err(AppError::Stale { current: duty.version });
    }
    let after = outcome.map_err(|fault| match fault {
        DutyFault::NotYours | DutyFault::OwnHours => AppError::NotAllowed,
        DutyFault::NotNow => AppError::invalid("state", "not-now"),
        DutyFault::Stale => AppError::Stale { current: duty.version },
        DutyFault::Hours => AppError::invalid("to", "hours"),
        DutyFault::Wordless => AppError::invalid("note", "required"),
    })?;
    let after = Duty { version: duty.version + 1, ..after };
    let teller = Teller::of(app);
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                rewrite(tx, &after, duty.version).await?;
                let request: VolunteerRequest = found(tx, after.request).await?;
                log_change(tx, now, RecordKind::VolunteerRequest, request.id, Action::Updated, Some(account)).await?;
                let (people, news) = match after.state {
                    DutyState::Asked | DutyState::Accepted | DutyState::Declined => {
                        (vec![after.asked_by], ServiceNews::DutyAnswered)
                    }
                    DutyState::Reported => (accounts::acting_for(tx, after.party).await?, ServiceNews::HoursReported),
                    DutyState::Objected => (vec![after.volunteer], ServiceNews::HoursObjected),
                    DutyState::Proven => (vec![after.volunteer], ServiceNews::HoursProven),
                };
                let key = format!("duty-{id}-{}", after.version);
                let record = RecordKind::VolunteerRequest;
                let news = News { record, id: request.id.0, title: &request.title, news, key, at: now };
                teller.tell(tx, people, Some(account), news).await?;
                Ok(request.id)
            }
            .boxed()
        })
        .await
}

/// A duty, for those who may know of it: the volunteer, who looks after the team, and the party that is served.
///
/// # Errors
/// `NotFound`.
pub async fn view_duty(app: &App, viewer: &Viewer, id: DutyId) -> Result<DutyRow, AppError> {
    let duty: Duty = found(&mut app.store.reader().await?, id).await?;
    let rows = view_request(app, viewer, duty.request).await?.duties;
    rows.into_iter().find(|row| row.duty.id == id).ok_or(AppError::NotFound)
}

/// The viewer's own duties, the latest asked first.
///
/// # Errors
/// `SignInNeeded`.
pub async fn my_duties(app: &App, viewer: &Viewer) -> Result<Vec<DutyRow>, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let duties: Vec<Duty> = kept::list(&mut db, Asked::latest(OWN).with("account_id", account.0)).await?;
    let wrong = anomalies(&duties);
    let teams = all_teams(&mut db).await?;
    let who = duties.iter().filter_map(|d| d.proven.map(|(a, _)| a)).chain([account]).collect();
    let people = names(&mut db, who).await?;
    let mut rows = Vec::with_capacity(duties.len());
    for duty in duties {
        let request: VolunteerRequest = found(&mut db, duty.request).await?;
        rows.push(DutyRow {
            title: request.title,
            name: name_in(&people, account),
            team: teams.iter().find(|t| t.id == duty.team).map_or_else(String::new, |t| t.name.clone()),
            prover: duty.proven.map(|(a, _)| name_in(&people, a)).unwrap_or_default(),
            anomalies: wrong.get(&duty.id).cloned().unwrap_or_default(),
            own: true,
            for_party: viewer.may_edit_for(duty.party),
            duty,
        });
    }
    Ok(rows)
}

//! Messages and appointments: what is said and agreed beside the record.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, Appointment, AppointmentId, Engagement, EngagementId, EngagementNews, Message, MessageId,
    RecordKind, Role, Viewer, mentioned,
};
use keqiao_store::engagements::talk;
use keqiao_store::{Conn, accounts};

use super::find_seen;
use super::record::{Recorder, current};
use crate::{App, AppError, Fault, log_change};

/// Most characters of a message.
const MESSAGE: usize = 5_000;
/// Longest appointment, in days.
const LONGEST_DAYS: i64 = 14;

/// An appointment as a form has it; times are the installation's, `2026-11-30T09:05`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppointmentInput {
    /// What it is about.
    pub title: String,
    /// Where.
    pub place: String,
    /// From when.
    pub starts: String,
    /// Until when.
    pub ends: String,
}

/// The engagement inside a transaction, and the capacity in which the viewer speaks in it.
async fn speaking(tx: &mut Conn, viewer: &Viewer, id: EngagementId) -> Result<(Engagement, AccountId, Role), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let engagement = current(tx, id).await?;
    if !viewer.sees_engagement(&engagement) {
        return Err(AppError::NotFound);
    }
    let role = viewer.roles_in_engagement(&engagement).first().copied().ok_or(AppError::NotAllowed)?;
    Ok((engagement, account, role))
}

/// Refuses who may not speak before anything is said of what was typed.
async fn may_speak(app: &App, viewer: &Viewer, id: EngagementId) -> Result<(), AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let engagement = find_seen(&mut app.store.reader().await?, viewer, id).await?;
    if viewer.roles_in_engagement(&engagement).is_empty() { Err(AppError::NotAllowed) } else { Ok(()) }
}

/// Writes a message.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may only read; `Invalid`.
pub async fn post_message(app: &App, viewer: &Viewer, id: EngagementId, body: &str) -> Result<Message, AppError> {
    may_speak(app, viewer, id).await?;
    let body = body.trim().replace("\r\n", "\n");
    if body.is_empty() {
        return Err(AppError::invalid("body", "required"));
    }
    if body.chars().count() > MESSAGE {
        return Err(AppError::Invalid(vec![Fault::with("body", "too-long", MESSAGE)]));
    }
    let (recorder, now, viewer) = (Recorder::of(app), app.now(), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let (engagement, author, role) = speaking(tx, &viewer, id).await?;
                let message =
                    Message { id: recorder.fresh(MessageId::fresh), engagement: id, author, role, body, at: now };
                talk::insert_message(tx, &message).await?;
                let key = format!("message-{}", message.id);
                let others = recorder.others(tx, &engagement, author).await?;
                let names = accounts::names(tx, &others).await?;
                let named: Vec<AccountId> = mentioned(&message.body, &names).into_iter().copied().collect();
                recorder.tell(tx, &engagement, &named, EngagementNews::Mentioned, &key, now).await?;
                // Who was told so is not told once more: the key is the same.
                recorder.tell(tx, &engagement, &others, EngagementNews::Message, &key, now).await?;
                log_change(tx, now, RecordKind::Engagement, id, Action::Updated, Some(author)).await?;
                Ok(message)
            }
            .boxed()
        })
        .await
}

/// Makes an appointment.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may only read; `Invalid`.
pub async fn make_appointment(
    app: &App,
    viewer: &Viewer,
    id: EngagementId,
    input: AppointmentInput,
) -> Result<Appointment, AppError> {
    may_speak(app, viewer, id).await?;
    let zone = &app.settings.zone;
    let mut faults = Vec::new();
    for (field, text, required) in [("title", &input.title, true), ("place", &input.place, false)] {
        if text.trim().is_empty() && required {
            faults.push(Fault::new(field, "required"));
        } else if text.chars().count() > 200 {
            faults.push(Fault::with(field, "too-long", 200));
        }
    }
    let mut moment = |field: &str, text: &str| {
        let at = zone.moment(text.trim());
        if at.is_none() {
            faults.push(Fault::new(field, if text.trim().is_empty() { "required" } else { "not-a-moment" }));
        }
        at
    };
    let (starts, ends) = (moment("starts", &input.starts), moment("ends", &input.ends));
    let (Some(starts_at), Some(ends_at)) = (starts, ends) else { return Err(AppError::Invalid(faults)) };
    if ends_at <= starts_at || starts_at.plus_days(LONGEST_DAYS) < ends_at {
        faults.push(Fault::new("ends", "before-start"));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (title, place) = (input.title.trim().to_owned(), input.place.trim().to_owned());
    let (recorder, now, viewer) = (Recorder::of(app), app.now(), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let (engagement, author, role) = speaking(tx, &viewer, id).await?;
                let appointment = Appointment {
                    id: recorder.fresh(AppointmentId::fresh),
                    engagement: id,
                    title,
                    place,
                    starts_at,
                    ends_at,
                    author,
                    role,
                    created_at: now,
                    cancelled_at: None,
                };
                talk::insert_appointment(tx, &appointment).await?;
                let key = format!("appointment-{}", appointment.id);
                recorder.tell_others(tx, &engagement, author, EngagementNews::Appointment, (&key, now)).await?;
                log_change(tx, now, RecordKind::Engagement, id, Action::Updated, Some(author)).await?;
                Ok(appointment)
            }
            .boxed()
        })
        .await
}

/// Calls an appointment off.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may only read.
pub async fn call_off_appointment(app: &App, viewer: &Viewer, id: AppointmentId) -> Result<Appointment, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let (recorder, now, viewer) = (Recorder::of(app), app.now(), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let found = talk::find_appointment(tx, id).await?.ok_or(AppError::NotFound)?;
                let (engagement, account, _) = speaking(tx, &viewer, found.engagement).await?;
                if talk::cancel_appointment(tx, id, now).await? {
                    let key = format!("appointment-off-{id}");
                    recorder.tell_others(tx, &engagement, account, EngagementNews::Appointment, (&key, now)).await?;
                    let of = found.engagement;
                    log_change(tx, now, RecordKind::Engagement, of, Action::Updated, Some(account)).await?;
                }
                Ok(Appointment { cancelled_at: found.cancelled_at.or(Some(now)), ..found })
            }
            .boxed()
        })
        .await
}

/// An appointment with the engagement it is made in.
///
/// # Errors
/// `NotFound`.
pub async fn view_appointment(
    app: &App,
    viewer: &Viewer,
    id: AppointmentId,
) -> Result<(Appointment, Engagement), AppError> {
    let mut db = app.store.reader().await?;
    let found = talk::find_appointment(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let engagement = find_seen(&mut db, viewer, found.engagement).await?;
    Ok((found, engagement))
}

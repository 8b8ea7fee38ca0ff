//! Messages and appointments of an engagement; an appointment is also an invitation for a calendar.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use keqiao_app::App;
use keqiao_app::calendar::{Lines, escaped, stamp};
use keqiao_app::engagements::{
    AppointmentInput, EngagementView, call_off_appointment, make_appointment, post_message, view_appointment,
};
use keqiao_domain::{Appointment, AppointmentId, EngagementId};

use super::{Typed, done};
use crate::fields::Sent;
use crate::pages::parse_id;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default()
        .post("/engagements/{id}/messages", say)
        .post("/engagements/{id}/appointments", meet)
        .post("/appointments/{id}/off", call_off)
        .get("/appointments/{id}", invitation)
}

/// An appointment as the page shows it.
pub(super) struct Meeting {
    pub(super) id: AppointmentId,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) who: String,
    pub(super) off: bool,
}

/// The appointments, at the installation's time.
pub(super) fn meetings(app: &App, view: &EngagementView) -> Vec<Meeting> {
    let zone = &app.settings.zone;
    let meeting = |a: &Appointment| Meeting {
        id: a.id,
        title: a.title.clone(),
        place: a.place.clone(),
        from: zone.minute(a.starts_at),
        to: zone.minute(a.ends_at),
        who: view.names.get(&a.author).cloned().unwrap_or_default(),
        off: a.cancelled_at.is_some(),
    };
    view.appointments.iter().map(meeting).collect()
}

async fn say(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = match parse_id::<EngagementId>(&id) {
        Ok(id) => post_message(&visit.web.app, &visit.viewer(), id, fields.get("body")).await.map(drop),
        Err(error) => Err(error),
    };
    done(&visit, &id, Typed { form: "message", fields, ..Typed::default() }, result, "message-sent").await
}

async fn meet(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let said = |name| fields.get(name).to_owned();
    let input =
        AppointmentInput { title: said("title"), place: said("place"), starts: said("starts"), ends: said("ends") };
    let result = match parse_id::<EngagementId>(&id) {
        Ok(id) => make_appointment(&visit.web.app, &visit.viewer(), id, input).await.map(drop),
        Err(error) => Err(error),
    };
    done(&visit, &id, Typed { form: "appointment", fields, ..Typed::default() }, result, "appointment-made").await
}

async fn call_off(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let off = match parse_id::<AppointmentId>(&id) {
        Ok(id) => call_off_appointment(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    match off {
        Ok(a) => done(&visit, &a.engagement.to_string(), Typed::default(), Ok(()), "appointment-off").await,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn invitation(visit: Visit, Path(id): Path<String>) -> Response {
    let found = match parse_id::<AppointmentId>(&id) {
        Ok(id) => view_appointment(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    let (appointment, engagement) = match found {
        Ok(found) => found,
        Err(error) => return visit.fault(error).into_response(),
    };
    let url = format!("{}/engagements/{}", visit.web.app.settings.public_url, engagement.id);
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.ics\"", appointment.id)),
    ];
    (headers, calendar(&appointment, &engagement.subject.title, &url)).into_response()
}

/// One event (RFC 5545); called off, it says so under the same UID.
fn calendar(a: &Appointment, engagement: &str, url: &str) -> Vec<u8> {
    let off = a.cancelled_at.is_some();
    let mut out = Lines::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Keqiao//Keqiao//ZH");
    out.line("METHOD", if off { "CANCEL" } else { "PUBLISH" });
    out.line("BEGIN", "VEVENT");
    out.line("UID", &format!("{}@keqiao", a.id));
    out.line("SEQUENCE", if off { "1" } else { "0" });
    out.line("STATUS", if off { "CANCELLED" } else { "CONFIRMED" });
    out.line("DTSTAMP", &stamp(a.cancelled_at.unwrap_or(a.created_at)));
    out.line("DTSTART", &stamp(a.starts_at));
    out.line("DTEND", &stamp(a.ends_at));
    out.line("SUMMARY", &escaped(&a.title));
    out.line("DESCRIPTION", &escaped(&format!("{engagement}\n{url}")));
    if !a.place.is_empty() {
        out.line("LOCATION", &escaped(&a.place));
    }
    out.line("URL", url);
    out.line("END", "VEVENT");
    out.line("END", "VCALENDAR");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use keqiao_domain::{AccountId, Role, Timestamp};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_invitation_called_off_keeps_its_uid() {
        let appointment = Appointment {
            id: AppointmentId(Uuid::from_u128(1)),
            engagement: EngagementId(Uuid::from_u128(2)),
            title: "看样品, 现场".into(),
            place: String::new(),
            starts_at: Timestamp::from_micros(1_772_323_200_000_000),
            ends_at: Timestamp::from_micros(1_772_326_800_000_000),
            author: AccountId(Uuid::from_u128(3)),
            role: Role::Need,
            created_at: Timestamp::from_micros(0),
            cancelled_at: None,
        };
        let text = |a: &Appointment| String::from_utf8(calendar(a, "对接", "http://x/engagements/2")).unwrap();
        let made = text(&appointment);
        assert!(made.contains("DTSTART:20260301T000000Z\r\n") && made.contains("SUMMARY:看样品\\, 现场"), "{made}");
        let off = text(&Appointment { cancelled_at: Some(Timestamp::from_micros(5)), ..appointment });
        let uid = |text: &str| text.lines().find(|l| l.starts_with("UID:")).map(str::to_owned);
        assert_eq!(uid(&made), uid(&off));
        assert!(off.contains("METHOD:CANCEL") && off.contains("STATUS:CANCELLED") && off.contains("SEQUENCE:1"));
    }
}

//! `/services`: what brokers, volunteers, workstations and alliances do, and where a notice about it leads.

use askama::Template;
use axum::response::Response;
use keqiao_domain::{RecordId, RecordKind};

use super::draw;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/services", show)
}

#[derive(Template)]
#[template(path = "services.html")]
struct Page {
    f: Frame,
    /// Address, name and what it is for.
    doors: Vec<(&'static str, &'static str, &'static str)>,
}

async fn show(visit: Visit) -> Response {
    let f = visit.frame_of("services-title");
    let mut doors = vec![
        ("/volunteers", "volunteers-title", "services-volunteers"),
        ("/alliances", "alliances-title", "services-alliances"),
        ("/workstations", "stations-title", "services-stations"),
        ("/feedback", "feedback-title", "services-feedback"),
    ];
    if f.viewer.sees_all() {
        doors.extend([
            ("/visits", "visits-title", "services-visits"),
            ("/handover", "handover-title", "services-handover"),
        ]);
    }
    let doors = doors.into_iter().map(|(href, name, text)| (href, f.t(name), f.t(text))).collect();
    draw(&Page { doors, f })
}

/// The page of a record that a notice speaks of.
pub(super) fn address(record: RecordKind, id: RecordId) -> String {
    match record {
        RecordKind::Visit => format!("/visits/{id}"),
        RecordKind::Feedback => format!("/feedback/{id}"),
        RecordKind::VolunteerTeam => format!("/volunteers/teams/{id}"),
        RecordKind::VolunteerRequest => format!("/volunteers/requests/{id}"),
        RecordKind::Workstation => format!("/workstations/{id}"),
        RecordKind::Alliance => format!("/alliances/{id}"),
        RecordKind::Agreement => format!("/agreements/{id}"),
        RecordKind::Listing => format!("/publish?listing={id}"),
        _ => "/desk/notices".to_owned(),
    }
}

//! What other programs follow or take along: Atom feeds, a calendar, a neighbourhood of the graph, facts as a sheet.

mod atom;
mod calendar;
mod neighbourhood;
mod sheet;
mod xml;

use axum::response::{IntoResponse, Response};
use keqiao_app::graph::FactFilter;
use keqiao_app::{AppError, Fault};

use super::filter::query_of;
use crate::api::news::{day, kinds};
use crate::fields::Fields;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/articles.atom", atom::articles)
        .get("/facts.atom", atom::facts)
        .get("/activities.ics", calendar::activities)
        .get("/graph.graphml", neighbourhood::graphml)
        .get("/graph.jsonld", neighbourhood::json_ld)
        .get("/facts.csv", sheet::facts)
}

/// A file of a media type, or the page that says why there is none.
fn told(visit: &Visit, media_type: &'static str, made: Result<Vec<u8>, AppError>) -> Response {
    match made {
        Ok(bytes) => ([(axum::http::header::CONTENT_TYPE, media_type)], bytes).into_response(),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The words of `kind` in an address.
fn kind_words(fields: &Fields) -> Vec<String> {
    fields.all("kind").into_iter().filter(|w| !w.is_empty()).take(20).map(str::to_owned).collect()
}

/// Which facts an address asks for, in the words of the timeline.
fn fact_filter(visit: &Visit) -> Result<FactFilter, AppError> {
    let fields = query_of(visit)?;
    let mut faults = Vec::new();
    let text = |name: &str| fields.filled(name).map(str::to_owned);
    let mut id = |name: &'static str| {
        let text = fields.filled(name)?;
        let id = text.parse::<uuid::Uuid>().ok();
        if id.is_none() {
            faults.push(Fault::with(name, "unknown-code", text.chars().take(40).collect::<String>()));
        }
        id
    };
    let (entity, article) = (id("entity"), id("article"));
    let filter = FactFilter {
        kinds: kinds(&kind_words(&fields), &mut faults),
        entity: entity.map(Into::into),
        article: article.map(Into::into),
        from: day("from", text("from"), &mut faults),
        to: day("to", text("to"), &mut faults),
        dated: false,
    };
    if faults.is_empty() { Ok(filter) } else { Err(AppError::Invalid(faults)) }
}

//! `/api/v1/openapi.json`: the API's own description, OpenAPI 3.1.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{
    articles, catalog, changes, contract, engagements, entities, facts, feedback, graph, listings, matches, parties,
    problem, programs, search, volunteer_duties, volunteer_requests, volunteer_teams, why,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Keqiao 科桥 API",
        description = "Needs and offers of science and technology, and explained matches between them.\n\n\
            News are read into articles, entities and facts; a span counts characters of the file as it was decoded.\n\n\
            Reading needs no account; a token (`Authorization: Bearer kq_…`, made under *Account*) reads what its \
            account reads, and writes when it has the scope `write`. Refusals are `application/problem+json` with \
            a stable `code`. Lists go on with `after` = `next`. Unknown parameters and fields are refused by name.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        listings::list, listings::show, listings::create, listings::write, listings::submit_listing,
        listings::renew_listing, listings::close_listing, parties::list, parties::show, parties::create,
        parties::write, search::find, matches::find, why::why, changes::follow, catalog::show, articles::list,
        articles::show, articles::text, articles::create, entities::list, entities::show, facts::list, facts::by_period, graph::show,
        engagements::list, engagements::show, engagements::open, engagements::step, engagements::say,
        engagements::attach, engagements::count, engagements::chain, contract::contract, feedback::list,
        feedback::raise, feedback::show, feedback::step, volunteer_requests::list, volunteer_requests::ask,
        volunteer_requests::show, volunteer_requests::send, volunteer_requests::end, volunteer_duties::show,
        volunteer_duties::step, volunteer_teams::list, volunteer_teams::found, volunteer_teams::show, volunteer_teams::join,
        volunteer_teams::decide, programs::list, programs::show, programs::entries, programs::enter, programs::ranked,
        programs::shown, programs::entry, programs::step, show,
    ),
    components(schemas(problem::Problem)),
    modifiers(&TokenScheme),
)]
struct Description;

struct TokenScheme;

impl Modify for TokenScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("kq_…").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "description", responses((status = 200, description = "OpenAPI 3.1")))]
pub(crate) async fn show() -> Response {
    match Description::openapi().to_json() {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the description cannot be written");
            axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

//! The API under `/api/v1`: one file for each address, its body beside it.

mod answer;
mod article;
mod articles;
mod caller;
mod cards;
mod catalog;
mod changes;
mod contract;
mod engagement;
mod engagements;
mod entities;
mod facts;
mod feedback;
mod graph;
mod input;
mod listing;
mod listings;
mod matches;
pub(crate) mod news;
mod openapi;
mod parties;
mod party;
mod problem;
mod program;
mod programs;
mod search;
mod volunteer_duties;
mod volunteer_requests;
mod volunteer_teams;
mod why;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use keqiao_app::AppError;

use crate::routes::Routes;
use problem::Teller;

/// All routes of the API.
pub(crate) fn routes() -> Routes {
    // A file has a limit of its own.
    let files = Routes::default()
        .post("/api/v1/articles", articles::create)
        .post("/api/v1/engagements/{id}/files", engagements::attach)
        .map_router(|router| router.layer(DefaultBodyLimit::disable()));
    Routes::default()
        .merge(files)
        .get("/api/v1/articles", articles::list)
        .get("/api/v1/articles/{id}", articles::show)
        .get("/api/v1/articles/{id}/text", articles::text)
        .get("/api/v1/chains/{hash}", engagements::chain)
        .get("/api/v1/engagement-figures", engagements::count)
        .get("/api/v1/engagements", engagements::list)
        .post("/api/v1/engagements", engagements::open)
        .get("/api/v1/engagements/{id}", engagements::show)
        .post("/api/v1/engagements/{id}/steps", engagements::step)
        .post("/api/v1/engagements/{id}/messages", engagements::say)
        .get("/api/v1/engagements/{id}/contract", contract::contract)
        .get("/api/v1/feedback", feedback::list)
        .post("/api/v1/feedback", feedback::raise)
        .get("/api/v1/feedback/{id}", feedback::show)
        .post("/api/v1/feedback/{id}/steps", feedback::step)
        .get("/api/v1/volunteer-requests", volunteer_requests::list)
        .post("/api/v1/volunteer-requests", volunteer_requests::ask)
        .get("/api/v1/volunteer-requests/{id}", volunteer_requests::show)
        .post("/api/v1/volunteer-requests/{id}/duties", volunteer_requests::send)
        .post("/api/v1/volunteer-requests/{id}/end", volunteer_requests::end)
        .get("/api/v1/volunteer-duties/{id}", volunteer_duties::show)
        .post("/api/v1/volunteer-duties/{id}/steps", volunteer_duties::step)
        .get("/api/v1/volunteer-teams", volunteer_teams::list)
        .post("/api/v1/volunteer-teams", volunteer_teams::found)
        .get("/api/v1/volunteer-teams/{id}", volunteer_teams::show)
        .post("/api/v1/volunteer-teams/{id}/volunteers", volunteer_teams::join)
        .post("/api/v1/volunteers/{id}/decision", volunteer_teams::decide)
        .get("/api/v1/entities", entities::list)
        .get("/api/v1/entities/{id}", entities::show)
        .get("/api/v1/facts", facts::list)
        .get("/api/v1/graph", graph::show)
        .get("/api/v1/timeline", facts::by_period)
        .get("/api/v1/listings", listings::list)
        .post("/api/v1/listings", listings::create)
        .get("/api/v1/listings/{id}", listings::show)
        .put("/api/v1/listings/{id}", listings::write)
        .post("/api/v1/listings/{id}/submit", listings::submit_listing)
        .post("/api/v1/listings/{id}/renew", listings::renew_listing)
        .post("/api/v1/listings/{id}/close", listings::close_listing)
        .get("/api/v1/programs", programs::list)
        .get("/api/v1/programs/{id}", programs::show)
        .get("/api/v1/programs/{id}/entries", programs::entries)
        .post("/api/v1/programs/{id}/entries", programs::enter)
        .get("/api/v1/programs/{id}/ranking", programs::ranked)
        .get("/api/v1/programs/{id}/hall", programs::shown)
        .get("/api/v1/entries/{id}", programs::entry)
        .post("/api/v1/entries/{id}/steps", programs::step)
        .get("/api/v1/parties", parties::list)
        .post("/api/v1/parties", parties::create)
        .get("/api/v1/parties/{id}", parties::show)
        .put("/api/v1/parties/{id}", parties::write)
        .get("/api/v1/search", search::find)
        .post("/api/v1/match", matches::find)
        .post("/api/v1/match/why", why::why)
        .get("/api/v1/changes", changes::follow)
        .get("/api/v1/catalog", catalog::show)
        .get("/api/v1/openapi.json", openapi::show)
        .map_router(|router| {
            router
                .method_not_allowed_fallback(method_not_allowed)
                .route("/api", any(unknown))
                .route("/api/{*rest}", any(unknown))
        })
}

/// Whether an address is the API's, and so is answered in JSON.
pub(crate) fn is_ours(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// A fault told before anyone looked who is calling.
pub(crate) fn plain_fault(request: &Request, status: StatusCode, code: &'static str) -> Response {
    Teller::of(request.uri(), request.headers()).plain(status, code).into_response()
}

async fn unknown(request: Request) -> Response {
    Teller::of(request.uri(), request.headers()).refuse(&AppError::NotFound).into_response()
}

async fn method_not_allowed(request: Request) -> Response {
    plain_fault(&request, StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
}

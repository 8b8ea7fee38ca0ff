//! The pages, one file each: route, handler, template's struct, test.

mod account;
mod admin;
mod agreement;
mod agreements;
mod alliances;
mod article;
mod article_file;
mod article_upload;
mod articles;
mod attachment;
mod chains;
mod chips;
mod coach;
mod dashboard;
mod desk;
mod difference;
mod engagement;
mod engagements;
mod entities;
mod entity;
mod entity_answers;
mod entity_review;
mod entry;
mod facet;
mod fact;
mod fact_forms;
mod feedback;
mod feeds;
mod filter;
mod form;
mod form_fields;
mod found;
mod graph;
mod hall;
mod handover;
mod help;
mod home;
mod import;
mod invitation;
mod json_ld;
mod listing;
mod organization;
mod party;
mod party_form;
mod password;
mod path;
mod people;
mod programs;
mod publish;
mod ranking;
mod review;
mod said;
mod services;
mod sheets;
mod sign_in;
mod sign_up;
mod spec;
mod status;
mod timeline;
mod together;
mod told;
mod trail;
mod upload;
mod versions;
mod visits;
mod volunteers;
mod when;
mod why;
mod workstations;

use std::any::Any;

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::fault::PageFault;
use crate::locale::Preferences;
use crate::page::Frame;
use crate::routes::Routes;
use crate::state::Web;
use crate::visit::{Visit, request_id};

/// All routes of pages.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(versions::routes())
        .merge(import::routes())
        .merge(desk::routes())
        .merge(engagements::routes())
        .merge(engagement::routes())
        .merge(dashboard::routes())
        .merge(visits::routes())
        .merge(volunteers::routes())
        .merge(services::routes())
        .merge(workstations::routes())
        .merge(alliances::routes())
        .merge(handover::routes())
        .merge(feedback::routes())
        .merge(programs::routes())
        .merge(review::routes())
        .merge(publish::routes())
        .merge(coach::routes())
        .merge(home::routes())
        .merge(sign_in::routes())
        .merge(sign_up::routes())
        .merge(password::routes())
        .merge(invitation::routes())
        .merge(account::routes())
        .merge(organization::routes())
        .merge(people::routes())
        .merge(admin::routes())
        .merge(ranking::routes())
        .merge(hall::routes())
        .merge(sheets::routes())
        .merge(feeds::routes())
        .merge(listing::routes())
        .merge(why::routes())
        .merge(chains::routes())
        .merge(attachment::routes())
        .merge(party::routes())
        .merge(articles::routes())
        .merge(article_upload::routes())
        .merge(article::routes())
        .merge(article_file::routes())
        .merge(fact::routes())
        .merge(entity_review::routes())
        .merge(entity_answers::routes())
        .merge(agreements::routes())
        .merge(agreement::routes())
        .merge(entities::routes())
        .merge(entity::routes())
        .merge(graph::routes())
        .merge(path::routes())
        .merge(timeline::routes())
        .merge(help::routes())
        .merge(status::routes())
}

/// An id in an address; one that is none is the id of nothing.
pub(crate) fn parse_id<T: std::str::FromStr>(text: &str) -> Result<T, keqiao_app::AppError> {
    text.parse().map_err(|_| keqiao_app::AppError::NotFound)
}

/// Draws a template.
pub(crate) fn draw(page: &impl Template) -> Response {
    drawn(page.render())
}

fn drawn(page: askama::Result<String>) -> Response {
    match page {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The page of an address that is none of ours.
pub(crate) async fn not_found(visit: Visit) -> Response {
    let (frame, id) = (visit.frame(""), visit.request_id.clone());
    PageFault::plain(StatusCode::NOT_FOUND, "not-found", frame, id).into_response()
}

/// The page of an address that is asked in a way it does not know.
pub(crate) async fn method_not_allowed(visit: Visit) -> Response {
    let (frame, id) = (visit.frame(""), visit.request_id.clone());
    PageFault::plain(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", frame, id).into_response()
}

/// A fault told before anyone looked who is visiting.
pub(crate) fn plain_fault(web: &Web, request: &Request, status: StatusCode, code: &'static str) -> Response {
    if crate::api::is_ours(request.uri().path()) {
        return crate::api::plain_fault(request, status, code);
    }
    let preferences = Preferences::read(request.uri().query().unwrap_or_default(), request.headers());
    let frame = Frame::new(preferences, "/", "", web.app.catalog.clone());
    PageFault::plain(status, code, frame, request_id(request.headers())).into_response()
}

/// The answer to a request whose handler panicked.
pub(crate) fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let what = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    tracing::error!(what, "a handler panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, "internal fault / 内部错误").into_response()
}

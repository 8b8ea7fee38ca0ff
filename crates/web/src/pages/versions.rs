//! Versions of a listing, and what differs between two of them.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::listings::{compare_versions, versions, view_listing};
use keqiao_domain::{Listing, ListingId, ListingVersion};

use super::difference::{Piece, pieces};
use super::draw;
use super::publish::{differences, id_of};
use crate::fields::Fields;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/listings/{id}/versions", show).get("/listings/{id}/versions/compare", compare)
}

#[derive(Template)]
#[template(path = "versions.html")]
struct Versions {
    f: Frame,
    listing: Listing,
    /// Newest first; each with the number of the one before it.
    kept: Vec<(ListingVersion, Option<i64>)>,
}

/// A field that differs.
struct Changed {
    label: String,
    pieces: Vec<Piece>,
}

#[derive(Template)]
#[template(path = "versions_compare.html")]
struct Compare {
    f: Frame,
    listing: Listing,
    old: ListingVersion,
    new: ListingVersion,
    changed: Vec<Changed>,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match versions_page(&visit, &id).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn versions_page(visit: &Visit, id: &str) -> Result<Response, AppError> {
    let (listing, kept) = versions(&visit.web.app, &visit.viewer(), id_of(id)?).await?;
    let before: Vec<Option<i64>> = kept.iter().skip(1).map(|v| Some(v.version)).chain([None]).collect();
    let f = visit.frame_of("versions-title");
    Ok(draw(&Versions { f, listing, kept: kept.into_iter().zip(before).collect() }))
}

async fn compare(visit: Visit, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    match compare_page(&visit, &id, &query.unwrap_or_default()).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn compare_page(visit: &Visit, id: &str, query: &str) -> Result<Response, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ListingId = id_of(id)?;
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    let number = |name: &str| fields.get(name).parse().map_err(|_| AppError::NotFound);
    let (old, new) = compare_versions(app, &viewer, id, number("old")?, number("new")?).await?;
    let listing = view_listing(app, &viewer, id).await?.listing;
    let f = visit.frame_of("versions-compare");
    let changed = differences(&f, listing.side, &old.content, &new.content)
        .into_iter()
        .map(|(label, one, other)| Changed { label, pieces: pieces(&one, &other) })
        .collect();
    Ok(draw(&Compare { f, listing, old, new, changed }))
}

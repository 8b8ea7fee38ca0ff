//! Step 3: what the coach says, what is missing, how it will look; and handing in.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::listings::{ListingView, missing_for_review, submit, view_listing, view_listing_for_edit};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{Criterion, Listing, ListingId, ListingState};

use super::{Preview, id_of};
use crate::fault::{fault_text, status_of};
use crate::fields::Sent;
use crate::page::{Frame, Tone};
use crate::pages::upload::FileTypes;
use crate::pages::{coach, draw};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default().get("/publish/{id}", show).post("/publish/{id}", hand_in)
}

#[derive(Template)]
#[template(path = "publish_check.html")]
struct Check {
    f: Frame,
    listing: Listing,
    party: String,
    preview: Preview,
    files: Vec<keqiao_domain::Attachment>,
    /// What may be attached, for the browser and for the reader.
    types: FileTypes,
    /// What is missing: the field's name and what is wrong.
    missing: Vec<(String, String)>,
    /// What a reviewer wrote when the listing came back; empty: nothing.
    comment: String,
    total: u8,
    meters: Vec<(Criterion, u8, String)>,
    fault: String,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, None).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The name of a field of a fault.
pub(super) fn label_of(f: &Frame, field: &str) -> String {
    match field.strip_prefix("attributes.") {
        Some(property) => f.property(property).to_owned(),
        None => match field {
            "title" => f.t("work-title").to_owned(),
            "body" => f.t("work-body").to_owned(),
            other => other.to_owned(),
        },
    }
}

/// The page; with a fault it tells that too, in the fault's status.
pub(super) async fn page(visit: &Visit, id: &str, fault: Option<AppError>) -> Result<Response, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ListingId = id_of(id)?;
    let listing = view_listing_for_edit(app, &viewer, id).await?;
    let ListingView { party, attachments, has_annex, reviews, .. } = view_listing(app, &viewer, id).await?;
    let f = visit.frame_of("work-check");
    let missing = missing_for_review(&app.catalog, listing.side, &listing.content, &app.text);
    let last = reviews.first().filter(|_| listing.state == ListingState::Draft);
    let meters = coach::meters(app, &f, listing.side, &listing.content).await?;
    let mut status = StatusCode::OK;
    let said = fault.map_or_else(String::new, |error| {
        status = status_of(&error);
        words(&f, &error)
    });
    let page = Check {
        party: party.name,
        preview: Preview::new(&f, &listing, has_annex),
        files: attachments,
        types: FileTypes::of(app),
        missing: missing.iter().map(|fault| (label_of(&f, &fault.field), fault_text(&f, fault))).collect(),
        comment: last.map(|review| review.comment.clone()).unwrap_or_default(),
        total: meters.iter().map(|(_, score, _)| score).sum(),
        meters,
        fault: said,
        listing,
        f,
    };
    let mut response = draw(&page);
    *response.status_mut() = status;
    Ok(response)
}

/// A refusal in one line, for the page on which it happened.
fn words(f: &Frame, error: &AppError) -> String {
    let line = |fault: &Fault| match fault.field.as_str() {
        "file" => fault_text(f, fault),
        field => format!("{} · {}", label_of(f, field), fault_text(f, fault)),
    };
    match error {
        AppError::Invalid(faults) => faults.iter().map(line).collect::<Vec<_>>().join("；"),
        AppError::TooLarge { limit } => {
            f.t1("work-file-too-large", "limit", f.size(&i64::try_from(*limit).unwrap_or(i64::MAX)))
        }
        other => f.locale.find(&format!("error-{}-what", other.code())).unwrap_or_default().to_owned(),
    }
}

async fn hand_in(visit_path: Path<String>, Sent(visit, _): Sent) -> Response {
    let Path(id) = visit_path;
    let done = match id_of(&id) {
        Ok(id) => submit(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    let refused = match done {
        Ok(_) => {
            return with_flash(&visit.web, Redirect::to("/desk").into_response(), Tone::Done, "submitted");
        }
        Err(error @ (AppError::Invalid(_) | AppError::Transition(_))) => page(&visit, &id, Some(error)).await,
        Err(error) => Err(error),
    };
    refused.unwrap_or_else(|error| visit.fault(error).into_response())
}

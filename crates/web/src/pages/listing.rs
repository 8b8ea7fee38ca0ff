//! `/listings/{id}`: one need or offer, its best matches, and what its owner does with it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::engagements_of_listing;
use keqiao_app::listings::{ListingView, accept_annex, close, renew, submit, view_listing};
use keqiao_app::matching::{Found, ListingMatches, best_matches, match_listing};
use keqiao_app::ranking::{Look, note_opened};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{Attachment, CRITERIA, Criterion, Engagement, ListingId, ListingState, Review, Role, Side, Tier};

use super::engagement::reason_name;
use super::found::FoundRow;
use super::spec::{SpecRow, member_fields, specs};
use super::together::Alliances;
use super::{draw, parse_id};
use crate::fault::fault_text;
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::state::Web;
use crate::visit::{Visit, with_flash};

/// Matches shown on the listing's own page.
const BEST: usize = 5;
/// Matches on the page of all of them.
const ALL: usize = 30;
/// Sets of partners on the page of all matches.
const SETS: usize = 3;
/// Characters of the summary that search engines are told.
const DESCRIPTION: usize = 150;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/listings/{id}", show)
        .get("/listings/{id}/matches", show_matches)
        .post("/listings/{id}/annex", send_annex)
        .post("/listings/{id}/submit", send_submit)
        .post("/listings/{id}/renew", send_renew)
        .post("/listings/{id}/close", send_close)
}

/// A review with its scores beside the criteria.
struct ReviewRow {
    review: Review,
    scores: Vec<(Criterion, u8)>,
}

#[derive(Template)]
#[template(path = "listing.html")]
struct ListingPage {
    f: Frame,
    view: ListingView,
    /// What is offered or required.
    specs: Vec<SpecRow>,
    /// The body's paragraphs.
    body: Vec<String>,
    annex: Vec<String>,
    industry: Option<String>,
    chain: Vec<String>,
    /// Names of fields that a visitor sees after signing in.
    for_members: Vec<String>,
    files: Vec<Attachment>,
    reviews: Vec<ReviewRow>,
    rows: Vec<FoundRow>,
    /// Why others declined, and how often; for its own people.
    declined: Vec<(String, usize)>,
    /// Who meets a need's musts together where nobody does alone.
    together: Option<Alliances>,
    /// Whether the viewer may renew and close.
    may_move: bool,
    /// Whether the versions are for the viewer.
    own_side: bool,
    /// What stood in the way of the last step.
    faults: Vec<String>,
    sign_in: String,
    /// Description for machines; JSON that is safe inside a script element.
    json_ld: String,
}

#[derive(Template)]
#[template(path = "listing_matches.html")]
struct MatchesPage {
    f: Frame,
    trail: Vec<(String, String)>,
    id: ListingId,
    rows: Vec<FoundRow>,
    together: Option<Alliances>,
    side: Side,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    opened_from(&visit, &id);
    match page(&visit, &id, &[]).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// A listing that was opened from a list of matches.
fn opened_from(visit: &Visit, id: &str) {
    let Some((_, query)) = visit.path.split_once('?') else { return };
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    if let (Some(Ok(showing)), Ok(listing)) = (fields.filled("via").map(str::parse), id.parse()) {
        note_opened(&visit.web.app, &visit.viewer(), showing, listing);
    }
}

async fn page(visit: &Visit, id: &str, faults: &[Fault]) -> Result<ListingPage, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ListingId = parse_id(id)?;
    let view = view_listing(app, &viewer, id).await?;
    let content = &view.listing.content;
    let found = if view.listing.state == ListingState::Closed {
        ListingMatches::default()
    } else {
        best_matches(app, &viewer, id, Look::by_person(ALL, BEST)).await?
    };
    let mut f = visit.frame(&content.title);
    f.description = content.summary.chars().take(DESCRIPTION).collect();
    f.noindex = view.listing.state != ListingState::Published;
    f.path = format!("/listings/{id}");
    let known = engagements_of_listing(app, &viewer, view.listing.side, id).await?;
    let own_side = viewer.role_in(view.listing.party).is_some() || viewer.is_operator();
    let score_of = |review: &Review| CRITERIA.into_iter().zip(<[u8; 4]>::from(review.scores)).collect();
    Ok(ListingPage {
        specs: specs(&f, view.listing.side, content),
        body: paragraphs(&content.body),
        annex: paragraphs(&content.annex),
        industry: content.industry.as_ref().map(|code| f.industry(code)),
        chain: content.chain.iter().map(|code| super::facet::chain_name(&f, code)).collect(),
        for_members: if viewer.is_member() { Vec::new() } else { member_fields(&f, content) },
        files: view.attachments.clone(),
        reviews: view.reviews.iter().map(|r| ReviewRow { scores: score_of(r), review: r.clone() }).collect(),
        together: alliances(&f, view.listing.side, &found.found, 1),
        rows: FoundRow::all_with(&f, &found.found[..found.found.len().min(BEST)], &known, found.showing),
        declined: if own_side { declined(&f, view.listing.side, &known) } else { Vec::new() },
        may_move: view.may_edit || (viewer.is_operator() && view.listing.state != ListingState::Closed),
        own_side,
        faults: faults.iter().map(|fault| said(&f, fault)).collect(),
        sign_in: format!("/sign-in?next={}", encoded(&f.path)),
        json_ld: super::json_ld::describe(&f, &view, &app.settings.public_url),
        f,
        view,
    })
}

/// The reasons for which the other side declined, the most frequent first.
fn declined(f: &Frame, side: Side, known: &[Engagement]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    // What the other side opened was declined by this one.
    for e in known.iter().filter(|e| e.state.opener != Role::from(side.other())) {
        if let Some(reason) = &e.state.reason {
            *counts.entry(reason).or_default() += 1;
        }
    }
    let mut all: Vec<(String, usize)> = counts.into_iter().map(|(id, n)| (reason_name(f, id), n)).collect();
    all.sort_by_key(|(_, n)| Reverse(*n));
    all
}

/// What offers can do together for a need.
fn alliances(f: &Frame, side: Side, found: &[Found], most: usize) -> Option<Alliances> {
    if side == Side::Need { Alliances::of(f, found, most) } else { None }
}

/// A fault with the name of its field.
fn said(f: &Frame, fault: &Fault) -> String {
    let text = fault_text(f, fault);
    match fault.field.strip_prefix("attributes.") {
        Some(property) => format!("{}: {text}", f.property(property)),
        None => match f.locale.find(&format!("field-{}", fault.field)) {
            Some(name) => format!("{name}: {text}"),
            None => text,
        },
    }
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The lines of a text that hold something.
fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

async fn show_matches(visit: Visit, Path(id): Path<String>) -> Response {
    match matches_page(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn matches_page(visit: &Visit, id: &str) -> Result<MatchesPage, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ListingId = parse_id(id)?;
    let view = view_listing(app, &viewer, id).await?;
    let found = match_listing(app, &viewer, id, Look::by_person(ALL, ALL)).await?;
    let known = engagements_of_listing(app, &viewer, view.listing.side, id).await?;
    let mut f = visit.frame_of("listing-all-matches");
    f.noindex = true;
    let title = view.listing.content.title;
    Ok(MatchesPage {
        trail: vec![
            ("/hall".to_owned(), f.t("nav-hall").to_owned()),
            (format!("/listings/{id}"), title),
            (String::new(), f.t("listing-all-matches").to_owned()),
        ],
        id,
        rows: FoundRow::all_with(&f, &found.found, &known, found.showing),
        together: alliances(&f, view.listing.side, &found.found, SETS),
        side: view.listing.side,
        f,
    })
}

/// After a step: back to the listing with a message, or the listing with what stood in the way.
async fn stepped<T>(web: &Web, visit: &Visit, id: &str, done: Result<T, AppError>, said: &str) -> Response {
    match done {
        Ok(_) => {
            let back = Redirect::to(&format!("/listings/{id}")).into_response();
            with_flash(web, back, Tone::Done, said)
        }
        Err(AppError::Invalid(faults)) => match page(visit, id, &faults).await {
            Ok(page) => (StatusCode::UNPROCESSABLE_ENTITY, draw(&page)).into_response(),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

/// A step that wants a tick first.
fn ticked(fields: &Fields, name: &'static str) -> Result<(), AppError> {
    if fields.ticked(name) { Ok(()) } else { Err(AppError::invalid(name, "tick-first")) }
}

async fn send_annex(State(web): State<Web>, Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let done = async {
        let listing = parse_id(&id)?;
        if visit.signed_in.is_none() {
            return Err(AppError::SignInNeeded);
        }
        ticked(&fields, "accept")?;
        accept_annex(&web.app, &visit.viewer(), listing).await
    };
    let done = done.await;
    stepped(&web, &visit, &id, done, "annex-accepted").await
}

async fn send_submit(State(web): State<Web>, Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let done = match parse_id(&id) {
        Ok(listing) => submit(&web.app, &visit.viewer(), listing).await,
        Err(error) => Err(error),
    };
    stepped(&web, &visit, &id, done, "listing-submitted").await
}

async fn send_renew(State(web): State<Web>, Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let done = match parse_id(&id) {
        Ok(listing) => renew(&web.app, &visit.viewer(), listing).await,
        Err(error) => Err(error),
    };
    stepped(&web, &visit, &id, done, "listing-renewed").await
}

async fn send_close(State(web): State<Web>, Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let done = async {
        let listing = parse_id(&id)?;
        ticked(&fields, "sure")?;
        close(&web.app, &visit.viewer(), listing).await
    };
    let done = done.await;
    stepped(&web, &visit, &id, done, "listing-closed").await
}

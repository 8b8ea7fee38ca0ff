//! `/engagements/new`: taking up a match, or proposing an engagement by hand.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::{OpenInput, open_engagement};
use keqiao_app::listings::view_listing;
use keqiao_app::parties::{my_parties, parties_named};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{ListingId, PartyId, Side, Viewer};

use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::draw;
use crate::pages::form::{Faults, again};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default().get("/engagements/new", ask).post("/engagements", open)
}

/// One side: a listing that is named, or a party to be chosen.
struct SideRow {
    side: Side,
    listing: Option<(ListingId, String, String)>,
    /// The party's name as typed.
    party: Input,
    /// One's own parties, to choose from.
    own: Vec<(PartyId, String)>,
    chosen: Option<PartyId>,
    /// What is wrong with the side.
    fault: String,
}

#[derive(Template)]
#[template(path = "engagement_open.html")]
struct Page {
    f: Frame,
    sides: [SideRow; 2],
    title: Input,
    note: Input,
    problem: String,
}

async fn ask(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    match page(&visit, &fields, &[]).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, fields: &Fields, faults: &[Fault]) -> Result<Page, AppError> {
    let viewer = visit.viewer();
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut f = visit.frame_of("engagement-open-title");
    f.noindex = true;
    let faults = Faults(faults.to_vec());
    let need = side(visit, &f, &viewer, Side::Need, fields, &faults).await?;
    let offer = side(visit, &f, &viewer, Side::Offer, fields, &faults).await?;
    let named = [&need, &offer].into_iter().find_map(|s| s.listing.as_ref().map(|(_, title, _)| title.clone()));
    let title = match fields.filled("title") {
        Some(title) => title.to_owned(),
        None => named.unwrap_or_default(),
    };
    let title = Input { longest: 200, ..Input::new("title", "text", f.t("engagement-open-subject"), &title) };
    let note = Input {
        rows: 4,
        longest: 2_000,
        required: false,
        hint: f.t("engagement-open-note-hint").to_owned(),
        ..Input::new("note", "text", f.t("engagement-open-note"), fields.get("note"))
    };
    Ok(Page {
        sides: [need, offer],
        title: faults.beside(&f, title),
        note: faults.beside(&f, note),
        problem: faults.beyond(&f, &["title", "note", "need", "offer"]),
        f,
    })
}

async fn side(
    visit: &Visit,
    f: &Frame,
    viewer: &Viewer,
    side: Side,
    fields: &Fields,
    faults: &Faults,
) -> Result<SideRow, AppError> {
    let app = &visit.web.app;
    let mut listing = None;
    if let Ok(id) = fields.get(side.as_str()).parse::<ListingId>() {
        let view = view_listing(app, viewer, id).await?;
        if view.listing.side != side {
            return Err(AppError::NotFound);
        }
        listing = Some((id, view.listing.content.title, view.party.name));
    }
    let (name, key, own_name) = match side {
        Side::Need => ("need_party", "engagement-need-party", "need_own"),
        Side::Offer => ("offer_party", "engagement-offer-party", "offer_own"),
    };
    let own = my_parties(app, viewer).await?;
    let own = own.into_iter().filter(|(p, _)| viewer.may_edit_for(p.id)).map(|(p, _)| (p.id, p.name)).collect();
    let input = Input {
        required: false,
        longest: 200,
        hint: f.t("engagement-party-hint").to_owned(),
        ..Input::new(name, "text", f.t(key), fields.get(name))
    };
    Ok(SideRow {
        side,
        listing,
        party: input,
        own,
        chosen: fields.get(own_name).parse().ok(),
        fault: faults.of(f, side.as_str()),
    })
}

/// The party of a side: one's own that was chosen, or the one whose whole name or id was typed.
async fn party(
    visit: &Visit,
    fields: &Fields,
    side: Side,
    faults: &mut Vec<Fault>,
) -> Result<Option<PartyId>, AppError> {
    let (own, typed) = match side {
        Side::Need => ("need_own", "need_party"),
        Side::Offer => ("offer_own", "offer_party"),
    };
    if let Ok(id) = fields.get(own).parse() {
        return Ok(Some(id));
    }
    let Some(name) = fields.filled(typed) else { return Ok(None) };
    let found = parties_named(&visit.web.app, &visit.viewer(), name).await?;
    match found.as_slice() {
        [one] => return Ok(Some(one.id)),
        [] => faults.push(Fault::with(side.as_str(), "unknown-party", name)),
        _ => faults.push(Fault::with(side.as_str(), "several-parties", name)),
    }
    Ok(None)
}

async fn open(Sent(visit, fields): Sent) -> Response {
    match opened(&visit, &fields).await {
        Ok(id) => {
            let there = Redirect::to(&format!("/engagements/{id}")).into_response();
            with_flash(&visit.web, there, Tone::Done, "engagement-opened")
        }
        Err(AppError::Invalid(faults)) => match page(&visit, &fields, &faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn opened(visit: &Visit, fields: &Fields) -> Result<keqiao_domain::EngagementId, AppError> {
    if visit.signed_in.is_none() {
        return Err(AppError::SignInNeeded);
    }
    let mut faults = Vec::new();
    let mut input = OpenInput {
        need: fields.get("need").parse().ok(),
        offer: fields.get("offer").parse().ok(),
        title: fields.get("title").to_owned(),
        note: fields.get("note").to_owned(),
        ..OpenInput::default()
    };
    if input.need.is_none() {
        input.need_party = party(visit, fields, Side::Need, &mut faults).await?;
    }
    if input.offer.is_none() {
        input.offer_party = party(visit, fields, Side::Offer, &mut faults).await?;
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    Ok(open_engagement(&visit.web.app, &visit.viewer(), input, None).await?.id)
}

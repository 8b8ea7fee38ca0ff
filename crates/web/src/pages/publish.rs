//! Publishing: choose side and kind, fill the form made from the kind's fields, check, hand in.

mod check;
mod content;
mod files;
mod form;
pub(super) mod place;
mod preview;

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::idempotency::OnceKey;
use keqiao_app::listings::{SaveListing, save_listing, save_listing_once, view_listing_for_edit};
use keqiao_app::matching::{read_mended, unfilled};
use keqiao_app::parties::my_parties;
use keqiao_app::{AppError, Fault};
use keqiao_catalog::Kind;
use keqiao_domain::{Criterion, Listing, ListingContent, ListingId, OrgRole, PartyId, Requirement, Side};
use keqiao_matching::Reading;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub(crate) use content::{content_of, side_of};
pub(crate) use preview::{Preview, differences};

use super::chips::edits_of;
use super::{coach, draw};
use crate::fault::status_of;
use crate::fields::{Asked, Fields, Sent};
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

/// Longest text that is carried along in an address, characters; a longer one is kept in a page.
const LONGEST_IN_ADDRESS: usize = 600;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/publish", show)
        .post("/publish", go_on)
        .post("/publish/draft", save)
        .merge(check::routes())
        .merge(files::routes())
}

/// The id in an address; what is none leads to nothing.
pub(crate) fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// A kind on a card of the first step.
struct KindCard {
    kind: Kind,
    /// Title of a sample.
    sample: String,
    /// Whether the text speaks for it.
    suggested: bool,
}

/// Step 1.
#[derive(Template)]
#[template(path = "publish_kind.html")]
struct ChooseKind {
    f: Frame,
    text: String,
    sides: [Side; 2],
    side: Side,
    cards: Vec<KindCard>,
}

/// Before step 2: an account or an organization is missing; the text is kept.
#[derive(Template)]
#[template(path = "publish_first.html")]
struct First {
    f: Frame,
    signed_in: bool,
    /// Where to come back to, percent-encoded; empty: the text is too long for an address.
    next: String,
    text: String,
    side: Side,
    kind: String,
}

/// The row of a text that was saved by somebody else meanwhile: field, theirs, one's own.
type Both = (String, String, String);

/// Step 2.
#[derive(Template)]
#[template(path = "publish_form.html")]
struct Form {
    f: Frame,
    /// The listing that is edited with its version; `None`: a new one.
    edits: Option<(ListingId, i64)>,
    once: String,
    side: Side,
    kind: String,
    kinds: Vec<(String, String)>,
    party: Option<PartyId>,
    parties: Vec<(PartyId, String)>,
    texts: form::Texts,
    members_only: bool,
    required: Vec<form::Row>,
    others: Vec<form::Row>,
    others_open: bool,
    chains: Vec<form::Chain>,
    chains_open: bool,
    offers: form::Offers,
    /// Faults that belong to no field of the form.
    faults: Vec<String>,
    stale: Vec<Both>,
    meters: Vec<(Criterion, u8, String)>,
    /// What the text says and no field holds.
    unfilled: Vec<Requirement>,
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match Fields::parse(query.unwrap_or_default().as_bytes()) {
        Some(fields) => step(visit, fields).await,
        None => visit.fault(AppError::invalid("form", "too-many")).into_response(),
    }
}

async fn go_on(Asked(visit, fields): Asked) -> Response {
    step(visit, fields).await
}

async fn step(visit: Visit, fields: Fields) -> Response {
    match next_step(&visit, &fields).await {
        Ok(response) => response,
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The step that is next by what is known already.
async fn next_step(visit: &Visit, fields: &Fields) -> Result<Response, AppError> {
    let app = &visit.web.app;
    if let Some(id) = fields.filled("listing") {
        let listing = view_listing_for_edit(app, &visit.viewer(), id_of(id)?).await?;
        let f = visit.frame_of("work-edit");
        let typed = content::fields_of(&f, &listing.content);
        return form_page(visit, f, &Shown::of(&listing), &typed, &[], Vec::new()).await;
    }
    let text = fields.get("text").trim();
    let reading = match text {
        "" => None,
        // What was mended in the box goes along.
        text => Some(read_mended(app, text, &edits_of(fields)).await?),
    };
    let (side_word, kind) = fields.get("choice").split_once('/').unwrap_or((fields.get("side"), fields.get("kind")));
    let said = side_of(side_word);
    let side = said.or(reading.as_ref().and_then(|r| r.side)).unwrap_or(Side::Need);
    let chosen = app.catalog.kinds.get(kind).filter(|k| k.sides.contains(&side));
    let (Some(kind), Some(side)) = (chosen, said.or(chosen.map(|_| side))) else {
        return Ok(choose_kind(visit, text, side, reading.as_ref()));
    };
    let parties = writable(visit).await?;
    if parties.is_empty() {
        return Ok(draw(&first(visit, text, side, &kind.id)));
    }
    let mut content = reading.map_or_else(
        || ListingContent { kind: kind.id.clone(), ..ListingContent::default() },
        |reading| content::content_from_text(&app.catalog, text, &kind.id, &reading),
    );
    let own = parties.iter().find(|p| p.0.to_string() == fields.get("party")).unwrap_or(&parties[0]);
    if content.region.is_none() {
        content.region.clone_from(&own.2);
    }
    let f = visit.frame_of("work-new");
    let typed = content::fields_of(&f, &content);
    let shown = Shown { edits: None, once: fresh_token(visit), side, party: Some(own.0) };
    form_page(visit, f, &shown, &typed, &[], Vec::new()).await
}

fn choose_kind(visit: &Visit, text: &str, side: Side, reading: Option<&Reading>) -> Response {
    let f = visit.frame_of("work-new");
    let suggested = reading.and_then(|r| r.kind.as_deref());
    let kinds = f.catalog.kinds_in_order().into_iter().filter(|k| k.sides.contains(&side));
    let mut cards: Vec<KindCard> = kinds
        .map(|kind| KindCard {
            sample: kind.samples.iter().find(|s| s.side == side).map(|s| s.title.clone()).unwrap_or_default(),
            suggested: suggested == Some(kind.id.as_str()),
            kind: kind.clone(),
        })
        .collect();
    cards.sort_by_key(|card| !card.suggested);
    draw(&ChooseKind { text: text.to_owned(), sides: [Side::Need, Side::Offer], side, cards, f })
}

fn first(visit: &Visit, text: &str, side: Side, kind: &str) -> First {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let back = format!("/publish?side={}&kind={}&text={}", side.as_str(), encode(kind), encode(text));
    let short = text.chars().count() <= LONGEST_IN_ADDRESS;
    First {
        f: visit.frame_of("work-new"),
        signed_in: visit.signed_in.is_some(),
        next: if short { encode(&back) } else { String::new() },
        text: text.to_owned(),
        side,
        kind: kind.to_owned(),
    }
}

/// The parties the visitor may write for: id, name, region. Of a visitor without account none.
async fn writable(visit: &Visit) -> Result<Vec<(PartyId, String, Option<String>)>, AppError> {
    if visit.signed_in.is_none() {
        return Ok(Vec::new());
    }
    let parties = my_parties(&visit.web.app, &visit.viewer()).await?;
    let writable = parties.into_iter().filter(|(_, role)| *role >= OrgRole::Editor);
    Ok(writable.map(|(party, _)| (party.id, party.name, party.region)).collect())
}

/// A token that stands for one new listing, however often its form is sent.
fn fresh_token(visit: &Visit) -> String {
    ListingId::fresh(&*visit.web.app.clock, &*visit.web.app.entropy).to_string()
}

/// What a form is about.
struct Shown {
    edits: Option<(ListingId, i64)>,
    once: String,
    side: Side,
    party: Option<PartyId>,
}

impl Shown {
    fn of(listing: &Listing) -> Self {
        Self {
            edits: Some((listing.id, listing.version)),
            once: String::new(),
            side: listing.side,
            party: Some(listing.party),
        }
    }
}

async fn form_page(
    visit: &Visit,
    f: Frame,
    shown: &Shown,
    typed: &Fields,
    faults: &[Fault],
    stale: Vec<Both>,
) -> Result<Response, AppError> {
    let parties = writable(visit).await?;
    let catalog = f.catalog.clone();
    let kind = catalog.kinds.get(typed.get("kind")).ok_or_else(|| AppError::invalid("kind", "unknown-kind"))?;
    let (content, _) = content_of(&catalog, typed);
    let (required, others) = form::rows(&f, kind, shown.side, typed, faults);
    let chains = form::chains(&f, typed);
    let texts = form::Texts::new(&f, typed, faults);
    let own = |fault: &&Fault| !has_place(&fault.field, &required, &others);
    let loose: Vec<String> = faults.iter().filter(own).map(|fault| crate::fault::fault_text(&f, fault)).collect();
    let kinds = catalog.kinds_in_order().into_iter().filter(|k| k.sides.contains(&shown.side));
    let page = Form {
        edits: shown.edits,
        once: shown.once.clone(),
        side: shown.side,
        kinds: kinds.map(|k| (k.id.clone(), k.name.get(f.locale.as_str()).to_owned())).collect(),
        kind: kind.id.clone(),
        party: shown.party,
        parties: parties.into_iter().map(|(id, name, _)| (id, name)).collect(),
        members_only: typed.get("details_tier") == "member",
        others_open: required.is_empty() || others.iter().any(form::Row::is_filled),
        chains_open: chains.iter().any(|chain| chain.open),
        chains,
        offers: form::Offers::new(&f),
        meters: coach::meters(&visit.web.app, &f, shown.side, &content).await?,
        unfilled: unfilled(&visit.web.app, shown.side, &content).await?,
        faults: loose,
        required,
        others,
        texts,
        stale,
        f,
    };
    Ok(draw(&page))
}

/// Whether the form shows a fault of this field beside it.
fn has_place(field: &str, required: &[form::Row], others: &[form::Row]) -> bool {
    ["title", "summary", "body", "keywords", "region", "industry", "annex"].contains(&field)
        || required.iter().chain(others).any(|row| row.name == field)
}

async fn save(Sent(visit, fields): Sent) -> Response {
    match save_form(&visit, &fields).await {
        Ok(response) => response,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn save_form(visit: &Visit, fields: &Fields) -> Result<Response, AppError> {
    let app = &visit.web.app;
    let side = side_of(fields.get("side")).ok_or_else(|| AppError::invalid("side", "unknown-side"))?;
    let edits = match fields.filled("listing") {
        None => None,
        Some(id) => Some((id_of::<ListingId>(id)?, fields.get("version").parse().map_err(|_| AppError::NotFound)?)),
    };
    let party = fields.get("party").parse::<PartyId>().ok();
    let mut shown = Shown { edits, once: fields.get("once").to_owned(), side, party };
    let title = if edits.is_some() { "work-edit" } else { "work-new" };
    if fields.get("act") == "kind" {
        return form_page(visit, visit.frame_of(title), &shown, fields, &[], Vec::new()).await;
    }
    if fields.get("act") == "read" {
        let f = visit.frame_of(title);
        let (content, _) = content_of(&app.catalog, fields);
        let typed = content::with_reading(&f, unfilled(app, side, &content).await?, fields);
        return form_page(visit, f, &shown, &typed, &[], Vec::new()).await;
    }
    let (content, faults) = content_of(&app.catalog, fields);
    let outcome = match (faults.is_empty(), party) {
        (false, _) => Err(AppError::Invalid(faults)),
        (true, None) => Err(AppError::invalid("party", "required")),
        (true, Some(party)) => store(visit, &shown, party, content.clone()).await,
    };
    match outcome {
        Ok(listing) => Ok(saved(visit, fields, &listing)),
        Err(AppError::Invalid(faults)) => {
            let mut page = form_page(visit, visit.frame_of(title), &shown, fields, &faults, Vec::new()).await?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
        Err(AppError::Stale { current }) => {
            let Some((id, _)) = shown.edits else { return Err(AppError::Stale { current }) };
            let theirs = view_listing_for_edit(app, &visit.viewer(), id).await?;
            let f = visit.frame_of(title);
            let both = preview::differences(&f, side, &theirs.content, &content);
            // Whoever has seen both may save over the newer one.
            shown.edits = Some((id, theirs.version));
            let mut page = form_page(visit, f, &shown, fields, &[], both).await?;
            *page.status_mut() = status_of(&AppError::Stale { current });
            Ok(page)
        }
        Err(other) => Err(other),
    }
}

/// Stores the draft. A form of a new listing that is sent again finds the draft it made:
/// the same text changes nothing, another one is an edit of its first version.
async fn store(visit: &Visit, shown: &Shown, party: PartyId, content: ListingContent) -> Result<Listing, AppError> {
    let (app, viewer, side) = (&visit.web.app, visit.viewer(), shown.side);
    let input = SaveListing { edits: shown.edits, side, party, content };
    if shown.edits.is_some() || shown.once.is_empty() {
        return save_listing(app, &viewer, input).await;
    }
    let key = OnceKey::new(&shown.once, "POST /publish/draft", b"")?;
    let made = save_listing_once(app, &viewer, input.clone(), Some(key)).await?;
    let edits = Some((made.id, made.version));
    save_listing(app, &viewer, SaveListing { edits, ..input }).await
}

fn saved(visit: &Visit, fields: &Fields, listing: &Listing) -> Response {
    if fields.get("act") == "check" {
        return Redirect::to(&format!("/publish/{}", listing.id)).into_response();
    }
    let back = Redirect::to(&format!("/publish?listing={}", listing.id)).into_response();
    with_flash(&visit.web, back, Tone::Done, "draft-saved")
}

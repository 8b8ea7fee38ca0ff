//! `/programs/{id}/enter`: the form of an entry; `/entries`: mine.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::listings::my_listings;
use keqiao_app::parties::my_parties;
use keqiao_app::programs::{
    EntryInput, content_of_listing, discard_entry, my_entries, save_entry, view_entry, view_program,
};
use keqiao_app::{AppError, Fault, code_named};
use keqiao_domain::{EntryContent, EntryStage, ListingState, OrgRole, Phase, ProgramEntry, ProgramId};

use super::row::Row;
use super::{asked, next_page, told, trail};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::form_fields::{self, FieldRow};
use crate::pages::publish::place;
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/programs/{id}/enter", fresh)
        .post("/programs/{id}/enter", send)
        .get("/entries", mine)
        .get("/entries/{id}/edit", edit)
        .post("/entries/{id}/discard", discard)
}

#[derive(Template)]
#[template(path = "program_enter.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    program: ProgramId,
    /// The entry that is edited and its version; empty: a new one.
    entry: String,
    version: i64,
    /// Parties to enter for: id, name, whether it is chosen.
    parties: Vec<(String, String, bool)>,
    party_fault: String,
    /// Listings to begin from: id, title, whether it is chosen.
    listings: Vec<(String, String, bool)>,
    listing: String,
    title: Input,
    summary: Input,
    /// Kinds: id, name, whether it is chosen.
    kinds: Vec<(String, String, bool)>,
    kind_fault: String,
    region: Input,
    industry: Input,
    regions: Vec<String>,
    industries: Vec<String>,
    rows: Vec<FieldRow>,
    blind: bool,
    returned: String,
    problem: String,
}

/// What the form begins with.
#[derive(Default)]
struct Held {
    fields: Fields,
    faults: Vec<Fault>,
    problem: String,
    /// What was said when it was given back.
    returned: String,
}

async fn page(visit: &Visit, id: ProgramId, held: Held) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let view = view_program(app, &viewer, id).await?;
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut f = visit.frame_of("program-enter");
    f.noindex = true;
    let Held { fields, faults, problem, returned } = held;
    let faults = Faults(faults);
    let chosen = |name: &str, id: &str| fields.get(name) == id;
    let own = my_parties(app, &viewer).await?;
    let own: Vec<_> = own.into_iter().filter(|(_, role)| *role >= OrgRole::Editor).collect();
    let single = own.len() == 1;
    let mut listings = Vec::new();
    for listing in my_listings(app, &viewer, None, Some(ListingState::Published), None, 50).await? {
        if view.ty.kinds.contains(&listing.content.kind) && viewer.may_edit_for(listing.party) {
            let id = listing.id.to_string();
            let here = chosen("listing", &id);
            listings.push((id, listing.content.title, here));
        }
    }
    let input = |name, label: &'static str| faults.beside(&f, Input::new(name, "text", f.t(label), fields.get(name)));
    let place = |name, label, hint: &'static str, required| Input {
        hint: f.t(hint).to_owned(),
        required,
        longest: 100,
        ..input(name, label)
    };
    let option = |k: &String| (k.clone(), f.kind(k).to_owned(), chosen("kind", k));
    Ok(Page {
        trail: trail(&f, &view.program, f.t("program-enter")),
        program: id,
        entry: fields.get("entry").to_owned(),
        version: fields.get("version").parse().unwrap_or_default(),
        parties: own
            .into_iter()
            .map(|(p, _)| (p.id.to_string(), p.name, single || chosen("party", &p.id.to_string())))
            .collect(),
        party_fault: faults.of(&f, "party"),
        listings,
        listing: fields.get("listing").to_owned(),
        title: Input { longest: 120, ..input("title", "program-entry-title") },
        summary: Input {
            rows: 4,
            longest: 1_000,
            hint: f.t("program-entry-summary-hint").to_owned(),
            ..input("summary", "program-entry-summary")
        },
        kinds: view.ty.kinds.iter().map(option).collect(),
        kind_fault: faults.of(&f, "kind"),
        region: place("region", "work-region", "program-region-hint", true),
        industry: place("industry", "work-industry", "program-industry-hint", false),
        regions: place::offered(&f.catalog, f.locale, "region"),
        industries: place::offered(&f.catalog, f.locale, "industry"),
        rows: form_fields::rows(&f, view.ty.fields.iter().map(|e| &e.field), &fields, &faults.0),
        blind: view.program.settings.blind,
        returned,
        problem,
        f,
    })
}

/// An entry's content as the form shows it.
fn fields_of(f: &Frame, ty: &keqiao_domain::ProgramType, content: &EntryContent) -> Fields {
    let code = |taxonomy: &str, code: &str| {
        if code.is_empty() { String::new() } else { place::label(&f.catalog, f.locale, taxonomy, code) }
    };
    let mut fields = form_fields::filled(ty.fields.iter().map(|e| &e.field), &content.fields);
    let pairs = [
        ("title", content.title.clone()),
        ("summary", content.summary.clone()),
        ("kind", content.kind.clone()),
        ("region", code("region", &content.region)),
        ("industry", code("industry", &content.industry)),
        ("listing", content.listing.map_or_else(String::new, |l| l.to_string())),
    ];
    fields.0.extend(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
    fields
}

async fn fresh(visit: Visit, Path(id): Path<String>) -> Response {
    match begin(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn begin(visit: &Visit, id: &str) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id = parse_id(id)?;
    let view = view_program(app, &viewer, id).await?;
    viewer.account.ok_or(AppError::SignInNeeded)?;
    if view.program.phase != Phase::Open {
        return Err(keqiao_domain::ProgramRefusal::NotNow(view.program.phase).into());
    }
    let asked = asked(visit)?;
    let mut fields = Fields::default();
    if let Some(listing) = asked.filled("listing") {
        let (party, content) = content_of_listing(app, &viewer, &view.ty, parse_id(listing)?).await?;
        fields = fields_of(&visit.frame(""), &view.ty, &content);
        fields.0.push(("party".to_owned(), party.to_string()));
    }
    page(visit, id, Held { fields, ..Held::default() }).await
}

async fn edit(visit: Visit, Path(id): Path<String>) -> Response {
    match edited(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn edited(visit: &Visit, id: &str) -> Result<Page, AppError> {
    let view = view_entry(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    if !view.entrant {
        return Err(AppError::NotAllowed);
    }
    let stage = view.entry.state.stage;
    if !matches!(stage, EntryStage::Draft | EntryStage::Returned) {
        return Err(keqiao_domain::ProgramRefusal::NotHere(stage).into());
    }
    let mut fields = fields_of(&visit.frame(""), &view.ty, &view.entry.content);
    let more = [
        ("party", view.entry.party.to_string()),
        ("entry", view.entry.id.to_string()),
        ("version", view.entry.version.to_string()),
    ];
    fields.0.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let last = view.records.last().filter(|_| stage == EntryStage::Returned);
    let returned = last.map(|r| r.note.clone()).unwrap_or_default();
    page(visit, view.program.id, Held { fields, returned, ..Held::default() }).await
}

async fn send(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let submit = fields.get("act") == "submit";
    let saved = match parse_id(&id) {
        Ok(id) => save(&visit, id, &fields, submit).await,
        Err(error) => Err(error),
    };
    let mut held = Held::default();
    match saved {
        Ok(entry) => {
            let there = Redirect::to(&format!("/entries/{}", entry.id)).into_response();
            let key = if submit { "entry-submitted" } else { "entry-kept" };
            return with_flash(&visit.web, there, Tone::Done, key);
        }
        Err(AppError::Invalid(faults)) => held.faults = faults,
        Err(error) => match told(&visit.frame(""), error) {
            Ok(problem) => held.problem = problem,
            Err(error) => return visit.fault(error).into_response(),
        },
    }
    held.fields = fields;
    let shown = match parse_id(&id) {
        Ok(id) => page(&visit, id, held).await,
        Err(error) => Err(error),
    };
    match shown {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn save(visit: &Visit, id: ProgramId, fields: &Fields, submit: bool) -> Result<ProgramEntry, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let view = view_program(app, &viewer, id).await?;
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut faults = Vec::new();
    let mut code = |taxonomy: &'static str| {
        let Some(text) = fields.filled(taxonomy) else { return String::new() };
        code_named(&app.catalog, taxonomy, text).map_err(|fault| faults.push(fault)).unwrap_or_default()
    };
    let content = EntryContent {
        title: fields.get("title").to_owned(),
        summary: fields.get("summary").to_owned(),
        kind: fields.get("kind").to_owned(),
        region: code("region"),
        industry: code("industry"),
        fields: form_fields::content(view.ty.fields.iter().map(|e| &e.field), fields),
        listing: fields.get("listing").parse().ok(),
        files: Vec::new(),
    };
    let Ok(party) = fields.get("party").parse() else {
        faults.push(Fault::new("party", "required"));
        return Err(AppError::Invalid(faults));
    };
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let edits = fields.get("entry").parse().ok();
    let edits = edits.map(|entry| (entry, fields.get("version").parse().unwrap_or_default()));
    save_entry(app, &viewer, EntryInput { program: id, party, content, edits, submit }).await
}

async fn discard(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let gone = match parse_id(&id) {
        Ok(id) => discard_entry(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    super::back(&visit, "/entries", gone, "entry-discarded")
}

#[derive(Template)]
#[template(path = "entries.html")]
struct Mine {
    f: Frame,
    rows: Vec<(Row, String, ProgramId)>,
    next: String,
}

async fn mine(visit: Visit) -> Response {
    match own(&visit).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn own(visit: &Visit) -> Result<Mine, AppError> {
    let fields = asked(visit)?;
    let place = fields.filled("after").map(|t| t.parse()).transpose();
    let place = place.map_err(|_| AppError::invalid("after", "bad-cursor"))?;
    let (lines, next) = my_entries(&visit.web.app, &visit.viewer(), place).await?;
    let mut f = visit.frame_of("entries-mine");
    f.noindex = true;
    let rows = lines.into_iter().map(|(line, p)| (Row::new(&f, line), p.settings.title, p.id)).collect();
    Ok(Mine { rows, next: next_page("/entries", &[], next), f })
}

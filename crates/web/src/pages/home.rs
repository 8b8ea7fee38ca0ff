//! `/`, the front page with the one box, and `/match`, what answers a text.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::listings::search;
use keqiao_app::matching::{TextMatches, match_text};
use keqiao_app::ranking::Look;
use keqiao_domain::{ListingState, Side};
use keqiao_matching::NeedTerm;
use keqiao_search::{Query, Sort, What};

use super::chips::{Chip, chips, doubt_text, edits_of};
use super::draw;
use super::filter::{ORGANIZATION, query_of};
use super::found::{FoundRow, hit_card};
use crate::fault::fault_text;
use crate::fields::{Asked, Fields};
use crate::page::{Card, Frame};
use crate::routes::Routes;
use crate::visit::Visit;

/// Matches shown for a text.
const MATCHES: usize = 10;
/// Listings shown on the front page.
const NEWEST: usize = 8;
/// Words of the text that are shown as read.
const TERMS: usize = 16;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/", home).get("/match", asked_by_address).post("/match", asked_by_form)
}

/// Counts on the front page.
struct Figures {
    needs: u64,
    offers: u64,
    organizations: u64,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    f: Frame,
    figures: Figures,
    newest: Vec<Card>,
}

async fn home(visit: Visit) -> Response {
    let viewer = visit.viewer();
    let newest = Query {
        states: vec![ListingState::Published],
        sort: Sort::Newest,
        limit: NEWEST,
        facets: true,
        ..Query::default()
    };
    let organizations =
        Query { what: What::Parties, kinds: vec![ORGANIZATION.to_owned()], limit: 1, ..Query::default() };
    let found = search(&visit.web.app, &viewer, &newest)
        .and_then(|listings| Ok((listings, search(&visit.web.app, &viewer, &organizations)?)));
    let (listings, organizations) = match found {
        Ok(found) => found,
        Err(error) => return visit.fault(error).into_response(),
    };
    let count = |side: Side| {
        let found = listings.facets.side.iter().find(|(name, _)| name == side.as_str());
        found.map_or(0, |(_, n)| *n)
    };
    draw(&Home {
        f: visit.frame(""),
        figures: Figures { needs: count(Side::Need), offers: count(Side::Offer), organizations: organizations.total },
        newest: listings.hits.iter().map(hit_card).collect(),
    })
}

/// What was read from a text, and what answers it.
struct Answered {
    side: Side,
    /// How the side is known.
    known_by: &'static str,
    kind: Option<String>,
    region: Option<String>,
    chips: Vec<Chip>,
    /// Requirements beyond the chips.
    more_chips: usize,
    /// What cannot be right in what was read.
    doubts: Vec<String>,
    terms: Vec<String>,
    rows: Vec<FoundRow>,
}

#[derive(Template)]
#[template(path = "match.html")]
struct MatchPage {
    f: Frame,
    text: String,
    side: &'static str,
    /// What is wrong with the text; empty: nothing.
    error: String,
    answered: Option<Answered>,
}

/// What stands below the box, for `match.js`.
#[derive(Template)]
#[template(path = "match_inner.html")]
struct MatchPart {
    f: Frame,
    error: String,
    answered: Option<Answered>,
}

async fn asked_by_address(visit: Visit) -> Response {
    match query_of(&visit) {
        Ok(fields) if fields.get("text").is_empty() => show(visit, &fields, None, StatusCode::OK),
        Ok(fields) => answer(visit, fields).await,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn asked_by_form(Asked(visit, fields): Asked) -> Response {
    answer(visit, fields).await
}

pub(super) fn side_of(fields: &Fields) -> Option<Side> {
    [Side::Need, Side::Offer].into_iter().find(|side| fields.get("side") == side.as_str())
}

async fn answer(visit: Visit, fields: Fields) -> Response {
    let (app, viewer) = (visit.web.app.clone(), visit.viewer());
    let edits = edits_of(&fields);
    match match_text(&app, &viewer, fields.get("text"), side_of(&fields), &edits, Look::by_person(MATCHES, MATCHES))
        .await
    {
        Ok(found) => show(visit, &fields, Some(Ok(found)), StatusCode::OK),
        Err(AppError::Invalid(faults)) => {
            let said: Vec<_> = faults.iter().map(|fault| fault_text(&visit.frame(""), fault)).collect();
            show(visit, &fields, Some(Err(said.join(" "))), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The page, or what stands below the box where only that is wanted.
fn show(visit: Visit, fields: &Fields, found: Option<Result<TextMatches, String>>, status: StatusCode) -> Response {
    let mut f = visit.frame_of("match-title");
    f.noindex = true;
    let text = fields.get("text");
    let chosen = side_of(fields);
    let (error, answered) = match found {
        None => (String::new(), None),
        Some(Err(error)) => (error, None),
        Some(Ok(found)) => (String::new(), Some(Answered::new(&f, fields, chosen, &found))),
    };
    let page = if fields.ticked("fragment") {
        draw(&MatchPart { f, error, answered })
    } else {
        let side = chosen.map_or("", Side::as_str);
        draw(&MatchPage { f, text: text.to_owned(), side, error, answered })
    };
    (status, page).into_response()
}

impl Answered {
    fn new(f: &Frame, fields: &Fields, chosen: Option<Side>, found: &TextMatches) -> Self {
        let reading = &found.reading;
        let (chips, more_chips) = chips(f, &found.as_read, &edits_of(fields), &found.misread);
        let chars: Vec<char> = fields.get("text").chars().collect();
        Self {
            side: found.side,
            known_by: match (chosen, reading.side) {
                (Some(_), _) => f.t("read-side-chosen"),
                (None, Some(_)) => f.t("read-side-guessed"),
                (None, None) => f.t("read-side-default"),
            },
            kind: reading.kind.as_ref().map(|kind| f.kind(kind).to_owned()),
            region: reading.region.as_ref().map(|code| f.region(code)),
            chips,
            more_chips,
            doubts: reading.doubts.iter().map(|d| doubt_text(f, d)).collect(),
            terms: reading.terms.iter().take(TERMS).map(|term| as_written(term, &chars)).collect(),
            rows: FoundRow::all(f, &found.found, found.showing),
        }
    }
}

/// A term as its writer wrote it; a term that stands in pieces (`碳(tàn)化硅`) as it was folded.
fn as_written(term: &NeedTerm, chars: &[char]) -> String {
    match chars.get(term.start..term.end) {
        Some(slice) if slice.len() == term.text.chars().count() => slice.iter().collect(),
        _ => term.text.clone(),
    }
}

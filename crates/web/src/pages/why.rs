//! `/listings/{id}/why` and `/match/why`: why a listing that somebody names is not among the matches.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::listings::view_listing;
use keqiao_app::matching::{Asker, Cause, WhyNot, name_listing, read_mended, why_not};
use keqiao_domain::{ListingId, RecordId, Side};
use keqiao_matching::remedy_sentence;
use keqiao_search::Card;

use super::chips::edits_of;
use super::filter::query_of;
use super::found::FoundRow;
use super::home::side_of;
use super::{draw, parse_id};
use crate::fields::Asked;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/listings/{id}/why", of_listing).post("/match/why", of_text)
}

/// One remedy that would do, and whether the listing is blocked without it.
struct RemedyLine {
    blocks: bool,
    text: String,
}

/// Why it is not there.
struct Told {
    row: FoundRow,
    cause: String,
    remedies: Vec<RemedyLine>,
}

/// What asks: a listing with its title, or a text.
enum Of {
    Listing(ListingId, String),
    Text(String),
}

#[derive(Template)]
#[template(path = "why_not.html")]
struct Page {
    f: Frame,
    of: Of,
    /// The side of what asks.
    side: Side,
    /// What was typed.
    asked: String,
    told: Option<Told>,
    /// Others that may have been meant: id and title.
    others: Vec<(RecordId, String)>,
}

impl Page {
    /// The side as the box has it.
    fn box_side(&self) -> &'static str {
        self.side.as_str()
    }
    fn text(&self) -> &str {
        if let Of::Text(text) = &self.of { text } else { "" }
    }
}

const fn opposite(side: Side) -> Side {
    match side {
        Side::Need => Side::Offer,
        Side::Offer => Side::Need,
    }
}

async fn of_listing(visit: Visit, Path(id): Path<String>) -> Response {
    let answer = async {
        let fields = query_of(&visit)?;
        let id: ListingId = parse_id(&id)?;
        let listing = view_listing(&visit.web.app, &visit.viewer(), id).await?.listing;
        let of = Of::Listing(id, listing.content.title);
        page(&visit, of, listing.side, &Asker::Listing(id), fields.get("other")).await
    };
    match answer.await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn of_text(Asked(visit, fields): Asked) -> Response {
    let text = fields.get("text");
    let answer = async {
        let side = match side_of(&fields) {
            Some(side) => side,
            None => {
                let read = text.chars().take(20_000).collect::<String>();
                read_mended(&visit.web.app, &read, &[]).await?.side.unwrap_or(Side::Need)
            }
        };
        let asker = Asker::Text { text: text.to_owned(), side: Some(side), edits: edits_of(&fields) };
        page(&visit, Of::Text(text.to_owned()), side, &asker, fields.get("other")).await
    };
    match answer.await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, of: Of, side: Side, asker: &Asker, named: &str) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let mut f = visit.frame_of("why-title");
    f.noindex = true;
    let cards = name_listing(app, &viewer, opposite(side), named)?;
    let meant = cards.iter().find(|card| card.title == named.trim()).or(cards.first());
    let told = match meant {
        Some(card) => Some(told(&f, &why_not(app, &viewer, asker, ListingId(card.id)).await?)),
        None => None,
    };
    let chosen = meant.map(|card| card.id);
    let others = cards.iter().filter(|card| Some(card.id) != chosen).map(|c: &Card| (c.id, c.title.clone())).collect();
    Ok(Page { f, of, side, asked: named.trim().to_owned(), told, others })
}

fn told(f: &Frame, why: &WhyNot) -> Told {
    let line = |remedy: &keqiao_matching::Remedy| RemedyLine {
        blocks: remedy.blocks(),
        text: remedy_sentence(remedy, &f.catalog, f.locale.as_str()),
    };
    Told {
        row: FoundRow::new(f, &why.found),
        cause: cause_text(f, &why.cause, why.found.matched.score),
        remedies: why.remedies.iter().map(line).collect(),
    }
}

fn cause_text(f: &Frame, cause: &Cause, score: f64) -> String {
    match cause {
        Cause::Shown { place } => f.t1("why-shown", "place", place),
        Cause::Own => f.t("why-own").to_owned(),
        Cause::OtherMatter => f.t("why-other-matter").to_owned(),
        Cause::Blocked => f.t("why-blocked").to_owned(),
        Cause::Behind { last } => f.t2("why-behind", "score", f.points(&score), "last", f.points(last)),
        Cause::Farther => f.t("why-farther").to_owned(),
    }
}

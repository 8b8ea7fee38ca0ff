//! `/parties`: organizations and persons; `/parties/{id}`: one of them.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::engagements::{Responses, responses};
use keqiao_app::graph::{entity_of_party, is_current};
use keqiao_app::listings::search;
use keqiao_app::parties::{MemberRow, PartyView, view_party};
use keqiao_domain::{Entity, MembershipStatus, OrgRole, PartyId, PartyKind, Timestamp};
use keqiao_search::{Hit, Query, Sort, What};

use super::facet::{Facet, chosen};
use super::filter::{Filter, ORGANIZATION, PERSON, Pages, party_kind, query_of};
use super::found::{hit_card, marked};
use super::hall::{Tab, meant, refused};
use super::{draw, parse_id};
use crate::page::{Card, Frame, Marked};
use crate::routes::Routes;
use crate::token::Personal;
use crate::visit::Visit;

const PATH: &str = "/parties";
/// Listings shown on a party's page.
const LISTINGS: usize = 20;

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show_all).get("/parties/{id}", show)
}

/// A party in the list.
struct PartyRow {
    href: String,
    kind: PartyKind,
    name: Marked,
    snippet: Marked,
    verified: bool,
    region: Option<String>,
    industry: Option<String>,
    listings: i64,
    demo: bool,
}

#[derive(Template)]
#[template(path = "parties.html")]
struct Parties {
    f: Frame,
    words: String,
    kept: Vec<(&'static str, String)>,
    tabs: Vec<Tab>,
    facets: Vec<Facet>,
    chosen: Vec<(String, String)>,
    clear: String,
    meant: Option<(String, String)>,
    total: u64,
    rows: Vec<PartyRow>,
    pages: Pages,
}

#[derive(Template)]
#[template(path = "party.html")]
struct PartyPage {
    f: Frame,
    view: PartyView,
    /// Paragraphs about it.
    summary: Vec<String>,
    /// The home page, where it is a web address.
    website: Option<String>,
    members: Vec<Line>,
    belongs_to: Vec<Line>,
    cards: Vec<Card>,
    /// All its listings in the hall; empty: they are all here.
    more: String,
    owns: bool,
    /// What the articles call it.
    entity: Option<Entity>,
    /// How it answers those who approach it; empty: nobody has.
    responses: String,
}

/// One membership as a line.
struct Line {
    href: String,
    name: String,
    title: String,
    span: String,
    status: MembershipStatus,
}

/// How a party answers, in words.
fn answered(f: &Frame, r: Responses) -> String {
    if r.asked == 0 {
        return String::new();
    }
    let rate = f.t2("party-response-rate", "asked", r.asked, "answered", r.answered);
    let Some(seconds) = r.median_seconds else { return rate };
    let hours = (seconds + 3_599) / 3_600;
    let time = if hours < 48 { f.tn("time-hours", hours.max(1)) } else { f.tn("time-days", (hours + 23) / 24) };
    rate + f.t("list-comma") + &f.t1("party-response-time", "time", time)
}

async fn show_all(visit: Visit) -> Response {
    match list(&visit) {
        Ok(page) => draw(&page),
        Err(error) => refused(visit, PATH, error),
    }
}

fn list(visit: &Visit) -> Result<Parties, AppError> {
    let app = &visit.web.app;
    let filter = Filter::read(PATH, What::Parties, &query_of(visit)?, &app.catalog)?;
    let found = search(app, &visit.viewer(), &filter.query)?;
    let mut f = visit.frame_of("nav-parties");
    f.description = f.t("parties-description").to_owned();
    f.noindex = !filter.get("after").is_empty();
    let mut facets = vec![
        Facet::tree(&f, &filter, "region", &found.facets.region),
        Facet::tree(&f, &filter, "industry", &found.facets.industry),
        Facet::verified(&f, &filter, &found.facets.verified),
    ];
    facets.retain(|facet| !facet.is_empty());
    Ok(Parties {
        words: filter.query.text.clone(),
        kept: filter.kept(&["q"]),
        tabs: tabs(&f, &filter, &found.facets.kind),
        facets,
        chosen: chosen(&f, &filter),
        clear: filter.with(&filter.chosen().map(|(name, _)| (name, "")).collect::<Vec<_>>()),
        meant: meant(&filter, &found),
        total: found.total,
        rows: found.hits.iter().map(row).collect(),
        pages: filter.pages(found.next.as_deref()),
        f,
    })
}

fn tabs(f: &Frame, filter: &Filter, counts: &[(String, u64)]) -> Vec<Tab> {
    let count = |kind: &str| counts.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n);
    let tab = |kind: &str, label, count| Tab {
        href: filter.with(&[("kind", kind)]),
        label,
        count,
        open: filter.get("kind") == kind,
    };
    vec![
        tab("", f.t("parties-all"), count(ORGANIZATION) + count(PERSON)),
        tab(ORGANIZATION, f.word(PartyKind::Organization), count(ORGANIZATION)),
        tab(PERSON, f.word(PartyKind::Person), count(PERSON)),
    ]
}

fn row(hit: &Hit) -> PartyRow {
    let card = &hit.card;
    let snippet = if hit.snippet_marks.is_empty() {
        card.summary.as_str().into()
    } else {
        marked(&hit.snippet, &hit.snippet_marks)
    };
    PartyRow {
        href: format!("/parties/{}", card.id),
        kind: party_kind(&card.kind).unwrap_or(PartyKind::Organization),
        name: marked(&card.title, &hit.title_marks),
        snippet,
        verified: card.verified,
        region: card.region.clone(),
        industry: card.industry.clone(),
        listings: card.listings,
        demo: card.demo,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    let current = is_current(&visit.web.app).await;
    match page(&visit, &id).await {
        Ok(page) => {
            let mut response = draw(&page);
            // The graph reads what was written a moment later; until then the page is not kept.
            if !matches!(current, Ok(true)) {
                response.extensions_mut().insert(Personal);
            }
            response
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str) -> Result<PartyPage, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: PartyId = parse_id(id)?;
    let view = view_party(app, &viewer, id).await?;
    let own = Query { party: Some(id), sort: Sort::Newest, limit: LISTINGS, ..Query::default() };
    let listings = search(app, &viewer, &own)?;
    let mut f = visit.frame(&view.party.name);
    f.description = view.party.summary.chars().take(150).collect();
    let lines = |rows: &[MemberRow]| rows.iter().map(|row| line(&f, row)).collect::<Vec<_>>();
    let is_web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    let answers = answered(&f, responses(app, id).await?);
    Ok(PartyPage {
        responses: answers,
        summary: view.party.summary.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect(),
        website: Some(&view.party.website).filter(is_web).cloned(),
        members: lines(&view.members),
        belongs_to: lines(&view.belongs_to),
        cards: listings.hits.iter().map(hit_card).collect(),
        more: if listings.next.is_some() { format!("/hall?party={id}") } else { String::new() },
        entity: entity_of_party(app, &viewer, &view.party).await?,
        owns: view.role == Some(OrgRole::Owner) || viewer.is_operator(),
        f,
        view,
    })
}

fn line(f: &Frame, row: &MemberRow) -> Line {
    let (from, to) = (row.membership.from.as_deref(), row.membership.to.as_deref());
    let span = match (from, to) {
        (None, None) => String::new(),
        (Some(from), None) => f.t1("member-since", "from", from),
        (None, Some(to)) => f.t1("member-until", "to", to),
        (Some(from), Some(to)) => f.t2("member-span", "from", from, "to", to),
    };
    Line {
        href: format!("/parties/{}", row.other.id),
        name: row.other.name.clone(),
        title: row.membership.title.clone(),
        span,
        status: row.membership.status,
    }
}

impl PartyPage {
    /// When it was verified.
    fn verified_at(&self) -> Option<&Timestamp> {
        self.view.party.verified_at.as_ref()
    }
}

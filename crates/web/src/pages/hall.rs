//! `/hall`: needs and offers, searched and filtered.

use askama::Template;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::listings::search;
use keqiao_domain::Side;
use keqiao_search::{Facets, Page, Sort, What};

use super::draw;
use super::facet::{Facet, Value, chosen};
use super::filter::{Filter, Pages, query_of};
use super::found::hit_card;
use crate::page::{Card, Frame};
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) const PATH: &str = "/hall";

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show)
}

/// A tab over the list: its address, name, count and whether it is open.
pub(crate) struct Tab {
    pub(crate) href: String,
    pub(crate) label: &'static str,
    pub(crate) count: u64,
    pub(crate) open: bool,
}

#[derive(Template)]
#[template(path = "hall.html")]
struct Hall {
    f: Frame,
    words: String,
    /// Hidden fields of the search box: the filters that stay.
    kept: Vec<(&'static str, String)>,
    tabs: Vec<Tab>,
    facets: Vec<Facet>,
    /// Hidden fields of the price form.
    price_kept: Vec<(&'static str, String)>,
    price: String,
    /// Filters that are set: address without it, and its name.
    chosen: Vec<(String, String)>,
    clear: String,
    /// The two orders: address, label, whether it holds.
    orders: Vec<(String, &'static str, bool)>,
    total: u64,
    cards: Vec<Card>,
    /// Another spelling: address and words.
    meant: Option<(String, String)>,
    pages: Pages,
    csv: String,
    xlsx: String,
}

async fn show(visit: Visit) -> Response {
    match page(&visit) {
        Ok(hall) => draw(&hall),
        Err(error) => refused(visit, PATH, error),
    }
}

/// The page of a fault in an address: the way back is to the list without filters.
pub(crate) fn refused(mut visit: Visit, back: &str, error: AppError) -> Response {
    back.clone_into(&mut visit.path);
    visit.fault(error).into_response()
}

fn page(visit: &Visit) -> Result<Hall, AppError> {
    let app = &visit.web.app;
    let filter = Filter::read(PATH, What::Listings, &query_of(visit)?, &app.catalog)?;
    let found = search(app, &visit.viewer(), &filter.query)?;
    let mut f = visit.frame_of("nav-hall");
    f.description = f.t("hall-description").to_owned();
    // One page of results is enough for search engines.
    f.noindex = filter.chosen().count() > 1 || !filter.get("after").is_empty();
    Ok(Hall {
        words: filter.query.text.clone(),
        kept: filter.kept(&["q"]),
        tabs: tabs(&f, &filter, &found.facets),
        facets: facets(&f, &filter, &found.facets),
        price_kept: filter.kept(&["price_max"]),
        price: filter.get("price_max").to_owned(),
        chosen: chosen(&f, &filter),
        clear: filter.with(&filter.chosen().map(|(name, _)| (name, "")).collect::<Vec<_>>()),
        orders: orders(&f, &filter),
        total: found.total,
        cards: found.hits.iter().map(hit_card).collect(),
        meant: meant(&filter, &found),
        pages: filter.pages(found.next.as_deref()),
        csv: filter.at("/hall.csv"),
        xlsx: filter.at("/hall.xlsx"),
        f,
    })
}

/// The address of another spelling, and its words.
pub(crate) fn meant(filter: &Filter, found: &Page) -> Option<(String, String)> {
    let words = found.did_you_mean.as_ref()?;
    Some((filter.with(&[("q", words)]), words.clone()))
}

fn tabs(f: &Frame, filter: &Filter, counts: &Facets) -> Vec<Tab> {
    let count = |side: &str| counts.side.iter().find(|(s, _)| s == side).map_or(0, |(_, n)| *n);
    let (need, offer) = (count(Side::Need.as_str()), count(Side::Offer.as_str()));
    let tab = |side: &str, label, count| Tab {
        href: filter.with(&[("side", side)]),
        label,
        count,
        open: filter.get("side") == side,
    };
    vec![
        tab("", f.t("hall-both"), need + offer),
        tab(Side::Need.as_str(), f.word(Side::Need), need),
        tab(Side::Offer.as_str(), f.word(Side::Offer), offer),
    ]
}

fn orders(f: &Frame, filter: &Filter) -> Vec<(String, &'static str, bool)> {
    if filter.query.text.is_empty() {
        // Without words there is but one order.
        return Vec::new();
    }
    let newest = filter.query.sort == Sort::Newest;
    vec![
        (filter.with(&[("sort", "")]), f.t("hall-sort-relevance"), !newest),
        (filter.with(&[("sort", "newest")]), f.t("hall-sort-newest"), newest),
    ]
}

fn facets(f: &Frame, filter: &Filter, counts: &Facets) -> Vec<Facet> {
    let kinds = counts.kind.iter().map(|(id, n)| {
        let open = filter.has("kind", id);
        let href = if open { filter.without("kind", id) } else { filter.and("kind", id) };
        Value { href, label: f.kind(id).to_owned(), count: *n, open }
    });
    let maturity = counts.maturity.iter().map(|(level, n)| {
        let open = filter.get("maturity_min") == level && filter.get("maturity_max") == level;
        let value = if open { "" } else { level.as_str() };
        let href = filter.with(&[("maturity_min", value), ("maturity_max", value)]);
        Value { href, label: f.t1("facet-maturity-level", "level", level), count: *n, open }
    });
    let states = counts.state.iter().filter(|_| counts.state.len() > 1).map(|(state, n)| {
        let open = filter.has("state", state);
        let href = filter.with(&[("state", if open { "" } else { state })]);
        Value { href, label: super::facet::state_name(f, state), count: *n, open }
    });
    let mut facets = vec![
        Facet::new(f.t("facet-kind"), kinds),
        Facet::tree(f, filter, "region", &counts.region),
        Facet::tree(f, filter, "industry", &counts.industry),
        Facet::chains(f, filter, &counts.chain),
        Facet::new(f.t("facet-maturity"), maturity),
        Facet::verified(f, filter, &counts.verified),
        Facet::new(f.t("facet-state"), states),
    ];
    facets.retain(|facet| !facet.is_empty());
    facets
}

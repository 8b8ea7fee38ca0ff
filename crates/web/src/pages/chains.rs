//! `/chains`: industry chains, and the map of one: needs and offers on each link, and where offers lack.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::chain_map::{ChainMap, Count, chain_map, chains};
use keqiao_app::transfer::chain_sheet;

use super::draw;
use super::facet::chain_name;
use super::filter::{address, query_of};
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

/// Height of a row of the picture.
const ROW: u64 = 22;
/// Where the bars begin: needs to the left, offers to the right.
const AXIS: u64 = 400;
/// The longest bar.
const LONGEST: u64 = 130;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/chains", list).get("/chains/{chain}", show).get("/chains/{chain}/links.csv", sheet)
}

#[derive(Template)]
#[template(path = "chains.html")]
struct List {
    f: Frame,
    /// Id, name, counts.
    chains: Vec<(String, String, Count)>,
}

/// A stage or link in picture and table.
struct Row {
    name: String,
    stage: bool,
    count: Count,
    gap: bool,
    /// Its needs and offers in the hall.
    href: String,
    y: u64,
    needs_width: u64,
    offers_width: u64,
}

impl Row {
    fn needs_x(&self) -> u64 {
        AXIS - self.needs_width
    }
    fn offers_end(&self) -> u64 {
        AXIS + self.offers_width
    }
    fn bar_y(&self) -> u64 {
        self.y - 12
    }
}

/// A region with its share of the chain.
struct Place {
    name: String,
    href: String,
    count: Count,
}

#[derive(Template)]
#[template(path = "chain.html")]
struct Map {
    f: Frame,
    name: String,
    whole: Count,
    rows: Vec<Row>,
    gaps: Vec<String>,
    regions: Vec<Place>,
    /// The chosen region's name and the way out of it.
    chosen: Option<(String, String)>,
    csv: String,
}

impl Map {
    fn height(&self) -> u64 {
        self.rows.len() as u64 * ROW + 34
    }
    fn is_empty(&self) -> bool {
        self.whole == Count::default()
    }
}

async fn list(visit: Visit) -> Response {
    let f = visit.frame_of("chains-title");
    match chains(&visit.web.app, &visit.viewer()) {
        Ok(found) => {
            let chains = found.into_iter().map(|(id, count)| (id.clone(), chain_name(&f, &id), count)).collect();
            draw(&List { f, chains })
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The map that an address asks for, and the region it chooses.
async fn asked(visit: &Visit, id: &str) -> Result<(ChainMap, Option<String>), AppError> {
    let fields = query_of(visit)?;
    let region = fields.filled("region").map(str::to_owned);
    let map = chain_map(&visit.web.app, &visit.viewer(), id, region.as_deref()).await?;
    Ok((map, region))
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match asked(&visit, &id).await {
        Ok((map, region)) => draw(&drawn(&visit, &map, region.as_deref())),
        Err(error) => visit.fault(error).into_response(),
    }
}

fn drawn(visit: &Visit, map: &ChainMap, region: Option<&str>) -> Map {
    let mut f = visit.frame("");
    let name = chain_name(&f, &map.chain);
    f.title.clone_from(&name);
    f.noindex = region.is_some();
    let link_name = |code: &str| chain_name(&f, &format!("{}:{code}", map.chain));
    let links = || map.links.iter().filter(|l| !l.stage).flat_map(|l| [l.count.needs, l.count.offers]);
    let most = links().max().unwrap_or(0).max(1);
    // A stage sums its links; its bar would push theirs to nothing.
    let width = |n: u64, stage: bool| if n == 0 || stage { 0 } else { (n * LONGEST / most).max(2) };
    let rows = map.links.iter().zip(1..).map(|(link, i)| Row {
        name: link_name(&link.code),
        stage: link.stage,
        gap: !link.stage && link.count.is_gap(),
        href: address("/hall", hall(&map.chain, &link.code, region).iter().map(|(n, v)| (*n, v.as_str()))),
        count: link.count,
        y: 24 + i * ROW,
        needs_width: width(link.count.needs, link.stage),
        offers_width: width(link.count.offers, link.stage),
    });
    let path = format!("/chains/{}", map.chain);
    let place = |(code, count): &(String, Count)| Place {
        name: f.region(code),
        href: address(&path, [("region", code.as_str())].into_iter()),
        count: *count,
    };
    let query = region.map(|code| ("region", code));
    Map {
        name,
        whole: map.whole,
        rows: rows.collect(),
        gaps: map.gaps().map(|l| link_name(&l.code)).collect(),
        regions: map.regions.iter().filter(|(code, _)| Some(code.as_str()) != region).map(place).collect(),
        chosen: region.map(|code| (f.region(code), path.clone())),
        csv: address(&format!("{path}/links.csv"), query.into_iter()),
        f,
    }
}

/// What leads to a link's needs and offers.
fn hall(chain: &str, code: &str, region: Option<&str>) -> Vec<(&'static str, String)> {
    let mut pairs = vec![("chain", format!("{chain}:{code}"))];
    pairs.extend(region.map(|r| ("region", r.to_owned())));
    pairs
}

async fn sheet(visit: Visit, Path(id): Path<String>) -> Response {
    let locale = visit.preferences.locale;
    match asked(&visit, &id).await {
        Ok((map, _)) => {
            let say = |key: &str| locale.find(key).unwrap_or(key).to_owned();
            let bytes = chain_sheet(&visit.web.app.catalog, &map, locale.as_str(), &say);
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"keqiao-chain.csv\""),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

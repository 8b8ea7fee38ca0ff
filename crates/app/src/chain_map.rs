//! The map of an industry chain: needs and offers on each of its links, and where offers lack.

use keqiao_catalog::Taxonomy;
use keqiao_domain::{ListingState, Side, Viewer};
use keqiao_search::{Facets, Query, Reader, SearchError, SearchIndex};

use crate::{App, AppError};

/// Needs and offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Open needs.
    pub needs: u64,
    /// Open offers.
    pub offers: u64,
}

impl Count {
    /// Whether somebody needs what nobody offers: the link wants mending 补链.
    #[must_use]
    pub const fn is_gap(self) -> bool {
        self.needs > 0 && self.offers == 0
    }
}

/// A link of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its code within the chain.
    pub code: String,
    /// Whether it is a stage, which counts all its links.
    pub stage: bool,
    /// Needs and offers on it.
    pub count: Count,
}

/// A chain with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainMap {
    /// The taxonomy's id.
    pub chain: String,
    /// Stages, each followed by its links, in the order of the chain.
    pub links: Vec<Link>,
    /// On the whole chain.
    pub whole: Count,
    /// By region below the chosen one, most first.
    pub regions: Vec<(String, Count)>,
}

impl ChainMap {
    /// The links that somebody needs and nobody offers.
    pub fn gaps(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(|l| !l.stage && l.count.is_gap())
    }
}

/// Whether a taxonomy is a chain.
fn is_chain(taxonomy: &Taxonomy) -> bool {
    taxonomy.id.starts_with("chain-")
}

/// The chains of the catalog with the counts of each as a whole.
///
/// # Errors
/// When the index fails.
pub fn chains(app: &App, viewer: &Viewer) -> Result<Vec<(String, Count)>, AppError> {
    let all = app.catalog.taxonomies.values().filter(|t| is_chain(t));
    let reader = Reader::of(viewer);
    all.map(|chain| Ok((chain.id.clone(), both(&app.index, &reader, &chain.id, None)?.0))).collect()
}

/// The map of one chain, of one region where one is chosen, by what the viewer may see.
///
/// # Errors
/// `NotFound` for what is no chain, `Invalid` for what is no region.
pub async fn chain_map(app: &App, viewer: &Viewer, id: &str, region: Option<&str>) -> Result<ChainMap, AppError> {
    if app.catalog.taxonomy(id).is_none_or(|t| !is_chain(t)) {
        return Err(AppError::NotFound);
    }
    if let Some(code) = region
        && app.catalog.taxonomy("region").and_then(|t| t.get(code)).is_none()
    {
        return Err(AppError::invalid("region", "unknown-code"));
    }
    let (index, catalog, reader) = (app.index.clone(), app.catalog.clone(), Reader::of(viewer));
    let (id, region) = (id.to_owned(), region.map(str::to_owned));
    let work = move || {
        let chain = catalog.taxonomy(&id).ok_or(AppError::NotFound)?;
        Ok(counted(&index, chain, &reader, region.as_deref())?)
    };
    app.work.run(work).await?
}

fn counted(
    index: &SearchIndex,
    chain: &Taxonomy,
    reader: &Reader,
    region: Option<&str>,
) -> Result<ChainMap, SearchError> {
    let id = &chain.id;
    let (whole, needs, offers) = both(index, reader, id, region)?;
    let of = |code: &str, needs: &[(String, u64)], offers: &[(String, u64)]| {
        let n = |counts: &[(String, u64)]| counts.iter().find(|(c, _)| c == code).map_or(0, |(_, n)| *n);
        Count { needs: n(needs), offers: n(offers) }
    };
    let mut links = Vec::new();
    for stage in chain.children(None) {
        let full = format!("{id}:{}", stage.code);
        links.push(Link { code: stage.code.clone(), stage: true, count: of(&full, &needs.chain, &offers.chain) });
        let (_, needs, offers) = both(index, reader, &full, region)?;
        links.extend(chain.children(Some(&stage.code)).into_iter().map(|link| Link {
            count: of(&format!("{id}:{}", link.code), &needs.chain, &offers.chain),
            code: link.code.clone(),
            stage: false,
        }));
    }
    let mut codes: Vec<&String> = needs.region.iter().chain(&offers.region).map(|(code, _)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut regions: Vec<(String, Count)> =
        codes.into_iter().map(|code| (code.clone(), of(code, &needs.region, &offers.region))).collect();
    regions.sort_by_key(|(code, c)| (std::cmp::Reverse(c.needs + c.offers), code.clone()));
    Ok(ChainMap { chain: id.to_owned(), links, whole, regions })
}

/// Published needs and offers of a chain or a node of one, and what they are counted by.
fn both(
    index: &SearchIndex,
    reader: &Reader,
    node: &str,
    region: Option<&str>,
) -> Result<(Count, Facets, Facets), SearchError> {
    let of = |side| {
        let query = Query {
            side: Some(side),
            chain: Some(node.to_owned()),
            region: region.map(str::to_owned),
            states: vec![ListingState::Published],
            limit: 1,
            facets: true,
            ..Query::default()
        };
        index.search(&query, reader)
    };
    let (needs, offers) = (of(Side::Need)?, of(Side::Offer)?);
    Ok((Count { needs: needs.total, offers: offers.total }, needs.facets, offers.facets))
}

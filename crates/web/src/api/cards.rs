//! Lists from the index: cards, counts, and the cursor of the next page.

use std::collections::BTreeMap;

use keqiao_app::listings::search;
use keqiao_app::{AppError, Fault};
use keqiao_catalog::Catalog;
use keqiao_domain::{ListingState, PartyId, Side, Timestamp};
use keqiao_search::{Card, Facets, Hit, Page, Query, What};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::problem::Refusal;

/// What a list shows of a listing or a party: public parts only.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CardBody {
    /// Its id.
    id: uuid::Uuid,
    /// `listings` or `parties`.
    #[schema(value_type = String)]
    what: What,
    /// `need` or `offer`; a party has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    side: Option<Side>,
    /// Kind id; of a party `organization` or `person`.
    kind: String,
    /// Title or name.
    title: String,
    /// The beginning of the summary.
    summary: String,
    /// Whose; of a party itself.
    #[schema(value_type = uuid::Uuid)]
    party: PartyId,
    /// The party's name.
    party_name: String,
    /// Whether an operator verified the party.
    verified: bool,
    /// Region code.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    /// Industry code.
    #[serde(skip_serializing_if = "Option::is_none")]
    industry: Option<String>,
    /// Where a listing stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    state: Option<ListingState>,
    /// Maturity level, 1–9.
    #[serde(skip_serializing_if = "Option::is_none")]
    maturity: Option<u8>,
    /// Price as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<String>,
    /// When it was first published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Timestamp>,
    /// When its time runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Whether it is demo data.
    demo: bool,
    /// The record's version.
    version: i64,
}

impl From<Card> for CardBody {
    fn from(card: Card) -> Self {
        Self {
            id: card.id,
            what: card.what,
            side: card.side,
            kind: card.kind,
            title: card.title,
            summary: card.summary,
            party: card.party,
            party_name: card.party_name,
            verified: card.verified,
            region: card.region,
            industry: card.industry,
            state: card.state,
            maturity: card.maturity,
            price: card.price,
            published_at: card.published_at,
            expires_at: card.expires_at,
            demo: card.demo,
            version: card.version,
        }
    }
}

/// A card with how it met the words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemBody {
    #[serde(flatten)]
    card: CardBody,
    /// How well it meets the words; none without words.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    /// The piece of its text that meets the words best.
    #[serde(skip_serializing_if = "String::is_empty")]
    snippet: String,
    /// Ranges of characters of the snippet that met the words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Vec<usize>>)]
    snippet_marks: Vec<(usize, usize)>,
    /// Ranges of characters of the title that met the words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Vec<usize>>)]
    title_marks: Vec<(usize, usize)>,
}

impl From<Hit> for ItemBody {
    fn from(hit: Hit) -> Self {
        Self {
            card: hit.card.into(),
            score: (hit.score > 0.0).then_some(hit.score),
            snippet: hit.snippet,
            snippet_marks: hit.snippet_marks,
            title_marks: hit.title_marks,
        }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CardPage {
    /// The items.
    items: Vec<ItemBody>,
    /// How many there are on all pages.
    total: u64,
    /// `after` of the next page; none: this is the last.
    next: Option<String>,
    /// The words with known ones in place of unknown ones, when little was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    did_you_mean: Option<String>,
    /// Facet → code → number of records, each counted with all filters but its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    facets: Option<BTreeMap<&'static str, serde_json::Map<String, serde_json::Value>>>,
}

fn facets_of(facets: Facets) -> BTreeMap<&'static str, serde_json::Map<String, serde_json::Value>> {
    let named = [
        ("side", facets.side),
        ("kind", facets.kind),
        ("region", facets.region),
        ("industry", facets.industry),
        ("chain", facets.chain),
        ("maturity", facets.maturity),
        ("verified", facets.verified),
        ("state", facets.state),
    ];
    let counts = |list: Vec<(String, u64)>| list.into_iter().map(|(code, n)| (code, n.into())).collect();
    named.into_iter().map(|(name, list)| (name, counts(list))).collect()
}

/// A page of what the caller may see; filters that name nothing are refused.
pub(crate) fn paged(caller: &Caller, query: &Query) -> Result<CardPage, Refusal> {
    check_filters(&caller.app().catalog, query).map_err(|e| caller.refuse(e))?;
    let found = search(caller.app(), &caller.viewer, query).map_err(|e| caller.refuse(e))?;
    let Page { hits, total, facets, next, did_you_mean } = found;
    Ok(CardPage {
        items: hits.into_iter().map(ItemBody::from).collect(),
        total,
        next,
        did_you_mean,
        facets: query.facets.then(|| facets_of(facets)),
    })
}

/// Filters that name what is not there, or numbers out of range.
fn check_filters(catalog: &Catalog, query: &Query) -> Result<(), AppError> {
    let mut faults = Vec::new();
    let kinds = ["organization", "person"];
    for kind in query.kinds.iter().take(Query::MAX_FILTER_VALUES) {
        let known = match query.what {
            What::Listings => catalog.kinds.contains_key(kind),
            What::Parties => kinds.contains(&kind.as_str()),
        };
        if !known {
            faults.push(Fault::with("kind", "unknown-kind", kind.chars().take(100).collect::<String>()));
        }
    }
    for (taxonomy, code) in [("region", &query.region), ("industry", &query.industry)] {
        if let Some(code) = code
            && catalog.taxonomy(taxonomy).is_none_or(|t| t.get(code).is_none())
        {
            faults.push(Fault::with(taxonomy, "unknown-code", code));
        }
    }
    if let Some(chain) = &query.chain {
        let (taxonomy, code) = chain.split_once([':', '/']).unwrap_or((chain, ""));
        let known = catalog.taxonomy(taxonomy).is_some_and(|t| code.is_empty() || t.get(code).is_some());
        if !(known && taxonomy.starts_with("chain")) {
            faults.push(Fault::with("chain", "unknown-code", chain));
        }
    }
    if let Some((low, high)) = query.maturity {
        for (field, level) in [("maturity_min", low), ("maturity_max", high)] {
            if !(1..=9).contains(&level) {
                faults.push(Fault::with(field, "out-of-range", "1–9"));
            }
        }
    }
    if query.price_max.is_some_and(|p| !p.is_finite() || p < 0.0) {
        faults.push(Fault::new("price_max", "not-a-number"));
    }
    if !(1..=Query::MAX_LIMIT).contains(&query.limit) {
        faults.push(Fault::with("limit", "out-of-range", format!("1–{}", Query::MAX_LIMIT)));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// A parameter that is switched on by `1` or `true`.
pub(crate) fn flag<'de, D: Deserializer<'de>>(reader: D) -> Result<bool, D::Error> {
    let text = String::deserialize(reader)?;
    match text.as_str() {
        "1" | "true" => Ok(true),
        "" | "0" | "false" => Ok(false),
        _ => Err(serde::de::Error::custom("expected `1` or `0`")),
    }
}

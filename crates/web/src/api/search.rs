//! `/api/v1/search`: listings and parties by words.

use keqiao_search::{Query, What};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, json};
use super::caller::Caller;
use super::cards::{CardPage, paged};
use super::input::Asked;
use super::problem::Problem;

/// What is looked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Words {
    /// Words; Chinese, English, pinyin of names, part numbers.
    q: String,
    /// Items of each list, 1–100, else 10. To page on, ask `/listings` or `/parties`.
    limit: Option<usize>,
}

/// The best listings and the best parties.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchBody {
    /// Listings.
    listings: CardPage,
    /// Parties.
    parties: CardPage,
}

/// Listings and parties that the caller may see, by words.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(Words), responses(
    (status = 200, body = SearchBody),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn find(caller: Caller, Asked(words): Asked<Words>) -> Answer {
    let limit = words.limit.unwrap_or(10);
    let of = |what| Query { text: words.q.clone(), what, limit, ..Query::default() };
    let (listings, parties) = (of(What::Listings), of(What::Parties));
    let body = SearchBody { listings: paged(&caller, &listings)?, parties: paged(&caller, &parties)? };
    json(&caller, &body)
}

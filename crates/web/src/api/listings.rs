//! `/api/v1/listings`: list, read, create, write, and move along their life.

use axum::http::HeaderMap;
use keqiao_app::AppError;
use keqiao_app::listings::{SaveListing, close, renew, save_listing, save_listing_once, submit, view_listing};
use keqiao_domain::{Listing, ListingId, ListingState, PartyId, Side};
use keqiao_search::{Query, Sort, What};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{Answer, Versioned, created, json, record, written};
use super::caller::{Caller, Id};
use super::cards::{CardPage, flag, paged};
use super::input::{Asked, Told, edited_version, once_key};
use super::listing::{ListingBody, ListingInput};
use super::problem::{Problem, Refusal};

/// Which listings, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListingFilters {
    /// Words; Chinese, English, pinyin of names, part numbers.
    q: String,
    /// `need` or `offer`.
    #[param(value_type = Option<String>)]
    side: Option<Side>,
    /// Kind id; may be repeated.
    kind: Vec<String>,
    /// Region code; holds all below it.
    region: Option<String>,
    /// Industry code; holds all below it.
    industry: Option<String>,
    /// Industry chain or node of one, `chain-ic:design`.
    chain: Option<String>,
    /// Lowest maturity level, 1–9.
    maturity_min: Option<u8>,
    /// Highest maturity level, 1–9.
    maturity_max: Option<u8>,
    /// Highest price in yuan.
    price_max: Option<f64>,
    /// State; may be repeated. Others than `published` only of the caller's own listings.
    #[param(value_type = Vec<String>)]
    state: Vec<ListingState>,
    /// Only of verified parties (`true`), or only of others (`false`).
    verified: Option<bool>,
    /// Only of this party.
    #[param(value_type = Option<uuid::Uuid>)]
    party: Option<PartyId>,
    /// `relevance` or `newest`.
    #[param(value_type = Option<String>)]
    sort: Sort,
    /// Items of a page, 1–100, else 20.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
    /// `1`: count facets too.
    #[serde(deserialize_with = "flag")]
    #[param(value_type = Option<bool>)]
    facets: bool,
}

impl ListingFilters {
    fn query(self) -> Query {
        let maturity = match (self.maturity_min, self.maturity_max) {
            (None, None) => None,
            (low, high) => Some((low.unwrap_or(1), high.unwrap_or(9))),
        };
        Query {
            text: self.q,
            what: What::Listings,
            side: self.side,
            kinds: self.kind,
            region: self.region,
            industry: self.industry,
            chain: self.chain,
            maturity,
            price_max: self.price_max,
            states: self.state,
            verified: self.verified,
            party: self.party,
            sort: self.sort,
            limit: self.limit.unwrap_or(20),
            after: self.after,
            facets: self.facets,
        }
    }
}

/// Listings that the caller may see.
#[utoipa::path(get, path = "/api/v1/listings", tag = "listings", params(ListingFilters), responses(
    (status = 200, body = CardPage),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(caller: Caller, Asked(filters): Asked<ListingFilters>) -> Answer {
    let query = filters.query();
    json(&caller, &paged(&caller, &query)?)
}

/// One listing with what the caller may read of it.
#[utoipa::path(get, path = "/api/v1/listings/{id}", tag = "listings",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = ListingBody, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(caller: Caller, Id(id): Id<ListingId>, headers: HeaderMap) -> Answer {
    let body = body_of(&caller, id).await?;
    record(&caller, &headers, axum::http::StatusCode::OK, body.version(), &body)
}

async fn body_of(caller: &Caller, id: ListingId) -> Result<ListingBody, Refusal> {
    let view = view_listing(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?;
    Ok(view.into())
}

/// A new draft. With an `Idempotency-Key`, the same request sent again gives the same draft.
#[utoipa::path(post, path = "/api/v1/listings", tag = "listings", request_body = ListingInput,
    params(("idempotency-key" = Option<String>, Header, description = "Visible ASCII, at most 200 characters; kept for 7 days")),
    responses(
    (status = 201, body = ListingBody, headers(("etag" = String), ("location" = String))),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn create(caller: Caller, headers: HeaderMap, told: Told<ListingInput>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let key = once_key(&caller, &headers, "POST /api/v1/listings", &told.bytes)?;
    let (side, party) = told.input.whose().map_err(refuse)?;
    let input = SaveListing { edits: None, side, party, content: told.input.into_content() };
    let listing = save_listing_once(caller.app(), &caller.viewer, input, key).await.map_err(refuse)?;
    let body = body_of(&caller, listing.id).await?;
    created(&caller, &format!("/api/v1/listings/{}", listing.id), body.version(), &body)
}

/// Writes a listing whole. What was published becomes a draft that wants review.
#[utoipa::path(put, path = "/api/v1/listings/{id}", tag = "listings", request_body = ListingInput,
    params(("id" = uuid::Uuid, Path), ("if-match" = String, Header, description = "The ETag of the version that was edited")),
    responses(
    (status = 200, body = ListingBody, headers(("etag" = String))),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody else wrote in between: `current` and `yours`", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 428, description = "No If-Match", body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn write(
    caller: Caller,
    Id(id): Id<ListingId>,
    headers: HeaderMap,
    told: Told<ListingInput>,
) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let version = edited_version(&caller, &headers)?;
    let old = view_listing(caller.app(), &caller.viewer, id).await.map_err(refuse)?.listing;
    told.input.check_fixed(old.side, old.party).map_err(refuse)?;
    let yours = serde_json::to_value(&told.input).map_err(|e| refuse(AppError::Internal(e.to_string())))?;
    let content = told.input.into_content();
    let input = SaveListing { edits: Some((id, version)), side: old.side, party: old.party, content };
    let done = save_listing(caller.app(), &caller.viewer, input).await.map(drop);
    written(&caller, done, yours, body_of(&caller, id)).await
}

async fn moved(caller: &Caller, done: Result<Listing, AppError>) -> Answer {
    let listing = done.map_err(|e| caller.refuse(e))?;
    written(caller, Ok(()), serde_json::Value::Null, body_of(caller, listing.id)).await
}

/// Hands a draft in for review.
#[utoipa::path(post, path = "/api/v1/listings/{id}/submit", tag = "listings",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = ListingBody),
    (status = 409, description = "It stands where this is not possible", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "What is still missing", body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn submit_listing(caller: Caller, Id(id): Id<ListingId>) -> Answer {
    let done = submit(caller.app(), &caller.viewer, id).await;
    moved(&caller, done).await
}

/// Renews a published or expired listing for another 180 days.
#[utoipa::path(post, path = "/api/v1/listings/{id}/renew", tag = "listings",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = ListingBody),
    (status = 409, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn renew_listing(caller: Caller, Id(id): Id<ListingId>) -> Answer {
    let done = renew(caller.app(), &caller.viewer, id).await;
    moved(&caller, done).await
}

/// Closes a listing for good.
#[utoipa::path(post, path = "/api/v1/listings/{id}/close", tag = "listings",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = ListingBody),
    (status = 409, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn close_listing(caller: Caller, Id(id): Id<ListingId>) -> Answer {
    let done = close(caller.app(), &caller.viewer, id).await;
    moved(&caller, done).await
}

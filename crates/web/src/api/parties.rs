//! `/api/v1/parties`: list, read, create and write.

use axum::http::{HeaderMap, StatusCode};
use keqiao_app::AppError;
use keqiao_app::parties::{create_organization_once, create_own_person_once, update_party, view_party};
use keqiao_domain::{PartyId, PartyKind};
use keqiao_search::{Query, Sort, What};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{Answer, Versioned, created, json, record, written};
use super::caller::{Caller, Id};
use super::cards::{CardPage, flag, paged};
use super::input::{Asked, Told, edited_version, once_key};
use super::party::{PartyBody, PartyWrite};
use super::problem::{Problem, Refusal};

/// Which parties, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PartyFilters {
    /// Words; names also by pinyin and its initials.
    q: String,
    /// `organization` or `person`; may be repeated.
    kind: Vec<String>,
    /// Region code; holds all below it.
    region: Option<String>,
    /// Industry code; holds all below it.
    industry: Option<String>,
    /// Only verified ones (`true`), or only others (`false`).
    verified: Option<bool>,
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

/// Parties.
#[utoipa::path(get, path = "/api/v1/parties", tag = "parties", params(PartyFilters), responses(
    (status = 200, body = CardPage),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(caller: Caller, Asked(filters): Asked<PartyFilters>) -> Answer {
    let query = Query {
        text: filters.q,
        what: What::Parties,
        kinds: filters.kind,
        region: filters.region,
        industry: filters.industry,
        verified: filters.verified,
        sort: filters.sort,
        limit: filters.limit.unwrap_or(20),
        after: filters.after,
        facets: filters.facets,
        ..Query::default()
    };
    json(&caller, &paged(&caller, &query)?)
}

/// One party with its memberships; its contact for members only.
#[utoipa::path(get, path = "/api/v1/parties/{id}", tag = "parties",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = PartyBody, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(caller: Caller, Id(id): Id<PartyId>, headers: HeaderMap) -> Answer {
    let body = body_of(&caller, id).await?;
    record(&caller, &headers, StatusCode::OK, body.version(), &body)
}

/// The body as the account reads it now: a role that was just granted is not yet among those it came with.
async fn body_of(caller: &Caller, id: PartyId) -> Result<PartyBody, Refusal> {
    let view = view_party(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?;
    Ok(view.into())
}

/// A new organization, of which the caller becomes owner, or the caller's own person.
#[utoipa::path(post, path = "/api/v1/parties", tag = "parties", request_body = PartyWrite,
    params(("idempotency-key" = Option<String>, Header, description = "Visible ASCII, at most 200 characters; kept for 7 days")),
    responses(
    (status = 201, body = PartyBody, headers(("etag" = String), ("location" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn create(caller: Caller, headers: HeaderMap, told: Told<PartyWrite>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let key = once_key(&caller, &headers, "POST /api/v1/parties", &told.bytes)?;
    let kind = told.input.kind.unwrap_or(PartyKind::Organization);
    let input = told.input.into_input();
    let made = match kind {
        PartyKind::Organization => create_organization_once(caller.app(), &caller.viewer, input, key).await,
        PartyKind::Person => create_own_person_once(caller.app(), &caller.viewer, input, key).await,
    };
    let party = made.map_err(refuse)?;
    let body = body_of(&caller, party.id).await?;
    created(&caller, &format!("/api/v1/parties/{}", party.id), body.version(), &body)
}

/// Writes a party whole. A changed name or credit code wants a new verification.
#[utoipa::path(put, path = "/api/v1/parties/{id}", tag = "parties", request_body = PartyWrite,
    params(("id" = uuid::Uuid, Path), ("if-match" = String, Header, description = "The ETag of the version that was edited")),
    responses(
    (status = 200, body = PartyBody, headers(("etag" = String))),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody else wrote in between: `current` and `yours`", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 428, description = "No If-Match", body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn write(caller: Caller, Id(id): Id<PartyId>, headers: HeaderMap, told: Told<PartyWrite>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let version = edited_version(&caller, &headers)?;
    let old = view_party(caller.app(), &caller.viewer, id).await.map_err(refuse)?.party;
    if told.input.kind.is_some_and(|kind| kind != old.kind) {
        return Err(refuse(AppError::invalid("kind", "cannot-change")));
    }
    let yours = serde_json::to_value(&told.input).map_err(|e| refuse(AppError::Internal(e.to_string())))?;
    let done = update_party(caller.app(), &caller.viewer, id, version, told.input.into_input()).await.map(drop);
    written(&caller, done, yours, body_of(&caller, id)).await
}

//! `/api/v1/volunteer-requests`: what communities and firms ask for, who goes, and the hours that come of it.

use axum::http::{HeaderMap, StatusCode};
use keqiao_app::AppError;
use keqiao_app::volunteers::{
    RequestInput, RequestRow, RequestView, ask_for_help_once, dispatch, end_request, list_requests, view_request,
};
use keqiao_domain::{PartyId, Timestamp, VolunteerId, VolunteerRequestId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, Versioned, created, json, record, written};
use super::caller::{Caller, Id};
use super::input::{Asked, Told, edited_version, once_key};
use super::problem::{Problem, Refusal};
use super::volunteer_duties::DutyBody;

/// Which requests.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RequestFilters {
    /// Those that are over or called off as well.
    all: bool,
    /// `next` of the page before.
    after: Option<String>,
}

/// What a community or firm asks volunteers for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestBody {
    #[schema(value_type = uuid::Uuid)]
    id: VolunteerRequestId,
    /// Grows with each change; `If-Match: "v<version>"` on ending it.
    version: i64,
    /// One line.
    title: String,
    /// What is to be done.
    body: String,
    /// Who asks.
    party: String,
    /// What one has to be able to do.
    skills: Vec<String>,
    /// Region code.
    region: Option<String>,
    /// Where.
    place: String,
    #[schema(value_type = String)]
    starts_at: Timestamp,
    #[schema(value_type = String)]
    ends_at: Timestamp,
    /// How many people.
    wanted: i64,
    /// `open`, `done` or `off`.
    state: &'static str,
}

impl From<RequestRow> for RequestBody {
    fn from(row: RequestRow) -> Self {
        let r = row.request;
        Self {
            id: r.id,
            version: r.version,
            title: r.title,
            body: r.body,
            party: row.party,
            skills: r.skills,
            region: r.region,
            place: r.place,
            starts_at: r.starts_at,
            ends_at: r.ends_at,
            wanted: r.wanted,
            state: r.state.as_str(),
        }
    }
}

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestPage {
    /// The requests.
    items: Vec<RequestBody>,
    /// Where the next page begins.
    next: Option<String>,
}

/// What volunteers are asked for: the open ones that are not over, the earliest first, or all, the latest first.
#[utoipa::path(get, path = "/api/v1/volunteer-requests", tag = "services", params(RequestFilters), responses(
    (status = 200, body = RequestPage),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(caller: Caller, Asked(asked): Asked<RequestFilters>) -> Answer {
    let wrong = || caller.refuse(AppError::invalid("after", "bad-cursor"));
    let after = match asked.after.as_deref().map(|text| text.split_once('.').ok_or_else(wrong)).transpose()? {
        Some((at, id)) => {
            let at = Timestamp::from_micros(at.parse().map_err(|_| wrong())?);
            Some((at, id.parse().map_err(|_| wrong())?))
        }
        None => None,
    };
    let (rows, next) = list_requests(caller.app(), !asked.all, after).await.map_err(|e: AppError| caller.refuse(e))?;
    let next = next.map(|(at, id)| format!("{}.{id}", at.micros()));
    json(&caller, &RequestPage { items: rows.into_iter().map(Into::into).collect(), next })
}

/// A request with who goes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestWithDuties {
    #[serde(flatten)]
    request: RequestBody,
    /// How many go.
    going: usize,
    /// Who goes, as far as the caller may know.
    duties: Vec<DutyBody>,
}

impl From<RequestView> for RequestWithDuties {
    fn from(view: RequestView) -> Self {
        Self {
            request: RequestRow { party: view.party, request: view.request }.into(),
            going: view.going,
            duties: view.duties.into_iter().map(Into::into).collect(),
        }
    }
}

impl Versioned for RequestWithDuties {
    fn version(&self) -> i64 {
        self.request.version
    }
}

pub(super) async fn body_of(caller: &Caller, id: VolunteerRequestId) -> Result<RequestWithDuties, Refusal> {
    let view = view_request(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?;
    Ok(view.into())
}

/// One request. Who goes is told to themselves, to who looks after their teams and to the party that is served.
#[utoipa::path(get, path = "/api/v1/volunteer-requests/{id}", tag = "services",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = RequestWithDuties, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(caller: Caller, Id(id): Id<VolunteerRequestId>, headers: HeaderMap) -> Answer {
    let body = body_of(&caller, id).await?;
    record(&caller, &headers, StatusCode::OK, body.version(), &body)
}

/// What is asked for; times are local to the installation, `2026-11-30T09:05`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RequestIn {
    /// Who asks.
    #[schema(value_type = Option<uuid::Uuid>)]
    party: Option<PartyId>,
    /// One line.
    title: String,
    /// What is to be done.
    body: String,
    /// What one has to be able to do.
    skills: Vec<String>,
    /// Region, by name or code; else the party's.
    region: String,
    /// Where.
    place: String,
    /// From when.
    starts: String,
    /// Until when.
    ends: String,
    /// How many people, 1–500.
    wanted: i64,
}

/// Asks for volunteers. With an `Idempotency-Key`, the same request sent again gives the same record.
#[utoipa::path(post, path = "/api/v1/volunteer-requests", tag = "services", request_body = RequestIn,
    params(("idempotency-key" = Option<String>, Header, description = "Visible ASCII, at most 200 characters; kept for 7 days")),
    responses(
    (status = 201, body = RequestWithDuties, headers(("etag" = String), ("location" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For a party that the caller writes for", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn ask(caller: Caller, headers: HeaderMap, told: Told<RequestIn>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let key = once_key(&caller, &headers, "POST /api/v1/volunteer-requests", &told.bytes)?;
    let RequestIn { party, title, body, skills, region, place, starts, ends, wanted } = told.input;
    let (skills, wanted) = (skills.join("，"), wanted.to_string());
    let input = RequestInput { party, title, body, skills, region, place, starts, ends, wanted };
    let asked = ask_for_help_once(caller.app(), &caller.viewer, input, key).await.map_err(refuse)?;
    let body = body_of(&caller, asked.id).await?;
    created(&caller, &format!("/api/v1/volunteer-requests/{}", asked.id), body.version(), &body)
}

/// How a request ends.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EndIn {
    /// Called off, and not over.
    off: bool,
}

/// Says that a request is over or called off.
#[utoipa::path(post, path = "/api/v1/volunteer-requests/{id}/end", tag = "services", request_body = EndIn,
    params(("id" = uuid::Uuid, Path), ("if-match" = String, Header, description = "The ETag of the version that was read")),
    responses(
    (status = 200, body = RequestWithDuties, headers(("etag" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For the party's people and operators", body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody else wrote in between: `current` and `yours`", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 428, description = "No If-Match", body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn end(
    caller: Caller,
    Id(id): Id<VolunteerRequestId>,
    headers: HeaderMap,
    told: Told<EndIn>,
) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let version = edited_version(&caller, &headers)?;
    let yours = serde_json::to_value(&told.input).map_err(|e| refuse(AppError::Internal(e.to_string())))?;
    let done = end_request(caller.app(), &caller.viewer, id, told.input.off, version).await;
    written(&caller, done, yours, body_of(&caller, id)).await
}

/// Who is to go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DispatchIn {
    /// A volunteer of a team that the caller looks after.
    #[schema(value_type = uuid::Uuid)]
    volunteer: VolunteerId,
}

/// Asks a volunteer to go; nobody is asked twice for one request.
#[utoipa::path(post, path = "/api/v1/volunteer-requests/{id}/duties", tag = "services", request_body = DispatchIn,
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = RequestWithDuties, headers(("etag" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For who looks after the volunteer's team, brokers and operators", body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn send(caller: Caller, Id(id): Id<VolunteerRequestId>, told: Told<DispatchIn>) -> Answer {
    let sent = dispatch(caller.app(), &caller.viewer, id, told.input.volunteer).await.map(drop);
    written(&caller, sent, serde_json::Value::Null, body_of(&caller, id)).await
}

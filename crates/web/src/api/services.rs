//! The contract of an engagement as data; what volunteers are asked for; the feedback list.

use keqiao_app::AppError;
use keqiao_app::engagements::{contract_data, view_contract};
use keqiao_app::feedback::{FeedbackFilter, FeedbackRow, list_feedback};
use keqiao_app::volunteers::{RequestRow, list_requests};
use keqiao_domain::{EngagementId, FeedbackId, FeedbackState, Timestamp, VolunteerRequestId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, json};
use super::caller::{Caller, Id};
use super::input::Asked;
use super::problem::Problem;

/// A technology contract.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContractBody {
    /// What `contract.json` of the pack holds: type, parties, amounts, checklist, and the files with their hashes.
    #[schema(value_type = Object)]
    contract: serde_json::Value,
}

/// The technology contract of an engagement, as its record shows it.
#[utoipa::path(get, path = "/api/v1/engagements/{id}/contract", tag = "engagements",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = ContractBody),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "Nothing is signed yet", body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn contract(caller: Caller, Id(id): Id<EngagementId>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let view = view_contract(caller.app(), &caller.viewer, id).await.map_err(refuse)?;
    json(&caller, &ContractBody { contract: contract_data(caller.app(), &view).map_err(refuse)? })
}

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

/// What volunteers are asked for: the open ones, the earliest first, or all, the latest first.
#[utoipa::path(get, path = "/api/v1/volunteer-requests", tag = "services", params(RequestFilters), responses(
    (status = 200, body = RequestPage),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn requests(caller: Caller, Asked(asked): Asked<RequestFilters>) -> Answer {
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

/// Which items.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedbackFilters {
    /// Standing so: `open`, `in-hand`, `settled`, `not-taken`.
    state: Option<String>,
    /// Only those that should have been settled by now.
    overdue: bool,
    /// `next` of the page before.
    after: Option<String>,
}

/// An item of the feedback list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeedbackBody {
    #[schema(value_type = uuid::Uuid)]
    id: FeedbackId,
    /// One line.
    title: String,
    /// What is asked for.
    body: String,
    /// Who raised it.
    author: String,
    /// Who sees to it; empty: nobody yet.
    owner: String,
    /// Until when.
    due: Option<String>,
    /// Whether it is overdue.
    overdue: bool,
    #[schema(value_type = String)]
    state: FeedbackState,
    /// By what it was settled, or why it was not taken up.
    answer: String,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

impl From<FeedbackRow> for FeedbackBody {
    fn from(row: FeedbackRow) -> Self {
        let item = row.item;
        Self {
            id: item.id,
            title: item.title,
            body: item.body,
            author: row.author,
            owner: row.owner,
            due: item.due,
            overdue: row.overdue,
            state: item.state,
            answer: item.answer,
            created_at: item.created_at,
        }
    }
}

/// A page of items.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeedbackPage {
    /// The items.
    items: Vec<FeedbackBody>,
    /// Where the next page begins.
    #[schema(value_type = Option<uuid::Uuid>)]
    next: Option<FeedbackId>,
}

/// The feedback list, the latest first: for brokers and operators all of it, for others what they raised.
#[utoipa::path(get, path = "/api/v1/feedback", tag = "services", params(FeedbackFilters), responses(
    (status = 200, body = FeedbackPage),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn feedback(caller: Caller, Asked(asked): Asked<FeedbackFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let state = match asked.state.as_deref() {
        None => None,
        Some(word) => {
            let known = FeedbackState::ALL.into_iter().find(|s| s.as_str() == word);
            Some(known.ok_or_else(|| refuse(AppError::invalid("state", "unknown-choice")))?)
        }
    };
    let wrong = |_| caller.refuse(AppError::invalid("after", "bad-cursor"));
    let after = asked.after.as_deref().map(str::parse::<FeedbackId>).transpose().map_err(wrong)?;
    let filter = FeedbackFilter { state, overdue: asked.overdue, owner: None };
    let (rows, next) = list_feedback(caller.app(), &caller.viewer, &filter, after).await.map_err(refuse)?;
    json(&caller, &FeedbackPage { items: rows.into_iter().map(Into::into).collect(), next })
}

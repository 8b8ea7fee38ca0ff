//! `/api/v1/feedback`: the feedback list 意见建议清单.

use axum::http::{HeaderMap, StatusCode};
use keqiao_app::AppError;
use keqiao_app::feedback::{
    FeedbackFilter, FeedbackInput, FeedbackRow, act_on_feedback, list_feedback, raise_feedback_once, view_feedback,
};
use keqiao_domain::{AccountId, FeedbackId, FeedbackState, PartyId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, Versioned, created, json, record, written};
use super::caller::{Caller, Id};
use super::input::{Asked, Told, edited_version, once_key};
use super::problem::{Problem, Refusal};

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
    /// Grows with each change; `If-Match: "v<version>"` on a step.
    version: i64,
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
            version: item.version,
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
pub(crate) async fn list(caller: Caller, Asked(asked): Asked<FeedbackFilters>) -> Answer {
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

impl Versioned for FeedbackBody {
    fn version(&self) -> i64 {
        self.version
    }
}

async fn body_of(caller: &Caller, id: FeedbackId) -> Result<FeedbackBody, Refusal> {
    let view = view_feedback(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?;
    Ok(view.row.into())
}

/// One item, for who raised it, brokers and operators.
#[utoipa::path(get, path = "/api/v1/feedback/{id}", tag = "services", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = FeedbackBody, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn show(caller: Caller, Id(id): Id<FeedbackId>, headers: HeaderMap) -> Answer {
    let body = body_of(&caller, id).await?;
    record(&caller, &headers, StatusCode::OK, body.version, &body)
}

/// What is asked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FeedbackIn {
    /// One line.
    title: String,
    /// What is asked for.
    body: String,
    /// On whose behalf; else the caller's own.
    #[schema(value_type = Option<uuid::Uuid>)]
    party: Option<PartyId>,
}

/// Raises an item. With an `Idempotency-Key`, the same request sent again gives the same item.
#[utoipa::path(post, path = "/api/v1/feedback", tag = "services", request_body = FeedbackIn,
    params(("idempotency-key" = Option<String>, Header, description = "Visible ASCII, at most 200 characters; kept for 7 days")),
    responses(
    (status = 201, body = FeedbackBody, headers(("etag" = String), ("location" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For a party that the caller writes for", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn raise(caller: Caller, headers: HeaderMap, told: Told<FeedbackIn>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let key = once_key(&caller, &headers, "POST /api/v1/feedback", &told.bytes)?;
    let FeedbackIn { title, body, party } = told.input;
    let raised = raise_feedback_once(caller.app(), &caller.viewer, &title, &body, party, key).await.map_err(refuse)?;
    let body = body_of(&caller, raised.id).await?;
    created(&caller, &format!("/api/v1/feedback/{}", raised.id), body.version, &body)
}

/// What is done with an item.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FeedbackStep {
    /// `assign`, `settle`, `refuse` or `reopen`.
    #[serde(rename = "do")]
    doing: String,
    /// To whom it is given.
    #[schema(value_type = Option<uuid::Uuid>)]
    owner: Option<AccountId>,
    /// Until when, `2026-11-30`.
    due: String,
    /// By what it was settled, or why not.
    note: String,
}

/// Gives an item to somebody, settles it, refuses it or asks again.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/steps", tag = "services", request_body = FeedbackStep,
    params(("id" = uuid::Uuid, Path), ("if-match" = String, Header, description = "The ETag of the version that was read")),
    responses(
    (status = 200, body = FeedbackBody, headers(("etag" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For brokers and operators; who raised it may ask again", body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody else wrote in between: `current` and `yours`", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 428, description = "No If-Match", body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn step(
    caller: Caller,
    Id(id): Id<FeedbackId>,
    headers: HeaderMap,
    told: Told<FeedbackStep>,
) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let version = edited_version(&caller, &headers)?;
    let yours = serde_json::to_value(&told.input).map_err(|e| refuse(AppError::Internal(e.to_string())))?;
    let FeedbackStep { doing, owner, due, note } = told.input;
    let input = FeedbackInput { version, what: doing, owner, due, note };
    let done = act_on_feedback(caller.app(), &caller.viewer, id, input, None).await.map(drop);
    written(&caller, done, yours, body_of(&caller, id)).await
}

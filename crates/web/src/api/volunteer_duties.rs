//! `/api/v1/volunteer-duties`: somebody's part in a request, and the hours that two parties prove.

use axum::http::{HeaderMap, StatusCode};
use keqiao_app::AppError;
use keqiao_app::volunteers::{DutyInput, DutyRow, act_on_duty, view_duty};
use keqiao_domain::{DutyId, Timestamp, VolunteerRequestId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Versioned, record, written};
use super::caller::{Caller, Id};
use super::input::{Told, edited_version};
use super::problem::{Problem, Refusal};

/// Somebody's part in a request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyBody {
    #[schema(value_type = uuid::Uuid)]
    id: DutyId,
    /// In which request.
    #[schema(value_type = uuid::Uuid)]
    request: VolunteerRequestId,
    /// Grows with each change; `If-Match: "v<version>"` on a step.
    version: i64,
    /// The volunteer.
    volunteer: String,
    /// The team.
    team: String,
    /// `asked`, `accepted`, `declined`, `reported`, `objected` or `proven`.
    state: &'static str,
    /// As asked, then as reported.
    #[schema(value_type = String)]
    from: Timestamp,
    #[schema(value_type = String)]
    to: Timestamp,
    /// What was done, as reported.
    done: String,
    /// What the party that was served says otherwise.
    objection: String,
    /// Who confirmed the hours; empty: nobody yet.
    proven_by: String,
    /// What looks wrong about the hours: `overlap`, `too-long`, `same-pair`. Such hours count apart.
    anomalies: Vec<&'static str>,
}

impl From<DutyRow> for DutyBody {
    fn from(row: DutyRow) -> Self {
        let d = row.duty;
        Self {
            id: d.id,
            request: d.request,
            version: d.version,
            volunteer: row.name,
            team: row.team,
            state: d.state.as_str(),
            from: d.from,
            to: d.to,
            done: d.done,
            objection: d.objection,
            proven_by: row.prover,
            anomalies: row.anomalies.iter().map(|a| a.as_str()).collect(),
        }
    }
}

impl Versioned for DutyBody {
    fn version(&self) -> i64 {
        self.version
    }
}

async fn body_of(caller: &Caller, id: DutyId) -> Result<DutyBody, Refusal> {
    Ok(view_duty(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?.into())
}

/// Somebody's part in a request, for those who may know of it.
#[utoipa::path(get, path = "/api/v1/volunteer-duties/{id}", tag = "services",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = DutyBody, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn show(caller: Caller, Id(id): Id<DutyId>, headers: HeaderMap) -> Answer {
    let body = body_of(&caller, id).await?;
    record(&caller, &headers, StatusCode::OK, body.version, &body)
}

/// What is done with a duty; times are local to the installation.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DutyStep {
    /// `accept`, `decline` or `report`, by the volunteer; `prove` or `object`, by the party that was served.
    #[serde(rename = "do")]
    doing: String,
    /// From when, of a report.
    from: String,
    /// Until when.
    to: String,
    /// What was done, or what is wrong.
    note: String,
}

/// Answers, reports hours, confirms them or objects: each of the two parties its own part, and nobody the other's.
#[utoipa::path(post, path = "/api/v1/volunteer-duties/{id}/steps", tag = "services", request_body = DutyStep,
    params(("id" = uuid::Uuid, Path), ("if-match" = String, Header, description = "The ETag of the version that was read")),
    responses(
    (status = 200, body = DutyBody, headers(("etag" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For the other party to do", body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody else wrote in between: `current` and `yours`", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 428, description = "No If-Match", body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn step(caller: Caller, Id(id): Id<DutyId>, headers: HeaderMap, told: Told<DutyStep>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let version = edited_version(&caller, &headers)?;
    let yours = serde_json::to_value(&told.input).map_err(|e| refuse(AppError::Internal(e.to_string())))?;
    let DutyStep { doing, from, to, note } = told.input;
    let input = DutyInput { what: doing, version: Some(version), from, to, note };
    let done = act_on_duty(caller.app(), &caller.viewer, id, input).await.map(drop);
    written(&caller, done, yours, body_of(&caller, id)).await
}

//! `/api/v1/volunteer-duties`: somebody's part in a request, and the hours that two parties prove.

use keqiao_app::AppError;
use keqiao_app::volunteers::{DutyInput, DutyRow, act_on_duty};
use keqiao_domain::{DutyId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, written};
use super::caller::{Caller, Id};
use super::input::Told;
use super::problem::Problem;
use super::volunteer_requests::{RequestWithDuties, body_of};

/// Somebody's part in a request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyBody {
    #[schema(value_type = uuid::Uuid)]
    id: DutyId,
    /// Grows with each change: what a step expects.
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

/// What is done with a duty; times are local to the installation.
#[derive(Debug, Default, Deserialize, ToSchema)]
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
    /// The version that was read.
    expected: i64,
}

/// Answers, reports hours, confirms them or objects: each of the two parties its own part, and nobody the other's.
#[utoipa::path(post, path = "/api/v1/volunteer-duties/{id}/steps", tag = "services", request_body = DutyStep,
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The request with who goes", body = RequestWithDuties, headers(("etag" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For the other party to do", body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody else wrote in between", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn step(caller: Caller, Id(id): Id<DutyId>, told: Told<DutyStep>) -> Answer {
    let DutyStep { doing, from, to, note, expected } = told.input;
    let input = DutyInput { what: doing, version: Some(expected), from, to, note };
    let done = act_on_duty(caller.app(), &caller.viewer, id, input).await;
    let request = done.map_err(|e: AppError| caller.refuse(e))?;
    written(&caller, Ok(()), serde_json::Value::Null, body_of(&caller, request)).await
}

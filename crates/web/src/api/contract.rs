//! The contract of an engagement as data.

use keqiao_app::AppError;
use keqiao_app::engagements::{contract_data, view_contract};
use keqiao_domain::EngagementId;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, json};
use super::caller::{Caller, Id};
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

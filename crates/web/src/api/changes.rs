//! `/api/v1/changes`: a feed to follow.

use keqiao_app::status::changes_after;
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AccountId, Action, Change, RecordKind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, json};
use super::caller::Caller;
use super::input::Asked;
use super::problem::Problem;

/// From where to read on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Position {
    /// `next` of the answer before, else 0.
    after: i64,
    /// Entries of the log to look at, 1–100, else 100.
    limit: Option<i64>,
}

/// One entry of the change log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeBody {
    /// Its place in the order of commits.
    seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `listing`, `party`, `membership`, `attachment`, `review`, `account`, `invitation`, `source`, `article`,
    /// `entity` or `agreement`.
    #[schema(value_type = String)]
    record: RecordKind,
    /// Which record.
    id: uuid::Uuid,
    /// `created`, `updated`, `moved` or `removed`.
    #[schema(value_type = String)]
    action: Action,
    /// Who did it, for operators and for one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    actor: Option<AccountId>,
}

/// Changes and where to read on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangesBody {
    /// Changes of records that the caller may see; may be empty before the end of the log.
    items: Vec<ChangeBody>,
    /// `after` of the next question. The end is reached when it does not move.
    next: i64,
}

fn body_of(change: Change) -> ChangeBody {
    ChangeBody {
        seq: change.seq,
        at: change.at,
        record: change.record,
        id: change.id,
        action: change.action,
        actor: change.actor,
    }
}

/// Changes in the order of their commits. None is skipped: a follower keeps `next` and asks again.
#[utoipa::path(get, path = "/api/v1/changes", tag = "changes", params(Position), responses(
    (status = 200, body = ChangesBody),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn follow(caller: Caller, Asked(from): Asked<Position>) -> Answer {
    let limit = from.limit.unwrap_or(100);
    let mut faults = Vec::new();
    if !(1..=100).contains(&limit) {
        faults.push(Fault::with("limit", "out-of-range", "1–100"));
    }
    if from.after < 0 {
        faults.push(Fault::with("after", "out-of-range", "≥ 0"));
    }
    if !faults.is_empty() {
        return Err(caller.refuse(AppError::Invalid(faults)));
    }
    let read = changes_after(caller.app(), &caller.viewer, from.after, limit).await;
    let (changes, next) = read.map_err(|e| caller.refuse(e))?;
    json(&caller, &ChangesBody { items: changes.into_iter().map(body_of).collect(), next })
}

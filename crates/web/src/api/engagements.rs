//! `/api/v1/engagements`: list, read, open, take a step, say something, attach a file; figures and chains.

use axum::extract::{Path, Request};
use axum::http::{HeaderMap, StatusCode};
use futures::StreamExt;
use keqiao_app::engagements::{
    Doing, FigureFilter, MyFilter, OpenInput, StepInput, UploadedFile, Whose, add_file, figures, list_engagements,
    open_engagement, post_message, public_chain, take_step, view_engagement,
};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{
    AccountId, AttachmentId, Attributes, EngagementId, ListingId, MessageId, PartyId, Role, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, Versioned, created, json, record, sent, written};
use super::caller::{Caller, Id};
use super::engagement::{ChainBody, EngagementBody, EngagementPage, FiguresBody, ProofBody};
use super::input::{Asked, Told, once_key};
use super::problem::{Problem, Refusal};

/// Which engagements.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EngagementFilters {
    /// `mine` (else), `looked-after`, `brokerless` or `all`.
    whose: Option<String>,
    /// Standing in this stage.
    stage: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Engagements of the caller's parties, the last opened first; of a stage those that have stood there longest.
#[utoipa::path(get, path = "/api/v1/engagements", tag = "engagements", params(EngagementFilters), responses(
    (status = 200, body = EngagementPage),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn list(caller: Caller, Asked(asked): Asked<EngagementFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let whose = match asked.whose.as_deref() {
        None | Some("mine") => Whose::Mine,
        Some("looked-after") => Whose::LookedAfter,
        Some("brokerless") => Whose::Brokerless,
        Some("all") => Whose::All,
        Some(_) => return Err(refuse(AppError::invalid("whose", "unknown-choice"))),
    };
    let after = asked.after.as_deref().map(place).transpose().map_err(refuse)?;
    let filter = MyFilter { stage: asked.stage };
    let found = list_engagements(caller.app(), &caller.viewer, whose, &filter, after).await.map_err(refuse)?;
    let next = found.1.map(|(at, id)| format!("{}.{id}", at.micros()));
    json(&caller, &EngagementPage { items: found.0.into_iter().map(Into::into).collect(), next })
}

fn place(text: &str) -> Result<(Timestamp, EngagementId), AppError> {
    let wrong = || AppError::invalid("after", "bad-cursor");
    let (at, id) = text.split_once('.').ok_or_else(wrong)?;
    let at = Timestamp::from_micros(at.parse().map_err(|_| wrong())?);
    Ok((at, id.parse().map_err(|_| wrong())?))
}

async fn body_of(caller: &Caller, id: EngagementId) -> Result<EngagementBody, Refusal> {
    let view = view_engagement(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?;
    Ok(view.into())
}

/// One engagement with its whole record.
#[utoipa::path(get, path = "/api/v1/engagements/{id}", tag = "engagements",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = EngagementBody, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn show(caller: Caller, Id(id): Id<EngagementId>, headers: HeaderMap) -> Answer {
    let body = body_of(&caller, id).await?;
    record(&caller, &headers, StatusCode::OK, body.version(), &body)
}

/// What is to be taken up; of each side the listing or the party.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OpenBody {
    /// The need.
    #[schema(value_type = Option<uuid::Uuid>)]
    need: Option<ListingId>,
    /// The offer.
    #[schema(value_type = Option<uuid::Uuid>)]
    offer: Option<ListingId>,
    /// Who needs, without a listing.
    #[schema(value_type = Option<uuid::Uuid>)]
    need_party: Option<PartyId>,
    /// Who offers, without a listing.
    #[schema(value_type = Option<uuid::Uuid>)]
    offer_party: Option<PartyId>,
    /// One line; else the title of need or offer.
    title: String,
    /// What is said to the other side.
    note: String,
}

/// Opens an engagement; one that need and offer are in already is given as it is.
#[utoipa::path(post, path = "/api/v1/engagements", tag = "engagements", request_body = OpenBody,
    params(("idempotency-key" = Option<String>, Header, description = "Visible ASCII, at most 200 characters; kept for 7 days")),
    responses(
    (status = 201, body = EngagementBody, headers(("etag" = String), ("location" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For people of one of the parties, brokers and operators", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn open(caller: Caller, headers: HeaderMap, told: Told<OpenBody>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let key = once_key(&caller, &headers, "POST /api/v1/engagements", &told.bytes)?;
    let OpenBody { need, offer, need_party, offer_party, title, note } = told.input;
    let input = OpenInput { need, offer, need_party, offer_party, title, note, program: None };
    let opened = open_engagement(caller.app(), &caller.viewer, input, key).await.map_err(refuse)?;
    let body = body_of(&caller, opened.id).await?;
    created(&caller, &format!("/api/v1/engagements/{}", opened.id), body.version(), &body)
}

/// A step to be taken.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StepBodyIn {
    /// `move`, `confirm`, `object`, `amend`, `assign` or `rate`.
    #[serde(rename = "do")]
    doing: String,
    /// The move.
    #[serde(rename = "move")]
    made: String,
    /// The reason that declining asks for.
    reason: Option<String>,
    /// The step that is amended.
    step: i64,
    /// The broker that is named.
    #[schema(value_type = Option<uuid::Uuid>)]
    broker: Option<AccountId>,
    /// Points of a rating, 1–5.
    score: i64,
    /// In which capacity; else the one that may.
    #[serde(rename = "as")]
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// How many steps there were when this was decided.
    expected: i64,
    /// What is filled in, by field.
    #[schema(value_type = Object)]
    content: Attributes,
    /// What is said besides.
    note: String,
    /// What is attached: files sent before, at most 50.
    #[schema(value_type = Vec<uuid::Uuid>)]
    files: Vec<AttachmentId>,
}

/// Takes a step. `expected` guards against one that somebody took in between.
#[utoipa::path(post, path = "/api/v1/engagements/{id}/steps", tag = "engagements", request_body = StepBodyIn,
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = EngagementBody, headers(("etag" = String))),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The workflow does not allow it now", body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody took a step in between: `current` and `yours`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "What is missing or wrong", body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn step(caller: Caller, Id(id): Id<EngagementId>, told: Told<StepBodyIn>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let view = view_engagement(caller.app(), &caller.viewer, id).await.map_err(refuse)?;
    if view.roles.is_empty() {
        return Err(refuse(AppError::NotAllowed));
    }
    let told = told.input;
    let yours = serde_json::to_value(&told).map_err(|e| refuse(AppError::Internal(e.to_string())))?;
    let doing = match told.doing.as_str() {
        "move" => Doing::Move { id: told.made, reason: told.reason },
        "confirm" => Doing::Confirm,
        "object" => Doing::Object,
        "amend" => Doing::Amend(told.step),
        "assign" => Doing::Assign(told.broker),
        "rate" => Doing::Rate(told.score),
        other => {
            let shown: String = other.chars().take(40).collect();
            return Err(refuse(AppError::Invalid(vec![Fault::with("do", "unknown-choice", shown)])));
        }
    };
    let (role, expected, content, note, files) = (told.role, told.expected, told.content, told.note, told.files);
    let input = StepInput { doing, role, expected, content, note, files };
    let done = take_step(caller.app(), &caller.viewer, id, input).await.map(drop);
    written(&caller, done, yours, body_of(&caller, id)).await
}

/// How a file is called.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileName {
    /// The file's name; its end tells its type.
    name: String,
}

/// Keeps a file, to be attached to a step by its id. The bytes are the body.
#[utoipa::path(post, path = "/api/v1/engagements/{id}/files", tag = "engagements",
    params(("id" = uuid::Uuid, Path), FileName), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
    (status = 201, body = ProofBody),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn attach(
    caller: Caller,
    Id(id): Id<EngagementId>,
    Asked(asked): Asked<FileName>,
    request: Request,
) -> Answer {
    let stream = request.into_body().into_data_stream().boxed();
    let file = UploadedFile { name: asked.name, stream };
    let kept = add_file(caller.app(), &caller.viewer, id, file).await.map_err(|e| caller.refuse(e))?;
    let proof = keqiao_domain::FileProof { id: kept.id, name: kept.name, size: kept.size, sha256: kept.sha256 };
    sent(&caller, StatusCode::CREATED, Some(&format!("/engagement-files/{}", kept.id)), &ProofBody::from(&proof))
}

/// A message to be written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MessageIn {
    /// What it says.
    body: String,
}

/// A message that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: MessageId,
    /// When.
    #[schema(value_type = String)]
    at: Timestamp,
}

/// Writes a message to all who have to do with the engagement.
#[utoipa::path(post, path = "/api/v1/engagements/{id}/messages", tag = "engagements", request_body = MessageIn,
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 201, body = MessageBody),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn say(caller: Caller, Id(id): Id<EngagementId>, told: Told<MessageIn>) -> Answer {
    let said = post_message(caller.app(), &caller.viewer, id, &told.input.body).await;
    let message = said.map_err(|e| caller.refuse(e))?;
    sent(&caller, StatusCode::CREATED, None, &MessageBody { id: message.id, at: message.at })
}

/// Which engagements are counted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FigureFilters {
    /// In this province or city, by code.
    region: Option<String>,
    /// Of this kind.
    kind: Option<String>,
    /// Of this program.
    program: Option<String>,
    /// In which this party stands on either side.
    #[param(value_type = Option<uuid::Uuid>)]
    party: Option<PartyId>,
    /// Opened in this month or later, `2026-01`.
    from: Option<String>,
    /// Opened in this month or earlier.
    to: Option<String>,
}

/// The funnel and what stands beside it, as the steps say; for brokers and operators.
#[utoipa::path(get, path = "/api/v1/engagement-figures", tag = "engagements", params(FigureFilters), responses(
    (status = 200, body = FiguresBody),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn count(caller: Caller, Asked(asked): Asked<FigureFilters>) -> Answer {
    let FigureFilters { region, kind, program, party, from, to } = asked;
    let filter = FigureFilter { region, kind, program, party, from, to, ..FigureFilter::default() };
    let told = figures(caller.app(), &caller.viewer, &filter).await.map_err(|e| caller.refuse(e))?;
    json(&caller, &FiguresBody::from(told))
}

/// Whether the chain in which a hash stands is whole. For everybody; it names nobody.
#[utoipa::path(get, path = "/api/v1/chains/{hash}", tag = "engagements",
    params(("hash" = String, Path)), responses(
    (status = 200, body = ChainBody),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn chain(caller: Caller, Path(hash): Path<String>) -> Answer {
    let found = public_chain(caller.app(), &hash).await.map_err(|e| caller.refuse(e))?;
    json(&caller, &ChainBody::from(found))
}

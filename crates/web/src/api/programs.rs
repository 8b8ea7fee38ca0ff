//! `/api/v1/programs` and `/api/v1/entries`: calls, entries, the ranking, the hall; entering and moving an entry.

use axum::http::{HeaderMap, StatusCode};
use keqiao_app::AppError;
use keqiao_app::programs::{
    EntryDoing, EntryFilter, EntryInput, HallFilter, entries_of, hall, list_programs, ranking, save_entry,
    take_entry_step, view_entry, view_program,
};
use keqiao_domain::{Attributes, EntryContent, EntryStage, ListingId, PartyId, Phase, ProgramEntryId, ProgramId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, created, json, record};
use super::caller::{Caller, Id};
use super::input::{Asked, Told};
use super::problem::{Problem, Refusal};
use super::program::{EntryLinePage, EntryStepBody, ProgramBody, ProgramEntryBody, ProgramPage};

/// Where a list goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// `next` of the page before.
    after: Option<String>,
}

fn place<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, AppError> {
    text.map(|t| t.parse().map_err(|_| AppError::invalid("after", "bad-cursor"))).transpose()
}

/// Programs that the caller may see, the last made first.
#[utoipa::path(get, path = "/api/v1/programs", tag = "programs", params(After), responses(
    (status = 200, body = ProgramPage),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(caller: Caller, Asked(asked): Asked<After>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let after = place(asked.after.as_deref()).map_err(refuse)?;
    let (found, next) = list_programs(caller.app(), &caller.viewer, after).await.map_err(refuse)?;
    let items = found.into_iter().map(Into::into).collect();
    json(&caller, &ProgramPage { items, next: next.map(|id| id.to_string()) })
}

/// One program.
#[utoipa::path(get, path = "/api/v1/programs/{id}", tag = "programs", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = ProgramBody),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(caller: Caller, Id(id): Id<ProgramId>) -> Answer {
    let view = view_program(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?;
    json(&caller, &ProgramBody::counted(view.program, view.collected, view.chosen))
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntryFilters {
    /// In this stage.
    stage: Option<String>,
    /// Counting for this region, by code.
    area: Option<String>,
    /// Of this kind.
    kind: Option<String>,
    /// In an industry whose code begins so; of the hall.
    industry: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

impl EntryFilters {
    fn filter(&self) -> Result<EntryFilter, AppError> {
        let stage = self.stage.as_deref().map(|word| {
            let found = EntryStage::ALL.into_iter().find(|s| s.as_str() == word);
            found.ok_or_else(|| AppError::invalid("stage", "unknown-choice"))
        });
        Ok(EntryFilter {
            stages: stage.transpose()?.into_iter().collect(),
            area: self.area.clone(),
            kind: self.kind.clone(),
            industry: self.industry.clone(),
            ..EntryFilter::default()
        })
    }
}

/// The entries of a program by number, for its organiser.
#[utoipa::path(get, path = "/api/v1/programs/{id}/entries", tag = "programs",
    params(("id" = uuid::Uuid, Path), EntryFilters), responses(
    (status = 200, body = EntryLinePage),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn entries(caller: Caller, Id(id): Id<ProgramId>, Asked(asked): Asked<EntryFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let filter = asked.filter().map_err(refuse)?;
    let after = place(asked.after.as_deref()).map_err(refuse)?.unwrap_or(0);
    let found = entries_of(caller.app(), &caller.viewer, id, &filter, after).await.map_err(refuse)?;
    let items = found.1.into_iter().map(Into::into).collect();
    json(&caller, &EntryLinePage { items, next: found.2.map(|n| n.to_string()) })
}

/// The last ranking, best first, for the organiser.
#[utoipa::path(get, path = "/api/v1/programs/{id}/ranking", tag = "programs",
    params(("id" = uuid::Uuid, Path), EntryFilters), responses(
    (status = 200, body = EntryLinePage),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn ranked(caller: Caller, Id(id): Id<ProgramId>, Asked(asked): Asked<EntryFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let filter = asked.filter().map_err(refuse)?;
    let wrong = || refuse(AppError::invalid("after", "bad-cursor"));
    let after = match asked.after.as_deref() {
        None => (0, 0),
        Some(text) => {
            let (place, number) = text.split_once('.').ok_or_else(wrong)?;
            (place.parse().map_err(|_| wrong())?, number.parse().map_err(|_| wrong())?)
        }
    };
    let (found, next) = ranking(caller.app(), &caller.viewer, id, &filter, after).await.map_err(refuse)?;
    let items = found.into_iter().map(Into::into).collect();
    json(&caller, &EntryLinePage { items, next: next.map(|(place, n)| format!("{place}.{n}")) })
}

/// What is on show, by number; for everybody once the results stand.
#[utoipa::path(get, path = "/api/v1/programs/{id}/hall", tag = "programs",
    params(("id" = uuid::Uuid, Path), EntryFilters), responses(
    (status = 200, body = EntryLinePage),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn shown(caller: Caller, Id(id): Id<ProgramId>, Asked(asked): Asked<EntryFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let after = place(asked.after.as_deref()).map_err(refuse)?.unwrap_or(0);
    let EntryFilters { area, kind, industry, .. } = asked;
    let filter = HallFilter { area, kind, industry, words: None };
    let found = hall(caller.app(), &caller.viewer, id, &filter, after).await.map_err(refuse)?;
    let items = found.lines.into_iter().map(Into::into).collect();
    json(&caller, &EntryLinePage { items, next: found.next.map(|n| n.to_string()) })
}

/// What is entered.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EnterBody {
    /// Whose entry it is.
    #[schema(value_type = Option<uuid::Uuid>)]
    party: Option<PartyId>,
    /// The draft that is edited; else a new one.
    #[schema(value_type = Option<uuid::Uuid>)]
    entry: Option<ProgramEntryId>,
    /// Its version when it was read.
    version: i64,
    title: String,
    summary: String,
    kind: String,
    /// A code of the taxonomy `region`.
    region: String,
    /// A code of the taxonomy `industry`.
    industry: String,
    /// What is filled in, by field.
    #[schema(value_type = Object)]
    fields: Attributes,
    /// The listing it is made from.
    #[schema(value_type = Option<uuid::Uuid>)]
    listing: Option<ListingId>,
    /// Whether it is handed in, or kept as a draft.
    submit: bool,
}

async fn body_of(caller: &Caller, id: ProgramEntryId) -> Result<ProgramEntryBody, Refusal> {
    let view = view_entry(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?;
    Ok(view.into())
}

/// Enters a program: keeps a draft, or hands it in.
#[utoipa::path(post, path = "/api/v1/programs/{id}/entries", tag = "programs", request_body = EnterBody,
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 201, body = ProgramEntryBody, headers(("etag" = String), ("location" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The program takes no entries now", body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody wrote in between", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn enter(caller: Caller, Id(id): Id<ProgramId>, told: Told<EnterBody>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let told = told.input;
    let program = view_program(caller.app(), &caller.viewer, id).await.map_err(refuse)?.program;
    if program.phase != Phase::Open {
        return Err(refuse(keqiao_domain::ProgramRefusal::NotNow(program.phase).into()));
    }
    let party = told.party.ok_or_else(|| refuse(AppError::invalid("party", "required")))?;
    let content = EntryContent {
        title: told.title,
        summary: told.summary,
        kind: told.kind,
        region: told.region,
        industry: told.industry,
        fields: told.fields,
        listing: told.listing,
        files: Vec::new(),
    };
    let edits = told.entry.map(|entry| (entry, told.version));
    let input = EntryInput { program: id, party, content, edits, submit: told.submit };
    let entry = save_entry(caller.app(), &caller.viewer, input).await.map_err(refuse)?;
    let body = body_of(&caller, entry.id).await?;
    created(&caller, &format!("/api/v1/entries/{}", entry.id), body.version, &body)
}

/// One entry, for its people and the organiser.
#[utoipa::path(get, path = "/api/v1/entries/{id}", tag = "programs", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = ProgramEntryBody, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn entry(caller: Caller, Id(id): Id<ProgramEntryId>, headers: HeaderMap) -> Answer {
    let body = body_of(&caller, id).await?;
    record(&caller, &headers, StatusCode::OK, body.version, &body)
}

/// Where an entry stands after a step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryMovedBody {
    #[schema(value_type = uuid::Uuid)]
    id: ProgramEntryId,
    stage: &'static str,
    steps: i64,
}

/// Takes a step with an entry, in the capacity that it is for.
#[utoipa::path(post, path = "/api/v1/entries/{id}/steps", tag = "programs", request_body = EntryStepBody,
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = EntryMovedBody),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The program does not allow it now", body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody took a step in between", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn step(caller: Caller, Id(id): Id<ProgramEntryId>, told: Told<EntryStepBody>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let told = told.input;
    let doing = match told.doing() {
        Ok(doing) => doing,
        Err(error) => {
            // What is there is told to nobody else.
            view_entry(caller.app(), &caller.viewer, id).await.map_err(refuse)?;
            return Err(refuse(error));
        }
    };
    let scores = matches!(doing, EntryDoing::Score(_) | EntryDoing::Recuse);
    let moved = take_entry_step(caller.app(), &caller.viewer, id, doing, &told.note, told.expected).await;
    let entry = moved.map_err(refuse)?;
    // A reviewer learns nothing of the decision.
    let stage = if scores { EntryStage::Checked } else { entry.state.stage };
    json(&caller, &EntryMovedBody { id, stage: stage.as_str(), steps: entry.state.steps })
}

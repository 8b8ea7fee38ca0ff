//! `/api/v1/volunteer-teams`: teams with their branches, and who is in them.

use axum::http::{HeaderMap, StatusCode};
use keqiao_app::AppError;
use keqiao_app::volunteers::{
    TeamInput, TeamRow, TeamView, VolunteerRow, admit, found_team_once, join_team, list_teams, view_team,
};
use keqiao_domain::{PartyId, VolunteerId, VolunteerTeam, VolunteerTeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Versioned, created, json, record, written};
use super::caller::{Caller, Id};
use super::input::{Told, once_key};
use super::problem::{Problem, Refusal};

/// A team, or a branch of one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamBody {
    #[schema(value_type = uuid::Uuid)]
    id: VolunteerTeamId,
    version: i64,
    /// Its name.
    name: String,
    /// The organization that carries it.
    party: String,
    /// The team whose branch it is.
    #[schema(value_type = Option<uuid::Uuid>)]
    parent: Option<VolunteerTeamId>,
    /// Region code.
    region: Option<String>,
    /// What its people can do.
    skills: Vec<String>,
    /// What it does.
    summary: String,
    /// How many are in it.
    people: usize,
}

fn team_body(team: VolunteerTeam, party: String, people: usize) -> TeamBody {
    TeamBody {
        id: team.id,
        version: team.version,
        name: team.name,
        party,
        parent: team.parent,
        region: team.region,
        skills: team.skills,
        summary: team.summary,
        people,
    }
}

/// The teams.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamList {
    /// Each team before its branches.
    items: Vec<TeamBody>,
}

/// Somebody in a team, for who looks after it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberBody {
    /// As which one dispatches and admits.
    #[schema(value_type = uuid::Uuid)]
    volunteer: VolunteerId,
    /// The name.
    name: String,
    /// What he or she can do.
    skills: Vec<String>,
    /// Region code.
    region: Option<String>,
    /// `asks` or `in`.
    state: &'static str,
}

impl From<VolunteerRow> for MemberBody {
    fn from(row: VolunteerRow) -> Self {
        let v = row.volunteer;
        Self { volunteer: v.id, name: row.name, skills: v.skills, region: v.region, state: v.state.as_str() }
    }
}

/// A team with who is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamWithMembers {
    #[serde(flatten)]
    team: TeamBody,
    /// Who is in it or asks to be; for who looks after it, brokers and operators.
    members: Vec<MemberBody>,
}

impl From<TeamView> for TeamWithMembers {
    fn from(view: TeamView) -> Self {
        Self {
            team: team_body(view.team, view.party, view.people),
            members: view.members.into_iter().map(Into::into).collect(),
        }
    }
}

impl Versioned for TeamWithMembers {
    fn version(&self) -> i64 {
        self.team.version
    }
}

async fn body_of(caller: &Caller, id: VolunteerTeamId) -> Result<TeamWithMembers, Refusal> {
    Ok(view_team(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?.into())
}

/// All teams, each before its branches.
#[utoipa::path(get, path = "/api/v1/volunteer-teams", tag = "services", responses((status = 200, body = TeamList)))]
pub(crate) async fn list(caller: Caller) -> Answer {
    let roots = list_teams(caller.app()).await.map_err(|e| caller.refuse(e))?;
    let mut items = Vec::new();
    for TeamRow { team, party, people, branches } in roots {
        items.push(team_body(team, party, people));
        items.extend(branches.into_iter().map(|b| team_body(b.team, b.party, b.people)));
    }
    json(&caller, &TeamList { items })
}

/// One team.
#[utoipa::path(get, path = "/api/v1/volunteer-teams/{id}", tag = "services",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = TeamWithMembers, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(caller: Caller, Id(id): Id<VolunteerTeamId>, headers: HeaderMap) -> Answer {
    let body = body_of(&caller, id).await?;
    record(&caller, &headers, StatusCode::OK, body.version(), &body)
}

/// A team that is to be founded.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TeamIn {
    /// Its name.
    name: String,
    /// The organization that carries it.
    #[schema(value_type = Option<uuid::Uuid>)]
    party: Option<PartyId>,
    /// The team whose branch it is.
    #[schema(value_type = Option<uuid::Uuid>)]
    parent: Option<VolunteerTeamId>,
    /// Region, by name or code; else the organization's.
    region: String,
    /// What its people can do.
    skills: Vec<String>,
    /// What it does.
    summary: String,
}

/// Founds a team. With an `Idempotency-Key`, the same request sent again gives the same team.
#[utoipa::path(post, path = "/api/v1/volunteer-teams", tag = "services", request_body = TeamIn,
    params(("idempotency-key" = Option<String>, Header, description = "Visible ASCII, at most 200 characters; kept for 7 days")),
    responses(
    (status = 201, body = TeamWithMembers, headers(("etag" = String), ("location" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For the organization's editors and operators; a branch for who looks after the team", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn found(caller: Caller, headers: HeaderMap, told: Told<TeamIn>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    let key = once_key(&caller, &headers, "POST /api/v1/volunteer-teams", &told.bytes)?;
    let TeamIn { name, party, parent, region, skills, summary } = told.input;
    let input = TeamInput { name, party, parent, region, skills: skills.join("，"), summary };
    let team = found_team_once(caller.app(), &caller.viewer, input, key).await.map_err(refuse)?;
    let body = body_of(&caller, team.id).await?;
    created(&caller, &format!("/api/v1/volunteer-teams/{}", team.id), body.version(), &body)
}

/// What somebody can do, who joins.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct JoinIn {
    /// What the caller can do.
    skills: Vec<String>,
    /// Region, by name or code; else the team's.
    region: String,
}

/// Asks to be admitted to a team, or says anew what one can do: sent again, it changes nothing more.
#[utoipa::path(post, path = "/api/v1/volunteer-teams/{id}/volunteers", tag = "services", request_body = JoinIn,
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = TeamWithMembers),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn join(caller: Caller, Id(id): Id<VolunteerTeamId>, told: Told<JoinIn>) -> Answer {
    let JoinIn { skills, region } = told.input;
    let joined = join_team(caller.app(), &caller.viewer, id, &skills.join("，"), &region).await.map(drop);
    written(&caller, joined, serde_json::Value::Null, body_of(&caller, id)).await
}

/// Whether somebody belongs to the team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionIn {
    /// Admitted, or taken out.
    admitted: bool,
}

/// Admits a volunteer, or takes one out; who is in a team may leave it.
#[utoipa::path(post, path = "/api/v1/volunteers/{id}/decision", tag = "services", request_body = DecisionIn,
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = TeamWithMembers),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For who looks after the team", body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn decide(caller: Caller, Id(id): Id<VolunteerId>, told: Told<DecisionIn>) -> Answer {
    let done = admit(caller.app(), &caller.viewer, id, told.input.admitted).await;
    let team = done.map_err(|e| caller.refuse(e))?;
    written(&caller, Ok(()), serde_json::Value::Null, body_of(&caller, team)).await
}

//! `/volunteers/teams/{id}`: a team, its branches and its people; joining and admitting.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::parties::parties_named;
use keqiao_app::volunteers::{TeamInput, TeamView, admit, found_team, join_team, view_team};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{PartyId, VolunteerId, VolunteerState, VolunteerTeamId};

use super::own_parties;
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/volunteers/teams/new", ask)
        .post("/volunteers/teams", found)
        .get("/volunteers/teams/{id}", show)
        .post("/volunteers/teams/{id}/join", join)
        .post("/volunteers/members/{id}/{decision}", decide)
}

#[derive(Template)]
#[template(path = "volunteer_team_new.html")]
struct NewPage {
    f: Frame,
    parent: Option<(VolunteerTeamId, String)>,
    own: Vec<(PartyId, String)>,
    chosen: Option<PartyId>,
    name: Input,
    carrier: Input,
    region: Input,
    skills: Input,
    summary: Input,
    party_fault: String,
    problem: String,
}

async fn new_page(visit: &Visit, fields: &Fields, faults: Vec<Fault>) -> Result<NewPage, AppError> {
    let parent = match fields.get("parent").parse() {
        Ok(id) => Some((id, view_team(&visit.web.app, &visit.viewer(), id).await?.team.name)),
        Err(_) => None,
    };
    let own = own_parties(visit).await?;
    let mut f = visit.frame_of(if parent.is_some() { "team-branch-new" } else { "team-new" });
    f.noindex = true;
    let faults = Faults(faults);
    let field = |name, key: &'static str| faults.beside(&f, Input::new(name, "text", f.t(key), fields.get(name)));
    let optional = |name, key: &'static str| Input { required: false, longest: 200, ..field(name, key) };
    Ok(NewPage {
        name: Input { longest: 60, ..field("name", "team-name") },
        carrier: Input { hint: f.t("team-carrier-hint").to_owned(), ..optional("carrier", "team-carrier") },
        region: optional("region", "work-region"),
        skills: Input { hint: f.t("team-skills-hint").to_owned(), ..optional("skills", "team-skills") },
        summary: Input { rows: 4, longest: 1_000, ..optional("summary", "team-summary") },
        party_fault: faults.of(&f, "party"),
        problem: faults.beyond(&f, &["name", "carrier", "region", "skills", "summary", "party"]),
        chosen: fields.get("party").parse().ok(),
        parent,
        own,
        f,
    })
}

async fn ask(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    match new_page(&visit, &fields, Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn found(Sent(visit, fields): Sent) -> Response {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    // A branch may be carried by another organization, which is named in full.
    let named = match fields.filled("carrier") {
        Some(name) => parties_named(app, &viewer, name).await,
        None => Ok(Vec::new()),
    };
    let made = match named.as_deref() {
        Ok(list) => {
            let party = match (fields.filled("carrier"), list) {
                (None, _) => Ok(fields.get("party").parse().ok()),
                (Some(_), [one]) => Ok(Some(one.id)),
                (Some(name), _) => Err(AppError::Invalid(vec![Fault::with("carrier", "unknown-party", name)])),
            };
            let said = |name: &str| fields.get(name).to_owned();
            match party {
                Ok(party) => {
                    let input = TeamInput {
                        name: said("name"),
                        party,
                        parent: fields.get("parent").parse().ok(),
                        region: said("region"),
                        skills: said("skills"),
                        summary: said("summary"),
                    };
                    found_team(app, &viewer, input).await
                }
                Err(error) => Err(error),
            }
        }
        Err(_) => Err(AppError::invalid("carrier", "unknown-party")),
    };
    match made {
        Ok(team) => {
            let there = Redirect::to(&format!("/volunteers/teams/{}", team.id)).into_response();
            with_flash(&visit.web, there, Tone::Done, "team-founded")
        }
        Err(AppError::Invalid(faults)) => match new_page(&visit, &fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

#[derive(Template)]
#[template(path = "volunteer_team.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    view: TeamView,
    skills: Input,
    region: Input,
    problem: String,
}

impl Page {
    fn own_state(&self) -> Option<VolunteerState> {
        self.view.own.as_ref().map(|v| v.state).filter(|s| *s != VolunteerState::Out)
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, None).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, typed: Option<(&Fields, Vec<Fault>)>) -> Result<Page, AppError> {
    let view = view_team(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    let f = visit.frame(&view.team.name);
    let own = view.own.as_ref();
    let skills = typed.as_ref().map_or_else(
        || own.map_or_else(String::new, |v| v.skills.join(f.t("list-comma"))),
        |(fields, _)| fields.get("skills").to_owned(),
    );
    let region = typed.as_ref().map_or_else(
        || own.and_then(|v| v.region.clone()).unwrap_or_default(),
        |(fields, _)| fields.get("region").to_owned(),
    );
    let faults = Faults(typed.map(|(_, faults)| faults).unwrap_or_default());
    let mut trail = vec![("/volunteers".to_owned(), f.t("volunteers-title").to_owned())];
    if let Some(parent) = &view.parent {
        trail.push((format!("/volunteers/teams/{}", parent.id), parent.name.clone()));
    }
    trail.push((String::new(), view.team.name.clone()));
    Ok(Page {
        skills: Input {
            longest: 200,
            hint: f.t("team-skills-hint").to_owned(),
            ..faults.beside(&f, Input::new("skills", "text", f.t("volunteer-skills"), &skills))
        },
        region: Input {
            longest: 60,
            required: false,
            ..faults.beside(&f, Input::new("region", "text", f.t("work-region"), &region))
        },
        problem: faults.beyond(&f, &["skills", "region"]),
        trail,
        view,
        f,
    })
}

async fn join(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let joined = match parse_id::<VolunteerTeamId>(&id) {
        Ok(team) => join_team(&visit.web.app, &visit.viewer(), team, fields.get("skills"), fields.get("region")).await,
        Err(error) => Err(error),
    };
    match joined {
        Ok(volunteer) => {
            let there = Redirect::to(&format!("/volunteers/teams/{}", volunteer.team)).into_response();
            with_flash(&visit.web, there, Tone::Done, "team-joined")
        }
        Err(AppError::Invalid(faults)) => match page(&visit, &id, Some((&fields, faults))).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn decide(Path((id, what)): Path<(String, String)>, Sent(visit, _): Sent) -> Response {
    let done = match (parse_id::<VolunteerId>(&id), what.as_str()) {
        (Ok(id), "admit") => admit(&visit.web.app, &visit.viewer(), id, true).await,
        (Ok(id), "out") => admit(&visit.web.app, &visit.viewer(), id, false).await,
        _ => Err(AppError::NotFound),
    };
    match done {
        Ok(team) => {
            let there = Redirect::to(&format!("/volunteers/teams/{team}")).into_response();
            with_flash(&visit.web, there, Tone::Done, "team-changed")
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

//! Volunteer service: teams, requests, who goes, and hours that two parties prove.

mod duties;
mod report;
mod requests;
mod teams;

pub use duties::{DutyInput, DutyRow, act_on_duty, dispatch, my_duties, view_duty};
pub use report::{ServiceReport, ServiceRow, TeamHours, may_report, service_report};
pub use requests::{
    Candidate, RequestInput, RequestRow, RequestView, ask_for_help, ask_for_help_once, end_request, list_requests,
    view_request,
};
pub use teams::{
    TeamInput, TeamRow, TeamView, VolunteerRow, admit, found_team, found_team_once, join_team, list_teams, view_team,
};

use keqiao_domain::{AccountId, PartyId, Viewer, VolunteerTeam};
use keqiao_store::kept::{self, Asked};
use keqiao_store::{Conn, accounts, parties};

use crate::{App, AppError, Fault};

/// Most teams, and most volunteers of a team, that are read.
const TEAMS: i64 = 1_000;
const PEOPLE: i64 = 2_000;

/// Whether somebody looks after a team.
fn looks_after(viewer: &Viewer, team: &VolunteerTeam) -> bool {
    viewer.may_edit_for(team.party) || viewer.is_operator()
}

async fn all_teams(db: &mut Conn) -> Result<Vec<VolunteerTeam>, AppError> {
    Ok(kept::list(db, Asked::first(TEAMS)).await?)
}

/// The code of a region, as people write it; nothing for nothing.
fn region(app: &App, text: &str, faults: &mut Vec<Fault>) -> Option<String> {
    let text = Some(text.trim()).filter(|t| !t.is_empty())?;
    match crate::code_named(&app.catalog, "region", text) {
        Ok(code) => Some(code),
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

async fn names(db: &mut Conn, mut ids: Vec<AccountId>) -> Result<Vec<(AccountId, String)>, AppError> {
    ids.sort_unstable();
    ids.dedup();
    Ok(accounts::names(db, &ids).await?)
}

fn name_in(names: &[(AccountId, String)], id: AccountId) -> String {
    names.iter().find(|(a, _)| *a == id).map_or_else(String::new, |(_, name)| name.clone())
}

async fn party_names(db: &mut Conn, mut ids: Vec<PartyId>) -> Result<Vec<(PartyId, String)>, AppError> {
    ids.sort_unstable();
    ids.dedup();
    Ok(parties::find_many(db, &ids).await?.into_iter().map(|p| (p.id, p.name)).collect())
}

fn party_in(names: &[(PartyId, String)], id: PartyId) -> String {
    names.iter().find(|(p, _)| *p == id).map_or_else(String::new, |(_, name)| name.clone())
}

//! Teams and their branches, and who is in them.

use futures::FutureExt;
use keqiao_domain::{
    Action, PartyId, PartyKind, RecordKind, ServiceNews, Viewer, Volunteer, VolunteerId, VolunteerState, VolunteerTeam,
    VolunteerTeamId,
};
use keqiao_store::kept::{self, Asked};
use keqiao_store::{accounts, parties};

use super::{PEOPLE, all_teams, looks_after, name_in, names, party_in, party_names, region};
use crate::idempotency::{self, OnceKey};
use crate::records::{News, Teller, found, listed, rewrite, words};
use crate::{App, AppError, Fault, log_change};

/// A team of the list.
#[derive(Debug, Clone)]
pub struct TeamRow {
    /// The team.
    pub team: VolunteerTeam,
    /// Who carries it.
    pub party: String,
    /// How many are in it.
    pub people: usize,
    /// Its branches.
    pub branches: Vec<TeamRow>,
}

/// All teams, each with its branches.
///
/// # Errors
/// When the store fails.
pub async fn list_teams(app: &App) -> Result<Vec<TeamRow>, AppError> {
    let mut db = app.store.reader().await?;
    let teams = all_teams(&mut db).await?;
    let carriers = party_names(&mut db, teams.iter().map(|t| t.party).collect()).await?;
    let inside = Asked::first(PEOPLE * 10).with("state", VolunteerState::In.as_str());
    let people: Vec<Volunteer> = kept::list(&mut db, inside).await?;
    let row = |team: &VolunteerTeam| TeamRow {
        party: party_in(&carriers, team.party),
        people: people.iter().filter(|v| v.team == team.id).count(),
        branches: Vec::new(),
        team: team.clone(),
    };
    let mut rows: Vec<TeamRow> = teams.iter().filter(|t| t.parent.is_none()).map(row).collect();
    for root in &mut rows {
        // A branch of a branch stands under the same team: nobody has to search for it.
        let mut under = vec![root.team.id];
        let mut seen = 0;
        while let Some(id) = under.get(seen).copied() {
            seen += 1;
            let own = teams.iter().filter(|t| t.parent == Some(id) && !under.contains(&t.id)).collect::<Vec<_>>();
            under.extend(own.iter().map(|t| t.id));
            root.branches.extend(own.into_iter().map(row));
        }
    }
    Ok(rows)
}

/// Somebody in a team, with the name.
#[derive(Debug, Clone)]
pub struct VolunteerRow {
    /// Who.
    pub volunteer: Volunteer,
    /// The name.
    pub name: String,
}

/// A team as somebody sees it.
#[derive(Debug, Clone)]
pub struct TeamView {
    /// The team.
    pub team: VolunteerTeam,
    /// Who carries it.
    pub party: String,
    /// The team whose branch it is.
    pub parent: Option<VolunteerTeam>,
    /// Its branches.
    pub branches: Vec<VolunteerTeam>,
    /// How many are in it.
    pub people: usize,
    /// Who is in it or wants to be; for who looks after it, brokers and operators.
    pub members: Vec<VolunteerRow>,
    /// The viewer's own place in it.
    pub own: Option<Volunteer>,
    /// Whether the viewer looks after it.
    pub may_edit: bool,
}

/// A team.
///
/// # Errors
/// `NotFound`.
pub async fn view_team(app: &App, viewer: &Viewer, id: VolunteerTeamId) -> Result<TeamView, AppError> {
    let mut db = app.store.reader().await?;
    let team: VolunteerTeam = found(&mut db, id).await?;
    let teams = all_teams(&mut db).await?;
    let people: Vec<Volunteer> = kept::list(&mut db, Asked::first(PEOPLE).with("team_id", id.0)).await?;
    let may_edit = looks_after(viewer, &team);
    let shown = may_edit || viewer.sees_all();
    let names = names(&mut db, people.iter().filter(|_| shown).map(|v| v.account).collect()).await?;
    let row = |v: &Volunteer| VolunteerRow { name: name_in(&names, v.account), volunteer: v.clone() };
    Ok(TeamView {
        party: party_in(&party_names(&mut db, vec![team.party]).await?, team.party),
        parent: team.parent.and_then(|p| teams.iter().find(|t| t.id == p)).cloned(),
        branches: teams.iter().filter(|t| t.parent == Some(id)).cloned().collect(),
        people: people.iter().filter(|v| v.state == VolunteerState::In).count(),
        members: people.iter().filter(|v| shown && v.state != VolunteerState::Out).map(row).collect(),
        own: people.iter().find(|v| viewer.account == Some(v.account)).cloned(),
        may_edit,
        team,
    })
}

/// A team as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamInput {
    /// Its name.
    pub name: String,
    /// Who carries it.
    pub party: Option<PartyId>,
    /// The team whose branch it is.
    pub parent: Option<VolunteerTeamId>,
    /// The region, by name or code.
    pub region: String,
    /// What its people can do.
    pub skills: String,
    /// What it does.
    pub summary: String,
}

/// Founds a team. A branch is founded by who looks after the team; another organization may carry it.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` for an organization that one does not write for, or a branch of another's team;
/// `NotFound`; `Invalid`.
pub async fn found_team(app: &App, viewer: &Viewer, input: TeamInput) -> Result<VolunteerTeam, AppError> {
    found_team_once(app, viewer, input, None).await
}

/// Founds a team once for a key.
///
/// # Errors
/// Those of [`found_team`]; `KeyReused`.
pub async fn found_team_once(
    app: &App,
    viewer: &Viewer,
    input: TeamInput,
    key: Option<OnceKey>,
) -> Result<VolunteerTeam, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if let Some(kept) = idempotency::kept(app, account, key.as_ref()).await? {
        return Ok(kept);
    }
    let mut faults = Vec::new();
    let name = words("name", &input.name, 60, true, &mut faults);
    let summary = words("summary", &input.summary, 1_000, false, &mut faults);
    let skills = listed("skills", &input.skills, &mut faults);
    let region = region(app, &input.region, &mut faults);
    let Some(party) = input.party else {
        faults.push(Fault::new("party", "required"));
        return Err(AppError::Invalid(faults));
    };
    let mut db = app.store.reader().await?;
    let carrier = parties::find(&mut db, party).await?.filter(|p| p.kind == PartyKind::Organization);
    let carrier = carrier.ok_or_else(|| AppError::invalid("party", "organizations-only"))?;
    let may = match input.parent {
        Some(parent) => looks_after(viewer, &found(&mut db, parent).await?),
        None => viewer.may_edit_for(party) || viewer.is_operator(),
    };
    drop(db);
    if !may {
        return Err(AppError::NotAllowed);
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let now = app.now();
    let team = VolunteerTeam {
        id: VolunteerTeamId::fresh(&*app.clock, &*app.entropy),
        name,
        parent: input.parent,
        party,
        region: region.or(carrier.region),
        skills,
        summary,
        demo: carrier.demo,
        version: 1,
        created_at: now,
    };
    idempotency::once(app, account, key, move |tx| {
        async move {
            kept::insert(tx, &team).await?;
            log_change(tx, now, RecordKind::VolunteerTeam, team.id, Action::Created, Some(account)).await?;
            Ok(team)
        }
        .boxed()
    })
    .await
}

/// Asks to be admitted to a team, or says anew what one can do and where.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `Invalid`.
pub async fn join_team(
    app: &App,
    viewer: &Viewer,
    id: VolunteerTeamId,
    skills: &str,
    place: &str,
) -> Result<Volunteer, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut faults = Vec::new();
    let skills = listed("skills", skills, &mut faults);
    if skills.is_empty() {
        faults.push(Fault::new("skills", "required"));
    }
    let region = region(app, place, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (teller, now) = (Teller::of(app), app.now());
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let team: VolunteerTeam = found(tx, id).await?;
                let own = Asked::first(1).with("team_id", id.0).with("account_id", account.0);
                let before: Option<Volunteer> = kept::list(tx, own).await?.pop();
                let region = region.or(team.region.clone());
                let volunteer = match before {
                    Some(before) => {
                        let again = before.state == VolunteerState::Out;
                        let state = if again { VolunteerState::Asks } else { before.state };
                        let version = before.version + 1;
                        let now_in = Volunteer { skills, region, state, version, ..before.clone() };
                        rewrite(tx, &now_in, before.version).await?;
                        now_in
                    }
                    None => {
                        let volunteer = Volunteer {
                            id: teller.fresh(VolunteerId::fresh),
                            team: id,
                            account,
                            skills,
                            region,
                            state: VolunteerState::Asks,
                            demo: team.demo,
                            version: 1,
                            created_at: now,
                        };
                        kept::insert(tx, &volunteer).await?;
                        volunteer
                    }
                };
                log_change(tx, now, RecordKind::VolunteerTeam, id, Action::Updated, Some(account)).await?;
                if volunteer.state == VolunteerState::Asks {
                    let people = accounts::acting_for(tx, team.party).await?;
                    let key = format!("volunteer-{}-{}", volunteer.id, volunteer.version);
                    let (record, news) = (RecordKind::VolunteerTeam, ServiceNews::VolunteerAsks);
                    let news = News { record, id: id.0, title: &team.name, news, key, at: now };
                    teller.tell(tx, people, Some(account), news).await?;
                }
                Ok(volunteer)
            }
            .boxed()
        })
        .await
}

/// Admits somebody, or takes somebody out; who is in a team may leave it.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Stale`.
pub async fn admit(app: &App, viewer: &Viewer, id: VolunteerId, is_in: bool) -> Result<VolunteerTeamId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let (teller, now, viewer) = (Teller::of(app), app.now(), viewer.clone());
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let before: Volunteer = found(tx, id).await?;
                let team: VolunteerTeam = found(tx, before.team).await?;
                let leaves = !is_in && before.account == account;
                if !leaves && !looks_after(&viewer, &team) {
                    return Err(AppError::NotAllowed);
                }
                let state = if is_in { VolunteerState::In } else { VolunteerState::Out };
                let after = Volunteer { state, version: before.version + 1, ..before.clone() };
                rewrite(tx, &after, before.version).await?;
                log_change(tx, now, RecordKind::VolunteerTeam, team.id, Action::Updated, Some(account)).await?;
                if is_in {
                    let key = format!("volunteer-{id}-in-{}", after.version);
                    let (record, news) = (RecordKind::VolunteerTeam, ServiceNews::VolunteerIn);
                    let news = News { record, id: team.id.0, title: &team.name, news, key, at: now };
                    teller.tell(tx, [after.account], Some(account), news).await?;
                }
                Ok(team.id)
            }
            .boxed()
        })
        .await
}

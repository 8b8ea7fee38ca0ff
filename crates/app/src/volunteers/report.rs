//! The service report: hours by team and volunteer, those that look wrong apart.

use std::collections::BTreeMap;

use keqiao_domain::{
    AccountId, Anomaly, Duty, HoursSum, PAIR_DAYS, Viewer, VolunteerRequest, VolunteerTeam, VolunteerTeamId, anomalies,
    sum_hours,
};
use keqiao_store::kept::{self, Asked};

use super::duties::DutyRow;
use super::{all_teams, looks_after, name_in, names};
use crate::records::found;
use crate::{App, AppError, Fault};

/// Most duties of a report.
const MOST: i64 = 50_000;
/// Most duties that look wrong and are shown one by one.
const SHOWN: usize = 100;

/// A volunteer's hours in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRow {
    /// The team.
    pub team: String,
    /// The volunteer.
    pub name: String,
    /// The hours.
    pub hours: HoursSum,
}

/// The hours of a team, its branches' among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamHours {
    /// Its name.
    pub name: String,
    /// How deep it stands below a team of the report: 0 for one that is nobody's branch.
    pub depth: usize,
    /// Its hours with those of its branches.
    pub hours: HoursSum,
    /// Whether some of them are a branch's.
    pub with_branches: bool,
}

/// A report over some days.
#[derive(Debug, Clone)]
pub struct ServiceReport {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// By team and volunteer.
    pub rows: Vec<ServiceRow>,
    /// By team, each before its branches.
    pub teams: Vec<TeamHours>,
    /// All together.
    pub total: HoursSum,
    /// What looks wrong, each with why.
    pub wrong: Vec<DutyRow>,
}

/// Whether there is a report for somebody.
///
/// # Errors
/// When the store fails.
pub async fn may_report(app: &App, viewer: &Viewer) -> Result<bool, AppError> {
    let teams = all_teams(&mut app.store.reader().await?).await?;
    Ok(viewer.is_member() && (viewer.sees_all() || teams.iter().any(|t| looks_after(viewer, t))))
}

fn add(sum: &mut HoursSum, more: &HoursSum) {
    sum.proven += more.proven;
    sum.flagged += more.flagged;
    sum.waiting += more.waiting;
    sum.duties += more.duties;
}

/// The teams that have hours below a parent, each before its branches, by name.
fn tree(
    own: &[&VolunteerTeam],
    sums: &BTreeMap<VolunteerTeamId, HoursSum>,
    parent: Option<VolunteerTeamId>,
    depth: usize,
) -> Vec<TeamHours> {
    let known = |id: VolunteerTeamId| own.iter().any(|t| t.id == id);
    // Who looks after a branch alone has it for a team.
    let mut here: Vec<&&VolunteerTeam> = own.iter().filter(|t| t.parent.filter(|p| known(*p)) == parent).collect();
    here.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let mut out = Vec::new();
    for team in here {
        let below = tree(own, sums, Some(team.id), depth + 1);
        let mut hours = sums.get(&team.id).copied().unwrap_or_default();
        below.iter().filter(|b| b.depth == depth + 1).for_each(|b| add(&mut hours, &b.hours));
        if below.is_empty() && !sums.contains_key(&team.id) {
            continue;
        }
        out.push(TeamHours { name: team.name.clone(), depth, hours, with_branches: !below.is_empty() });
        out.extend(below);
    }
    out
}

/// The report of duties that began in these days, both included; empty days are this year's. For brokers and operators
/// of all teams, for others of those they look after.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` for who looks after no team; `Invalid`.
pub async fn service_report(app: &App, viewer: &Viewer, from: &str, to: &str) -> Result<ServiceReport, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let teams = all_teams(&mut db).await?;
    let own: Vec<&VolunteerTeam> = teams.iter().filter(|t| viewer.sees_all() || looks_after(viewer, t)).collect();
    if own.is_empty() && !viewer.sees_all() {
        return Err(AppError::NotAllowed);
    }
    let zone = &app.settings.zone;
    let today = zone.day(app.now());
    let year = today.get(..4).unwrap_or_default();
    let mut faults = Vec::new();
    let mut day = |field: &str, text: &str, else_: String| crate::day::day(field, text, &mut faults).unwrap_or(else_);
    let (from, to) = (day("from", from, format!("{year}-01-01")), day("to", to, format!("{year}-12-31")));
    if from > to {
        faults.push(Fault::new("to", "before-from"));
    }
    let moment = |day: &str| zone.moment(&format!("{day}T00:00"));
    let (Some(begin), Some(last), true) = (moment(&from), moment(&to), faults.is_empty()) else {
        return Err(AppError::Invalid(faults));
    };
    let end = zone.days_after(last, 1);
    // What looks wrong can do so because of what stands just outside.
    let around = Asked::latest(MOST)
        .by("starts_at")
        .from("starts_at", begin.plus_days(-PAIR_DAYS).micros())
        .below("starts_at", end.plus_days(PAIR_DAYS).micros());
    let all: Vec<Duty> = kept::list(&mut db, around).await?;
    let found_wrong = anomalies(&all);
    let within = |d: &&Duty| begin <= d.from && d.from < end && own.iter().any(|t| t.id == d.team);
    let duties: Vec<Duty> = all.iter().filter(within).cloned().collect();
    let sums = sum_hours(&duties, &found_wrong);
    let provers = duties.iter().filter_map(|d| d.proven.map(|(a, _)| a));
    let who: Vec<AccountId> = sums.keys().map(|(_, a)| *a).chain(provers).collect();
    let people = names(&mut db, who).await?;
    let team_name =
        |id: VolunteerTeamId| teams.iter().find(|t| t.id == id).map_or_else(String::new, |t| t.name.clone());
    let mut by_team: BTreeMap<VolunteerTeamId, HoursSum> = BTreeMap::new();
    let mut total = HoursSum::default();
    for ((team, _), hours) in &sums {
        add(by_team.entry(*team).or_default(), hours);
        add(&mut total, hours);
    }
    let mut rows: Vec<ServiceRow> = sums
        .into_iter()
        .map(|((team, account), hours)| ServiceRow { team: team_name(team), name: name_in(&people, account), hours })
        .collect();
    rows.sort_by(|a, b| (&a.team, -a.hours.proven, &a.name).cmp(&(&b.team, -b.hours.proven, &b.name)));
    let mut wrong = Vec::new();
    for duty in duties.into_iter().filter(|d| found_wrong.contains_key(&d.id)).take(SHOWN) {
        let reasons: Vec<Anomaly> = found_wrong.get(&duty.id).cloned().unwrap_or_default();
        let request: VolunteerRequest = found(&mut db, duty.request).await?;
        wrong.push(DutyRow {
            title: request.title,
            name: name_in(&people, duty.volunteer),
            prover: duty.proven.map(|(a, _)| name_in(&people, a)).unwrap_or_default(),
            team: team_name(duty.team),
            anomalies: reasons,
            own: viewer.account == Some(duty.volunteer),
            for_party: viewer.may_edit_for(duty.party),
            duty,
        });
    }
    let teams = tree(&own, &by_team, None, 0);
    Ok(ServiceReport { from, to, rows, teams, total, wrong })
}

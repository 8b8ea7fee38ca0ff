//! A volunteer action, from the request to hours that two parties proved.

use keqiao_app::AppError;
use keqiao_app::volunteers::{
    DutyInput, RequestInput, TeamInput, act_on_duty, admit, ask_for_help, dispatch, end_request, found_team, join_team,
    list_requests, list_teams, my_duties, service_report, view_request, view_team,
};
use keqiao_domain::{Duty, ServiceNews, Viewer, Volunteer, VolunteerRequest, VolunteerTeamId};

use super::{Cast, cast, told};

const HOUR: i64 = 3_600;

fn input(what: &str, version: i64, from: &str, to: &str, note: &str) -> DutyInput {
    DutyInput { what: what.into(), version: Some(version), from: from.into(), to: to.into(), note: note.into() }
}

async fn asked(cast: &Cast, title: &str) -> VolunteerRequest {
    let input = RequestInput {
        party: Some(cast.need.0),
        title: title.into(),
        body: "教老人用手机挂号".into(),
        skills: "讲解、手机".into(),
        place: "社区中心".into(),
        starts: "2026-03-02T09:00".into(),
        ends: "2026-03-02T12:00".into(),
        wanted: "2".into(),
        ..RequestInput::default()
    };
    ask_for_help(&cast.house.app, &cast.need.1, input).await.unwrap()
}

/// A team of the offer's organization with one volunteer in it.
async fn volunteer(cast: &Cast, name: &str) -> (Viewer, Volunteer) {
    let app = &cast.house.app;
    let team = match list_teams(app).await.unwrap().first() {
        Some(row) => row.team.clone(),
        None => {
            let input = TeamInput { name: "科技志愿队".into(), party: Some(cast.offer.0), ..TeamInput::default() };
            found_team(app, &cast.offer.1, input).await.unwrap()
        }
    };
    in_team(cast, name, team.id, &cast.offer.1).await
}

/// Somebody whom who looks after a team has admitted.
async fn in_team(cast: &Cast, name: &str, team: VolunteerTeamId, keeper: &Viewer) -> (Viewer, Volunteer) {
    let app = &cast.house.app;
    let account = cast.house.account(name, None).await;
    let viewer = cast.house.viewer(&account).await;
    let volunteer = join_team(app, &viewer, team, "手机，讲解", "320200").await.unwrap();
    admit(app, keeper, volunteer.id, true).await.unwrap();
    (viewer, volunteer)
}

/// Three hours proven.
async fn served(cast: &Cast, viewer: &Viewer, who: &Volunteer, title: &str) {
    let request = asked(cast, title).await;
    let duty = dispatch(&cast.house.app, &cast.operator, request.id, who.id).await.unwrap();
    act(cast, viewer, &duty, input("accept", 1, "", "", "")).await.unwrap();
    cast.house.clock.advance_seconds(2 * 24 * HOUR);
    let report = input("report", 2, "2026-03-02T09:00", "2026-03-02T12:00", "教会二十位老人");
    act(cast, viewer, &duty, report).await.unwrap();
    act(cast, &cast.need.1, &duty, input("prove", 3, "", "", "")).await.unwrap();
}

async fn act(cast: &Cast, by: &Viewer, duty: &Duty, input: DutyInput) -> Result<(), AppError> {
    act_on_duty(&cast.house.app, by, duty.id, input).await.map(drop)
}

/// Four hours proven.
pub(super) async fn proven(cast: &Cast) -> Duty {
    let app = &cast.house.app;
    let (viewer, who) = volunteer(cast, "volunteer").await;
    let request = asked(cast, "手机课").await;
    let duty = dispatch(app, &cast.offer.1, request.id, who.id).await.unwrap();
    act(cast, &viewer, &duty, input("accept", 1, "", "", "")).await.unwrap();
    cast.house.clock.advance_seconds(2 * 24 * HOUR);
    let report = input("report", 2, "2026-03-02T09:00", "2026-03-02T13:00", "教会二十位老人");
    act(cast, &viewer, &duty, report).await.unwrap();
    act(cast, &cast.need.1, &duty, input("prove", 3, "", "", "")).await.unwrap();
    duty
}

#[tokio::test]
async fn hours_come_of_two_parties_and_of_nobody_else() {
    let cast = cast().await;
    let app = &cast.house.app;
    let (viewer, who) = volunteer(&cast, "volunteer").await;
    assert_eq!(told(&cast, &cast.offer.1, ServiceNews::VolunteerAsks).await, 1);
    let request = asked(&cast, "手机课").await;
    let stranger = cast.house.account("stranger", None).await;
    let stranger = cast.house.viewer(&stranger).await;
    assert!(matches!(dispatch(app, &stranger, request.id, who.id).await, Err(AppError::NotAllowed)));
    let seen = view_request(app, &cast.offer.1, request.id).await.unwrap();
    assert!(seen.candidates[0].fit.free && seen.candidates[0].fit.all_skills && seen.candidates[0].fit.near == 2);
    let duty = dispatch(app, &cast.brokers[0].1, request.id, who.id).await.unwrap();
    assert!(matches!(dispatch(app, &cast.offer.1, request.id, who.id).await, Err(AppError::Invalid(_))));
    assert_eq!(told(&cast, &viewer, ServiceNews::DutyAsked).await, 1);
    act(&cast, &viewer, &duty, input("accept", 1, "", "", "")).await.unwrap();
    cast.house.clock.advance_seconds(2 * 24 * HOUR);
    let report = input("report", 2, "2026-03-02T09:00", "2026-03-02T13:00", "教会二十位老人");
    // Neither operators nor the team's own people write hours down for anybody.
    for other in [&cast.operator, &cast.brokers[0].1, &cast.offer.1] {
        let refused = act(&cast, other, &duty, report.clone()).await;
        assert!(matches!(refused, Err(AppError::NotAllowed | AppError::NotFound)), "{refused:?}");
    }
    act(&cast, &viewer, &duty, report).await.unwrap();
    assert_eq!(told(&cast, &cast.need.1, ServiceNews::HoursReported).await, 1);
    for other in [&cast.operator, &viewer, &cast.brokers[0].1] {
        assert!(matches!(act(&cast, other, &duty, input("prove", 3, "", "", "")).await, Err(AppError::NotAllowed)));
    }
    let stale = act(&cast, &cast.need.1, &duty, input("prove", 2, "", "", "")).await;
    assert!(matches!(stale, Err(AppError::Stale { current: 3 })));
    act(&cast, &cast.need.1, &duty, input("object", 3, "", "", "十二点就散了")).await.unwrap();
    act(&cast, &viewer, &duty, input("report", 4, "2026-03-02T09:00", "2026-03-02T12:00", "教会二十位老人"))
        .await
        .unwrap();
    act(&cast, &cast.need.1, &duty, input("prove", 5, "", "", "")).await.unwrap();
    assert_eq!(my_duties(app, &viewer).await.unwrap()[0].prover, "need");
    let told = service_report(app, &cast.offer.1, "2026-03-01", "2026-03-31").await.unwrap();
    assert_eq!((told.total.proven, told.total.duties, told.rows[0].name.as_str()), (3 * HOUR, 1, "volunteer"));
    assert!(matches!(service_report(app, &stranger, "", "").await, Err(AppError::NotAllowed)));
    end_request(app, &cast.need.1, request.id, false, 1).await.unwrap();
    assert!(matches!(dispatch(app, &cast.offer.1, request.id, who.id).await, Err(AppError::Invalid(_))));
    // Others see that somebody goes, and not who.
    let outside = view_request(app, &stranger, request.id).await.unwrap();
    assert_eq!((outside.going, outside.duties.len()), (1, 0));
    let team = view_team(app, &stranger, who.team).await.unwrap();
    assert_eq!((team.people, team.members.len()), (1, 0));
}

/// What is over asks for nobody any more, however much of it nobody ended.
#[tokio::test]
async fn a_request_that_is_over_is_not_among_the_open_ones() {
    let cast = cast().await;
    let app = &cast.house.app;
    for n in 0..60 {
        asked(&cast, &format!("手机课{n}")).await;
    }
    let (open, next) = list_requests(app, true, None).await.unwrap();
    assert!(open.len() < 60 && next.is_some());
    cast.house.clock.advance_seconds(2 * 24 * HOUR);
    let later = RequestInput {
        party: Some(cast.need.0),
        title: "讲座".into(),
        body: "讲用电安全".into(),
        place: "社区中心".into(),
        starts: "2026-03-20T09:00".into(),
        ends: "2026-03-20T12:00".into(),
        wanted: "1".into(),
        ..RequestInput::default()
    };
    ask_for_help(app, &cast.need.1, later).await.unwrap();
    let (open, next) = list_requests(app, true, None).await.unwrap();
    assert_eq!(open.iter().map(|r| r.request.title.as_str()).collect::<Vec<_>>(), ["讲座"]);
    assert!(next.is_none());
    let (all, next) = list_requests(app, false, None).await.unwrap();
    assert!(all.len() > 1 && all[0].request.title == "讲座" && next.is_some());
}

#[tokio::test]
async fn hours_at_two_places_at_once_are_told_apart() {
    let cast = cast().await;
    let app = &cast.house.app;
    let (viewer, who) = volunteer(&cast, "volunteer").await;
    let mut duties = Vec::new();
    for title in ["上午一", "上午二"] {
        let request = asked(&cast, title).await;
        let duty = dispatch(app, &cast.offer.1, request.id, who.id).await.unwrap();
        act(&cast, &viewer, &duty, input("accept", 1, "", "", "")).await.unwrap();
        duties.push(duty);
    }
    let third = asked(&cast, "上午三").await;
    assert!(!view_request(app, &cast.offer.1, third.id).await.unwrap().candidates[0].fit.free);
    cast.house.clock.advance_seconds(2 * 24 * HOUR);
    for duty in &duties {
        let report = input("report", 2, "2026-03-02T09:00", "2026-03-02T12:00", "讲课");
        act(&cast, &viewer, duty, report).await.unwrap();
        act(&cast, &cast.need.1, duty, input("prove", 3, "", "", "")).await.unwrap();
    }
    let told = service_report(app, &cast.operator, "2026-03-01", "2026-03-31").await.unwrap();
    assert_eq!((told.total.proven, told.total.flagged, told.wrong.len()), (0, 6 * HOUR, 2));
}

#[tokio::test]
async fn a_branch_is_founded_by_who_looks_after_the_team() {
    let cast = cast().await;
    let app = &cast.house.app;
    let (viewer, who) = volunteer(&cast, "volunteer").await;
    let branch =
        TeamInput {
            name: "梁溪分队".into(), party: Some(cast.need.0), parent: Some(who.team), ..TeamInput::default()
        };
    assert!(matches!(found_team(app, &cast.need.1, branch.clone()).await, Err(AppError::NotAllowed)));
    found_team(app, &cast.offer.1, branch).await.unwrap();
    let teams = list_teams(app).await.unwrap();
    assert_eq!((teams.len(), teams[0].people, teams[0].branches[0].team.name.as_str()), (1, 1, "梁溪分队"));
    // Hours of the branch are the team's as well, and those of the team are not the branch's.
    let branch = teams[0].branches[0].team.id;
    let (member, own) = in_team(&cast, "branch", branch, &cast.need.1).await;
    for (viewer, who, title) in [(&viewer, &who, "总队去的"), (&member, &own, "分队去的")] {
        served(&cast, viewer, who, title).await;
    }
    let told = service_report(app, &cast.operator, "2026-03-01", "2026-03-31").await.unwrap();
    let lines: Vec<_> = told.teams.iter().map(|t| (t.depth, t.hours.proven, t.with_branches)).collect();
    assert_eq!((lines, told.total.proven), (vec![(0, 6 * HOUR, true), (1, 3 * HOUR, false)], 6 * HOUR));
    let told = service_report(app, &cast.need.1, "2026-03-01", "2026-03-31").await.unwrap();
    assert_eq!(told.teams.iter().map(|t| (t.depth, t.hours.proven)).collect::<Vec<_>>(), [(0, 3 * HOUR)]);
}

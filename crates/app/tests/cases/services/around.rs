//! Visits, feedback, workstations and alliances, and what the calendar brings of them.

use keqiao_app::agreements::{CommitmentInput, NewAgreement, add_commitment, draw_up_agreement};
use keqiao_app::alliances::{AllianceInput, ThingInput, bring_in, save_alliance, view_alliance};
use keqiao_app::feedback::{
    FeedbackFilter, FeedbackInput, act_on_feedback, count_overdue, keep_proof, list_feedback, raise_feedback,
};
use keqiao_app::listings::my_listings;
use keqiao_app::parties::{MembershipInput, PartyInput, confirm_membership, create_own_person, declare_membership};
use keqiao_app::visits::{VisitInput, draft_need, save_visit, view_visit};
use keqiao_app::workstations::{Ruling, StationInput, add_result, apply_for_station, rule_on_station, view_station};
use keqiao_app::{AppError, tell_due};
use keqiao_domain::{
    FeedbackItem, FeedbackState, ListingState, MinedNeed, PartyId, ServiceNews, StationState, ThingSort, Workstation,
};

use super::{Cast, DAY, cast, told};

async fn raised(cast: &Cast, due: &str) -> FeedbackItem {
    let app = &cast.house.app;
    let item = raise_feedback(app, &cast.need.1, "平台排期", "请按周公布", Some(cast.need.0)).await.unwrap();
    let owner = cast.brokers[0].1.account;
    let input = FeedbackInput { version: 1, what: "assign".into(), owner, due: due.into(), note: String::new() };
    act_on_feedback(app, &cast.operator, item.id, input, None).await.unwrap()
}

pub(super) async fn settled_feedback(cast: &Cast) -> FeedbackItem {
    let app = &cast.house.app;
    let item = raised(cast, "2026-04-01").await;
    let stream = futures::stream::iter([Ok::<_, ()>(bytes::Bytes::from_static("排期表".as_bytes()))]);
    let proof = keep_proof(app, "排期表.txt", stream).await.unwrap();
    let input = FeedbackInput {
        version: item.version,
        what: "settle".into(),
        owner: None,
        due: String::new(),
        note: "每周五上网".into(),
    };
    act_on_feedback(app, &cast.brokers[0].1, item.id, input, Some(proof)).await.unwrap()
}

#[tokio::test]
async fn feedback_is_overdue_until_it_is_settled_and_told_once() {
    let cast = cast().await;
    let app = &cast.house.app;
    let item = raised(&cast, "2026-03-03").await;
    assert_eq!(told(&cast, &cast.brokers[0].1, ServiceNews::FeedbackGiven).await, 1);
    let late = FeedbackFilter { overdue: true, ..FeedbackFilter::default() };
    let overdue = async || list_feedback(app, &cast.operator, &late, None).await.unwrap().0.len();
    assert_eq!((overdue().await, tell_due(app).await.unwrap()), (0, 0));
    // The day itself is not late; the next one is, and a server that slept tells it once.
    cast.house.clock.advance_seconds(2 * DAY);
    tell_due(app).await.unwrap();
    assert_eq!((overdue().await, told(&cast, &cast.brokers[0].1, ServiceNews::FeedbackOverdue).await), (0, 0));
    cast.house.clock.advance_seconds(3 * DAY);
    for _ in 0..3 {
        tell_due(app).await.unwrap();
        cast.house.clock.advance_seconds(DAY);
    }
    assert_eq!((overdue().await, told(&cast, &cast.brokers[0].1, ServiceNews::FeedbackOverdue).await), (1, 1));
    assert_eq!(count_overdue(app, &cast.need.1).await.unwrap(), 1);
    assert_eq!(count_overdue(app, &cast.offer.1).await.unwrap(), 0);
    let settle = FeedbackInput {
        version: item.version,
        what: "settle".into(),
        owner: None,
        due: String::new(),
        note: "已公布".into(),
    };
    let stale = FeedbackInput { version: 1, ..settle.clone() };
    let broker = &cast.brokers[0].1;
    assert!(matches!(act_on_feedback(app, broker, item.id, stale, None).await, Err(AppError::Stale { current: 2 })));
    assert!(matches!(
        act_on_feedback(app, &cast.need.1, item.id, settle.clone(), None).await,
        Err(AppError::NotAllowed)
    ));
    let done = act_on_feedback(app, broker, item.id, settle, None).await.unwrap();
    assert_eq!((done.state, overdue().await), (FeedbackState::Settled, 0));
    assert_eq!(told(&cast, &cast.need.1, ServiceNews::FeedbackAnswered).await, 1);
    let stranger = list_feedback(app, &cast.offer.1, &FeedbackFilter::default(), None).await.unwrap().0;
    assert!(stranger.is_empty());
}

#[tokio::test]
async fn a_need_that_a_visit_finds_becomes_a_draft_of_the_firm() {
    let cast = cast().await;
    let (app, broker) = (&cast.house.app, &cast.brokers[0].1);
    let need = MinedNeed {
        title: "干式切削刀具".into(),
        problem: "刀具寿命只有四十件".into(),
        wanted: "寿命不低于120件".into(),
        kind: "problem".into(),
        ..MinedNeed::default()
    };
    let input = VisitInput {
        party: Some(cast.need.0),
        company: "need机构".into(),
        day: "2026-03-01".into(),
        follow_up: "2026-03-05".into(),
        needs: vec![need, MinedNeed { title: "没有问题的需求".into(), ..MinedNeed::default() }],
        ..VisitInput::default()
    };
    let Err(AppError::Invalid(faults)) = save_visit(app, broker, None, input.clone()).await else { panic!() };
    assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["needs.1.kind", "needs.1.problem"]);
    let input = VisitInput { needs: input.needs[..1].to_vec(), ..input };
    let visit = save_visit(app, broker, None, input.clone()).await.unwrap();
    assert!(matches!(save_visit(app, &cast.need.1, None, input).await, Err(AppError::NotAllowed)));
    let draft = draft_need(app, broker, visit.id, 1, 0).await.unwrap();
    assert!(draft.content.body.contains("寿命不低于120件") && draft.content.region.as_deref() == Some("320200"));
    assert!(matches!(draft_need(app, broker, visit.id, 2, 0).await, Err(AppError::Invalid(_))));
    let theirs = my_listings(app, &cast.need.1, None, Some(ListingState::Draft), None, 10).await.unwrap();
    assert_eq!(theirs.iter().map(|l| l.id).collect::<Vec<_>>(), [draft.id]);
    assert_eq!(told(&cast, &cast.need.1, ServiceNews::Drafted).await, 1);
    // The need that became a draft stays as it was when the visit is written anew.
    let anew = VisitInput {
        party: Some(cast.need.0),
        company: "need机构".into(),
        day: "2026-03-01".into(),
        follow_up: "2026-03-05".into(),
        ..VisitInput::default()
    };
    save_visit(app, broker, Some((visit.id, 2)), anew).await.unwrap();
    assert_eq!(view_visit(app, broker, visit.id).await.unwrap().0.needs[0].listing, Some(draft.id));
    cast.house.clock.advance_seconds(4 * DAY);
    tell_due(app).await.unwrap();
    assert_eq!(told(&cast, broker, ServiceNews::FollowUp).await, 1);
}

async fn expert(cast: &Cast, name: &str) -> PartyId {
    let account = cast.house.account(name, None).await;
    let viewer = cast.house.viewer(&account).await;
    let input = PartyInput { name: format!("{name}院士"), ..PartyInput::default() };
    create_own_person(&cast.house.app, &viewer, input).await.unwrap().id
}

fn plan(party: PartyId, person: PartyId, months: i64, to: &str) -> StationInput {
    StationInput {
        name: "示例工作站".into(),
        party: Some(party),
        topic: "衬底缺陷控制".into(),
        from: "2026-01-01".into(),
        to: to.into(),
        experts: vec![(person, "academician".into(), months)],
    }
}

pub(super) async fn station(cast: &Cast) -> Workstation {
    let app = &cast.house.app;
    let person = expert(cast, "academician").await;
    let applied = apply_for_station(app, &cast.need.1, plan(cast.need.0, person, 3, "2028-12-31")).await.unwrap();
    rule_on_station(app, &cast.operator, applied.id, Ruling::Grant, (1, "")).await.unwrap();
    add_result(app, &cast.need.1, applied.id, 2, ("2026-02-10", "缺陷密度降一半")).await.unwrap();
    view_station(app, &cast.need.1, applied.id).await.unwrap().station
}

#[tokio::test]
async fn stations_keep_their_limits_and_their_ends_are_told() {
    let cast = cast().await;
    let app = &cast.house.app;
    let person = expert(&cast, "academician").await;
    let (need, offer) = (&cast.need, &cast.offer);
    let short = apply_for_station(app, &need.1, plan(need.0, person, 2, "2028-12-31")).await;
    assert!(matches!(short, Err(AppError::Invalid(f)) if f[0].code == "station-months"));
    // Both apply while neither stands; the second that is granted would be one too many.
    let first = apply_for_station(app, &need.1, plan(need.0, person, 3, "2026-03-20")).await.unwrap();
    let second = apply_for_station(app, &offer.1, plan(offer.0, person, 3, "2028-12-31")).await.unwrap();
    assert!(matches!(view_station(app, &offer.1, first.id).await, Err(AppError::NotFound)));
    let own = rule_on_station(app, &need.1, first.id, Ruling::Grant, (1, "")).await;
    assert!(matches!(own, Err(AppError::NotAllowed)));
    rule_on_station(app, &cast.operator, first.id, Ruling::Grant, (1, "")).await.unwrap();
    let over = rule_on_station(app, &cast.operator, second.id, Ruling::Grant, (1, "")).await;
    assert!(matches!(over, Err(AppError::Invalid(f)) if f[0].code == "station-most"));
    assert_eq!(view_station(app, &cast.operator, second.id).await.unwrap().faults.len(), 1);
    assert_eq!(told(&cast, &need.1, ServiceNews::StationDecided).await, 1);
    // 19 days are left: the alert of 30 days; then that of 7. The server sleeps in between.
    tell_due(app).await.unwrap();
    assert_eq!(told(&cast, &need.1, ServiceNews::StationEnds).await, 1);
    for (days, alerts) in [(3, 1), (12, 2), (2, 2), (10, 2)] {
        cast.house.clock.advance_seconds(days * DAY);
        tell_due(app).await.unwrap();
        assert_eq!(told(&cast, &need.1, ServiceNews::StationEnds).await, alerts);
    }
    assert!(view_station(app, &need.1, first.id).await.unwrap().over);
    // That it is over is told once, to those who can apply anew and to those who close it.
    cast.house.clock.advance_seconds(DAY);
    tell_due(app).await.unwrap();
    for viewer in [&need.1, &cast.operator] {
        assert_eq!(told(&cast, viewer, ServiceNews::StationOver).await, 1);
    }
    assert_eq!(told(&cast, &offer.1, ServiceNews::StationOver).await, 0);
    rule_on_station(app, &cast.operator, first.id, Ruling::Close, (2, "协议到期")).await.unwrap();
    rule_on_station(app, &cast.operator, second.id, Ruling::Grant, (1, "")).await.unwrap();
    let stands = view_station(app, &need.1, second.id).await.unwrap().station;
    assert_eq!(stands.state, StationState::Standing);
}

pub(super) async fn alliance(cast: &Cast) -> PartyId {
    let app = &cast.house.app;
    let input = AllianceInput { party: Some(cast.offer.0), field: "碳化硅".into(), ..AllianceInput::default() };
    save_alliance(app, &cast.offer.1, input).await.unwrap();
    let thing = ThingInput {
        party: Some(cast.offer.0),
        sort: ThingSort::Resource,
        name: "离子注入机".into(),
        place: "无锡".into(),
        terms: "成员按成本价使用".into(),
    };
    bring_in(app, &cast.offer.1, cast.offer.0, thing).await.unwrap();
    cast.offer.0
}

#[tokio::test]
async fn an_alliance_has_members_that_it_confirmed_and_promises_that_are_told() {
    let cast = cast().await;
    let app = &cast.house.app;
    let input = AllianceInput {
        party: Some(cast.offer.0),
        field: "碳化硅".into(),
        declared: "13".into(),
        ..AllianceInput::default()
    };
    assert!(matches!(save_alliance(app, &cast.need.1, input.clone()).await, Err(AppError::NotAllowed)));
    save_alliance(app, &cast.offer.1, input).await.unwrap();
    let thing = ThingInput {
        party: Some(cast.need.0),
        sort: ThingSort::Base,
        name: "中试线".into(),
        place: String::new(),
        terms: "学生实习".into(),
    };
    let outside = bring_in(app, &cast.need.1, cast.offer.0, thing.clone()).await;
    assert!(matches!(outside, Err(AppError::Invalid(f)) if f[0].code == "not-a-member"));
    let membership = MembershipInput {
        member: cast.need.0,
        organization: cast.offer.0,
        title: "成员单位".into(),
        from: String::new(),
        to: String::new(),
    };
    let declared = declare_membership(app, &cast.need.1, membership).await.unwrap();
    assert!(bring_in(app, &cast.need.1, cast.offer.0, thing.clone()).await.is_err());
    confirm_membership(app, &cast.offer.1, declared.id).await.unwrap();
    bring_in(app, &cast.need.1, cast.offer.0, thing).await.unwrap();
    let paper = NewAgreement {
        title: "联盟共建协议".into(),
        signed_on: "2026-03-01".into(),
        others: "need机构\n某大学".into(),
        ..NewAgreement::default()
    };
    let agreement = draw_up_agreement(app, &cast.offer.1, cast.offer.0, paper).await.unwrap();
    let who: Vec<_> = agreement.parties.iter().map(|p| p.party).collect();
    assert_eq!(who, [Some(cast.offer.0), Some(cast.need.0), None]);
    let promise =
        CommitmentInput { who: "need机构".into(), what: "开放中试线".into(), due: "2026-03-10".into() };
    add_commitment(app, &cast.offer.1, agreement.id, promise).await.unwrap();
    let view = view_alliance(app, &cast.need.1, cast.offer.0).await.unwrap();
    assert_eq!((view.alliance.declared, view.agreements[0].1.len(), view.things.len()), (Some(13), 1, 1));
    assert!(!view.may_edit && view.own.len() == 1);
    for (days, soon, late) in [(1, 0, 0), (3, 1, 0), (2, 1, 0), (5, 1, 1), (1, 1, 1)] {
        cast.house.clock.advance_seconds(days * DAY);
        tell_due(app).await.unwrap();
        let due = told(&cast, &cast.need.1, ServiceNews::PromiseDue).await;
        assert_eq!((due, told(&cast, &cast.need.1, ServiceNews::PromiseOverdue).await), (soon, late));
    }
}

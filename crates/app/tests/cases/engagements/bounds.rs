//! What one side, or one fault, may not do to the others.

use keqiao_app::accounts::{set_disabled, set_platform_role};
use keqiao_domain::AttachmentId;

use super::*;

fn fault(result: Result<impl std::fmt::Debug, AppError>) -> (String, String) {
    match result {
        Err(AppError::Invalid(faults)) => (faults[0].field.clone(), faults[0].code.to_owned()),
        other => panic!("{other:?}"),
    }
}

impl Cast {
    /// The need takes back what it opened.
    async fn withdraw(&self, before: &Engagement) -> Engagement {
        let input = StepInput {
            doing: Doing::Move { id: "withdraw".into(), reason: None },
            role: None,
            expected: before.state.steps,
            content: [("cause".to_owned(), Value::Text("不再需要".into()))].into(),
            note: String::new(),
            files: Vec::new(),
        };
        take_step(&self.house.app, &self.need.1, before.id, input).await.unwrap()
    }
}

#[tokio::test]
async fn a_disabled_account_is_not_named_as_broker() {
    let cast = cast().await;
    let broker = cast.house.account("broker", Some(PlatformRole::Broker)).await;
    let opened = cast.open("一").await.unwrap();
    set_disabled(&cast.house.app, &Viewer::console(), broker.id, true).await.unwrap();
    let named = cast.step(&cast.operator, &opened, Doing::Assign(Some(broker.id))).await;
    assert_eq!(fault(named), ("broker".into(), "not-a-broker".into()));
    set_disabled(&cast.house.app, &Viewer::console(), broker.id, false).await.unwrap();
    cast.step(&cast.operator, &opened, Doing::Assign(Some(broker.id))).await.unwrap();
}

#[tokio::test]
async fn a_step_bears_no_more_files_than_it_can() {
    let cast = cast().await;
    let opened = cast.open("一").await.unwrap();
    let confirm = async |files: usize| {
        let files = vec![AttachmentId::fresh(&*cast.house.app.clock, &*cast.house.app.entropy); files];
        let (doing, role, content, note) = (Doing::Confirm, None, Attributes::new(), String::new());
        let input = StepInput { doing, role, expected: 1, content, note, files };
        fault(take_step(&cast.house.app, &cast.offer.1, opened.id, input).await)
    };
    assert_eq!(confirm(50).await, ("files".into(), "unknown-file".into()));
    assert_eq!(confirm(51).await, ("files".into(), "too-many".into()));
}

#[tokio::test]
async fn loose_files_of_one_stand_in_nobody_elses_way() {
    let cast = cast().await;
    let opened = cast.open("一").await.unwrap();
    let add = async |viewer: &Viewer| {
        let stream = stream::iter([Ok::<_, ()>(Bytes::from_static(b"evidence"))]);
        add_file(&cast.house.app, viewer, opened.id, UploadedFile { name: "证明.pdf".into(), stream }).await
    };
    for _ in 0..49 {
        add(&cast.need.1).await.unwrap();
    }
    // Of two that come at once, one is the last.
    let (one, other) = tokio::join!(add(&cast.need.1), add(&cast.need.1));
    let (kept, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    kept.unwrap();
    assert_eq!(fault(refused), ("files".into(), "too-many-loose".into()));
    add(&cast.offer.1).await.unwrap();
    let blobs = std::fs::read_dir(cast.house.folder.path().join("blobs/engagements")).unwrap();
    assert_eq!(blobs.count(), 51);
}

#[tokio::test]
async fn a_broker_is_told_that_it_was_given_to_another() {
    let cast = cast().await;
    let mut brokers = Vec::new();
    for name in ["first", "second"] {
        let account = cast.house.account(name, Some(PlatformRole::Broker)).await;
        brokers.push(cast.house.viewer(&account).await);
    }
    let opened = cast.open("一").await.unwrap();
    let taken = cast.step(&brokers[0], &opened, Doing::Assign(brokers[0].account)).await.unwrap();
    assert_eq!(cast.told(&brokers[0], EngagementNews::Assigned).await, 0);
    cast.step(&cast.operator, &taken, Doing::Assign(brokers[1].account)).await.unwrap();
    for broker in &brokers {
        assert_eq!(cast.told(broker, EngagementNews::Assigned).await, 1);
    }
}

#[tokio::test]
async fn one_engagement_that_fails_does_not_stop_the_clock_for_others() {
    let cast = cast().await;
    let app = &cast.house.app;
    let mut broken = cast.open("一").await.unwrap();
    let (id, steps) = (broken.id, broken.state.steps);
    broken.subject.workflow = "gone".into();
    let kept = app.store.write::<_, AppError, _>(move |tx| {
        Box::pin(async move { Ok(keqiao_store::engagements::update(tx, &broken, steps).await?) })
    });
    assert!(kept.await.unwrap());
    cast.open("二").await.unwrap();
    cast.house.clock.advance_seconds(3 * DAY);
    for _ in 0..2 {
        let failed = rest_due(app).await.unwrap_err();
        assert!(failed.to_string().contains("\"gone\""), "{failed} of {id}");
        assert_eq!(cast.told(&cast.offer.1, EngagementNews::Reminder).await, 1);
    }
}

#[tokio::test]
async fn a_missed_request_stays_missed_when_it_is_withdrawn() {
    let cast = cast().await;
    let app = &cast.house.app;
    let (missed, in_time) = (cast.open("一").await.unwrap(), cast.open("二").await.unwrap());
    cast.withdraw(&in_time).await;
    for days in [3, 4, 7] {
        cast.house.clock.advance_seconds(days * DAY);
        rest_due(app).await.unwrap();
    }
    let resting = view_engagement(app, &cast.need.1, missed.id).await.unwrap().engagement;
    assert_eq!(resting.state.stage, "dormant");
    let before = responses(app, cast.offer.0).await.unwrap();
    assert_eq!((before.asked, before.answered), (1, 0));
    assert_eq!(cast.withdraw(&resting).await.state.stage, "withdrawn");
    assert_eq!(responses(app, cast.offer.0).await.unwrap(), before);
    assert_eq!(verify_engagements(app, &|_| ()).await.unwrap().0, []);
}

#[tokio::test]
async fn what_a_broker_left_behind_is_escalated_to_the_others() {
    let cast = cast().await;
    let account = cast.house.account("broker", Some(PlatformRole::Broker)).await;
    let broker = cast.house.viewer(&account).await;
    let opened = cast.open("一").await.unwrap();
    cast.step(&broker, &opened, Doing::Assign(broker.account)).await.unwrap();
    set_platform_role(&cast.house.app, &Viewer::console(), account.id, None).await.unwrap();
    for days in [3, 4] {
        cast.house.clock.advance_seconds(days * DAY);
        rest_due(&cast.house.app).await.unwrap();
    }
    assert_eq!(cast.told(&broker, EngagementNews::Escalated).await, 0);
    assert_eq!(cast.told(&cast.operator, EngagementNews::Escalated).await, 1);
}

#[tokio::test]
async fn who_withdraws_before_an_answer_waits_before_asking_again() {
    let cast = cast().await;
    let app = &cast.house.app;
    let first = cast.open("一").await.unwrap();
    cast.withdraw(&first).await;
    assert_eq!(fault(cast.open("二").await), ("party".into(), "party-paused".into()));
    // The other side, and staff, may ask meanwhile.
    let input = OpenInput {
        need_party: Some(cast.need.0),
        offer_party: Some(cast.offer.0),
        title: "三".into(),
        ..OpenInput::default()
    };
    open_engagement(app, &cast.offer.1, input.clone(), None).await.unwrap();
    open_engagement(app, &cast.operator, input, None).await.unwrap();
    cast.house.clock.advance_seconds(7 * DAY);
    let second = cast.open("二").await.unwrap();
    // What was answered is no such case.
    let talks = cast.step(&cast.offer.1, &second, Doing::Confirm).await.unwrap();
    cast.withdraw(&talks).await;
    cast.open("四").await.unwrap();
}

#[tokio::test]
async fn a_party_has_no_more_requests_open_than_it_may() {
    let mut cast = cast().await;
    let settings = keqiao_app::AppSettings { open_requests_by_party: 2, ..cast.house.app.settings.clone() };
    std::sync::Arc::get_mut(&mut cast.house.app).unwrap().settings = settings;
    let first = cast.open("一").await.unwrap();
    cast.open("二").await.unwrap();
    assert_eq!(fault(cast.open("三").await), ("party".into(), "too-many-open".into()));
    cast.step(&cast.offer.1, &first, Doing::Confirm).await.unwrap();
    cast.open("三").await.unwrap();
}

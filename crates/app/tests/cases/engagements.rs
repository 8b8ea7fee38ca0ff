//! Engagements through their use cases: who may, how many, what is sent once, and everything out and in again.

mod bounds;
mod exposure;
mod figures;

use std::io::Cursor;

use bytes::Bytes;
use futures::stream;
use keqiao_app::engagements::{
    AppointmentInput, Doing, FigureFilter, MyFilter, OpenInput, StepInput, UploadedFile, Whose, add_file, figures,
    list_engagements, make_appointment, open_engagement, post_message, public_chain, responses, rest_due, take_step,
    verify_engagements, view_engagement,
};
use keqiao_app::listings::{ReviewInput, SaveListing, review, save_listing, submit};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::transfer::{export_archive, import_archive};
use keqiao_app::{AppError, notices};
use keqiao_domain::{
    Attributes, Engagement, EngagementNews, Listing, NoticeBody, PartyId, PlatformRole, Side, Value, Viewer,
};

use crate::house::{House, chip};

const DAY: i64 = 86_400;

struct Cast {
    house: House,
    need: (PartyId, Viewer),
    offer: (PartyId, Viewer),
    operator: Viewer,
}

async fn cast() -> Cast {
    let house = House::new().await;
    let mut sides = Vec::new();
    for name in ["need", "offer"] {
        let account = house.account(name, None).await;
        let input = PartyInput { name: format!("{name}机构"), region: "320200".into(), ..PartyInput::default() };
        let party = create_organization(&house.app, &house.viewer(&account).await, input).await.unwrap().id;
        sides.push((party, house.viewer(&account).await));
    }
    let operator = house.account("operator", Some(PlatformRole::Operator)).await;
    let operator = house.viewer(&operator).await;
    let offer = sides.pop().unwrap();
    Cast { need: sides.pop().unwrap(), offer, operator, house }
}

impl Cast {
    async fn listing(&self, side: Side) -> Listing {
        let (party, viewer) = if side == Side::Need { &self.need } else { &self.offer };
        let input = SaveListing { edits: None, side, party: *party, content: chip("车规稳压器") };
        let draft = save_listing(&self.house.app, viewer, input).await.unwrap();
        let sent = submit(&self.house.app, viewer, draft.id).await.unwrap();
        let good = ReviewInput { version: sent.version, scores: [4; 4], comment: String::new() };
        review(&self.house.app, &self.operator, draft.id, good).await.unwrap().0
    }

    async fn open(&self, title: &str) -> Result<Engagement, AppError> {
        let input = OpenInput {
            need_party: Some(self.need.0),
            offer_party: Some(self.offer.0),
            title: title.into(),
            ..OpenInput::default()
        };
        open_engagement(&self.house.app, &self.need.1, input, None).await
    }

    async fn step(&self, by: &Viewer, before: &Engagement, doing: Doing) -> Result<Engagement, AppError> {
        let (role, content, note, files) = (None, Attributes::new(), "说明".into(), Vec::new());
        let input = StepInput { doing, role, expected: before.state.steps, content, note, files };
        take_step(&self.house.app, by, before.id, input).await
    }

    async fn told(&self, viewer: &Viewer, wanted: EngagementNews) -> usize {
        let all = notices::my_notices(&self.house.app, viewer, None, 100).await.unwrap();
        let is = |b: &NoticeBody| matches!(b, NoticeBody::Engagement { news, .. } if *news == wanted);
        all.iter().filter(|n| is(&n.body)).count()
    }
}

#[tokio::test]
async fn a_match_is_taken_up_once_and_declined_with_a_reason() {
    let cast = cast().await;
    let (need, offer) = (cast.listing(Side::Need).await, cast.listing(Side::Offer).await);
    let input = OpenInput { need: Some(need.id), offer: Some(offer.id), ..OpenInput::default() };
    let app = &cast.house.app;
    let opened = open_engagement(app, &cast.need.1, input.clone(), None).await.unwrap();
    assert_eq!(opened.subject.title, need.content.title);
    assert_eq!(cast.told(&cast.offer.1, EngagementNews::Opened).await, 1);
    // The other side takes the same pair up, and is led to the one there is.
    assert_eq!(open_engagement(app, &cast.offer.1, input.clone(), None).await.unwrap().id, opened.id);
    let stranger = cast.house.account("stranger", None).await;
    let stranger = cast.house.viewer(&stranger).await;
    assert!(matches!(open_engagement(app, &stranger, input.clone(), None).await, Err(AppError::NotAllowed)));
    assert!(matches!(view_engagement(app, &stranger, opened.id).await, Err(AppError::NotFound)));
    let unknown = Doing::Move { id: "decline".into(), reason: Some("mood".into()) };
    assert!(matches!(cast.step(&cast.offer.1, &opened, unknown).await, Err(AppError::Invalid(_))));
    let price = Doing::Move { id: "decline".into(), reason: Some("price".into()) };
    let stale = Engagement { state: keqiao_domain::State { steps: 0, ..opened.state.clone() }, ..opened.clone() };
    assert!(matches!(cast.step(&cast.offer.1, &stale, price.clone()).await, Err(AppError::Stale { current: 1 })));
    let declined = cast.step(&cast.offer.1, &opened, price).await.unwrap();
    assert_eq!(declined.state.reason.as_deref(), Some("price"));
    assert_eq!(cast.told(&cast.need.1, EngagementNews::Declined).await, 1);
    // What is over stands in nobody's way.
    assert_ne!(open_engagement(app, &cast.offer.1, input, None).await.unwrap().id, opened.id);
    let filter = FigureFilter { region: Some("320000".into()), kind: Some("chip".into()), ..FigureFilter::default() };
    let told = figures(app, &cast.operator, &filter).await.unwrap();
    assert_eq!((told.opened(), told.reasons), (2, vec![("price".to_owned(), 1)]));
    assert!(matches!(figures(app, &cast.need.1, &filter).await, Err(AppError::NotAllowed)));
}

#[tokio::test]
async fn a_party_is_asked_no_more_than_it_can_answer() {
    let mut cast = cast().await;
    let settings = keqiao_app::AppSettings { open_requests_per_party: 2, ..cast.house.app.settings.clone() };
    std::sync::Arc::get_mut(&mut cast.house.app).unwrap().settings = settings;
    let first = cast.open("一").await.unwrap();
    cast.open("二").await.unwrap();
    let busy = cast.open("三").await.unwrap_err();
    assert!(matches!(&busy, AppError::Invalid(faults) if faults[0].code == "party-busy"), "{busy}");
    cast.house.clock.advance_seconds(7_200);
    cast.step(&cast.offer.1, &first, Doing::Confirm).await.unwrap();
    cast.open("三").await.unwrap();
    let told = responses(&cast.house.app, cast.offer.0).await.unwrap();
    assert_eq!((told.asked, told.answered, told.median_seconds), (1, 1, Some(7_200)));
}

#[tokio::test]
async fn the_clock_sends_each_thing_once_and_lets_rest_what_nobody_answers() {
    let cast = cast().await;
    let app = &cast.house.app;
    let opened = cast.open("一").await.unwrap();
    cast.house.clock.advance_seconds(3 * DAY - 1);
    assert_eq!(rest_due(app).await.unwrap(), 0);
    cast.house.clock.advance_seconds(1);
    assert_eq!(rest_due(app).await.unwrap(), 1);
    assert_eq!(rest_due(app).await.unwrap(), 0);
    assert_eq!(cast.told(&cast.offer.1, EngagementNews::Reminder).await, 1);
    assert_eq!(cast.told(&cast.need.1, EngagementNews::Reminder).await, 0);
    // The server sleeps over the escalation and the end: the one comes when it wakes, the other a day later.
    cast.house.clock.advance_seconds(13 * DAY);
    assert_eq!(rest_due(app).await.unwrap(), 1);
    assert_eq!(cast.told(&cast.operator, EngagementNews::Escalated).await, 1);
    assert_eq!(rest_due(app).await.unwrap(), 0);
    cast.house.clock.advance_seconds(DAY);
    assert_eq!(rest_due(app).await.unwrap(), 1);
    let view = view_engagement(app, &cast.need.1, opened.id).await.unwrap();
    assert_eq!(view.engagement.state.stage, "dormant");
    assert_eq!(cast.told(&cast.offer.1, EngagementNews::Rested).await, 1);
    let told = responses(app, cast.offer.0).await.unwrap();
    assert_eq!((told.asked, told.answered, told.median_seconds), (1, 0, None));
    // A reminder whose note was kept when the process was killed is not sent again.
    let second = cast.open("二").await.unwrap();
    let (id, due) = (second.id, second.due);
    cast.house.clock.advance_seconds(3 * DAY);
    rest_due(app).await.unwrap();
    let set = app.store.write::<_, AppError, _>(move |tx| {
        Box::pin(async move { Ok(keqiao_store::engagements::set_due(tx, id, due).await?) })
    });
    set.await.unwrap();
    assert_eq!(rest_due(app).await.unwrap(), 1);
    assert_eq!(cast.told(&cast.offer.1, EngagementNews::Reminder).await, 2);
}

#[tokio::test]
async fn an_archive_brings_engagements_back_with_every_hash() {
    let cast = cast().await;
    let app = &cast.house.app;
    let opened = cast.open("一").await.unwrap();
    let talks = cast.step(&cast.offer.1, &opened, Doing::Confirm).await.unwrap();
    let stream = stream::iter([Ok::<_, ()>(Bytes::from_static(b"\x00\xffminutes"))]);
    let file = UploadedFile { name: "签到.pdf".into(), stream };
    let file = add_file(app, &cast.need.1, talks.id, file).await.unwrap();
    let text = |text: &str| Value::Text(text.into());
    let minutes = [("met-on", "2026-03-02"), ("present", "双方"), ("minutes", "约定送样 𠀀")];
    let input = StepInput {
        doing: Doing::Move { id: "minutes".into(), reason: None },
        role: None,
        expected: talks.state.steps,
        content: minutes.map(|(field, value)| (field.to_owned(), text(value))).into(),
        note: String::new(),
        files: vec![file.id],
    };
    let talks = take_step(app, &cast.need.1, talks.id, input).await.unwrap();
    post_message(app, &cast.offer.1, talks.id, "收到").await.unwrap();
    let meeting = AppointmentInput {
        title: "看样品".into(),
        starts: "2026-03-09T09:00".into(),
        ends: "2026-03-09T10:00".into(),
        ..AppointmentInput::default()
    };
    let meeting = make_appointment(app, &cast.offer.1, talks.id, meeting).await.unwrap();
    assert_eq!(meeting.starts_at.to_string(), "2026-03-09T01:00:00Z");
    let mut archive = Cursor::new(Vec::new());
    export_archive(app, &mut archive, &|_| ()).await.unwrap();
    let other = House::new().await;
    import_archive(&other.app, Cursor::new(archive.get_ref())).await.unwrap();
    let mut again = Cursor::new(Vec::new());
    export_archive(&other.app, &mut again, &|_| ()).await.unwrap();
    assert_eq!(archive.get_ref(), again.get_ref());
    assert_eq!(verify_engagements(&other.app, &|_| ()).await.unwrap(), (Vec::new(), 3));
    let chain = public_chain(&other.app, &talks.state.head).await.unwrap();
    assert_eq!((chain.ordinal, chain.steps, chain.stage.as_str(), chain.files), (3, 3, "talks", 1));
    let filter = MyFilter { stage: Some("talks".into()) };
    let found = list_engagements(&other.app, &cast.need.1, Whose::Mine, &filter, None).await.unwrap();
    assert_eq!(found.0.iter().map(|row| row.engagement.id).collect::<Vec<_>>(), [talks.id]);
}

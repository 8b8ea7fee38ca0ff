//! Engagements: rows, steps, files, what is said, and the counts.

use keqiao_domain::{
    Act, Attributes, Due, Engagement, EngagementFile, EngagementId, Entry, LocalName, Measure, Message, MessageId,
    Role, Side, StageSort, State, Step, Subject, Tally, Workflow,
};
use keqiao_store::engagements::lists::{Behind, Scope};
use keqiao_store::engagements::tallies::Cell;
use keqiao_store::engagements::{self, files, lists, steps, talk, tallies};

use crate::database::{Database, conflict};
use crate::samples::{account_id, at, listing_id, party_id, settle, uuid};
use crate::transact;

fn engagement_id(n: u128) -> EngagementId {
    EngagementId(uuid(n))
}

fn opening(n: u128) -> (Engagement, Step) {
    let stage = keqiao_domain::Stage {
        id: "introduced".into(),
        name: LocalName::default(),
        sort: StageSort::Path,
        remind_days: None,
        escalate_days: None,
        dormant_days: None,
    };
    let workflow = Workflow {
        id: "default".into(),
        name: LocalName::default(),
        start: "introduced".into(),
        opens: "accept".into(),
        rests_in: None,
        stages: vec![stage],
        moves: Vec::new(),
    };
    let subject = Subject {
        workflow: "default".into(),
        title: format!("对接{n}"),
        need: Some(listing_id(n)),
        offer: Some(listing_id(n + 100)),
        need_party: party_id(1),
        offer_party: party_id(2),
        kind: "chip".into(),
        region: Some("320211".into()),
        program: None,
        month: "2026-11".into(),
        demo: false,
    };
    let entry = Entry {
        act: Act::Confirm,
        actor: Some(account_id(1)),
        role: Role::Need,
        at: at(i64::try_from(n).unwrap()),
        content: Attributes::new(),
        note: String::new(),
        files: Vec::new(),
    };
    let step = Step::opening(&workflow, engagement_id(n), subject.clone(), entry);
    let state = State::opened(&step).unwrap();
    (Engagement { id: engagement_id(n), subject, state, due: Some((Due::Remind, at(500))) }, step)
}

pub(crate) async fn an_engagement_and_its_steps_read_back(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let (engagement, step) = opening(1);
    let (kept, sealed) = (engagement.clone(), step.seal());
    let twice = sealed.clone();
    transact!(store, conn => {
        engagements::insert(conn, &kept).await?;
        steps::append(conn, kept.id, &[(1, sealed)]).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    let id = engagement.id;
    assert_eq!(engagements::find(conn, id).await.unwrap().as_ref(), Some(&engagement));
    let chain = steps::of_engagement(conn, id).await.unwrap();
    assert_eq!(keqiao_domain::verify_chain(id, &chain).unwrap().1, engagement.state);
    assert_eq!(steps::of_hash(conn, &step.hash()).await.unwrap(), Some((id, 1)));
    assert_eq!(steps::find(conn, id, 2).await.unwrap(), None);
    let again = transact!(store, conn => steps::append(conn, id, &[(1, twice)]).await?);
    assert!(conflict(again).starts_with("engagement_steps."));
    // A row is replaced only by who saw it last.
    let mut moved = engagement.clone();
    moved.state.steps = 2;
    moved.state.stage = "talks".into();
    moved.due = None;
    let (late, right) = (moved.clone(), moved.clone());
    assert!(!transact!(store, conn => engagements::update(conn, &late, 2).await?).unwrap());
    assert!(transact!(store, conn => engagements::update(conn, &right, 1).await?).unwrap());
    assert_eq!(engagements::find(conn, id).await.unwrap(), Some(moved.clone()));
    let raw = engagements::page_raw(conn, None, 9).await.unwrap();
    assert!(engagements::agrees(&raw[0], &moved.state) && !engagements::agrees(&raw[0], &engagement.state));
}

pub(crate) async fn lists_know_who_stands_where_and_page_without_loss(db: Database) {
    let store = db.open().await;
    settle(&store, 3).await;
    let all: Vec<Engagement> = (1..=9)
        .map(|n| {
            let mut e = opening(n).0;
            e.state.since = at(i64::try_from(n % 3).unwrap());
            if n > 6 {
                e.subject.need_party = party_id(3);
                e.state.broker = Some(account_id(2));
                e.state.stage = "talks".into();
            }
            e
        })
        .collect();
    let rows = all.clone();
    transact!(store, conn => {
        for e in &rows {
            engagements::insert(conn, e).await?;
        }
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = lists::in_stage(conn, &Scope::All, "introduced", after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.state.since, last.id));
        found.extend(page);
    }
    let mut expected = all[..6].to_vec();
    expected.sort_by_key(|e| (e.state.since, e.id));
    assert_eq!(found, expected);
    let ids = async |conn: &mut keqiao_store::Conn, scope: Scope, behind: Behind| {
        let page = lists::list(conn, &scope, &behind, None, 20).await.unwrap();
        page.iter().map(|e| e.id).collect::<Vec<_>>()
    };
    let own = ids(conn, Scope::Parties(vec![party_id(3)]), Behind::default()).await;
    assert_eq!(own, [9, 8, 7].map(engagement_id));
    assert_eq!(ids(conn, Scope::Broker(account_id(2)), Behind::default()).await, own);
    assert_eq!(ids(conn, Scope::Brokerless, Behind::default()).await.len(), 6);
    assert_eq!(ids(conn, Scope::Parties(Vec::new()), Behind::default()).await, []);
    let region = |code: &str| Behind { region: Some(code.into()), ..Behind::default() };
    assert_eq!(ids(conn, Scope::All, region("32")).await.len(), 9);
    assert_eq!(ids(conn, Scope::All, region("33")).await.len(), 0);
    let counts = lists::count_by_stage(conn, &Scope::Parties(vec![party_id(2)])).await.unwrap();
    let mut counts: Vec<(&str, i64)> = counts.iter().map(|(s, n)| (s.as_str(), *n)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [("introduced", 6), ("talks", 3)]);
    assert_eq!(engagements::waiting_for(conn, party_id(2), "introduced").await.unwrap(), 6);
    assert_eq!(engagements::waiting_for(conn, party_id(1), "introduced").await.unwrap(), 0);
    assert_eq!(lists::waiting(conn, &[party_id(2)], 20).await.unwrap().len(), 9);
    assert_eq!(engagements::asked(conn, party_id(2), Side::Offer, 20).await.unwrap().len(), 9);
    assert_eq!(engagements::asked(conn, party_id(1), Side::Need, 20).await.unwrap().len(), 0);
    assert_eq!(engagements::due(conn, at(500), 20).await.unwrap().len(), 9);
    assert_eq!(engagements::due(conn, at(499), 20).await.unwrap().len(), 0);
    assert_eq!(engagements::of_pair(conn, listing_id(4), listing_id(104)).await.unwrap()[0].id, engagement_id(4));
}

pub(crate) async fn what_is_said_is_kept_and_what_is_sent_is_sent_once(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let (engagement, _) = opening(1);
    let id = engagement.id;
    let message = Message {
        id: MessageId(uuid(5)),
        engagement: id,
        author: account_id(1),
        role: Role::Need,
        body: "什么时候方便？".into(),
        at: at(1),
    };
    let file = EngagementFile {
        id: keqiao_domain::AttachmentId(uuid(6)),
        engagement: id,
        step: None,
        name: "合同.pdf".into(),
        media_type: "application/pdf".into(),
        size: 3,
        sha256: "ab".into(),
        blob: "engagements/6".into(),
        author: account_id(1),
        created_at: at(1),
    };
    let (said, attached) = (message.clone(), file.clone());
    let once = transact!(store, conn => {
        engagements::insert(conn, &engagement).await?;
        talk::insert_message(conn, &said).await?;
        files::insert(conn, &attached).await?;
        [
            talk::remind_once(conn, id, 1, Due::Remind, at(2)).await?,
            talk::remind_once(conn, id, 1, Due::Remind, at(3)).await?,
            talk::remind_once(conn, id, 1, Due::Escalate, at(3)).await?,
            files::tie(conn, attached.id, 4).await?,
            files::tie(conn, attached.id, 5).await?,
            files::remove(conn, attached.id).await?,
        ]
    });
    assert_eq!(once.unwrap(), [true, false, true, true, false, false]);
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(talk::messages(conn, id, None, 9).await.unwrap(), [message]);
    assert_eq!(files::find(conn, file.id).await.unwrap(), Some(EngagementFile { step: Some(4), ..file }));
    let rated = async || transact!(store, conn => talk::insert_rating(conn, id, Side::Need, party_id(2), 4, 7).await?);
    rated().await.unwrap();
    assert!(conflict(rated().await).starts_with("engagement_ratings."));
    assert_eq!(talk::ratings_of(conn, party_id(2)).await.unwrap(), (1, 4));
}

pub(crate) async fn counts_add_up_in_every_place_that_holds_it(db: Database) {
    let store = db.open().await;
    let subject = opening(1).0.subject;
    let tally = |count| Tally { measure: Measure::Left, of: "talks".into(), count, seconds: 60 };
    transact!(store, conn => {
        tallies::add(conn, &subject, &[tally(1)]).await?;
        tallies::add(conn, &subject, &[tally(1)]).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    for (region, kind, month, expected) in [
        ("*", "*", "2026-11", Some((2, 120))),
        ("320000", "chip", "2026-11", Some((2, 120))),
        ("320200", "*", "2026-11", Some((2, 120))),
        ("330000", "*", "2026-11", None),
        ("*", "*", "2026-12", None),
    ] {
        let cell = Cell { workflow: "default".into(), program: "*".into(), region: region.into(), kind: kind.into() };
        let sums = tallies::sums(conn, &cell, month, month).await.unwrap();
        assert_eq!(sums.first().map(|s| (s.count, s.seconds)), expected, "{region} {kind} {month}");
    }
    assert_eq!(tallies::all(conn).await.unwrap().len(), 6);
}

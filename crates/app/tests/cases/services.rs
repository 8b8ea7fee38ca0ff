//! Contract packs, visits, hand-over, feedback, volunteers, workstations, alliances and annexes through their use cases.

mod annex;
mod around;
mod volunteers;

use keqiao_app::engagements::{
    AnnexInput, AnnexReading, Doing, OpenInput, StepInput, UploadedFile, accept_annex_terms, add_file, close_annex,
    contract_data, contract_zip, hand_over, keep_annex_file, open_engagement, read_annex, say_of_item, share_annex,
    take_step, verify_engagements, view_annexes, view_contract, view_engagement,
};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::transfer::{export_archive, import_archive};
use keqiao_app::{AppError, notices};
use keqiao_domain::{
    Account, Attributes, Deed, Engagement, EngagementAnnex, NoticeBody, PartyId, PlatformRole, ServiceNews, Value,
    Viewer, tenures,
};

use crate::house::House;

pub(super) const DAY: i64 = 86_400;

/// Two organizations with an owner each, two brokers and an operator.
pub(super) struct Cast {
    pub(super) house: House,
    pub(super) need: (PartyId, Viewer),
    pub(super) offer: (PartyId, Viewer),
    pub(super) brokers: [(Account, Viewer); 2],
    pub(super) operator: Viewer,
}

pub(super) async fn cast() -> Cast {
    let house = House::new().await;
    let mut sides = Vec::new();
    for (name, code) in [("need", "91350100M000100Y43"), ("offer", "914403001922038216")] {
        let account = house.account(name, None).await;
        let input = PartyInput {
            name: format!("{name}机构"),
            uscc: code.into(),
            region: "320200".into(),
            ..PartyInput::default()
        };
        let party = create_organization(&house.app, &house.viewer(&account).await, input).await.unwrap().id;
        sides.push((party, house.viewer(&account).await));
    }
    let staff = async |name: &str, role| {
        let account = house.account(name, Some(role)).await;
        let viewer = house.viewer(&account).await;
        (account, viewer)
    };
    let brokers = [staff("first", PlatformRole::Broker).await, staff("second", PlatformRole::Broker).await];
    let operator = staff("operator", PlatformRole::Operator).await.1;
    let offer = sides.pop().unwrap();
    Cast { need: sides.pop().unwrap(), offer, brokers, operator, house }
}

/// How many notices of a sort somebody has.
pub(super) async fn told(cast: &Cast, viewer: &Viewer, wanted: ServiceNews) -> usize {
    let all = notices::my_notices(&cast.house.app, viewer, None, 100).await.unwrap();
    let is = |b: &NoticeBody| matches!(b, NoticeBody::Service { news, .. } if *news == wanted);
    all.iter().filter(|n| is(&n.body)).count()
}

impl Cast {
    async fn step(
        &self,
        by: &Viewer,
        before: &Engagement,
        doing: Doing,
        content: &[(&str, Value)],
        file: bool,
    ) -> Engagement {
        let app = &self.house.app;
        let mut files = Vec::new();
        if file {
            let stream = futures::stream::iter([Ok::<_, ()>(bytes::Bytes::from_static(b"signed by both"))]);
            let file = UploadedFile { name: "合同.pdf".into(), stream };
            files.push(add_file(app, by, before.id, file).await.unwrap().id);
        }
        let content: Attributes = content.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        let (role, note) = (None, "说明".into());
        let input = StepInput { doing, role, expected: before.state.steps, content, note, files };
        take_step(app, by, before.id, input).await.unwrap()
    }

    /// Taken up by both, and looked after by the first broker.
    pub(super) async fn talks(&self) -> Engagement {
        let input = OpenInput {
            need_party: Some(self.need.0),
            offer_party: Some(self.offer.0),
            title: "碳化硅衬底联合研发".into(),
            ..OpenInput::default()
        };
        let opened = open_engagement(&self.house.app, &self.need.1, input, None).await.unwrap();
        let talks = self.step(&self.offer.1, &opened, Doing::Confirm, &[], false).await;
        let (account, broker) = &self.brokers[0];
        self.step(broker, &talks, Doing::Assign(Some(account.id)), &[], false).await
    }

    async fn signed(&self) -> Engagement {
        let text = |t: &str| Value::Text(t.into());
        let made = |id: &str| Doing::Move { id: id.into(), reason: None };
        let minutes = [("met-on", text("2026-03-01")), ("present", text("双方")), ("minutes", text("谈成"))];
        let talks = self.step(&self.offer.1, &self.talks().await, made("minutes"), &minutes, false).await;
        let contract = [
            ("contract-type", text("joint-development")),
            ("signed-on", text("2026-03-01")),
            ("contract-number", text("KQ-2026-001")),
            ("contract-amount", Value::Number(120.0)),
            ("technology-amount", Value::Number(96.5)),
        ];
        let proposed = self.step(&self.offer.1, &talks, made("sign"), &contract, true).await;
        self.step(&self.need.1, &proposed, Doing::Confirm, &[], false).await
    }
}

#[tokio::test]
async fn a_contract_pack_holds_what_the_record_shows_and_its_hashes_are_right() {
    let cast = cast().await;
    let app = &cast.house.app;
    let talks = cast.talks().await;
    let before = view_contract(app, &cast.need.1, talks.id).await.unwrap();
    assert!(before.signed.is_none() && contract_data(app, &before).is_err());
    let signed = cast.signed().await;
    let contract = view_contract(app, &cast.need.1, signed.id).await.unwrap();
    assert_eq!(contract.ty.as_ref().map(|t| t.id.as_str()), Some("development"));
    assert!(!contract.complete);
    let stranger = cast.house.account("stranger", None).await;
    let stranger = cast.house.viewer(&stranger).await;
    assert!(matches!(view_contract(app, &stranger, signed.id).await, Err(AppError::NotFound)));
    for item in contract.items.iter().filter(|c| c.item.required && !c.met) {
        say_of_item(app, &cast.offer.1, signed.id, &item.item.id, "第4条").await.unwrap();
    }
    assert!(matches!(say_of_item(app, &cast.offer.1, signed.id, "amount", "x").await, Err(AppError::NotFound)));
    let contract = view_contract(app, &cast.need.1, signed.id).await.unwrap();
    assert!(contract.complete);
    let bytes = contract_zip(app, &contract, b"%PDF-1.7 a paper".to_vec()).await.unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut out = Vec::new();
        std::io::Read::read_to_end(&mut zip.by_name(name).unwrap(), &mut out).unwrap();
        out
    };
    let data: serde_json::Value = serde_json::from_slice(&part("contract.json")).unwrap();
    assert_eq!(data["amounts"]["technology"], 96.5);
    assert_eq!(data["offer"]["uscc"], "914403001922038216");
    assert_eq!(data["record"]["head"], signed.state.head);
    assert_eq!(data["files"][0]["path"], "files/01-合同.pdf");
    let sums = String::from_utf8(part("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), 3);
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let found = <sha2::Sha256 as sha2::Digest>::digest(part(name));
        assert_eq!(hex::encode(found), sum, "{name}");
    }
    assert_eq!(part("files/01-合同.pdf"), b"signed by both");
}

#[tokio::test]
async fn engagements_are_handed_over_in_the_record_and_who_lost_the_role_is_told_no_more() {
    let cast = cast().await;
    let app = &cast.house.app;
    let talks = cast.talks().await;
    let (first, second) = (&cast.brokers[0], &cast.brokers[1]);
    let to = Some(second.0.id);
    let none = hand_over(app, &first.1, None, to, &[], "").await;
    assert!(matches!(none, Err(AppError::Invalid(faults)) if faults.len() == 2));
    let theirs = hand_over(app, &second.1, Some(first.0.id), to, &[talks.id], "代办").await;
    assert!(matches!(theirs, Err(AppError::NotAllowed)));
    assert_eq!(hand_over(app, &first.1, None, to, &[talks.id], "我去西安挂职").await.unwrap(), 1);
    let view = view_engagement(app, &cast.operator, talks.id).await.unwrap();
    let who: Vec<_> = tenures(&view.steps).iter().map(|t| (t.broker, t.to.is_some())).collect();
    assert_eq!(who, [(first.0.id, true), (second.0.id, false)]);
    assert_eq!(view.steps.last().unwrap().note, "我去西安挂职");
    // The second broker loses the role: what happens from now on is not for their eyes.
    let count = async || notices::my_notices(app, &second.1, None, 100).await.unwrap().len();
    let before = count().await;
    let lost = Account { platform_role: None, version: second.0.version + 1, ..second.0.clone() };
    let expected = second.0.version;
    app.store
        .write::<_, AppError, _>(move |tx| {
            Box::pin(async move { Ok(keqiao_store::accounts::update(tx, &lost, expected).await?) })
        })
        .await
        .unwrap();
    keqiao_app::engagements::post_message(app, &cast.need.1, talks.id, "样品何时寄出").await.unwrap();
    assert_eq!(count().await, before);
    // An operator gives what was left behind to somebody else.
    let given = hand_over(app, &cast.operator, to, Some(first.0.id), &[talks.id], "接回").await.unwrap();
    assert_eq!((given, count().await), (1, before));
}

#[tokio::test]
async fn an_annex_is_read_after_its_terms_are_accepted_and_every_look_is_logged() {
    let cast = cast().await;
    let app = &cast.house.app;
    let talks = cast.talks().await;
    let input =
        AnnexInput {
            title: "工艺窗口".into(), terms: "不得转发".into(), body: "温度 2150 ℃".into(), file: None
        };
    let broker = &cast.brokers[0].1;
    assert!(matches!(share_annex(app, broker, talks.id, input.clone()).await, Err(AppError::NotAllowed)));
    let annex = share_annex(app, &cast.offer.1, talks.id, input).await.unwrap();
    for viewer in [&cast.need.1, broker, &cast.operator] {
        assert!(matches!(
            read_annex(app, viewer, talks.id, annex, AnnexReading::Page).await,
            Err(AppError::NotAllowed)
        ));
    }
    let shown = view_annexes(app, &cast.need.1, talks.id).await.unwrap();
    assert_eq!((shown.list[0].annex.terms.as_str(), shown.list[0].annex.body.as_str()), ("不得转发", ""));
    assert!(matches!(accept_annex_terms(app, &cast.offer.1, talks.id, annex).await, Err(AppError::NotAllowed)));
    accept_annex_terms(app, &cast.need.1, talks.id, annex).await.unwrap();
    accept_annex_terms(app, &cast.need.1, talks.id, annex).await.unwrap();
    let view = view_engagement(app, &cast.need.1, talks.id).await.unwrap();
    let deeds: Vec<Deed> = view.steps.iter().rev().take(2).map(|s| s.deed).collect();
    assert_eq!(deeds, [Deed::AnnexAccepted, Deed::AnnexShared]);
    assert!(!serde_json::to_string(&view.steps).unwrap().contains("2150"));
    let read = read_annex(app, &cast.need.1, talks.id, annex, AnnexReading::Paper).await.unwrap();
    assert_eq!((read.annex.body.as_str(), read.reader.as_str(), read.looks.len()), ("温度 2150 ℃", "need", 0));
    cast.house.clock.advance_seconds(1);
    let own = read_annex(app, &cast.offer.1, talks.id, annex, AnnexReading::Page).await.unwrap();
    let looks: Vec<(&str, bool)> = own.looks.iter().map(|(l, who)| (who.as_str(), l.paper)).collect();
    assert_eq!(looks, [("offer", false), ("need", true)]);
    assert_eq!(own.accepted[0].1, "need");
    close_annex(app, &cast.offer.1, talks.id, annex).await.unwrap();
    assert!(matches!(
        read_annex(app, &cast.need.1, talks.id, annex, AnnexReading::Page).await,
        Err(AppError::NotAllowed)
    ));
    assert!(read_annex(app, &cast.offer.1, talks.id, annex, AnnexReading::Page).await.is_ok());
    assert!(verify_engagements(app, &|_| ()).await.unwrap().0.is_empty());
    // One character of what was shared is found and named.
    let changed = EngagementAnnex { body: "温度 2160 ℃".into(), ..own.annex };
    app.store
        .write::<_, AppError, _>(move |tx| {
            Box::pin(async move { Ok(keqiao_store::kept::update(tx, &changed, changed.version + 1).await?) })
        })
        .await
        .unwrap();
    let faults = verify_engagements(app, &|_| ()).await.unwrap().0;
    let steps: Vec<Option<i64>> = faults.iter().map(|f| f.step).collect();
    assert_eq!(steps, [Some(4), Some(5)]);
}

#[tokio::test]
async fn an_archive_brings_all_of_it_back() {
    let cast = cast().await;
    let app = &cast.house.app;
    let signed = cast.signed().await;
    say_of_item(app, &cast.need.1, signed.id, "subject", "第1条").await.unwrap();
    let stream = futures::stream::iter([Ok::<_, ()>(bytes::Bytes::from_static(b"%PDF drawing"))]);
    let file = UploadedFile { name: "图纸.pdf".into(), stream };
    let file = Some(keep_annex_file(app, &cast.need.1, signed.id, file).await.unwrap());
    let input = AnnexInput { title: "图纸".into(), terms: "保密".into(), body: "内容".into(), file };
    let annex = share_annex(app, &cast.need.1, signed.id, input).await.unwrap();
    accept_annex_terms(app, &cast.offer.1, signed.id, annex).await.unwrap();
    read_annex(app, &cast.offer.1, signed.id, annex, AnnexReading::Page).await.unwrap();
    volunteers::proven(&cast).await;
    around::settled_feedback(&cast).await;
    around::alliance(&cast).await;
    around::station(&cast).await;
    let mut out = std::io::Cursor::new(Vec::new());
    export_archive(app, &mut out, &|_| ()).await.unwrap();
    let other = House::new().await;
    import_archive(&other.app, std::io::Cursor::new(out.get_ref().clone())).await.unwrap();
    let mut again = std::io::Cursor::new(Vec::new());
    export_archive(&other.app, &mut again, &|_| ()).await.unwrap();
    assert!(out.get_ref() == again.get_ref(), "an archive of what came in is the archive that was brought in");
}

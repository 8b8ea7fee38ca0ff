//! The pages of an engagement: what is told of its record, and what a form keeps.

use keqiao_app::engagements::{Doing, OpenInput, StepInput, open_engagement, post_message, take_step};
use keqiao_domain::{Attributes, Engagement, Side, Value};

use crate::house::{Site, chip};
use crate::news::missing;

/// The rival needs, organization A offers; taken up by the rival.
async fn talks(site: &Site) -> Engagement {
    let input = OpenInput {
        need_party: Some(site.b.id),
        offer_party: Some(site.a.id),
        title: "试用稳压器".into(),
        ..OpenInput::default()
    };
    let opened = open_engagement(&site.app, &site.viewer("owner").await, input, None).await.unwrap();
    step(site, "rival", &opened, Doing::Confirm, Attributes::new()).await
}

async fn step(site: &Site, who: &str, before: &Engagement, doing: Doing, content: Attributes) -> Engagement {
    let (role, note, files) = (None, String::new(), Vec::new());
    let input = StepInput { doing, role, expected: before.state.steps, content, note, files };
    take_step(&site.app, &site.viewer(who).await, before.id, input).await.unwrap()
}

/// Keeps an engagement's row as it is given, whatever its steps say.
async fn keep(site: &Site, engagement: Engagement, steps: i64) {
    let kept = site.app.store.write::<_, keqiao_app::AppError, _>(move |tx| {
        Box::pin(async move { Ok(keqiao_store::engagements::update(tx, &engagement, steps).await?) })
    });
    assert!(kept.await.unwrap());
}

#[tokio::test]
async fn a_record_without_its_last_step_is_not_told_to_be_whole() {
    let site = Site::new().await;
    let talks = talks(&site).await;
    let (page, verify) = (format!("/engagements/{}", talks.id), format!("/verify/{}", talks.state.head));
    let owner = site.as_("owner");
    assert!(!owner.get(&page).await.expect(200).body.contains("与写入时不一致"));
    let text = |text: &str| Value::Text(text.into());
    let minutes = [("met-on", "2026-03-02"), ("present", "双方"), ("minutes", "约定送样")];
    let minutes = minutes.map(|(field, value)| (field.to_owned(), text(value))).into();
    let mut ahead = talks.clone();
    (ahead.state.steps, ahead.state.head) = (3, "0".repeat(64));
    keep(&site, ahead, 2).await;
    missing(&owner.get(&page).await.expect(200), &["与写入时不一致", "step 3 is missing"]);
    missing(&site.get(&verify).await.expect(200), &["记录不完整", "step 3 is missing"]);
    owner.get(&format!("{page}/certificate")).await.expect(500);
    keep(&site, talks.clone(), 3).await;
    step(&site, "owner", &talks, Doing::Move { id: "minutes".into(), reason: None }, minutes).await;
    assert!(!site.get(&verify).await.expect(200).body.contains("记录不完整"));
    owner.get(&format!("{page}/certificate")).await.expect(200);
}

#[tokio::test]
async fn a_file_too_large_loses_nothing_that_was_typed() {
    let site = Site::new().await;
    let talks = talks(&site).await;
    let path = format!("/engagements/{}/moves/minutes", talks.id);
    let (_, token) = site.session("owner").await;
    let mut body = Vec::new();
    let mut field = |head: &str, value: &[u8]| {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
        body.extend_from_slice(value);
        body.extend(b"\r\n");
    };
    field("name=\"csrf\"", token.as_bytes());
    field("name=\"expected\"", b"2");
    let large = vec![b'x'; usize::try_from(site.app.settings.attachment_limit_bytes).unwrap() + 1];
    field("name=\"file\"; filename=\"签到.txt\"", &large);
    field("name=\"file\"; filename=\"议程.txt\"", "开场".as_bytes());
    field("name=\"field.minutes\"", "约定送样两片".as_bytes());
    body.extend(b"--XX--\r\n");
    let post = axum::http::Method::POST;
    let answer = site.as_("owner").request(post, &path, "multipart/form-data; boundary=XX", body).await.expect(422);
    // The large one is named, what came after it is there, and the small one is kept and ticked.
    missing(&answer, &["文件太大（签到.txt", "约定送样两片</textarea>", "checked>议程.txt"]);
}

#[tokio::test]
async fn a_rating_that_lacks_its_reasons_keeps_its_score() {
    let site = Site::new().await;
    let mut landed = talks(&site).await;
    landed.state.stage = "landed".into();
    let path = format!("/engagements/{}", landed.id);
    keep(&site, landed, 2).await;
    assert!(!site.as_("owner").get(&path).await.expect(200).body.contains("value=\"4\" required checked"));
    let again = site.as_("owner").post(&format!("{path}/rate"), &[("expected", "2"), ("score", "4")]).await.expect(422);
    missing(&again, &["value=\"4\" required checked", "请填写此项"]);
}

#[tokio::test]
async fn earlier_messages_are_a_link_away() {
    let site = Site::new().await;
    let talks = talks(&site).await;
    let (owner, path) = (site.viewer("owner").await, format!("/engagements/{}", talks.id));
    for n in 1..=101 {
        post_message(&site.app, &owner, talks.id, &format!("第{n}句")).await.unwrap();
    }
    let browser = site.as_("owner");
    let latest = browser.get(&path).await.expect(200);
    missing(&latest, &["第2句<", "第101句<", "更早的留言"]);
    assert!(!latest.body.contains("第1句<"));
    let link = latest.body.split("rel=\"prev\" href=\"").nth(1).unwrap().split('#').next().unwrap();
    let earlier = browser.get(link).await.expect(200);
    missing(&earlier, &["第1句<", "最近的留言"]);
    assert!(!earlier.body.contains("第2句<") && !earlier.body.contains("更早的留言"));
}

#[tokio::test]
async fn why_others_declined_is_told_on_a_listing_to_its_own_people() {
    let site = Site::new().await;
    let offer = site
        .published(
            site.a.id,
            Side::Offer,
            chip("低静态电流稳压器", "工作温度宽，适用于车载电源，已量产供货，可提供样品。"),
        )
        .await;
    for (opener, answerer, reason) in [("owner", "rival", "price"), ("rival", "owner", "capacity")] {
        let input = OpenInput { offer: Some(offer.id), need_party: Some(site.b.id), ..OpenInput::default() };
        let opened = open_engagement(&site.app, &site.viewer(opener).await, input, None).await.unwrap();
        let decline = Doing::Move { id: "decline".into(), reason: Some(reason.into()) };
        step(&site, answerer, &opened, decline, Attributes::new()).await;
    }
    let row = |id: &str| {
        let reason = site.app.catalog.decline_reasons.iter().find(|r| r.id == id).unwrap();
        format!("<th scope=\"row\">{}</th>", reason.name.get("zh"))
    };
    let path = format!("/listings/{}", offer.id);
    let own = site.as_("owner").get(&path).await.expect(200);
    missing(&own, &["对方谢绝的原因", &row("price")]);
    assert!(!own.body.contains(&row("capacity")), "what its own people declined is told to them");
    for who in ["rival", "member"] {
        assert!(!site.as_(who).get(&path).await.expect(200).body.contains("对方谢绝的原因"), "{who}");
    }
}

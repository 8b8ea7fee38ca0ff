//! The pages of an engagement: what is told of its record, and what a form keeps.

use keqiao_app::engagements::{Doing, OpenInput, StepInput, open_engagement, take_step};
use keqiao_domain::{Attributes, Engagement, Value};

use crate::house::Site;
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

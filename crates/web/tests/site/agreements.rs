//! Agreements: opened from a fact, followed, written anew.

use keqiao_domain::FactKind;

use crate::house::Site;
use crate::news::{SIGNED, bring, entity, fact, missing};

#[tokio::test]
async fn an_agreements_title_and_note_are_written_anew() {
    let site = Site::new().await;
    bring(&site, &[SIGNED]).await;
    let signed = fact(&site, FactKind::Signed).await;
    let operator = site.as_("operator");
    let agreement = operator.post(&format!("/facts/{signed}/agreement"), &[]).await.expect(303).location().to_owned();
    missing(&operator.get(&agreement).await.expect(200), &["修改标题和备注", "name=\"version\" value=\"1\""]);
    assert!(!site.get(&agreement).await.expect(200).body.contains("修改标题和备注"));
    let empty = operator.post(&agreement, &[("title", " "), ("note", "三年期"), ("version", "1")]).await.expect(422);
    missing(&empty, &["请填写此项", "三年期</textarea>", "<details class=\"more\" open>"]);
    let fields = [("title", "衬底联合研发协议"), ("note", "三年期，期满续签"), ("version", "1")];
    site.as_("owner").post(&agreement, &fields).await.expect(403);
    operator.post(&agreement, &fields).await.expect(303);
    missing(&site.get(&agreement).await.expect(200), &["<h1>衬底联合研发协议</h1>", "三年期，期满续签"]);
    // Whoever read the version before overwrites nothing, and keeps what was typed.
    let late = operator.post(&agreement, &[("title", "迟到的标题"), ("version", "1")]).await.expect(412);
    missing(&late, &["value=\"迟到的标题\"", "别人保存了新的版本", "name=\"version\" value=\"2\""]);
}

#[tokio::test]
async fn an_agreement_is_opened_from_a_fact_and_its_promises_are_followed() {
    let site = Site::new().await;
    bring(&site, &[SIGNED]).await;
    missing(&site.get("/agreements").await.expect(200), &["还没有协议", "href=\"/timeline?kind=signed\""]);
    let signed = fact(&site, FactKind::Signed).await;
    let operator = site.as_("operator");
    let agreement = operator.post(&format!("/facts/{signed}/agreement"), &[]).await.expect(303).location().to_owned();
    missing(&operator.get(&format!("/facts/{signed}")).await.expect(200), &[&format!("href=\"{agreement}\"")]);
    let add = format!("{agreement}/commitments");
    let faulty =
        operator.post(&add, &[("who", "星河材料研究院"), ("what", ""), ("due", "2020-13-01")]).await.expect(422);
    missing(&faulty, &["value=\"星河材料研究院\"", "value=\"2020-13-01\"", "请填写此项"]);
    let fields = [("who", "星河材料研究院"), ("what", "交付六英寸衬底"), ("due", "2024-12-31")];
    operator.post(&add, &fields).await.expect(303);
    let page = site.get(&agreement).await.expect(200);
    missing(
        &page,
        &["2024年3月4日", "澄江电子有限公司", "交付六英寸衬底", "已逾期", "星河材料研究院与澄江电子有限公司签约"],
    );
    assert!(!page.body.contains("<form class=\"measure"), "{}", page.body);
    missing(&site.get("/agreements").await.expect(200), &["1 项逾期"]);
    let own = operator.get(&agreement).await.body;
    let change = own.split(&format!("action=\"{add}/")).nth(1).unwrap().split('"').next().unwrap();
    let change = format!("{add}/{change}");
    missing(&operator.post(&change, &[("state", "kept"), ("note", "")]).await.expect(422), &["请填写此项"]);
    site.as_("owner").post(&change, &[("state", "kept"), ("note", "x")]).await.expect(403);
    operator.post(&change, &[("state", "kept"), ("note", "验收单 7 号")]).await.expect(303);
    let kept = site.get(&agreement).await.expect(200);
    missing(&kept, &["已履行", "验收单 7 号"]);
    assert!(!kept.body.contains("已逾期"));
    operator.post(&change, &[("state", "open")]).await.expect(303);
    missing(&site.get(&agreement).await.expect(200), &["已逾期"]);
}

#[tokio::test]
async fn who_is_said_to_be_a_signatory_later_follows_the_agreement_from_then_on() {
    let site = Site::new().await;
    bring(&site, &[SIGNED]).await;
    let signed = fact(&site, FactKind::Signed).await;
    let (operator, owner) = (site.as_("operator"), site.as_("owner"));
    let agreement = operator.post(&format!("/facts/{signed}/agreement"), &[]).await.expect(303).location().to_owned();
    let add = format!("{agreement}/commitments");
    let fields = [("who", "星河材料研究院"), ("what", "交付六英寸衬底"), ("due", "")];
    owner.post(&add, &fields).await.expect(403);
    let named = entity(&site, "星河材料研究院").await.to_string();
    let party = site.a.id.to_string();
    owner.post(&format!("/entities/{named}/claim"), &[("party", party.as_str())]).await.expect(303);
    // What nobody confirmed opens nothing.
    owner.post(&add, &fields).await.expect(403);
    let claim = [("entity", named.as_str()), ("party", party.as_str()), ("answer", "confirm")];
    operator.post("/review/entities/claims", &claim).await.expect(303);
    owner.post(&add, &fields).await.expect(303);
    missing(&site.get(&agreement).await.expect(200), &[&format!("href=\"/parties/{party}\""), "交付六英寸衬底"]);
    owner.post(&format!("/entities/{named}/claim/withdraw"), &[("party", party.as_str())]).await.expect(303);
    owner.post(&add, &fields).await.expect(403);
}

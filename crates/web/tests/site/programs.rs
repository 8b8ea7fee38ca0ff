//! A fair from its call to landed use, over HTTP; and what people send who mean no good.

use keqiao_domain::{ProgramEntryId, ProgramId};

use crate::house::{Answer, Site};
use crate::news::missing;

/// The id at the end of where an answer leads.
fn id_of(answer: &Answer) -> String {
    answer.location().split(['?', '#']).next().unwrap().rsplit('/').next().unwrap().to_owned()
}

fn today(site: &Site) -> String {
    site.app.settings.zone.day(site.app.now())
}

/// A program whose call is out; `appeal_days` of 0, so that a test need not wait.
async fn call_out(site: &Site, ty: &str, more: &[(&str, &str)]) -> String {
    let day = today(site);
    let mut fields = vec![
        ("ty", ty),
        ("title", "第三届科创会"),
        ("call", "征集高新技术、科技成果与科技难题。\n请按格式填写。"),
        ("opens_on", day.as_str()),
        ("closes_on", day.as_str()),
        ("per_entry", "1"),
        ("quorum", "1"),
        ("appeal_days", "0"),
        ("blind", "1"),
        ("quotas", "江苏省无锡市 2\n江苏省连云港市：1"),
    ];
    for (name, value) in more {
        fields.retain(|(n, _)| n != name);
        fields.push((name, value));
    }
    let operator = site.as_("operator");
    let made = operator.post("/programs", &fields).await.expect(303);
    let work = made.location().to_owned();
    let id = work.split('/').nth(2).unwrap().to_owned();
    go(site, &id, "open").await.expect(303);
    id
}

async fn go(site: &Site, id: &str, phase: &str) -> Answer {
    site.as_("operator").post(&format!("/programs/{id}/phase"), &[("phase", phase)]).await
}

/// The fields of an entry of the fair.
fn entry<'a>(party: &'a str, title: &'a str, act: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("party", party),
        ("kind", "result"),
        ("title", title),
        ("summary", "把普通石英砂提纯到4N8"),
        ("region", "江苏省无锡市"),
        ("field.advantage", "金属杂质总量低于20ppm，有检测报告"),
        ("field.maturity", "pilot"),
        ("field.contact", "李工 zqcontact"),
        ("field.team", "zqteam 材料实验室"),
        ("act", act),
    ]
}

async fn step(site: &Site, who: &'static str, id: &str, fields: &[(&str, &str)]) -> Answer {
    site.as_(who).post(&format!("/entries/{id}/steps"), fields).await
}

/// Two entries of A and of B are handed in and checked; the member reviews.
async fn reviewed(site: &Site) -> (String, String, String) {
    let id = call_out(site, "fair", &[]).await;
    let (a, b) = (site.a.id.to_string(), site.b.id.to_string());
    let path = format!("/programs/{id}/enter");
    let first = id_of(&site.as_("owner").post(&path, &entry(&a, "高纯石英砂", "submit")).await.expect(303));
    let second = id_of(&site.as_("rival").post(&path, &entry(&b, "光纤预制棒", "submit")).await.expect(303));
    for entry in [&first, &second] {
        step(site, "operator", entry, &[("do", "pass")]).await.expect(303);
    }
    go(site, &id, "review").await.expect(303);
    let reviewers = format!("/programs/{id}/reviewers");
    site.as_("operator").post(&reviewers, &[("do", "add"), ("email", "member@example.com")]).await.expect(303);
    site.as_("operator").post(&reviewers, &[("do", "deal")]).await.expect(303);
    (id, first, second)
}

async fn score(site: &Site, who: &'static str, entry: &str, points: &str) -> Answer {
    let fields = [
        ("points.novelty", points),
        ("points.maturity", points),
        ("points.use", points),
        ("points.landing", points),
        ("note", "数据可信"),
    ];
    site.as_(who).post(&format!("/entries/{entry}/review"), &fields).await
}

#[tokio::test]
async fn a_fair_goes_from_its_call_to_landed_use() {
    let site = Site::new().await;
    let (id, first, second) = reviewed(&site).await;
    let (operator, member, owner) = (site.as_("operator"), site.as_("member"), site.as_("owner"));
    // The reviewer reads neither names nor teams nor contacts, and scores.
    let sheet = member.get(&format!("/entries/{first}/review")).await.expect(200);
    missing(&sheet, &["高纯石英砂", "4N8", "先进性"]);
    for hidden in ["甲方芯片", "zqteam", "zqcontact", "无锡"] {
        assert!(!sheet.body.contains(hidden), "{hidden} is told to a blind reviewer");
    }
    missing(&score(&site, "member", &first, "11").await.expect(422), &["超出范围", "value=\"11\"", "数据可信"]);
    score(&site, "member", &first, "9").await.expect(303);
    score(&site, "member", &second, "6").await.expect(303);
    // Nothing is decided before the ranking is made, and entrants learn nothing before it is announced.
    let ranking = format!("/programs/{id}/ranking");
    let early = [("do", "select"), ("of", "all"), ("count", "1")];
    missing(&operator.post(&ranking, &early).await.expect(422), &["重新生成排名"]);
    operator.post(&ranking, &[("do", "rank")]).await.expect(303);
    let table = operator.get(&ranking).await.expect(200);
    assert!(table.body.find("高纯石英砂") < table.body.find("光纤预制棒"), "the better stands first");
    operator.post(&ranking, &early).await.expect(303);
    operator.post(&ranking, &[("do", "pass-over")]).await.expect(303);
    let own = site.as_("rival").get(&format!("/entries/{second}")).await.expect(200);
    assert!(!own.body.contains("未入选") && !own.body.contains("入选</b>"), "decisions are told when announced");
    go(&site, &id, "announced").await.expect(303);
    // An appeal and its answer.
    missing(&site.as_("rival").get("/desk/notices").await.expect(200), &["公示：您的项目未入选"]);
    step(&site, "rival", &second, &[("do", "appeal"), ("note", "")]).await.expect(422);
    step(&site, "rival", &second, &[("do", "appeal"), ("note", "补充了第三方报告")]).await.expect(303);
    go(&site, &id, "published").await.expect(409);
    step(&site, "operator", &second, &[("do", "uphold"), ("note", "报告属实")]).await.expect(303);
    go(&site, &id, "published").await.expect(303);
    // The hall is for everybody and tells what is meant for it.
    let hall = site.get(&format!("/programs/{id}/hall?kind=result")).await.expect(200);
    missing(&hall, &["高纯石英砂", "光纤预制棒", "无锡市"]);
    let shown = site.get(&format!("/entries/{first}")).await.expect(200);
    missing(&shown, &["金属杂质总量", "甲方芯片"]);
    assert!(!shown.body.contains("zqcontact") && !shown.body.contains("zqteam"));
    let csv = site.get(&format!("/programs/{id}/results.csv")).await.expect(200);
    missing(&csv, &["光纤预制棒", "展示"]);
    meet_and_sign(&site, &id, &first).await;
    let page = owner.get(&format!("/entries/{first}/certificate")).await.expect(200);
    missing(&page, &["签约证书", "2,350,000", "/verify/"]);
    let hash = page.body.split("href=\"/verify/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    missing(&site.get(&format!("/verify/{hash}")).await.expect(200), &["记录完整"]);
    // The same as papers, for what was signed and for what was selected.
    missing(&page, &["/certificate.pdf"]);
    for (who, entry, head) in [("owner", &first, Some(&hash[..8])), ("rival", &second, None)] {
        let paper = site.as_(who).get(&format!("/entries/{entry}/certificate.pdf")).await.expect(200);
        assert_eq!(paper.headers["content-type"], "application/pdf");
        assert!(paper.body.starts_with("%PDF-") && paper.body.contains(entry.as_str()), "its foot names the entry");
        assert!(head.is_none_or(|head| paper.body.contains(head)), "the hash stands in it");
    }
    site.as_("member").get(&format!("/entries/{first}/certificate.pdf")).await.expect(404);
    let (faults, read) = keqiao_app::programs::verify_programs(&site.app, &|_| {}).await.unwrap();
    assert!(faults.is_empty() && read > 20, "{faults:?}");
}

/// The rival asks to meet, is given a table, takes the entry up; it is signed, and lands only with its engagement.
async fn meet_and_sign(site: &Site, id: &str, entry: &str) {
    let b = site.b.id.to_string();
    let interest = format!("/entries/{entry}/interest");
    site.as_("rival").post(&interest, &[("party", &b), ("note", "想看样品")]).await.expect(303);
    missing(&site.as_("owner").get("/desk/notices").await.expect(200), &["有人想约见您的项目"]);
    let session = [
        ("sort", "meetings"),
        ("title", "洽谈专场"),
        ("starts", "2026-03-09T09:00"),
        ("ends", "2026-03-09T10:00"),
        ("minutes", "20"),
        ("tables", "2"),
    ];
    let operator = site.as_("operator");
    let made = operator.post(&format!("/programs/{id}/sessions"), &session).await.expect(303);
    let session = made.location().to_owned();
    operator.post(&session, &[("do", "plan")]).await.expect(303);
    missing(&site.as_("rival").get(&session).await.expect(200), &["高纯石英砂", "乙方检测"]);
    assert!(!site.as_("member").get(&session).await.expect(200).body.contains("高纯石英砂"), "others' meetings");
    let engaged = site.as_("owner").post(&format!("/entries/{entry}/engagement"), &[("party", &b)]).await.expect(303);
    assert!(engaged.location().starts_with("/engagements/"));
    let signing = [("do", "sign"), ("with", "乙方检测（示例）有限公司"), ("on", "2026-03-10"), ("amount", "235")];
    step(site, "owner", entry, &signing).await.expect(403);
    let wrong = [("do", "sign"), ("with", "乙方"), ("on", "2026-02-30"), ("amount", "x")];
    missing(&step(site, "operator", entry, &wrong).await.expect(422), &["value=\"乙方\"", "不是数值"]);
    step(site, "operator", entry, &signing).await.expect(303);
    missing(&step(site, "operator", entry, &[("do", "land")]).await.expect(422), &["还没有走到"]);
    let follow = operator.get(&format!("/programs/{id}/follow-up?stage=signed")).await.expect(200);
    missing(&follow, &["高纯石英砂", "推介"]);
}

/// One who belongs to the entrant, entered it, or declared an interest neither is given an entry nor may score it.
#[tokio::test]
async fn a_reviewer_with_an_interest_is_kept_away() {
    let site = Site::new().await;
    let (id, first, second) = reviewed(&site).await;
    let reviewers = format!("/programs/{id}/reviewers");
    for who in ["viewer@example.com", "rival@example.com"] {
        site.as_("operator").post(&reviewers, &[("do", "add"), ("email", who)]).await.expect(303);
    }
    let viewer = site.account("viewer").id.to_string();
    let given = step(&site, "operator", &first, &[("do", "assign"), ("reviewer", &viewer)]).await.expect(422);
    missing(&given, &["存在利益冲突"]);
    step(&site, "operator", &second, &[("do", "assign"), ("reviewer", &viewer)]).await.expect(303);
    score(&site, "viewer", &first, "10").await.expect(403);
    // The member declares an interest in B: what is at hand goes, and can no longer be scored.
    let declared = site.as_("member").post(&format!("/reviewing/{id}"), &[("party", &site.b.name)]).await.expect(303);
    assert_eq!(declared.location(), format!("/reviewing/{id}"));
    missing(&score(&site, "member", &second, "10").await.expect(422), &["没有分给这位专家"]);
    score(&site, "member", &first, "7").await.expect(303);
    // Who entered nothing but decides on what is his own is refused as well.
    let own = site.as_("operator").get(&format!("/entries/{second}")).await.expect(200);
    missing(&own, &["申报回避", "专家回避"]);
}

/// A form keeps what was typed, and names each fault; a draft needs but a title.
#[tokio::test]
async fn an_entry_keeps_what_was_typed() {
    let site = Site::new().await;
    let id = call_out(&site, "fair", &[]).await;
    let (path, a) = (format!("/programs/{id}/enter"), site.a.id.to_string());
    let owner = site.as_("owner");
    let mut fields = entry(&a, "<b>石英</b>", "submit");
    fields.retain(|(name, _)| !matches!(*name, "field.maturity" | "region"));
    fields.push(("field.budget", "很多"));
    let again = owner.post(&path, &fields).await.expect(422);
    missing(&again, &["&#60;b&#62;石英", "李工 zqcontact", "value=\"很多\"", "不是数值", "请填写此项"]);
    assert!(!again.body.contains("<b>石英"));
    let kept = owner.post(&path, &[("party", &a), ("title", "只有名称"), ("act", "keep")]).await.expect(303);
    let draft = id_of(&kept);
    // A draft is nobody else's business, not even the organiser's.
    for who in ["operator", "rival", "member"] {
        site.as_(who).get(&format!("/entries/{draft}")).await.expect(404);
    }
    missing(&owner.get("/entries").await.expect(200), &["只有名称", "草稿"]);
    let edit = owner.get(&format!("/entries/{draft}/edit")).await.expect(200);
    missing(&edit, &["只有名称", "name=\"version\" value=\"1\""]);
    let mut whole = entry(&a, "石英砂提纯", "submit");
    whole.extend([("entry", draft.as_str()), ("version", "7")]);
    missing(&owner.post(&path, &whole).await.expect(422), &["期间有别人改动过"]);
    whole.retain(|(name, _)| *name != "version");
    whole.push(("version", "1"));
    assert_eq!(id_of(&owner.post(&path, &whole).await.expect(303)), draft);
    missing(&owner.post(&path, &whole).await.expect(422), &["不能这样做"]);
    owner.post(&format!("/entries/{draft}/discard"), &[]).await.expect(409);
}

/// A published listing gives an entry its words.
#[tokio::test]
async fn a_listing_can_be_entered() {
    let site = Site::new().await;
    let id = call_out(&site, "fair", &[]).await;
    let listing = site
        .published(
            site.a.id,
            keqiao_domain::Side::Offer,
            crate::house::chip("车规稳压器", "整流后稳压，用于车载充电机与逆变器，提供样品与评估板，欢迎试用。"),
        )
        .await;
    let form = site.as_("owner").get(&format!("/programs/{id}/enter?listing={}", listing.id)).await.expect(200);
    missing(&form, &["车规稳压器", "整流后稳压", "江苏省 · 无锡市"]);
    site.as_("rival").get(&format!("/programs/{id}/enter?listing={}", listing.id)).await.expect(404);
    let b = site.b.id.to_string();
    let mut stolen = entry(&b, "别人的", "submit");
    let foreign = listing.id.to_string();
    stolen.push(("listing", &foreign));
    site.as_("rival").post(&format!("/programs/{id}/enter"), &stolen).await.expect(422);
}

#[tokio::test]
async fn hostile_input_is_refused_and_breaks_nothing() {
    let site = Site::new().await;
    let id = call_out(&site, "award", &[("quotas", "江苏省无锡市 1")]).await;
    let path = format!("/programs/{id}");
    for query in ["after=x", "after=9999999999999999999999", "after=1.y"] {
        site.as_("operator").get(&format!("{path}/work/entries?{query}")).await.expect(422);
        site.as_("operator").get(&format!("{path}/ranking?{query}")).await.expect(422);
    }
    for query in ["stage=nonsense", "area='%20OR%201=1", "q=%25_!%00", "kind=%F0%9F%92%A9"] {
        let answer = site.as_("operator").get(&format!("{path}/work/entries?{query}")).await;
        assert!([200, 422].contains(&answer.status.as_u16()), "{query}: {}", answer.status);
    }
    site.as_("operator").post(&format!("{path}/phase"), &[("phase", "landed")]).await.expect(422);
    site.as_("operator").post(&format!("{path}/phase"), &[("phase", "published")]).await.expect(409);
    for wrong in [("opens_on", "2026-02-30"), ("quorum", "-1"), ("quorum", "999"), ("quotas", "月球 5"), ("title", "")]
    {
        let mut fields = vec![("expected", "2"), ("title", "奖"), ("call", "征集"), ("opens_on", "2026-01-01")];
        fields.extend([("closes_on", "2026-12-31"), ("quorum", "3"), ("per_entry", "3"), ("appeal_days", "0")]);
        fields.retain(|(name, _)| *name != wrong.0);
        fields.push(wrong);
        site.as_("operator").post(&format!("{path}/edit"), &fields).await.expect(422);
    }
    // An unverified organization may not enter an award, and no field is smuggled in.
    let a = site.a.id.to_string();
    let api = |body: serde_json::Value| {
        let site = &site;
        let path = format!("/api/v1/programs/{id}/entries");
        async move {
            let viewer = site.viewer("owner").await;
            let scopes = vec![keqiao_domain::Scope::Write];
            let token = keqiao_app::accounts::create_api_token(&site.app, &viewer, "t", scopes).await.unwrap().0;
            let client = crate::client::Client { site, token: Some(token) };
            client.call(axum::http::Method::POST, &path, &[], Some(body)).await
        }
    };
    let content = serde_json::json!({"party": a, "title": "标题", "summary": "简介", "kind": "result",
        "region": "320200", "fields": {"contribution": "贡献", "proof": "清单"}, "submit": true});
    api(content.clone()).await.expect(409);
    let mut content = content;
    content["submit"] = false.into();
    let mut more = content.clone();
    more["fields"]["stage"] = "selected".into();
    api(more).await.expect(422);
    let mut long = content;
    long["title"] = "长".repeat(10_000).into();
    api(long).await.expect(422);
    let unknown: ProgramId = uuid::Uuid::from_u128(7).into();
    site.as_("operator").get(&format!("/programs/{unknown}/work")).await.expect(404);
    let none: ProgramEntryId = uuid::Uuid::from_u128(7).into();
    step(&site, "operator", &none.to_string(), &[("do", "pass")]).await.expect(404);
}

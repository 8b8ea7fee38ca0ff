//! Publishing, desk, versions, review and import.

use std::time::Duration;

use axum::http::Method;
use keqiao_app::listings::{my_listings, view_listing_for_edit};
use keqiao_domain::{Listing, ListingContent, ListingState, Side, Value};

use crate::house::{Site, chip, encode};

const BODY: &str = "输入 3.5~40 V，输出 5 V，静态电流 5 μA，已按 AEC-Q100 Grade 1 完成鉴定，可提供样品。";
const NAUGHTY: &str = "\"><script>alert(1)</script>'&amp;{{7*7}}";

async fn listings(site: &Site) -> Vec<Listing> {
    my_listings(&site.app, &site.viewer("owner").await, None, None, None, 100).await.unwrap()
}

/// The value of a hidden field.
fn hidden<'a>(body: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    let rest = body.split(&start).nth(1).unwrap_or_else(|| panic!("no field {name} in {body}"));
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn a_pasted_text_becomes_a_form_that_is_filled_in() {
    let site = Site::new().await;
    let owner = site.as_("owner");
    let text = "求购半桥驱动芯片，工作温度 -40~105℃，AEC-Q100 Grade 2，单价 3 元以内。";
    let page = owner.get(&format!("/publish?text={}", encode(text))).await.expect(200);
    assert!(page.body.contains("need/chip") && page.body.contains(text), "{}", page.body);
    let page = owner.post("/publish", &[("choice", "need/chip"), ("text", text)]).await.expect(200);
    assert!(page.body.contains("value=\"-40~105 ℃\""), "{}", page.body);
    assert!(page.body.contains("AEC-Q100 Grade 2\""), "{}", page.body);
    assert!(page.body.contains(text));
    assert!(page.body.contains("江苏省 · 无锡市"), "the organization's region is offered");
    assert!(page.body.len() < 120_000);
}

#[tokio::test]
async fn whoever_cannot_publish_yet_keeps_the_text() {
    let site = Site::new().await;
    let page = site.get(&format!("/publish?side=need&kind=chip&text={}", encode(NAUGHTY))).await.expect(200);
    assert!(page.body.contains("/sign-in?next=%2Fpublish") && !page.body.contains("<script>alert"));
    assert!(page.body.contains("&#60;script&#62;"), "{}", page.body);
    let page = site.as_("member").get("/publish?side=need&kind=chip&text=abc").await.expect(200);
    assert!(page.body.contains("/organizations/new?next=") && page.body.contains("abc"));
    let long = "长".repeat(5_000);
    let page =
        site.visitor().post("/publish", &[("side", "offer"), ("kind", "chip"), ("text", &long)]).await.expect(200);
    assert!(page.body.contains(&long) && !page.body.contains("?next="));
    assert!(site.get("/publish").await.expect(200).body.contains("choice"));
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_draft_and_a_later_text_edits_it() {
    let site = Site::new().await;
    let owner = site.as_("owner");
    let form = owner.get("/publish?side=offer&kind=chip").await.expect(200);
    let once = hidden(&form.body, "once").to_owned();
    let party = site.a.id.to_string();
    let send = async |title: &str| {
        let fields = [
            ("once", once.as_str()),
            ("side", "offer"),
            ("kind", "chip"),
            ("party", &party),
            ("title", title),
            ("body", BODY),
            ("attributes.device-type", "ldo"),
            ("attributes.operating-temperature", "-40~125"),
            ("act", "draft"),
        ];
        owner.post("/publish/draft", &fields).await
    };
    let one = send("汽车用线性稳压器").await.expect(303);
    let two = send("汽车用线性稳压器").await.expect(303);
    assert_eq!(one.location(), two.location());
    let kept = listings(&site).await;
    assert_eq!((kept.len(), kept[0].version), (1, 1));
    let temperature = &kept[0].content.attributes["operating-temperature"];
    assert_eq!(temperature.to_string(), "-40~125 ℃");
    send("汽车用线性稳压器，40 V").await.expect(303);
    let kept = listings(&site).await;
    assert_eq!((kept.len(), kept[0].version, kept[0].content.title.as_str()), (1, 2, "汽车用线性稳压器，40 V"));
    let edit = owner.get(one.location()).await.expect(200);
    assert!(edit.body.contains("value=\"-40~125 ℃\"") && edit.body.contains("汽车用线性稳压器，40 V"));
}

#[tokio::test]
async fn a_faulty_form_comes_back_whole_with_the_fault_beside_the_field() {
    let site = Site::new().await;
    let fields = [
        ("once", "k1"),
        ("side", "need"),
        ("kind", "chip"),
        ("party", &site.a.id.to_string()),
        ("title", NAUGHTY),
        ("body", "正文 <b>&\"'"),
        ("attributes.operating-temperature", "很热很热"),
        ("wishes", "operating-temperature"),
        ("region", "亚特兰蒂斯"),
        ("keywords", "甲、乙"),
        ("act", "check"),
    ];
    let page = site.as_("owner").post("/publish/draft", &fields).await.expect(422);
    assert!(page.body.contains("id=\"region-error\""), "{}", page.body);
    for kept in ["很热很热", "亚特兰蒂斯", "甲、乙", "正文 &#60;b&#62;&#38;&#34;&#39;"] {
        assert!(page.body.contains(kept), "{kept} is lost: {}", page.body);
    }
    assert!(!page.body.contains("<script>alert"));
    let fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != "region").collect();
    let page = site.as_("owner").post("/publish/draft", &fields).await.expect(422);
    assert!(page.body.contains("id=\"attributes.operating-temperature-error\""), "{}", page.body);
    assert_eq!(listings(&site).await.len(), 0);
}

#[tokio::test]
async fn two_people_at_one_listing_see_both_versions() {
    let site = Site::new().await;
    let draft = site.draft(site.a.id, Side::Offer, chip("四十伏稳压器", BODY)).await;
    let id = draft.id.to_string();
    let fields = |title: &'static str, version: &'static str| {
        vec![
            ("listing", id.clone()),
            ("version", version.to_owned()),
            ("side", "offer".to_owned()),
            ("kind", "chip".to_owned()),
            ("party", site.a.id.to_string()),
            ("title", title.to_owned()),
            ("body", BODY.to_owned()),
            ("act", "draft".to_owned()),
        ]
    };
    let send = async |who: &'static str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        site.as_(who).post("/publish/draft", &fields).await
    };
    send("owner", fields("稳压器甲版", "1")).await.expect(303);
    let page = send("editor", fields("稳压器乙版", "1")).await.expect(412);
    assert!(page.body.contains("<td class=\"asis\">稳压器甲版</td>"), "{}", page.body);
    assert!(page.body.contains("value=\"稳压器乙版\""));
    assert_eq!(hidden(&page.body, "version"), "2");
    send("editor", fields("稳压器乙版", "2")).await.expect(303);
    let now = view_listing_for_edit(&site.app, &site.viewer("owner").await, draft.id).await.unwrap();
    assert_eq!((now.version, now.content.title.as_str()), (3, "稳压器乙版"));
    site.as_("rival").get(&format!("/publish?listing={id}")).await.expect(404);
    site.as_("viewer").get(&format!("/publish?listing={id}")).await.expect(403);
    site.get(&format!("/publish?listing={id}")).await.expect(404);
}

#[tokio::test]
async fn from_draft_to_review_to_the_desk() {
    let site = Site::new().await;
    let owner = site.as_("owner");
    let bare = ListingContent { kind: "chip".into(), title: "未写完的芯片".into(), ..ListingContent::default() };
    let draft = site.draft(site.a.id, Side::Offer, bare).await;
    let page = owner.get(&format!("/publish/{}", draft.id)).await.expect(200);
    assert!(page.body.contains("class=\"error\"") && page.body.contains("disabled"), "{}", page.body);
    let refused = owner.post(&format!("/publish/{}", draft.id), &[]).await.expect(422);
    assert!(refused.body.contains("flash bad"));

    let whole = site.draft(site.a.id, Side::Offer, chip("完整的四十伏稳压器", BODY)).await;
    let place = format!("/publish/{}", whole.id);
    let page = owner.get(&place).await.expect(200);
    assert!(!page.body.contains("disabled>") && page.body.contains("125 ℃"), "{}", page.body);
    assert_eq!(owner.post(&place, &[]).await.expect(303).location(), "/desk");
    owner.post(&place, &[]).await.expect(409);

    let operator = site.as_("operator");
    let queue = operator.get("/review").await.expect(200);
    assert!(queue.body.contains("完整的四十伏稳压器"));
    site.as_("owner").get("/review").await.expect(403);
    assert!(site.get("/review").await.expect(303).location().starts_with("/sign-in"));
    let place = format!("/review/{}", whole.id);
    let page = operator.get(&place).await.expect(200);
    let version = hidden(&page.body, "version").to_owned();
    let scores = |score: &'static str, comment: &'static str| {
        let names = ["clarity", "specificity", "benefit", "feasibility"];
        let mut fields: Vec<_> = names.map(|n| (n, score)).to_vec();
        fields.push(("comment", comment));
        fields
    };
    let with = |fields: Vec<(&'static str, &'static str)>, version: &str| {
        let mut fields: Vec<_> = fields.into_iter().map(|(n, v)| (n, v.to_owned())).collect();
        fields.push(("version", version.to_owned()));
        fields
    };
    let send = async |who: &'static str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        site.as_(who).post(&place, &fields).await
    };
    let page = send("operator", with(scores("1", ""), &version)).await.expect(422);
    assert!(page.body.contains("id=\"comment-error\"") && page.body.contains("value=\"1\" required checked"));
    let page = send("operator", with(scores("9", "写得<b>不错"), &version)).await.expect(422);
    assert!(page.body.contains("写得&#60;b&#62;不错"), "{}", page.body);
    send("owner", with(scores("4", ""), &version)).await.expect(403);
    send("operator", with(scores("4", "很好"), "1")).await.expect(412);
    send("operator", with(scores("4", "很好"), &version)).await.expect(303);
    let page = send("admin", with(scores("4", "我的意见"), &version)).await;
    assert!([409, 412].contains(&page.status.as_u16()) && page.body.contains("我的意见"), "{}", page.body);

    let desk = owner.get("/desk").await.expect(200);
    assert!(desk.body.contains("未写完的芯片") && desk.body.contains("/desk/renew"));
    let drafts = owner.get("/desk?state=draft").await.expect(200);
    assert!(!drafts.body.contains("完整的四十伏稳压器"));
    assert_eq!(owner.post("/desk/renew", &[("listing", &whole.id.to_string())]).await.expect(303).location(), "/desk");
    owner.post("/desk/renew", &[("listing", &draft.id.to_string())]).await.expect(409);
    site.as_("rival").post("/desk/renew", &[("listing", &whole.id.to_string())]).await.expect(403);
    let notices = owner.get("/desk/notices").await.expect(200);
    assert!(notices.body.contains("通过审核") && notices.body.contains("class=\"unread\""), "{}", notices.body);
    owner.post("/desk/notices", &[]).await.expect(303);
    assert!(!owner.get("/desk/notices").await.body.contains("class=\"unread\""));
}

#[tokio::test]
async fn a_draft_that_came_back_shows_why() {
    let site = Site::new().await;
    let draft = site.draft(site.a.id, Side::Offer, chip("要改的稳压器", BODY)).await;
    let owner = site.as_("owner");
    owner.post(&format!("/publish/{}", draft.id), &[]).await.expect(303);
    let place = format!("/review/{}", draft.id);
    let page = site.as_("operator").get(&place).await.expect(200);
    let version = hidden(&page.body, "version").to_owned();
    let fields = [
        ("version", version.as_str()),
        ("clarity", "2"),
        ("specificity", "2"),
        ("benefit", "2"),
        ("feasibility", "2"),
        ("comment", "请补充<i>数值"),
    ];
    site.as_("operator").post(&place, &fields).await.expect(303);
    let page = owner.get(&format!("/publish/{}", draft.id)).await.expect(200);
    assert!(page.body.contains("请补充&#60;i&#62;数值"), "{}", page.body);
    assert!(owner.get("/desk/notices").await.body.contains(&format!("href=\"/publish/{}\"", draft.id)));
}

#[tokio::test]
async fn standing_matches_say_why() {
    let site = Site::new().await;
    let mut need = chip("四十伏车用线性稳压器", BODY);
    need.attributes.retain(|id, _| ["device-type", "operating-temperature"].contains(&id.as_str()));
    let need = site.published(site.b.id, Side::Need, need).await;
    let offer = site.published(site.a.id, Side::Offer, chip("四十伏车用线性稳压器", BODY)).await;
    site.settle().await;
    let page = site.as_("rival").get("/desk/matches").await.expect(200);
    assert!(page.body.contains(&format!("/listings/{}", offer.id)), "{}", page.body);
    assert!(page.body.contains("verdict meets") && page.body.contains("四十伏车用线性稳压器"));
    let page = site.as_("owner").get("/desk/matches").await.expect(200);
    assert!(page.body.contains(&format!("/listings/{}", need.id)));
    assert!(site.as_("member").get("/desk/matches").await.expect(200).body.contains("class=\"empty\""));
    assert!(site.get("/desk").await.expect(303).location().starts_with("/sign-in"));
    let empty = site.as_("member").get("/desk").await.expect(200);
    assert!(empty.body.contains("/organizations/new"));
}

#[tokio::test]
async fn the_coach_answers_with_a_fragment() {
    let site = Site::new().await;
    let fields = [("side", "need"), ("kind", "chip"), ("title", NAUGHTY), ("body", "短")];
    let page = site.visitor().post("/coach", &fields).await.expect(200);
    assert!(page.body.contains("<meter") && !page.body.contains("<html"), "{}", page.body);
    assert!(page.body.contains("器件类型") || page.body.contains("正文"), "{}", page.body);
}

#[tokio::test]
async fn versions_are_listed_and_compared() {
    let site = Site::new().await;
    let draft =
        site.draft(site.a.id, Side::Offer, chip("稳压器", "耐压 650 V。交期 56 天。请联系我们获取样品。")).await;
    let mut content = draft.content.clone();
    content.body = "耐压 1200 V。交期 56 天。请联系我们获取样品。".into();
    content.attributes.insert("supply-voltage".into(), Value::Text("4~42 V".into()));
    let input =
        keqiao_app::listings::SaveListing { edits: Some((draft.id, 1)), side: Side::Offer, party: site.a.id, content };
    keqiao_app::listings::save_listing(&site.app, &site.viewer("owner").await, input).await.unwrap();
    let base = format!("/listings/{}/versions", draft.id);
    let page = site.as_("viewer").get(&base).await.expect(200);
    assert!(page.body.contains("compare?old=1"), "{}", page.body);
    let page = site.as_("viewer").get(&format!("{base}/compare?old=1&new=2")).await.expect(200);
    assert!(page.body.contains("<del>65</del><ins>120</ins>0 V"), "{}", page.body);
    assert!(!page.body.contains("<del>交期"));
    site.as_("viewer").get(&format!("{base}/compare?old=1&new=9")).await.expect(404);
    site.as_("viewer").get(&format!("{base}/compare?old=x")).await.expect(404);
    site.as_("rival").get(&base).await.expect(404);
    site.get("/listings/none/versions").await.expect(404);
}

#[tokio::test]
async fn files_are_attached_and_taken_away() {
    let site = Site::new().await;
    let owner = site.as_("owner");
    let draft = site.draft(site.a.id, Side::Offer, chip("带附件的稳压器", BODY)).await;
    let place = format!("/publish/{}", draft.id);
    let upload = format!("{place}/files");
    let answer = owner.upload(&upload, &[("tier", "public")], "检测报告.pdf", b"%PDF-1.7 report").await.expect(303);
    assert_eq!(answer.location(), format!("{place}#files"));
    let page = owner.get(&place).await.expect(200);
    assert!(page.body.contains("检测报告.pdf"));
    let refused = owner.upload(&upload, &[("tier", "public")], "run.exe", b"MZ").await.expect(422);
    assert!(refused.body.contains("flash bad") && refused.body.contains("检测报告.pdf"));
    let large = vec![0u8; (20 << 20) + 1];
    let refused = owner.upload(&upload, &[("tier", "public")], "large.zip", &large).await.expect(413);
    assert!(refused.body.contains("21.0 MB"), "{}", refused.body);
    owner.request(Method::POST, &upload, "multipart/form-data; boundary=XX", b"--XX--\r\n".to_vec()).await.expect(422);
    site.as_("viewer").upload(&upload, &[("tier", "public")], "a.pdf", b"x").await.expect(403);
    let remove = page.body.split("action=\"").filter_map(|p| p.split('"').next()).find(|p| p.ends_with("/remove"));
    owner.post(remove.unwrap(), &[]).await.expect(303);
    assert!(!owner.get(&place).await.body.contains("检测报告.pdf"));
}

const FILE: &str = "编号,标题,正文,工作温度,器件类型\n\
    r1,车规稳压器,输入 3.5~40 V 的汽车用线性稳压器,-40~125℃,ldo\n\
    r2,,没有标题的一行,-40~85℃,ldo\n\
    r3,\"=HYPERLINK(\"\"x\"\")<b>\",公式开头的标题与标签,-40~85℃,ldo\n";

#[tokio::test]
async fn a_file_is_mapped_tried_and_imported() {
    let site = Site::new().await;
    let operator = site.as_("operator");
    let there = operator.upload("/import", &[("what", "listings")], "芯片.csv", FILE.as_bytes()).await.expect(303);
    let place = there.location().to_owned();
    let page = operator.get(&place).await.expect(200);
    assert!(page.body.contains("value=\"标题\"") && page.body.contains("车规稳压器"), "{}", page.body);
    let columns: Vec<String> = (0..5).map(|n| format!("column.{n}")).collect();
    let mut fields = vec![("fixed.side", "offer"), ("fixed.kind", "chip")];
    let labels = ["编号", "标题", "正文", "attributes.operating-temperature", "没有这个字段"];
    fields.extend(columns.iter().map(String::as_str).zip(labels));
    let refused = operator.post(&place, &fields).await.expect(422);
    assert!(refused.body.contains("没有这个字段") && refused.body.contains("id=\"column.4-error\""));
    operator.post(&format!("{place}/run"), &[]).await.expect(422);
    let last = fields.len() - 1;
    fields[last].1 = "attributes.device-type";
    // Rows name no party and none is chosen: every row is faulty.
    operator.post(&place, &fields).await.expect(303);
    let dry = operator.get(&place).await.expect(200);
    assert!(
        dry.body.contains("class=\"bad\"") && dry.body.contains("=HYPERLINK(&#34;x&#34;)&#60;b&#62;"),
        "{}",
        dry.body
    );

    let owner = site.as_("owner");
    let there = owner.upload("/import", &[("what", "listings")], "芯片.csv", FILE.as_bytes()).await.expect(303);
    let place = there.location().to_owned();
    let party = site.a.id.to_string();
    owner.post(&place, &fields).await.expect(403);
    fields.push(("party", &party));
    owner.post(&place, &fields).await.expect(303);
    let dry = owner.get(&place).await.expect(200);
    assert!(dry.body.contains("/run\"") && listings(&site).await.is_empty());
    owner.post(&format!("{place}/run"), &[]).await.expect(303);
    let mut done = owner.get(&place).await.expect(200);
    for _ in 0..200 {
        if !done.body.contains("http-equiv=\"refresh\"") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        done = owner.get(&place).await.expect(200);
    }
    assert!(done.body.contains("导入报告"), "{}", done.body);
    let kept = listings(&site).await;
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|l| l.state == ListingState::Draft && l.side == Side::Offer));
    let report = owner.get(&format!("{place}/report.csv")).await.expect(200);
    assert!(report.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(report.body.contains("请填写此项") && report.body.contains("'=HYPERLINK"), "{}", report.body);
    operator.get(&place).await.expect(404);
    owner.upload("/import", &[("what", "parties")], "人.csv", b"a,b\n1,2\n").await.expect(403);
    let refused = owner.upload("/import", &[("what", "listings")], "图.png", b"x").await.expect(422);
    assert!(refused.body.contains("flash bad"));
    assert!(site.get("/import").await.expect(303).location().starts_with("/sign-in"));
}

/// Neither read into memory nor cut off: the page that says why arrives.
#[tokio::test]
async fn a_file_beyond_the_limit_is_refused_with_a_page() {
    let site = Site::new().await;
    let large = vec![b'x'; (64 << 20) + 1];
    let page = site.as_("operator").upload("/import", &[("what", "listings")], "大.csv", &large).await.expect(413);
    assert!(page.body.contains("67.1 MB") && page.body.contains("type=\"file\""), "{}", page.body);
}

#[tokio::test]
async fn an_upload_without_its_token_does_nothing() {
    let site = Site::new().await;
    let body = "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nwrong\r\n\
        --XX\r\nContent-Disposition: form-data; name=\"what\"\r\n\r\nlistings\r\n\
        --XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na,b\n1,2\n\r\n--XX--\r\n";
    let kind = "multipart/form-data; boundary=XX";
    site.as_("operator").request(Method::POST, "/import", kind, body.as_bytes().to_vec()).await.expect(403);
}

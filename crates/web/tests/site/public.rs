//! The pages that everyone reads.

use keqiao_app::listings::{AttachmentFile, add_attachment};
use keqiao_domain::{ListingContent, Match, Reason, Side, TermHit, Tier, Value};
use keqiao_store::matches::{self, Public, Standing};
use keqiao_store::{Store, StoreError};

use crate::house::{Site, chip, encode};

const BODY: &str = "面向车载充电机的碳化硅功率器件，击穿电压1200 V，导通电阻40 mΩ，工作温度-40~125℃，\n通过AEC-Q101鉴定，月供货十万颗。";
const NAUGHTY: &str = "<script>alert('骗')</script>\"&amp;<img src=x>";

/// An offer of A and a need of B that it answers, both published.
async fn with_a_match(site: &Site) -> (String, String) {
    let offer = site.published(site.a.id, Side::Offer, chip("1200 V 碳化硅MOSFET 车规", BODY)).await;
    let mut content = chip("求购1200 V碳化硅MOSFET", "我司车载充电机需要1200 V碳化硅MOSFET，工作温度-40~125℃。");
    content.keywords = vec!["碳化硅".into()];
    let need = site.published(site.b.id, Side::Need, content).await;
    site.settle().await;
    (offer.id.to_string(), need.id.to_string())
}

#[tokio::test]
async fn the_front_page_counts_and_shows_the_newest() {
    let site = Site::new().await;
    site.settle().await;
    let empty = site.get("/").await.expect(200).body;
    assert!(empty.contains("还没有供需信息") && empty.contains("href=\"/publish\""), "{empty}");
    with_a_match(&site).await;
    let page = site.get("/").await.expect(200).body;
    assert!(page.contains("1200 V 碳化硅MOSFET 车规") && page.contains("求购1200 V碳化硅MOSFET"));
    assert!(page.contains("<dd>1</dd>") && page.contains("<dd>2</dd>"), "{page}");
    assert!(page.contains("action=\"/match\""));
    let english = site.get("/?lang=en").await.expect(200).body;
    assert!(english.contains("Published needs") && english.contains("lang=\"en\""));
}

#[tokio::test]
async fn a_pasted_text_is_read_and_answered_with_reasons() {
    let site = Site::new().await;
    with_a_match(&site).await;
    let text = "需要碳化硅MOSFET，工作温度-40～125℃，击穿电压1200V";
    let page = site.visitor().post("/match", &[("text", text)]).await.expect(200).body;
    assert!(page.contains(&format!("\n{text}</textarea>")), "{page}");
    for said in
        ["读到了什么", "由文字判断", "工作温度", "−40 ~ 125 ℃", "1200 V 碳化硅MOSFET 车规", "class=\"verdict meets\""]
    {
        assert!(page.contains(said), "{said} is missing in {page}");
    }
    assert!(page.contains("formaction=\"/publish\"") && page.contains("<svg class=\"bar\""));
    // The same without the frame, for the script.
    let part = site.visitor().post("/match", &[("text", text), ("fragment", "1")]).await.expect(200).body;
    assert!(!part.contains("<html") && part.contains("1200 V 碳化硅MOSFET 车规"));
    // The other side, as chosen.
    let offer = "我司可提供1200V碳化硅MOSFET，工作温度-40~150℃";
    let page = site.visitor().post("/match", &[("text", offer), ("side", "offer")]).await.expect(200).body;
    assert!(page.contains("按您的选择") && page.contains("求购1200 V碳化硅MOSFET"), "{page}");
    assert!(page.contains("value=\"offer\" checked"));
    let by_address = site.get(&format!("/match?text={}", encode(text))).await.expect(200).body;
    assert!(by_address.contains("1200 V 碳化硅MOSFET 车规"));
}

#[tokio::test]
async fn a_text_that_cannot_be_read_is_kept_and_the_fault_told() {
    let site = Site::new().await;
    site.settle().await;
    let empty = site.visitor().post("/match", &[("text", "  \n")]).await.expect(422).body;
    assert!(empty.contains("role=\"alert\"") && empty.contains("name=\"text\""));
    let long = "碳".repeat(20_001);
    let page = site.visitor().post("/match", &[("text", &long)]).await.expect(422).body;
    assert!(page.contains(&long) && page.contains("20000"), "the text is gone");
    let nothing = site.visitor().post("/match", &[("text", "量子海藻养殖")]).await.expect(200).body;
    assert!(nothing.contains("暂时没有对得上的") && nothing.contains("先当作所需"), "{nothing}");
    let naughty = site.visitor().post("/match", &[("text", NAUGHTY)]).await.expect(200).body;
    assert!(!naughty.contains("<script>alert") && !naughty.contains("<img src=x>"), "{naughty}");
    site.get("/match").await.expect(200);
}

#[tokio::test]
async fn a_dirty_news_paragraph_finds_what_it_should() {
    let site = Site::new().await;
    with_a_match(&site).await;
    let text = "來源：某日報 2023-08-08 打印 字號：大 中 小\n該企業急需車載充電機用碳(tàn)化(huà)硅(guī)MOSFET功(gōng)率(lǜ)器(qì)件，\n\
                要求擊穿電壓1200V，工作溫度－40℃～125℃。聯系電話：0510-00000000";
    let page = site.visitor().post("/match", &[("text", text)]).await.expect(200).body;
    assert!(page.contains("1200 V 碳化硅MOSFET 车规"), "{page}");
}

#[tokio::test]
async fn the_hall_filters_and_keeps_the_other_filters() {
    let site = Site::new().await;
    with_a_match(&site).await;
    let all = site.get("/hall").await.expect(200).body;
    assert!(all.contains("共 2 条") && all.contains("href=\"/hall?side=need\""));
    let offers = site.get("/hall?q=SiC&side=offer&kind=chip&region=320000").await.expect(200).body;
    assert!(offers.contains("共 1 条") && offers.contains("<mark>"), "{offers}");
    // Taking one filter away keeps the others; the words stay in the box.
    assert!(offers.contains("href=\"/hall?q=SiC&#38;side=offer&#38;kind=chip\""), "{offers}");
    assert!(offers.contains("name=\"region\" value=\"320000\"") && offers.contains("value=\"SiC\""));
    let nothing = site.get("/hall?region=540000").await.expect(200).body;
    assert!(nothing.contains("没有符合条件的供需信息") && nothing.contains("清除筛选"));
    let naughty = site.get(&format!("/hall?q={}", encode(NAUGHTY))).await.expect(200).body;
    assert!(!naughty.contains("<script>alert") && naughty.contains("&#60;script&#62;alert"), "{naughty}");
}

#[tokio::test]
async fn a_filter_that_means_nothing_is_refused_by_name() {
    let site = Site::new().await;
    site.settle().await;
    for (query, said) in [
        ("kind=x-ray", "没有这个品类"),
        ("region=99", "没有这个代码或名称"),
        ("sort=best", "没有这种排序"),
        ("maturity_min=12", "1 到 9"),
        ("after=nowhere", "翻页："),
    ] {
        let page = site.get(&format!("/hall?{query}")).await.expect(422);
        assert!(page.body.contains(said), "{query}: {}", page.body);
        assert!(page.body.contains("class=\"button\" href=\"/hall\""), "{query}: the way back leads here again");
    }
    let many = "kind=chip&".repeat(3_000);
    site.get(&format!("/hall?{many}")).await.expect(422);
    let some = "kind=chip&".repeat(100);
    site.get(&format!("/hall?{some}")).await.expect(422);
}

#[tokio::test]
async fn the_hall_goes_on_and_back_by_seeking() {
    let site = Site::new().await;
    for n in 0..43 {
        site.published(site.a.id, Side::Offer, chip(&format!("碳化硅器件第{n}号"), BODY)).await;
    }
    site.settle().await;
    let first = site.get("/hall").await.expect(200).body;
    let to = |page: &str, rel: &str| {
        let link = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?.split('"').next()?;
        Some(link.replace("&#38;", "&"))
    };
    let second = site.get(&to(&first, "next").unwrap()).await.expect(200).body;
    let third = site.get(&to(&second, "next").unwrap()).await.expect(200).body;
    let titles = |page: &str| {
        let parts = page.split("碳化硅器件第").skip(1);
        parts.map(|p| p.split('号').next().unwrap().to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    let (one, two) = (titles(&first), titles(&second));
    assert_eq!((one.len(), two.len(), one.intersection(&two).count()), (20, 20, 0));
    assert_eq!(titles(&third).len(), 3);
    assert!(third.contains("第一页") && to(&third, "next").is_none() && to(&first, "prev").is_none());
    let back = site.get(&to(&third, "prev").unwrap()).await.expect(200).body;
    assert_eq!(titles(&back), two);
    let start = site.get(&to(&back, "prev").unwrap()).await.expect(200).body;
    assert_eq!((titles(&start), to(&start, "prev")), (one, None));
}

#[tokio::test]
async fn the_list_is_downloaded_with_its_filters() {
    let site = Site::new().await;
    with_a_match(&site).await;
    let csv = site.get("/hall.csv?side=need").await.expect(200);
    assert!(csv.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(csv.body.contains("标题") && csv.body.contains("求购") && !csv.body.contains("车规\""));
    assert_eq!(csv.body.lines().count(), 2, "{}", csv.body);
    let xlsx = site.get("/hall.xlsx").await.expect(200);
    assert!(xlsx.body.starts_with("PK"));
    site.get("/hall.csv?side=up").await.expect(422);
}

#[tokio::test]
async fn a_listing_shows_its_specs_its_best_match_and_why() {
    let site = Site::new().await;
    let (offer, need) = with_a_match(&site).await;
    let page = site.get(&format!("/listings/{offer}")).await.expect(200).body;
    for said in
        ["<h1>1200 V 碳化硅MOSFET 车规</h1>", "甲方芯片", "面向车载充电机", "求购1200 V碳化硅MOSFET", "为什么匹配"]
    {
        assert!(page.contains(said), "{said} is missing in {page}");
    }
    assert!(page.contains("application/ld+json") && page.contains("\"@type\":\"Offer\""));
    assert!(!page.contains("编辑") && !page.contains("name=\"csrf\""), "a kept page holds nobody's token");
    let need_page = site.get(&format!("/listings/{need}")).await.expect(200).body;
    assert!(need_page.contains("\"@type\":\"Demand\"") && need_page.contains("必须"));
    let all = site.get(&format!("/listings/{need}/matches")).await.expect(200).body;
    assert!(all.contains("1200 V 碳化硅MOSFET 车规"));
    for lost in ["/listings/7", "/listings/00000000-0000-7000-8000-000000000000", "/listings/7/matches"] {
        site.get(lost).await.expect(404);
    }
}

/// Keeps other words as what visitors are shown of the one match, found for these versions.
async fn keep_for_visitors(store: &Store, word: &str, versions: (i64, i64)) {
    let one = matches::page_all(&mut store.reader().await.unwrap(), None, 1).await.unwrap().remove(0);
    let terms = vec![TermHit { term: word.into(), by: None, weight: 1.0 }];
    let reasons = vec![Reason::Terms { terms, share: 1.0, points: 9.0 }];
    let public = Public::Other(Match { score: 9.0, reasons, ..one.matched.clone() });
    let (need, kept) = (one.matched.need.unwrap(), [Standing { public, versions, ..one }]);
    let write = store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move { matches::replace_for_listings(tx, &[need], &kept).await })
    });
    write.await.unwrap();
}

#[tokio::test]
async fn visitors_are_shown_what_is_kept_for_them_and_only_for_the_listings_it_was_found_for() {
    let site = Site::new().await;
    let content = ListingContent { details_tier: Tier::Member, ..chip("1200 V 碳化硅MOSFET 车规", BODY) };
    let offer = site.published(site.a.id, Side::Offer, content).await;
    let need = site.published(site.b.id, Side::Need, chip("求购1200 V碳化硅MOSFET", BODY)).await;
    site.settle().await;
    for place in [offer.id, need.id].map(|id| format!("/listings/{id}")) {
        // Each time another address, as answers are kept until something is written to the log.
        for (n, (versions, shown)) in [
            ((need.version, offer.version), true),
            ((need.version - 1, offer.version), false),
            ((need.version, offer.version + 1), false),
        ]
        .into_iter()
        .enumerate()
        {
            keep_for_visitors(&site.app.store, "只写给成员的词", versions).await;
            let page = site.get(&format!("{place}?n={n}")).await.expect(200).body;
            assert_eq!(page.contains("只写给成员的词"), shown, "{versions:?} {page}");
            assert!(page.contains("为什么匹配"), "{page}");
        }
        let page = site.as_("member").get(&place).await.expect(200).body;
        assert!(page.contains("为什么匹配") && !page.contains("只写给成员的词"), "{page}");
    }
}

#[tokio::test]
async fn naughty_text_stays_text() {
    let site = Site::new().await;
    let content = ListingContent {
        summary: format!("摘要{NAUGHTY}"),
        keywords: vec![NAUGHTY.into()],
        annex: NAUGHTY.into(),
        ..chip(&format!("标题{NAUGHTY}"), &format!("{BODY}{NAUGHTY}"))
    };
    let listing = site.published(site.a.id, Side::Offer, content).await;
    site.settle().await;
    for path in [format!("/listings/{}", listing.id), "/hall".into(), "/".into(), format!("/parties/{}", site.a.id)] {
        for who in [site.visitor(), site.as_("owner")] {
            let page = who.get(&path).await.expect(200).body;
            assert!(page.contains("alert("), "{path} lost the text");
            assert!(!page.contains("<script>alert") && !page.contains("<img src=x>"), "{path}: {page}");
        }
    }
}

#[tokio::test]
async fn what_is_for_members_is_for_members() {
    let site = Site::new().await;
    let mut content = chip("仅会员可见详情的器件", "会员正文：月供货能力十万颗，样品两周内寄出，欢迎来函。");
    content.details_tier = Tier::Member;
    content.attributes.insert("unit-price".into(), Value::Text("31.7元".into()));
    let listing = site.published(site.a.id, Side::Offer, content).await;
    site.settle().await;
    let path = format!("/listings/{}", listing.id);
    let visitor = site.get(&path).await.expect(200).body;
    assert!(!visitor.contains("会员正文") && !visitor.contains("31.7"), "{visitor}");
    assert!(visitor.contains("登录后可见") && visitor.contains("/sign-in?next=%2Flistings%2F"));
    let member = site.as_("member").get(&path).await.expect(200).body;
    assert!(member.contains("会员正文") && member.contains("31.7"));
}

#[tokio::test]
async fn an_annex_opens_after_its_terms_are_accepted() {
    let site = Site::new().await;
    let content =
        ListingContent { annex: "绝密配方：三号添加剂".into(), ..chip("有保密附件的器件", BODY) };
    let listing = site.published(site.a.id, Side::Offer, content).await;
    site.settle().await;
    let path = format!("/listings/{}", listing.id);
    let visitor = site.get(&path).await.expect(200).body;
    assert!(visitor.contains("保密附件") && !visitor.contains("绝密配方"));
    let annex = format!("{path}/annex");
    let sent = site.visitor().post(&annex, &[("accept", "1")]).await.expect(303);
    assert!(sent.location().starts_with("/sign-in"), "{}", sent.location());
    let member = site.as_("member");
    assert!(!member.get(&path).await.expect(200).body.contains("绝密配方"));
    let unticked = member.post(&annex, &[]).await.expect(422).body;
    assert!(unticked.contains("请先勾选确认") && !unticked.contains("绝密配方"));
    assert_eq!(member.post(&annex, &[("accept", "1")]).await.expect(303).location(), path);
    assert!(member.get(&path).await.expect(200).body.contains("绝密配方"));
    assert!(!site.as_("rival").get(&path).await.expect(200).body.contains("绝密配方"));
}

#[tokio::test]
async fn an_attachment_is_saved_and_never_opened() {
    let site = Site::new().await;
    let listing = site.published(site.a.id, Side::Offer, chip("带附件的器件", BODY)).await;
    let add = async |name: &str, tier| {
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(axum::body::Bytes::from_static(b"a file"))]);
        let file = AttachmentFile { name: name.into(), tier, stream: bytes };
        add_attachment(&site.app, &site.viewer("owner").await, listing.id, file).await.unwrap().id
    };
    let report = add("检测报告 1.pdf", Tier::Public).await;
    let secret = add("内部.txt", Tier::Member).await;
    let got = site.get(&format!("/attachments/{report}")).await.expect(200);
    assert_eq!(got.body, "a file");
    let header = |name: &str| got.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-disposition").ends_with("filename*=UTF-8''%E6%A3%80%E6%B5%8B%E6%8A%A5%E5%91%8A%201.pdf"));
    site.get(&format!("/attachments/{secret}")).await.expect(404);
    site.as_("member").get(&format!("/attachments/{secret}")).await.expect(200);
    site.get("/attachments/nothing").await.expect(404);
    let page = site.get(&format!("/listings/{}", listing.id)).await.expect(200).body;
    assert!(page.contains("检测报告 1.pdf") && page.contains("另有 1 份附件") && !page.contains("内部.txt"));
}

#[tokio::test]
async fn an_owner_moves_a_listing_along_its_life() {
    let site = Site::new().await;
    let lacking = ListingContent { body: "太短".into(), ..chip("还没写完的器件", "") };
    let draft = site.draft(site.a.id, Side::Offer, lacking).await;
    let path = format!("/listings/{}", draft.id);
    site.get(&path).await.expect(404);
    let owner = site.as_("owner");
    assert!(owner.get(&path).await.expect(200).body.contains("提交审核"));
    let refused = owner.post(&format!("{path}/submit"), &[]).await.expect(422).body;
    assert!(refused.contains("这一步没有完成") && refused.contains("太短"), "{refused}");
    let listing = site.published(site.a.id, Side::Offer, chip("写完了的器件", BODY)).await;
    let path = format!("/listings/{}", listing.id);
    site.as_("rival").post(&format!("{path}/renew"), &[]).await.expect(403);
    site.as_("viewer").post(&format!("{path}/close"), &[("sure", "1")]).await.expect(403);
    owner.post(&format!("{path}/renew"), &[]).await.expect(303);
    owner.post(&format!("{path}/close"), &[]).await.expect(422);
    owner.post(&format!("{path}/close"), &[("sure", "1")]).await.expect(303);
    site.get(&path).await.expect(404);
    assert!(owner.get(&path).await.expect(200).body.contains("已关闭"));
    owner.post(&format!("{path}/renew"), &[]).await.expect(409);
}

#[tokio::test]
async fn parties_are_found_by_name_and_pinyin() {
    let site = Site::new().await;
    with_a_match(&site).await;
    let all = site.get("/parties").await.expect(200).body;
    assert!(all.contains("甲方芯片") && all.contains("乙方检测") && all.contains("1 条供需信息"), "{all}");
    for query in ["yifang", "乙方"] {
        let page = site.get(&format!("/parties?q={}", encode(query))).await.expect(200).body;
        assert!(page.contains(&format!("/parties/{}", site.b.id)), "{query}: {page}");
        assert!(!page.contains(&format!("/parties/{}", site.a.id)), "{query}");
    }
    let persons = site.get("/parties?kind=person").await.expect(200).body;
    assert!(persons.contains("没有找到"));
    site.get("/parties?kind=robot").await.expect(422);
}

#[tokio::test]
async fn a_party_page_shows_its_listings_and_hides_its_contact_from_visitors() {
    let site = Site::new().await;
    with_a_match(&site).await;
    let path = format!("/parties/{}", site.a.id);
    let page = site.get(&path).await.expect(200).body;
    assert!(page.contains("1200 V 碳化硅MOSFET 车规") && page.contains("未核验") && page.contains("无锡"));
    assert!(page.contains("联系方式登录后可见") && !page.contains("/edit"));
    let owner = site.as_("owner").get(&path).await.expect(200).body;
    assert!(owner.contains(&format!("/organizations/{}/edit", site.a.id)));
    assert!(!site.as_("rival").get(&path).await.expect(200).body.contains("/edit"));
    site.get("/parties/none").await.expect(404);
}

#[tokio::test]
async fn help_status_and_probes_answer() {
    let site = Site::new().await;
    site.settle().await;
    for lang in ["zh", "en"] {
        let help = site.get(&format!("/help?lang={lang}")).await.expect(200).body;
        for anchor in ["tour", "verdicts", "review", "import", "api", "words"] {
            assert!(help.contains(&format!("id=\"{anchor}\"")), "{anchor}");
        }
        assert!(help.contains("<code>contact.email</code>") && !help.contains("help-"), "{help}");
        let status = site.get(&format!("/status?lang={lang}")).await.expect(200).body;
        assert!(status.contains("SQLite") && status.contains(env!("CARGO_PKG_VERSION")));
    }
    assert_eq!(site.get("/healthz").await.expect(200).body, "ok");
    site.get("/readyz").await.expect(200);
    site.get("/metrics").await.expect(403);
    site.as_("member").get("/metrics").await.expect(403);
    let figures = site.as_("operator").get("/metrics").await.expect(200).body;
    assert!(figures.contains("keqiao_requests_total"), "{figures}");
}

/// DESIGN §10: every page is under 60 KB with its styles, here before compression for most of it.
#[tokio::test]
async fn pages_are_light() {
    let site = Site::new().await;
    let (offer, _) = with_a_match(&site).await;
    let styles = keqiao_web::assets::bytes(keqiao_web::assets::url("app.css")).unwrap().len();
    for path in ["/", "/hall", "/parties", "/help", "/status", &format!("/listings/{offer}")] {
        let page = site.get(path).await.expect(200);
        assert!(page.body.len() + styles < 60 * 1024, "{path}: {} + {styles}", page.body.len());
    }
}

//! Articles and what is read from them: list, one article, facts and what persons say of them.

use keqiao_app::articles::{IncomingFile, IngestOptions, Ingested, ingest_files};
use keqiao_app::graph::{EntityFilter, FactFilter, FactOrder, claim_entity, list_entities, list_facts};
use keqiao_domain::{ArticleId, EntityId, FactId, FactKind, JoinCandidate};

use crate::house::{Answer, Site, encode};

pub(crate) const SIGNED: &str = "星河材料研究院与澄江电子有限公司签约\n\n2024-03-05 10:00 来源：澄江日报\n\n\
    3月4日，星河材料研究院院长陆远舟与澄江电子有限公司总经理方知行签署碳化硅衬底联合研发协议。\n\n\
    样品摆在展厅里，参观的人不少。\n";
pub(crate) const OFFERED: &str = "甲方芯片（示例）有限公司开放实验室\n\n2024-06-02 10:00 来源：澄江日报\n\n\
    6月1日，甲方芯片（示例）有限公司可提供电磁兼容测试、盐雾试验和高低温循环等服务。\n";

const NEEDED: &str = "甲方芯片（示例）有限公司走访见闻\n\n2024-06-09 10:00 来源：澄江日报\n\n\
    6月8日，甲方芯片（示例）有限公司急需解决低温密封材料、轴承剥落预警等技术难题。\n\n\
    扫描二维码关注我们\n";

pub(crate) async fn bring(site: &Site, texts: &[&str]) -> Vec<ArticleId> {
    let file = |(n, text): (usize, &&str)| IncomingFile {
        name: format!("{n}.txt"),
        bytes: text.as_bytes().to_vec(),
        declared: None,
    };
    let files = texts.iter().enumerate().map(file).collect();
    let operator = site.viewer("operator").await;
    let mut ids = Vec::new();
    for kept in ingest_files(&site.app, &operator, files, IngestOptions::default()).await.unwrap() {
        if let Ingested::New { articles, .. } = kept.unwrap() {
            ids.extend(articles);
        }
    }
    site.settle().await;
    ids
}

pub(crate) async fn entity(site: &Site, name: &str) -> EntityId {
    let filter = EntityFilter { words: Some(name.into()), ..EntityFilter::default() };
    let rows = list_entities(&site.app, &site.viewer("operator").await, &filter, None).await.unwrap().rows;
    rows.iter().find(|r| r.entity.name == name).unwrap_or_else(|| panic!("{name}: {rows:?}")).entity.id
}

pub(crate) async fn fact(site: &Site, kind: FactKind) -> FactId {
    let filter = FactFilter { kinds: vec![kind], ..FactFilter::default() };
    let operator = site.viewer("operator").await;
    list_facts(&site.app, &operator, &filter, FactOrder::Latest(None)).await.unwrap().rows[0].id
}

pub(crate) fn missing(page: &Answer, words: &[&str]) {
    for said in words {
        assert!(page.body.contains(said), "{said} is missing in {}", page.body);
    }
}

#[tokio::test]
async fn articles_stand_by_day_and_are_found_by_words_and_days() {
    let site = Site::new().await;
    missing(&site.get("/articles").await.expect(200), &["还没有报道", "href=\"/hall\""]);
    missing(&site.as_("operator").get("/articles").await.expect(200), &["href=\"/articles/upload\""]);
    bring(&site, &[SIGNED, OFFERED]).await;
    let all = site.get("/articles").await.expect(200);
    missing(&all, &["2024年3月5日", "2024年6月2日", "澄江日报", "/articles.atom", "aria-current=\"page\">动态"]);
    assert!(all.body.find("2024年6月2日") < all.body.find("2024年3月5日"));
    let found = site.get(&format!("/articles?q={}&from=2024-03-01&to=2024-03-31", encode("星河"))).await.expect(200);
    missing(&found, &["星河材料研究院与澄江电子有限公司签约", "value=\"2024-03-31\""]);
    assert!(!found.body.contains("开放实验室"));
    missing(&site.get("/articles?q=zz").await.expect(200), &["没有符合条件的报道", "href=\"/articles\""]);
    let faulty = site.get(&format!("/articles?q={}&from=never", encode("星河"))).await.expect(422);
    missing(&faulty, &["value=\"星河\"", "value=\"never\"", "日期要写成"]);
    site.get("/articles?after=nonsense").await.expect(422);
    missing(&site.get("/articles?lang=en").await.expect(200), &["5 March 2024", "Articles"]);
}

#[tokio::test]
async fn a_long_list_goes_on_where_it_ended() {
    let site = Site::new().await;
    let texts: Vec<String> = (0..33)
        .map(|n| {
            format!(
                "第{n}号实验室开放\n\n2024-01-02 10:00 来源：澄江日报\n\n1月2日，星河材料研究院举办第{n}期开放日。\n"
            )
        })
        .collect();
    bring(&site, &texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let first = site.get("/articles").await.expect(200).body;
    let link = first.split("rel=\"next\" href=\"").nth(1).expect("a next page").split('"').next().unwrap();
    let second = site.get(&link.replace("&#38;", "&")).await.expect(200).body;
    let ids = |page: &str| page.matches("<li><a href=\"/articles/").count();
    assert_eq!((ids(&first), ids(&second)), (30, 3), "{second}");
    assert!(second.contains("href=\"/articles\""), "the way back to the first page");
}

#[tokio::test]
async fn the_text_is_for_those_who_may_read_it_and_the_facts_for_all() {
    let site = Site::new().await;
    let id = bring(&site, &[SIGNED]).await[0];
    let visitor = site.get(&format!("/articles/{id}")).await.expect(200);
    missing(
        &visitor,
        &["陆远舟", "签约", "机器读出", "<blockquote>", "NewsArticle", "\"datePublished\":\"2024-03-05\"", "id=\"c"],
    );
    assert!(!visitor.body.contains("展厅") && !visitor.body.contains("article.js"), "{}", visitor.body);
    let member = site.as_("member").get(&format!("/articles/{id}")).await.expect(200);
    missing(
        &member,
        &[
            "展厅",
            "class=\"says\" id=\"c",
            "data-facts=\"1\"",
            "class=\"names person\"",
            "href=\"#c",
            "href=\"#facts\"",
        ],
    );
    let start = member.body.split("href=\"#c").nth(1).unwrap().split('"').next().unwrap();
    assert!(member.body.contains(&format!("id=\"c{start}\"")), "an anchor for {start}");
    assert!(member.body.len() < 60_000 && !member.body.contains("/withdraw"));
    // What each fact says stands among the words that are marked for it.
    let english = site.as_("member").get(&format!("/articles/{id}?lang=en")).await.expect(200);
    missing(&english, &["Read by machine", "Original text", "Named here"]);
}

#[tokio::test]
async fn a_withdrawn_article_takes_its_facts_from_every_page() {
    let site = Site::new().await;
    let id = bring(&site, &[SIGNED]).await[0];
    let (person, signed) = (entity(&site, "陆远舟").await, fact(&site, FactKind::Signed).await);
    let operator = site.as_("operator");
    let opened = operator.post(&format!("/facts/{signed}/agreement"), &[]).await.expect(303);
    let agreement = opened.location().to_owned();
    let pages =
        [format!("/articles/{id}"), format!("/facts/{signed}"), format!("/entities/{person}"), agreement.clone()];
    for page in &pages {
        missing(&site.get(page).await.expect(200), &["碳化硅衬底联合研发协议"]);
    }
    site.as_("member").post(&format!("/articles/{id}/withdraw"), &[]).await.expect(403);
    let done = operator.post(&format!("/articles/{id}/withdraw"), &[]).await.expect(303);
    assert_eq!(done.location(), format!("/articles/{id}"));
    site.settle().await;
    for page in &pages {
        site.get(page).await.expect(404);
        site.as_("member").get(page).await.expect(404);
    }
    for list in ["/articles", "/timeline", "/entities", "/agreements"] {
        let page = site.get(list).await.expect(200).body;
        assert!(!page.contains("陆远舟") && !page.contains("碳化硅衬底"), "{list}: {page}");
    }
    missing(&operator.get(&format!("/articles/{id}")).await.expect(200), &["已撤回", "/restore"]);
    operator.post(&format!("/articles/{id}/restore"), &[]).await.expect(303);
    site.settle().await;
    for page in &pages {
        missing(&site.get(page).await.expect(200), &["碳化硅衬底联合研发协议"]);
    }
}

#[tokio::test]
async fn what_a_person_corrected_stays_when_all_is_made_anew() {
    let site = Site::new().await;
    bring(&site, &[SIGNED]).await;
    let (signed, post) = (fact(&site, FactKind::Signed).await, fact(&site, FactKind::HoldsPosition).await);
    let (operator, page) = (site.as_("operator"), format!("/facts/{signed}"));
    missing(&site.get(&page).await.expect(200), &["签约方", "原文第", "#c"]);
    assert!(!site.get(&page).await.body.contains("/amend"));
    missing(
        &operator.get(&page).await.expect(200),
        &["/confirm", "/reject", "/amend", "value=\"碳化硅衬底联合研发协议\""],
    );
    // What is wrong leaves what was typed.
    let fields = [
        ("role", "parties"),
        ("words", "星河材料研究院的新名字"),
        ("role", "agreement"),
        ("words", "x"),
        ("day", "昨天"),
    ];
    let faulty = operator.post(&format!("{page}/amend"), &fields).await.expect(422);
    missing(&faulty, &["value=\"星河材料研究院的新名字\"", "value=\"昨天\"", "日期要写成"]);
    let empty = operator.post(&format!("{page}/amend"), &[("role", "parties"), ("words", " ")]).await.expect(422);
    missing(&empty, &["请填写此项"]);
    let fields = [
        ("role", "parties"),
        ("words", "星河材料研究院"),
        ("role", "agreement"),
        ("words", "衬底联合攻关协议"),
        ("role", ""),
        ("words", ""),
        ("day", "2024-03-03"),
    ];
    operator.post(&format!("{page}/amend"), &fields).await.expect(303);
    let gone = operator.post(&format!("/facts/{post}/reject"), &[]).await.expect(303);
    assert!(gone.location().starts_with("/articles/"));
    site.settle().await;
    for anew in [false, true] {
        if anew {
            site.graph().rebuild(&|_| ()).await.unwrap();
        }
        let corrected = site.get(&page).await.expect(200);
        missing(&corrected, &["人工更正", "衬底联合攻关协议", "2024-03-03"]);
        site.get(&format!("/facts/{post}")).await.expect(404);
    }
    operator.post(&format!("{page}/confirm"), &[]).await.expect(303);
    site.settle().await;
    missing(&site.get(&page).await.expect(200), &["人工确认"]);
    site.as_("member").post(&format!("{page}/confirm"), &[]).await.expect(403);
}

#[tokio::test]
async fn what_somebody_offers_becomes_a_draft_of_whoever_offers_it() {
    let site = Site::new().await;
    bring(&site, &[OFFERED]).await;
    let offer = fact(&site, FactKind::Offers).await;
    let page = format!("/facts/{offer}");
    let draft = format!("{page}/draft");
    let (editor, operator) = (site.as_("editor"), site.as_("operator"));
    let (party, rival) = (site.a.id.to_string(), site.b.id.to_string());
    let named = entity(&site, "甲方芯片(示例)有限公司").await;
    // Nobody's as long as the staff confirmed nobody: the page says how that comes about.
    claim_entity(&site.app, &site.viewer("owner").await, named, site.a.id).await.unwrap();
    for who in [&editor, &operator] {
        let open = who.get(&page).await.expect(200);
        missing(&open, &["认领", &format!("href=\"/entities/{named}\"")]);
        assert!(!open.body.contains(&draft), "{}", open.body);
        missing(&who.post(&draft, &[("party", &party)]).await.expect(422), &["请先认领"]);
    }
    claim_entity(&site.app, &site.viewer("operator").await, named, site.a.id).await.unwrap();
    // Those who act for others, or only look on, make no draft of it.
    for (who, own) in [("rival", &rival), ("rival", &party), ("member", &party), ("viewer", &party)] {
        assert!(!site.as_(who).get(&page).await.expect(200).body.contains("/draft\""), "{who}");
        site.as_(who).post(&draft, &[("party", own)]).await.expect(403);
        site.as_(who).post(&draft, &[]).await.expect(403);
    }
    missing(&editor.get(&page).await.expect(200), &["/draft", "甲方芯片（示例）有限公司</option>"]);
    operator.post(&draft, &[("party", &rival)]).await.expect(403);
    // The staff propose it; whoever asks again, and as whom, is given the same draft.
    let proposed = site.as_("broker").post(&draft, &[("party", &party)]).await.expect(303);
    assert!(proposed.location().starts_with("/listings/"), "{}", proposed.location());
    let own = editor.post(&draft, &[("party", &party)]).await.expect(303).location().to_owned();
    assert_eq!(own.strip_prefix("/publish/"), proposed.location().strip_prefix("/listings/"));
    missing(&editor.get(&own).await.expect(200), &["电磁兼容测试"]);
    missing(&editor.get(proposed.location()).await.expect(200), &["盐雾试验"]);
    let again = operator.get(&page).await.expect(200);
    missing(&again, &[&format!("href=\"{}\"", proposed.location()), "查看甲方芯片（示例）有限公司的草稿"]);
    assert!(!again.body.contains(&draft), "{}", again.body);
    // The party's own page leads to what the articles say of it.
    missing(&site.get(&format!("/parties/{party}")).await.expect(200), &[&format!("href=\"/entities/{named}\"")]);
}

#[tokio::test]
async fn what_somebody_needs_becomes_a_draft_of_a_need() {
    let site = Site::new().await;
    bring(&site, &[NEEDED]).await;
    let page = format!("/facts/{}", fact(&site, FactKind::Seeks).await);
    missing(&site.get(&page).await.expect(200), &["寻求", "低温密封材料", "轴承剥落预警"]);
    let editor = site.as_("editor");
    let named = entity(&site, "甲方芯片(示例)有限公司").await;
    claim_entity(&site.app, &site.viewer("operator").await, named, site.a.id).await.unwrap();
    missing(&editor.get(&page).await.expect(200), &["拟成所需草稿"]);
    let party = site.a.id.to_string();
    let made = editor.post(&format!("{page}/draft"), &[("party", &party)]).await.expect(303);
    let draft = editor.get(made.location()).await.expect(200);
    missing(&draft, &["<h2>低温密封材料、轴承剥落预警</h2>", "<span class=\"tag need\">所需</span>"]);
}

#[tokio::test]
async fn what_belongs_to_no_article_is_shown_to_those_who_may_read_the_text() {
    let site = Site::new().await;
    let article = format!("/articles/{}", bring(&site, &[NEEDED]).await[0]);
    let member = site.as_("member").get(&article).await.expect(200);
    missing(&member, &["不属于任何报道的文字", "<span class=\"piece is-share\">扫描二维码关注我们</span>", "分享"]);
    assert!(!site.get(&article).await.expect(200).body.contains("扫描二维码"));
}

#[tokio::test]
async fn mark_up_is_not_shown_and_moves_no_span() {
    let site = Site::new().await;
    let html = "<html><body><h1>澄江电子签约</h1>\n<p>3月4日，<b>澄江电子</b>有限公司与星河材料研究院签署&nbsp;合作协议。</p>\n\
        <p>来宾参观了展厅，听取了介绍，交流了看法。</p></body></html>";
    let article = format!("/articles/{}", bring(&site, &[html]).await[0]);
    let page = site.as_("member").get(&article).await.expect(200);
    missing(&page, &[">澄江电子有限公司</a>", "签署"]);
    for mark in ["&#60;p", "&#60;/", "&#60;b", "nbsp"] {
        assert!(!page.body.contains(mark), "{mark}: {}", page.body);
    }
}

#[tokio::test]
async fn a_rejection_is_taken_back_where_it_stands() {
    let site = Site::new().await;
    let article = format!("/articles/{}", bring(&site, &[SIGNED]).await[0]);
    let signed = fact(&site, FactKind::Signed).await;
    let operator = site.as_("operator");
    assert!(!operator.get(&article).await.expect(200).body.contains("id=\"rejected\""));
    operator.post(&format!("/facts/{signed}/reject"), &[]).await.expect(303);
    site.settle().await;
    let page = operator.get(&article).await.expect(200);
    missing(&page, &["已去掉的事实", "陆远舟、方知行签字</del>", "人员-operator去掉", "datetime="]);
    assert!(!site.get(&article).await.expect(200).body.contains("已去掉的事实"));
    let back = format!("{article}/facts/{signed}/restore");
    missing(&page, &[&format!("action=\"{back}\"")]);
    site.as_("member").post(&back, &[]).await.expect(403);
    operator.post(&back, &[]).await.expect(303);
    site.settle().await;
    site.get(&format!("/facts/{signed}")).await.expect(200);
    assert!(!operator.get(&article).await.expect(200).body.contains("已去掉的事实"));
}

#[tokio::test]
async fn operators_say_which_entities_are_one_and_who_claims_rightly() {
    let site = Site::new().await;
    bring(&site, &[SIGNED, OFFERED]).await;
    let operator = site.as_("operator");
    site.as_("broker").get("/review/entities").await.expect(403);
    missing(&operator.get("/review/entities").await.expect(200), &["没有待判断的实体"]);
    missing(&operator.get("/review").await.expect(200), &["href=\"/review/entities\""]);
    missing(&operator.get("/desk").await.expect(200), &["href=\"/review/entities\""]);
    let (one, other) = (entity(&site, "星河材料研究院").await, entity(&site, "澄江电子有限公司").await);
    let question =
        JoinCandidate { first: one.min(other), second: one.max(other), score: 0.5, reason: "short-name".into() };
    let write = site.app.store.write::<_, keqiao_app::AppError, _>(move |tx| {
        Box::pin(async move { Ok(keqiao_store::joins::add_candidates(tx, &[question]).await?) })
    });
    write.await.unwrap();
    claim_entity(&site.app, &site.viewer("owner").await, entity(&site, "甲方芯片(示例)有限公司").await, site.a.id)
        .await
        .unwrap();
    let page = operator.get("/review/entities").await.expect(200);
    missing(&page, &["可能性 50%", "保留“星河材料研究院”", "不是同一个", "待核的认领", "简称相近", "签署"]);
    missing(&operator.get("/review").await.expect(200), &["2 个问题待回答"]);
    let (first, second) = (one.to_string(), other.to_string());
    let fields = [("first", first.as_str()), ("second", second.as_str()), ("answer", "first")];
    operator.post("/review/entities", &fields).await.expect(303);
    site.settle().await;
    let joined = site.get(&format!("/entities/{other}")).await.expect(307);
    assert_eq!(joined.location(), format!("/entities/{one}"));
    let (named, party) = (entity(&site, "甲方芯片(示例)有限公司").await.to_string(), site.a.id.to_string());
    let fields = [("entity", named.as_str()), ("party", party.as_str()), ("answer", "confirm")];
    operator.post("/review/entities/claims", &fields).await.expect(303);
    assert!(!operator.get("/review/entities").await.expect(200).body.contains("待核的认领"));
    operator.get("/review/entities?after=x").await.expect(422);
}

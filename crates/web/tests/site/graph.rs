//! Entities, the graph, ways between two, and the timeline.

use keqiao_app::articles::{IncomingFile, IngestOptions, ingest_files};
use keqiao_app::graph::{EntityFilter, claim_entity, confirm_claim, decide_join, list_entities};
use keqiao_domain::{EntityId, EntityKind};

use crate::house::{Site, encode};

const SIGNED: &str = "星河材料研究院与澄江电子有限公司签约\n\n2024-03-05 10:00 来源：澄江日报\n\n\
    3月4日，星河材料研究院院长陆远舟与澄江电子有限公司总经理方知行签署碳化硅衬底联合研发协议。\n";
const VISITED: &str = "澄江电子有限公司到访望海新能源有限公司\n\n2024-05-09 10:00 来源：澄江日报\n\n\
    5月8日，澄江电子有限公司总经理方知行一行到访望海新能源有限公司。\n";

/// Brings articles in as an operator does.
async fn bring(site: &Site, texts: &[&str]) {
    let file = |(n, text): (usize, &&str)| IncomingFile {
        name: format!("{n}.txt"),
        bytes: text.as_bytes().to_vec(),
        declared: None,
    };
    let files = texts.iter().enumerate().map(file).collect();
    let operator = site.viewer("operator").await;
    for kept in ingest_files(&site.app, &operator, files, IngestOptions::default()).await.unwrap() {
        kept.unwrap();
    }
    site.settle().await;
}

async fn id_of(site: &Site, name: &str) -> EntityId {
    let filter = EntityFilter { words: Some(name.into()), ..EntityFilter::default() };
    let rows = list_entities(&site.app, &site.viewer("operator").await, &filter, None).await.unwrap().rows;
    rows.iter().find(|r| r.entity.name == name).unwrap_or_else(|| panic!("{name}: {rows:?}")).entity.id
}

#[tokio::test]
async fn entities_are_found_by_any_part_of_any_name() {
    let site = Site::new().await;
    site.settle().await;
    let empty = site.get("/entities").await.expect(200).body;
    assert!(empty.contains("还没有读入报道") && empty.contains("href=\"/parties\""), "{empty}");
    bring(&site, &[SIGNED, VISITED]).await;
    let all = site.get("/entities").await.expect(200).body;
    let id = id_of(&site, "澄江电子有限公司").await;
    assert!(all.contains(&format!("href=\"/entities/{id}\"")) && all.contains("2 篇") && all.contains("2024-05-09"));
    let part = site.get(&format!("/entities?q={}", encode("江电子"))).await.expect(200).body;
    assert!(part.contains("澄江电子有限公司") && !part.contains("望海新能源"), "{part}");
    let people = site.get("/entities?kind=person").await.expect(200).body;
    assert!(people.contains("方知行") && !people.contains(">澄江电子有限公司</a>"), "{people}");
    let none = site.get("/entities?q=zz").await.expect(200).body;
    assert!(none.contains("没有这样的实体") && none.contains("href=\"/entities\""));
    for (query, said) in [("kind=x", "没有这个类型"), ("after=1", "翻页")] {
        let page = site.get(&format!("/entities?{query}")).await.expect(422).body;
        assert!(page.contains(said), "{query}: {page}");
    }
    let english = site.get("/entities?lang=en").await.expect(200).body;
    assert!(english.contains("organization") || english.contains("Organization"), "{english}");
}

#[tokio::test]
async fn an_entity_shows_what_is_known_since_when_and_from_where() {
    let site = Site::new().await;
    bring(&site, &[SIGNED, VISITED]).await;
    let id = id_of(&site, "方知行").await;
    let page = site.get(&format!("/entities/{id}")).await.expect(200).body;
    for said in ["任职", "到访", "总经理", "2024-03-05 至 2024-05-09", "见于 2 篇报道", "<q>", "<svg class=\"net\""]
    {
        assert!(page.contains(said), "{said} is missing in {page}");
    }
    assert!(page.contains("href=\"/facts/") && page.contains("#c"), "{page}");
    assert!(page.contains("<script type=\"application/ld+json\">") && page.contains("\"jobTitle\":\"总经理\""));
    // It does not link to itself in its own facts.
    let facts = page.split("class=\"facts\"").nth(1).unwrap();
    assert!(facts.contains("<b>方知行</b>"), "{facts}");
    assert!(page.len() < 60_000, "{} bytes", page.len());
    let english = site.get(&format!("/entities/{id}?lang=en")).await.expect(200).body;
    assert!(english.contains("Named in 2 articles") && english.contains("visited"), "{english}");
    site.get("/entities/01890000-0000-7000-8000-000000000000").await.expect(404);
}

#[tokio::test]
async fn an_owner_claims_an_entity_and_takes_the_claim_back() {
    let site = Site::new().await;
    bring(&site, &[SIGNED]).await;
    let id = id_of(&site, "澄江电子有限公司").await;
    let path = format!("/entities/{id}");
    let visitor = site.get(&path).await.expect(200).body;
    assert!(!visitor.contains("/claim") && !visitor.contains("/organizations/new"), "{visitor}");
    let owner = site.as_("owner");
    let page = owner.get(&path).await.expect(200).body;
    let party = site.a.id.to_string();
    assert!(
        page.contains(&format!("action=\"{path}/claim\"")) && page.contains(&format!("<option value=\"{party}\">"))
    );
    owner.post(&format!("{path}/claim"), &[("party", &party)]).await.expect(303);
    let claimed = owner.get(&path).await.expect(200).body;
    assert!(claimed.contains("待核") && claimed.contains(&format!("{path}/claim/withdraw")), "{claimed}");
    // Once an operator agreed, the party leads to it.
    let operator = site.viewer("operator").await;
    confirm_claim(&site.app, &operator, id, site.a.id).await.unwrap();
    let party_page = site.get(&format!("/parties/{party}")).await.expect(200).body;
    assert!(party_page.contains(&format!("href=\"/entities/{id}\"")), "{party_page}");
    owner.post(&format!("{path}/claim/withdraw"), &[("party", &party)]).await.expect(303);
    let after = owner.get(&path).await.expect(200).body;
    assert!(!after.contains("/claim/withdraw"), "{after}");
    // A person is not an organization.
    let person = id_of(&site, "方知行").await;
    let page = owner.get(&format!("/entities/{person}")).await.expect(200).body;
    assert!(!page.contains("/claim\""), "{page}");
    assert!(claim_entity(&site.app, &site.viewer("owner").await, person, site.a.id).await.is_err());
}

#[tokio::test]
async fn a_member_proposes_an_organization_as_the_articles_describe_it() {
    let site = Site::new().await;
    bring(&site, &[SIGNED]).await;
    let id = id_of(&site, "澄江电子有限公司").await;
    let member = site.as_("member");
    let page = member.get(&format!("/entities/{id}")).await.expect(200).body;
    let form = format!("/organizations/new?entity={id}");
    assert!(page.contains(&format!("href=\"{form}\"")), "{page}");
    let filled = member.get(&form).await.expect(200).body;
    assert!(filled.contains("value=\"澄江电子有限公司\"") && filled.contains("方知行"), "{filled}");
    assert!(filled.contains(&format!("name=\"next\" value=\"/entities/{id}\"")), "{filled}");
    let person = id_of(&site, "方知行").await;
    member.get(&format!("/organizations/new?entity={person}")).await.expect(422);
    member.get("/organizations/new?entity=nobody").await.expect(404);
}

#[tokio::test]
async fn the_old_address_of_a_joined_entity_leads_to_the_kept_one() {
    let site = Site::new().await;
    bring(&site, &[SIGNED, VISITED]).await;
    let (kept, joined) = (id_of(&site, "澄江电子有限公司").await, id_of(&site, "望海新能源有限公司").await);
    let operator = site.viewer("operator").await;
    decide_join(&site.app, &operator, kept, joined, true).await.unwrap();
    site.settle().await;
    let answer = site.get(&format!("/entities/{joined}")).await.expect(307);
    assert_eq!(answer.location(), format!("/entities/{kept}"));
}

#[tokio::test]
async fn the_graph_is_drawn_and_told_and_filtered() {
    let site = Site::new().await;
    bring(&site, &[SIGNED, VISITED]).await;
    let id = id_of(&site, "星河材料研究院").await;
    let one = site.get(&format!("/graph?entity={id}&steps=1")).await.expect(200).body;
    assert!(one.contains("<svg class=\"net\"") && one.contains("澄江电子有限公司") && !one.contains("望海新能源"));
    let two = site.get(&format!("/graph?entity={id}&steps=2")).await.expect(200).body;
    assert!(two.contains("望海新能源有限公司"), "{two}");
    // Each line has its row, and each name leads on.
    let lines = two.matches("href=\"#t").count();
    assert!(lines > 2 && two.matches("<tr id=\"t").count() == lines - 1, "{lines}: {two}");
    let next = id_of(&site, "澄江电子有限公司").await;
    assert!(two.contains(&format!("href=\"/graph?entity={next}&#38;steps=2\"")), "{two}");
    let signed = site.get(&format!("/graph?entity={id}&steps=2&kind=visited")).await.expect(200).body;
    assert!(signed.contains("没有画得出的关联") && signed.contains("value=\"visited\" checked"), "{signed}");
    let early = site.get(&format!("/graph?entity={id}&to=2020-01-01")).await.expect(200).body;
    assert!(early.contains("没有画得出的关联"));
    for (query, said) in [("kind=x", "没有这个类型"), ("from=yesterday", "日期要写成")] {
        let page = site.get(&format!("/graph?entity={id}&{query}")).await.expect(422).body;
        assert!(page.contains(said), "{query}: {page}");
    }
    site.get("/graph?entity=nobody").await.expect(404);
}

#[tokio::test]
async fn the_middle_of_the_graph_is_found_by_name() {
    let site = Site::new().await;
    bring(&site, &[SIGNED, VISITED]).await;
    let form = site.get("/graph").await.expect(200).body;
    assert!(form.contains("name=\"who\""), "{form}");
    let id = id_of(&site, "星河材料研究院").await;
    let found = site.get(&format!("/graph?who={}", encode("星河材料"))).await.expect(303);
    assert!(found.location().starts_with(&format!("/graph?entity={id}")), "{}", found.location());
    let several = site.get(&format!("/graph?who={}", encode("有限公司"))).await.expect(200).body;
    assert!(several.contains("请选一个") && several.contains("澄江电子有限公司"), "{several}");
    let nobody = site.get("/graph?who=%3Cb%3E").await.expect(200).body;
    assert!(nobody.contains("没有叫“&#60;b&#62;”的实体") && !nobody.contains("<b>”"), "{nobody}");
}

#[tokio::test]
async fn a_way_between_two_is_told_step_by_step() {
    let site = Site::new().await;
    bring(&site, &[SIGNED, VISITED]).await;
    let form = site.get("/graph/path").await.expect(200).body;
    assert!(form.contains("name=\"from\"") && form.contains("name=\"to\""));
    let path = format!("/graph/path?from={}&to={}", encode("陆远舟"), encode("望海新能源有限公司"));
    let way = site.get(&path).await.expect(200).body;
    assert!(way.contains("<ol class=\"chain\">") && way.contains("href=\"/facts/"), "{way}");
    assert!(way.contains("陆远舟 —") && way.contains("— 望海新能源有限公司"), "{way}");
    let nobody = site.get(&format!("/graph/path?from={}&to=zz", encode("陆远舟"))).await.expect(200).body;
    assert!(nobody.contains("没有叫“zz”的实体") && nobody.contains("value=\"陆远舟\""), "{nobody}");
    let several = site.get(&format!("/graph/path?from={}&to=zz", encode("有限公司"))).await.expect(200).body;
    assert!(several.contains("请选一个") && several.contains("&#38;to=zz\""), "{several}");
}

#[tokio::test]
async fn the_two_ends_of_a_way_are_not_the_same() {
    let site = Site::new().await;
    bring(&site, &[SIGNED, VISITED]).await;
    let name = encode("澄江电子有限公司");
    let same = site.get(&format!("/graph/path?from={name}&to={name}")).await.expect(200).body;
    assert!(same.contains("两边是同一个") && !same.contains("<ol class=\"chain\">"), "{same}");
    let among = site.get(&format!("/graph/path?from={name}&to={}", encode("有限公司"))).await.expect(200).body;
    assert!(!among.contains(">澄江电子有限公司</a>"), "{among}");
}

#[tokio::test]
async fn two_that_nothing_ties_are_told_so() {
    let site = Site::new().await;
    let other = "暗涌光子研究院成立\n\n2024-06-05 10:00 来源：墨潭日报\n\n6月4日，暗涌光子研究院院长钟未明出席仪式。\n";
    bring(&site, &[SIGNED, other]).await;
    let path = format!("/graph/path?from={}&to={}", encode("陆远舟"), encode("钟未明"));
    let page = site.get(&path).await.expect(200).body;
    assert!(page.contains("六步之内没有路") && page.contains("href=\"/graph?entity="), "{page}");
}

#[tokio::test]
async fn the_timeline_counts_groups_and_filters() {
    let site = Site::new().await;
    site.settle().await;
    let empty = site.get("/timeline").await.expect(200).body;
    assert!(empty.contains("这里没有事实"), "{empty}");
    bring(&site, &[SIGNED, VISITED]).await;
    let page = site.get("/timeline").await.expect(200).body;
    assert!(page.contains("<svg class=\"strip\"") && page.contains("2024-05-08") && page.contains("2024-03-04"));
    assert!(page.find("2024-05-08").unwrap() < page.find("datetime=\"2024-03-04\"").unwrap());
    assert!(page.contains("href=\"/timeline?from=2024-03-01&#38;to=2024-03-31&#38;by=day\""), "{page}");
    let day = site.get("/timeline?by=day&from=2024-03-01&to=2024-03-31").await.expect(200).body;
    assert!(day.contains("签署") && !day.contains("到访望海"), "{day}");
    let visits = site.get("/timeline?kind=visited&by=year").await.expect(200).body;
    assert!(visits.contains("望海新能源有限公司") && !visits.contains("签署"), "{visits}");
    let id = id_of(&site, "望海新能源有限公司").await;
    let found = site.get(&format!("/timeline?who={}&by=year", encode("望海新能源"))).await.expect(303);
    assert_eq!(found.location(), format!("/timeline?by=year&entity={id}"));
    let own = site.get(found.location()).await.expect(200).body;
    assert!(own.contains("望海新能源有限公司的时间线") && !own.contains("签署"), "{own}");
    let english = site.get("/timeline?lang=en").await.expect(200).body;
    assert!(english.contains("signed") && english.contains("By month"), "{english}");
    for (query, said) in [("by=week", "不在可选项之中"), ("from=1", "日期要写成"), ("after=x", "翻页")] {
        let page = site.get(&format!("/timeline?{query}")).await.expect(422).body;
        assert!(page.contains(said), "{query}: {page}");
    }
}

#[tokio::test]
async fn kinds_of_entities_have_their_place_in_both_languages() {
    let site = Site::new().await;
    bring(&site, &[SIGNED]).await;
    for kind in EntityKind::ALL {
        for lang in ["zh", "en"] {
            site.get(&format!("/entities?kind={}&lang={lang}", kind.as_str())).await.expect(200);
        }
    }
}

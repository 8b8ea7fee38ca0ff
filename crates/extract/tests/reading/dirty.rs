//! Pages as they come: broken lines, heads and feet, plans beside deeds, days that are told by halves.

use crate::{READER, article, names, persons_of, posts};

/// `kind: argument names` of every fact of one of the kinds, with its day.
fn told(sentences: &str, kinds: &[&str], key: &str) -> Vec<String> {
    let article = article(&format!("某项工作情况通报\n2024-05-06\n{sentences}"));
    let facts = article.facts.iter().filter(|f| kinds.contains(&f.kind));
    facts
        .map(|f| format!("{} {} {}", f.kind, names(&article, f, key).join("+"), f.date.clone().unwrap_or_default()))
        .collect()
}

#[test]
fn a_visit_in_lines_broken_by_hand_is_told() {
    let page = "<html><body><h2>某市科协走访企业</h2><table><tr><td>&nbsp;&nbsp;5月4日,江东市科协党组书记、主席<br>\n裴若琳一行到海棠半导体有限公司走访调<br>\n研。<br>\n&nbsp;&nbsp;在苏南材料有限公司,调研组考察了检测<br>\n中心。</td></tr></table></body></html>";
    let mut articles = READER.read("page", page.as_bytes(), None).articles;
    let article = articles.remove(0);
    let visits: Vec<Vec<String>> =
        article.facts.iter().filter(|f| f.kind == "visited").map(|f| names(&article, f, "hosts")).collect();
    assert_eq!(visits, [["海棠半导体有限公司"], ["苏南材料有限公司"]]);
}

#[test]
fn what_is_to_come_is_no_deed() {
    for plan in [
        "研究院将于明年3月在江东市挂牌。",
        "双方计划年内成立江东智能装备联盟。",
        "苏南大学拟于2025年底组建江东智能装备联盟。",
        "江东智能装备联盟2024年9月1日成立。",
        "江东市需要成立江东智能装备联盟。",
        "江东市打算成立江东智能装备联盟。",
    ] {
        assert_eq!(told(plan, &["founded", "launched"], "thing"), [""; 0], "{plan}");
    }
    assert_eq!(
        told("按照江东市科技计划,江东智能装备联盟5月4日成立。", &["founded"], "thing"),
        ["founded 江东智能装备联盟 2024-05-04"]
    );
    // 主要 is no 要.
    let offered = told("海棠半导体有限公司主要提供晶圆测试、封装打样等服务。", &["offers"], "services");
    assert_eq!(offered, ["offers 晶圆测试+封装打样 "]);
}

#[test]
fn what_is_called_by_a_name_begins_to_work() {
    let launched = |text| told(text, &["launched"], "thing");
    assert_eq!(launched("5月4日,“江东稻渔科技小院”在三湖镇揭牌成立。"), ["launched 江东稻渔科技小院 2024-05-04"]);
    assert_eq!(launched("苏南茶机试验站于4月28日揭牌。"), ["launched 苏南茶机试验站 2024-04-28"]);
    assert_eq!(launched("苏南公共检测平台于2021年10月投入运行。"), ["launched 苏南公共检测平台 2021-10"]);
}

#[test]
fn the_elected_hold_their_posts_in_what_elects_them() {
    let found = posts(
        "江东装备产教联合体成立大会召开。大会选举苏南大学校长裴若琳为理事长,海棠半导体有限公司总经理常乐怡等5人为副理事长。",
    );
    assert_eq!(
        found,
        [
            "裴若琳: 苏南大学/校长",
            "裴若琳: 江东装备产教联合体/理事长",
            "常乐怡: 海棠半导体有限公司/总经理",
            "常乐怡: 江东装备产教联合体/副理事长"
        ]
    );
}

#[test]
fn the_head_of_a_paper_tells_its_day_and_its_desk_wrote_nothing() {
    let page = "江东科技报    2024年6月14日  星期五   第3版  综合新闻\n责任编辑:翁碧霞  美术编辑:游凯\n----------------\n\n江东装备产教联合体成立\n\n本报讯(记者 连晓菲)6月12日,江东装备产教联合体成立。\n";
    let article = READER.read("page", page.as_bytes(), None).articles.remove(0);
    assert_eq!(article.published.as_deref(), Some("2024-06-14"));
    assert_eq!(persons_of(&article), ["连晓菲"]);
}

#[test]
fn family_names_that_nobody_listed_are_known_behind_a_post() {
    assert_eq!(posts("江东市科协主席拓小红,副主席王方出席。")[0], "拓小红: 江东市科协/主席");
    assert_eq!(posts("海棠半导体有限公司总经理合美珍说,订单排到年底。"), ["合美珍: 海棠半导体有限公司/总经理"]);
    assert!(posts("江东市科协主席会同有关部门调研。").is_empty());
}

#[test]
fn a_short_name_in_brackets_is_no_part_of_what_goes_on_behind_it() {
    let article = article(
        "苏南光电研究所(以下简称“苏光所”)党委与海棠半导体有限公司党支部开展活动。苏光所所长裴若琳与海棠半导体有限公司总经理常乐怡代表双方签署合作协议。",
    );
    let named: Vec<&str> = article.entities.iter().map(|e| e.name.as_str()).collect();
    assert!(named.contains(&"苏南光电研究所党委") && !named.contains(&"苏光所"), "{named:?}");
    assert!(named.iter().all(|n| !n.contains('(')), "{named:?}");
}

#[test]
fn bars_of_links_and_lines_of_owners_are_no_headlines() {
    let page = "Copyright © 2019-2025 江东市光电行业协会 版权所有 江ICP备19010001号-1\n学会主页 | 学会概况 | 新闻动态 | 科学研究 | English\n\
                江东市光电行业协会理事会召开\n发布日期:2024-11-12   供稿:秘书处 裴若琳\n11月8日,江东市光电行业协会理事会在江东市召开。";
    let articles = READER.read("page", page.as_bytes(), None).articles;
    let titles: Vec<&str> = articles.iter().map(|a| a.title.as_str()).collect();
    assert_eq!(titles, ["江东市光电行业协会理事会召开"]);
    assert_eq!(articles[0].published.as_deref(), Some("2024-11-12"));
}

#[test]
fn the_day_at_the_foot_of_a_page_is_that_of_all_its_stories() {
    let story = |title: &str| format!("{title}\n\n本报讯 5月16日,{title}。会议讨论了全年工作安排。(裴若琳)\n\n");
    let page = format!(
        "{}{}今日8版 2024年5月17日 星期五 责编 常乐怡",
        story("江东智能装备联盟在江东市成立"),
        story("苏南公共检测平台在江东市揭牌")
    );
    let days: Vec<Option<String>> =
        READER.read("page", page.as_bytes(), None).articles.into_iter().map(|a| a.published).collect();
    assert_eq!(days, vec![Some("2024-05-17".to_owned()); 2]);
}

#[test]
fn nothing_of_a_page_is_taken_for_a_piece() {
    let page = "江东市生物医药产业协会\n协会动态\n2025年第4期(总第52期)  2025年4月30日\n\n协会组团赴苏南考察学习\n4月24日,协会组织会员赴苏南考察。";
    let reading = READER.read("page", page.as_bytes(), None);
    assert!(!reading.apart.is_empty());
    assert!(reading.apart.iter().all(|a| a.span.start < a.span.end), "{:?}", reading.apart);
}

#[test]
fn the_bare_name_of_a_district_is_no_place_where_its_province_is_not_named() {
    let place = |text: &str| article(&format!("某项合作\n{text}")).place;
    assert_eq!(place("松江理工大学与吉林启岭汽车电子股份有限公司在长春签署协议。").as_deref(), Some("长春市"));
    assert_eq!(place("活动在上海举行,松江和嘉定的企业参加,松江来了十家。").as_deref(), Some("上海市"));
}

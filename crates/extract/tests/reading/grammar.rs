//! Names, posts and facts, sentence by sentence.

use crate::{article, names, persons, posts};

/// `key=names` of the first fact of a kind.
fn fact(kind: &str, sentence: &str) -> String {
    let article = article(&format!("某项工作情况通报\n2024-05-06\n{sentence}"));
    let Some(found) = article.facts.iter().find(|f| f.kind == kind) else { return "none".to_owned() };
    let mut out: Vec<String> =
        found.args.keys().map(|k| format!("{k}={}", names(&article, found, k).join("+"))).collect();
    out.extend(found.date.clone());
    out.join(" ")
}

#[test]
fn several_persons_with_several_posts() {
    assert_eq!(
        posts("5月4日,泉州市市长柯振东、省数据局党组书记米小川、市委网信办副主任闵佳颖出席会议。"),
        ["柯振东: 泉州市人民政府/市长", "米小川: 福建省数据局/党组书记", "闵佳颖: 泉州市委网信办/副主任"]
    );
    assert_eq!(
        posts("保定市委常委、宣传部部长戚远航参加活动。"),
        ["戚远航: 保定市委/常委", "戚远航: 保定市委宣传部/部长"]
    );
    assert_eq!(
        posts("北方先进陶瓷创新中心主任、保定市工业技术研究院院长池明轩作报告。"),
        ["池明轩: 北方先进陶瓷创新中心/主任", "池明轩: 保定市工业技术研究院/院长"]
    );
}

#[test]
fn posts_before_and_behind_names() {
    assert_eq!(posts("会上,苏南材料研究所发展规划处处长常乐怡作汇报。"), ["常乐怡: 苏南材料研究所发展规划处/处长"]);
    assert_eq!(posts("裴若琳,苏南材料研究所副所长,作了汇报。"), ["裴若琳: 苏南材料研究所/副所长"]);
    assert_eq!(posts("海棠公司裴若琳总经理致欢迎辞。"), ["裴若琳: 海棠公司/总经理"]);
    assert_eq!(posts("裴若琳(苏南材料研究所所长)介绍了情况。"), ["裴若琳: 苏南材料研究所/所长"]);
    assert_eq!(posts("由裴若琳担任苏南材料研究所所长。"), ["裴若琳: 苏南材料研究所/所长"]);
    assert_eq!(posts("苏南大学校长裴若琳教授致辞。"), ["裴若琳: 苏南大学/校长", "裴若琳: 苏南大学/教授"]);
}

#[test]
fn lists_carry_the_organisation_on() {
    assert_eq!(
        posts("苏南大学党委书记裴若琳、副校长常乐怡,教务处处长鲁一鸣参加会议。"),
        ["裴若琳: 苏南大学/党委书记", "常乐怡: 苏南大学/副校长", "鲁一鸣: 苏南大学教务处/处长"]
    );
    assert_eq!(posts("38所所领导裴若琳、常乐怡及有关部门负责人参加会议。").len(), 2);
}

#[test]
fn names_without_posts() {
    assert_eq!(persons("党员裴若琳观看后表示很受教育。村民常乐怡说好。"), ["常乐怡", "裴若琳"]);
    assert_eq!(persons("影片讲述了乡村教师裴若琳的故事,饰演校长常乐怡的演员到场。"), [""; 0]);
    assert_eq!(persons("会议深入学习习近平新时代中国特色社会主义思想,强调要提高站位。"), [""; 0]);
}

#[test]
fn facts_of_each_kind() {
    let facts = [
        (
            "visited",
            "5月4日,苏南大学校长裴若琳一行到海棠半导体有限公司调研。",
            "hosts=海棠半导体有限公司 visitors=裴若琳 2024-05-04",
        ),
        ("met", "5月4日,苏南市市长裴若琳会见金川集团董事长常乐怡。", "guests=常乐怡 hosts=裴若琳 2024-05-04"),
        (
            "signed",
            "5月4日,苏南大学与海棠半导体有限公司在南京签署《联合培养协议》。",
            "agreement=联合培养协议 counterparties=海棠半导体有限公司 parties=苏南大学+海棠半导体有限公司 place=南京市 2024-05-04",
        ),
        (
            "founded",
            "5月4日,苏南大学、海棠半导体有限公司等12家单位共同发起成立江东智能装备联盟。",
            "declared_founders=12 founders=苏南大学+海棠半导体有限公司 thing=江东智能装备联盟 2024-05-04",
        ),
        ("launched", "5月4日,南京芯片公共服务平台揭牌。", "thing=南京芯片公共服务平台 2024-05-04"),
        (
            "issued",
            "江苏省科技厅、江苏省教育厅近日联合印发《科技成果转化行动方案》。",
            "issuers=江苏省科技厅+江苏省教育厅 thing=科技成果转化行动方案",
        ),
        ("held", "第三届江东陶瓷材料大会5月4日在南京召开。", "activity=第三届江东陶瓷材料大会 place=南京市 2024-05-04"),
        (
            "offers",
            "苏南检测中心可提供电磁兼容测试、盐雾试验和高低温循环等服务。",
            "services=电磁兼容测试+盐雾试验+高低温循环 who=苏南检测中心",
        ),
        (
            "joined",
            "5月4日,海棠半导体有限公司加入江东智能装备联盟。",
            "members=海棠半导体有限公司 organization=江东智能装备联盟 2024-05-04",
        ),
        ("located-in", "海棠半导体有限公司位于南京市浦口区。", "place=南京市浦口区 who=海棠半导体有限公司"),
        ("invests", "海棠半导体有限公司投资3.5亿元建设新厂。", "amount=3.5亿元 investors=海棠半导体有限公司"),
        ("part-of", "苏南大学材料学院举行开学典礼。", "part=苏南大学材料学院 whole=苏南大学"),
    ];
    for (kind, sentence, want) in facts {
        assert_eq!(fact(kind, sentence), want, "{sentence}");
    }
}

#[test]
fn plans_are_no_facts() {
    assert_eq!(fact("founded", "下一步,苏南大学将成立江东智能装备联盟。"), "none");
    assert_eq!(fact("signed", "苏南大学希望与海棠半导体有限公司签署合作协议。"), "none");
}

#[test]
fn short_names_find_their_long_ones() {
    let article = article(
        "苏南大学材料与化学学院到访\n2024-05-06\n苏南大学材料与化学学院院长裴若琳到海棠半导体有限公司调研。\
         海棠半导体介绍了产线,材料与化学学院与该公司交流。会后,公司与学院签署《合作备忘录》。",
    );
    let entity = |name: &str| {
        let has = |e: &&keqiao_extract::Entity| e.name == name || e.aliases.iter().any(|a| a == name);
        article.entities.iter().find(has).map(|e| e.name.clone())
    };
    assert_eq!(entity("海棠半导体").as_deref(), Some("海棠半导体有限公司"));
    assert_eq!(entity("材料与化学学院").as_deref(), Some("苏南大学材料与化学学院"));
    let signed = article.facts.iter().find(|f| f.kind == "signed").unwrap();
    let mut parties = names(&article, signed, "parties");
    parties.sort();
    assert_eq!(parties, ["海棠半导体有限公司", "苏南大学材料与化学学院"]);
}

#[test]
fn what_is_listed_or_aimed_at_was_not_signed() {
    for aim in [
        "本届科创会旨在以项目为引领,通过“云桥”平台推动成果转化,服务现代农业等发展,与各地签约。",
        "澄江大学与远晟公司走完推介发布、现场签约、交易合作等环节。",
        "澄江大学和远晟公司商定了对接、签约、落地的办法。",
    ] {
        assert_eq!(fact("signed", aim), "none", "{aim}");
    }
    for done in [
        "澄江大学与远晟公司签约、江东大学与海棠公司签约。",
        "该平台旨在推动成果转化,5月4日,澄江大学与远晟公司签署合作协议。",
    ] {
        assert!(fact("signed", done).contains("澄江大学+远晟公司"), "{done}: {}", fact("signed", done));
    }
}

#[test]
fn how_many_and_which_activities_is_no_name_of_one() {
    for general in ["更多的志愿服务活动", "一系列主题活动", "形式多样的科普活动", "多场供需对接会"]
    {
        assert_eq!(fact("held", &format!("澄江市科协组织开展{general}。")), "none", "{general}");
    }
    assert!(fact("held", "澄江市科协组织开展科技志愿服务乡村行活动。").contains("科技志愿服务乡村行活动"));
}

#[test]
fn remarks_in_brackets_stand_between_posts_and_names() {
    assert_eq!(
        posts("苏南大学副校长(援青)裴若琳、苏南材料研究所所长(正处级)常乐怡出席会议。"),
        ["裴若琳: 苏南大学/副校长", "常乐怡: 苏南材料研究所/所长"]
    );
    assert_eq!(posts("苏南材料研究所首任所长由裴若琳兼任。"), ["裴若琳: 苏南材料研究所/所长"]);
    assert_eq!(posts("苏南大学校长买买提·艾力一行到会。"), ["买买提·艾力: 苏南大学/校长"]);
}

#[test]
fn who_is_chosen_for_what() {
    assert_eq!(
        posts("江东陶瓷学会选举欧阳若水为理事长,裴若琳、常乐怡为副理事长,聘任鲁一鸣为秘书长。"),
        [
            "欧阳若水: 江东陶瓷学会/理事长",
            "裴若琳: 江东陶瓷学会/副理事长",
            "常乐怡: 江东陶瓷学会/副理事长",
            "鲁一鸣: 江东陶瓷学会/秘书长"
        ]
    );
    assert_eq!(
        posts("欧阳若水,女,1971年生,现任苏南大学副校长、陶瓷工程实验室主任。"),
        ["欧阳若水: 苏南大学/副校长", "欧阳若水: 苏南大学陶瓷工程实验室/主任"]
    );
}

#[test]
fn a_sum_is_that_of_its_own_deal() {
    let both = "苏南大学与江东大学签署《联合培养备忘录》,海棠公司与远晟公司签订研发合同,合同金额1860万元。";
    let first = fact("signed", both);
    assert!(first.contains("parties=苏南大学+江东大学") && !first.contains("amount"), "{first}");
}

#[test]
fn who_is_given_a_post_in_the_same_sentence() {
    assert_eq!(
        posts("中心主任由江海大学化工学院教授戚远航担任。"),
        ["戚远航: 江海大学化工学院/教授", "戚远航: 中心/主任"]
    );
    assert_eq!(
        posts("江海膜材料专家委员会成立,柯振东任主任委员,海棠公司总经理裴若琳、江海大学副校长池明轩任副主任委员。"),
        [
            "柯振东: 江海膜材料专家委员会/主任委员",
            "裴若琳: 海棠公司/总经理",
            "裴若琳: 江海膜材料专家委员会/副主任委员",
            "池明轩: 江海大学/副校长",
            "池明轩: 江海膜材料专家委员会/副主任委员"
        ]
    );
    assert_eq!(posts("市科协原主席裴若琳参加。"), ["裴若琳: 市科协/原主席"], "a former post stays one");
}

#[test]
fn verbs_between_two_bodies_are_no_part_of_a_name() {
    let orgs = |sentence: &str| {
        let article = article(&format!("某项工作情况通报\n2024-05-06\n{sentence}"));
        let bodies = article.entities.iter().filter(|e| serde_json::to_value(e.kind).unwrap() == "organization");
        let mut out: Vec<String> = bodies.map(|e| e.name.clone()).collect();
        out.sort();
        out
    };
    assert_eq!(orgs("保定市科技局联合河北大学召开会议。"), ["保定市科技局", "河北大学"]);
    assert_eq!(orgs("保定市委组织部召开会议。"), ["保定市委", "保定市委组织部"]);
    assert_eq!(orgs("记者走进江城前卫智能驾驶有限公司。"), ["江城前卫智能驾驶有限公司"]);
    assert_eq!(
        orgs("海棠科技有限公司(以下称“海棠科技”)、海棠科技与江海大学签订协议。"),
        ["江海大学", "海棠科技有限公司"]
    );
}

#[test]
fn who_comes_with_others_visits() {
    assert_eq!(
        fact("visited", "5月4日,江海大学校长池明轩一行来海棠公司参观。"),
        "hosts=海棠公司 visitors=池明轩 2024-05-04"
    );
}

#[test]
fn those_who_act_for_both_sides_say_who_the_sides_are() {
    assert_eq!(
        fact("signed", "江海大学校长助理池明轩与海棠公司副总经理裴若琳代表双方签订《联合攻关协议》。"),
        "agreement=联合攻关协议 counterparties=海棠公司 parties=江海大学+海棠公司 signatories=池明轩+裴若琳"
    );
    assert_eq!(
        fact("launched", "5月4日,江海大学校长池明轩为“江海膜材料中试中心”揭牌。"),
        "launchers=池明轩 thing=江海膜材料中试中心 2024-05-04"
    );
    assert_eq!(fact("issued", "会上,《膜材料名录》正式发布。"), "thing=膜材料名录");
}

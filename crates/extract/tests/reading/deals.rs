//! Contracts and investments in single sentences: who, with whom, how much, when, and the words that say it.

use keqiao_extract::{Article, Fact};

use crate::{article, names};

/// `role: words` of the first fact of a kind, in the order of the text.
fn words(article: &Article, kind: &str) -> Vec<String> {
    let fact = article.facts.iter().find(|f| f.kind == kind);
    let shown = |f: &Fact| f.evidence.iter().map(|e| format!("{}: {}", e.role, e.text)).collect();
    fact.map(shown).unwrap_or_default()
}

fn said(kind: &str, sentence: &str) -> Vec<String> {
    words(&article(sentence), kind)
}

#[test]
fn two_sides_stand_around_a_joining_word() {
    let said = said("signed", "2022年5月4日,海岳环保与江潮信托签署合同,合同金额约3.2亿元。");
    let want = [
        "date: 2022年5月4日",
        "parties: 海岳环保",
        "counterparties: 江潮信托",
        "parties: 江潮信托",
        "trigger: 签署合同",
        "amount: 约3.2亿元",
    ];
    assert_eq!(said, want);
}

#[test]
fn a_company_that_announces_is_meant_by_the_word_company() {
    let text =
        "海岳环保(600999)5月4日晚间公告,公司与北川路桥建设(集团)有限公司就承接某大桥工程签订合同,合同金额5亿元。";
    let said = said("signed", text);
    assert_eq!(said[0], "parties: 海岳环保");
    assert!(said.contains(&"parties: 北川路桥建设(集团)有限公司".to_owned()), "{said:?}");
    assert!(said.contains(&"amount: 5亿元".to_owned()), "{said:?}");
}

#[test]
fn lists_of_parties_are_taken_apart() {
    let said = said(
        "signed",
        "8月13日,海岳医生发布了会员服务,与江潮保险、北川汽车、宁岭银行等29家企业达成合作,签约总金额突破3亿元。",
    );
    let others: Vec<&String> = said.iter().filter(|w| w.starts_with("counterparties")).collect();
    assert_eq!(others, ["counterparties: 江潮保险", "counterparties: 北川汽车", "counterparties: 宁岭银行"]);
}

#[test]
fn what_is_bought_stands_before_its_share() {
    let bought = [
        ("去年12月,海岳能源以6.5亿元收购江潮锂业51%股权。", "江潮锂业", "6.5亿元"),
        ("海岳能源以3亿元的价格收购北川集团持有的江潮锂业有限公司40%的股权。", "江潮锂业有限公司", "3亿元"),
        ("海岳能源完成了对江潮锂业60%股份的收购,作价2亿元。", "江潮锂业", "2亿元"),
        ("海岳能源投资江潮锂业,金额为2000万元。", "江潮锂业", "2000万元"),
    ];
    for (sentence, target, sum) in bought {
        let said = said("invests", sentence);
        for want in ["investors: 海岳能源".to_owned(), format!("targets: {target}"), format!("amount: {sum}")] {
            assert!(said.contains(&want), "{sentence} {said:?}");
        }
    }
}

#[test]
fn a_planned_purchase_says_so_and_a_price_by_the_share_is_no_sum() {
    let read = article("海岳能源拟以每股7.5元收购江潮锂业51%股权。");
    let fact = read.facts.iter().find(|f| f.kind == "invests").unwrap();
    assert_eq!(serde_json::to_value(&fact.args["stage"]).unwrap(), "计划中");
    assert!(!fact.args.contains_key("amount"));
}

#[test]
fn a_name_that_ends_like_a_verb_and_a_noun_made_of_one_are_no_purchase() {
    for sentence in ["瑞海投资、江潮信托参加了会议。", "收购方应当披露信息。", "他在网上购买了理财产品。"]
    {
        assert_eq!(said("invests", sentence), [""; 0], "{sentence}");
    }
}

#[test]
fn a_short_name_in_brackets_is_the_same_company() {
    let read = article("江潮锂业有限公司(以下简称“江潮”)成立于2010年。5月4日,海岳能源收购江潮30%股权。");
    let known = read.entities.iter().find(|e| e.name == "江潮锂业有限公司").unwrap();
    assert_eq!(known.aliases, ["江潮"]);
    assert!(words(&read, "invests").contains(&"targets: 江潮".to_owned()));
}

#[test]
fn words_read_as_they_stand_in_the_original() {
    let text = "海岳環保與江潮信託簽署合同,金額為3億元。";
    let read = article(text);
    let chars: Vec<char> = text.chars().collect();
    let fact = read.facts.iter().find(|f| f.kind == "signed").unwrap();
    let source = |role: &str| -> String {
        let found = fact.evidence.iter().find(|e| e.role == role).unwrap();
        chars[found.source_span.start..found.source_span.end].iter().collect()
    };
    assert_eq!((source("trigger").as_str(), source("parties").as_str()), ("簽署合同", "海岳環保"));
}

/// Who signs, and who of them only puts a name to it.
fn signed_by(text: &str) -> [Vec<String>; 2] {
    let read = article(text);
    let fact = read.facts.iter().find(|f| f.kind == "signed").unwrap_or_else(|| panic!("{text}"));
    ["parties", "signatories"].map(|key| names(&read, fact, key))
}

#[test]
fn a_professor_signs_for_himself_and_a_chairman_for_his_company() {
    let themselves = [
        ("5月4日,江潮锂业有限公司与顾维岳教授签署技术开发合同。", ["江潮锂业有限公司", "顾维岳"]),
        ("5月4日,江潮锂业有限公司与北川大学顾维岳教授签署专利转让协议。", ["江潮锂业有限公司", "顾维岳"]),
        ("5月4日,北川大学顾维岳教授团队与江潮锂业有限公司签署合作协议。", ["顾维岳", "江潮锂业有限公司"]),
    ];
    for (text, want) in themselves {
        assert_eq!(signed_by(text), [want.map(str::to_owned).to_vec(), Vec::new()], "{text}");
    }
    let for_others = "5月4日,江潮锂业有限公司董事长顾维岳与北川大学校长陆远舟签署合作协议。";
    let [parties, signatories] = signed_by(for_others);
    assert_eq!(signatories, ["顾维岳", "陆远舟"]);
    assert!(!parties.iter().any(|p| signatories.contains(p)), "{parties:?}");
}

#[test]
fn a_professor_works_together_with_a_company() {
    let read = article("5月4日,江潮锂业有限公司与北川大学顾维岳教授团队就固态电池开展合作。");
    let fact = read.facts.iter().find(|f| f.kind == "cooperates-on").unwrap();
    assert_eq!(names(&read, fact, "partners"), ["江潮锂业有限公司", "顾维岳"]);
    // Colleagues are no partners of each other.
    let among = article("5月4日,顾维岳教授与陆远舟教授就固态电池开展合作。");
    assert!(!among.facts.iter().any(|f| f.kind == "cooperates-on"));
}

#[test]
fn what_passes_from_one_to_another_is_told_with_both() {
    let told = [
        (
            "5月4日,顾维岳教授将一项发明专利以300万元转让给江潮锂业有限公司。",
            ["顾维岳", "江潮锂业有限公司", "一项发明专利", "300万元"],
        ),
        ("5月4日,北川大学向江潮锂业有限公司转让固态电池技术。", ["北川大学", "江潮锂业有限公司", "固态电池技术", ""]),
    ];
    for (text, want) in told {
        let read = article(text);
        let fact = read.facts.iter().find(|f| f.kind == "transferred").unwrap_or_else(|| panic!("{text}"));
        let found = ["givers", "takers", "thing", "amount"].map(|key| names(&read, fact, key).join(" "));
        assert_eq!(found, want.map(str::to_owned), "{text}");
    }
    for other in ["北川大学与江潮锂业有限公司洽谈专利转让合同。", "江潮锂业有限公司转让51%股权给北川集团有限公司。"]
    {
        assert!(!article(other).facts.iter().any(|f| f.kind == "transferred"), "{other}");
    }
}

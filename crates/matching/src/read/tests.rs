use super::*;
use crate::fixture::{LEXICON, list, range, text};
use keqiao_domain::Strength::{Must, Wish};
use proptest::prelude::*;

fn requirements(text: &str) -> Vec<(String, Value, keqiao_domain::Strength)> {
    let read = read_text(text, &LEXICON).requirements;
    read.into_iter().map(|r| (r.property, r.required, r.strength)).collect()
}

#[test]
fn requirements_are_read_from_sentences() {
    let t = "operating-temperature";
    let cases = [
        ("工作温度-40℃~125℃", vec![(t, range(-40.0, 125.0, "℃"), Must)]),
        ("使用温度范围为 −40°C 至 +125°C", vec![(t, range(-40.0, 125.0, "°C"), Must)]),
        ("纯度不低于99.99%", vec![("purity", range(99.99, None, "%"), Must)]),
        ("导通电阻小于5mΩ", vec![("on-resistance", range(None, 5.0, "mΩ"), Must)]),
        ("预算50-80万元", vec![("price", range(50.0, 80.0, "万元"), Must)]),
        ("需通过AEC-Q100 Grade 1", vec![("qualification", text("AEC-Q100 Grade 1"), Must)]),
        ("满足AEC-Q100等级1要求", vec![("qualification", text("AEC-Q100 Grade 1"), Must)]),
        ("车规等级AECQ100 1级", vec![("qualification", text("AEC-Q100 Grade 1"), Must)]),
        ("通过AEC-Q100", vec![("qualification", text("AEC-Q100"), Must)]),
        (
            "通过AEC-Q100 Grade 1、ISO 26262 ASIL D",
            vec![("qualification", text("AEC-Q100 Grade 1"), Must), ("qualification", text("ISO 26262 ASIL D"), Must)],
        ),
        ("最好采用QFN封装", vec![("package", list(&["qfn"]), Wish)]),
        ("封装形式：QFN或BGA", vec![("package", list(&["qfn", "bga"]), Must)]),
        (
            "纯度99.9%以上，希望产能达到10吨",
            vec![("purity", range(99.9, None, "%"), Must), ("capacity", range(10.0, None, "吨"), Wish)],
        ),
        (
            "通道数不少于8，供电电压3.3V",
            vec![("channels", range(8.0, None, ""), Must), ("supply-voltage", range(3.3, 3.3, "V"), Must)],
        ),
        ("5mΩ以下的导通电阻", vec![("on-resistance", range(None, 5.0, "mΩ"), Must)]),
        // The name's dimension decides, and the nearest of those that fit.
        ("导通电阻在25℃下小于5mΩ", vec![("on-resistance", range(None, 5.0, "mΩ"), Must)]),
        ("工作温度和存储温度-40~85℃", vec![("storage-temperature", range(-40.0, 85.0, "℃"), Must)]),
        // A bound without a name has its own words, though only one property measures its dimension.
        ("耐受电压不低于1200V", vec![("耐受电压", range(1200.0, None, "V"), Must)]),
        ("响应时间小于10ms", vec![("响应时间", range(None, 10.0, "ms"), Must)]),
        // No requirements.
        ("室温25℃左右", vec![]),
        ("收入同比增长15%，获资助30万元", vec![]),
        ("纯度不限，无需上门", vec![]),
        ("导通电阻不要求，5mΩ也可", vec![]),
        ("联系电话010-62588888，2026年11月20日", vec![]),
        ("", vec![]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|(p, v, s)| (p.to_owned(), v, s)).collect();
        assert_eq!(requirements(text), expected, "{text}");
    }
}

#[test]
fn side_kind_and_region() {
    use keqiao_domain::Side::{Need, Offer};
    let cases = [
        ("急需一款车规级芯片", Some(Need), Some("chip"), None),
        ("我所可提供检测服务，地点在江苏无锡", Some(Offer), Some("test-service"), Some("320200")),
        ("寻求转让：高纯石英材料", Some(Offer), Some("material"), None),
        ("四川企业求购材料，纯度≥99.9%", Some(Need), Some("material"), Some("510000")),
        ("無錫市新吳區尋求檢測服務", Some(Need), Some("test-service"), Some("320214")),
        ("导通电阻小于5mΩ", None, Some("chip"), None),
        ("走在南京路上", None, None, None),
    ];
    for (text, side, kind, region) in cases {
        let read = read_text(text, &LEXICON);
        assert_eq!((read.side, read.kind.as_deref(), read.region.as_deref()), (side, kind, region), "{text}");
    }
}

#[test]
fn terms_know_their_synonyms_and_places() {
    let text = "需要碳化硅衬底，通过AEC-Q100";
    let read = read_text(text, &LEXICON);
    let term = |word: &str| read.terms.iter().find(|t| t.text == word).unwrap();
    assert_eq!(term("碳化硅").variants, ["sic", "silicon carbide"]);
    assert_eq!(term("衬底").variants, ["基片"]);
    assert!(term("aec-q100").variants.contains(&"aecq100".to_owned()));
    assert!(read.terms.iter().all(|t| t.text != "需要"));
    let chars: Vec<char> = text.chars().collect();
    for t in &read.terms {
        assert_eq!(LEXICON.text().fold_str(&chars[t.start..t.end].iter().collect::<String>()), t.text);
    }
}

#[test]
fn a_word_counts_once_with_its_synonyms() {
    let read = read_text("SiC器件：碳化硅外延，sic衬底", &LEXICON);
    let concept: Vec<_> = read.terms.iter().filter(|t| t.text == "sic" || t.text == "碳化硅").collect();
    assert_eq!(concept.len(), 1);
    assert_eq!(concept[0].count, 3);
}

#[test]
fn places_count_the_characters_of_the_dirty_text() {
    let text = "純(chún)度(dù)不低於99.99%";
    let read = read_text(text, &LEXICON);
    assert_eq!(read.requirements.len(), 1, "{read:?}");
    assert_eq!(read.requirements[0].property, "purity");
    let RequirementSource::Text { start, end } = read.requirements[0].source else { panic!() };
    assert_eq!((start, end), (0, text.chars().count()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_is_read_and_places_lie_in_it(text in "(工作温度|纯度|-40|99.9|℃|%|mΩ|~|不低于|，|AEC-Q100|Grade 1|QFN封装|(chún)|純|\\PC){0,20}") {
        let read = read_text(&text, &LEXICON);
        let length = text.chars().count();
        for r in read.requirements {
            let RequirementSource::Text { start, end } = r.source else { panic!() };
            prop_assert!(start < end && end <= length);
        }
        prop_assert!(read.terms.iter().all(|t| t.start < t.end && t.end <= length));
    }
}

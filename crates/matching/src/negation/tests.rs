use crate::fixture::LEXICON;
use crate::read::{read_specs, read_text};

/// `+`: stated, `-`: denied, `?`: neither.
fn sign(text: &str) -> char {
    let specs = read_specs(text, &LEXICON);
    let stated = specs.values.contains_key("qualification");
    match (stated, specs.denied.is_empty()) {
        (true, true) => '+',
        (false, false) => '-',
        (false, true) => '?',
        (true, false) => '!',
    }
}

#[test]
fn an_offer_has_no_standard_that_its_text_denies() {
    let cases = [
        ("通过AEC-Q100 Grade 1", '+'),
        ("AEC-Q100 Grade 1，不支持ASIL声明", '+'),
        ("未安排AEC-Q100", '-'),
        ("尚未按AEC-Q100鉴定", '-'),
        ("但没有安排AEC-Q100全项，车用客户请选另一型号", '-'),
        ("目前未做AEC-Q100鉴定，已有两家厂装用", '-'),
        ("AEC-Q100尚未取得证书", '-'),
        ("无AEC-Q100认证", '-'),
        ("AEC-Q100 not yet passed", '-'),
        ("AEC-Q100认证进行中", '?'),
        ("计划明年通过AEC-Q100", '?'),
        ("不含AEC-Q100报告", '?'),
        ("未来可做AEC-Q100", '?'),
        ("工业级可靠性未做老化但通过AEC-Q100", '+'),
        ("通过AEC-Q100，未见失效", '+'),
        ("通过AEC-Q100。另一型号未做AEC-Q100", '-'),
    ];
    for (text, expected) in cases {
        assert_eq!(sign(text), expected, "{text}");
    }
}

#[test]
fn a_list_is_denied_as_far_as_the_word_reaches() {
    let named = |text: &str| {
        let specs = read_specs(text, &LEXICON);
        let stated = specs.values.get("qualification").map(ToString::to_string);
        let denied: Vec<_> = specs.denied.into_iter().map(|d| d.id).collect();
        (stated.unwrap_or_default(), denied.join("、"))
    };
    let cases = [
        ("按ISO 26262开发、AEC-Q100尚未取得", "ISO 26262", "AEC-Q100"),
        ("未取得ISO 26262、AEC-Q100证书", "", "ISO 26262、AEC-Q100"),
        ("通过AEC-Q100但不支持ISO 26262", "AEC-Q100", "ISO 26262"),
        ("AEC-Q100 Grade 1，AEC-Q100 Grade 0尚未通过", "AEC-Q100 Grade 1", "AEC-Q100"),
    ];
    for (text, stated, denied) in cases {
        assert_eq!(named(text), (stated.to_owned(), denied.to_owned()), "{text}");
    }
}

#[test]
fn figures_that_are_denied_are_not_read() {
    let cases = [
        ("纯度99.9%", true),
        ("没有纯度99.9%的产品", false),
        ("尚未达到纯度99.9%", false),
        ("未做老化但纯度99.9%", true),
        ("纯度99.9%的型号暂无", false),
        ("不含税，纯度99.9%", true),
    ];
    for (text, read) in cases {
        let specs = read_specs(text, &LEXICON);
        assert_eq!(specs.values.contains_key("purity"), read, "{text}");
    }
}

#[test]
fn a_need_does_not_ask_for_what_it_waives() {
    let cases = [
        ("需要通过AEC-Q100", true),
        ("不要求AEC-Q100", false),
        ("无需AEC-Q100认证", false),
        ("AEC-Q100不作要求", false),
        ("对AEC-Q100没有要求", false),
        ("无AEC-Q100要求", false),
        ("无铅工艺，要求AEC-Q100", true),
        ("满足AEC-Q100要求", true),
    ];
    for (text, asked) in cases {
        let read = read_text(text, &LEXICON);
        assert_eq!(!read.requirements.is_empty(), asked, "{text}");
        let term = read.terms.iter().any(|t| t.text == "aec-q100");
        assert_eq!(term, asked, "{text}");
    }
}

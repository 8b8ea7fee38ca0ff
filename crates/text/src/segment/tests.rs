use super::*;
use crate::code::compact_code;
use crate::unit::tests::table;
use keqiao_catalog::Thesaurus;
use proptest::prelude::*;
use std::sync::LazyLock;

static TEXT: LazyLock<Text> = LazyLock::new(|| {
    let groups =
        [["碳化硅", "SiC"], ["功率半导体器件", "功率器件"], ["5G", "第五代移动通信"], ["SiC二极管", "碳化硅二极管"]];
    let groups = groups.iter().map(|g| g.iter().map(|w| (*w).to_owned()).collect()).collect();
    let thesaurus = Thesaurus { groups, ..Thesaurus::default() };
    Text::for_catalog(&Catalog { thesaurus, units: table(), ..Catalog::default() })
});

/// The tokens of one kind.
fn of_kind(text: &str, kind: TokenKind) -> Vec<String> {
    TEXT.tokens(&TEXT.fold_str(text)).into_iter().filter(|t| t.kind == kind).map(|t| t.text).collect()
}

fn terms(query: &str) -> Vec<String> {
    TEXT.query_terms(query).into_iter().map(|t| t.text).collect()
}

#[test]
fn words_and_bigrams_are_tokens() {
    assert_eq!(of_kind("碳化硅", TokenKind::Bigram), ["碳化", "化硅"]);
    assert!(of_kind("车规级碳化硅模块", TokenKind::Word).contains(&"碳化硅".to_owned()));
    assert_eq!(of_kind("A 钢 B", TokenKind::Unigram), ["钢"]);
    assert!(of_kind("采用SiC二极管", TokenKind::Word).contains(&"sic二极管".to_owned()));
}

#[test]
fn codes_stay_whole_in_all_their_spellings() {
    let has = |text: &str, code: &str| of_kind(text, TokenKind::Code).contains(&code.to_owned());
    assert!(has("通过AEC-Q100认证", "aec-q100") && has("通过AEC-Q100认证", "aecq100"));
    assert!(has("AEC Q100", "aecq100"));
    assert!(has("TMS320F28335芯片", "tms320f28335"));
    for code in ["gb/t 4754-2017", "gbt47542017", "gb/t 4754", "gbt4754"] {
        assert!(has("按GB/T 4754-2017执行", code), "{code}");
    }
    assert!(has("ISO 26262-6:2018", "iso262626"));
    assert!(has("5G基站", "5g"));
    assert_eq!(compact_code("gb/t 4754"), "gbt4754");
}

#[test]
fn numbers_and_units_part() {
    assert_eq!(of_kind("1,200吨 -40~125°C 10-20V", TokenKind::Number), ["1200", "40", "125", "10", "20"]);
    assert_eq!(of_kind("5mΩ 25 ℃ 25°C 3.3V", TokenKind::Unit), ["mω", "℃", "℃", "v"]);
    assert_eq!(of_kind("C++ Wi-Fi", TokenKind::Latin), ["c++", "wi", "wifi", "fi"]);
}

#[test]
fn positions_follow_the_text() {
    let tokens = TEXT.tokens("碳化硅 mosfet 模块");
    let at = |text: &str| tokens.iter().find(|t| t.text == text).unwrap().position;
    assert_eq!((at("碳化"), at("化硅"), at("mosfet"), at("模块")), (0, 1, 3, 4));
}

#[test]
fn queries_become_words_with_their_places() {
    assert_eq!(terms("我们需要功率半导体器件"), ["功率半导体器件"]);
    assert_eq!(terms("寻求碳化硅MOSFET的供应"), ["碳化硅", "mosfet"]);
    assert_eq!(terms("功率半導體器件"), ["功率半导体器件"]);
    assert_eq!(terms("通过AEC-Q100"), ["aec-q100"]);
    let query = "需要\u{200b}功率器件，ＡＢＣ１２３";
    let chars: Vec<char> = query.chars().collect();
    let spans: Vec<String> =
        TEXT.query_terms(query).into_iter().map(|t| chars[t.start..t.end].iter().collect()).collect();
    assert_eq!(spans, ["功率器件", "ＡＢＣ１２３"]);
}

#[test]
fn units_in_chinese_are_units_after_a_number() {
    let kinds = |q: &str| TEXT.query_terms(q).into_iter().map(|t| (t.text, t.kind)).collect::<Vec<_>>();
    assert_eq!(kinds("交期3 个月")[1..], [("3".into(), TokenKind::Number), ("个月".into(), TokenKind::Unit)]);
    assert_eq!(kinds("12英寸晶圆")[1].1, TokenKind::Unit);
    assert_eq!(kinds("英寸")[0].1, TokenKind::Word);
}

#[test]
fn short_queries_have_a_term() {
    for query in ["钢", "芯片", "5G", "的", "需要", "a", "AI", "碳化"] {
        assert_eq!(terms(query).concat(), TEXT.fold_str(query), "{query}");
    }
    assert!(terms("，。！ ").is_empty());
}

proptest! {
    #[test]
    fn tokens_cover_what_they_say(text in "[碳化硅的的器件a-zA-Z0-9 .,/%℃°+#-]{0,40}") {
        let folded = TEXT.fold_str(&text);
        let chars: Vec<char> = folded.chars().collect();
        let mut position = 0;
        for t in TEXT.tokens(&folded) {
            prop_assert!(t.start < t.end && t.end <= chars.len());
            prop_assert!(t.position >= position && !t.text.is_empty());
            position = t.position;
            if matches!(t.kind, TokenKind::Word | TokenKind::Bigram | TokenKind::Unigram) {
                prop_assert_eq!(chars[t.start..t.end].iter().collect::<String>(), t.text);
            }
        }
    }

    #[test]
    fn odd_text_does_no_harm(text: String) {
        let _ = TEXT.tokens(&TEXT.fold_str(&text));
        let length = text.chars().count();
        let mut last = 0;
        for t in TEXT.query_terms(&text) {
            prop_assert!(t.start >= last && t.start < t.end && t.end <= length, "{:?}", t);
            last = t.start;
        }
    }
}

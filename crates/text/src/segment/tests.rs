use super::*;
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

/// The terms of one kind.
fn of_kind(text: &str, kind: TokenKind) -> Vec<String> {
    TEXT.query_terms(text).into_iter().filter(|t| t.kind == kind).map(|t| t.text).collect()
}

fn terms(query: &str) -> Vec<String> {
    TEXT.query_terms(query).into_iter().map(|t| t.text).collect()
}

#[test]
fn words_come_with_the_shorter_words_in_them() {
    let words = |text: &str| {
        let folded = TEXT.fold_str(text);
        TEXT.dictionary_words(&folded).map(|w| (w.start, w.text.to_owned())).collect::<Vec<_>>()
    };
    assert!(words("车规级碳化硅模块").contains(&(3, "碳化硅".to_owned())));
    assert!(words("采用SiC二极管").contains(&(2, "sic二极管".to_owned())));
    assert!(words("清华大学").contains(&(2, "大学".to_owned())));
    assert!(words("A 钢 B ic 12").is_empty());
}

#[test]
fn codes_stay_whole() {
    for (text, code) in [
        ("通过AEC-Q100认证", "aec-q100"),
        ("AEC Q100", "aec q100"),
        ("TMS320F28335芯片", "tms320f28335"),
        ("按GB/T 4754-2017执行", "gb/t 4754-2017"),
        ("ISO 26262-6:2018", "iso 26262-6:2018"),
        ("5G基站", "5g"),
    ] {
        assert_eq!(of_kind(text, TokenKind::Code), [code]);
    }
}

#[test]
fn numbers_and_units_part() {
    assert_eq!(of_kind("1,200吨 -40~125°C 10-20V", TokenKind::Number), ["1200", "40", "125", "10", "20"]);
    assert_eq!(of_kind("5mΩ 25 ℃ 25°C 3.3V", TokenKind::Unit), ["mω", "℃", "℃", "v"]);
    assert_eq!(of_kind("C++ Wi-Fi", TokenKind::Latin), ["c++", "wi", "fi"]);
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
    fn words_stand_where_they_say(text in "[碳化硅的的器件a-zA-Z0-9 .,/%℃°+#-]{0,40}") {
        let folded = TEXT.fold_str(&text);
        let chars: Vec<char> = folded.chars().collect();
        for word in TEXT.dictionary_words(&folded) {
            let end = word.start + word.text.chars().count();
            prop_assert!(end > word.start + 1 && end <= chars.len());
            prop_assert_eq!(chars[word.start..end].iter().collect::<String>(), word.text);
            prop_assert!(folded[word.start_byte..].starts_with(word.text));
        }
    }

    #[test]
    fn odd_text_does_no_harm(text: String) {
        let _ = TEXT.dictionary_words(&TEXT.fold_str(&text)).count();
        let length = text.chars().count();
        let mut last = 0;
        for t in TEXT.query_terms(&text) {
            prop_assert!(t.start >= last && t.start < t.end && t.end <= length, "{:?}", t);
            last = t.start;
        }
    }
}

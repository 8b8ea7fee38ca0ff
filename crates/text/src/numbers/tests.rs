use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Vec<(String, f64)> {
    read_numbers(text).into_iter().map(|m| (m.text, m.value)).collect()
}

#[test]
fn numbers_are_read_in_running_text() {
    let cases = [
        ("投资3.5亿元，员工1,200人", vec![("3.5亿", 3.5e8), ("1,200", 1200.0)]),
        ("三千八百家企业，其中一半是新的", vec![("三千八百", 3800.0), ("一", 1.0)]),
        ("两亿三千万，四十多万", vec![("两亿三千万", 2.3e8), ("四十多万", 4e5)]),
        ("负三十二，-5，.5，2e5", vec![("负三十二", -32.0), ("-5", -5.0), (".5", 0.5), ("2e5", 2e5)]),
        ("五分之一，3/5", vec![("五分之一", 0.2), ("3/5", 0.6)]),
        (
            "增长25%，百分之三，提高2.4个百分点，三成",
            vec![("25%", 25.0), ("百分之三", 3.0), ("2.4个百分点", 2.4), ("三成", 30.0)],
        ),
        ("第三届，第12期", vec![("第三", 3.0), ("第12", 12.0)]),
        ("1.1万", vec![("1.1万", 11_000.0)]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|(t, v)| (t.to_owned(), v)).collect();
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn numerals_in_words_and_codes_are_none() {
    for text in
        ["四川", "长三角", "一切", "十分", "统一", "收拾", "A2", "3D打印", "https://a.b/c?d=30%25", "二三十个", "两岸"]
    {
        assert_eq!(read(text), [], "{text}");
    }
}

#[test]
fn the_numeral_in_a_share_is_known() {
    let m = &read_numbers("占百分之 五十")[0];
    assert_eq!((m.start, m.end, m.numeral, m.plain), (1, 7, (5, 7), 50.0));
}

proptest! {
    #[test]
    fn mentions_lie_where_they_say(text in "[0-9一二三两十百千万亿零点半几多余成折分之又第负%.,，^e/ 個萬\\-a]{0,50}") {
        let chars: Vec<char> = text.chars().collect();
        let mut last = 0;
        for m in read_numbers(&text) {
            prop_assert!(last <= m.start && m.start < m.end && m.end <= chars.len());
            prop_assert!(m.start <= m.numeral.0 && m.numeral.0 <= m.numeral.1 && m.numeral.1 <= m.end);
            prop_assert_eq!(&m.text, &chars[m.start..m.end].iter().collect::<String>());
            prop_assert!(m.value.is_finite());
            last = m.end;
        }
    }

    #[test]
    fn any_text_is_read(text: String) {
        let _ = read_numbers(&text);
    }

    #[test]
    fn printed_numbers_read_back(n in 0u64..1_000_000_000_000) {
        prop_assert_eq!(read(&format!("共{n}，")), [(n.to_string(), n as f64)]);
    }
}

use super::*;
use proptest::prelude::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The mentions as `text from..to`.
fn read(text: &str, reference: &str) -> Vec<String> {
    let show = |d: Option<Date>| d.map_or("?".to_owned(), |d| d.to_string());
    read_dates(text, Some(day(reference)))
        .into_iter()
        .map(|m| format!("{} {}..{}", m.text, show(m.from), show(m.to)))
        .collect()
}

#[test]
fn absolute_dates_are_read() {
    for text in [
        "2023年12月18日",
        "2023-12-18",
        "2023/12/18",
        "2023.12.18",
        "二〇二三年十二月十八日",
        "２０２３年１２月１８日",
        "20231218",
    ] {
        assert_eq!(read(&format!("会议于{text}召开。"), "2024-03-01"), [format!("{text} 2023-12-18..2023-12-18")]);
    }
}

#[test]
fn what_is_missing_is_taken_from_the_reference() {
    assert_eq!(read("12月18日，大会在无锡举行", "2023-12-20"), ["12月18日 2023-12-18..2023-12-18"]);
    assert_eq!(read("12月28日签约", "2024-01-03"), ["12月28日 2023-12-28..2023-12-28"]);
    assert_eq!(read("18日上午开幕", "2023-12-20"), ["18日 2023-12-18..2023-12-18"]);
    assert_eq!(read("5月8日至10日", "2023-05-12"), ["5月8日至10日 2023-05-08..2023-05-10"]);
    assert_eq!(read("2023年5月30日—6月2日", "2020-01-01"), ["2023年5月30日—6月2日 2023-05-30..2023-06-02"]);
    assert_eq!(read("7至9月", "2023-05-12"), ["7至9月 2023-07-01..2023-09-30"]);
}

#[test]
fn relative_dates_are_read() {
    let cases = [
        ("昨天", "昨天 2023-12-19..2023-12-19"),
        ("今年上半年", "今年上半年 2023-01-01..2023-06-30"),
        ("去年底", "去年底 2022-11-01..2022-12-31"),
        ("上周五", "上周五 2023-12-15..2023-12-15"),
        ("本月", "本月 2023-12-01..2023-12-31"),
        ("近日", "近日 2023-12-20..2023-12-20"),
        ("第三季度", "第三季度 2023-07-01..2023-09-30"),
        ("近三年", "近三年 2020-12-20..2023-12-19"),
        ("“十四五”期间", "“十四五”期间 2021-01-01..2025-12-31"),
        ("上世纪90年代", "上世纪90年代 1990-01-01..1999-12-31"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(&format!("他{text}，参观园区"), "2023-12-20"), [expected]);
    }
}

#[test]
fn the_same_day_is_that_of_the_text() {
    let text = "2023年5月8日，两家签约。当天，工厂开工，次日投产，同年底达产。";
    assert_eq!(
        read(text, "2024-01-01"),
        [
            "2023年5月8日 2023-05-08..2023-05-08",
            "当天 2023-05-08..2023-05-08",
            "次日 2023-05-09..2023-05-09",
            "同年底 2023-11-01..2023-12-31"
        ]
    );
}

#[test]
fn without_a_reference_only_the_words_count() {
    let mentions = read_dates("12月18日开会，2023年12月19日闭会，20日离开", None);
    let from: Vec<_> = mentions.iter().map(|m| m.from).collect();
    assert_eq!(from, [None, Some(day("2023-12-19")), Some(day("2023-12-20"))]);
    assert_eq!(mentions.iter().map(|m| m.relative).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn what_only_looks_like_a_date_is_none() {
    for text in [
        "共有18个项目",
        "编号3-15-2A",
        "三分之二",
        "一日之计在于晨",
        "用了15年",
        "今后天气好",
        "第3月球车",
        "型号2018A",
        "IPv4 10.1.2.3",
        "5日均线",
        "18号线",
        "周一鸣院士",
        "提前天数",
        "三个月",
        "每周三",
        "十四五个人",
        "3.5亿元",
    ] {
        assert_eq!(read(text, "2023-12-20"), [""; 0], "{text}");
    }
}

#[test]
fn a_day_that_is_none_has_no_date() {
    let mention = &read_dates("2月30日", Some(day("2020-03-22")))[0];
    assert_eq!((mention.from, mention.granularity), (None, Granularity::Day));
    let lunar = &read_dates("正月初一", Some(day("2020-03-22")))[0];
    assert!(lunar.lunar && lunar.from.is_none());
}

proptest! {
    #[test]
    fn mentions_lie_where_they_say(text in "[0-9一二三十年月日号上下周去今昨前后近至到,，。\\-/. 第季度世纪代从在“”五期间a元正農歷\n]{0,60}") {
        let chars: Vec<char> = text.chars().collect();
        let mut last = 0;
        for m in read_dates(&text, Some(day("2023-12-20"))) {
            prop_assert!(last <= m.start && m.start < m.end && m.end <= chars.len());
            prop_assert_eq!(&m.text, &chars[m.start..m.end].iter().collect::<String>());
            prop_assert!(m.from <= m.to);
            last = m.end;
        }
    }

    #[test]
    fn any_text_is_read(text: String) {
        let _ = read_dates(&text, None);
    }

    #[test]
    fn every_day_reads_back(n in -200_000i64..300_000) {
        let date = day("1970-01-01").saturating_add(jiff::Span::new().days(n));
        if date.year() < 1000 || date.year() >= 2300 { return Ok(()); }
        for text in [date.to_string(), format!("{}年{}月{}日", date.year(), date.month(), date.day())] {
            let found = read_dates(&text, None);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(found[0].from, Some(date));
        }
    }
}

use super::*;
use crate::unit::tests::table;
use proptest::prelude::*;

/// The amounts of a text as `text value unit`.
fn read(text: &str) -> Vec<String> {
    let show = |m: AmountMention| {
        let value = if m.from == m.to { m.from.to_string() } else { format!("{}~{}", m.from, m.to) };
        format!("{} {value} {}", m.text, m.unit)
    };
    let units = table();
    AmountReader::new(&units).read(text).into_iter().map(show).collect()
}

#[test]
fn money_is_read_with_its_currency() {
    let cases = [
        ("总投资3541.07万元", "3541.07万元 35410700 CNY"),
        ("人民币50元", "人民币50元 50 CNY"),
        ("五元三毛", "五元三毛 5.3 CNY"),
        ("约4.287亿美元", "4.287亿美元 428700000 USD"),
        ("三万元欧元", "三万元欧元 30000 EUR"),
        ("十几万港币", "十几万港币 100000~200000 HKD"),
        ("2000余元", "2000余元 2000~3000 CNY"),
        ("2-3万元", "2-3万元 20000~30000 CNY"),
        ("8500到3万港元", "8500到3万港元 8500~30000 HKD"),
        ("数十亿元", "数十亿元 1000000000~10000000000 CNY"),
        ("三五百块", "三五百块 300~500 CNY"),
        ("壹仟玖佰圆整", "壹仟玖佰圆整 1900 CNY"),
        ("$20", "$20 20 USD"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(&format!("，{text}，")), [expected]);
    }
}

#[test]
fn ages_and_measures_are_read() {
    assert_eq!(read("她五岁，孩子十个月大"), ["五岁 5 年", "十个月大 10 月"]);
    assert_eq!(read("华氏温度98.6度，零下五度"), ["华氏温度98.6度 98.6 ℉", "零下五度 -5 °"]);
    assert_eq!(read("重三吨半，长2毫米，存五十兆字节"), ["三吨半 3.5 吨", "2毫米 2 毫米", "五十兆字节 50 MB"]);
}

#[test]
fn how_an_amount_is_meant_is_known() {
    let units = table();
    let comparator = |text: &str| AmountReader::new(&units).read(text)[0].comparator;
    assert_eq!(comparator("不少于50万元"), Comparator::AtLeast);
    assert_eq!(comparator("50万元（含）以上"), Comparator::AtLeast);
    assert_eq!(comparator("近700万元"), Comparator::About);
    assert_eq!(comparator("1万-5万元"), Comparator::Range);
    assert_eq!(comparator("5万元"), Comparator::Equal);
}

#[test]
fn what_has_no_unit_is_none() {
    for text in ["五角大楼", "一元素", "2023年", "三块电池", "12月8日", "订单号 A202107211321", "四川"]
    {
        assert_eq!(read(text), [""; 0], "{text}");
    }
}

proptest! {
    #[test]
    fn amounts_lie_where_they_say(text in "[0-9一三五十百万亿几多余半元块角毛美欧港币$¥岁度米斤克零下到至~.，个大 \\-]{0,40}") {
        let units = table();
        let chars: Vec<char> = text.chars().collect();
        let mut last = 0;
        for m in AmountReader::new(&units).read(&text) {
            prop_assert!(last <= m.start && m.start < m.end && m.end <= chars.len());
            prop_assert_eq!(&m.text, &chars[m.start..m.end].iter().collect::<String>());
            prop_assert!(m.from <= m.to, "{} {}", m.from, m.to);
            last = m.end;
        }
    }
}

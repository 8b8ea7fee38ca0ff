use super::*;
use crate::unit::tests::table;
use proptest::prelude::*;

/// The quantities of a text as `text => interval`.
fn read(text: &str) -> Vec<String> {
    let units = table();
    read_quantities(text, &units).into_iter().map(|m| format!("{} => {}", m.text, rounded(&m.interval))).collect()
}

/// The interval with the last bits of its sums left out.
fn rounded(i: &Interval) -> Interval {
    let round = |v: Option<f64>| v.map(|v| (v * 1e9).round() / 1e9);
    Interval { min: round(i.min), max: round(i.max), unit: i.unit.clone() }
}

#[test]
fn ranges_are_read() {
    assert_eq!(read("工作温度-40℃~125℃，"), ["-40℃~125℃ => -40~125 ℃"]);
    assert_eq!(read("温度−40°C 至 +125°C"), ["−40°C 至 +125°C => -40~125 °C"]);
    assert_eq!(read("预算50-80万元"), ["50-80万元 => 50~80 万元"]);
    assert_eq!(read("电流５００ｍＡ～２Ａ"), ["５００ｍＡ～２Ａ => 0.5~2 A"]);
    assert_eq!(read("周期3—6个月以内"), ["3—6个月以内 => 3~6 个月"]);
    assert_eq!(read("-55 to 150 ℃"), ["-55 to 150 ℃ => -55~150 ℃"]);
    assert_eq!(read("-40℃≤Tj≤125℃"), ["-40℃≤Tj≤125℃ => -40~125 ℃"]);
    assert_eq!(read("三到五年"), ["三到五年 => 3~5 年"]);
}

#[test]
fn limits_are_read() {
    assert_eq!(read("纯度不低于99.99%"), ["不低于99.99% => ≥99.99 %"]);
    assert_eq!(read("导通电阻5mΩ以下"), ["5mΩ以下 => ≤5 mΩ"]);
    assert_eq!(read("绝缘电阻≥10 MΩ"), ["≥10 MΩ => ≥10 MΩ"]);
    assert_eq!(read("年产量不少于1,200吨"), ["不少于1,200吨 => ≥1200 吨"]);
    assert_eq!(read("10天内交货"), ["10天内 => ≤10 天"]);
    assert_eq!(read("精度优于0.1%，良率优于95%"), ["优于0.1% => ≤0.1 %", "优于95% => ≥95 %"]);
    assert_eq!(read("不少于3个，至少八台"), ["不少于3个 => ≥3 个", "至少八台 => ≥8 台"]);
    assert_eq!(read("at least 5 V, max 2A"), ["at least 5 V => ≥5 V", "max 2A => ≤2 A"]);
    assert_eq!(read("百分之九十五以上"), ["百分之九十五以上 => ≥95 %"]);
}

#[test]
fn points_and_tolerances_are_read() {
    let units = table();
    assert_eq!(read("供电3.3V，12英寸晶圆，约5mm"), ["3.3V => 3.3 V", "12英寸 => 12 英寸", "约5mm => 5 mm"]);
    assert_eq!(read("精度±0.5%"), ["±0.5% => -0.5~0.5 %"]);
    assert_eq!(read("12V±5%"), ["12V±5% => 11.4~12.6 V"]);
    assert_eq!(read("25±2℃"), ["25±2℃ => 23~27 ℃"]);
    assert_eq!(read("1e-6 Pa或2×10⁻³Pa"), ["1e-6 Pa => 0.000001 Pa", "2×10⁻³Pa => 0.002 Pa"]);
    assert_eq!(read("投资3.5亿元、100余万元"), ["3.5亿元 => 350000000 元", "100余万元 => 100 万元"]);
    assert_eq!(read("面积200m2、十二英寸"), ["200m2 => 200 m²", "十二英寸 => 12 英寸"]);
    let about = read_quantities("约5mm左右", &units);
    assert_eq!((about[0].comparator, about[0].start, about[0].end), (Comparator::About, 0, 6));
    assert_eq!(read_quantities("大于5V", &units)[0].comparator, Comparator::MoreThan);
}

#[test]
fn what_only_looks_like_a_quantity_is_none() {
    for text in [
        "AEC-Q100 Grade 1",
        "TMS320F28335",
        "LM1117-3.3V",
        "GB/T 4754-2017",
        "GB 4706.1-2005 V",
        "2023年12月18日",
        "2023-12-18",
        "2020-2025年",
        "电话0510-85123456",
        "5元/吨",
        "第三年",
        "一台",
        "10×20mm",
        "5×100mm",
        "第5天",
        "第十五天",
        "5天然气站",
        "3方面",
        "“十四五”规划",
        "十分重要",
        "三五天",
    ] {
        assert_eq!(read(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn a_field_is_read() {
    let units = table();
    let field = |text: &str, unit: &str| parse_interval(text, &units, unit).map(|i| rounded(&i).to_string());
    let cases = [
        ("-40~125℃", "℃", "-40~125 ℃"),
        ("-40 ~ 125", "℃", "-40~125 ℃"),
        ("≥99.99%", "%", "≥99.99 %"),
        ("5mΩ以下", "Ω", "≤5 mΩ"),
        ("50-80万元", "万元", "50~80 万元"),
        ("不低于10吨", "吨", "≥10 吨"),
        ("±0.5%", "%", "-0.5~0.5 %"),
        ("3.3", "V", "3.3 V"),
        ("一千二百", "V", "1200 V"),
        ("3.5万", "元", "35000 元"),
        ("≥3V且≤5V", "V", "3~5 V"),
        ("1,200", "", "1200"),
        (" 12 英寸 ", "mm", "12 英寸"),
        ("1e-6 Pa", "Pa", "0.000001 Pa"),
        ("≤5 月", "天", "≤5 月"),
        ("3~6 月", "天", "3~6 月"),
    ];
    for (text, unit, want) in cases {
        assert_eq!(field(text, unit).as_deref(), Some(want), "{text}");
    }
    for none in ["", "待定", "5 foo", "3V 5A 7A", "2023-12-18", "约", "3V 5A"] {
        assert_eq!(field(none, "V"), None, "{none}");
    }
}

#[test]
fn offsets_are_characters_of_the_given_text() {
    let text = "额定电压：不大于 ５Ｖ，电流2A";
    let chars: Vec<char> = text.chars().collect();
    for m in read_quantities(text, &table()) {
        assert_eq!(chars[m.start..m.end].iter().collect::<String>(), m.text);
    }
    assert_eq!(read(text), ["不大于 ５Ｖ => ≤5 V", "2A => 2 A"]);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "[0-9.,~±+≤≥x×^e至万亿三十百分之不大于以上内VmΩ%℃元年月日/ -]{0,40}") {
        let units = table();
        let length = text.chars().count();
        let mut last = 0;
        for m in read_quantities(&text, &units) {
            prop_assert!(m.start >= last && m.end > m.start && m.end <= length, "{:?}", m);
            prop_assert!(m.interval.min.is_some() || m.interval.max.is_some());
            last = m.end;
        }
        let _ = parse_interval(&text, &units, "V");
    }

    #[test]
    fn odd_text_does_no_harm(text: String) {
        let _ = read_quantities(&text, &table());
        let _ = parse_interval(&text, &table(), "");
    }

    /// What is written out reads back, whatever the numbers and the unit.
    #[test]
    fn printed_intervals_read_back(
        low in finite(), high in finite(), ends in 0..4, unit in prop::sample::select(symbols()),
    ) {
        let (a, b) = (low.min(high), low.max(high));
        let (min, max) = match ends {
            0 => (Some(a), None),
            1 => (None, Some(b)),
            2 => (Some(a), Some(a)),
            _ => (Some(a), Some(b)),
        };
        let interval = Interval { min, max, unit };
        prop_assert_eq!(parse_interval(&interval.to_string(), &table(), ""), Some(interval));
    }
}

fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![
        prop::num::f64::NORMAL,
        (-1_000_000i32..1_000_000).prop_map(f64::from),
        (-100_000i32..100_000).prop_map(|n| f64::from(n) / 1000.0),
        Just(0.0),
    ]
}

/// Every symbol of the catalog's units, and none.
fn symbols() -> Vec<String> {
    table().by_symbol.into_keys().chain([String::new()]).collect()
}

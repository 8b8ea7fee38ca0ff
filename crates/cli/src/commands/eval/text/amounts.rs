//! Amounts, measured on Recognizers-Text and JioNLP.

use std::path::Path;

use keqiao_catalog::Units;
use keqiao_text::{AmountKind, AmountMention, AmountReader};
use serde_json::Value;

use super::numbers::{same_form, value_of};
use super::recognizers::each;
use super::report::{Found, Outcome, cases};

/// The names of units in the cases: what keqiao calls them.
const UNITS: &[(&str, &[&str])] = &[
    ("Year", &["年"]),
    ("Month", &["月"]),
    ("Week", &["周"]),
    ("Day", &["天"]),
    ("Chinese yuan", &["CNY"]),
    ("Euro", &["EUR"]),
    ("United States dollar", &["USD"]),
    ("Dollar", &["USD"]),
    ("Swiss franc", &["CHF"]),
    ("Hong Kong dollar", &["HKD"]),
    ("New Taiwan dollar", &["TWD"]),
    ("Japanese yen", &["JPY"]),
    ("Nigerian naira", &["NGN"]),
    ("Bitcoin", &["XBT"]),
    ("Mu", &["亩"]),
    ("Kilogram", &["kg", "公斤", "千克"]),
    ("Gram", &["g", "克"]),
    ("Microgram", &["μg", "微克"]),
    ("Ton", &["t", "吨"]),
    ("Jin", &["斤"]),
    ("Liang", &["两"]),
    ("Centimeter", &["cm", "公分", "厘米"]),
    ("Meter", &["m", "米"]),
    ("Kilometer", &["km", "千米", "公里"]),
    ("Kilobit", &["kbit"]),
    ("Kilobyte", &["KB"]),
    ("Megabyte", &["MB"]),
    ("Degree", &["°"]),
    ("F", &["℉", "°F"]),
    ("C", &["℃", "°C", "摄氏度"]),
];

/// Units a thousand times another: 12千米 may be read as 12 km or as 12,000 m.
const THOUSANDS: &[(&str, &[&str])] =
    &[("Kilometer", &["m", "米"]), ("Kilogram", &["g", "克"]), ("Kilobit", &["bit"]), ("Kilobyte", &["B"])];

pub(super) fn measure(data: &Path, units: &Units) -> Vec<Outcome> {
    let reader = AmountReader::new(units);
    let temperature =
        |m: &AmountMention| matches!(m.unit.as_str(), "°" | "℃" | "℉" | "°C" | "°F" | "摄氏度" | "华氏度");
    // Durations and counts are no dimensions in these cases.
    let other =
        |m: &AmountMention| units.get(&m.unit).is_some_and(|u| matches!(u.dimension.as_str(), "time" | "count"));
    vec![
        recognizers(data, &reader, "recognizers Currency", "CurrencyModel", |m| m.kind == AmountKind::Money),
        recognizers(data, &reader, "recognizers Dimension", "DimensionModel", |m| {
            m.kind == AmountKind::Measure && !temperature(m) && !other(m)
        }),
        recognizers(data, &reader, "recognizers Age", "AgeModel", |m| m.kind == AmountKind::Age),
        recognizers(data, &reader, "recognizers Temperature", "TemperatureModel", temperature),
        money(data, &reader),
        money_spans(data, &reader),
    ]
}

fn recognizers(
    data: &Path,
    reader: &AmountReader<'_>,
    name: &'static str,
    file: &str,
    select: impl Fn(&AmountMention) -> bool,
) -> Outcome {
    let mut outcome = Outcome::new(name);
    each(data, "NumberWithUnit", &[file], &mut outcome, |outcome, input, _, expected| {
        let expected: Vec<Found> = expected
            .iter()
            .map(|e| e.found(format!("{} {}", value_of(e), e.result["Resolution"]["unit"].as_str().unwrap_or("?"))))
            .collect();
        let got: Vec<Found> = reader
            .read(input)
            .iter()
            .filter(|m| select(m))
            .enumerate()
            .map(|(i, m)| Found { span: (m.start, m.end), value: in_form(m, expected.get(i)) })
            .collect();
        outcome.mentions(input, &expected, &got);
    });
    outcome
}

/// The amount in the words of the case, where number and unit are the same.
fn in_form(m: &AmountMention, expected: Option<&Found>) -> String {
    let own = format!("{} {}", m.from, m.unit);
    let Some((value, unit)) = expected.and_then(|e| e.value.split_once(' ')) else { return own };
    let names = |list: &[(&str, &[&str])]| list.iter().any(|(n, own)| *n == unit && own.contains(&m.unit.as_str()));
    let factor = match () {
        () if names(UNITS) => 1.0,
        () if names(THOUSANDS) => 1e3,
        () => return own,
    };
    let plain = Found { span: (0, 0), value: value.to_owned() };
    format!("{} {unit}", same_form(m.from / factor, Some(&plain)))
}

/// The names of currencies in JioNLP's cases.
const CURRENCIES: &[(&str, &str)] = &[
    ("元", "CNY"),
    ("港元", "HKD"),
    ("美元", "USD"),
    ("日元", "JPY"),
    ("新台币", "TWD"),
    ("泰铢", "THB"),
    ("卢布", "RUB"),
    ("欧元", "EUR"),
    ("澳元", "AUD"),
    ("韩元", "KRW"),
];

/// The parser's cases: the text is one sum. A text that names no currency is left out.
fn money(data: &Path, reader: &AmountReader<'_>) -> Outcome {
    let mut outcome = Outcome::new("jionlp money_parser (sum, currency)");
    let Some(file) = cases(data, "jionlp_cases/test_money_parser.json", &mut outcome) else { return outcome };
    for case in sets(&file) {
        let (Some(input), answer) = (case[0].as_str(), &case[1]) else { continue };
        if !input.contains(['元', '块', '圆', '币', '铢', '布', '镑']) {
            outcome.leave_out("names no currency");
            continue;
        }
        let currency = CURRENCIES.iter().find(|(name, _)| answer["case"] == *name).map_or("?", |(_, iso)| iso);
        let number = |v: &Value| v.as_str().and_then(|v| v.parse::<f64>().ok()).unwrap_or(f64::NAN);
        let (from, to) = match answer["num"].as_array() {
            Some(list) => (number(&list[0]), number(&list[list.len() - 1])),
            None => (number(&answer["num"]), number(&answer["num"])),
        };
        // The cases cut to the cent.
        let cents = |v: f64| (v * 100.0 + 1e-6).floor() / 100.0;
        let show = |from: f64, to: f64, unit: &str| format!("{}..{} {unit}", cents(from), cents(to));
        let got: Vec<String> = reader.read(input).iter().map(|m| show(m.from, m.to, &m.unit)).collect();
        let cause = if got.is_empty() { "not found" } else { "other sum" };
        outcome.case(input, &show(from, to, currency), &got.join(", "), cause);
    }
    outcome
}

fn sets(file: &Value) -> impl Iterator<Item = &Value> {
    file.as_array().into_iter().flatten().flat_map(|set| set["cases"].as_array().into_iter().flatten())
}

/// The extractor's cases: which words of a sentence are a sum.
fn money_spans(data: &Path, reader: &AmountReader<'_>) -> Outcome {
    let mut outcome = Outcome::new("jionlp money_extractor (spans)");
    let Some(file) = cases(data, "jionlp_cases/test_money_extractor.json", &mut outcome) else { return outcome };
    for case in sets(&file) {
        let (Some(input), Some(list)) = (case[0].as_str(), case[1].as_array()) else { continue };
        let place = |v: &Value| v.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        let found = |t: &Value| Found { span: (place(&t["offset"][0]), place(&t["offset"][1])), value: String::new() };
        let expected: Vec<Found> = list.iter().map(found).collect();
        let read = reader.read(input);
        let sums = read.iter().filter(|m| m.kind == AmountKind::Money);
        let got: Vec<Found> = sums.map(|m| Found { span: (m.start, m.end), value: String::new() }).collect();
        outcome.mentions(input, &expected, &got);
    }
    outcome
}

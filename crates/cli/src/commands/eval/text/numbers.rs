//! Numbers, shares and ordinals, measured on Recognizers-Text and cn2an.

use std::path::Path;

use keqiao_catalog::Units;
use keqiao_text::{AmountReader, NumberKind, NumberMention, parse_number, read_numbers};
use serde_json::Value;

use super::recognizers::{Expected, each};
use super::report::{Found, Outcome, cases};

pub(super) fn measure(data: &Path, units: &Units) -> Vec<Outcome> {
    vec![
        recognizers(data, "recognizers Number", "NumberModel", plain),
        recognizers(data, "recognizers Percent", "PercentModel", |m| of_kind(m, NumberKind::Percent)),
        recognizers(data, "recognizers Ordinal", "OrdinalModel", |m| of_kind(m, NumberKind::Ordinal)),
        ranges(data),
        chinese_numbers(data, units),
        transformed(data, units),
        written(data),
    ]
}

/// A mention as the numbers' cases count it: of a share or ordinal only the numeral.
fn plain(m: &NumberMention) -> Option<((usize, usize), f64)> {
    match m.kind {
        NumberKind::Cardinal | NumberKind::Fraction => Some(((m.start, m.end), m.value)),
        NumberKind::Percent | NumberKind::Ordinal => (m.numeral.0 < m.numeral.1).then_some((m.numeral, m.plain)),
    }
}

fn of_kind(m: &NumberMention, kind: NumberKind) -> Option<((usize, usize), f64)> {
    (m.kind == kind).then_some(((m.start, m.end), m.value))
}

fn recognizers(
    data: &Path,
    name: &'static str,
    file: &str,
    select: impl Fn(&NumberMention) -> Option<((usize, usize), f64)>,
) -> Outcome {
    let mut outcome = Outcome::new(name);
    each(data, "Number", &[file], &mut outcome, |outcome, input, _, expected| {
        let expected: Vec<Found> = expected.iter().map(|e| e.found(value_of(e))).collect();
        let got: Vec<Found> = read_numbers(input)
            .iter()
            .filter_map(&select)
            .enumerate()
            .map(|(i, (span, value))| Found { span, value: same_form(value, expected.get(i)) })
            .collect();
        outcome.mentions(input, &expected, &got);
    });
    outcome
}

/// Ranges of numbers without a unit (`大于20`) are no mentions of their own: limits are read
/// with their quantities, which these cases do not ask for. They are counted, not judged.
fn ranges(data: &Path) -> Outcome {
    let mut outcome = Outcome::new("recognizers NumberRange");
    each(data, "Number", &["NumberRangeModel"], &mut outcome, |outcome, _, _, _| {
        outcome.leave_out("ranges of bare numbers, which are not read");
    });
    outcome
}

/// The value a case gives, without the sign of per cent.
pub(super) fn value_of(expected: &Expected<'_>) -> String {
    expected.result["Resolution"]["value"].as_str().unwrap_or_default().trim_end_matches('%').to_owned()
}

/// The value in the words of the case where both are the same number to thirteen digits.
pub(super) fn same_form(value: f64, expected: Option<&Found>) -> String {
    match expected.and_then(|e| e.value.parse::<f64>().ok().map(|v| (v, &e.value))) {
        Some((v, text)) if (v - value).abs() <= v.abs() * 1e-13 => text.clone(),
        _ => value.to_string(),
    }
}

fn sets(file: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = file.as_array().into_iter().flatten();
    all.flat_map(|set| {
        let name = set["var"].as_str().unwrap_or_default();
        set["cases"].as_array().into_iter().flatten().map(move |case| (name, case))
    })
}

/// Chinese numerals alone, right and wrong ones.
fn chinese_numbers(data: &Path, units: &Units) -> Outcome {
    let mut outcome = Outcome::new("cn2an cn2an");
    let Some(file) = cases(data, "cn2an_cases/cn2an_test.json", &mut outcome) else { return outcome };
    for (set, case) in sets(&file) {
        let got = |text: &str| parse_number(text).map_or("none".to_owned(), |v| v.to_string());
        match set.trim_start_matches("self.") {
            "strict_data_dict" | "normal_data_dict" | "smart_data_dict" => {
                let (Some(input), Some(value)) = (case[0].as_str(), case[1].as_f64()) else { continue };
                if input.contains(['元', '圆']) {
                    money(&mut outcome, units, input, value);
                    continue;
                }
                let expected = Found { span: (0, 0), value: value.to_string() };
                let got = parse_number(input).map_or("none".to_owned(), |v| same_form(v, Some(&expected)));
                outcome.case(input, &expected.value, &got, "other value");
            }
            "direct_data_dict" => outcome.leave_out("a string of digits (\"003\"), no number"),
            "error_strict_datas" if case.as_str().is_some_and(|t| matches!(t, "一一" | "壹壹")) => {
                outcome.leave_out("wrong in its strict mode, right in its normal mode, which is read here");
            }
            _ => {
                let Some(input) = case.as_str() else { continue };
                outcome.case(input, "none", &got(input), "read though it is none");
            }
        }
    }
    outcome
}

/// A sum of money is an amount: one mention that takes the whole text.
fn money(outcome: &mut Outcome, units: &Units, input: &str, value: f64) {
    let expected = Found { span: (0, input.chars().count()), value: value.to_string() };
    let got: Vec<Found> = AmountReader::new(units)
        .read(input)
        .iter()
        .map(|m| Found { span: (m.start, m.end), value: same_form(m.from, Some(&expected)) })
        .collect();
    outcome.mentions(input, &[expected], &got);
}

/// Sentences whose Chinese numerals are put into digits.
fn transformed(data: &Path, units: &Units) -> Outcome {
    let mut outcome = Outcome::new("cn2an transform (Chinese to digits)");
    let Some(file) = cases(data, "cn2an_cases/transform_test.json", &mut outcome) else { return outcome };
    for (set, case) in sets(&file) {
        let (Some(input), Some(expected)) = (case[0].as_str(), case[1].as_str()) else { continue };
        match set.trim_start_matches("self.") {
            "smart_data_dict" => outcome.case(input, expected, &in_digits(input, units), "other digits"),
            // These go from digits to Chinese; read the other way they are cases as well.
            "strict_data_dict" => outcome.leave_out("writes Chinese numerals, which keqiao does not"),
            _ => outcome.leave_out("a string of digits (\"003\"), no number"),
        }
    }
    outcome
}

/// A text with each number it holds put into digits, and with it the unit where the
/// number is said by a word beside it (`半斤`, `零下四摄氏度`).
fn in_digits(text: &str, units: &Units) -> String {
    let chars: Vec<char> = text.chars().collect();
    let amounts = AmountReader::new(units).read(text);
    let worded = amounts.iter().filter(|m| m.text.starts_with("半") || m.text.starts_with("零下"));
    let mut spans: Vec<((usize, usize), String)> = worded
        .map(|m| {
            let symbol = units.get(&m.unit).map_or(m.unit.as_str(), |u| u.symbol.as_str());
            ((m.start, m.end), format!("{}{symbol}", m.from))
        })
        .collect();
    spans.extend(read_numbers(text).iter().filter_map(plain).map(|(span, value)| (span, value.to_string())));
    spans.sort_by_key(|(span, _)| span.0);
    let mut out = String::new();
    let mut last = 0;
    for ((start, end), digits) in spans {
        if start >= last {
            out.extend(&chars[last..start]);
            out.push_str(&digits);
            last = end;
        }
    }
    out.extend(&chars[last..]);
    out
}

/// Numbers written in Chinese, which are read back: both spellings have the value.
fn written(data: &Path) -> Outcome {
    let mut outcome = Outcome::new("cn2an an2cn (read back)");
    let Some(file) = cases(data, "cn2an_cases/an2cn_test.json", &mut outcome) else { return outcome };
    for (set, case) in sets(&file) {
        if set != "self.input_data" {
            outcome.leave_out("how numbers are written, or which cannot be");
            continue;
        }
        let Some(value) = case[0].as_f64() else { continue };
        for spelling in case[1].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if spelling.contains(['元', '角', '分']) {
                outcome.leave_out("money, rounded to the cent");
                continue;
            }
            let expected = Found { span: (0, 0), value: value.to_string() };
            let got = parse_number(spelling).map_or("none".to_owned(), |v| same_form(v, Some(&expected)));
            outcome.case(spelling, &expected.value, &got, "other value");
        }
    }
    outcome
}

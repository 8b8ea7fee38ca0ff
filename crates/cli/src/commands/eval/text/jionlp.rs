//! JioNLP's cases of times.

use std::path::Path;

use jiff::civil::Date;
use keqiao_text::{DateMention, Lean, read_dates_leaning};
use serde_json::Value;

use super::report::{Found, Outcome, cases};

/// The days the cases of the parser were written for, by the names they use.
const BASES: &[(&str, &str)] = &[("_ts_1", "2021-06-14"), ("_ts_2", "2021-09-02")];

/// One case: the text, the day of reference and the answer.
struct Case {
    input: String,
    reference: Option<Date>,
    kind: String,
    times: Vec<String>,
}

/// The parser's cases, to the day: the whole text is one time.
pub(super) fn times(data: &Path) -> Outcome {
    let mut outcome = Outcome::new("jionlp time_parser (to the day)");
    let Some(file) = cases(data, "jionlp_cases/test_time_parser.json", &mut outcome) else { return outcome };
    for case in file.as_array().into_iter().flatten().flat_map(|set| set["cases"].as_array().into_iter().flatten()) {
        let Some(case) = read_case(case) else {
            outcome.leave_out("cannot be read");
            continue;
        };
        match (case.kind.as_str(), case.times.as_slice()) {
            ("time_point" | "time_span", [from, to]) if !from.contains("inf") && !to.contains("inf") => {
                judge(&mut outcome, &case, from, to);
            }
            ("time_point" | "time_span", _) => outcome.leave_out("open-ended"),
            ("time_delta", _) => outcome.leave_out("a duration, no date"),
            _ => outcome.leave_out("a repetition, no date"),
        }
    }
    outcome
}

fn judge(outcome: &mut Outcome, case: &Case, from: &str, to: &str) {
    let day = |time: &str| time.get(..10).unwrap_or(time).to_owned();
    if !(from.ends_with("00:00:00") && to.ends_with("23:59:59")) {
        outcome.leave_out("finer than a day");
        return;
    }
    let read: Vec<DateMention> = read_dates_leaning(&case.input, case.reference, Lean::Nearest);
    let show = |d: Option<Date>| d.map_or("none".to_owned(), |d| d.to_string());
    let got: Vec<String> = read.iter().map(|m| format!("{}..{}", show(m.from), show(m.to))).collect();
    let cause = match read.as_slice() {
        [] => "not found",
        [m] if m.from.is_none() => "no day reckoned",
        [_] => "other days",
        _ => "read as several",
    };
    outcome.case(&case.input, &format!("{}..{}", day(from), day(to)), &got.join(", "), cause);
}

/// A case as a list, or as the text of one.
fn read_case(case: &Value) -> Option<Case> {
    if let Some(list) = case.as_array() {
        let answer = list.last()?;
        let times = answer["time"].as_array().into_iter().flatten().filter_map(|t| t.as_str().map(str::to_owned));
        return Some(Case {
            input: list.first()?.as_str()?.to_owned(),
            reference: base(list.get(1)?),
            kind: answer["type"].as_str()?.to_owned(),
            times: times.collect(),
        });
    }
    let text = case["_unparsed"].as_str()?;
    let mut quoted = text.split('\'').skip(1).step_by(2);
    let input = quoted.next()?.to_owned();
    let reference = BASES.iter().find(|(name, _)| text.contains(name)).and_then(|(_, day)| day.parse().ok());
    let after = |key: &str| text.split_once(key).map(|(_, rest)| rest);
    let kind = after("'type': '")?.split('\'').next()?.to_owned();
    let times = after("'time': [").and_then(|t| t.split_once(']')).map_or("", |(list, _)| list);
    let times = times.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    let reference = reference.or_else(|| python_date(after("datetime.datetime(")?.split(')').next()?));
    Some(Case { input, reference, kind, times })
}

fn python_date(list: &str) -> Option<Date> {
    let mut parts = list.split(',').map(|p| p.trim().parse::<i16>());
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A base given as `[2008, 3, 13]`, `{"year": 1837}` or seconds since 1970.
fn base(value: &Value) -> Option<Date> {
    let part = |i: usize, key: &str| value.get(i).or_else(|| value.get(key)).and_then(Value::as_i64);
    if let Some(seconds) = value.as_f64() {
        let days = (seconds / 86_400.0).floor();
        return Date::constant(1970, 1, 1).checked_add(jiff::SignedDuration::from_hours(days as i64 * 24)).ok();
    }
    let small = |n: Option<i64>| n.and_then(|n| i8::try_from(n).ok());
    let year = i16::try_from(part(0, "year")?).ok()?;
    Date::new(year, small(part(1, "month")).unwrap_or(1), small(part(2, "day")).unwrap_or(1)).ok()
}

/// The extractor's cases: which words of a sentence are a time. Times of day are left out.
pub(super) fn time_spans(data: &Path) -> Outcome {
    let mut outcome = Outcome::new("jionlp time_extractor (spans)");
    let Some(file) = cases(data, "jionlp_cases/test_time_extractor.json", &mut outcome) else { return outcome };
    for case in file.as_array().into_iter().flatten().flat_map(|set| set["cases"].as_array().into_iter().flatten()) {
        let (Some(input), Some(list)) = (case[0].as_str(), case[1].as_array()) else { continue };
        let place = |v: &Value| v.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        let found = |t: &Value| Found { span: (place(&t["offset"][0]), place(&t["offset"][1])), value: String::new() };
        if list.iter().any(|t| t["text"].as_str().is_some_and(|t| t.contains(['点', ':', '时']))) {
            outcome.leave_out("finer than a day");
            continue;
        }
        let expected: Vec<Found> = list.iter().map(found).collect();
        let read = read_dates_leaning(input, BASES[0].1.parse().ok(), Lean::Nearest);
        let got: Vec<Found> =
            read.iter().map(|m| Found { span: (m.start, m.end), value: String::new() }).collect();
        outcome.mentions(input, &expected, &got);
    }
    outcome
}

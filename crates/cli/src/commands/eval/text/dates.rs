//! Dates and periods, measured on Recognizers-Text and JioNLP.

use std::path::Path;

use jiff::civil::Date;
use keqiao_text::{DateMention, Granularity, Lean, read_dates_leaning};

use super::recognizers::{Expected, each};
use super::report::{Found, Outcome};

pub(super) fn measure(data: &Path) -> Vec<Outcome> {
    vec![
        recognizers(data, "recognizers Date", &["DateExtractor", "DateParser"], true),
        recognizers(data, "recognizers DatePeriod", &["DatePeriodExtractor", "DatePeriodParser"], false),
        super::jionlp::times(data),
        super::jionlp::time_spans(data),
    ]
}

/// Days are the one set, all other mentions the other.
fn recognizers(data: &Path, name: &'static str, files: &[&str], days: bool) -> Outcome {
    let mut outcome = Outcome::new(name);
    each(data, "DateTime", files, &mut outcome, |outcome, input, reference, expected| {
        let reference = reference.and_then(|r| r.parse().ok());
        let read = |lean| -> Vec<DateMention> {
            let mut list = read_dates_leaning(input, reference, lean);
            list.retain(|m| matches!(m.granularity, Granularity::Day | Granularity::Vague) == days);
            list
        };
        let (past, future) = (read(Lean::Past), read(Lean::Future));
        let expected: Vec<Found> = expected.iter().map(|e| e.found(wanted(e, days))).collect();
        let got: Vec<Found> = past
            .iter()
            .zip(&future)
            .enumerate()
            .map(|(i, (past, future))| {
                let wanted = expected.get(i).map(|e| e.value.as_str());
                Found { span: (past.start, past.end), value: value(past, future, wanted) }
            })
            .collect();
        outcome.mentions(input, &expected, &got);
    });
    outcome
}

/// What a case asks for: past and future resolution. Nothing where it gives none.
fn wanted(expected: &Expected<'_>, days: bool) -> String {
    let resolved = &expected.result["Value"];
    let of = |when: &str| {
        let r = &resolved[when];
        let text = |key: &str| r[key].as_str().map(|v| if v == "0001-01-01" { "none" } else { v }.to_owned());
        if days { text("date") } else { Some(format!("{}..{}", text("startDate")?, text("endDate")?)) }
    };
    match (of("PastResolution"), of("FutureResolution")) {
        (Some(past), Some(future)) => format!("{past}|{future}"),
        _ => String::new(),
    }
}

/// The mention's days in the form of the case. The case gives the end of a period as the
/// day after it, and that of a range as the first day of its last year, month or day.
fn value(past: &DateMention, future: &DateMention, wanted: Option<&str>) -> String {
    let Some(wanted) = wanted.filter(|w| !w.is_empty()) else { return String::new() };
    let mut sides = wanted.split('|');
    let one = |m: &DateMention, wanted: Option<&str>| -> String {
        let (Some(from), Some(to)) = (m.from, m.to) else { return "none".to_owned() };
        let Some((_, end)) = wanted.and_then(|w| w.split_once("..")) else { return from.to_string() };
        let ends = ends(m.granularity, to);
        let end = ends.iter().map(Date::to_string).find(|e| e == end);
        format!("{from}..{}", end.unwrap_or_else(|| ends.first().map_or_else(String::new, Date::to_string)))
    };
    let past = one(past, sides.next());
    let future = one(future, sides.next());
    format!("{past}|{future}")
}

/// How the end of a period may be given.
fn ends(granularity: Granularity, to: Date) -> Vec<Date> {
    if granularity != Granularity::Range {
        return to.tomorrow().into_iter().collect();
    }
    let mut ends = vec![to];
    if to == to.last_of_month() {
        ends.push(to.first_of_month());
    }
    if to == to.last_of_year() {
        ends.push(to.first_of_year());
    }
    ends
}

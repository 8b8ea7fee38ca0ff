//! Quantities in texts: numbers with units, ranges, limits, tolerances.

use keqiao_catalog::Units;
use keqiao_domain::Interval;

use crate::comparator::Comparator;
use crate::number::parse_number;
use scan::Scanner;

mod forms;
mod scan;

/// A quantity that stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantityMention {
    /// What it allows. The unit is a symbol of the table; empty for a plain number,
    /// which is a mention only where a limit is given with it (`不少于3`).
    pub interval: Interval,
    /// How it is meant.
    pub comparator: Comparator,
    /// Its first character, that of the comparator included.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// The characters themselves.
    pub text: String,
}

/// The quantities of a text in their order. Part numbers, standards and dates are none.
///
/// `优于` is read as a lower limit for shares from 50 % up (purity, yield) and as an
/// upper limit for all else (error, roughness, resistance).
#[must_use]
pub fn read_quantities(text: &str, units: &Units) -> Vec<QuantityMention> {
    Scanner::new(text, units, false).scan()
}

/// The same, with units that are not in the table as they are written where a limit stands with
/// them (`不超过0.5 EU/mL`), and numbers with 万 or 亿 and ranges that have no unit (`预算50万到80万`).
#[must_use]
pub fn read_quantities_of_any_unit(text: &str, units: &Units) -> Vec<QuantityMention> {
    Scanner::of_any_unit(text, units).scan()
}

/// Reads a form field or a table cell that holds one quantity: `-40~125℃`, `≥99.99%`,
/// `5mΩ以下`, `±0.5%`, `3.3V`, `≥3且≤5 V`. A number without unit is in `default_unit`.
/// `None` where the text is no quantity or more than one.
#[must_use]
pub fn parse_interval(text: &str, units: &Units, default_unit: &str) -> Option<Interval> {
    let mut interval = match written(text.trim(), units) {
        Some(interval) => interval,
        None => scanned(text, units)?,
    };
    if interval.unit.is_empty() {
        default_unit.clone_into(&mut interval.unit);
    }
    Some(interval)
}

/// An interval as it is written out (`≤5 月`): numbers, then the unit after a space. What would be
/// a date elsewhere is none here.
fn written(text: &str, units: &Units) -> Option<Interval> {
    let (numbers, unit) = text.split_once(' ').unwrap_or((text, ""));
    if !unit.is_empty() {
        units.get(unit)?;
    }
    let number = |s: &str| {
        let plain = s.strip_prefix('-').unwrap_or(s).chars().all(|c| c.is_ascii_digit() || c == '.');
        s.parse().ok().filter(|n: &f64| plain && n.is_finite())
    };
    let (min, max) = match (numbers.strip_prefix('≥'), numbers.strip_prefix('≤'), numbers.split_once('~')) {
        (Some(low), _, _) => (Some(number(low)?), None),
        (_, Some(high), _) => (None, Some(number(high)?)),
        (_, _, Some((low, high))) => (Some(number(low)?), Some(number(high)?)),
        _ => (Some(number(numbers)?), Some(number(numbers)?)),
    };
    let in_order = min.zip(max).is_none_or(|(low, high)| low <= high);
    in_order.then(|| Interval { min, max, unit: unit.to_owned() })
}

fn scanned(text: &str, units: &Units) -> Option<Interval> {
    let mentions = Scanner::new(text, units, true).scan();
    let interval = match mentions.as_slice() {
        [] => Interval::point(parse_number(text)?, ""),
        [one] => {
            // A number beside words that are no unit is not in the default unit.
            let beside = |c: &char| c.is_alphanumeric();
            let chars: Vec<char> = text.chars().collect();
            let alone = !chars[..one.start].iter().any(beside) && !chars[one.end..].iter().any(beside);
            Some(one.interval.clone()).filter(|i| alone || !i.unit.is_empty())?
        }
        [a, b] => both_limits(&a.interval, &b.interval, units)?,
        _ => return None,
    };
    Some(interval)
}

/// A lower and an upper limit as one interval.
fn both_limits(a: &Interval, b: &Interval, units: &Units) -> Option<Interval> {
    let unit = if b.unit.is_empty() { &a.unit } else { &b.unit };
    let there = |v: Option<f64>, from: &str| match v {
        Some(v) if !from.is_empty() => units.convert(v, from, unit),
        v => v,
    };
    let (min, max) = match (a.min, a.max, b.min, b.max) {
        (min, None, None, max) => (there(min, &a.unit)?, there(max, &b.unit)?),
        (None, max, min, None) => (there(min, &b.unit)?, there(max, &a.unit)?),
        _ => return None,
    };
    (min <= max).then(|| Interval { min: Some(min), max: Some(max), unit: unit.clone() })
}

#[cfg(test)]
mod tests;

//! What a figure may measure: as it is written, per time (`每天50吨`), per piece (`45 s/件`), or as a
//! symbol that has several meanings (`零下40度`, `4N`).

use keqiao_catalog::Units;
use keqiao_domain::Interval;
use keqiao_text::{Comparator, QuantityMention};

use super::names::{before_each, begins_with, reaches};
use super::words::{EVERY, YIELDS};
use crate::read::Scan;

/// How far before a figure the word for every so often may stand.
const REACH_EVERY: usize = 16;
/// The longest name of a unit of which another is said: 立方厘米.
const LONGEST_EACH: usize = 4;
/// Symbols that are units of more than one dimension.
const OTHER_MEANINGS: &[(&str, &str)] = &[("度", "℃"), ("度", "°"), ("分", "角分")];
/// Nines of a purity: 4N is 99.99 %.
const NINES: (&str, &str) = ("N", "%");
/// What 万 and 亿 of money are.
const MONEY: [(char, f64, &str); 2] = [('亿', 1e8, "亿元"), ('万', 1e4, "万元")];

/// A reading of a figure.
pub(super) struct Meaning {
    pub(super) interval: Interval,
    /// Whether the words say that it is per time.
    pub(super) per_time: bool,
    /// Whether it holds only beside a property's name.
    pub(super) named_only: bool,
}

/// The readings of a figure, the plainest first.
pub(super) fn meanings(scan: &Scan<'_>, m: &QuantityMention) -> Vec<Meaning> {
    let units = &scan.lexicon.catalog().units;
    let plain = |interval: Interval| Meaning { interval, per_time: false, named_only: false };
    let beside = |interval: Interval| Meaning { interval, per_time: false, named_only: true };
    let unit = m.interval.unit.as_str();
    let in_unit = |unit: &str| Interval { unit: unit.to_owned(), ..m.interval.clone() };
    let mut all = Vec::new();
    if let Some((each, rate)) = per_time(scan, m).and_then(|(word, each)| Some((word, rate(scan, unit, each)?))) {
        let meaning = Meaning { interval: in_unit(&rate), per_time: true, named_only: false };
        // 每天 says so plainly; 日 of 日处理 leaves room for a plain figure.
        if each.starts_with('每') && units.get(unit).is_some_and(|u| u.dimension.starts_with("money")) {
            return vec![meaning];
        }
        if each.starts_with('每') {
            return vec![meaning, beside(m.interval.clone())];
        }
        all.push(meaning);
    }
    if let Some(rate) = each_before(scan, m) {
        return vec![plain(in_unit(&rate))];
    }
    if let Some(unit) = of_each(scan, m.end, unit) {
        return vec![plain(in_unit(&unit))];
    }
    all.insert(0, plain(yuan(&m.interval, &m.text)));
    if unit.is_empty() {
        // `COP不小于3.2`, under its own words.
        all.retain(|_| (is_bounded(m) || is_grade_reached(scan, m)) && !m.text.contains(['万', '亿']));
        all.extend(money(m).map(beside));
        return all;
    }
    // Per piece: 45 s/件 of a cycle time, 15 元/颗 of a price.
    if let Some((of, each)) = unit.split_once('/')
        && units.get(of).is_some()
        && units.get(each).is_some_and(|u| u.dimension == "count")
    {
        all.push(beside(in_unit(of)));
    }
    all.extend(OTHER_MEANINGS.iter().filter(|(symbol, _)| *symbol == unit).map(|(_, other)| beside(in_unit(other))));
    if unit == NINES.0
        && let Some(Some(nines)) = m.interval.min.map(|n| nines(n).filter(|_| m.text.contains('N')))
    {
        let max = m.interval.max.map(|_| nines);
        all.push(beside(Interval { min: Some(nines), max, unit: NINES.1.to_owned() }));
    }
    all
}

/// 4 → 99.99.
fn nines(n: f64) -> Option<f64> {
    ((2.0..=9.0).contains(&n) && n.fract() == 0.0).then(|| {
        let digits = n as i32;
        // As it is written: 99.99 and not 99.99000000000001.
        format!("{:.*}", (digits - 2).max(0) as usize, 100.0 - 10f64.powi(2 - digits)).parse().unwrap_or(99.0)
    })
}

/// `一百二十万元` in the unit that is written.
fn yuan(interval: &Interval, text: &str) -> Interval {
    let whole = |v: Option<f64>| v.is_none_or(|v| v >= 1e4);
    let large = interval.unit == "元" && whole(interval.min) && whole(interval.max);
    match MONEY.iter().find(|(_, _, unit)| large && text.contains(unit)) {
        Some((_, factor, unit)) => scaled(interval, *factor, unit),
        None => interval.clone(),
    }
}

/// A figure in 万 or 亿 without unit, as money.
fn money(m: &QuantityMention) -> Option<Interval> {
    let (_, factor, unit) = MONEY.iter().find(|(sign, _, _)| m.text.contains(*sign))?;
    Some(scaled(&m.interval, *factor, unit))
}

fn scaled(interval: &Interval, factor: f64, unit: &str) -> Interval {
    let end = |v: Option<f64>| v.map(|v| v / factor);
    Interval { min: end(interval.min), max: end(interval.max), unit: unit.to_owned() }
}

/// The word that says a figure is per time, and how units write that time.
fn per_time(scan: &Scan<'_>, m: &QuantityMention) -> Option<(&'static str, &'static [&'static str])> {
    let (from, _) = scan.clause(m.start);
    let from = from.max(m.start.saturating_sub(REACH_EVERY));
    // 每秒 may stand between a limit and its number, inside the mention.
    let before = &scan.chars[from..m.end];
    let each = |i: usize| {
        EVERY.iter().find(|(word, _)| {
            if !begins_with(&before[i..], word) {
                return false;
            }
            if word.chars().count() > 1 {
                return true;
            }
            // 日处理, not 每日, 3月 or 今年.
            let yields = before.get(i + 1).is_some_and(|c| YIELDS.contains(*c));
            let begins = i == 0
                || !(before[i - 1].is_alphanumeric()
                    && "每今明去全多半当后本一二三四五六七八九十0123456789近次".contains(before[i - 1]));
            yields && begins
        })
    };
    (0..before.len()).rev().find_map(each).map(|(word, times)| (*word, *times))
}

/// `10毫克每立方米` in the table's unit: what stands behind the unit is what it is of.
fn of_each(scan: &Scan<'_>, end: usize, unit: &str) -> Option<String> {
    let behind: String = scan.chars.get(end..)?.iter().take(1 + LONGEST_EACH).collect();
    let behind = behind.strip_prefix('每')?;
    let units = &scan.lexicon.catalog().units;
    let lengths = (1..=behind.chars().count()).rev();
    let each = lengths.map(|n| behind.chars().take(n).collect::<String>()).find(|each| units.get(each).is_some())?;
    let rate = format!("{unit}/{each}");
    units.get(&rate).is_some().then_some(rate).or_else(|| spelt(units, unit, &each))
}

/// Whether a figure without unit is bounded, in digits. Two that a dash joins are as often a telephone's.
fn is_bounded(m: &QuantityMention) -> bool {
    let range = m.comparator == Comparator::Range && m.text.contains(['~', '～', '至', '到', '间', '.']);
    let bounded = range || m.comparator.is_limit() || m.comparator == Comparator::PlusMinus;
    bounded && m.text.contains(|c: char| c.is_ascii_digit())
}

/// `抗风能力达到7级`, `水密性能4级`.
fn is_grade_reached(scan: &Scan<'_>, m: &QuantityMention) -> bool {
    const GRADED: [&str; 4] = ["性能", "能力", "色牢度", "烈度"];
    let (from, _) = scan.clause(m.start);
    let before = scan.slice(from, m.start);
    let named = || GRADED.iter().any(|name| before.trim_end().ends_with(name));
    scan.chars.get(m.end) == Some(&'级') && (named() || reaches(&before).is_some())
}

/// `每样不高于300元` as 元/样: what stands right before the figure is what it is of.
fn each_before(scan: &Scan<'_>, m: &QuantityMention) -> Option<String> {
    let (from, _) = scan.clause(m.start);
    let units = &scan.lexicon.catalog().units;
    let at = before_each(scan, from, m.start);
    let each = scan.slice(at, m.start);
    let each = each.strip_prefix('每').filter(|e| !e.is_empty() && units.get(&m.interval.unit).is_some())?;
    let rate = format!("{}/{each}", m.interval.unit);
    let known = units.get(&rate).is_some() || units.get(each).is_some_and(|u| u.dimension != "time");
    known.then_some(rate).or_else(|| spelt(units, &m.interval.unit, each))
}

/// The same in other symbols of the two units: the table has mg/m³ and not 毫克/立方米.
fn spelt(units: &Units, unit: &str, each: &str) -> Option<String> {
    let same = |a: &str, b: &str| {
        units.get(a).zip(units.get(b)).is_some_and(|(a, b)| a.dimension == b.dimension && a.factor == b.factor)
    };
    let mut rates: Vec<&str> = units.by_symbol.keys().map(String::as_str).collect();
    rates.sort_unstable();
    let fits = |rate: &&str| rate.split_once('/').is_some_and(|(a, b)| same(a, unit) && same(b, each));
    rates.into_iter().find(fits).map(str::to_owned)
}

/// A unit per time, where the table has one.
fn rate(scan: &Scan<'_>, unit: &str, times: &[&str]) -> Option<String> {
    let units = &scan.lexicon.catalog().units;
    if unit.contains('/') {
        return None;
    }
    let counts = units.get(unit).is_none_or(|u| u.dimension == "count");
    let made = || times.first().filter(|_| counts && !unit.is_empty()).map(|time| format!("{unit}/{time}"));
    times.iter().map(|time| format!("{unit}/{time}")).find(|rate| units.get(rate).is_some()).or_else(made)
}

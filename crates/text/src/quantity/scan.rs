//! Finding quantities in a text.

use keqiao_catalog::Units;
use keqiao_domain::Interval;

use super::QuantityMention;
use crate::code::standard;
use crate::comparator::{Before, Comparator, after, before};
use crate::fold::narrow;
use crate::number::scan_digits;
use crate::numeral::{chinese_power, is_numeral, scan_chinese};
use crate::unit::UnitReader;

/// Units that after a Chinese numeral are mostly part of another word (`三方`, `十分`, `四周`).
const NOT_AFTER_NUMERAL: &[&str] = &["方", "分", "度", "周", "日", "号", "面", "点"];

/// A number with its multiplier and unit.
#[derive(Clone, Copy)]
pub(super) struct Amount<'a> {
    pub(super) value: f64,
    /// What 万 or 亿 between number and unit multiplies by; 1 where there is none.
    pub(super) factor: f64,
    pub(super) unit: Option<&'a str>,
    pub(super) end: usize,
    pub(super) chinese: bool,
}

impl Amount<'_> {
    fn total(&self) -> f64 {
        self.value * self.factor
    }
}

/// Reads the quantities of one text.
pub(super) struct Scanner<'a> {
    original: Vec<char>,
    /// The same characters narrowed, one for one.
    pub(super) chars: Vec<char>,
    pub(super) units: UnitReader<'a>,
    /// Whether a number needs neither unit nor limit.
    bare: bool,
    /// Whether units that are not in the table are taken as written.
    pub(super) any_unit: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &str, units: &'a Units, bare: bool) -> Self {
        let original: Vec<char> = text.chars().collect();
        // A full-width comma parts sentences, not thousands.
        let chars = original.iter().map(|&c| if c == '，' { c } else { narrow(c) }).collect();
        Self { original, chars, units: UnitReader::new(units), bare, any_unit: false }
    }

    /// One that takes units as written which are not in the table, behind a limit, and numbers with
    /// 万 or 亿 and ranges without unit.
    pub(super) fn of_any_unit(text: &str, units: &'a Units) -> Self {
        Self { any_unit: true, ..Self::new(text, units, false) }
    }

    pub(super) fn scan(&self) -> Vec<QuantityMention> {
        let mut found: Vec<QuantityMention> = Vec::new();
        let mut i = 0;
        while i < self.chars.len() {
            if self.chars[i].is_ascii_alphabetic() {
                i = self.hardness_figure(i).unwrap_or_else(|| self.word_end(i));
                if self.at(i).is_none_or(|c| !c.is_ascii_digit()) {
                    continue;
                }
            }
            let floor = found.last().map_or(0, |m| m.end);
            let Some(first) = self.starts_number(i).then(|| self.amount(i)).flatten() else {
                i = self.numeral_end(i).max(i + 1);
                continue;
            };
            match self.mention(i, first, floor) {
                Some(m) => {
                    i = m.end;
                    found.push(m);
                }
                None => i = self.number(i).map_or(i + 1, |(_, end, _)| end),
            }
        }
        found
    }

    pub(super) fn at(&self, i: usize) -> Option<char> {
        self.chars.get(i).copied()
    }

    fn behind(&self, i: usize, back: usize) -> Option<char> {
        i.checked_sub(back).and_then(|j| self.at(j))
    }

    /// The end of a word that begins with a letter: no quantity begins in it.
    fn word_end(&self, i: usize) -> usize {
        if let Some(end) = standard(&self.chars, i) {
            return end;
        }
        self.chars[i..].iter().position(|c| !c.is_ascii_alphanumeric()).map_or(self.chars.len(), |n| i + n)
    }

    /// Whether a quantity can begin at `i`.
    fn starts_number(&self, i: usize) -> bool {
        let Some(c) = self.at(i) else { return false };
        let before = self.behind(i, 1);
        let after_code = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ')'));
        match c {
            '±' => true,
            '零' if self.at(i + 1) == Some('下') => true,
            '半' => self.half(i).is_some(),
            '+' | '-' => {
                !after_code(before) && before != Some('-') && self.at(i + 1).is_some_and(|d| d.is_ascii_digit())
            }
            '0'..='9' => match before {
                Some('-' | '_' | '.') => !after_code(self.behind(i, 2)),
                Some(b) if b.is_ascii_alphabetic() => self.hardness_before(i).is_some(),
                // Neither the fifth nor a side of a size is an amount.
                Some(b) => !b.is_ascii_digit() && !matches!(b, '第' | '×' | '*'),
                None => true,
            },
            // Characters that no number, share or sign begins with are most of a text.
            _ => before != Some('第') && (c == '负' || is_numeral(c)),
        }
    }

    /// The signed number at `i`: its value, where it ends, whether it is in Chinese numerals.
    pub(super) fn number(&self, i: usize) -> Option<(f64, usize, bool)> {
        if let Some(end) = self.half(i) {
            return Some((0.5, end, false));
        }
        if self.chars[i..].starts_with(&['零', '下']) {
            let from = i + 2 + self.spaces(i + 2);
            let read = scan_digits(&self.chars, from).or_else(|| scan_chinese(&self.chars, from));
            return read.map(|(value, end)| (-value, end, false));
        }
        let (sign, from) = match self.at(i)? {
            '-' | '负' => (-1.0, i + 1),
            '+' => (1.0, i + 1),
            _ => (1.0, i),
        };
        if let Some((value, end)) = scan_digits(&self.chars, from) {
            return Some((sign * value, end, false));
        }
        scan_chinese(&self.chars, from).map(|(value, end)| (sign * value, end, true))
    }

    /// The end of the Chinese numeral characters from `i`: none of them begins a number of its own.
    fn numeral_end(&self, i: usize) -> usize {
        self.chars[i..].iter().position(|c| !is_numeral(*c)).map_or(self.chars.len(), |n| i + n)
    }

    /// The number at `i` with its unit. After `±` or `千分之` the number that follows.
    pub(super) fn amount(&self, i: usize) -> Option<Amount<'a>> {
        if let Some(share) = self.share(i) {
            return Some(share);
        }
        let from = if self.at(i) == Some('±') { i + 1 + self.spaces(i + 1) } else { i };
        let (value, mut end, chinese) = self.number(from)?;
        if let Some(tenths) = self.tenths(value, end) {
            return Some(tenths);
        }
        let mut factor = 1.0;
        loop {
            if let Some((unit, end)) = self.units.read(&self.chars, end) {
                return Some(Amount { value, factor, unit: Some(unit), end, chinese });
            }
            match self.at(end) {
                Some('余' | '多')
                    if self.units.read(&self.chars, end + 1).is_some() || self.power(end + 1).is_some() => {}
                _ => match self.power(end) {
                    Some(power) => factor *= power,
                    None => {
                        return Some(Amount { value, factor, unit: None, end, chinese });
                    }
                },
            }
            end += 1;
        }
    }

    fn power(&self, i: usize) -> Option<f64> {
        self.at(i).and_then(chinese_power).filter(|p| *p >= 1e2)
    }

    pub(super) fn spaces(&self, i: usize) -> usize {
        self.chars[i.min(self.chars.len())..].iter().take(2).take_while(|c| **c == ' ').count()
    }

    fn mention(&self, i: usize, first: Amount<'a>, floor: usize) -> Option<QuantityMention> {
        let (head, unit_before) = self.head(i);
        let first = Amount { unit: first.unit.or(unit_before), ..first };
        let (limit, start) = match before(&self.chars, head) {
            Some((limit, start)) if start >= floor => (Some(limit), start),
            _ => (None, head.max(floor).min(i)),
        };
        // `HV≥350`, `硬度HV0.3≥1100`
        let hardness = if limit.is_some() && first.unit.is_none() { self.hardness(start) } else { None };
        let (start, first) = match hardness.filter(|(from, _)| *from >= floor) {
            Some((from, unit)) => (from, Amount { unit: Some(unit), ..first }),
            None => (start, first),
        };
        let made = if self.at(i) == Some('±') {
            let width = first.total().abs();
            let (unit, end) = self.written(first.unit, first.end);
            Some((width_about(0.0, width, Some(&unit)), Comparator::PlusMinus, end))
        } else {
            self.with_tolerance(i, first).or_else(|| self.with_range(i, first))
        };
        let (interval, comparator, end) = match made {
            Some(made) => made,
            None => self.single(i, first, limit)?,
        };
        // `折射率1.46±0.01`; ±0.01 alone may be of anything.
        let tolerated = comparator == Comparator::PlusMinus && self.at(i) != Some('±');
        let graded = !first.chinese && self.at(end) == Some('级');
        let counted = self.any_unit && (comparator == Comparator::Range || first.factor > 1.0 || tolerated || graded);
        if interval.unit.is_empty() && !self.bare && !comparator.is_limit() && !counted {
            return None;
        }
        let text = self.original[start..end].iter().collect();
        Some(QuantityMention { interval, comparator, start, end, text })
    }

    /// One number, with what stands before or after it.
    fn single(&self, i: usize, amount: Amount<'a>, limit: Option<Before>) -> Option<(Interval, Comparator, usize)> {
        let counter = if amount.unit.is_none() { self.counter(&amount) } else { None };
        let unknown =
            if amount.unit.is_none() { self.unknown_unit(amount.end).or_else(|| counter.clone()) } else { None };
        let amount_end = unknown.as_ref().map_or(amount.end, |(_, end)| *end);
        let behind = after(&self.chars, amount_end).or_else(|| self.grade_bound(&amount));
        let end = behind.map_or(amount_end, |(_, end)| end);
        // A word behind a number without limit is no unit, but one of the table by another is.
        let word = |(unit, _): &(String, usize)| !self.is_compound(unit);
        if counter.is_none() && unknown.as_ref().is_some_and(word) && limit.is_none() && behind.is_none() {
            return None;
        }
        if limit.is_none() && behind.is_none() && self.is_no_quantity(i, &amount) {
            return None;
        }
        if self.is_date(i, &amount) {
            return None;
        }
        let value = amount.total();
        let unit = unknown.as_ref().map_or(amount.unit.unwrap_or_default(), |(unit, _)| unit);
        let comparator = match (limit, behind) {
            (Some(Before::Plain(c)), _) => c,
            (Some(Before::Better), _) => self.better(value, unit),
            (None, Some((c, _))) => c,
            (None, None) => Comparator::Equal,
        };
        let (min, max) = match comparator {
            Comparator::AtLeast | Comparator::MoreThan => (Some(value), None),
            Comparator::AtMost | Comparator::LessThan => (None, Some(value)),
            _ => (Some(value), Some(value)),
        };
        Some((Interval { min, max, unit: unit.to_owned() }, comparator, end))
    }

    fn better(&self, value: f64, unit: &str) -> Comparator {
        match self.units.table().convert(value, unit, "%") {
            Some(percent) if percent >= 50.0 => Comparator::AtLeast,
            _ => Comparator::AtMost,
        }
    }

    /// `一台`, `十分`: Chinese numerals that count nothing.
    fn is_no_quantity(&self, i: usize, amount: &Amount<'_>) -> bool {
        let single = self.at(i) == Some('一') && amount.value == 1.0;
        amount.chinese && !self.bare && (single || amount.unit.is_none_or(|u| NOT_AFTER_NUMERAL.contains(&u)))
    }

    /// `2026年`, `11月`, `20日` after a month.
    fn is_date(&self, i: usize, amount: &Amount<'_>) -> bool {
        if amount.factor != 1.0 {
            return false;
        }
        match amount.unit {
            Some("年") => amount.value.fract() == 0.0 && (1900.0..2200.0).contains(&amount.value),
            Some("月") => true,
            Some("日" | "号") => self.behind(i, 1) == Some('月'),
            _ => false,
        }
    }

    /// `12V±5%`, `25±2℃`, `(50±2)%`.
    fn with_tolerance(&self, i: usize, first: Amount<'a>) -> Option<(Interval, Comparator, usize)> {
        let sign = first.end + self.spaces(first.end);
        if self.at(sign) != Some('±') {
            return None;
        }
        let width = self.amount(sign)?;
        let value = first.total();
        // `(50±2)%`: the unit of both stands behind the bracket.
        let bracketed = i > 0 && self.at(i - 1) == Some('(') && width.unit.is_none() && self.at(width.end) == Some(')');
        let outer = if bracketed { self.units.read(&self.chars, width.end + 1) } else { None };
        if let (Some((unit, end)), None) = (outer, first.unit) {
            return Some((width_about(value, width.total().abs(), Some(unit)), Comparator::PlusMinus, end));
        }
        let (width_value, unit) = match (first.unit, width.unit) {
            (Some(a), Some("%")) if a != "%" => (value.abs() * width.total() / 100.0, Some(a)),
            (Some(a), Some(b)) => (self.span_in(width.total(), b, a)?, Some(a)),
            (a, b) => (width.total(), a.or(b)),
        };
        let (unit, end) = self.written(unit, width.end);
        Some((width_about(value, width_value.abs(), Some(&unit)), Comparator::PlusMinus, end))
    }

    /// The size of a difference in another unit: 2 ℃ more is 2 K more.
    fn span_in(&self, size: f64, from: &str, to: &str) -> Option<f64> {
        let table = self.units.table();
        Some(table.convert(size, from, to)? - table.convert(0.0, from, to)?)
    }

    /// `-40~125℃`, `500mA~2A`, `50-80万元`, `-40℃≤T≤125℃`.
    fn with_range(&self, i: usize, first: Amount<'a>) -> Option<(Interval, Comparator, usize)> {
        let (joint, dash) = self.joint(first.end).or_else(|| self.joint_between(i, first.end))?;
        let second = self.amount(joint).filter(|s| s.chinese == first.chinese)?;
        let dated =
            dash && self.at(second.end) == Some('-') && self.at(second.end + 1).is_some_and(|c| c.is_ascii_digit());
        if dated || self.at(joint) == Some('±') {
            return None;
        }
        let (low, unit) = match (first.unit, second.unit) {
            (Some(a), Some(b)) => (self.units.table().convert(first.total(), a, b)?, Some(b)),
            // 8万-12万元
            (None, Some(unit))
                if first.factor > 1.0 && unit.chars().next().and_then(chinese_power) == Some(first.factor) =>
            {
                (first.value, Some(unit))
            }
            (None, unit) if first.factor == 1.0 => (first.value * second.factor, unit),
            (None, unit) => (first.total(), unit),
            (Some(_), None) if dash => return None,
            (unit, None) => (first.total(), unit),
        };
        let high = second.total();
        if dash && unit == Some("年") && (self.is_date(joint, &second) || low >= 1900.0) {
            return None;
        }
        let (unit, end) = self.written(unit, second.end);
        let end = self.past(end, &['之', '间']);
        let end = after(&self.chars, end).map_or(end, |(_, end)| end);
        Some((Interval { min: Some(low.min(high)), max: Some(low.max(high)), unit }, Comparator::Range, end))
    }

    /// Where the second number of a range begins, and whether a mere dash joins them.
    fn joint(&self, end: usize) -> Option<(usize, bool)> {
        let from = end + self.spaces(end);
        let c = self.at(from)?;
        let next = match c {
            '~' | '-' => from + 1 + usize::from(self.at(from + 1) == Some(c)),
            '至' | '到' => from + 1,
            't' if from > end && self.chars[from..].starts_with(&['t', 'o', ' ']) => from + 2,
            '≤' | '<' => {
                let name = self.chars[from + 1..].iter().take(12).take_while(|c| c.is_alphanumeric()).count();
                let second = from + 1 + name;
                return matches!(self.at(second), Some('≤' | '<'))
                    .then(|| (second + 1 + self.spaces(second + 1), false));
            }
            _ => return None,
        };
        Some((next + self.spaces(next), c == '-'))
    }
}

/// The interval of a value and what it may differ by.
fn width_about(value: f64, width: f64, unit: Option<&str>) -> Interval {
    Interval { min: Some(value - width), max: Some(value + width), unit: unit.unwrap_or_default().to_owned() }
}

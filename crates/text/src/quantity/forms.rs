//! Forms of quantities that stand apart: shares, tenths, halves, units before their number.

use super::scan::{Amount, Scanner};
use crate::comparator::{Comparator, after};
use crate::fold::{is_cjk, is_han};
use crate::number::scan_digits;
use crate::numeral::chinese_power;

/// Fractions of which a number of parts is named.
const SHARES: &[(&str, f64)] =
    &[("百分之", 1e2), ("千分之", 1e3), ("万分之", 1e4), ("十万分之", 1e5), ("百万分之", 1e6)];
/// What follows 成 in words of its own: 三成本, 一成立.
const NO_TENTHS: &str = "本品果立功为分员交份长熟套年型像人效绩就都";
/// What half of can be had by a word of its own: 半年, 半个月.
const HALVED: &[&str] = &["年", "个月", "个小时", "小时", "天"];
/// Signs before a diameter.
const DIAMETER: &[char] = &['φ', 'Φ', 'ø', 'Ø', '∅', '⌀', 'ф'];
/// Between a limit and its number: 不低于每秒30帧.
const EVERY: &[&str] = &["每分钟", "每小时", "每秒", "每天", "每日", "每月", "每年"];
/// Units of hardness stand before their number as well: HV 1500.
const HARDNESS: &str = "hardness";
/// How far before such a unit the word 硬度 may begin.
const HARDNESS_NEAR: usize = 6;
/// Characters of a measure word.
const LONGEST_MEASURE: usize = 3;
/// The longest unit that is taken as written.
const LONGEST_UNIT: usize = 12;

impl<'a> Scanner<'a> {
    pub(super) fn starts_with(&self, i: usize, word: &str) -> bool {
        let end = i + word.chars().count();
        end <= self.chars.len() && self.chars[i..end].iter().copied().eq(word.chars())
    }

    /// The place behind a word that may stand at `i`.
    pub(super) fn past(&self, i: usize, word: &[char]) -> usize {
        if self.chars[i.min(self.chars.len())..].starts_with(word) { i + word.len() } else { i }
    }

    /// `千分之五`, `百分之九十二`: parts of a hundred.
    pub(super) fn share(&self, i: usize) -> Option<Amount<'a>> {
        let (word, of) = SHARES.iter().find(|(word, _)| self.starts_with(i, word))?;
        let (value, end, _) = self.number(i + word.chars().count())?;
        self.percent(value * 100.0 / of, end)
    }

    /// `九成`, `8成5` is not read.
    pub(super) fn tenths(&self, value: f64, end: usize) -> Option<Amount<'a>> {
        let is_word = self.at(end + 1).is_some_and(|c| NO_TENTHS.contains(c));
        let fits = self.at(end) == Some('成') && !is_word && (0.0..=10.0).contains(&value);
        if fits { self.percent(value * 10.0, end + 1) } else { None }
    }

    fn percent(&self, value: f64, end: usize) -> Option<Amount<'a>> {
        let (unit, _) = self.units.table().by_symbol.get_key_value("%")?;
        Some(Amount { value, factor: 1.0, unit: Some(unit), end, chinese: false })
    }

    /// The place behind 半 where a time follows.
    pub(super) fn half(&self, i: usize) -> Option<usize> {
        let time = HALVED.iter().any(|unit| self.starts_with(i + 1, unit));
        (self.at(i) == Some('半') && time).then_some(i + 1)
    }

    /// Where what belongs to the number at `i` begins, and the unit that stands before it.
    pub(super) fn head(&self, i: usize) -> (usize, Option<&'a str>) {
        if i.checked_sub(1).and_then(|j| self.at(j)).is_some_and(|c| DIAMETER.contains(&c)) {
            return (i - 1, None);
        }
        let every = EVERY.iter().find(|word| {
            let n = word.chars().count();
            i >= n && self.starts_with(i - n, word)
        });
        if let Some(word) = every {
            return (i - word.chars().count(), None);
        }
        let blanks = self.chars[..i].iter().rev().take(2).take_while(|c| **c == ' ').count();
        let end = i - blanks;
        let letters = self.chars[..end].iter().rev().take(4).take_while(|c| c.is_ascii_alphabetic()).count();
        let start = end - letters;
        if let Some((start, unit)) = self.hardness_before(i) {
            return (start, Some(unit));
        }
        if blanks != 1 || letters == 0 || start.checked_sub(1).is_some_and(|j| self.chars[j].is_ascii_alphanumeric()) {
            return (i, None);
        }
        let symbol: String = self.chars[start..end].iter().collect();
        self.unit_of_hardness(&symbol).map_or((i, None), |unit| (start, Some(unit)))
    }

    /// The unit of hardness that ends at `end`, with the load it was tested at (`HV0.3`), and where it begins.
    pub(super) fn hardness(&self, end: usize) -> Option<(usize, &'a str)> {
        let run =
            |end: usize, of: fn(&char) -> bool| self.chars[..end].iter().rev().take(4).take_while(|c| of(c)).count();
        let letters_end = end - run(end, |c| c.is_ascii_digit() || *c == '.');
        let start = letters_end - run(letters_end, char::is_ascii_alphabetic);
        let symbol: String = self.chars[start..letters_end].iter().collect();
        Some((start, self.unit_of_hardness(&symbol)?))
    }

    /// The unit of hardness right before a number, `硬度HRC46`, and where it begins. Without the word it may be a
    /// model's name.
    pub(super) fn hardness_before(&self, i: usize) -> Option<(usize, &'a str)> {
        let letters = self.chars[..i].iter().rev().take(4).take_while(|c| c.is_ascii_alphabetic()).count();
        let start = i - letters;
        let symbol: String = self.chars[start..i].iter().collect();
        let near: String = self.chars[start.saturating_sub(HARDNESS_NEAR)..start].iter().collect();
        let unit = self.unit_of_hardness(&symbol)?;
        // The 0.3 of `硬度HV0.3≥1100` is the load of the test.
        let load = scan_digits(&self.chars, i).is_none_or(|(_, end)| self.at(end).is_some_and(|c| "≥≤><".contains(c)));
        (near.contains("硬度") && !load).then_some((start, unit))
    }

    /// The number of a hardness whose unit begins at `i`.
    pub(super) fn hardness_figure(&self, i: usize) -> Option<usize> {
        let letters = self.chars[i..].iter().take(4).take_while(|c| c.is_ascii_alphabetic()).count();
        self.hardness_before(i + letters).filter(|(start, _)| *start == i).map(|_| i + letters)
    }

    fn unit_of_hardness(&self, symbol: &str) -> Option<&'a str> {
        let (symbol, unit) = self.units.table().by_symbol.get_key_value(symbol)?;
        unit.dimension.starts_with(HARDNESS).then_some(symbol)
    }

    /// Where the second number of `介于3000与5000之间`, `between 10 and 12` begins.
    pub(super) fn joint_between(&self, i: usize, end: usize) -> Option<(usize, bool)> {
        let from = end + self.spaces(end);
        let width = match self.at(from)? {
            '与' | '和' | '及' => 1,
            'a' if self.starts_with(from, "and ") => 3,
            _ => return None,
        };
        let opened = ["介于", "处于", "between "].iter().any(|word| {
            let n = word.chars().count();
            i >= n && self.starts_with(i - n, word)
        });
        let second = from + width + self.spaces(from + width);
        let closed = || self.amount(second).is_some_and(|a| self.starts_with(a.end, "之间"));
        (opened || closed()).then_some((second, false))
    }

    /// The unit of a range or tolerance: of the table, else as it is written right behind.
    pub(super) fn written(&self, unit: Option<&str>, end: usize) -> (String, usize) {
        let spaced = self.at(end) == Some(' ');
        let unknown = if unit.is_none() { self.unknown_unit(end) } else { None };
        match unknown.filter(|(unit, _)| !spaced || self.is_compound(unit)) {
            Some(written) => written,
            None => (unit.unwrap_or_default().to_owned(), end),
        }
    }

    /// The end of a measure word that a stroke follows: the 瓶 of `120瓶/分钟`.
    fn counted_before_stroke(&self, from: usize) -> Option<usize> {
        let length = self.chars[from..].iter().take(LONGEST_MEASURE + 1).position(|c| *c == '/')?;
        let han = (1..=LONGEST_MEASURE).contains(&length) && self.chars[from..from + length].iter().all(|c| is_cjk(*c));
        han.then_some(from + length)
    }

    /// Whether what is written is a unit of the table by another: `mg/eq`.
    pub(super) fn is_compound(&self, unit: &str) -> bool {
        unit.split_once('/').is_some_and(|(of, _)| self.units.table().get(of).is_some())
    }

    /// `4级以上`: the bound behind a grade; the figure ends before 级.
    pub(super) fn grade_bound(&self, amount: &Amount<'_>) -> Option<(Comparator, usize)> {
        let graded = self.any_unit && amount.unit.is_none() && !amount.chinese && self.at(amount.end) == Some('级');
        let (comparator, _) = after(&self.chars, amount.end + 1).filter(|_| graded)?;
        Some((comparator, amount.end))
    }

    /// What is counted by 万 in a word of one sign or two that the table has not: 500万株, 80万模次; and where it ends.
    pub(super) fn counter(&self, amount: &Amount<'_>) -> Option<(String, usize)> {
        const NO_COUNTERS: [char; 12] = ['元', '多', '余', '以', '左', '右', '的', '之', '到', '至', '和', '人'];
        if !self.any_unit || amount.factor < 1e4 || after(&self.chars, amount.end).is_some() {
            return None;
        }
        let ends = |end: usize| after(&self.chars, end).is_some() || !self.at(end).is_some_and(char::is_alphanumeric);
        let plain = |c: char| is_han(c) && !NO_COUNTERS.contains(&c) && chinese_power(c).is_none();
        let (one, two) = (self.at(amount.end)?, self.at(amount.end + 1));
        let length = match two {
            _ if plain(one) && ends(amount.end + 1) => 1,
            Some(two) if plain(one) && plain(two) && ends(amount.end + 2) => 2,
            _ => return None,
        };
        let end = amount.end + length;
        Some((self.chars[amount.end..end].iter().collect(), end))
    }

    /// A unit that is not in the table as it is written, `EU/mL`, `元/样`, and where it ends.
    pub(super) fn unknown_unit(&self, end: usize) -> Option<(String, usize)> {
        if !self.any_unit {
            return None;
        }
        let from = end + usize::from(self.at(end) == Some(' '));
        let first = self.at(from)?;
        let mut end = if first.is_ascii_alphabetic() || matches!(first, 'μ' | 'µ' | 'Ω' | '°' | '%') {
            // No further than tells that it is too long: hostile text has a number behind every stroke.
            let near = self.chars[from..].iter().take(LONGEST_UNIT + 2);
            from + near.take_while(|c| is_sign(**c)).count()
        } else {
            self.units.before_stroke(&self.chars, from).or_else(|| self.counted_before_stroke(from))?
        };
        while self.at(end) == Some('/')
            && end - from <= LONGEST_UNIT
            && let Some(behind) = self.denominator(end + 1)
        {
            end = behind;
        }
        let unit: String = self.chars[from..end].iter().collect();
        let letters = unit.chars().filter(|c| c.is_alphabetic()).count();
        // 3%/月
        let fits = letters >= 2 || unit.contains('⁻') || letters == 1 && unit.starts_with("%/");
        (fits && end - from <= LONGEST_UNIT + 4).then_some((unit, end))
    }

    /// Where what stands behind a unit's stroke ends: a unit of the table (`件`, `10min`, `万公里`), letters,
    /// several in brackets, or a counter of one or two signs that the table has not (`样`).
    fn denominator(&self, from: usize) -> Option<usize> {
        let near = || self.chars[from.min(self.chars.len())..].iter().take(LONGEST_UNIT + 2);
        if self.at(from) == Some('(') {
            return near().position(|c| *c == ')').map(|n| from + n + 1);
        }
        let from = from + near().take_while(|c| c.is_ascii_digit() || **c == '万').count();
        if from < self.chars.len()
            && let Some((_, end)) = self.units.as_written(&self.chars, from)
        {
            return Some(end);
        }
        let run = |of: fn(char) -> bool| {
            self.chars[from.min(self.chars.len())..].iter().take(LONGEST_UNIT).take_while(|c| of(**c)).count()
        };
        let letters = run(is_sign);
        if letters > 0 {
            return Some(from + letters);
        }
        let counter = run(is_cjk);
        (1..=2).contains(&counter).then_some(from + counter)
    }
}

/// Whether a character may stand in a unit.
fn is_sign(c: char) -> bool {
    c.is_ascii_alphanumeric() || "μµΩ%·²³℃°⁰¹²³⁴⁵⁶⁷⁸⁹⁻½".contains(c)
}

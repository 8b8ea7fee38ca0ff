//! Tables of phrases against what is read from them: the files of `data/reading`, in the order in which
//! they were written.
//!
//! Each was written before anybody looked at what the reader makes of it, and tells in its head how many
//! phrases were read as expected the first time. The reader was worked on against them afterwards, hardly
//! against the eleventh to thirteenth. From the eighth on they are by people who had not seen the reader; from
//! the fourteenth on a row is one statement. To add phrases, add rows, or a file.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use keqiao_domain::{Interval, Requirement, Strength, Value};
use keqiao_matching::{read_statements, read_text};

use crate::LEXICON;

/// Words between a number and what is counted.
const MEASURE_WORDS: [&str; 5] = ["个", "路", "级", "号", "倍"];

/// One row: field, side, phrase, what it says.
struct Row<'a> {
    phrase: &'a str,
    offers: bool,
    expected: Vec<Expected<'a>>,
    line: &'a str,
}

/// `price 50~80 万元 must`; where several names are right, `test-standard|compliance GB/T 2423 must`; where
/// several values are, `产能 ≥10 吨/天|≥10 吨 must`.
struct Expected<'a> {
    properties: Vec<&'a str>,
    required: &'a str,
    strength: Strength,
}

impl<'a> Row<'a> {
    fn parse(line: &'a str) -> Self {
        let cells: Vec<&str> = line.split('\t').collect();
        let [_, side, phrase, expected] = cells[..] else { panic!("four cells: {line}") };
        let expected = expected.split("; ").filter(|e| *e != "-").map(Expected::parse).collect();
        Self { phrase, offers: side == "offer", expected, line }
    }

    fn read(&self) -> Vec<Requirement> {
        let read = if self.offers { read_statements } else { read_text };
        read(self.phrase, &LEXICON).requirements
    }

    /// Whether all that was read is expected and the other way round, in any order.
    fn is_met(&self, read: &[Requirement]) -> bool {
        read.len() == self.expected.len() && self.expected.iter().all(|e| read.iter().any(|r| e.is(r)))
    }
}

impl<'a> Expected<'a> {
    fn parse(text: &'a str) -> Self {
        let (rest, strength) = text.rsplit_once(' ').unwrap();
        let (properties, required) = rest.split_once(' ').unwrap();
        let strength = match strength {
            "must" => Strength::Must,
            "wish" => Strength::Wish,
            other => panic!("{other} is no strength: {text}"),
        };
        Self { properties: properties.split('|').collect(), required, strength }
    }

    fn is(&self, read: &Requirement) -> bool {
        let same = self.required.split('|').any(|required| match &read.required {
            Value::Interval(interval) => same_interval(&read.property, interval, required),
            value => value.to_string() == required || same_standard(value, required),
        });
        same && self.strength == read.strength && self.properties.contains(&read.property.as_str())
    }
}

/// The same ends, however the unit is spelt.
fn same_interval(property: &str, read: &Interval, expected: &str) -> bool {
    let (numbers, unit) = expected.split_once(' ').unwrap_or((expected, ""));
    // A text in the place of a figure is never the same.
    let number = |s: &str| s.parse::<f64>().unwrap_or(f64::NAN);
    let range = numbers.char_indices().skip(1).find(|(_, c)| *c == '~');
    let (min, max) = match (numbers.strip_prefix('≥'), numbers.strip_prefix('≤'), range) {
        (Some(low), _, _) => (Some(number(low)), None),
        (_, Some(high), _) => (None, Some(number(high))),
        (_, _, Some((at, _))) => (Some(number(&numbers[..at])), Some(number(&numbers[at + 1..]))),
        _ => (Some(number(numbers)), Some(number(numbers))),
    };
    let units = &LEXICON.catalog().units;
    // 5 万片/月 is 50,000 片/月.
    let there = |v: Option<f64>, unit: &str| match (v, units.get(unit)) {
        (Some(v), Some(u)) => Some(v * u.factor + u.offset),
        (v, _) => v,
    };
    let counted = LEXICON.catalog().properties.contains_key(property);
    let same_unit = match (units.get(&read.unit), units.get(unit)) {
        (Some(a), Some(b)) => a.dimension == b.dimension,
        // What a property of the catalog counts goes without its measure word.
        _ => read.unit == unit || (read.unit.is_empty() && counted && MEASURE_WORDS.contains(&unit)),
    };
    let close = |a: Option<f64>, b: Option<f64>| match (there(a, &read.unit), there(b, unit)) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
        (a, b) => a.is_none() && b.is_none(),
    };
    same_unit && close(read.min, min) && close(read.max, max)
}

/// The same standard at the same grade, however the grade is spelt.
fn same_standard(read: &Value, expected: &str) -> bool {
    let catalog = LEXICON.catalog();
    let Value::Text(read) = read else { return false };
    match (catalog.standard(read), catalog.standard(expected)) {
        (Some((a, grade)), Some((b, asked))) => a.id == b.id && grade == asked,
        _ => false,
    }
}

fn shown(read: &[Requirement]) -> String {
    let mut text = String::new();
    for r in read {
        let strength = if r.strength == Strength::Must { "must" } else { "wish" };
        let _ = write!(text, "{} {} {strength}; ", r.property, r.required);
    }
    text
}

/// The share of a table's phrases that must be read as expected, in percent: `# least 95`.
fn least(table: &str) -> usize {
    let said = table.lines().find_map(|l| l.strip_prefix("# least "));
    said.unwrap_or_else(|| panic!("no line `# least N`")).trim().parse().unwrap()
}

/// Prints what was read otherwise and returns how many of how many rows were read as expected.
fn score(table: &str) -> (usize, usize) {
    let (mut right, mut all) = (0, 0);
    for line in table.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let row = Row::parse(line);
        let read = row.read();
        all += 1;
        if row.is_met(&read) {
            right += 1;
        } else {
            println!("{}\n    read: {}", row.line, shown(&read));
        }
    }
    (right, all)
}

/// Each table of the folder; a file put there is one.
#[test]
fn tables_of_phrases_are_read_as_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/reading");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut short = Vec::new();
    for file in files {
        let table = fs::read_to_string(&file).unwrap();
        let ((right, all), least) = (score(&table), least(&table));
        let told = format!("{}: {right} of {all} phrases are read as expected", file.display());
        println!("{told}");
        if all == 0 || right * 100 < all * least {
            short.push(format!("{told}, at least {least} % were to be"));
        }
    }
    assert!(short.is_empty(), "{short:#?}");
}

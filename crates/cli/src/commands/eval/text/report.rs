//! What an evaluation counts, and how it is printed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// One case that came out otherwise.
pub(crate) struct Miss {
    /// What sort of fault it is.
    pub(crate) cause: &'static str,
    pub(crate) input: String,
    pub(crate) expected: String,
    pub(crate) got: String,
}

/// What one set of cases came to.
pub(crate) struct Outcome {
    pub(crate) set: &'static str,
    /// The file where it is missing or cannot be read, with the reason.
    pub(crate) missing: Option<(PathBuf, String)>,
    pub(crate) cases: usize,
    pub(crate) right: usize,
    pub(crate) misses: Vec<Miss>,
    /// How many cases are not asked for, by reason.
    pub(crate) out_of_scope: BTreeMap<&'static str, usize>,
}

impl Outcome {
    pub(crate) const fn new(set: &'static str) -> Self {
        Self { set, missing: None, cases: 0, right: 0, misses: Vec::new(), out_of_scope: BTreeMap::new() }
    }

    /// Counts one case: right where `expected` and `got` are the same.
    pub(crate) fn case(&mut self, input: &str, expected: &str, got: &str, cause: &'static str) {
        self.cases += 1;
        if expected == got {
            self.right += 1;
            return;
        }
        self.misses.push(Miss { cause, input: input.to_owned(), expected: expected.to_owned(), got: got.to_owned() });
    }

    /// Counts one case of mentions: right where there are the same ones, with span and value.
    pub(crate) fn mentions(&mut self, input: &str, expected: &[Found], got: &[Found]) {
        let spans = |list: &[Found]| list.iter().map(|f| f.span).collect::<Vec<_>>();
        let cause = if spans(expected) == spans(got) {
            "other value"
        } else if got.len() < expected.len() {
            "not found"
        } else if got.len() > expected.len() {
            "found where there is none"
        } else {
            span_fault(expected, got)
        };
        self.case(input, &show(expected), &show(got), cause);
    }

    /// Leaves one case out, for a reason.
    pub(crate) fn leave_out(&mut self, reason: &'static str) {
        *self.out_of_scope.entry(reason).or_default() += 1;
    }

    fn percent(&self) -> f64 {
        if self.cases == 0 { 0.0 } else { self.right as f64 * 100.0 / self.cases as f64 }
    }
}

/// A mention as the case has it or as it was read: first character, one past the last, value.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) span: (usize, usize),
    pub(crate) value: String,
}

/// What is wrong with the first span that differs, of as many mentions as there should be.
fn span_fault(expected: &[Found], got: &[Found]) -> &'static str {
    let differing = expected.iter().zip(got).map(|(e, g)| (e.span, g.span)).find(|(e, g)| e != g);
    let Some(((start, end), (from, to))) = differing else { return "other span" };
    match () {
        () if from >= start && to <= end => "span too short",
        () if from <= start && to >= end => "span too long",
        () => "other span",
    }
}

fn show(list: &[Found]) -> String {
    let one = |f: &Found| format!("[{}..{}] {}", f.span.0, f.span.1, f.value);
    if list.is_empty() { "nothing".to_owned() } else { list.iter().map(one).collect::<Vec<_>>().join(", ") }
}

/// Reads a file of cases, or says in the outcome that it is missing.
pub(crate) fn cases(folder: &Path, file: &str, outcome: &mut Outcome) -> Option<Value> {
    let path = folder.join(file);
    let read = std::fs::read_to_string(&path).map_err(|e| e.to_string());
    match read.and_then(|t| serde_json::from_str(t.trim_start_matches('\u{feff}')).map_err(|e| e.to_string())) {
        Ok(value) => Some(value),
        Err(reason) => {
            outcome.missing = Some((path, reason));
            None
        }
    }
}

/// The outcomes as a table, with the misses by cause where asked for.
pub(crate) fn table(outcomes: &[Outcome], with_misses: bool) -> String {
    let mut out = format!("{:<38}{:>7}{:>7}{:>9}\n", "set", "cases", "right", "percent");
    for o in outcomes {
        match &o.missing {
            Some((path, reason)) => {
                let _ = writeln!(out, "{:<38}  missing, not measured: {}: {reason}", o.set, path.display());
            }
            None if o.cases == 0 => {
                let _ = writeln!(out, "{:<38}  not measured", o.set);
            }
            None => {
                let _ = writeln!(out, "{:<38}{:>7}{:>7}{:>8.1}%", o.set, o.cases, o.right, o.percent());
            }
        }
        for (reason, n) in &o.out_of_scope {
            let _ = writeln!(out, "    left out: {n} ({reason})");
        }
    }
    if with_misses {
        misses(&mut out, outcomes);
    }
    out
}

/// How many misses each cause has, over all sets and in each, and each set's misses by cause.
fn misses(out: &mut String, outcomes: &[Outcome]) {
    let all: Vec<&Miss> = outcomes.iter().flat_map(|o| &o.misses).collect();
    let _ = writeln!(out, "\nmisses by cause: {}", all.len());
    for (cause, list) in by_cause(all) {
        let _ = writeln!(out, "{:>7}  {cause}", list.len());
        for o in outcomes {
            let own = o.misses.iter().filter(|m| m.cause == cause).count();
            if own > 0 {
                let _ = writeln!(out, "{own:>13}  {}", o.set);
            }
        }
    }
    for o in outcomes.iter().filter(|o| !o.misses.is_empty()) {
        let _ = writeln!(out, "\n{}: {}", o.set, o.misses.len());
        for (cause, list) in by_cause(o.misses.iter().collect()) {
            let _ = writeln!(out, "  {cause}: {}", list.len());
            for m in list {
                let _ = writeln!(out, "    {}\n      expected {}\n      got      {}", m.input, m.expected, m.got);
            }
        }
    }
}

/// The misses of each cause, the commonest first.
fn by_cause(misses: Vec<&Miss>) -> Vec<(&'static str, Vec<&Miss>)> {
    let mut groups: BTreeMap<&'static str, Vec<&Miss>> = BTreeMap::new();
    for m in misses {
        groups.entry(m.cause).or_default().push(m);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
    groups
}

/// The outcomes as JSON.
pub(crate) fn as_json(outcomes: &[Outcome], with_misses: bool) -> Value {
    let one = |o: &Outcome| {
        let mut made = json!({
            "set": o.set, "cases": o.cases, "right": o.right, "percent": o.percent(), "left_out": o.out_of_scope,
            "missing": o.missing.as_ref().map(|(p, reason)| format!("{}: {reason}", p.display())),
        });
        if with_misses {
            let miss = |m: &Miss| json!({"cause": m.cause, "input": m.input, "expected": m.expected, "got": m.got});
            made["misses"] = o.misses.iter().map(miss).collect();
            let causes = by_cause(o.misses.iter().collect());
            made["causes"] = causes.into_iter().map(|(cause, list)| (cause.to_owned(), json!(list.len()))).collect();
        }
        made
    };
    outcomes.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(start: usize, end: usize, value: &str) -> Found {
        Found { span: (start, end), value: value.to_owned() }
    }

    #[test]
    fn a_case_is_right_only_with_span_and_value() {
        let mut outcome = Outcome::new("set");
        outcome.mentions("a", &[found(0, 1, "1")], &[found(0, 1, "1")]);
        outcome.mentions("b", &[found(0, 1, "1")], &[found(0, 1, "2")]);
        outcome.mentions("c", &[found(0, 1, "1")], &[found(0, 2, "1")]);
        outcome.mentions("d", &[found(0, 1, "1")], &[]);
        outcome.mentions("e", &[], &[found(0, 1, "1")]);
        let causes: Vec<&str> = outcome.misses.iter().map(|m| m.cause).collect();
        assert_eq!(causes, ["other value", "span too long", "not found", "found where there is none"]);
        assert_eq!((outcome.cases, outcome.right), (5, 1));
        let printed = table(&[outcome], true);
        assert!(printed.contains("20.0%") && printed.contains("span too long: 1"), "{printed}");
    }

    #[test]
    fn misses_are_counted_by_cause_over_all_sets_and_in_each() {
        let (mut one, mut other) = (Outcome::new("one"), Outcome::new("other"));
        for _ in 0..3 {
            one.mentions("a", &[found(2, 5, "1")], &[found(3, 5, "1")]);
            one.mentions("b", &[found(0, 1, "1")], &[found(0, 1, "2")]);
        }
        other.mentions("c", &[found(0, 3, "1")], &[found(2, 5, "1")]);
        other.mentions("d", &[found(0, 3, "1")], &[found(0, 2, "1")]);
        let printed = table(&[one, other], true);
        let summary: Vec<&str> = printed.lines().skip_while(|l| !l.starts_with("misses")).take(8).collect();
        let expected = [
            "misses by cause: 8",
            "      4  span too short",
            "            3  one",
            "            1  other",
            "      3  other value",
            "            3  one",
            "      1  other span",
            "            1  other",
        ];
        assert_eq!(summary, expected, "{printed}");
        assert!(printed.contains("\none: 6\n  other value: 3\n"), "{printed}");
    }

    #[test]
    fn a_set_that_is_missing_is_not_passed() {
        let mut outcome = Outcome::new("set");
        assert!(cases(Path::new("no such folder"), "none.json", &mut outcome).is_none());
        let printed = table(&[outcome], false);
        assert!(printed.contains("missing, not measured") && !printed.contains('%'), "{printed}");
    }
}

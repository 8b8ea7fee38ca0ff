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
            "other span"
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
            None => {
                let _ = writeln!(out, "{:<38}{:>7}{:>7}{:>8.1}%", o.set, o.cases, o.right, o.percent());
            }
        }
        for (reason, n) in &o.out_of_scope {
            let _ = writeln!(out, "    left out: {n} ({reason})");
        }
    }
    for o in outcomes.iter().filter(|o| with_misses && !o.misses.is_empty()) {
        let _ = writeln!(out, "\n{}", o.set);
        for (cause, list) in by_cause(&o.misses) {
            let _ = writeln!(out, "  {cause}: {}", list.len());
            for m in list {
                let _ = writeln!(out, "    {}\n      expected {}\n      got      {}", m.input, m.expected, m.got);
            }
        }
    }
    out
}

fn by_cause(misses: &[Miss]) -> BTreeMap<&str, Vec<&Miss>> {
    let mut groups: BTreeMap<&str, Vec<&Miss>> = BTreeMap::new();
    for m in misses {
        groups.entry(m.cause).or_default().push(m);
    }
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
        }
        made
    };
    outcomes.iter().map(one).collect()
}

//! The house rules as tests: what ARCHITECTURE.md states as absences, read from `cargo metadata` and the sources.
//!
//! Every check is a plain function from what it reads to the [`Breach`]es it found, and beside it stands a
//! test that gives it a bad sample, so that no check passes by looking at nothing.

mod arrows;
mod clocks;
mod kinds;
mod leftovers;
mod lengths;
mod licences;
mod names;
mod source;
mod sql;
mod tree;
mod words;

use std::fmt;

/// One place where a rule of the house is broken.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    place: String,
    reason: String,
}

impl Breach {
    fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { place: place.into(), reason: reason.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Fails with every breach on a line of its own.
fn none(breaches: Vec<Breach>) {
    let lines: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    assert!(lines.is_empty(), "{} house rule(s) broken:\n{}", lines.len(), lines.join("\n"));
}

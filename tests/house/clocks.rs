//! No clock and no randomness but as arguments.

use crate::source::Source;
use crate::tree::SOURCES;
use crate::{Breach, none};

/// Calls that read a clock or a source of randomness.
const CALLS: [&[&str]; 9] = [
    &["SystemTime", "::", "now"],
    &["Instant", "::", "now"],
    &["Timestamp", "::", "now"],
    &["Zoned", "::", "now"],
    &["Uuid", "::", "now_v7"],
    &["Uuid", "::", "new_v4"],
    &["thread_rng"],
    &["rand", "::"],
    &["getrandom", "::"],
];

/// Where a clock may be read: what makes the clock, and what wires the house together.
const ALLOWED: [&str; 2] = ["crates/domain/src/clock.rs", "crates/cli/src/"];

/// What may measure how long something took, and what for. An instant is of no use but to be subtracted from
/// another, so nothing that is kept or shown as a date can come of it.
const STOPWATCHES: [(&str, &str); 4] = [
    ("crates/followers/src/runner.rs", "how long a batch took, for the rest after it"),
    ("crates/store/src/writer.rs", "how long a commit takes, for the metrics"),
    ("crates/web/src/limit.rs", "how fast one caller asks, for the rate limits"),
    ("crates/web/src/server.rs", "how long a request takes, for the metrics"),
];

fn clocks(sources: &[Source], stopwatches: &[(&str, &str)]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|source| !ALLOWED.iter().any(|path| source.path.starts_with(path))) {
        for call in CALLS {
            let measures = stopwatches.iter().any(|(path, _)| source.path == *path);
            if call[0] == "Instant" && measures {
                continue;
            }
            for line in source.lines_of(call) {
                let reason = format!("{}: take the clock or the entropy as an argument", call.concat());
                breaches.push(Breach::new(source.place(line), reason));
            }
        }
    }
    breaches
}

#[test]
fn clock_and_randomness_are_arguments() {
    none(clocks(&SOURCES, &STOPWATCHES));
}

#[test]
fn every_stopwatch_is_in_use() {
    for (path, purpose) in STOPWATCHES {
        let source = SOURCES.iter().find(|source| source.path == path);
        let used = source.is_some_and(|source| !source.lines_of(&["Instant", "::", "now"]).is_empty());
        assert!(used, "{path} needs no stopwatch any more ({purpose}): take it off the list");
    }
}

#[test]
fn hidden_clocks_are_found() {
    let text = "fn f() { let t = std::time::Instant::now(); log!(\"{}\", jiff::Timestamp::now()); rand::rng(); }";
    let at = |path: &str| [Source::parse(path, text)];
    assert_eq!(clocks(&at("crates/app/src/a.rs"), &[]).len(), 3);
    assert_eq!(clocks(&at("crates/app/src/a.rs"), &[("crates/app/src/a.rs", "metrics")]).len(), 2);
    assert_eq!(clocks(&at("crates/domain/src/clock.rs"), &[]), []);
    assert_eq!(clocks(&at("crates/app/tests/a.rs"), &[]), []);
}

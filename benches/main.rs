//! Prints speed and memory as figures beside a baseline of the same run; see BENCHMARKS.md.
//! `make bench PART=search` measures one part alone.

mod articles;
mod commands;
mod engagements;
mod fair;
mod house;
mod million;
mod search;
mod serve;

use keqiao_benches::process::EMPTY_HANDLER;
use keqiao_benches::{Done, plain};
// The program's own allocator, for both sides of every comparison.
use keqiao_memory as _;

/// A part's name and what measures it.
type Part = (&'static str, fn() -> Done);

const PARTS: [Part; 7] = [
    ("search", search::measure),
    ("serve", serve::measure),
    ("commands", commands::measure),
    ("articles", articles::measure),
    ("engagements", engagements::measure),
    ("million", million::measure),
    ("fair", fair::measure),
];

/// Halves of a part, only when they are named.
const HALVES: [Part; 3] =
    [("million-build", million::build), ("million-ask", million::ask), (million::RESIDENT, million::resident)];

fn main() -> Done {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [command, address] = args.as_slice()
        && command == EMPTY_HANDLER
    {
        return plain::serve_nothing(address.parse()?);
    }
    for (name, measure) in PARTS {
        if args.is_empty() || args.iter().any(|arg| arg == name) {
            measure()?;
        }
    }
    for (_, measure) in HALVES.iter().filter(|(name, _)| args.iter().any(|arg| arg == name)) {
        measure()?;
    }
    Ok(())
}

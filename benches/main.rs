//! Prints speed and memory as figures beside a baseline of the same run; see BENCHMARKS.md.
//! `make bench PART=search` measures one part alone.

mod articles;
mod commands;
mod engagements;
mod fair;
mod search;
mod serve;

use keqiao_benches::process::EMPTY_HANDLER;
use keqiao_benches::{Done, plain};

/// The program's own allocator, for both sides of every comparison.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A part's name and what measures it.
type Part = (&'static str, fn() -> Done);

const PARTS: [Part; 6] = [
    ("search", search::measure),
    ("serve", serve::measure),
    ("commands", commands::measure),
    ("articles", articles::measure),
    ("engagements", engagements::measure),
    ("fair", fair::measure),
];

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
    Ok(())
}

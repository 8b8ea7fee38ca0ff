//! Feeds random inputs to what parses; see README.md for what this is and what it is not.

mod input;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use input::Inputs;
use targets::{TARGETS, Target, Tools};

/// An input may take so long for each of its bytes, and so long in any case.
const PER_BYTE: Duration = Duration::from_micros(40);
const GRACE: Duration = Duration::from_millis(200);

struct Options {
    target: String,
    seconds: u64,
    seed: u64,
}

fn options() -> Result<Options, String> {
    let mut args = std::env::args().skip(1);
    let mut options = Options { target: args.next().ok_or("name a target, or all")?, seconds: 60, seed: 1 };
    while let Some(flag) = args.next() {
        let value = args.next().ok_or(format!("{flag} needs a value"))?;
        let number = value.parse().map_err(|e| format!("{flag} {value}: {e}"))?;
        match flag.as_str() {
            "--seconds" => options.seconds = number,
            "--seed" => options.seed = number,
            _ => return Err(format!("unknown flag {flag}")),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let chosen: Vec<&Target> = TARGETS.iter().filter(|t| options.target == "all" || options.target == t.name).collect();
    if chosen.is_empty() {
        eprintln!("no target {}; there are: {}", options.target, TARGETS.map(|t| t.name).join(", "));
        return ExitCode::from(2);
    }
    let tools = match Tools::new() {
        Ok(tools) => tools,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let well = chosen.iter().all(|target| run(target, &tools, &options));
    ExitCode::from(u8::from(!well))
}

/// Runs one target for its time and says how it went.
fn run(target: &Target, tools: &Tools, options: &Options) -> bool {
    let begun = Instant::now();
    let mut inputs = Inputs::new(options.seed);
    let (mut runs, mut bytes, mut slowest) = (0u64, 0usize, 0f64);
    while begun.elapsed() < Duration::from_secs(options.seconds) {
        let input = inputs.next();
        let started = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.check)(tools, &input)));
        let took = started.elapsed();
        let fault = match outcome {
            Ok(Ok(())) if took > GRACE + PER_BYTE * u32::try_from(input.len()).unwrap_or(u32::MAX) => {
                Some(format!("took {took:?} for {} bytes", input.len()))
            }
            Ok(Ok(())) => None,
            Ok(Err(fault)) => Some(fault),
            Err(_) => Some("panicked".to_owned()),
        };
        if let Some(fault) = fault {
            eprintln!("{}: {fault}\nseed {} run {runs}", target.name, options.seed);
            match std::str::from_utf8(&input) {
                Ok(text) => eprintln!("{text:?}"),
                Err(_) => eprintln!("{input:?}"),
            }
            return false;
        }
        (runs, bytes) = (runs + 1, bytes + input.len());
        if input.len() > 1000 {
            slowest = slowest.max(took.as_secs_f64() * 1e6 / input.len() as f64);
        }
    }
    let mb = bytes as f64 / 1e6;
    println!("{:<12}{runs:>10} runs {mb:>9.1} MB, slowest {slowest:.2} µs/byte, {}", target.name, memory());
    true
}

/// The most memory the process has held, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    peak.map_or("memory unknown".to_owned(), |p| format!("at most {} held", p.trim()))
}

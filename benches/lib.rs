//! What the benches share; BENCHMARKS.md says what they measure.
//!
//! Every figure stands beside a baseline of the same run, since a wall time
//! alone says more of the machine than of the program.

pub mod corpus;
pub mod figures;
pub mod http;
pub mod news;
pub mod plain;
pub mod process;
mod rng;
mod vocabulary;

pub use rng::Rng;

/// Anything that ends a bench.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The result of a step of a bench.
pub type Done<T = ()> = Result<T, Fault>;

/// Seconds that some work takes, with what it gives.
pub fn timed<T>(work: impl FnOnce() -> Done<T>) -> Done<(f64, T)> {
    let started = std::time::Instant::now();
    let given = work()?;
    Ok((started.elapsed().as_secs_f64(), given))
}

//! `keqiao eval`: figures that can be made again by anyone who has the cases.

mod text;

use clap::{Args, Subcommand};
use keqiao_catalog::Units;

use super::CommandError;

/// What is measured.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Simplification, numbers, quantities, money and dates.
    Text(text::TextArgs),
}

/// Measures and prints; `units` are those of the catalog.
pub(crate) fn eval(args: &EvalArgs, units: &Units) -> Result<(), CommandError> {
    match &args.what {
        What::Text(args) => text::run(args, units),
    }
}

//! `keqiao eval`: figures that can be made again by anyone who has the cases.

mod text;

use clap::{Args, Subcommand};

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

pub(crate) fn eval(args: &EvalArgs) {
    match &args.what {
        What::Text(args) => text::run(args),
    }
}

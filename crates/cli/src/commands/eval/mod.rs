//! `keqiao eval`: figures that can be made again by anyone who has the cases.

mod events;
mod experts;
mod figures;
mod lines;
mod retrieval;
mod text;

use clap::{Args, Subcommand};
use keqiao_catalog::Catalog;

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
    /// Contracts signed and investments made, in sentences of financial news.
    Events(events::EventsArgs),
    /// Questions held against documents that others judged.
    Retrieval(retrieval::RetrievalArgs),
    /// Texts held against experts, who are known by what they wrote.
    Experts(experts::ExpertsArgs),
}

/// How the outcome is printed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Measures and prints.
pub(crate) fn eval(args: &EvalArgs, catalog: &Catalog) -> Result<(), CommandError> {
    match &args.what {
        What::Text(args) => text::run(args, &catalog.units),
        What::Events(args) => events::run(args, catalog),
        What::Retrieval(args) => retrieval::run(args, catalog),
        What::Experts(args) => experts::run(args, catalog),
    }
}

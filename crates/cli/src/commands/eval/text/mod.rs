//! `keqiao eval text`: how well texts are read, measured on the cases of others.

use std::path::PathBuf;

use clap::Args;
use keqiao_catalog::Units;
use report::Outcome;

use super::Format;
use crate::commands::CommandError;
use crate::output;

mod amounts;
mod dates;
mod jionlp;
mod numbers;
mod recognizers;
mod report;
mod script;

/// Where the cases lie and what is printed.
#[derive(Debug, Args)]
pub(crate) struct TextArgs {
    /// The folder with the sets of cases.
    #[arg(long, value_name = "FOLDER", default_value = "../shared/eval")]
    data: PathBuf,
    /// List the misses by cause.
    #[arg(long)]
    misses: bool,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Measures every set and prints what came out.
pub(crate) fn run(args: &TextArgs, units: &Units) -> Result<(), CommandError> {
    let data = &args.data;
    let sets =
        [script::measure(data), numbers::measure(data, units), amounts::measure(data, units), dates::measure(data)];
    let outcomes: Vec<Outcome> = sets.into_iter().flatten().collect();
    match args.format {
        Format::Table => output::line(format_args!("{}", report::table(&outcomes, args.misses).trim_end())),
        Format::Json => output::line(format_args!("{:#}", report::as_json(&outcomes, args.misses))),
    }
}

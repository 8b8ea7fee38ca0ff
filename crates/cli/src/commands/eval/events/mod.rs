//! `keqiao eval events`: how well events are read, measured on sentences that others marked.
//!
//! A **trigger** is right where its type and its characters are those of a marked one; an **argument** is right where
//! its role and its characters are those of an argument marked for an event of that type in the same text. What is
//! marked twice, or read twice, counts once. Beside these figures stand those for characters that merely overlap.
//!
//! A type is measured in the files that mark it at all. The texts are parted by the last digit of their id: those
//! with an even one may be looked at while the grammar is written (`--misses`), those with an odd one are held out.

use std::path::PathBuf;

use clap::Args;
use keqiao_catalog::Catalog;
use keqiao_extract::Reader;

use super::Format;
use crate::commands::CommandError;
use crate::output;

mod cases;
mod report;
mod score;

/// Where the cases lie and what is printed.
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    /// The folder with files of JSON lines.
    #[arg(long, value_name = "FOLDER", default_value = "../shared/eval/fewfc_events_train")]
    data: PathBuf,
    /// Show so many misses of each cause, from the half that is not held out.
    #[arg(long, value_name = "N", default_value_t = 0)]
    misses: usize,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Measures both types and prints what came out.
pub(crate) fn run(args: &EventsArgs, catalog: &Catalog) -> Result<(), CommandError> {
    let set = cases::read(&args.data);
    let outcomes = score::measure(&set, &Reader::new(catalog));
    match args.format {
        Format::Table => output::line(format_args!("{}", report::table(&set, &outcomes, args.misses).trim_end())),
        Format::Json => output::line(format_args!("{:#}", report::as_json(&set, &outcomes, args.misses))),
    }
}

//! The `keqiao` binary: settings, subcommands, wiring.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod commands;
mod house;
mod output;
mod progress;
mod settings;

use std::process::ExitCode;

use clap::Parser;
use commands::Command;
use keqiao_memory as _;

/// 科桥 Keqiao: publish what you can and what you need, get explained matches.
#[derive(Debug, Parser)]
#[command(name = "keqiao", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(commands::CommandError::NobodyReads) => ExitCode::SUCCESS,
        Err(error) => {
            output::remark(format_args!("keqiao: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

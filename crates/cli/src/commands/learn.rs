//! `keqiao learn`.

use std::path::PathBuf;

use clap::ValueEnum;
use keqiao_app::ranking::{Learned, LearnedKind, learn, use_weights, weights_from};
use keqiao_domain::Viewer;

use super::CommandError;
use crate::house;
use crate::output;
use crate::settings::SettingFlags;

/// How the weights are printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A table for people.
    Table,
    /// What was learned as JSON.
    Json,
}

/// `keqiao learn`
#[derive(Debug, clap::Args)]
pub(crate) struct LearnArgs {
    /// Bring in weights from a JSON file instead of learning them; what cannot be used is refused.
    #[arg(long, value_name = "FILE")]
    bring: Option<PathBuf>,
    /// Use them from now on.
    #[arg(long = "use")]
    used: bool,
    /// How what was learned is printed.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    settings: SettingFlags,
}

pub(crate) async fn run(args: LearnArgs) -> Result<(), CommandError> {
    let house = house::open(&args.settings).await?;
    let version = match &args.bring {
        Some(file) => {
            let reason = |e: std::io::Error| CommandError::Folder { path: file.clone(), reason: e.to_string() };
            let text = std::fs::read_to_string(file).map_err(reason)?;
            Some(weights_from(&house.app, None, &text).await?)
        }
        None => {
            let learned = learn(&house.app, None).await?;
            match args.format {
                Format::Table => table(&learned)?,
                Format::Json => {
                    let json = serde_json::to_string_pretty(&learned).map_err(std::io::Error::from)?;
                    output::line(format_args!("{json}"))?;
                }
            }
            learned.version
        }
    };
    if let Some(version) = version {
        output::remark(format_args!("kept as version {version}"));
        if args.used {
            use_weights(&house.app, &Viewer::console(), Some(version)).await?;
            output::remark(format_args!("used from now on; the way back is on /admin/ranking"));
        }
    }
    house.app.store.close().await;
    Ok(())
}

fn table(learned: &Learned) -> Result<(), CommandError> {
    if learned.version.is_none() {
        output::line(format_args!("too little to learn from: {} lists were shown", learned.lists))?;
    }
    learned.kinds.iter().try_for_each(|kind| {
        let LearnedKind { lists, kept_back, loss: [before, after], .. } = kind;
        let name = if kind.kind.is_empty() { "all kinds" } else { &kind.kind };
        output::line(format_args!(
            "{name}: {lists} lists that tell something; loss on {kept_back} kept back {before:.4} before, {after:.4} after"
        ))?;
        kind.weights.iter().try_for_each(|(part, [before, after])| {
            output::line(format_args!("  {part:<14}{before:>8.2}{after:>8.2}"))
        })
    })
}

//! `keqiao export`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use keqiao_app::transfer::export_archive;

use super::CommandError;
use crate::house;
use crate::output;
use crate::progress;
use crate::settings::SettingFlags;

/// `keqiao export`
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// The zip to write.
    file: PathBuf,
    #[command(flatten)]
    settings: SettingFlags,
}

pub(crate) async fn export(args: ExportArgs) -> Result<(), CommandError> {
    let house = house::open(&args.settings).await?;
    let fault = |e: std::io::Error| CommandError::Folder { path: args.file.clone(), reason: e.to_string() };
    // Beside the place first: a broken export never stands where a whole one stood.
    let part = args.file.with_extension("part");
    let mut file = BufWriter::new(File::create(&part).map_err(fault)?);
    let bar = progress::counter("export");
    let heard = bar.clone();
    let count = export_archive(&house.app, &mut file, &move |n| heard.set_position(n as u64)).await?;
    file.flush().map_err(fault)?;
    file.into_inner().map_err(|e| fault(e.into_error()))?.sync_all().map_err(fault)?;
    std::fs::rename(&part, &args.file).map_err(fault)?;
    bar.finish_and_clear();
    let size = std::fs::metadata(&args.file)?.len();
    output::line(format_args!("{}: {count} records, {size} bytes", args.file.display()))?;
    house.app.store.close().await;
    Ok(())
}

//! `keqiao import`.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use keqiao_app::transfer::{
    ImportOptions, Mapping, Outcome, Report, What, guess_mapping, import_archive, import_table, read_table,
};
use keqiao_domain::{PartyId, Viewer};
use keqiao_followers::{IndexFollower, catch_up};

use super::CommandError;
use crate::house;
use crate::output;
use crate::progress;
use crate::settings::SettingFlags;

/// What a file holds.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ImportWhat {
    /// Needs and offers.
    Listings,
    /// Organizations and persons.
    Parties,
    /// Everything, from `keqiao export`, into an empty store.
    Archive,
}

/// `keqiao import`
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// What the file holds.
    what: ImportWhat,
    /// The file: .csv .tsv .xlsx .xls .ods .jsonl, or a .zip of `keqiao export`.
    file: PathBuf,
    #[command(flatten)]
    settings: SettingFlags,
    /// Which column is which field (TOML: `title = { column = "题名" }`); default: guessed from the header.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Party of rows that name none (its id).
    #[arg(long)]
    party: Option<PartyId>,
    /// Publish listings at once, without review.
    #[arg(long)]
    publish: bool,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
    /// Write the report as JSON into a file.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(crate) async fn import(args: ImportArgs) -> Result<(), CommandError> {
    let open = |path: &Path| {
        File::open(path).map_err(|e| CommandError::Folder { path: path.to_owned(), reason: e.to_string() })
    };
    let house = house::open(&args.settings).await?;
    let app = &house.app;
    let what = match args.what {
        ImportWhat::Archive => {
            let count = import_archive(app, open(&args.file)?).await?;
            catch_up(&app.store, &IndexFollower::new(app.store.clone(), app.index.clone(), "cli".into())).await?;
            output::line(format_args!("{count} records"))?;
            app.store.close().await;
            return Ok(());
        }
        ImportWhat::Listings => What::Listings,
        ImportWhat::Parties => What::Parties,
    };
    open(&args.file)?;
    let bytes = std::fs::read(&args.file)?;
    let table = read_table(&args.file.display().to_string(), &bytes)
        .map_err(|e| CommandError::Usage(format!("{}: {e}", args.file.display())))?;
    let mapping = match &args.map {
        None => guess_mapping(what, &app.catalog, &table.columns),
        Some(path) => read_mapping(path)?,
    };
    let options = ImportOptions { party: args.party, publish: args.publish, dry_run: args.dry_run };
    let bar = progress::bar("import", (table.rows.len() + table.broken.len()) as u64);
    let heard = bar.clone();
    let hear = move |done: usize, _: usize| heard.set_position(done as u64);
    let report = import_table(app, &Viewer::console(), what, &table, &mapping, &options, &hear).await?;
    bar.finish_and_clear();
    if !args.dry_run {
        catch_up(&app.store, &IndexFollower::new(app.store.clone(), app.index.clone(), "cli".into())).await?;
    }
    if let Some(path) = &args.report {
        std::fs::write(path, serde_json::to_vec_pretty(&report).map_err(std::io::Error::other)?)?;
    }
    app.store.close().await;
    print_report(&report, args.dry_run)
}

fn read_mapping(path: &Path) -> Result<Mapping, CommandError> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| CommandError::Folder { path: path.to_owned(), reason: e.to_string() })?;
    toml::from_str(&text).map_err(|e| CommandError::Usage(format!("{}: {e}", path.display())))
}

/// Faulty rows printed before the rest is only counted.
const PRINTED: usize = 50;

fn print_report(report: &Report, dry_run: bool) -> Result<(), CommandError> {
    let faulty: Vec<_> = report.rows.iter().filter(|r| r.outcome == Outcome::Faulty).collect();
    for row in faulty.iter().take(PRINTED) {
        for fault in &row.faults {
            let said = output::in_both_languages(&fault.code, &fault.detail);
            output::line(format_args!("row {}: {}: {said}", row.row, fault.column))?;
        }
    }
    if faulty.len() > PRINTED {
        output::line(format_args!("… and {} more faulty rows; --report FILE has them all", faulty.len() - PRINTED))?;
    }
    output::line(format_args!(
        "{}{} rows: {} created, {} updated, {} unchanged, {} faulty",
        if dry_run { "(dry run) " } else { "" },
        report.total,
        report.created,
        report.updated,
        report.unchanged,
        report.faulty
    ))
}

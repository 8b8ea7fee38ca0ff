//! `keqiao ingest`: articles from files into the data folder.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use keqiao_app::articles::{IncomingFile, IngestOptions, Ingested, Unpacked, ingest_files, unpack};
use keqiao_app::{App, AppError, Fault};
use keqiao_domain::{Audience, Viewer};
use keqiao_followers::{GraphFollower, catch_up};

use super::CommandError;
use super::paths::{files_of, name_of, read};
use super::upkeep::{in_turn, node};
use crate::house;
use crate::output;
use crate::progress;
use crate::settings::SettingFlags;

/// Files and bytes kept in one transaction.
const FILES: usize = 128;
const BYTES: usize = 8 << 20;

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Readers {
    /// Everyone.
    Public,
    /// Whoever is signed in.
    Member,
    /// Operators.
    Operator,
}

impl From<Readers> for Audience {
    fn from(readers: Readers) -> Self {
        match readers {
            Readers::Public => Self::Public,
            Readers::Member => Self::Member,
            Readers::Operator => Self::Operator,
        }
    }
}

/// `keqiao ingest`
#[derive(Debug, clap::Args)]
pub(crate) struct IngestArgs {
    /// Files, zips of files or folders; `-` reads standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Who may know of the articles and their facts.
    #[arg(long, value_enum, default_value = "public")]
    readers: Readers,
    /// Who may read their text.
    #[arg(long, value_enum, default_value = "member")]
    text_readers: Readers,
    /// The encoding of the files, where they do not say it.
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    #[command(flatten)]
    settings: SettingFlags,
}

/// What became of the files.
#[derive(Debug, Default)]
pub(super) struct Tally {
    files: usize,
    new: usize,
    known: usize,
    empty: usize,
    broken: usize,
    articles: usize,
    facts: usize,
}

pub(crate) async fn ingest(args: IngestArgs) -> Result<(), CommandError> {
    let house = house::open(&args.settings).await?;
    let app = &house.app;
    let options = IngestOptions { readers: args.readers.into(), text_readers: args.text_readers.into(), demo: false };
    let mut tally = Tally::default();
    let paths = files_of(&args.paths, &mut tally.broken);
    let bar = progress::bar("articles", paths.len() as u64);
    let mut waiting = Vec::new();
    for path in &paths {
        match incoming(path, args.encoding.as_deref(), app.settings.import_limit_bytes) {
            Ok(files) => {
                for file in files {
                    match file {
                        Ok(file) => waiting.push(file),
                        Err(broken) => {
                            tell(&mut tally, &path.display().to_string(), &said(&broken.fault));
                        }
                    }
                    if is_full(&waiting) {
                        bring_in(app, std::mem::take(&mut waiting), options, &mut tally).await?;
                    }
                }
            }
            Err(reason) => tell(&mut tally, &path.display().to_string(), &reason),
        }
        bar.inc(1);
    }
    bring_in(app, waiting, options, &mut tally).await?;
    bar.finish_and_clear();
    follow(app).await?;
    app.store.close().await;
    output::line(format_args!(
        "{} files: {} new with {} articles and {} facts, {} known before, {} without a story, {} not read",
        tally.files, tally.new, tally.articles, tally.facts, tally.known, tally.empty, tally.broken
    ))?;
    match tally.broken {
        0 => Ok(()),
        broken => Err(CommandError::Unread { broken, files: tally.files.max(broken) }),
    }
}

fn tell(tally: &mut Tally, name: &str, reason: &str) {
    output::remark(format_args!("{name}: {reason}"));
    tally.files += 1;
    tally.broken += 1;
}

fn is_full(files: &[IncomingFile]) -> bool {
    files.len() >= FILES || files.iter().map(|f| f.bytes.len()).sum::<usize>() >= BYTES
}

/// The file of a path, or the files of a zip.
fn incoming(path: &Path, encoding: Option<&str>, limit: u64) -> Result<Vec<Unpacked>, String> {
    let bytes = read(path).map_err(|e| e.to_string())?;
    let file = IncomingFile { name: kept_as(path), bytes, declared: encoding.map(str::to_owned) };
    unpack(file, limit).map_err(|fault| said(&fault))
}

/// Keeps files with their articles.
pub(super) async fn bring_in(
    app: &App,
    files: Vec<IncomingFile>,
    options: IngestOptions,
    tally: &mut Tally,
) -> Result<(), CommandError> {
    if files.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = files.iter().map(|f| f.name.clone()).collect();
    let outcomes = ingest_files(app, &Viewer::console(), files, options).await?;
    for (name, outcome) in names.iter().zip(outcomes) {
        match outcome {
            Ok(Ingested::New { articles, facts, .. }) => {
                tally.files += 1;
                tally.new += 1;
                tally.articles += articles.len();
                tally.facts += facts;
                if articles.is_empty() {
                    output::remark(format_args!("{name}: holds no story; what it holds is kept with the file"));
                    tally.empty += 1;
                }
            }
            Ok(Ingested::Known { .. }) => {
                tally.files += 1;
                tally.known += 1;
            }
            Err(error) => tell(tally, name, &reason(error)),
        }
    }
    Ok(())
}

/// The name under which people find a file again.
fn kept_as(path: &Path) -> String {
    if path.as_os_str() == "-" { "stdin".into() } else { name_of(path) }
}

fn said(fault: &Fault) -> String {
    output::in_both_languages(fault.code, &fault.detail)
}

fn reason(error: AppError) -> String {
    match &error {
        // The line names the file already.
        AppError::Invalid(faults) if faults.len() == 1 => output::in_both_languages(faults[0].code, ""),
        _ => CommandError::App(error).to_string(),
    }
}

/// Puts what came in into the graph.
pub(super) async fn follow(app: &App) -> Result<(), CommandError> {
    let graph = GraphFollower::new(app.store.clone(), &app.catalog, app.clock.clone(), node());
    let bar = progress::counter("graph");
    in_turn(&app.store, async || catch_up(&app.store, &graph).await).await?;
    bar.finish_and_clear();
    Ok(())
}

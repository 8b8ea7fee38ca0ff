//! The subcommands, one file each.

mod account;
mod backup;
mod catalog;
mod demo;
mod eval;
mod export;
mod extract;
mod import;
mod ingest;
mod learn;
mod matching;
mod paths;
mod serve;
mod timetable;
mod upkeep;

use std::path::PathBuf;

use clap::Subcommand;

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve pages and API from a data folder.
    Serve(serve::ServeArgs),
    /// Fill a folder with demo data (if it is empty) and serve it.
    Demo(demo::DemoArgs),
    /// Match a need against offers: from a file, in memory, or against a data folder.
    Match(matching::MatchArgs),
    /// Read articles from files or standard input: names, posts, facts with their places in the text.
    Extract(extract::ExtractArgs),
    /// Bring articles from files into the data folder: stories, names and facts, for graph and timeline.
    Ingest(ingest::IngestArgs),
    /// Import listings or parties from CSV, XLSX or JSON lines, or a whole archive.
    Import(import::ImportArgs),
    /// Write everything into a zip of JSON lines.
    Export(export::ExportArgs),
    /// Compare index, standing matches and graph with the store and say what differs.
    Verify(upkeep::UpkeepArgs),
    /// Make index and standing matches anew beside the old ones, then swap; read articles again and make the graph anew.
    Rebuild(upkeep::RebuildArgs),
    /// Write a consistent snapshot of database and attachments; also while serving.
    Backup(backup::BackupArgs),
    /// Make a data folder from a backup.
    Restore(backup::RestoreArgs),
    /// Create an account, or give one a platform role.
    Account(account::AccountArgs),
    /// Learn the weights of the ranking from what people did with matches, and print them.
    Learn(learn::LearnArgs),
    /// Check the catalog with the data folder's own files.
    Catalog(catalog::CatalogArgs),
    /// Plan the meetings of a fair: no double booking, the best matches, fair to the least served.
    Timetable(timetable::TimetableArgs),
    /// Measure how well texts are read, on cases made by others.
    Eval(eval::EvalArgs),
}

/// Why a command stopped; each message names place and mend.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("the settings have {} fault(s):\n  {}", .0.len(), .0.join("\n  "))]
    Settings(Vec<String>),
    #[error("the catalog has faults:\n{0}")]
    Catalog(String),
    #[error("{}: {reason}", path.display())]
    Folder { path: PathBuf, reason: String },
    #[error(
        "the data folder {} is in use by another keqiao process: stop it first, or name another folder with --data",
        .0.display()
    )]
    InUse(PathBuf),
    #[error("cannot listen on {address}: {reason}; name another with --listen")]
    Listen { address: String, reason: String },
    #[error("{broken} of {files} files could not be read")]
    Unread { broken: usize, files: usize },
    #[error("{0}")]
    Usage(String),
    #[error("standard output is closed")]
    NobodyReads,
    #[error("{0}")]
    Differs(String),
    #[error(transparent)]
    Open(#[from] keqiao_store::OpenError),
    #[error(transparent)]
    Store(#[from] keqiao_store::StoreError),
    #[error(transparent)]
    Search(#[from] keqiao_search::SearchError),
    #[error(transparent)]
    Follow(#[from] keqiao_followers::FollowError),
    #[error("{}", describe(.0))]
    App(#[from] keqiao_app::AppError),
    #[error(transparent)]
    Archive(#[from] keqiao_app::transfer::ArchiveError),
    #[error(transparent)]
    Blob(#[from] keqiao_app::BlobError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("the archive is damaged: {0}")]
    Zip(#[from] zip::result::ZipError),
}

fn describe(error: &keqiao_app::AppError) -> String {
    match error {
        keqiao_app::AppError::Invalid(faults) => {
            let list: Vec<String> = faults.iter().map(|f| format!("{}: {} {}", f.field, f.code, f.detail)).collect();
            list.join("\n  ").trim_end().to_owned()
        }
        other => other.to_string(),
    }
}

impl CommandError {
    /// 2 for a wrong call or setting, 3 for differences found, 1 for the rest.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_) | Self::Catalog(_) | Self::Usage(_) => 2,
            Self::Differs(_) => 3,
            _ => 1,
        }
    }
}

/// Carries out a command.
pub(crate) fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Serve(args) => block_on(serve::serve(args)),
        Command::Demo(args) => block_on(demo::demo(args)),
        Command::Match(args) => matching::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Ingest(args) => block_on(ingest::ingest(args)),
        Command::Import(args) => block_on(import::import(args)),
        Command::Export(args) => block_on(export::export(args)),
        Command::Verify(args) => block_on(upkeep::verify(args)),
        Command::Rebuild(args) => block_on(upkeep::rebuild(args)),
        Command::Backup(args) => block_on(backup::backup(args)),
        Command::Restore(args) => block_on(backup::restore(args)),
        Command::Account(args) => block_on(account::account(args)),
        Command::Learn(args) => block_on(learn::run(args)),
        Command::Catalog(args) => catalog::check(&args),
        Command::Timetable(args) => timetable::run(&args),
        Command::Eval(args) => {
            let catalog = keqiao_catalog::builtin().map_err(|e| CommandError::Catalog(e.to_string()))?;
            eval::eval(&args, &catalog)
        }
    }
}

/// Runs async work on a runtime of its own.
fn block_on<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

//! Articles from a file or a zip of files: a run with progress and report, as of other imports.

use std::sync::Arc;

use bytes::Bytes;
use futures::Stream;
use keqiao_domain::{Audience, ImportId, SourceId, Viewer};
use keqiao_store::imports::ImportRun;

use super::jobs::{NewRun, Plan, begin, carry_out, store_run};
use super::report::{Diff, Outcome, Report, RowFault, RowOutcome};
use super::spool::note_cut;
use crate::articles::{IncomingFile, IngestOptions, Ingested, Unpacked, ingest_files, unpack};
use crate::blobs::BlobError;
use crate::{App, AppError, Fault};

/// Files kept in one transaction.
const AT_ONCE: usize = 50;

/// Keeps an uploaded file, or a zip of files, and begins to read it: the run goes on and writes its progress.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed` but for operators; `TooLarge`; `Invalid` when it is a zip that cannot be read.
pub async fn start_articles<S, E>(
    app: &Arc<App>,
    viewer: &Viewer,
    file: &str,
    readers: Audience,
    text_readers: Audience,
    stream: S,
) -> Result<ImportId, AppError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let id = ImportId::fresh(&*app.clock, &*app.entropy);
    let blob = format!("imports/{id}");
    let plan =
        Plan { file: file.chars().take(200).collect(), readers: Some((readers, text_readers)), ..Plan::default() };
    let new = NewRun { id, account, what: "articles", state: "running", total: 0, blob: blob.clone() };
    if let Err(error) = app.blobs.keep(&blob, stream, app.settings.import_limit_bytes).await {
        if matches!(error, BlobError::Broken(_)) {
            note_cut(app, new, &plan).await?;
        }
        return Err(error.into());
    }
    let total = match files_in(app, file, &blob).await {
        Ok(files) => files.len(),
        Err(error) => {
            app.blobs.remove(&blob).await?;
            return Err(error);
        }
    };
    let run = begin(app, NewRun { total, ..new }, &plan).await?;
    let (app, viewer) = (app.clone(), viewer.clone());
    tokio::spawn(async move { carry_out(&app, &viewer, run, plan).await });
    Ok(id)
}

/// The file itself, or the files of a zip.
async fn files_in(app: &App, name: &str, blob: &str) -> Result<Vec<Unpacked>, AppError> {
    let bytes = app.blobs.read(blob).await?;
    let (name, limit) = (name.to_owned(), app.settings.import_limit_bytes);
    let unpacked = move || unpack(IncomingFile { name, bytes: bytes.to_vec(), declared: None }, limit);
    tokio::task::spawn_blocking(unpacked)
        .await
        .map_err(|e| AppError::Internal(e.to_string()))?
        .map_err(|fault| AppError::Invalid(vec![fault]))
}

fn row_fault(fault: Fault) -> RowFault {
    RowFault { column: fault.field, code: fault.code.to_owned(), detail: fault.detail }
}

/// Reads all files of a run. One that came before is left as it is, so a run that was interrupted begins anew; what it
/// had brought in before counts as brought in.
pub(super) async fn read_all(
    app: &App,
    viewer: &Viewer,
    run: &ImportRun,
    file: &str,
    readers: (Audience, Audience),
) -> Result<Report, AppError> {
    let files = files_in(app, file, run.blob.as_deref().unwrap_or_default()).await?;
    let options = IngestOptions { readers: readers.0, text_readers: readers.1, demo: false };
    let (mut report, mut run) = (Report::default(), run.clone());
    let before = usize::try_from(run.done).ok().filter(|done| *done > 0).map_or(0, |done| done + AT_ONCE);
    let begun = run.id.0;
    let mut files = files.into_iter().peekable();
    while files.peek().is_some() {
        let batch: Vec<Unpacked> = files.by_ref().take(AT_ONCE).collect();
        let names: Vec<String> =
            batch.iter().map(|f| f.as_ref().map_or_else(|e| e.name.clone(), |f| f.name.clone())).collect();
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (place, found) in batch.into_iter().enumerate() {
            match found {
                Ok(file) => good.push(file),
                Err(broken) => bad.push((place, row_fault(broken.fault))),
            }
        }
        let mut kept = ingest_files(app, viewer, good, options).await?.into_iter();
        for (place, name) in names.into_iter().enumerate() {
            let row = report.total + 1;
            report.add(match bad.iter().find(|(at, _)| *at == place) {
                Some((_, fault)) => outcome(row, name, Outcome::Faulty, Vec::new(), vec![fault.clone()]),
                // Ids grow with time.
                None => said(row, name, kept.next(), |source| row <= before && source.0 > begun)?,
            });
        }
        run.done = i64::try_from(report.total).unwrap_or(i64::MAX);
        store_run(app, run.clone()).await?;
    }
    Ok(report)
}

fn outcome(row: usize, title: String, outcome: Outcome, diffs: Vec<Diff>, faults: Vec<RowFault>) -> RowOutcome {
    RowOutcome { row, outcome, title, file: None, diffs, faults }
}

/// What became of one file. What is wrong with the file is its own; what is wrong with the store ends the run.
fn said(
    row: usize,
    name: String,
    kept: Option<Result<Ingested, AppError>>,
    is_own: impl Fn(SourceId) -> bool,
) -> Result<RowOutcome, AppError> {
    let number = |field: &str, n: usize| Diff { field: field.into(), old: String::new(), new: n.to_string() };
    match kept {
        Some(Ok(Ingested::New { source, articles, facts })) => {
            let found = vec![number("articles", articles.len()), number("facts", facts)];
            Ok(RowOutcome { file: Some(source), ..outcome(row, name, Outcome::Created, found, Vec::new()) })
        }
        Some(Ok(Ingested::Known { source })) if is_own(source) => {
            Ok(RowOutcome { file: Some(source), ..outcome(row, name, Outcome::Created, Vec::new(), Vec::new()) })
        }
        Some(Ok(Ingested::Known { source })) => {
            Ok(RowOutcome { file: Some(source), ..outcome(row, name, Outcome::Unchanged, Vec::new(), Vec::new()) })
        }
        Some(Err(AppError::Invalid(faults))) => {
            // The row names the file already.
            let faults = faults.into_iter().map(|f| row_fault(Fault { detail: String::new(), ..f })).collect();
            Ok(outcome(row, name, Outcome::Faulty, Vec::new(), faults))
        }
        Some(Err(AppError::TooLarge { limit })) => {
            let faults = vec![row_fault(Fault::with("file", "file-too-large", format!("{} MB", limit >> 20)))];
            Ok(outcome(row, name, Outcome::Faulty, Vec::new(), faults))
        }
        Some(Err(other)) => Err(other),
        None => Err(AppError::Internal("a file was read without an outcome".into())),
    }
}

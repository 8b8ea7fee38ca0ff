//! Imports from the pages: upload, mapping, dry run, run with progress, report.

use std::sync::Arc;

use bytes::Bytes;
use futures::{FutureExt, Stream};
use keqiao_domain::{AccountId, Audience, ImportId, PartyId, Viewer};
use keqiao_store::imports::{self, ImportRun};
use serde::{Deserialize, Serialize};

use super::fields::{Mapping, guess_mapping};
use super::import::{ImportOptions, What, import_table};
use super::report::Report;
use super::table::{Table, read_table};
use crate::accounts::viewer_of;
use crate::{App, AppError, Fault};

/// What is kept of an import beside its file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) file: String,
    pub(super) mapping: Mapping,
    pub(super) party: Option<PartyId>,
    pub(super) publish: bool,
    /// Of articles: who may know of them and their facts, and who may read their text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) readers: Option<(Audience, Audience)>,
}

/// An import as its page shows it.
#[derive(Debug, Clone)]
pub struct ImportView {
    /// The run: `mapping`, `checked`, `running`, `done` or `failed`.
    pub run: ImportRun,
    /// File name.
    pub file: String,
    /// The columns of the file.
    pub columns: Vec<String>,
    /// Its first rows, for whoever sets the mapping.
    pub sample: Vec<Vec<String>>,
    /// The mapping.
    pub mapping: Mapping,
    /// The party of rows that name none.
    pub party: Option<PartyId>,
    /// Whether listings are published at once.
    pub publish: bool,
    /// What the dry run or the run found.
    pub report: Option<Report>,
}

/// Keeps an uploaded file and guesses its mapping.
///
/// # Errors
/// `SignInNeeded`; `TooLarge`; `Invalid` when the file cannot be read as a table.
pub async fn start_import<S, E>(
    app: &App,
    viewer: &Viewer,
    what: What,
    file: &str,
    stream: S,
) -> Result<ImportId, AppError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if what == What::Parties && !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let id = ImportId::fresh(&*app.clock, &*app.entropy);
    let blob = format!("imports/{id}");
    app.blobs.keep(&blob, stream, app.settings.import_limit_bytes).await?;
    let table = match table_of(app, file, &blob).await {
        Ok(table) => table,
        Err(error) => {
            app.blobs.remove(&blob).await?;
            return Err(error);
        }
    };
    let plan = Plan {
        file: file.chars().take(200).collect(),
        mapping: guess_mapping(what, &app.catalog, &table.columns),
        ..Plan::default()
    };
    let what = if what == What::Listings { "listings" } else { "parties" };
    let run = NewRun { id, account, what, state: "mapping", total: table.rows.len() + table.broken.len(), blob };
    begin(app, run, &plan).await?;
    Ok(id)
}

/// A run whose file was kept.
pub(super) struct NewRun {
    pub(super) id: ImportId,
    pub(super) account: AccountId,
    pub(super) what: &'static str,
    pub(super) state: &'static str,
    pub(super) total: usize,
    pub(super) blob: String,
}

/// Writes the beginning of a run.
pub(super) async fn begin(app: &App, new: NewRun, plan: &Plan) -> Result<ImportRun, AppError> {
    let run = ImportRun {
        id: new.id,
        account: new.account,
        what: new.what.into(),
        state: new.state.into(),
        total: i64::try_from(new.total).unwrap_or(i64::MAX),
        done: 0,
        created: 0,
        updated: 0,
        failed: 0,
        report: serde_json::Value::Null,
        blob: Some(new.blob),
        mapping: json(plan)?,
        created_at: app.now(),
        finished_at: None,
    };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                imports::insert(tx, &run).await?;
                Ok(run)
            }
            .boxed()
        })
        .await
}

fn json<T: Serialize>(value: &T) -> Result<serde_json::Value, AppError> {
    serde_json::to_value(value).map_err(|e| AppError::Internal(e.to_string()))
}

async fn table_of(app: &App, file: &str, blob: &str) -> Result<Table, AppError> {
    let bytes = app.blobs.read(blob).await?;
    let file = file.to_owned();
    tokio::task::spawn_blocking(move || read_table(&file, &bytes))
        .await
        .map_err(|e| AppError::Internal(e.to_string()))?
        .map_err(|e| AppError::Invalid(vec![Fault::with("file", "not-a-table", e)]))
}

async fn own_run(app: &App, viewer: &Viewer, id: ImportId) -> Result<(ImportRun, Plan), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let run = imports::find(&mut db, id).await?.filter(|r| r.account == account).ok_or(AppError::NotFound)?;
    let plan = serde_json::from_value(run.mapping.clone()).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok((run, plan))
}

fn what_of(run: &ImportRun) -> What {
    if run.what == "parties" { What::Parties } else { What::Listings }
}

/// One of the viewer's own imports.
///
/// # Errors
/// `SignInNeeded`; `NotFound`.
pub async fn view_import(app: &App, viewer: &Viewer, id: ImportId) -> Result<ImportView, AppError> {
    let (run, plan) = own_run(app, viewer, id).await?;
    let (mut columns, mut sample) = (Vec::new(), Vec::new());
    if run.state == "mapping" || run.state == "checked" {
        let table = table_of(app, &plan.file, run.blob.as_deref().unwrap_or_default()).await?;
        sample = table
            .rows
            .iter()
            .take(3)
            .map(|row| {
                let cell = |c: &String| row.cells.get(c).map(super::listing_rows::cell_text).unwrap_or_default();
                table.columns.iter().map(|c| cell(c).chars().take(60).collect()).collect()
            })
            .collect();
        columns = table.columns;
    }
    let report = serde_json::from_value(run.report.clone()).ok();
    let Plan { file, mapping, party, publish, .. } = plan;
    Ok(ImportView { run, file, columns, sample, mapping, party, publish, report })
}

/// The viewer's last imports.
///
/// # Errors
/// `SignInNeeded`.
pub async fn my_imports(app: &App, viewer: &Viewer) -> Result<Vec<ImportRun>, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    Ok(imports::of_account(&mut db, account, 20).await?)
}

/// Sets the mapping and makes the dry run, whose report the page then shows.
///
/// # Errors
/// `NotAllowed`; `NotFound`; `Invalid` once the import has run.
pub async fn confirm_mapping(
    app: &App,
    viewer: &Viewer,
    id: ImportId,
    mapping: Mapping,
    party: Option<PartyId>,
    publish: bool,
) -> Result<Report, AppError> {
    let (mut run, plan) = own_run(app, viewer, id).await?;
    if run.state != "mapping" && run.state != "checked" {
        return Err(AppError::invalid("state", "import-has-run"));
    }
    let table = table_of(app, &plan.file, run.blob.as_deref().unwrap_or_default()).await?;
    let options = ImportOptions { party, publish, dry_run: true };
    let report = import_table(app, viewer, what_of(&run), &table, &mapping, &options, &|_, _| ()).await?;
    run.mapping = json(&Plan { mapping, party, publish, ..plan })?;
    run.state = "checked".into();
    store_run(app, with_report(run, &report)?).await?;
    Ok(report)
}

fn with_report(mut run: ImportRun, report: &Report) -> Result<ImportRun, AppError> {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    run.created = number(report.created);
    run.updated = number(report.updated);
    run.failed = number(report.faulty);
    run.report = json(report)?;
    Ok(run)
}

pub(super) async fn store_run(app: &App, run: ImportRun) -> Result<(), AppError> {
    app.store.write(move |tx| async move { Ok(imports::update_progress(tx, &run).await.map(drop)?) }.boxed()).await
}

/// Runs an import whose dry run was seen. Returns at once; the run goes on and writes its progress.
///
/// # Errors
/// `NotFound`; `Invalid` when there was no dry run yet.
pub async fn run_import(app: &Arc<App>, viewer: &Viewer, id: ImportId) -> Result<(), AppError> {
    let (mut run, plan) = own_run(app, viewer, id).await?;
    if run.state != "checked" {
        return Err(AppError::invalid("state", "check-first"));
    }
    run.state = "running".into();
    run.done = 0;
    store_run(app, run.clone()).await?;
    let (app, viewer) = (app.clone(), viewer.clone());
    tokio::spawn(async move { carry_out(&app, &viewer, run, plan).await });
    Ok(())
}

pub(super) async fn carry_out(app: &App, viewer: &Viewer, mut run: ImportRun, plan: Plan) {
    let outcome = execute(app, viewer, &run, plan).await;
    match outcome.and_then(|report| with_report(run.clone(), &report)) {
        Ok(finished) => {
            run = finished;
            run.state = "done".into();
            run.done = run.total;
        }
        Err(error) => {
            tracing::error!(import = %run.id, %error, "an import stopped");
            run.state = "failed".into();
            run.report = serde_json::json!({ "error": error.to_string() });
        }
    }
    run.finished_at = Some(app.now());
    let blob = run.blob.take();
    if let Err(error) = store_run(app, run).await {
        tracing::error!(%error, "the end of an import could not be written");
    } else if let Some(blob) = blob
        && let Err(error) = app.blobs.remove(&blob).await
    {
        tracing::warn!(%error, "the file of an import stays until the next start");
    }
}

async fn execute(app: &App, viewer: &Viewer, run: &ImportRun, plan: Plan) -> Result<Report, AppError> {
    if let Some(readers) = plan.readers {
        return super::article_files::read_all(app, viewer, run, &plan.file, readers).await;
    }
    let table = table_of(app, &plan.file, run.blob.as_deref().unwrap_or_default()).await?;
    let options = ImportOptions { party: plan.party, publish: plan.publish, dry_run: false };
    let (heard, mut news) = tokio::sync::watch::channel(0usize);
    let progress = move |done: usize, _: usize| {
        heard.send_replace(done);
    };
    let work = import_table(app, viewer, what_of(run), &table, &plan.mapping, &options, &progress);
    tokio::pin!(work);
    loop {
        tokio::select! {
            report = &mut work => return report,
            Ok(()) = news.changed() => {
                let done = *news.borrow_and_update();
                let run = ImportRun { done: i64::try_from(done).unwrap_or(i64::MAX), ..run.clone() };
                store_run(app, run).await?;
            }
        }
    }
}

/// Takes up imports that a crash interrupted; imports are idempotent, so they start from the first row.
///
/// # Errors
/// When the store fails.
pub async fn resume_running(app: &Arc<App>) -> Result<usize, AppError> {
    let mut db = app.store.reader().await?;
    let interrupted = imports::in_state(&mut db, "running", 100).await?;
    let mut resumed = 0;
    for run in interrupted {
        let Some(account) = keqiao_store::accounts::find(&mut db, run.account).await? else { continue };
        let viewer = viewer_of(&mut db, &account).await?;
        let plan: Plan = serde_json::from_value(run.mapping.clone()).map_err(|e| AppError::Internal(e.to_string()))?;
        let app = app.clone();
        tokio::spawn(async move { carry_out(&app, &viewer, run, plan).await });
        resumed += 1;
    }
    Ok(resumed)
}

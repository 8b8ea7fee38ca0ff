//! Importing a table: what each row would do, and doing it.

use std::collections::HashMap;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use keqiao_domain::{PartyId, Viewer};
use serde::{Deserialize, Serialize};

use self::write::Write;
use super::fields::Mapping;
use super::listing_rows::PartyRef;
use super::report::{Diff, Outcome, Report, RowFault, RowOutcome};
use super::table::{RawRow, Table};
use crate::{App, AppError, Fault};

mod plan_listing;
mod plan_party;
mod write;

/// Rows written in one transaction.
const BATCH: usize = 200;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Needs and offers.
    Listings,
    /// Organizations and persons.
    Parties,
}

/// How an import goes.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The party of rows that name none.
    pub party: Option<PartyId>,
    /// Publish listings at once, without review; operators only.
    pub publish: bool,
    /// Only say what would happen.
    pub dry_run: bool,
}

/// Imports a table. Idempotent by external id; a faulty row is reported and
/// the good ones go in. `progress` hears rows done and rows in all.
///
/// # Errors
/// `NotAllowed` when the viewer may not import this; a store that fails. What was written stays written.
pub async fn import_table(
    app: &App,
    viewer: &Viewer,
    what: What,
    table: &Table,
    mapping: &Mapping,
    options: &ImportOptions,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<Report, AppError> {
    if !viewer.is_member() && !viewer.sees_all() {
        return Err(AppError::SignInNeeded);
    }
    let own_party = options.party.is_some_and(|p| viewer.may_edit_for(p));
    if !viewer.is_operator() && (what == What::Parties || options.publish || !own_party) {
        return Err(AppError::NotAllowed);
    }
    let mut run = Run { app, viewer, mapping, options, planned: HashMap::new(), report: Report::default() };
    for (number, fault) in &table.broken {
        run.report.add(run.faulty(*number, String::new(), vec![fault.clone()]));
    }
    let total = table.rows.len() + table.broken.len();
    for batch in table.rows.chunks(BATCH) {
        run.batch(what, batch).await?;
        progress(run.report.total, total);
    }
    run.report.rows.sort_by_key(|r| r.row);
    Ok(run.report)
}

struct Run<'a> {
    app: &'a App,
    viewer: &'a Viewer,
    mapping: &'a Mapping,
    options: &'a ImportOptions,
    /// Parties that rows of this run named: found, or to be created with the first row that names them.
    planned: HashMap<PartyRef, PartyId>,
    report: Report,
}

type Planned = (RowOutcome, Option<Write>);

impl Run<'_> {
    fn faulty(&self, row: usize, title: String, faults: Vec<Fault>) -> RowOutcome {
        let faults = faults
            .into_iter()
            .map(|f| RowFault { column: self.mapping.column_of(&f.field), code: f.code.to_owned(), detail: f.detail })
            .collect();
        RowOutcome { row, outcome: Outcome::Faulty, title, file: None, diffs: Vec::new(), faults }
    }

    /// One batch of rows. Boxed, so that it is compiled here and not where a table is imported.
    fn batch<'b>(&'b mut self, what: What, rows: &'b [RawRow]) -> BoxFuture<'b, Result<(), AppError>> {
        self.bring_in(what, rows).boxed()
    }

    async fn bring_in(&mut self, what: What, rows: &[RawRow]) -> Result<(), AppError> {
        let mut db = self.app.store.reader().await?;
        let mut outcomes = Vec::with_capacity(rows.len());
        let mut writes = Vec::new();
        for row in rows {
            let (outcome, write) = match what {
                What::Listings => self.plan_listing(&mut db, row).await?,
                What::Parties => self.plan_party(&mut db, row).await?,
            };
            if let Some(write) = write {
                writes.push((outcomes.len(), write));
            }
            outcomes.push(outcome);
        }
        drop(db);
        if !self.options.dry_run && !writes.is_empty() {
            self.write_all(writes, &mut outcomes).await?;
        }
        outcomes.into_iter().for_each(|o| self.report.add(o));
        Ok(())
    }
}

fn title_of(mapping: &Mapping, row: &RawRow) -> String {
    ["title", "name"]
        .iter()
        .find_map(|f| mapping.value(row, f))
        .map(|v| super::listing_rows::cell_text(&v).chars().take(120).collect())
        .unwrap_or_default()
}

fn json_diffs<T: Serialize>(old: &T, new: &T) -> Result<Vec<Diff>, AppError> {
    let fault = |e: serde_json::Error| AppError::Internal(e.to_string());
    let (old, new) = (serde_json::to_value(old).map_err(fault)?, serde_json::to_value(new).map_err(fault)?);
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return Ok(Vec::new()) };
    Ok(new
        .iter()
        .filter(|(key, value)| old.get(*key) != Some(value))
        .map(|(key, value)| Diff {
            field: key.clone(),
            old: old.get(key).map(ToString::to_string).unwrap_or_default(),
            new: value.to_string(),
        })
        .collect())
}

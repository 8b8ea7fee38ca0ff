//! What an import did, row by row.

use keqiao_domain::SourceId;
use serde::{Deserialize, Serialize};

/// A field that an import changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// The field.
    pub field: String,
    /// What it holds now, as JSON.
    pub old: String,
    /// What it will hold, as JSON.
    pub new: String,
}

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A new record.
    Created,
    /// A record that was there is changed.
    Updated,
    /// The record is there as the row says.
    Unchanged,
    /// Nothing: the row is faulty.
    Faulty,
}

/// A fault of a row, with the column as it is named in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFault {
    /// The column.
    pub column: String,
    /// Message key.
    pub code: String,
    /// The wrong value or the limit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// One row's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOutcome {
    /// Its number in the file.
    pub row: usize,
    /// What happens.
    pub outcome: Outcome,
    /// Title or name, for whoever reads the report.
    pub title: String,
    /// The file that was kept, of a file of articles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<SourceId>,
    /// What changes, of an update.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diffs: Vec<Diff>,
    /// What is wrong, of a faulty row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<RowFault>,
}

/// The whole report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Rows in the file.
    pub total: usize,
    /// New records.
    pub created: usize,
    /// Changed records.
    pub updated: usize,
    /// Records that were as the row says.
    pub unchanged: usize,
    /// Faulty rows.
    pub faulty: usize,
    /// All rows but the unchanged ones of a table.
    pub rows: Vec<RowOutcome>,
}

impl Report {
    pub(crate) fn add(&mut self, row: RowOutcome) {
        self.total += 1;
        match row.outcome {
            Outcome::Created => self.created += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Faulty => self.faulty += 1,
            Outcome::Unchanged => {
                self.unchanged += 1;
                // A file that was known leads to its articles.
                if row.file.is_none() {
                    return;
                }
            }
        }
        self.rows.push(row);
    }
}

/// The report as CSV: row, outcome, title, column, message, value.
#[must_use]
pub fn report_csv(report: &Report, say: &dyn Fn(&str) -> String) -> Vec<u8> {
    use super::sheet::{csv_bytes, outcome_key};
    let header = ["row", "outcome", "title", "column", "message", "value"].map(|c| say(&format!("import-csv-{c}")));
    let mut rows = vec![header.to_vec()];
    for row in &report.rows {
        let start = [row.row.to_string(), say(outcome_key(row.outcome)), row.title.clone()];
        if row.faults.is_empty() {
            rows.push([start.to_vec(), vec![String::new(); 3]].concat());
        }
        for fault in &row.faults {
            let rest = [fault.column.clone(), say(&format!("fault-{}", fault.code)), fault.detail.clone()];
            rows.push([start.to_vec(), rest.to_vec()].concat());
        }
    }
    csv_bytes(&rows)
}

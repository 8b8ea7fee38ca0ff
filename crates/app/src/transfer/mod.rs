//! Import and export: tables in, tables out, and the whole archive.

mod archive;
mod article_files;
mod chain_rows;
mod fact_rows;
mod fields;
mod import;
mod jobs;
mod listing_rows;
mod party_rows;
mod report;
mod sheet;
mod spool;
mod table;

pub use archive::{ArchiveError, export_archive, import_archive};
pub use article_files::start_articles;
pub use chain_rows::chain_sheet;
pub use fact_rows::facts_sheet;
pub use fields::{Mapping, Source, fields_of, guess_mapping};
pub use import::{ImportOptions, What, import_table};
pub use jobs::{ImportView, confirm_mapping, my_imports, resume_running, run_import, start_import, view_import};
pub use report::{Diff, Outcome, Report, RowOutcome, report_csv};
pub(crate) use sheet::CsvTable;
pub use sheet::{SheetFormat, csv_bytes, listings_sheet};
pub use spool::{clear_spool, was_cut};
pub use table::{RawRow, Table, TableError, read_table};

//! Lists as spreadsheets. What a spreadsheet would calculate is neutralised.

use std::borrow::Cow;

use keqiao_domain::Viewer;
use keqiao_search::{Card, Query};
use rust_xlsxwriter::{Format, Workbook};

use super::Outcome;
use crate::listings::search;
use crate::{App, AppError};

/// Most rows of an exported list.
pub(super) const MOST_ROWS: usize = 10_000;

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetFormat {
    /// CSV in UTF-8 with a byte order mark, which spreadsheets read right.
    Csv,
    /// XLSX.
    Xlsx,
}

/// The message key of an outcome.
pub(crate) fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "import-created",
        Outcome::Updated => "import-updated",
        Outcome::Unchanged => "import-unchanged",
        Outcome::Faulty => "import-faulty",
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection).
pub(crate) fn neutral(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

/// A table as CSV with a byte order mark. What a spreadsheet would calculate is text.
pub(crate) struct CsvTable(csv::Writer<Vec<u8>>);

impl CsvTable {
    pub(crate) fn new() -> Self {
        Self(csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec()))
    }

    /// Adds a cell to the row that is being written.
    ///
    /// # Panics
    /// When the memory is full: writing into it does not fail else.
    pub(crate) fn cell(&mut self, cell: &str) {
        self.0.write_field(neutral(cell).as_bytes()).expect("a cell fits into memory");
    }

    /// Ends the row.
    ///
    /// # Panics
    /// When it has more or fewer cells than the first.
    pub(crate) fn end(&mut self) {
        self.0.write_record(None::<&[u8]>).expect("all rows have as many cells");
    }

    /// The text.
    ///
    /// # Panics
    /// When the memory is full.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("memory is flushed")
    }
}

/// Rows as CSV.
///
/// # Panics
/// When the memory is full.
#[must_use]
pub fn csv_bytes(rows: &[Vec<String>]) -> Vec<u8> {
    let mut table = CsvTable::new();
    for row in rows {
        row.iter().for_each(|cell| table.cell(cell));
        table.end();
    }
    table.into_bytes()
}

/// The listings a search finds, at most 10,000, as a spreadsheet; `say` gives the column titles.
///
/// # Errors
/// As the search; `Internal` when the spreadsheet cannot be made.
pub fn listings_sheet(
    app: &App,
    viewer: &Viewer,
    query: &Query,
    format: SheetFormat,
    say: &dyn Fn(&str) -> String,
) -> Result<Vec<u8>, AppError> {
    const COLUMNS: [&str; 10] =
        ["id", "side", "kind", "title", "summary", "party", "region", "industry", "price", "published"];
    let mut rows = vec![COLUMNS.map(|c| say(&format!("sheet-{c}"))).to_vec()];
    let mut query = Query { limit: 100, facets: false, ..query.clone() };
    while rows.len() <= MOST_ROWS {
        let page = search(app, viewer, &query)?;
        rows.extend(page.hits.iter().map(|hit| row_of(app, &hit.id.to_string(), &hit.card)));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    match format {
        SheetFormat::Csv => Ok(csv_bytes(&rows)),
        SheetFormat::Xlsx => xlsx_bytes(&rows).map_err(|e| AppError::Internal(e.to_string())),
    }
}

fn row_of(app: &App, id: &str, card: &Card) -> Vec<String> {
    // Whole, since many counties share a name.
    let name = |taxonomy: &str, code: &Option<String>| {
        let line = code.as_deref().and_then(|c| Some(app.catalog.taxonomy(taxonomy)?.line(c).concat()));
        line.unwrap_or_default()
    };
    vec![
        id.to_owned(),
        card.side.map(|s| s.as_str().to_owned()).unwrap_or_default(),
        app.catalog.kinds.get(&card.kind).map_or_else(|| card.kind.clone(), |k| k.name.zh.clone()),
        card.title.clone(),
        card.summary.clone(),
        card.party_name.clone(),
        name("region", &card.region),
        name("industry", &card.industry),
        card.price.clone().unwrap_or_default(),
        card.published_at.map(|t| t.to_string()).unwrap_or_default(),
    ]
}

fn xlsx_bytes(rows: &[Vec<String>]) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (r, c) = (u32::try_from(r).unwrap_or(u32::MAX), u16::try_from(c).unwrap_or(u16::MAX));
            if r == 0 {
                sheet.write_string_with_format(r, c, cell, &bold)?;
            } else {
                // A cell of type text is never calculated.
                sheet.write_string(r, c, cell)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_come_back_as_typed() {
        let cells = ["=1+1", "+86 510", "-40~125 ℃", "@x", "平常"].map(str::to_owned).to_vec();
        let bytes = csv_bytes(&[vec!["a".into(), "b".into(), "c".into(), "d".into(), "e".into()], cells.clone()]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains("'=1+1") && text.contains("'-40~125"), "{text}");
        let table = super::super::read_table("x.csv", &bytes).unwrap();
        let back: Vec<&str> = table.rows[0].cells.values().map(|v| v.as_str().unwrap()).collect();
        assert_eq!(back, cells);
    }
}

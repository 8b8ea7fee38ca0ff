//! Reading a file into rows: CSV in any of the usual encodings, spreadsheets, JSON lines.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader};
use serde_json::Value;

use crate::Fault;

/// Most columns of a table.
const MOST_COLUMNS: usize = 300;

/// One row, its cells by column name.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRow {
    /// Its number as the person who opens the file sees it (the header of a CSV is 1).
    pub number: usize,
    /// The cells that are not empty. In JSON lines nested objects are joined with a dot.
    pub cells: BTreeMap<String, Value>,
}

/// A file as rows.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Column names in their order.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<RawRow>,
    /// Rows that could not be read at all, with the reason.
    pub broken: Vec<(usize, Fault)>,
    /// The encoding a text file was read in.
    pub encoding: Option<&'static str>,
}

/// Why a file could not be read as a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The name ends in none of the known ways.
    #[error("{0:?} is none of .csv .tsv .xlsx .xls .ods .jsonl")]
    Format(String),
    /// A text in no encoding that fits: the wrong characters begin at this line.
    #[error("line {line}: the text is not valid {encoding}; save the file as UTF-8 or GB18030")]
    Encoding {
        /// First line with a wrong character.
        line: usize,
        /// The encoding that fitted best.
        encoding: &'static str,
    },
    /// The spreadsheet cannot be opened.
    #[error("the spreadsheet cannot be opened: {0}")]
    Sheet(String),
    /// No header or no row.
    #[error("the file holds no rows")]
    Empty,
    /// Too many columns, or two of one name.
    #[error("the header is faulty: {0}")]
    Header(String),
}

/// Reads a file by the ending of its name.
///
/// # Errors
/// When the whole file cannot be read; single broken rows are in [`Table::broken`].
pub fn read_table(name: &str, bytes: &[u8]) -> Result<Table, TableError> {
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
    let table = match ending.as_str() {
        "csv" | "txt" => read_csv(bytes, None)?,
        "tsv" => read_csv(bytes, Some(b'\t'))?,
        "xlsx" | "xls" | "xlsb" | "xlsm" | "ods" => read_sheet(bytes)?,
        "jsonl" | "ndjson" | "json" => read_json_lines(bytes)?,
        _ => return Err(TableError::Format(name.chars().take(120).collect())),
    };
    if table.rows.is_empty() && table.broken.is_empty() {
        return Err(TableError::Empty);
    }
    Ok(table)
}

fn text_of(bytes: &[u8]) -> Result<(String, &'static str), TableError> {
    let decoded = keqiao_text::decode(bytes, None);
    if decoded.replaced > 0 {
        let before = decoded.text.split('\u{fffd}').next().unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        return Err(TableError::Encoding { line, encoding: decoded.encoding });
    }
    Ok((decoded.text, decoded.encoding))
}

fn check_header(columns: &[String]) -> Result<(), TableError> {
    if columns.len() > MOST_COLUMNS {
        return Err(TableError::Header(format!("{} columns, {MOST_COLUMNS} at most", columns.len())));
    }
    let mut seen = std::collections::HashSet::new();
    for column in columns.iter().filter(|c| !c.is_empty()) {
        if !seen.insert(column) {
            return Err(TableError::Header(format!("two columns are named {column:?}")));
        }
    }
    Ok(())
}

/// Takes away the apostrophe that an export puts before what a spreadsheet would calculate.
fn plain_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => cell,
    }
}

fn read_csv(bytes: &[u8], delimiter: Option<u8>) -> Result<Table, TableError> {
    let (text, encoding) = text_of(bytes)?;
    let first = text.lines().next().unwrap_or_default();
    let delimiter = delimiter.unwrap_or_else(|| {
        let count = |c: char| first.matches(c).count();
        [b',', b';', b'\t'].into_iter().max_by_key(|&b| (count(char::from(b)), b == b',')).unwrap_or(b',')
    });
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| TableError::Header(e.to_string()))?;
    let columns: Vec<String> = header.iter().map(|c| c.trim().to_owned()).collect();
    check_header(&columns)?;
    let mut table = Table { columns, encoding: Some(encoding), ..Table::default() };
    for record in reader.records() {
        match record {
            Err(e) => {
                let line = e.position().map_or(0, |p| p.line());
                table.broken.push((usize::try_from(line).unwrap_or(0), Fault::with("row", "unreadable-row", e)));
            }
            Ok(record) => {
                let number = record.position().map_or(0, |at| line_of(&text, at));
                if record.len() > table.columns.len() {
                    let detail = format!("{} > {}", record.len(), table.columns.len());
                    table.broken.push((number, Fault::with("row", "too-many-cells", detail)));
                    continue;
                }
                let cells = table
                    .columns
                    .iter()
                    .zip(record.iter())
                    .filter(|(column, cell)| !column.is_empty() && !cell.trim().is_empty())
                    .map(|(column, cell)| (column.clone(), Value::from(plain_cell(cell))))
                    .collect::<BTreeMap<_, _>>();
                if !cells.is_empty() {
                    table.rows.push(RawRow { number, cells });
                }
            }
        }
    }
    Ok(table)
}

/// The line a record stands in: the reader counts from where the record before ended, blank lines included.
fn line_of(text: &str, at: &csv::Position) -> usize {
    let rest = text.as_bytes().get(usize::try_from(at.byte()).unwrap_or(usize::MAX)..).unwrap_or_default();
    let blank = rest.iter().take_while(|b| matches!(b, b'\n' | b'\r')).filter(|b| **b == b'\n').count();
    usize::try_from(at.line()).unwrap_or(0) + blank
}

fn read_sheet(bytes: &[u8]) -> Result<Table, TableError> {
    let fault = |e: &dyn std::fmt::Display| TableError::Sheet(e.to_string());
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| fault(&e))?;
    let range = book.worksheet_range_at(0).ok_or(TableError::Empty)?.map_err(|e| fault(&e))?;
    let offset = range.start().map_or(0, |(row, _)| row as usize);
    let mut rows = range.rows();
    let header = rows.next().ok_or(TableError::Empty)?;
    let columns: Vec<String> = header.iter().map(|c| c.to_string().trim().to_owned()).collect();
    check_header(&columns)?;
    let mut table = Table { columns, ..Table::default() };
    for (i, row) in rows.enumerate() {
        let number = offset + i + 2;
        let mut cells = BTreeMap::new();
        for (column, cell) in table.columns.iter().zip(row).filter(|(c, _)| !c.is_empty()) {
            match cell {
                Data::Empty => {}
                Data::Error(e) => {
                    table.broken.push((number, Fault::with(column.clone(), "formula-error", e)));
                }
                Data::Float(n) => drop(cells.insert(column.clone(), Value::from(*n))),
                Data::Int(n) => drop(cells.insert(column.clone(), Value::from(*n))),
                Data::Bool(b) => drop(cells.insert(column.clone(), Value::from(*b))),
                Data::DateTime(date) => drop(cells.insert(column.clone(), Value::from(day_text(date)))),
                other => {
                    let text = other.to_string();
                    if !text.trim().is_empty() {
                        cells.insert(column.clone(), Value::from(plain_cell(&text)));
                    }
                }
            }
        }
        let broken = table.broken.last().is_some_and(|(n, _)| *n == number);
        if !cells.is_empty() && !broken {
            table.rows.push(RawRow { number, cells });
        }
    }
    Ok(table)
}

/// A spreadsheet's date as `YYYY-MM-DD`.
fn day_text(date: &calamine::ExcelDateTime) -> String {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

fn read_json_lines(bytes: &[u8]) -> Result<Table, TableError> {
    let (text, encoding) = text_of(bytes)?;
    let mut table = Table { encoding: Some(encoding), ..Table::default() };
    let mut seen = std::collections::HashSet::new();
    for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(object)) => {
                let mut cells = BTreeMap::new();
                flatten("", object, &mut cells);
                for column in cells.keys() {
                    if seen.insert(column.clone()) {
                        table.columns.push(column.clone());
                    }
                }
                table.rows.push(RawRow { number: i + 1, cells });
            }
            Ok(_) => table.broken.push((i + 1, Fault::new("row", "not-an-object"))),
            Err(e) => table.broken.push((i + 1, Fault::with("row", "unreadable-row", e))),
        }
    }
    Ok(table)
}

fn flatten(prefix: &str, object: serde_json::Map<String, Value>, cells: &mut BTreeMap<String, Value>) {
    for (key, value) in object {
        let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match value {
            Value::Null => {}
            // An attribute's own value may be an object: an interval.
            Value::Object(inner) if prefix != "attributes" => flatten(&path, inner, cells),
            other => drop(cells.insert(path, other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_reads_the_same_in_every_encoding() {
        let text = "标题,关键词\n碳化硅 MOSFET,\"SiC,车规\"\n\n'=1+1,x\n";
        let gb = encoding_rs::GB18030.encode(text).0.into_owned();
        let bom = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        for bytes in [text.as_bytes().to_vec(), gb, bom] {
            let table = read_table("a.CSV", &bytes).unwrap();
            assert_eq!(table.columns, ["标题", "关键词"]);
            assert_eq!(table.rows[0].cells["关键词"], "SiC,车规");
            assert_eq!((table.rows[1].number, &table.rows[1].cells["标题"]), (4, &Value::from("=1+1")));
        }
    }

    #[test]
    fn a_broken_line_is_named_and_the_others_stay() {
        let table = read_table("a.jsonl", b"{\"id\":1}\nnonsense\n[1]\n{\"a\":{\"b\":2}}\n").unwrap();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[1].cells["a.b"], 2);
        assert_eq!(table.broken.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [2, 3]);
        let table = read_table("a.csv", b"a,b\n1,2,3\n4,5\n").unwrap();
        assert_eq!((table.rows.len(), table.broken[0].0), (1, 2));
    }

    #[test]
    fn what_is_no_table_says_so() {
        assert!(matches!(read_table("a.exe", b"x"), Err(TableError::Format(_))));
        assert!(matches!(read_table("a.csv", b""), Err(TableError::Empty)));
        assert!(matches!(read_table("a.csv", b"a,a\n1,2\n"), Err(TableError::Header(_))));
        assert!(matches!(read_table("a.xlsx", b"not a zip"), Err(TableError::Sheet(_))));
    }
}

//! Files of one record a line, as retrieval sets come.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use keqiao_matching::retrieval::Qrels;
use serde::de::DeserializeOwned;

use crate::commands::CommandError;

/// What cannot be read, with the file and the line.
fn unread(path: &Path, line: usize, reason: impl std::fmt::Display) -> CommandError {
    CommandError::Usage(format!("{}, line {line}: {reason}", path.display()))
}

/// The lines of a file that hold something, with their numbers from 1.
fn lines(path: &Path) -> Result<Vec<(usize, String)>, CommandError> {
    let file = File::open(path).map_err(|e| CommandError::Usage(format!("{}: {e}", path.display())))?;
    let mut kept = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.map_err(|e| unread(path, number, e))?;
        let line = line.trim_start_matches('\u{feff}').trim_end();
        if !line.is_empty() {
            kept.push((number, line.to_owned()));
        }
    }
    Ok(kept)
}

/// One JSON object a line.
pub(crate) fn json_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, CommandError> {
    let read = |(number, line): (usize, String)| serde_json::from_str(&line).map_err(|e| unread(path, number, e));
    let records: Vec<T> = lines(path)?.into_iter().map(read).collect::<Result<_, _>>()?;
    if records.is_empty() {
        return Err(CommandError::Usage(format!("{}: there is nothing in it", path.display())));
    }
    Ok(records)
}

/// Judgements: question, document and grade, parted by tabs; a header line is passed over.
pub(crate) fn qrels(path: &Path) -> Result<Qrels, CommandError> {
    let mut qrels: Qrels = HashMap::new();
    for (number, line) in lines(path)? {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let [question, document, grade] = cells[..] else {
            let reason = format!("{} cells; query-id, corpus-id and score are wanted, parted by tabs", cells.len());
            return Err(unread(path, number, reason));
        };
        match grade.parse::<f64>() {
            // What is worth less than nothing is no answer; a grade of 31 has a gain of two thousand million.
            Ok(grade) if grade.is_finite() => {
                let grade = grade.clamp(0.0, 31.0) as u32;
                qrels.entry(question.to_owned()).or_default().insert(document.to_owned(), grade);
            }
            _ if number == 1 => {}
            _ => return Err(unread(path, number, format!("{grade:?} is no score"))),
        }
    }
    Ok(qrels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn judgements_are_read_with_and_without_a_header() {
        for header in ["", "query-id\tcorpus-id\tscore\n", "\u{feff}query-id\tcorpus-id\tscore\r\n"] {
            let read = qrels(written(&format!("{header}a\t1\t2\n\na\t2\t0\nb\t1\t1.0\n")).path()).unwrap();
            assert_eq!((read["a"]["1"], read["a"]["2"], read["b"]["1"]), (2, 0, 1));
        }
    }

    #[test]
    fn a_line_that_is_wrong_is_named() {
        for (text, said) in [("a\t1\n", "line 1: 2 cells"), ("q\tc\ts\na\t1\tx\n", "line 2: \"x\" is no score")] {
            let error = qrels(written(text).path()).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let error = json_lines::<serde_json::Value>(written("{}\n{\n").path()).unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
        assert!(json_lines::<serde_json::Value>(written("\n").path()).is_err());
        assert!(json_lines::<serde_json::Value>(Path::new("no such file")).is_err());
    }
}

//! `standards/*.toml`: `[[standard]]` with aliases and grades.

use std::collections::{BTreeMap, HashMap};

use super::report::{Place, Report};
use super::row::Row;
use crate::model::{Grade, Standard};
use crate::standards::fold;

/// The standards read so far and where each spelling stands.
#[derive(Default)]
pub(crate) struct Reading {
    standards: BTreeMap<String, Standard>,
    spellings: HashMap<String, (String, Place)>,
}

impl Reading {
    /// Reads a file.
    pub(crate) fn read(&mut self, report: &Report<'_>, root: Row<'_, '_>) {
        for row in root.rows("standard") {
            let at = row.at();
            let Some(standard) = standard(row) else {
                continue;
            };
            let spellings = std::iter::once(&standard.id).chain(&standard.aliases);
            for spelling in spellings {
                let here = (standard.id.clone(), at);
                let before = self.spellings.entry(fold(spelling)).or_insert_with(|| here.clone());
                if *before != here {
                    let reason = format!("\"{spelling}\" also names the standard \"{}\"", before.0);
                    report.fault(at, reason, format!("remove it here or at {}", report.words(before.1)));
                }
            }
            self.standards.entry(standard.id.clone()).or_insert(standard);
        }
        root.close();
    }

    /// What was read.
    pub(crate) fn finish(self) -> BTreeMap<String, Standard> {
        self.standards
    }
}

fn standard(row: Row<'_, '_>) -> Option<Standard> {
    let id = row.text("id");
    let name = row.name("zh", "en");
    let aliases = row.texts("aliases").into_iter().map(|(alias, _)| alias).collect();
    let mut grades: Vec<Grade> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (at, spellings) in row.text_lists("grades") {
        for (spelling, at) in &spellings {
            if seen.contains(&fold(spelling)) {
                row.fault(*at, format!("grade \"{spelling}\" stands twice"), "remove one of them");
            }
        }
        seen.extend(spellings.iter().map(|(s, _)| fold(s)));
        let mut spellings = spellings.into_iter().map(|(s, _)| s);
        match spellings.next() {
            Some(grade) => grades.push((grade, spellings.collect())),
            None => row.fault(at, "a grade without a name", "write its id, then other spellings"),
        }
    }
    row.close();
    Some(Standard { id: id?.0, name: name?, aliases, grades })
}

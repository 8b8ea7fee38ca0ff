//! The marked sentences.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde::Deserialize;

/// Characters of a text: the first, and one past the last.
pub(super) type Place = (usize, usize);

/// What is marked or read in a text, each once.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) triggers: BTreeSet<Place>,
    /// By role and place.
    pub(super) arguments: BTreeSet<(String, Place)>,
}

/// The types that are measured.
pub(super) const TYPES: [&str; 2] = ["签署合同", "投资"];

/// A text with what is marked in it of one type.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) text: String,
    pub(super) kind: &'static str,
    /// Whether it is held out.
    pub(super) held_out: bool,
    pub(super) marks: Marks,
}

/// All cases, and what of each file was used.
#[derive(Debug, Default)]
pub(super) struct Set {
    pub(super) cases: Vec<Case>,
    /// The types measured in each file, with the events marked of each.
    pub(super) files: BTreeMap<String, Vec<(&'static str, usize)>>,
    /// What could not be read, with the reason.
    pub(super) missing: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    content: String,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    r#type: String,
    mentions: Vec<Mention>,
}

#[derive(Deserialize)]
struct Mention {
    span: Place,
    role: String,
}

/// Reads every file of a folder.
pub(super) fn read(folder: &Path) -> Set {
    let mut set = Set::default();
    let files = match std::fs::read_dir(folder) {
        Ok(entries) => entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "json")),
        Err(reason) => {
            set.missing.push(format!("{}: {reason}", folder.display()));
            return set;
        }
    };
    let mut files: Vec<_> = files.collect();
    files.sort_unstable();
    if files.is_empty() {
        set.missing.push(format!("{}: no file that ends in .json", folder.display()));
    }
    let mut known: HashMap<(&'static str, String), usize> = HashMap::new();
    for path in files {
        let read = std::fs::read_to_string(&path).map_err(|e| e.to_string());
        let line = |l: &str| serde_json::from_str::<Line>(l).map_err(|e| e.to_string());
        let lines = read.and_then(|text| {
            text.lines().filter(|l| !l.trim().is_empty()).map(line).collect::<Result<Vec<Line>, String>>()
        });
        match lines {
            Ok(lines) => {
                let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                let scored = take(&mut set, &mut known, lines);
                set.files.insert(name, scored);
            }
            Err(reason) => set.missing.push(format!("{}: {reason}", path.display())),
        }
    }
    set
}

/// Takes the texts of one file, for each type that it marks; a text that an earlier file has is one case with it.
fn take(
    set: &mut Set,
    known: &mut HashMap<(&'static str, String), usize>,
    lines: Vec<Line>,
) -> Vec<(&'static str, usize)> {
    let mut scored = Vec::new();
    for kind in TYPES {
        let marked = lines.iter().flat_map(|l| &l.events).filter(|e| e.r#type == kind).count();
        if marked == 0 {
            continue;
        }
        scored.push((kind, marked));
        for line in &lines {
            let at = *known.entry((kind, line.content.clone())).or_insert_with(|| {
                let (text, marks) = (line.content.clone(), Marks::default());
                set.cases.push(Case { text, kind, held_out: held_out(&line.id), marks });
                set.cases.len() - 1
            });
            let events = line.events.iter().filter(|e| e.r#type == kind);
            for mention in events.flat_map(|e| &e.mentions) {
                let marks = &mut set.cases[at].marks;
                if mention.role == "trigger" {
                    marks.triggers.insert(mention.span);
                } else {
                    marks.arguments.insert((mention.role.clone(), mention.span));
                }
            }
        }
    }
    scored
}

/// Whether the last digit of an id, which is hexadecimal, is odd.
fn held_out(id: &str) -> bool {
    id.chars().last().and_then(|c| c.to_digit(16)).is_some_and(|d| d % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_two_files_is_one_case_and_a_type_is_measured_where_it_is_marked() {
        let folder = tempfile::tempdir().unwrap();
        let event = r#"{"type":"投资","mentions":[{"word":"入股","span":[2,4],"role":"trigger"},{"word":"甲乙","span":[0,2],"role":"sub"}]}"#;
        let line =
            |id: &str, text: &str, events: &str| format!(r#"{{"id":"{id}","content":"{text}","events":[{events}]}}"#);
        let first = [line("a1", "甲乙入股丙丁", event), line("a2", "无事", "")].join("\n");
        std::fs::write(folder.path().join("1.json"), first).unwrap();
        std::fs::write(folder.path().join("2.json"), line("b2", "甲乙入股丙丁", event)).unwrap();
        let set = read(folder.path());
        assert_eq!(set.missing, [""; 0]);
        let shown: Vec<(&str, bool, usize, usize)> = set
            .cases
            .iter()
            .map(|c| (c.text.as_str(), c.held_out, c.marks.triggers.len(), c.marks.arguments.len()))
            .collect();
        assert_eq!(shown, [("甲乙入股丙丁", true, 1, 1), ("无事", false, 0, 0)]);
        assert_eq!(set.files["1.json"], [("投资", 1)]);
    }

    #[test]
    fn a_folder_that_is_missing_is_named() {
        assert!(read(Path::new("no such folder")).missing[0].contains("no such folder"));
    }
}

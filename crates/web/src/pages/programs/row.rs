//! An entry in lists, and what was filled into its form, in words.

use std::collections::BTreeMap;

use keqiao_app::programs::EntryLine;
use keqiao_domain::{FieldSort, ProgramType, Value};

use super::points;
use crate::fields::Fields;
use crate::page::Frame;

/// An entry of a list, drawn by `row` of `entry_row.html`.
pub(super) struct Row {
    pub(super) line: EntryLine,
    pub(super) kind: String,
    pub(super) area: String,
    pub(super) industry: String,
}

impl Row {
    pub(super) fn new(f: &Frame, line: EntryLine) -> Self {
        let named =
            |code: &str, name: &dyn Fn(&str) -> String| if code.is_empty() { String::new() } else { name(code) };
        Self {
            kind: f.kind(&line.kind).to_owned(),
            area: named(&line.area, &|c| f.region(c)),
            industry: named(&line.industry, &|c| f.industry(c)),
            line,
        }
    }
    pub(super) fn score(&self) -> String {
        self.line.score.map(points).unwrap_or_default()
    }
    pub(super) fn raw(&self) -> String {
        self.line.raw.map(points).unwrap_or_default()
    }
}

/// What was filled in, in words: label and text.
pub(super) fn filled(f: &Frame, ty: &ProgramType, fields: &[(String, Value)]) -> Vec<(String, String)> {
    let locale = f.locale.as_str();
    let said = |(id, value): &(String, Value)| {
        let field = &ty.fields.iter().find(|e| e.field.id == *id)?.field;
        let text = match (field.sort, value) {
            (FieldSort::Choice, Value::Text(choice)) => {
                let found = field.choices.iter().find(|(id, _)| id == choice);
                found.map_or_else(|| choice.clone(), |(_, name)| name.get(locale).to_owned())
            }
            (FieldSort::Flag, Value::Bool(yes)) => f.t(if *yes { "program-yes" } else { "program-no" }).to_owned(),
            (FieldSort::Number, value) => format!("{value} {}", field.unit).trim_end().to_owned(),
            (_, value) => value.to_string(),
        };
        Some((field.name.get(locale).to_owned(), text))
    };
    fields.iter().filter_map(said).collect()
}

/// Points that a score sheet's form holds, by criterion.
pub(super) fn points_of(ty: &ProgramType, fields: &Fields) -> BTreeMap<String, i64> {
    let point = |c: &keqiao_domain::ScoreCriterion| {
        Some((c.id.clone(), fields.get(&format!("points.{}", c.id)).trim().parse().ok()?))
    };
    ty.criteria.iter().filter_map(point).collect()
}

//! Forms whose fields stand in the catalog: moves of engagements, entries of programs.

use keqiao_app::Fault;
use keqiao_domain::{Attributes, FieldSort, StepField, Value};

use crate::fault::fault_text;
use crate::fields::Fields;
use crate::page::Frame;

/// A field as the page draws it.
pub(crate) struct FieldRow {
    pub(crate) id: String,
    pub(crate) label: String,
    /// `text`, `lines`, `number`, `date`, `choice`, `flag`.
    pub(crate) sort: FieldSort,
    pub(crate) unit: String,
    pub(crate) required: bool,
    pub(crate) value: String,
    pub(crate) error: String,
    pub(crate) choices: Vec<(String, String)>,
}

impl FieldRow {
    pub(crate) fn is(&self, sort: &str) -> bool {
        sort == match self.sort {
            FieldSort::Text => "text",
            FieldSort::Lines => "lines",
            FieldSort::Number => "number",
            FieldSort::Date => "date",
            FieldSort::Choice => "choice",
            FieldSort::Flag => "flag",
        }
    }
}

/// The rows of a form with fields of the catalog.
pub(crate) fn rows<'f>(
    f: &Frame,
    of: impl Iterator<Item = &'f StepField>,
    fields: &Fields,
    faults: &[Fault],
) -> Vec<FieldRow> {
    let row = |field: &StepField| FieldRow {
        label: field.name.get(f.locale.as_str()).to_owned(),
        sort: field.sort,
        unit: field.unit.clone(),
        required: field.required,
        value: fields.get(&name_of(&field.id)).to_owned(),
        error: said(f, faults, &field.id),
        choices: field.choices.iter().map(|(id, name)| (id.clone(), name.get(f.locale.as_str()).to_owned())).collect(),
        id: name_of(&field.id),
    };
    of.map(row).collect()
}

/// What is wrong with a field, in words.
pub(crate) fn said(f: &Frame, faults: &[Fault], field: &str) -> String {
    let own: Vec<String> =
        faults.iter().filter(|fault| fault.field == field).map(|fault| fault_text(f, fault)).collect();
    own.join(" ")
}

/// The name of a field in the form: apart from the form's own names.
fn name_of(id: &str) -> String {
    format!("field.{id}")
}

/// What was filled in, as the fields have it; what is no number stays a text, and is told so.
pub(crate) fn content<'f>(of: impl Iterator<Item = &'f StepField>, fields: &Fields) -> Attributes {
    let mut out = Attributes::new();
    for field in of {
        let text = fields.get(&name_of(&field.id)).trim().replace("\r\n", "\n");
        let value = match field.sort {
            FieldSort::Flag => Value::Bool(fields.ticked(&name_of(&field.id))),
            _ if text.is_empty() => continue,
            FieldSort::Number => {
                let plain = text.replace([',', '，', ' '], "");
                plain.parse().map_or(Value::Text(text), Value::Number)
            }
            FieldSort::Text | FieldSort::Lines | FieldSort::Date | FieldSort::Choice => Value::Text(text),
        };
        out.insert(field.id.clone(), value);
    }
    out
}

/// The fields of a form that show what was filled in before.
pub(crate) fn filled<'f>(of: impl Iterator<Item = &'f StepField>, content: &Attributes) -> Fields {
    let value = |v: &Value| match v {
        Value::Text(text) => text.clone(),
        Value::Number(n) => n.to_string(),
        Value::Bool(yes) => (if *yes { "1" } else { "" }).to_owned(),
        other => other.to_string(),
    };
    let pairs = of.filter_map(|f| Some((name_of(&f.id), value(content.get(&f.id)?))));
    Fields(pairs.collect())
}

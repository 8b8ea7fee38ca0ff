//! The form of a move: its fields, its files, a note; and reading it back.

use axum::extract::Multipart;
use keqiao_app::engagements::{UploadedFile, add_file};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AttachmentId, Attributes, EngagementId, FieldSort, Move, StepField, Value};

use super::named;
use crate::fault::fault_text;
use crate::fields::{Fields, token_fits};
use crate::page::Frame;
use crate::visit::Visit;

/// Longest text of such a form, bytes.
const LONGEST: usize = 64 << 10;
/// Most parts of such a form.
const MOST_PARTS: usize = 200;

/// A field as the page draws it.
pub(super) struct FieldRow {
    pub(super) id: String,
    pub(super) label: String,
    /// `text`, `lines`, `number`, `date`, `choice`, `flag`.
    pub(super) sort: FieldSort,
    pub(super) unit: String,
    pub(super) required: bool,
    pub(super) value: String,
    pub(super) error: String,
    pub(super) choices: Vec<(String, String)>,
}

impl FieldRow {
    pub(super) fn is(&self, sort: &str) -> bool {
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

/// The rows of a move's form.
pub(super) fn rows(f: &Frame, made: &Move, fields: &Fields, faults: &[Fault]) -> Vec<FieldRow> {
    let row = |field: &StepField| FieldRow {
        label: named(f, &field.name).to_owned(),
        sort: field.sort,
        unit: field.unit.clone(),
        required: field.required,
        value: fields.get(&name_of(&field.id)).to_owned(),
        error: said(f, faults, &field.id),
        choices: field.choices.iter().map(|(id, name)| (id.clone(), named(f, name).to_owned())).collect(),
        id: name_of(&field.id),
    };
    made.fields.iter().map(row).collect()
}

/// What is wrong with a field, in words.
pub(super) fn said(f: &Frame, faults: &[Fault], field: &str) -> String {
    let own: Vec<String> =
        faults.iter().filter(|fault| fault.field == field).map(|fault| fault_text(f, fault)).collect();
    own.join(" ")
}

/// The name of a field in the form: apart from the form's own names.
fn name_of(id: &str) -> String {
    format!("field.{id}")
}

/// What was filled in, as the fields of a move have it; what is no number stays a text, and is told so.
pub(super) fn content(made: &Move, fields: &Fields) -> Attributes {
    let mut out = Attributes::new();
    for field in &made.fields {
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

/// The fields of a form that show what a step holds, for who corrects it.
pub(super) fn filled(made: &Move, content: &Attributes) -> Fields {
    let value = |v: &Value| match v {
        Value::Text(text) => text.clone(),
        Value::Number(n) => n.to_string(),
        Value::Bool(yes) => (if *yes { "1" } else { "" }).to_owned(),
        other => other.to_string(),
    };
    let pairs = made.fields.iter().filter_map(|f| Some((name_of(&f.id), value(content.get(&f.id)?))));
    Fields(pairs.collect())
}

/// A form with files that was read: its fields, and the files it brought, which are kept by now.
pub(super) struct Sent {
    pub(super) fields: Fields,
    pub(super) files: Vec<AttachmentId>,
    pub(super) faults: Vec<Fault>,
}

/// Reads a form whose token comes first; each file is kept as it comes.
pub(super) async fn read(visit: &Visit, id: EngagementId, form: &mut Multipart) -> Result<Sent, AppError> {
    let cut = |_| AppError::invalid("files", "upload-cut");
    let mut sent = Sent { fields: Fields::default(), files: Vec::new(), faults: Vec::new() };
    let mut parts = 0;
    while let Some(mut part) = form.next_field().await.map_err(cut)? {
        parts += 1;
        if parts > MOST_PARTS {
            return Err(AppError::invalid("form", "too-many"));
        }
        let name = part.name().unwrap_or_default().to_owned();
        if parts > 1 && !token_fits(visit, sent.fields.get("csrf")) {
            return Err(AppError::NotAllowed);
        }
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let mut bytes = Vec::new();
            while let Some(piece) = part.chunk().await.map_err(cut)? {
                bytes.extend_from_slice(&piece);
                if bytes.len() > LONGEST {
                    return Err(AppError::invalid("form", "too-long"));
                }
            }
            sent.fields.0.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            continue;
        };
        if file_name.is_empty() {
            continue;
        }
        match add_file(&visit.web.app, &visit.viewer(), id, UploadedFile { name: file_name.clone(), stream: part })
            .await
        {
            Ok(kept) => sent.files.push(kept.id),
            // The other fields are read on, so that nothing typed is lost.
            Err(AppError::Invalid(faults)) => sent.faults.extend(faults),
            Err(AppError::TooLarge { limit }) => {
                let which = format!("{file_name}, {} MiB", limit >> 20);
                sent.faults.push(Fault::with("files", "file-too-large", which));
            }
            Err(other) => return Err(other),
        }
    }
    if !token_fits(visit, sent.fields.get("csrf")) {
        return Err(AppError::NotAllowed);
    }
    for id in sent.fields.all("files") {
        sent.files.extend(id.parse::<AttachmentId>());
    }
    Ok(sent)
}

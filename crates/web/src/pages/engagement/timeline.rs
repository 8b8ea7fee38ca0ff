//! The record as a line of time.

use keqiao_app::engagements::EngagementView;
use keqiao_domain::{Deed, FieldSort, FileProof, Role, Step, Timestamp, Value};

use super::named;
use crate::page::Frame;

/// One step as the page shows it.
pub(super) struct Line {
    pub(super) ordinal: i64,
    pub(super) at: Timestamp,
    pub(super) who: String,
    pub(super) role: Role,
    /// For whom, where it was a side.
    pub(super) party: String,
    pub(super) deed: Deed,
    /// The move; empty: none.
    pub(super) made: String,
    /// The stage it led to; empty: it stayed.
    pub(super) led_to: String,
    pub(super) reason: String,
    pub(super) score: Option<i64>,
    pub(super) note: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) files: Vec<FileProof>,
    /// Who has still to confirm.
    pub(super) asks: String,
    pub(super) amends: Option<i64>,
    /// The step that corrected this one.
    pub(super) amended_by: Option<i64>,
    pub(super) broker: String,
    pub(super) hash: String,
    pub(super) may_amend: bool,
}

/// All steps, the first first.
pub(super) fn lines(f: &Frame, view: &EngagementView) -> Vec<Line> {
    let mut before = String::new();
    let mut lines = Vec::with_capacity(view.steps.len());
    for step in &view.steps {
        lines.push(line(f, view, step, &before));
        before.clone_from(&step.stage);
    }
    // An amendment counts once all have confirmed it.
    let in_force = |s: &&Step| s.asks.is_empty() && matches!(s.deed, Deed::Amended | Deed::Confirmed);
    for step in view.steps.iter().filter(in_force) {
        let Some(amended) = step.amends else { continue };
        if let Some(line) = lines.iter_mut().find(|l| l.ordinal == amended) {
            line.amended_by = Some(step.ordinal);
        }
    }
    lines
}

fn line(f: &Frame, view: &EngagementView, step: &Step, before: &str) -> Line {
    let made = step.made.as_deref().and_then(|id| view.workflow.find_move(id));
    let fields = made.map_or(&[][..], |m| m.fields.as_slice());
    let shown = fields.iter().filter_map(|field| {
        let value = step.content.get(&field.id)?;
        Some((named(f, &field.name).to_owned(), value_in_words(f, field, value)))
    });
    let stage = view.workflow.stage(&step.stage).map_or(step.stage.as_str(), |s| named(f, &s.name));
    let reason = step.reason.as_ref().map(|id| reason_name(f, id)).unwrap_or_default();
    // What was confirmed or sent back since waits for nobody.
    let waits = view.engagement.state.pending.as_ref().filter(|p| p.step == step.ordinal);
    let asked =
        waits.iter().flat_map(|p| &p.asks).filter_map(|side| view.party_of((*side).into())).map(|p| p.name.as_str());
    let name = |id| view.names.get(&id).cloned().unwrap_or_default();
    Line {
        ordinal: step.ordinal,
        at: step.at,
        who: step.actor.map(name).unwrap_or_default(),
        role: step.role,
        party: view.party_of(step.role).map(|p| p.name.clone()).unwrap_or_default(),
        deed: step.deed,
        made: made.map(|m| named(f, &m.name).to_owned()).unwrap_or_default(),
        led_to: if step.stage == before { String::new() } else { stage.to_owned() },
        reason,
        score: step.score,
        note: step.note.clone(),
        fields: shown.collect(),
        files: step.files.clone(),
        asks: asked.collect::<Vec<_>>().join(f.t("list-comma")),
        amends: step.amends,
        amended_by: None,
        broker: if step.deed == Deed::Assigned { step.broker.map(name).unwrap_or_default() } else { String::new() },
        hash: step.hash(),
        may_amend: view.may_amend(step),
    }
}

/// The name of a reason for declining; one the catalog has no longer is shown as itself.
pub(in crate::pages) fn reason_name(f: &Frame, id: &str) -> String {
    let known = f.catalog.decline_reasons.iter().find(|r| r.id == id);
    known.map_or_else(|| id.to_owned(), |r| named(f, &r.name).to_owned())
}

fn value_in_words(f: &Frame, field: &keqiao_domain::StepField, value: &Value) -> String {
    match (field.sort, value) {
        (FieldSort::Choice, Value::Text(id)) => {
            let choice = field.choices.iter().find(|(known, _)| known == id);
            choice.map_or_else(|| id.clone(), |(_, name)| named(f, name).to_owned())
        }
        (FieldSort::Number, Value::Number(n)) if field.unit.is_empty() => f.number(n),
        (FieldSort::Number, Value::Number(n)) => format!("{} {}", f.number(n), field.unit),
        (_, Value::Bool(true)) => f.t("yes").to_owned(),
        (_, Value::Bool(false)) => f.t("no").to_owned(),
        (FieldSort::Date, Value::Text(day)) => f.day_in_words(day),
        (_, other) => other.to_string(),
    }
}

//! `workflows/<id>.toml`: stages and moves, and `decline-reasons.toml`.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use keqiao_domain::{
    DeclineReason, Evidence, FieldSort, LocalName, Move, Mover, Stage, StageSort, StepField, Target, Workflow,
};

use super::report::Place;
use super::row::Row;
use crate::model::Catalog;

const SORTS: &[(&str, StageSort)] =
    &[("path", StageSort::Path), ("landed", StageSort::Landed), ("aside", StageSort::Aside)];

const MOVERS: &[(&str, Mover)] = &[
    ("need", Mover::Need),
    ("offer", Mover::Offer),
    ("opener", Mover::Opener),
    ("answerer", Mover::Answerer),
    ("broker", Mover::Broker),
    ("operator", Mover::Operator),
];

const FIELDS: &[(&str, FieldSort)] = &[
    ("text", FieldSort::Text),
    ("lines", FieldSort::Lines),
    ("number", FieldSort::Number),
    ("date", FieldSort::Date),
    ("choice", FieldSort::Choice),
    ("flag", FieldSort::Flag),
];

/// Reads a workflow.
pub(crate) fn read(root: Row<'_, '_>, stem: &str, catalog: &mut Catalog) {
    if let Some(workflow) = workflow(root, stem) {
        catalog.workflows.insert(workflow.id.clone(), workflow);
    }
}

/// Reads the reasons for declining.
pub(crate) fn read_reasons(root: Row<'_, '_>, catalog: &mut Catalog) {
    for row in root.rows("reason") {
        let at = row.at();
        let id = row.id();
        let name = row.name("zh", "en");
        let in_words = row.flag("in_words");
        if let (Some((id, _)), Some(name)) = (id, name) {
            if catalog.decline_reasons.iter().any(|r| r.id == id) {
                row.fault(at, format!("reason \"{id}\" stands twice"), "remove one of them");
            } else {
                catalog.decline_reasons.push(DeclineReason { id, name, in_words });
            }
        }
        row.close();
    }
    root.close();
}

/// Where things stand that others are compared with once all is read.
struct Named {
    stages: Vec<String>,
    moves: Vec<String>,
}

impl Named {
    fn check(&self, row: &Row<'_, '_>, what: &str, (id, at): &(String, Place)) {
        let known = if what == "stage" { &self.stages } else { &self.moves };
        if !known.contains(id) {
            row.fault(*at, format!("unknown {what} \"{id}\""), format!("write one of: {}", known.join(", ")));
        }
    }
}

fn workflow(root: Row<'_, '_>, stem: &str) -> Option<Workflow> {
    let id = root.id();
    if let Some((id, at)) = id.as_ref().filter(|(id, _)| id != stem) {
        let mend = format!("name the file {id}.toml, or write id = \"{stem}\"");
        root.fault(*at, "the id is not the file's name", mend);
    }
    let name = root.name("zh", "en");
    let (start, opens, rests_in) = (root.text("start"), root.text("opens"), root.opt_text("rests_in"));
    let stages: Vec<Stage> = root.rows("stage").into_iter().filter_map(stage).collect();
    once(&root, "stage", stages.iter().map(|s| s.id.as_str()));
    let rows = root.rows("move");
    let named = Named {
        stages: stages.iter().map(|s| s.id.clone()).collect(),
        moves: rows.iter().filter_map(|row| row.peek_text("id")).collect(),
    };
    let moves: Vec<Move> = rows.into_iter().filter_map(|row| a_move(row, &named)).collect();
    once(&root, "move", moves.iter().map(|m| m.id.as_str()));
    for id in start.iter().chain(&rests_in) {
        named.check(&root, "stage", id);
    }
    opens.iter().for_each(|id| named.check(&root, "move", id));
    let at = root.at();
    let (start, opens) = (start?, opens?);
    let workflow = Workflow {
        id: id?.0,
        name: name?,
        start: start.0.clone(),
        opens: opens.0.clone(),
        rests_in: rests_in.as_ref().map(|r| r.0.clone()),
        stages,
        moves,
    };
    check_whole(&root, &workflow, [at, start.1, opens.1, rests_in.map_or(at, |r| r.1)]);
    root.close();
    Some(workflow)
}

fn once<'i>(root: &Row<'_, '_>, what: &str, ids: impl Iterator<Item = &'i str>) {
    let mut seen = BTreeSet::new();
    for id in ids.filter(|id| !seen.insert(*id)) {
        root.fault(root.at(), format!("{what} \"{id}\" stands twice"), "give each an id of its own");
    }
}

/// What holds between stages and moves.
fn check_whole(root: &Row<'_, '_>, w: &Workflow, [at, start, opens, rests]: [Place; 4]) {
    if w.path().next().is_none_or(|s| s.id != w.start) {
        root.fault(start, "the start is not the first stage of the path", "put the stage where all begin first");
    }
    if w.stages.iter().filter(|s| s.sort == StageSort::Landed).count() != 1
        || w.path().last().is_none_or(|s| s.sort != StageSort::Landed)
    {
        root.fault(at, "the path does not end in one landed stage", "write sort = \"landed\" at the last stage of it");
    }
    if w.find_move(&w.opens).is_some_and(|m| !m.both || !m.from.contains(&w.start) || !m.fields.is_empty()) {
        let mend = format!("write both = true and from = [\"{}\"] and no fields at that move", w.start);
        root.fault(opens, "the move that opening proposes is not one that both confirm at the start", mend);
    }
    if let Some(stage) = w.rests_in.as_ref().and_then(|id| w.stage(id)).filter(|s| s.sort != StageSort::Aside) {
        root.fault(rests, format!("stage \"{}\" stands on the path", stage.id), "name a stage with sort = \"aside\"");
    }
    let dormant = w.stages.iter().find(|s| s.dormant_days.is_some());
    if let (Some(stage), None) = (dormant, &w.rests_in) {
        let reason = format!("stage \"{}\" has dormant_days and there is no stage for those that rest", stage.id);
        root.fault(at, reason, "add rests_in = \"…\" with the id of a stage, or remove dormant_days");
    }
    // What can be reached from the start, by moves and by resting.
    let mut reached = BTreeSet::from([w.start.as_str()]);
    reached.extend(w.rests_in.as_deref());
    while let Some(next) = w.moves.iter().find_map(|m| match &m.to {
        Target::Stage(to) if !reached.contains(to.as_str()) && m.from.iter().any(|f| reached.contains(f.as_str())) => {
            Some(to.as_str())
        }
        _ => None,
    }) {
        reached.insert(next);
    }
    for stage in w.stages.iter().filter(|s| !reached.contains(s.id.as_str())) {
        let mend = "add a move that leads to it, or remove the stage";
        root.fault(at, format!("no move leads to stage \"{}\"", stage.id), mend);
    }
}

fn stage(row: Row<'_, '_>) -> Option<Stage> {
    let at = row.at();
    let id = row.id();
    let name = row.name("zh", "en");
    let sort = row.word("sort", SORTS).unwrap_or(StageSort::Path);
    let days = ["remind_days", "escalate_days", "dormant_days"].map(|key| days(&row, key));
    let given: Vec<i64> = days.iter().flatten().copied().collect();
    if !given.is_sorted() || given.iter().any(|d| *d < 1) {
        let mend = "write whole days from 1, each not less than the one before";
        row.fault(at, "the days do not follow each other", mend);
    }
    let [remind_days, escalate_days, dormant_days] = days;
    if sort == StageSort::Aside && dormant_days.is_some() {
        row.fault(at, "a stage aside has dormant_days", "remove them: only what is on the path becomes dormant");
    }
    row.close();
    Some(Stage { id: id?.0, name: name?, sort, remind_days, escalate_days, dormant_days })
}

fn days(row: &Row<'_, '_>, key: &'static str) -> Option<i64> {
    row.number(key).map(|n| n as i64)
}

fn a_move(row: Row<'_, '_>, named: &Named) -> Option<Move> {
    let at = row.at();
    let id = row.id();
    let name = row.name("zh", "en");
    let from = row.texts("from");
    if from.is_empty() {
        row.fault(at, "a move from nowhere", "add from = [\"…\"] with the ids of stages");
    }
    from.iter().for_each(|stage| named.check(&row, "stage", stage));
    let to = row.text("to").map(|to| match to.0.as_str() {
        "stay" => Target::Stay,
        "back" => Target::Back,
        _ => {
            named.check(&row, "stage", &to);
            Target::Stage(to.0)
        }
    });
    let by = row.words("by", MOVERS);
    if by.is_empty() {
        row.fault(at, "a move that nobody may make", "add by = [\"need\", \"offer\"]");
    }
    let both = row.flag("both");
    let after = row.texts("after");
    after.iter().for_each(|other| named.check(&row, "move", other));
    let reason = row.flag("reason");
    let mut fields: Vec<StepField> = Vec::new();
    for one in row.rows("field") {
        let at = one.at();
        let Some(field) = field(one, &fields) else { continue };
        if fields.iter().any(|f| f.id == field.id) {
            row.fault(at, format!("field \"{}\" stands twice", field.id), "remove one of them");
        } else {
            fields.push(field);
        }
    }
    let evidence = evidence(&row);
    row.close();
    let ids = |placed: Vec<(String, Place)>| placed.into_iter().map(|(id, _)| id).collect();
    let (from, after) = (ids(from), ids(after));
    Some(Move { id: id?.0, name: name?, from, to: to?, by, both, after, reason, fields, evidence })
}

fn evidence(row: &Row<'_, '_>) -> Option<Evidence> {
    let (zh, en) = (row.opt_text("evidence_zh"), row.opt_text("evidence_en"));
    let required = row.flag("evidence_required");
    match (zh, en) {
        (Some((zh, _)), Some((en, _))) => Some(Evidence { name: LocalName { zh, en }, required }),
        (None, None) if !required => None,
        _ => {
            let mend = "write evidence_zh and evidence_en, or neither and no evidence_required";
            row.fault(row.at(), "the evidence has no name in one language", mend);
            None
        }
    }
}

/// Reads a field of a form.
pub(super) fn field(row: Row<'_, '_>, before: &[StepField]) -> Option<StepField> {
    let at = row.at();
    let id = row.id();
    let name = row.name("zh", "en");
    let sort = row.must_word("type", FIELDS);
    let unit = row.opt_text("unit").map_or_else(String::new, |(unit, _)| unit);
    let required = row.flag("required");
    let at_most = row.opt_text("at_most");
    if let Some((other, at)) = &at_most
        && !before.iter().any(|f| f.id == *other && f.sort == FieldSort::Number)
    {
        row.fault(*at, format!("\"{other}\" is no number above this field"), "write the id of a number above it");
    }
    let mut choices = Vec::new();
    for choice in row.rows("choices") {
        if let (Some((id, _)), Some(name)) = (choice.id(), choice.name("zh", "en")) {
            choices.push((id, name));
        }
        choice.close();
    }
    if (sort == Some(FieldSort::Choice)) == choices.is_empty() {
        row.fault(at, "choices and type do not agree", "give choices to a field of type \"choice\", and to no other");
    }
    row.close();
    Some(StepField { id: id?.0, name: name?, sort: sort?, unit, required, choices, at_most: at_most.map(|a| a.0) })
}

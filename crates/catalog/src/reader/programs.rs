//! `programs/<id>.toml`: sorts of programs.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use keqiao_domain::{EntryField, LocalName, Milestone, PartyKind, ProgramType, QuotaSort, ScoreCriterion};

use super::report::Place;
use super::row::Row;
use super::workflows::field;
use crate::model::Catalog;

const ENTRANTS: &[(&str, PartyKind)] = &[("organization", PartyKind::Organization), ("person", PartyKind::Person)];

const QUOTAS: &[(&str, QuotaSort)] = &[("target", QuotaSort::Target), ("limit", QuotaSort::Limit)];

const MILESTONES: &[(&str, Milestone)] = &[
    ("collect", Milestone::Collect),
    ("check", Milestone::Check),
    ("review", Milestone::Review),
    ("selected", Milestone::Selected),
    ("shown", Milestone::Shown),
    ("signed", Milestone::Signed),
    ("landed", Milestone::Landed),
];

/// Fields that every entry has.
const OWN: [&str; 8] = ["title", "summary", "kind", "region", "industry", "listing", "party", "note"];

/// Without these there is no program.
const NEEDED: [Milestone; 3] = [Milestone::Collect, Milestone::Check, Milestone::Selected];

/// Kinds that sorts of programs name, to be looked up once all kinds are read.
#[derive(Default)]
pub(crate) struct Reading {
    named: Vec<(usize, String, Place)>,
    types: Vec<ProgramType>,
}

impl Reading {
    /// Reads a sort of program.
    pub(crate) fn read(&mut self, root: Row<'_, '_>, stem: &str) {
        let id = root.id();
        if let Some((id, at)) = id.as_ref().filter(|(id, _)| id != stem) {
            let mend = format!("name the file {id}.toml, or write id = \"{stem}\"");
            root.fault(*at, "the id is not the file's name", mend);
        }
        let at = root.at();
        let (name, lede) = (root.name("zh", "en"), root.name("lede_zh", "lede_en"));
        let entrants = root.words("entrants", ENTRANTS);
        if entrants.is_empty() {
            root.fault(at, "a program that nobody may enter", "add entrants = [\"organization\", \"person\"]");
        }
        let kinds = root.texts("kinds");
        if kinds.is_empty() {
            root.fault(at, "a program without kinds", "add kinds = [\"…\"] with the ids of kinds");
        }
        let needs = root.texts("needs");
        for (need, at) in needs.iter().filter(|(need, _)| kinds.iter().all(|(kind, _)| kind != need)) {
            root.fault(*at, format!("\"{need}\" is none of the kinds"), "name some of the kinds");
        }
        let stages = stages(&root, at);
        let fields = fields(&root);
        let criteria: Vec<ScoreCriterion> = root.rows("criterion").into_iter().filter_map(criterion).collect();
        once(&root, "criterion", criteria.iter().map(|c| c.id.as_str()));
        if stages.iter().any(|(m, _)| *m == Milestone::Review) == criteria.is_empty() {
            let mend = "give criteria to a program with the stage \"review\", and to no other";
            root.fault(at, "criteria and stages do not agree", mend);
        }
        let whole = |key: &'static str, otherwise: i64| root.number(key).map_or(otherwise, |n| n as i64);
        let (scale, quorum) = (whole("scale", 10), whole("quorum", 0));
        let (per_entry, appeal_days) = (whole("per_entry", quorum), whole("appeal_days", 0));
        if !(1..=100).contains(&scale) || !(0..=20).contains(&quorum) || per_entry < quorum || appeal_days < 0 {
            let mend = "scale 1–100, quorum 0–20, per_entry not less than quorum, appeal_days not negative";
            root.fault(at, "numbers that do not fit", mend);
        }
        if (quorum > 0) == criteria.is_empty() {
            root.fault(at, "quorum and criteria do not agree", "write quorum = 1 or more where there are criteria");
        }
        let (verified, blind) = (root.flag("verified"), root.flag("blind"));
        let quota = root.word("quota", QUOTAS).unwrap_or_default();
        root.close();
        let (Some((id, _)), Some(name), Some(lede)) = (id, name, lede) else { return };
        let place = self.types.len();
        self.named.extend(kinds.iter().map(|(kind, at)| (place, kind.clone(), *at)));
        let kinds = kinds.into_iter().map(|(kind, _)| kind).collect();
        self.types.push(ProgramType {
            id,
            name,
            lede,
            entrants,
            verified,
            kinds,
            needs: needs.into_iter().map(|(kind, _)| kind).collect(),
            stages,
            fields,
            criteria,
            scale,
            blind,
            quorum,
            per_entry,
            appeal_days,
            quota,
        });
    }

    /// Looks the kinds up and keeps what was read.
    pub(crate) fn finish(self, report: &super::report::Report<'_>, catalog: &mut Catalog) {
        for (_, kind, at) in self.named.iter().filter(|(_, kind, _)| !catalog.kinds.contains_key(kind)) {
            let known: Vec<&str> = catalog.kinds.keys().map(String::as_str).collect();
            report.fault(*at, format!("unknown kind \"{kind}\""), format!("write one of: {}", known.join(", ")));
        }
        catalog.programs = self.types.into_iter().map(|t| (t.id.clone(), t)).collect();
    }
}

fn once<'i>(root: &Row<'_, '_>, what: &str, ids: impl Iterator<Item = &'i str>) {
    let mut seen = BTreeSet::new();
    for id in ids.filter(|id| !seen.insert(*id)) {
        root.fault(root.at(), format!("{what} \"{id}\" stands twice"), "give each an id of its own");
    }
}

fn stages(root: &Row<'_, '_>, at: Place) -> Vec<(Milestone, LocalName)> {
    let mut stages: Vec<(Milestone, LocalName)> = Vec::new();
    for row in root.rows("stage") {
        if let (Some(stage), Some(name)) = (row.must_word("id", MILESTONES), row.name("zh", "en")) {
            if stages.last().is_some_and(|(before, _)| *before >= stage) {
                row.fault(
                    row.at(),
                    "a stage out of its order",
                    "collect, check, review, selected, shown, signed, landed",
                );
            }
            stages.push((stage, name));
        }
        row.close();
    }
    if NEEDED.iter().any(|needed| stages.iter().all(|(m, _)| m != needed)) {
        root.fault(at, "a stage is missing", "collect, check and selected are in every program");
    }
    let lands = |m: Milestone| stages.iter().any(|(s, _)| *s == m);
    if lands(Milestone::Landed) && !lands(Milestone::Signed) {
        root.fault(at, "what lands was not signed", "add the stage \"signed\", or remove \"landed\"");
    }
    stages
}

fn fields(root: &Row<'_, '_>) -> Vec<EntryField> {
    let mut fields: Vec<EntryField> = Vec::new();
    for row in root.rows("field") {
        let at = row.at();
        let (reveals, shown) = (row.flag("reveals"), row.flag("shown"));
        let before: Vec<_> = fields.iter().map(|f| f.field.clone()).collect();
        let Some(field) = field(row, &before) else { continue };
        if before.iter().any(|f| f.id == field.id) || OWN.contains(&field.id.as_str()) {
            root.fault(at, format!("field \"{}\" is there already", field.id), "give it another id");
        } else {
            fields.push(EntryField { field, reveals, shown });
        }
    }
    fields
}

fn criterion(row: Row<'_, '_>) -> Option<ScoreCriterion> {
    let (id, name, hint) = (row.id(), row.name("zh", "en"), row.name("hint_zh", "hint_en"));
    let weight = row.number("weight").map_or(0, |n| n as i64);
    if !(1..=1_000).contains(&weight) {
        row.fault(row.at(), "a criterion without weight", "write weight = 1 to 1000");
    }
    row.close();
    Some(ScoreCriterion { id: id?.0, name: name?, hint: hint?, weight })
}

//! `kinds/<id>.toml`: the fields of a kind and its samples.

use std::collections::{BTreeMap, BTreeSet};

use keqiao_domain::{Side, Tier};

use super::report::{Place, Report};
use super::row::{Placed, Row};
use super::samples;
use crate::model::{Catalog, Field, Kind};

pub(crate) const SIDES: &[(&str, Side)] = &[("need", Side::Need), ("offer", Side::Offer)];

const TIERS: &[(&str, Tier)] =
    &[("public", Tier::Public), ("member", Tier::Member), ("confidential", Tier::Confidential)];

/// The kinds read so far, where each stands, and whom each says it is answered by.
pub(crate) struct Reading {
    kinds: BTreeMap<String, (Kind, Place)>,
    ids: BTreeSet<String>,
    answers: Vec<Placed>,
    properties: BTreeSet<String>,
}

impl Reading {
    /// Begins, with the ids of all properties, the faulty ones too.
    pub(crate) fn new(properties: BTreeSet<String>) -> Self {
        let (kinds, ids) = (BTreeMap::new(), BTreeSet::new());
        Self { kinds, ids, answers: Vec::new(), properties }
    }

    /// Reads a file. Properties and standards of the catalog must be read before.
    pub(crate) fn read(&mut self, report: &Report<'_>, root: Row<'_, '_>, stem: &str, catalog: &Catalog) {
        let at = root.at();
        self.ids.insert(stem.to_owned());
        let answers = root.texts("answered_by");
        self.answers.extend(answers.iter().cloned());
        let answered_by = answers.into_iter().map(|(id, _)| id).collect();
        let Some(kind) = kind(root, stem, answered_by, catalog, &self.properties) else {
            return;
        };
        if let Some((_, first)) = self.kinds.get(&kind.id) {
            let reason = format!("kind \"{}\" stands twice", kind.id);
            report.fault(at, reason, format!("remove it here or at {}", report.words(*first)));
            return;
        }
        self.kinds.insert(kind.id.clone(), (kind, at));
    }

    /// What was read, once all files are.
    pub(crate) fn finish(self, report: &Report<'_>) -> BTreeMap<String, Kind> {
        let all: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        for (id, at) in &self.answers {
            if !self.ids.contains(id) {
                let mend = format!("write one of: {}", all.join(", "));
                report.fault(*at, format!("unknown kind \"{id}\""), mend);
            }
        }
        self.kinds.into_iter().map(|(id, (kind, _))| (id, kind)).collect()
    }
}

fn kind(
    root: Row<'_, '_>,
    stem: &str,
    answered_by: Vec<String>,
    catalog: &Catalog,
    properties: &BTreeSet<String>,
) -> Option<Kind> {
    let id = root.id();
    if let Some((id, at)) = id.as_ref().filter(|(id, _)| id != stem) {
        let mend = format!("name the file {id}.toml, or write id = \"{stem}\"");
        root.fault(*at, "the id is not the file's name", mend);
    }
    let name = root.name("zh", "en");
    let hint = root.name("hint_zh", "hint_en");
    let order = root.must_number("order");
    let sides = root.words("sides", SIDES);
    if sides.is_empty() {
        root.fault(root.at(), "a kind without sides", "add sides = [\"need\", \"offer\"]");
    }
    let mut fields: Vec<Field> = Vec::new();
    for row in root.rows("field") {
        let at = row.at();
        let Some(field) = field(row, properties) else {
            continue;
        };
        if fields.iter().any(|f| f.property == field.property) {
            let reason = format!("field \"{}\" stands twice", field.property);
            root.fault(at, reason, "remove one of them");
        } else {
            fields.push(field);
        }
    }
    let samples =
        root.rows("sample").into_iter().filter_map(|row| samples::sample(row, &sides, &fields, catalog)).collect();
    root.close();
    Some(Kind { id: id?.0, name: name?, hint: hint?, sides, answered_by, fields, samples, order: order? as i64 })
}

fn field(row: Row<'_, '_>, properties: &BTreeSet<String>) -> Option<Field> {
    let property = row.text("property");
    if let Some((id, at)) = property.as_ref().filter(|(id, _)| !properties.contains(id)) {
        let mend = "write the id of a property of properties.toml, or add it there";
        row.fault(*at, format!("unknown property \"{id}\""), mend);
    }
    let required_on = row.words("required_on", SIDES);
    let facet = row.flag("facet");
    let tier = row.word("tier", TIERS).unwrap_or_default();
    row.close();
    Some(Field { property: property?.0, required_on, facet, tier })
}

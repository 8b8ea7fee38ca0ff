//! `properties.toml`: `[[property]]`, the vocabulary kinds share.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Place, Report};
use super::row::{Placed, Row};
use crate::model::{Choice, MeetRule, Property, PropertyType, Units};

const TYPES: &[(&str, PropertyType)] = &[
    ("quantity", PropertyType::Quantity),
    ("number", PropertyType::Number),
    ("choice", PropertyType::Choice),
    ("standard", PropertyType::Standard),
    ("bool", PropertyType::Bool),
    ("date", PropertyType::Date),
    ("text", PropertyType::Text),
];

const MEETS: &[(&str, MeetRule)] = &[
    ("covers", MeetRule::Covers),
    ("at-least", MeetRule::AtLeast),
    ("at-most", MeetRule::AtMost),
    ("equals", MeetRule::Equals),
    ("any-of", MeetRule::AnyOf),
    ("meets-standard", MeetRule::MeetsStandard),
    ("shown", MeetRule::Shown),
];

/// The properties read so far and where each stands.
#[derive(Default)]
pub(crate) struct Reading {
    properties: BTreeMap<String, (Property, Place)>,
    ids: BTreeSet<String>,
}

impl Reading {
    /// Reads a file.
    pub(crate) fn read(&mut self, report: &Report<'_>, root: Row<'_, '_>, units: &Units) {
        for row in root.rows("property") {
            let at = row.at();
            let Some(property) = property(row, units, &mut self.ids) else {
                continue;
            };
            if let Some((_, first)) = self.properties.get(&property.id) {
                let reason = format!("property \"{}\" stands twice", property.id);
                report.fault(at, reason, format!("remove it here or at {}", report.words(*first)));
                continue;
            }
            self.properties.insert(property.id.clone(), (property, at));
        }
        root.close();
    }

    /// What was read, and the ids of all properties, the faulty ones too: what
    /// refers to a faulty property has no fault of its own.
    pub(crate) fn finish(self) -> (BTreeMap<String, Property>, BTreeSet<String>) {
        let properties = self.properties.into_iter().map(|(id, (property, _))| (id, property));
        (properties.collect(), self.ids)
    }
}

fn property(row: Row<'_, '_>, units: &Units, ids: &mut BTreeSet<String>) -> Option<Property> {
    let id = row.id();
    ids.extend(id.iter().map(|(id, _)| id.clone()));
    let name = row.name("zh", "en");
    let synonyms = once_each(&row, row.texts("synonyms"));
    let ty = row.must_word("type", TYPES);
    let meet = row.must_word("meet", MEETS);
    let soft = row.flag("soft");
    let unit = row.opt_text("unit");
    let choices: Vec<Choice> = row.rows("choices").into_iter().filter_map(choice).collect();
    if let (Some(ty), Some(meet)) = (ty, meet) {
        check_type(&row, ty, meet);
        check_soft(&row, soft, meet);
    }
    if let Some(ty) = ty {
        check_unit(&row, ty, unit.as_ref(), units);
        check_choices(&row, ty, &choices);
    }
    row.close();
    let unit = unit.map(|(symbol, _)| symbol);
    Some(Property { id: id?.0, name: name?, synonyms, ty: ty?, unit, meet: meet?, soft, choices })
}

fn choice(row: Row<'_, '_>) -> Option<Choice> {
    let id = row.id();
    let name = row.name("zh", "en");
    let synonyms = once_each(&row, row.texts("synonyms"));
    row.close();
    Some(Choice { id: id?.0, name: name?, synonyms })
}

fn once_each(row: &Row<'_, '_>, texts: Vec<Placed>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(texts.len());
    for (text, at) in texts {
        if kept.contains(&text) {
            row.fault(at, format!("\"{text}\" stands twice"), "remove one of them");
        } else {
            kept.push(text);
        }
    }
    kept
}

fn check_type(row: &Row<'_, '_>, ty: PropertyType, meet: MeetRule) {
    use PropertyType::{Choice, Date, Number, Quantity, Standard};
    let fits = match meet {
        MeetRule::Covers => matches!(ty, Quantity | Number | Date | Choice),
        MeetRule::AtLeast | MeetRule::AtMost => matches!(ty, Quantity | Number | Date),
        MeetRule::AnyOf => ty == Choice,
        MeetRule::MeetsStandard => ty == Standard,
        MeetRule::Equals => ty != Standard,
        MeetRule::Shown => true,
    };
    if !fits {
        let mend = "covers, at-least and at-most go with quantity, number and date; covers and \
                    any-of with choice; meets-standard with standard; equals with all but standard";
        row.fault(row.at(), "the meet rule does not go with the type", mend);
    }
}

fn check_soft(row: &Row<'_, '_>, soft: bool, meet: MeetRule) {
    if soft && meet == MeetRule::Shown {
        let reason = "a property that is only shown is no wish either";
        row.fault(row.at(), reason, "remove soft, or write another meet rule");
    }
}

fn check_unit(row: &Row<'_, '_>, ty: PropertyType, unit: Option<&Placed>, units: &Units) {
    match (ty, unit) {
        (PropertyType::Quantity, None) => {
            row.fault(row.at(), "a quantity without a unit", "add unit = \"…\", or type = \"number\"");
        }
        (PropertyType::Quantity, Some((symbol, at))) if units.get(symbol).is_none() => {
            let mend = "write a symbol of units.toml, or add it there";
            row.fault(*at, format!("unknown unit \"{symbol}\""), mend);
        }
        (PropertyType::Quantity, Some(_)) | (_, None) => {}
        (_, Some((_, at))) => row.fault(*at, "only a quantity has a unit", "remove the unit"),
    }
}

fn check_choices(row: &Row<'_, '_>, ty: PropertyType, choices: &[Choice]) {
    if ty == PropertyType::Choice && choices.is_empty() {
        row.fault(row.at(), "a choice property without choices", "add choices = [{ id, zh, en }]");
    }
    if ty != PropertyType::Choice && !choices.is_empty() {
        row.fault(row.at(), "only a choice property has choices", "remove them");
    }
    for (i, choice) in choices.iter().enumerate() {
        if choices[..i].iter().any(|c| c.id == choice.id) {
            let reason = format!("choice \"{}\" stands twice", choice.id);
            row.fault(row.at(), reason, "remove one of them");
        }
    }
}

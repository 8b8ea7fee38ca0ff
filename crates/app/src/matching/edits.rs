//! What a person mends of what was read from a text.

use keqiao_catalog::{Catalog, PropertyType};
use keqiao_domain::{Interval, Requirement, Strength, Value};
use keqiao_matching::Reading;

/// One requirement as its writer left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which of those read: property and value as they were.
    pub property: String,
    /// The value as it was shown.
    pub was: String,
    /// The value as it is now.
    pub value: String,
    /// Must or wish; `None`: not asked for any more.
    pub strength: Option<Strength>,
}

/// Puts edits in the place of what was read. An edit of something that the text does not say any
/// more is left out. Gives the places of the edits whose value could not be understood: there the
/// value stays as it was read.
pub fn apply_edits(reading: &mut Reading, edits: &[Edit], catalog: &Catalog) -> Vec<usize> {
    let mut misread = Vec::new();
    for (i, edit) in edits.iter().enumerate() {
        let same = |r: &Requirement| r.property == edit.property && r.required.to_string() == edit.was;
        let Some(at) = reading.requirements.iter().position(same) else { continue };
        let Some(strength) = edit.strength else {
            reading.requirements.remove(at);
            continue;
        };
        let held = &mut reading.requirements[at];
        held.strength = strength;
        if edit.value.trim() != edit.was {
            match value_of(catalog, &held.property, &held.required, edit.value.trim()) {
                Some(value) => held.required = value,
                None => misread.push(i),
            }
        }
    }
    let named = |s: &String| {
        let stands = |r: &Requirement| r.required.texts().contains(&s.as_str());
        reading.requirements.iter().any(stands)
    };
    reading.standards = std::mem::take(&mut reading.standards).into_iter().filter(named).collect();
    misread
}

/// A typed value in the form that a property wants.
fn value_of(catalog: &Catalog, property: &str, was: &Value, text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    let known = catalog.properties.get(property);
    let quantity = |unit: &str| {
        let read: Option<Interval> = keqiao_text::parse_interval(text, &catalog.units, unit);
        read.map(Value::Interval)
    };
    match known.map(|p| (p.ty, p)) {
        Some((PropertyType::Quantity, p)) => {
            let unit = match was {
                Value::Interval(i) if !i.unit.is_empty() => i.unit.as_str(),
                _ => p.unit.as_deref().unwrap_or_default(),
            };
            quantity(unit)
        }
        Some((PropertyType::Number, _)) => quantity(""),
        Some((PropertyType::Choice, p)) => {
            let words = text.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|w| !w.is_empty());
            let chosen: Option<Vec<String>> = words
                .map(|word| {
                    let is = |name: &String| name.eq_ignore_ascii_case(word);
                    let names = |c: &keqiao_catalog::Choice| {
                        [&c.id, &c.name.zh, &c.name.en].into_iter().chain(&c.synonyms).any(is)
                    };
                    p.choices.iter().find(|c| names(c)).map(|c| c.id.clone())
                })
                .collect();
            chosen.filter(|c| !c.is_empty()).map(Value::List)
        }
        None => match was {
            Value::Interval(i) => quantity(&i.unit),
            _ => Some(Value::Text(text.to_owned())),
        },
        Some(_) => Some(Value::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keqiao_domain::RequirementSource;

    fn read(property: &str, required: Value) -> Requirement {
        let source = RequirementSource::Text { start: 0, end: 1 };
        Requirement { property: property.to_owned(), required, strength: Strength::Must, source }
    }

    fn edit(property: &str, was: &str, value: &str, strength: Option<Strength>) -> Edit {
        Edit { property: property.to_owned(), was: was.to_owned(), value: value.to_owned(), strength }
    }

    #[test]
    fn values_change_strengths_switch_and_requirements_go() {
        let catalog = keqiao_catalog::builtin().unwrap();
        let interval = |max: f64| Value::Interval(Interval { min: None, max: Some(max), unit: "mΩ".to_owned() });
        let standard = |s: &str| Value::Text(s.to_owned());
        let mut reading = Reading {
            requirements: vec![
                read("on-resistance", interval(5.0)),
                read("package", Value::List(vec!["qfn".to_owned()])),
                read("accreditation", standard("CNAS")),
                read("accreditation", standard("CMA")),
            ],
            standards: vec!["CNAS".to_owned(), "CMA".to_owned()],
            ..Reading::default()
        };
        let edits = [
            edit("on-resistance", "≤5 mΩ", "≤8", Some(Strength::Wish)),
            edit("package", "qfn", "QFN、TOLL", Some(Strength::Must)),
            edit("accreditation", "CMA", "CMA", None),
            // Not understood, and of something that is not there.
            edit("accreditation", "CNAS", "", Some(Strength::Must)),
            edit("purity", "≥99 %", "≥98 %", Some(Strength::Must)),
        ];
        assert_eq!(apply_edits(&mut reading, &edits, &catalog), [3]);
        let now: Vec<String> = reading.requirements.iter().map(|r| r.required.to_string()).collect();
        assert_eq!(now, ["≤8 mΩ", "qfn、toll", "CNAS"]);
        assert_eq!(reading.requirements[0].strength, Strength::Wish);
        assert_eq!(reading.standards, ["CNAS"]);
    }
}

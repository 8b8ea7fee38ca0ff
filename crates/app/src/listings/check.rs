//! What a listing must be like: to be stored at all, and to go into review.

use keqiao_catalog::{Catalog, Property, PropertyType};
use keqiao_domain::{ListingContent, Side, Value};
use keqiao_text::Text;

use crate::Fault;
use crate::parties::check_length;

/// Checks what holds for every listing, a draft too, and puts values into form
/// (a text in a quantity's field becomes an interval where it can be read).
pub fn check_content(catalog: &Catalog, side: Side, content: &mut ListingContent) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_length("title", &content.title, 120, &mut faults);
    check_length("summary", &content.summary, 500, &mut faults);
    check_length("body", &content.body, 20_000, &mut faults);
    check_length("annex", &content.annex, 20_000, &mut faults);
    if content.title.trim().is_empty() {
        faults.push(Fault::new("title", "required"));
    }
    if content.keywords.len() > 30 {
        faults.push(Fault::with("keywords", "too-many", 30));
    }
    content.keywords.iter().for_each(|k| check_length("keywords", k, 60, &mut faults));
    match catalog.kinds.get(&content.kind) {
        None => faults.push(Fault::with("kind", "unknown-kind", &content.kind)),
        Some(kind) if !kind.sides.contains(&side) => {
            faults.push(Fault::with("kind", "kind-not-on-this-side", &content.kind));
        }
        Some(_) => {}
    }
    check_taxonomies(catalog, content, &mut faults);
    for (id, value) in &mut content.attributes {
        let field = format!("attributes.{id}");
        match catalog.properties.get(id) {
            None => faults.push(Fault::with(field, "unknown-property", id)),
            Some(property) => {
                if let Err(fault) = settle(catalog, property, value) {
                    faults.push(Fault { field, ..fault });
                }
            }
        }
    }
    content.wishes.retain(|w| content.attributes.contains_key(w));
    faults
}

fn check_taxonomies(catalog: &Catalog, content: &ListingContent, faults: &mut Vec<Fault>) {
    for (taxonomy, code) in [("region", &content.region), ("industry", &content.industry)] {
        if let Some(code) = code {
            crate::parties::check_code(catalog, taxonomy, taxonomy, code, faults);
        }
    }
    if content.chain.len() > 20 {
        faults.push(Fault::with("chain", "too-many", 20));
    }
    for node in &content.chain {
        let known = node
            .split_once(':')
            .is_some_and(|(taxonomy, code)| catalog.taxonomy(taxonomy).is_some_and(|t| t.get(code).is_some()));
        if !known {
            faults.push(Fault::with("chain", "unknown-code", node));
        }
    }
}

/// Puts a value into the form its property wants.
fn settle(catalog: &Catalog, property: &Property, value: &mut Value) -> Result<(), Fault> {
    let wrong = |code, detail: String| Fault { field: String::new(), code, detail };
    match property.ty {
        PropertyType::Quantity => settle_quantity(catalog, property, value),
        PropertyType::Number => match value {
            Value::Number(_) | Value::Interval(_) => Ok(()),
            Value::Text(text) => {
                let read = keqiao_text::parse_interval(text, &catalog.units, "")
                    .ok_or_else(|| wrong("not-a-number", text.clone()))?;
                *value = match (read.min, read.is_point()) {
                    (Some(n), true) => Value::Number(n),
                    _ => Value::Interval(read),
                };
                Ok(())
            }
            other => Err(wrong("not-a-number", other.to_string())),
        },
        PropertyType::Choice => {
            let mut ids = Vec::new();
            for text in value.texts() {
                let choice = property
                    .choices
                    .iter()
                    .find(|c| c.id == text || c.name.zh == text || c.name.en.eq_ignore_ascii_case(text))
                    .ok_or_else(|| wrong("unknown-choice", text.to_owned()))?;
                ids.push(choice.id.clone());
            }
            *value = Value::List(ids);
            Ok(())
        }
        PropertyType::Standard | PropertyType::Text => match value {
            Value::Text(text) if text.chars().count() > 500 => Err(wrong("too-long", "500".into())),
            Value::List(list) if list.len() > 50 => Err(wrong("too-many", "50".into())),
            Value::Text(_) | Value::List(_) => Ok(()),
            other => Err(wrong("not-a-text", other.to_string())),
        },
        PropertyType::Bool => match value {
            Value::Bool(_) => Ok(()),
            Value::Text(text) => {
                *value = Value::Bool(read_bool(text).ok_or_else(|| wrong("not-yes-or-no", text.clone()))?);
                Ok(())
            }
            other => Err(wrong("not-yes-or-no", other.to_string())),
        },
        PropertyType::Date => match value {
            Value::Text(text) if text.parse::<jiff::civil::Date>().is_ok() => Ok(()),
            other => Err(wrong("not-a-date", other.to_string())),
        },
    }
}

fn settle_quantity(catalog: &Catalog, property: &Property, value: &mut Value) -> Result<(), Fault> {
    let unit = property.unit.clone().unwrap_or_default();
    let wrong = |code, detail: String| Fault { field: String::new(), code, detail };
    match value {
        Value::Number(n) => *value = Value::Interval(keqiao_domain::Interval::point(*n, &unit)),
        Value::Text(text) => {
            let read = keqiao_text::parse_interval(text, &catalog.units, &unit)
                .ok_or_else(|| wrong("not-a-quantity", text.clone()))?;
            *value = Value::Interval(read);
        }
        Value::Interval(_) => {}
        other => return Err(wrong("not-a-quantity", other.to_string())),
    }
    let Value::Interval(interval) = value else { return Ok(()) };
    if interval.unit.is_empty() {
        interval.unit.clone_from(&unit);
    }
    if interval.min.is_none() && interval.max.is_none() {
        return Err(wrong("not-a-quantity", String::new()));
    }
    if [interval.min, interval.max].iter().flatten().any(|n| !n.is_finite()) {
        return Err(wrong("not-a-number", interval.to_string()));
    }
    if matches!((interval.min, interval.max), (Some(a), Some(b)) if a > b) {
        return Err(wrong("min-above-max", interval.to_string()));
    }
    if catalog.units.convert(1.0, &interval.unit, &unit).is_none() {
        return Err(wrong("unit-does-not-fit", format!("{} → {unit}", interval.unit)));
    }
    Ok(())
}

fn read_bool(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "是" | "有" | "true" | "yes" | "1" | "✓" => Some(true),
        "否" | "无" | "false" | "no" | "0" | "✗" => Some(false),
        _ => None,
    }
}

/// What a draft still lacks before it may go into review.
#[must_use]
pub fn missing_for_review(catalog: &Catalog, side: Side, content: &ListingContent, text: &Text) -> Vec<Fault> {
    let mut faults = Vec::new();
    if content.title.chars().count() < 4 {
        faults.push(Fault::with("title", "too-short", 4));
    }
    if text.fold_str(&content.body).chars().count() < 20 {
        faults.push(Fault::with("body", "too-short", 20));
    }
    let Some(kind) = catalog.kinds.get(&content.kind) else { return faults };
    for field in &kind.fields {
        if field.required_on.contains(&side) && !content.attributes.contains_key(&field.property) {
            faults.push(Fault::new(format!("attributes.{}", field.property), "required"));
        }
    }
    faults
}

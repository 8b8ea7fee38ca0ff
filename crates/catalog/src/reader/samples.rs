//! `[[sample]]` of a kind: attributes must fit their properties.

use keqiao_domain::{Attributes, Interval, Side, Value};
use serde_spanned::Spanned;
use toml::de::DeValue;

use super::kinds::SIDES;
use super::row::{Row, number_of};
use crate::model::{Catalog, Field, Property, PropertyType, Sample};

/// Reads a sample.
pub(crate) fn sample(row: Row<'_, '_>, sides: &[Side], fields: &[Field], catalog: &Catalog) -> Option<Sample> {
    let side = row.must_word("side", SIDES);
    if let Some(side) = side.filter(|side| !sides.contains(side)) {
        let reason = format!("the kind has no side \"{}\"", side.as_str());
        row.fault(row.at(), reason, "write one of the kind's sides");
    }
    let title = row.text("title");
    let body = row.text("body");
    let mut attributes = Attributes::new();
    if let Some(table) = row.value("attributes").and_then(|value| row.row_of("attributes", value)) {
        for ((id, at), value) in table.entries() {
            if fields.iter().all(|f| f.property != id) {
                let mend = "write the property of one of the kind's fields";
                row.fault(at, format!("the kind has no field \"{id}\""), mend);
            }
            let Some(read) = read_value(&table, &id, value) else {
                continue;
            };
            if let Some(why) = catalog.properties.get(&id).and_then(|p| misfit(&read, p, catalog)) {
                row.fault(table.place(value), format!("\"{id}\" does not fit: {why}"), "mend the value");
            }
            attributes.insert(id, read);
        }
    }
    for field in fields {
        let required = side.is_some_and(|side| field.required_on.contains(&side));
        if required && !attributes.contains_key(&field.property) {
            let reason = format!("the sample lacks the required \"{}\"", field.property);
            row.fault(row.at(), reason, "add the attribute");
        }
    }
    row.close();
    Some(Sample { side: side?, title: title?.0, body: body?.0, attributes })
}

fn read_value<'r, 's>(row: &Row<'r, 's>, id: &str, value: &'r Spanned<DeValue<'s>>) -> Option<Value> {
    match value.get_ref() {
        DeValue::Boolean(yes) => Some(Value::Bool(*yes)),
        DeValue::String(text) => Some(Value::Text(text.to_string())),
        DeValue::Datetime(day) => Some(Value::Text(day.to_string())),
        DeValue::Array(_) => {
            let texts = row.texts_of(id, value);
            Some(Value::List(texts.into_iter().map(|(text, _)| text).collect()))
        }
        DeValue::Table(_) => {
            let table = row.row_of(id, value)?;
            let (min, max) = (table.number("min"), table.number("max"));
            let unit = table.opt_text("unit").map(|(unit, _)| unit).unwrap_or_default();
            table.close();
            Some(Value::Interval(Interval { min, max, unit }))
        }
        number => {
            let number = number_of(number);
            if number.is_none() {
                row.wrong_type(id, value, "a finite number");
            }
            number.map(Value::Number)
        }
    }
}

/// Why a value does not fit its property; `None`: it fits.
pub(crate) fn misfit(value: &Value, property: &Property, catalog: &Catalog) -> Option<String> {
    match (property.ty, value) {
        (PropertyType::Quantity, Value::Interval(i)) => {
            let own = property.unit.as_deref().unwrap_or_default();
            if catalog.units.convert(1.0, &i.unit, own).is_none() {
                return Some(format!("unit \"{}\" does not measure what \"{own}\" does", i.unit));
            }
            misfit_ends(i)
        }
        (PropertyType::Number, Value::Interval(i)) if i.unit.is_empty() => misfit_ends(i),
        (PropertyType::Quantity | PropertyType::Number, Value::Number(_))
        | (PropertyType::Bool, Value::Bool(_))
        | (PropertyType::Text, Value::Text(_)) => None,
        (PropertyType::Choice, Value::Text(_) | Value::List(_)) => value
            .texts()
            .into_iter()
            .find(|text| property.choices.iter().all(|c| c.id != *text))
            .map(|text| format!("\"{text}\" is none of its choices")),
        (PropertyType::Standard, Value::Text(_) | Value::List(_)) => value
            .texts()
            .into_iter()
            .find(|text| catalog.standard(text).is_none())
            .map(|text| format!("\"{text}\" is no standard or grade of the catalog")),
        (PropertyType::Date, Value::Text(day)) if is_day(day) => None,
        (PropertyType::Date, _) => Some("a date is written 2026-11-20".to_owned()),
        (ty, _) => Some(format!("a property of type {ty:?} does not hold {value}")),
    }
}

fn misfit_ends(interval: &Interval) -> Option<String> {
    match (interval.min, interval.max) {
        (None, None) => Some("neither min nor max".to_owned()),
        (Some(min), Some(max)) if min > max => Some("min is above max".to_owned()),
        _ => None,
    }
}

fn is_day(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut next = |width: usize, most: u32| {
        parts
            .next()
            .filter(|part| part.len() == width)
            .and_then(|part| part.parse::<u32>().ok())
            .is_some_and(|n| (1..=most).contains(&n))
    };
    next(4, 9999) && next(2, 12) && next(2, 31) && parts.next().is_none()
}

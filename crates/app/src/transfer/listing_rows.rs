//! A row as a listing.

use keqiao_catalog::Catalog;
use keqiao_domain::{ListingContent, PartyKind, Side, Tier, Value, fold_key};
use serde_json::Value as Json;

use super::fields::Mapping;
use super::table::RawRow;
use crate::Fault;
use crate::listings::check_content;
use crate::named::code_named;

/// How a row names the party it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct PartyRef {
    pub(crate) external_id: Option<String>,
    pub(crate) name: Option<String>,
    /// What the party is made as when it is not there yet; nothing: an organization.
    pub(crate) kind: Option<PartyKind>,
}

/// A row read as a listing.
#[derive(Debug, Clone)]
pub(crate) struct ListingRow {
    pub(crate) external_id: Option<String>,
    pub(crate) side: Side,
    pub(crate) content: ListingContent,
    pub(crate) party: PartyRef,
    pub(crate) demo: bool,
}

/// A cell as text; numbers as they are written.
pub(crate) fn cell_text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(n) if n.as_f64().is_some_and(|f| f.fract() == 0.0 && f.abs() < 1e15) => {
            format!("{:.0}", n.as_f64().unwrap_or_default())
        }
        Json::Array(items) => items.iter().map(cell_text).collect::<Vec<_>>().join("；"),
        other => other.to_string(),
    }
}

/// A cell as a list: a JSON array, or a text cut at the usual separators.
pub(crate) fn cell_list(value: &Json) -> Vec<String> {
    let items: Vec<String> = match value {
        Json::Array(items) => items.iter().map(cell_text).collect(),
        other => cell_text(other).split([';', '；', ',', '，', '、', '|', '\n']).map(str::to_owned).collect(),
    };
    items.into_iter().map(|i| i.trim().to_owned()).filter(|i| !i.is_empty()).collect()
}

/// A cell as yes or no.
pub(crate) fn cell_bool(value: &Json) -> bool {
    match value {
        Json::Bool(b) => *b,
        other => matches!(cell_text(other).trim().to_lowercase().as_str(), "是" | "true" | "yes" | "1" | "✓"),
    }
}

fn kind_of(catalog: &Catalog, text: &str) -> Option<String> {
    let key = fold_key(text);
    let kind =
        catalog.kinds.values().find(|k| k.id == key || fold_key(&k.name.zh) == key || fold_key(&k.name.en) == key)?;
    Some(kind.id.clone())
}

fn side_of(text: &str) -> Option<Side> {
    match fold_key(text).as_str() {
        "need" | "需" | "所需" | "需求" => Some(Side::Need),
        "offer" | "能" | "所能" | "供给" | "供" => Some(Side::Offer),
        _ => None,
    }
}

/// Organization or person, as a cell says it.
pub(crate) fn party_kind(text: &str) -> Option<PartyKind> {
    match fold_key(text).as_str() {
        "person" | "人员" | "个人" | "专家" => Some(PartyKind::Person),
        "organization" | "机构" | "单位" | "企业" => Some(PartyKind::Organization),
        _ => None,
    }
}

/// Reads a row; every fault of the row at once, each with its field.
pub(crate) fn read_listing_row(catalog: &Catalog, mapping: &Mapping, row: &RawRow) -> Result<ListingRow, Vec<Fault>> {
    let mut faults = Vec::new();
    let get = |field: &str| mapping.value(row, field);
    let text = |field: &str| get(field).map(|v| cell_text(&v)).unwrap_or_default();
    let list = |field: &str| get(field).map(|v| cell_list(&v)).unwrap_or_default();
    let kind_text = text("kind");
    let kind = kind_of(catalog, &kind_text).unwrap_or_else(|| {
        faults.push(if kind_text.is_empty() {
            Fault::new("kind", "required")
        } else {
            Fault::with("kind", "unknown-kind", &kind_text)
        });
        String::new()
    });
    let side = side_for(catalog, &kind, &text("side"), &mut faults);
    let mut code = |field: &str| {
        let given = text(field);
        if given.trim().is_empty() {
            return None;
        }
        code_named(catalog, field, &given).map_err(|fault| faults.push(fault)).ok()
    };
    let (region, industry) = (code("region"), code("industry"));
    let mut content = ListingContent {
        kind,
        title: text("title").trim().to_owned(),
        summary: text("summary"),
        body: text("body"),
        details_tier: if text("details_tier") == "member" { Tier::Member } else { Tier::Public },
        annex: text("annex"),
        keywords: list("keywords"),
        wishes: list("wishes"),
        region,
        industry,
        chain: list("chain"),
        ..ListingContent::default()
    };
    for field in mapping.0.keys() {
        let Some(property) = field.strip_prefix("attributes.") else { continue };
        let Some(cell) = get(field) else { continue };
        match serde_json::from_value::<Value>(cell) {
            Ok(value) => drop(content.attributes.insert(property.to_owned(), split_choices(catalog, property, value))),
            Err(_) => faults.push(Fault::new(field, "not-a-value")),
        }
    }
    let empty_kind = content.kind.is_empty();
    faults
        .extend(check_content(catalog, side, &mut content).into_iter().filter(|f| !(empty_kind && f.field == "kind")));
    if !faults.is_empty() {
        return Err(faults);
    }
    let optional = |field: &str| Some(text(field).trim().to_owned()).filter(|t| !t.is_empty());
    Ok(ListingRow {
        external_id: optional("id"),
        side,
        content,
        party: PartyRef {
            external_id: optional("party.external_id"),
            name: get("party.name").and_then(|v| first_text(&v)),
            kind: party_kind(&text("party.kind")),
        },
        demo: get("demo").is_some_and(|v| cell_bool(&v)),
    })
}

/// The first of several names, or the one.
fn first_text(value: &Json) -> Option<String> {
    let text = match value {
        Json::Array(items) => items.first().map(cell_text)?,
        other => cell_text(other),
    };
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

fn side_for(catalog: &Catalog, kind: &str, text: &str, faults: &mut Vec<Fault>) -> Side {
    if let Some(side) = side_of(text) {
        return side;
    }
    // A kind that stands on one side needs no word for it.
    match catalog.kinds.get(kind).map(|k| k.sides.as_slice()) {
        Some([only]) if text.is_empty() => *only,
        _ => {
            faults.push(if text.is_empty() {
                Fault::new("side", "required")
            } else {
                Fault::with("side", "unknown-side", text)
            });
            Side::Offer
        }
    }
}

/// In a table several choices stand in one cell.
fn split_choices(catalog: &Catalog, property: &str, value: Value) -> Value {
    use keqiao_catalog::PropertyType::{Choice, Standard};
    match (catalog.properties.get(property).map(|p| p.ty), value) {
        (Some(Choice | Standard), Value::Text(text)) => Value::List(cell_list(&Json::from(text))),
        (_, value) => value,
    }
}

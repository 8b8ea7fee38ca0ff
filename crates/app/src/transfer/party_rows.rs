//! A row as a party.

use keqiao_domain::{Contact, PartyKind};
use serde::Deserialize;
use serde_json::Value as Json;

use super::fields::Mapping;
use super::listing_rows::{cell_bool, cell_list, cell_text, party_kind};
use super::table::RawRow;
use crate::named::code_named;
use crate::parties::PartyInput;
use crate::{App, Fault};

/// A membership inside a party's JSON line.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct MembershipRow {
    /// External id of the organization.
    pub(crate) organization: String,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) from: Option<String>,
    #[serde(default)]
    pub(crate) to: Option<String>,
    #[serde(default)]
    pub(crate) status: Option<String>,
}

/// A row read as a party.
#[derive(Debug, Clone)]
pub(crate) struct PartyRow {
    pub(crate) external_id: Option<String>,
    pub(crate) kind: PartyKind,
    pub(crate) input: PartyInput,
    pub(crate) verified: bool,
    pub(crate) demo: bool,
    pub(crate) memberships: Vec<MembershipRow>,
}

/// Reads a row; faults of values are found by [`PartyInput`] later.
pub(crate) fn read_party_row(app: &App, mapping: &Mapping, row: &RawRow) -> Result<PartyRow, Vec<Fault>> {
    let mut faults = Vec::new();
    let get = |field: &str| mapping.value(row, field);
    let text = |field: &str| get(field).map(|v| cell_text(&v).trim().to_owned()).unwrap_or_default();
    let list = |field: &str| get(field).map(|v| cell_list(&v)).unwrap_or_default();
    let given = text("kind");
    let kind = party_kind(&given).unwrap_or_else(|| {
        if !given.is_empty() {
            faults.push(Fault::with("kind", "unknown-kind", &given));
        }
        PartyKind::Organization
    });
    let mut code = |field: &str| {
        let given = text(field);
        if given.is_empty() {
            return given;
        }
        code_named(&app.catalog, field, &given).unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        })
    };
    let (region, industry) = (code("region"), code("industry"));
    let memberships = match get("memberships") {
        None => Vec::new(),
        Some(value) => memberships_of(value).unwrap_or_else(|why| {
            faults.push(Fault::with("memberships", "not-a-value", why));
            Vec::new()
        }),
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(PartyRow {
        external_id: Some(text("external_id")).filter(|t| !t.is_empty()),
        kind,
        input: PartyInput {
            name: text("name"),
            aliases: list("aliases"),
            uscc: text("uscc"),
            orcid: text("orcid"),
            region,
            industry,
            summary: text("summary"),
            website: text("website"),
            keywords: list("keywords"),
            contact: Contact {
                name: text("contact.name"),
                phone: text("contact.phone"),
                email: text("contact.email"),
                address: text("contact.address"),
            },
        },
        verified: get("verified").is_some_and(|v| cell_bool(&v)),
        demo: get("demo").is_some_and(|v| cell_bool(&v)),
        memberships,
    })
}

fn memberships_of(value: Json) -> Result<Vec<MembershipRow>, String> {
    serde_json::from_value(value).map_err(|e| e.to_string())
}

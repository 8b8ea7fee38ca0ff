//! The fields of a listing's kind with what the listing says about them.

use keqiao_catalog::PropertyType;
use keqiao_domain::{ListingContent, Side, Strength, Tier, Value};

use crate::page::Frame;

/// One line of the table of specs or requirements.
pub(crate) struct SpecRow {
    pub(crate) name: String,
    pub(crate) value: String,
    /// Must or wish, of a need.
    pub(crate) strength: Option<Strength>,
    /// Titles of the standards that the value names.
    pub(crate) titles: Vec<String>,
    /// Whether only members see it.
    pub(crate) for_members: bool,
}

/// All that a listing says, in the order of its kind's form; what the form does not ask for comes last.
pub(crate) fn specs(f: &Frame, side: Side, content: &ListingContent) -> Vec<SpecRow> {
    let fields = f.catalog.kinds.get(&content.kind).map(|kind| kind.fields.as_slice()).unwrap_or_default();
    let asked = fields.iter().map(|field| field.property.as_str());
    let others = content.attributes.keys().map(String::as_str);
    let others = others.filter(|id| fields.iter().all(|field| field.property != *id));
    asked
        .chain(others)
        .filter_map(|id| {
            let value = content.attributes.get(id)?;
            let wish = content.wishes.iter().any(|w| w == id);
            let strength = if wish { Strength::Wish } else { Strength::Must };
            Some(SpecRow {
                name: f.property(id).to_owned(),
                value: f.value(id, value),
                strength: (side == Side::Need).then_some(strength),
                titles: titles(f, id, value),
                for_members: f.catalog.tier_of(&content.kind, id) != Tier::Public,
            })
        })
        .collect()
}

/// The titles of the standards in a value: `AEC-Q100 Grade 1` begins with the standard's id.
fn titles(f: &Frame, property: &str, value: &Value) -> Vec<String> {
    let is_standard = f.catalog.properties.get(property).is_some_and(|p| p.ty == PropertyType::Standard);
    if !is_standard {
        return Vec::new();
    }
    let begins = |text: &str, name: &str| {
        text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    let title = |text: &str| {
        let names = |s: &keqiao_catalog::Standard| std::iter::once(&s.id).chain(&s.aliases).any(|n| begins(text, n));
        let longest = f.catalog.standards.values().filter(|s| names(s)).max_by_key(|s| s.id.len());
        longest.map(|s| format!("{} {}", s.id, s.name.get(f.locale.as_str())))
    };
    value.texts().into_iter().filter_map(title).collect()
}

/// The fields of a kind that only members see.
pub(crate) fn member_fields(f: &Frame, content: &ListingContent) -> Vec<String> {
    let fields = f.catalog.kinds.get(&content.kind).map(|kind| kind.fields.as_slice()).unwrap_or_default();
    let hidden = fields.iter().filter(|field| field.tier == Tier::Member);
    hidden.map(|field| f.property(&field.property).to_owned()).collect()
}

//! A listing's content as facts in words: for the check before review, the review and comparisons.

use keqiao_domain::{Listing, ListingContent, Side, Tier};

use super::place;
use crate::page::Frame;

/// One fact of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) tier: Tier,
    /// Whether a need only wishes for it.
    pub(crate) wish: bool,
}

fn fact(label: &str, value: String) -> Fact {
    Fact { label: label.to_owned(), value, tier: Tier::Public, wish: false }
}

/// The specs or requirements, in the order of the kind's fields, then the others.
fn specs(f: &Frame, side: Side, content: &ListingContent) -> Vec<Fact> {
    let order: Vec<&str> = f
        .catalog
        .kinds
        .get(&content.kind)
        .map(|k| k.fields.iter().map(|field| field.property.as_str()).collect())
        .unwrap_or_default();
    let place = |id: &str| order.iter().position(|p| *p == id).unwrap_or(order.len());
    let mut ids: Vec<&String> = content.attributes.keys().collect();
    ids.sort_by_key(|id| place(id));
    ids.into_iter()
        .map(|id| Fact {
            label: f.property(id).to_owned(),
            value: f.value(id, &content.attributes[id]),
            tier: f.catalog.tier_of(&content.kind, id),
            wish: side == Side::Need && content.wishes.contains(id),
        })
        .collect()
}

/// Where it belongs: keywords, region, industry, chain.
fn belongs(f: &Frame, content: &ListingContent) -> Vec<Fact> {
    let code = |taxonomy: &str, code: &Option<String>| {
        code.as_deref().map(|c| place::label(&f.catalog, f.locale, taxonomy, c)).unwrap_or_default()
    };
    let chain: Vec<String> = content
        .chain
        .iter()
        .map(|node| match node.split_once(':') {
            Some((taxonomy, code)) => place::label(&f.catalog, f.locale, taxonomy, code),
            None => node.clone(),
        })
        .collect();
    let mut facts = vec![
        fact(f.t("work-keywords"), content.keywords.join(" · ")),
        fact(f.t("work-region"), code("region", &content.region)),
        fact(f.t("work-industry"), code("industry", &content.industry)),
        fact(f.t("work-chain"), chain.join("\n")),
    ];
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

/// Everything a content says, as facts.
pub(crate) fn facts(f: &Frame, side: Side, content: &ListingContent) -> Vec<Fact> {
    let mut facts = vec![
        fact(f.t("work-kind"), f.kind(&content.kind).to_owned()),
        fact(f.t("work-title"), content.title.clone()),
        fact(f.t("work-summary"), content.summary.clone()),
        Fact { tier: content.details_tier, ..fact(f.t("work-body"), content.body.clone()) },
    ];
    facts.extend(specs(f, side, content));
    facts.extend(belongs(f, content));
    facts.push(fact(f.t("work-readers"), f.word(content.details_tier).to_owned()));
    facts.push(Fact { tier: Tier::Confidential, ..fact(f.t("work-annex"), content.annex.clone()) });
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

/// What two contents say otherwise: label, what the one says, what the other.
pub(crate) fn differences(
    f: &Frame,
    side: Side,
    one: &ListingContent,
    other: &ListingContent,
) -> Vec<(String, String, String)> {
    let (one, other) = (facts(f, side, one), facts(f, side, other));
    let said = |facts: &[Fact], label: &str| {
        let found = facts.iter().find(|fact| fact.label == label);
        found.map(
            |fact| if fact.wish { format!("{}（{}）", fact.value, f.t("strength-wish")) } else { fact.value.clone() },
        )
    };
    let mut labels: Vec<&str> = one.iter().map(|fact| fact.label.as_str()).collect();
    for fact in &other {
        if !labels.contains(&fact.label.as_str()) {
            labels.push(&fact.label);
        }
    }
    labels
        .into_iter()
        .map(|label| (label.to_owned(), said(&one, label).unwrap_or_default(), said(&other, label).unwrap_or_default()))
        .filter(|(_, one, other)| one != other)
        .collect()
}

/// A listing as its readers will see it, each part with who reads it.
pub(crate) struct Preview {
    pub(crate) side: Side,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) body: String,
    pub(crate) body_tier: Tier,
    pub(crate) specs: Vec<Fact>,
    pub(crate) belongs: Vec<Fact>,
    pub(crate) has_annex: bool,
}

impl Preview {
    pub(crate) fn new(f: &Frame, listing: &Listing, has_annex: bool) -> Self {
        let content = &listing.content;
        Self {
            side: listing.side,
            kind: content.kind.clone(),
            title: content.title.clone(),
            summary: content.summary.clone(),
            body: content.body.clone(),
            body_tier: content.details_tier,
            specs: specs(f, listing.side, content),
            belongs: belongs(f, content),
            has_annex,
        }
    }
}

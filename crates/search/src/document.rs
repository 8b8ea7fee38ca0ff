//! Records as the index keeps them.
//!
//! What becomes public, what only members find and what never comes in is
//! decided here: the annex, confidential attributes, a confidential body and
//! contacts stay out; member parts stand in fields of their own.

use keqiao_catalog::{Catalog, Property};
use keqiao_domain::{
    Attributes, Audience, Interval, Listing, ListingState, Party, PartyId, PartyKind, RecordId, Side, Tier, Timestamp,
    Value,
};
use keqiao_matching::{MatchView, folded_parts};
use keqiao_text::Text;
use serde::{Deserialize, Serialize};

use crate::passages;
use crate::query::What;

/// Most characters of a card's summary.
const SUMMARY_CHARS: usize = 160;
const MATURITY: &str = "maturity";
const PRICE: &str = "price";
const YUAN: &str = "元";

/// A listing with what the index needs beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListingDoc {
    /// The listing.
    pub listing: Listing,
    /// Its party.
    pub party: Party,
    /// Number of attachments anyone can see.
    pub attachments: i64,
}

/// A party with what the index needs beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyDoc {
    /// The party.
    pub party: Party,
    /// Number of its published listings.
    pub listings: i64,
}

/// What is to be done to the index.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexOp {
    /// Put a listing in, in place of its former self.
    Listing(Box<ListingDoc>),
    /// Put a party in, in place of its former self.
    Party(Box<PartyDoc>),
    /// Take a record out.
    Delete(RecordId),
}

impl IndexOp {
    /// Which record it is about.
    #[must_use]
    pub fn id(&self) -> RecordId {
        match self {
            Self::Listing(d) => d.listing.id.into(),
            Self::Party(d) => d.party.id.into(),
            Self::Delete(id) => *id,
        }
    }
}

/// What a list shows of a record. Public parts only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its id.
    pub id: RecordId,
    /// Listing or party.
    pub what: What,
    /// Need or offer; `None`: a party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Kind id; of a party `organization` or `person`.
    pub kind: String,
    /// Title; of a party its name.
    pub title: String,
    /// The first 160 characters of the summary.
    pub summary: String,
    /// The party; of a party itself.
    pub party: PartyId,
    /// The party's name.
    pub party_name: String,
    /// Whether an operator verified the party.
    pub verified: bool,
    /// Region code; a listing without one has its party's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Industry code; a listing without one has its party's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// Where the listing stands; `None`: a party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ListingState>,
    /// Maturity level, 1–9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maturity: Option<u8>,
    /// Price as written, `50~80 万元`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// When it was first published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// When its time runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Whether it is demo data.
    #[serde(default)]
    pub demo: bool,
    /// The record's version.
    pub version: i64,
    /// Published listings of a party; 0 for a listing.
    #[serde(default)]
    pub listings: i64,
}

/// What stands in the rows beside the card's parts.
pub(crate) struct Prepared {
    pub(crate) card: Card,
    /// JSON of the match view; of a party of its text alone.
    pub(crate) view: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) member: String,
    /// What anybody may read of a listing, folded; `None`: a party.
    pub(crate) passage: Option<String>,
    /// Names whose pinyin finds the record.
    pub(crate) names: Vec<String>,
    pub(crate) audience: Audience,
    pub(crate) chain: Vec<String>,
    /// Lowest price in yuan.
    pub(crate) price: Option<f64>,
    /// Microseconds since the epoch by which the newest is known.
    pub(crate) time: i64,
}

/// The attributes of one tier.
fn attributes_of_tier(catalog: &Catalog, kind: &str, all: &Attributes, tier: Tier) -> Attributes {
    let of_tier = all.iter().filter(|(property, _)| catalog.tier_of(kind, property) == tier);
    of_tier.map(|(property, value)| (property.clone(), value.clone())).collect()
}

/// A listing as matching sees it: member parts apart, confidential parts left out.
#[must_use]
pub fn match_view(doc: &ListingDoc, catalog: &Catalog) -> MatchView {
    let (listing, party) = (&doc.listing, &doc.party);
    let content = &listing.content;
    let body_of = |tier| {
        if content.details_tier == tier { content.body.as_str() } else { "" }
    };
    MatchView {
        id: Some(listing.id),
        side: listing.side,
        kind: content.kind.clone(),
        title: content.title.clone(),
        text: join(&[&content.summary, body_of(Tier::Public)]),
        member_text: body_of(Tier::Member).to_owned(),
        keywords: content.keywords.clone(),
        attributes: attributes_of_tier(catalog, &content.kind, &content.attributes, Tier::Public),
        member_attributes: attributes_of_tier(catalog, &content.kind, &content.attributes, Tier::Member),
        wishes: content.wishes.clone(),
        region: content.region.clone().or_else(|| party.region.clone()),
        industry: content.industry.clone().or_else(|| party.industry.clone()),
        party: Some(party.id),
        party_name: party.name.clone(),
        verified: party.verified_at.is_some(),
        attachments: doc.attachments,
    }
}

/// A listing made ready for the index.
pub(crate) fn prepare_listing(
    doc: &ListingDoc,
    catalog: &Catalog,
    folding: &Text,
) -> Result<Prepared, serde_json::Error> {
    let (listing, party) = (&doc.listing, &doc.party);
    let content = &listing.content;
    let mut view = match_view(doc, catalog);
    // A wish is named only where its attribute may be read at all.
    view.wishes.retain(|w| view.attributes.contains_key(w) || view.member_attributes.contains_key(w));
    let title = join(&[&content.title, &content.keywords.join("\n")]);
    let text = join(&[
        &title,
        &view.text,
        &party.name,
        &party.aliases.join("\n"),
        &attribute_words(&view.attributes, catalog),
        &place_words(view.region.as_deref(), catalog),
    ]);
    let member = join(&[&view.member_text, &attribute_words(&view.member_attributes, catalog)]);
    let passage = passages::joined(&folded_parts(&view, folding, catalog));
    let price = view.attributes.get(PRICE);
    let card = Card {
        id: listing.id.into(),
        what: What::Listings,
        side: Some(listing.side),
        kind: content.kind.clone(),
        title: content.title.clone(),
        summary: content.summary.chars().take(SUMMARY_CHARS).collect(),
        party: party.id,
        party_name: party.name.clone(),
        verified: view.verified,
        region: view.region.clone(),
        industry: view.industry.clone(),
        state: Some(listing.state),
        maturity: view.attributes.get(MATURITY).and_then(level),
        price: price.map(ToString::to_string),
        published_at: listing.published_at,
        expires_at: listing.expires_at,
        demo: listing.demo,
        version: listing.version,
        listings: 0,
    };
    Ok(Prepared {
        view: serde_json::to_string(&view)?,
        title,
        text,
        member,
        passage: Some(passage),
        names: names(party),
        audience: listing.audience(),
        chain: content.chain.clone(),
        price: price.and_then(|v| yuan(v, catalog)),
        time: listing.published_at.unwrap_or(listing.updated_at).micros(),
        card,
    })
}

/// What is kept as the view of a party: its text, for snippets.
#[derive(Serialize)]
struct PartyText<'a> {
    text: &'a str,
}

/// A party made ready for the index.
pub(crate) fn prepare_party(doc: &PartyDoc, catalog: &Catalog) -> Result<Prepared, serde_json::Error> {
    let party = &doc.party;
    let kind = match party.kind {
        PartyKind::Organization => "organization",
        PartyKind::Person => "person",
    };
    let title = join(&[&party.name, &party.aliases.join("\n"), &party.keywords.join("\n")]);
    let text = join(&[
        &title,
        &party.summary,
        party.uscc.as_ref().map_or("", |u| u.as_str()),
        party.orcid.as_ref().map_or("", |o| o.as_str()),
        &place_words(party.region.as_deref(), catalog),
    ]);
    let card = Card {
        id: party.id.into(),
        what: What::Parties,
        side: None,
        kind: kind.to_owned(),
        title: party.name.clone(),
        summary: party.summary.chars().take(SUMMARY_CHARS).collect(),
        party: party.id,
        party_name: party.name.clone(),
        verified: party.verified_at.is_some(),
        region: party.region.clone(),
        industry: party.industry.clone(),
        state: None,
        maturity: None,
        price: None,
        published_at: None,
        expires_at: None,
        demo: party.demo,
        version: party.version,
        listings: doc.listings,
    };
    Ok(Prepared {
        view: serde_json::to_string(&PartyText { text: &party.summary })?,
        title,
        text,
        member: String::new(),
        passage: None,
        names: names(party),
        audience: Audience::Public,
        chain: Vec::new(),
        price: None,
        time: party.created_at.micros(),
        card,
    })
}

fn names(party: &Party) -> Vec<String> {
    std::iter::once(&party.name).chain(&party.aliases).cloned().collect()
}

fn join(parts: &[&str]) -> String {
    let filled: Vec<&str> = parts.iter().copied().filter(|p| !p.is_empty()).collect();
    filled.join("\n")
}

/// Attributes in the words by which people look for them.
fn attribute_words(attributes: &Attributes, catalog: &Catalog) -> String {
    let mut out = String::new();
    for (id, value) in attributes {
        let property = catalog.properties.get(id);
        if let Some(property) = property {
            out.push_str(&property.name.zh);
            out.push(' ');
        }
        match value {
            Value::Bool(_) => {}
            Value::Text(_) | Value::List(_) => {
                for text in value.texts() {
                    push_choice(&mut out, property, text);
                }
            }
            Value::Number(_) | Value::Interval(_) => out.push_str(&value.to_string()),
        }
        out.push('\n');
    }
    out
}

fn push_choice(out: &mut String, property: Option<&Property>, text: &str) {
    match property.and_then(|p| p.choices.iter().find(|c| c.id == text)) {
        Some(choice) => {
            out.push_str(&choice.name.zh);
            out.push(' ');
            out.push_str(&choice.name.en);
        }
        None => out.push_str(text),
    }
    out.push(' ');
}

/// The names of a region and of those above it.
fn place_words(region: Option<&str>, catalog: &Catalog) -> String {
    let (Some(code), Some(tree)) = (region, catalog.taxonomy("region")) else {
        return String::new();
    };
    let names: Vec<&str> = tree.ancestry(code).iter().map(|n| n.name.zh.as_str()).collect();
    names.join("\n")
}

/// A maturity level: a number, a lower end, or a text that begins or ends with one (`TRL 6`).
fn level(value: &Value) -> Option<u8> {
    let number = match value {
        Value::Number(n) => *n,
        Value::Interval(i) => i.min.or(i.max)?,
        Value::Text(t) => t.trim_matches(|c: char| !c.is_ascii_digit()).parse().ok()?,
        Value::Bool(_) | Value::List(_) => return None,
    };
    (1.0..=9.0).contains(&number).then_some(number as u8)
}

/// The lowest price in yuan.
fn yuan(value: &Value, catalog: &Catalog) -> Option<f64> {
    let own_unit = || catalog.properties.get(PRICE).and_then(|p| p.unit.as_deref()).unwrap_or(YUAN);
    let (number, unit) = match value {
        Value::Number(n) => (*n, own_unit()),
        Value::Interval(Interval { min, max, unit }) => {
            (min.or(*max)?, if unit.is_empty() { own_unit() } else { unit })
        }
        Value::Bool(_) | Value::Text(_) | Value::List(_) => return None,
    };
    catalog.units.convert(number, unit, YUAN)
}

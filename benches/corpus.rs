//! Synthetic parties and listings, the same in every run.

use std::path::{Path, PathBuf};

use keqiao_catalog::{Catalog, Kind, MeetRule, Property, PropertyType};
use keqiao_domain::{
    Attributes, Contact, Interval, Listing, ListingContent, ListingId, ListingState, Party, PartyId, PartyKind, Side,
    Tier, Timestamp, Value,
};
use uuid::Uuid;

use crate::vocabulary::{Vocabulary, demo_files, sentence_of};
use crate::{Done, Rng};

/// Listings of the large corpus.
pub const LISTINGS: usize = 100_000;
/// Parties that they belong to.
pub const PARTIES: usize = 3_000;

/// Words of title and body of a plain listing.
const TITLE_WORDS: usize = 12;
const BODY_WORDS: usize = 80;

/// 2026-01-01T00:00:00Z.
const EPOCH: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// Makes parties and listings by their number.
pub struct Corpus<'a> {
    catalog: &'a Catalog,
    vocabulary: Vocabulary,
    kinds: Vec<&'a Kind>,
    regions: Vec<String>,
    industries: Vec<String>,
    standards: Vec<String>,
}

/// The root of the project.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The demo files of a name's beginning (`needs`, `01-chips`; empty: all), in one text, one record a line.
///
/// # Errors
/// When they cannot be read.
pub fn demo_lines(wanted: impl Fn(&Path) -> bool) -> Done<Vec<String>> {
    let mut lines = Vec::new();
    for file in demo_files(&root().join("demo"))?.into_iter().filter(|file| wanted(file)) {
        lines.extend(std::fs::read_to_string(file)?.lines().map(str::to_owned));
    }
    Ok(lines)
}

/// The texts of the demo needs, as somebody would paste them.
///
/// # Errors
/// When they cannot be read.
pub fn demo_needs() -> Done<Vec<String>> {
    let lines = demo_lines(|file| file.ends_with("needs.jsonl"))?;
    let mut texts = Vec::new();
    for line in lines {
        let record: serde_json::Value = serde_json::from_str(&line)?;
        let part = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
        texts.push([part("title"), part("summary"), part("body")].join("\n"));
    }
    Ok(texts)
}

fn id(kind: u128, number: usize) -> Uuid {
    // As a UUIDv7 has it: the time first, one millisecond for each record.
    let millis = (EPOCH.micros() / 1_000) as u128 + number as u128;
    let random = u128::from(Rng::new(number as u64 ^ ((kind as u64) << 56)).bits());
    Uuid::from_u128((millis << 80) | (7 << 76) | (kind << 64) | (2 << 62) | (random >> 2))
}

/// The id of the listing of a number.
#[must_use]
pub fn listing_id(number: usize) -> ListingId {
    ListingId(id(2, number))
}

/// The published listing of a number.
fn published(number: usize, side: Side, party: usize, content: ListingContent) -> Listing {
    let at = EPOCH.plus_seconds(number as i64 * 60);
    Listing {
        id: listing_id(number),
        side,
        party: PartyId(id(1, party)),
        author: None,
        content,
        state: ListingState::Published,
        version: 1,
        external_id: Some(format!("bench-{number}")),
        demo: true,
        expires_at: Some(at.plus_days(10 * Listing::LIFE_DAYS)),
        published_at: Some(at),
        created_at: at,
        updated_at: at,
    }
}

impl<'a> Corpus<'a> {
    /// A corpus over a catalog and the demo texts.
    ///
    /// # Errors
    /// When the demo texts cannot be read.
    pub fn new(catalog: &'a Catalog) -> Done<Self> {
        let codes = |taxonomy: &str| -> Vec<String> {
            let nodes = catalog.taxonomy(taxonomy).map(|t| t.nodes.as_slice()).unwrap_or_default();
            nodes.iter().filter(|n| n.depth > 0).map(|n| n.code.clone()).collect()
        };
        let standards = catalog.standards.values().map(|standard| match standard.grades.first() {
            Some((grade, _)) => format!("{} {grade}", standard.id),
            None => standard.id.clone(),
        });
        Ok(Self {
            catalog,
            vocabulary: Vocabulary::new(catalog, &root().join("demo"))?,
            kinds: catalog.kinds_in_order(),
            regions: codes("region"),
            industries: codes("industry"),
            standards: standards.collect(),
        })
    }

    /// The organization of a number.
    #[must_use]
    pub fn party(&self, number: usize) -> Party {
        let mut rng = Rng::new(1_000_000_007 + number as u64);
        let name = self.vocabulary.sentence(&mut rng, 6).replace(['，', '。', ' '], "");
        let at = EPOCH.plus_seconds(number as i64);
        Party {
            id: PartyId(id(1, number)),
            kind: PartyKind::Organization,
            name: format!("{name}{number}（示例）有限公司"),
            aliases: Vec::new(),
            uscc: None,
            orcid: None,
            external_id: Some(format!("bench-org-{number}")),
            region: Some(rng.pick(&self.regions).clone()),
            industry: Some(rng.pick(&self.industries).clone()),
            summary: self.vocabulary.sentence(&mut rng, 60),
            website: String::new(),
            keywords: vec![self.vocabulary.word(&mut rng).to_owned()],
            contact: Contact::default(),
            verified_at: rng.chance(0.4).then_some(at),
            demo: true,
            created_by: None,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// The published listing of a number: about 300 characters, and the fields of its kind.
    #[must_use]
    pub fn listing(&self, number: usize) -> Listing {
        let mut rng = Rng::new(number as u64);
        let kind = *rng.pick(&self.kinds);
        let side = *rng.pick(&kind.sides);
        let party = rng.below(PARTIES);
        published(number, side, party, self.content(kind, side, &mut rng))
    }

    /// The published listing of a number with a title of 12 words and a body of 80.
    #[must_use]
    pub fn plain_listing(&self, number: usize) -> Listing {
        let mut rng = Rng::new(number as u64);
        let kind = *rng.pick(&self.kinds);
        let side = *rng.pick(&kind.sides);
        let mut attributes = Attributes::new();
        let properties = kind.fields.iter().filter_map(|field| self.catalog.properties.get(&field.property));
        for property in properties.filter(|p| p.ty != PropertyType::Text && p.ty != PropertyType::Date) {
            if rng.chance(0.3) {
                attributes.insert(property.id.clone(), self.value(property, side, &mut rng));
            }
        }
        let words = self.plain_words(number);
        let content = ListingContent {
            kind: kind.id.clone(),
            title: sentence_of(&words[..TITLE_WORDS]),
            body: sentence_of(&words[TITLE_WORDS..]),
            attributes,
            region: rng.chance(0.7).then(|| rng.pick(&self.regions).clone()),
            industry: rng.chance(0.7).then(|| rng.pick(&self.industries).clone()),
            ..ListingContent::default()
        };
        published(number, side, rng.below(PARTIES), content)
    }

    /// The words of title and body of the plain listing of a number.
    #[must_use]
    pub fn plain_words(&self, number: usize) -> Vec<&str> {
        self.vocabulary.words(&mut Rng::new(0x9e37 ^ (number as u64) << 20), TITLE_WORDS + BODY_WORDS)
    }

    fn content(&self, kind: &Kind, side: Side, rng: &mut Rng) -> ListingContent {
        let words = &self.vocabulary;
        let (mut attributes, mut stated) = (Attributes::new(), String::new());
        let properties = kind.fields.iter().filter_map(|field| self.catalog.properties.get(&field.property));
        for property in properties {
            if rng.chance(0.3) {
                continue;
            }
            let value = self.value(property, side, rng);
            if property.ty == PropertyType::Quantity && rng.chance(0.5) {
                stated.push_str(&format!("{}{value}，", property.name.zh));
            }
            attributes.insert(property.id.clone(), value);
        }
        let keywords = (0..3).map(|_| words.word(rng).to_owned()).collect();
        ListingContent {
            kind: kind.id.clone(),
            title: words.sentence(rng, 16),
            summary: words.sentence(rng, 50),
            body: format!("{}。{stated}", words.sentence(rng, 210)),
            details_tier: if rng.chance(0.2) { Tier::Member } else { Tier::Public },
            annex: String::new(),
            keywords,
            wishes: attributes.keys().filter(|_| rng.chance(0.2)).cloned().collect(),
            attributes,
            region: rng.chance(0.7).then(|| rng.pick(&self.regions).clone()),
            industry: rng.chance(0.7).then(|| rng.pick(&self.industries).clone()),
            chain: Vec::new(),
        }
    }

    fn value(&self, property: &Property, side: Side, rng: &mut Rng) -> Value {
        match property.ty {
            PropertyType::Quantity => Value::Interval(interval(property, side, rng)),
            PropertyType::Number => Value::Number((1 + rng.below(9)) as f64),
            PropertyType::Choice => Value::List(vec![rng.pick(&property.choices).id.clone()]),
            PropertyType::Standard => Value::List(vec![rng.pick(&self.standards).clone()]),
            PropertyType::Bool => Value::Bool(rng.chance(0.5)),
            PropertyType::Date => Value::Text(format!("2026-{:02}-{:02}", 1 + rng.below(12), 1 + rng.below(28))),
            PropertyType::Text => Value::Text(self.vocabulary.sentence(rng, 8)),
        }
    }
}

fn interval(property: &Property, side: Side, rng: &mut Rng) -> Interval {
    let scale = 10f64.powi(rng.below(3) as i32);
    let low = (1 + rng.below(9)) as f64 * scale;
    let unit = property.unit.clone().unwrap_or_default();
    let (min, max) = match (property.meet, side) {
        (MeetRule::AtLeast, Side::Need) => (Some(low), None),
        (MeetRule::AtMost, _) => (None, Some(low)),
        (MeetRule::AtLeast, Side::Offer) => (Some(low), Some(low)),
        _ => (Some(low), Some(low + (1 + rng.below(9)) as f64 * scale)),
    };
    Interval { min, max, unit }
}

/// All that a listing says, in one text.
#[must_use]
pub fn whole_text(content: &ListingContent) -> String {
    [&content.title, &content.summary, &content.body].map(String::as_str).join("\n")
}

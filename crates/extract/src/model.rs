//! What is read from an article, in the shape in which it is handed out.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::layout::Apart;

/// Characters `start..end` of the original as it was decoded, before any cleaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The place behind the last one.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.start, self.end].serialize(serializer)
    }
}

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntityKind {
    /// A person.
    Person,
    /// An organisation or a part of one.
    Organization,
    /// A region or a site.
    Place,
    /// A platform or system that serves others.
    Platform,
    /// A campaign with a name of its own.
    Program,
    /// A signed text.
    Agreement,
    /// A meeting, visit, ceremony.
    Activity,
    /// A published standard.
    Standard,
    /// A document or work with a title.
    Document,
    /// A thing made.
    Product,
}

/// What several mentions of one article name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entity {
    /// Its id within the article, `e1`.
    pub id: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EntityKind,
    /// Its fullest name.
    pub name: String,
    /// Other names that the article has for it.
    pub aliases: Vec<String>,
}

/// What a mention is: an entity of a kind, or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MentionKind {
    /// Names a person.
    Person,
    /// Names an organisation.
    Organization,
    /// Names a place.
    Place,
    /// Names a platform.
    Platform,
    /// Names a document, an agreement or a work.
    Document,
    /// Names a standard.
    Standard,
    /// Names a thing made.
    Product,
    /// Names a meeting, a visit, a ceremony.
    Activity,
    /// A post of a person.
    Post,
    /// A day or a period.
    Date,
    /// An amount of money.
    Money,
    /// A number with a unit.
    Quantity,
}

/// A span of the article that names something.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mention {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MentionKind,
    /// Its words, cleaned.
    pub text: String,
    /// Where it stands in the original.
    pub source_span: Span,
    /// The entity it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The value it stands for: a day as `YYYY-MM-DD`, an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// An argument of a fact: ids of entities, or plain text where no entity is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Argument {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
    /// A declared number, `13家企业`.
    Count(u32),
}

/// Words of the text that a fact was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// `trigger` for the word that says it, `date`, or the name of the argument that the words are.
    pub role: &'static str,
    /// The words, cleaned.
    pub text: String,
    /// Where they stand in the original.
    pub source_span: Span,
}

/// A typed relation between entities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// `holds-position`, `part-of`, `visited`, `met`, `signed`, `founded`, `launched`, `issued`, `joined`, `held`,
    /// `attended`, `cooperates-on`, `offers`, `seeks`, `located-in`, `invests`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its arguments by name.
    pub args: BTreeMap<&'static str, Argument>,
    /// The day, `YYYY-MM-DD`; where none is told, the month or the year, `YYYY-MM` or `YYYY`.
    pub date: Option<String>,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
    /// Where the words stand that say it.
    pub source_span: Span,
    /// The sentence it stands in, cleaned.
    pub sentence: String,
    /// The words that say it, in the order of the text.
    pub evidence: Vec<Evidence>,
}

/// What a part of an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// The headline.
    Title,
    /// The text.
    Body,
    /// The words below a picture.
    Caption,
    /// Who wrote or sent it.
    Byline,
    /// Where it came from.
    Source,
}

/// A part of an article: characters of the original that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: PartKind,
    /// Where it stands.
    pub source_span: Span,
}

/// One news story.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Article {
    /// The name of the file.
    pub source: String,
    /// The headline; empty where the page has none.
    pub title: String,
    /// The day of publication, `YYYY-MM-DD`, where the page says it.
    pub published: Option<String>,
    /// The year that days without a year were taken to be in.
    pub year: Option<i16>,
    /// Whether `year` was inferred from the text.
    pub year_inferred: bool,
    /// The place that `市长` or `省科协` belong to.
    pub place: Option<String>,
    /// Where the story came from, as the page says it.
    pub origin: Option<String>,
    /// Who wrote or sent it.
    pub authors: Vec<String>,
    /// The text: cleaned, simplified, paragraphs whole.
    pub text: String,
    /// The words below its pictures.
    pub captions: Vec<String>,
    /// The parts of the original that it was made from.
    pub parts: Vec<Part>,
    /// What it names.
    pub entities: Vec<Entity>,
    /// Where it names it.
    pub mentions: Vec<Mention>,
    /// What it says.
    pub facts: Vec<Fact>,
}

/// A piece of the page that belongs to no story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leftover {
    /// What it was taken for.
    pub kind: Apart,
    /// Where it stands.
    pub span: Span,
}

/// All that a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The decoded original, which the spans count in.
    pub original: String,
    /// Its encoding.
    pub encoding: &'static str,
    /// How many characters of it could not be decoded.
    pub replaced: usize,
    /// Its stories.
    pub articles: Vec<Article>,
    /// What belongs to no story.
    pub apart: Vec<Leftover>,
}

/// Of a text, one character of so many may be none.
const UNREADABLE: usize = 20;

impl Reading {
    /// Whether nearly all of the file could be decoded: of what is no text in any encoding, much cannot.
    #[must_use]
    pub fn is_text(&self) -> bool {
        let (mut all, mut none) = (0, 0);
        for c in self.original.chars() {
            all += 1;
            none += usize::from(matches!(c, char::REPLACEMENT_CHARACTER | '\0'));
        }
        none * UNREADABLE <= all
    }
}

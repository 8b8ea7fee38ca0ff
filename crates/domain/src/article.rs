//! Articles: news stories, the files they came in, and what was read from them.

use serde::{Deserialize, Serialize};

use crate::access::Audience;
use crate::clock::Timestamp;
use crate::entity::{EntityKind, FactKind, Span};
use crate::id::{AccountId, ArticleId, SourceId};

/// A file as it came: it can hold several articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its id.
    pub id: SourceId,
    /// SHA-256 of its bytes, in hex: the same file is kept once.
    pub digest: String,
    /// The name it came under.
    pub name: String,
    /// The encoding it was decoded from.
    pub encoding: String,
    /// Characters that could not be decoded.
    pub replaced: i64,
    /// The decoded text, which all spans count in; U+0000 stands as U+FFFD.
    pub original: String,
    /// What belongs to no article.
    pub apart: Vec<Leftover>,
    /// Who brought it; `None`: the command line.
    pub created_by: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
}

/// A piece of a file that belongs to no article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// What it was taken for, in the reader's word.
    pub kind: String,
    /// Where it stands.
    pub span: Span,
}

/// Where an article stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArticleState {
    /// Its facts count.
    Live,
    /// Withdrawn by an operator, and its facts with it.
    Withdrawn,
}

/// One news story 报道.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// The file it stands in.
    pub source: SourceId,
    /// Its place among the articles of the file, from 0.
    pub ordinal: i64,
    /// The headline; empty where the page has none.
    pub title: String,
    /// The day of publication, `YYYY-MM-DD`, where the page says it.
    pub published: Option<String>,
    /// The place that `市长` or `省科协` belong to.
    pub place: Option<String>,
    /// Where the story came from, as the page says it.
    pub origin: Option<String>,
    /// Where it stands.
    pub state: ArticleState,
    /// Who may know of it and of its facts while it is live: everyone, members or operators.
    pub readers: Audience,
    /// Who may read its text.
    pub text_readers: Audience,
    /// What was read from it.
    pub reading: Reading,
    /// The version of the reader that read it.
    pub reader_version: i64,
    /// Grows with each change.
    pub version: i64,
    /// Whether it is demo data.
    pub demo: bool,
    /// When it came.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

impl Article {
    /// Who may see it now.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self.state {
            ArticleState::Live => self.readers,
            ArticleState::Withdrawn => Audience::Operator,
        }
    }
}

/// What the reader found in an article, ids local to it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// Who wrote or sent it.
    pub authors: Vec<String>,
    /// The year that days without a year were taken to be in.
    pub year: Option<i16>,
    /// Whether that year was inferred from the text.
    pub year_inferred: bool,
    /// The text: cleaned, simplified, paragraphs whole.
    pub text: String,
    /// The words below its pictures.
    pub captions: Vec<String>,
    /// The parts of the file it was made from.
    pub parts: Vec<Part>,
    /// What it names.
    pub entities: Vec<NamedEntity>,
    /// Where it names it.
    pub mentions: Vec<Mention>,
    /// What it says.
    pub facts: Vec<ReadFact>,
}

/// A part of an article: characters of the file that stand together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// `title`, `body`, `caption`, `byline` or `source`.
    pub kind: String,
    /// Where it stands.
    pub span: Span,
}

/// What several mentions of one article name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedEntity {
    /// Its id within the article, `e1`.
    pub id: String,
    /// What it is.
    pub kind: EntityKind,
    /// Its fullest name.
    pub name: String,
    /// Other names that the article has for it.
    pub aliases: Vec<String>,
}

/// A span of the article that names something 提及.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// What it is, in the reader's word: a kind of entity, `post`, `date`, `money`, `quantity`.
    pub kind: String,
    /// Where it stands.
    pub span: Span,
    /// The entity it names.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entity: Option<String>,
    /// The value it stands for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
}

/// A fact as an article says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadFact {
    /// What sort of fact.
    pub kind: FactKind,
    /// Its arguments in the order of their roles.
    pub args: Vec<ReadArgument>,
    /// The day, `YYYY-MM-DD`.
    pub day: Option<String>,
    /// How sure it is, from 0 to 1.
    pub confidence: f64,
    /// Where the words stand that say it.
    pub span: Span,
    /// The sentence it stands in, cleaned.
    pub sentence: String,
}

/// An argument of a fact: an entity of the article, or a text where it names none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadArgument {
    /// Its role: `person`, `organization`, `parties`, …
    pub role: String,
    /// The entity's id within the article.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entity: Option<String>,
    /// The words: the entity's name, or what stands there.
    pub text: String,
}

//! An article as the API reads it.

use keqiao_app::articles::{ArticleView, Passage, TextRange};
use keqiao_domain::{ArticleId, ArticleState, Audience, Mention, SourceId, Span, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::news::{EntityBody, FactBody};

/// An entity as an article names it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NamedBody {
    /// Its id within the article, to which mentions refer.
    local: String,
    #[serde(flatten)]
    entity: EntityBody,
}

/// A place that names something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MentionBody {
    /// A kind of entity, `post`, `date`, `money` or `quantity`.
    kind: String,
    /// Characters `[start, end)` of the file as it was decoded.
    #[schema(value_type = Vec<u32>)]
    span: Span,
    /// What it names, by its id within the article.
    entity: Option<String>,
    /// The value it stands for.
    value: Option<String>,
}

impl From<Mention> for MentionBody {
    fn from(mention: Mention) -> Self {
        Self { kind: mention.kind, span: mention.span, entity: mention.entity, value: mention.value }
    }
}

/// A part of an article as it stands in the file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PassageBody {
    /// `title`, `body`, `caption`, `byline` or `source`.
    kind: String,
    /// Characters `[start, end)` of the file as it was decoded.
    #[schema(value_type = Vec<u32>)]
    span: Span,
    /// These characters, before any cleaning.
    text: String,
}

impl From<Passage> for PassageBody {
    fn from(passage: Passage) -> Self {
        Self { kind: passage.kind, span: passage.span, text: passage.text }
    }
}

/// An article with what the caller may read of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArticleBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ArticleId,
    /// The file it stands in.
    #[schema(value_type = uuid::Uuid)]
    source: SourceId,
    /// The file's name.
    source_name: String,
    /// Its place among the articles of the file, from 0.
    ordinal: i64,
    /// The headline; empty where the page has none.
    title: String,
    /// The day of publication, `YYYY-MM-DD`.
    published: Option<String>,
    /// The place it is about.
    place: Option<String>,
    /// Where the story came from, as the page says it.
    origin: Option<String>,
    /// Who wrote or sent it.
    authors: Vec<String>,
    /// The year that days without a year were taken to be in.
    year: Option<i16>,
    /// Whether that year was inferred from the text.
    year_inferred: bool,
    /// `live` or `withdrawn`.
    #[schema(value_type = String)]
    state: ArticleState,
    /// Who may know of it: `public`, `member` or `operator`.
    #[schema(value_type = String)]
    readers: Audience,
    /// Who may read its text.
    #[schema(value_type = String)]
    text_readers: Audience,
    /// The character of the file with which this portion of the article begins; 0: its first.
    from: u32,
    /// `from` of the next portion; none: this is the last.
    next: Option<u32>,
    /// What this portion names.
    entities: Vec<NamedBody>,
    /// What this portion says, in the order of the text.
    facts: Vec<FactBody>,
    /// Where this portion names what; empty for whoever may not read its text.
    mentions: Vec<MentionBody>,
    /// Its parts in the order of the file, as far as they stand in this portion; none for whoever may not read its text.
    parts: Option<Vec<PassageBody>>,
    /// Its text: cleaned, simplified, paragraphs whole; none for whoever may not read it, and of an article that has
    /// several portions: `/api/v1/articles/{id}/text` reads that one a range at a time.
    text: Option<String>,
    /// The version of the reader that read it.
    reader_version: i64,
    /// Whether it is demo data.
    demo: bool,
    /// Counts writes, from 1.
    version: i64,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Its page.
    url: String,
}

impl ArticleBody {
    /// How often it was written.
    pub(crate) const fn version(&self) -> i64 {
        self.version
    }
}

impl From<ArticleView> for ArticleBody {
    fn from(view: ArticleView) -> Self {
        let article = view.article;
        let reading = article.reading;
        let named = |(local, entity)| NamedBody { local, entity: EntityBody::from(entity) };
        let text = (view.passages.is_some() && view.portion.of == 1).then_some(reading.text);
        Self {
            url: format!("/articles/{}", article.id),
            id: article.id,
            source: article.source,
            source_name: view.source_name,
            ordinal: article.ordinal,
            title: article.title,
            published: article.published,
            place: article.place,
            origin: article.origin,
            authors: reading.authors,
            year: reading.year,
            year_inferred: reading.year_inferred,
            state: article.state,
            readers: article.readers,
            text_readers: article.text_readers,
            from: view.portion.span.start,
            next: view.portion.next,
            entities: view.entities.into_iter().map(named).collect(),
            facts: view.facts.into_iter().map(FactBody::from).collect(),
            mentions: reading.mentions.into_iter().map(MentionBody::from).collect(),
            parts: view.passages.map(|p| p.into_iter().map(PassageBody::from).collect()),
            text,
            reader_version: article.reader_version,
            demo: article.demo,
            version: article.version,
            created_at: article.created_at,
            updated_at: article.updated_at,
        }
    }
}

/// Characters of an article's text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TextBody {
    /// The characters: cleaned, simplified, paragraphs whole.
    text: String,
    /// The place of the first of them in the text, from 0.
    from: usize,
    /// `from` of what follows; none: the text ends here.
    next: Option<usize>,
    /// How many characters the text has.
    chars: usize,
}

impl From<TextRange> for TextBody {
    fn from(range: TextRange) -> Self {
        Self { text: range.text, from: range.from, next: range.next, chars: range.chars }
    }
}

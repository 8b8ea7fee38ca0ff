//! What the addresses of articles, entities and facts share: bodies, days, and places in a list.

use keqiao_app::articles::ArticleHead;
use keqiao_app::{AppError, Fault};
use keqiao_domain::{Argument, Entity, EntityId, Fact, FactId, FactStatus, Span, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// An entity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: EntityId,
    /// `person`, `organization`, `place`, `platform`, `program`, `agreement`, `activity`, `standard`, `document` or
    /// `product`.
    #[schema(value_type = String)]
    kind: &'static str,
    /// Its fullest name.
    name: String,
    /// What tells it from others of its name; empty where the name does.
    qualifier: String,
    /// Its page.
    url: String,
}

impl From<Entity> for EntityBody {
    fn from(entity: Entity) -> Self {
        Self {
            url: format!("/entities/{}", entity.id),
            id: entity.id,
            kind: entity.kind.as_str(),
            name: entity.name,
            qualifier: entity.qualifier,
        }
    }
}

/// An argument of a fact.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArgumentBody {
    /// Its role: `person`, `organization`, `parties`, …
    role: String,
    /// The entity, where it names one.
    #[schema(value_type = Option<uuid::Uuid>)]
    entity: Option<EntityId>,
    /// The words.
    text: String,
}

impl From<Argument> for ArgumentBody {
    fn from(argument: Argument) -> Self {
        Self { role: argument.role, entity: argument.entity, text: argument.text }
    }
}

/// A fact: a typed relation between entities, as an article says it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: FactId,
    /// The article that says it.
    article: uuid::Uuid,
    /// `holds-position`, `signed`, `visited`, …
    #[schema(value_type = String)]
    kind: &'static str,
    /// Its arguments in the order of their roles.
    args: Vec<ArgumentBody>,
    /// The day, `YYYY-MM-DD`.
    day: Option<String>,
    /// How sure it is, from 0 to 1.
    confidence: f64,
    /// Characters `[start, end)` of the file as it was decoded.
    #[schema(value_type = Vec<u32>)]
    span: Span,
    /// The sentence that says it; a short quotation for whoever may not read the article's text.
    sentence: String,
    /// `read` by the machine, `confirmed` or `corrected` by a person.
    #[schema(value_type = String)]
    status: FactStatus,
    /// Its page.
    url: String,
}

impl From<Fact> for FactBody {
    fn from(fact: Fact) -> Self {
        Self {
            url: format!("/facts/{}", fact.id),
            id: fact.id,
            article: fact.article.0,
            kind: fact.kind.as_str(),
            args: fact.args.into_iter().map(ArgumentBody::from).collect(),
            day: fact.day,
            confidence: fact.confidence,
            span: fact.span,
            sentence: fact.sentence,
            status: fact.status,
        }
    }
}

/// An article in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArticleHeadBody {
    /// Its id.
    id: uuid::Uuid,
    /// The headline; empty where the page has none.
    title: String,
    /// The day of publication, `YYYY-MM-DD`.
    published: Option<String>,
    /// The place it is about.
    place: Option<String>,
    /// Where the story came from, as the page says it.
    origin: Option<String>,
    /// The file's name.
    source_name: String,
    /// Whether an operator withdrew it.
    withdrawn: bool,
    /// Whether it is demo data.
    demo: bool,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Its page.
    url: String,
}

impl From<ArticleHead> for ArticleHeadBody {
    fn from(head: ArticleHead) -> Self {
        Self {
            url: format!("/articles/{}", head.id),
            id: head.id.0,
            title: head.title,
            published: head.published,
            place: head.place,
            origin: head.origin,
            source_name: head.source_name,
            withdrawn: head.withdrawn,
            demo: head.demo,
            updated_at: head.updated_at,
        }
    }
}

/// How many facts of a kind there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindCount {
    /// The kind of fact.
    #[schema(value_type = String)]
    pub(crate) kind: &'static str,
    /// Facts of it.
    pub(crate) facts: i64,
}

/// Facts by kind.
pub(crate) fn counts(kinds: &[(keqiao_domain::FactKind, i64)]) -> Vec<KindCount> {
    kinds.iter().map(|(kind, facts)| KindCount { kind: kind.as_str(), facts: *facts }).collect()
}

/// Kinds by their words; a word that is none is a fault.
pub(crate) fn kinds<K: std::str::FromStr>(words: &[String], faults: &mut Vec<Fault>) -> Vec<K> {
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        match word.parse() {
            Ok(kind) => out.push(kind),
            Err(_) => faults.push(Fault::with("kind", "unknown-type", word.chars().take(100).collect::<String>())),
        }
    }
    out
}

/// A day `YYYY-MM-DD`; what is none is a fault.
pub(crate) fn day(field: &'static str, text: Option<String>, faults: &mut Vec<Fault>) -> Option<String> {
    let text = text.filter(|t| !t.is_empty())?;
    let is_day = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
    if !is_day {
        faults.push(Fault::with(field, "not-a-date", text.chars().take(40).collect::<String>()));
    }
    is_day.then_some(text)
}

/// A place in a list as `after` says it: what the list is sorted by, and the id that breaks ties.
pub(crate) fn place(sorted_by: impl std::fmt::Display, id: impl std::fmt::Display) -> String {
    format!("{sorted_by}~{id}")
}

/// The place that `after` says.
pub(crate) fn place_of<S: std::str::FromStr, I: std::str::FromStr>(
    after: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Option<(S, I)> {
    let text = after.filter(|t| !t.is_empty())?;
    let parts = text.split_once('~').and_then(|(sorted_by, id)| sorted_by.parse().ok().zip(id.parse().ok()));
    if parts.is_none() {
        faults.push(Fault::new("after", "bad-cursor"));
    }
    parts
}

/// A day and id that `after` says; the day is empty where it is unknown.
pub(crate) fn day_place_of<I: std::str::FromStr>(after: Option<&str>, faults: &mut Vec<Fault>) -> Option<(String, I)> {
    let (text, id) = place_of::<String, I>(after, faults)?;
    if text.is_empty() {
        return Some((text, id));
    }
    let before = faults.len();
    let known = day("after", Some(text), faults);
    faults.truncate(before);
    if known.is_none() {
        faults.push(Fault::new("after", "bad-cursor"));
    }
    known.map(|day| (day, id))
}

/// Between which days, and where in the list, as lists by day ask for it.
pub(crate) struct ByDay<I> {
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) after: Option<(String, I)>,
}

impl<I: std::str::FromStr> ByDay<I> {
    /// Reads `from`, `to` and `after`; what means nothing is a fault of its field.
    pub(crate) fn read(from: Option<String>, to: Option<String>, after: Option<&str>, faults: &mut Vec<Fault>) -> Self {
        Self { from: day("from", from, faults), to: day("to", to, faults), after: day_place_of(after, faults) }
    }
}

/// Refuses when anything is wrong.
pub(crate) fn checked(faults: Vec<Fault>) -> Result<(), AppError> {
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_nothing_else_does() {
        let id = FactId(uuid::Uuid::from_u128(7));
        for sorted_by in ["2024-02-29", ""] {
            let mut faults = Vec::new();
            let after = place(sorted_by, id);
            assert_eq!(day_place_of(Some(&after), &mut faults), Some((sorted_by.to_owned(), id)));
            assert!(faults.is_empty());
        }
        for bad in ["x", "~", "2024-02-30~00000000-0000-0000-0000-000000000007", "2024-02-29~7"] {
            let mut faults = Vec::new();
            assert_eq!(day_place_of::<FactId>(Some(bad), &mut faults), None, "{bad}");
            assert_eq!((faults.len(), faults[0].code), (1, "bad-cursor"));
        }
    }

    #[test]
    fn a_day_is_ten_characters_of_the_calendar() {
        for (text, good) in [("2024-02-29", true), ("2023-02-29", false), ("2024-2-9", false), ("20240209", false)] {
            let mut faults = Vec::new();
            assert_eq!(day("from", Some(text.into()), &mut faults).is_some(), good, "{text}");
            assert_eq!(faults.is_empty(), good);
        }
    }
}

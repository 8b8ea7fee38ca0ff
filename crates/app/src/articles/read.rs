//! The reader of articles, and what it finds in the words of the domain.

use std::sync::{Arc, OnceLock};

use keqiao_catalog::Catalog;
use keqiao_domain::{
    EntityKind, FactKind, Leftover, Mention, NamedEntity, Part, ReadArgument, ReadFact, Reading, Span,
};
use keqiao_extract as extract;
use serde::Serialize;

/// The version of what the reader finds; a higher one reads all files again (`keqiao rebuild`).
pub const READER_VERSION: i64 = 5;

/// The reader of articles, made when the first file comes: many installations never bring one.
#[derive(Default)]
pub struct ArticleReader(OnceLock<Arc<extract::Reader>>);

impl ArticleReader {
    pub(crate) fn get(&self, catalog: &Catalog) -> Arc<extract::Reader> {
        self.0.get_or_init(|| Arc::new(extract::Reader::new(catalog))).clone()
    }
}

/// A file as the reader read it.
#[derive(Debug)]
pub(crate) struct ReadFile {
    /// Whether it is a text at all.
    pub(crate) is_text: bool,
    pub(crate) original: String,
    pub(crate) encoding: String,
    pub(crate) replaced: i64,
    pub(crate) apart: Vec<Leftover>,
    pub(crate) articles: Vec<ReadArticle>,
}

/// An article as the reader read it.
#[derive(Debug)]
pub(crate) struct ReadArticle {
    pub(crate) title: String,
    pub(crate) published: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) reading: Reading,
}

/// Reads a file.
pub(crate) fn read_file(reader: &extract::Reader, name: &str, bytes: &[u8], declared: Option<&str>) -> ReadFile {
    let found = reader.read(name, bytes, declared);
    ReadFile {
        is_text: found.is_text(),
        // Neither engine's TEXT holds U+0000; the replacement keeps every place where it is.
        original: found.original.replace('\0', "\u{fffd}"),
        encoding: found.encoding.to_owned(),
        replaced: i64::try_from(found.replaced).unwrap_or(i64::MAX),
        apart: found.apart.iter().map(|l| Leftover { kind: word(&l.kind), span: span(l.span) }).collect(),
        articles: found.articles.into_iter().map(article).collect(),
    }
}

fn span(span: extract::Span) -> Span {
    let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span { start: place(span.start), end: place(span.end) }
}

/// The word that a member of an enumeration is written as.
fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn article(a: extract::Article) -> ReadArticle {
    let facts = a.facts.iter().filter_map(|f| fact(f, &a.entities)).collect();
    let entities = a.entities.iter().filter_map(|e| {
        let kind: EntityKind = word(&e.kind).parse().ok()?;
        Some(NamedEntity { id: e.id.clone(), kind, name: e.name.clone(), aliases: e.aliases.clone() })
    });
    let mention = |m: &extract::Mention| Mention {
        kind: word(&m.kind),
        span: span(m.source_span),
        entity: m.entity.clone(),
        value: m.value.clone(),
    };
    let reading = Reading {
        entities: entities.collect(),
        mentions: a.mentions.iter().map(mention).collect(),
        facts,
        parts: a.parts.iter().map(|p| Part { kind: word(&p.kind), span: span(p.source_span) }).collect(),
        authors: a.authors,
        year: a.year,
        year_inferred: a.year_inferred,
        text: a.text,
        captions: a.captions,
    };
    ReadArticle { title: a.title, published: a.published, place: a.place, origin: a.origin, reading }
}

fn fact(f: &extract::Fact, entities: &[extract::Entity]) -> Option<ReadFact> {
    let kind: FactKind = f.kind.parse().ok()?;
    let mut args = Vec::new();
    for (role, argument) in &f.args {
        let values: Vec<String> = match argument {
            extract::Argument::One(one) => vec![one.clone()],
            extract::Argument::Many(many) => many.clone(),
            extract::Argument::Count(n) => vec![n.to_string()],
        };
        args.extend(values.into_iter().map(|value| match entities.iter().find(|e| e.id == value) {
            Some(entity) => ReadArgument { role: (*role).to_owned(), entity: Some(value), text: entity.name.clone() },
            None => ReadArgument { role: (*role).to_owned(), entity: None, text: value },
        }));
    }
    Some(ReadFact {
        kind,
        args,
        // A month or a year is no day of the timeline.
        day: f.date.clone().filter(|date| date.len() == "YYYY-MM-DD".len()),
        confidence: f64::from(f.confidence),
        span: span(f.source_span),
        sentence: f.sentence.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_kept_in_full() {
        let catalog = keqiao_catalog::builtin().unwrap();
        let reader = ArticleReader::default().get(&catalog);
        let text = "星河材料研究院与澄江电子有限公司签约\n\n2024-03-05 10:00 来源：澄江日报\n\n\
            3月4日，星河材料研究院院长陆远舟与澄江电子有限公司总经理方知行签署碳化硅衬底联合研发协议。\0\n";
        let file = read_file(&reader, "a.txt", text.as_bytes(), None);
        let direct = reader.read("a.txt", text.as_bytes(), None);
        assert_eq!(file.original.chars().count(), text.chars().count());
        assert!(!file.original.contains('\0'));
        let (kept, found) = (&file.articles[0], &direct.articles[0]);
        assert_eq!(kept.reading.facts.len(), found.facts.len());
        assert_eq!(kept.reading.entities.len(), found.entities.len());
        assert_eq!(kept.reading.mentions.len(), found.mentions.len());
        assert!(kept.reading.facts.iter().any(|f| f.kind == FactKind::Signed));
    }
}

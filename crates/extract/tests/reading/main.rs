//! What is read from articles: grammar, whole files against what a reader finds in them, and spans.
#![allow(clippy::unwrap_used)]

mod deals;
mod dirty;
mod gold;
mod grammar;
mod needs;
mod pages;
mod peoples;
mod spans;
mod things;

use std::sync::LazyLock;

use keqiao_extract::{Argument, Article, EntityKind, Fact, Reader};

/// One reader for all tests: it takes a while to make.
pub(crate) static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(&keqiao_catalog::builtin().unwrap()));

/// The only article of a text.
pub(crate) fn article(text: &str) -> Article {
    let mut articles = READER.read("text", text.as_bytes(), None).articles;
    assert_eq!(articles.len(), 1, "{text}");
    articles.remove(0)
}

/// The names that an argument of a fact stands for, the fullest of each.
pub(crate) fn names(article: &Article, fact: &Fact, key: &str) -> Vec<String> {
    let name = |value: &String| {
        let entity = article.entities.iter().find(|e| e.id == *value);
        entity.map_or_else(|| value.clone(), |e| e.name.clone())
    };
    match fact.args.get(key) {
        None => Vec::new(),
        Some(Argument::One(one)) => vec![name(one)],
        Some(Argument::Many(many)) => many.iter().map(name).collect(),
        Some(Argument::Count(n)) => vec![n.to_string()],
    }
}

/// `name: organisation/post` for every post, in the order of the text.
pub(crate) fn posts(sentence: &str) -> Vec<String> {
    let article = article(&format!("某项工作情况通报\n2024-05-06\n{sentence}"));
    let held = article.facts.iter().filter(|f| f.kind == "holds-position");
    held.map(|f| {
        let one = |key| names(&article, f, key).join("、");
        format!("{}: {}/{}", one("person"), one("organization"), one("title"))
    })
    .collect()
}

/// The persons of a sentence.
pub(crate) fn persons(sentence: &str) -> Vec<String> {
    persons_of(&article(&format!("某项工作情况通报\n2024-05-06\n{sentence}")))
}

/// The persons of an article.
pub(crate) fn persons_of(article: &Article) -> Vec<String> {
    let persons = article.entities.iter().filter(|e| e.kind == EntityKind::Person);
    let mut out: Vec<String> = persons.map(|e| e.name.clone()).collect();
    out.sort();
    out
}

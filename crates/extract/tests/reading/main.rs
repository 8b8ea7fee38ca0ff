//! What is read from articles: grammar, whole files against what a reader finds in them, and spans.
#![allow(clippy::unwrap_used)]

mod deals;
mod gold;
mod grammar;
mod needs;
mod pages;
mod peoples;
mod spans;
mod things;

use std::sync::LazyLock;

use keqiao_extract::{Argument, Article, Fact, Reader};

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

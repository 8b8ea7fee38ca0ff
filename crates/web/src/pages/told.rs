//! A fact in a list: the sentence, its day, the words it was read from, and where they stand.

use keqiao_app::articles::ArticleHead;
use keqiao_domain::{EntityId, Fact, FactId, FactKind, FactStatus};

use crate::page::{FactLine, Frame};

/// Drawn by `told.html`.
pub(super) struct Told {
    pub(super) line: FactLine,
    pub(super) kind: FactKind,
    pub(super) status: FactStatus,
    /// Empty: not known.
    pub(super) day: String,
    pub(super) fact: FactId,
    /// The place in the article.
    pub(super) source: String,
    /// The article's headline.
    pub(super) article: String,
    /// When the article was published; empty where the fact has a day of its own, or nobody knows.
    pub(super) published: String,
    pub(super) quote: String,
}

impl Told {
    /// `own`: the entity whose page it is; `quoted`: characters of the quotation.
    pub(super) fn new(f: &Frame, fact: &Fact, articles: &[ArticleHead], own: Option<EntityId>, quoted: usize) -> Self {
        let article = articles.iter().find(|a| a.id == fact.article);
        Self {
            line: own.map_or_else(|| FactLine::new(f, fact), |own| FactLine::about(f, fact, own)),
            kind: fact.kind,
            status: fact.status,
            day: fact.day.clone().unwrap_or_default(),
            fact: fact.id,
            source: format!("/articles/{0}?from={1}#c{1}", fact.article, fact.span.start),
            article: article.map_or_else(String::new, |a| a.title.clone()),
            published: article.filter(|_| fact.day.is_none()).and_then(|a| a.published.clone()).unwrap_or_default(),
            quote: cut(&fact.sentence, quoted),
        }
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end_matches('…')),
        None => text.to_owned(),
    }
}

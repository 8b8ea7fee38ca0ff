//! A fact as a line beside its article: what it says, when, how sure, where.

use keqiao_domain::{Fact, FactKind, FactStatus};

use crate::page::{FactLine, Frame};

/// A fact for `said.html`.
pub(super) struct Said {
    /// What it says, as a sentence.
    pub(super) line: FactLine,
    /// The address of its page.
    pub(super) href: String,
    pub(super) kind: FactKind,
    pub(super) day: Option<String>,
    pub(super) status: FactStatus,
    pub(super) confidence: f64,
    /// The words of the article, shortened.
    pub(super) quote: String,
    /// The place of its first character in the source.
    pub(super) start: u32,
    /// Whether the line itself is what `#c<start>` leads to, in the place of a text that is not shown.
    pub(super) anchored: bool,
}

impl Said {
    pub(super) fn new(f: &Frame, fact: Fact) -> Self {
        Self {
            line: FactLine::new(f, &fact),
            href: format!("/facts/{}", fact.id),
            kind: fact.kind,
            day: fact.day,
            status: fact.status,
            confidence: fact.confidence,
            quote: fact.sentence,
            start: fact.span.start,
            anchored: false,
        }
    }

    /// Whether a person looked at it.
    pub(super) fn is_judged(&self) -> bool {
        self.status != FactStatus::Read
    }
}

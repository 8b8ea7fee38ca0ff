//! A fact as a line: what sort, who and what in which role, when, how sure.

use keqiao_domain::{Argument, EntityId, Fact, FactKind, FactStatus};

use crate::page::Frame;

/// The arguments of one role.
pub(crate) struct Role {
    /// The role's name in the reader's language.
    pub(crate) name: String,
    /// Words and the entity they name.
    pub(crate) words: Vec<(String, Option<EntityId>)>,
}

/// A fact for `facts.html`.
pub(crate) struct FactLine {
    /// The address of its page.
    pub(crate) href: String,
    pub(crate) kind: FactKind,
    pub(crate) roles: Vec<Role>,
    pub(crate) day: Option<String>,
    pub(crate) status: FactStatus,
    pub(crate) confidence: f64,
    pub(crate) sentence: String,
    /// The place of its first character in the source.
    pub(crate) start: u32,
    /// Whether the line itself is what `#c<start>` leads to, in the place of a text that is not shown.
    pub(crate) anchored: bool,
}

impl FactLine {
    pub(crate) fn new(f: &Frame, fact: Fact) -> Self {
        let mut roles: Vec<Role> = Vec::new();
        for Argument { role, entity, text } in fact.args {
            let name = f.role(&role);
            match roles.iter_mut().find(|r| r.name == name) {
                Some(role) => role.words.push((text, entity)),
                None => roles.push(Role { name: name.to_owned(), words: vec![(text, entity)] }),
            }
        }
        Self {
            href: format!("/facts/{}", fact.id),
            kind: fact.kind,
            roles,
            day: fact.day,
            status: fact.status,
            confidence: fact.confidence,
            sentence: fact.sentence,
            start: fact.span.start,
            anchored: false,
        }
    }

    /// Whether a person looked at it.
    pub(crate) fn is_judged(&self) -> bool {
        self.status != FactStatus::Read
    }
}

//! What every page has: the frame around it and the pieces in it.
//!
//! A page is a struct with a field `f: Frame` and a template that extends
//! `layout.html`. Templates ask the frame for words and forms:
//! `{{ f.t("nav-hall") }}`, `{{ f.date(at) }}`, `{{ f.region(code) }}`. Its methods
//! take references, since that is what templates hand over.

mod bar;
mod card;
mod fact;
mod input;
mod mark;
pub(crate) mod net;
mod part;
mod reason;
mod shown;
mod source;

use std::fmt;
use std::sync::Arc;

use askama::Template;
use keqiao_catalog::Catalog;
use keqiao_domain::{ListingState, Viewer, Zone};

pub use crate::token::FormToken;

pub use bar::{Band, IntervalBar, Label};
pub use card::Card;
pub use fact::FactLine;
pub use input::Input;
pub use mark::Marked;
pub use net::{Dot, Line, Net, Row, Rows, Side};
pub use reason::{ReasonRow, tally};
pub use source::{SourceText, SpanMark};

use crate::locale::{Locale, Preferences, Theme, Word};

/// How a message to the reader is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It was done.
    Done,
    /// Something waits for the reader.
    Wait,
    /// It failed.
    Failed,
}

impl Tone {
    /// The class of the styles.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Wait => "wait",
            Self::Failed => "bad",
        }
    }
}

/// A message shown once, above the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// Longest address, bytes, that the links of a page repeat.
const LONGEST_ADDRESS: usize = 2_000;

/// What `layout.html` needs.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The language.
    pub locale: Locale,
    /// The theme; `None`: what the system prefers.
    pub theme: Option<Theme>,
    /// The page's address, path and query.
    pub path: String,
    /// The page's title, without the site's name; empty on the front page.
    pub title: String,
    /// One sentence for search engines; empty: the site's own.
    pub description: String,
    /// Whether search engines are asked to stay away.
    pub noindex: bool,
    /// Who is looking.
    pub viewer: Viewer,
    /// The name of the account; `None`: a visitor.
    pub name: Option<String>,
    /// The token that every form carries.
    pub csrf: FormToken,
    /// Unread notices.
    pub unread: u64,
    /// A message to the reader.
    pub flash: Option<Flash>,
    /// The names of kinds, regions, industries and properties.
    pub catalog: Arc<Catalog>,
    /// The zone of the times that are shown: the installation's.
    pub zone: Zone,
}

impl Frame {
    /// The frame of a visitor's page; the other fields are set where they are known.
    #[must_use]
    pub fn new(preferences: Preferences, path: &str, title: &str, catalog: Arc<Catalog>) -> Self {
        Self {
            locale: preferences.locale,
            theme: preferences.theme,
            path: short_enough(path).to_owned(),
            title: title.to_owned(),
            description: String::new(),
            noindex: false,
            viewer: Viewer::visitor(),
            name: None,
            csrf: FormToken::default(),
            unread: 0,
            flash: None,
            catalog,
            zone: Zone::default(),
        }
    }

    /// A message without arguments.
    #[must_use]
    pub fn t(&self, key: &'static str) -> &'static str {
        self.locale.t(key)
    }
    /// A message with one argument.
    #[must_use]
    pub fn t1(&self, key: &'static str, name: &'static str, value: impl fmt::Display) -> String {
        self.locale.t1(key, name, value)
    }
    /// A message with two arguments.
    #[must_use]
    pub fn t2(
        &self,
        key: &'static str,
        name: &'static str,
        value: impl fmt::Display,
        second: &'static str,
        other: impl fmt::Display,
    ) -> String {
        self.locale.t2(key, name, value, second, other)
    }
    /// A message about a number `n` of things.
    #[must_use]
    pub fn tn(&self, key: &'static str, n: impl fmt::Display) -> String {
        self.locale.tn(key, n)
    }
    /// The name of a value of the shared vocabulary: side, state, verdict, role…
    #[must_use]
    pub fn word(&self, word: impl Word) -> &'static str {
        self.locale.t(word.key())
    }

    /// The address of an asset.
    #[must_use]
    pub fn asset(&self, name: &str) -> &'static str {
        crate::assets::url(name)
    }
    /// Whether the page is this one or one below it.
    #[must_use]
    pub fn is_at(&self, href: &str) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
    /// Whether the page is one of the news: articles and what is read from them.
    #[must_use]
    pub fn is_news(&self) -> bool {
        let parts = ["/articles", "/facts", "/timeline", "/entities", "/graph", "/agreements"];
        parts.iter().any(|part| self.is_at(part))
    }
    /// Whether the page is one of the services around matches.
    #[must_use]
    pub fn is_service(&self) -> bool {
        let parts = ["/services", "/volunteers", "/alliances", "/workstations"];
        parts.iter().any(|part| self.is_at(part))
    }
    /// The address of this page with one parameter set anew. What a cookie
    /// remembers (`lang`, `theme`) is not carried along.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let mut out = format!("{path}?");
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let key = pair.split('=').next().unwrap_or_default();
            if key != name && key != "lang" && key != "theme" {
                out.push_str(pair);
                out.push('&');
            }
        }
        out + name + "=" + value
    }
    /// The theme that the switch leads to.
    #[must_use]
    pub fn next_theme(&self) -> Theme {
        if self.theme == Some(Theme::Dark) { Theme::Light } else { Theme::Dark }
    }

    /// The class of a state's tag: a state that waits for somebody stands out.
    #[must_use]
    pub const fn state_class(&self, state: &ListingState) -> &'static str {
        match state {
            ListingState::InReview | ListingState::Expired => "wait",
            ListingState::Draft | ListingState::Published | ListingState::Closed => "",
        }
    }
}

/// An address that links may repeat: of a very long one the part before its query.
fn short_enough(path: &str) -> &str {
    if path.len() <= LONGEST_ADDRESS { path } else { path.split('?').next().unwrap_or_default() }
}

/// A page that says what went wrong, what was kept and what to do.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame; its title says in a few words what happened.
    pub f: Frame,
    /// The HTTP status.
    pub status: u16,
    /// What happened.
    pub what: String,
    /// What was kept; empty: there was nothing to keep.
    pub kept: String,
    /// What the reader can do; empty: nothing but to go on elsewhere.
    pub next: String,
    /// Where the reader came from; empty: not known.
    pub back: String,
    /// The request's id, for the operator's log.
    pub request_id: String,
}

#[cfg(test)]
mod tests;

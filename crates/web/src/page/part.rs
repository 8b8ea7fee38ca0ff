//! Pieces of pages that are templates of their own: compiled once, not once into every page that has them.

use askama::Template;
use askama::filters::HtmlSafe;

use super::{Frame, Input};

/// The head of every page, up to its own styles.
#[derive(Debug, Template)]
#[template(path = "layout_head.html")]
pub struct Head<'a> {
    f: &'a Frame,
}

/// What stands above every page: the way to its content, the bar, a message.
#[derive(Debug, Template)]
#[template(path = "layout_top.html")]
pub struct Top<'a> {
    f: &'a Frame,
}

/// What stands below every page.
#[derive(Debug, Template)]
#[template(path = "layout_foot.html")]
pub struct Foot<'a> {
    f: &'a Frame,
}

/// A labelled line of a form with hint and error.
#[derive(Debug, Template)]
#[template(path = "input.html")]
pub struct Field<'a> {
    f: &'a Frame,
    i: &'a Input,
}

// Their templates have escaped what they hold.
impl HtmlSafe for Head<'_> {}
impl HtmlSafe for Top<'_> {}
impl HtmlSafe for Foot<'_> {}
impl HtmlSafe for Field<'_> {}

impl Frame {
    /// The head of the page, up to its own styles.
    #[must_use]
    pub const fn head(&self) -> Head<'_> {
        Head { f: self }
    }
    /// What stands above the page.
    #[must_use]
    pub const fn top(&self) -> Top<'_> {
        Top { f: self }
    }
    /// What stands below the page.
    #[must_use]
    pub const fn foot(&self) -> Foot<'_> {
        Foot { f: self }
    }
    /// A labelled line of a form.
    #[must_use]
    pub const fn input<'a>(&'a self, i: &'a Input) -> Field<'a> {
        Field { f: self, i }
    }
}

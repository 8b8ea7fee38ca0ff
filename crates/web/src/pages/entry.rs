//! A page with one short form: signing in and up, a forgotten password.

use askama::Template;

use super::form::in_address;
use crate::page::{Frame, Input};

/// A page with one short form; without inputs only its words are shown.
#[derive(Template)]
#[template(path = "entry.html")]
pub(super) struct Entry {
    pub(super) f: Frame,
    /// A line of help below the title; may be empty.
    pub(super) lede: String,
    /// Why it did not work; may be empty.
    pub(super) problem: String,
    pub(super) action: String,
    /// Where to go afterwards; empty: the usual place.
    pub(super) next: String,
    pub(super) inputs: Vec<Input>,
    pub(super) button: &'static str,
    pub(super) links: Vec<(String, &'static str)>,
}

impl Entry {
    /// An empty page with a title.
    pub(super) fn new(f: Frame, action: &str) -> Self {
        Self {
            f: Frame { noindex: true, ..f },
            lede: String::new(),
            problem: String::new(),
            action: action.to_owned(),
            next: String::new(),
            inputs: Vec::new(),
            button: "",
            links: Vec::new(),
        }
    }
}

/// An address that carries on where to go afterwards.
pub(super) fn carry(path: &str, next: &str) -> String {
    if next.is_empty() { path.to_owned() } else { format!("{path}?next={}", in_address(next)) }
}

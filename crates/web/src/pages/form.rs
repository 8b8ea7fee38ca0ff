//! What forms share: faults beside their fields, and where to go afterwards.

use axum::http::StatusCode;
use axum::response::Response;
use keqiao_app::Fault;

use super::draw;
use crate::fault::{fault_text, named_fault};
use crate::locale::Locale;
use crate::page::{Frame, Input};

/// What is wrong with a form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// What is wrong with a field, in words; empty: nothing.
    pub(crate) fn of(&self, frame: &Frame, field: &str) -> String {
        let texts: Vec<_> = self.0.iter().filter(|f| f.field == field).map(|f| fault_text(frame, f)).collect();
        texts.join(between(frame))
    }

    /// An input with what is wrong with its field.
    pub(crate) fn beside(&self, frame: &Frame, input: Input) -> Input {
        Input { error: self.of(frame, input.name), ..input }
    }

    /// What is wrong with none of these fields, so that no fault is lost where a form has no place for it.
    pub(crate) fn beyond(&self, frame: &Frame, fields: &[&str]) -> String {
        let others = self.0.iter().filter(|f| !fields.contains(&f.field.as_str()));
        let texts: Vec<_> = others.map(|f| named_fault(frame, f)).collect();
        texts.join(between(frame))
    }
}

/// What stands between two faults.
const fn between(frame: &Frame) -> &'static str {
    match frame.locale {
        Locale::Zh => "；",
        Locale::En => "; ",
    }
}

/// A form drawn again, with what was typed and what is wrong with it.
pub(crate) fn again(page: &impl askama::Template) -> Response {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// A page with a status of its own.
pub(crate) fn with_status(status: StatusCode, page: &impl askama::Template) -> Response {
    let mut response = draw(page);
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// An address of this site, or else the other one: a link must not lead a
/// reader who signs in to somebody else's site.
pub(crate) fn local_or<'a>(next: &'a str, otherwise: &'a str) -> &'a str {
    let local = next.starts_with('/')
        && !next[1..].starts_with(['/', '\\'])
        && next.chars().all(|c| c.is_ascii_graphic())
        && next.len() <= 2_000;
    if local { next } else { otherwise }
}

/// A text as a value in an address.
pub(crate) fn in_address(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::local_or;

    #[test]
    fn only_addresses_of_this_site_are_followed() {
        for good in ["/", "/desk", "/listings/1?a=%E4%B8%AD#x"] {
            assert_eq!(local_or(good, "/else"), good);
        }
        for bad in
            ["", "desk", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/\t/evil.example"]
        {
            assert_eq!(local_or(bad, "/else"), "/else", "{bad:?}");
        }
    }
}

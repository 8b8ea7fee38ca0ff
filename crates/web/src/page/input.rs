//! A labelled line of a form.

use std::fmt::Write;

use super::Marked;

/// A text field with label, hint and error; drawn by `input` of `macros.html`.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Name and id; a word of ours, never a reader's text.
    pub name: &'static str,
    /// `text`, `email`, `password`, `url`, `tel`, `number`, `date`.
    pub ty: &'static str,
    /// The label.
    pub label: String,
    /// What it holds.
    pub value: String,
    /// A line of help; empty: none.
    pub hint: String,
    /// What is wrong with the value; empty: nothing.
    pub error: String,
    /// Whether it must be filled.
    pub required: bool,
    /// Lines of a text area; 0: a single line.
    pub rows: u8,
    /// The longest text, in characters; 0: no bound.
    pub longest: usize,
    /// What the browser may fill in (`email`, `new-password`); empty: its own guess.
    pub autocomplete: &'static str,
}

impl Input {
    /// A required single line.
    #[must_use]
    pub fn new(name: &'static str, ty: &'static str, label: &str, value: &str) -> Self {
        Self { name, ty, label: label.to_owned(), value: value.to_owned(), required: true, ..Self::default() }
    }

    /// The attributes that follow from the fields, each with a space before it.
    #[must_use]
    pub fn attributes(&self) -> Attributes {
        let mut out = String::new();
        let mut add = |name: &str, value: &str| {
            // Writing into a String cannot fail.
            let _ = write!(out, " {name}=\"{}\"", Marked::from(value));
        };
        if self.required {
            add("required", "");
        }
        if self.longest > 0 {
            add("maxlength", &self.longest.to_string());
        }
        if !self.autocomplete.is_empty() {
            add("autocomplete", self.autocomplete);
        }
        let hint = if self.hint.is_empty() { "" } else { "-hint" };
        let error = if self.error.is_empty() { "" } else { "-error" };
        let described: Vec<_> = [hint, error]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| format!("{}{part}", self.name))
            .collect();
        if !described.is_empty() {
            add("aria-describedby", &described.join(" "));
        }
        if !self.error.is_empty() {
            add("aria-invalid", "true");
        }
        Attributes(out)
    }
}

/// Attributes of an element, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes(String);

impl std::fmt::Display for Attributes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every value was escaped where the attribute was added.
impl askama::filters::HtmlSafe for Attributes {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_tied_to_its_field() {
        let mut input = Input::new("email", "email", "邮箱", "a@b");
        assert_eq!(input.attributes().to_string(), " required=\"\"");
        input.error = "not an address".into();
        input.hint = "we write once a day".into();
        input.required = false;
        assert_eq!(
            input.attributes().to_string(),
            " aria-describedby=\"email-hint email-error\" aria-invalid=\"true\""
        );
    }
}

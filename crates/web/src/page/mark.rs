//! Text with highlighted spans.

use std::fmt::{self, Write};
use std::ops::Range;

use askama::filters::HtmlSafe;

/// A text, escaped, with `<mark>` around some of its characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    html: String,
}

impl Marked {
    /// The text with marks around ranges of characters (code points). Ranges may
    /// overlap, stand in any order and reach beyond the end.
    #[must_use]
    pub fn new(text: &str, ranges: &[Range<usize>]) -> Self {
        let mut ranges: Vec<_> = ranges.iter().filter(|r| r.start < r.end).cloned().collect();
        ranges.sort_by_key(|r| r.start);
        let mut html = String::with_capacity(text.len() + ranges.len() * 13);
        let mut next = ranges.into_iter().peekable();
        let mut until = None;
        for (place, c) in text.chars().enumerate() {
            if until.is_some_and(|end| end <= place) {
                until = None;
                // A mark that begins where this one ends goes on in the same element.
                if next.peek().is_none_or(|r| r.start != place) {
                    html.push_str("</mark>");
                } else {
                    until = Some(place);
                }
            }
            while let Some(range) = next.next_if(|r| r.start <= place) {
                if range.end <= place {
                    continue;
                }
                if until.is_none() {
                    html.push_str("<mark>");
                }
                until = Some(until.map_or(range.end, |end| range.end.max(end)));
            }
            push_escaped(&mut html, c);
        }
        if until.is_some() {
            html.push_str("</mark>");
        }
        Self { html }
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.html.is_empty()
    }
}

impl From<&str> for Marked {
    fn from(text: &str) -> Self {
        Self::new(text, &[])
    }
}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.html)
    }
}

/// Every character of the text was escaped above.
impl HtmlSafe for Marked {}

pub(super) fn push_escaped(html: &mut String, c: char) {
    match c {
        '<' | '>' | '&' | '"' | '\'' => {
            // Writing into a String cannot fail.
            let _ = write!(html, "&#{};", c as u32);
        }
        _ => html.push(c),
    }
}

#[cfg(test)]
// A list of one range is what is meant.
#[allow(clippy::single_range_in_vec_init)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_around_characters_and_not_bytes() {
        let text = "碳化硅<功率>模块";
        let marked = |ranges: &[Range<usize>]| Marked::new(text, ranges).to_string();
        assert_eq!(marked(&[0..3]), "<mark>碳化硅</mark>&#60;功率&#62;模块");
        assert_eq!(marked(&[4..6, 0..2, 1..3]), "<mark>碳化硅</mark>&#60;<mark>功率</mark>&#62;模块");
        assert_eq!(marked(&[7..99]), "碳化硅&#60;功率&#62;<mark>模块</mark>");
        assert_eq!(marked(&[0..1, 1..2]), "<mark>碳化</mark>硅&#60;功率&#62;模块");
        assert_eq!(marked(&[]), "碳化硅&#60;功率&#62;模块");
    }
}

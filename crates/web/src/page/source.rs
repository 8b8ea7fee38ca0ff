//! Characters of a source file with the spans in them that name or say something.

use std::cmp::Reverse;
use std::fmt::{self, Write};

use askama::filters::HtmlSafe;
use keqiao_domain::Span;

use super::Marked;
use super::mark::push_escaped;

/// What a span of the source stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpanMark {
    /// Facts, by their numbers in the list beside.
    Facts(Vec<usize>),
    /// Something named: the class of its kind, what to call it, and where it leads; empty: nowhere.
    Mention {
        /// The word of its kind.
        kind: String,
        /// The kind in the reader's language, and what it stands for.
        title: String,
        /// The address of its page.
        href: String,
    },
}

/// A passage of the source, escaped, with an element around each of its spans. Elements nest; of spans that cross,
/// one is closed and opened anew. The first fact that begins at a place is the anchor `c<place>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceText {
    html: String,
}

impl SourceText {
    /// The passage of a span of the source; of its characters those that are read, each with its place.
    #[must_use]
    pub fn new(read: &[(u32, char)], span: Span, marks: &[(Span, SpanMark)]) -> Self {
        let Span { start, end } = span;
        let clipped = |(span, mark): &(Span, SpanMark)| {
            let within = Span { start: span.start.max(start), end: span.end.min(end) };
            // A fact whose beginning stands in another passage has its anchor there.
            (!within.is_empty()).then(|| Around {
                span: within,
                mark: mark.clone(),
                begins: within.start == span.start,
            })
        };
        let mut marks: Vec<Around> = marks.iter().filter_map(clipped).collect();
        marks.sort_by_key(|m| (m.span.start, Reverse(m.span.end), matches!(m.mark, SpanMark::Mention { .. })));
        let mut writer = Writer { html: String::with_capacity(read.len() * 6), open: Vec::new(), anchor: None };
        let mut next = marks.iter().peekable();
        for &(place, c) in read {
            writer.close_until(place);
            while let Some(mark) = next.next_if(|m| m.span.start <= place) {
                // What holds nothing that is read is left out.
                if mark.span.end > place {
                    writer.begin(mark, mark.begins);
                }
            }
            push_escaped(&mut writer.html, c);
        }
        writer.close_until(u32::MAX);
        Self { html: writer.html }
    }
}

struct Around {
    span: Span,
    mark: SpanMark,
    begins: bool,
}

struct Writer<'a> {
    html: String,
    open: Vec<(&'a Around, &'static str)>,
    anchor: Option<u32>,
}

impl<'a> Writer<'a> {
    fn begin(&mut self, mark: &'a Around, first: bool) {
        // Writing into a String cannot fail.
        let _ = match &mark.mark {
            SpanMark::Facts(numbers) => {
                if first && self.anchor != Some(mark.span.start) {
                    self.anchor = Some(mark.span.start);
                    let _ = write!(self.html, "<span class=\"says\" id=\"c{}\"", mark.span.start);
                } else {
                    self.html.push_str("<span class=\"says\"");
                }
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                write!(self.html, " data-facts=\"{}\">", numbers.join(" "))
            }
            SpanMark::Mention { kind, title, href } => {
                let (kind, title) = (Marked::from(kind.as_str()), Marked::from(title.as_str()));
                // A link within a link would be none.
                if href.is_empty() || self.open.iter().any(|(_, tag)| *tag == "a") {
                    write!(self.html, "<span class=\"names {kind}\" title=\"{title}\">")
                } else {
                    let href = Marked::from(href.as_str());
                    self.open.push((mark, "a"));
                    let _ = write!(self.html, "<a class=\"names {kind}\" title=\"{title}\" href=\"{href}\">");
                    return;
                }
            }
        };
        self.open.push((mark, "span"));
    }

    /// Closes what ends at or before a place, and with it for a moment what stands within.
    fn close_until(&mut self, place: u32) {
        let Some(first) = self.open.iter().position(|(m, _)| m.span.end <= place) else { return };
        let within = self.open.split_off(first);
        for (_, tag) in within.iter().rev() {
            let _ = write!(self.html, "</{tag}>");
        }
        for (mark, _) in within {
            if mark.span.end > place {
                self.begin(mark, false);
            }
        }
    }
}

impl fmt::Display for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.html)
    }
}

/// Every character of text and attributes was escaped above.
impl HtmlSafe for SourceText {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(start: u32, end: u32, number: usize) -> (Span, SpanMark) {
        (Span { start, end }, SpanMark::Facts(vec![number]))
    }
    fn named(start: u32, end: u32, href: &str) -> (Span, SpanMark) {
        let mark = SpanMark::Mention { kind: "person".into(), title: "a\"b".into(), href: href.into() };
        (Span { start, end }, mark)
    }

    fn text(text: &str, start: u32, marks: &[(Span, SpanMark)]) -> SourceText {
        let read: Vec<(u32, char)> = (start..).zip(text.chars()).collect();
        let end = start + u32::try_from(read.len()).unwrap();
        SourceText::new(&read, Span { start, end }, marks)
    }

    #[test]
    fn spans_nest_and_crossing_ones_are_parted() {
        let html = text("0123<5", 10, &[fact(10, 14, 1), fact(12, 16, 2)]).to_string();
        assert_eq!(
            html,
            "<span class=\"says\" id=\"c10\" data-facts=\"1\">01<span class=\"says\" id=\"c12\" data-facts=\"2\">23\
             </span></span><span class=\"says\" data-facts=\"2\">&#60;5</span>"
        );
    }

    #[test]
    fn no_link_stands_in_a_link_and_each_anchor_once() {
        let marks = [named(0, 4, "/e/1"), named(1, 2, "/e/2"), fact(0, 3, 1), fact(0, 2, 2)];
        let html = text("abcd", 0, &marks).to_string();
        assert_eq!(html.matches("<a ").count(), 1, "{html}");
        assert_eq!(html.matches("id=\"c0\"").count(), 1, "{html}");
        assert!(html.contains("title=\"a&#34;b\""), "{html}");
        assert_eq!(html.matches("<span").count(), html.matches("</span>").count(), "{html}");
    }

    #[test]
    fn what_reaches_beyond_the_passage_is_cut() {
        let html = text("ab", 5, &[fact(0, 6, 1), fact(6, 90, 2), fact(90, 95, 3)]).to_string();
        assert_eq!(
            html,
            "<span class=\"says\" data-facts=\"1\">a</span><span class=\"says\" id=\"c6\" data-facts=\"2\">b</span>"
        );
    }

    #[test]
    fn characters_that_are_not_read_move_no_span() {
        let read = [(10, '甲'), (20, '乙')];
        let html =
            SourceText::new(&read, Span { start: 8, end: 25 }, &[fact(9, 12, 1), fact(12, 15, 2), fact(18, 21, 3)]);
        assert_eq!(
            html.to_string(),
            "<span class=\"says\" id=\"c9\" data-facts=\"1\">甲</span>\
             <span class=\"says\" id=\"c18\" data-facts=\"3\">乙</span>"
        );
    }
}

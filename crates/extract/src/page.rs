//! Bytes → one page of characters, each of which knows where it stands in the decoded original.

use std::ops::Range;

use keqiao_text::{Mapped, clean, simplify};

use crate::html;
use crate::unwrap::unwrap;

/// What the mark-up says of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Hint {
    /// Nothing: a line of a plain text, which a column end may have cut.
    #[default]
    Plain,
    /// A whole paragraph.
    Block,
    /// A headline.
    Heading,
    /// The words below a picture.
    Caption,
    /// Navigation, footer, a list of links.
    Apart,
}

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its characters.
    pub(crate) chars: Range<usize>,
    /// How many line ends of the original stand before it since the last line.
    pub(crate) breaks_before: usize,
    /// What the mark-up says.
    pub(crate) hint: Hint,
}

/// A page: cleaned, simplified, in half width.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its characters.
    pub(crate) chars: Vec<char>,
    /// Where each stands in the decoded original; one more entry at the end.
    pub(crate) origin: Mapped,
    /// Its lines that hold anything.
    pub(crate) lines: Vec<Line>,
    /// The line that the mark-up calls the title of the page.
    pub(crate) title: Option<Range<usize>>,
    /// The date of publication that the mark-up declares.
    pub(crate) declared_date: Option<String>,
}

impl Page {
    /// Reads a decoded original.
    pub(crate) fn read(original: &str) -> Self {
        let html = html::looks_like(original).then(|| html::read(original));
        let source = html.as_ref().map_or(original, |h| &h.text.text);
        let cleaned = match unwrap(source, html.as_ref()) {
            Some(whole) => clean(&whole.text).after(&whole),
            None => clean(source),
        };
        let mut chars = fold(&cleaned.text);
        if html.is_none() && is_markdown(&cleaned.text) {
            chars.iter_mut().filter(|c| matches!(c, '*' | '`')).for_each(|c| *c = ' ');
        }
        let lines = lines(&chars, &cleaned, source, html.as_ref());
        let title = html.as_ref().and_then(|h| {
            let within = |l: &&Line| h.title.contains(&(cleaned.origin[l.chars.start] as usize));
            lines.iter().find(within).map(|l| l.chars.clone())
        });
        let declared_date = html.as_ref().and_then(|h| h.published.clone());
        let origin = match &html {
            Some(h) => cleaned.after(&h.text),
            None => cleaned,
        };
        Self { chars, origin, lines, title, declared_date }
    }

    /// The characters of the original from which `range` of the page was made.
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
        self.origin.span(range.start, range.end)
    }
}

/// Simplified characters in half width, one for each character of the text.
pub(crate) fn fold(cleaned: &str) -> Vec<char> {
    simplify(cleaned).text.chars().map(narrow).collect()
}

/// A Han character.
pub(crate) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// One sign for those that differ in width or shape only; `。、《》“”` stay.
const fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(c as u32 - 0xfee0) {
            Some(half) => half,
            None => c,
        },
        '\u{3000}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\t' => ' ',
        '「' | '『' => '“',
        '」' | '』' => '”',
        '﹑' | '､' => '、',
        '•' | '・' | '‧' | '∙' => '·',
        '〈' => '《',
        '〉' => '》',
        '–' | '―' | '─' => '—',
        '丨' | '│' | '┃' => '|',
        _ => c,
    }
}

fn lines(chars: &[char], cleaned: &Mapped, source: &str, html: Option<&html::HtmlText>) -> Vec<Line> {
    let ends: Vec<usize> = source.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(i, _)| i).collect();
    let mut out: Vec<Line> = Vec::new();
    let mut start = 0;
    let mut last_end = 0;
    for end in (0..=chars.len()).filter(|&i| chars.get(i).is_none_or(|c| *c == '\n')) {
        let mut range = start..end;
        start = end + 1;
        while range.start < range.end && chars[range.start] == ' ' {
            range.start += 1;
        }
        if range.is_empty() {
            continue;
        }
        let at = cleaned.origin[range.start] as usize;
        let breaks_before = ends.partition_point(|&e| e < at) - ends.partition_point(|&e| e < last_end);
        last_end = cleaned.origin[range.end - 1] as usize;
        let hint = match html {
            Some(html) => html.hint(at),
            None => markdown_hint(chars, &mut range),
        };
        if !range.is_empty() {
            out.push(Line { chars: range, breaks_before, hint });
        }
    }
    out
}

/// Takes the marks of Markdown off a line of a plain text.
fn markdown_hint(chars: &[char], range: &mut Range<usize>) -> Hint {
    let line = &chars[range.clone()];
    let marks = line.iter().take_while(|c| **c == '#').count();
    if (1..=4).contains(&marks) && line.get(marks) == Some(&' ') {
        range.start += marks + 1;
        return Hint::Heading;
    }
    Hint::Plain
}

/// Whether a plain text has headings as Markdown has them.
fn is_markdown(text: &str) -> bool {
    text.lines().any(|l| l.starts_with("# ") || l.starts_with("## "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(original: &str) -> Page {
        Page::read(original)
    }

    fn shown(page: &Page) -> Vec<String> {
        page.lines.iter().map(|l| page.chars[l.chars.clone()].iter().collect()).collect()
    }

    #[test]
    fn every_line_leads_back_to_the_original() {
        let original = "標題（甲）\r\n\r\n\n　學(xué)習，ＡＢＣ「好」\n";
        let page = page(original);
        assert_eq!(shown(&page), ["标题(甲)", "学习,ABC“好”"]);
        assert_eq!(page.lines[1].breaks_before, 3);
        let chars: Vec<char> = original.chars().collect();
        let span = page.original(page.lines[1].chars.start..page.lines[1].chars.start + 2);
        assert_eq!(chars[span].iter().collect::<String>(), "學(xué)習");
    }

    #[test]
    fn headings_of_markdown_lose_their_marks() {
        let page = page("## 标题\n**小标题**\n#话题\n");
        assert_eq!(shown(&page), ["标题", "小标题  ", "#话题"]);
        assert_eq!(page.lines[0].hint, Hint::Heading);
        assert_eq!(page.lines[2].hint, Hint::Plain);
    }
}

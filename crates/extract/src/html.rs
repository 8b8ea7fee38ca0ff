//! HTML → text with the way back and what each line was taken from.
//!
//! A parser of its own, because a source span needs the place of every character in the
//! file, which the well-known parsers do not keep. It never fails: what is no tag is text.

use std::ops::Range;

use keqiao_text::Mapped;

use crate::page::Hint;

mod characters;

use characters::character;

/// The text of an HTML page.
#[derive(Debug, Default)]
pub(crate) struct HtmlText {
    /// The text, one block a line.
    pub(crate) text: Mapped,
    /// A date of publication from a meta element.
    pub(crate) published: Option<String>,
    /// Where the title of the page stands in the text.
    pub(crate) title: Range<usize>,
    /// First character and hint of each block.
    blocks: Vec<Block>,
    /// Line ends that one `<br>` made, and whether the line behind is set to the right.
    soft: Vec<(usize, bool)>,
}

#[derive(Debug, Default, Clone)]
struct Block {
    start: usize,
    hint: Hint,
    letters: usize,
    linked: usize,
}

impl HtmlText {
    /// What is known of the block that the `at`-th character of the text stands in.
    pub(crate) fn hint(&self, at: usize) -> Hint {
        let i = self.blocks.partition_point(|b| b.start <= at);
        let Some(block) = i.checked_sub(1).map(|i| &self.blocks[i]) else { return Hint::Block };
        let links = block.linked * 2 > block.letters;
        if links && block.hint == Hint::Block { Hint::Apart } else { block.hint }
    }

    /// Whether one `<br>` made the line end at a place, and whether the line behind it is set to the right.
    pub(crate) fn soft(&self, at: usize) -> Option<bool> {
        self.soft.binary_search_by_key(&at, |(end, _)| *end).ok().map(|i| self.soft[i].1)
    }
}

/// Whether a decoded file is HTML.
#[must_use]
pub fn looks_like(original: &str) -> bool {
    let head: String = original.chars().take(2000).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<body", "<div", "<p>", "<p "].iter().any(|mark| head.contains(mark))
}

const SKIPPED: [&str; 8] = ["script", "style", "noscript", "template", "svg", "select", "iframe", "textarea"];
const BLOCKS: [&str; 26] = [
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "header",
    "footer",
    "nav",
    "aside",
    "blockquote",
    "figure",
    "figcaption",
    "title",
];
const APART: [&str; 4] = ["nav", "footer", "aside", "title"];
/// Open elements that are remembered; what is nested deeper is taken as it comes.
const DEEPEST: usize = 256;

/// The longest tag, and the longest where a page is full of signs that begin none.
const TAG: usize = 4000;
const SHORT_TAG: usize = 64;
/// A page is full of them when they cost so many looks for each of its characters.
const VAIN: usize = 8;

/// What stands between two letters.
#[derive(Default)]
struct Gap {
    line_end: usize,
    breaks: usize,
    block: bool,
    space: bool,
}

struct Parser<'a> {
    source: &'a [char],
    text: String,
    origin: Vec<u32>,
    length: usize,
    out: HtmlText,
    open: Vec<String>,
    apart: usize,
    linked: usize,
    heading: usize,
    caption: usize,
    /// What stands between the last letter and the next one.
    gap: Gap,
    /// Characters looked through for the ends of tags that had none.
    vain: usize,
}

/// The text of an HTML page with the way back to its characters.
#[must_use]
pub fn main_text(html: &str) -> Mapped {
    read(html).text
}

/// Reads a page.
pub(crate) fn read(original: &str) -> HtmlText {
    let source: Vec<char> = original.chars().collect();
    let mut parser = Parser::new(&source);
    parser.run();
    parser.origin.push(u32::try_from(source.len()).unwrap_or(u32::MAX));
    parser.out.text = Mapped { text: parser.text, origin: parser.origin };
    parser.out
}

impl<'a> Parser<'a> {
    fn new(source: &'a [char]) -> Self {
        Self {
            source,
            text: String::new(),
            origin: Vec::new(),
            length: 0,
            out: HtmlText::default(),
            open: Vec::new(),
            apart: 0,
            linked: 0,
            heading: 0,
            caption: 0,
            gap: Gap::default(),
            vain: 0,
        }
    }

    fn run(&mut self) {
        let mut i = 0;
        self.begin_block(0);
        while i < self.source.len() {
            i = match self.source[i] {
                '<' => self.tag(i),
                '&' => self.entity(i),
                c => {
                    self.push(if c == '\n' || c == '\r' { ' ' } else { c }, i);
                    i + 1
                }
            };
        }
    }

    fn push(&mut self, c: char, from: usize) {
        if c == ' ' && self.text.ends_with([' ', '\n']) {
            return;
        }
        match c {
            '\n' => self.gap.line_end = self.length,
            c if !c.is_whitespace() => {
                let gap = std::mem::take(&mut self.gap);
                if gap.breaks == 1 && !gap.block {
                    self.out.soft.push((gap.line_end, gap.space));
                }
            }
            _ => {}
        }
        self.text.push(c);
        self.origin.push(u32::try_from(from).unwrap_or(u32::MAX));
        self.length += 1;
        if let Some(block) = self.out.blocks.last_mut().filter(|_| !c.is_whitespace()) {
            block.letters += 1;
            block.linked += usize::from(self.linked > 0);
        }
    }

    fn begin_block(&mut self, from: usize) {
        if self.length > 0 && !self.text.ends_with('\n') {
            self.push('\n', from);
        }
        let hint = match () {
            () if self.apart > 0 => Hint::Apart,
            () if self.caption > 0 => Hint::Caption,
            () if self.heading > 0 => Hint::Heading,
            () => Hint::Block,
        };
        self.out.blocks.push(Block { start: self.length, hint, letters: 0, linked: 0 });
    }

    /// Reads the tag at `i` and says where reading goes on.
    fn tag(&mut self, i: usize) -> usize {
        if self.starts(i, "<!--") {
            return self.find(i + 4, "-->").map_or(self.source.len(), |e| e + 3);
        }
        let closing = self.source.get(i + 1) == Some(&'/');
        let name_at = i + 1 + usize::from(closing);
        let name: String = self.source[name_at..]
            .iter()
            .take(12)
            .take_while(|c| c.is_ascii_alphanumeric())
            .map(char::to_ascii_lowercase)
            .collect();
        if name.is_empty() && !matches!(self.source.get(i + 1), Some('!' | '?')) {
            self.push('<', i);
            return i + 1;
        }
        let Some(end) = self.tag_end(name_at) else {
            self.push('<', i);
            return i + 1;
        };
        if !closing && SKIPPED.contains(&name.as_str()) {
            let close = format!("</{name}");
            let after = self.find(end, &close).map_or(self.source.len(), |e| e);
            return after.max(end);
        }
        if name == "meta" {
            self.meta(i, end);
        } else {
            self.element(&name, closing, i, end);
        }
        end
    }

    /// The place behind the `>` of a tag; quoted values may hold one. Tags of absurd length are text. Where many a
    /// `<` begins no tag, the search for its end is cut short, so that it does not grow with the square of the page.
    /// A picture that stands in the tag itself (`data:`) does not count for its length.
    fn tag_end(&mut self, from: usize) -> Option<usize> {
        let reach = if self.vain > VAIN * self.source.len().max(TAG) { SHORT_TAG } else { TAG };
        let (mut quote, mut at, mut looks) = (None, from, 0);
        while let Some(&c) = self.source.get(at).filter(|_| looks < reach) {
            (at, looks) = (at + 1, looks + 1);
            match (quote, c) {
                (Some(q), c) if q == c => quote = None,
                (None, '"' | '\'') => (quote, at) = (Some(c), self.data_end(at)),
                (None, '>') => return Some(at),
                _ => {}
            }
        }
        self.vain += reach;
        None
    }

    /// Where bytes end that are written out at a place (`data:image/png;base64,…`); the place itself, if none are.
    fn data_end(&self, at: usize) -> usize {
        if !self.starts(at, "data:") {
            return at;
        }
        let written = |c: &&char| c.is_ascii_alphanumeric() || "+/=;:,.-_%".contains(**c);
        at + self.source[at..].iter().take_while(written).count()
    }

    fn element(&mut self, name: &str, closing: bool, start: usize, end: usize) {
        let step = |count: &mut usize| if closing { *count = count.saturating_sub(1) } else { *count += 1 };
        match name {
            "a" => step(&mut self.linked),
            "h1" | "h2" | "h3" => step(&mut self.heading),
            "figcaption" => step(&mut self.caption),
            _ if APART.contains(&name) => step(&mut self.apart),
            "div" | "section" | "ul" | "p" | "span" => self.classed(name, closing, start, end),
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.gap.breaks += usize::from(name == "br");
            self.gap.block |= name != "br";
            self.begin_block(start);
        }
        match (name, closing) {
            ("title", false) if self.out.title.is_empty() => self.out.title = self.length..self.length,
            ("title", true) if self.out.title.is_empty() => self.out.title.end = self.length,
            _ => {}
        }
    }

    /// Counts the elements whose class says that they stand apart or are a caption.
    fn classed(&mut self, name: &str, closing: bool, start: usize, end: usize) {
        if closing {
            let Some(at) = self.open.iter().rposition(|o| o.split(' ').next() == Some(name)) else { return };
            for closed in self.open.drain(at..) {
                // A stray </nav> may have counted it down already.
                self.apart = self.apart.saturating_sub(usize::from(closed.ends_with("apart")));
                self.caption = self.caption.saturating_sub(usize::from(closed.ends_with("caption")));
            }
            return;
        }
        if self.open.len() >= DEEPEST {
            return;
        }
        let tag: String = self.source[start..end].iter().collect::<String>().to_ascii_lowercase();
        let class = tag.find("class=").map_or("", |at| &tag[at..]);
        let id = tag.find("id=").map_or("", |at| &tag[at..]);
        let says = |words: &[&str]| words.iter().any(|w| class.contains(w) || id.contains(w));
        let kind = if says(&["nav", "menu", "footer", "related", "share", "crumb", "sidebar", "copyright", "recommend"])
        {
            self.apart += 1;
            "apart"
        } else if says(&["caption", "img-desc", "pic-desc", "imgtxt"]) {
            self.caption += 1;
            "caption"
        } else {
            "plain"
        };
        self.open.push(format!("{name} {kind}"));
    }

    fn meta(&mut self, start: usize, end: usize) {
        if self.open.len() >= DEEPEST {
            return;
        }
        let tag: String = self.source[start..end].iter().collect();
        let lower = tag.to_ascii_lowercase();
        let dated = ["pubdate", "publishdate", "article:published_time", "og:release_date"];
        if dated.iter().any(|d| lower.contains(d))
            && let Some(at) = lower.find("content=")
        {
            let value: String = tag[at + 8..].chars().filter(|c| !matches!(c, '"' | '\'')).take(10).collect();
            self.out.published = Some(value);
        }
    }

    /// Reads the character reference at `i`.
    fn entity(&mut self, i: usize) -> usize {
        let body: String = self.source[i + 1..].iter().take(10).take_while(|c| **c != ';').collect();
        let end = i + 2 + body.chars().count();
        let known = self.source.get(end - 1) == Some(&';');
        match known.then(|| character(&body)).flatten() {
            Some(c) => {
                self.gap.space |= c == ' ';
                self.push(c, i);
                end
            }
            None => {
                self.push('&', i);
                i + 1
            }
        }
    }

    fn starts(&self, i: usize, what: &str) -> bool {
        what.chars().enumerate().all(|(k, c)| self.source.get(i + k) == Some(&c))
    }

    fn find(&self, from: usize, what: &str) -> Option<usize> {
        let first = what.chars().next()?;
        let same = |a: char, b: char| a.eq_ignore_ascii_case(&b);
        (from..self.source.len()).find(|&i| {
            self.source[i] == first
                && what.chars().enumerate().all(|(k, c)| self.source.get(i + k).is_some_and(|s| same(*s, c)))
        })
    }
}

#[cfg(test)]
mod tests;

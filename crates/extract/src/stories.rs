//! The pieces of a page → its stories.

use std::ops::Range;

use crate::layout::{Apart, Label};
use crate::lexicon::Lexicon;
use crate::page::{Hint, Page};
use crate::pieces::{Kind, Piece};

mod signs;

use signs::{is_editor, joined, share_day, starts_report};

/// What a part of a story is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    Title,
    Body,
    Caption,
    Byline,
    Source,
}

/// One story of a page, its parts one after the other.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// The characters: headline, text, captions, by-lines, parted by line ends.
    pub(crate) chars: Vec<char>,
    /// Where each character stands in the page.
    pub(crate) places: Vec<usize>,
    /// Its parts.
    pub(crate) zones: Vec<(Zone, Range<usize>)>,
    /// The value of the label for the date of publication.
    pub(crate) published: Option<String>,
}

impl Story {
    /// The characters of all parts of a kind.
    pub(crate) fn zone(&self, zone: Zone) -> impl Iterator<Item = Range<usize>> {
        self.zones.iter().filter(move |(z, _)| *z == zone).map(|(_, r)| r.clone())
    }
    /// A part as a string.
    pub(crate) fn text(&self, range: Range<usize>) -> String {
        self.chars[range].iter().collect()
    }
    /// The characters of the page from which the part was made, where they stand together.
    pub(crate) fn page_range(&self, range: &Range<usize>) -> Range<usize> {
        if range.is_empty() {
            return 0..0;
        }
        self.places[range.start]..self.places[range.end - 1] + 1
    }
}

/// A page parted into stories and what belongs to none.
#[derive(Debug, Default)]
pub(crate) struct Split {
    pub(crate) stories: Vec<Story>,
    pub(crate) apart: Vec<(Apart, Range<usize>)>,
}

#[derive(Default)]
struct Draft {
    titles: Vec<Piece>,
    body: Vec<Piece>,
    captions: Vec<Range<usize>>,
    bylines: Vec<Range<usize>>,
    sources: Vec<Range<usize>>,
    published: Option<String>,
    closed: bool,
}

impl Draft {
    fn field(&mut self, label: Label, chars: &Range<usize>, page: &Page) {
        match label {
            Label::Published if self.published.is_none() => {
                self.published = Some(page.chars[chars.clone()].iter().collect());
            }
            Label::Author => self.bylines.push(chars.clone()),
            Label::Source => self.sources.push(chars.clone()),
            _ => {}
        }
    }
}

/// More short lines than these one after another are a list of links.
const LINKS: usize = 3;
/// So many short lines and nothing else are a headline and a text.
const SENTENCES: usize = 2;
/// A line shorter than this is no headline where another one stands below it.
const HEADLINE: usize = 6;
/// A short line up to this length may be a heading within a story.
const SUBHEAD: usize = 24;

/// Parts a page.
pub(crate) fn split(page: &Page, pieces: Vec<Piece>, lexicon: &Lexicon) -> Split {
    let mut splitter = Splitter { page, lexicon, out: Split::default(), open: None, next: Draft::default() };
    for piece in pieces {
        splitter.take(piece);
    }
    splitter.finish()
}

struct Splitter<'a> {
    page: &'a Page,
    lexicon: &'a Lexicon,
    out: Split,
    open: Option<Draft>,
    /// What stands before the text of a story to come.
    next: Draft,
}

impl Splitter<'_> {
    fn take(&mut self, piece: Piece) {
        match piece.kind {
            Kind::Apart(Apart::Note) if self.heads_column(&piece) => {
                self.close();
                self.next.titles.push(piece);
            }
            Kind::Apart(apart) => {
                self.out.apart.push((apart, piece.chars));
                if let Some(open) = self.open.as_mut().filter(|_| !matches!(apart, Apart::Menu | Apart::Note)) {
                    open.closed = true;
                }
            }
            Kind::Short => self.next.titles.push(piece),
            Kind::Text { lead } => self.text(piece, lead),
            Kind::Caption => self.draft().captions.push(piece.chars),
            Kind::Byline => {
                let draft = self.draft();
                draft.bylines.push(piece.chars);
                draft.closed = !draft.body.is_empty();
            }
            // Who made up the page wrote none of its stories.
            Kind::Field(Label::Author) if self.heads_page() && is_editor(self.page, piece.chars.start) => {
                self.out.apart.push((Apart::Note, piece.chars));
            }
            Kind::Field(label) => {
                let page = self.page;
                self.draft().field(label, &piece.chars, page);
            }
        }
    }

    /// Whether a line between empty ones is the headline of what is told below: no number stands before it (二、), and the
    /// text above has come to its end.
    fn stands_alone(&self, title: &Piece, text: &Piece) -> bool {
        let chars = &self.page.chars[title.chars.clone()];
        let numbered = chars.iter().take(4).any(|c| matches!(c, '、' | '.' | '(' | ')' | ':'));
        let ended = self
            .open
            .as_ref()
            .and_then(|open| open.body.last())
            .is_some_and(|last| matches!(self.page.chars[last.chars.end - 1], '。' | '!' | '?' | '”' | '…'));
        let gaps = title.breaks_before > 1 && text.breaks_before > 1 && title.hint == Hint::Plain;
        gaps && ended && !numbered && chars.len() >= 2 * HEADLINE
    }

    /// Whether no headline and no text stand before.
    fn heads_page(&self) -> bool {
        self.open.is_none() && self.out.stories.is_empty() && self.next.titles.is_empty()
    }

    /// 简讯: a line above short news, which are a story of their own.
    fn heads_column(&self, piece: &Piece) -> bool {
        const COLUMNS: [&str; 8] =
            ["简讯", "短讯", "简明新闻", "一句话新闻", "要闻快览", "科技短波", "新闻速览", "一周速览"];
        let line: String = self.page.chars[piece.chars.clone()].iter().collect();
        self.open.is_some() && COLUMNS.contains(&line.trim_matches(|c: char| !crate::page::is_han(c)))
    }

    /// The story that a field, a caption or a by-line belongs to.
    fn draft(&mut self) -> &mut Draft {
        match &mut self.open {
            Some(open) if self.next.titles.is_empty() => open,
            _ => &mut self.next,
        }
    }

    fn text(&mut self, piece: Piece, lead: bool) {
        let alone = self.next.titles.first().is_some_and(|t| self.stands_alone(t, &piece));
        let Some(open) = &mut self.open else {
            self.begin(piece);
            return;
        };
        let titled = !self.next.titles.is_empty();
        let apart = self.next.titles.first().is_some_and(|t| t.hint == Hint::Heading || t.breaks_before > 2);
        let reported = (apart || alone) && titled && starts_report(self.page, &piece.chars);
        if (titled && (lead || open.closed || reported)) || (lead && open.closed) {
            self.close();
            self.begin(piece);
            return;
        }
        let shorts = std::mem::take(&mut self.next.titles);
        if shorts.len() >= LINKS {
            self.out.apart.extend(shorts.into_iter().map(|s| (Apart::Related, s.chars)));
        } else {
            open.body.extend(shorts);
        }
        let before = std::mem::take(&mut self.next);
        open.captions.extend(before.captions);
        open.bylines.extend(before.bylines);
        open.closed = false;
        open.body.push(piece);
    }

    fn begin(&mut self, piece: Piece) {
        let mut draft = std::mem::take(&mut self.next);
        draft.body.push(piece);
        self.open = Some(draft);
    }

    fn close(&mut self) {
        let Some(draft) = self.open.take() else { return };
        let mut titles = draft.titles.clone();
        let heading = titles.iter().rposition(|t| t.hint == Hint::Heading);
        let last = heading.or_else(|| titles.iter().rposition(|t| t.chars.len() >= HEADLINE));
        let Some(last) = last.or(titles.len().checked_sub(1)) else {
            let headline: Vec<Range<usize>> = self.page_title().into_iter().collect();
            let story = self.build(&draft, &headline);
            self.out.stories.push(story);
            return;
        };
        let begins = |p: &Piece, c: char| self.page.chars[p.chars.start] == c;
        let first =
            (0..=last).rev().find(|&i| !(begins(&titles[i], '—') || i > 0 && joined(&titles, i))).unwrap_or(last);
        let first = self.named_by_page(&titles[..first]).unwrap_or(first);
        let own: Vec<Range<usize>> = titles.drain(first..=last).map(|t| t.chars).collect();
        self.out.apart.extend(titles.into_iter().map(|t| (Apart::Note, t.chars)));
        let story = self.build(&draft, &own);
        self.out.stories.push(story);
    }

    /// The line above the last one that the mark-up calls the page: the last one is its second headline.
    fn named_by_page(&self, above: &[Piece]) -> Option<usize> {
        let title = self.page.chars.get(self.page.title.clone()?)?;
        let holds = |line: &[char]| line.len() >= HEADLINE && title.windows(line.len()).any(|part| part == line);
        above.iter().rposition(|piece| holds(&self.page.chars[piece.chars.clone()]))
    }

    /// What the mark-up calls the page is the headline of a first story that has none, without the name of the site.
    fn page_title(&mut self) -> Option<Range<usize>> {
        let line = self.page.title.clone().filter(|_| self.out.stories.is_empty())?;
        let parts = |i: &usize| matches!(self.page.chars[*i], '-' | '_' | '|');
        let end = line.clone().find(parts).unwrap_or(line.end);
        let headline = line.start..end;
        if headline.len() < HEADLINE {
            return None;
        }
        self.out.apart.retain(|(_, range)| range.start != line.start);
        Some(headline)
    }

    fn build(&self, draft: &Draft, title: &[Range<usize>]) -> Story {
        let mut story = Story { published: draft.published.clone(), ..Story::default() };
        self.write(&mut story, Zone::Title, title);
        let begin = story.chars.len();
        for (i, piece) in draft.body.iter().enumerate() {
            if i > 0 && !self.continues(&draft.body[i - 1], piece) {
                self.line_end(&mut story);
            }
            self.copy(&mut story, &piece.chars);
        }
        story.zones.push((Zone::Body, begin..story.chars.len()));
        self.line_end(&mut story);
        self.write(&mut story, Zone::Caption, &draft.captions);
        self.write(&mut story, Zone::Byline, &draft.bylines);
        self.write(&mut story, Zone::Source, &draft.sources);
        story
    }

    fn write(&self, story: &mut Story, zone: Zone, ranges: &[Range<usize>]) {
        for range in ranges {
            let begin = story.chars.len();
            self.copy(story, range);
            story.zones.push((zone, begin..story.chars.len()));
            self.line_end(story);
        }
    }

    fn copy(&self, story: &mut Story, range: &Range<usize>) {
        story.chars.extend_from_slice(&self.page.chars[range.clone()]);
        story.places.extend(range.clone());
    }

    fn line_end(&self, story: &mut Story) {
        let place = story.places.last().map_or(0, |p| (p + 1).min(self.page.chars.len().saturating_sub(1)));
        story.chars.push('\n');
        story.places.push(place);
    }

    /// Whether a column end stands between two pieces and not the end of a paragraph.
    fn continues(&self, before: &Piece, piece: &Piece) -> bool {
        if before.hint != Hint::Plain || piece.hint != Hint::Plain {
            return false;
        }
        let last = self.page.chars[before.chars.end - 1];
        if matches!(last, '。' | '!' | '?' | '”' | '…' | ')' | ';' | ':' | '》') {
            return false;
        }
        let cut = &self.page.chars[before.chars.clone()];
        let open =
            |left, right| cut.iter().filter(|c| **c == left).count() > cut.iter().filter(|c| **c == right).count();
        let within = open('《', '》') || open('(', ')') || open('“', '”');
        if before.kind != Kind::Short || before.chars.len() > SUBHEAD || within || cut.contains(&',') {
            return true;
        }
        // A short line is a heading, unless a word runs over its end.
        let tail = before.chars.end.saturating_sub(4).max(before.chars.start)..before.chars.end;
        let head = piece.chars.start..piece.chars.end.min(piece.chars.start + 4);
        let joint = tail.len();
        let text: String = self.page.chars[tail].iter().chain(&self.page.chars[head]).collect();
        self.lexicon.jieba.cut(&text, false).iter().any(|t| t.start < joint && joint < t.end)
    }

    /// Words below pictures that are all there is are the text.
    fn captions_as_text(&mut self) {
        let captions = std::mem::take(&mut self.next.captions);
        let piece = |chars| Piece { kind: Kind::Caption, chars, breaks_before: 2, hint: Hint::Plain };
        let mut pieces = captions.into_iter().map(piece);
        if let Some(first) = pieces.next() {
            self.begin(first);
        }
        if let Some(open) = &mut self.open {
            open.body.extend(pieces);
        }
    }

    fn finish(mut self) -> Split {
        if self.open.is_none() && self.out.stories.is_empty() {
            self.captions_as_text();
        }
        let mut shorts = std::mem::take(&mut self.next.titles);
        // Who wrote it may stand below a line that ends the text: —END—.
        let below = std::mem::take(&mut self.next);
        match &mut self.open {
            Some(open) => {
                open.bylines.extend(below.bylines);
                open.sources.extend(below.sources);
                open.published = open.published.take().or(below.published);
            }
            None => self.next = below,
        }
        // A page of a line or two is its own text.
        let few = self.open.is_none() && self.out.stories.is_empty() && shorts.len() <= SENTENCES;
        if let Some(body) = shorts.pop_if(|s| few && s.chars.len() >= 2 * HEADLINE) {
            self.next.titles = std::mem::take(&mut shorts);
            self.begin(body);
        }
        let unfinished = self.open.as_ref().and_then(|o| o.body.last()).is_some_and(|last| {
            shorts.len() == 1 && !self.open.as_ref().is_some_and(|o| o.closed) && {
                let end = self.page.chars[last.chars.end - 1];
                !matches!(end, '。' | '!' | '?' | '”' | '…' | ')')
            }
        });
        match &mut self.open {
            Some(open) if unfinished => open.body.extend(shorts),
            Some(_) => self.out.apart.extend(shorts.into_iter().map(|s| (Apart::Related, s.chars))),
            None => self.out.apart.extend(shorts.into_iter().map(|s| (Apart::Note, s.chars))),
        }
        self.close();
        share_day(&mut self.out.stories);
        self.out
    }
}

//! The lines of a page → pieces: headline, label, text, caption, by-line, or something apart.

use std::ops::Range;

use crate::layout::{Apart, Label, Layout};
use crate::page::{Hint, Line, Page, is_han};

/// A piece of a line, by its characters in the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    pub(crate) chars: Range<usize>,
    /// Line ends before it.
    pub(crate) breaks_before: usize,
    pub(crate) hint: Hint,
}

/// What a piece is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A short line that may be a headline, a heading, or the cut end of a paragraph.
    Short,
    /// A value behind a label, or a line that is a date.
    Field(Label),
    /// Text; `lead` where a report begins with it.
    Text {
        lead: bool,
    },
    Caption,
    Byline,
    Apart(Apart),
}

/// The longest line that can be a headline.
const HEADLINE: usize = 60;
/// The longest by-line.
const BYLINE: usize = 42;
/// The longest caption that is known by its place alone.
const CAPTION: usize = 50;
/// A block of its own up to this length with a colon behind it is a label of the site: 今天是:
const LABEL: usize = 8;
/// The longest line of labels and buttons.
const LABELS: usize = 100;
/// So many line ends stand where a picture was.
const PICTURE_GAP: usize = 3;

/// Reads all pieces of a page in their order.
pub(crate) fn pieces(page: &Page, layout: &Layout) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut awaited: Option<Label> = None;
    // In a page whose every blank line is doubled, a gap says nothing of a picture.
    let usual = page.lines.iter().skip(1).map(|l| l.breaks_before).min().unwrap_or(0);
    for (i, line) in page.lines.iter().enumerate() {
        let chars = &page.chars[line.chars.clone()];
        let text: String = chars.iter().collect();
        let mut push = |kind, chars: Range<usize>| {
            if !chars.is_empty() {
                out.push(Piece { kind, chars, breaks_before: line.breaks_before, hint: line.hint });
            }
        };
        let due = awaited.take();
        // 发布时间:2024-05-17 …【打印本页】: the day says more than the button behind it.
        let dated = holds_day(chars, layout);
        if let Some(day) = masthead(chars) {
            let (begin, end) = (line.chars.start + day.start, line.chars.start + day.end);
            push(Kind::Apart(Apart::Note), line.chars.start..begin);
            push(Kind::Field(Label::Published), begin..end);
            push(Kind::Apart(Apart::Note), end..line.chars.end);
        } else if let Some(apart) = apart(line, &text, chars.len(), layout).filter(|_| !dated) {
            push(Kind::Apart(apart), line.chars.clone());
        } else if let Some(label) = due.filter(|_| chars.len() < HEADLINE && layout.label(chars).is_none()) {
            push(Kind::Field(label), line.chars.clone());
        } else if dated || layout.label(chars).is_some() || date_length(chars) > 0 || holds_label(chars, layout) {
            awaited = fields(chars, line.chars.start, layout, &mut push);
        } else if let Some(begin) = stamp(chars) {
            push(Kind::Field(Label::Published), line.chars.start + begin..line.chars.end);
        } else if is_byline(chars, &text) {
            push(Kind::Byline, line.chars.clone());
        } else if is_caption(page, i, &text, usual, layout) {
            push(Kind::Caption, line.chars.clone());
        } else {
            let lead = layout.is_lead(&text);
            let goes_on = text.ends_with([',', '、', ';', ':']) && (line.hint == Hint::Plain || chars.len() > LABEL);
            let long = text.contains('。') || chars.len() > HEADLINE || lead || goes_on;
            let body = byline_start(chars).filter(|_| long);
            let end = body.map_or(line.chars.end, |b| line.chars.start + b);
            push(if long { Kind::Text { lead } } else { Kind::Short }, line.chars.start..end);
            if body.is_some() {
                push(Kind::Byline, end..line.chars.end);
            }
        }
    }
    out
}

fn apart(line: &Line, text: &str, chars: usize, layout: &Layout) -> Option<Apart> {
    if let Some(apart) = layout.apart(text, chars) {
        return Some(apart);
    }
    if chars > 3 && text.chars().all(|c| matches!(c, '-' | '=' | '_' | '—' | '*' | '~' | '+' | '·' | '…')) {
        return Some(Apart::Note);
    }
    (line.hint == Hint::Apart).then_some(Apart::Menu)
}

/// The day of a newspaper's page in the line above it: 某某报 2024年6月14日 星期五 第3版.
fn masthead(chars: &[char]) -> Option<Range<usize>> {
    let marks = ['。', ','];
    if chars.len() > 2 * HEADLINE || chars.iter().any(|c| marks.contains(c)) {
        return None;
    }
    let begin = (1..chars.len()).find(|&i| chars[i - 1] == ' ' && day_length(&chars[i..]) > 0)?;
    let text: String = chars.iter().collect();
    let paper = text.contains("星期") || text.contains('版') || text.contains("总第");
    // 某市科协办公室    2024年9月27日: who gives out a bulletin, far from its day.
    let end = begin + day_length(&chars[begin..]);
    let gap = chars[..begin].iter().rev().take_while(|c| **c == ' ').count();
    let paper = paper || gap > 3 && end == chars.len() && !text.contains(':');
    let issue = text.contains('期') && text.contains('第');
    (issue || paper && is_han(chars[0])).then(|| begin..begin + day_length(&chars[begin..]))
}

/// The length of the date (and time) at the beginning of a line that holds hardly more than it.
fn date_length(chars: &[char]) -> usize {
    let end = day_length(chars);
    let rest = chars[end..].iter().filter(|c| is_han(**c)).count();
    if chars.len() <= HEADLINE && (rest == 0 || chars.get(end) == Some(&' ')) { end } else { 0 }
}

/// The length of the day at the beginning of a line.
fn day_length(chars: &[char]) -> usize {
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let year = digits(0);
    if year != 4 || !matches!(chars.get(4), Some('-' | '/' | '年' | '.')) {
        return 0;
    }
    let month = digits(5);
    if !(1..=2).contains(&month) || !matches!(chars.get(5 + month), Some('-' | '/' | '月' | '.')) {
        return 0;
    }
    let day = digits(6 + month);
    let end = 6 + month + day + usize::from(chars.get(6 + month + day) == Some(&'日'));
    if (1..=2).contains(&day) { end } else { 0 }
}

/// Where the day begins in a short line that ends in a day and a time of day: `原创 某号 2024-07-19 18:42 青海`.
fn stamp(chars: &[char]) -> Option<usize> {
    if chars.len() > HEADLINE || chars.iter().any(|c| matches!(c, '。' | ',' | '、')) {
        return None;
    }
    let begin = (1..chars.len()).find(|&i| chars[i - 1] == ' ' && date_length(&chars[i..]) > 0)?;
    let behind = &chars[begin + date_length(&chars[begin..])..];
    let colon = behind.iter().take(6).position(|c| *c == ':')?;
    (colon > 1 && behind[colon - 1].is_ascii_digit()).then_some(begin)
}

/// Whether a line has the label of a day of publication with the day behind it.
fn holds_day(chars: &[char], layout: &Layout) -> bool {
    chars.len() < LABELS
        && !chars.contains(&'。')
        && (0..chars.len()).any(|i| {
            let parted = i == 0 || matches!(chars[i - 1], ' ' | '|' | ']' | '】');
            let found = if parted { layout.label(&chars[i..]) } else { None };
            let Some((Label::Published, length)) = found else { return false };
            let value = chars[i + length..].iter().skip_while(|c| **c == ' ');
            value.take(4).filter(|c| c.is_ascii_digit()).count() == 4
        })
}

/// Whether a short line has a label and a date behind its beginning (`某网 2023-05-06 浏览:33`).
fn holds_label(chars: &[char], layout: &Layout) -> bool {
    chars.len() < HEADLINE
        && !chars.contains(&'。')
        && (1..chars.len()).any(|i| matches!(chars[i - 1], ' ' | '|' | ']') && layout.label(&chars[i..]).is_some())
}

/// Reads labelled values; what a count or a lead is followed by is text. Says what the next
/// line is the value of, where a label stands alone.
fn fields(chars: &[char], offset: usize, layout: &Layout, push: &mut impl FnMut(Kind, Range<usize>)) -> Option<Label> {
    let mut i = 0;
    let mut label = Label::Published;
    if let Some((first, length)) = layout.label(chars) {
        (label, i) = (first, length);
    }
    loop {
        while matches!(chars.get(i), Some(' ' | '|' | '[' | ']' | '【' | '】')) {
            i += 1;
        }
        let next = (i..chars.len()).find_map(|k| {
            let parted = k == i || matches!(chars[k - 1], ' ' | '|' | '[' | ']' | '】' | '【') || !is_han(chars[k - 1]);
            layout.label(&chars[k..]).filter(|_| parted).map(|(l, n)| (k, l, n))
        });
        let end = next.map_or(chars.len(), |(k, _, _)| k);
        // (共印80份) 责编:某某: what stands before the first label is a day only where it looks like one.
        let year = |part: &[char]| part.len() == 4 && part.iter().all(char::is_ascii_digit);
        if i == 0 && next.is_some() && !chars[..end].windows(4).any(year) && layout.label(chars).is_none() {
            // (通讯员 某某 责任编辑:某某): who wrote it stands before the label.
            let written = chars[..end].windows(2).any(|w| matches!(w, ['记', '者'] | ['讯', '员']));
            label = if written { Label::Author } else { Label::Ignored };
        }
        let digits = chars[i..end].iter().take_while(|c| c.is_ascii_digit() || matches!(c, ' ' | '次')).count();
        let value = if label == Label::Count { i + digits } else { end };
        let running = value - i > HEADLINE || (label == Label::Count && end - value > HEADLINE / 3);
        if label == Label::Lead || running {
            let from = if label == Label::Count { value } else { i };
            if label == Label::Count && value > i {
                push(Kind::Field(label), offset + i..offset + value);
            }
            if from < chars.len() {
                push(Kind::Text { lead: true }, offset + from..offset + chars.len());
            }
            return None;
        }
        if i < end {
            push(Kind::Field(label), offset + i..offset + end);
        } else if next.is_none() {
            return (label != Label::Count && label != Label::Ignored).then_some(label);
        }
        let (at, found, length) = next?;
        (label, i) = (found, at + length);
    }
}

/// A line that names who wrote or sent the story.
fn is_byline(chars: &[char], text: &str) -> bool {
    let begins = ["本报记者", "记者 ", "通讯员", "本报通讯员", "特约记者", "■", "文/", "文字/", "图文/", "撰文/", "□"]
        .iter()
        .any(|w| text.starts_with(w));
    (begins && chars.len() <= BYLINE && !text.contains('。')) || byline_start(chars) == Some(0)
}

/// Where the by-line in brackets at the end of a line begins.
fn byline_start(chars: &[char]) -> Option<usize> {
    let end = chars.len();
    if chars.last() != Some(&')') || end < 4 {
        return None;
    }
    let open = (end.saturating_sub(BYLINE)..end).rev().find(|&i| chars[i] == '(')?;
    let inner = &chars[open + 1..end - 1];
    let plain = inner
        .iter()
        .all(|c| is_han(*c) || matches!(c, ' ' | '、' | '/' | '·' | ':' | ',' | '|') || c.is_ascii_alphanumeric());
    let ended = open == 0 || matches!(chars[open - 1], '。' | '!' | '?' | '”' | '…' | ' ');
    (plain && ended && inner.len() >= 2).then_some(open)
}

fn is_caption(page: &Page, i: usize, text: &str, usual: usize, layout: &Layout) -> bool {
    let line = &page.lines[i];
    let chars = line.chars.len();
    if line.hint == Hint::Caption || (chars <= 2 * CAPTION && layout.is_caption(text)) {
        return true;
    }
    let one = chars <= CAPTION && text.ends_with('。') && text.matches('。').count() == 1;
    if !one || line.hint != Hint::Plain {
        return false;
    }
    let shown = |l: &Line| page.chars[l.chars.clone()].iter().collect::<String>();
    // A sentence that goes on where the text stands is a paragraph of it: 签约前,李明一行参观了某厂。/ 又讯 …
    let goes_on = i > 0 && line.breaks_before <= usual && ends_sentence(page, &page.lines[i - 1]);
    let before_lead = !goes_on && page.lines.get(i + 1).is_some_and(|next| layout.is_lead(&shown(next)));
    let before_end = page.lines.get(i + 1).is_some_and(|next| byline_start(&page.chars[next.chars.clone()]) == Some(0));
    let gap = line.breaks_before >= PICTURE_GAP.max(usual + 1);
    before_lead || (gap && (before_end || i > 0 && !ends_sentence(page, &page.lines[i - 1])))
}

fn ends_sentence(page: &Page, line: &Line) -> bool {
    matches!(page.chars[line.chars.end - 1], '。' | '!' | '?' | '”' | '…' | ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(original: &str) -> Vec<(Kind, String)> {
        let page = Page::read(original);
        let read = pieces(&page, &Layout::builtin());
        read.into_iter().map(|p| (p.kind, page.chars[p.chars].iter().collect())).collect()
    }

    #[test]
    fn labels_give_values_and_let_the_text_go() {
        let text = "为落实某项工作部署,某院与某所在会议室举行了签约仪式,双方负责人出席。";
        let long = format!("编辑:李明 审核:王方 阅读次数:{text}");
        let found = read(&format!(
            "发布日期:2023-05-11 供稿:甲学院 李明\n{long}\n发布时间:\n2022-05-25\n2023-01-02 10:20 来源:某报"
        ));
        let field = |label, value: &str| (Kind::Field(label), value.to_owned());
        assert_eq!(found[0], field(Label::Published, "2023-05-11 "));
        assert_eq!(found[1], field(Label::Author, "甲学院 李明"));
        assert_eq!(found[2], field(Label::Author, "李明 "));
        assert_eq!(found[4], (Kind::Text { lead: true }, text.to_owned()));
        assert_eq!(found[5], field(Label::Published, "2022-05-25"));
        assert_eq!(found[6], field(Label::Published, "2023-01-02 10:20 "));
        assert_eq!(found[7], field(Label::Source, "某报"));
    }

    #[test]
    fn captions_and_bylines_are_known_by_their_place() {
        let found = read("某市召开会议\n\n\n\n工作人员在现场指导。\n\n本报讯 8月8日,会议召开。(张小明)\n\n(某市科协)");
        let kinds: Vec<Kind> = found.iter().map(|(k, _)| *k).collect();
        assert_eq!(kinds, [Kind::Short, Kind::Caption, Kind::Text { lead: true }, Kind::Byline, Kind::Byline]);
        assert_eq!(found[3].1, "(张小明)");
    }

    #[test]
    fn a_gap_that_all_lines_have_is_no_place_of_a_picture() {
        let found = read("某市召开会议\n\n\n\n会议听取了报告。\n\n\n\n代表参观了展厅。");
        assert!(found.iter().all(|(k, _)| *k != Kind::Caption), "{found:?}");
    }
}

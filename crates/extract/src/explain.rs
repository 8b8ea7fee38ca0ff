//! A page that shows what every character of a file was taken for.

use std::fmt::Write;

use crate::layout::Apart;
use crate::model::{MentionKind, PartKind, Reading, Span};
use crate::page::Page;

/// What stands before the first file.
pub const HEAD: &str = concat!(
    "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>读报说明</title>\n<style>\n",
    include_str!("explain.css"),
    "</style></head><body>\n"
);

/// What stands behind the last file.
pub const FOOT: &str = "</body></html>\n";

/// The classes of characters with their names; the place in the list is the number of the class.
const CLASSES: [(&str, &str); 26] = [
    ("dropped", "拼音、标记、空白"),
    ("title", "标题"),
    ("body", "正文"),
    ("caption", "图片说明"),
    ("byline", "署名"),
    ("source", "来源"),
    ("menu", "菜单"),
    ("related", "相关标题"),
    ("share", "分享"),
    ("contact", "联系方式"),
    ("copyright", "版权"),
    ("spam", "垃圾信息"),
    ("note", "版面文字"),
    ("field", "标签与数值"),
    ("person", "人物"),
    ("organization", "机构"),
    ("place", "地点"),
    ("platform", "平台"),
    ("document", "文件"),
    ("standard", "标准"),
    ("post", "职务"),
    ("date", "日期"),
    ("money", "金额"),
    ("quantity", "数量"),
    ("product", "产品"),
    ("activity", "活动"),
];

const fn of_part(kind: PartKind) -> u8 {
    match kind {
        PartKind::Title => 1,
        PartKind::Body => 2,
        PartKind::Caption => 3,
        PartKind::Byline => 4,
        PartKind::Source => 5,
    }
}

const fn of_apart(kind: Apart) -> u8 {
    match kind {
        Apart::Menu => 6,
        Apart::Related => 7,
        Apart::Share => 8,
        Apart::Contact => 9,
        Apart::Copyright => 10,
        Apart::Spam => 11,
        Apart::Note => 12,
        Apart::Field => 13,
    }
}

const fn of_mention(kind: MentionKind) -> u8 {
    match kind {
        MentionKind::Person => 14,
        MentionKind::Organization => 15,
        MentionKind::Place => 16,
        MentionKind::Platform => 17,
        MentionKind::Document => 18,
        MentionKind::Standard => 19,
        MentionKind::Post => 20,
        MentionKind::Date => 21,
        MentionKind::Money => 22,
        MentionKind::Quantity => 23,
        MentionKind::Product => 24,
        MentionKind::Activity => 25,
    }
}

/// The file as HTML: its characters in their classes, and a legend with how many there are of each.
#[must_use]
pub fn section(name: &str, reading: &Reading) -> String {
    let chars: Vec<char> = reading.original.chars().collect();
    let classes = classes(reading, chars.len());
    let mut out = format!("<section><h1>{}</h1>\n<p class=\"legend\">", escaped(name));
    for (i, (class, zh)) in CLASSES.iter().enumerate() {
        let count = classes.iter().filter(|c| usize::from(**c) == i).count();
        if count > 0 {
            // Writing to a string cannot fail.
            let _ = write!(out, "<span class=\"{class}\">{zh} {count}</span> ");
        }
    }
    out.push_str("</p>\n<pre>");
    let mut start = 0;
    for run in classes.chunk_by(|a, b| a == b) {
        let (class, zh) = CLASSES[usize::from(run[0])];
        let text: String = chars[start..start + run.len()].iter().collect();
        let _ = write!(out, "<span class=\"{class}\" title=\"{zh}\">{}</span>", escaped(&text));
        start += run.len();
    }
    out.push_str("</pre></section>\n");
    out
}

/// The class of every character of the original. What the cleaning took out stands for nothing, wherever it stood.
fn classes(reading: &Reading, length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    let mut fill = |span: Span, class: u8| out[span.start.min(length)..span.end.min(length)].fill(class);
    for left in &reading.apart {
        fill(left.span, of_apart(left.kind));
    }
    for article in &reading.articles {
        article.parts.iter().for_each(|p| fill(p.source_span, of_part(p.kind)));
        article.mentions.iter().for_each(|m| fill(m.source_span, of_mention(m.kind)));
    }
    let read = Page::read(&reading.original).origin.origin;
    let mut read = read.into_iter().map(|at| at as usize).peekable();
    for (at, class) in out.iter_mut().enumerate() {
        while read.next_if(|place| *place < at).is_some() {}
        if read.peek() != Some(&at) {
            *class = 0;
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Leftover;

    #[test]
    fn every_character_is_shown_once() {
        let apart = vec![Leftover { kind: Apart::Share, span: Span { start: 2, end: 4 } }];
        let reading = Reading { original: "<a分享".into(), encoding: "UTF-8", replaced: 0, articles: vec![], apart };
        let shown = section("x&y", &reading);
        assert!(shown.contains("<h1>x&amp;y</h1>"));
        assert!(shown.contains(">&lt;a</span><span class=\"share\" title=\"分享\">分享</span></pre>"));
        assert!(shown.contains(">分享 2</span>"));
    }

    #[test]
    fn what_was_taken_out_of_a_text_is_shown_as_that() {
        let apart = vec![Leftover { kind: Apart::Share, span: Span { start: 0, end: 9 } }];
        let original = "分享學(xué)院".into();
        let reading = Reading { original, encoding: "UTF-8", replaced: 0, articles: vec![], apart };
        let shown = section("x", &reading);
        assert!(
            shown.contains(">分享學</span><span class=\"dropped\" title=\"拼音、标记、空白\">(xué)</span>"),
            "{shown}"
        );
    }
}

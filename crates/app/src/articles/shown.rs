//! The characters of a file by their places, as they stand in it and as a reader sees them.

use keqiao_domain::Span;
use keqiao_extract::{is_html, main_text};

/// Of so many characters one place is kept: a file can have many millions.
const STEP: usize = 1024;
/// So far before the place where a text would be cut the end of a sentence is looked for.
const REACH: u32 = 200;

/// A file whose passages are shown.
pub(super) struct Shown<'a> {
    original: &'a str,
    /// Where every `STEP`th character begins.
    steps: Vec<usize>,
    /// Of HTML: its characters without mark-up, each with its place.
    without_mark_up: Option<Vec<(u32, char)>>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(original: &'a str) -> Self {
        let steps = original.char_indices().step_by(STEP).map(|(at, _)| at).collect();
        let without_mark_up = is_html(original).then(|| {
            let read = main_text(original);
            read.origin.iter().copied().zip(read.text.chars()).collect()
        });
        Self { original, steps, without_mark_up }
    }

    /// Where a character begins; the end, where there is no such character.
    fn byte(&self, place: u32) -> usize {
        let (step, rest) = (place as usize / STEP, place as usize % STEP);
        let Some(&from) = self.steps.get(step) else { return self.original.len() };
        self.original[from..].char_indices().nth(rest).map_or(self.original.len(), |(at, _)| from + at)
    }

    /// The characters of a span as they stand in the file.
    pub(super) fn original(&self, span: Span) -> &'a str {
        &self.original[self.byte(span.start)..self.byte(span.end)]
    }

    /// The characters of a span as a reader sees them, each with its place: without mark-up.
    pub(super) fn read(&self, span: Span) -> Vec<(u32, char)> {
        match &self.without_mark_up {
            Some(read) => read[index(read, span.start)..index(read, span.end)].to_vec(),
            None => (span.start..).zip(self.original(span).chars()).collect(),
        }
    }

    /// How many characters of a span a reader sees.
    pub(super) fn count(&self, span: Span) -> u32 {
        let many = self.without_mark_up.as_ref().map(|read| index(read, span.end) - index(read, span.start));
        many.map_or(span.end - span.start, |n| u32::try_from(n).unwrap_or(u32::MAX))
    }

    /// Where a text of which there is room for `room` characters is cut: behind the last sentence, if one ends nearby.
    pub(super) fn cut(&self, span: Span, room: u32) -> u32 {
        let end = match &self.without_mark_up {
            Some(read) => read.get(index(read, span.start) + room as usize).map_or(span.end, |(place, _)| *place),
            None => span.start + room,
        };
        let near = Span { start: span.start.max(end.saturating_sub(REACH)), end };
        let ends = |c: &char| matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | '\n');
        self.read(near).iter().rev().find(|(_, c)| ends(c)).map_or(end, |(place, _)| place + 1)
    }
}

fn index(read: &[(u32, char)], place: u32) -> usize {
    read.partition_point(|(p, _)| *p < place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_up_and_entities_are_not_shown_and_places_stay() {
        let original = "<p>甲&nbsp;&lt;乙</p>\n<p>丙</p>";
        let shown = Shown::new(original);
        let span = Span { start: 3, end: u32::try_from(original.chars().count()).unwrap() };
        let read = shown.read(span);
        let text: String = read.iter().map(|(_, c)| c).collect();
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["甲", "<乙", "丙"]);
        assert_eq!(shown.count(span) as usize, read.len());
        let chars: Vec<char> = original.chars().collect();
        for c in ['甲', '乙', '丙'] {
            let (place, _) = read.iter().find(|(_, read)| *read == c).unwrap();
            assert_eq!(chars[*place as usize], c);
        }
    }

    #[test]
    fn every_character_is_found_by_its_place() {
        let original: String = (0..5_000_u32).map(|n| ['a', '科', '𠮷', '桥', '\n'][n as usize % 5]).collect();
        let shown = Shown::new(&original);
        let chars: Vec<char> = original.chars().collect();
        for start in [0, 1, 1023, 1024, 1025, 2048, 4990, 4999, 5000, 9000] {
            let end = start + 30;
            let expected: String = chars.iter().skip(start as usize).take(30).collect();
            assert_eq!(shown.original(Span { start, end }), expected, "{start}");
        }
        assert_eq!(shown.original(Span { start: 0, end: u32::MAX }), original);
    }

    #[test]
    fn a_text_is_cut_behind_a_sentence_where_one_ends_nearby() {
        let original = format!("{}。{}", "甲".repeat(299), "乙".repeat(700));
        let shown = Shown::new(&original);
        let whole = Span { start: 0, end: 1000 };
        assert_eq!(shown.cut(whole, 400), 300);
        assert_eq!(shown.cut(whole, 600), 600);
        assert_eq!(shown.cut(Span { start: 300, end: 1000 }, 50), 350);
    }
}

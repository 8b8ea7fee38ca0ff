//! The characters of a file by their places, as they stand in it and as a reader sees them.

use keqiao_domain::Span;
use keqiao_extract::{is_html, main_text};

/// A file whose passages are shown.
pub(super) struct Shown<'a> {
    original: &'a str,
    /// Where each character begins, and the end.
    places: Vec<usize>,
    /// Of HTML: its characters without mark-up, each with its place.
    pub(super) mark_up: Option<WithoutMarkUp>,
}

/// Characters of a file of HTML.
pub(super) struct WithoutMarkUp(Vec<(u32, char)>);

impl<'a> Shown<'a> {
    pub(super) fn new(original: &'a str) -> Self {
        let places = original.char_indices().map(|(at, _)| at).chain([original.len()]).collect();
        let mark_up = is_html(original).then(|| {
            let read = main_text(original);
            WithoutMarkUp(read.origin.iter().copied().zip(read.text.chars()).collect())
        });
        Self { original, places, mark_up }
    }

    /// The characters of a span as they stand in the file.
    pub(super) fn original(&self, span: Span) -> &'a str {
        let byte = |place: u32| self.places.get(place as usize).copied().unwrap_or(self.original.len());
        &self.original[byte(span.start)..byte(span.end)]
    }
}

impl WithoutMarkUp {
    /// The characters of a span without mark-up.
    pub(super) fn read(&self, span: Span) -> Vec<(u32, char)> {
        let at = |place: u32| self.0.partition_point(|(p, _)| *p < place);
        self.0[at(span.start)..at(span.end).max(at(span.start))].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_up_and_entities_are_not_shown_and_places_stay() {
        let original = "<p>甲&nbsp;&lt;乙</p>\n<p>丙</p>";
        let shown = Shown::new(original);
        let span = Span { start: 3, end: u32::try_from(original.chars().count()).unwrap() };
        let read = shown.mark_up.as_ref().unwrap().read(span);
        let text: String = read.iter().map(|(_, c)| c).collect();
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["甲", "<乙", "丙"]);
        let chars: Vec<char> = original.chars().collect();
        for c in ['甲', '乙', '丙'] {
            let (place, _) = read.iter().find(|(_, read)| *read == c).unwrap();
            assert_eq!(chars[*place as usize], c);
        }
        assert!(Shown::new("1 < 2").mark_up.is_none());
    }
}

//! Which characters of a text met the query, and the piece of text that shows it best.

use std::collections::{HashMap, HashSet};

use keqiao_text::Text;

use crate::analyze::{is_han, pieces, unions};
use crate::words::Word;

/// Characters of a snippet.
const SNIPPET_CHARS: usize = 120;
/// Characters shown before the first mark.
const LEAD_CHARS: usize = 16;
/// Characters of a text in which marks are looked for.
const MAX_TEXT_CHARS: usize = 2_000;

/// A range of characters.
pub(crate) type Mark = (usize, usize);

/// What is marked: runs of Han characters anywhere, codes only as whole pieces.
#[derive(Debug, Default)]
pub(crate) struct Marker {
    han: HashMap<char, Vec<Vec<char>>>,
    /// Pairs of the longer runs, for a text that has no run whole.
    pairs: HashMap<char, Vec<Vec<char>>>,
    codes: HashSet<String>,
}

impl Marker {
    /// Marks the words of a query and their other names.
    pub(crate) fn of(words: &[Word]) -> Self {
        let mut marker = Self::default();
        for needle in words.iter().flat_map(|w| &w.forms).flat_map(|f| &f.needles) {
            let chars: Vec<char> = needle.chars().collect();
            if !chars.iter().copied().any(is_han) {
                marker.codes.insert(needle.clone());
                continue;
            }
            for pair in chars.windows(2).filter(|_| chars.len() > 2) {
                marker.pairs.entry(pair[0]).or_default().push(pair.to_vec());
            }
            marker.han.entry(chars[0]).or_default().push(chars);
        }
        marker
    }

    /// The marks of a text, in characters of the text as it stands.
    pub(crate) fn marks(&self, original: &str, text: &Text) -> Vec<Mark> {
        let folded = text.fold(original);
        let chars: Vec<char> = folded.text.chars().collect();
        let mut found = find(&self.han, &chars);
        if !self.codes.is_empty() {
            let own = pieces(&chars);
            unions(&own, true, |first, last, union| {
                if self.codes.contains(union) {
                    found.push((own[first].start, own[last].end));
                }
            });
        }
        if found.is_empty() {
            found = find(&self.pairs, &chars);
        }
        let spans = found.into_iter().map(|(start, end)| {
            let span = folded.span(start, end);
            (span.start, span.end)
        });
        merge(spans.collect())
    }

    /// The snippet of a text and its marks.
    pub(crate) fn snippet(&self, original: &str, text: &Text) -> (String, Vec<Mark>) {
        let chars: Vec<char> =
            original.chars().take(MAX_TEXT_CHARS).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let all = self.marks(&chars.iter().collect::<String>(), text);
        let from = window(&all).saturating_sub(LEAD_CHARS);
        let from = if chars.len() <= SNIPPET_CHARS { 0 } else { from.min(chars.len() - SNIPPET_CHARS) };
        let to = (from + SNIPPET_CHARS).min(chars.len());
        let lead = if from > 0 { "…" } else { "" };
        let tail = if to < original.chars().count() { "…" } else { "" };
        let shown: String = chars[from..to].iter().collect();
        let shift = usize::from(from > 0);
        let marks = all
            .into_iter()
            .filter(|(start, end)| *start >= from && *end <= to)
            .map(|(start, end)| (start - from + shift, end - from + shift))
            .collect();
        (format!("{lead}{shown}{tail}"), marks)
    }
}

/// All places of the needles.
fn find(needles: &HashMap<char, Vec<Vec<char>>>, chars: &[char]) -> Vec<Mark> {
    let mut out = Vec::new();
    for (i, c) in chars.iter().enumerate() {
        for needle in needles.get(c).into_iter().flatten() {
            if chars[i..].starts_with(needle) {
                out.push((i, i + needle.len()));
            }
        }
    }
    out
}

/// Sorted, without overlap; neighbours become one.
fn merge(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_unstable();
    let mut out: Vec<Mark> = Vec::with_capacity(marks.len());
    for (start, end) in marks {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out
}

/// Where the window with the most marked characters begins.
fn window(marks: &[Mark]) -> usize {
    let mut best = (0, 0);
    for (i, (start, _)) in marks.iter().enumerate() {
        let inside = marks[i..].iter().take_while(|(_, end)| end - start <= SNIPPET_CHARS - LEAD_CHARS);
        let marked: usize = inside.map(|(a, b)| b - a).sum();
        if marked > best.0 {
            best = (marked, *start);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Synonyms, read};

    fn marked(query: &str, original: &str) -> Vec<String> {
        let text = Text::new();
        let marker = Marker::of(&read(query, &text, &Synonyms::default()));
        let chars: Vec<char> = original.chars().collect();
        marker.marks(original, &text).into_iter().map(|(a, b)| chars[a..b].iter().collect()).collect()
    }

    #[test]
    fn marks_stand_on_the_text_as_it_is() {
        assert_eq!(marked("碳化硅", "新型ＳｉＣ與碳化矽、碳化硅器件"), ["碳化硅"]);
        assert_eq!(marked("电机", "永磁電機控制"), ["電機"]);
        assert_eq!(marked("ic", "basic IC设计"), ["IC"]);
        assert_eq!(marked("gb/t 4754", "按ＧＢ／Ｔ４７５４－２０１７分类"), ["ＧＢ／Ｔ４７５４"]);
    }

    #[test]
    fn a_snippet_holds_the_marks() {
        let text = Text::new();
        let marker = Marker::of(&read("燃料电池", &text, &Synonyms::default()));
        let original = format!("{}燃料电池电堆{}", "前文说明。".repeat(60), "后文说明。".repeat(60));
        let (snippet, marks) = marker.snippet(&original, &text);
        let chars: Vec<char> = snippet.chars().collect();
        assert_eq!(marks.len(), 1);
        assert_eq!(chars[marks[0].0..marks[0].1].iter().collect::<String>(), "燃料电池");
        assert!(snippet.starts_with('…') && snippet.ends_with('…'));
        assert!(chars.len() <= SNIPPET_CHARS + 2);
    }

    #[test]
    fn overlapping_marks_are_one() {
        assert_eq!(merge(vec![(3, 5), (0, 2), (4, 6), (2, 3)]), [(0, 6)]);
    }
}

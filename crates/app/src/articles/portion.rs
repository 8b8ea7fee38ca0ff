//! Portions: an article that is too long for one page or answer is read a portion at a time.

use keqiao_domain::Span;

use super::shown::Shown;

/// Which portion of an article is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortionWanted {
    /// The one that holds this character of the file.
    pub holding: u32,
    /// About so many characters long, of those that a reader sees.
    pub chars: u32,
}

impl PortionWanted {
    /// How long a portion may be asked for.
    pub const SIZES: std::ops::RangeInclusive<u32> = 1_000..=50_000;
}

impl Default for PortionWanted {
    /// The beginning, as much as a page shows.
    fn default() -> Self {
        Self { holding: 0, chars: 10_000 }
    }
}

/// A portion of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portion {
    /// Its characters of the file. Portions lie side by side; the first one begins with the file, and the last one ends
    /// with it.
    pub span: Span,
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// Where the one before begins.
    pub previous: Option<u32>,
    /// Where the one after begins.
    pub next: Option<u32>,
}

impl Portion {
    /// The portion that is the whole article.
    pub(super) const WHOLE: Self =
        Self { span: Span { start: 0, end: u32::MAX }, number: 1, of: 1, previous: None, next: None };

    /// The portion that is wanted of an article with these parts, which stand in their order.
    pub(super) fn of(parts: &[Span], file: &Shown<'_>, wanted: PortionWanted) -> Self {
        let starts = starts(parts, file, wanted.chars);
        let number = starts.partition_point(|start| *start <= wanted.holding).max(1);
        let next = starts.get(number).copied();
        let previous = number.checked_sub(2).map(|place| starts[place]);
        let span = Span { start: starts[number - 1], end: next.unwrap_or(u32::MAX) };
        Self { span, number, of: starts.len(), previous, next }
    }

    /// Whether a place lies in it.
    pub(super) const fn holds(&self, place: u32) -> bool {
        self.span.start <= place && place < self.span.end
    }

    /// What of a span lies in it; `None`: nothing.
    pub(super) fn clip(&self, span: Span) -> Option<Span> {
        let within = Span { start: span.start.max(self.span.start), end: span.end.min(self.span.end) };
        (within.start < within.end).then_some(within)
    }
}

/// Where portions begin. A part that has room in a portion of its own is not cut.
fn starts(parts: &[Span], file: &Shown<'_>, chars: u32) -> Vec<u32> {
    let (mut starts, mut room) = (vec![0], chars);
    for part in parts {
        let mut rest = *part;
        loop {
            let long = file.count(rest);
            if long <= room {
                room -= long;
                break;
            }
            let whole = long <= chars || room < chars / 4;
            let begin = if whole { rest.start } else { file.cut(rest, room) };
            starts.push(begin);
            room = chars;
            rest.start = begin;
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(list: &[(u32, u32)]) -> Vec<Span> {
        list.iter().map(|(start, end)| Span { start: *start, end: *end }).collect()
    }

    fn all(parts: &[Span], text: &str, chars: u32) -> Vec<Portion> {
        let file = Shown::new(text);
        let mut all = vec![Portion::of(parts, &file, PortionWanted { holding: 0, chars })];
        while let Some(holding) = all.last().and_then(|last| last.next) {
            all.push(Portion::of(parts, &file, PortionWanted { holding, chars }));
        }
        all
    }

    #[test]
    fn portions_lie_side_by_side_and_cut_only_what_is_too_long() {
        let text = "科".repeat(20_000);
        let parts = spans(&[(0, 20), (22, 800), (802, 1_500), (1_502, 9_002), (9_004, 9_100)]);
        let all = all(&parts, &text, 1_000);
        assert_eq!((all[0].span.start, all[all.len() - 1].span.end), (0, u32::MAX));
        for (pair, number) in all.windows(2).zip(1..) {
            assert_eq!(pair[0].span.end, pair[1].span.start);
            assert_eq!((pair[0].next, pair[1].previous), (Some(pair[1].span.start), Some(pair[0].span.start)));
            assert_eq!((pair[0].number, pair[0].of), (number, all.len()));
        }
        for portion in &all {
            let long: u32 = parts.iter().filter_map(|p| portion.clip(*p)).map(|s| s.end - s.start).sum();
            assert!((1..=1_000).contains(&long), "{portion:?}: {long}");
        }
        // The third part begins a portion, the fourth is cut.
        assert_eq!(all[1].span.start, 802);
        assert!(all.iter().any(|p| (1_503..9_002).contains(&p.span.start)));
        for place in [0, 801, 802, 5_000, 19_999, u32::MAX - 1] {
            let file = Shown::new(&text);
            let found = Portion::of(&parts, &file, PortionWanted { holding: place, chars: 1_000 });
            assert!(found.holds(place), "{place}: {found:?}");
        }
    }

    #[test]
    fn mark_up_takes_no_room() {
        let picture = format!("<p>甲乙<img src=\"data:{}\">丙丁</p>", "A".repeat(90_000));
        let end = u32::try_from(picture.chars().count()).unwrap();
        let all = all(&spans(&[(0, end)]), &picture, 1_000);
        assert_eq!(all, [Portion::WHOLE]);
    }
}

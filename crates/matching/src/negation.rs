//! What a clause denies: an offer that says it has not passed a standard, a
//! need that says it does not ask for one.

use crate::cues::{DENIED, DENIED_VALUE, DOUBTED, PLANNED, TURNS};
use crate::read::Scan;

/// The longest quote from a text.
const QUOTE: usize = 32;

/// How an offer's text speaks of what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// As something it has.
    Stated,
    /// As something planned, left out or not needed: nobody can say.
    Doubtful,
    /// As something it plainly has not; in its words.
    Denied(String),
}

/// The part of the clause before a stretch that still speaks of it, and the
/// part behind it: up to a turn (`但`), behind it up to the next of a list too.
fn around(scan: &Scan<'_>, start: usize, end: usize) -> (usize, usize) {
    let (from, to) = scan.clause(start);
    let head = scan.slice(from, start);
    let turn = TURNS.iter().filter_map(|t| head.rfind(t).map(|b| b + t.len())).max();
    let from = from + turn.map_or(0, |b| head[..b].chars().count());
    let to = to.max(end);
    let tail = scan.slice(end, to);
    let stop = TURNS.iter().copied().chain(["、"]).filter_map(|t| tail.find(t)).min();
    (from, stop.map_or(to, |b| end + tail[..b].chars().count()))
}

/// Which of the words a stretch holds first, as characters from its beginning.
fn first_of(text: &str, words: &[&str]) -> Option<usize> {
    let at = words.iter().filter_map(|w| text.find(w)).min()?;
    Some(text[..at].chars().count())
}

/// What the text says of the standard that stands at a stretch.
pub(crate) fn of_standard(scan: &Scan<'_>, start: usize, end: usize) -> Said {
    let (from, to) = around(scan, start, end);
    let fold = |a, b| scan.slice(a, b).to_lowercase();
    let (head, tail) = (fold(from, start), fold(end, to));
    let quote = |a: usize, b: usize| {
        let text = scan.slice(a, b.min(a + QUOTE));
        let aside = |c: char| !c.is_alphanumeric() && !")）".contains(c);
        Said::Denied(text.trim_matches(aside).to_owned())
    };
    if let Some(at) = first_of(&head, DENIED) {
        return quote(from + at, end);
    }
    if head.trim_end().ends_with('无') {
        return quote(start - 1, end);
    }
    if first_of(&tail, DENIED).is_some() {
        return quote(start, to);
    }
    let doubted = [DOUBTED, PLANNED].into_iter().any(|words| first_of(&head, words).is_some())
        || first_of(&tail, PLANNED).is_some();
    if doubted { Said::Doubtful } else { Said::Stated }
}

/// Whether a text denies the figure or choice at a stretch, so that it is not its own.
pub(crate) fn denies_value(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    let (from, to) = around(scan, start, end);
    // A price without tax is a price.
    let head = scan.slice(from, start).to_lowercase().replace("不含税", "");
    let tail = scan.slice(end, to).to_lowercase();
    [DENIED, DOUBTED].into_iter().any(|words| first_of(&head, words).is_some())
        || first_of(&tail, DENIED_VALUE).is_some()
}

/// Whether a need says of what stands at a stretch that it asks nothing of it:
/// `对AEC-Q100没有要求`, `无车规AEC-Q100要求`, `不要BGA`.
pub(crate) fn waives(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    let (from, to) = around(scan, start, end);
    let (head, tail) = (scan.slice(from, start), scan.slice(end, to));
    let kept_off = ["不要", "不用", "不使用", "不采用", "不得采用", "不接受", "不考虑", "避免", "避免使用"];
    if kept_off.iter().any(|w| head.ends_with(w)) {
        return true;
    }
    let none = |text: &str| ["无", "没有", "不作", "不做", "不提"].iter().any(|n| text.contains(n));
    tail.contains("要求") && (none(&head) || none(&tail[..tail.find("要求").unwrap_or(0)]))
}

#[cfg(test)]
mod tests;

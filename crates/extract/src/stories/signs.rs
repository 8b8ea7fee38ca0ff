//! What a line and the lines around it tell of a story.

use std::ops::Range;

use crate::page::{Hint, Page};
use crate::pieces::Piece;
use crate::stories::{HEADLINE, Story};

/// The stories of a page were published on one day: the one that stands at its head or
/// at its foot, where no other one is named.
pub(super) fn share_day(stories: &mut [Story]) {
    let mut dated = stories.iter().enumerate().filter_map(|(i, s)| Some((i, s.published.clone()?)));
    let (Some((at, day)), None) = (dated.next(), dated.next()) else { return };
    if at == 0 || at + 1 == stories.len() {
        stories.iter_mut().for_each(|story| story.published = Some(day.clone()));
    }
}

/// Whether a headline goes on from the line before: no empty line stands between them.
pub(super) fn joined(titles: &[Piece], i: usize) -> bool {
    titles[i].breaks_before == 1 && titles[i].hint == Hint::Plain && titles[i - 1].chars.len() >= 2 * HEADLINE
}

/// Whether the label before a value tells of an office at a desk: 责任编辑, 校对, 终审.
pub(super) fn is_editor(page: &Page, at: usize) -> bool {
    let before = &page.chars[at.saturating_sub(6)..at];
    before.iter().any(|c| matches!(c, '编' | '校' | '审' | '版' | '监'))
}

/// Whether a text begins as reports do: with a day, or 近日, 日前.
pub(super) fn starts_report(page: &Page, chars: &Range<usize>) -> bool {
    let head: String = page.chars[chars.clone()].iter().take(12).collect();
    let day = head.find('月').is_some_and(|at| at <= 9 && head[at..].contains('日'));
    day || ["近日", "日前", "今天", "昨日", "记者"].iter().any(|w| head.starts_with(w))
}

//! Dates and periods in running text.

use jiff::civil::Date;

use crate::piece::{Piece, pieces};
use context::Context;

mod absolute;
mod context;
mod era;
mod expr;
mod numeric;
mod range;
mod relative;
mod resolve;
mod year;

/// How fine a date is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Granularity {
    /// One day: `12月18日`, `昨天`, `上周五`.
    Day,
    /// A week or a weekend: `下周`.
    Week,
    /// A month or a part of one: `2018年10月`, `本月中旬`.
    Month,
    /// A quarter or a season: `第三季度`, `今年夏天`.
    Quarter,
    /// Half a year: `上半年`.
    HalfYear,
    /// A year or a part of one: `2023年`, `去年底`.
    Year,
    /// More than a year: `20世纪80年代`, `“十四五”期间`.
    Long,
    /// From one date to another: `5月8日至10日`.
    Range,
    /// So many days, months or years up to the reference or after it: `近三年`.
    Rolling,
    /// About the time of the reference: `近日`, `日前`.
    Vague,
}

/// Which year a date without one is in (which month, which week).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lean {
    /// The one nearest to the reference, as in news.
    #[default]
    Nearest,
    /// The last one before the reference.
    Past,
    /// The first one from the reference on.
    Future,
}

/// A date or period that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateMention {
    /// Its first character.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// The characters themselves.
    pub text: String,
    /// The first day meant. `None` where nothing says it: the year is missing and there is
    /// no reference, no such day exists (`2月30日`), or it is a day of the lunar calendar.
    pub from: Option<Date>,
    /// The last day meant; the same as `from` for a day.
    pub to: Option<Date>,
    /// How fine it is meant.
    pub granularity: Granularity,
    /// Whether the days follow from the reference or from a date before it in the text,
    /// and not from the words alone.
    pub relative: bool,
    /// Whether it is given in the lunar calendar (`正月初一`).
    pub lunar: bool,
}

/// The dates of a text in their order. `reference` is the day the text was published.
///
/// A date without year, month or week is the nearest to the reference; `当天`, `同年`,
/// `次日` follow the date before them in the text. Without a reference the last date
/// of the text that has a year stands in for it.
#[must_use]
pub fn read_dates(text: &str, reference: Option<Date>) -> Vec<DateMention> {
    read_dates_leaning(text, reference, Lean::Nearest)
}

/// As [`read_dates`], with a choice of which year is meant where none is given.
#[must_use]
pub fn read_dates_leaning(text: &str, reference: Option<Date>, lean: Lean) -> Vec<DateMention> {
    let mut context = Context::new(reference, lean);
    let mut found = Vec::new();
    let mut source = text.chars();
    let mut passed = 0;
    for piece in pieces(text) {
        scan(&piece, &mut context, |start, end, resolved| {
            let text = source.by_ref().skip(start - passed).take(end - start).collect();
            passed = end;
            found.push(DateMention { start, end, text, ..resolved });
        });
    }
    found
}

/// Hands over the dates of one piece with their places in the text.
fn scan(piece: &Piece, context: &mut Context, mut found: impl FnMut(usize, usize, DateMention)) {
    let mut i = 0;
    let mut last = None;
    while i < piece.chars.len() {
        if !expr::may_begin(piece.chars[i]) {
            i += 1;
            continue;
        }
        match range::read(piece, i) {
            Some((expr, end)) => {
                let listed = last.is_some_and(|last| last + 1 == i && piece.is_any(last, "、,，和及与"));
                let resolved = context.resolve(&expr, listed);
                last = Some(end);
                found(piece.at[i], piece.at[end - 1] + 1, resolved);
                i = end;
            }
            None => i = piece.figure_end(i).max(i + 1),
        }
    }
}

#[cfg(test)]
mod tests;

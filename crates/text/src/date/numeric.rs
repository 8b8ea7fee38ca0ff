//! Dates in digits alone: 2023-12-18, 2010/01/29, 13.5.2015, 20240307.

use super::expr::{Expr, Month, Part, Year};
use super::year::century;
use crate::piece::{Figure, Piece};

/// The date in digits at `i` and the place after it. `joined` where a dash before it
/// joins it to another date.
pub(super) fn read(piece: &Piece, i: usize, joined: bool) -> Option<(Expr, usize)> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '_' | '%' | '$' | '¥');
    if !joined && piece.behind(i, 1).is_some_and(inside) && !piece.gap(i) {
        return None;
    }
    let first = digits(piece, i)?;
    let (expr, end) = three(piece, i, first).or_else(|| packed(first)).or_else(|| two(piece, i, first))?;
    let next = piece.get(end).filter(|_| !piece.gap(end));
    let after = piece.get(end + 1).is_some_and(|c| c.is_ascii_digit());
    let goes_on = match next {
        Some('.' | '/' | '·') => after,
        Some('-') => after && !range_follows(piece, end + 1),
        Some(c) => c.is_ascii_alphanumeric() || matches!(c, '%' | '_'),
        None => false,
    };
    (!goes_on).then_some((expr, end))
}

/// Whether what follows a dash can be the end of a range in digits: as long as a full date.
fn range_follows(piece: &Piece, i: usize) -> bool {
    let end = piece.run(i, |c| c.is_ascii_digit() || matches!(c, '.' | '/' | '-'));
    end - i >= 4
}

fn digits(piece: &Piece, i: usize) -> Option<Figure> {
    piece.figure(i).filter(|f| !f.chinese)
}

/// The part after a separator at `i`, and the separator; a blank is one.
fn part(piece: &Piece, i: usize) -> Option<(Figure, char)> {
    let c = piece.get(i)?;
    if c.is_ascii_digit() && piece.gap(i) {
        return Some((digits(piece, i)?, ' '));
    }
    if !matches!(c, '-' | '/' | '.' | '·') || piece.gap(i) || piece.gap(i + 1) {
        return None;
    }
    Some((digits(piece, i + 1)?, c))
}

/// Year, month and day in any order that is in use.
fn three(piece: &Piece, i: usize, first: Figure) -> Option<(Expr, usize)> {
    let (second, a) = part(piece, first.end)?;
    let (third, b) = part(piece, second.end)?;
    if second.width > 2 || a != b && first.width != 4 {
        return None;
    }
    if a == ' ' && (first.width, second.width, third.width) != (4, 2, 2) {
        return None;
    }
    let ymd = |y: i64, m: i64, d: i64| day(y, m, d).map(|e| (e, third.end));
    match (first.width, third.width) {
        (4, 1 | 2) => ymd(first.value, second.value, third.value),
        (1 | 2, 4) => {
            ymd(third.value, second.value, first.value).or_else(|| ymd(third.value, first.value, second.value))
        }
        (1 | 2, 1 | 2) if matches!(a, '-' | '/') && !piece.behind(i, 1).is_some_and(|c| "第比".contains(c)) => {
            let year = |f: Figure| i16::try_from(f.value).ok().map(|v| i64::from(century(v)));
            let year_first = if first.width == 2 { ymd(year(first)?, second.value, third.value) } else { None };
            let year_last = || {
                let year = year(third).filter(|_| third.width == 2)?;
                ymd(year, second.value, first.value)
            };
            year_first.or_else(year_last)
        }
        _ => None,
    }
}

/// `20240307`
fn packed(first: Figure) -> Option<(Expr, usize)> {
    let (year, rest) = (first.value / 10_000, first.value % 10_000);
    if first.width != 8 || !(1900..2100).contains(&year) {
        return None;
    }
    Some((day(year, rest / 100, rest % 100)?, first.end))
}

/// Year and month, or month and day.
fn two(piece: &Piece, i: usize, first: Figure) -> Option<(Expr, usize)> {
    let (second, separator) = part(piece, first.end)?;
    if first.width == 4 && second.width == 2 && (1900..2100).contains(&first.value) && separator != ' ' {
        // 2018.05 alone is a number.
        let ranged = piece.is_any(second.end, "-~至到") || piece.behind(i, 1).is_some_and(|c| "至到-~".contains(c));
        let month = i8::try_from(second.value).ok().filter(|m| (1..=12).contains(m))?;
        let year = i16::try_from(first.value).ok()?;
        let expr = Expr::Calendar { year: Some(Year::At(year)), month: Some(Month::At(month)), part: Part::Whole };
        return (separator != '.' || ranged).then_some((expr, second.end));
    }
    let plausible = match separator {
        // 1/2 is a half.
        '/' => first.value > second.value || first.padded,
        '-' => first.padded && first.width == 2 && second.width == 2,
        '·' => true,
        _ => false,
    };
    if !plausible || first.width > 2 || second.width > 2 {
        return None;
    }
    let (month, day) = month_and_day(first.value, second.value)?;
    Some((Expr::in_year(Some(Month::At(month)), Part::Day(day)), second.end))
}

fn month_and_day(month: i64, day: i64) -> Option<(i8, i8)> {
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    Some((i8::try_from(month).ok()?, i8::try_from(day).ok()?)).filter(|_| fits)
}

fn day(year: i64, month: i64, day: i64) -> Option<Expr> {
    let (month, day) = month_and_day(month, day)?;
    let year = i16::try_from(year).ok().filter(|y| (1..=2999).contains(y))?;
    Some(Expr::Calendar { year: Some(Year::At(year)), month: Some(Month::At(month)), part: Part::Day(day) })
}

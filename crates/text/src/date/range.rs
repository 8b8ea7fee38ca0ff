//! A date, or from one date to another.

use super::expr::{Expr, Month, Part, Year};
use super::{absolute, numeric, relative};
use crate::fold::is_han;
use crate::piece::Piece;

/// The date or range at `i` and the place after it.
pub(super) fn read(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    if let Some(from) = piece.eat_any(i, &["从", "自"]) {
        return joined(piece, from).or_else(|| bare_years(piece, from));
    }
    if let Some(from) = piece.eat(i, "在") {
        return between(piece, from);
    }
    between(piece, i)
        .or_else(|| joined(piece, i))
        .or_else(|| single(piece, i, false))
        .or_else(|| absolute::bare_day(piece, i))
        .or_else(|| bare_year(piece, i))
}

/// One date; `joined` where it ends a range.
fn single(piece: &Piece, i: usize, joined: bool) -> Option<(Expr, usize)> {
    numeric::read(piece, i, joined).or_else(|| absolute::read(piece, i)).or_else(|| relative::read(piece, i))
}

/// `5月8日至10日`, `2016年—2018年`, `5至6月`
fn joined(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let (first, end) = single(piece, i, false).or_else(|| absolute::bare_day(piece, i)).or_else(|| shortened(piece, i))?;
    let from = joint(piece, end)?;
    let (second, end) = second(piece, from, &first)?;
    Some((Expr::Range(Box::new(first), Box::new(second)), end))
}

/// Where the second date of a range begins.
pub(super) fn joint(piece: &Piece, end: usize) -> Option<usize> {
    let end = piece.skip(end, &["起", "开始", "份"]);
    piece.eat_any(end, &["到", "至", "--", "-", "~~", "~"])
}

/// `2007年与2009年间`
fn between(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let (first, end) = single(piece, i, false)?;
    let from = piece.eat_any(end, &["与", "和", "到", "至"])?;
    let (second, end) = second(piece, from, &first)?;
    let end = piece.eat_any(end, &["之间", "间"])?;
    Some((Expr::Range(Box::new(first), Box::new(second)), end))
}

/// The second date of a range. It may lack what the first has.
fn second(piece: &Piece, i: usize, first: &Expr) -> Option<(Expr, usize)> {
    if let Some(end) = piece.eat(i, "今").filter(|&end| !piece.is_any(end, "天年日后早晚")) {
        return Some((Expr::Days(0), end));
    }
    if let Some(found) = single(piece, i, true).filter(|(e, _)| fits(first, e)) {
        return Some(found);
    }
    let Expr::Calendar { part: Part::Day(_), .. } = first else { return None };
    let figure = piece.figure(i).filter(|f| (1..=31).contains(&f.value) && f.width <= 3)?;
    let end = piece.eat_any(figure.end, &["日", "号"])?;
    Some((Expr::in_year(None, Part::Day(i8::try_from(figure.value).ok()?)), end))
}

/// Whether a date can end a range that begins with another: not `9日至今年`, not a vague one.
fn fits(first: &Expr, second: &Expr) -> bool {
    let vague = |e: &Expr| matches!(e, Expr::Vague | Expr::Lunar | Expr::Rolling { .. } | Expr::Range(..));
    !vague(first) && !vague(second)
}

/// A number at `i` whose unit stands only after the second number: `5至6月`, `2016-2018年`.
fn shortened(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let first = piece.figure(i)?;
    let from = joint(piece, first.end)?;
    let second = piece.figure(from).filter(|s| s.chinese == first.chinese && s.value > first.value)?;
    let behind = piece.behind(i, 1);
    if behind.is_some_and(|c| c.is_ascii_alphanumeric() || "-./~第近每约".contains(c)) {
        return None;
    }
    let value = i8::try_from(first.value).ok();
    let expr = match piece.get(second.end)? {
        '年' if first.width == 4 && second.width == 4 && first.positional => {
            let year = i16::try_from(first.value).ok().filter(|y| (1000..2300).contains(y))?;
            Expr::Calendar { year: Some(Year::At(year)), month: None, part: Part::Whole }
        }
        '月' if (1..=11).contains(&first.value) && second.value <= 12 => {
            Expr::in_year(Some(Month::At(value?)), Part::Whole)
        }
        '日' | '号' if (1..=30).contains(&first.value) && second.value <= 31 => {
            absolute::bare_day(piece, from)?;
            Expr::in_year(None, Part::Day(value?))
        }
        _ => return None,
    };
    Some((expr, first.end))
}

/// `从2016到2018`
fn bare_years(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let year = |i: usize| {
        let figure = piece.figure(i).filter(|f| f.width == 4 && f.positional && (1900..2100).contains(&f.value))?;
        let year = Year::At(i16::try_from(figure.value).ok()?);
        Some((Expr::Calendar { year: Some(year), month: None, part: Part::Whole }, figure.end))
    };
    let (first, end) = year(i)?;
    let (second, end) = year(joint(piece, end)?)?;
    let counts = piece.get(end).is_some_and(|c| c.is_ascii_alphanumeric() || "年万亿元个人家".contains(c));
    (!counts).then(|| (Expr::Range(Box::new(first), Box::new(second)), end))
}

/// A year in four digits alone: `2023世界机器人大会`. What stands beside it must not make
/// it a number of things or the number of a thing.
fn bare_year(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let figure = piece.figure(i).filter(|f| f.width == 4 && !f.chinese && (1500..=2100).contains(&f.value))?;
    let number = |c: char| c.is_ascii_alphanumeric() || "-./~:,_%$¥#号编码话真第约近达共计有超过为仅".contains(c);
    let thing = |c: char| !is_han(c) || "年号版型款系毫厘平立瓦赫伏".contains(c) || absolute::COUNTED.contains(c);
    if piece.behind(i, 1).is_some_and(number) || piece.get(figure.end).is_none_or(thing) {
        return None;
    }
    let year = Year::At(i16::try_from(figure.value).ok()?);
    Some((Expr::Calendar { year: Some(year), month: None, part: Part::Whole }, figure.end))
}

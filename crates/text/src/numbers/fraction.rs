//! Fractions: `五分之一`, `3又二分之一`, `3/5`, `1 4/3`.

use super::numeral::{self, Numeral};
use super::{NumberKind, Read};
use crate::piece::Piece;

/// The fraction that begins with a numeral at `i`. Its start is `i`.
pub(super) fn read(piece: &Piece, i: usize, first: &Numeral) -> Option<Read> {
    let found = |value: f64, end: usize| Read {
        start: i,
        end,
        value,
        kind: NumberKind::Fraction,
        numeral: (i, end),
        plain: value,
        cardinal: None,
    };
    if let Some((value, end)) = spoken(piece, first).or_else(|| stroke(piece, i, first)) {
        return Some(found(value, end));
    }
    if first.decimal {
        return None;
    }
    if let Some(from) = piece.eat(first.end, "又") {
        let lower = numeral::read(piece, from)?;
        let (part, end) = spoken(piece, &lower)?;
        return Some(found(first.value + part, end));
    }
    // 1 4/3: a blank parts the whole from its fraction.
    if !first.chinese && piece.gap(first.end) {
        let upper = numeral::read(piece, first.end)?;
        let (part, end) = stroke(piece, first.end, &upper)?;
        return Some(found(first.value + part, end));
    }
    None
}

/// `五分之一`: the value and the end.
fn spoken(piece: &Piece, lower: &Numeral) -> Option<(f64, usize)> {
    let from = piece.eat(lower.end, "分之")?;
    let negative = piece.eat(from, "负");
    let upper = numeral::read(piece, negative.unwrap_or(from))?;
    let value = upper.value / lower.value;
    value.is_finite().then_some((if negative.is_some() { -value } else { value }, upper.end))
}

/// `3/5`: whole numbers with nothing that goes on.
fn stroke(piece: &Piece, i: usize, upper: &Numeral) -> Option<(f64, usize)> {
    let whole = |n: &Numeral| !n.chinese && !n.decimal;
    let tight = |at: usize| !piece.gap(at) && !piece.gap(at + 1);
    if !whole(upper) || piece.get(upper.end) != Some('/') || !tight(upper.end) || piece.behind(i, 1) == Some('/') {
        return None;
    }
    let lower = numeral::read(piece, upper.end + 1).filter(whole)?;
    let goes_on = piece.get(lower.end).is_some_and(|c| c == '/' || c.is_ascii_alphabetic());
    let value = upper.value / lower.value;
    (!goes_on && value.is_finite()).then_some((value, lower.end))
}

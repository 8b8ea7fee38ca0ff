//! Digits with commas, decimals and exponents, and what stands after them.

use super::numeral::{LONGEST, Numeral, power};
use super::sum::Sum;
use crate::numeral::chinese_digit;
use crate::piece::Piece;

/// Digits with their commas, decimals and exponent, as one plain number; where they end;
/// whether they have decimals.
pub(super) fn figures(piece: &Piece, i: usize) -> Option<(String, usize, bool)> {
    let digits = |from: usize| piece.run(from, |c| c.is_ascii_digit());
    let whole = if piece.get(i) == Some('.') { i } else { digits(i) };
    let point =
        |at: usize| piece.get(at) == Some('.') && !piece.gap(at) && !piece.gap(at + 1) && digits(at + 1) > at + 1;
    let mut end = whole;
    if (1..=3).contains(&(end - i)) {
        let group = |at: usize, comma: &str| {
            piece.is_any(at, comma) && !piece.gap(at) && !piece.gap(at + 1) && digits(at + 1) == at + 4
        };
        // 82，225.00: a full-width comma counts where the number goes on after its thousands.
        let wide = |at: usize| group(at, "，") && (group(at + 4, ",") || point(at + 4));
        while group(end, ",") || wide(end) {
            end += 4;
        }
    }
    let chained = i > 1 && piece.get(i - 1) == Some('.') && piece.chars[i - 2].is_ascii_digit();
    let mut decimal = false;
    // 1.2.3 is a version.
    if point(end) && !chained && !point(digits(end + 1)) {
        decimal = true;
        end = digits(end + 1);
    }
    if end == i || end - i > LONGEST {
        return None;
    }
    let mut text: String = piece.chars[i..end].iter().filter(|c| !matches!(c, ',' | '，')).collect();
    if text.starts_with('.') {
        text.insert(0, '0');
    }
    if matches!(piece.get(end), Some('e' | 'E')) && !piece.gap(end) {
        let signed = end + 1 + usize::from(piece.is_any(end + 1, "+-"));
        let stop = digits(signed);
        let letter = piece.get(stop).is_some_and(|c| c.is_ascii_alphanumeric());
        if stop > signed && stop - signed <= 3 && !letter {
            let exponent: String = piece.chars[end + 1..stop].iter().filter(|c| **c != '+').collect();
            let value: f64 = format!("{text}e{exponent}").parse().ok().filter(|v: &f64| v.is_finite())?;
            return Some((format!("{value}"), stop, true));
        }
    }
    Some((text, end, decimal))
}

/// Takes in what stands after digits: `^5`, `k`, `M`.
pub(super) fn finish(piece: &Piece, i: usize, mut out: Numeral, sum: &Sum) -> Numeral {
    if out.chinese || sum.waiting.is_none() {
        return out;
    }
    if piece.get(out.end) == Some('^') {
        let signs = piece.chars[out.end + 1..].iter().take(3).take_while(|c| matches!(c, '+' | '-')).count();
        let from = out.end + 1 + signs;
        let negative = piece.chars[out.end + 1..from].iter().filter(|c| **c == '-').count() % 2 == 1;
        if let Some(figure) = piece.figure(from).filter(|f| !f.chinese && f.width <= 3) {
            let power = figure.value as f64;
            let value = out.value.powf(if negative { -power } else { power });
            if value.is_finite() {
                return Numeral { value, end: figure.end, decimal: true, ..out };
            }
        }
    }
    let letter = piece.get(out.end + 1).is_some_and(|c| c.is_ascii_alphanumeric()) && !piece.gap(out.end + 1);
    let by = match piece.get(out.end) {
        Some('k' | 'K') if !letter => 1e3,
        Some('M') if !letter && (piece.gap(out.end) || i == 0 || !piece.chars[i - 1].is_ascii_alphanumeric()) => 1e6,
        _ => return out,
    };
    out.value *= by;
    out.end += 1;
    out
}

/// The decimals after 点, and the power after them.
pub(super) fn decimals(piece: &Piece, out: Numeral) -> Numeral {
    let from = out.end + 1;
    if !out.chinese || piece.get(out.end) != Some('点') || out.most.is_some() {
        return out;
    }
    let end = piece.run(from, |c| chinese_digit(c).is_some() && c != '两');
    // 三点二十分 is a time.
    if end == from || end - from > 20 || piece.is_any(end, "十百千分刻钟") {
        return out;
    }
    let digits: String =
        piece.chars[from..end].iter().filter_map(|c| chinese_digit(*c)).map(|d| char::from(b'0' + d)).collect();
    let mut power_after = 0;
    let mut stop = end;
    while let Some(p) = power(piece, stop).filter(|p| *p >= 2) {
        power_after += p;
        stop += 1;
    }
    match format!("{}.{digits}e{power_after}", out.value).parse() {
        Ok(value) => Numeral { value, end: stop, positional: false, decimal: true, ..out },
        Err(_) => out,
    }
}

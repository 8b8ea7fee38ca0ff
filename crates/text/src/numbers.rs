//! Numbers in running text: cardinals, fractions, shares, ordinals.

use crate::piece::{Piece, pieces};
use share::Share;

mod figures;
mod fraction;
mod numeral;
mod share;
mod sum;
mod words;

pub(crate) use numeral::{Numeral, magnitude};

/// What sort of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberKind {
    /// How many or how much: `1,200`, `三千八百`, `3.5万`, `-2`.
    Cardinal,
    /// `五分之一`, `3/5`, `一又二分之一`
    Fraction,
    /// A share, its value in per cent: `25%`, `百分之五`, `三成`, `八折`, `2.4个百分点`.
    Percent,
    /// `第三`, `第二十`
    Ordinal,
}

/// A number that stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberMention {
    /// Its first character.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// The characters themselves.
    pub text: String,
    /// Its value; of a share in per cent.
    pub value: f64,
    /// What sort of number it is.
    pub kind: NumberKind,
    /// The first and one past the last character of the numeral in it: that of `百分之五` is `五`.
    /// Empty where the words have none (`对折`).
    pub numeral: (usize, usize),
    /// The numeral's own value.
    pub plain: f64,
}

/// A number as it was found in a piece; places count the piece's characters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) value: f64,
    pub(crate) kind: NumberKind,
    pub(crate) numeral: (usize, usize),
    pub(crate) plain: f64,
    /// What of it is a cardinal that may have a unit; `None` for the other kinds.
    pub(crate) cardinal: Option<Numeral>,
}

impl Read {
    /// The most it can be.
    pub(crate) fn most(&self) -> f64 {
        self.cardinal.and_then(|n| n.most).unwrap_or(self.value)
    }
}

/// The numbers of a text in their order. Numerals that are part of a word (`四川`, `一切`),
/// of a code (`A2`) or an address of the web are none.
#[must_use]
pub fn read_numbers(text: &str) -> Vec<NumberMention> {
    let mut found = Vec::new();
    let mut source = text.chars();
    let mut passed = 0;
    for piece in pieces(text) {
        scan(&piece, |read| {
            // 3D, 168cm: letters make it a name or a quantity. 三五百 has no one value.
            let named = read.kind == NumberKind::Cardinal && letter_follows(&piece, read.end);
            if named || read.cardinal.is_some_and(|n| n.side_by_side) {
                return;
            }
            let place = |i: usize, end: usize| {
                let start = piece.at[i];
                (start, if end > i { piece.at[end - 1] + 1 } else { start })
            };
            let (start, end) = place(read.start, read.end);
            let text = source.by_ref().skip(start - passed).take(end - start).collect();
            passed = end;
            let numeral = place(read.numeral.0, read.numeral.1);
            let Read { value, kind, plain, .. } = read;
            found.push(NumberMention { start, end, text, value, kind, numeral, plain });
        });
    }
    found
}

fn letter_follows(piece: &Piece, end: usize) -> bool {
    piece.get(end).is_some_and(|c| c.is_ascii_alphabetic()) && !piece.gap(end)
}

/// Hands over the numbers of a piece in their order.
pub(crate) fn scan(piece: &Piece, mut found: impl FnMut(Read)) {
    let mut i = 0;
    while i < piece.chars.len() {
        if piece.chars[i].is_ascii_alphabetic() {
            i = word_end(piece, i);
        } else if !may_begin(piece.chars[i]) {
            i += 1;
        } else if let Some(read) = read(piece, i) {
            i = read.end;
            found(read);
        } else {
            i = numeral_end(piece, i).max(i + 1);
        }
    }
}

/// The number at `i`.
fn read(piece: &Piece, i: usize) -> Option<Read> {
    if let Some(found) = share::before(piece, i) {
        return Some(found.at(i));
    }
    if piece.chars[i] == '第' {
        let numeral = numeral::read(piece, i + 1).filter(|n| !n.decimal && n.most.is_none())?;
        let mut read = cardinal(i + 1, numeral);
        (read.start, read.kind, read.cardinal) = (i, NumberKind::Ordinal, None);
        return Some(read);
    }
    let (from, negative) = sign(piece, i)?;
    let numeral = numeral::read(piece, from)?;
    if let Some(found) = fraction::read(piece, from, &numeral).filter(|_| !numeral.side_by_side) {
        return Some(signed(Read { start: i, numeral: (i, found.end), plain: found.value, ..found }, negative));
    }
    if let Some(Share { percent, end }) = share::after(piece, from, &numeral).filter(|_| !numeral.side_by_side) {
        let whole = cardinal(i, numeral);
        let value = if negative { -percent } else { percent };
        return Some(Read { value, end, kind: NumberKind::Percent, cardinal: None, ..signed(whole, negative) });
    }
    let no_number = from == i && words::is_word(piece, i, &numeral) || !bounded(piece, i, &numeral);
    (!no_number).then(|| {
        let mut read = signed(cardinal(i, numeral), negative);
        if let Some(dozens) = dozen(piece, &numeral) {
            (read.end, read.numeral.1) = (numeral.end + 1, numeral.end + 1);
            (read.value, read.plain, read.cardinal) = (dozens, dozens, None);
        }
        read
    })
}

fn cardinal(i: usize, n: Numeral) -> Read {
    Read {
        start: i,
        end: n.end,
        value: n.value,
        kind: NumberKind::Cardinal,
        numeral: (i, n.end),
        plain: n.value,
        cardinal: Some(n),
    }
}

fn signed(mut read: Read, negative: bool) -> Read {
    if negative {
        (read.value, read.plain) = (-read.value, -read.plain);
    }
    read
}

/// Where the numeral begins that is at `i` or after a sign there, and whether it is negative.
fn sign(piece: &Piece, i: usize) -> Option<(usize, bool)> {
    let before = piece.behind(i, 1).filter(|_| !piece.gap(i));
    match piece.chars[i] {
        '负' => Some((i + 1, true)),
        '-' => {
            let sign = !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | ')' | '.' | '_' | '%'));
            let figure = piece.get(i + 1).is_some_and(|c| c.is_ascii_digit() || c == '.') && !piece.gap(i + 1);
            (sign && figure).then_some((i + 1, true))
        }
        '.' => {
            let point = !before.is_some_and(|c| c.is_alphanumeric() || c == '.');
            (point && piece.get(i + 1).is_some_and(|c| c.is_ascii_digit())).then_some((i, false))
        }
        _ => Some((i, false)),
    }
}

/// `一打`, `五十打`: twelve of each.
fn dozen(piece: &Piece, numeral: &Numeral) -> Option<f64> {
    let verb = "造印开击破工折响卡通包扫捞假赢赌仗磨动电点下好住";
    let dozen = piece.get(numeral.end) == Some('打') && !piece.is_any(numeral.end + 1, verb);
    (numeral.chinese && dozen).then_some(numeral.value * 12.0)
}

/// Whether nothing beside the numeral makes it part of a code.
fn bounded(piece: &Piece, i: usize, numeral: &Numeral) -> bool {
    let code = piece.behind(i, 1).is_some_and(|c| c.is_ascii_alphabetic() || c == '_') && !piece.gap(i);
    !code || numeral.chinese
}

/// The end of the word of letters and digits at `i`; of an address of the web, its whole end.
fn word_end(piece: &Piece, i: usize) -> usize {
    let end = piece.run(i, |c| c.is_ascii_alphanumeric() || c == '_');
    if piece.starts(end, "://") || piece.starts(i, "www.") {
        return piece.run(end.max(i + 1), |c| c.is_ascii_graphic());
    }
    end
}

/// The end of a numeral that was none: no number begins inside it.
fn numeral_end(piece: &Piece, i: usize) -> usize {
    let numeral =
        |c: char| c.is_ascii_digit() || crate::numeral::chinese_digit(c).is_some() || "十百千万亿".contains(c);
    piece.run(i, numeral)
}

/// Whether a number can begin with a character.
fn may_begin(c: char) -> bool {
    c.is_ascii_digit()
        || crate::numeral::chinese_digit(c).is_some()
        || "-.负第半打几数俩仨廿卅十拾百佰千仟万".contains(c)
}

#[cfg(test)]
mod tests;

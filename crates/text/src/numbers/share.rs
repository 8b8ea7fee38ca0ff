//! Shares: `25%`, `百分之五`, `2.4个百分点`, `三成`, `八五折`, `对折`.

use super::numeral::{self, Numeral};
use super::{NumberKind, Read};
use crate::piece::Piece;

/// A share in per cent and its end.
pub(super) struct Share {
    pub(super) percent: f64,
    pub(super) end: usize,
}

/// A share that begins with its words.
pub(super) struct Worded {
    start: usize,
    share: Share,
    numeral: (usize, usize),
    plain: f64,
}

impl Worded {
    pub(super) fn at(self, i: usize) -> Read {
        let Self { start, share, numeral, plain } = self;
        debug_assert!(start >= i);
        Read { start, end: share.end, value: share.percent, kind: NumberKind::Percent, numeral, plain, cardinal: None }
    }
}

/// What 百 and its like before 分之 mean in per cent.
const PARTS: &[(&str, f64)] = &[
    ("百万万分之", 1e-8),
    ("万万分之", 1e-6),
    ("千万分之", 1e-5),
    ("百万分之", 1e-4),
    ("万分之", 1e-2),
    ("千分之", 1e-1),
    ("仟分之", 1e-1),
    ("百分之", 1.0),
    ("佰分之", 1.0),
];

/// A share whose words stand before its numeral, or that has none, at `i`.
pub(super) fn before(piece: &Piece, i: usize) -> Option<Worded> {
    if piece.starts(i, "打对折") {
        let share = Share { percent: 50.0, end: i + 3 };
        return Some(Worded { start: i + 1, share, numeral: (i + 1, i + 1), plain: 0.0 });
    }
    if let Some(end) = piece.eat(i, "半").filter(|&end| is_tenth(piece, end)) {
        let percent = if piece.get(end) == Some('成') { 5.0 } else { 50.0 };
        return Some(Worded { start: i, share: Share { percent, end: end + 1 }, numeral: (i, end), plain: 0.5 });
    }
    let (part, from) = piece.word(i, PARTS)?;
    if piece.starts(from, "百") && !piece.starts(from, "百分") {
        let share = Share { percent: 100.0 * part, end: from + 1 };
        return Some(Worded { start: i, share, numeral: (from, from + 1), plain: 100.0 });
    }
    let negative = piece.eat(from, "负");
    let numeral = numeral::read(piece, negative.unwrap_or(from)).filter(|n| !n.side_by_side)?;
    let value = if negative.is_some() { -numeral.value } else { numeral.value };
    // Not part × value: 0.1 × 11.1 is a little off.
    let percent = value / (1.0 / part).round();
    Some(Worded { start: i, share: Share { percent, end: numeral.end }, numeral: (from, numeral.end), plain: value })
}

/// The share that a numeral at `i` begins.
pub(super) fn after(piece: &Piece, i: usize, numeral: &Numeral) -> Option<Share> {
    let end = numeral.end;
    let share = |percent: f64, end: usize| Some(Share { percent, end });
    if let Some(end) = piece.eat_any(end, &["个百分点", "百分点"]) {
        return share(numeral.value, end);
    }
    match piece.get(end)? {
        '%' => share(numeral.value, end + 1),
        '‰' => share(numeral.value / 10.0, end + 1),
        '成' if is_tenth(piece, end) => tenths(piece, numeral),
        '折' if is_tenth(piece, end) => discount(piece, i, numeral),
        // 7 2折: digits said one by one.
        c if c.is_ascii_digit() && piece.gap(end) && numeral.value < 10.0 && !numeral.decimal => {
            let second = piece.figure(end).filter(|f| f.width == 1 && piece.get(f.end) == Some('折'))?;
            share(numeral.value * 10.0 + second.value as f64, second.end + 1)
        }
        c => {
            let second = crate::numeral::chinese_digit(c).filter(|_| piece.gap(end) && numeral.positional)?;
            (piece.get(end + 1) == Some('折'))
                .then(|| Share { percent: numeral.value * 10.0 + f64::from(second), end: end + 2 })
        }
    }
}

/// Whether 成 or 折 at `i` ends a share and begins no other word.
fn is_tenth(piece: &Piece, i: usize) -> bool {
    let next = match piece.get(i) {
        Some('成') => "立员果都为本功就效长熟分人交绩因套不品团型",
        Some('折') => "叠合射扣腾断线旧算页返",
        _ => return false,
    };
    !piece.is_any(i + 1, next)
}

/// `三成`, `三成半`, `七成六`
fn tenths(piece: &Piece, numeral: &Numeral) -> Option<Share> {
    let end = numeral.end + 1;
    let whole = numeral.value * 10.0;
    if !(0.0..=100.0).contains(&numeral.value) || numeral.positional && numeral.value >= 11.0 {
        return None;
    }
    if let Some(end) = piece.eat(end, "半") {
        return Some(Share { percent: whole + 5.0, end });
    }
    let units = piece
        .get(end)
        .and_then(crate::numeral::chinese_digit)
        .filter(|_| numeral.chinese && !piece.get(end + 1).is_some_and(crate::fold::is_han));
    Some(match units {
        Some(units) => Share { percent: whole + f64::from(units), end: end + 1 },
        None => Share { percent: whole, end },
    })
}

/// `八折` is 80 %, `八五折` and `85折` 85 %; `十折` is none.
fn discount(piece: &Piece, i: usize, numeral: &Numeral) -> Option<Share> {
    let spoken_in_tens = numeral.chinese && !numeral.positional && !numeral.decimal;
    let (value, end) = (numeral.value, numeral.end + 1);
    if spoken_in_tens || piece.behind(i, 1) == Some('第') {
        return None;
    }
    match value {
        v if v <= 0.0 || v >= 100.0 => None,
        v if v < 10.0 => Some(Share { percent: v * 10.0, end }),
        v => Some(Share { percent: v, end }),
    }
}

//! Ages, temperatures and the units of everyday texts that requirements do not use.

use super::{Amount, AmountKind};
use crate::numbers::{NumberKind, Read};
use crate::piece::Piece;

/// Units that the table of units leaves out, and their symbols.
const UNITS: &[(&str, &str)] = &[
    ("公分", "cm"),
    ("两", "两"),
    ("钱重", "钱"),
    ("比特", "bit"),
    ("千比特", "kbit"),
    ("兆比特", "Mbit"),
    ("字节", "B"),
    ("千字节", "KB"),
    ("兆字节", "MB"),
    ("吉字节", "GB"),
    ("太字节", "TB"),
    ("光年", "光年"),
    ("里地", "里"),
];

/// What after a numeral and 度, 分 or 点 is no unit.
const NO_UNIT: &[(&str, &str)] = &[("度", "假过数量"), ("两", "岸者会院种个次名位家项"), ("点", "")];

/// A number and `岁` or `个月大`.
pub(super) fn age(piece: &Piece, number: &Read) -> Option<Amount> {
    const GROWN: &[(&str, &str)] = &[("周岁", "年"), ("岁", "年")];
    const OLD: &[(&str, &str)] = &[("个月大", "月"), ("周大", "周"), ("天大", "天"), ("个星期大", "周")];
    let (unit, end) = piece.word(number.end, GROWN).or_else(|| {
        let found = piece.word(number.end, OLD)?;
        (!piece.is_any(found.1, "学小楼厦")).then_some(found)
    })?;
    let (from, to) = (number.value, number.most());
    Some(Amount { start: number.start, end, from, to, unit: unit.to_owned(), kind: AmountKind::Age })
}

/// `华氏温度98.6度`, `85度`
pub(super) fn temperature(piece: &Piece, number: &Read, floor: usize) -> Option<Amount> {
    const SCALES: &[(&str, &str)] = &[("华氏温度", "℉"), ("华氏", "℉"), ("摄氏温度", "℃"), ("摄氏", "℃")];
    let end = piece.eat(number.end, "度").filter(|&end| !piece.is_any(end, "假过数量"))?;
    let scale = SCALES.iter().find_map(|(name, unit)| {
        let from = number.start.checked_sub(name.chars().count()).filter(|&from| from >= floor)?;
        piece.starts(from, name).then_some((*unit, from))
    });
    let (unit, start) = scale.unwrap_or(("°", number.start));
    if unit == "°" && piece.is_any(end, "电") {
        return None;
    }
    let start = if start == number.start { below_zero(piece, start) } else { start };
    let sign = if start < number.start && unit == "°" { -1.0 } else { 1.0 };
    let (from, to) = (number.value * sign, number.most() * sign);
    Some(Amount { start, end, from: from.min(to), to: from.max(to), unit: unit.to_owned(), kind: AmountKind::Measure })
}

/// Where `零下` before a number begins, if it stands there.
pub(super) fn below_zero(piece: &Piece, start: usize) -> usize {
    start.checked_sub(2).filter(|&from| piece.starts(from, "零下")).unwrap_or(start)
}

/// The everyday unit at `end` and the place after it.
pub(super) fn unit(piece: &Piece, end: usize) -> Option<(String, usize)> {
    let (symbol, stop) = UNITS.iter().find_map(|(name, symbol)| Some((*symbol, piece.eat(end, name)?)))?;
    let no_unit = NO_UNIT.iter().any(|(own, others)| *own == symbol && piece.is_any(stop, others));
    (!no_unit).then(|| (symbol.to_owned(), stop))
}

/// Whether a number and a symbol are no amount: dates, ordinals, counted words.
pub(super) fn is_no_unit(piece: &Piece, number: &Read, unit: &str) -> bool {
    let date = matches!(unit, "年" | "月" | "日" | "号" | "点" | "分" | "周" | "方" | "面");
    let next = piece.get(number.end);
    let dated = matches!(piece.behind(number.start, 1), Some('年' | '月')) && !piece.gap(number.start);
    date && (dated || number.cardinal.is_some_and(|n| n.chinese) || next == Some('月') || next == Some('号'))
        || piece.behind(number.start, 1) == Some(':')
        || unit == "年" && number.value >= 1000.0 && number.value.fract() == 0.0
        || unit == "%"
}

/// `半斤`, `半小时`: half of one unit.
pub(super) fn halves(piece: &Piece) -> Vec<Read> {
    const UNITS: &[&str] = &["斤", "公斤", "吨", "米", "公里", "小时", "亩", "升", "克", "两"];
    let half = |i: usize| {
        let unit = UNITS.iter().any(|u| piece.starts(i + 1, u));
        let inside = piece.behind(i, 1).is_some_and(|c| c.is_alphanumeric() && "多大一两米吨斤年天月时个".contains(c));
        (piece.chars[i] == '半' && unit && !inside).then(|| Read {
            start: i,
            end: i + 1,
            value: 0.5,
            kind: NumberKind::Cardinal,
            numeral: (i, i + 1),
            plain: 0.5,
            cardinal: None,
        })
    };
    (0..piece.chars.len()).filter_map(half).collect()
}

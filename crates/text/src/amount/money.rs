//! Sums of money: `3541.07万元`, `人民币50元`, `$20`, `五元三毛`, `十几万港币`.

use super::{Amount, AmountKind};
use crate::numbers::{Read, magnitude};
use crate::piece::Piece;

/// Names of currencies after an amount, the longer before those they end or begin with.
const NAMES: &[(&str, &str)] = &[
    ("元人民币", "CNY"),
    ("人民币", "CNY"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("美圆", "USD"),
    ("美刀", "USD"),
    ("欧元", "EUR"),
    ("日元", "JPY"),
    ("日圆", "JPY"),
    ("日币", "JPY"),
    ("港元", "HKD"),
    ("港币", "HKD"),
    ("港圆", "HKD"),
    ("新台币", "TWD"),
    ("台币", "TWD"),
    ("澳门元", "MOP"),
    ("澳门币", "MOP"),
    ("英镑", "GBP"),
    ("澳元", "AUD"),
    ("澳大利亚元", "AUD"),
    ("加拿大元", "CAD"),
    ("加元", "CAD"),
    ("新西兰元", "NZD"),
    ("新加坡元", "SGD"),
    ("瑞士法郎", "CHF"),
    ("瑞典克朗", "SEK"),
    ("挪威克朗", "NOK"),
    ("丹麦克朗", "DKK"),
    ("韩元", "KRW"),
    ("韩圆", "KRW"),
    ("韩币", "KRW"),
    ("卢布", "RUB"),
    ("泰铢", "THB"),
    ("印度卢比", "INR"),
    ("卢比", "INR"),
    ("越南盾", "VND"),
    ("印尼盾", "IDR"),
    ("林吉特", "MYR"),
    ("菲律宾比索", "PHP"),
    ("墨西哥比索", "MXN"),
    ("巴西雷亚尔", "BRL"),
    ("土耳其里拉", "TRY"),
    ("南非兰特", "ZAR"),
    ("奈拉", "NGN"),
    ("迪拉姆", "AED"),
    ("比特币", "XBT"),
    ("元", "CNY"),
    ("圆", "CNY"),
    ("块钱", "CNY"),
    ("块", "CNY"),
];

/// Names and signs before an amount.
const BEFORE: &[(&str, &str)] = &[
    ("人民币", "CNY"),
    ("新台币", "TWD"),
    ("港币", "HKD"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("日币", "JPY"),
    ("US$", "USD"),
    ("HK$", "HKD"),
    ("RMB", "CNY"),
    ("USD", "USD"),
    ("¥", "CNY"),
    ("￥", "CNY"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
];

/// What after 元, 圆 or 块 makes another word of it.
const OTHER_WORD: &[(char, &str)] = &[
    ('元', "素件器组数月旦宵首帅老宝化代气谋勋年"),
    ('圆', "形盘柱满周锥弧角心桌"),
    ('块', "状儿地头茎石砖电芯面板垒"),
];

/// Hundredths and tenths of a unit, as they follow it.
const SMALL: &[(&str, f64)] = &[("角", 0.1), ("毛", 0.1), ("美分", 0.01), ("分", 0.01), ("日本銭", 0.01), ("仙", 0.01)];

/// The sum of money that a number is, if a currency stands with it.
pub(super) fn read(piece: &Piece, number: &Read, floor: usize) -> Option<Amount> {
    let (front, start) = front(piece, number.start, floor);
    let mut to = number.most();
    let mut end = number.end;
    if let Some(open) = piece.eat_any(end, &["多", "余"]) {
        to = number.value + magnitude(number.value);
        end = open;
    }
    let (unit, mut end) = match (back(piece, end), front) {
        (Some(("CNY", end)), Some(named)) => (named, end),
        (Some((unit, end)), _) => (unit, end),
        (None, Some(unit)) => (unit, end),
        (None, None) => return None,
    };
    let mut from = number.value;
    while let Some((part, stop)) = small(piece, end) {
        (from, to, end) = (from + part, to + part, stop);
    }
    let end = piece.skip(end, &["整", "正"]);
    // Five and three tenths of a unit, not 5.300000000000001.
    let (from, to) = ((from * 1e4).round() / 1e4, (to * 1e4).round() / 1e4);
    Some(Amount { start, end, from, to, unit: unit.to_owned(), kind: AmountKind::Money })
}

/// The currency before a number, and where its name begins.
fn front(piece: &Piece, start: usize, floor: usize) -> (Option<&'static str>, usize) {
    for (name, unit) in BEFORE {
        let from = start.checked_sub(name.chars().count()).filter(|&from| from >= floor);
        if let Some(from) = from.filter(|&from| piece.starts(from, name)) {
            return (Some(unit), from);
        }
    }
    (None, start)
}

/// The currency after a number, and where its name ends.
fn back(piece: &Piece, end: usize) -> Option<(&'static str, usize)> {
    let (unit, stop) = piece.word(piece.skip(end, &["个"]), NAMES)?;
    let last = piece.chars[stop - 1];
    let next = piece.get(stop);
    let plain = matches!(last, '元' | '圆' | '块') && stop == end + 1;
    if plain && next.is_some_and(|c| OTHER_WORD.iter().any(|(own, others)| *own == last && others.contains(c))) {
        return None;
    }
    if last == '块'
        && next.is_some_and(|c| crate::fold::is_han(c) && !"和与或的以左上整一二三四五六七八九两".contains(c))
    {
        return None;
    }
    // 三万元欧元: the second word names the currency.
    if plain && let Some((named, stop)) = piece.word(stop, NAMES).filter(|(_, s)| *s > stop + 1) {
        return Some((named, stop));
    }
    Some((unit, stop))
}

/// `三毛`, `又三美分` after the unit: its value and end.
fn small(piece: &Piece, i: usize) -> Option<(f64, usize)> {
    let from = piece.skip(i, &["又", "零"]);
    let figure = piece.figure(from).filter(|f| f.value < 100)?;
    let (factor, end) = piece.word(figure.end, SMALL)?;
    let unit_alone = piece.chars[end - 1] == '分' && piece.is_any(end, "钟之别");
    (!unit_alone).then_some((figure.value as f64 * factor, piece.skip(end, &["钱"])))
}

//! The year of a date: 2023年, 07年, 二〇二三年, 去年, 康熙三年.

use super::era::first_year;
use super::expr::Year;
use crate::piece::Piece;

/// Words for a year by itself.
const WORDS: &[(&str, Year)] = &[
    ("今年", Year::Off(0)),
    ("本年", Year::Off(0)),
    ("这一年", Year::Off(0)),
    ("去年", Year::Off(-1)),
    ("上一年", Year::Off(-1)),
    ("上年", Year::Off(-1)),
    ("大前年", Year::Off(-3)),
    ("前年", Year::Off(-2)),
    ("大后年", Year::Off(3)),
    ("明年", Year::Off(1)),
    ("下一年", Year::Off(1)),
    ("来年", Year::Off(1)),
    ("后年", Year::Off(2)),
    ("当年", Year::Same(0)),
    ("同年", Year::Same(0)),
    ("次年", Year::Same(1)),
    ("翌年", Year::Same(1)),
];

/// What after two digits and 年 shows that they are a year and not so many years.
const IN_YEAR: &[&str] = &[
    "季度", "一季度", "二季度", "三季度", "四季度", "第一季", "第二季", "第三季", "第四季", "前三季", "上半年", "下半年", "底", "末",
    "年底", "年末", "年初", "月", "春", "夏", "秋", "冬", "暑假",
];

/// The year at `i` and the place after 年 or after the word.
pub(super) fn read(piece: &Piece, i: usize) -> Option<(Year, usize)> {
    if let Some((year, end)) = piece.word(i, WORDS) {
        let inside = piece.behind(i, 1).is_some_and(|c| match piece.chars[i] {
            '前' | '后' => matches!(c, '以' | '之' | '先' | '向' | '提' | '生' | '大'),
            '当' | '同' => matches!(c, '相' | '应' | '不' | '共'),
            _ => false,
        });
        return (!inside).then(|| (year, piece.skip(end, &["度"])));
    }
    if let Some(first) = first_year(|name| piece.starts(i, name)) {
        let name = piece.chars.get(i..i + 2)?.len();
        let count = piece.figure(i + name).filter(|f| (1..=120).contains(&f.value))?;
        let end = piece.eat(count.end, "年")?;
        return Some((Year::At(first + i16::try_from(count.value).ok()? - 1), end));
    }
    let from = piece.skip(i, &["公元前", "公元"]);
    let before_christ = from == i + 3;
    let figure = piece.figure(from)?;
    let end = piece.eat(figure.end, "年")?;
    let value = i16::try_from(figure.value).ok()?;
    if from > i {
        return Some((Year::At(if before_christ { 1 - value } else { value }), end));
    }
    let in_year = || IN_YEAR.iter().any(|w| piece.starts(end, w)) || month_follows(piece, end);
    let counted = piece.is_any(end, "来间前后内以之级期龄的历")
        && !["前后", "来到", "来自", "间谍"].iter().any(|w| piece.starts(end, w));
    let year = match (figure.width, figure.chinese) {
        (4, false) => {
            let round = value % 100 == 0 && piece.is_any(end, "来间前后的历以之") && !(1900..2100).contains(&value);
            (1000..2300).contains(&value).then_some(value).filter(|_| !round)?
        }
        (4, true) if figure.positional => value,
        (3, _)
            if figure.positional
                && (figure.chinese || piece.behind(i, 1).is_some_and(|c| "在于自从至到".contains(c))) =>
        {
            value
        }
        // 15年 counts years unless the words after it go on with the date.
        (2, false) if figure.padded || in_year() && !counted => century(value),
        (2, true) if figure.positional && (figure.padded || in_year() || !side_by_side(piece, i)) => century(value),
        (_, true) if !figure.positional && (1000..2300).contains(&value) => {
            let spelt = piece.chars[i..figure.end].contains(&'零');
            (spelt || month_follows(piece, end)).then_some(value)?
        }
        _ => return None,
    };
    Some((Year::At(year), piece.skip(end, &["度"])))
}

/// Whether a month follows, with or without 的.
fn month_follows(piece: &Piece, i: usize) -> bool {
    let i = piece.skip(i, &["的"]);
    let from = piece.skip(i, &["农历"]);
    piece.starts(from, "正月")
        || piece.figure(from).is_some_and(|f| (1..=12).contains(&f.value) && piece.starts(f.end, "月"))
}

/// Whether two Chinese digits say from so many to so many: 三五, 七八.
fn side_by_side(piece: &Piece, i: usize) -> bool {
    const ORDER: &str = "一二三四五六七八九";
    let place = |c: Option<char>| c.and_then(|c| ORDER.find(if c == '两' { '二' } else { c })).map(|b| b / 3);
    match (place(piece.get(i)), place(piece.get(i + 1))) {
        (Some(a), Some(b)) => b > a && b - a <= 2,
        _ => false,
    }
}

/// The full year of two digits: 07 is 2007, 33 is 1933.
pub(super) const fn century(two: i16) -> i16 {
    if two < 32 { 2000 + two } else { 1900 + two }
}

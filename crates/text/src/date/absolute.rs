//! Dates by year, month and day, and the parts of years and months.

use super::expr::{Expr, Month, Part};
use super::year;
use crate::piece::Piece;

/// Words for a month by itself.
const MONTHS: &[(&str, Month)] = &[
    ("本月", Month::Off(0)),
    ("这个月", Month::Off(0)),
    ("这月", Month::Off(0)),
    ("上上个月", Month::Off(-2)),
    ("上上月", Month::Off(-2)),
    ("上一个月", Month::Off(-1)),
    ("上个月", Month::Off(-1)),
    ("上月", Month::Off(-1)),
    ("下下个月", Month::Off(2)),
    ("下一个月", Month::Off(1)),
    ("下个月", Month::Off(1)),
    ("下月", Month::Off(1)),
    ("当月", Month::Same(0)),
    ("同月", Month::Same(0)),
    ("次月", Month::Same(1)),
];

/// Words for a part of a year that need no year before them.
const YEAR_PARTS: &[(&str, Part)] = &[
    ("上半年", Part::Half(1)),
    ("下半年", Part::Half(2)),
    ("年初", Part::Start),
    ("岁初", Part::Start),
    ("年中", Part::Middle),
    ("年底", Part::End),
    ("年末", Part::End),
    ("年终", Part::End),
    ("年内", Part::Whole),
    ("岁末", Part::End),
    ("上个季度", Part::QuarterOff(-1)),
    ("上季度", Part::QuarterOff(-1)),
    ("上一季度", Part::QuarterOff(-1)),
    ("本季度", Part::QuarterOff(0)),
    ("下个季度", Part::QuarterOff(1)),
    ("下季度", Part::QuarterOff(1)),
    ("首季度", Part::Quarters(1, 1)),
    ("首季", Part::Quarters(1, 1)),
    ("前三季度", Part::Quarters(1, 3)),
    ("前3季度", Part::Quarters(1, 3)),
    ("前三个季度", Part::Quarters(1, 3)),
    ("前两个季度", Part::Quarters(1, 2)),
    ("前两季度", Part::Quarters(1, 2)),
];

/// Words for a part of a year that stand only after one.
const AFTER_YEAR: &[(&str, Part)] = &[
    ("伊始", Part::Months(1, 1)),
    ("初", Part::Start),
    ("底", Part::End),
    ("末", Part::End),
    ("春季", Part::Season(1)),
    ("春天", Part::Season(1)),
    ("夏季", Part::Season(2)),
    ("夏天", Part::Season(2)),
    ("秋季", Part::Season(3)),
    ("秋天", Part::Season(3)),
    ("冬季", Part::Season(4)),
    ("冬天", Part::Season(4)),
    ("暑假", Part::Months(7, 8)),
    ("首月", Part::Months(1, 1)),
];

/// Words for a part of a month.
const MONTH_PARTS: &[(&str, Part)] = &[
    ("上旬", Part::Third(1)),
    ("中旬", Part::Third(2)),
    ("下旬", Part::Third(3)),
    ("月初", Part::Start),
    ("月底", Part::End),
    ("月末", Part::End),
    ("底", Part::End),
    ("末", Part::End),
];

/// What after 月 and a bare number shows that the number counts something.
pub(super) const COUNTED: &str = "%.,:年月个万亿千百元美港欧台家项名人次点时分多余所位种款辆套件场届期批支条座吨米公倍成折只头岁度小天周星字强部篇亩块口栋艘架处级层种";

/// The date at `i` that is given by year, month, day or a part of them.
pub(super) fn read(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    if let Some(from) = piece.eat_any(i, &["农历", "阴历"]) {
        let from = year::read(piece, from).map_or(from, |(_, end)| end);
        return lunar(piece, from, true);
    }
    if let Some((year, end)) = year::read(piece, i) {
        let from = piece.skip(end, &["的"]);
        let Some((month, part, inner)) = in_year(piece, from, true) else {
            let lunar_from = piece.skip(from, &["农历", "阴历"]);
            return Some(
                lunar(piece, lunar_from, lunar_from > from)
                    .unwrap_or_else(|| (Expr::Calendar { year: Some(year), month: None, part: Part::Whole }, end)),
            );
        };
        return Some((Expr::Calendar { year: Some(year), month, part }, inner));
    }
    lunar(piece, i, false).or_else(|| {
        let (month, part, end) = in_year(piece, i, false)?;
        Some((Expr::in_year(month, part), end))
    })
}

/// A month of the lunar calendar and its day; `marked` where a word before says so.
fn lunar(piece: &Piece, i: usize, marked: bool) -> Option<(Expr, usize)> {
    if let Some(end) = piece.eat(i, "大年") {
        let end = piece.eat_any(end, &["初一", "初二", "初三", "初四", "初五", "初六", "初七", "三十"])?;
        return Some((Expr::Lunar, end));
    }
    let (own, end) = match piece.eat_any(i, &["正月", "腊月", "冬月"]) {
        Some(end) => (true, end),
        None => {
            let figure = piece.figure(i).filter(|f| (1..=12).contains(&f.value))?;
            (false, piece.eat(figure.end, "月")?)
        }
    };
    let first_ten = piece.eat(end, "初");
    let day = piece.figure(first_ten.unwrap_or(end)).filter(|f| (1..=30).contains(&f.value));
    match day {
        Some(day) if own || first_ten.is_some() || marked => Some((Expr::Lunar, day.end)),
        None if own || marked && first_ten.is_none() => Some((Expr::Lunar, end)),
        _ => None,
    }
}

/// A month or another part of a year at `i`; `dated` where its year stands before it.
fn in_year(piece: &Piece, i: usize, dated: bool) -> Option<(Option<Month>, Part, usize)> {
    if let Some((month, end)) = month(piece, i, dated) {
        let (part, end) = month_part(piece, end).unwrap_or((Part::Whole, end));
        return Some((Some(month), part, end));
    }
    let counted = !dated
        && piece.behind(i, 1).is_some_and(|c| c.is_ascii_digit() || "半一二三四五六七八九十百千万几多余第".contains(c));
    if let Some((part, end)) = piece.word(i, YEAR_PARTS).filter(|_| !counted) {
        return Some((None, part, end));
    }
    if dated {
        if let Some((part, end)) = piece.word(i, AFTER_YEAR) {
            return Some((None, part, end));
        }
        if let Some((part, end)) = months(piece, i) {
            return Some((None, part, end));
        }
    }
    let (part, end) = quarter(piece, i)?;
    Some((None, part, end))
}

/// `5月`, `5月份`, `本月`
fn month(piece: &Piece, i: usize, dated: bool) -> Option<(Month, usize)> {
    if let Some((month, end)) = piece.word(i, MONTHS) {
        return Some((month, piece.skip(end, &["份"])));
    }
    let counts = piece.behind(i, 1).is_some_and(|c| "第近前后约个几数共满".contains(c));
    let figure = piece.figure(i).filter(|f| (1..=12).contains(&f.value) && (dated || !counts) && f.width <= 2)?;
    let month = Month::At(i8::try_from(figure.value).ok()?);
    match piece.eat(figure.end, "月") {
        Some(end) => Some((month, piece.skip(end, &["份"]))),
        // 2018年1-9月: the range that follows has the unit.
        None if dated => {
            let next = piece.figure(super::range::joint(piece, figure.end)?).filter(|n| n.value <= 12)?;
            piece.eat(next.end, "月").map(|_| (month, figure.end))
        }
        None => None,
    }
}

/// What of the month is meant, after 月 at `i`.
fn month_part(piece: &Piece, i: usize) -> Option<(Part, usize)> {
    if let Some((part, end)) = piece.word(i, MONTH_PARTS) {
        return Some((part, end));
    }
    if piece.starts(i, "初") && piece.figure(i + 1).is_none() && !piece.is_any(i + 1, "步中级期") {
        return Some((Part::Start, i + 1));
    }
    if let Some(found) = day(piece, i) {
        return Some(found);
    }
    let from = piece.skip(i, &["的"]);
    weeks(piece, from).or_else(|| {
        let last = piece.eat(from, "最后");
        let count = piece.figure(last.or_else(|| piece.eat(from, "前"))?).filter(|f| (1..=30).contains(&f.value))?;
        let end = piece.eat_any(count.end, &["天", "日"])?;
        let days = i8::try_from(count.value).ok()?;
        Some((if last.is_some() { Part::LastDays(days) } else { Part::FirstDays(days) }, end))
    })
}

/// The day after a month: `18日`, `18号`, `十五`, and the day of the week after it.
fn day(piece: &Piece, i: usize) -> Option<(Part, usize)> {
    let figure = piece.figure(i).filter(|f| (1..=31).contains(&f.value) && f.width <= 3)?;
    let end = match piece.eat_any(figure.end, &["日", "号"]) {
        Some(end) => end,
        None if piece.is_any(figure.end, COUNTED) => return None,
        None => figure.end,
    };
    let comma = piece.skip(end, &[",", "，"]);
    let end = super::relative::weekday(piece, comma).map_or(end, |(_, end)| end);
    Some((Part::Day(i8::try_from(figure.value).ok()?), end))
}

/// `第二周`, `第一个星期一`, `最后一个周三`
fn weeks(piece: &Piece, i: usize) -> Option<(Part, usize)> {
    let (nth, end) = match piece.eat_any(i, &["最后一个", "最后一"]) {
        Some(end) => (-1, end),
        None => {
            let figure = piece.figure(piece.eat(i, "第")?).filter(|f| (1..=5).contains(&f.value))?;
            (i8::try_from(figure.value).ok()?, piece.skip(figure.end, &["个"]))
        }
    };
    let end = piece.skip(end, &["的"]);
    if let Some((day, end)) = super::relative::weekday(piece, end) {
        return Some((Part::Weekday(nth, day), end));
    }
    Some((Part::Week(nth), piece.eat_any(end, &["周", "星期"])?))
}

/// `前五个月`, `后三月`, `第8个月`, after a year.
fn months(piece: &Piece, i: usize) -> Option<(Part, usize)> {
    let kind = piece.get(i).filter(|c| matches!(c, '前' | '后' | '第'))?;
    let figure = piece.figure(i + 1).filter(|f| (1..=12).contains(&f.value))?;
    let end = piece.eat(piece.skip(figure.end, &["个"]), "月")?;
    let count = i8::try_from(figure.value).ok()?;
    let part = match kind {
        '前' => Part::Months(1, count),
        '后' => Part::Months(13 - count, 12),
        _ => Part::Months(count, count),
    };
    Some((part, end))
}

/// `第三季度`, `一季度`, `Q1`, and its beginning or end.
fn quarter(piece: &Piece, i: usize) -> Option<(Part, usize)> {
    let from = piece.skip(i, &["第", "Q"]);
    let figure = piece.figure(from).filter(|f| (1..=4).contains(&f.value) && f.width == 1)?;
    let end = match piece.eat_any(figure.end, &["季度", "季报", "季"]) {
        Some(end) if !piece.starts(figure.end, "季报") && (from > i || piece.starts(figure.end, "季度")) => end,
        None if piece.starts(i, "Q") && !piece.get(figure.end).is_some_and(|c| c.is_ascii_alphanumeric()) => figure.end,
        _ => return None,
    };
    let n = i8::try_from(figure.value).ok()?;
    Some(match piece.get(end) {
        Some('初') => (Part::Months(n * 3 - 2, n * 3 - 2), end + 1),
        Some('末' | '底') => (Part::Months(n * 3, n * 3), end + 1),
        _ => (Part::Quarters(n, n), end),
    })
}

/// A day without a month: `18日`, `12号`. What follows must not make it a number of
/// days or the number of a thing.
pub(super) fn bare_day(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let figure = piece.figure(i).filter(|f| (1..=31).contains(&f.value) && f.width <= 3)?;
    if figure.chinese && figure.value < 10 && figure.width == 1
        || piece.behind(i, 1).is_some_and(|c| "第近约每前后满".contains(c))
    {
        return None;
    }
    let end = piece.eat_any(figure.end, &["日", "号"])?;
    let of_a_thing = match piece.chars[end - 1] {
        '日' => "内间游均龄元企本期报照产销线后前达历军",
        _ => "线楼厂机院馆门桌车厅令文公井桥地坑矿店码床房泊仓库站钢样位舱墓标台",
    };
    (!piece.is_any(end, of_a_thing)).then(|| {
        let day = i8::try_from(figure.value).unwrap_or_default();
        (Expr::in_year(None, Part::Day(day)), end)
    })
}

//! Dates counted from another day: 昨天, 上周五, 近三年, 20世纪80年代, “十四五”期间.

use super::expr::{Century, Expr, Month, Part, Unit};
use crate::piece::Piece;

/// Words for one day or a time around the reference.
const WORDS: &[(&str, Expr)] = &[
    ("大前天", Expr::Days(-3)),
    ("前天", Expr::Days(-2)),
    ("前日", Expr::Days(-2)),
    ("昨天", Expr::Days(-1)),
    ("昨日", Expr::Days(-1)),
    ("昨晚", Expr::Days(-1)),
    ("昨夜", Expr::Days(-1)),
    ("昨晨", Expr::Days(-1)),
    ("今天", Expr::Days(0)),
    ("今日", Expr::Days(0)),
    ("今早", Expr::Days(0)),
    ("今晨", Expr::Days(0)),
    ("今晚", Expr::Days(0)),
    ("本日", Expr::Days(0)),
    ("明天", Expr::Days(1)),
    ("明日", Expr::Days(1)),
    ("明早", Expr::Days(1)),
    ("明晚", Expr::Days(1)),
    ("大后天", Expr::Days(3)),
    ("后天", Expr::Days(2)),
    ("当天", Expr::SameDay(0)),
    ("当日", Expr::SameDay(0)),
    ("当晚", Expr::SameDay(0)),
    ("同日", Expr::SameDay(0)),
    ("次日", Expr::SameDay(1)),
    ("翌日", Expr::SameDay(1)),
    ("第二天", Expr::SameDay(1)),
    ("近日", Expr::Vague),
    ("日前", Expr::Vague),
    ("近期", Expr::Vague),
    ("最近", Expr::Vague),
    ("不久前", Expr::Vague),
    ("周末", Expr::Weekend(0)),
];

/// Characters that, right after one of [`WORDS`], make another word of it.
const OTHER_WORD: &[(&str, &str)] = &[
    ("后天", "性的"),
    ("今日", "头"),
    ("当日", "报"),
    ("明日", "之科"),
    ("今天", "资"),
    ("最近", "三两一二四五六七八九十几数0123456789"),
];

/// Characters that, right before one of [`WORDS`], make another word of it.
const ENDS_WORD: &[(&str, &str)] = &[
    ("后天", "今前以之"),
    ("当天", "相适应"),
    ("当日", "相适应"),
    ("日前", "一二三四五六七八九十0123456789今节生假工每近往末"),
    ("近日", "接最附临靠"),
    ("近期", "接最"),
    ("前天", "提以之年月日"),
    ("前日", "提以之年月日目"),
    ("明天", "光表证说"),
    ("明日", "表证说注"),
    ("同日", "不相"),
    ("次日", "一二三四五六七八九十每0123456789"),
    ("周末", "上下本这每双"),
];

const WEEKS: &[(&str, i32)] = &[("上上", -2), ("上", -1), ("本", 0), ("这", 0), ("下下", 2), ("下", 1)];

const UNITS: &[(&str, Unit)] = &[
    ("天", Unit::Day),
    ("日", Unit::Day),
    ("周", Unit::Week),
    ("星期", Unit::Week),
    ("个星期", Unit::Week),
    ("个月", Unit::Month),
    ("月", Unit::Month),
    ("个季度", Unit::Quarter),
    ("季度", Unit::Quarter),
    ("年", Unit::Year),
];

/// Which way a number of days, months or years is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Ago,
    Later,
    Since,
    Within,
}

const WAYS: &[(&str, Way)] = &[
    ("之前", Way::Ago),
    ("以前", Way::Ago),
    ("前", Way::Ago),
    ("之后", Way::Later),
    ("以后", Way::Later),
    ("后", Way::Later),
    ("以来", Way::Since),
    ("来", Way::Since),
    ("以内", Way::Within),
    ("之内", Way::Within),
    ("内", Way::Within),
];

/// The date at `i` that is counted from another day.
pub(super) fn read(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    word(piece, i)
        .or_else(|| week(piece, i))
        .or_else(|| rolling(piece, i))
        .or_else(|| shift(piece, i))
        .or_else(|| century(piece, i))
        .or_else(|| plan(piece, i))
}

fn word(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let (word, expr) = WORDS.iter().find(|(w, _)| piece.starts(i, w))?;
    let end = i + word.chars().count();
    let barred = |list: &[(&str, &str)], c: Option<char>| {
        c.is_some_and(|c| list.iter().any(|(w, others)| w == word && others.contains(c)))
    };
    (!barred(OTHER_WORD, piece.get(end)) && !barred(ENDS_WORD, piece.behind(i, 1))).then(|| (expr.clone(), end))
}

/// `星期一`, `周日`, `礼拜天`: 1 is Monday.
pub(super) fn weekday(piece: &Piece, i: usize) -> Option<(i8, usize)> {
    let from = piece.eat_any(i, &["星期", "礼拜", "周"])?;
    let day = "一二三四五六日天".chars().position(|d| piece.get(from) == Some(d))?;
    Some((i8::try_from(day.min(6)).ok()? + 1, from + 1))
}

/// `上周`, `下下周日`, `这个星期一`, `周三`
fn week(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    if let Some(end) = piece.eat_any(i, &["最后一个的", "最后一个"]) {
        let (day, end) = weekday(piece, end)?;
        let part = Part::Weekday(-1, day);
        return Some((Expr::Calendar { year: None, month: Some(Month::Off(0)), part }, end));
    }
    let Some((weeks, end)) = piece.word(i, WEEKS) else {
        let (day, end) = weekday(piece, i)?;
        // 每周三 is no day, 周一鸣 a name.
        let named = piece.starts(i, "周")
            && (piece.behind(i, 1).is_some_and(|c| !"，,、。(（于在定至到从和及的".contains(c) && c.is_alphabetic())
                || piece
                    .get(end)
                    .is_some_and(|c| c.is_alphabetic() && !"上下早晚中凌至到起在将和及的前后开举有要召".contains(c)));
        return (!named && piece.behind(i, 1) != Some('每')).then_some((Expr::Weekday(day), end));
    };
    let end = piece.skip(end, &["一个", "个"]);
    if let Some((day, end)) = weekday(piece, end) {
        return Some((Expr::Week(weeks, Some(day)), end));
    }
    let end = piece.eat_any(end, &["周", "星期", "礼拜"])?;
    if let Some((day, end)) = weekday(piece, end) {
        return Some((Expr::Week(weeks, Some(day)), end));
    }
    match piece.get(end) {
        Some('末') => Some((Expr::Weekend(weeks), end + 1)),
        Some('期' | '年' | '边' | '围' | '报' | '刊' | '转') => None,
        _ => Some((Expr::Week(weeks, None), end)),
    }
}

/// `近三年`, `过去十年`, `未来两天`, `上2个月`
fn rolling(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    const BEFORE: &[&str] = &["近", "最近", "过去", "前", "上", "此前"];
    const AHEAD: &[&str] = &["未来", "今后", "接下来", "后", "下"];
    let (ahead, end) = match (piece.eat_any(i, BEFORE), piece.eat_any(i, AHEAD)) {
        (Some(end), _) => (false, end),
        (None, Some(end)) => (true, end),
        _ => return None,
    };
    let inside = piece.behind(i, 1).is_some_and(|c| {
        ("前后上下".contains(piece.chars[i]) && c.is_alphanumeric()) || piece.starts(i, "近") && "接附将最临".contains(c)
    });
    let from = piece.skip(end, &["的"]);
    let (count, unit, end) = length(piece, from).filter(|l| !inside && piece.chars[l.2 - 1] != '日')?;
    Some((Expr::Rolling { count, unit, ahead }, end))
}

/// `三天`, `两年`, `半年`, `一年半`: a number and its unit.
fn length(piece: &Piece, i: usize) -> Option<(i32, Unit, usize)> {
    if let Some(end) = piece.eat(i, "半年") {
        return Some((6, Unit::Month, end));
    }
    let figure = piece.figure(i).filter(|f| (1..=500).contains(&f.value))?;
    let (unit, end) = piece.word(figure.end, UNITS)?;
    let count = i32::try_from(figure.value).ok()?;
    match piece.eat(end, "半") {
        Some(end) if unit == Unit::Year => Some((count * 12 + 6, Unit::Month, end)),
        _ => Some((count, unit, end)),
    }
}

/// `三天前`, `两年后`, `3个月以来`, `五年内`
fn shift(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let (count, unit, end) = length(piece, i)?;
    let words = &piece.chars[i..end];
    let month = unit == Unit::Month && !words.contains(&'个') && !words.contains(&'年');
    if month || piece.behind(i, 1).is_some_and(|c| c.is_ascii_digit() || "第满每零.几数".contains(c)) {
        return None;
    }
    let days = piece.chars[end - 1] == '日';
    let (way, end) = piece.word(end, WAYS).filter(|(way, _)| !days || *way == Way::Within)?;
    let other_word = match piece.chars[end - 1] {
        '来' => piece.is_any(end, "到自源宾访看说讲"),
        '前' => piece.is_any(end, "后期来往夕"),
        '内' => piece.is_any(end, "部外容存"),
        _ => piece.is_any(end, "期续备勤台"),
    };
    let expr = match way {
        Way::Ago => Expr::Shift(-count, unit),
        Way::Later => Expr::Shift(count, unit),
        Way::Since => Expr::Rolling { count, unit, ahead: false },
        Way::Within => Expr::Rolling { count, unit, ahead: true },
    };
    (!other_word).then_some((expr, end))
}

/// `20世纪80年代`, `上世纪90年代末`, `九十年代`, `18世纪`
fn century(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    let number = |i: usize| piece.figure(i).filter(|f| (1..=30).contains(&f.value)).map(|f| (f.value, f.end));
    let (century, end) = if let Some(end) = piece.eat_any(i, &["上世纪", "上个世纪"]) {
        (Some(Century::Off(-1)), end)
    } else if let Some(end) = piece.eat_any(i, &["本世纪", "这个世纪"]) {
        (Some(Century::Off(0)), end)
    } else if let Some((n, end)) = number(i).and_then(|(n, end)| Some((n, piece.eat(end, "世纪")?))) {
        (Some(Century::At(i16::try_from(n).ok()?)), end)
    } else {
        (None, i)
    };
    let decade = piece.figure(end).filter(|f| f.value % 10 == 0 && f.value < 100 && f.width <= 2).and_then(|f| {
        let end = piece.eat(f.end, "年代")?;
        Some((i16::try_from(f.value).ok()?, end))
    });
    if century.is_none() && decade.is_none() {
        return None;
    }
    let (decade, end) = decade.map_or((None, end), |(d, end)| (Some(d), end));
    const THIRDS: &[(&str, i8)] =
        &[("初期", 1), ("前期", 1), ("初", 1), ("中期", 2), ("中叶", 2), ("末期", 3), ("后期", 3), ("末", 3)];
    let (third, end) = piece.word(end, THIRDS).map_or((None, end), |(t, end)| (Some(t), end));
    Some((Expr::Century { century, decade, third }, end))
}

/// `“十四五”期间`, `十三五时期`
fn plan(piece: &Piece, i: usize) -> Option<(Expr, usize)> {
    const QUOTES: &[&str] = &["“", "”", "\"", "「", "」", "『", "』", "'"];
    let from = piece.skip(i, QUOTES);
    let end = piece.run(from, |c| "一二三四五六七八九十".contains(c));
    let name = piece.chars.get(from..end)?;
    let n = match name {
        [.., '五'] if name.len() >= 2 => crate::numeral::chinese(&name[..name.len() - 1])?,
        _ => return None,
    };
    let end = piece.skip(end, QUOTES);
    let end = piece.eat_any(end, &["规划期间", "规划期", "期间", "时期", "以来", "末", "初"])?;
    let end = if matches!(piece.chars[end - 1], '末' | '初') { end - 1 } else { end };
    let end = if piece.chars[end - 1] == '来' { end - 2 } else { end };
    (n.fract() == 0.0 && (3.0..30.0).contains(&n)).then(|| (Expr::Plan(n as i16), end))
}

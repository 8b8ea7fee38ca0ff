//! Times of day in running text: 上午9点30分, 14:00—16:30, 下午.

use jiff::civil::Time;

use crate::piece::{Piece, pieces};

/// A time of day that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeMention {
    /// Its first character.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// The characters themselves.
    pub text: String,
    /// The time, or the first of it.
    pub from: Time,
    /// The last of it; the same as `from` for a point in time. It may lie on the next
    /// day (`晚上9点到凌晨3点`) and then is the smaller one.
    pub to: Time,
}

/// A part of the day: its words, its first and its last hour, and from which hour on
/// a number on the clock's face means the second half of the day (0: never).
const PARTS: &[(&str, i8, i8, i8)] = &[
    ("凌晨", 0, 6, 0),
    ("清晨", 5, 8, 0),
    ("早晨", 6, 9, 0),
    ("早上", 6, 9, 0),
    ("今早", 6, 9, 0),
    ("上午", 8, 12, 0),
    ("中午", 11, 13, 1),
    ("下午", 12, 16, 1),
    ("傍晚", 17, 19, 1),
    ("晚上", 16, 20, 5),
    ("晚间", 18, 22, 5),
    ("夜里", 20, 24, 6),
    ("夜间", 20, 24, 6),
    ("深夜", 22, 24, 6),
    ("午夜", 23, 24, 6),
    ("早", 6, 9, 0),
    ("晚", 16, 20, 5),
];

/// The times of a text in their order.
#[must_use]
pub fn read_times(text: &str) -> Vec<TimeMention> {
    let mut found = Vec::new();
    let mut source = text.chars();
    let mut passed = 0;
    for piece in pieces(text) {
        let mut i = 0;
        while i < piece.chars.len() {
            let Some((from, to, stop)) = may_begin(piece.chars[i]).then(|| read(&piece, i)).flatten() else {
                i = piece.figure_end(i).max(i + 1);
                continue;
            };
            let (start, end) = (piece.at[i], piece.at[stop - 1] + 1);
            let text = source.by_ref().skip(start - passed).take(end - start).collect();
            passed = end;
            found.push(TimeMention { start, end, text, from, to });
            i = stop;
        }
    }
    found
}

/// Whether a time can begin with a character.
fn may_begin(c: char) -> bool {
    c.is_ascii_digit() || "零〇一二两三四五六七八九十凌清早今上中下傍晚夜深午大从自".contains(c)
}

/// A time as it is written.
#[derive(Clone, Copy)]
struct Clock {
    /// The part of the day before it, by its place in [`PARTS`].
    part: Option<usize>,
    hour: i8,
    minute: i8,
    second: i8,
    end: usize,
}

/// The time or range at `i`: first, last, and the place after it.
fn read(piece: &Piece, i: usize) -> Option<(Time, Time, usize)> {
    if let Some(from) = piece.eat_any(i, &["从", "自"]) {
        return range(piece, from);
    }
    if let Some(found) = range(piece, i) {
        return Some(found);
    }
    let about = piece.skip(i, &["大约", "大概"]);
    if let Some(clock) = clock(piece, about, None) {
        let time = time(&clock)?;
        return Some((time, time, piece.skip(clock.end, &["左右", "许"])));
    }
    let (name, first, last, _) = PARTS[part(piece, i)?];
    let end = i + name.chars().count();
    let word = name.chars().count() > 1 && !piece.is_any(end, "茶饭餐报班市会");
    let until = if last == 24 { Time::constant(23, 59, 59, 0) } else { Time::constant(last, 0, 0, 0) };
    word.then_some((Time::constant(first, 0, 0, 0), until, end))
}

/// `下午5点到6点`, `17:55-18:33`, `凌晨四到六点`
fn range(piece: &Piece, i: usize) -> Option<(Time, Time, usize)> {
    let joint = |end: usize| piece.eat_any(end, &["到", "至", "--", "-", "~"]);
    let (first, from) = match clock(piece, i, None) {
        Some(first) => (first, joint(first.end)?),
        // 五到六点: the first has its unit from the second.
        None => {
            let part = part(piece, i);
            let at = i + part.map_or(0, |p| PARTS[p].0.chars().count());
            let figure = piece.figure(at).filter(|f| (0..=24).contains(&f.value) && part.is_some())?;
            let hour = i8::try_from(figure.value).ok()?;
            (Clock { part, hour, minute: 0, second: 0, end: figure.end }, joint(figure.end)?)
        }
    };
    let second = clock(piece, from, first.part)?;
    Some((time(&first)?, time(&second)?, piece.skip(second.end, &["之间", "间"])))
}

fn part(piece: &Piece, i: usize) -> Option<usize> {
    PARTS.iter().position(|(name, ..)| piece.starts(i, name))
}

/// One time; `before` is the part of the day that an earlier one gave.
fn clock(piece: &Piece, i: usize, before: Option<usize>) -> Option<Clock> {
    let part = part(piece, i);
    let at = i + part.map_or(0, |p| PARTS[p].0.chars().count());
    let counts = piece.behind(at, 1).is_some_and(|c| c.is_ascii_alphanumeric() || ".:第-/".contains(c));
    if part.is_none() && counts && before.is_none() && !piece.gap(at) && piece.behind(at, 1) != Some('-') {
        return None;
    }
    let figure = piece.figure(at).filter(|f| (0..=24).contains(&f.value) && f.width <= 3)?;
    let hour = i8::try_from(figure.value).ok()?;
    let start = Clock { part: part.or(before), hour, minute: 0, second: 0, end: figure.end };
    if piece.get(figure.end) == Some(':') && !figure.chinese {
        return colons(piece, start);
    }
    let spoken = piece.eat_any(figure.end, &["点钟", "点", "时"])?;
    let mut made = Clock { end: spoken, ..start };
    if let Some(end) = piece.eat_any(spoken, &["整", "正"]) {
        return Some(Clock { end, ..made });
    }
    if let Some(end) = piece.eat(spoken, "半") {
        return Some(Clock { minute: 30, end, ..made });
    }
    if let Some(minute) = piece.figure(spoken).filter(|f| (0..60).contains(&f.value)) {
        if let Some(end) = piece.eat(minute.end, "刻").filter(|_| minute.value <= 3) {
            return Some(Clock { minute: i8::try_from(minute.value * 15).ok()?, end, ..made });
        }
        let unit = piece.eat(minute.end, "分").filter(|&end| !piece.is_any(end, "之钟"));
        // 三点五 is a number, 8点30 a time.
        if unit.is_none() && (minute.chinese && minute.width < 2 || minute.width != 2) {
            return None;
        }
        made = Clock { minute: i8::try_from(minute.value).ok()?, end: unit.unwrap_or(minute.end), ..made };
        if let Some(second) = piece.figure(made.end).filter(|f| (0..60).contains(&f.value))
            && let Some(end) = piece.eat(second.end, "秒")
        {
            made = Clock { second: i8::try_from(second.value).ok()?, end, ..made };
        }
        return Some(made);
    }
    let counted = match piece.chars[spoken - 1] {
        // 提出3点建议, 一点也不: without a part of the day only what can follow a time.
        '点' => {
            made.part.is_none()
                && piece
                    .get(spoken)
                    .is_some_and(|c| c.is_alphanumeric() && !"到至开召在举以之前后左许起结的出抵".contains(c))
                || made.part.is_none() && figure.chinese && figure.value == 1
        }
        _ => piece.is_any(spoken, "期间代候常时段"),
    };
    (!counted).then_some(made)
}

/// `9:30`, `17:55:23`
fn colons(piece: &Piece, start: Clock) -> Option<Clock> {
    let two = |i: usize| piece.figure(i).filter(|f| f.width == 2 && !f.chinese && f.value < 60);
    let minute = two(start.end + 1)?;
    let mut made = Clock { minute: i8::try_from(minute.value).ok()?, end: minute.end, ..start };
    if piece.get(minute.end) == Some(':')
        && let Some(second) = two(minute.end + 1)
    {
        made = Clock { second: i8::try_from(second.value).ok()?, end: second.end, ..made };
    }
    let goes_on = piece.get(made.end).is_some_and(|c| matches!(c, ':' | '%' | '.'))
        && piece.get(made.end + 1).is_some_and(|c| c.is_ascii_digit());
    if goes_on {
        return None;
    }
    made.end = piece.skip(made.end, &["时"]);
    if let Some(end) = piece.eat_any(made.end, &["pm", "PM", "p.m."]) {
        return Some(Clock { part: part_named("下午"), end, ..made });
    }
    Some(Clock { end: piece.skip(made.end, &["am", "AM", "a.m."]), ..made })
}

fn part_named(name: &str) -> Option<usize> {
    PARTS.iter().position(|(own, ..)| *own == name)
}

/// The time of day, with the hour in the half of the day that its words mean.
fn time(clock: &Clock) -> Option<Time> {
    let afternoon = clock.part.map_or(0, |p| PARTS[p].3);
    let hour = match clock.hour {
        24 => 0,
        12 if clock.part == part_named("凌晨") || clock.part == part_named("午夜") => 0,
        h if afternoon > 0 && (afternoon..12).contains(&h) => h + 12,
        h => h,
    };
    Time::new(hour, clock.minute, clock.second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        read_times(text).into_iter().map(|m| format!("{} {}~{}", m.text, m.from, m.to)).collect()
    }

    #[test]
    fn times_of_day_are_read() {
        let cases = [
            ("上午9点30分", "上午9点30分 09:30:00~09:30:00"),
            ("晚上9:30", "晚上9:30 21:30:00~21:30:00"),
            ("下午五点半到六点半", "下午五点半到六点半 17:30:00~18:30:00"),
            ("14:00—16:30", "14:00—16:30 14:00:00~16:30:00"),
            ("凌晨四到六点", "凌晨四到六点 04:00:00~06:00:00"),
            ("零点一刻", "零点一刻 00:15:00~00:15:00"),
            ("8时30分", "8时30分 08:30:00~08:30:00"),
            ("下午", "下午 12:00:00~16:00:00"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(&format!("，{text}，")), [expected]);
        }
    }

    #[test]
    fn what_only_looks_like_a_time_is_none() {
        for text in
            ["提出3点建议", "三点五", "比分3:2", "同时", "8小时", "一点也不", "第1时", "新时期", "10:1比例", "早餐"]
        {
            assert_eq!(read(text), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn times_lie_where_they_say(text in "[0-9一二三十零点时分秒半刻:上下午晚早凌晨到至~从大约左右pm，\\- ]{0,40}") {
            let chars: Vec<char> = text.chars().collect();
            let mut last = 0;
            for m in read_times(&text) {
                prop_assert!(last <= m.start && m.start < m.end && m.end <= chars.len());
                prop_assert_eq!(&m.text, &chars[m.start..m.end].iter().collect::<String>());
                last = m.end;
            }
        }
    }
}

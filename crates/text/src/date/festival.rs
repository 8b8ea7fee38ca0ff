//! Festivals by their names.

use jiff::civil::{Date, Weekday};

use super::lunar;
use crate::piece::Piece;

/// When a festival is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Festival {
    /// On a day of the common calendar.
    Day(i8, i8),
    /// On the nth of a weekday in a month.
    Nth(i8, i8, Weekday),
    /// On a day of the lunar calendar.
    Lunar(i8, i8),
    /// On the last day of the lunar year.
    Eve,
    /// Where the sun stands at 15 degrees: on 4, 5 or 6 April.
    PureBrightness,
}

use Festival::{Day, Eve, Lunar, Nth, PureBrightness};

/// The names, the longer before those they begin with.
const NAMES: &[(&str, Festival)] = &[
    ("元旦节", Day(1, 1)),
    ("元旦", Day(1, 1)),
    ("情人节", Day(2, 14)),
    ("三八妇女节", Day(3, 8)),
    ("妇女节", Day(3, 8)),
    ("植树节", Day(3, 12)),
    ("愚人节", Day(4, 1)),
    ("清明节", PureBrightness),
    ("清明", PureBrightness),
    ("五一国际劳动节", Day(5, 1)),
    ("五一劳动节", Day(5, 1)),
    ("劳动节", Day(5, 1)),
    ("五一", Day(5, 1)),
    ("五四青年节", Day(5, 4)),
    ("青年节", Day(5, 4)),
    ("全国科技工作者日", Day(5, 30)),
    ("六一儿童节", Day(6, 1)),
    ("儿童节", Day(6, 1)),
    ("建党节", Day(7, 1)),
    ("八一建军节", Day(8, 1)),
    ("建军节", Day(8, 1)),
    ("教师节", Day(9, 10)),
    ("国庆节", Day(10, 1)),
    ("国庆", Day(10, 1)),
    ("万圣节", Day(10, 31)),
    ("光棍节", Day(11, 11)),
    ("双十一", Day(11, 11)),
    ("平安夜", Day(12, 24)),
    ("圣诞节", Day(12, 25)),
    ("母亲节", Nth(5, 2, Weekday::Sunday)),
    ("父亲节", Nth(6, 3, Weekday::Sunday)),
    ("感恩节", Nth(11, 4, Weekday::Thursday)),
    ("春节", Lunar(1, 1)),
    ("元宵节", Lunar(1, 15)),
    ("元宵", Lunar(1, 15)),
    ("端午节", Lunar(5, 5)),
    ("端午", Lunar(5, 5)),
    ("七夕节", Lunar(7, 7)),
    ("七夕", Lunar(7, 7)),
    ("中秋节", Lunar(8, 15)),
    ("中秋", Lunar(8, 15)),
    ("重阳节", Lunar(9, 9)),
    ("腊八节", Lunar(12, 8)),
    ("除夕", Eve),
];

/// The festival at `i` and the place after its name; `dated` where its year stands before it.
pub(super) fn read(piece: &Piece, i: usize, dated: bool) -> Option<(Festival, usize)> {
    let (festival, end) = piece.word(i, NAMES)?;
    // 国庆 is a given name as well, 五一 and 清明 are in the names of streets and rivers.
    let named = ["国庆", "五一", "清明"].iter().any(|w| piece.starts(i, w)) && end == i + 2 && !dated;
    let holiday = piece.is_any(end, "期假前后当长中黄小") || piece.get(end).is_none_or(|c| !c.is_alphanumeric());
    let family_name = piece.behind(i, 1).is_some_and(char::is_alphanumeric);
    (!named || holiday && !family_name).then_some((festival, end))
}

/// Its day in a year.
pub(super) fn in_year(festival: Festival, year: i16) -> Option<(Date, Date)> {
    match festival {
        Day(month, day) => Date::new(year, month, day).ok().map(|d| (d, d)),
        Nth(month, nth, weekday) => {
            let day = Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?;
            Some((day, day))
        }
        Lunar(month, day) => lunar::days(year, month, false, Some(day)),
        Eve => lunar::eve(year),
        PureBrightness => {
            let of_century = f64::from(year % 100);
            let shift = match year {
                1900..=1999 => 5.59,
                2000..=2099 => 4.81,
                _ => return None,
            };
            let day = (of_century * 0.2422 + shift).floor() - (of_century / 4.0).floor();
            let date = Date::new(year, 4, day as i8).ok()?;
            Some((date, date))
        }
    }
}

//! Days of the lunar calendar, from 1900 to 2049.

use jiff::Span;
use jiff::civil::Date;

/// For each year from 1900: bits 15 to 4 say of the months from the first to the twelfth
/// which have 30 days and not 29; bits 3 to 0 name the month after which a leap month
/// stands, 0 for none; bit 16 says that it has 30 days.
const YEARS: [u32; 150] = [
    0x04bd8, 0x04ae0, 0x0a570, 0x054d5, 0x0d260, 0x0d950, 0x16554, 0x056a0, 0x09ad0, 0x055d2, 0x04ae0, 0x0a5b6,
    0x0a4d0, 0x0d250, 0x1d255, 0x0b540, 0x0d6a0, 0x0ada2, 0x095b0, 0x14977, 0x04970, 0x0a4b0, 0x0b4b5, 0x06a50,
    0x06d40, 0x1ab54, 0x02b60, 0x09570, 0x052f2, 0x04970, 0x06566, 0x0d4a0, 0x0ea50, 0x16a95, 0x05ad0, 0x02b60,
    0x186e3, 0x092e0, 0x1c8d7, 0x0c950, 0x0d4a0, 0x1d8a6, 0x0b550, 0x056a0, 0x1a5b4, 0x025d0, 0x092d0, 0x0d2b2,
    0x0a950, 0x0b557, 0x06ca0, 0x0b550, 0x15355, 0x04da0, 0x0a5b0, 0x14573, 0x052b0, 0x0a9a8, 0x0e950, 0x06aa0,
    0x0aea6, 0x0ab50, 0x04b60, 0x0aae4, 0x0a570, 0x05260, 0x0f263, 0x0d950, 0x05b57, 0x056a0, 0x096d0, 0x04dd5,
    0x04ad0, 0x0a4d0, 0x0d4d4, 0x0d250, 0x0d558, 0x0b540, 0x0b6a0, 0x195a6, 0x095b0, 0x049b0, 0x0a974, 0x0a4b0,
    0x0b27a, 0x06a50, 0x06d40, 0x0af46, 0x0ab60, 0x09570, 0x04af5, 0x04970, 0x064b0, 0x074a3, 0x0ea50, 0x06b58,
    0x05ac0, 0x0ab60, 0x096d5, 0x092e0, 0x0c960, 0x0d954, 0x0d4a0, 0x0da50, 0x07552, 0x056a0, 0x0abb7, 0x025d0,
    0x092d0, 0x0cab5, 0x0a950, 0x0b4a0, 0x0baa4, 0x0ad50, 0x055d9, 0x04ba0, 0x0a5b0, 0x15176, 0x052b0, 0x0a930,
    0x07954, 0x06aa0, 0x0ad50, 0x05b52, 0x04b60, 0x0a6e6, 0x0a4e0, 0x0d260, 0x0ea65, 0x0d530, 0x05aa0, 0x076a3,
    0x096d0, 0x04afb, 0x04ad0, 0x0a4d0, 0x1d0b6, 0x0d250, 0x0d520, 0x0dd45, 0x0b5a0, 0x056d0, 0x055b2, 0x049b0,
    0x0a577, 0x0a4b0, 0x0aa50, 0x1b255, 0x06d20, 0x0ada0,
];

/// The first day of the first of these years.
const EPOCH: Date = Date::constant(1900, 1, 31);

/// A month of a year in its order: number, whether it is the leap month, days.
fn months(year: u32) -> impl Iterator<Item = (i8, bool, i64)> {
    let days = |long: bool| if long { 30 } else { 29 };
    (1..=12i8).flat_map(move |m| {
        let own = (m, false, days(year >> (16 - m) & 1 == 1));
        let leap = (year & 15 == u32::from(m.unsigned_abs())).then(|| (m, true, days(year >> 16 & 1 == 1)));
        std::iter::once(own).chain(leap)
    })
}

/// The days a month takes in the common calendar, or one day of it; `None` outside the
/// table and where the year has no such month or day.
pub(super) fn days(year: i16, month: i8, leap: bool, day: Option<i8>) -> Option<(Date, Date)> {
    let place = usize::try_from(year.checked_sub(1900)?).ok()?;
    let this = *YEARS.get(place)?;
    let mut passed: i64 = YEARS[..place].iter().flat_map(|y| months(*y)).map(|m| m.2).sum();
    for (number, is_leap, length) in months(this) {
        if (number, is_leap) == (month, leap) {
            let (first, last) = match day {
                Some(d) if i64::from(d) > length || d < 1 => return None,
                Some(d) => (i64::from(d) - 1, i64::from(d) - 1),
                None => (0, length - 1),
            };
            let at = |n: i64| EPOCH.checked_add(Span::new().try_days(passed + n).ok()?).ok();
            return Some((at(first)?, at(last)?));
        }
        passed += length;
    }
    None
}

/// The last day of a year: 除夕.
pub(super) fn eve(year: i16) -> Option<(Date, Date)> {
    let (new_year, _) = days(year, 1, false, Some(1))?;
    let length: i64 = months(*YEARS.get(usize::try_from(year - 1900).ok()?)?).map(|m| m.2).sum();
    let eve = new_year.checked_add(Span::new().try_days(length - 1).ok()?).ok()?;
    Some((eve, eve))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_come_out() {
        let day = |y, m, leap, d| days(y, m, leap, Some(d)).map(|(d, _)| d.to_string());
        for (year, new_year) in [
            (1911, "1911-01-30"),
            (1949, "1949-01-29"),
            (1985, "1985-02-20"),
            (2000, "2000-02-05"),
            (2023, "2023-01-22"),
            (2024, "2024-02-10"),
            (2026, "2026-02-17"),
            (2033, "2033-01-31"),
            (2049, "2049-02-02"),
        ] {
            assert_eq!(day(year, 1, false, 1).as_deref(), Some(new_year));
        }
        assert_eq!(day(2020, 4, true, 1).as_deref(), Some("2020-05-23"));
        assert_eq!(day(2021, 8, false, 15).as_deref(), Some("2021-09-21"));
        assert_eq!(eve(2023).map(|(d, _)| d.to_string()).as_deref(), Some("2024-02-09"));
        assert_eq!((day(2021, 4, true, 1), day(1899, 1, false, 1), day(2021, 1, false, 31)), (None, None, None));
    }

    #[test]
    fn every_year_ends_where_the_next_begins() {
        for year in 1900..2049 {
            let (eve, _) = eve(year).unwrap();
            assert_eq!(eve.tomorrow().ok(), days(year + 1, 1, false, Some(1)).map(|(d, _)| d));
        }
    }
}

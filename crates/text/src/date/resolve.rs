//! From what a date says to the days it means.

use jiff::Span;
use jiff::civil::Date;

use super::Lean;
use super::expr::{Century, Expr, Month, Part, Unit, Year};

/// What a date without year or month is reckoned against.
#[derive(Clone, Copy)]
pub(super) struct Base {
    pub(super) reference: Option<Date>,
    /// The date before in the text, or the reference.
    pub(super) last: Option<Date>,
    pub(super) lean: Lean,
    /// The first day of the range whose end is looked for.
    pub(super) not_before: Option<Date>,
}

type Days = (Date, Date);

/// The first and the last day meant.
pub(super) fn days_of(expr: &Expr, base: &Base) -> Option<Days> {
    match expr {
        Expr::Calendar { year, month, part } => calendar(*year, *month, *part, base),
        Expr::Lunar => None,
        Expr::Days(n) => one(plus(base.reference?, *n, Unit::Day)?),
        Expr::SameDay(n) => one(plus(base.last?, *n, Unit::Day)?),
        Expr::Week(n, day) => {
            let monday = plus(monday(base.reference?)?, *n, Unit::Week)?;
            match day {
                Some(day) => one(plus(monday, i32::from(*day) - 1, Unit::Day)?),
                None => Some((monday, plus(monday, 6, Unit::Day)?)),
            }
        }
        Expr::Weekend(n) => {
            let monday = plus(monday(base.reference?)?, *n, Unit::Week)?;
            Some((plus(monday, 5, Unit::Day)?, plus(monday, 6, Unit::Day)?))
        }
        Expr::Weekday(day) => {
            let near = base.not_before.or(base.reference)?;
            let this = plus(monday(near)?, i32::from(*day) - 1, Unit::Day)?;
            choose((-1..=1).filter_map(|n| one(plus(this, n, Unit::Week)?)), base)
        }
        Expr::Rolling { count, unit, ahead } => rolling(base.reference?, *count, *unit, *ahead),
        Expr::Shift(count, unit) => around(plus(base.reference?, *count, *unit)?, *unit),
        Expr::Century { century, decade, third } => centuries(*century, *decade, *third, base),
        Expr::Plan(n) => {
            let first = 1966 + 5 * (n - 3);
            Some((date(first, 1, 1)?, date(first + 4, 12, 31)?))
        }
        Expr::Vague => one(base.reference?),
        Expr::Range(first, second) => {
            let (from, _) = days_of(first, base)?;
            let (_, to) = days_of(second, &Base { not_before: Some(from), ..*base })?;
            (from <= to).then_some((from, to))
        }
    }
}

fn date(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

const fn one(day: Date) -> Option<Days> {
    Some((day, day))
}

fn plus(day: Date, n: i32, unit: Unit) -> Option<Date> {
    let span = match unit {
        Unit::Day => Span::new().try_days(n),
        Unit::Week => Span::new().try_weeks(n),
        Unit::Month => Span::new().try_months(n),
        Unit::Quarter => Span::new().try_months(n.checked_mul(3)?),
        Unit::Year => Span::new().try_years(n),
    };
    day.checked_add(span.ok()?).ok()
}

fn monday(day: Date) -> Option<Date> {
    plus(day, -i32::from(day.weekday().to_monday_zero_offset()), Unit::Day)
}

/// The whole unit a day lies in; days and weeks stand for themselves.
fn around(day: Date, unit: Unit) -> Option<Days> {
    match unit {
        Unit::Day | Unit::Week => one(day),
        Unit::Month => Some((day.first_of_month(), day.last_of_month())),
        Unit::Quarter => quarter(day.year(), (day.month() - 1) / 3 + 1, (day.month() - 1) / 3 + 1),
        Unit::Year => Some((day.first_of_year(), day.last_of_year())),
    }
}

fn quarter(year: i16, first: i8, last: i8) -> Option<Days> {
    months(year, first * 3 - 2, last * 3)
}

fn months(year: i16, first: i8, last: i8) -> Option<Days> {
    Some((date(year, first, 1)?, date(year, last, 1)?.last_of_month()))
}

fn rolling(reference: Date, count: i32, unit: Unit, ahead: bool) -> Option<Days> {
    if ahead {
        let first = plus(reference, 1, Unit::Day)?;
        return Some((first, plus(plus(first, count, unit)?, -1, Unit::Day)?));
    }
    Some((plus(reference, -count, unit)?, plus(reference, -1, Unit::Day)?))
}

fn calendar(year: Option<Year>, month: Option<Month>, part: Part, base: &Base) -> Option<Days> {
    let known = match year {
        Some(Year::At(y)) => Some(y),
        Some(Year::Off(n)) => Some(shift_year(base.reference?, n)?),
        Some(Year::Same(n)) => Some(shift_year(base.last?, n)?),
        None => None,
    };
    match (known, month) {
        (Some(year), Some(month)) => {
            let month = match month {
                Month::At(m) => m,
                Month::Off(n) => plus(base.reference?, n, Unit::Month)?.month(),
                Month::Same(n) => plus(base.last?, n, Unit::Month)?.month(),
            };
            in_month(year, month, part)
        }
        (Some(year), None) => in_year(year, part, base),
        (None, Some(Month::At(month))) => {
            let near = base.not_before.or(base.reference)?.year();
            // Leap years are up to eight years apart.
            choose((-8..=8).filter_map(|n| in_month(near.checked_add(n)?, month, part)), base)
        }
        (None, Some(Month::Off(n))) => {
            let day = plus(base.reference?.first_of_month(), n, Unit::Month)?;
            in_month(day.year(), day.month(), part)
        }
        (None, Some(Month::Same(n))) => {
            let day = plus(base.last?.first_of_month(), n, Unit::Month)?;
            in_month(day.year(), day.month(), part)
        }
        (None, None) if matches!(part, Part::Day(_)) => {
            let near = base.not_before.or(base.reference)?.first_of_month();
            let month = |n| {
                let first = plus(near, n, Unit::Month)?;
                in_month(first.year(), first.month(), part)
            };
            choose((-2..=2).filter_map(month), base)
        }
        (None, None) => in_year(base.reference?.year(), part, base),
    }
}

fn shift_year(day: Date, n: i32) -> Option<i16> {
    day.year().checked_add(i16::try_from(n).ok()?)
}

/// The one among possible days that the base asks for.
fn choose(days: impl Iterator<Item = Days>, base: &Base) -> Option<Days> {
    if let Some(first) = base.not_before {
        return days.filter(|d| d.1 >= first).min();
    }
    let reference = base.reference?;
    match base.lean {
        Lean::Past => days.filter(|d| d.0 < reference).max(),
        Lean::Future => days.filter(|d| d.0 >= reference).min(),
        Lean::Nearest => days.min_by_key(|(from, to)| {
            let before = (reference - *to).get_days();
            let after = (*from - reference).get_days();
            before.max(after).max(0)
        }),
    }
}

fn in_month(year: i16, month: i8, part: Part) -> Option<Days> {
    let first = date(year, month, 1)?;
    let last = first.last_of_month();
    let to_day = |day: i8| date(year, month, day);
    match part {
        Part::Day(d) => one(to_day(d)?),
        Part::Start => Some((first, to_day(5)?)),
        Part::Middle | Part::Third(2) => Some((to_day(11)?, to_day(20)?)),
        Part::Third(1) => Some((first, to_day(10)?)),
        Part::Third(_) => Some((to_day(21)?, last)),
        Part::End => Some((plus(last, -4, Unit::Day)?, last)),
        Part::FirstDays(n) => Some((first, to_day(n)?)),
        Part::LastDays(n) => Some((plus(last, 1 - i32::from(n), Unit::Day)?, last)),
        // The first week is the one that has the first Monday.
        Part::Week(n) => {
            let monday =
                if n < 0 { monday(last)? } else { first.nth_weekday_of_month(n, jiff::civil::Weekday::Monday).ok()? };
            Some((monday, plus(monday, 6, Unit::Day)?))
        }
        Part::Weekday(nth, day) => {
            let weekday = jiff::civil::Weekday::from_monday_one_offset(day).ok()?;
            one(first.nth_weekday_of_month(nth, weekday).ok()?)
        }
        _ => Some((first, last)),
    }
}

fn in_year(year: i16, part: Part, base: &Base) -> Option<Days> {
    match part {
        Part::Months(a, b) => months(year, a, b),
        Part::Quarters(a, b) => quarter(year, a, b),
        Part::QuarterOff(n) => around(plus(base.reference?.first_of_month(), n, Unit::Quarter)?, Unit::Quarter),
        Part::Half(1) => months(year, 1, 6),
        Part::Half(_) => months(year, 7, 12),
        Part::Season(4) => Some((date(year, 12, 1)?, date(year.checked_add(1)?, 2, 1)?.last_of_month())),
        Part::Season(n) => months(year, n * 3, n * 3 + 2),
        Part::Start => months(year, 1, 2),
        Part::Middle => months(year, 6, 7),
        Part::End => months(year, 11, 12),
        _ => months(year, 1, 12),
    }
}

fn centuries(century: Option<Century>, decade: Option<i16>, third: Option<i8>, base: &Base) -> Option<Days> {
    let first = match (century, decade) {
        (Some(Century::At(n)), d) => (n - 1) * 100 + d.unwrap_or(0),
        (Some(Century::Off(n)), d) => {
            (base.reference?.year() / 100).checked_add(i16::try_from(n).ok()?)? * 100 + d.unwrap_or(0)
        }
        // 九十年代 without a century: the one that has begun, unless the text leans ahead.
        (None, Some(d)) => {
            let year = base.reference?.year();
            let this = year / 100 * 100 + d;
            match base.lean {
                Lean::Future if this < year => this + 100,
                Lean::Past | Lean::Nearest if this > year => this - 100,
                _ => this,
            }
        }
        (None, None) => return None,
    };
    let length = if decade.is_some() { 10 } else { 100 };
    let (skip, length) = match (third, length) {
        (Some(1), 10) => (0, 3),
        (Some(2), 10) => (3, 4),
        (Some(_), 10) => (7, 3),
        (Some(1), _) => (0, 20),
        (Some(2), _) => (40, 20),
        (Some(_), _) => (80, 20),
        (None, n) => (0, n),
    };
    Some((date(first + skip, 1, 1)?, date(first + skip + length - 1, 12, 31)?))
}

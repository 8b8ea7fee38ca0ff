//! What a text has said before, and the reading of a date against it.

use jiff::civil::Date;

use super::expr::{Expr, Part, Year};
use super::resolve::{Base, days_of};
use super::{DateMention, Granularity, Lean};

/// The reference of a text and the last date that was read in it.
pub(super) struct Context {
    reference: Option<Date>,
    last: Option<Date>,
    lean: Lean,
}

impl Context {
    pub(super) const fn new(reference: Option<Date>, lean: Lean) -> Self {
        Self { reference, last: None, lean }
    }

    /// The days a date means, in a mention without place and text. `listed` where only a
    /// comma parts it from the date before it, whose month and year it then shares.
    pub(super) fn resolve(&mut self, expr: &Expr, listed: bool) -> DateMention {
        let reference = self.reference.or(self.last);
        let day = matches!(expr, Expr::Calendar { year: None, part: Part::Day(_), .. });
        let not_before = self.last.filter(|_| listed && day);
        let base = Base { reference, last: self.last.or(self.reference), lean: self.lean, not_before };
        let days = days_of(expr, &base);
        if let Some((from, _)) = days.filter(|_| is_calendar(expr)) {
            self.last = Some(from);
        }
        DateMention {
            start: 0,
            end: 0,
            text: String::new(),
            from: days.map(|(from, _)| from),
            to: days.map(|(_, to)| to),
            granularity: granularity(expr),
            relative: is_relative(expr),
            lunar: matches!(expr, Expr::Lunar),
        }
    }
}

/// Whether `当天`, `同月` may refer to it.
fn is_calendar(expr: &Expr) -> bool {
    match expr {
        Expr::Calendar { .. } | Expr::Days(_) | Expr::SameDay(_) | Expr::Weekday(_) | Expr::Week(_, Some(_)) => true,
        Expr::Range(first, _) => is_calendar(first),
        _ => false,
    }
}

fn is_relative(expr: &Expr) -> bool {
    match expr {
        Expr::Calendar { year, .. } => !matches!(year, Some(Year::At(_))),
        Expr::Century { century, .. } => !matches!(century, Some(super::expr::Century::At(_))),
        Expr::Range(first, second) => is_relative(first) || matches!(**second, Expr::Days(_)),
        Expr::Plan(_) | Expr::Lunar => false,
        _ => true,
    }
}

fn granularity(expr: &Expr) -> Granularity {
    match expr {
        Expr::Calendar { month, part, .. } => match part {
            Part::Day(_) | Part::Weekday(..) => Granularity::Day,
            Part::Week(_) => Granularity::Week,
            Part::Quarters(a, b) if a == b => Granularity::Quarter,
            Part::QuarterOff(_) | Part::Season(_) => Granularity::Quarter,
            Part::Quarters(..) => Granularity::Year,
            Part::Half(_) => Granularity::HalfYear,
            Part::Months(..) | Part::Third(_) | Part::FirstDays(_) | Part::LastDays(_) => Granularity::Month,
            Part::Whole | Part::Start | Part::Middle | Part::End if month.is_some() => Granularity::Month,
            Part::Whole | Part::Start | Part::Middle | Part::End => Granularity::Year,
        },
        Expr::Lunar | Expr::Days(_) | Expr::SameDay(_) | Expr::Weekday(_) | Expr::Week(_, Some(_)) => Granularity::Day,
        Expr::Week(_, None) | Expr::Weekend(_) => Granularity::Week,
        Expr::Rolling { .. } => Granularity::Rolling,
        Expr::Shift(_, unit) => match unit {
            super::expr::Unit::Day => Granularity::Day,
            super::expr::Unit::Week => Granularity::Week,
            super::expr::Unit::Month => Granularity::Month,
            super::expr::Unit::Quarter => Granularity::Quarter,
            super::expr::Unit::Year => Granularity::Year,
        },
        Expr::Century { .. } | Expr::Plan(_) => Granularity::Long,
        Expr::Vague => Granularity::Vague,
        Expr::Range(..) => Granularity::Range,
    }
}

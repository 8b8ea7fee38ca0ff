//! Intervals compared under the catalog's rules.

use keqiao_catalog::{MeetRule, Property, PropertyType, Units};
use keqiao_domain::{Interval, Value, Verdict};

/// The dimension of units that count things; a plain number may carry one.
const COUNT: &str = "count";

/// An interval in a property's own unit; an absent end is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
}

/// Two figures that do not agree, in the property's own unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Gap {
    pub(crate) offered: f64,
    pub(crate) required: f64,
}

impl Range {
    fn new(min: Option<f64>, max: Option<f64>) -> Option<Self> {
        let finite = [min, max].into_iter().flatten().all(f64::is_finite);
        let ordered = min.zip(max).is_none_or(|(a, b)| a <= b);
        (finite && ordered && (min.is_some() || max.is_some())).then_some(Self { min, max })
    }
    /// The single value, where it is one.
    pub(crate) fn point(self) -> Option<f64> {
        self.min.filter(|_| self.min == self.max)
    }
}

/// The range a value states for a property; `None` when it states none or its
/// unit measures something else.
pub(crate) fn range_of(value: &Value, property: &Property, units: &Units) -> Option<Range> {
    let own = property.unit.as_deref().unwrap_or_default();
    match value {
        Value::Number(n) => Range::new(Some(*n), Some(*n)),
        Value::Interval(i) => in_unit(i, property.ty, own, units),
        Value::Text(text) => {
            let stated = keqiao_text::parse_interval(text, units, own)?;
            let stated = better(stated, text, property.meet);
            in_unit(&stated, property.ty, own, units)
        }
        Value::Bool(_) | Value::List(_) => None,
    }
}

/// A limit given as `优于` has the direction in which the property is met.
pub(crate) fn better(interval: Interval, text: &str, rule: MeetRule) -> Interval {
    let said = ["优于", "優於", "好于", "好於"].iter().any(|w| text.contains(w))
        || text.to_lowercase().contains("better than");
    let (min, max) = match (interval.min, interval.max) {
        (Some(bound), None) | (None, Some(bound)) if said => match rule {
            MeetRule::AtLeast => (Some(bound), None),
            MeetRule::AtMost => (None, Some(bound)),
            _ => return interval,
        },
        _ => return interval,
    };
    Interval { min, max, unit: interval.unit }
}

/// An interval's ends in a unit.
fn in_unit(interval: &Interval, ty: PropertyType, own: &str, units: &Units) -> Option<Range> {
    if interval.unit.is_empty() {
        return Range::new(interval.min, interval.max);
    }
    if ty == PropertyType::Number {
        let unit = units.get(&interval.unit).filter(|u| u.dimension == COUNT)?;
        return Range::new(interval.min.map(|v| v * unit.factor), interval.max.map(|v| v * unit.factor));
    }
    let end = |v: Option<f64>| match v {
        Some(v) => convert(v, &interval.unit, own, units).map(Some),
        None => Some(None),
    };
    Range::new(end(interval.min)?, end(interval.max)?)
}

/// A value in another unit. Where a zero point moves (℃, K), the digits that
/// the subtraction leaves over are cut.
pub(crate) fn convert(value: f64, from: &str, to: &str, units: &Units) -> Option<f64> {
    let converted = units.convert(value, from, to)?;
    let moved = [from, to].iter().any(|u| units.get(u).is_some_and(|u| u.offset != 0.0));
    Some(if moved && from != to { (converted * 1e9).round() / 1e9 } else { converted })
}

/// `a ≤ b`, but for the noise of a conversion.
fn le(a: f64, b: f64) -> bool {
    a <= b + 1e-9 * a.abs().max(b.abs())
}

/// How one end of the offered range stands to the required one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Free,
    Met,
    Open,
    Short(Gap),
}

/// What the rule says of an offered range against a required one.
///
/// What the offer leaves open is never met: it is unknown, or partly where the
/// other end is met.
pub(crate) fn compare(rule: MeetRule, need: Range, offer: Range) -> (Verdict, Option<Gap>) {
    match rule {
        MeetRule::Covers => covers(need, offer),
        // A need that names only the other end (`产能不超过10吨`) is judged by that end.
        MeetRule::AtLeast => match (need.min, need.max) {
            (Some(bound), _) => at_least(bound, offer),
            (None, Some(bound)) => at_most(bound, offer),
            (None, None) => (Verdict::Unknown, None),
        },
        MeetRule::AtMost => match (need.max, need.min) {
            (Some(bound), _) => at_most(bound, offer),
            (None, Some(bound)) => at_least(bound, offer),
            (None, None) => (Verdict::Unknown, None),
        },
        MeetRule::Equals => equals(need, offer),
        MeetRule::AnyOf => any_of(need, offer),
        MeetRule::MeetsStandard | MeetRule::Shown => (Verdict::Unknown, None),
    }
}

fn at_least(bound: f64, offer: Range) -> (Verdict, Option<Gap>) {
    match (offer.min, offer.max) {
        (Some(low), _) if le(bound, low) => (Verdict::Meets, None),
        (_, Some(high)) if !le(bound, high) => (Verdict::Fails, Some(Gap { offered: high, required: bound })),
        (Some(_), Some(_)) => (Verdict::Partly, None),
        _ => (Verdict::Unknown, None),
    }
}

fn at_most(bound: f64, offer: Range) -> (Verdict, Option<Gap>) {
    match (offer.min, offer.max) {
        (_, Some(high)) if le(high, bound) => (Verdict::Meets, None),
        (Some(low), _) if !le(low, bound) => (Verdict::Fails, Some(Gap { offered: low, required: bound })),
        (Some(_), Some(_)) => (Verdict::Partly, None),
        _ => (Verdict::Unknown, None),
    }
}

/// The offer's range holds the need's whole. A single offered value says
/// nothing of a range around it: inside the need's it is a part, else unknown.
fn covers(need: Range, offer: Range) -> (Verdict, Option<Gap>) {
    if let Some(value) = offer.point() {
        let inside = need.min.is_none_or(|m| le(m, value)) && need.max.is_none_or(|m| le(value, m));
        let whole = need.point().is_some() && inside;
        let verdict = match (whole, inside) {
            (true, _) => Verdict::Meets,
            (false, true) => Verdict::Partly,
            (false, false) => Verdict::Unknown,
        };
        return (verdict, None);
    }
    let end = |need: Option<f64>, offer: Option<f64>, reaches: fn(f64, f64) -> bool| match (need, offer) {
        (None, _) => End::Free,
        (Some(_), None) => End::Open,
        (Some(n), Some(o)) if reaches(o, n) => End::Met,
        (Some(n), Some(o)) => End::Short(Gap { offered: o, required: n }),
    };
    let ends = [end(need.min, offer.min, le), end(need.max, offer.max, |o, n| le(n, o))];
    if let Some(gap) = ends.iter().rev().find_map(|e| if let End::Short(gap) = e { Some(*gap) } else { None }) {
        return (Verdict::Fails, Some(gap));
    }
    let verdict = match (ends.contains(&End::Open), ends.contains(&End::Met)) {
        (false, true) => Verdict::Meets,
        (true, true) => Verdict::Partly,
        _ => Verdict::Unknown,
    };
    (verdict, None)
}

/// The two ranges do not meet: the figures nearest to each other.
fn apart(need: Range, offer: Range) -> Option<Gap> {
    if let (Some(high), Some(low)) = (offer.max, need.min)
        && !le(low, high)
    {
        return Some(Gap { offered: high, required: low });
    }
    if let (Some(low), Some(high)) = (offer.min, need.max)
        && !le(low, high)
    {
        return Some(Gap { offered: low, required: high });
    }
    None
}

/// Whether the inner range lies in the outer one for sure.
fn within(inner: Range, outer: Range) -> bool {
    let low = outer.min.is_none_or(|o| inner.min.is_some_and(|i| le(o, i)));
    let high = outer.max.is_none_or(|o| inner.max.is_some_and(|i| le(i, o)));
    low && high
}

/// The same value, an offered range inside the required one, or one that holds
/// all of it (a supply of 2.7–5.5 V works at 3.3 V).
fn equals(need: Range, offer: Range) -> (Verdict, Option<Gap>) {
    if let Some(gap) = apart(need, offer) {
        return (Verdict::Fails, Some(gap));
    }
    let closed = |r: Range| r.min.is_some() && r.max.is_some();
    let verdict = if within(offer, need) || (closed(need) && closed(offer) && within(need, offer)) {
        Verdict::Meets
    } else if closed(offer) {
        Verdict::Partly
    } else {
        Verdict::Unknown
    };
    (verdict, None)
}

/// One value that both ranges hold is enough.
fn any_of(need: Range, offer: Range) -> (Verdict, Option<Gap>) {
    match apart(need, offer) {
        Some(gap) => (Verdict::Fails, Some(gap)),
        None if offer.min.is_some() && offer.max.is_some() => (Verdict::Meets, None),
        None if within(offer, need) => (Verdict::Meets, None),
        None => (Verdict::Unknown, None),
    }
}

/// A figure with at most nine significant digits.
#[must_use]
pub(crate) fn figure(value: f64) -> String {
    rounded(value).to_string()
}

/// A value cut to nine significant digits.
pub(crate) fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = 8 - value.abs().log10().floor() as i32;
    let scale = 10f64.powi(digits);
    if scale.is_finite() && scale > 0.0 { (value * scale).round() / scale } else { value }
}

/// `85 < 125 ℃`, in the unit in which the need was written.
pub(crate) fn gap_words(gap: Gap, required: &Value, property: &Property, units: &Units) -> String {
    let own = property.unit.as_deref().unwrap_or_default();
    let unit = match required {
        Value::Interval(i) if !i.unit.is_empty() => i.unit.as_str(),
        _ => own,
    };
    let shown = |v: f64| convert(v, own, unit, units).map(figure);
    let (offered, needed, unit) = match (shown(gap.offered), shown(gap.required)) {
        (Some(o), Some(r)) => (o, r, unit),
        _ => (figure(gap.offered), figure(gap.required), own),
    };
    let sign = if gap.offered < gap.required { '<' } else { '>' };
    format!("{offered} {sign} {needed} {unit}").trim_end().to_owned()
}

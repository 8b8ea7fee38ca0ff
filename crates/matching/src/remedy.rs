//! What would have to change for an offer to fit a need: of each requirement that is not met the
//! least the offer would have to say, and the least the need would have to give way.

use keqiao_catalog::{Catalog, MeetRule, Property, PropertyType, Units};
use keqiao_domain::{Interval, Match, Reason, Strength, Value, Verdict};
use serde::Serialize;

use crate::judge::judge_value;
use crate::range::{Gap, Range, compare, convert, range_of, rounded};

/// By how much a figure falls short of a required one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shortfall {
    /// The offer's figure.
    pub offered: f64,
    /// The need's.
    pub required: f64,
    /// The distance of the two.
    pub by: f64,
    /// Their unit; empty: none.
    pub unit: String,
}

/// The remedy by which one requirement would be met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Remedy {
    /// Property id, or the need's words.
    pub property: String,
    /// Must or wish.
    pub strength: Strength,
    /// How it stands now: fails, partly or unknown.
    pub verdict: Verdict,
    /// What the offer says now; `None`: nothing.
    pub from: Option<Value>,
    /// The least it would have to say.
    pub to: Value,
    /// What the need would have to ask for instead, so that what is offered is enough; `None`: that is no
    /// matter of more or less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relaxed: Option<Value>,
    /// By how much it fails, where that is a figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short: Option<Shortfall>,
}

impl Remedy {
    /// Whether the offer is blocked by it.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.verdict == Verdict::Fails && self.strength == Strength::Must
    }
}

/// The remedies by which a match would meet all its requirements: first what blocks it, then what
/// else must be met, then the wishes.
#[must_use]
pub fn remedies(matched: &Match, catalog: &Catalog) -> Vec<Remedy> {
    let mut all: Vec<Remedy> = matched.reasons.iter().filter_map(|r| remedy(r, catalog)).collect();
    all.sort_by_key(|c| (!c.blocks(), c.strength == Strength::Wish, c.verdict != Verdict::Fails));
    all
}

fn remedy(reason: &Reason, catalog: &Catalog) -> Option<Remedy> {
    let Reason::Requirement { property: id, required, offered, strength, verdict, .. } = reason else {
        return None;
    };
    if *verdict == Verdict::Meets {
        return None;
    }
    let (to, relaxed) = match (catalog.properties.get(id), offered) {
        (Some(property), Some(offered)) => {
            let meets = |asked: &Value, said: &Value| judge_value(property, asked, said, catalog).0 == Verdict::Meets;
            let to = least_said(property, required, offered, &catalog.units).filter(|to| meets(required, to));
            let relaxed = least_asked(property, required, offered, catalog).filter(|asked| meets(asked, offered));
            (to, relaxed)
        }
        _ => (None, None),
    };
    Some(Remedy {
        property: id.clone(),
        strength: *strength,
        verdict: *verdict,
        from: offered.clone(),
        to: to.unwrap_or_else(|| required.clone()),
        relaxed,
        short: shortfall(reason, catalog),
    })
}

/// By how much a requirement fails, in the unit in which the need was written.
#[must_use]
pub fn shortfall(reason: &Reason, catalog: &Catalog) -> Option<Shortfall> {
    let Reason::Requirement { property, required, offered, verdict: Verdict::Fails, .. } = reason else {
        return None;
    };
    let property = catalog.properties.get(property)?;
    let (need, offer) = ranges(property, required, offered.as_ref()?, &catalog.units)?;
    let (_, Some(Gap { offered, required: asked })) = compare(property.meet, need, offer) else { return None };
    let unit = unit_of(property, required);
    let own = property.unit.as_deref().unwrap_or_default();
    let shown = |v: f64| convert(v, own, unit, &catalog.units).map(rounded);
    let (offered, asked, unit) = match (shown(offered), shown(asked)) {
        (Some(o), Some(r)) => (o, r, unit),
        _ => (offered, asked, own),
    };
    Some(Shortfall { offered, required: asked, by: rounded((asked - offered).abs()), unit: unit.to_owned() })
}

/// The unit in which a requirement is written.
fn unit_of<'a>(property: &'a Property, required: &'a Value) -> &'a str {
    match required {
        Value::Interval(i) if !i.unit.is_empty() => &i.unit,
        _ => property.unit.as_deref().unwrap_or_default(),
    }
}

fn ranges(property: &Property, required: &Value, offered: &Value, units: &Units) -> Option<(Range, Range)> {
    if !matches!(property.ty, PropertyType::Quantity | PropertyType::Number) {
        return None;
    }
    Some((range_of(required, property, units)?, range_of(offered, property, units)?))
}

/// A range in a property's own unit as a value in another.
fn value_of(range: Range, property: &Property, required: &Value, units: &Units) -> Option<Value> {
    let own = property.unit.as_deref().unwrap_or_default();
    let written = unit_of(property, required);
    let unit = if units.convert(1.0, own, written).is_some() { written } else { own };
    let end = |v: Option<f64>| v.map(|v| convert(v, own, unit, units).map_or(v, rounded));
    let interval = Interval { min: end(range.min), max: end(range.max), unit: unit.to_owned() };
    (interval.min.is_some() || interval.max.is_some()).then_some(Value::Interval(interval))
}

fn least_said(property: &Property, required: &Value, offered: &Value, units: &Units) -> Option<Value> {
    if let Some((need, offer)) = ranges(property, required, offered, units) {
        return value_of(moved(property.meet, need, offer), property, required, units);
    }
    let (asked, said) = (required.texts(), offered.texts());
    match (property.ty, property.meet) {
        // All it has, and what is missing.
        (PropertyType::Choice, MeetRule::Covers) => {
            let missing = asked.iter().filter(|a| !said.contains(a));
            Some(Value::List(said.iter().chain(missing).map(|s| (*s).to_owned()).collect()))
        }
        _ => None,
    }
}

/// The range nearest to the offered one that meets the need.
fn moved(rule: MeetRule, need: Range, offer: Range) -> Range {
    let point = |v: f64| Range { min: Some(v), max: Some(v) };
    let single = offer.point().is_some();
    match (rule, need.min, need.max) {
        (MeetRule::AtLeast, Some(b), _) | (MeetRule::AtMost, Some(b), None) => match single {
            true => point(b),
            false => Range { min: Some(b), max: offer.max.filter(|m| *m > b) },
        },
        (MeetRule::AtMost, _, Some(b)) | (MeetRule::AtLeast, None, Some(b)) => match single {
            true => point(b),
            false => Range { min: offer.min.filter(|m| *m < b), max: Some(b) },
        },
        (MeetRule::Covers, ..) => hull(need, offer),
        _ => match (offer.min.or(offer.max), offer.max.or(offer.min)) {
            // Where they overlap, the part that both hold; else the end of the need's that is nearest.
            (Some(low), Some(high)) => {
                let at = |v: f64| v.max(need.min.unwrap_or(v)).min(need.max.unwrap_or(v));
                Range { min: Some(at(low)), max: Some(at(high)) }
            }
            _ => need,
        },
    }
}

/// The smallest range that holds both, open where the need leaves it to the offer.
fn hull(need: Range, offer: Range) -> Range {
    let end = |need: Option<f64>, offer: Option<f64>, further: fn(f64, f64) -> f64| match (need, offer) {
        (Some(n), Some(o)) => Some(further(n, o)),
        (n, o) => n.or(o),
    };
    Range { min: end(need.min, offer.min, f64::min), max: end(need.max, offer.max, f64::max) }
}

fn least_asked(property: &Property, required: &Value, offered: &Value, catalog: &Catalog) -> Option<Value> {
    if let Some((need, offer)) = ranges(property, required, offered, &catalog.units) {
        return value_of(relaxed(property.meet, need, offer)?, property, required, &catalog.units);
    }
    let (asked, said) = (required.texts(), offered.texts());
    let owned = |texts: Vec<&str>| Value::List(texts.into_iter().map(str::to_owned).collect());
    match (property.ty, property.meet) {
        (PropertyType::Choice, MeetRule::Covers) => {
            let both: Vec<&str> = asked.into_iter().filter(|a| said.contains(a)).collect();
            (!both.is_empty()).then(|| owned(both))
        }
        (PropertyType::Choice, _) => Some(owned(asked.iter().chain(&said).copied().collect())),
        // The grade that is there, or the standard without one.
        (PropertyType::Standard, _) => {
            let named = |text: &str| catalog.standard(text).map(|(s, _)| s.id.clone());
            let same = |o: &&&str| named(o).is_some() && asked.iter().any(|a| named(a) == named(o));
            said.iter().find(same).map(|o| Value::Text((*o).to_owned()))
        }
        (PropertyType::Date, _) => Some(offered.clone()),
        _ => None,
    }
}

/// The range nearest to the need's that the offered one meets.
fn relaxed(rule: MeetRule, need: Range, offer: Range) -> Option<Range> {
    match (rule, need.min, need.max) {
        (MeetRule::AtLeast, Some(_), max) | (MeetRule::AtMost, Some(_), max @ None) => {
            Some(Range { min: Some(offer.min?), max })
        }
        (MeetRule::AtMost, min, Some(_)) | (MeetRule::AtLeast, min @ None, Some(_)) => {
            let max = offer.max?;
            Some(Range { min: min.filter(|m| *m < max), max: Some(max) })
        }
        (MeetRule::Covers, ..) => {
            let part = |need: Option<f64>, offer: Option<f64>, nearer: fn(f64, f64) -> f64| match (need, offer) {
                (Some(n), Some(o)) => Some(nearer(n, o)),
                _ => None,
            };
            let both = Range { min: part(need.min, offer.min, f64::max), max: part(need.max, offer.max, f64::min) };
            both.min.zip(both.max).is_none_or(|(a, b)| a <= b).then_some(both)
        }
        (MeetRule::Equals | MeetRule::AnyOf, ..) => Some(hull(need, offer)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

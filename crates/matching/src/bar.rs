//! A requirement and what is offered as bars on one scale.

use keqiao_catalog::{Catalog, MeetRule, Property, PropertyType};
use keqiao_domain::Value;

use crate::range::{Range, range_of};

/// Free space left and right of the outermost figures, as a share of their distance.
const MARGIN: f64 = 0.12;

/// One bar: from 0 (the scale's low end) to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Where it begins.
    pub from: f64,
    /// Where it ends; equal to `from` for a single value.
    pub to: f64,
    /// Whether it goes on below the scale.
    pub open_below: bool,
    /// Whether it goes on above the scale.
    pub open_above: bool,
}

/// Two bars on one scale, for a page to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalBar {
    /// The property's unit; empty: none.
    pub unit: String,
    /// The figure at 0.
    pub low: f64,
    /// The figure at 1.
    pub high: f64,
    /// What the need asks for; open where the rule of the property asks for no more than a bound.
    pub required: Bar,
    /// What the offer has.
    pub offered: Bar,
}

impl IntervalBar {
    /// The bars of two values of a property; `None` where one of them is no quantity.
    #[must_use]
    pub fn new(property: &Property, required: &Value, offered: &Value, catalog: &Catalog) -> Option<Self> {
        if !matches!(property.ty, PropertyType::Quantity | PropertyType::Number) {
            return None;
        }
        let required = asked(property.meet, range_of(required, property, &catalog.units)?);
        let offered = range_of(offered, property, &catalog.units)?;
        let ends = [required.min, required.max, offered.min, offered.max];
        let low = ends.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let high = ends.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
        let margin = match high - low {
            // One figure alone stands in the middle.
            0.0 if low == 0.0 => 1.0,
            0.0 => low.abs() * MARGIN,
            distance => distance * MARGIN,
        };
        let (low, high) = (low - margin, high + margin);
        let bar = |r: Range| Bar {
            from: r.min.map_or(0.0, |v| (v - low) / (high - low)),
            to: r.max.map_or(1.0, |v| (v - low) / (high - low)),
            open_below: r.min.is_none(),
            open_above: r.max.is_none(),
        };
        let unit = property.unit.clone().unwrap_or_default();
        Some(Self { unit, low, high, required: bar(required), offered: bar(offered) })
    }
}

/// What a rule asks for: at-least no upper end, at-most no lower one.
fn asked(rule: MeetRule, need: Range) -> Range {
    match rule {
        MeetRule::AtLeast if need.min.is_some() => Range { min: need.min, max: None },
        MeetRule::AtMost if need.max.is_some() => Range { min: None, max: need.max },
        _ => need,
    }
}

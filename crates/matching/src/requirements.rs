//! Requirements read from a text: quantities, numbers, choices, standards, days, places.

use std::collections::{HashMap, HashSet};

use keqiao_catalog::{Property, PropertyType, Units};
use keqiao_domain::{Interval, Requirement, RequirementSource, Strength, Value};
use keqiao_text::{QuantityMention, read_quantities_of_any_unit};

use crate::lexicon::{Cue, CueHit};
use crate::negation;
use crate::read::{Doubt, Scan};
use crate::standard::Denied;

mod choices;
pub(crate) mod dates;
mod names;
mod numbers;
pub(crate) mod places;
mod quantities;
mod standards;
mod units;
pub(crate) mod words;

use quantities::FiguresAt;

/// How far behind a property's name its choice or number may begin.
const REACH_VALUE: usize = 12;

/// What a text requires.
pub(crate) struct Found {
    pub(crate) requirements: Vec<Requirement>,
    /// Standards with grades, in the order of the text.
    pub(crate) standards: Vec<String>,
    /// Standards that an offer says it has not.
    pub(crate) denied: Vec<Denied>,
    /// What cannot be right, or cannot be judged.
    pub(crate) doubts: Vec<Doubt>,
}

/// Whose text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// A need's: what is waived is not asked for.
    Asks,
    /// An offer's: what is denied is not had.
    States,
}

/// Reads all requirements: of each property the first, of each standard the
/// first, in the order of the text. Places are characters of the scanned text.
///
/// What an offer's text denies is left out: a figure or choice is then
/// unknown, a standard denied.
pub(crate) fn of(scan: &Scan<'_>, voice: Voice) -> Found {
    let mut all = Vec::new();
    let mentions: Vec<QuantityMention> = read_quantities_of_any_unit(&scan.cleaned.text, &scan.lexicon.catalog().units)
        .into_iter()
        .filter(|m| [m.interval.min, m.interval.max].into_iter().flatten().all(f64::is_finite))
        .collect();
    let figures = quantities::quantities(scan, voice, &mentions, &mut all);
    numbers::numbers(scan, &mentions, &mut all);
    choices::choices(scan, &mut all);
    choices::grades(scan, &mut all);
    match voice {
        Voice::Asks => {
            dates::deadline(scan, &mut all);
            places::places(scan, &mut all);
        }
        Voice::States => all.retain(|r| {
            let RequirementSource::Text { start, end } = r.source else {
                return true;
            };
            !negation::denies_value(scan, start, end)
        }),
    }
    all.sort_by_key(start_of);
    // A figure that a property of the catalog took is not read again under its own words.
    let properties = &scan.lexicon.catalog().properties;
    let known = |r: &Requirement| properties.contains_key(&r.property);
    let taken: HashSet<usize> = all.iter().filter(|r| known(r)).map(start_of).collect();
    all.retain(|r| known(r) || !taken.contains(&start_of(r)));
    let mut doubts = Vec::new();
    let mut all = once_each(scan, all, &figures, voice, &mut doubts);
    let mut standards = Vec::new();
    let (named, denied) = standards::standards_of(scan, voice);
    for requirement in named {
        standards.extend(requirement.required.texts().first().map(|s| (*s).to_owned()));
        all.push(requirement);
    }
    all.retain(|r| !r.property.is_empty());
    all.sort_by_key(start_of);
    Found { requirements: all, standards, denied, doubts }
}

/// Of each property one statement. A need that states both ends apart (`不低于3 V，不高于5 V`) asks for
/// what lies between; what contradicts the first statement is told.
fn once_each(
    scan: &Scan<'_>,
    all: Vec<Requirement>,
    figures: &FiguresAt,
    voice: Voice,
    doubts: &mut Vec<Doubt>,
) -> Vec<Requirement> {
    let units = &scan.lexicon.catalog().units;
    let words = |r: &Requirement| match r.source {
        RequirementSource::Text { start, end } => {
            let figure = *figures.get(&(start, end))?;
            names::words_before(scan, scan.clause(figure).0, figure).map(|(words, _)| words)
        }
        RequirementSource::Field => None,
    };
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut once: Vec<Requirement> = Vec::new();
    for r in all {
        let Some(&i) = at.get(&r.property) else {
            if let Value::Interval(interval) = &r.required
                && !interval.unit.is_empty()
                && units.get(&interval.unit).is_none()
            {
                doubts.push(Doubt::UnknownUnit { property: r.property.clone(), unit: interval.unit.clone() });
            }
            at.insert(r.property.clone(), once.len());
            once.push(r);
            continue;
        };
        let (Value::Interval(first), Value::Interval(second), Voice::Asks) = (&once[i].required, &r.required, voice)
        else {
            continue;
        };
        match both(first, second, units) {
            // `出水COD≤60 mg/L，出水氨氮≤8 mg/L`: the second is not the first, and goes under its own words.
            both if !matches!(both, Both::Within(_)) && said_apart(words(&once[i]).as_ref(), words(&r).as_ref()) => {
                let property = words(&r).unwrap_or_default();
                if !at.contains_key(&property) {
                    at.insert(property.clone(), once.len());
                    once.push(Requirement { property, ..r });
                }
            }
            // A wish is no must, so the two stay apart.
            Both::Within(_) if once[i].strength != r.strength => once.push(r),
            Both::Within(interval) => once[i].required = Value::Interval(interval),
            Both::Apart => doubts.push(Doubt::Contradiction {
                property: r.property.clone(),
                first: once[i].required.clone(),
                second: r.required.clone(),
            }),
            // `延伸率≥6%，力争达到8%以上`: the one is asked for, the other hoped for.
            Both::Alike if once[i].strength != r.strength && once[i].required != r.required => once.push(r),
            Both::Alike => {}
        }
    }
    once
}

/// Whether two figures of one property are said of two things.
fn said_apart(first: Option<&String>, second: Option<&String>) -> bool {
    first.zip(second).is_some_and(|(a, b)| !a.contains(b.as_str()) && !b.contains(a.as_str()))
}

/// Two statements about one property.
enum Both {
    /// A lower and an upper limit.
    Within(Interval),
    /// Nothing meets both.
    Apart,
    /// All else.
    Alike,
}

fn both(first: &Interval, second: &Interval, units: &Units) -> Both {
    let there = |v: Option<f64>| match v {
        Some(v) if first.unit == second.unit => Some(Some(v)),
        Some(v) => units.convert(v, &second.unit, &first.unit).map(Some),
        None => Some(None),
    };
    let (Some(min), Some(max)) = (there(second.min), there(second.max)) else { return Both::Alike };
    let below = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| a < b);
    if below(max, first.min) || below(first.max, min) {
        return Both::Apart;
    }
    let between = |min, max| Both::Within(Interval { min, max, unit: first.unit.clone() });
    match (first.min, first.max, min, max) {
        (Some(low), None, None, Some(high)) | (None, Some(high), Some(low), None) => between(Some(low), Some(high)),
        _ => Both::Alike,
    }
}

fn start_of(requirement: &Requirement) -> usize {
    match requirement.source {
        RequirementSource::Text { start, .. } => start,
        RequirementSource::Field => 0,
    }
}

/// A requirement at a stretch of the text; `None` where its clause waives it.
fn at(scan: &Scan<'_>, property: &str, required: Value, start: usize, end: usize) -> Option<Requirement> {
    let mut strength = Strength::Must;
    for hit in scan.cues_within(scan.clause(start)) {
        match hit.cue {
            Cue::Waived => return None,
            Cue::Wish => strength = Strength::Wish,
            _ => {}
        }
    }
    if negation::waives(scan, start, end) {
        return None;
    }
    let source = RequirementSource::Text { start, end };
    Some(Requirement { property: property.to_owned(), required, strength, source })
}

fn property<'a>(scan: &'a Scan<'_>, hit: &'a CueHit<'_>) -> Option<&'a Property> {
    match hit.cue {
        Cue::Property(id) => scan.lexicon.catalog().properties.get(&**id),
        _ => None,
    }
}

fn dimension_of<'a>(scan: &'a Scan<'_>, unit: &str) -> Option<&'a str> {
    scan.lexicon.catalog().units.get(unit).map(|u| u.dimension.as_str())
}

fn measures(scan: &Scan<'_>, property: &Property, dimension: &str) -> bool {
    property.ty == PropertyType::Quantity
        && property.unit.as_deref().and_then(|u| dimension_of(scan, u)) == Some(dimension)
}

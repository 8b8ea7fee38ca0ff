//! A required interval above an offered one, as a picture.

use keqiao_catalog::{MeetRule, Units};
use keqiao_domain::{Interval, Verdict};

/// The drawing area of the axis, in the picture's own units (`macros.html`, `bar`).
const LEFT: f64 = 56.0;
const RIGHT: f64 = 314.0;
/// Room beside the outermost numbers.
const MARGIN: f64 = 24.0;
/// The same on a side where an interval runs on.
const OPEN_MARGIN: f64 = 80.0;
/// From this ratio of the outermost numbers on, the axis is logarithmic.
const LOGARITHMIC: f64 = 200.0;
/// Numbers under the axis keep this distance.
const LABEL_GAP: f64 = 34.0;

/// One interval on the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Where it begins.
    pub x1: f64,
    /// Where it ends.
    pub x2: f64,
    /// Whether it runs on to the left.
    pub open_left: bool,
    /// Whether it runs on to the right.
    pub open_right: bool,
}

impl Band {
    /// Where its closed ends are.
    #[must_use]
    pub fn ticks(&self) -> Vec<f64> {
        let ends = [(self.open_left, self.x1), (self.open_right, self.x2)];
        ends.into_iter().filter(|(open, _)| !open).map(|(_, x)| x).collect()
    }
    /// Arrow heads at its open ends, as points of polygons around a height.
    #[must_use]
    pub fn arrows(&self, y: i32) -> Vec<String> {
        let ends = [(self.open_left, self.x1, -6.0), (self.open_right, self.x2, 6.0)];
        let open = ends.into_iter().filter(|(open, _, _)| *open);
        open.map(|(_, x, tip)| format!("{x},{} {},{y} {x},{}", y - 5, round(x + tip), y + 5)).collect()
    }
}

/// A number under the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where.
    pub x: f64,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// The number.
    pub text: String,
}

/// A required interval above an offered one; drawn by `bar` of `macros.html`.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalBar {
    /// What is required.
    pub need: Band,
    /// What is offered; `None`: not said, or in a unit that cannot be compared.
    pub offer: Option<Band>,
    /// What is missing, as stretches from one place to another.
    pub missing: Vec<(f64, f64)>,
    /// The numbers under the axis, in the need's unit.
    pub labels: Vec<Label>,
}

impl IntervalBar {
    /// The picture of a requirement and what is offered, in the need's unit.
    /// `None` when the need names no number.
    #[must_use]
    pub fn new(
        need: &Interval,
        offer: Option<&Interval>,
        rule: MeetRule,
        verdict: Verdict,
        units: &Units,
    ) -> Option<Self> {
        let offer = offer.and_then(|offer| in_unit(offer, &need.unit, units));
        let ends = |i: &Interval| [i.min, i.max].into_iter().flatten().collect::<Vec<_>>();
        let mut numbers = ends(need);
        if numbers.is_empty() {
            return None;
        }
        numbers.extend(offer.iter().flat_map(ends));
        numbers.retain(|n| n.is_finite());
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        let open = |end: fn(&Interval) -> Option<f64>| {
            let bands = std::iter::once(need).chain(&offer);
            if bands.map(end).any(|e| e.is_none()) { OPEN_MARGIN } else { MARGIN }
        };
        let (left, right) = (LEFT + open(|i| i.min), RIGHT - open(|i| i.max));
        let scale = Scale::over(*numbers.first()?, *numbers.last()?, left, right);
        let short = matches!(verdict, Verdict::Fails | Verdict::Partly);
        let missing = match &offer {
            Some(offer) if short => missing(&scale.band(need), &scale.band(offer), rule),
            _ => Vec::new(),
        };
        Some(Self {
            need: scale.band(need),
            offer: offer.as_ref().map(|offer| scale.band(offer)),
            missing,
            labels: scale.labels(&numbers),
        })
    }
    /// Where the axis begins.
    #[must_use]
    pub const fn left(&self) -> f64 {
        LEFT
    }
    /// Where the axis ends.
    #[must_use]
    pub const fn right(&self) -> f64 {
        RIGHT
    }
}

/// The interval in another unit; `None` when the two cannot be compared.
fn in_unit(interval: &Interval, unit: &str, units: &Units) -> Option<Interval> {
    let convert = |end: Option<f64>| match end {
        Some(value) => units.convert(value, &interval.unit, unit).map(Some),
        None => Some(None),
    };
    Some(Interval { min: convert(interval.min)?, max: convert(interval.max)?, unit: unit.to_owned() })
}

/// What of the need the offer leaves open.
fn missing(need: &Band, offer: &Band, rule: MeetRule) -> Vec<(f64, f64)> {
    if rule != MeetRule::Covers {
        // One number has to reach another: the way between the two.
        if offer.x2 < need.x1 {
            return vec![(offer.x2, need.x1)];
        }
        return if need.x2 < offer.x1 { vec![(need.x2, offer.x1)] } else { Vec::new() };
    }
    let mut out = Vec::new();
    if need.x1 < offer.x1 {
        out.push((need.x1, offer.x1.min(need.x2)));
    }
    if offer.x2 < need.x2 {
        out.push((offer.x2.max(need.x1), need.x2));
    }
    out
}

/// From numbers to places on the axis.
struct Scale {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
    logarithmic: bool,
}

impl Scale {
    fn over(low: f64, high: f64, left: f64, right: f64) -> Self {
        let logarithmic = low > 0.0 && high / low >= LOGARITHMIC;
        let (low, high) = if logarithmic { (low.ln(), high.ln()) } else { (low, high) };
        Self { low, high, left, right, logarithmic }
    }
    fn place(&self, value: f64) -> f64 {
        let value = if self.logarithmic { value.ln() } else { value };
        let width = self.high - self.low;
        // A single number stands in the middle.
        let share = if width > 0.0 { (value - self.low) / width } else { 0.5 };
        round(self.left + share * (self.right - self.left))
    }
    fn band(&self, interval: &Interval) -> Band {
        let (mut x1, mut x2) =
            (interval.min.map_or(LEFT + 6.0, |v| self.place(v)), interval.max.map_or(RIGHT - 6.0, |v| self.place(v)));
        if x2 - x1 < 3.0 {
            // A point is still to be seen.
            (x1, x2) = (round(x1 - 1.5), round(x1 + 1.5));
        }
        Band { x1, x2, open_left: interval.min.is_none(), open_right: interval.max.is_none() }
    }
    /// The numbers under their places, leaving out those too close to the one before.
    fn labels(&self, numbers: &[f64]) -> Vec<Label> {
        let mut out: Vec<Label> = Vec::new();
        for &number in numbers {
            let x = self.place(number);
            if out.last().is_none_or(|last| x - last.x >= LABEL_GAP) {
                let text = crate::locale::group(&significant(number).to_string());
                out.push(Label { x, anchor: "middle", text });
            }
        }
        out
    }
}

/// To four significant digits, so that a converted number stays short.
fn significant(number: f64) -> f64 {
    format!("{number:.3e}").parse().unwrap_or(number)
}

fn round(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(min: Option<f64>, max: Option<f64>) -> Interval {
        Interval { min, max, unit: "℃".into() }
    }

    fn bar(need: &Interval, offer: Option<&Interval>, rule: MeetRule) -> Option<IntervalBar> {
        IntervalBar::new(need, offer, rule, Verdict::Fails, &Units::default())
    }

    #[test]
    fn what_an_offer_does_not_cover_is_missing() {
        let need = interval(Some(-40.0), Some(125.0));
        let bar = bar(&need, Some(&interval(Some(-40.0), Some(85.0))), MeetRule::Covers).unwrap();
        let offer = bar.offer.unwrap();
        assert_eq!(bar.missing, [(offer.x2, bar.need.x2)]);
        assert_eq!(offer.x1, bar.need.x1);
        let texts: Vec<_> = bar.labels.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["−40", "85", "125"]);
    }

    #[test]
    fn a_number_that_falls_short_shows_the_way_to_go() {
        let need = interval(Some(99.0), None);
        let short = interval(Some(90.0), Some(90.0));
        let bar = bar(&need, Some(&short), MeetRule::AtLeast).unwrap();
        assert!(bar.need.open_right && bar.need.arrows(8).len() == 1 && bar.need.ticks().len() == 1);
        assert_eq!(bar.missing, [(bar.offer.unwrap().x2, bar.need.x1)]);
    }

    #[test]
    fn every_place_is_inside_the_picture() {
        let wide = [1e-9, 1.0, 5.0, 1e12, -3.0];
        for a in wide {
            for b in wide {
                let (need, offer) = (interval(Some(a), None), interval(None, Some(b)));
                let bar = bar(&need, Some(&offer), MeetRule::Covers).unwrap();
                let offer = bar.offer.unwrap();
                for x in [bar.need.x1, bar.need.x2, offer.x1, offer.x2] {
                    assert!((LEFT..=RIGHT).contains(&x), "{a} {b}: {x}");
                }
                assert!(bar.need.x1 <= bar.need.x2 && offer.x1 <= offer.x2);
            }
        }
    }

    #[test]
    fn without_a_number_or_a_common_unit_there_is_nothing_to_compare() {
        assert_eq!(bar(&interval(None, None), None, MeetRule::Covers), None);
        let other = Interval { unit: "mm".into(), ..interval(Some(1.0), None) };
        let bar = bar(&interval(Some(1.0), None), Some(&other), MeetRule::Covers).unwrap();
        assert_eq!((bar.offer, bar.missing.len()), (None, 0));
    }
}

//! Weights from what people did: pairwise logistic regression, with no weight below 0.

use super::features::{FEATURES, Features};

/// Lists' worth of belief in the weights one starts from (the weight of the L2 term).
const BELIEF: f64 = 20.0;
const STEPS: usize = 600;
/// How fast the slope of the loss can change: a pair's features differ by at most 1 each.
const BEND: f64 = FEATURES as f64 / 4.0;
/// How sharply the weights one starts from may tell two matches apart.
const SCALES: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
/// No row counts for more than so many, however low it stood.
const MOST: f64 = 10.0;

/// One row of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// What it was scored by.
    pub features: Features,
    /// What came of it: 0 nothing, or declined; 1 opened; more, the further it came.
    pub gain: f64,
}

/// A list as it was shown, the first row first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shown(pub Vec<Seen>);

impl Shown {
    /// Whether something can be learned of it: a row came to more than another.
    #[must_use]
    pub fn tells(&self) -> bool {
        let gains = || self.0.iter().map(|s| s.gain);
        gains().fold(0.0, f64::max) > gains().fold(f64::INFINITY, f64::min)
    }
}

/// How likely a row at a rank (from 1) was looked at.
///
/// The position-based model of clicks: a row is opened if it is looked at and answers, and how likely it is looked at
/// hangs on its rank alone, here 1/rank. What was opened further down counts for more by the inverse of it, so that what
/// is learned does not depend on where rows stood (Joachims, Swaminathan and Schnabel, "Unbiased Learning-to-Rank with
/// Biased Feedback", WSDM 2017).
#[must_use]
pub fn examined(rank: usize) -> f64 {
    1.0 / rank.max(1) as f64
}

/// Weights and how well they do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The coefficients, adding up to what those one started from did.
    pub coefficients: Features,
    /// The loss under those one started from, at their best scale.
    pub before: f64,
    /// The loss under these.
    pub after: f64,
}

/// The coefficients under which what came to more stands above what came to less most surely, held to `start`. The loss
/// is convex: what is found does not depend on the way there. Nothing is drawn by chance.
#[must_use]
pub fn fit(lists: &[Shown], start: &Features) -> Fitted {
    let told: Vec<&Shown> = lists.iter().filter(|s| s.tells()).collect();
    let sum: f64 = start.iter().sum();
    if told.is_empty() || sum <= 0.0 {
        return Fitted { coefficients: *start, before: 0.0, after: 0.0 };
    }
    let scaled = |scale: f64| start.map(|w| w / sum * scale);
    let loss_of = |scale: &f64| loss_and_slope(&told, &scaled(*scale)).0;
    let scale = SCALES.into_iter().min_by(|a, b| loss_of(a).total_cmp(&loss_of(b))).unwrap_or(1.0);
    let prior = scaled(scale);
    let before = loss_of(&scale);
    let hold = BELIEF / told.len() as f64 / scale;
    // Cannot overshoot.
    let step = 1.0 / (BEND * MOST + hold);
    let mut weights = prior;
    for _ in 0..STEPS {
        let (_, slope) = loss_and_slope(&told, &weights);
        for (weight, (slope, prior)) in weights.iter_mut().zip(slope.iter().zip(&prior)) {
            *weight = (*weight - step * (slope + hold * (*weight - prior))).max(0.0);
        }
    }
    let after = loss_and_slope(&told, &weights).0;
    let total: f64 = weights.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return Fitted { coefficients: *start, before, after: before };
    }
    Fitted { coefficients: weights.map(|w| w * sum / total), before, after }
}

/// The loss of coefficients over lists, at the scale at which it is least; 0 where none tells.
#[must_use]
pub fn loss(lists: &[Shown], coefficients: &Features) -> f64 {
    let told: Vec<&Shown> = lists.iter().filter(|s| s.tells()).collect();
    let sum: f64 = coefficients.iter().sum();
    if told.is_empty() || sum <= 0.0 {
        return 0.0;
    }
    let at = |scale: f64| loss_and_slope(&told, &coefficients.map(|w| w / sum * scale)).0;
    SCALES.into_iter().map(at).fold(f64::INFINITY, f64::min)
}

/// Mean over the lists of the mean over their pairs of ln(1 + e^−margin), each pair counted by what the better one came to
/// and by how unlikely it was looked at; and the slope of it.
fn loss_and_slope(told: &[&Shown], weights: &Features) -> (f64, Features) {
    let score = |f: &Features| f.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>();
    let (mut loss, mut slope) = (0.0, [0.0; FEATURES]);
    for Shown(rows) in told {
        let scores: Vec<f64> = rows.iter().map(|r| score(&r.features)).collect();
        let counts = |(rank, row): (usize, &Seen)| (row.gain / examined(rank + 1)).min(MOST);
        let told_of = rows.iter().filter(|r| r.gain > 0.0).count().max(1) as f64;
        for (i, better) in rows.iter().enumerate().filter(|(_, r)| r.gain > 0.0) {
            let worse: Vec<usize> = (0..rows.len()).filter(|j| rows[*j].gain < better.gain).collect();
            let part = counts((i, better)) / told_of / worse.len().max(1) as f64 / told.len() as f64;
            for j in worse {
                let margin = scores[i] - scores[j];
                loss += part * soft(-margin);
                let pull = part / (1.0 + margin.exp());
                for (slope, (own, other)) in slope.iter_mut().zip(better.features.iter().zip(&rows[j].features)) {
                    *slope -= pull * (own - other);
                }
            }
        }
    }
    (loss, slope)
}

/// ln(1 + e^x) without overflow.
fn soft(x: f64) -> f64 {
    if x > 30.0 { x } else { x.exp().ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::{NAMES, coefficients};
    use crate::weights::Weights;

    fn at(name: &str) -> usize {
        NAMES.iter().position(|n| *n == name).unwrap()
    }

    fn row(features: &[(&str, f64)], gain: f64) -> Seen {
        let mut all = [0.3; FEATURES];
        for (name, value) in features {
            all[at(name)] = *value;
        }
        Seen { features: all, gain }
    }

    fn start() -> Features {
        coefficients(&Weights::default())
    }

    #[test]
    fn what_tells_gains_what_misleads_falls_and_nothing_goes_below_nothing() {
        let good = row(&[("region", 0.9), ("terms", 0.1)], 1.0);
        let bad = row(&[("region", 0.1), ("terms", 0.9)], 0.0);
        let lists: Vec<Shown> = (0..400).map(|_| Shown(vec![bad, good])).collect();
        let fitted = fit(&lists, &start());
        let learned = fitted.coefficients;
        assert!(learned[at("region")] > 2.0 * start()[at("region")], "{learned:?}");
        assert!(learned[at("terms")] < 0.2 * start()[at("terms")], "{learned:?}");
        assert!(learned.iter().all(|w| *w >= 0.0 && w.is_finite()));
        assert!((learned.iter().sum::<f64>() - start().iter().sum::<f64>()).abs() < 1e-9);
        assert!(fitted.after < fitted.before);
        assert!(loss(&lists, &learned) < loss(&lists, &start()));
        assert_eq!(fit(&lists, &start()), fitted);
    }

    #[test]
    fn one_list_moves_little_and_nothing_told_changes_nothing() {
        let one = [Shown(vec![row(&[("kind", 0.0)], 0.0), row(&[("kind", 1.0)], 1.0)])];
        let learned = fit(&one, &start()).coefficients;
        assert!(learned[at("kind")] > start()[at("kind")] && learned[at("kind")] < 1.5 * start()[at("kind")]);
        for nothing in [vec![], vec![Shown::default()], vec![Shown(vec![row(&[], 0.0), row(&[], 0.0)])]] {
            assert_eq!(fit(&nothing, &start()).coefficients, start());
        }
    }

    /// Rows that answer equally well, opened as often as they are looked at: the first far more often than the tenth. A
    /// feature that only stands high must not be taken for one that answers.
    #[test]
    fn standing_high_is_not_taken_for_answering() {
        let mut lists = Vec::new();
        for opened in 1..=10_usize {
            // Of 2520 lists, so many were opened at this rank and no other.
            let rows: Vec<Seen> = (1..=10)
                .map(|rank| row(&[("verified", f64::from(u8::from(rank <= 3)))], f64::from(u8::from(rank == opened))))
                .collect();
            lists.extend(std::iter::repeat_n(Shown(rows), 2520 / opened / 20));
        }
        let opened_high = lists.iter().filter(|Shown(rows)| rows[..3].iter().any(|r| r.gain > 0.0)).count();
        assert!(opened_high * 10 > lists.len() * 6, "by what was opened the first three are twice as good as they are");
        let learned = fit(&lists, &start()).coefficients[at("verified")];
        assert!(learned < 1.5 * start()[at("verified")], "{learned}");
        // Had all ranks been looked at alike, the same would speak for them.
        let turned = |Shown(rows): &Shown| {
            let opened = rows.iter().position(|r| r.gain > 0.0).unwrap();
            let mut rows = rows.clone();
            rows.swap(0, opened);
            Shown(rows)
        };
        let naive: Vec<Shown> = lists.iter().map(turned).collect();
        assert!(fit(&naive, &start()).coefficients[at("verified")] > 1.5 * learned);
    }
}

//! Weights from judgements: what was taken up stands above what was passed over.

use super::fusion::{CHANNELS, Fusion, Seen};

/// Questions' worth of belief in the weights one starts from.
const BELIEF: f32 = 4.0;
const STEPS: usize = 400;
/// How fast the slope of the loss can change: features lie between 0 and 1.
const BEND: f32 = CHANNELS as f32 / 4.0;
/// How sharply the weights one starts from may tell two documents apart.
const SCALES: [f32; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

/// Of one question what channels saw of documents that answered it, and of others that stood high.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// Of each that answered, with what it counts.
    pub better: Vec<(Seen, f32)>,
    /// Of each that did not.
    pub worse: Vec<Seen>,
}

/// The weights under which answers stand above the others most surely: pairwise logistic regression held to
/// `start`, with no weight below 0. The loss is convex, so what is found does not depend on the way there.
#[must_use]
pub fn learn(judged: &[Judged], start: &Fusion) -> Fusion {
    let told: Vec<&Judged> = judged.iter().filter(|j| !j.better.is_empty() && !j.worse.is_empty()).collect();
    if told.is_empty() {
        return *start;
    }
    let scaled = |scale: f32| start.0.map(|w| w * scale);
    let loss_of = |scale: &f32| loss_and_slope(&told, &scaled(*scale)).0;
    let scale = SCALES.into_iter().min_by(|a, b| loss_of(a).total_cmp(&loss_of(b))).unwrap_or(1.0);
    let prior = scaled(scale);
    let hold = BELIEF / told.len() as f32 / scale;
    // Cannot overshoot.
    let step = 1.0 / (BEND + hold);
    let mut weights = prior;
    for _ in 0..STEPS {
        let (_, slope) = loss_and_slope(&told, &weights);
        for i in 0..CHANNELS {
            weights[i] = (weights[i] - step * (slope[i] + hold * (weights[i] - prior[i]))).max(0.0);
        }
    }
    // Sums of weights are comparable when they add up to the same.
    let (before, after): (f32, f32) = (start.0.iter().sum(), weights.iter().sum());
    if after > 0.0 { Fusion(weights.map(|w| w * before / after)) } else { *start }
}

/// Mean over the questions of the mean over their pairs of ln(1 + e^−margin), and its slope.
fn loss_and_slope(told: &[&Judged], weights: &[f32; CHANNELS]) -> (f32, [f32; CHANNELS]) {
    let fusion = Fusion(*weights);
    let (mut loss, mut slope) = (0.0, [0.0; CHANNELS]);
    for judged in told {
        let all: f32 = judged.better.iter().map(|(_, counts)| counts).sum::<f32>() * judged.worse.len() as f32;
        for (better, counts) in &judged.better {
            let above = fusion.score(better);
            for worse in &judged.worse {
                let margin = above - fusion.score(worse);
                let part = counts / all / told.len() as f32;
                loss += part * (1.0 + (-margin).exp()).ln();
                let pull = part / (1.0 + margin.exp());
                for i in 0..CHANNELS {
                    slope[i] -= pull * (better[i] - worse[i]);
                }
            }
        }
    }
    (loss, slope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retrieval::fusion::Channel;

    fn seen(channel: Channel, value: f32) -> Seen {
        let mut seen = [0.5; CHANNELS];
        seen[channel as usize] = value;
        seen
    }

    #[test]
    fn a_channel_that_tells_gains_and_one_that_misleads_falls_to_nothing() {
        let judged: Vec<Judged> = (0..50)
            .map(|_| {
                let mut good = seen(Channel::Meaning, 0.9);
                good[Channel::Words as usize] = 0.1;
                let mut bad = seen(Channel::Meaning, 0.2);
                bad[Channel::Words as usize] = 0.9;
                Judged { better: vec![(good, 1.0)], worse: vec![bad] }
            })
            .collect();
        let learned = learn(&judged, &Fusion::default());
        assert!(learned.0[Channel::Meaning as usize] > Fusion::default().0[Channel::Meaning as usize], "{learned}");
        assert!(learned.0[Channel::Words as usize] < 0.05, "{learned}");
        let (before, after): (f32, f32) = (Fusion::default().0.iter().sum(), learned.0.iter().sum());
        assert!((before - after).abs() < 1e-3);
    }

    #[test]
    fn one_question_moves_the_weights_a_little_and_the_same_way_each_time() {
        let judged =
            [Judged { better: vec![(seen(Channel::Meaning, 0.9), 1.0)], worse: vec![seen(Channel::Meaning, 0.2)] }];
        let (once, start) = (learn(&judged, &Fusion::default()), Fusion::default());
        let meaning = Channel::Meaning as usize;
        assert!(once.0[meaning] > start.0[meaning] && once.0[meaning] < 2.0 * start.0[meaning], "{once}");
        assert!(once.0[Channel::Pairs as usize] > 0.8 * start.0[Channel::Pairs as usize], "{once}");
    }

    #[test]
    fn nothing_judged_changes_nothing() {
        assert_eq!(learn(&[], &Fusion::default()), Fusion::default());
        assert_eq!(learn(&[Judged::default()], &Fusion::default()), Fusion::default());
    }
}

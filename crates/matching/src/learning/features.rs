//! What a match is scored by, each part between 0 and 1, and the weight that each part has.

use keqiao_domain::{Match, Reason, Strength, Verdict};

use crate::retrieval::{CHANNELS, Channel, Fusion};
use crate::weights::Weights;

/// Parts beside the channels.
const PLAIN: usize = 7;
/// Number of features.
pub const FEATURES: usize = CHANNELS + PLAIN;

/// What a match is scored by.
pub type Features = [f64; FEATURES];

/// The names of the features, in their order.
pub const NAMES: [&str; FEATURES] = {
    let mut names =
        ["terms", "requirements", "kind", "region", "industry", "verified", "attachments", "", "", "", "", "", "", ""];
    let mut i = 0;
    while i < CHANNELS {
        names[PLAIN + i] = Channel::ALL[i].name();
        i += 1;
    }
    names
};

/// The features of a match. They hang on no weight that is learned, so that weights can be compared by them.
#[must_use]
pub fn features(m: &Match) -> Features {
    let fixed = Weights::default();
    let mut out = [0.0; FEATURES];
    let (mut met, mut all, mut relevance) = (0.0, 0.0, 1.0);
    for reason in &m.reasons {
        match reason {
            Reason::Terms { share, .. } => {
                out[0] = share.powf(fixed.curve);
                relevance = (share / fixed.relevant).clamp(fixed.irrelevant, 1.0);
            }
            Reason::Text { channels, .. } => {
                for seen in channels {
                    if let Some(channel) = Channel::ALL.iter().position(|c| c.name() == seen.channel) {
                        out[PLAIN + channel] = seen.value;
                    }
                }
            }
            Reason::Requirement { strength, verdict, .. } => {
                let weight = if *strength == Strength::Must { 1.0 } else { fixed.wish };
                all += weight;
                met += weight
                    * match verdict {
                        Verdict::Meets => 1.0,
                        Verdict::Partly => fixed.partly,
                        Verdict::Unknown => fixed.unknown,
                        Verdict::Fails => 0.0,
                    };
            }
            // Where it stands is not what it is worth.
            Reason::Crowd { .. } | Reason::Busy { .. } => {}
            Reason::Kind { .. } => out[2] = 1.0,
            Reason::Region { .. } => out[3] = 1.0,
            Reason::Industry { .. } => out[4] = 1.0,
            Reason::Evidence { verified, attachments, .. } => {
                out[5] = f64::from(u8::from(*verified));
                out[6] = f64::from(u8::from(*attachments > 0));
            }
        }
    }
    if all > 0.0 {
        out[1] = met / all * relevance;
    }
    out.map(|x| if x.is_finite() { x.clamp(0.0, 1.0) } else { 0.0 })
}

/// What each feature counts under these weights.
#[must_use]
pub fn coefficients(weights: &Weights) -> Features {
    let w = weights;
    let mut out = [0.0; FEATURES];
    out[..PLAIN].copy_from_slice(&[w.terms, w.requirements, w.kind, w.region, w.industry, w.verified, w.attachments]);
    let all: f64 = w.channels.0.iter().map(|c| f64::from(*c)).sum();
    if all > 0.0 {
        for (i, channel) in w.channels.0.iter().enumerate() {
            out[PLAIN + i] = w.text * f64::from(*channel) / all;
        }
    }
    out
}

/// The same weights with other coefficients.
#[must_use]
pub fn with_coefficients(weights: &Weights, learned: &Features) -> Weights {
    let [terms, requirements, kind, region, industry, verified, attachments, ..] = *learned;
    let text: f64 = learned[PLAIN..].iter().sum();
    let mut channels = weights.channels;
    if text > 0.0 {
        let own: f64 = channels.0.iter().map(|c| f64::from(*c)).sum();
        let shares = std::array::from_fn(|i| (learned[PLAIN + i] / text * own.max(1.0)) as f32);
        channels = Fusion(shares);
    }
    Weights { terms, requirements, kind, region, industry, verified, attachments, text, channels, ..*weights }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_back_from_their_coefficients() {
        let weights = Weights::default();
        let learned = coefficients(&weights);
        assert!((learned.iter().sum::<f64>() - 100.0).abs() < 1e-4, "{learned:?}");
        let back = coefficients(&with_coefficients(&weights, &learned));
        for (name, (a, b)) in NAMES.iter().zip(learned.iter().zip(back)) {
            assert!((a - b).abs() < 1e-4, "{name} {a} {b}");
        }
        assert_eq!(NAMES[FEATURES - 1], "asked");
    }
}

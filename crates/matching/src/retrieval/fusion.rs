//! What the channels say, weighed and added.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A way of looking at a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Words of the dictionary.
    Words,
    /// Pairs of neighbouring characters.
    Pairs,
    /// Single characters.
    Characters,
    /// Nearness of meaning, as the texts themselves teach it.
    Meaning,
    /// The meaning of what was found at first (pseudo-relevance feedback).
    Feedback,
    /// The single documents of an author, the best of them.
    Votes,
    /// Earlier questions that were answered by the document.
    Asked,
}

/// Number of channels.
pub const CHANNELS: usize = 7;

impl Channel {
    /// All, in the order of their weights.
    pub const ALL: [Self; CHANNELS] =
        [Self::Words, Self::Pairs, Self::Characters, Self::Meaning, Self::Feedback, Self::Votes, Self::Asked];

    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Pairs => "pairs",
            Self::Characters => "characters",
            Self::Meaning => "meaning",
            Self::Feedback => "feedback",
            Self::Votes => "votes",
            Self::Asked => "asked",
        }
    }
}

/// What each channel says of one document, each between 0 and 1.
pub type Seen = [f32; CHANNELS];

/// How much each channel counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fusion(pub [f32; CHANNELS]);

impl Default for Fusion {
    /// Pairs, which no segmentation can spoil, and characters count most; single documents of an author are lesser
    /// witnesses than all of them.
    fn default() -> Self {
        Self([0.5, 1.0, 0.8, 0.5, 0.3, 0.3, 0.0])
    }
}

impl Fusion {
    /// One channel alone.
    #[must_use]
    pub fn only(channel: Channel) -> Self {
        Self(Channel::ALL.map(|c| f32::from(u8::from(c == channel))))
    }

    /// The same with another weight for a channel.
    #[must_use]
    pub fn with(mut self, channel: Channel, weight: f32) -> Self {
        self.0[channel as usize] = weight;
        self
    }

    /// The weighed sum.
    #[must_use]
    pub fn score(&self, seen: &Seen) -> f32 {
        self.0.iter().zip(seen).map(|(weight, value)| weight * value).sum()
    }
}

impl fmt::Display for Fusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = Channel::ALL.iter().zip(self.0).map(|(c, w)| format!("{} {w:.3}", c.name()));
        f.write_str(&parts.collect::<Vec<_>>().join(", "))
    }
}

/// The best documents by score, of equal ones the one that came first; those with nothing are left out.
#[must_use]
pub fn best(seen: &[Seen], fusion: &Fusion, top: usize) -> Vec<(usize, f32)> {
    let scored = seen.iter().map(|s| fusion.score(s)).enumerate();
    let mut scored: Vec<(usize, f32)> = scored.filter(|(_, score)| *score > 0.0).collect();
    let order = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if scored.len() > top {
        scored.select_nth_unstable_by(top, order);
        scored.truncate(top);
    }
    scored.sort_unstable_by(order);
    scored
}

/// Scaled so that the largest is 1; what is below 0 counts nothing.
pub(crate) fn scaled(mut scores: Vec<f32>) -> Vec<f32> {
    let most = scores.iter().copied().fold(0.0, f32::max);
    let factor = if most > 0.0 { 1.0 / most } else { 0.0 };
    scores.iter_mut().for_each(|s| *s = (*s * factor).max(0.0));
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_equal_ones_in_their_order() {
        let row = |x: f32| [x, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let seen = [row(0.2), row(0.0), row(0.9), row(0.2)];
        let found: Vec<usize> = best(&seen, &Fusion::only(Channel::Words), 3).into_iter().map(|(d, _)| d).collect();
        assert_eq!(found, [2, 0, 3]);
        assert_eq!(best(&seen, &Fusion::only(Channel::Words), 2).len(), 2);
    }

    #[test]
    fn a_scale_does_not_divide_by_nothing() {
        assert_eq!(scaled(vec![0.0, -1.0]), [0.0, 0.0]);
        assert_eq!(scaled(vec![1.0, 4.0, -2.0]), [0.25, 1.0, 0.0]);
    }
}

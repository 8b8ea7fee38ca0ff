//! The best offers for a need.

use std::borrow::Borrow;

use keqiao_domain::Match;

use crate::lexicon::Lexicon;
use crate::need::Need;
use crate::offer::Offer;
use crate::score::{Outline, Weights, by_rank, is_answer};

/// An offer in a ranking: what it was handed in with, and its match.
#[derive(Debug, Clone)]
pub struct Ranked<K, O> {
    /// Its key; of equal matches the smaller stands first.
    pub key: K,
    /// The offer.
    pub offer: O,
    /// The match.
    pub matched: Match,
}

/// The `top` offers that answer a need, the best first: those that scoring every offer would give.
/// The texts of offers that cannot come among them are not read.
pub fn rank_offers<K: Ord, O: Borrow<Offer>>(
    need: &Need,
    offers: impl IntoIterator<Item = (K, O)>,
    top: usize,
    lexicon: &Lexicon,
    weights: &Weights,
) -> Vec<Ranked<K, O>> {
    need.words();
    let outlined = offers.into_iter().map(|(key, offer)| {
        let outline = Outline::of(need, offer.borrow(), lexicon, weights);
        (key, offer, outline)
    });
    let mut open: Vec<_> = outlined
        .filter(|(_, _, outline)| outline.may_answer(need, weights))
        .map(|(key, offer, outline)| (outline.at_most(need, offer.borrow(), lexicon, weights), key, offer, outline))
        .collect();
    open.sort_by(|((blocked, most), ..), ((other_blocked, other_most), ..)| {
        blocked.cmp(other_blocked).then_with(|| other_most.total_cmp(most))
    });
    let mut best: Vec<Ranked<K, O>> = Vec::with_capacity(top + 1);
    for ((blocked, most), key, offer, outline) in open {
        let worst = best.last().filter(|_| best.len() == top).map(|last| &last.matched);
        // All that follow are blocked as well or come to no more.
        if worst.is_some_and(|w| (!w.blocked && blocked) || (w.blocked == blocked && w.score > most)) {
            break;
        }
        let matched = outline.complete(need, offer.borrow(), lexicon, weights);
        if is_answer(&matched, need, weights) {
            let before =
                |other: &Ranked<K, O>| by_rank(&other.matched, &matched).then_with(|| other.key.cmp(&key)).is_lt();
            let at = best.partition_point(before);
            best.insert(at, Ranked { key, offer, matched });
            best.truncate(top);
        }
    }
    best
}

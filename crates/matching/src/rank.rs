//! The best offers for a need.

use std::borrow::Borrow;

use keqiao_domain::Match;

use crate::lexicon::Lexicon;
use crate::need::Need;
use crate::offer::Offer;
use crate::score::{Outline, by_rank, is_answer};
use crate::weights::Weights;

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
    need.expect_many();
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
    let mut best: Vec<Ranked<K, O>> = Vec::new();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{LEXICON, range, text, view};
    use crate::score::score;
    use keqiao_domain::{Side, Value};
    use proptest::prelude::*;

    const SAYINGS: [&str; 9] = [
        "碳化硅",
        "衬底",
        "车规级芯片",
        "工作温度-40℃~150℃",
        "工作温度0℃~85℃",
        "导通电阻小于5mΩ",
        "导通电阻20mΩ",
        "通过AEC-Q100 Grade 1",
        "尚未通过AEC-Q100",
    ];

    fn attributes() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
        let all = vec![
            ("operating-temperature", range(-40.0, 125.0, "℃")),
            ("on-resistance", range(None, 4.0, "mΩ")),
            ("on-resistance", range(None, 40.0, "mΩ")),
            ("qualification", text("AEC-Q100 Grade 2")),
        ];
        prop::sample::subsequence(all, 0..=3)
    }

    fn sayings() -> impl Strategy<Value = String> {
        prop::sample::subsequence(SAYINGS.to_vec(), 0..=5).prop_map(|said| said.join("，"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn the_best_are_those_that_scoring_every_offer_gives(
            asked in sayings(),
            offered in prop::collection::vec((sayings(), sayings(), attributes()), 0..24),
            top in 1usize..8,
        ) {
            let (need, weights) = (Need::from_text(&asked, &LEXICON), Weights::default());
            let offers: Vec<Offer> = offered
                .into_iter()
                .map(|(title, body, attributes)| {
                    let mut view = view(Side::Offer, &title, &body);
                    view.attributes.extend(attributes.into_iter().map(|(id, value)| (id.to_owned(), value)));
                    Offer::new(view, &LEXICON)
                })
                .collect();
            let mut all: Vec<(usize, Match)> = offers
                .iter()
                .map(|offer| score(&need, offer, &LEXICON, &weights))
                .enumerate()
                .filter(|(_, m)| is_answer(m, &need, &weights))
                .collect();
            all.sort_by(|a, b| by_rank(&a.1, &b.1).then_with(|| a.0.cmp(&b.0)));
            all.truncate(top);
            // Anew, so that no text has been read before.
            let fresh: Vec<Offer> = offers.iter().map(|o| Offer::new(o.view.clone(), &LEXICON)).collect();
            let best = rank_offers(&need, fresh.iter().enumerate(), top, &LEXICON, &weights);
            let best: Vec<(usize, Match)> = best.into_iter().map(|r| (r.key, r.matched)).collect();
            prop_assert_eq!(best, all);
        }
    }

    #[test]
    fn more_may_be_asked_for_than_there_are() {
        let need = Need::from_text("碳化硅", &LEXICON);
        let offer = Offer::new(view(Side::Offer, "碳化硅", ""), &LEXICON);
        assert_eq!(rank_offers(&need, [(1, &offer)], usize::MAX, &LEXICON, &Weights::default()).len(), 1);
    }
}

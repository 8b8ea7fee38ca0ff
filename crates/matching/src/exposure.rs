//! Fair exposure: no party fills the list, and who is asked too much already stands behind.

use std::collections::HashMap;
use std::hash::Hash;

/// Places among which a party's listings are counted.
const FIRST: usize = 10;

/// What sets a match back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBack {
    /// Its party has as many listings before it as it may have among the first ten.
    Crowd,
    /// Its party has more requests to answer than it should.
    Busy,
}

/// What is known of a match that takes a place.
#[derive(Debug, Clone, Copy)]
pub struct Standing<P> {
    /// Whose it is.
    pub party: P,
    /// Whether a must failed.
    pub blocked: bool,
    /// Whether the party has too much to answer.
    pub busy: bool,
}

/// Matches, the best first, in the order in which they are shown, as their numbers, with what set each back.
///
/// Busy parties stand behind all others that no must blocks. Of one party at most `most` stand among the first ten,
/// as long as there are others that no must blocks to take their places.
#[must_use]
pub fn arrange<P: Copy + Eq + Hash>(matches: &[Standing<P>], most: usize) -> Vec<(usize, Option<SetBack>)> {
    let mut order: Vec<usize> = (0..matches.len()).collect();
    order.sort_by_key(|i| (matches[*i].blocked, matches[*i].busy));
    let mut shown: HashMap<P, usize> = HashMap::new();
    let (mut arranged, mut crowd) = (Vec::with_capacity(matches.len()), Vec::new());
    for i in order {
        let one = &matches[i];
        if arranged.len() >= FIRST || one.blocked {
            arranged.append(&mut crowd);
        }
        let own = shown.entry(one.party).or_default();
        if *own >= most && arranged.len() < FIRST && !one.blocked {
            crowd.push((i, Some(SetBack::Crowd)));
            continue;
        }
        *own += 1;
        arranged.push((i, (one.busy && !one.blocked).then_some(SetBack::Busy)));
    }
    arranged.append(&mut crowd);
    arranged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standing((party, blocked, busy): (u8, bool, bool)) -> Standing<u8> {
        Standing { party, blocked, busy }
    }

    #[test]
    fn a_party_gives_places_to_others_and_a_busy_one_stands_behind() {
        let mut all: Vec<Standing<u8>> = (0..5).map(|_| standing((1, false, false))).collect();
        all.push(standing((2, false, true)));
        all.extend((3..10).map(|party| standing((party, false, false))));
        let arranged = arrange(&all, 3);
        let parties: Vec<u8> = arranged.iter().map(|(i, _)| all[*i].party).collect();
        assert_eq!(parties, [1, 1, 1, 3, 4, 5, 6, 7, 8, 9, 1, 1, 2]);
        assert_eq!(arranged[10].1, Some(SetBack::Crowd));
        assert_eq!(arranged[12].1, Some(SetBack::Busy));
    }

    #[test]
    fn where_nobody_else_is_there_a_party_may_fill_the_list_before_the_blocked() {
        let mut all: Vec<Standing<u8>> = (0..4).map(|_| standing((1, false, false))).collect();
        all.push(standing((2, true, false)));
        let order: Vec<usize> = arrange(&all, 3).into_iter().map(|(i, _)| i).collect();
        assert_eq!(order, [0, 1, 2, 3, 4]);
    }

    proptest! {
        #[test]
        fn everything_is_shown_once_and_the_blocked_last(
            all in prop::collection::vec((0u8..6, any::<bool>(), any::<bool>()), 0..40),
            most in 1usize..5,
        ) {
            let all: Vec<Standing<u8>> = all.into_iter().map(standing).collect();
            let arranged = arrange(&all, most);
            let mut numbers: Vec<usize> = arranged.iter().map(|(i, _)| *i).collect();
            let blocked: Vec<bool> = numbers.iter().map(|i| all[*i].blocked).collect();
            prop_assert!(blocked.is_sorted());
            let free = blocked.iter().filter(|b| !**b).count();
            let first = &numbers[..free.min(10)];
            let of = |party: u8| all.iter().filter(|s| !s.blocked && s.party == party).count();
            let enough = (0..6).map(|party| of(party).min(most)).sum::<usize>() >= 10;
            for party in 0..6 {
                let own = first.iter().filter(|i| all[**i].party == party).count();
                prop_assert!(own <= most || !enough);
            }
            numbers.sort_unstable();
            prop_assert_eq!(numbers, (0..all.len()).collect::<Vec<_>>());
        }
    }
}

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn candidate(weight: u32, meets: &[usize]) -> Candidate {
    Candidate { weight, meets: meets.to_vec() }
}

#[test]
fn two_that_share_the_work_beat_three() {
    let offers = [candidate(10, &[0, 1]), candidate(10, &[1, 2]), candidate(10, &[2, 3]), candidate(3, &[0])];
    let found = consortia(5, &offers, 2);
    assert_eq!((found.missing, found.within), (vec![4], 1.0));
    let sets: Vec<Vec<usize>> = found.sets.iter().map(|s| s.members.iter().map(|m| m.candidate).collect()).collect();
    assert_eq!(sets, [vec![0, 2], vec![1, 2, 3]]);
    assert_eq!(found.sets[0].weight, 20);
    let first = &found.sets[1].members[0];
    assert_eq!((&first.meets, &first.alone), (&vec![1, 2], &vec![1]));
}

#[test]
fn nothing_to_cover_and_nobody_to_cover_it() {
    assert_eq!(consortia(0, &[candidate(1, &[0])], 3).sets, []);
    let nobody = consortia(2, &[], 3);
    assert_eq!((nobody.sets, nobody.missing), (vec![], vec![0, 1]));
    // A must out of range is nobody's.
    assert_eq!(consortia(1, &[candidate(1, &[0, 7])], 1).sets[0].members[0].meets, [0]);
}

#[test]
fn a_large_case_is_greedy_and_says_how_far_off_it_may_be() {
    let offers: Vec<Candidate> = (0..200).map(|i| candidate(1, &[i, (i + 1) % 200, (i + 2) % 200])).collect();
    let found = consortia(200, &offers, 3);
    assert_eq!(found.sets.len(), 1);
    assert!((found.within - (1.0 + 0.5 + 1.0 / 3.0)).abs() < 1e-12);
    assert!(found.sets[0].members.len() <= 67 * 2);
}

/// The lightest cover by trying all sets.
fn brute_force(musts: usize, offers: &[Candidate]) -> Option<u64> {
    let full: u64 = offers.iter().flat_map(|c| &c.meets).filter(|m| **m < musts).fold(0, |mask, m| mask | 1 << m);
    (full != 0).then_some(())?;
    let covered = |set: u32| {
        let chosen = offers.iter().enumerate().filter(move |(i, _)| set >> i & 1 == 1).map(|(_, c)| c);
        let mask = chosen.clone().flat_map(|c| &c.meets).fold(0_u64, |mask, m| mask | 1 << m);
        (mask & full == full).then(|| chosen.map(|c| u64::from(c.weight)).sum::<u64>())
    };
    (0..1_u32 << offers.len()).filter_map(covered).min()
}

proptest! {
    #[test]
    fn the_first_set_is_the_lightest_and_none_could_be_left_out(
        offers in prop::collection::vec((1_u32..30, prop::collection::vec(0_usize..7, 0..5)), 0..11),
    ) {
        let offers: Vec<Candidate> = offers.into_iter().map(|(weight, meets)| Candidate { weight, meets }).collect();
        let found = consortia(7, &offers, 4);
        prop_assert_eq!(found.sets.first().map(|s| s.weight), brute_force(7, &offers));
        prop_assert!(found.sets.is_sorted_by_key(|s| s.weight));
        for set in &found.sets {
            let mut met: Vec<usize> = set.members.iter().flat_map(|m| m.meets.clone()).chain(found.missing.clone()).collect();
            met.sort_unstable();
            met.dedup();
            prop_assert_eq!(met, (0..7).collect::<Vec<_>>());
            prop_assert!(set.members.iter().all(|m| !m.alone.is_empty()));
        }
        let covers = Covers::new(7, &offers);
        if let Some(first) = found.sets.first() {
            let greedy = covers.weight(&covers.greedy());
            prop_assert!(first.weight <= greedy);
            prop_assert!(greedy as f64 <= first.weight as f64 * covers.greedy_bound() + 1e-9);
        }
        let one = consortia(7, &offers, 1);
        prop_assert_eq!(one.sets.first().map(|s| s.weight), found.sets.first().map(|s| s.weight));
    }
}

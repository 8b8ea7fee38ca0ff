#![allow(clippy::unwrap_used)]

use std::time::Instant;

use proptest::prelude::*;

use super::*;

fn fair(people: usize, slots: usize, tables: usize, pairs: &[(usize, usize, u32)]) -> Fair {
    let participants = (0..people).map(|p| Participant { id: format!("p{p}"), slots: None }).collect();
    let pairs = pairs.iter().map(|&(a, b, worth)| Pair { a, b, worth }).collect();
    Fair { participants, slots, tables, pairs }
}

fn met(meetings: &[Meeting]) -> Vec<(usize, usize)> {
    let mut met: Vec<_> = meetings.iter().map(|m| (m.a, m.b)).collect();
    met.sort_unstable();
    met
}

#[test]
fn the_one_without_a_meeting_comes_before_the_third_of_another() {
    // One slot less than 0 would need to meet all three: 3 is served, though 1 and 2 are worth more to 0.
    let planned = timetable(&fair(4, 2, 4, &[(0, 1, 90), (0, 2, 80), (0, 3, 60), (1, 2, 50)])).unwrap();
    let served = service(&fair(4, 2, 4, &[(0, 1, 90), (0, 2, 80), (0, 3, 60), (1, 2, 50)]), &planned);
    assert_eq!((served.unserved, served.least), (0, 1), "{planned:?}");
}

#[test]
fn a_meeting_moves_to_make_room() {
    // 0 and 1 can meet in both slots, 0 and 2 in the first only.
    let mut f = fair(3, 2, 1, &[(0, 1, 90), (0, 2, 10)]);
    f.participants[2].slots = Some(vec![0]);
    let planned = timetable(&f).unwrap();
    assert_eq!(met(&planned), [(0, 1), (0, 2)]);
    assert_eq!(clashes(&f, &planned), []);
}

#[test]
fn a_fair_that_makes_no_sense_is_refused() {
    assert_eq!(timetable(&fair(2, 129, 1, &[])), Err(FairFault::Slots(129)));
    assert_eq!(timetable(&fair(2, 2, 1, &[(0, 0, 5)])), Err(FairFault::Pair(0)));
    assert_eq!(timetable(&fair(2, 2, 1, &[(0, 2, 5)])), Err(FairFault::Pair(0)));
    let mut f = fair(2, 2, 1, &[(0, 1, 5)]);
    f.participants[1].slots = Some(vec![2]);
    assert_eq!(timetable(&f), Err(FairFault::Slot("p1".to_owned())));
    assert_eq!(timetable(&fair(0, 0, 0, &[])), Ok(vec![]));
    assert_eq!(timetable(&fair(2, 128, 1, &[(0, 1, 5)])).map(|m| m.len()), Ok(1));
}

#[test]
fn who_cancels_moves_nobody_else() {
    let f = big(40, 8, 12);
    let old = timetable(&f).unwrap();
    let gone = old[0].a;
    let mut after = f.clone();
    after.participants[gone].slots = Some(vec![]);
    let new = replan(&after, &old).unwrap();
    assert_eq!(new.moved, []);
    assert!(new.dropped.iter().all(|m| m.a == gone || m.b == gone) && !new.dropped.is_empty());
    assert_eq!(clashes(&after, &new.meetings), []);
    assert_eq!(replan(&f, &old).unwrap(), Replanned { meetings: old, ..Replanned::default() });
}

#[test]
fn who_comes_later_meets_in_the_slots_that_are_left() {
    let f = fair(3, 3, 1, &[(0, 1, 90), (0, 2, 10)]);
    let old = [Meeting { slot: 0, table: 0, a: 0, b: 1 }, Meeting { slot: 1, table: 0, a: 0, b: 2 }];
    let mut after = f.clone();
    // 1 can only come when 0 meets 2, who can meet later.
    after.participants[1].slots = Some(vec![1]);
    let new = replan(&after, &old).unwrap();
    assert_eq!((met(&new.meetings), new.moved.len(), new.dropped.len()), (vec![(0, 1), (0, 2)], 2, 0));
    assert_eq!(clashes(&after, &new.meetings), []);
}

/// A fair made by a plain generator: a third offers, the rest needs, some hours off.
fn big(people: usize, slots: usize, tables: usize) -> Fair {
    let mut state = 7_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut f = fair(people, slots, tables, &[]);
    for p in &mut f.participants {
        if next(4) == 0 {
            p.slots = Some((0..slots).filter(|_| next(3) > 0).collect());
        }
    }
    for a in 0..people {
        for b in a + 1..people {
            if (a % 3 == 0) != (b % 3 == 0) && next(3) == 0 {
                let worth = u32::try_from(next(70)).unwrap() + 30 + 100 * u32::from(next(12) == 0);
                f.pairs.push(Pair { a, b, worth });
            }
        }
    }
    f
}

#[test]
fn three_hundred_in_twenty_slots() {
    let f = big(300, 20, 60);
    let begun = Instant::now();
    let planned = timetable(&f).unwrap();
    let took = begun.elapsed();
    assert_eq!(clashes(&f, &planned), []);
    let served = service(&f, &planned);
    let mut counts = served.meetings.clone();
    counts.sort_unstable();
    println!(
        "{} pairs, {} meetings in {took:?}; fewest {}, median {}, most {}; worth {}",
        f.pairs.len(),
        planned.len(),
        served.least,
        counts[150],
        counts[299],
        served.worth
    );
    assert_eq!(served.unserved, 0);
    assert!(planned.len() * 10 > 20 * 60 * 9, "nine of ten tables are used: {}", planned.len());
}

fn fairs() -> impl Strategy<Value = Fair> {
    (2_usize..9, 1_usize..5, 0_usize..4).prop_flat_map(|(people, slots, tables)| {
        let pairs = prop::collection::vec((0..people, 0..people, 0_u32..100), 0..25);
        let hours = prop::collection::vec(prop::option::of(prop::collection::vec(0..slots, 0..4)), people);
        (pairs, hours).prop_map(move |(pairs, hours)| {
            let pairs: Vec<_> = pairs.into_iter().filter(|(a, b, _)| a != b).collect();
            let mut f = fair(people, slots, tables, &pairs);
            f.participants.iter_mut().zip(hours).for_each(|(p, h)| p.slots = h);
            f
        })
    })
}

proptest! {
    #[test]
    fn nobody_is_in_two_places(f in fairs()) {
        let planned = timetable(&f).unwrap();
        prop_assert_eq!(clashes(&f, &planned), vec![]);
        prop_assert_eq!(&timetable(&f).unwrap(), &planned);
        // Nothing that fits is left out.
        let held = met(&planned);
        for p in f.distinct_pairs().iter().filter(|p| !held.contains(&(p.a, p.b))) {
            for slot in (0..f.slots).filter(|s| (f.free(p.a) & f.free(p.b)) >> s & 1 == 1) {
                let busy = planned.iter().any(|m| m.slot == slot && [m.a, m.b].iter().any(|x| [p.a, p.b].contains(x)));
                let full = planned.iter().filter(|m| m.slot == slot).count() >= f.tables;
                prop_assert!(busy || full, "{:?} fits into slot {}", p, slot);
            }
        }
    }

    #[test]
    fn a_new_plan_keeps_what_can_stay(f in fairs(), gone in 0_usize..9, table_less in any::<bool>()) {
        let old = timetable(&f).unwrap();
        let mut after = f.clone();
        let gone = gone % f.participants.len();
        after.participants[gone].slots = Some(Vec::new());
        after.tables = after.tables.saturating_sub(usize::from(table_less));
        let new = replan(&after, &old).unwrap();
        prop_assert_eq!(clashes(&after, &new.meetings), vec![]);
        // Only who sat at a table that is gone moves, and at most one more for each.
        let unseated = old.iter().filter(|m| m.table >= after.tables).count();
        prop_assert!(new.moved.len() <= 2 * unseated, "{:?}", new);
    }
}

//! Placing meetings into slots.

use std::collections::BinaryHeap;

use super::{Fair, Pair};

/// What a whole meeting counts; the k-th best of a participant counts a k-th of it.
const WHOLE: u64 = 5_040;
/// How often all pairs are gone through for an exchange that serves better.
const ROUNDS: usize = 4;

/// A plan in the making. Tables are given at the end: a slot holds as many meetings as there are.
pub(super) struct Plan<'a> {
    fair: &'a Fair,
    pub(super) pairs: Vec<Pair>,
    /// The pair a participant meets in a slot, by participant and slot.
    held: Vec<Vec<Option<usize>>>,
    /// The slots in which a participant could still meet.
    free: Vec<u128>,
    /// Slots that have a table left.
    room: u128,
    /// Meetings in each slot.
    load: Vec<usize>,
    /// Where each pair meets.
    pub(super) slot_of: Vec<Option<usize>>,
    /// The worths of each participant's meetings, the highest first.
    worths: Vec<Vec<u32>>,
    /// The pairs each participant is in.
    of: Vec<Vec<usize>>,
}

/// What a list of worths, the highest first, is to a participant.
fn use_of(worths: &[u32]) -> u64 {
    worths.iter().zip(1..).map(|(w, k)| u64::from(*w) * WHOLE / k).sum()
}

impl<'a> Plan<'a> {
    pub(super) fn new(fair: &'a Fair) -> Self {
        let pairs = fair.distinct_pairs();
        let people = fair.participants.len();
        let mut of = vec![Vec::new(); people];
        for (i, pair) in pairs.iter().enumerate() {
            of[pair.a].push(i);
            of[pair.b].push(i);
        }
        let all = (0..fair.slots).fold(0, |mask, s| mask | 1_u128 << s);
        Self {
            fair,
            held: vec![vec![None; fair.slots]; people],
            free: (0..people).map(|p| fair.free(p)).collect(),
            room: if fair.tables == 0 { 0 } else { all },
            load: vec![0; fair.slots],
            slot_of: vec![None; pairs.len()],
            worths: vec![Vec::new(); people],
            of,
            pairs,
        }
    }

    /// The meetings as slot and pair of participants.
    pub(super) fn placed(&self) -> Vec<(usize, usize, usize)> {
        let placed = self.pairs.iter().zip(&self.slot_of);
        let mut placed: Vec<_> = placed.filter_map(|(p, slot)| slot.map(|s| (s, p.a, p.b))).collect();
        placed.sort_unstable();
        placed
    }

    pub(super) fn place(&mut self, pair: usize, slot: usize) {
        let Pair { a, b, worth } = self.pairs[pair];
        for p in [a, b] {
            self.held[p][slot] = Some(pair);
            self.free[p] &= !(1 << slot);
            let at = self.worths[p].partition_point(|w| *w >= worth);
            self.worths[p].insert(at, worth);
        }
        self.load[slot] += 1;
        if self.load[slot] >= self.fair.tables {
            self.room &= !(1 << slot);
        }
        self.slot_of[pair] = Some(slot);
    }

    pub(super) fn remove(&mut self, pair: usize) {
        let Some(slot) = self.slot_of[pair].take() else { return };
        let Pair { a, b, worth } = self.pairs[pair];
        for p in [a, b] {
            self.held[p][slot] = None;
            self.free[p] |= self.fair.free(p) & 1 << slot;
            let at = self.worths[p].partition_point(|w| *w > worth);
            self.worths[p].remove(at);
        }
        self.load[slot] -= 1;
        self.room |= 1 << slot;
    }

    /// What a pair's meeting would add.
    fn gain(&self, pair: usize) -> u64 {
        let Pair { a, b, worth } = self.pairs[pair];
        let more = |p: usize| {
            let held = &self.worths[p];
            let at = held.partition_point(|w| *w >= worth);
            let behind: u64 =
                held[at..].iter().zip(at as u64 + 1..).map(|(w, k)| u64::from(*w) * WHOLE / (k * (k + 1))).sum();
            (u64::from(worth) * WHOLE / (at as u64 + 1)).saturating_sub(behind)
        };
        more(a) + more(b)
    }

    /// A slot in which both can meet and a table is left: the fullest, so that the others stay open
    /// for those who can come less often.
    pub(super) fn open_slot(&self, pair: usize) -> Option<usize> {
        let Pair { a, b, .. } = self.pairs[pair];
        self.fullest(self.free[a] & self.free[b] & self.room)
    }

    /// Whether a pair can meet in a slot as things stand.
    pub(super) fn can_hold(&self, pair: usize, slot: usize) -> bool {
        let Pair { a, b, .. } = self.pairs[pair];
        slot < self.fair.slots && (self.free[a] & self.free[b] & self.room) >> slot & 1 == 1
    }

    fn fullest(&self, slots: u128) -> Option<usize> {
        each(slots).max_by_key(|s| (self.load[*s], std::cmp::Reverse(*s)))
    }

    /// Places pairs by what they add until nothing fits any more; one meeting may move for each.
    pub(super) fn fill(&mut self, moving: bool) {
        let unplaced = (0..self.pairs.len()).filter(|p| self.slot_of[*p].is_none());
        let mut queue: BinaryHeap<(u64, std::cmp::Reverse<usize>)> =
            unplaced.map(|p| (self.gain(p), std::cmp::Reverse(p))).collect();
        while let Some((said, std::cmp::Reverse(pair))) = queue.pop() {
            // What a meeting adds only shrinks while others are placed.
            let gain = self.gain(pair);
            if gain < said {
                if gain > 0 {
                    queue.push((gain, std::cmp::Reverse(pair)));
                }
                continue;
            }
            match self.open_slot(pair) {
                Some(slot) => self.place(pair, slot),
                None if moving => _ = self.make_room(pair),
                None => {}
            }
        }
    }

    /// Moves one meeting of either to another slot so that the two can meet. Gives the moved pair.
    pub(super) fn make_room(&mut self, pair: usize) -> Option<usize> {
        let Pair { a, b, .. } = self.pairs[pair];
        for (stuck, other) in [(a, b), (b, a)] {
            // Where the other is free and the first could come but meets somebody.
            let taken = self.fair.free(stuck) & !self.free[stuck] & self.free[other];
            for slot in each(taken) {
                let Some(moved) = self.held[stuck][slot] else { continue };
                let Pair { a: x, b: y, .. } = self.pairs[moved];
                // The table of the meeting that moves is free for this one.
                let Some(to) = self.fullest(self.free[x] & self.free[y] & self.room & !(1 << slot)) else { continue };
                self.remove(moved);
                self.place(moved, to);
                self.place(pair, slot);
                return Some(moved);
            }
        }
        None
    }

    /// Puts a pair in the place of what stands in its way where that serves better.
    pub(super) fn improve(&mut self) {
        for _ in 0..ROUNDS {
            let mut better = false;
            for pair in 0..self.pairs.len() {
                if self.slot_of[pair].is_none() && self.exchange(pair) {
                    better = true;
                }
            }
            if !better {
                return;
            }
            self.fill(true);
        }
    }

    fn exchange(&mut self, pair: usize) -> bool {
        let Pair { a, b, .. } = self.pairs[pair];
        let mut best: Option<(u64, usize, Vec<usize>)> = None;
        for slot in each(self.fair.free(a) & self.fair.free(b)) {
            let mut out: Vec<usize> = [a, b].iter().filter_map(|p| self.held[*p][slot]).collect();
            out.dedup();
            if out.is_empty() && self.room >> slot & 1 == 0 {
                continue;
            }
            let before = self.use_around(pair, &out);
            let mut after = self.use_exchanged(pair, &out);
            let taken_in = self.taken_in(pair, &out, slot);
            after += taken_in.iter().map(|p| self.gain(*p)).sum::<u64>();
            if after > before && best.as_ref().is_none_or(|(gained, ..)| after - before > *gained) {
                best = Some((after - before, slot, taken_in));
            }
        }
        let Some((_, slot, taken_in)) = best else { return false };
        for p in [a, b] {
            if let Some(out) = self.held[p][slot] {
                self.remove(out);
            }
        }
        self.place(pair, slot);
        for other in taken_in {
            if self.can_hold(other, slot) {
                self.place(other, slot);
            }
        }
        true
    }

    /// Pairs that those who lose their meeting to another could form in the same slot instead, with who is
    /// free there. What they add is reckoned with the meeting they lose, so it is rather more.
    fn taken_in(&self, pair: usize, out: &[usize], slot: usize) -> Vec<usize> {
        let Pair { a, b, .. } = self.pairs[pair];
        let spare = self.fair.tables.saturating_sub(self.load[slot]) + out.len();
        let left = out.iter().flat_map(|o| [self.pairs[*o].a, self.pairs[*o].b]).filter(|p| *p != a && *p != b);
        let mut taken: Vec<usize> = Vec::new();
        for x in left.take(spare.saturating_sub(1)) {
            let other = |q: &usize| if self.pairs[*q].a == x { self.pairs[*q].b } else { self.pairs[*q].a };
            let is_open = |q: &&usize| {
                let y = other(q);
                let busy = y == a || y == b || taken.iter().any(|t| self.pairs[*t].a == y || self.pairs[*t].b == y);
                self.slot_of[**q].is_none() && !busy && self.free[y] >> slot & 1 == 1
            };
            let best = self.of[x].iter().filter(is_open).max_by_key(|q| (self.gain(**q), std::cmp::Reverse(**q)));
            taken.extend(best);
        }
        taken
    }

    /// All that a pair and those in its way get out of the plan.
    fn use_around(&self, pair: usize, out: &[usize]) -> u64 {
        self.people_of(pair, out).iter().map(|p| use_of(&self.worths[*p])).sum()
    }

    /// The same if the pair met in the place of the others.
    fn use_exchanged(&self, pair: usize, out: &[usize]) -> u64 {
        let with = |p: usize| {
            let mut worths = self.worths[p].clone();
            for o in out.iter().map(|o| &self.pairs[*o]).filter(|o| o.a == p || o.b == p) {
                if let Some(at) = worths.iter().position(|w| *w == o.worth) {
                    worths.remove(at);
                }
            }
            let new = &self.pairs[pair];
            if new.a == p || new.b == p {
                worths.insert(worths.partition_point(|w| *w >= new.worth), new.worth);
            }
            use_of(&worths)
        };
        self.people_of(pair, out).into_iter().map(with).sum()
    }

    fn people_of(&self, pair: usize, out: &[usize]) -> Vec<usize> {
        let mut people: Vec<usize> =
            out.iter().chain([&pair]).flat_map(|p| [self.pairs[*p].a, self.pairs[*p].b]).collect();
        people.sort_unstable();
        people.dedup();
        people
    }
}

/// The numbers of the bits that are set.
fn each(mut mask: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let bit = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            bit
        })
    })
}

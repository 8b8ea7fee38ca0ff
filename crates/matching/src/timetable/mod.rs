//! A fair's timetable: who meets whom in which slot at which table.
//!
//! A pair is worth its score; a participant's best meeting counts whole, the second half, the third
//! a third, and so on. What is maximised is the sum over all participants, so the first meeting of
//! one who has none weighs more than the tenth of one who has nine. Meetings are placed greedily by
//! what they add, one of the way may move to another slot to make room, and then single meetings are
//! exchanged as long as the sum grows. Nothing here is left to chance: the same fair has the same
//! timetable.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

mod plan;
mod replan;
mod tables;

pub use replan::{Replanned, replan};

/// The most slots a fair has.
pub const MOST_SLOTS: usize = 128;

/// Who comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Names it within the fair.
    pub id: String,
    /// The slots in which it can meet, by number; absent: all of them.
    #[serde(default)]
    pub slots: Option<Vec<usize>>,
}

/// Two who could meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// One participant's number.
    pub a: usize,
    /// The other's.
    pub b: usize,
    /// What their meeting is worth: the match's score, more where they wished it.
    pub worth: u32,
}

/// A fair to be planned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fair {
    /// Who comes.
    pub participants: Vec<Participant>,
    /// How many slots it has, one after the other.
    pub slots: usize,
    /// How many meetings can be held at once.
    pub tables: usize,
    /// Who could meet.
    pub pairs: Vec<Pair>,
}

/// One meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Meeting {
    /// In which slot.
    pub slot: usize,
    /// At which table.
    pub table: usize,
    /// One participant's number, the smaller.
    pub a: usize,
    /// The other's.
    pub b: usize,
}

/// Why a fair cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FairFault {
    /// Too many slots.
    #[error("{0} slots; at most {MOST_SLOTS} are planned")]
    Slots(usize),
    /// A pair of nobody, or of one with itself.
    #[error("pair {0} names a participant that is not there, or one twice")]
    Pair(usize),
    /// A slot that the fair does not have.
    #[error("participant {0:?} names a slot that is not there")]
    Slot(String),
}

impl Fair {
    /// What is wrong with it.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), FairFault> {
        if self.slots > MOST_SLOTS {
            return Err(FairFault::Slots(self.slots));
        }
        let there = |p: usize| p < self.participants.len();
        if let Some(i) = self.pairs.iter().position(|p| p.a == p.b || !there(p.a) || !there(p.b)) {
            return Err(FairFault::Pair(i));
        }
        let wrong = |p: &&Participant| p.slots.iter().flatten().any(|s| *s >= self.slots);
        match self.participants.iter().find(wrong) {
            Some(p) => Err(FairFault::Slot(p.id.clone())),
            None => Ok(()),
        }
    }

    /// The slots in which a participant can meet, one bit each.
    fn free(&self, participant: usize) -> u128 {
        let all = if self.slots >= MOST_SLOTS { u128::MAX } else { (1 << self.slots) - 1 };
        match &self.participants[participant].slots {
            None => all,
            Some(slots) => slots.iter().filter(|s| **s < self.slots).fold(0, |mask, s| mask | 1 << s),
        }
    }

    /// Each pair once, the smaller number first, with the highest worth given; worthless ones left out.
    fn distinct_pairs(&self) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = self
            .pairs
            .iter()
            .filter(|p| p.worth > 0)
            .map(|p| Pair { a: p.a.min(p.b), b: p.a.max(p.b), worth: p.worth })
            .collect();
        pairs.sort_by_key(|p| (p.a, p.b, std::cmp::Reverse(p.worth)));
        pairs.dedup_by_key(|p| (p.a, p.b));
        pairs
    }
}

/// Plans a fair; the meetings by slot and table.
///
/// # Errors
/// A fair that makes no sense.
pub fn timetable(fair: &Fair) -> Result<Vec<Meeting>, FairFault> {
    fair.check()?;
    let mut plan = plan::Plan::new(fair);
    plan.fill(true);
    plan.improve();
    Ok(tables::seated(&plan.placed(), fair.tables, &[]))
}

/// What is wrong with a timetable: nobody in two places, nobody when he cannot, no table twice, and
/// no pair that could not meet.
#[must_use]
pub fn clashes(fair: &Fair, meetings: &[Meeting]) -> Vec<Meeting> {
    let pairs: BTreeSet<(usize, usize)> = fair.distinct_pairs().iter().map(|p| (p.a, p.b)).collect();
    let (mut people, mut tables, mut met) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut wrong = Vec::new();
    for m in meetings {
        let known = m.slot < fair.slots && m.table < fair.tables && pairs.contains(&(m.a, m.b));
        let can = known && [m.a, m.b].iter().all(|p| fair.free(*p) >> m.slot & 1 == 1);
        let alone = people.insert((m.slot, m.a)) & people.insert((m.slot, m.b));
        if !(can && alone && tables.insert((m.slot, m.table)) && met.insert((m.a, m.b))) {
            wrong.push(*m);
        }
    }
    wrong
}

/// How well a timetable serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Service {
    /// The worth of all meetings held.
    pub worth: u64,
    /// Meetings of each participant.
    pub meetings: Vec<usize>,
    /// The fewest meetings of one who could have any.
    pub least: usize,
    /// How many could have a meeting and have none.
    pub unserved: usize,
}

/// Counts what a timetable gives to whom.
#[must_use]
pub fn service(fair: &Fair, held: &[Meeting]) -> Service {
    let pairs = fair.distinct_pairs();
    let worth_of = |m: &Meeting| {
        let at = pairs.binary_search_by_key(&(m.a, m.b), |p| (p.a, p.b));
        at.map_or(0, |i| u64::from(pairs[i].worth))
    };
    let mut meetings = vec![0; fair.participants.len()];
    for p in held.iter().flat_map(|m| [m.a, m.b]) {
        meetings[p] += 1;
    }
    let could: BTreeSet<usize> =
        pairs.iter().filter(|p| fair.free(p.a) & fair.free(p.b) != 0).flat_map(|p| [p.a, p.b]).collect();
    let least = could.iter().map(|p| meetings[*p]).min().unwrap_or(0);
    let unserved = could.iter().filter(|p| meetings[**p] == 0).count();
    Service { worth: held.iter().map(worth_of).sum(), meetings, least, unserved }
}

#[cfg(test)]
mod tests;

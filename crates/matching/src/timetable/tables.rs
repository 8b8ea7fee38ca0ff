//! Who sits where.

use std::collections::{BTreeMap, BTreeSet};

use super::Meeting;

/// Gives each meeting a table: the one it had, else the one at which one of the two has sat most
/// often so far, else the first that is free. Meetings are slot and pair.
pub(super) fn seated(placed: &[(usize, usize, usize)], tables: usize, before: &[Meeting]) -> Vec<Meeting> {
    let had: BTreeMap<(usize, usize, usize), usize> = before.iter().map(|m| ((m.slot, m.a, m.b), m.table)).collect();
    let mut seats = Seats { tables, taken: BTreeSet::new(), sat: BTreeMap::new(), meetings: Vec::new() };
    let kept = |&(slot, a, b): &(usize, usize, usize)| had.get(&(slot, a, b)).copied().filter(|t| *t < tables);
    let mut rest = Vec::new();
    for place in placed {
        match kept(place).filter(|t| !seats.taken.contains(&(place.0, *t))) {
            Some(table) => seats.sit(place, table),
            None => rest.push(place),
        }
    }
    for place in rest {
        if let Some(table) = seats.best(place) {
            seats.sit(place, table);
        }
    }
    seats.meetings.sort_unstable();
    seats.meetings
}

struct Seats {
    tables: usize,
    taken: BTreeSet<(usize, usize)>,
    /// How often a participant has sat at a table.
    sat: BTreeMap<(usize, usize), usize>,
    meetings: Vec<Meeting>,
}

impl Seats {
    fn sit(&mut self, &(slot, a, b): &(usize, usize, usize), table: usize) {
        self.taken.insert((slot, table));
        [a, b].into_iter().for_each(|p| *self.sat.entry((p, table)).or_insert(0) += 1);
        self.meetings.push(Meeting { slot, table, a, b });
    }

    fn best(&self, &(slot, a, b): &(usize, usize, usize)) -> Option<usize> {
        let often = |t: usize| self.sat.get(&(a, t)).unwrap_or(&0) + self.sat.get(&(b, t)).unwrap_or(&0);
        let free = (0..self.tables).filter(|t| !self.taken.contains(&(slot, *t)));
        free.max_by_key(|t| (often(*t), std::cmp::Reverse(*t)))
    }
}

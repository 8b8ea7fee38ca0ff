//! A timetable after a cancellation: what can stay stays.

use std::collections::BTreeMap;

use super::plan::Plan;
use super::{Fair, FairFault, Meeting, tables};

/// A timetable made anew, and what became of the old one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replanned {
    /// The meetings by slot and table.
    pub meetings: Vec<Meeting>,
    /// Meetings whose slot or table is another now, as they were.
    pub moved: Vec<Meeting>,
    /// Meetings that cannot be held any more, as they were.
    pub dropped: Vec<Meeting>,
    /// Meetings that were not held before.
    pub added: Vec<Meeting>,
}

/// Plans a fair that has changed (somebody cancelled, comes later, a table is gone) from its old
/// timetable. A meeting that can be held where it was stays there, unless it is the one that has to
/// make room for another which would be lost otherwise. Participants keep their numbers; who cancels
/// has no slots left.
///
/// # Errors
/// A fair that makes no sense.
pub fn replan(fair: &Fair, old: &[Meeting]) -> Result<Replanned, FairFault> {
    fair.check()?;
    let mut plan = Plan::new(fair);
    let number: BTreeMap<(usize, usize), usize> = plan.pairs.iter().enumerate().map(|(i, p)| ((p.a, p.b), i)).collect();
    let mut lost: Vec<usize> = Vec::new();
    // Of too many meetings for the tables that are left, those worth most stay.
    let mut known: Vec<(usize, &Meeting)> =
        old.iter().filter_map(|m| number.get(&(m.a, m.b)).map(|pair| (*pair, m))).collect();
    known.sort_by_key(|(pair, m)| (std::cmp::Reverse(plan.pairs[*pair].worth), **m));
    for (pair, m) in known {
        if plan.slot_of[pair].is_some() {
            continue;
        }
        if plan.can_hold(pair, m.slot) {
            plan.place(pair, m.slot);
        } else {
            lost.push(pair);
        }
    }
    for pair in lost {
        match plan.open_slot(pair) {
            Some(slot) => plan.place(pair, slot),
            None => _ = plan.make_room(pair),
        }
    }
    plan.fill(false);
    let meetings = tables::seated(&plan.placed(), fair.tables, old);
    Ok(compared(meetings, old))
}

fn compared(meetings: Vec<Meeting>, old: &[Meeting]) -> Replanned {
    let now: BTreeMap<(usize, usize), Meeting> = meetings.iter().map(|m| ((m.a, m.b), *m)).collect();
    let was: BTreeMap<(usize, usize), Meeting> = old.iter().map(|m| ((m.a, m.b), *m)).collect();
    let mut moved = Vec::new();
    let mut dropped = Vec::new();
    for m in old {
        match now.get(&(m.a, m.b)) {
            Some(there) if there == m => {}
            Some(_) => moved.push(*m),
            None => dropped.push(*m),
        }
    }
    let added = meetings.iter().filter(|m| !was.contains_key(&(m.a, m.b))).copied().collect();
    Replanned { meetings, moved, dropped, added }
}

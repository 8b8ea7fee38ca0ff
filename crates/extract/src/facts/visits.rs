//! Visits and meetings of persons.

use crate::facts::phrases::values;
use crate::facts::{Draft, Trigger, View};
use crate::lexicon::List;
use crate::model::EntityKind;

/// `经戈一行到…调研…`: who went to whom.
pub(crate) fn visited(view: &View<'_, '_>, trigger: &Trigger, word: &str) -> Option<Draft> {
    let words = &view.passage.lexicon.patterns.visited;
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let moves = words.moves.contains(word);
    let reach = if moves { clause.end } else { trigger.chars.end + 30 };
    let purposeful = view.holds(trigger.chars.end..trigger.sentence.end, &words.purposes);
    if moves && !words.alone.contains(word) && !purposeful {
        return None;
    }
    if (clause.start..trigger.chars.start).any(|i| view.passage.marks.begins(List::NotPerson, i) > 2) {
        return None;
    }
    let near = view.within(trigger.chars.end..clause.end.min(trigger.chars.end + 6));
    let begins = near.iter().any(|n| n.is_body() || n.kind == EntityKind::Place);
    if !begins {
        return None;
    }
    let body = |n: &crate::facts::Named| n.is_body();
    let mut hosts = view.entities(trigger.chars.end..reach.min(clause.end), body);
    if hosts.is_empty() {
        hosts = view.entities(trigger.chars.end..reach.min(clause.end), |n| n.kind == EntityKind::Place);
    }
    let visitors = visitors(view, trigger);
    if hosts.is_empty() || visitors.is_empty() {
        return None;
    }
    let hosts: Vec<usize> = hosts.into_iter().filter(|h| !visitors.contains(h)).collect();
    if hosts.is_empty() {
        return None;
    }
    let mut draft = view.draft("visited", trigger, if moves { 0.9 } else { 0.75 });
    draft.set("visitors", values(visitors));
    draft.set("hosts", values(hosts));
    Some(draft)
}

/// The persons named before the movement, else the bodies.
fn visitors(view: &View<'_, '_>, trigger: &Trigger) -> Vec<usize> {
    let persons = view.subjects(trigger, |n| n.kind == EntityKind::Person);
    if persons.is_empty() { view.subjects(trigger, crate::facts::Named::is_body) } else { persons }
}

/// `赵建军会见康明斯副总裁玛丽娜一行`.
pub(crate) fn met(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    let acts = |n: &crate::facts::Named| n.kind == EntityKind::Person;
    let hosts = view.subjects(trigger, acts);
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let guests = view.entities(trigger.chars.end..clause.end, acts);
    if hosts.is_empty() || guests.is_empty() {
        return None;
    }
    let mut draft = view.draft("met", trigger, 0.85);
    draft.set("hosts", values(hosts));
    draft.set("guests", values(guests));
    draft.set("place", view.place(trigger).into_iter().collect());
    Some(draft)
}

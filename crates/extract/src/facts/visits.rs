//! Visits and meetings of persons.

use crate::facts::phrases::values;
use crate::facts::{Draft, Trigger, Value, View};
use crate::lexicon::List;
use crate::model::EntityKind;

/// `经戈一行到…调研…`: who went to whom.
pub(crate) fn visited(view: &View<'_, '_>, trigger: &Trigger, word: &str) -> Option<Draft> {
    let words = &view.passage.lexicon.patterns.visited;
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let moves = words.moves.contains(word);
    let reach = if moves { clause.end } else { trigger.chars.end + 30 };
    // 调研组一行来到某公司: such a group comes for a purpose.
    let group = nameless(view, trigger);
    let purposeful = group.is_some() || view.holds(trigger.chars.end..trigger.sentence.end, &words.purposes);
    if moves && !words.alone.contains(word) && !purposeful {
        return None;
    }
    if (clause.start..trigger.chars.start).any(|i| view.passage.marks.begins(List::Doctrine, i) > 0) {
        return None;
    }
    let near = view.within(trigger.chars.end..clause.end.min(trigger.chars.end + 6));
    let begins = near.iter().any(|n| n.is_body() || n.kind == EntityKind::Place);
    let at = if moves || words.alone.contains(word) { at_place(view, trigger, &clause) } else { Vec::new() };
    if !begins && at.is_empty() {
        return None;
    }
    let body = |n: &crate::facts::Named| n.is_body();
    let mut hosts = if begins { view.entities(trigger.chars.end..reach.min(clause.end), body) } else { at };
    if hosts.is_empty() {
        hosts = view.entities(trigger.chars.end..reach.min(clause.end), |n| n.kind == EntityKind::Place);
    }
    let visitors = match group {
        Some(group) => vec![group],
        None => values(visitors(view, trigger)),
    };
    let hosts: Vec<usize> = hosts.into_iter().filter(|h| !visitors.contains(&Value::Entity(*h))).collect();
    if hosts.is_empty() || visitors.is_empty() {
        return None;
    }
    let mut draft = view.draft("visited", trigger, if moves { 0.9 } else { 0.75 });
    draft.set("visitors", visitors);
    draft.set("hosts", values(hosts));
    Some(draft)
}

/// 在某公司,调研组考察了检测中心: where it was is told in the clause before.
fn at_place(view: &View<'_, '_>, trigger: &Trigger, clause: &std::ops::Range<usize>) -> Vec<usize> {
    let Some(end) = clause.start.checked_sub(1).filter(|end| *end > trigger.sentence.start) else { return Vec::new() };
    let before = view.clause(end.saturating_sub(1), &trigger.sentence);
    let last = view
        .within(before.start..end)
        .iter()
        .filter(|n| n.is_body() && n.chars.end == end)
        .min_by_key(|n| n.chars.start);
    let stands = last.filter(|n| view.passage.before(n.chars.start) == '在');
    stands.map(|n| n.entity).into_iter().collect()
}

/// The persons named before the movement in its sentence, but for those who accompany; else the bodies.
fn visitors(view: &View<'_, '_>, trigger: &Trigger) -> Vec<usize> {
    let mut clauses = Vec::new();
    let mut at = trigger.chars.start;
    loop {
        let clause = view.clause(at, &trigger.sentence);
        clauses.push(clause.start..clause.end.min(trigger.chars.start));
        if clause.start <= trigger.sentence.start {
            break;
        }
        at = clause.start - 1;
    }
    let mut persons: Vec<usize> = Vec::new();
    for clause in clauses.into_iter().rev().filter(|c| !view.passage.text(c.clone()).contains("陪同")) {
        let own = view.entities(clause, |n| n.kind == EntityKind::Person);
        own.into_iter().for_each(|p| {
            if !persons.contains(&p) {
                persons.push(p)
            }
        });
    }
    if persons.is_empty() { view.subjects(trigger, crate::facts::Named::is_body) } else { persons }
}

/// `专家组`, `代表团一行`: visitors without a name.
fn nameless(view: &View<'_, '_>, trigger: &Trigger) -> Option<Value> {
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let text = view.passage.text(view.strip_lead(clause.start..trigger.chars.start));
    let adverbs = ["先后", "分别", "随后", "专程", "一同", "实地"];
    let text = adverbs.iter().find_map(|a| text.strip_suffix(a)).unwrap_or(&text);
    let group = text.strip_suffix("一行").unwrap_or(text);
    let ended = ["组", "团", "代表团", "队", "师生", "嘉宾"].iter().any(|e| group.ends_with(e));
    (ended && (2..=10).contains(&group.chars().count())).then(|| Value::Text(group.to_owned()))
}

/// `赵建军会见康明斯副总裁玛丽娜一行`; of a talk (`甲与乙举行会谈`) both sides stand before the verb.
pub(crate) fn met(view: &View<'_, '_>, trigger: &Trigger, word: &str) -> Option<Draft> {
    let acts = |n: &crate::facts::Named| n.kind == EntityKind::Person;
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let talk = view.passage.lexicon.patterns.met.mutual.contains(word);
    let with = (clause.start..trigger.chars.start)
        .find(|&i| matches!(view.passage.at(i), '与' | '同') && view.passage.tokens.begins(i));
    let (hosts, guests) = match (talk, with) {
        (true, None) => return None,
        (true, Some(with)) => (view.entities(clause.start..with, acts), view.entities(with..trigger.chars.start, acts)),
        (false, _) => (view.subjects(trigger, acts), view.entities(trigger.chars.end..clause.end, acts)),
    };
    if hosts.is_empty() || guests.is_empty() {
        return None;
    }
    let mut draft = view.draft("met", trigger, 0.85);
    draft.set("hosts", values(hosts));
    draft.set("guests", values(guests));
    draft.set("place", view.place(trigger).into_iter().collect());
    Some(draft)
}

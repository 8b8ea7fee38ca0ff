//! What passes from one to another: 王某教授将一项专利以300万元转让给甲公司.

use crate::facts::phrases::{is_planned, values};
use crate::facts::{Draft, Named, Trigger, Value, View};

pub(crate) fn transferred(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    let words = &view.passage.lexicon.patterns.transferred;
    let noun = words.refuses.iter().any(|w| view.passage.starts(trigger.chars.end, w));
    if noun || is_planned(view, trigger) {
        return None;
    }
    let deals = |n: &Named| n.is_body() || view.is_own_side(n);
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    // 将, 把 before what passes; 向 before who takes it.
    let at = |marks: [char; 2]| {
        let places = (clause.start..trigger.chars.start).rev();
        places.into_iter().find(|&i| marks.contains(&view.passage.at(i)) && view.passage.tokens.begins(i))
    };
    let (what, to) = (at(['将', '把']), at(['向', '对']));
    let behind = view.object(trigger, 3, deals);
    let taker = behind.or_else(|| view.within(to?..trigger.chars.start).iter().find(|n| deals(n)))?;
    let first = what.into_iter().chain(to).min().unwrap_or(trigger.chars.start);
    let mut givers = view.entities(clause.start..first, deals);
    if givers.is_empty() {
        givers = view.subjects(&Trigger { chars: clause.start..trigger.chars.end, ..trigger.clone() }, deals);
    }
    givers.retain(|giver| *giver != taker.entity);
    let thing = thing(view, trigger, what);
    if givers.is_empty() || thing.is_none() {
        return None;
    }
    let mut draft = view.draft("transferred", trigger, 0.75);
    draft.set("givers", values(givers));
    draft.name("takers", vec![(taker.entity, Some(taker.chars.clone()))]);
    draft.set("thing", thing.into_iter().map(Value::Text).collect());
    draft.pay(view.sum(trigger));
    Some(draft)
}

/// The words behind 将, or behind the verb, that end as a right does.
fn thing(view: &View<'_, '_>, trigger: &Trigger, what: Option<usize>) -> Option<String> {
    let ends = &view.passage.lexicon.patterns.transferred.objects;
    let ended = |from: usize, upto: usize| {
        let last = (from + 1..=upto).rev().find(|&k| ends.iter().any(|e| view.passage.ends(k, e)))?;
        let text = view.passage.text(from..last);
        let text = text.trim_start_matches(['其', '了', '的']).trim_matches(['“', '”', '《', '》']);
        (text.chars().count() >= 2).then(|| text.to_owned())
    };
    if let Some(found) = what.and_then(|w| ended(w + 1, trigger.chars.start)) {
        return Some(found);
    }
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let named = view.within(trigger.chars.end..clause.end).first().filter(|n| n.chars.start < trigger.chars.end + 3);
    ended(named.map_or(trigger.chars.end, |n| n.chars.end), clause.end)
        .or_else(|| ended(trigger.sentence.start, clause.start.saturating_sub(1)).map(last_phrase))
}

/// What stands last behind 的: 某教授的一项专利 → 一项专利.
fn last_phrase(text: String) -> String {
    match text.rsplit_once('的') {
        Some((_, rest)) if rest.chars().count() >= 2 => rest.to_owned(),
        _ => text,
    }
}

//! What was signed, founded, launched, issued.

use std::ops::Range;

use crate::facts::phrases::{is_planned, values};
use crate::facts::{Dealer, Draft, Named, Trigger, Value, View};
use crate::model::EntityKind;
use crate::resolve::Entities;

fn is_person(n: &Named) -> bool {
    n.kind == EntityKind::Person
}

/// An agreement with its parties and who put their names to it.
pub(crate) fn signed(view: &View<'_, '_>, trigger: &Trigger, entities: &mut Entities) -> Option<Draft> {
    // 见证签约: who looks on does not sign.
    let watched = view.passage.ends(trigger.chars.start, "见证");
    if watched || is_planned(view, trigger) || view.is_listed_noun(trigger) {
        return None;
    }
    let words = &view.passage.lexicon.patterns.signed;
    let agreement = agreement(view, trigger, &words.objects);
    let before = trigger.sentence.start..trigger.chars.start;
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let both = view.passage.text(before.clone()).contains("双方");
    let mut signatories = view.entities(clause.start..trigger.chars.start, is_person);
    let acting = both && view.passage.text(clause.start..trigger.chars.start).contains("代表");
    let (parties, others) = parties(view, trigger, both, if acting { &signatories } else { &[] });
    // 崔哲洙与隋广明签署了协议: for those whom they serve.
    let employers =
        if parties.is_empty() && signatories.len() > 1 { view.employers_of(&signatories) } else { Vec::new() };
    let own = employers.into_iter().map(|e| (e, view.nearest(e, trigger)));
    let parties = if parties.is_empty() { own.collect() } else { parties };
    // Who comes to a 签约仪式 need not sign.
    if view.passage.starts(trigger.chars.end, "仪式") && !acting {
        signatories.clear();
    }
    signatories.retain(|s| !parties.iter().any(|(p, _)| p == s));
    let countersigned = both || matches!(view.passage.at(trigger.chars.start + 1), '字');
    let sum = view.sum(trigger);
    let word = view.passage.text(trigger.chars.clone());
    let itself = words.complete.contains(&word) && (!parties.is_empty() || sum.is_some());
    if agreement.is_none() && (signatories.is_empty() || !countersigned) && parties.len() < 2 && !itself {
        return None;
    }
    let mut draft = view.draft("signed", trigger, 0.85);
    if let Some(text) = agreement {
        draft.set("agreement", vec![Value::Entity(entities.exact(&text, EntityKind::Agreement))]);
    }
    draft.name("parties", parties);
    draft.set("counterparties", values(others));
    draft.set("signatories", values(signatories));
    draft.set("declared_parties", view.declared(before).map(Value::Count).into_iter().collect());
    draft.set("place", view.place(trigger).into_iter().collect());
    draft.pay(sum);
    Some(draft)
}

/// Who signs, each with the words that name it, and which of them are the other side.
/// `acting`: who signs for both sides (甲校校长李明与乙公司经理王方代表双方签署).
fn parties(view: &View<'_, '_>, trigger: &Trigger, both: bool, acting: &[usize]) -> (Vec<Dealer>, Vec<usize>) {
    let deal = view.dealings.at(trigger.chars.start);
    let (mut own, mut other) = deal.map(|d| (view.sides(&d.subjects), view.sides(&d.objects))).unwrap_or_default();
    if !view.has_body(&own) && !view.has_body(&other) {
        (own, other) = (Vec::new(), Vec::new());
    }
    let found = !own.is_empty() && !other.is_empty();
    let alone = found && (!view.has_body(&own) || !view.has_body(&other));
    let employers = view.employers_of(acting);
    let pair = match both && !alone {
        true if employers.len() > 1 => employers,
        true => view.both(trigger),
        false => Vec::new(),
    };
    let others: Vec<usize> = other.iter().map(|(e, _)| *e).collect();
    if pair.is_empty() && !own.is_empty() && !other.is_empty() {
        return (own.into_iter().chain(other).collect(), others);
    }
    let before = trigger.sentence.start..trigger.chars.start;
    let mut listed = pair;
    if listed.is_empty() {
        listed = view.entities(before.clone(), Named::is_body);
    }
    if listed.is_empty() {
        let mut of_posts: Vec<usize> = view.within(before).iter().filter(|n| n.is_body()).map(|n| n.entity).collect();
        let mut seen = std::collections::HashSet::new();
        of_posts.retain(|e| seen.insert(*e));
        listed = of_posts;
    }
    if listed.is_empty() && own.is_empty() && other.is_empty() {
        let clause = view.clause(trigger.chars.start, &trigger.sentence);
        listed = view.entities(trigger.chars.end..clause.end, Named::is_body);
    }
    let mut out: Vec<Dealer> = listed.into_iter().map(|e| (e, view.nearest(e, trigger))).collect();
    for (entity, range) in own.into_iter().chain(other) {
        if !out.iter().any(|(e, _)| *e == entity) {
            out.push((entity, range));
        }
    }
    (out, others)
}

fn agreement(view: &View<'_, '_>, trigger: &Trigger, ends: &[String]) -> Option<String> {
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let titled = |n: &&Named| matches!(n.kind, EntityKind::Agreement | EntityKind::Document);
    let text = |n: &Named| view.passage.text(n.chars.clone()).trim_matches(['《', '》']).to_owned();
    if let Some(named) = view.within(trigger.chars.end..clause.end).iter().find(titled) {
        return Some(text(named));
    }
    if let Some(range) = view.phrase_after(trigger, ends) {
        let phrase = view.passage.text(range);
        if phrase.chars().count() > 2 {
            return Some(phrase);
        }
    }
    let mut start = view.phrase_before(trigger.chars.start, &trigger.sentence, ends)?;
    if let Some(at) =
        start.clone().rev().find(|&i| matches!(view.passage.at(i), '暨' | '”' | '了' | '与' | '和' | '在'))
    {
        start.start = at + 1;
    }
    (start.len() > 2).then(|| view.passage.text(start))
}

/// What was founded, by whom.
pub(crate) fn founded(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    if is_planned(view, trigger) || view.is_listed_noun(trigger) || view.is_in_agreement(trigger) {
        return None;
    }
    let words = &view.passage.lexicon.patterns.founded;
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    // 发起 by itself is told of calls and votes as well.
    if view.passage.ends(trigger.chars.end, "发起") && passive(view, trigger).is_none() {
        return None;
    }
    let after = view.object(trigger, 24, Named::is_body).filter(|n| n.chars.end <= clause.end);
    let before = trigger.sentence.start..trigger.chars.start;
    let (thing, active) = match after {
        Some(named) => (Value::Entity(named.entity), true),
        None if passive(view, trigger).is_some() => {
            let (thing, founders) = passive(view, trigger)?;
            let mut draft = view.draft("founded", trigger, 0.85);
            draft.set(
                "declared_founders",
                view.declared(trigger.sentence.clone()).map(Value::Count).into_iter().collect(),
            );
            draft.set("thing", vec![thing]);
            draft.set("founders", values(founders));
            return Some(draft);
        }
        None => match view.list_before(without_adverbs(view, trigger), Named::is_body).pop() {
            Some(named) => (Value::Entity(named.entity), false),
            None => {
                let phrase = view.phrase_after(trigger, &words.objects)?;
                let text = view.passage.text(phrase);
                let counted = text.chars().next().is_some_and(|c| c.is_ascii_digit());
                (!counted && text.chars().count() >= 4).then_some((Value::Text(text), true))?
            }
        },
    };
    let mut draft = view.draft("founded", trigger, 0.85);
    let listed = listed_after(view, trigger.chars.end..trigger.sentence.end);
    let mut founders = listed.unwrap_or_default();
    if founders.is_empty() && active {
        founders = view.entities(before, Named::is_body);
    }
    founders.retain(|f| thing != Value::Entity(*f));
    draft.set("declared_founders", view.declared(trigger.sentence.clone()).map(Value::Count).into_iter().collect());
    draft.set("thing", vec![thing]);
    draft.set("founders", values(founders));
    draft.set("place", view.place(trigger).into_iter().collect());
    Some(draft)
}

/// `联盟由甲、乙等21家单位共同发起成立`: what stands before 由 was founded by those behind it.
fn passive(view: &View<'_, '_>, trigger: &Trigger) -> Option<(Value, Vec<usize>)> {
    let range = trigger.sentence.start..trigger.chars.start;
    let by = range.clone().rev().find(|&i| view.passage.at(i) == '由' && view.passage.tokens.begins(i))?;
    let named = view.within(range.start..by).iter().rfind(|n| n.is_body() && n.chars.end == by);
    // 小院由甲、乙联合共建: what is called by the word for its sort.
    let ends = || view.passage.lexicon.patterns.launched.objects.iter().any(|e| view.passage.ends(by, e));
    let sort = || (2..=12).contains(&(by - range.start)) && ends();
    let thing = match named {
        Some(named) => Value::Entity(named.entity),
        None => sort().then(|| Value::Text(view.passage.text(range.start..by)))?,
    };
    let founders = view.entities(by..trigger.chars.start, Named::is_body);
    (!founders.is_empty()).then_some((thing, founders))
}

/// Where the words before a trigger end, without 正式, 在某地, 共同, 于5月28日.
fn without_adverbs(view: &View<'_, '_>, trigger: &Trigger) -> usize {
    const ADVERBS: [&str; 10] = ["正式", "同步", "同时", "成功", "共同", "已", "今日", "今天", "近日", "日前"];
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let mut end = trigger.chars.start;
    loop {
        let before = end;
        for word in ADVERBS.iter().filter(|word| view.passage.ends(before, word)) {
            end = before - word.chars().count();
        }
        if let Some(start) = view.moment_before(end).filter(|start| *start > clause.start) {
            end = start - usize::from(matches!(view.passage.before(start), '于' | '在'));
        }
        let venue = crate::places::venue(view.passage, &(clause.start..end));
        if let Some((range, _)) = venue.filter(|(range, _)| range.end == end && range.start > clause.start + 1) {
            end = range.start - 1;
        }
        if end == before {
            return end;
        }
    }
}

/// The bodies behind 包括 or 由 in a sentence.
fn listed_after(view: &View<'_, '_>, range: Range<usize>) -> Option<Vec<usize>> {
    let at = range.clone().find(|&i| ["包括", "成员单位", "发起单位"].iter().any(|w| view.passage.starts(i, w)))?;
    Some(view.entities(at..range.end, Named::is_body))
}

/// What began to work: one fact for each thing.
pub(crate) fn launched(view: &View<'_, '_>, trigger: &Trigger) -> Vec<Draft> {
    if is_planned(view, trigger) || view.is_listed_noun(trigger) {
        return Vec::new();
    }
    let things = things(view, trigger);
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let fits = |n: &Named| n.is_body() || is_person(n);
    let near = view.entities(clause.start..trigger.chars.start, fits);
    let by = if near.is_empty() { near } else { view.listed_subjects(trigger, fits) };
    things
        .into_iter()
        .map(|thing| {
            let mut draft = view.draft("launched", trigger, 0.85);
            let by: Vec<usize> = by.iter().copied().filter(|e| thing != Value::Entity(*e)).collect();
            draft.set("thing", vec![thing]);
            draft.set("launchers", values(by));
            draft.set("place", view.place(trigger).into_iter().collect());
            draft
        })
        .collect()
}

fn things(view: &View<'_, '_>, trigger: &Trigger) -> Vec<Value> {
    let words = &view.passage.lexicon.patterns.launched;
    let body = |n: &Named| n.is_body() || n.kind == EntityKind::Program;
    let end = without_adverbs(view, trigger);
    let before: Vec<Value> = view.list_before(end, body).into_iter().map(|n| Value::Entity(n.entity)).collect();
    let ended = |n: &&Named| words.objects.iter().any(|e| view.passage.ends(n.chars.end, e));
    let after = view.object(trigger, 20, body).filter(ended).map(|n| Value::Entity(n.entity));
    let plain_end = !crate::page::is_han(view.passage.at(trigger.chars.end))
        || view.passage.starts(trigger.chars.end, "仪式")
        || view.passage.starts(trigger.chars.end, "成立");
    if !before.is_empty() && (plain_end || after.is_none()) {
        return before;
    }
    if let Some(thing) = after {
        return vec![thing];
    }
    if plain_end && let Some(name) = quoted(view, end) {
        return vec![Value::Text(name)];
    }
    if plain_end && let Some(mut range) = view.phrase_before(end, &trigger.sentence, &words.objects) {
        let marks = |i: &usize| matches!(view.passage.at(*i), '—' | '”' | '了' | '为' | '、' | '的' | '由');
        if let Some(at) = range.clone().rev().find(marks) {
            range.start = at + 1;
        }
        return (range.len() >= 4).then(|| Value::Text(view.passage.text(range))).into_iter().collect();
    }
    let range = view.phrase_after(trigger, &words.objects);
    let named = range.filter(|r| r.len() >= 5 && r.len() <= 40 && !view.passage.chars[r.clone()].contains(&'、'));
    named.map(|r| Value::Text(view.passage.text(r))).into_iter().collect()
}

/// “某县牦牛科技小院”揭牌: what begins to work is called by a name that nothing else tells to be one.
fn quoted(view: &View<'_, '_>, end: usize) -> Option<String> {
    const LONGEST: usize = 30;
    let close = end.checked_sub(1).filter(|&close| view.passage.at(close) == '”')?;
    let open = (close.saturating_sub(LONGEST)..close).rev().find(|&i| view.passage.at(i) == '“')?;
    let name = view.passage.text(open + 1..close);
    (close - open > 4 && !name.contains(['。', ',', '!'])).then_some(name)
}

/// A document with who issued it.
pub(crate) fn issued(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    let titled = |n: &Named| matches!(n.kind, EntityKind::Document | EntityKind::Agreement | EntityKind::Standard);
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let document = view.object(trigger, 30, titled);
    let passive = || view.list_before(without_adverbs(view, trigger), titled).pop();
    let thing = document.map(|n| n.entity).or_else(|| passive().map(|n| n.entity));
    let thing = match thing {
        Some(entity) => Value::Entity(entity),
        None => Value::Text(headline_document(view, trigger, &clause)?),
    };
    let issuers = view.subjects(trigger, Named::is_body);
    let mut draft = view.draft("issued", trigger, 0.9);
    draft.set("thing", vec![thing]);
    draft.set("issuers", values(issuers));
    Some(draft)
}

/// `氢能产业标准体系建设指南发布`: a headline names the document without its marks.
fn headline_document(view: &View<'_, '_>, trigger: &Trigger, clause: &Range<usize>) -> Option<String> {
    const ENDS: [&str; 10] = ["指南", "办法", "规划", "方案", "意见", "白皮书", "蓝皮书", "报告", "标准", "宣言"];
    let end = trigger.chars.start;
    let last = matches!(view.passage.at(trigger.chars.end), '\n' | ' ' | ',' | '。' | ';');
    let named = ENDS.iter().any(|e| view.passage.ends(end, e)) && end - clause.start <= 30;
    (last && named && end > clause.start + 4).then(|| view.passage.text(view.strip_lead(clause.start..end)))
}

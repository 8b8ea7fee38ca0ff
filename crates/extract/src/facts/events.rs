//! Activities: what was held, and who took part.

use std::ops::Range;

use crate::facts::phrases::values;
use crate::facts::{Draft, Named, Trigger, Value, View};
use crate::model::EntityKind;
use crate::resolve::Entities;
use crate::shortened::without_brackets;

/// An activity with its place and who held it.
pub(crate) fn held(view: &View<'_, '_>, trigger: &Trigger, word: &str, entities: &mut Entities) -> Option<Draft> {
    let words = &view.passage.lexicon.patterns.held;
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let (activity, active) = if words.acts.iter().any(|a| a == word) {
        let organised = view.passage.text(clause.start..trigger.chars.start).contains("组织");
        (organised.then_some(trigger.chars.start..clause.end)?, true)
    } else if let Some(range) = view.phrase_after(trigger, &words.activities) {
        (range, true)
    } else {
        (before(view, trigger, &clause)?, false)
    };
    if activity.len() < if active && words.acts.iter().any(|a| a == word) { 6 } else { 4 }
        || is_general(view, &activity)
    {
        return None;
    }
    let activity = without_organizers(view, activity);
    let name = without_brackets(view.passage.text(activity.clone()));
    let mut draft = view.draft("held", trigger, 0.85);
    draft.name("activity", vec![(entities.exact(name.trim(), EntityKind::Activity), Some(activity))]);
    if active {
        draft.set("organizers", values(view.subjects(trigger, Named::is_body)));
    }
    draft.set("place", view.place(trigger).into_iter().collect());
    Some(draft)
}

/// `…大会8月8日上午在锡山区召开`: the activity stands before 在 or before the day.
fn before(view: &View<'_, '_>, trigger: &Trigger, clause: &Range<usize>) -> Option<Range<usize>> {
    let activities = &view.passage.lexicon.patterns.held.activities;
    let range = view.strip_lead(clause.start..trigger.chars.start);
    let end = (range.start + 4..=range.end)
        .rev()
        .find(|&k| activities.iter().any(|a| view.passage.ends(k, a)) && view.passage.tokens.begins(k))?;
    let rest = view.passage.text(end..range.end);
    let followed = rest.is_empty()
        || rest.starts_with(['在', '于'])
        || rest.contains('日')
        || ["成功", "正式", "同步", "同期", "同时", "如期", "顺利"].iter().any(|w| rest.starts_with(w));
    followed.then_some(range.start..end)
}

/// 甲、乙联合承担的某专项推进会: who does it, up to the 的 behind the verb, is no part of its name.
fn without_organizers(view: &View<'_, '_>, activity: Range<usize>) -> Range<usize> {
    const VERBS: [&str; 10] = ["主办", "承办", "举办", "承担", "组织", "牵头", "发起", "实施", "指导", "召集"];
    let passage = view.passage;
    let told = |k: &usize| passage.at(*k) == '的' && VERBS.iter().any(|v| passage.ends(*k, v));
    let cut = activity.clone().rev().find(told).filter(|k| activity.end - k > 4);
    cut.map_or(activity.clone(), |k| k + 1..activity.end)
}

/// Words for any activity are no name of one: those that stand for a sort, and what begins with how many or which
/// (更多的志愿服务活动, 一系列主题活动).
fn is_general(view: &View<'_, '_>, activity: &Range<usize>) -> bool {
    let words = &view.passage.lexicon.patterns.held;
    words.general.contains(&view.passage.text(activity.clone()))
        || words.counted.iter().any(|w| view.passage.starts(activity.start, w))
}

/// Who took part in what; 会议 and 活动 are those that the text told of before.
pub(crate) fn attended(view: &View<'_, '_>, trigger: &Trigger, entities: &Entities) -> Option<Draft> {
    let who = view.listed_subjects(trigger, |n| n.kind == EntityKind::Person || n.is_body());
    if who.is_empty() {
        return None;
    }
    let activity = view.phrase_after(trigger, &view.passage.lexicon.patterns.held.activities)?;
    let text = view.passage.text(activity.clone());
    let mut draft = view.draft("attended", trigger, 0.8);
    draft.set("attendees", values(who));
    match meant(&text, entities) {
        Some(known) => draft.name("activity", vec![(known, Some(activity))]),
        None => draft.set("activity", vec![Value::Text(text)]),
    }
    Some(draft)
}

/// The activity that words mean: one of that name, else the last whose name ends so.
fn meant(words: &str, entities: &Entities) -> Option<usize> {
    let bare = words.trim_start_matches(['本', '此', '次', '该', '了']);
    let known = entities.list.iter().enumerate().rev().filter(|(_, e)| e.kind == EntityKind::Activity);
    let named = |e: &crate::resolve::Known| {
        let general = matches!(bare, "会议" | "活动") || bare.chars().count() >= 2;
        let ends = e.names.iter().any(|n| n.ends_with(bare) || bare == "会议" && n.ends_with('会') || bare == "活动");
        general && ends
    };
    known.into_iter().find(|(_, e)| named(e)).map(|(i, _)| i)
}

//! What stands between organisations: membership, cooperation, services, seat, money.

use std::ops::Range;

use crate::facts::phrases::{is_planned, values};
use crate::facts::{Dealer, Draft, Named, Trigger, Value, View};
use crate::model::EntityKind;

/// `甲公司加入某联盟`.
pub(crate) fn joined(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    let words = &view.passage.lexicon.patterns.joined;
    let ended = |n: &Named| n.is_body() && words.objects.iter().any(|e| view.passage.ends(n.chars.end, e));
    let target = view.object(trigger, 12, ended)?.entity;
    let mut members = view.subjects(trigger, |n| n.is_body() || n.kind == EntityKind::Person);
    members.retain(|m| *m != target);
    if members.is_empty() || is_planned(view, trigger) {
        return None;
    }
    let mut draft = view.draft("joined", trigger, 0.8);
    draft.set("members", values(members));
    draft.set("organization", vec![Value::Entity(target)]);
    let before = trigger.sentence.start..trigger.chars.start;
    draft.set("declared_members", view.declared(before).map(Value::Count).into_iter().collect());
    Some(draft)
}

/// Two bodies and a field in which they work together.
pub(crate) fn cooperates(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let mut partners = view.entities(clause.start..trigger.chars.start, Named::is_body);
    if partners.len() < 2 {
        partners = view.entities(trigger.sentence.start..trigger.chars.start, Named::is_body);
    }
    if partners.len() < 2 {
        let deals = |n: &Named| n.is_body() || view.is_own_side(n);
        let near = view.entities(clause.start..trigger.chars.start, deals);
        let all = if near.len() < 2 { view.entities(trigger.sentence.start..trigger.chars.start, deals) } else { near };
        // Persons among themselves are colleagues and no partners.
        partners = if partners.is_empty() { Vec::new() } else { all };
    }
    if partners.len() < 2 || is_planned(view, trigger) {
        return None;
    }
    if partners.len() > 4 {
        return None;
    }
    // 在四号楼233会议室开展共建 says where and not on what.
    let venue = view.place(trigger);
    let on = |range, before| topic(view, range, before).filter(|t| venue != Some(Value::Text(t.clone())));
    let topic = on(trigger.sentence.start..trigger.chars.start, true)
        .or_else(|| on(trigger.chars.end..trigger.sentence.end, false))
        .or_else(|| worked_on(view, trigger))?;
    let mut draft = view.draft("cooperates-on", trigger, 0.7);
    draft.set("partners", values(partners));
    draft.set("topic", vec![Value::Text(topic)]);
    Some(draft)
}

/// 合作开展连作障碍研究, 联合研制采茶机: on what stands behind the verb.
fn worked_on(view: &View<'_, '_>, trigger: &Trigger) -> Option<String> {
    let verb = view.passage.text(trigger.chars.clone());
    let works = ["合作开展", "研发", "开发", "研制", "合作研究"].iter().any(|w| verb.ends_with(w));
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let begin = trigger.chars.end + usize::from(view.passage.at(trigger.chars.end) == '了');
    let text = view.passage.text(begin..clause.end.max(begin));
    let said = (3..=30).contains(&text.chars().count()) && !text.starts_with(['的', '、', '与', '和']);
    (works && said).then_some(text)
}

/// The words between 就, 在, 围绕 and 方面, 领域, 开展; `before`: the range ends at the verb.
fn topic(view: &View<'_, '_>, range: Range<usize>, before: bool) -> Option<String> {
    let frames = &view.passage.lexicon.patterns.cooperates.frames;
    let starts = range.clone().rev().filter_map(|i| {
        let frame = frames.iter().find(|f| view.passage.starts(i, f) && view.passage.tokens.begins(i))?;
        Some(i + frame.chars().count())
    });
    for begin in starts {
        let text = view.passage.text(begin..range.end);
        let clause = text.split([',', '。', ';']).next().unwrap_or_default();
        let cut = ["等方面", "方面", "等领域", "领域", "开展", "进行", "达成", "展开"];
        // 就固态电池开展合作: the verb itself ends it.
        let verb = (before && clause.len() == text.len()).then_some(text.len());
        let text = clause;
        let end = cut.iter().filter_map(|w| text.find(w)).min().or(verb);
        let topic = end.and_then(|e| text.get(..e)).filter(|t| (2..=30).contains(&t.chars().count()));
        if let Some(topic) = topic.filter(|t| !["进一步", "全方位", "双方"].iter().any(|w| t.contains(w))) {
            return Some(topic.to_owned());
        }
    }
    None
}

/// `已启动了车规级芯片测试、可靠性验证和AEC-Q100认证等专业服务`.
pub(crate) fn offers(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    let words = &view.passage.lexicon.patterns.offers;
    let range = view.phrase_after(trigger, &words.objects)?;
    let text = view.passage.text(range.clone());
    let listed = text.contains('、') || (text.ends_with("服务") && text.contains('和'));
    if !listed || is_planned(view, trigger) || text.contains(['“', '《']) {
        return None;
    }
    let trimmed = ["等专业服务", "等服务", "专业服务", "等一站式服务", "一站式服务", "等技术服务"];
    let body = trimmed.iter().find_map(|t| text.strip_suffix(t)).unwrap_or(&text);
    let mut services: Vec<Value> = Vec::new();
    for item in body.split(['、', '和', '及', '以']).map(str::trim).filter(|i| i.chars().count() >= 2) {
        services.push(Value::Text(item.trim_start_matches("包括").to_owned()));
    }
    // 为我院提供: for whom, and not who.
    let gives = |n: &Named| n.is_body() && !matches!(view.passage.before(n.chars.start), '为' | '向' | '给');
    let who = view.subjects(trigger, gives);
    // 甲与乙共建的试验站…提供: what the others are told of is who gives.
    let clause_of = |n: &&Named| view.passage.before(n.chars.start) == '的' && who.contains(&n.entity);
    let told = view.within(trigger.sentence.start..trigger.chars.start).iter().rfind(clause_of);
    // 服务站由甲共建,委托乙运营,为企业提供…: what the sentence begins with and is done to goes on giving.
    let passive = |n: &&Named| view.passage.at(n.chars.end) == '由' && n.is_body() && !n.of_post;
    let begins = view.within(trigger.sentence.start..trigger.chars.start).first().filter(passive);
    let who = begins.or(told).map(|n| n.entity).or_else(|| who.first().copied())?;
    if services.len() < 2 {
        return None;
    }
    let mut draft = view.draft("offers", trigger, 0.8);
    draft.set("who", vec![Value::Entity(who)]);
    draft.set("services", services);
    Some(draft)
}

/// `位于无锡高新区`, `落户某某科创谷`.
pub(crate) fn located(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    if is_planned(view, trigger) {
        return None;
    }
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let place = seat(view, trigger, clause.end)?;
    let own = |e: usize| place != Value::Entity(e);
    let near = trigger.chars.start.saturating_sub(20).max(clause.start);
    let before = view.entities(near..trigger.chars.start, Named::is_body).into_iter().rfind(|w| own(*w));
    // 海棠公司成立于2010年,总部位于南京: who it is of stands in the clause before.
    let who = before.or_else(|| view.subjects(trigger, Named::is_body).into_iter().rfind(|w| own(*w)))?;
    let mut draft = view.draft("located-in", trigger, 0.8);
    draft.set("who", vec![Value::Entity(who)]);
    draft.set("place", vec![place]);
    draft.date = None;
    Some(draft)
}

/// The place behind a verb of lying: a region or a body with what follows it, or words that end as a site does.
fn seat(view: &View<'_, '_>, trigger: &Trigger, end: usize) -> Option<Value> {
    let begins = view.object(trigger, 4, |n| n.kind == EntityKind::Place || n.is_body());
    let start = begins.map_or(trigger.chars.end, |n| n.chars.start);
    let words = view.passage.text(start..end);
    let short = (2..=12).contains(&words.chars().count()) && !words.contains(['的', '、']);
    let site = view.passage.lexicon.patterns.located.objects.iter().any(|o| words.ends_with(o.as_str()));
    match begins {
        // 落户无锡以来 tells since when.
        Some(named) if named.kind == EntityKind::Place && short && !words.ends_with("以来") => {
            Some(Value::Text(words))
        }
        Some(named) if named.is_body() && short && site && named.chars.end < end => Some(Value::Text(words)),
        Some(named) => Some(Value::Entity(named.entity)),
        None => (short && site).then_some(Value::Text(words)),
    }
}

/// Money that a body puts into something: into another body, or into its shares.
pub(crate) fn invests(view: &View<'_, '_>, trigger: &Trigger) -> Option<Draft> {
    let deal = view.dealings.at(trigger.chars.start)?;
    let money = view.sum(trigger);
    let mut targets = view.dealers(&deal.objects);
    if targets.is_empty() {
        targets = toward(view, trigger);
    }
    let mut investors = view.dealers(&deal.subjects);
    if investors.is_empty() && targets.is_empty() {
        let clause = view.clause(trigger.chars.start, &trigger.sentence);
        let both = view.passage.text(clause.start..trigger.chars.start).contains("双方");
        // 在某开发区投资: where, and not who.
        let who = |n: &Named| n.is_body() && view.passage.before(n.chars.start) != '在';
        let near = if both { view.both(trigger) } else { view.subjects(trigger, who) };
        investors = near.into_iter().map(|e| (e, view.nearest(e, trigger))).collect();
    }
    investors.retain(|(e, _)| !targets.iter().any(|(t, _)| t == e));
    let said = if deal.of_shares { deal.shares } else { money.is_some() || !targets.is_empty() || deal.shares };
    // 完成对甲的A轮投资: a noun, and done.
    let round = view.passage.ends(trigger.chars.start, "轮") && !targets.is_empty();
    if !said || deal.noun && !round || investors.is_empty() && targets.is_empty() {
        return None;
    }
    let mut draft = view.draft("invests", trigger, 0.75);
    draft.name("investors", investors);
    draft.name("targets", targets);
    draft.pay(money);
    draft.set("stage", stage(view, trigger).map(|s| Value::Text(s.to_owned())).into_iter().collect());
    Some(draft)
}

/// 向甲投资, 对甲的A轮投资: the bodies behind a word of direction.
fn toward(view: &View<'_, '_>, trigger: &Trigger) -> Vec<Dealer> {
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let before = view.within(clause.start..trigger.chars.start).iter();
    // 作为某公司的股东: no direction.
    let toward =
        |at: usize| matches!(view.passage.before(at), '向' | '对' | '为') && view.passage.tokens.begins(at - 1);
    let aimed = before.filter(|n| n.is_body() && toward(n.chars.start));
    aimed.map(|n| (n.entity, Some(n.chars.clone()))).collect()
}

/// Whether what the trigger says is still to come, or given up.
fn stage(view: &View<'_, '_>, trigger: &Trigger) -> Option<&'static str> {
    let words = &view.passage.lexicon.deals;
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let before = view.passage.text(clause.start..trigger.chars.start);
    let holds = |list: &[String]| list.iter().any(|w| before.contains(w.as_str()));
    match () {
        () if holds(&words.ended) => Some("已终止"),
        () if holds(&words.planned) => Some("计划中"),
        () => None,
    }
}

//! What somebody needs: `急需解决轴承剥落预警、盐雾腐蚀等技术难题`, `面向社会征集低温密封解决方案`.

use std::ops::Range;

use crate::facts::{Draft, Named, Trigger, Value, View};

/// Characters of one need.
const SHORTEST: usize = 4;
const LONGEST: usize = 40;
/// Needs of one sentence.
const MOST: usize = 12;

/// Words before a verb of needing that turn it: 不需要, 根据需要, 只需.
const TURNED: [&str; 17] = [
    "不", "无", "无须", "没有", "未", "不再", "是否", "根据", "按", "按照", "如", "若", "如果", "的", "只", "仅", "所",
];

/// `甲公司寻求耐低温密封材料、氢阀寿命试验等技术`.
pub(crate) fn seeks(view: &View<'_, '_>, trigger: &Trigger, word: &str) -> Option<Draft> {
    let words = &view.passage.lexicon.patterns.seeks;
    let tells = words.tells.contains(word);
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let before = view.passage.text(clause.start..trigger.chars.start);
    if TURNED.iter().any(|w| before.ends_with(w)) || view.passage.at(trigger.chars.end) == '的' {
        return None;
    }
    let range = if tells { told(view, trigger)? } else { view.phrase_after(trigger, &words.objects)? };
    // Who collects what others need (征集技术需求) needs nothing.
    let collects = ["需求", "要求", "清单"].iter().any(|w| view.passage.starts(range.end, w));
    let start = without_leads(view, &range, &words.leads);
    let text = view.passage.text(start..range.end);
    if text.contains(['《', ':']) || (!tells && (collects || text.contains("需求"))) {
        return None;
    }
    let needs = needs(&text, &words.refuses);
    let listed = text.contains('、');
    let weak = words.weak.contains(word);
    if needs.is_empty() || (weak && !listed && needs[0].chars().count() < SHORTEST + 2) {
        return None;
    }
    let who = view.subjects(trigger, Named::is_body).last().copied()?;
    let mut draft = view.draft("seeks", trigger, if weak { 0.6 } else { 0.75 });
    draft.set("who", vec![Value::Entity(who)]);
    draft.set("needs", needs.into_iter().map(Value::Text).collect());
    Some(draft)
}

/// The words between a verb of telling and 需求 in its clause.
fn told(view: &View<'_, '_>, trigger: &Trigger) -> Option<Range<usize>> {
    let needs = ["技术需求".to_owned(), "需求".to_owned(), "技术难题".to_owned()];
    let range = view.phrase_after(trigger, &needs)?;
    let longest = needs.iter().find(|n| view.passage.ends(range.end, n))?;
    Some(range.start..range.end - longest.chars().count())
}

/// Where a phrase begins behind the words that only lead to it. A lead is a word of its own: 可 is none in 可靠性.
fn without_leads(view: &View<'_, '_>, range: &Range<usize>, leads: &[String]) -> usize {
    let mut start = range.start;
    loop {
        while start < range.end && matches!(view.passage.at(start), '了' | '的' | ' ') {
            start += 1;
        }
        let ends = leads.iter().filter(|l| view.passage.starts(start, l)).map(|l| start + l.chars().count());
        match ends.filter(|end| *end < range.end && view.passage.tokens.begins(*end)).max() {
            Some(end) => start = end,
            None => return start,
        }
    }
}

/// The needs that a phrase lists.
fn needs(text: &str, refuses: &[String]) -> Vec<String> {
    let text = text.trim();
    if refuses.iter().any(|r| text.starts_with(r.as_str())) {
        return Vec::new();
    }
    let mut out: Vec<String> = Vec::new();
    for item in items(tail(text)) {
        let item = item.trim_matches(|c: char| c.is_whitespace() || matches!(c, '“' | '”' | '的'));
        let long = item.chars().count();
        if (SHORTEST..=LONGEST).contains(&long) && out.iter().all(|known| known != item) {
            out.push(item.to_owned());
        }
    }
    out.truncate(MOST);
    out
}

/// A list without what it calls itself at its end: `等3项技术难题`, `等问题`, `难题`.
fn tail(text: &str) -> &str {
    if let Some((list, end)) = text.rsplit_once('等') {
        let digits = |c: char| c.is_ascii_digit() || "一二两三四五六七八九十多余几".contains(c);
        let end = end.trim_start_matches(digits).trim_start_matches(['项', '个', '类', '种', '大', '条']);
        let named = ["关键", "共性", "技术", "核心", "行业", "生产", "工艺", "方面", "的"];
        let mut rest = end;
        while let Some(shorter) = named.iter().find_map(|w| rest.strip_prefix(w)) {
            rest = shorter;
        }
        let known = ["", "难题", "问题", "瓶颈", "设备", "材料", "方案", "解决方案", "服务", "仪器", "成果"];
        if known.contains(&rest) {
            return list;
        }
    }
    let ends = ["关键技术难题", "技术难题", "难题", "技术瓶颈", "技术问题", "的问题"];
    let rest = ends.iter().find_map(|w| text.strip_suffix(w)).unwrap_or(text);
    rest.strip_suffix('的').unwrap_or(rest)
}

/// The items of a list: 、 parts them; 和, 及 and 以及 part the last two of three or more. What stands in brackets
/// is whole.
fn items(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '“' => depth += 1,
            ')' | '”' => depth = depth.saturating_sub(1),
            '、' if depth == 0 => {
                out.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    let last = &text[start..];
    let long = |part: &str| part.chars().count() >= SHORTEST;
    let parted = ["以及", "及", "和"].iter().find_map(|w| last.split_once(w)).filter(|(a, b)| long(a) && long(b));
    match parted.filter(|_| !out.is_empty()) {
        Some((one, other)) => out.extend([one, other]),
        None => out.push(last),
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_taken_apart_but_not_within_a_need() {
        let list = |text| needs(text, &["加强".to_owned()]);
        assert_eq!(
            list("轴承剥落预警、盐雾腐蚀防护和铝液余热回收等3项关键技术难题"),
            ["轴承剥落预警", "盐雾腐蚀防护", "铝液余热回收"]
        );
        assert_eq!(list("高温和低温密封材料"), ["高温和低温密封材料"]);
        assert_eq!(list("附子干燥能耗高的问题"), ["附子干燥能耗高"]);
        assert_eq!(list("加强产学研合作的技术"), [""; 0]);
        assert_eq!(list("样品(晶圆、封装件)失效分析、功率循环试验"), ["样品(晶圆、封装件)失效分析", "功率循环试验"]);
    }
}

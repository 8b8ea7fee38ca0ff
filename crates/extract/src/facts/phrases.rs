//! Clauses, subjects, objects and phrases around a trigger.

use std::ops::Range;

use crate::facts::{Dealer, Named, Trigger, Value, View};
use crate::lexicon::List;
use crate::model::EntityKind;

/// The words before a listed noun that still belong to it: 现场签约.
const LISTED: usize = 6;
/// So far before a trigger it is looked whether a sentence tells of an aim.
const AIM: usize = 160;
/// What something is for follows these to the end of their sentence.
const AIMS: [&str; 4] = ["旨在", "意在", "以期", "力求"];

impl View<'_, '_> {
    /// Whether the sentence says before what something is for (旨在), and no day since then that begins what was done.
    fn is_aim(&self, trigger: &Trigger) -> bool {
        let from = trigger.chars.start.saturating_sub(AIM).max(trigger.sentence.start);
        let told = (from..trigger.chars.start).rev().find(|&i| AIMS.iter().any(|w| self.passage.starts(i, w)));
        told.is_some_and(|at| !self.days.iter().any(|d| (at..trigger.chars.start).contains(&d.chars.start)))
    }

    /// Whether a word of intent stands in the clause, and what is intended is this deed: 将于明年3月挂牌, 计划年内成立,
    /// 拟于2025年底建成投用. 将牌匾授予 is a deed and 科技计划 a name.
    fn is_intended(&self, trigger: &Trigger, clause: &Range<usize>) -> bool {
        let words = &self.passage.lexicon.patterns.planned;
        let word_at =
            |i: usize| words.intent.iter().find(|w| self.passage.starts(i, w) && self.passage.tokens.begins(i));
        let found = (clause.start..trigger.chars.start).rev().find_map(|i| word_at(i).map(|w| (i, w.as_str())));
        let Some((at, word)) = found.filter(|(at, _)| !self.inside_name(*at)) else { return false };
        let end = at + word.chars().count();
        let done = (end..trigger.chars.start).any(|i| matches!(self.passage.at(i), '了' | '已'));
        let begins = match word {
            "将" => {
                let dated = self.moments.binary_search_by_key(&end, |m| m.start).is_ok();
                dated || words.ways.iter().any(|w| self.passage.starts(end, w))
            }
            // 科技计划, 按计划: a noun.
            "计划" => !words.nouns.iter().any(|w| self.passage.ends(at, w)),
            _ => true,
        };
        begins && !done
    }

    /// The clause around a place: from comma to comma, brackets and quotations kept whole.
    pub(crate) fn clause(&self, at: usize, sentence: &Range<usize>) -> Range<usize> {
        let mut start = sentence.start;
        let mut depth = 0usize;
        for i in sentence.clone() {
            match self.passage.at(i) {
                '(' | '“' | '《' => depth += 1,
                ')' | '”' | '》' => depth = depth.saturating_sub(1),
                ',' | ';' | ':' | '\n' if depth == 0 => {
                    if i >= at {
                        return start..i;
                    }
                    start = i + 1;
                }
                _ => {}
            }
        }
        let end = if matches!(self.passage.before(sentence.end), '。' | '!' | '?' | '\n') {
            sentence.end - 1
        } else {
            sentence.end
        };
        start..end.max(start)
    }

    /// The names that may be who does what the trigger says: those of its clause before it, else of the nearest
    /// clause before that has any. Organisations of posts stand back behind their persons.
    pub(crate) fn subjects(&self, trigger: &Trigger, fits: impl Fn(&Named) -> bool) -> Vec<usize> {
        let mut clause = self.clause(trigger.chars.start, &trigger.sentence);
        let mut end = trigger.chars.start;
        loop {
            let found = self.entities(clause.start..end, &fits);
            if !found.is_empty() || clause.start <= trigger.sentence.start {
                return found;
            }
            end = clause.start - 1;
            clause = self.clause(end.saturating_sub(1).max(trigger.sentence.start), &trigger.sentence);
            clause.end = end;
        }
    }

    /// Who does what the trigger says; a list of persons goes on over commas: 副州长某某,市长某某,院长某某出席会议.
    pub(crate) fn listed_subjects(&self, trigger: &Trigger, fits: impl Fn(&Named) -> bool) -> Vec<usize> {
        let mut who = self.subjects(trigger, &fits);
        let mut clause = self.clause(trigger.chars.start, &trigger.sentence);
        while clause.start > trigger.sentence.start && self.passage.before(clause.start) == ',' {
            let end = clause.start - 1;
            clause = self.clause(end.saturating_sub(1).max(trigger.sentence.start), &trigger.sentence);
            let last = self.within(clause.start..end).last();
            if !last.is_some_and(|n| n.kind == EntityKind::Person && n.chars.end == end) {
                break;
            }
            let found = self.entities(clause.start..end, &fits);
            who.splice(0..0, found.into_iter().filter(|e| !who.contains(e)).collect::<Vec<usize>>());
        }
        who
    }

    /// The entities of the names that a deal has, each once, with the place that names them: 公司 is named where its
    /// name last stood.
    pub(crate) fn dealers(&self, names: &[Range<usize>]) -> Vec<Dealer> {
        let mut out: Vec<Dealer> = Vec::new();
        for range in names {
            let Some(named) = self.within(range.clone()).first() else { continue };
            if out.iter().any(|(entity, _)| *entity == named.entity) {
                continue;
            }
            let upto = self.named.partition_point(|n| n.chars.start < range.start);
            let last = || self.named[..upto].iter().rev().find(|n| n.entity == named.entity && n.proper);
            let place = if named.proper { named } else { last().unwrap_or(named) };
            out.push((named.entity, Some(place.chars.clone())));
        }
        out
    }

    /// The name of an entity that stands nearest to a trigger in its sentence.
    pub(crate) fn nearest(&self, entity: usize, trigger: &Trigger) -> Option<Range<usize>> {
        let own = self.within(trigger.sentence.clone()).iter().filter(|n| n.entity == entity);
        own.min_by_key(|n| (!n.proper, n.chars.start.abs_diff(trigger.chars.start))).map(|n| n.chars.clone())
    }

    /// The entities named in a range, each once.
    pub(crate) fn entities(&self, range: Range<usize>, fits: impl Fn(&Named) -> bool) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        for named in self.within(range).iter().filter(|n| !n.of_post && fits(n)) {
            if !out.contains(&named.entity) {
                out.push(named.entity);
            }
        }
        out
    }

    /// The name that begins behind the trigger, but for 了 and a few words (共同, 新的, 中国首个).
    pub(crate) fn object(&self, trigger: &Trigger, reach: usize, fits: impl Fn(&Named) -> bool) -> Option<&Named> {
        let clause = self.clause(trigger.chars.start, &trigger.sentence);
        let end = clause.end.min(trigger.chars.end + reach);
        self.within(trigger.chars.end..end.max(trigger.chars.end)).iter().find(|n| fits(n))
    }

    /// The words behind the trigger up to the last of the given ends within the clause.
    pub(crate) fn phrase_after(&self, trigger: &Trigger, ends: &[String]) -> Option<Range<usize>> {
        let clause = self.clause(trigger.chars.start, &trigger.sentence);
        let mut start = trigger.chars.end;
        while matches!(self.passage.at(start), '了' | '的' | ' ' | ':') {
            start += 1;
        }
        let end = (start + 2..=clause.end)
            .rev()
            .find(|&k| ends.iter().any(|e| self.passage.ends(k, e)) && self.ends_phrase(k))?;
        (start < end).then_some(start..end)
    }

    /// Whether a phrase can end here: no longer word runs over the place.
    fn ends_phrase(&self, at: usize) -> bool {
        self.passage.tokens.begins(at)
            && !["精神", "决策", "部署", "工作部署"].iter().any(|w| self.passage.starts(at, w))
    }

    /// The words before `end` that end with one of the given ends, from the beginning of their clause or the last
    /// mark that parts.
    pub(crate) fn phrase_before(&self, end: usize, sentence: &Range<usize>, ends: &[String]) -> Option<Range<usize>> {
        if end <= sentence.start || !ends.iter().any(|e| self.passage.ends(end, e)) {
            return None;
        }
        let clause = self.clause(end - 1, sentence);
        Some(self.strip_lead(clause.start..end))
    }

    /// A phrase without the days, 本报讯 and spaces at its beginning.
    pub(crate) fn strip_lead(&self, range: Range<usize>) -> Range<usize> {
        let mut start = range.start;
        loop {
            if let Some(day) = self.days.iter().find(|d| d.chars.start == start && d.chars.end < range.end) {
                let year_of_title = self.passage.before(day.chars.end) != '日';
                if !year_of_title {
                    start = day.chars.end;
                    continue;
                }
            }
            let lead = [
                "本报讯",
                "本网讯",
                "近日",
                "日前",
                "上午",
                "下午",
                "会上",
                "当天",
                "当日",
                "今天",
                " ",
                "由",
                "在",
                "此次",
                "本次",
                "并",
            ];
            match lead.iter().find(|w| self.passage.starts(start, w)) {
                Some(word) if start + word.chars().count() < range.end => start += word.chars().count(),
                _ => return start..range.end,
            }
        }
    }

    /// The list of names that ends right before `end`: A、B和C.
    pub(crate) fn list_before(&self, end: usize, fits: impl Fn(&Named) -> bool) -> Vec<Named> {
        let mut out = Vec::new();
        let mut end = end;
        loop {
            let last = self.named.partition_point(|n| n.chars.end <= end);
            // 为“某某实验室”揭牌: a name in quotation marks ends before the mark.
            let quoted = self.passage.before(end) == '”';
            let ends = |n: &Named| n.chars.end == end || quoted && n.chars.end + 1 == end;
            let Some(named) = last.checked_sub(1).map(|i| &self.named[i]).filter(|n| ends(n) && fits(n)) else {
                break;
            };
            out.push(named.clone());
            let within = named.chars.end < end && self.passage.before(named.chars.start) == '“';
            let start = named.chars.start - usize::from(within);
            if !matches!(self.passage.before(start), '、' | '和' | '与' | '及') {
                break;
            }
            end = start - 1;
        }
        out.reverse();
        out
    }

    /// Who 双方 are: the two bodies of the headline, else those of the last sentence of the paragraph that names two,
    /// else the two that are named most.
    pub(crate) fn both(&self, trigger: &Trigger) -> Vec<usize> {
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for named in self.named.iter().filter(|n| n.is_body()) {
            match counts.iter_mut().find(|(e, _)| *e == named.entity) {
                Some((_, n)) => *n += 1,
                None => counts.push((named.entity, 1)),
            }
        }
        let headline = self.sentences.first().map(|s| self.entities(s.clone(), Named::is_body)).unwrap_or_default();
        if headline.len() == 2 {
            return headline;
        }
        let told = self.sentences.iter().rev().filter(|s| s.end <= trigger.sentence.start);
        for sentence in told.take_while(|s| !self.passage.chars[s.start..trigger.sentence.start].contains(&'\n')) {
            let mut two: Vec<usize> =
                self.within(sentence.clone()).iter().filter(|n| n.is_body()).map(|n| n.entity).collect();
            two.dedup();
            match two.len() {
                0 | 1 => {}
                2 => return two,
                _ => break,
            }
        }
        counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let most: Vec<usize> = counts.into_iter().take(2).map(|(e, _)| e).collect();
        if most.len() == 2 { most } else { Vec::new() }
    }

    /// The number in `等13家企业` between two places.
    pub(crate) fn declared(&self, range: Range<usize>) -> Option<u32> {
        range.clone().find_map(|i| {
            let counted = self.passage.at(i) == '等';
            let digits: String =
                self.passage.chars[i + 1..].iter().take(5).take_while(|c| c.is_ascii_digit()).collect();
            let after = i + 1 + digits.len();
            let unit = matches!(self.passage.at(after), '家' | '个' | '所' | '名' | '余' | '多' | '方');
            (counted && unit).then(|| digits.parse().ok()).flatten()
        })
    }

    /// The place where what the trigger says happened.
    pub(crate) fn place(&self, trigger: &Trigger) -> Option<Value> {
        let clause = self.clause(trigger.chars.start, &trigger.sentence);
        let (range, text) = crate::places::venue(self.passage, &(clause.start..trigger.chars.start))
            .or_else(|| crate::places::venue(self.passage, &(trigger.sentence.start..trigger.chars.start)))?;
        let named = self.within(range.clone()).iter().find(|n| n.chars == range && n.kind == EntityKind::Place);
        Some(named.map_or(Value::Text(text), |n| Value::Entity(n.entity)))
    }

    /// Whether the trigger stands in what an agreement is called: 签署共建某平台框架协议.
    pub(crate) fn is_in_agreement(&self, trigger: &Trigger) -> bool {
        let clause = self.clause(trigger.chars.start, &trigger.sentence);
        let signed = &self.passage.lexicon.patterns.signed;
        let before = clause.start..trigger.chars.start;
        let verb = ["签署", "签订", "签下", "续签"].iter().any(|w| self.passage.text(before.clone()).contains(w));
        verb && self.phrase_after(trigger, &signed.objects).is_some()
    }

    /// Whether the trigger is itself one of several things that are listed, and tells of nothing done: 推介发布、现场签约、
    /// 交易合作等环节. It ends its item, in which nobody is named, and stands behind another.
    pub(crate) fn is_listed_noun(&self, trigger: &Trigger) -> bool {
        let ends = matches!(self.passage.at(trigger.chars.end), '、' | '等' | '及' | '以');
        let near = trigger.chars.start.saturating_sub(LISTED).max(trigger.sentence.start);
        let mark = (near..trigger.chars.start).rev().find(|&i| self.passage.at(i) == '、');
        ends && mark.is_some_and(|mark| self.within(mark + 1..trigger.chars.start).is_empty())
    }

    /// Whether the range holds a word of a list at a word's beginning.
    pub(crate) fn holds(&self, range: Range<usize>, words: &[String]) -> bool {
        let text = self.passage.text(range);
        words.iter().any(|w| text.contains(w.as_str()))
    }
}

/// Entities as arguments.
pub(crate) fn values(entities: Vec<usize>) -> Vec<Value> {
    entities.into_iter().map(Value::Entity).collect()
}

/// Whether a word before a place makes what follows a plan and no fact: 将, 拟, 计划; or its sentence tells what
/// something is for.
pub(crate) fn is_planned(view: &View<'_, '_>, trigger: &Trigger) -> bool {
    if view.is_aim(trigger) {
        return true;
    }
    let clause = view.clause(trigger.chars.start, &trigger.sentence);
    let before = view.passage.text(clause.start..trigger.chars.start);
    if view.is_intended(trigger, &clause) {
        return true;
    }
    let words = &view.passage.lexicon.patterns.planned;
    let ends = |list: &[String]| list.iter().any(|w| before.ends_with(w.as_str()));
    ends(&words.wishes) && !ends(&words.no_wishes)
        || before.contains("希望")
        || before.contains("促进")
        || before.contains("下一步")
        || view.passage.marks.ends(List::Trigger, trigger.chars.start) == 0 && before.ends_with("未")
}

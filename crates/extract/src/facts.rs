//! What a story says: facts by trigger words and what stands around them.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::amounts::{Amount, amounts};
use crate::dates::{Dates, Day};
use crate::deals::Dealings;
use crate::holdings::Holding;
use crate::lexicon::List;
use crate::model::EntityKind;
use crate::passage::Passage;
use crate::patterns::Family;
use crate::resolve::Entities;
use crate::stories::{Story, Zone};

mod deeds;
mod draft;
mod events;
mod evidence;
mod merge;
mod money;
mod phrases;
mod relations;
mod seeks;
mod sides;
mod transfers;
mod visits;

pub(crate) use draft::{Dealer, Draft, SINGLE, Value};

/// A name in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    pub(crate) chars: Range<usize>,
    pub(crate) entity: usize,
    pub(crate) kind: EntityKind,
    /// Whether it is the organisation of a post that stands behind it.
    pub(crate) of_post: bool,
    /// Whether it is a name and no word that stands for one (该公司).
    pub(crate) proper: bool,
}

impl Named {
    /// A body that acts: an organisation or a platform.
    pub(crate) fn is_body(&self) -> bool {
        matches!(self.kind, EntityKind::Organization | EntityKind::Platform)
    }
}

/// A trigger word.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) chars: Range<usize>,
    pub(crate) sentence: Range<usize>,
}

/// What the readers of facts look at.
pub(crate) struct View<'a, 'b> {
    pub(crate) passage: &'a Passage<'b>,
    /// All names, in order, without overlaps.
    pub(crate) named: Vec<Named>,
    days: &'a [Day],
    /// Months and years of which no day is told.
    spans: &'a [Day],
    /// The day on which the story was told.
    told: Option<&'a str>,
    moments: &'a [Range<usize>],
    pub(crate) dealings: &'a Dealings,
    pub(crate) amounts: Vec<Amount>,
    /// The day the story tells of.
    event_day: Option<String>,
    /// Persons who hold a post in which they act for others.
    posted: HashSet<usize>,
    /// Persons with the organisations of their posts, in the order of the text.
    employers: Vec<(usize, usize)>,
    sentences: Vec<Range<usize>>,
}

impl<'a, 'b> View<'a, 'b> {
    pub(crate) fn new(
        passage: &'a Passage<'b>,
        story: &Story,
        named: Vec<Named>,
        dates: &'a Dates,
        dealings: &'a Dealings,
        holdings: &[(usize, Holding)],
    ) -> Self {
        let days = &dates.days;
        let told = story.zones.iter().filter(|(z, _)| matches!(z, Zone::Title | Zone::Body));
        let zones: Vec<Range<usize>> = told.map(|(_, r)| r.clone()).collect();
        let all = passage.sentences();
        let sentences: Vec<Range<usize>> =
            all.into_iter().filter(|s| zones.iter().any(|z| z.start <= s.start && s.start < z.end)).collect();
        let body = story.zone(Zone::Body).next().unwrap_or(0..0);
        let lead = sentences.iter().filter(|s| s.start >= body.start).nth(2).map_or(body.end, |s| s.end);
        let first = days.iter().find(|d| d.chars.start >= body.start && d.chars.start < lead);
        let event_day = first.and_then(|d| d.iso.clone());
        let amounts = amounts(passage);
        let ranks = &passage.lexicon.deals.ranks;
        let posted = holdings.iter().filter(|(_, h)| !ranks.iter().any(|r| h.title.ends_with(r.as_str())));
        let posted = posted.map(|(person, _)| *person).collect();
        let employers = holdings.iter().filter_map(|(person, h)| Some((*person, h.organization?))).collect();
        let moments = &dates.moments;
        let (spans, told) = (&dates.spans[..], dates.told.as_deref());
        Self { passage, named, days, spans, told, moments, dealings, amounts, event_day, posted, employers, sentences }
    }

    /// For whom persons act: for each the organisation of the first post that is told of him.
    pub(crate) fn employers_of(&self, persons: &[usize]) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        for person in persons {
            let first = self.employers.iter().find(|(p, _)| p == person).map(|(_, o)| *o);
            out.extend(first.filter(|o| !out.contains(o)));
        }
        out
    }

    /// The names within a range.
    pub(crate) fn within(&self, range: Range<usize>) -> &[Named] {
        let first = self.named.partition_point(|n| n.chars.start < range.start);
        let last = self.named.partition_point(|n| n.chars.start < range.end);
        &self.named[first..last.max(first)]
    }

    /// Whether a place stands within a name.
    fn inside_name(&self, at: usize) -> bool {
        let i = self.named.partition_point(|n| n.chars.start <= at);
        i.checked_sub(1).is_some_and(|i| self.named[i].chars.end > at)
    }

    /// The day of what a trigger says: the last one named before it in its sentence, any of the sentence, or the
    /// day of the story.
    pub(crate) fn day(&self, trigger: &Trigger) -> (Option<String>, bool) {
        // 自4月1日起施行 tells from when something holds, and not when it was done.
        let from = |d: &&Day| self.passage.at(d.chars.end) != '起';
        let in_sentence = self.days.iter().filter(|d| trigger.sentence.contains(&d.chars.start)).filter(from);
        let before = in_sentence.clone().rfind(|d| d.chars.start < trigger.chars.start);
        if let Some(span) = self.span_of(trigger, before) {
            return (span.iso.clone(), true);
        }
        match before.or_else(|| in_sentence.clone().next()) {
            Some(day) => (day.iso.clone(), true),
            None => {
                let day = self.day_before(trigger).or_else(|| self.event_day.clone());
                (day.filter(|day| !self.is_of_other_year(trigger, day)), false)
            }
        }
    }

    /// The month or year that the clause of a trigger names (去年9月签订, 成立于2008年), or that stands alone between
    /// commas before it, nearer than any day. 2024年全国科普日 is a name and says nothing of when.
    fn span_of(&self, trigger: &Trigger, day: Option<&Day>) -> Option<&Day> {
        let clause = self.clause(trigger.chars.start, &trigger.sentence);
        let begin = day.map_or(trigger.sentence.start, |d| d.chars.end);
        let mut within = self.spans.iter().filter(|s| (begin..clause.end).contains(&s.chars.start));
        let says = |s: &&Day| {
            let (start, end) = (s.chars.start, s.chars.end);
            let opens = start == trigger.sentence.start || matches!(self.passage.before(start), ',' | ';' | ':' | '\n');
            let alone = opens && self.passage.at(end) == ',';
            let in_clause = clause.contains(&start) && !self.inside_name(start);
            let by = matches!(self.passage.before(start), '于' | '在');
            let acts =
                ["与", "和", "由", "加入", "正式", "联合", "共同", "起"].iter().any(|w| self.passage.starts(end, w));
            let next = end == trigger.chars.start || end == clause.end;
            alone && end <= trigger.chars.start || in_clause && (by || acts || next)
        };
        within.rfind(says)
    }

    /// What is told of a day after the story was told is not done yet.
    fn is_to_come(&self, draft: &Draft) -> bool {
        const DONE: [&str; 8] = ["signed", "founded", "launched", "issued", "visited", "met", "joined", "invests"];
        let later = draft.date.as_deref().zip(self.told).is_some_and(|(day, told)| {
            let length = day.len().min(told.len());
            day.get(..length) > told.get(..length)
        });
        draft.dated && later && DONE.contains(&draft.kind)
    }

    /// The last day that the paragraph told of before, of the year in which the story happens: 3月3日,甲到乙调研。会上,双方签署协议.
    fn day_before(&self, trigger: &Trigger) -> Option<String> {
        let year = self.event_day.as_ref()?.get(..4)?;
        let last = self.days.iter().rfind(|d| d.chars.start < trigger.sentence.start)?;
        let near = !self.passage.chars[last.chars.start..trigger.sentence.start].contains(&'\n');
        last.iso.clone().filter(|day| near && day.starts_with(year) && self.passage.at(last.chars.end) != '起')
    }

    /// 成立于2006年: a clause that names another year is not about the day of the story.
    fn is_of_other_year(&self, trigger: &Trigger, day: &str) -> bool {
        let clause = self.clause(trigger.chars.start, &trigger.sentence);
        let text = self.passage.text(clause);
        let years = text.match_indices('年').filter_map(|(at, _)| text.get(at.checked_sub(4)?..at));
        years.filter(|y| y.bytes().all(|b| b.is_ascii_digit())).any(|year| !day.starts_with(year))
    }

    /// A fact about a trigger, without arguments.
    pub(crate) fn draft(&self, kind: &'static str, trigger: &Trigger, confidence: f32) -> Draft {
        let (date, dated) = self.day(trigger);
        let confidence = if dated { confidence } else { confidence * 0.9 };
        Draft {
            kind,
            args: BTreeMap::new(),
            date,
            dated,
            confidence,
            chars: self.clause(trigger.chars.start, &trigger.sentence),
            sentence: trigger.sentence.clone(),
            evidence: std::iter::once(("trigger", self.verb(trigger)))
                .chain(self.moment(trigger).map(|m| ("date", m)))
                .collect(),
        }
    }

    /// The trigger without the 了 that some are entered with.
    fn verb(&self, trigger: &Trigger) -> Range<usize> {
        let particle = self.passage.before(trigger.chars.end) == '了';
        trigger.chars.start..trigger.chars.end - usize::from(particle)
    }

    /// When it was, as its sentence says it: the last moment named before the trigger, or any.
    fn moment(&self, trigger: &Trigger) -> Option<Range<usize>> {
        let first = self.moments.partition_point(|m| m.start < trigger.sentence.start);
        let within = self.moments[first..].iter().take_while(|m| m.start < trigger.sentence.end);
        let before = within.clone().take_while(|m| m.start < trigger.chars.start).last();
        before.or_else(|| within.clone().next()).cloned()
    }

    /// Where the moment begins that ends at a place.
    pub(crate) fn moment_before(&self, end: usize) -> Option<usize> {
        let last = self.moments.partition_point(|m| m.end <= end).checked_sub(1)?;
        Some(&self.moments[last]).filter(|m| m.end == end).map(|m| m.start)
    }

    fn sentence_of(&self, at: usize) -> Range<usize> {
        let i = self.sentences.partition_point(|s| s.start <= at);
        i.checked_sub(1).map_or(at..at + 1, |i| self.sentences[i].clone())
    }
}

/// Reads all facts of a story.
pub(crate) fn read(
    view: &View<'_, '_>,
    holdings: &[(usize, Holding)],
    wholes: &[(usize, usize, Range<usize>)],
    entities: &mut Entities,
) -> Vec<Draft> {
    let mut out = Vec::new();
    for (person, holding) in holdings {
        out.push(position(view, *person, holding));
    }
    for (part, whole, chars) in wholes {
        let mut draft = plain(view, "part-of", chars.clone(), 0.9);
        draft.set("part", vec![Value::Entity(*part)]);
        draft.set("whole", vec![Value::Entity(*whole)]);
        out.push(draft);
    }
    for sentence in &view.sentences {
        let mut i = sentence.start;
        while i < sentence.end {
            let length = view.passage.marks.begins(List::Trigger, i);
            if !view.passage.is_trigger(i..i + length) || view.inside_name(i) {
                i += 1;
                continue;
            }
            let trigger = Trigger { chars: i..i + length, sentence: sentence.clone() };
            let text = view.passage.text(trigger.chars.clone());
            for family in view.passage.lexicon.triggers.get(&text).into_iter().flatten() {
                one(view, *family, &trigger, &text, entities, &mut out);
            }
            i += length;
        }
    }
    out.retain(|draft| !view.is_to_come(draft));
    merge::merge(out, entities)
}

fn one(
    view: &View<'_, '_>,
    family: Family,
    trigger: &Trigger,
    word: &str,
    entities: &mut Entities,
    out: &mut Vec<Draft>,
) {
    match family {
        Family::Visited => out.extend(visits::visited(view, trigger, word)),
        Family::Met => out.extend(visits::met(view, trigger, word)),
        Family::Signed => out.extend(deeds::signed(view, trigger, entities)),
        Family::Founded => out.extend(deeds::founded(view, trigger)),
        Family::Launched => out.extend(deeds::launched(view, trigger)),
        Family::Issued => out.extend(deeds::issued(view, trigger)),
        Family::Held => out.extend(events::held(view, trigger, word, entities)),
        Family::Attended => out.extend(events::attended(view, trigger, entities)),
        Family::Joined => out.extend(relations::joined(view, trigger)),
        Family::Cooperates => out.extend(relations::cooperates(view, trigger)),
        Family::Offers => out.extend(relations::offers(view, trigger)),
        Family::Seeks => out.extend(seeks::seeks(view, trigger, word)),
        Family::Located => out.extend(relations::located(view, trigger)),
        Family::Invests => out.extend(relations::invests(view, trigger)),
        Family::Transferred => out.extend(transfers::transferred(view, trigger)),
    }
}

fn plain(view: &View<'_, '_>, kind: &'static str, chars: Range<usize>, confidence: f32) -> Draft {
    let sentence = view.sentence_of(chars.start);
    Draft { kind, args: BTreeMap::new(), date: None, dated: false, confidence, chars, sentence, evidence: Vec::new() }
}

fn position(view: &View<'_, '_>, person: usize, holding: &Holding) -> Draft {
    let mut draft = plain(view, "holds-position", holding.chars.clone(), holding.confidence);
    draft.set("person", vec![Value::Entity(person)]);
    draft.set("organization", holding.organization.map(Value::Entity).into_iter().collect());
    draft.set("title", vec![Value::Text(holding.title.clone())]);
    draft
}

//! Quantities and what they are said of.

use std::collections::HashMap;

use keqiao_catalog::{MeetRule, Property, PropertyType};
use keqiao_domain::{Interval, Requirement, Value};
use keqiao_text::{Comparator, QuantityMention};

use super::names::{guessed, joins, named_near, own_words, reaches, words_before};
use super::units::{Meaning, meanings};
use super::words::{CONDITIONS, NOW, OF_OURS, ONLY, OURSELVES, says_becomes};
use super::{Voice, at, dimension_of, measures, property};
use crate::lexicon::{Cue, CueHit};
use crate::range::better;
use crate::read::Scan;

/// How far behind a time what is done in it may be named.
const REACH_DEED: usize = 6;
/// How far back a clause takes up what the one before speaks of.
const REACH_BACK: usize = 40;
/// How far back a sentence tells of its writer.
const REACH_SENTENCE: usize = 60;
/// What ends a sentence.
const SENTENCE_ENDS: &[char] = &['。', '；', ';', '！', '!', '？', '?', '\n'];
/// By these a writer who tells of himself comes to what he wants.
const ASKS: &[&str] = &[
    "需", "求", "拟", "要", "购", "望", "征", "招", "目标", "达", "改造", "升级", "研制", "研发", "开发", "寻", "换",
    "降", "提",
];
/// The longest deed between a figure and what becomes of it: `由12000mg/L处理至500mg/L`.
const LONGEST_DEED: usize = 6;
/// Words by which one figure is said of several names.
const SHARED: &[&str] = &["均", "都", "皆", "各", "分别", "both", "all"];

/// What a figure is said of, and where that begins and ends.
struct Named<'a> {
    name: String,
    property: Option<&'a Property>,
    interval: Interval,
    start: usize,
    end: usize,
}

/// Where the figures begin that properties of the catalog took, by where the whole stands.
pub(super) type FiguresAt = HashMap<(usize, usize), usize>;

/// Adds what is said by figures, and tells where those stand that properties took.
pub(super) fn quantities(
    scan: &Scan<'_>,
    voice: Voice,
    mentions: &[QuantityMention],
    out: &mut Vec<Requirement>,
) -> FiguresAt {
    let mut figures = FiguresAt::new();
    // Where the figure that was passed over begins: what comes in its place is said of the same.
    let mut passed: Option<usize> = None;
    for (i, mention) in mentions.iter().enumerate() {
        let since = i.checked_sub(1).map_or(0, |before| mentions[before].end);
        if is_condition(scan, mentions, i) {
            continue;
        }
        if voice == Voice::Asks && is_passed(scan, mention, mentions.get(i + 1)) {
            passed = Some(mention.start);
            continue;
        }
        let (clause, _) = scan.clause(mention.start);
        let passed_by = passed.take();
        let from = |at: usize| named(scan, voice, &before(mention, at - 1), 0);
        let same = passed_by.filter(|at| *at > clause).and_then(from);
        // `目前废品率为6.5%，需降低到2%以内`
        let clause_before = || passed_by.filter(|at| *at > 0 && scan.clause(*at).1 == clause).and_then(from);
        let Some(named) = same.or_else(|| named(scan, voice, mention, since)).or_else(clause_before) else { continue };
        let interval = match named.property {
            Some(p) => meant(scan, voice, mention, &named, p),
            None => graded(scan, mention, reached(scan, voice, mention, &named.interval)),
        };
        for (name, start) in shared(scan, mention, &named) {
            out.extend(at(scan, &name, Value::Interval(interval.clone()), start, named.end));
        }
        if named.property.is_some() {
            figures.insert((named.start, named.end), mention.start);
        }
        out.extend(at(scan, &named.name, Value::Interval(interval), named.start, named.end));
    }
    figures
}

/// A figure as if it stood at an earlier place.
fn before(mention: &QuantityMention, start: usize) -> QuantityMention {
    QuantityMention { start, ..mention.clone() }
}

/// Whether a figure tells under what something is asked for: `在1100℃、137MPa条件下`, `颗粒数（≥0.2μm）少于20个/mL`.
fn is_condition(scan: &Scan<'_>, mentions: &[QuantityMention], i: usize) -> bool {
    let (mention, next) = (&mentions[i], mentions.get(i + 1));
    let (from, to) = scan.clause(mention.start);
    let behind = scan.slice(mention.end, to.min(mention.end + REACH_DEED).max(mention.end));
    if CONDITIONS.iter().any(|word| behind.trim_start_matches(['的', ' ']).starts_with(word)) {
        return true;
    }
    let Some(next) = next.filter(|n| n.start < to && n.start >= mention.end) else { return false };
    let between = scan.slice(mention.end, next.start);
    if matches!(between.as_str(), "、" | "/" | "和") {
        return is_condition(scan, mentions, i + 1);
    }
    let opened = scan.slice(from, mention.start).rsplit_once(['(', '（']).is_some_and(|(name, within)| {
        !name.trim().is_empty() && !within.contains([')', '）']) && !within.chars().any(char::is_alphanumeric)
    });
    opened && next.comparator.is_limit() && matches!(between.as_str(), ")" | "）")
}

/// Whether a figure tells how things stand and not how they shall be: `目前良率只有85%`, the 92 % of
/// `从92%提高到99%`.
fn is_passed(scan: &Scan<'_>, mention: &QuantityMention, next: Option<&QuantityMention>) -> bool {
    let (from, to) = scan.clause(mention.start);
    let before = scan.slice(from, mention.start);
    let wanted = says_becomes(&before);
    // 注册资本500万元以上: asked of the other side.
    let asked = before.ends_with("注册资本") && mention.comparator.is_limit();
    if !asked && OF_OURS.iter().any(|w| before.contains(w)) {
        return true;
    }
    // A limit is asked for, though it be of something for the plant there is: `为现有产线采购精度≤5μm的设备`.
    let states = matches!(mention.comparator, Comparator::Equal | Comparator::About | Comparator::Range)
        || ONLY.iter().any(|w| before.contains(w) || mention.text.starts_with(w));
    if states && !wanted && NOW.iter().any(|w| before.contains(w)) {
        return true;
    }
    // 我公司年产轴承500万套, and what the same sentence says on.
    let said = sentence_before(scan, mention.start);
    let tells = OURSELVES.iter().chain(NOW).any(|w| said.contains(w));
    let ours = tells && !ASKS.iter().any(|w| said.contains(w));
    if ours && matches!(mention.comparator, Comparator::Equal | Comparator::About) {
        return true;
    }
    let rises = next.filter(|n| n.start < to).is_some_and(|n| {
        let between = scan.slice(mention.end, n.start.max(mention.end));
        let deed = between.trim_end().strip_suffix(['至', '到']);
        says_becomes(&between) || deed.is_some_and(|deed| deed.chars().count() <= LONGEST_DEED)
    });
    rises && before.trim_end().ends_with(['从', '由'])
}

/// The sentence up to a place.
fn sentence_before(scan: &Scan<'_>, at: usize) -> String {
    let near = at.saturating_sub(REACH_SENTENCE);
    let from = scan.chars[near..at].iter().rposition(|c| SENTENCE_ENDS.contains(c)).map_or(near, |n| near + n + 1);
    scan.slice(from, at)
}

fn named<'a>(scan: &'a Scan<'_>, voice: Voice, mention: &QuantityMention, since: usize) -> Option<Named<'a>> {
    let all = meanings(scan, mention);
    let found = |name: String, property, interval: &Interval, start: usize, end: usize| {
        let (start, end) = (start.min(mention.start), end.max(mention.end));
        Some(Named { name, property, interval: interval.clone(), start, end })
    };
    for Meaning { interval, .. } in &all {
        let Some(dimension) = dimension_of(scan, &interval.unit) else { continue };
        if let Some((hit, p)) = named_near(scan, mention, dimension, since) {
            return found(p.id.clone(), Some(p), interval, hit.start, hit.end);
        }
    }
    for Meaning { interval, .. } in &all {
        let Some(dimension) = dimension_of(scan, &interval.unit) else { continue };
        let taken_up = taken_up(scan, mention, dimension).or_else(|| deed(scan, mention, dimension));
        if let Some(p) = taken_up {
            return found(p.id.clone(), Some(p), interval, mention.start, mention.end);
        }
    }
    let properties = &scan.lexicon.catalog().properties;
    // What is per time is guessed at first as such.
    let open = || all.iter().filter(|m| !m.named_only);
    for Meaning { interval, .. } in open().filter(|m| m.per_time).chain(open().filter(|m| !m.per_time)) {
        let dimension = dimension_of(scan, &interval.unit);
        if is_numbered(scan, mention, &interval.unit) {
            continue;
        }
        // A unit that is not in the table: by the name of any quantity, else by its own words.
        if dimension.is_none()
            && !interval.unit.is_empty()
            && let Some((hit, p)) = named_by_any(scan, mention)
        {
            return found(p.id.clone(), Some(p), interval, hit.start, hit.end);
        }
        if let Some((name, start)) = guessed(scan, voice, mention, dimension) {
            return found(name.clone(), properties.get(&name), interval, start, mention.end);
        }
    }
    None
}

/// Whether a figure is that of a property which is a number, or, without unit, may be a standard's grade.
fn is_numbered(scan: &Scan<'_>, mention: &QuantityMention, unit: &str) -> bool {
    let other = |h: &CueHit<'_>| property(scan, h).is_some_and(|p| p.ty != PropertyType::Quantity);
    scan.cues_within(scan.clause(mention.start)).any(|h| match h.cue {
        Cue::Standard(_) => unit.is_empty(),
        Cue::Property(_) if unit.is_empty() => other(h),
        Cue::Property(_) => h.end <= mention.start && other(h) && joins(scan, h.end, mention.start),
        _ => false,
    })
}

/// The quantity whose name stands right before a figure in a unit that is not in the table.
fn named_by_any<'a>(scan: &'a Scan<'_>, mention: &QuantityMention) -> Option<(&'a CueHit<'a>, &'a Property)> {
    let (from, _) = scan.clause(mention.start);
    let hits = scan.cues_within((from.max(mention.start.saturating_sub(REACH_BACK)), mention.start));
    let quantity = |p: &&Property| p.ty == PropertyType::Quantity;
    let named = hits.filter_map(|h| Some((h, property(scan, h).filter(quantity)?)));
    named.filter(|(h, _)| joins(scan, h.end, mention.start)).last()
}

/// What the clause before speaks of, where this one says what it shall become: `良率只有85%，希望提高到98%以上`.
fn taken_up<'a>(scan: &'a Scan<'_>, mention: &QuantityMention, dimension: &str) -> Option<&'a Property> {
    let (from, _) = scan.clause(mention.start);
    let before = scan.slice(from, mention.start);
    let becomes = says_becomes(&before);
    if !becomes || from == 0 {
        return None;
    }
    let hits = scan.cues_within((from.saturating_sub(REACH_BACK), from));
    hits.filter_map(|h| property(scan, h)).filter(|p| measures(scan, p, dimension)).last()
}

/// The property that a time is by what is done in it: `三个月内交货`.
fn deed<'a>(scan: &'a Scan<'_>, mention: &QuantityMention, dimension: &str) -> Option<&'a Property> {
    if dimension != "time" || mention.comparator != Comparator::AtMost {
        return None;
    }
    let (_, to) = scan.clause(mention.start);
    let behind = scan.slice(mention.end, to.min(mention.end + REACH_DEED).max(mention.end));
    let catalog = scan.lexicon.catalog();
    let deeds = catalog.deeds.iter().flat_map(|deed| deed.words.iter().map(move |word| (word, &deed.property)));
    let (_, _, id) = deeds
        .filter_map(|(word, property)| Some((behind.find(word.as_str())?, std::cmp::Reverse(word.len()), property)))
        .min()?;
    catalog.properties.get(id)
}

/// The interval as it is meant of something in the text's own words: what is to be reached is a limit.
fn reached(scan: &Scan<'_>, voice: Voice, mention: &QuantityMention, interval: &Interval) -> Interval {
    let (from, _) = scan.clause(mention.start);
    let side = match (voice, mention.comparator) {
        (Voice::Asks, Comparator::Equal) => reaches(&scan.slice(from, mention.start)),
        _ => None,
    };
    match side {
        Some(Comparator::AtMost) => Interval { min: None, ..interval.clone() },
        Some(_) => Interval { max: None, ..interval.clone() },
        None => interval.clone(),
    }
}

/// `抗风能力不低于7级`: what a property of the catalog counts goes without its measure word, what the text alone
/// names keeps the one that grades are counted by.
fn graded(scan: &Scan<'_>, mention: &QuantityMention, interval: Interval) -> Interval {
    let behind = |n: usize| scan.chars.get(mention.end + n);
    let is_grade = behind(0) == Some(&'级') && behind(1).is_none_or(|c| !"别联配差".contains(*c));
    if interval.unit.is_empty() && is_grade { Interval { unit: "级".to_owned(), ..interval } } else { interval }
}

/// The interval as it is meant of a property.
fn meant(scan: &Scan<'_>, voice: Voice, mention: &QuantityMention, named: &Named<'_>, p: &Property) -> Interval {
    let interval = better(named.interval.clone(), &mention.text, p.meet);
    let point = |v: Option<f64>| Interval { min: v, max: v, unit: interval.unit.clone() };
    let least = |v: Option<f64>| Interval { min: v, max: None, unit: interval.unit.clone() };
    let most = |v: Option<f64>| Interval { min: None, max: v, unit: interval.unit.clone() };
    let said = mention.text.to_lowercase();
    let ceiling = ["最高", "最大", "最多", "up to", "max"].iter().any(|w| said.starts_with(w));
    // The most of what shall be much: a need asks for no less, an offer has just that.
    if ceiling && interval.min.is_none() && p.meet == MeetRule::AtLeast {
        return if voice == Voice::Asks { least(interval.max) } else { point(interval.max) };
    }
    if voice == Voice::States || mention.comparator != Comparator::Equal {
        return interval;
    }
    let (from, _) = scan.clause(mention.start);
    let before = scan.slice(from, mention.start);
    let reaches = reaches(&before).is_some();
    let name = scan.slice(from, named.start.max(from)).to_lowercase();
    let of_all = |words: &[&str]| words.iter().any(|w| name.trim_end().ends_with(w));
    let capped = of_all(&["最大", "最高", "maximum", "max", "max."]);
    match p.meet {
        MeetRule::AtLeast if reaches || of_all(&["最小", "最低", "minimum", "min", "min."]) => least(interval.min),
        MeetRule::AtMost if reaches || capped => most(interval.max),
        _ => interval,
    }
}

/// Other names of which the same figure is said: `长度、宽度均不超过300mm`.
fn shared(scan: &Scan<'_>, mention: &QuantityMention, named: &Named<'_>) -> Vec<(String, usize)> {
    let own = match named.property {
        // The name's own end: what stands between it and the figure must say that it is shared.
        Some(_) => {
            scan.cues_within((named.start, mention.start)).filter(|h| h.start == named.start).map(|h| h.end).max()
        }
        None => own_words(scan, mention).map(|(name, start)| start + name.chars().count()),
    };
    let Some(own) = own.filter(|end| *end <= mention.start) else { return Vec::new() };
    if !SHARED.iter().any(|w| scan.slice(own, mention.start).contains(w)) && !mention.text.contains('均') {
        return Vec::new();
    }
    let (from, _) = scan.clause(named.start);
    let Some(dimension) = dimension_of(scan, &named.interval.unit) else { return Vec::new() };
    let mut names = Vec::new();
    let mut start = named.start;
    while start > from && matches!(scan.chars[start - 1], '、' | '和' | '与' | '及') {
        let end = start - 1;
        let hits = scan.cues_within((from, end)).filter(|h| h.end == end);
        let known =
            hits.filter_map(|h| Some((h.start, property(scan, h)?))).filter(|(_, p)| measures(scan, p, dimension));
        let (name, begin) = match known.min_by_key(|(start, _)| *start) {
            Some((begin, p)) => (p.id.clone(), begin),
            None => match words_before(scan, from, end) {
                Some(words) => words,
                None => break,
            },
        };
        names.push((name, begin));
        start = begin;
    }
    names
}

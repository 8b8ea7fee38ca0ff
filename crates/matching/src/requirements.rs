//! Requirements read from a text: quantities, numbers, choices, standards.

use std::collections::HashSet;

use keqiao_catalog::{Property, PropertyType};
use keqiao_domain::{Requirement, RequirementSource, Strength, Value};
use keqiao_text::{Comparator, QuantityMention, TokenKind, parse_interval, read_quantities};

use crate::cues::{FILLERS, NO_NAMES, WHOLE};
use crate::lexicon::{Cue, CueHit};
use crate::negation::{self, Said};
use crate::range::better;
use crate::read::Scan;
use crate::standard::{self, Denied};

/// How far before a quantity its property's name may stand, in characters.
const REACH_BEFORE: usize = 24;
/// How far behind a quantity its property's name may begin (`5mΩ以下的导通电阻`).
const REACH_AFTER: usize = 4;
/// How far behind a property's name its choice or number may begin.
const REACH_VALUE: usize = 12;
/// How far from a standard its grade may stand.
const REACH_GRADE: usize = 16;
/// The longest name made of the need's own words.
const OWN_WORDS: usize = 8;

/// What a text requires.
pub(crate) struct Found {
    pub(crate) requirements: Vec<Requirement>,
    /// Standards with grades, in the order of the text.
    pub(crate) standards: Vec<String>,
    /// Standards that an offer says it has not.
    pub(crate) denied: Vec<Denied>,
}

/// Whose text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// A need's: what is waived is not asked for.
    Asks,
    /// An offer's: what is denied is not had.
    States,
}

/// Reads all requirements: of each property the first, of each standard the
/// first, in the order of the text. Places are characters of the scanned text.
///
/// What an offer's text denies is left out: a figure or choice is then
/// unknown, a standard denied.
pub(crate) fn of(scan: &Scan<'_>, voice: Voice) -> Found {
    let mut all = Vec::new();
    quantities(scan, &mut all);
    numbers(scan, &mut all);
    choices(scan, &mut all);
    if voice == Voice::States {
        all.retain(|r| {
            let RequirementSource::Text { start, end } = r.source else {
                return true;
            };
            !negation::denies_value(scan, start, end)
        });
    }
    all.sort_by_key(start_of);
    // A figure that a property of the catalog took is not read again under its own words.
    let properties = &scan.lexicon.catalog().properties;
    let known = |r: &Requirement| properties.contains_key(&r.property);
    let taken: HashSet<usize> = all.iter().filter(|r| known(r)).map(start_of).collect();
    all.retain(|r| known(r) || !taken.contains(&start_of(r)));
    let mut seen = HashSet::new();
    all.retain(|r| seen.insert(r.property.clone()));
    let mut standards = Vec::new();
    let (named, denied) = standards_of(scan, voice);
    for requirement in named {
        standards.extend(requirement.required.texts().first().map(|s| (*s).to_owned()));
        all.push(requirement);
    }
    all.retain(|r| !r.property.is_empty());
    all.sort_by_key(start_of);
    Found { requirements: all, standards, denied }
}

fn start_of(requirement: &Requirement) -> usize {
    match requirement.source {
        RequirementSource::Text { start, .. } => start,
        RequirementSource::Field => 0,
    }
}

/// A requirement at a stretch of the text; `None` where its clause waives it.
fn at(scan: &Scan<'_>, property: &str, required: Value, start: usize, end: usize) -> Option<Requirement> {
    let mut strength = Strength::Must;
    for hit in scan.cues_within(scan.clause(start)) {
        match hit.cue {
            Cue::Waived => return None,
            Cue::Wish => strength = Strength::Wish,
            _ => {}
        }
    }
    if negation::waives(scan, start, end) {
        return None;
    }
    let source = RequirementSource::Text { start, end };
    Some(Requirement { property: property.to_owned(), required, strength, source })
}

fn property<'a>(scan: &'a Scan<'_>, hit: &'a CueHit<'_>) -> Option<&'a Property> {
    match hit.cue {
        Cue::Property(id) => scan.lexicon.catalog().properties.get(&**id),
        _ => None,
    }
}

fn dimension_of<'a>(scan: &'a Scan<'_>, unit: &str) -> Option<&'a str> {
    scan.lexicon.catalog().units.get(unit).map(|u| u.dimension.as_str())
}

fn measures(scan: &Scan<'_>, property: &Property, dimension: &str) -> bool {
    property.ty == PropertyType::Quantity
        && property.unit.as_deref().and_then(|u| dimension_of(scan, u)) == Some(dimension)
}

fn quantities(scan: &Scan<'_>, out: &mut Vec<Requirement>) {
    for mention in read_quantities(&scan.cleaned.text, &scan.lexicon.catalog().units) {
        let Some(dimension) = dimension_of(scan, &mention.interval.unit) else {
            continue;
        };
        let named = named_near(scan, &mention, dimension);
        let (name, start, end) = match named {
            Some((name, start, end)) => (name, start.min(mention.start), end.max(mention.end)),
            None => match guessed(scan, &mention, dimension) {
                Some((name, start)) => (name, start, mention.end),
                None => continue,
            },
        };
        let meet = scan.lexicon.catalog().properties.get(&name).map(|p| p.meet);
        let interval = match meet {
            Some(meet) => better(mention.interval, &mention.text, meet),
            None => mention.interval,
        };
        out.extend(at(scan, &name, Value::Interval(interval), start, end));
    }
}

/// Whether the words between a property's name and a bare value belong to the two.
fn joins(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    let between = scan.lexicon.text().fold_str(&scan.slice(from, to));
    let mut rest = between.as_str();
    while let Some(filler) = FILLERS.iter().find(|f| rest.starts_with(**f)) {
        rest = &rest[filler.len()..];
    }
    rest.is_empty()
}

/// The property whose name stands closest before the quantity in its clause,
/// else right behind it, and that measures the same dimension.
fn named_near(scan: &Scan<'_>, mention: &QuantityMention, dimension: &str) -> Option<(String, usize, usize)> {
    let clause = scan.clause(mention.start);
    let fits: Vec<(&CueHit<'_>, &Property)> = scan
        .cues_within(clause)
        .filter_map(|h| property(scan, h).map(|p| (h, p)))
        .filter(|(_, p)| measures(scan, p, dimension))
        .collect();
    let bare = matches!(mention.comparator, Comparator::Equal | Comparator::About);
    let near = |h: &CueHit<'_>| {
        if bare { joins(scan, h.end, mention.start) } else { mention.start - h.end <= REACH_BEFORE }
    };
    let before = fits
        .iter()
        .filter(|(h, _)| h.end <= mention.start && near(h))
        .max_by_key(|(h, p)| (h.end, scan.lexicon.uses(&p.id), std::cmp::Reverse(&p.id)));
    let behind = fits
        .iter()
        .filter(|(h, _)| h.start >= mention.end && h.start - mention.end <= REACH_AFTER)
        .filter(|(h, _)| !scan.chars[mention.end..h.start].contains(&'、'))
        .min_by_key(|(h, p)| (h.start, std::cmp::Reverse(scan.lexicon.uses(&p.id)), &p.id));
    before.or(behind).map(|(h, p)| (p.id.clone(), h.start, h.end))
}

/// For a bounded quantity that no property's name stands near: the property
/// whose name ends with the word before it (`温度` for `工作温度`), the only
/// property of its dimension, or the need's own words. A bare value (`增长15%`)
/// is no requirement.
fn guessed(scan: &Scan<'_>, mention: &QuantityMention, dimension: &str) -> Option<(String, usize)> {
    use Comparator::{AtLeast, AtMost, LessThan, MoreThan, PlusMinus, Range};
    if !matches!(mention.comparator, AtLeast | AtMost | LessThan | MoreThan | PlusMinus | Range) {
        return None;
    }
    let fits: Vec<&Property> =
        scan.lexicon.catalog().properties.values().filter(|p| measures(scan, p, dimension)).collect();
    let words = own_words(scan, mention);
    if let Some((word, start)) = &words {
        let mut tails: Vec<&Property> = fits.iter().copied().filter(|p| p.name.zh.ends_with(word.as_str())).collect();
        tails.sort_by_key(|p| std::cmp::Reverse(scan.lexicon.uses(&p.id)));
        let most = tails.first().map(|p| scan.lexicon.uses(&p.id));
        let clear = tails.get(1).is_none_or(|p| Some(scan.lexicon.uses(&p.id)) < most);
        if let Some(p) = tails.first().filter(|_| clear) {
            return Some((p.id.clone(), *start));
        }
    }
    match fits.as_slice() {
        [only] if dimension != "temperature" => Some((only.id.clone(), mention.start)),
        _ => words,
    }
}

/// The words before a quantity that name it, and where they begin.
fn own_words(scan: &Scan<'_>, mention: &QuantityMention) -> Option<(String, usize)> {
    let (from, _) = scan.clause(mention.start);
    let mut end = mention.start;
    let ends_with = |end: usize, word: &str| {
        let n = word.chars().count();
        end >= from + n && scan.chars[end - n..end].iter().copied().eq(word.chars())
    };
    while let Some(filler) = FILLERS.iter().find(|f| ends_with(end, f)) {
        if WHOLE.iter().any(|w| ends_with(end, w)) {
            break;
        }
        end -= filler.chars().count();
    }
    let joins =
        |c: char| c.is_alphanumeric() && !matches!(c, '的' | '并' | '和' | '与' | '且' | '或' | '及' | '了' | '其');
    let start = (from..end).rev().take_while(|&i| joins(scan.chars[i])).last()?;
    let run = scan.slice(start, end);
    // The last two words of a long run.
    let terms = scan.lexicon.text().query_terms(&run);
    let offset = match terms.as_slice() {
        [.., a, b]
            if end - start - a.start <= OWN_WORDS && b.start >= a.end && a.end - a.start > 1 && !is_number(a.kind) =>
        {
            a.start
        }
        [.., b] => b.start,
        [] => return None,
    };
    let (start, length) = (start + offset, end - start - offset);
    let letters = scan.chars[start..end].iter().any(|c| c.is_alphabetic());
    let digit = scan.chars[start].is_ascii_digit();
    if !(2..=OWN_WORDS * 2).contains(&length) || !letters || digit {
        return None;
    }
    let name = scan.slice(start, end);
    let says_nothing = NO_NAMES.iter().any(|w| name.ends_with(w));
    (!says_nothing).then_some((name, start))
}

fn is_number(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Number | TokenKind::Unit)
}

/// Numbers without unit behind the name of a number property: `通道数不少于8`, `成熟度达到7级以上`.
fn numbers(scan: &Scan<'_>, out: &mut Vec<Requirement>) {
    for hit in &scan.cues {
        let Some(p) = property(scan, hit).filter(|p| p.ty == PropertyType::Number) else {
            continue;
        };
        let (_, clause_end) = scan.clause(hit.start);
        let to = clause_end.min(hit.end + 2 * REACH_VALUE);
        let run = |from: usize, of: &str| from + (from..to).take_while(|&i| of.contains(scan.chars[i])).count();
        let start = run(hit.end, "：:为是达到第应须需 ");
        let number = run(start, "0123456789.,~-–—至≥≤><≧≦不低高少多超过于大小等约万千 ");
        let measure = run(number, "级个路通道次倍");
        let end = run(measure, "及以上下内");
        let text = scan.slice(start, number) + scan.slice(measure, end).trim_start_matches('及');
        if let Some(interval) = parse_interval(text.trim(), &scan.lexicon.catalog().units, "") {
            out.extend(at(scan, &p.id, Value::Interval(interval), hit.start, end));
        }
    }
}

/// Choices behind their property's name, and Latin choice words (`QFN`) that
/// belong to one property alone.
fn choices(scan: &Scan<'_>, out: &mut Vec<Requirement>) {
    let mut read: Vec<(Requirement, usize)> = Vec::new();
    for hit in &scan.cues {
        let Cue::Choice { property: id, choice } = hit.cue else {
            continue;
        };
        let named = scan.cues_within(scan.clause(hit.start)).find(|h| {
            matches!(h.cue, Cue::Property(p) if p == id) && h.end <= hit.start && hit.start - h.end <= REACH_VALUE
        });
        let start = match named {
            Some(name) => name.start,
            None if is_code_of_one(scan, hit) => hit.start,
            None => continue,
        };
        let Some(p) = scan.lexicon.catalog().properties.get(&**id) else {
            continue;
        };
        let chosen = p.choices[*choice].id.clone();
        if let Some((held, _)) = read.iter_mut().find(|(r, _)| r.property == **id) {
            if let Value::List(all) = &mut held.required
                && !all.contains(&chosen)
            {
                all.push(chosen);
            }
            continue;
        }
        if let Some(requirement) = at(scan, id, Value::List(vec![chosen]), start, hit.end) {
            read.push((requirement, hit.end));
        }
    }
    out.extend(read.into_iter().map(|(r, _)| r));
}

/// A choice word of three letters or more of which no other property has one.
fn is_code_of_one(scan: &Scan<'_>, hit: &CueHit<'_>) -> bool {
    let same = |h: &&CueHit<'_>| (h.start, h.end) == (hit.start, hit.end);
    let others = scan
        .cues_within((hit.start, hit.end))
        .filter(same)
        .filter(|h| matches!(h.cue, Cue::Choice { .. } | Cue::Standard(_) | Cue::Kind { .. }));
    let word = &scan.chars[hit.start..hit.end];
    word.len() > 2 && word.iter().all(|c| c.is_ascii_alphanumeric() || *c == '-') && others.count() == 1
}

/// Standards with the grade that stands behind or before them.
fn standards_of(scan: &Scan<'_>, voice: Voice) -> (Vec<Requirement>, Vec<Denied>) {
    let mut denied: Vec<Denied> = Vec::new();
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    let named: Vec<&CueHit<'_>> = scan.cues.iter().filter(|h| matches!(h.cue, Cue::Standard(_))).collect();
    for (i, hit) in named.iter().enumerate() {
        let Cue::Standard(id) = hit.cue else { continue };
        let Some(standard) = scan.lexicon.catalog().standards.get(&**id) else {
            continue;
        };
        let (from, to) = scan.clause(hit.start);
        let to = to.min(hit.end + REACH_GRADE).min(named.get(i + 1).map_or(usize::MAX, |n| n.start.max(hit.end)));
        let from = from
            .max(hit.start.saturating_sub(REACH_GRADE))
            .max(i.checked_sub(1).map_or(0, |p| named[p].end.min(hit.start)));
        let fold = |from, to| scan.lexicon.text().fold_str(&scan.slice(from, to));
        let grade = standard::grade_in(&fold(hit.end, to), standard)
            .or_else(|| standard::grade_in(&fold(from, hit.start), standard));
        if voice == Voice::States {
            match negation::of_standard(scan, hit.start, hit.end) {
                Said::Stated => {}
                Said::Doubtful => continue,
                Said::Denied(words) => {
                    let id = standard.id.clone();
                    denied.push(Denied { id, grade, words });
                    continue;
                }
            }
        }
        if !seen.insert(id) {
            continue;
        }
        let text = standard::Named { standard, grade }.text();
        out.extend(at(scan, &standard_property(scan, hit, id), Value::Text(text), hit.start, hit.end));
    }
    // Stated in one place and denied in another: denied.
    out.retain(|r: &Requirement| {
        let stated = r.required.texts();
        let named = stated.iter().find_map(|t| scan.lexicon.standard(t));
        !named.is_some_and(|(s, grade)| denied.iter().any(|d| d.covers(&s.id, grade)))
    });
    (out, denied)
}

/// The standard property named in the clause before a standard, else the one
/// that the catalog's samples name it in, else the one that most kinds have.
fn standard_property(scan: &Scan<'_>, hit: &CueHit<'_>, id: &str) -> String {
    let is_standard = |p: &&Property| p.ty == PropertyType::Standard;
    let named = scan
        .cues_within(scan.clause(hit.start))
        .filter(|h| h.end <= hit.start)
        .filter_map(|h| property(scan, h))
        .filter(is_standard)
        .last();
    let common = || {
        let all = scan.lexicon.catalog().properties.values().filter(is_standard);
        all.max_by_key(|p| (scan.lexicon.uses(&p.id), std::cmp::Reverse(&p.id))).map(|p| p.id.as_str())
    };
    let known = named.map(|p| p.id.as_str()).or_else(|| scan.lexicon.property_of_standard(id));
    known.or_else(common).unwrap_or_default().to_owned()
}

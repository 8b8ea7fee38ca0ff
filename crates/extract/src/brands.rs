//! Short names of companies that have no end of their own: 卓品智能 for 卓品智能科技无锡股份有限公司.

use std::ops::Range;

use crate::passage::Passage;
use crate::resolve::Entities;
use crate::tokens::Word;

/// The longest short name.
const LONGEST: usize = 8;
const COMPANIES: [&str; 4] = ["公司", "集团", "股份", "厂"];

/// Finds the places where a company is named by the beginning of its name, and enters that as an alias.
pub(crate) fn brands(
    passage: &Passage<'_>,
    orgs: &[(Range<usize>, usize)],
    blocked: &[bool],
    entities: &mut Entities,
) -> Vec<(Range<usize>, usize)> {
    let mut taken = blocked.to_vec();
    orgs.iter().for_each(|(r, _)| taken[r.clone()].fill(true));
    let mut out: Vec<(Range<usize>, usize)> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    for (range, entity) in orgs {
        let name = passage.text(range.clone());
        if seen.contains(entity) || !COMPANIES.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        seen.push(*entity);
        let found = brand(passage, range, &taken);
        let Some((alias, places)) = found else { continue };
        if entities.get(&alias).is_none_or(|e| e == *entity) {
            entities.alias(*entity, &alias);
            for place in places {
                taken[place.clone()].fill(true);
                out.push((place, *entity));
            }
        }
    }
    out
}

/// The longest beginning of a company's name that stands elsewhere by itself, with its regions or without: 松原智能 for
/// 沈阳松原智能装备集团 as well.
fn brand(passage: &Passage<'_>, range: &Range<usize>, taken: &[bool]) -> Option<(String, Vec<Range<usize>>)> {
    let mut starts = vec![range.start];
    while let Some(token) =
        passage.tokens.get(*starts.last()?).filter(|t| t.word == Word::Place && t.chars.end < range.end)
    {
        starts.push(token.chars.end);
    }
    let shortest = starts.last()? + 2;
    starts.into_iter().find_map(|start| beginning(passage, start, shortest, range.end, taken))
}

fn beginning(
    passage: &Passage<'_>,
    start: usize,
    shortest: usize,
    end: usize,
    taken: &[bool],
) -> Option<(String, Vec<Range<usize>>)> {
    for stop in (shortest..end.min(start + LONGEST)).rev() {
        let alias = &passage.chars[start..stop];
        let text: String = alias.iter().collect();
        let region = passage.lexicon.regions.contains_key(&text) || passage.lexicon.name_starts.contains(text.as_str());
        // 轨道交|通: a short name ends with a word.
        let cut = passage.tokens.get(stop).is_some_and(|t| t.chars.start < stop && t.known);
        if region || cut || alias.contains(&'(') || passage.lexicon.is_common(&text) {
            continue;
        }
        let places: Vec<Range<usize>> = (0..passage.chars.len().saturating_sub(alias.len()))
            .filter(|&i| passage.chars[i] == alias[0] && passage.chars[i..i + alias.len()] == *alias)
            .map(|i| i..i + alias.len())
            .filter(|r| !taken[r.clone()].contains(&true))
            .collect();
        // 芜江市 is no 芜江赭山精密仪器有限公司: what the text calls a region is no short name.
        let levels = ['市', '县', '区', '州', '镇', '乡', '省'];
        let is_region = || {
            text.ends_with(levels)
                || (0..passage.chars.len().saturating_sub(alias.len())).any(|i| {
                    passage.chars[i..i + alias.len()] == *alias && levels.contains(&passage.at(i + alias.len()))
                })
        };
        if !places.is_empty() && !is_region() {
            return Some((text, places));
        }
    }
    None
}

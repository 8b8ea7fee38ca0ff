//! Choices: behind their property's name, or by a code that belongs to one property alone; and grades of what the
//! catalog has not.

use keqiao_domain::{Requirement, Value};

use super::names::{begins_with, words_before};
use super::{REACH_VALUE, at};
use crate::lexicon::{Cue, CueHit};
use crate::negation;
use crate::read::Scan;

/// Choices behind their property's name, and Latin choice words (`QFN`) that
/// belong to one property alone.
pub(super) fn choices(scan: &Scan<'_>, out: &mut Vec<Requirement>) {
    let mut read: Vec<(Requirement, usize)> = Vec::new();
    for hit in &scan.cues {
        let Cue::Choice { property: id, choice } = hit.cue else {
            continue;
        };
        let named = scan.cues_within(scan.clause(hit.start)).find(|h| {
            matches!(h.cue, Cue::Property(p) if p == id) && h.end <= hit.start && hit.start - h.end <= REACH_VALUE
        });
        // `CAN FD接口`
        let named = named.or_else(|| {
            scan.cues_within((hit.end, hit.end + REACH_VALUE))
                .find(|h| matches!(h.cue, Cue::Property(p) if p == id) && h.start == hit.end)
        });
        let start = match named {
            Some(name) => name.start.min(hit.start),
            None if is_code_of_one(scan, hit) && !is_in_a_name(scan, hit) => hit.start,
            None => continue,
        };
        let Some(p) = scan.lexicon.catalog().properties.get(&**id) else {
            continue;
        };
        if negation::waives(scan, hit.start, hit.end) {
            continue;
        }
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

/// Grades in the text's own words, where the catalog has no such property: 抗渗等级P8, 强度等级不低于C30.
pub(super) fn grades(scan: &Scan<'_>, out: &mut Vec<Requirement>) {
    const GRADE: [char; 2] = ['等', '级'];
    const BETWEEN: [&str; 8] = ["不低于", "不小于", "达到", "为", "是", "≥", "：", ":"];
    const LONGEST: usize = 6;
    for end in (2..scan.chars.len()).filter(|&end| scan.chars[end - 2..end] == GRADE) {
        let (from, to) = scan.clause(end - 1);
        let mut begin = end;
        while let Some(word) = BETWEEN.iter().find(|word| begins_with(&scan.chars[begin..], word)) {
            begin += word.chars().count();
        }
        let is_code = |c: &&char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+');
        let code = begin..begin + scan.chars[begin..].iter().take(LONGEST + 1).take_while(is_code).count();
        let letters = |f: fn(&char) -> bool| scan.chars[code.clone()].iter().any(f);
        let fits = code.end <= to
            && code.len() <= LONGEST
            && letters(char::is_ascii_uppercase)
            && letters(char::is_ascii_digit);
        let listed = scan.cues_within((from, code.end)).any(|h| {
            let named = matches!(h.cue, Cue::Property(_)) && h.start < end && end <= h.end;
            named || matches!(h.cue, Cue::Standard(_) | Cue::Choice { .. }) && h.end > end
        });
        let name = words_before(scan, from, end).filter(|(_, start)| end - start > GRADE.len());
        if let Some((_, start)) = name.filter(|_| fits && !listed) {
            out.extend(at(
                scan,
                &scan.slice(start, end),
                Value::Text(scan.slice(code.start, code.end)),
                start,
                code.end,
            ));
        }
    }
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

/// Whether a choice word is part of a property's name: `ESD能力`.
fn is_in_a_name(scan: &Scan<'_>, hit: &CueHit<'_>) -> bool {
    let (from, to) = scan.clause(hit.start);
    let around = (from.max(hit.start.saturating_sub(REACH_VALUE)), to.min(hit.end + REACH_VALUE));
    scan.cues_within(around)
        .filter(|h| matches!(h.cue, Cue::Property(_)) && h.start <= hit.start && hit.end <= h.end)
        .any(|h| h.end - h.start > hit.end - hit.start)
}

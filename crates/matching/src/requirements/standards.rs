//! Standards with their grades.

use std::collections::HashSet;

use keqiao_catalog::{Property, PropertyType, Standard};
use keqiao_domain::{Requirement, Value};
use keqiao_text::standard_codes;

use super::{Voice, at, property};
use crate::lexicon::{Cue, CueHit};
use crate::negation::{self, Said};
use crate::read::Scan;
use crate::standard::{self, Denied};

/// How far from a standard its grade may stand.
const REACH_GRADE: usize = 16;
/// Letters by which a grade is known in the clause beside its standard's: `ASIL B`.
const TELLING: usize = 3;
/// Before a standard: it is to be met.
const MET: &[&str] =
    &["符合", "满足", "按", "执行", "通过", "依据", "遵循", "达到", "参照", "取得", "获得", "具有", "具备", "持有"];

/// Standards with the grade that stands behind or before them.
pub(super) fn standards_of(scan: &Scan<'_>, voice: Voice) -> (Vec<Requirement>, Vec<Denied>) {
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
            .or_else(|| standard::grade_in(&fold(from, hit.start), standard))
            .or_else(|| beside(scan, hit, standard));
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
        out.extend(at(
            scan,
            &standard_property(scan, scan.clause(hit.start).0, hit.start, id),
            Value::Text(text),
            hit.start,
            hit.end,
        ));
    }
    out.extend(unlisted(scan, voice));
    // Stated in one place and denied in another: denied.
    out.retain(|r: &Requirement| {
        let stated = r.required.texts();
        let named = stated.iter().find_map(|t| scan.lexicon.standard(t));
        !named.is_some_and(|(s, grade)| denied.iter().any(|d| d.covers(&s.id, grade)))
    });
    (out, denied)
}

/// Standards that are not in the catalog, as they are written, where a clause says that they are to be met. Of these
/// only the same words can be recognised.
fn unlisted(scan: &Scan<'_>, voice: Voice) -> Vec<Requirement> {
    let (mut out, mut seen) = (Vec::new(), HashSet::new());
    for (start, end) in standard_codes(&scan.chars) {
        let clause = scan.clause(start);
        let before = scan.slice(clause.0.max(start.saturating_sub(REACH_GRADE)), start);
        let listed =
            scan.cues_within(clause).any(|h| matches!(h.cue, Cue::Standard(_)) && h.start < end && start < h.end);
        let denied = voice == Voice::States && !matches!(negation::of_standard(scan, start, end), Said::Stated);
        if listed || denied || !MET.iter().any(|word| before.contains(word)) {
            continue;
        }
        let code = scan.slice(start, end);
        if seen.insert(code.clone()) {
            let property = standard_property(scan, clause.0, start, "");
            out.extend(at(scan, &property, Value::Text(code), start, end));
        }
    }
    out
}

/// A grade that names itself (`ASIL B`) in the clause before or behind.
fn beside(scan: &Scan<'_>, hit: &CueHit<'_>, standard: &Standard) -> Option<usize> {
    let (from, to) = scan.clause(hit.start);
    let near = |from: usize, to: usize| {
        let text = scan.lexicon.text().fold_str(&scan.slice(from, to));
        let grade = standard::grade_in(&text, standard)?;
        let (id, _) = &standard.grades[grade];
        (id.chars().take_while(|c| c.is_alphabetic()).count() >= TELLING && !id.starts_with("Level")).then_some(grade)
    };
    let behind = (to + REACH_GRADE).min(scan.chars.len());
    near(from.saturating_sub(REACH_GRADE), from).or_else(|| near(to, behind))
}

/// The standard property named in the clause before a standard, else the one
/// that the catalog's samples name it in, else the one that most kinds have.
fn standard_property(scan: &Scan<'_>, from: usize, start: usize, id: &str) -> String {
    let is_standard = |p: &&Property| p.ty == PropertyType::Standard;
    let named = scan.cues_within((from, start)).filter_map(|h| property(scan, h)).filter(is_standard).last();
    let common = || {
        let all = scan.lexicon.catalog().properties.values().filter(is_standard);
        all.max_by_key(|p| (scan.lexicon.uses(&p.id), std::cmp::Reverse(&p.id))).map(|p| p.id.as_str())
    };
    let known = named.map(|p| p.id.as_str()).or_else(|| scan.lexicon.property_of_standard(id));
    known.or_else(common).unwrap_or_default().to_owned()
}

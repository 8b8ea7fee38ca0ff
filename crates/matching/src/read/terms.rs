//! What a text is about: its words with what else they are called.

use std::collections::HashMap;

use keqiao_domain::{Requirement, RequirementSource, Value};
use keqiao_text::TokenKind;

use super::{NeedTerm, Scan};
use crate::lexicon::{Cue, CueHit, Lexicon};
use crate::negation;

/// The words of a text, in its order: thesaurus words and standards with what
/// else they are called, then all other words that are no numbers, no regions
/// and not part of a quantity of a known property, which are judged by themselves.
pub(super) fn terms_of(scan: &Scan<'_>, requirements: &[Requirement]) -> Vec<NeedTerm> {
    let mut terms: Vec<NeedTerm> = Vec::new();
    let mut taken: Vec<(usize, usize)> = requirements
        .iter()
        .filter(|r| scan.lexicon.catalog().properties.contains_key(&r.property))
        .filter_map(|r| match (&r.required, &r.source) {
            (Value::Interval(_), RequirementSource::Text { start, end }) => Some((*start, *end)),
            _ => None,
        })
        .collect();
    for hit in &scan.cues {
        let variants = match hit.cue {
            Cue::Group(i) => scan.lexicon.group(*i).to_vec(),
            Cue::Standard(_) if is_waived(scan, hit) => {
                taken.push((hit.start, hit.end));
                continue;
            }
            Cue::Standard(id) => standard_spellings(scan.lexicon, id),
            Cue::Side(_) | Cue::Wish | Cue::Waived | Cue::Region(_) | Cue::Area(_) => {
                taken.push((hit.start, hit.end));
                continue;
            }
            _ => continue,
        };
        taken.push((hit.start, hit.end));
        let text = scan.lexicon.text().fold_str(&scan.slice(hit.start, hit.end));
        terms.push(NeedTerm { text, variants, start: hit.start, end: hit.end, count: 1 });
    }
    let taken = Stretches::new(taken);
    let mut single: Vec<NeedTerm> = Vec::new();
    for term in scan.lexicon.text().query_terms(&scan.cleaned.text) {
        if taken.hold(term.start, term.end) || matches!(term.kind, TokenKind::Number | TokenKind::Unit) {
            continue;
        }
        let variants = if term.kind == TokenKind::Code { code_spellings(&term.text) } else { Vec::new() };
        let one = term.text.chars().count() == 1;
        let read = NeedTerm { text: term.text, variants, start: term.start, end: term.end, count: 1 };
        if one { &mut single } else { &mut terms }.push(read);
    }
    // A lone character says little beside words, and everything where it is all there is.
    if terms.is_empty() {
        terms = single;
    }
    merge(terms)
}

/// Stretches of a text by where they begin, with how far those up to each reach.
struct Stretches(Vec<(usize, usize)>);

impl Stretches {
    fn new(mut stretches: Vec<(usize, usize)>) -> Self {
        stretches.sort_unstable();
        let mut furthest = 0;
        for (_, to) in &mut stretches {
            furthest = furthest.max(*to);
            *to = furthest;
        }
        Self(stretches)
    }

    /// Whether one of them holds a whole stretch.
    fn hold(&self, start: usize, end: usize) -> bool {
        let before = self.0.partition_point(|(from, _)| *from <= start);
        before > 0 && end <= self.0[before - 1].1
    }
}

/// Whether a text asks nothing of the standard that stands there.
fn is_waived(scan: &Scan<'_>, hit: &CueHit<'_>) -> bool {
    let mut clause = scan.cues_within(scan.clause(hit.start));
    clause.any(|h| *h.cue == Cue::Waived) || negation::waives(scan, hit.start, hit.end)
}

/// Each word once, at its first place, with its count and without itself among its variants.
fn merge(mut terms: Vec<NeedTerm>) -> Vec<NeedTerm> {
    terms.sort_by_key(|t| (t.start, t.end));
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut merged: Vec<NeedTerm> = Vec::new();
    for mut term in terms {
        match at.get(&term.text) {
            Some(&i) => {
                let held: &mut NeedTerm = &mut merged[i];
                // The same word twice at one place: in two groups of the thesaurus.
                held.count += usize::from(held.start != term.start);
                term.variants.retain(|v| !held.variants.contains(v) && *v != term.text);
                held.variants.append(&mut term.variants);
            }
            None => {
                term.variants.retain(|v| *v != term.text);
                // Another word of a group that is here already adds no new meaning.
                if let Some(&i) = term.variants.iter().find_map(|v| at.get(v))
                    && merged[i].variants.contains(&term.text)
                {
                    merged[i].count += 1;
                    continue;
                }
                at.insert(term.text.clone(), merged.len());
                merged.push(term);
            }
        }
    }
    merged
}

fn standard_spellings(lexicon: &Lexicon, id: &str) -> Vec<String> {
    let Some(standard) = lexicon.catalog().standards.get(id) else {
        return Vec::new();
    };
    std::iter::once(&standard.id).chain(&standard.aliases).map(|a| lexicon.text().fold_str(a)).collect()
}

/// `aec-q100` also as `aec q100` and `aecq100`.
fn code_spellings(code: &str) -> Vec<String> {
    let separators = ['-', ' ', '_', '/'];
    let spaced = code.replace(separators, " ");
    let joined = code.replace(separators, "");
    let dashed = code.replace(separators, "-");
    let mut spellings = vec![spaced, joined, dashed];
    spellings.retain(|s| s != code);
    spellings.dedup();
    spellings
}

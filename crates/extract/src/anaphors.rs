//! Words that stand for an organisation named before: 学会, 该公司, 双方.

use std::ops::Range;

use crate::lexicon::List;
use crate::passage::Passage;
use crate::resolve::Entities;

const COMPANIES: [&str; 3] = ["公司", "集团", "厂"];

fn is_company(word: &str) -> bool {
    matches!(word, "公司" | "企业" | "上市公司" | "本公司")
}

/// The organisation that a word at a place stands for, with its last mention.
pub(crate) fn meant(
    word: &str,
    at: usize,
    orgs: &[(Range<usize>, usize)],
    entities: &Entities,
) -> Option<(Range<usize>, usize)> {
    let company = is_company(word);
    let fits = |entity: usize| {
        let names = &entities.list[entity].names;
        names.iter().any(|n| {
            let longer = n.chars().count() > word.chars().count() + 1;
            longer && (n.ends_with(word) || (company && COMPANIES.iter().any(|c| n.ends_with(c))))
        }) || (company && entities.companies.contains(&entity))
    };
    let before = orgs.iter().rev().filter(|(r, _)| r.end <= at);
    before.into_iter().find(|(_, e)| fits(*e)).map(|(r, e)| (r.clone(), *e))
}

/// The places where such words stand by themselves, with what they mean. 双方 is left to the readers of facts.
pub(crate) fn anaphors(
    passage: &Passage<'_>,
    orgs: &[(Range<usize>, usize)],
    blocked: &[bool],
    tellers: &[Range<usize>],
    entities: &Entities,
) -> Vec<(Range<usize>, usize)> {
    let mut taken = blocked.to_vec();
    orgs.iter().for_each(|(r, _)| taken[r.clone()].fill(true));
    let mut out = Vec::new();
    for at in 0..passage.chars.len() {
        let length = passage.marks.begins(List::Anaphor, at);
        let range = at..at + length;
        let word = length > 1 && passage.tokens.begins(at) && passage.tokens.begins(range.end);
        if !word || taken[range.clone()].contains(&true) || !stands_alone(passage, &range) {
            continue;
        }
        let text = passage.text(range.clone());
        let told = if is_company(&text) { teller(passage, at, tellers, orgs) } else { None };
        if let Some(entity) = told.or_else(|| meant(&text, at, orgs, entities).map(|(_, e)| e)) {
            out.push((range, entity));
        }
    }
    out
}

/// Who announced what the paragraph says: in an announcement, 公司 is who makes it.
fn teller(passage: &Passage<'_>, at: usize, tellers: &[Range<usize>], orgs: &[(Range<usize>, usize)]) -> Option<usize> {
    let last = tellers[..tellers.partition_point(|t| t.end <= at)].last()?;
    if passage.chars[last.end..at].contains(&'\n') {
        return None;
    }
    orgs.iter().find(|(r, _)| r == last).map(|(_, e)| *e)
}

/// Whether no word before it makes it another thing (参会企业) and no number counts it.
fn stands_alone(passage: &Passage<'_>, range: &Range<usize>) -> bool {
    use crate::tokens::Word;
    let before = range.start.checked_sub(1).and_then(|i| passage.tokens.get(i));
    let opens = before.is_none_or(|t| matches!(t.word, Word::Sign | Word::Break | Word::Conjunction));
    let after = passage.tokens.get(range.end);
    let closes = after.is_none_or(|t| {
        matches!(t.word, Word::Sign | Word::Break | Word::Conjunction)
            || passage.marks.begins(List::Trigger, range.end) > 0
    });
    let adverb = passage.lexicon.anaphor_followers.iter().any(|w| passage.starts(range.end, w));
    opens && (closes || adverb)
}

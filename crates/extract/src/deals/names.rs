//! Which words beside a verb of dealing are the name of a party.

use std::ops::Range;

use crate::page::is_han;
use crate::passage::Passage;
use crate::tokens::Word;

/// The longest short name of a company.
const LONGEST: usize = 16;

/// The name in a run of words: what stands before it says what it is (全资子公司), and is cut off.
pub(crate) fn name_in(passage: &Passage<'_>, run: &Range<usize>) -> Option<Range<usize>> {
    let text = passage.text(run.clone());
    if passage.lexicon.anaphors.contains(text.as_str()) {
        return Some(run.clone());
    }
    let mut start = run.start;
    for k in run.start + 2..run.end.saturating_sub(1) {
        let head = passage.tokens.begins(k) && passage.lexicon.deals.heads.iter().any(|h| passage.ends(k, h));
        if head {
            start = k;
        }
    }
    while passage.at(start) == '的' || passage.tokens.get(start).is_some_and(|t| t.word == Word::Measure) {
        start += 1;
    }
    let name = start..run.end;
    (name.start < name.end && is_name(passage, &name)).then_some(name)
}

/// Whether words can be the name of a company: not everyday words alone, unless they end as such names do.
fn is_name(passage: &Passage<'_>, name: &Range<usize>) -> bool {
    let chars = &passage.chars[name.clone()];
    if chars.len() < 2 || chars.len() > LONGEST && chars.iter().any(|c| is_han(*c)) {
        return false;
    }
    let letters = chars.iter().filter(|c| c.is_alphabetic()).count();
    if letters < 2 || passage.lexicon.deals.heads.contains(passage.text(name.clone()).as_str()) {
        return false;
    }
    let ends = passage.lexicon.deals.brand_ends.iter().filter(|e| passage.ends(name.end, e));
    let stem = ends.map(|e| name.len() - e.chars().count()).min();
    let ended = stem.is_some_and(|s| (1..=3).contains(&s));
    let mut at = name.start;
    let mut ordinary = true;
    while at < name.end {
        let Some(token) = passage.tokens.get(at) else { break };
        let word = passage.text(at..token.chars.end.min(name.end));
        ordinary &= token.known && !token.personal && token.word != Word::Place && passage.lexicon.is_common(&word);
        at = token.chars.end;
    }
    ended || !ordinary
}

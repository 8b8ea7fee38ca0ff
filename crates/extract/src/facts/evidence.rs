//! Which words of the text say a fact.

use std::ops::Range;

use crate::article::source_span;
use crate::facts::{Draft, Value, View};
use crate::model::Evidence;
use crate::page::Page;
use crate::stories::Story;

/// The words of a fact in the order of the text; each argument at the place nearest to the trigger.
pub(super) fn finish(draft: &Draft, view: &View<'_, '_>, story: &Story, page: &Page) -> Vec<Evidence> {
    let mut words = draft.evidence.clone();
    let trigger = words.iter().find(|(role, _)| *role == "trigger").map_or(draft.chars.end, |(_, r)| r.start);
    for (name, values) in &draft.args {
        for value in values {
            let known = |range: &Range<usize>| words.iter().any(|(role, r)| role == name && r == range);
            let found = place(view, value, &draft.sentence, trigger);
            let found = found.filter(|r| !known(r) && !draft.evidence.iter().any(|(role, _)| role == name));
            words.extend(found.map(|range| (*name, range)));
        }
    }
    words.sort_by_key(|(role, r)| (r.start, r.end, *role));
    words.dedup();
    let shown = |(role, range): (&'static str, Range<usize>)| {
        let source_span = source_span(&range, story, page)?;
        Some(Evidence { role, text: view.passage.text(range), source_span })
    };
    words.into_iter().filter_map(shown).collect()
}

/// Where a sentence names a value: by a name rather than by a word that stands for one.
fn place(view: &View<'_, '_>, value: &Value, sentence: &Range<usize>, trigger: usize) -> Option<Range<usize>> {
    match value {
        Value::Entity(entity) => {
            let own = view.within(sentence.clone()).iter().filter(|n| n.entity == *entity);
            own.min_by_key(|n| (!n.proper, n.chars.start.abs_diff(trigger))).map(|n| n.chars.clone())
        }
        Value::Text(text) => {
            let length = text.chars().count();
            let at = sentence.clone().find(|&i| view.passage.starts(i, text))?;
            (length > 0).then_some(at..at + length)
        }
        Value::Count(_) => None,
    }
}

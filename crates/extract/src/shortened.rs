//! Short names that a text gives itself: 甲有限公司(以下简称“甲”).

use std::ops::Range;

use crate::passage::Passage;

/// The longest short name.
const LONGEST: usize = 12;
/// So many short names a text may give; a text that gives more is no report.
const MOST: usize = 64;
const WORDS: [&str; 5] = ["以下简称", "下简称", "简称", "以下称", "下称"];

/// The names with the short names that stand in brackets behind them.
pub(crate) fn shortened(passage: &Passage<'_>, names: &[Range<usize>]) -> Vec<(Range<usize>, Range<usize>)> {
    names.iter().filter_map(|name| Some((name.clone(), short_name(passage, name.end)?))).take(MOST).collect()
}

/// All short names that a text gives, whatever of.
pub(crate) fn given(passage: &Passage<'_>) -> Vec<Range<usize>> {
    (0..passage.chars.len()).filter_map(|open| short_name(passage, open)).take(MOST).collect()
}

/// A name without the brackets in which its text gives a short one: 甲研究所(以下简称“甲所”)党委 is 甲研究所党委.
pub(crate) fn without_brackets(name: String) -> String {
    let Some((open, close)) = bracket(&name) else { return name };
    format!("{}{}", &name[..open], &name[close..])
}

/// Where such a bracket begins and ends, in bytes.
fn bracket(name: &str) -> Option<(usize, usize)> {
    let told = |open: &usize| WORDS.iter().any(|w| name[open + 1..].starts_with(w));
    let open = name.match_indices('(').map(|(at, _)| at).find(told)?;
    let close = name[open..].find(')')? + open + 1;
    Some((open, close))
}

fn short_name(passage: &Passage<'_>, open: usize) -> Option<Range<usize>> {
    if passage.at(open) != '(' {
        return None;
    }
    let word = WORDS.iter().find(|w| passage.starts(open + 1, w))?;
    let mut start = open + 1 + word.chars().count();
    while matches!(passage.at(start), ':' | '“' | '为' | ' ') {
        start += 1;
    }
    let end = (start..start + LONGEST + 1).find(|&i| matches!(passage.at(i), '”' | ')' | '、' | '\n' | ','))?;
    (end >= start + 2).then_some(start..end)
}

//! Whose site a page is of, and what 我校, 我院 mean on it.

use std::ops::Range;

use crate::lexicon::{Lexicon, List};
use crate::page::{Page, is_han};
use crate::passage::Passage;
use crate::tokens::Word;

/// What a site adds to the name of its owner.
const ADDED: [&str; 7] = ["官方网站", "门户网站", "新闻网", "新闻中心", "官网", "网站", "网"];
/// What 我 stands before, and how the name of the owner ends then.
const OURS: [(char, &[&str]); 7] = [
    ('校', &["大学", "学院", "学校", "中学"]),
    ('院', &["院"]),
    ('所', &["所"]),
    ('会', &["会"]),
    ('局', &["局"]),
    ('厅', &["厅"]),
    ('司', &["公司"]),
];
/// The shortest and the longest name of an owner.
const NAME: Range<usize> = 4..21;

/// The owner as the title of the page names it: `某事-新闻网-某大学`.
pub(crate) fn owner(page: &Page, lexicon: &Lexicon) -> Option<String> {
    let title = page.title.clone()?;
    let parts = page.chars[title].split(|c| matches!(c, '-' | '_' | '|' | '—' | '·' | '/' | ' '));
    parts.collect::<Vec<_>>().into_iter().rev().find_map(|part| {
        let text: String = part.iter().collect();
        let name = ADDED.iter().find_map(|a| text.strip_suffix(a)).unwrap_or(&text);
        let chars: Vec<char> = name.chars().collect();
        let named = NAME.contains(&chars.len()) && chars.iter().all(|c| is_han(*c));
        (named && lexicon.marks(&chars).ends(List::OrgEnd, chars.len()) > 1).then(|| name.to_owned())
    })
}

/// The places where a text speaks of the owner as ours.
pub(crate) fn ours(passage: &Passage<'_>, owner: &str) -> Vec<Range<usize>> {
    let fits = |c: char| OURS.iter().any(|(own, ends)| *own == c && ends.iter().any(|e| owner.ends_with(e)));
    let at = (0..passage.chars.len().saturating_sub(1)).filter(|&i| passage.chars[i] == '我');
    let mut out: Vec<Range<usize>> = at.filter(|&i| fits(passage.chars[i + 1])).map(|i| i..i + 2).collect();
    if owner.ends_with("公司") {
        out.extend((0..passage.chars.len()).filter(|&i| names_itself(passage, i)).map(|i| i..i + 2));
        out.sort_by_key(|place| place.start);
    }
    out
}

/// Whether 公司 stands for the company whose site it is: by itself, before a post or a word that is no part of a name.
/// 该公司 is another one.
fn names_itself(passage: &Passage<'_>, at: usize) -> bool {
    if !passage.starts(at, "公司") || !passage.tokens.begins(at) || !passage.tokens.begins(at + 2) {
        return false;
    }
    let before = at.checked_sub(1).and_then(|i| passage.tokens.get(i));
    let opens = before.is_none_or(|t| matches!(t.word, Word::Sign | Word::Break | Word::Conjunction));
    opens && !matches!(passage.before(at), '该' | '此' | '各' | '家' | '某' | '“')
}

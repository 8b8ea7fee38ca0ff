//! Posts before and after names: 市委常委、组织部部长高飞; 李响,…处长; 赵东艳总经理.

use std::ops::Range;

use crate::lexicon::List;
use crate::passage::Passage;
use crate::tokens::Word;

/// Where the organisation of a post stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Of {
    /// Before the post.
    Named(Range<usize>),
    /// A part of the organisation that the post before has: 发展计划处.
    Part(Range<usize>),
    /// With the post before it in the list.
    Before,
    /// Nowhere.
    None,
}

/// One post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Post {
    pub(crate) of: Of,
    pub(crate) title: Range<usize>,
}

/// Ends of departments: without a place before them they are a part of something.
const DEPARTMENTS: [&str; 18] = [
    "处",
    "科",
    "部",
    "室",
    "中心",
    "办公室",
    "研究室",
    "事业部",
    "支部",
    "党支部",
    "课题组",
    "研究组",
    "实验室",
    "车间",
    "分会",
    "专委会",
    "秘书处",
    "教研室",
];
/// What binds a post to the party's or a body's own organ, not to an organisation.
const BODIES: [&str; 12] =
    ["党委", "党组", "纪委", "党总支", "党支部", "党工委", "团委", "工委", "工会", "管委会", "董事会", "监事会"];

/// The longest residue between an organisation and a post that still belongs to the post.
const RESIDUE: usize = 12;

/// Reads the chain of posts that ends before `end`, from left to right.
pub(crate) fn chain_before(passage: &Passage<'_>, end: usize, floor: usize) -> Vec<Post> {
    let mut out: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let mut e = end;
    while let Some(head) = head_before(passage, e, floor) {
        let start = passage.name_start(head.start, floor).min(head.start);
        out.push((start..head.start, head.start..e));
        let before = passage.before(start);
        let joined = matches!(before, '、' | '兼' | ' ' | '及' | '和') && start > floor;
        if !joined || passage.marks.ends(List::Post, start - 1) == 0 {
            break;
        }
        e = start - 1;
    }
    out.reverse();
    out.into_iter().enumerate().map(|(i, (prefix, title))| post(passage, prefix, title, i == 0)).collect()
}

/// The word for a post that ends at `end`, with what stands before it and belongs to it.
pub(crate) fn head_before(passage: &Passage<'_>, end: usize, floor: usize) -> Option<Range<usize>> {
    let length = passage.marks.ends(List::Post, end);
    if length == 0 || end - length < floor {
        return None;
    }
    let mut start = end - length;
    loop {
        let more = passage.marks.ends(List::PostPrefix, start);
        if more == 0 || start < floor + more || cuts(passage, start - more) {
            return Some(start..end);
        }
        // 机关党委副书记: the organ has a name of its own.
        let word = passage.text(start - more..start);
        let of_name = passage.before(start - 1);
        if "校院所厂".contains(&word) && (crate::page::is_han(of_name) || of_name.is_alphanumeric()) {
            return Some(start..end);
        }
        let own = BODIES.contains(&word.as_str())
            && ["机关", "总部", "支部", "系统"].iter().any(|w| passage.ends(start - more, w))
            || (word == "党支部" || word == "党总支") && !sentence_starts(passage, start - more);
        if own || word == "机关" {
            return Some(start..end);
        }
        start -= more;
    }
}

fn sentence_starts(passage: &Passage<'_>, at: usize) -> bool {
    !crate::page::is_han(passage.before(at))
}

/// Whether a place stands within a word that the dictionary has: 科 | 学院长.
fn cuts(passage: &Passage<'_>, at: usize) -> bool {
    let within = passage.tokens.get(at).filter(|t| t.chars.start < at && t.known);
    within.is_some_and(|t| {
        passage.marks.ends(List::OrgEnd, t.chars.end) > 0 && passage.marks.ends(List::Post, t.chars.end) == 0
    })
}

/// Parts what stands before a post into the organisation and what belongs to the post.
fn post(passage: &Passage<'_>, prefix: Range<usize>, title: Range<usize>, first: bool) -> Post {
    if prefix.is_empty() {
        return Post { of: Of::Before, title };
    }
    // 进站院士, 在读博士: a word before a post that is no name.
    let word = passage.tokens.get(prefix.start).is_some_and(|t| t.chars == prefix && t.known);
    if prefix.len() == 2 && word && passage.marks.ends(List::OrgEnd, prefix.end) == 1 && !named(passage, &prefix) {
        return Post { of: Of::None, title };
    }
    if prefix.len() == 1 {
        return Post { of: Of::Before, title: prefix.start..title.end };
    }
    let known = passage.marks.begins(List::OrgKnown, prefix.start);
    let mut end = (prefix.start + 1..=prefix.end)
        .rev()
        .find(|&k| org_ends(passage, prefix.start, k) || (k == prefix.end && passage.marks.ends(List::OrgEnd, k) > 0));
    if end.is_none() && known > 0 && prefix.start + known <= prefix.end {
        end = Some(prefix.start + known);
    }
    match end {
        Some(end) if is_department(passage, prefix.start..end) => {
            Post { of: Of::Part(prefix.start..end), title: residue(passage, end, title).1 }
        }
        Some(end) => {
            let (end, title) = residue(passage, end, title);
            Post { of: Of::Named(prefix.start..end), title }
        }
        None if first || regional(passage, &prefix) => Post { of: Of::Named(prefix), title },
        None if prefix.len() <= RESIDUE => Post { of: Of::Before, title: prefix.start..title.end },
        None => Post { of: Of::Before, title },
    }
}

fn named(passage: &Passage<'_>, word: &Range<usize>) -> bool {
    [List::OrgKnown, List::Anaphor].iter().any(|list| passage.marks.begins(*list, word.start) >= word.len())
}

/// 中心忻州区党委书记: a region after the name belongs to it; anything else to the post.
fn residue(passage: &Passage<'_>, end: usize, title: Range<usize>) -> (usize, Range<usize>) {
    let rest = passage.text(end..title.start);
    let branch = passage.lexicon.regions.contains_key(&rest)
        || (rest.chars().count() > 2 && rest.ends_with(['区', '市', '县']) && !rest.starts_with('原'));
    // 某公司(简称“某”)总监: what a bracket tells of the name is no part of the post.
    let close = (end..title.start).rfind(|&k| passage.at(end) == '(' && passage.at(k) == ')');
    if branch { (title.start, title) } else { (end, close.map_or(end, |k| k + 1)..title.end) }
}

fn regional(passage: &Passage<'_>, prefix: &Range<usize>) -> bool {
    passage.tokens.get(prefix.start).is_some_and(|t| t.word == Word::Place && t.chars.end <= prefix.end)
}

/// Whether the name of an organisation that begins at `start` can end at `end`.
pub(crate) fn org_ends(passage: &Passage<'_>, start: usize, end: usize) -> bool {
    let length = passage.marks.ends(List::OrgEnd, end);
    let known = passage.marks.ends(List::OrgKnown, end);
    let bracket = passage.before(end) == ')' && end - start > 6;
    if bracket {
        let open = (start..end).rev().find(|&i| passage.chars[i] == '(');
        // (600491), (下称“某某”): what a bracket tells of a name is no part of it.
        let told = |o: usize| {
            passage.chars[o..end].iter().any(|c| c.is_ascii_digit() || matches!(c, '“' | ':'))
                || ["简称", "下称"].iter().any(|w| (o..end).any(|i| passage.starts(i, w)))
        };
        return open.is_some_and(|o| o > start && passage.marks.ends(List::OrgEnd, o) > 0 && !told(o));
    }
    if length == 0 && known == 0 {
        return false;
    }
    // 进站: a word of the dictionary that is no more than its end and one character.
    let word = passage.tokens.get(start).is_some_and(|t| t.chars == (start..end) && t.known);
    if length == 1 && known == 0 && end - start == 2 && word {
        return false;
    }
    passage.tokens.begins(end) || length > 1 || known > 1
}

/// Whether a name is that of a department of something named before.
pub(crate) fn is_department(passage: &Passage<'_>, range: Range<usize>) -> bool {
    let first = passage.tokens.get(range.start);
    let anchored = first.is_some_and(|t| t.word == Word::Place)
        || passage.marks.begins(List::OrgKnown, range.start) > 0
        || passage.lexicon.name_starts.iter().any(|w| passage.starts(range.start, w))
        || passage.chars[range.clone()].iter().any(char::is_ascii_alphanumeric);
    let own = BODIES.iter().find(|b| passage.starts(range.start, b)).map_or(0, |b| b.chars().count());
    let first_cut = range.start + own.max(1) + 1;
    let nested = (first_cut..range.end).any(|k| passage.marks.ends(List::OrgEnd, k) > 1 && k + 1 < range.end);
    let placed = range.clone().any(|k| passage.tokens.get(k).is_some_and(|t| t.word == Word::Place));
    let longest = if passage.ends(range.end, "中心") { 9 } else { 12 };
    let ended = DEPARTMENTS.iter().any(|d| passage.ends(range.end, d));
    // 衡澜半导体党支部: of the company whose short name the text gave.
    let named = passage.begins_given(range.start);
    !anchored && !named && !nested && !placed && ended && range.len() <= longest
}

/// Reads the posts that follow a name and a comma or stand in brackets behind it: `李响,某所处长、党委委员。`
pub(crate) fn chain_after(passage: &Passage<'_>, start: usize) -> Option<(Vec<Post>, usize)> {
    let mut out = Vec::new();
    let mut at = start;
    loop {
        let end = (at..passage.chars.len().min(at + 60))
            .find(|&i| matches!(passage.chars[i], '、' | ',' | '。' | ';' | ')' | ' ' | '\n'))?;
        let head = head_before(passage, end, at)?;
        let from = passage.name_start(head.start, at);
        if from != at && !(from > at && passage.starts(at, "现任")) {
            return None;
        }
        out.push(post(passage, from..head.start, head, out.is_empty()));
        if passage.at(end) != '、' {
            return Some((out, end));
        }
        at = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn chain(text: &str) -> Vec<String> {
        let lexicon = Lexicon::new(&keqiao_catalog::builtin().unwrap());
        let chars: Vec<char> = text.chars().collect();
        let passage = Passage::new(&chars, &lexicon);
        let shown = |p: Post| {
            let of = match p.of {
                Of::Named(r) => passage.text(r),
                Of::Part(r) => format!("…{}", passage.text(r)),
                Of::Before => "^".to_owned(),
                Of::None => String::new(),
            };
            format!("{of}|{}", passage.text(p.title))
        };
        chain_before(&passage, chars.len(), 0).into_iter().map(shown).collect()
    }

    #[test]
    fn chains_of_posts_are_parted() {
        assert_eq!(chain("市委常委、组织部部长"), ["市委|常委", "…组织部|部长"]);
        assert_eq!(
            chain("长三角集成电路工业应用技术创新中心主任、无锡市产业创新研究院院长"),
            ["长三角集成电路工业应用技术创新中心|主任", "无锡市产业创新研究院|院长"]
        );
        assert_eq!(chain("上海新微技术研发中心有限公司8寸线厂长"), ["上海新微技术研发中心有限公司|8寸线厂长"]);
        assert_eq!(chain("江夏大学校长助理、党委组织部部长"), ["江夏大学|校长助理", "…党委组织部|部长"]);
        assert_eq!(chain("中国科协机关党委常务副书记"), ["中国科协机关党委|常务副书记"]);
        assert_eq!(chain("康明斯副总裁、电子软件全球总裁"), ["康明斯|副总裁", "^|电子软件全球总裁"]);
        assert_eq!(chain("在所长"), ["^|所长"]);
        assert_eq!(chain("忻州经济开发区党工委书记、管委会主任"), ["忻州经济开发区|党工委书记", "^|管委会主任"]);
    }
}

//! Names of persons at a place of a text.

use std::collections::HashMap;
use std::ops::Range;

use crate::lexicon::List;
use crate::page::is_han;
use crate::passage::Passage;
use crate::tokens::Word;

mod foreign;

pub(crate) use foreign::foreign_at;

/// How far around a name its other occurrences are looked for.
const WINDOW: usize = 4000;

/// What stands before a place where a name is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// A post, a role, a label: a name has to follow.
    Announced,
    /// A list of names that may go on.
    Listed,
    /// Nothing that promises a name.
    Bare,
}

/// The name of a person that begins at `at`.
pub(crate) fn name_at(passage: &Passage<'_>, at: usize, setting: Setting) -> Option<Range<usize>> {
    if passage.marks.begins(List::Doctrine, at) > 0 {
        return None;
    }
    let mut best: Option<(i32, usize)> = None;
    for length in lengths(passage, at) {
        if let Some(score) = score(passage, at, length, setting)
            && best.is_none_or(|(b, _)| score > b)
        {
            best = Some((score, length));
        }
    }
    let chinese = best.filter(|(score, _)| *score > 0).map(|(_, length)| at..at + length);
    if setting == Setting::Bare {
        return chinese;
    }
    match (chinese, foreign_at(passage, at)) {
        // 穆塔里甫: what goes on where the shorter name would end belongs to it.
        (Some(c), Some(f))
            if f.len() > c.len()
                && (passage.chars[f.clone()].contains(&'·')
                    || passage.name_end(c.end) == 0
                    || f.len() > c.len() + 2) =>
        {
            Some(f)
        }
        (Some(c), _) => Some(c),
        (None, f) => f,
    }
}

/// The lengths a Chinese name that begins here may have.
pub(crate) fn lengths(passage: &Passage<'_>, at: usize) -> Vec<usize> {
    let surname = |n: usize| {
        let listed = || passage.lexicon.surnames.contains(passage.text(at..at + n).as_str());
        at + n <= passage.chars.len()
            && (listed() || n == 1 && (joins_as_name(passage, at) || is_named_by_post(passage, at)))
    };
    let mut out = Vec::new();
    if surname(1) {
        out.extend([2, 3]);
    }
    if surname(2) {
        out.extend([3, 4]);
    }
    // 欧阳, and two family names of a married woman: 范徐丽泰.
    if surname(1)
        && at + 1 < passage.chars.len()
        && passage.lexicon.surnames.contains(passage.text(at + 1..at + 2).as_str())
    {
        out.push(4);
    }
    out.retain(|n| at + n <= passage.chars.len() && passage.chars[at..at + n].iter().all(|c| is_han(*c)));
    out.dedup();
    out
}

/// 组织部部长拓小红,: a family name that nobody listed, where behind a post three characters stand of which the first begins no
/// word. Of the last two one or both are usual in given names: the fewer, the surer a name has to end there.
fn is_named_by_post(passage: &Passage<'_>, at: usize) -> bool {
    let end = at + 3;
    if end > passage.chars.len() || passage.marks.ends(List::Post, at) < 2 {
        return false;
    }
    let usual = passage.chars[at + 1..end].iter().filter(|c| passage.lexicon.given.contains(c)).count();
    let sure = usize::from(passage.name_end(end));
    let starts_other = [List::Post, List::Role, List::Anaphor, List::OrgKnown, List::AfterName, List::Trigger];
    passage.chars[at..end].iter().all(|c| is_han(*c))
        && usual > 0
        && usual + sure > 2
        && !passage.lexicon.breaks.contains(passage.text(at..at + 1).as_str())
        && starts_other.iter().all(|list| passage.marks.begins(*list, at) < 2)
        && (at..end).all(|i| passage.tokens.get(i).is_none_or(|t| !t.known || t.personal || t.chars == (at + 1..end)))
}

/// 校长和绍康: 和 is a family name where behind a post two characters follow that are no word, and the three are said again.
fn joins_as_name(passage: &Passage<'_>, at: usize) -> bool {
    let end = at + 3;
    if passage.chars[at] != '和' || end > passage.chars.len() || passage.marks.ends(List::Post, at) < 2 {
        return false;
    }
    let plain = passage.tokens.get(at + 1).is_some_and(|t| !t.known || t.chars.len() == 1)
        && passage.chars[at..end].iter().all(|c| is_han(*c));
    let around = at.saturating_sub(WINDOW)..(at + WINDOW).min(passage.chars.len() - 2);
    plain && around.filter(|&i| i != at).any(|i| passage.chars[i..i + 3] == passage.chars[at..end])
}

fn score(passage: &Passage<'_>, at: usize, length: usize, setting: Setting) -> Option<i32> {
    let end = at + length;
    if passage.marks.begins(List::Lookalike, at) == length {
        return None;
    }
    if [List::Role, List::Post, List::Trigger].iter().any(|list| passage.marks.begins(*list, at) >= length) {
        return None;
    }
    let first = passage.marks.begins(List::Lookalike, at).max(passage.marks.begins(List::Anaphor, at));
    let quality = i32::from(passage.name_end(end));
    // 理事长阳光明带领: where a name surely ends, what looks like a word may begin it.
    let stands_in = passage.marks.begins(List::Anaphor, at) > 0;
    let sure = setting == Setting::Announced && quality > 0 && length == 3 && !stands_in;
    if !sure && first > 1 && first < length && passage.tokens.begins(at + first) {
        return None;
    }
    if quality == 0 && setting != Setting::Announced {
        return None;
    }
    let given = &passage.chars[at + 1..end];
    let usual = given.iter().filter(|c| passage.lexicon.given.contains(c)).count() as i32;
    let unusual = given.len() as i32 - usual;
    let mut score = quality * 10 + usual * 2 - unusual * 2;
    let token = passage.tokens.get(at);
    let whole = token.is_some_and(|t| t.chars.start == at && t.chars.end >= end && t.known && !t.personal);
    let over = token.is_some_and(|t| t.chars.start == at && t.chars.len() > 1 && t.known && !t.personal);
    let cut = passage.tokens.get(end).is_some_and(|t| t.chars.start < end && t.known && !t.personal);
    score -= match setting {
        // 总工程师宁海涛: a place in a name of three is less of a sign against it.
        Setting::Announced if over && !whole && token.is_some_and(|t| t.word == Word::Place) => 4 + i32::from(cut) * 4,
        Setting::Announced => i32::from(whole) * 6 + i32::from(over && !whole) * 8 + i32::from(cut) * 4,
        Setting::Listed => i32::from(whole) * 12 + i32::from(over) * 14 + i32::from(cut) * 12,
        Setting::Bare => i32::from(whole) * 40 + i32::from(over) * 40 + i32::from(cut) * 20,
    };
    let ends_org = passage.marks.ends(List::OrgEnd, end) > 1 || passage.marks.ends(List::Post, end) > 1;
    if ends_org || passage.lexicon.regions.contains_key(&passage.text(at..end)) {
        score -= 20;
    }
    // Two family names in one name are rare; 欧阳 and its like are one.
    if length == 4 && !passage.lexicon.surnames.contains(passage.text(at..at + 2).as_str()) {
        score -= 18;
    }
    score += repeated(passage, at, length);
    if quality == 0 {
        // Nothing tells where the name ends but the words around it.
        score += if passage.tokens.begins(end) { 2 } else { -4 };
    }
    Some(score)
}

/// Whether other occurrences of the first two characters go on as this candidate says.
fn repeated(passage: &Passage<'_>, at: usize, length: usize) -> i32 {
    let stem = &passage.chars[at..at + 2];
    let third = passage.at(at + 2);
    let window = at.saturating_sub(WINDOW)..(at + WINDOW).min(passage.chars.len());
    let (mut same, mut other) = (0, 0);
    for i in window.clone().filter(|&i| i + 2 <= passage.chars.len() && i != at) {
        if passage.chars[i] == stem[0] && passage.chars[i + 1] == stem[1] {
            if passage.at(i + 2) == third { same += 1 } else { other += 1 }
        }
    }
    match length {
        2 if other > 0 => 8,
        2 if same > 0 => -6,
        3 if same > 0 && other == 0 => 8,
        3 if other > 0 && same == 0 => -6,
        _ => 0,
    }
}

/// All occurrences of known names in the text, without those within a longer one.
pub(crate) fn occurrences(passage: &Passage<'_>, names: &[String]) -> HashMap<String, Vec<Range<usize>>> {
    let mut out: HashMap<String, Vec<Range<usize>>> = HashMap::new();
    if names.is_empty() {
        return out;
    }
    let builder =
        aho_corasick::AhoCorasick::builder().match_kind(aho_corasick::MatchKind::LeftmostLongest).build(names);
    let Ok(automaton) = builder else { return out };
    let text: String = passage.chars.iter().collect();
    let mut chars = 0;
    let mut bytes = 0;
    for found in automaton.find_iter(&text) {
        chars += text[bytes..found.start()].chars().count();
        let length = names[found.pattern().as_usize()].chars().count();
        out.entry(names[found.pattern().as_usize()].clone()).or_default().push(chars..chars + length);
        chars += length;
        bytes = found.end();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn names_end_where_what_follows_begins() {
        let lexicon = Lexicon::new(&keqiao_catalog::builtin().unwrap());
        for (text, want) in [
            ("经戈一行到某市", Some("经戈")),
            ("朱晓东到二所调研", Some("朱晓东")),
            ("陈丽对区里的工作", Some("陈丽")),
            ("王业亮、孟飞分别介绍", Some("王业亮")),
            ("欧阳明远出席会议", Some("欧阳明远")),
            ("玛丽娜一行", Some("玛丽娜")),
            ("约翰·史密斯介绍", Some("约翰·史密斯")),
            ("扎西次仁介绍", Some("扎西次仁")),
            ("卓玛、李明", Some("卓玛")),
            ("阿卜杜热合曼·买买提明致辞", Some("阿卜杜热合曼·买买提明")),
            ("古丽娜尔·吐尔逊陪同调研", Some("古丽娜尔·吐尔逊")),
            ("穆塔里甫带队", Some("穆塔里甫")),
            ("乌云其木格、王方", Some("乌云其木格")),
            ("巴特尔出席", Some("巴特尔")),
            ("习近平总书记对", None),
            ("会议强调", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let passage = Passage::new(&chars, &lexicon);
            let found = name_at(&passage, 0, Setting::Announced).map(|r| passage.text(r));
            assert_eq!(found.as_deref(), want, "{text}");
        }
    }
}

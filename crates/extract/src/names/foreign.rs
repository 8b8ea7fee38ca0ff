//! Names that are written by sound: of foreigners, and of Tibetans, Uyghurs, Kazakhs, Mongols and others.

use std::ops::Range;

use crate::lexicon::List;
use crate::page::is_han;
use crate::passage::Passage;
use crate::tokens::Word;

/// The longest name written by sound without a point.
const SOUNDED: usize = 16;
/// The longest part of a name between points (阿卜杜热合曼).
const PART: usize = 8;
/// The longest of the parts that names are made of.
const LONGEST_PART: usize = 5;
/// What stands before this is a Latin letter, if it is a letter: ü, Š.
const LATIN: char = '\u{250}';
/// So many parts a name has at most.
const PARTS: usize = 4;

/// A name of a foreigner in Chinese characters or in Latin ones.
pub(crate) fn foreign_at(passage: &Passage<'_>, at: usize) -> Option<Range<usize>> {
    if passage.marks.begins(List::Post, at) > 0 {
        return None;
    }
    let sound = |c: char| passage.lexicon.foreign.contains(&c) || c == '·';
    let most = passage.chars.len().min(at + SOUNDED);
    let run = (at..most).take_while(|&i| sound(passage.chars[i])).count();
    for length in (2..=run).rev() {
        let dotted = passage.chars[at..at + length].contains(&'·');
        let clean = passage.at(at) != '·' && passage.before(at + length) != '·';
        if clean && (passage.name_end(at + length) >= if dotted { 1 } else { 2 }) && (dotted || length > 2) {
            let word = passage.tokens.get(at).is_some_and(|t| t.chars == (at..at + length) && t.known && !t.personal);
            return (!word).then_some(at..at + length);
        }
    }
    dotted_at(passage, at)
        .or_else(|| parts_at(passage, at))
        .or_else(|| sounded_at(passage, at))
        .or_else(|| latin_at(passage, at))
}

/// 颂猜·披隆, 买买提·艾力: Han characters with points between them, up to where a name ends.
fn dotted_at(passage: &Passage<'_>, at: usize) -> Option<Range<usize>> {
    let han = |from: usize| (from..passage.chars.len().min(from + PART)).take_while(|&i| is_han(passage.at(i))).count();
    let mut last = at;
    for _ in 1..PARTS {
        let length = han(last);
        if length == 0 || passage.at(last + length) != '·' {
            break;
        }
        last += length + 1;
    }
    if last == at {
        return None;
    }
    // 托乎提|出席: as long as the characters are such as names are written with.
    let sound = |c: &char| passage.lexicon.foreign.contains(c) || passage.lexicon.sounded.contains(c);
    let run = passage.chars[last..].iter().take(PART).take_while(|c| sound(c)).count();
    let whole = (last + 2..=last + run).rev().find(|&end| passage.name_end(end) >= 1);
    let ends = || last + 2..=last + han(last);
    let end = whole.or_else(|| ends().find(|&end| passage.name_end(end) >= 2));
    end.or_else(|| ends().find(|&end| passage.name_end(end) == 1 && passage.tokens.begins(end))).map(|end| at..end)
}

/// 扎西次仁, 乌云其木格, 卓玛: parts of which such names are made. One alone has to end where a name surely does.
fn parts_at(passage: &Passage<'_>, at: usize) -> Option<Range<usize>> {
    let part = |from: usize| {
        let ends = (from + 2..=passage.chars.len().min(from + LONGEST_PART)).rev();
        ends.into_iter().find(|&end| passage.lexicon.name_parts.contains(passage.text(from..end).as_str()))
    };
    let first = part(at)?;
    let two = part(first).filter(|&end| passage.name_end(end) >= 1);
    two.or_else(|| Some(first).filter(|&end| passage.name_end(end) >= 2)).map(|end| at..end)
}

/// 穆塔里甫, 阿依古丽, 乌云其木格: characters of sound one after another in which no everyday word stands.
fn sounded_at(passage: &Passage<'_>, at: usize) -> Option<Range<usize>> {
    let strict = |c: &char| passage.lexicon.foreign.contains(c);
    let sound = |c: &char| strict(c) || passage.lexicon.sounded.contains(c);
    let most = passage.chars.len().min(at + SOUNDED);
    let run = passage.chars[at..most].iter().take_while(|c| sound(c)).count();
    (3..=run).rev().map(|length| at..at + length).find(|name| {
        let least = if name.len() > 3 { 1 } else { 2 };
        let most_strict = passage.chars[name.clone()].iter().filter(|c| strict(c)).count() * 2 > name.len();
        passage.name_end(name.end) >= least && most_strict && !holds_word(passage, name)
    })
}

/// Whether a word of the dictionary stands in a range or runs over one of its ends.
fn holds_word(passage: &Passage<'_>, name: &Range<usize>) -> bool {
    let word = |k: usize| {
        passage.tokens.get(k).is_some_and(|t| t.chars.len() > 1 && (t.known && !t.personal || t.word == Word::Place))
    };
    passage.marks.begins(List::Lookalike, name.start) > 1
        || passage.marks.begins(List::Role, name.start) > 0
        || passage.marks.ends(List::OrgEnd, name.end) > 1
        || name.clone().any(word)
}

fn latin_at(passage: &Passage<'_>, at: usize) -> Option<Range<usize>> {
    let part = |c: char| c < LATIN && c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'');
    let most = passage.chars.len().min(at + 40);
    let run = (at..most).take_while(|&i| part(passage.chars[i])).count();
    let text = passage.text(at..at + run);
    let name = text.trim_end();
    let words: Vec<&str> = name.split(' ').collect();
    let proper = |w: &&str| w.chars().next().is_some_and(char::is_uppercase) && w.chars().any(char::is_lowercase);
    (words.len() >= 2 && words.iter().filter(|w| w.len() > 2).all(proper)).then(|| at..at + name.chars().count())
}

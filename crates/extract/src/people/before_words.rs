//! Names that are known by the words behind them: a post, a verb of appointment, a verb of speech.

use std::ops::Range;

use crate::lexicon::List;
use crate::names::{Setting, name_at};
use crate::page::is_han;
use crate::people::Finder;
use crate::posts::{Of, Post, chain_after};
use crate::tokens::Word;

impl Finder<'_, '_> {
    /// 查国栋当选联盟理事长, 由麦家俊担任实验室主任: a name, a verb, a post.
    pub(super) fn appointed(&mut self, range: &Range<usize>) {
        const VERBS: [&str; 9] = ["当选为", "当选", "担任", "出任", "兼任", "受聘为", "被聘为", "任命为", "就任"];
        let passage = self.passage;
        for i in range.clone() {
            let Some(verb) = VERBS.iter().find(|v| passage.starts(i, v)) else { continue };
            let known = self.found.iter().find(|p| p.name.end == i).map(|p| p.name.clone());
            let Some(name) = known.or_else(|| self.name_before(i, range.start)) else { continue };
            let Some((posts, _)) = chain_after(passage, i + verb.chars().count()) else { continue };
            match self.found.iter_mut().find(|p| p.name == name) {
                Some(person) => {
                    let new = posts.into_iter().filter(|post| !person.posts.iter().any(|p| p.title == post.title));
                    let new: Vec<Post> = new.collect();
                    person.posts.extend(new);
                }
                None => self.add(name, posts, 0.85),
            }
        }
    }

    /// A name and a post behind it: 赵东艳总经理; 李响,某所处长.
    pub(super) fn followed(&mut self, range: &Range<usize>) {
        let passage = self.passage;
        for i in range.clone() {
            let length = passage.marks.begins(List::Post, i).max(passage.marks.begins(List::Honorific, i));
            let honorific = passage.marks.begins(List::Honorific, i) == length;
            if length == 0 {
                continue;
            }
            let Some(name) = self.name_before(i, range.start) else { continue };
            let named_next = name_at(passage, i + length, Setting::Listed).is_some();
            if named_next && !honorific {
                continue;
            }
            let posts = if honorific { Vec::new() } else { vec![self.post_behind(&name, i..i + length, range.start)] };
            self.add(name, posts, 0.85);
        }
        for i in range.clone().filter(|&i| matches!(passage.at(i), ',' | '(')) {
            let Some(name) = self.name_before(i, range.start) else { continue };
            let held = chain_after(passage, i + 1).or_else(|| chain_after(passage, self.now(i, range.end)?));
            let Some((posts, end)) = held else { continue };
            let closed = passage.at(i) == ',' || passage.at(end) == ')';
            if closed {
                self.add(name, posts, 0.85);
            }
        }
    }

    /// 欧阳若水,女,1971年生,现任琼州海洋大学副校长: where the post begins that somebody holds of whom is told at the comma.
    fn now(&self, comma: usize, end: usize) -> Option<usize> {
        let passage = self.passage;
        let described = matches!(passage.at(comma + 1), '男' | '女') && passage.at(comma + 2) == ','
            || passage.at(comma + 1).is_ascii_digit();
        let word = (comma..end.min(comma + 60)).filter(|_| described);
        let mut words = word.filter(|&k| passage.starts(k, "现任") && passage.before(k) == ',');
        words.next().map(|k| k + 2)
    }

    /// The name that ends before `end` and begins where a name can begin.
    pub(super) fn name_before(&self, end: usize, floor: usize) -> Option<Range<usize>> {
        let passage = self.passage;
        [3, 2, 4].into_iter().find_map(|length| {
            let at = end.checked_sub(length).filter(|&at| at >= floor)?;
            let open = self.opens(at, floor) && !passage.before(at).is_ascii_digit();
            let surname = passage.lexicon.surnames.contains(passage.text(at..at + 1).as_str())
                && (length < 4 || passage.lexicon.surnames.contains(passage.text(at..at + 2).as_str()));
            let han = passage.chars[at..end].iter().all(|c| is_han(*c));
            let word = (at..end).any(|k| {
                passage.tokens.get(k).is_some_and(|t| {
                    t.known
                        && !t.personal
                        // 欧阳 and its like are words themselves.
                        && (t.chars.start < at || t.chars.end > end || t.chars.len() > 1 && length < 4)
                })
            });
            let ends = passage.marks.ends(List::OrgEnd, end) > 0 || passage.marks.ends(List::Post, end) > 0;
            let region = passage.lexicon.regions.contains_key(&passage.text(at..end));
            let not = passage.marks.begins(List::Lookalike, at) == length
                || (at.saturating_sub(2)..end).any(|k| passage.marks.begins(List::Doctrine, k) > 0);
            (open && surname && han && !word && !ends && !region && !not && !self.taken[at]).then_some(at..end)
        })
    }

    /// Whether a name may begin here: a sentence or a clause begins, or an organisation or a word ends.
    fn opens(&self, at: usize, floor: usize) -> bool {
        let passage = self.passage;
        if at == floor || !is_han(passage.before(at)) {
            return true;
        }
        let word = passage.tokens.get(at - 1).map(|t| t.word);
        passage.marks.ends(List::OrgEnd, at) > 0
            || passage.marks.ends(List::OrgKnown, at) > 0
            || matches!(word, Some(Word::Break | Word::Conjunction))
            || passage.marks.ends(List::Role, at) > 0
    }

    fn post_behind(&self, name: &Range<usize>, title: Range<usize>, floor: usize) -> Post {
        let passage = self.passage;
        let start = passage.name_start(name.start, floor);
        let named = start < name.start && crate::posts::org_ends(passage, start, name.start);
        let of = if named { Of::Named(start..name.start) } else { Of::None };
        Post { of, title }
    }

    /// 某某表示: who speaks is a person, where the words make a name.
    pub(super) fn speakers(&mut self, range: &Range<usize>) {
        let passage = self.passage;
        for i in range.clone() {
            let Some(token) = passage.tokens.get(i).filter(|t| t.chars.start == i) else { continue };
            if passage.lexicon.speech.contains(passage.text(token.chars.clone()).as_str())
                && let Some(name) = self.name_before(i, range.start)
            {
                let usual = passage.chars[name.start + 1..name.end].iter().all(|c| passage.lexicon.given.contains(c));
                let clause = !is_han(passage.before(name.start));
                if usual && clause {
                    self.add(name, Vec::new(), 0.6);
                }
            }
        }
    }
}

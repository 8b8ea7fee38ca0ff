//! Names that are known by the words behind them: a post, a verb of appointment, a verb of speech.

use std::ops::Range;

use crate::lexicon::List;
use crate::names::{Setting, foreign_at, name_at};
use crate::page::is_han;
use crate::people::Finder;
use crate::posts::{Of, Post, chain_after, chain_before, head_before};
use crate::tokens::Word;

impl Finder<'_, '_> {
    /// 查国栋当选联盟理事长, 由麦家俊担任实验室主任: a name, a verb, a post.
    pub(super) fn appointed(&mut self, range: &Range<usize>) {
        const VERBS: [&str; 11] =
            ["当选为", "当选", "担任", "出任", "兼任", "受聘为", "被聘为", "任命为", "就任", "任", "为"];
        let passage = self.passage;
        let mut given: Option<Post> = None;
        for i in range.clone() {
            let Some(verb) = VERBS.iter().find(|v| passage.starts(i, v)) else { continue };
            // 选举某院院长李明为理事长,某公司经理王方等5人为副理事长: 为 alone is no verb.
            if *verb == "为" && !self.is_elected(range.start..i) {
                continue;
            }
            let end = self.before_count(i);
            let known = self.found.iter().find(|p| p.name.end == end).map(|p| p.name.clone());
            if *verb == "为" && known.is_none() {
                continue;
            }
            // 任 by itself tells only of who is known for a person, or begins a clause: 责任, 上任.
            let begins = |name: &Range<usize>| *verb != "任" || !is_han(passage.before(name.start));
            let guess = || self.name_before(i, range.start).filter(begins);
            let Some(name) = known.or_else(guess) else { continue };
            let behind = chain_after(passage, i + verb.chars().count()).map(|(posts, _)| posts);
            let Some(mut posts) = behind.or_else(|| self.given_to(name.start, range.start)) else { continue };
            // 委员会成立,甲大学校长李明任主任委员: not of what he held before.
            if let Some(first) = posts.first_mut().filter(|p| p.of == Of::Before) {
                // 甲任实验室主任,乙任常务副主任: of the same body.
                let head = |p: &Post| passage.text(p.title.end.saturating_sub(2)..p.title.end);
                let same = given.as_ref().filter(|g| head(g) == head(first));
                first.of = same.map_or(Of::None, |g| g.of.clone());
            }
            given = posts.first().filter(|p| matches!(p.of, Of::Named(_) | Of::Part(_))).cloned().or(given);
            let mut others = self.listed_before(&name);
            if !self.found.iter().any(|p| p.name == name) {
                self.add(name.clone(), Vec::new(), 0.85);
            }
            others.push(name);
            for person in self.found.iter_mut().filter(|p| others.contains(&p.name)) {
                let new = posts.iter().filter(|post| !person.posts.iter().any(|p| p.title == post.title));
                let new: Vec<Post> = new.cloned().collect();
                person.posts.extend(new);
            }
        }
    }

    /// Whether a verb of choosing stands before in the sentence.
    fn is_elected(&self, before: Range<usize>) -> bool {
        const CHOOSE: [&str; 8] = ["选举", "推选", "推举", "增选", "补选", "聘任", "聘请", "任命"];
        let choose = |i: usize| CHOOSE.iter().any(|v| self.passage.starts(i, v));
        before.into_iter().any(choose)
    }

    /// Where 等5人 begins that ends at a place, or the place itself.
    fn before_count(&self, at: usize) -> usize {
        let passage = self.passage;
        let counted = matches!(passage.before(at), '人' | '位' | '名') && at > 3;
        let begin = (at.saturating_sub(5)..at).rev().find(|&i| passage.at(i) == '等');
        begin.filter(|_| counted || passage.before(at) == '等').unwrap_or(at)
    }

    /// 主任由某学院教授成思源担任: the post stands before 由, in the clause of the name.
    fn given_to(&self, name: usize, floor: usize) -> Option<Vec<Post>> {
        let passage = self.passage;
        let clause = (floor..name).rev().take_while(|&k| !matches!(passage.at(k), ',' | ';' | ':'));
        let by = clause.into_iter().find(|&k| passage.at(k) == '由' && head_before(passage, k, floor).is_some())?;
        Some(chain_before(passage, by, floor))
    }

    /// The names in whose list one stands last: 甲院长李明、乙公司经理王方任副主任委员.
    fn listed_before(&self, name: &Range<usize>) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut last = name.clone();
        while let Some(person) = self.found.iter().find(|p| p.name == last) {
            let first = person.posts.first().map(|p| match &p.of {
                Of::Named(of) | Of::Part(of) => of.start,
                Of::Before | Of::None => p.title.start,
            });
            let begin = first.unwrap_or(last.start).min(last.start);
            let joined = matches!(self.passage.before(begin), '、' | '和' | '及');
            let Some(next) = self.found.iter().find(|p| joined && p.name.end + 1 == begin) else { break };
            last = next.name.clone();
            out.push(last.clone());
        }
        out
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

    /// A name written by sound that is all of a clause up to `end`.
    fn foreign_before(&self, end: usize, floor: usize) -> Option<Range<usize>> {
        let passage = self.passage;
        let start = (floor..end).rev().find(|&k| !is_han(passage.before(k)) && passage.before(k) != '·')?;
        let name = foreign_at(passage, start)?;
        (name.end == end && end - start > 3 && is_han(passage.at(start)) && !self.taken[start]).then_some(name)
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
            // 李明一行到某公司调研.
            if passage.starts(i, "一行") {
                let clause = |name: &Range<usize>| !is_han(passage.before(name.start));
                if let Some(name) = self.name_before(i, range.start).filter(clause) {
                    self.add(name, Vec::new(), 0.6);
                }
                continue;
            }
            let Some(token) = passage.tokens.get(i).filter(|t| t.chars.start == i) else { continue };
            if passage.lexicon.speech.contains(passage.text(token.chars.clone()).as_str()) {
                let clause = |name: &Range<usize>| !is_han(passage.before(name.start));
                let usual = |name: &Range<usize>| {
                    passage.chars[name.start + 1..name.end].iter().all(|c| passage.lexicon.given.contains(c))
                };
                let name = self.name_before(i, range.start).filter(|name| usual(name) && clause(name));
                if let Some(name) = name.or_else(|| self.foreign_before(i, range.start)) {
                    self.add(name, Vec::new(), 0.6);
                }
            }
        }
    }
}

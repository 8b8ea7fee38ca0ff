//! Who is named in a story, with which posts.

use std::ops::Range;

use crate::lexicon::List;
use crate::names::{Setting, lengths, name_at, occurrences};
use crate::page::is_han;
use crate::passage::Passage;
use crate::posts::{Of, Post, chain_after, chain_before, head_before};
use crate::stories::{Story, Zone};
use crate::tokens::Word;

mod before_words;
mod bylines;

/// The longest remark in brackets between a post and a name.
const REMARK: usize = 10;

/// A person at a place of the text, and the posts named with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Person {
    pub(crate) name: Range<usize>,
    pub(crate) posts: Vec<Post>,
    /// The person in whose list this one stands, by its place in the result: its organisation goes on.
    pub(crate) after: Option<usize>,
    /// How sure it is, from 0 to 1.
    pub(crate) confidence: f32,
}

/// Finds the persons of a story, in the order of the text; later mentions of a name without posts are among them.
pub(crate) fn people(passage: &Passage<'_>, story: &Story) -> Vec<Person> {
    let mut finder = Finder { passage, found: Vec::new(), taken: vec![false; passage.chars.len() + 1] };
    for range in passage.sentences() {
        if !finder.is_fiction(&range) {
            finder.chosen(&range);
            finder.announced(&range);
        }
    }
    for range in passage.sentences() {
        if !finder.is_fiction(&range) {
            finder.followed(&range);
            finder.appointed(&range);
            finder.with_roles(&range);
        }
    }
    story.zone(Zone::Byline).filter(|r| r.end <= passage.chars.len()).for_each(|range| finder.byline(range));
    for range in story.zone(Zone::Caption).filter_map(|range| finder.photographer(&range)).collect::<Vec<_>>() {
        finder.byline(range);
    }
    for range in passage.sentences() {
        if let Some(range) = finder.dateline(&range) {
            finder.byline(range);
        }
        if !finder.is_fiction(&range) {
            finder.speakers(&range);
        }
    }
    finder.again();
    let mut found = finder.found;
    found.sort_by_key(|p| p.name.start);
    carry(passage, &mut found);
    found
}

struct Finder<'a, 'b> {
    passage: &'a Passage<'b>,
    found: Vec<Person>,
    /// The characters that already belong to a name.
    taken: Vec<bool>,
}

impl Finder<'_, '_> {
    fn add(&mut self, name: Range<usize>, posts: Vec<Post>, confidence: f32) {
        if self.taken[name.clone()].contains(&true) {
            return;
        }
        self.taken[name.clone()].fill(true);
        self.found.push(Person { name, posts, after: None, confidence });
    }

    /// A film tells of its characters, not of persons.
    fn is_fiction(&self, range: &Range<usize>) -> bool {
        let text = self.passage.text(range.clone());
        self.passage.lexicon.fiction.iter().any(|w| text.contains(w))
    }

    /// A post and a name: 处长李响; and the names that go on after it.
    fn announced(&mut self, range: &Range<usize>) {
        let mut floor = range.start;
        let mut i = range.start + 2;
        while i < range.end {
            let Some(end) = self.announced_at(i, floor) else {
                i += 1;
                continue;
            };
            floor = self.list_on(end, floor);
            i = floor + 1;
        }
    }

    /// A post that ends at `i`, with the name behind it; gives the end of the name.
    fn announced_at(&mut self, i: usize, floor: usize) -> Option<usize> {
        let passage = self.passage;
        head_before(passage, i, floor)?;
        let at = self.behind_post(i)?;
        if passage.marks.ends(List::Post, i + 1) > 0
            || (passage.marks.ends(List::Post, i + 2) > 2 && passage.marks.begins(List::Post, i) > 0)
        {
            return None;
        }
        // 所长葛云峥: 长葛 is a place, and none here.
        let place = |word| word == Word::Place && passage.marks.ends(List::Post, i) > 1;
        let ends_word =
            passage.tokens.get(i).is_none_or(|t| t.chars.start >= i || !t.known || t.personal || place(t.word));
        let name = name_at(passage, at, Setting::Announced).filter(|_| ends_word)?;
        // 院长为尚怀远: only where the name is certain.
        if matches!(passage.at(i), '为' | '是')
            && (passage.name_end(name.end) < 2 || passage.tokens.get(at).is_some_and(|t| t.chars.len() > name.len()))
        {
            return None;
        }
        let mut posts = chain_before(passage, i, floor);
        if passage.at(i) == '(' {
            let within = i + 1 + usize::from(passage.at(i + 1) == '兼');
            posts.extend(chain_after(passage, within).into_iter().flat_map(|(inner, _)| inner));
        }
        // 校长岑维庸教授: a rank behind the name.
        let rank = passage.marks.begins(List::Post, name.end);
        if rank > 0 && passage.lexicon.academic.contains(passage.text(name.end..name.end + rank).as_str()) {
            posts.push(Post { of: Of::Before, title: name.end..name.end + rank });
        }
        let end = name.end + if posts.last().is_some_and(|p| p.title.start == name.end) { rank } else { 0 };
        self.add(name, posts, 0.95);
        Some(end)
    }

    /// Where the name behind a post may begin: at once, behind a space, 为, or a remark in brackets.
    fn behind_post(&self, end: usize) -> Option<usize> {
        let passage = self.passage;
        match passage.at(end) {
            ' ' | '为' | '是' => Some(end + 1),
            '(' if passage.at(end + 1) == '兼' => (end..end + 16).find(|&k| passage.at(k) == ')').map(|k| k + 1),
            '(' => Some(self.behind_remark(end).unwrap_or(end)),
            '由' if self.is_held_by(end + 1) => Some(end + 1),
            _ => Some(end),
        }
    }

    /// 副州长(援青)邵启航, 副主席(不驻会)苏红梅: a remark in brackets that is no name.
    fn behind_remark(&self, open: usize) -> Option<usize> {
        let passage = self.passage;
        let close = (open + 2..open + REMARK).find(|&k| passage.at(k) == ')')?;
        let han = passage.chars[open + 1..close].iter().all(|c| is_han(*c));
        let name = name_at(passage, open + 1, Setting::Announced).is_some_and(|n| n.end == close);
        (han && !name).then_some(close + 1)
    }

    /// 主任由黎婉秋兼任: a name and a verb of holding a post.
    fn is_held_by(&self, at: usize) -> bool {
        let verb = |end| ["担任", "兼任", "出任", "接任", "继任"].iter().any(|v| self.passage.starts(end, v));
        lengths(self.passage, at).into_iter().any(|length| verb(at + length))
    }

    /// 选举欧阳若水为理事长,符大海、韩国栋为副理事长,聘任羊志刚为中心主任: names between a verb of choosing and what they
    /// become.
    fn chosen(&mut self, range: &Range<usize>) {
        const CHOOSE: [&str; 12] =
            ["选举", "选举产生", "推选", "推举", "增选", "补选", "聘任", "聘请", "续聘", "任命", "选聘", "一致推选"];
        let passage = self.passage;
        let mut floor = range.start;
        for i in range.clone() {
            let verbs = CHOOSE.iter().filter(|v| passage.starts(i, v)).map(|v| v.chars().count());
            let Some(verb) = verbs.max().filter(|_| i >= floor) else { continue };
            let mut at = self.chosen_one(i + verb);
            // Who holds a post already is read with it.
            let mut announced = at > i + verb;
            while let Some((names, behind)) = self.become_something(at) {
                let Some((posts, end)) = chain_after(passage, behind) else { break };
                for name in names.into_iter().filter(|_| !announced) {
                    self.add(name, posts.clone(), 0.85);
                }
                announced = false;
                floor = end;
                at = end + 1;
                let again = CHOOSE.iter().filter(|v| passage.starts(at, v)).map(|v| v.chars().count()).max();
                at += again.unwrap_or(0);
                if passage.at(end) != ',' {
                    break;
                }
            }
        }
    }

    /// Where the first name behind a verb of choosing begins: behind the posts held so far (选举某大学教授车培林为会长).
    fn chosen_one(&self, at: usize) -> usize {
        const WITHIN: usize = 24;
        let passage = self.passage;
        let same = (at..at + WITHIN).take_while(|&k| !matches!(passage.at(k), ',' | '。' | ';' | '\n'));
        let mut behind = same.filter(|&k| k == at || passage.marks.ends(List::Post, k) > 0);
        behind.find(|&k| self.become_something(k).is_some()).unwrap_or(at)
    }

    /// The names that stand in a list before 为 or 任, and the place behind that word.
    fn become_something(&self, at: usize) -> Option<(Vec<Range<usize>>, usize)> {
        let passage = self.passage;
        let (mut names, mut at) = (Vec::new(), at);
        loop {
            let becomes = |end: usize| ["担任", "出任", "为", "任"].iter().find(|v| passage.starts(end, v));
            let fits = |length: &usize| {
                let end = at + length;
                becomes(end).is_some() || matches!(passage.at(end), '、' | '和')
            };
            let length = lengths(passage, at).into_iter().filter(fits).max()?;
            names.push(at..at + length);
            match becomes(at + length) {
                Some(verb) => return Some((names, at + length + verb.chars().count())),
                None => at += length + 1,
            }
        }
    }

    /// 所领导吕琴红、曾晓斌、赵斌: names without posts of their own share those before.
    fn list_on(&mut self, end: usize, _floor: usize) -> usize {
        let passage = self.passage;
        let mut end = end;
        loop {
            let joint = match passage.at(end) {
                '、' | '和' | '与' | '及' | ' ' => 1,
                _ if passage.starts(end, "以及") => 2,
                _ => return end,
            };
            let at = end + joint;
            if let Some(name) = name_at(passage, at, Setting::Listed) {
                let posts = self.found.last().map(|p| p.posts.clone()).unwrap_or_default();
                end = name.end;
                let known = self.found.iter().any(|p| passage.chars[p.name.clone()] == passage.chars[name.clone()]);
                let alone = known || matches!(passage.at(at - 1), ' ' | '与');
                let shared = if alone { Vec::new() } else { posts };
                self.add(name, shared, 0.85);
                continue;
            }
            let Some(name) = self.of_department(at) else { return end };
            end = name.end;
            self.add(name, Vec::new(), 0.75);
        }
    }

    /// 办公室杨馥铭: a department and a name, in a list of persons.
    fn of_department(&self, at: usize) -> Option<Range<usize>> {
        let passage = self.passage;
        (at + 2..(at + 12).min(passage.chars.len()))
            .take_while(|&k| !matches!(passage.at(k - 1), '、' | ',' | '。'))
            .filter(|&k| passage.marks.ends(List::OrgEnd, k) > 0 && passage.tokens.begins(k))
            .find_map(|k| name_at(passage, k, Setting::Listed))
    }

    /// 党员刘凌, 记者 张三: words that announce a name and are no post.
    fn with_roles(&mut self, range: &Range<usize>) {
        let passage = self.passage;
        for i in range.clone().filter(|&i| passage.marks.ends(List::Role, i) > 0) {
            // 摄影 / 荆婷: signs between a role and a name.
            let signs = (i..i + 3).take_while(|&k| matches!(passage.at(k), ' ' | '/' | ':' | '|')).count();
            let at = i + signs;
            let sure = passage.tokens.begins(i);
            if let Some(name) = name_at(passage, at, Setting::Announced).filter(|_| sure) {
                let quality = passage.name_end(name.end);
                if quality > 0 || passage.tokens.begins(name.end) {
                    let end = name.end;
                    self.add(name, Vec::new(), 0.7);
                    self.list_on(end, range.start);
                }
            }
        }
    }

    /// The other places where the names stand.
    fn again(&mut self) {
        let mut names: Vec<String> = self.found.iter().map(|p| self.passage.name(p.name.clone())).collect();
        names.sort_unstable();
        names.dedup();
        let mut places: Vec<Range<usize>> = occurrences(self.passage, &names).into_values().flatten().collect();
        places.sort_by_key(|r| r.start);
        for place in places {
            self.add(place, Vec::new(), 0.9);
        }
    }
}

/// Notes in whose list a person stands: `航天二院二十三所党委书记张志衡、副所长孟飞`.
fn carry(passage: &Passage<'_>, found: &mut [Person]) {
    for i in 1..found.len() {
        let begin = found[i].posts.first().map_or(found[i].name.start, |p| match &p.of {
            Of::Named(r) | Of::Part(r) => r.start,
            _ => p.title.start,
        });
        let end = found[i - 1].name.end;
        if begin < end {
            // Posts shared with the one before.
            found[i].after = Some(i - 1);
            continue;
        }
        let between = passage.text(end..begin);
        let listed = matches!(between.as_str(), "、" | "和" | "及" | "以及" | "," | "与" | ",以及" | "、以及");
        if listed && (!found[i - 1].posts.is_empty() || found[i - 1].after.is_some()) {
            found[i].after = Some(i - 1);
        }
    }
}

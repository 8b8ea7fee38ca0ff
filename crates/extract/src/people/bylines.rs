//! Who wrote, sent or took what: names in by-lines and below pictures.

use std::ops::Range;

use super::Finder;
use crate::lexicon::List;
use crate::names::{Setting, name_at};
use crate::page::is_han;

impl Finder<'_, '_> {
    /// 本网讯(段雪 文/普建伟 图), 本报讯 (郑巧玲): the bracket behind the words with which a report begins.
    pub(super) fn dateline(&self, sentence: &Range<usize>) -> Option<Range<usize>> {
        const WITHIN: usize = 16;
        const LONGEST: usize = 40;
        let passage = self.passage;
        let near = sentence.start..sentence.end.min(sentence.start + WITHIN);
        let word = near.into_iter().find(|&i| passage.at(i) == '讯' || passage.starts(i, "消息"))?;
        let open = (word + 1..word + 4).find(|&i| passage.at(i) == '(')?;
        let close = (open + 1..sentence.end.min(open + LONGEST)).find(|&i| passage.at(i) == ')')?;
        Some(open + 1..close)
    }

    /// 图为参观现场。(郦晓文 摄): the bracket that ends the words below a picture.
    pub(super) fn photographer(&self, caption: &Range<usize>) -> Option<Range<usize>> {
        let passage = self.passage;
        let end = caption.end.min(passage.chars.len());
        let open = (caption.start..end).rev().find(|&i| passage.at(i) == '(')?;
        (passage.before(end) == ')').then_some(open + 1..end - 1)
    }

    /// The names of a by-line: `(本报记者 张跃鸣)`, `甲学院 李晓雨`.
    pub(super) fn byline(&mut self, range: Range<usize>) {
        let passage = self.passage;
        let mut i = range.start;
        while i < range.end {
            let opens = !is_han(passage.before(i))
                || i == range.start
                || passage.marks.ends(List::Role, i) > 0
                || ["文", "图", "摄影", "供图", "记者"].iter().any(|w| passage.ends(i, w));
            let name = name_at(passage, i, Setting::Listed).filter(|n| {
                opens && n.end <= range.end && (passage.name_end(n.end) >= 2 || n.end == range.end) && !self.is_word(n)
            });
            let name = name.or_else(|| self.bounded(i).filter(|n| opens && n.end <= range.end));
            let name = name.or_else(|| self.set_apart(i).filter(|n| opens && n.end <= range.end));
            i = match name {
                Some(name) => {
                    let end = name.end;
                    self.add(name, Vec::new(), 0.9);
                    end
                }
                None => i + 1,
            };
        }
    }

    /// (记者 连晓菲 通讯员 官志雄): two or three characters by themselves, of which the first is a family name.
    fn bounded(&self, at: usize) -> Option<Range<usize>> {
        let passage = self.passage;
        let length = (at..at + 4).take_while(|&k| is_han(passage.at(k))).count();
        let name = at..at + length;
        // 记者 同心, 疏影 供稿: a pen name.
        let announced = passage.before(at) == ' ' && passage.marks.ends(List::Role, at - 1) > 1
            || passage.at(name.end) == ' ' && ["供稿", "摄", "文"].iter().any(|w| passage.starts(name.end + 1, w));
        let listed = passage.lexicon.surnames.contains(passage.at(at).to_string().as_str());
        let family = (2..4).contains(&length) && (listed || announced);
        let word = !announced && passage.tokens.get(at).is_some_and(|t| t.chars == name && t.known && !t.personal);
        let other = [List::OrgEnd, List::Role, List::Post].iter().any(|l| passage.marks.ends(*l, name.end) > 0);
        (family && !word && !other && !is_han(passage.before(at))).then_some(name)
    }

    /// 凌 云: a name of two characters is set as wide as one of three.
    fn set_apart(&self, at: usize) -> Option<Range<usize>> {
        let passage = self.passage;
        let alone = |k: usize| is_han(passage.at(k)) && !is_han(passage.at(k + 1));
        let surname = passage.lexicon.surnames.contains(passage.at(at).to_string().as_str());
        let spaced = alone(at) && passage.at(at + 1) == ' ' && alone(at + 2);
        (surname && spaced && !is_han(passage.before(at))).then_some(at..at + 3)
    }

    fn is_word(&self, name: &Range<usize>) -> bool {
        self.passage.tokens.get(name.start).is_some_and(|t| t.chars == *name && t.known && !t.personal)
            && self.passage.marks.ends(List::OrgEnd, name.end) > 0
    }
}

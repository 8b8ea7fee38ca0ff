//! A story with its words and marks: what all readers of names look at.

use std::ops::Range;

use crate::lexicon::{Lexicon, List, Marks};
use crate::page::is_han;
use crate::tokens::{Tokens, Word, tokens};

/// A text and all that was looked up in it once.
pub(crate) struct Passage<'a> {
    pub(crate) chars: &'a [char],
    pub(crate) tokens: Tokens,
    pub(crate) marks: Marks,
    pub(crate) lexicon: &'a Lexicon,
    /// Short names that the text itself gives.
    given: Vec<Range<usize>>,
}

/// Ends of names that cannot be the whole of one.
const COMPANY: [&str; 4] = ["有限公司", "股份有限公司", "有限责任公司", "集团有限公司"];

/// Nouns of trades, behind what is done in them.
const TRADES: [&str; 12] =
    ["技术", "设备", "装备", "机械", "器械", "材料", "科技", "工程", "系统", "仪器", "研究院", "研究所"];
/// How many characters of a listed name may stand before a word that ends names elsewhere.
const REGIONAL: usize = 6;

/// How far apart the two brackets or quotation marks within a name may stand.
const BRACKETED: usize = 16;

impl<'a> Passage<'a> {
    pub(crate) fn new(chars: &'a [char], lexicon: &'a Lexicon) -> Self {
        let marks = lexicon.marks(chars);
        let mut passage = Self { chars, tokens: tokens(chars, lexicon), marks, lexicon, given: Vec::new() };
        passage.given = crate::shortened::given(&passage);
        passage
    }

    /// The text of a range.
    pub(crate) fn text(&self, range: Range<usize>) -> String {
        self.chars[range].iter().collect()
    }

    /// The name of a person in a range: a name of two characters may be set apart (凌 云).
    pub(crate) fn name(&self, range: Range<usize>) -> String {
        let text = self.text(range);
        if text.starts_with(is_han) { text.replace(' ', "") } else { text }
    }

    /// The character at a place; a line end behind the last.
    pub(crate) fn at(&self, i: usize) -> char {
        self.chars.get(i).copied().unwrap_or('\n')
    }

    /// The character before a place; a line end before the first.
    pub(crate) fn before(&self, i: usize) -> char {
        i.checked_sub(1).map_or('\n', |i| self.at(i))
    }

    /// Whether the text goes on with `what` at a place.
    pub(crate) fn starts(&self, at: usize, what: &str) -> bool {
        what.chars().enumerate().all(|(k, c)| self.chars.get(at + k) == Some(&c))
    }

    /// Whether the text before a place ends with `what`.
    pub(crate) fn ends(&self, at: usize, what: &str) -> bool {
        let length = what.chars().count();
        at >= length && self.starts(at - length, what)
    }

    /// The sentences: from one `。` or line end to the next.
    pub(crate) fn sentences(&self) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut start = 0;
        for (i, &c) in self.chars.iter().enumerate() {
            let closed = matches!(c, '。' | '!' | '?' | '\n');
            if closed && !(c != '\n' && self.at(i + 1) == '”')
                || (c == '”' && matches!(self.before(i), '。' | '!' | '?'))
            {
                if i + 1 > start + 1 {
                    out.push(start..i + 1);
                }
                start = i + 1;
            }
        }
        if start < self.chars.len() {
            out.push(start..self.chars.len());
        }
        out
    }

    /// Whether a trigger at a place is a word, or half of a word of the dictionary that is two: 举行会谈, 出席会议.
    pub(crate) fn is_trigger(&self, chars: Range<usize>) -> bool {
        let (begins, ends) = (self.tokens.begins(chars.start), self.tokens.begins(chars.end));
        if chars.is_empty() || begins && ends {
            return !chars.is_empty();
        }
        let Some(token) = self.tokens.get(chars.start).filter(|t| t.chars.end >= chars.end) else { return false };
        let patterns = &self.lexicon.patterns;
        let mut things = patterns.held.activities.iter().chain(&patterns.signed.objects);
        let behind = self.text(chars.end..token.chars.end);
        let before = self.text(token.chars.start..chars.start);
        begins && things.any(|t| *t == behind) || ends && self.lexicon.triggers.contains_key(&before)
    }

    /// Where the name that ends before `end` may begin at the earliest, not before `floor`.
    pub(crate) fn name_start(&self, end: usize, floor: usize) -> usize {
        let mut p = end;
        while p > floor {
            let c = self.at(p - 1);
            // 某某一行来某校: who came is told, and then where.
            if self.ends(p, "一行") && p < end {
                break;
            }
            if let Some(open) = self.opening(p, floor) {
                p = open;
                continue;
            }
            let Some(token) = self.tokens.get(p - 1) else { break };
            match token.word {
                Word::Sign if matches!(c, '·' | '-' | '&' | '+' | '/') => {}
                // 前卫智能驾驶有限公司: nobody is called 有限公司 alone.
                Word::Break if token.chars.len() > 1 && COMPANY.iter().any(|c| self.starts(p, c)) => {}
                // 电力变换研究院, 能源变换技术有限公司: what a trade does.
                Word::Break if self.is_trade(token.chars.clone(), p) => {}
                // 黄石铜都激光设备有限公司 in a list: what stands between two 、 and begins with a region is one name.
                Word::Break if token.chars.len() == 1 => match self.listed_company(p, end, floor) {
                    Some(start) => return start,
                    None => break,
                },
                Word::Sign | Word::Break => break,
                Word::Measure if self.measured(token.chars.start) => break,
                Word::Inner if self.does(token.chars.clone(), end) => break,
                Word::Conjunction if self.parts(token.chars.clone(), end) => break,
                _ => {}
            }
            p = token.chars.start.max(floor);
        }
        self.trim(p, end)
    }

    /// Whether a word that is a verb elsewhere says what is done in the trade of a name: a noun of trades stands behind it.
    fn is_trade(&self, word: Range<usize>, behind: usize) -> bool {
        word.len() > 1
            && !self.lexicon.breaks.contains(self.text(word).as_str())
            && TRADES.iter().any(|trade| self.starts(behind, trade))
    }

    /// Where the item of a list begins that ends as companies do and begins with a region, no longer than such names are.
    fn listed_company(&self, at: usize, end: usize, floor: usize) -> Option<usize> {
        let company = COMPANY.iter().any(|c| self.ends(end, c));
        let start = (floor.max(at.saturating_sub(REGIONAL))..at).rev().find(|&i| self.chars[i] == '、')? + 1;
        let plain = self.chars[start..at].iter().all(|c| is_han(*c));
        (company && plain && self.starts_region(start)).then_some(start)
    }

    /// The place of the opening sign whose closing one stands before `p`.
    fn opening(&self, p: usize, floor: usize) -> Option<usize> {
        let open = match self.at(p - 1) {
            ')' => '(',
            '”' => '“',
            _ => return None,
        };
        let from = p.saturating_sub(BRACKETED).max(floor);
        (from..p - 1).rev().find(|&i| self.chars[i] == open).filter(|&i| !self.chars[i..p].contains(&'\n'))
    }

    /// 县科技局联合某研究院, 学会组织专家组: a verb between two bodies, and no part of a name (市委组织部).
    fn does(&self, word: Range<usize>, end: usize) -> bool {
        let verb = || ["联合", "组织", "协调", "统筹", "推荐"].iter().any(|v| self.starts(word.start, v));
        let body = || [List::OrgEnd, List::OrgKnown].iter().any(|list| self.marks.ends(*list, word.start) > 0);
        if word.len() != 2 || !body() || !verb() {
            return false;
        }
        let department = (1..3).contains(&self.marks.begins(List::OrgEnd, word.end))
            || self.marks.begins(List::OrgEnd, word.start) > word.len();
        end - word.end > 2 && !department
    }

    fn measured(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at - 1).is_some_and(|t| t.word == Word::Number)
    }

    /// Whether a joining word stands between two names and not in one.
    pub(crate) fn parts(&self, conjunction: Range<usize>, end: usize) -> bool {
        let (left, right) = (conjunction.start, conjunction.end);
        // 某大学电气与信息工程学院: the two fields of one school.
        let field = self.marks.ends(List::OrgEnd, left);
        let school = |at: usize| self.ends(at, "大学") || self.ends(at, "学院");
        if field == 2 && !school(left) && school(left - 2) && ["学院", "系"].iter().any(|e| self.ends(end, e)) {
            return false;
        }
        if self.is_person_before(left) {
            return true;
        }
        let named = [List::OrgEnd, List::Post, List::OrgKnown, List::Honorific, List::Anaphor];
        if named.iter().any(|list| self.marks.ends(*list, left) > 0) || self.before(left) == ')' {
            return true;
        }
        // 才让多杰与某公司: parts of names tell a person as well.
        if left >= 2 && self.lexicon.name_parts.contains(self.text(left - 2..left).as_str()) {
            return true;
        }
        // 天工智造与某大学: a short name that the text gave ends before it, or begins behind it.
        let ends_given =
            |g: &Range<usize>| left >= g.len() && self.chars[left - g.len()..left] == self.chars[g.clone()];
        if self.begins_given(right) || self.given.iter().any(ends_given) {
            return true;
        }
        if self.marks.begins(List::OrgKnown, right) > 0 || self.marks.begins(List::Post, right) > 0 {
            return true;
        }
        let Some(next) = self.tokens.get(right) else { return true };
        let starts = self.lexicon.name_starts.contains(self.text(next.chars.clone()).as_str());
        let regional = self.starts_region(right) && right + 2 < end;
        // 张志衡与王业亮: what stands before is a name of a person.
        let personal = left > 0 && self.tokens.get(left - 1).is_some_and(|t| t.personal && t.chars.len() > 1);
        starts || regional || personal || self.before(left) == '、'
    }

    /// Whether a short name that the text gives itself begins at a place.
    pub(crate) fn begins_given(&self, at: usize) -> bool {
        let same = |name: &Range<usize>| self.chars.get(at..at + name.len()) == Some(&self.chars[name.clone()]);
        self.given.iter().any(same)
    }

    /// 寿伟良与甲公司: three characters between a sign and a joining word, of which the first is a family name, the others are
    /// usual in given names, and no two a word.
    fn is_person_before(&self, end: usize) -> bool {
        let Some(start) = end.checked_sub(3) else { return false };
        let bounded = !is_han(self.before(start)) && self.chars[start..end].iter().all(|c| is_han(*c));
        bounded
            && self.lexicon.surnames.contains(self.text(start..start + 1).as_str())
            && self.chars[start + 1..end].iter().all(|c| self.lexicon.given.contains(c))
            && (start..end).all(|i| self.tokens.get(i).is_none_or(|t| !t.known || t.personal))
    }

    /// Whether a region is named at a place, also as the beginning of a longer word (四川大学).
    pub(crate) fn starts_region(&self, at: usize) -> bool {
        let most = self.chars.len().min(at + 4);
        self.tokens.begins(at) && (at + 2..=most).any(|end| self.lexicon.regions.contains_key(&self.text(at..end)))
    }

    /// Takes numbers with counting words and single function words off the beginning.
    fn trim(&self, start: usize, end: usize) -> usize {
        let mut p = start;
        while p < end {
            let Some(token) = self.tokens.get(p) else { break };
            let opens = matches!(self.at(p), ')' | '”' | '·' | '-' | '/' | '+' | '&');
            let word = self.text(token.chars.clone());
            let verb = self.lexicon.breaks.contains(word.as_str())
                || (self.lexicon.inner.contains(word.as_str())
                    && p > 0
                    && self.tokens.get(p - 1).is_some_and(|t| t.word == Word::Measure));
            let counts = token.word == Word::Number
                && self.tokens.get(token.chars.end).is_some_and(|t| t.word == Word::Measure)
                && !self.starts(p, "第");
            let joins = matches!(token.word, Word::Conjunction | Word::Measure);
            // 某某一行来某校, 一年来学会: where, and since when.
            let came = word == "来" && (self.ends(p, "一行") || self.ends(p, "年"));
            if !(opens || came || verb && token.chars.end < end || joins || counts) {
                break;
            }
            p = token.chars.end;
        }
        p.min(end)
    }

    /// How sure it is that a name of a person ends before `at`: 0 not at all, 3 certain.
    pub(crate) fn name_end(&self, at: usize) -> u8 {
        let c = self.at(at);
        if !is_han(c) && !c.is_alphanumeric() && c != '·' {
            return 3;
        }
        let breaks = || self.tokens.get(at).is_some_and(|t| t.chars.start == at && t.known && t.word == Word::Break);
        match self.marks.begins(List::AfterName, at) {
            0 => u8::from(breaks()) * 2,
            1 if matches!(c, '等' | '和' | '与' | '及' | '、') => 2,
            1 => 1 + u8::from(breaks()),
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        Lexicon::new(&keqiao_catalog::builtin().unwrap())
    }

    #[test]
    fn joining_words_stand_between_names_or_in_them() {
        let lexicon = lexicon();
        for (text, want) in [
            ("北京理工大学集成电路与电子学院", "北京理工大学集成电路与电子学院"),
            ("甲大学与微波与太赫兹技术研究所", "微波与太赫兹技术研究所"),
            ("会议由南京大学", "南京大学"),
            ("走进信利(仁寿)显示公司", "信利(仁寿)显示公司"),
            ("来自13家企业和四川大学", "四川大学"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let passage = Passage::new(&chars, &lexicon);
            let start = passage.name_start(chars.len(), 0);
            assert_eq!(passage.text(start..chars.len()), want, "{text}");
        }
    }

    #[test]
    fn a_quoted_sentence_ends_behind_its_mark() {
        let lexicon = lexicon();
        let chars: Vec<char> = "他说:“好。”会后签约。完".chars().collect();
        let passage = Passage::new(&chars, &lexicon);
        let shown: Vec<String> = passage.sentences().into_iter().map(|r| passage.text(r)).collect();
        assert_eq!(shown, ["他说:“好。”", "会后签约。", "完"]);
    }
}

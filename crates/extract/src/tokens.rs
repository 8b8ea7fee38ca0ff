//! A text → words, and which of them end the name of an organisation.

use std::ops::Range;

use crate::lexicon::Lexicon;
use crate::page::is_han;

/// What a word is to the reader of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// May stand in a name.
    Inner,
    /// The name of a region.
    Place,
    /// A number.
    Number,
    /// A counting word after a number.
    Measure,
    /// 与, 和, 及: joins two names or stands in one.
    Conjunction,
    /// Ends a name.
    Break,
    /// A sign.
    Sign,
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its characters.
    pub(crate) chars: Range<usize>,
    /// What it is.
    pub(crate) word: Word,
    /// Whether the dictionary has it as a name of a person.
    pub(crate) personal: bool,
    /// Whether the dictionary has it at all as a word of several characters.
    pub(crate) known: bool,
}

/// The words of a text, and for each character the word it stands in.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) list: Vec<Token>,
    at: Vec<u32>,
}

impl Tokens {
    /// The place in `list` of the word that holds the character.
    pub(crate) fn index(&self, at: usize) -> usize {
        self.at.get(at).map_or(self.list.len(), |&i| i as usize)
    }
    /// The word that holds the character.
    pub(crate) fn get(&self, at: usize) -> Option<&Token> {
        self.list.get(self.index(at))
    }
    /// Whether a word begins here (or the text ends).
    pub(crate) fn begins(&self, at: usize) -> bool {
        self.get(at).is_none_or(|t| t.chars.start == at)
    }
}

/// Cuts a text into words, line by line.
pub(crate) fn tokens(chars: &[char], lexicon: &Lexicon) -> Tokens {
    let mut out = Tokens { list: Vec::with_capacity(chars.len() / 2), at: Vec::with_capacity(chars.len()) };
    let mut start = 0;
    for line in chars.split_inclusive(|c| matches!(c, '\n' | '。' | ';')) {
        let text: String = line.iter().collect();
        for tag in lexicon.jieba.tag(&text, false) {
            let range = start + tag.start..start + tag.end;
            let index = u32::try_from(out.list.len()).unwrap_or(u32::MAX);
            out.at.resize(range.end, index);
            let word = class(tag.word, tag.tag, out.list.last(), lexicon);
            let long = tag.word.chars().nth(1).is_some();
            let personal = tag.tag.starts_with("nr");
            // 二十三所在某地: the word 所在 is none behind a number.
            if tag.word == "所在" && out.list.last().is_some_and(|t| t.word == Word::Number) {
                let cut = range.start + 1;
                out.list.push(Token { chars: range.start..cut, word: Word::Inner, personal: false, known: false });
                out.at[cut..].fill(index + 1);
                out.list.push(Token { chars: cut..range.end, word: Word::Break, personal: false, known: false });
                continue;
            }
            // 处处长 is a word of the dictionary, but it is the head of a 处.
            let doubled =
                tag.word.chars().count() == 3 && "处组部局室院所科".contains(tag.word.chars().next().unwrap_or(' '));
            if doubled && ["长", "员"].iter().any(|e| tag.word.ends_with(e)) {
                let first = range.start..range.start + 1;
                out.list.push(Token { chars: first, word: Word::Inner, personal: false, known: false });
                out.at[range.start + 1..].fill(index + 1);
                let rest = range.start + 1..range.end;
                out.list.push(Token { chars: rest, word: Word::Inner, personal: false, known: true });
                continue;
            }
            out.list.push(Token { chars: range, word, personal, known: long && lexicon.jieba.has_word(tag.word) });
        }
        start += line.len();
    }
    out
}

fn class(word: &str, tag: &str, before: Option<&Token>, lexicon: &Lexicon) -> Word {
    let first = word.chars().next().unwrap_or(' ');
    if lexicon.conjunctions.contains(word) {
        return Word::Conjunction;
    }
    // 促进会 is a verb to the dictionary.
    if lexicon.inner.contains(word) || lexicon.org_ends.contains(word) && word.chars().nth(1).is_some() {
        return Word::Inner;
    }
    if lexicon.regions.contains_key(word) {
        return Word::Place;
    }
    if lexicon.breaks.contains(word) {
        return Word::Break;
    }
    // 三个研究室, 两家企业: what is counted is no name.
    let counts = word.chars().nth(1).is_some_and(|c| "个家名位项批".contains(c)) && word.chars().nth(2).is_none();
    if counts && "一二两三四五六七八九十多几".contains(first) {
        return Word::Break;
    }
    let after_number = before.is_some_and(|t| t.word == Word::Number);
    if is_number(word) {
        return Word::Number;
    }
    if after_number && MEASURES.contains(&word) {
        return Word::Measure;
    }
    if !is_han(first) && !first.is_alphanumeric() {
        return Word::Sign;
    }
    let long = word.chars().nth(1).is_some();
    let breaking = matches!(tag.get(..1), Some("p" | "c" | "u" | "d" | "r" | "y" | "e")) || tag == "v" || tag == "t";
    if long && breaking { Word::Break } else { Word::Inner }
}

/// Counting words; after a number they end a name.
const MEASURES: [&str; 32] = [
    "家",
    "个",
    "名",
    "位",
    "项",
    "场",
    "次",
    "届",
    "余",
    "多",
    "批",
    "人",
    "件",
    "天",
    "月",
    "日",
    "年",
    "号",
    "支",
    "条",
    "余家",
    "余名",
    "年度",
    "元",
    "万元",
    "亿元",
    "美元",
    "亿美元",
    "万吨",
    "吨",
    "亩",
    "辆",
];

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十百千万亿零〇两.第".contains(c)) && word != "第"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_what_they_are() {
        let lexicon = Lexicon::new(&keqiao_catalog::builtin().unwrap());
        let chars: Vec<char> = "13家企业与南京大学在成都检测。".chars().collect();
        let tokens = tokens(&chars, &lexicon);
        let shown: Vec<Word> = tokens.list.iter().map(|t| t.word).collect();
        use Word::{Break, Conjunction, Inner, Measure, Number, Place, Sign};
        assert_eq!(shown, [Number, Measure, Inner, Conjunction, Inner, Break, Place, Inner, Sign]);
        assert!(tokens.begins(0) && tokens.begins(chars.len()) && !tokens.begins(1));
    }
}

//! Text as it was pasted → text as it was written.

use pinyin::ToPinyinMulti;
use unicode_normalization::UnicodeNormalization;

use crate::fold::{is_han, is_invisible, narrow};
use crate::mapped::{Cleaned, Mapper};

/// The longest syllable in characters, with tone marks written apart.
const LONGEST: usize = 8;

/// Removes the pinyin in brackets after a character (`學(xué)` → `學`), where the
/// syllable is a reading of that very character. Only lower-case syllables count:
/// `锂(Li)` is chemistry.
#[must_use]
pub fn strip_pinyin(text: &str) -> Cleaned {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Mapper::default();
    let mut i = 0;
    while i < chars.len() {
        out.push(chars[i], i);
        i = reading_end(&chars, i).unwrap_or(i + 1);
    }
    out.finish(chars.len())
}

/// Where the bracketed reading of the character at `i` ends.
fn reading_end(chars: &[char], i: usize) -> Option<usize> {
    if !is_han(chars[i]) || !matches!(chars.get(i + 1), Some('(' | '（')) {
        return None;
    }
    let inner = &chars[i + 2..chars.len().min(i + 3 + LONGEST)];
    let length = inner.iter().position(|c| matches!(c, ')' | '）'))?;
    let syllable = toneless(inner[..length].iter().copied())?;
    let mut readings = chars[i].to_pinyin_multi()?.into_iter();
    readings.any(|r| toneless(r.plain().chars()).as_deref() == Some(&syllable)).then_some(i + 3 + length)
}

/// A syllable without tone marks, with `v` for `ü`; `None` where it is none.
fn toneless(syllable: impl Iterator<Item = char>) -> Option<String> {
    let mut out = String::new();
    for c in syllable.nfd() {
        match narrow(c) {
            '\u{300}' | '\u{301}' | '\u{304}' | '\u{30c}' => {}
            '\u{308}' if out.ends_with('u') => {
                out.pop();
                out.push('v');
            }
            'ɑ' => out.push('a'),
            'ɡ' => out.push('g'),
            c if c.is_ascii_lowercase() => out.push(c),
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Cleans a pasted text: no pinyin in brackets, nothing invisible, `\n` for every kind
/// of line end, no white space at line ends, never more than one empty line.
#[must_use]
pub fn clean(text: &str) -> Cleaned {
    let stripped = strip_pinyin(text);
    let chars: Vec<char> = stripped.text.chars().collect();
    let mut out = Mapper::default();
    let mut breaks: Vec<usize> = Vec::new();
    let mut spaces: Vec<usize> = Vec::new();
    let mut begun = false;
    for (i, &c) in chars.iter().enumerate() {
        match c {
            '\r' if chars.get(i + 1) == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                spaces.clear();
                breaks.push(i);
            }
            _ if is_invisible(c) => {}
            _ if c.is_whitespace() => spaces.push(i),
            _ => {
                if begun {
                    breaks.iter().take(2).for_each(|&b| out.push('\n', b));
                }
                spaces.drain(..).for_each(|s| out.push(chars[s], s));
                breaks.clear();
                begun = true;
                out.push(c, i);
            }
        }
    }
    out.finish(chars.len()).after(&stripped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    #[test]
    fn readings_go_and_all_else_stays() {
        assert_eq!(strip_pinyin("學(xué)習(xí)").text, "學習");
        assert_eq!(strip_pinyin("长（zhǎng）女(nǚ)绿(lv)了(le)").text, "长女绿了");
        assert_eq!(strip_pinyin("学(ｘｕｅ)").text, "学");
        for kept in ["学(li)", "锂(Li)", "公司(中国)", "学()", "(xué)", "a(a)", "学(xué", "学(xue2)"] {
            assert_eq!(strip_pinyin(kept).text, kept);
        }
        assert_eq!(strip_pinyin("學(xué)習").origin, [0, 6, 7]);
    }

    #[test]
    fn a_pasted_text_is_cleaned_and_leads_back() {
        let c = clean("\n 學(xué)習\u{200b}好 \r\n\r\n\n\n 第二段\n");
        assert_eq!(c.text, " 學習好\n\n 第二段");
        let original: Vec<char> = "\n 學(xué)習\u{200b}好 \r\n\r\n\n\n 第二段\n".chars().collect();
        let at = c.text.chars().position(|x| x == '段').unwrap();
        assert_eq!(original[c.origin[at] as usize], '段');
    }

    /// What stands in brackets.
    fn bracketed(text: &str) -> Vec<&str> {
        let pieces = text.split(['(', '（']).skip(1);
        pieces.filter_map(|piece| piece.split_once([')', '）'])).map(|(within, _)| within).collect()
    }

    #[test]
    fn the_sample_articles_lose_all_their_readings_and_no_other_bracket() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
        let Ok(folder) = std::fs::read_dir(&seeds) else {
            eprintln!("skipped: no sample articles beside this checkout");
            return;
        };
        let (mut removed, mut kept) = (0, 0);
        for file in folder.map(|f| f.unwrap().path()) {
            let text = std::fs::read_to_string(file).unwrap();
            let stripped = strip_pinyin(&text).text;
            let (before, after) = (bracketed(&text), bracketed(&stripped));
            removed += before.len() - after.len();
            kept += after.len();
            let others: Vec<&str> = before.into_iter().filter(|b| toneless(b.chars()).is_none()).collect();
            assert_eq!(after, others);
        }
        println!("{removed} readings removed, {kept} other brackets kept");
        assert_eq!(removed, 612);
        assert!(kept > 20, "{kept}");
    }

    proptest! {
        #[test]
        fn only_syllables_go(text in "[学習长女(（)）a-zé\\n中 ]{0,60}") {
            let c = strip_pinyin(&text);
            prop_assert!(c.origin.is_sorted());
            let chars: Vec<char> = text.chars().collect();
            let kept: std::collections::HashSet<u32> = c.origin.iter().copied().collect();
            for (i, x) in chars.iter().enumerate().filter(|(i, _)| !kept.contains(&(*i as u32))) {
                prop_assert!(matches!(x, '(' | ')' | '（' | '）' | 'é' | 'a'..='z'), "{} at {}", x, i);
            }
        }

        #[test]
        fn any_text_is_cleaned(text: String) {
            let c = clean(&text);
            prop_assert!(c.origin.is_sorted());
            prop_assert_eq!(c.origin.len(), c.text.chars().count() + 1);
            prop_assert_eq!(&clean(&c.text).text, &c.text);
        }
    }
}

//! One spelling for what readers take as the same: width, case, script variants, marks.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose};

use crate::mapped::{Folded, Mapped, place};
use crate::simplify::{Simplifier, simplifier};

/// Folds texts.
pub(crate) struct Folder {
    simplifier: &'static Simplifier,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { simplifier: simplifier() }
    }

    pub(crate) fn fold(&self, text: &str) -> Folded {
        let mut chars: Vec<char> = Vec::with_capacity(text.len() / 2);
        let mut origin: Vec<u32> = Vec::with_capacity(text.len() / 2);
        let mut length = 0;
        let mut traditional = false;
        for (i, c) in text.chars().enumerate() {
            length = i + 1;
            if canonical_combining_class(c) != 0
                && let Some(last) = chars.last_mut()
                && let Some(one) = compose(*last, c)
            {
                *last = one;
                continue;
            }
            fold_char(c, |f| {
                traditional |= self.simplifier.may_change(f);
                chars.push(f);
                origin.push(place(i));
            });
        }
        if traditional {
            self.simplifier.simplify(&mut chars);
        }
        origin.push(place(length));
        Mapped { text: chars.into_iter().collect(), origin }
    }
}

/// Whether a character is a Han character.
pub(crate) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// Whether a character is written and read together with its neighbours without spaces.
pub(crate) const fn is_cjk(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3041}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Whether a character is invisible and carries nothing: zero-width, direction
/// mark, variation selector, soft hyphen, control other than white space.
pub(crate) fn is_invisible(c: char) -> bool {
    match c {
        '\n' | '\t' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}

/// One character in the width, mark and sign it is read as; keeps case and length.
pub(crate) const fn narrow(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' | '\u{2500}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{ff5e}' | '\u{301c}' | '\u{223c}' | '\u{2dc}' => '~',
        '\u{b5}' => '\u{3bc}',
        '\u{2126}' => '\u{3a9}',
        '\u{212a}' => 'K',
        '\u{3000}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ' ',
        '\u{ff01}'..='\u{ff5d}' => match char::from_u32(c as u32 - 0xfee0) {
            Some(half) => half,
            None => c,
        },
        _ => c,
    }
}

/// One sign for the quotation marks, and for the strokes of feet and inches.
const fn quote(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{300c}'..='\u{300f}' => '"',
        _ => c,
    }
}

/// Folds one character, handing the result (none, one or several characters) to `push`:
/// half width, lower case, one sign for the dashes, tildes, quotes and micro signs;
/// invisible characters vanish, `℃` and `°` stay. Han characters are left as they are.
pub fn fold_char(c: char, mut push: impl FnMut(char)) {
    match c {
        ' '..='~' => push(c.to_ascii_lowercase()),
        '\n' | '℃' | '℉' | '°' => push(c),
        '\u{3400}'..='\u{9fff}' => push(c),
        _ if is_invisible(c) => {}
        _ if c.is_whitespace() => push(' '),
        _ => {
            for n in std::iter::once(quote(narrow(c))).nfkc() {
                narrow(n).to_lowercase().for_each(&mut push);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::new);

    fn fold(text: &str) -> String {
        FOLDER.fold(text).text
    }

    #[test]
    fn width_case_and_marks_are_one() {
        assert_eq!(fold("ＡＥＣ－Ｑ１００　Ｇｒａｄｅ １"), "aec-q100 grade 1");
        assert_eq!(fold("−40℃～＋125°C"), "-40℃~+125°c");
        assert_eq!(fold("5µm 5μm 10ＭΩ 10MΩ"), "5μm 5μm 10mω 10mω");
        assert_eq!(fold("“芯”「片」"), "\"芯\"\"片\"");
        assert_eq!(fold("碳\u{200b}化\u{feff}硅\u{7}"), "碳化硅");
        assert_eq!(fold("a\r\nb\tc"), "a \nb c");
        assert_eq!(fold("cafe\u{301} ㎡"), "café m2");
    }

    #[test]
    fn traditional_becomes_simplified_by_phrase() {
        assert_eq!(fold("積體電路與軟體"), "积体电路与软体");
        assert_eq!(fold("乾燥 乾坤 著作 頭髮"), "干燥 乾坤 著作 头发");
    }

    #[test]
    fn origins_lead_back() {
        let folded = FOLDER.fold("Ａ\u{200b}㎡學");
        assert_eq!(folded.text, "am2学");
        assert_eq!(folded.origin, [0, 2, 2, 3, 4]);
        assert_eq!(folded.span(3, 4), 3..4);
        assert_eq!(FOLDER.fold("").origin, [0]);
    }

    proptest! {
        #[test]
        fn origins_grow_and_fit(text: String) {
            let folded = FOLDER.fold(&text);
            prop_assert_eq!(folded.origin.len(), folded.text.chars().count() + 1);
            prop_assert!(folded.origin.is_sorted());
            prop_assert_eq!(folded.origin.last().map(|&o| o as usize), Some(text.chars().count()));
        }

        #[test]
        fn han_of_any_kind_keeps_its_length(text in "[\u{4e00}-\u{9fa5}\u{20000}-\u{20100}a-z]*") {
            prop_assert_eq!(fold(&text).chars().count(), text.chars().count());
        }
    }
}

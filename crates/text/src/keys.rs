//! Names as they are typed without a Chinese keyboard.

use pinyin::{ToPinyin, ToPinyinMulti};

use crate::fold::fold_char;

/// How many spellings a name gets at most.
const MOST: usize = 8;

/// A name's spellings in Latin letters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameKeys {
    /// In full (`wuxi`), the commonest readings first; `ü` is `v`.
    pub full: Vec<String>,
    /// First letters (`wx`), in the same order without repeats.
    pub initials: Vec<String>,
}

/// Writes how a word is read to `out`, each character by its commonest reading; `ü` is `v`.
/// Says whether every character has a reading; of a word where one has none, a part is written.
pub fn push_reading(word: &str, out: &mut String) -> bool {
    word.chars().all(|c| {
        let reading = c.to_pinyin();
        out.extend(reading.into_iter().flat_map(|r| r.plain().chars()).map(|c| if c == 'ü' { 'v' } else { c }));
        reading.is_some()
    })
}

/// The spellings of a name. A character with several readings gives a few alternatives,
/// one character at a time; Latin letters and digits stay, all else is left out.
#[must_use]
pub fn pinyin_keys(name: &str) -> NameKeys {
    let mut readings: Vec<Vec<String>> = Vec::new();
    for c in name.chars() {
        match c.to_pinyin_multi() {
            Some(multi) => {
                let mut of_one: Vec<String> = Vec::new();
                for reading in multi {
                    let plain = reading.plain().replace('ü', "v");
                    if !of_one.contains(&plain) {
                        of_one.push(plain);
                    }
                }
                readings.push(of_one);
            }
            None => fold_char(c, |f| {
                if f.is_alphanumeric() {
                    readings.push(vec![f.to_string()]);
                }
            }),
        }
    }
    let mut keys = NameKeys::default();
    if readings.is_empty() {
        return keys;
    }
    let mut chosen = vec![0; readings.len()];
    add(&mut keys, &readings, &chosen);
    for i in 0..readings.len() {
        for other in 1..readings[i].len() {
            if keys.full.len() >= MOST {
                return keys;
            }
            chosen[i] = other;
            add(&mut keys, &readings, &chosen);
        }
        chosen[i] = 0;
    }
    keys
}

fn add(keys: &mut NameKeys, readings: &[Vec<String>], chosen: &[usize]) {
    let syllables = || readings.iter().zip(chosen).map(|(of_one, &i)| of_one[i].as_str());
    keys.full.push(syllables().collect());
    let initials: String = syllables().filter_map(|s| s.chars().next()).collect();
    if !keys.initials.contains(&initials) {
        keys.initials.push(initials);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_spelt() {
        let keys = pinyin_keys("无锡");
        assert_eq!((keys.full[0].as_str(), keys.initials[0].as_str()), ("wuxi", "wx"));
        assert!(pinyin_keys("重庆").full.contains(&"chongqing".to_owned()));
        assert!(pinyin_keys("重庆").initials.contains(&"cq".to_owned()));
        assert_eq!(pinyin_keys("ＴＣＬ 2所").full[0], "tcl2suo");
        assert_eq!(pinyin_keys("绿").full[0], "lv");
        assert_eq!(pinyin_keys("——"), NameKeys::default());
    }

    #[test]
    fn words_are_read_by_their_commonest_readings() {
        let read = |word: &str| {
            let mut out = String::new();
            push_reading(word, &mut out).then_some(out)
        };
        for word in ["重庆", "绿色", "长度", "封装", "银行"] {
            assert_eq!(read(word).as_ref(), pinyin_keys(word).full.first(), "{word}");
        }
        assert_eq!(read("5纳"), None);
    }

    proptest! {
        #[test]
        fn spellings_are_few(name: String) {
            let keys = pinyin_keys(&name);
            prop_assert!(keys.full.len() <= MOST && keys.initials.len() <= keys.full.len());
        }
    }
}

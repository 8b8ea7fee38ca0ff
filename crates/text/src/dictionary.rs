//! The general dictionary of Chinese words.

use std::io::BufReader;

use flate2::read::GzDecoder;
use jieba_rs::Jieba;

/// The dictionary of the jieba project (MIT): words, how often they were met, their parts of speech.
/// That of its crate stays in memory as text beside what is made of it.
const WORDS: &[u8] = include_bytes!("../data/dictionary.txt.gz");

/// A cutter of texts with the general dictionary alone, made anew with each call (about 100 ms).
///
/// # Panics
/// When the dictionary in the program is damaged.
#[must_use]
pub fn dictionary() -> Jieba {
    Jieba::with_dict(&mut BufReader::new(GzDecoder::new(WORDS))).expect("every line is a word and a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_words_are_known_with_their_parts_of_speech() {
        let jieba = dictionary();
        let tags: Vec<(&str, &str)> = jieba.tag("我们在北京大学", false).iter().map(|t| (t.word, t.tag)).collect();
        assert_eq!(tags, [("我们", "r"), ("在", "p"), ("北京大学", "nt")]);
    }
}

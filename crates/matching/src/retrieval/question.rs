//! A need's text as the channels hold it against one offer after another.

use std::sync::Arc;

use keqiao_text::{Text, is_stop_word};

use super::encoder::Encoder;
use super::fusion::{CHANNELS, Channel, Fusion, Seen};
use super::grams::{each_key, is_character, is_piece, piece};
use super::meaning::{add, dot, unit};
use super::model::Model;
use super::postings::Bm25;
use super::quantised::{Quantised, restored};
use super::sought::{Keys, Met, Words};
use super::terms::STOP;

/// A pair, a piece or a character of the question.
#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    /// What it weighs among pairs; 0 for a character.
    pair: f32,
    /// What it weighs among characters; 0 for a pair.
    character: f32,
}

/// The texts that a need is held against.
pub struct Collection<'a> {
    /// By what texts are folded.
    pub text: &'a Text,
    /// Bytes of a folded text, on average.
    pub average: f32,
    /// What they taught; `None`: nothing yet.
    pub model: Option<Arc<Model>>,
    /// What made the vectors of their meanings.
    pub encoder: Option<Arc<dyn Encoder>>,
}

/// A term: the words it may stand as, and what it weighs.
pub(crate) struct Weighted<'a> {
    pub(crate) words: Vec<&'a str>,
    pub(crate) weight: f32,
}

/// What a question sees of a text.
pub(crate) struct Looked {
    pub(crate) seen: Seen,
    /// The words of terms that stand in it, by part (from 0) and number, in this order.
    pub(crate) words: Vec<(usize, usize)>,
}

/// What is asked, ready to be held against texts. What a channel says of a text is its BM25 as part of that of a
/// text of average length in which all that is asked stands once, at most 1; nearness of meaning is a cosine.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    keys: Keys,
    /// By the numbers of the keys.
    asked: Vec<Asked>,
    words: Words,
    /// The term of each word.
    term_of: Vec<usize>,
    /// What the terms weigh.
    terms: Vec<f32>,
    /// The sums of the weights of words, pairs and characters.
    whole: [f32; 3],
    /// Bytes of a text, on average.
    average: f32,
    /// Whether it is known how rare characters are.
    rare_characters: bool,
    meant: Option<Meant>,
}

#[derive(Debug, Clone)]
struct Meant {
    encoder: Arc<dyn Encoder>,
    alone: Vec<f32>,
    /// What it means together with what was found for it at first.
    fed: Vec<f32>,
}

impl Question {
    /// Of a folded text and its terms. `rarity` tells how rare a pair or a piece is where no model does.
    pub(crate) fn of(
        folded: &str,
        terms: &[Weighted<'_>],
        collection: &Collection<'_>,
        rarity: impl Fn(&str) -> f32,
    ) -> Self {
        let mut texts: Vec<(u64, f32)> = Vec::new();
        let mut keys = Keys::new();
        each_key(folded, |key| {
            let number = keys.add(key);
            if number > texts.len() {
                texts.push((key, 0.0));
            }
            texts[number - 1].1 += 1.0;
        });
        let mut asked = vec![Asked::default()];
        for (key, count) in texts {
            let said = if is_piece(key) { piece_of(folded, key) } else { written(key) };
            let rare = match &collection.model {
                Some(model) => model.rarity(key),
                None if is_character(key) => 0.0,
                None => rarity(&said),
            };
            let stop = if is_stop_word(&said) { STOP } else { 1.0 };
            let weight = stop * (1.0 + f32::ln(count)) * rare;
            let (among_pairs, among_characters) = (!is_character(key), is_character(key) || is_piece(key));
            asked.push(Asked {
                pair: if among_pairs { weight } else { 0.0 },
                character: if among_characters { weight } else { 0.0 },
            });
        }
        // Words of the terms may be written with what the text has not: other names, keywords.
        let words = Words::of(terms.iter().flat_map(|t| t.words.iter().copied()), &mut keys);
        let term_of = terms.iter().enumerate().flat_map(|(n, t)| std::iter::repeat_n(n, t.words.len())).collect();
        asked.resize(keys.end(), Asked::default());
        let terms: Vec<f32> = terms.iter().map(|t| t.weight).collect();
        let whole = [terms.iter().sum(), asked.iter().map(|a| a.pair).sum(), asked.iter().map(|a| a.character).sum()];
        let meant = collection.encoder.as_ref().and_then(|encoder| {
            let alone = encoder.encode(&[folded])?;
            Some(Meant { fed: alone.clone(), alone, encoder: Arc::clone(encoder) })
        });
        let rare_characters = collection.model.is_some();
        let average = collection.average.max(1.0);
        Self { keys, asked, words, term_of, terms, whole, average, rare_characters, meant }
    }

    /// Which channels say anything at all.
    pub(crate) fn hears(&self, channel: Channel) -> bool {
        match channel {
            Channel::Words | Channel::Pairs => true,
            Channel::Characters => self.rare_characters,
            Channel::Meaning | Channel::Feedback => self.meant.is_some(),
            Channel::Votes | Channel::Asked => false,
        }
    }

    /// The share of each channel's weight among those that say anything.
    pub(crate) fn shares(&self, fusion: &Fusion) -> impl Iterator<Item = (Channel, f64)> {
        let heard = Channel::ALL.into_iter().filter(|c| self.hears(*c));
        let heard: Vec<_> = heard.map(|c| (c, f64::from(fusion.0[c as usize]))).filter(|(_, w)| *w > 0.0).collect();
        let all: f64 = heard.iter().map(|(_, weight)| weight).sum();
        heard.into_iter().map(move |(channel, weight)| (channel, weight / all))
    }

    /// What words, pairs and characters say of a text in folded parts.
    pub(crate) fn look(&self, parts: &[&str]) -> Looked {
        let (mut met, mut words) = (Met::none(&self.keys), Vec::new());
        for (text, number) in parts.iter().zip(1..) {
            met.take_in(&self.keys, text, number);
            self.words.each_in(&met, text, number, |word| words.push((number as usize - 1, word)));
        }
        Looked { seen: self.seen(parts, &met, &words), words }
    }

    fn seen(&self, parts: &[&str], met: &Met, words: &[(usize, usize)]) -> Seen {
        // In how many parts each term stands; the words of one follow each other.
        let mut standing = vec![0.0_f32; self.terms.len()];
        let in_part = words.iter().map(|(part, word)| (*part, self.term_of[*word]));
        let mut last = None;
        for here in in_part {
            standing[here.1] += if last == Some(here) { 0.0 } else { 1.0 };
            last = Some(here);
        }
        let (by, length) = (Bm25::OURS, parts.iter().map(|p| p.len()).sum::<usize>() as f32);
        let norm = by.k1 * (1.0 - by.b + by.b * length / self.average);
        let worth = |count: f32| count * (by.k1 + 1.0) / (count + norm);
        let mut sums = [0.0_f32; 3];
        for (weight, count) in self.terms.iter().zip(standing).filter(|(_, count)| *count > 0.0) {
            sums[0] += weight * worth(count);
        }
        for (asked, count) in self.asked.iter().zip(met.counts()).filter(|(_, count)| *count > 0.0) {
            let worth = worth(count);
            sums[1] += asked.pair * worth;
            sums[2] += asked.character * worth;
        }
        let mut seen = [0.0; CHANNELS];
        for (channel, (sum, whole)) in
            [Channel::Words, Channel::Pairs, Channel::Characters].into_iter().zip(sums.into_iter().zip(self.whole))
        {
            seen[channel as usize] = if whole > 0.0 { (sum / whole).min(1.0) } else { 0.0 };
        }
        seen
    }

    /// Adds what is said of a text of this meaning.
    pub(crate) fn compare(&self, seen: &mut Seen, vector: &[f32]) {
        if let Some(meant) = &self.meant {
            seen[Channel::Meaning as usize] = dot(&meant.alone, vector).clamp(0.0, 1.0);
            seen[Channel::Feedback as usize] = dot(&meant.fed, vector).clamp(0.0, 1.0);
        }
    }

    /// The same, the meaning read from the text itself.
    pub(crate) fn compare_text(&self, seen: &mut Seen, parts: &[&str]) {
        if let Some(vector) = self.meant.as_ref().and_then(|meant| meant.encoder.encode(parts)) {
            // As vectors are kept, so that a text is as near as the listing that says the same.
            let kept = Quantised::of(&vector);
            self.compare(seen, &restored(&kept.steps, kept.worth));
        }
    }

    /// What it means.
    pub(crate) fn meant(&self) -> Option<&[f32]> {
        self.meant.as_ref().map(|m| m.alone.as_slice())
    }

    /// Pseudo-relevance feedback: the meanings of what was found at first, each with its score.
    pub(crate) fn feed<'a>(&mut self, found: impl Iterator<Item = (&'a [f32], f32)> + Clone) {
        let all: f32 = found.clone().map(|(_, score)| score).sum();
        if let Some(meant) = self.meant.as_mut().filter(|_| all > 0.0) {
            meant.fed.clone_from(&meant.alone);
            found.for_each(|(vector, score)| add(&mut meant.fed, vector, score / all));
            unit(&mut meant.fed);
        }
    }
}

/// The characters of a key that is no piece's.
fn written(key: u64) -> String {
    let (first, last) = ((key >> 32) as u32, key as u32);
    [first, last].into_iter().filter(|c| *c > 0).filter_map(char::from_u32).collect()
}

/// The piece of a text that has a key.
fn piece_of(folded: &str, key: u64) -> String {
    let pieces = folded.split(|c: char| super::terms::is_han(c) || !c.is_alphanumeric());
    pieces.into_iter().find(|p| !p.is_empty() && piece(p) == key).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::LEXICON;

    fn question(model: Option<Arc<Model>>) -> Question {
        let encoder = model.clone().map(|model| -> Arc<dyn Encoder> { model });
        asked_with(model, encoder)
    }

    fn asked_with(model: Option<Arc<Model>>, encoder: Option<Arc<dyn Encoder>>) -> Question {
        let collection = Collection { text: LEXICON.text(), average: 40.0, model, encoder };
        let terms = [("碳化硅", 1.0), ("sic", 3.0)].map(|(word, weight)| Weighted { words: vec![word], weight });
        Question::of("碳化硅衬底 sic", &terms, &collection, |_| 1.0)
    }

    fn model() -> Option<Arc<Model>> {
        let texts: Vec<String> = (0..60).map(|i| format!("碳化硅衬底{i}号 小麦{i}号")).collect();
        Model::teach(&texts).map(Arc::new)
    }

    #[derive(Debug)]
    struct Silent;

    impl Encoder for Silent {
        fn encode(&self, _: &[&str]) -> Option<Vec<f32>> {
            None
        }
    }

    #[test]
    fn a_text_that_has_all_of_it_stands_above_one_that_has_some() {
        let question = question(None);
        let all = question.look(&["碳化硅衬底", "sic"]);
        assert_eq!(all.words, [(0, 0), (1, 1)]);
        let (all, some) = (all.seen, question.look(&["碳化硅外延", "设备"]).seen);
        assert!(all[0] > some[0] && all[1] > some[1] && some[1] > 0.0, "{all:?} {some:?}");
        assert!(all.iter().all(|v| (0.0..=1.0).contains(v)));
        assert_eq!(question.look(&[""]).seen, [0.0; CHANNELS]);
    }

    #[test]
    fn without_a_model_two_channels_share_all_the_weight() {
        let shares: Vec<_> = question(None).shares(&Fusion::default()).collect();
        assert_eq!(shares.iter().map(|(c, _)| *c).collect::<Vec<_>>(), [Channel::Words, Channel::Pairs]);
        assert!((shares.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(question(model()).shares(&Fusion::default()).count(), 5);
    }

    #[test]
    fn where_meaning_cannot_be_told_the_other_channels_share_its_weight() {
        let silent = asked_with(model(), Some(Arc::new(Silent)));
        let shares: Vec<_> = silent.shares(&Fusion::default()).collect();
        assert_eq!(
            shares.iter().map(|(c, _)| *c).collect::<Vec<_>>(),
            [Channel::Words, Channel::Pairs, Channel::Characters]
        );
        assert!((shares.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-12);
        let mut seen = [0.5; CHANNELS];
        silent.compare_text(&mut seen, &["碳化硅"]);
        assert_eq!(seen, [0.5; CHANNELS]);
    }

    #[test]
    fn pieces_and_keys_are_written_as_they_stand() {
        assert_eq!(piece_of("碳化硅 sic,8英寸", piece("8")), "8");
        assert_eq!(written(super::super::grams::pair('碳', '化')), "碳化");
        assert_eq!(written(super::super::grams::character('碳')), "碳");
    }
}

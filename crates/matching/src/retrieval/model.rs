//! What a store's own texts teach: which pairs and characters are rare, and what lies near in meaning.

use super::grams::{KeyTable, each_key, is_character};
use super::meaning::{Meaning, add, unit};
use super::postings::Counts;

/// Most numbers of a vector: what a million of them take in memory is bounded.
const MOST_DIMENSIONS: usize = 64;
/// The first bytes of a model's file; the number counts changes of form.
const MARK: &[u8; 8] = b"kqmodel1";

/// Taught by a sample of texts; the same sample gives the same model, whatever stands beside it.
#[derive(Debug, Clone)]
pub struct Model {
    /// Texts that taught it.
    taught_by: u32,
    /// Numbers of the keys it knows.
    known: KeyTable,
    /// Of each its key.
    keys: Vec<u64>,
    /// Of each how rare it is.
    rarity: Vec<f32>,
    /// Numbers of a vector.
    dimensions: usize,
    /// Of each that is a pair or a piece its vector; characters come last and have none.
    vectors: Vec<f32>,
}

impl Model {
    /// Learns from folded texts. `None` where they are too few to teach anything.
    #[must_use]
    pub fn teach(texts: &[String]) -> Option<Self> {
        let (mut numbers, mut keys, mut with) = (KeyTable::default(), Vec::new(), Vec::<u32>::new());
        let mut counts: Vec<Counts> = Vec::with_capacity(texts.len());
        for text in texts {
            let mut own: Vec<u32> = Vec::new();
            each_key(text, |key| {
                let number = numbers.get_or_insert(key, keys.len() as u32);
                if number as usize == keys.len() {
                    keys.push(key);
                    with.push(0);
                }
                own.push(number);
            });
            let own = counted(own);
            own.iter().for_each(|(number, _)| with[*number as usize] += 1);
            counts.push(own);
        }
        let of_pairs: Vec<Counts> = counts
            .into_iter()
            .map(|own| own.into_iter().filter(|(n, _)| !is_character(keys[*n as usize])).collect())
            .collect();
        let dimensions = (texts.len() / 5).clamp(16, MOST_DIMENSIONS);
        let meaning = Meaning::of(&of_pairs, keys.len(), dimensions);
        if meaning.dimensions() == 0 {
            return None;
        }
        let mut model = Self {
            taught_by: texts.len() as u32,
            known: KeyTable::default(),
            keys: Vec::new(),
            rarity: Vec::new(),
            dimensions: meaning.dimensions(),
            vectors: Vec::new(),
        };
        for (number, key) in keys.iter().enumerate() {
            if let Some((rarity, vector)) = meaning.of_term(number as u32) {
                model.keys.push(*key);
                model.rarity.push(rarity);
                model.vectors.extend_from_slice(vector);
            }
        }
        for (key, with) in keys.iter().zip(&with).filter(|(key, with)| is_character(**key) && **with > 1) {
            model.keys.push(*key);
            model.rarity.push(((texts.len() as f32 + 1.0) / (*with as f32 + 0.5)).ln().max(0.0));
        }
        model.number();
        Some(model)
    }

    fn number(&mut self) {
        self.known = KeyTable::with_capacity(self.keys.len());
        for (key, number) in self.keys.iter().zip(0..) {
            self.known.get_or_insert(*key, number);
        }
    }

    /// Numbers of a vector.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// How rare a key is; one that it does not know is the rarest.
    pub(crate) fn rarity(&self, key: u64) -> f32 {
        let rarest = (self.taught_by as f32 + 1.0).ln();
        self.known.get(key).map_or(rarest, |number| self.rarity[number as usize])
    }

    /// The meaning of a text, given in folded parts: a vector of length 1, or of 0 where it knows nothing of it.
    #[must_use]
    pub fn vector(&self, parts: &[&str]) -> Vec<f32> {
        let learned = (self.vectors.len() / self.dimensions) as u32;
        let mut own = Vec::new();
        for part in parts {
            each_key(part, |key| {
                if !is_character(key) {
                    own.extend(self.known.get(key).filter(|number| *number < learned));
                }
            });
        }
        let mut sum = vec![0.0; self.dimensions];
        for (number, count) in counted(own) {
            let row = &self.vectors[number as usize * self.dimensions..][..self.dimensions];
            add(&mut sum, row, (1.0 + count.ln()) * self.rarity[number as usize]);
        }
        unit(&mut sum);
        sum
    }

    /// As it is kept in a file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        for number in [self.taught_by, self.dimensions as u32, self.keys.len() as u32, self.vectors.len() as u32] {
            bytes.extend(number.to_le_bytes());
        }
        self.keys.iter().for_each(|key| bytes.extend(key.to_le_bytes()));
        self.rarity.iter().chain(&self.vectors).for_each(|number| bytes.extend(number.to_le_bytes()));
        bytes
    }

    /// From a file; `None`: it is none of a model, or cut off, or holds what is no number.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MARK)?;
        let (head, rest) = rest.split_at_checked(16)?;
        let four = |part: &[u8]| part.try_into().map(u32::from_le_bytes).ok();
        let head: Vec<u32> = head.chunks(4).map_while(four).collect();
        let [taught_by, dimensions, keys, vectors] = head[..] else { return None };
        let (keys, rest) = rest.split_at_checked(8 * keys as usize)?;
        let keys: Vec<u64> = keys.chunks(8).filter_map(|key| key.try_into().map(u64::from_le_bytes).ok()).collect();
        if rest.len() != 4 * (keys.len() + vectors as usize) || dimensions == 0 || vectors % dimensions != 0 {
            return None;
        }
        let mut rarity: Vec<f32> = rest.chunks(4).filter_map(four).map(f32::from_bits).collect();
        let vectors = rarity.split_off(keys.len());
        if !rarity.iter().chain(&vectors).all(|n| n.is_finite()) || vectors.len() / dimensions as usize > keys.len() {
            return None;
        }
        let dimensions = dimensions as usize;
        let mut model = Self { taught_by, known: KeyTable::default(), keys, rarity, dimensions, vectors };
        model.number();
        Some(model)
    }
}

/// Numbers with how often each stands there, in their order.
pub(crate) fn counted(mut numbers: Vec<u32>) -> Counts {
    numbers.sort_unstable();
    numbers.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retrieval::grams::character;
    use crate::retrieval::meaning::dot;

    fn texts() -> Vec<String> {
        let of = |i: usize| match i % 2 {
            0 => format!("碳化硅衬底缺陷检测{}号方案", i),
            _ => format!("小麦赤霉病防治{}号方案", i),
        };
        (0..60).map(of).collect()
    }

    #[test]
    fn texts_of_one_subject_lie_near_each_other() {
        let model = Model::teach(&texts()).unwrap();
        let of = |text: &str| model.vector(&[text]);
        assert!(dot(&of("硅衬底"), &of("缺陷检测")) > 0.8);
        assert!(dot(&of("硅衬底"), &of("赤霉病")) < 0.3);
        assert!(of("完全不同").iter().all(|n| *n == 0.0));
        assert!(model.rarity(character('碳')) < model.rarity(character('龘')));
    }

    #[test]
    fn it_reads_back_as_it_was_and_a_damaged_file_is_none() {
        let model = Model::teach(&texts()).unwrap();
        let bytes = model.to_bytes();
        assert_eq!(Model::teach(&texts()).unwrap().to_bytes(), bytes, "the same texts give the same model");
        let back = Model::from_bytes(&bytes).unwrap();
        assert_eq!(back.vector(&["碳化硅", "衬底"]), model.vector(&["碳化硅", "衬底"]));
        assert_eq!(back.rarity(character('碳')), model.rarity(character('碳')));
        let mut poisoned = bytes.clone();
        let end = bytes.len() - 4;
        poisoned[end..].copy_from_slice(&f32::NAN.to_le_bytes());
        for bad in [&bytes[..bytes.len() - 1], &bytes[..20], &bytes[1..], &poisoned[..], b""] {
            assert!(Model::from_bytes(bad).is_none());
        }
    }

    #[test]
    fn nothing_teaches_nothing() {
        assert!(Model::teach(&[]).is_none());
        assert!(Model::teach(&["碳化硅".to_owned()]).is_none());
    }
}

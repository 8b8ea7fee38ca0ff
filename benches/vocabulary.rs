//! Words of the field with the frequencies of a natural text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use keqiao_catalog::Catalog;

use crate::{Done, Rng};

const WORDS: usize = 20_000;
/// Flattens the top of the distribution, as it is flat in natural text (Mandelbrot's term).
const MANDELBROT: f64 = 8.0;

/// About 20,000 words: those of the demo texts by their frequency, then the catalog's, then compounds
/// and part numbers.
pub(crate) struct Vocabulary {
    words: Vec<String>,
    cumulative: Vec<f64>,
}

impl Vocabulary {
    pub(crate) fn new(catalog: &Catalog, demo: &Path) -> Done<Self> {
        let mut rng = Rng::new(7);
        let mut words = demo_words(demo)?;
        let mut known: BTreeSet<String> = words.iter().cloned().collect();
        let mut rest = catalog_words(catalog);
        shuffle(&mut rest, &mut rng);
        words.extend(rest.into_iter().filter(|w| known.insert(w.clone())));
        let base = words.len();
        while words.len() < WORDS {
            let word = match words.len() % 8 {
                0 => part_number(&mut rng),
                _ => format!("{}{}", words[rng.below(base)], words[rng.below(base)]),
            };
            if word.chars().count() <= 12 && known.insert(word.clone()) {
                words.push(word);
            }
        }
        words.truncate(WORDS);
        let mut sum = 0.0;
        let weights = (0..words.len()).map(|rank| {
            sum += 1.0 / (rank as f64 + MANDELBROT);
            sum
        });
        let cumulative = weights.collect();
        Ok(Self { words, cumulative })
    }

    /// A word, the frequent ones more often.
    pub(crate) fn word(&self, rng: &mut Rng) -> &str {
        let all = self.cumulative.last().copied().unwrap_or_default();
        let at = rng.unit() * all;
        let place = self.cumulative.partition_point(|sum| *sum < at);
        &self.words[place.min(self.words.len() - 1)]
    }

    /// So many words.
    pub(crate) fn words<'a>(&'a self, rng: &mut Rng, count: usize) -> Vec<&'a str> {
        (0..count).map(|_| self.word(rng)).collect()
    }

    /// Words as a sentence until it has so many characters.
    pub(crate) fn sentence(&self, rng: &mut Rng, chars: usize) -> String {
        let (mut words, mut length) = (Vec::new(), 0);
        while length < chars {
            let word = self.word(rng);
            length += word.chars().count();
            words.push(word);
        }
        sentence_of(&words)
    }
}

/// Words one after another, with a mark after every ninth.
pub(crate) fn sentence_of(words: &[&str]) -> String {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut text = String::new();
    for (word, number) in words.iter().zip(1..) {
        if latin(text.chars().last()) && latin(word.chars().next()) {
            text.push(' ');
        }
        text.push_str(word);
        if number % 9 == 0 {
            text.push(if number % 27 == 0 { '。' } else { '，' });
        }
    }
    text
}

fn shuffle(list: &mut [String], rng: &mut Rng) {
    for end in (1..list.len()).rev() {
        list.swap(end, rng.below(end + 1));
    }
}

fn part_number(rng: &mut Rng) -> String {
    let letter = |rng: &mut Rng| char::from(b'A' + rng.below(26) as u8);
    format!("{}{}{}{}", letter(rng), letter(rng), letter(rng), 100 + rng.below(9_900))
}

/// The demo files, all below `demo/`.
pub(crate) fn demo_files(demo: &Path) -> Done<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(demo)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(demo_files(&path)?);
        } else if path.extension().is_some_and(|e| e == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn demo_words(demo: &Path) -> Done<Vec<String>> {
    let jieba = keqiao_text::dictionary();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for file in demo_files(demo)? {
        for line in std::fs::read_to_string(file)?.lines() {
            let record: serde_json::Value = serde_json::from_str(line)?;
            for text in ["title", "summary", "body"].iter().filter_map(|key| record[key].as_str()) {
                for token in jieba.cut(text, true) {
                    let word = token.word;
                    if word.chars().count() > 1 && word.chars().all(char::is_alphanumeric) {
                        *counts.entry(word.to_owned()).or_default() += 1;
                    }
                }
            }
        }
    }
    let mut words: Vec<(usize, String)> = counts.into_iter().map(|(word, n)| (n, word)).collect();
    words.sort_by(|a, b| b.cmp(a));
    Ok(words.into_iter().map(|(_, word)| word).collect())
}

fn catalog_words(catalog: &Catalog) -> Vec<String> {
    let mut words: Vec<String> = catalog.thesaurus.groups.iter().flatten().cloned().collect();
    for property in catalog.properties.values() {
        words.push(property.name.zh.clone());
        words.extend(property.synonyms.iter().cloned());
        words.extend(property.choices.iter().map(|choice| choice.name.zh.clone()));
    }
    for taxonomy in catalog.taxonomies.values() {
        words.extend(taxonomy.nodes.iter().map(|node| node.name.zh.clone()));
    }
    words.retain(|word| (2..=12).contains(&word.chars().count()) && !word.contains([',', '"', '\n']));
    words.sort();
    words.dedup();
    words
}

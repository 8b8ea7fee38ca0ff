//! Matching without a store: offers from a JSONL file, a need from a text.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use keqiao_domain::{Reason, Requirement, Side};
use serde::Serialize;

use crate::lexicon::Lexicon;
use crate::line::ListingLine;
use crate::need::{Need, TermStats};
use crate::offer::Offer;
use crate::rank::rank_offers;
use crate::scan::WordSet;
use crate::weights::Weights;

/// How many offers the retrieval hands to the scoring.
const CANDIDATES: usize = 200;
/// BM25: how soon more of one word stops counting.
const K1: f64 = 1.2;
/// BM25: how much a long text is held against it.
const B: f64 = 0.75;
/// What a pair of neighbouring characters counts in the retrieval, of a word's 1.
const BIGRAM: f64 = 0.2;
/// How often a word of title or keywords counts.
const HEADLINE: f64 = 3.0;

/// A line that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct LineError {
    /// Its number, from 1.
    pub line: usize,
    /// Why, in English.
    pub reason: String,
}

/// Offers held in memory.
pub struct Corpus {
    ids: Vec<String>,
    offers: Vec<Offer>,
}

/// One match of a ranking.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankedMatch {
    /// Its place, from 1.
    pub rank: usize,
    /// The offer's id as the file has it.
    pub id: String,
    /// The offer's title.
    pub title: String,
    /// The name of the offer's party; empty: not known.
    pub party: String,
    /// 0–100, the sum of the reasons' points.
    pub score: f64,
    /// Whether a must failed.
    pub blocked: bool,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A requirement with the unit its property is shown in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatedRequirement {
    /// The requirement.
    #[serde(flatten)]
    pub requirement: Requirement,
    /// The property's own unit; `None`: it has none or is not in the catalog.
    pub unit: Option<String>,
}

/// What was read of a need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatedNeed {
    /// Its text.
    pub text: String,
    /// What it requires.
    pub requirements: Vec<StatedRequirement>,
}

/// A need and the offers that answer it, as `keqiao match --format json` prints them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The need as it was read.
    pub need: StatedNeed,
    /// The offers, best first.
    pub matches: Vec<RankedMatch>,
}

impl Answer {
    /// Puts a need and its ranking together.
    #[must_use]
    pub fn new(need: &Need, matches: Vec<RankedMatch>, lexicon: &Lexicon) -> Self {
        let properties = &lexicon.catalog().properties;
        let requirements = need.requirements.iter().chain(&need.due).map(|r| StatedRequirement {
            requirement: r.clone(),
            unit: properties.get(&r.property).and_then(|p| p.unit.clone()),
        });
        Self { need: StatedNeed { text: need.text.clone(), requirements: requirements.collect() }, matches }
    }
}

/// A need from a file: one line of JSON that is a listing, or any other text.
#[must_use]
pub fn read_need(text: &str, lexicon: &Lexicon) -> Need {
    match ListingLine::parse(text.trim(), lexicon) {
        Ok(line) => Need::from_view(&line.view, lexicon),
        Err(_) => Need::from_text(text, lexicon),
    }
}

impl Corpus {
    /// Reads offers, one JSON object per line. Needs and empty lines are
    /// skipped; lines that cannot be read are reported and the others taken.
    pub fn read(mut reader: impl BufRead, lexicon: &Lexicon) -> (Self, Vec<LineError>) {
        let mut corpus = Self { ids: Vec::new(), offers: Vec::new() };
        let mut errors = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut bytes = Vec::new();
        for line in 1.. {
            bytes.clear();
            match reader.read_until(b'\n', &mut bytes) {
                Ok(0) => break,
                Ok(_) => {}
                Err(e) => {
                    errors.push(LineError { line, reason: format!("cannot be read: {e}") });
                    break;
                }
            }
            let parsed = match std::str::from_utf8(&bytes) {
                Ok(text) => {
                    let text = text.trim_start_matches('\u{feff}').trim();
                    if text.is_empty() {
                        continue;
                    }
                    ListingLine::parse(text, lexicon)
                }
                Err(_) => Err("not UTF-8".to_owned()),
            };
            match parsed {
                Ok(listing) if listing.side == Some(Side::Need) => {}
                Ok(listing) => match seen.get(&listing.id) {
                    Some(first) => {
                        let reason = format!("id {:?} is already that of line {first}", listing.id);
                        errors.push(LineError { line, reason });
                    }
                    None => {
                        seen.insert(listing.id.clone(), line);
                        corpus.ids.push(listing.id);
                        corpus.offers.push(Offer::new(listing.view, lexicon));
                    }
                },
                Err(reason) => errors.push(LineError { line, reason }),
            }
        }
        (corpus, errors)
    }

    /// How many offers it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offers.len()
    }
    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.offers.is_empty()
    }

    /// The `top` offers that answer a need, best first. Of equal ones the
    /// smaller id stands first.
    #[must_use]
    pub fn rank(&self, need: &Need, top: usize, lexicon: &Lexicon, weights: &Weights) -> Vec<RankedMatch> {
        let counts = Counts::of(&self.offers, need.words(), |i| need.word(i).to_owned());
        let mut need = need.clone();
        need.weigh(&counts);
        let offers = self.retrieve(&need).into_iter().map(|i| (&self.ids[i], &self.offers[i]));
        let best = rank_offers(&need, offers, top, lexicon, weights).into_iter();
        best.zip(1..)
            .map(|(found, rank)| RankedMatch {
                rank,
                id: found.key.clone(),
                title: found.offer.view.title.clone(),
                party: found.offer.view.party_name.clone(),
                score: found.matched.score,
                blocked: found.matched.blocked,
                reasons: found.matched.reasons,
            })
            .collect()
    }

    /// The candidates: BM25 over the need's words, their synonyms and the
    /// bigrams of its Chinese words. All offers where there are few.
    fn retrieve(&self, need: &Need) -> Vec<usize> {
        if self.offers.len() <= CANDIDATES {
            return (0..self.offers.len()).collect();
        }
        let bigrams = bigrams_of(need);
        let words = Counts::of(&self.offers, need.words(), |i| need.word(i).to_owned());
        let pairs = Counts::of(&self.offers, &WordSet::new(&bigrams), |i| bigrams[i].clone());
        let mut scored: Vec<(f64, usize)> = (0..self.offers.len())
            .map(|i| (words.bm25(i, |w| need.term_of[w]) + BIGRAM * pairs.bm25(i, |w| w), i))
            .filter(|(s, _)| *s > 0.0)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| self.ids[a.1].cmp(&self.ids[b.1])));
        scored.truncate(CANDIDATES);
        scored.into_iter().map(|(_, i)| i).collect()
    }
}

/// The pairs of neighbouring Chinese characters in the need's longer words.
fn bigrams_of(need: &Need) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut bigrams = Vec::new();
    for (term, _) in need.terms() {
        let chars: Vec<char> = term.text.chars().collect();
        for pair in chars.windows(2).filter(|p| chars.len() > 2 && p.iter().all(|c| *c >= '\u{3400}')) {
            let pair: String = pair.iter().collect();
            if seen.insert(pair.clone()) {
                bigrams.push(pair);
            }
        }
    }
    bigrams
}

/// How often words stand in each offer.
struct Counts {
    /// Per offer: word → how often, title and keywords counted more.
    in_offer: Vec<HashMap<usize, f64>>,
    /// Characters of each offer, and on average.
    lengths: Vec<f64>,
    average: f64,
    /// Word → in how many offers.
    offers_with: HashMap<String, usize>,
    /// The same by the word's number.
    offers_with_word: HashMap<usize, usize>,
}

impl Counts {
    fn of(offers: &[Offer], words: &WordSet, name: impl Fn(usize) -> String) -> Self {
        let mut in_offer = Vec::with_capacity(offers.len());
        let mut offers_with_word: HashMap<usize, usize> = HashMap::new();
        for offer in offers {
            let mut counted: HashMap<usize, f64> = HashMap::new();
            for (text, factor) in [(&offer.title, HEADLINE), (&offer.keywords, HEADLINE), (&offer.text, 1.0)] {
                words.hits(text).for_each(|h| *counted.entry(h.word).or_insert(0.0) += factor);
            }
            counted.keys().for_each(|w| *offers_with_word.entry(*w).or_insert(0) += 1);
            in_offer.push(counted);
        }
        let offers_with = offers_with_word.iter().map(|(w, n)| (name(*w), *n)).collect();
        let lengths: Vec<f64> = offers.iter().map(|o| (o.title.len() + o.text.len()) as f64).collect();
        let average = lengths.iter().sum::<f64>() / (offers.len().max(1) as f64);
        Self { in_offer, lengths, average: average.max(1.0), offers_with, offers_with_word }
    }

    fn rarity(&self, offers_with: usize) -> f64 {
        let (all, with) = (self.in_offer.len() as f64, offers_with as f64);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    /// BM25 of an offer; words of one concept count together.
    fn bm25(&self, offer: usize, concept: impl Fn(usize) -> usize) -> f64 {
        let mut by_concept: HashMap<usize, (f64, f64)> = HashMap::new();
        for (word, count) in &self.in_offer[offer] {
            let rarity = self.rarity(self.offers_with_word.get(word).copied().unwrap_or(0));
            let slot = by_concept.entry(concept(*word)).or_insert((0.0, f64::INFINITY));
            *slot = (slot.0 + count, slot.1.min(rarity));
        }
        let norm = K1 * (1.0 - B + B * self.lengths[offer] / self.average);
        let mut parts: Vec<(usize, f64)> = by_concept
            .into_iter()
            .map(|(c, (count, rarity))| (c, rarity * count * (K1 + 1.0) / (count + norm)))
            .collect();
        // One order of summing, so that one corpus always gives one result.
        parts.sort_unstable_by_key(|(c, _)| *c);
        parts.into_iter().map(|(_, s)| s).sum()
    }
}

impl TermStats for Counts {
    fn idf(&self, term: &str) -> f64 {
        self.rarity(self.offers_with.get(term).copied().unwrap_or(0))
    }
    fn rarest(&self) -> f64 {
        self.rarity(0)
    }
}

#[cfg(test)]
mod tests;

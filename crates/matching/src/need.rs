//! A need made ready to be matched.

use std::collections::HashSet;
use std::sync::OnceLock;

use keqiao_catalog::MeetRule;
use keqiao_domain::{ListingId, Requirement, RequirementSource, Strength, Value};

use crate::lexicon::Lexicon;
use crate::read::{NeedTerm, Reading, read_text};
use crate::requirements::dates::DEADLINE;
use crate::retrieval::{Collection, Fusion, Looked, Question, Seen, Weighted};
use crate::scan::{WordSet, contains_word};
use crate::view::MatchView;

/// The most terms of a need that are matched; of a longer text the heaviest.
const MOST_TERMS: usize = 60;
/// How much more a term of the title or the keywords weighs.
const HEADLINE: f64 = 1.5;

/// How rare terms are among the offers.
pub trait TermStats {
    /// Inverse document frequency of a folded term, 0 or more; for a term that
    /// no offer has, the largest.
    fn idf(&self, term: &str) -> f64;
    /// The idf of a term that no offer has.
    fn rarest(&self) -> f64 {
        f64::INFINITY
    }
    /// What the channels of retrieval must know; `None`: they say nothing.
    fn collection(&self) -> Option<Collection<'_>> {
        None
    }
}

/// Where nothing is known of the offers: all terms weigh the same.
#[derive(Debug, Clone, Copy, Default)]
pub struct EvenStats;

impl TermStats for EvenStats {
    fn idf(&self, _term: &str) -> f64 {
        1.0
    }
}

/// A term with its weight.
#[derive(Debug, Clone)]
pub(crate) struct Weighed {
    pub(crate) term: NeedTerm,
    /// What its places in the need say.
    base: f64,
    /// Its share of the need's weight.
    pub(crate) weight: f64,
}

impl Weighed {
    /// The words by which it can stand in a text.
    fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.term.text).chain(&self.term.variants).map(String::as_str)
    }
}

/// A need: terms, requirements, and where it stands.
#[derive(Debug, Clone)]
pub struct Need {
    /// Its id; `None`: a text that was not published.
    pub id: Option<ListingId>,
    /// The text it was read from: title and text on lines of their own. Places
    /// of requirements and terms count its characters.
    pub text: String,
    /// Kind id; empty: not known.
    pub kind: String,
    /// What it requires, fields first.
    pub requirements: Vec<Requirement>,
    /// By when. It is for people to see: no offer can be held against it.
    pub due: Option<Requirement>,
    /// Region code.
    pub region: Option<String>,
    /// Industry code.
    pub industry: Option<String>,
    pub(crate) terms: Vec<Weighed>,
    /// All words of all terms, made when they are first looked for, and whose each is.
    words: OnceLock<WordSet>,
    pub(crate) term_of: Vec<usize>,
    pub(crate) question: Option<Question>,
}

impl Need {
    /// From a pasted text.
    #[must_use]
    pub fn from_text(text: &str, lexicon: &Lexicon) -> Self {
        Self::from_reading(text, read_text(text, lexicon))
    }

    /// From what was read from a text and mended by its writer.
    #[must_use]
    pub fn from_reading(text: &str, reading: Reading) -> Self {
        let terms = reading.terms.into_iter().map(|term| weighed(term, 1.0)).collect();
        let (due, requirements): (Vec<_>, _) = reading.requirements.into_iter().partition(|r| r.property == DEADLINE);
        let mut need = Self {
            id: None,
            text: text.to_owned(),
            kind: reading.kind.unwrap_or_default(),
            requirements,
            due: due.into_iter().next(),
            region: reading.region,
            industry: None,
            terms,
            words: OnceLock::new(),
            term_of: Vec::new(),
            question: None,
        };
        need.spread(&EvenStats);
        need.index();
        need
    }

    /// From a listing. Its fields say what it requires; its text adds what the
    /// fields do not name. Where its writer filled fields, a figure in its text
    /// may as well describe the present state, so it is a wish.
    #[must_use]
    pub fn from_view(view: &MatchView, lexicon: &Lexicon) -> Self {
        let text = format!("{}\n{}", view.title, view.text);
        let mut reading = read_text(&text, lexicon);
        let headline = view.title.chars().count();
        let mut terms: Vec<Weighed> = std::mem::take(&mut reading.terms)
            .into_iter()
            .map(|t| if t.start < headline { weighed(t, HEADLINE) } else { weighed(t, 1.0) })
            .collect();
        // Keywords and the texts of fields that are only shown.
        let shown = view.attributes.iter().filter(|(id, _)| !is_judged(id, lexicon));
        let shown = shown.flat_map(|(_, v)| v.texts()).map(|s| (s.to_owned(), 1.0));
        let beside = view.keywords.iter().map(|k| (k.clone(), HEADLINE)).chain(shown);
        for (words, factor) in beside {
            for term in read_text(&words, lexicon).terms {
                let known = |w: &Weighed| w.term.text == term.text || w.term.variants.contains(&term.text);
                match terms.iter_mut().find(|w| known(w)) {
                    Some(held) => held.base = held.base.max(factor),
                    None => terms.push(weighed(NeedTerm { start: 0, end: 0, ..term }, factor)),
                }
            }
        }
        let requirements = of_fields(view, lexicon, reading.requirements);
        let mut need = Self::from_reading(&text, Reading { requirements, ..Reading::default() });
        need.terms = terms;
        need.id = view.id;
        need.kind = if view.kind.is_empty() { reading.kind.unwrap_or_default() } else { view.kind.clone() };
        need.region = view.region.clone().or(reading.region);
        need.industry = view.industry.clone();
        need.spread(&EvenStats);
        need.index();
        need
    }

    /// Weighs the terms by how rare they are among the offers and keeps the
    /// heaviest. Before this all terms weigh by their places alone.
    pub fn weigh(&mut self, stats: &dyn TermStats) {
        self.rank(stats);
        self.terms.truncate(MOST_TERMS);
        self.share();
        self.index();
        self.question = stats.collection().map(|collection| {
            let terms: Vec<Weighted<'_>> =
                self.terms.iter().map(|w| Weighted { words: w.words().collect(), weight: w.weight as f32 }).collect();
            let folded = collection.text.fold_str(&self.text);
            Question::of(&folded, &terms, &collection, |term| stats.idf(term) as f32)
        });
    }

    /// What the channels that look at words and characters say of a text in folded parts; before the need
    /// was weighed, nothing.
    #[must_use]
    pub fn look(&self, parts: &[&str]) -> Seen {
        self.question.as_ref().map_or_else(Seen::default, |q| q.look(parts).seen)
    }

    /// The same with the words that stand in the text.
    pub(crate) fn look_through(&self, parts: &[&str]) -> Looked {
        if let Some(question) = &self.question {
            return question.look(parts);
        }
        let mut words = Vec::new();
        for (part, text) in parts.iter().enumerate() {
            self.each_word_in(text, |word| words.push((part, word)));
        }
        Looked { seen: Seen::default(), words }
    }

    /// Makes ready for many texts to be looked through.
    pub(crate) fn expect_many(&self) {
        // A question has its own way, an automaton is worth making for many texts alone.
        if self.question.is_none() {
            self.words();
        }
    }

    /// Adds what the channels of meaning say of a text by its vector.
    pub fn compare(&self, seen: &mut Seen, vector: &[f32]) {
        if let Some(question) = &self.question {
            question.compare(seen, vector);
        }
    }

    /// What all that is seen of a text comes to, 0–1.
    #[must_use]
    pub fn fused(&self, fusion: &Fusion, seen: &Seen) -> f64 {
        let shares = self.question.iter().flat_map(|q| q.shares(fusion));
        shares.map(|(channel, share)| share * f64::from(seen[channel as usize])).sum()
    }

    /// What it means, where that is known.
    #[must_use]
    pub fn meant(&self) -> Option<&[f32]> {
        self.question.as_ref().and_then(Question::meant)
    }

    /// Takes in what was found for it at first: vectors with their scores.
    pub fn feed<'a>(&mut self, found: impl Iterator<Item = (&'a [f32], f32)> + Clone) {
        if let Some(question) = &mut self.question {
            question.feed(found);
        }
    }

    /// Makes the weights add up to 1, the heaviest first.
    fn spread(&mut self, stats: &dyn TermStats) {
        self.rank(stats);
        self.share();
    }

    /// Sorts the terms by their places and their rarity, the heaviest first. Those that no offer has weigh no more
    /// than all others together: most of a page of news are names.
    fn rank(&mut self, stats: &dyn TermStats) {
        let rarest = stats.rarest();
        let (mut nowhere, mut sums) = (vec![false; self.terms.len()], [0.0; 2]);
        for (w, nowhere) in self.terms.iter_mut().zip(&mut nowhere) {
            // A concept is as common as the commonest of its words.
            let idf = w.words().map(|word| stats.idf(word)).fold(f64::INFINITY, f64::min);
            (w.weight, *nowhere) = (w.base * idf, idf >= rarest);
            sums[usize::from(*nowhere)] += w.weight;
        }
        if sums[0] > 0.0 && sums[1] > sums[0] {
            let strange = self.terms.iter_mut().zip(nowhere).filter(|(_, nowhere)| *nowhere);
            strange.for_each(|(w, _)| w.weight *= sums[0] / sums[1]);
        }
        self.terms.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.term.text.cmp(&b.term.text)));
    }

    /// Makes the weights add up to 1.
    fn share(&mut self) {
        let sum: f64 = self.terms.iter().map(|w| w.weight).sum();
        if sum > 0.0 {
            self.terms.iter_mut().for_each(|w| w.weight /= sum);
        }
    }

    /// Numbers the words of the terms.
    fn index(&mut self) {
        let terms = self.terms.iter().enumerate();
        self.term_of = terms.flat_map(|(i, w)| std::iter::repeat_n(i, w.words().count())).collect();
        self.words = OnceLock::new();
    }

    /// Tells of each word of the terms that stands in a folded text, perhaps more than once. An
    /// automaton is the quicker way for many texts, for one it is not worth making.
    pub(crate) fn each_word_in(&self, text: &str, mut tell: impl FnMut(usize)) {
        if let Some(set) = self.words.get() {
            set.hits(text).for_each(|hit| tell(hit.word));
            return;
        }
        let words = self.terms.iter().flat_map(Weighed::words);
        words.enumerate().filter(|(_, word)| contains_word(text, word)).for_each(|(i, _)| tell(i));
    }

    /// All words of all terms, ready to be looked for.
    pub(crate) fn words(&self) -> &WordSet {
        self.words.get_or_init(|| WordSet::new(&self.terms.iter().flat_map(Weighed::words).collect::<Vec<_>>()))
    }

    /// Its terms, heaviest first, and the share of the need's weight that each holds.
    pub fn terms(&self) -> impl Iterator<Item = (&NeedTerm, f64)> {
        self.terms.iter().map(|w| (&w.term, w.weight))
    }

    /// The word of a hit of `words`.
    pub(crate) fn word(&self, i: usize) -> &str {
        let term = self.term_of[i];
        let first = self.term_of.partition_point(|&t| t < term);
        let w = &self.terms[term].term;
        if i == first { &w.text } else { &w.variants[i - first - 1] }
    }
}

/// A word that stands more often weighs more, ever less so.
fn weighed(term: NeedTerm, factor: f64) -> Weighed {
    let base = factor * (1.0 + (term.count as f64).ln());
    Weighed { term, base, weight: base }
}

/// Whether a property's values are judged; what the catalog does not know is.
fn is_judged(property: &str, lexicon: &Lexicon) -> bool {
    lexicon.catalog().properties.get(property).is_none_or(|p| p.meet != MeetRule::Shown)
}

/// The requirements of a listing's fields, then those of its text that no field names.
fn of_fields(view: &MatchView, lexicon: &Lexicon, from_text: Vec<Requirement>) -> Vec<Requirement> {
    let mut all: Vec<Requirement> = view
        .attributes
        .iter()
        .filter(|(id, _)| is_judged(id, lexicon))
        .map(|(id, value)| Requirement {
            property: id.clone(),
            required: value.clone(),
            strength: if view.wishes.contains(id) { Strength::Wish } else { Strength::Must },
            source: RequirementSource::Field,
        })
        .collect();
    let catalog = lexicon.catalog();
    let fields = view.attributes.values();
    let named: HashSet<&str> =
        fields.flat_map(Value::texts).filter_map(|t| lexicon.standard(t)).map(|(s, _)| s.id.as_str()).collect();
    let is_new = |r: &Requirement| match (&r.required, catalog.properties.get(&r.property)) {
        (Value::Text(t), Some(p)) if p.meet == MeetRule::MeetsStandard => {
            catalog.standard(t).is_none_or(|(s, _)| !named.contains(s.id.as_str()))
        }
        _ => !view.attributes.contains_key(&r.property),
    };
    let mut added: Vec<Requirement> = from_text.into_iter().filter(|r| is_new(r)).collect();
    if !all.is_empty() {
        added.retain(|r| catalog.properties.contains_key(&r.property));
        added.iter_mut().for_each(|r| r.strength = Strength::Wish);
    }
    all.extend(added);
    all
}

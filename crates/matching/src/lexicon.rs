//! The catalog's words, made ready to be found in texts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem::discriminant;
use std::sync::{Arc, OnceLock};

use keqiao_catalog::{Catalog, Property, PropertyType, Standard, region_short_names};
use keqiao_domain::Side;
use keqiao_text::{Mapped, Text};

use crate::cues;
use crate::scan::WordSet;

/// Characters of the shortest name of a standard that names it by itself.
const SHORTEST_STANDARD: usize = 6;

/// What a word in a text points at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cue {
    /// The writer's side.
    Side(Side),
    /// The clause is a wish.
    Wish,
    /// The clause asks for nothing.
    Waived,
    /// A property's name.
    Property(Arc<str>),
    /// A choice of a property.
    Choice { property: Arc<str>, choice: usize },
    /// A standard.
    Standard(Arc<str>),
    /// A kind; how much the word says for it.
    Kind { kind: Arc<str>, weight: f64 },
    /// A region's code.
    Region(Arc<str>),
    /// One of the areas that are several regions.
    Area(usize),
    /// A group of the thesaurus.
    Group(usize),
}

/// A cue where it stands; characters of the scanned text.
#[derive(Debug, Clone)]
pub(crate) struct CueHit<'a> {
    pub(crate) cue: &'a Cue,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The catalog's words in one automaton, and what each points at.
struct Cued {
    words: WordSet,
    cues: Vec<Vec<Cue>>,
}

impl Cued {
    fn of(catalog: &Catalog, groups: &[Vec<String>], text: &Text) -> Self {
        let mut list = WordList { text, cues: BTreeMap::new() };
        list.add_tables();
        list.add_areas(catalog);
        list.add_properties(catalog);
        list.add_standards(catalog);
        list.add_kinds(catalog);
        list.add_regions(catalog);
        for (i, group) in groups.iter().enumerate() {
            group.iter().for_each(|w| list.add(w, Cue::Group(i)));
        }
        let (words, cues): (Vec<String>, Vec<Vec<Cue>>) = list.cues.into_iter().unzip();
        Self { words: WordSet::new(&words), cues }
    }
}

/// Catalog and text tools with the catalog's words in one automaton. Built
/// once and shared.
pub struct Lexicon {
    catalog: Arc<Catalog>,
    text: Arc<Text>,
    /// Made when the first text is read.
    cued: OnceLock<Cued>,
    /// The thesaurus, folded.
    groups: Vec<Vec<String>>,
    /// Property → number of kinds that have it as a field.
    uses: HashMap<String, usize>,
    /// Dimension → the quantities that measure it.
    measured: HashMap<String, Vec<String>>,
    /// Standard, or the letters its id begins with → the property that the
    /// catalog's samples name it in.
    standard_property: BTreeMap<String, String>,
    /// Standards and grades by the spelling most texts have, so that the
    /// catalog's slower reading is left for the others.
    standards: HashMap<String, (String, Option<usize>)>,
}

impl Lexicon {
    /// Folds the catalog's words.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>, text: Arc<Text>) -> Self {
        let groups: Vec<Vec<String>> = catalog
            .thesaurus
            .groups
            .iter()
            .map(|group| group.iter().map(|w| text.fold_str(w)).filter(|w| !w.is_empty()).collect())
            .collect();
        let mut uses = HashMap::new();
        for field in catalog.kinds.values().flat_map(|k| &k.fields) {
            *uses.entry(field.property.clone()).or_insert(0) += 1;
        }
        let measured = measured(&catalog);
        let standard_property = standard_properties(&catalog);
        let standards = standard_spellings(&catalog);
        Self { cued: OnceLock::new(), groups, uses, measured, standard_property, standards, catalog, text }
    }

    /// The catalog.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }
    /// The text tools.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }
    /// The folded words of a thesaurus group.
    pub(crate) fn group(&self, i: usize) -> &[String] {
        &self.groups[i]
    }
    /// In how many kinds a property is a field.
    pub(crate) fn uses(&self, property: &str) -> usize {
        self.uses.get(property).copied().unwrap_or(0)
    }

    /// The quantities that measure a dimension.
    pub(crate) fn measuring(&self, dimension: &str) -> impl Iterator<Item = &Property> {
        let ids = self.measured.get(dimension).into_iter().flatten();
        ids.filter_map(|id| self.catalog.properties.get(id))
    }

    /// The standard and grade that a value names.
    pub(crate) fn standard(&self, text: &str) -> Option<(&Standard, Option<usize>)> {
        match self.standards.get(text) {
            Some((id, grade)) => self.catalog.standards.get(id).map(|s| (s, *grade)),
            None => self.catalog.standard(text),
        }
    }

    /// The property in which a standard is stated, as far as the catalog's
    /// samples show it for this standard or one of its family (`AEC`).
    pub(crate) fn property_of_standard(&self, id: &str) -> Option<&str> {
        let known = self.standard_property.get(id).or_else(|| self.standard_property.get(family(id)));
        known.map(String::as_str)
    }

    /// The codes of the regions that a text names, in full, short, by its code, or as an area of several.
    pub(crate) fn regions_named(&self, text: &str) -> Vec<String> {
        if self.catalog.taxonomy("region").is_some_and(|regions| regions.get(text).is_some()) {
            return vec![text.to_owned()];
        }
        let folded = self.text.fold(text);
        let codes = |hit: CueHit<'_>| match hit.cue {
            Cue::Region(code) => vec![code.to_string()],
            Cue::Area(area) => self.catalog.areas[*area].regions.clone(),
            _ => Vec::new(),
        };
        self.cues_in(&folded).into_iter().flat_map(codes).collect()
    }

    /// The cues of a folded text, at the characters it was folded from: of each
    /// sort those that begin first, the longest of them, none overlapping.
    pub(crate) fn cues_in(&self, folded: &Mapped) -> Vec<CueHit<'_>> {
        let place = char_places(&folded.text);
        let cued = self.cued.get_or_init(|| Cued::of(&self.catalog, &self.groups, &self.text));
        let mut hits: Vec<CueHit<'_>> = cued
            .words
            .hits(&folded.text)
            .flat_map(|h| {
                let span = folded.span(place[h.start] as usize, place[h.end] as usize);
                cued.cues[h.word].iter().map(move |cue| CueHit { cue, start: span.start, end: span.end })
            })
            .collect();
        hits.sort_by_key(|h| (h.start, std::cmp::Reverse(h.end)));
        let mut last: HashMap<_, (usize, usize)> = HashMap::new();
        hits.retain(|h| match last.get(&discriminant(h.cue)) {
            Some(&(start, end)) if h.start < end => (h.start, h.end) == (start, end),
            _ => {
                last.insert(discriminant(h.cue), (h.start, h.end));
                true
            }
        });
        hits
    }
}

fn standard_spellings(catalog: &Catalog) -> HashMap<String, (String, Option<usize>)> {
    let mut spellings = HashMap::new();
    for s in catalog.standards.values() {
        spellings.insert(s.id.clone(), (s.id.clone(), None));
        for (i, (grade, _)) in s.grades.iter().enumerate() {
            spellings.insert(format!("{} {grade}", s.id), (s.id.clone(), Some(i)));
        }
    }
    spellings
}

/// The letters a standard's id begins with; those of a body that issues standards of all sorts are no family.
fn family(id: &str) -> &str {
    if id.starts_with("GB") {
        return id;
    }
    &id[..id.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(id.len())]
}

/// The quantities of each dimension, in the order of the catalog.
fn measured(catalog: &Catalog) -> HashMap<String, Vec<String>> {
    let mut measured: HashMap<String, Vec<String>> = HashMap::new();
    for p in catalog.properties.values().filter(|p| p.ty == PropertyType::Quantity) {
        if let Some(unit) = p.unit.as_deref().and_then(|unit| catalog.units.get(unit)) {
            measured.entry(unit.dimension.clone()).or_default().push(p.id.clone());
        }
    }
    measured
}

/// Which property the samples name each standard and each family in, the first of several.
fn standard_properties(catalog: &Catalog) -> BTreeMap<String, String> {
    let mut by_standard = BTreeMap::new();
    for (property, value) in catalog.kinds.values().flat_map(|k| &k.samples).flat_map(|s| &s.attributes) {
        if catalog.properties.get(property).is_none_or(|p| p.ty != PropertyType::Standard) {
            continue;
        }
        for (standard, _) in value.texts().into_iter().filter_map(|t| catalog.standard(t)) {
            for key in [&standard.id, family(&standard.id)] {
                by_standard.entry(key.to_owned()).or_insert_with(|| property.clone());
            }
        }
    }
    by_standard
}

/// For each byte of a text that begins a character, the character's number;
/// one more entry for the end.
fn char_places(text: &str) -> Vec<u32> {
    let mut places = vec![0; text.len() + 1];
    let mut count = 0;
    for (byte, _) in text.char_indices() {
        places[byte] = count;
        count += 1;
    }
    places[text.len()] = count;
    places
}

/// Collects words with their cues.
struct WordList<'a> {
    text: &'a Text,
    cues: BTreeMap<String, Vec<Cue>>,
}

impl WordList<'_> {
    fn add(&mut self, word: &str, cue: Cue) {
        let folded = self.text.fold_str(word).trim().to_owned();
        if folded.is_empty() {
            return;
        }
        let cues = self.cues.entry(folded).or_default();
        if !cues.contains(&cue) {
            cues.push(cue);
        }
    }

    fn add_tables(&mut self) {
        let tables = [
            (cues::NEED, Cue::Side(Side::Need)),
            (cues::OFFER, Cue::Side(Side::Offer)),
            (cues::WISH, Cue::Wish),
            (cues::WAIVED, Cue::Waived),
        ];
        for (words, cue) in tables {
            words.iter().for_each(|w| self.add(w, cue.clone()));
        }
    }

    fn add_areas(&mut self, catalog: &Catalog) {
        for (i, area) in catalog.areas.iter().enumerate() {
            for name in &area.names {
                self.add(name, Cue::Area(i));
                if !name.ends_with("地区") {
                    self.add(&format!("{name}地区"), Cue::Area(i));
                }
            }
        }
    }

    fn add_properties(&mut self, catalog: &Catalog) {
        for p in catalog.properties.values() {
            let id: Arc<str> = p.id.as_str().into();
            for word in [&p.name.zh, &p.name.en].into_iter().chain(&p.synonyms) {
                self.add(word, Cue::Property(Arc::clone(&id)));
            }
            if p.ty != PropertyType::Choice {
                continue;
            }
            for (choice, c) in p.choices.iter().enumerate() {
                for word in [&c.name.zh, &c.name.en].into_iter().chain(&c.synonyms) {
                    self.add(word, Cue::Choice { property: Arc::clone(&id), choice });
                }
            }
        }
    }

    fn add_standards(&mut self, catalog: &Catalog) {
        for s in catalog.standards.values() {
            let id: Arc<str> = s.id.as_str().into();
            // So short a name is a word of every day: 环境试验.
            let names = [&s.name.zh, &s.name.en].into_iter().filter(|name| name.chars().count() >= SHORTEST_STANDARD);
            for word in std::iter::once(&s.id).chain(names).chain(&s.aliases) {
                self.add(word, Cue::Standard(Arc::clone(&id)));
            }
        }
    }

    /// A kind's names say most for it; a word that stands in no other kind's name says something.
    fn add_kinds(&mut self, catalog: &Catalog) {
        let parts: Vec<(Arc<str>, HashSet<String>)> = catalog
            .kinds
            .values()
            .map(|k| {
                let folded = self.text.fold_str(&k.name.zh);
                let words = self.text.dictionary_words(&folded);
                (k.id.as_str().into(), words.map(|w| w.text.to_owned()).collect())
            })
            .collect();
        for (kind, words) in &parts {
            let alone = |w: &&String| parts.iter().filter(|(_, other)| other.contains(*w)).count() == 1;
            for word in words.iter().filter(alone) {
                self.add(word, Cue::Kind { kind: Arc::clone(kind), weight: 1.0 });
            }
        }
        for k in catalog.kinds.values() {
            for name in [&k.name.zh, &k.name.en] {
                self.add(name, Cue::Kind { kind: k.id.as_str().into(), weight: 2.0 });
            }
        }
    }

    /// Full names of all regions that bear theirs alone, and the catalog's short names.
    fn add_regions(&mut self, catalog: &Catalog) {
        let Some(regions) = catalog.taxonomy("region") else {
            return;
        };
        let mut bearers: HashMap<&str, usize> = HashMap::new();
        regions.nodes.iter().for_each(|n| *bearers.entry(n.name.zh.as_str()).or_insert(0) += 1);
        for node in &regions.nodes {
            if bearers.get(node.name.zh.as_str()) == Some(&1) && node.name.zh.chars().count() > 2 {
                self.add(&node.name.zh, Cue::Region(node.code.as_str().into()));
            }
        }
        for (short, code) in region_short_names(regions) {
            self.add(&short, Cue::Region(code.into()));
        }
    }
}

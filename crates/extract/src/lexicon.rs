//! The word lists of `lexicon/`, and what they say of each place of a text.

use std::collections::{HashMap, HashSet};

use aho_corasick::{AhoCorasick, MatchKind};
use jieba_rs::Jieba;
use keqiao_catalog::{Catalog, region_short_names};

use crate::deals::DealWords;
use crate::patterns::{Family, Patterns};

/// The lists whose words are looked up at places of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum List {
    Post,
    PostPrefix,
    OrgEnd,
    OrgKnown,
    Anaphor,
    AfterName,
    Role,
    Doctrine,
    Lookalike,
    Honorific,
    Trigger,
    /// What things made are called.
    Product,
    /// Words of the catalog for things made.
    Catalog,
}

/// Each list and its file.
const MARKED: [(List, &str); 11] = [
    (List::Post, include_str!("../lexicon/posts.txt")),
    (List::PostPrefix, include_str!("../lexicon/post-prefixes.txt")),
    (List::OrgEnd, include_str!("../lexicon/org-ends.txt")),
    (List::OrgKnown, include_str!("../lexicon/org-known.txt")),
    (List::Anaphor, include_str!("../lexicon/org-anaphors.txt")),
    (List::AfterName, include_str!("../lexicon/after-names.txt")),
    (List::Role, include_str!("../lexicon/roles.txt")),
    (List::Doctrine, include_str!("../lexicon/doctrines.txt")),
    (List::Lookalike, include_str!("../lexicon/lookalikes.txt")),
    (List::Honorific, include_str!("../lexicon/honorifics.txt")),
    (List::Product, include_str!("../lexicon/products.txt")),
];

/// The words of a list: white space parts them, a line that begins with `#` is a remark.
fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace)
}

fn set(list: &'static str) -> HashSet<&'static str> {
    words(list).collect()
}

/// The properties whose choices are things made.
const THINGS: [&str; 2] = ["device-type", "instrument-type"];

/// The words that the catalog has for things made, each with the name of its choice.
fn things(catalog: &Catalog) -> HashMap<String, String> {
    let properties = THINGS.iter().filter_map(|id| catalog.properties.get(*id));
    let choices = properties.flat_map(|p| &p.choices);
    let words = choices.flat_map(|c| std::iter::once(&c.name.zh).chain(&c.synonyms).map(move |w| (w, &c.name.zh)));
    words.map(|(word, name)| (word.clone(), name.clone())).collect()
}

/// A place of the gazetteer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region {
    /// Its code in the catalog.
    pub(crate) code: String,
    /// Its name in full.
    pub(crate) name: String,
}

/// What the engine knows of the language, read once.
pub(crate) struct Lexicon {
    pub(crate) jieba: Jieba,
    pub(crate) surnames: HashSet<&'static str>,
    pub(crate) given: HashSet<char>,
    pub(crate) foreign: HashSet<char>,
    pub(crate) sounded: HashSet<char>,
    pub(crate) name_parts: HashSet<&'static str>,
    pub(crate) academic: HashSet<&'static str>,
    pub(crate) breaks: HashSet<&'static str>,
    pub(crate) inner: HashSet<&'static str>,
    pub(crate) conjunctions: HashSet<&'static str>,
    pub(crate) name_starts: HashSet<&'static str>,
    pub(crate) weak_ends: HashSet<&'static str>,
    pub(crate) org_ends: HashSet<&'static str>,
    pub(crate) not_ends: Vec<&'static str>,
    pub(crate) anaphors: HashSet<&'static str>,
    pub(crate) anaphor_followers: Vec<&'static str>,
    pub(crate) speech: HashSet<&'static str>,
    pub(crate) fiction: Vec<&'static str>,
    /// Full and short names of regions.
    pub(crate) regions: HashMap<String, Region>,
    pub(crate) patterns: Patterns,
    /// What stands around the names of those who deal.
    pub(crate) deals: DealWords,
    /// Words of the catalog for things made, each with the name it goes under.
    pub(crate) things: HashMap<String, String>,
    /// The words by which facts are known.
    pub(crate) triggers: HashMap<String, Vec<Family>>,
    automaton: AhoCorasick,
    lists: Vec<List>,
}

impl Lexicon {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut regions = HashMap::new();
        if let Some(taxonomy) = catalog.taxonomy("region") {
            for node in &taxonomy.nodes {
                let region = Region { code: node.code.clone(), name: node.name.zh.clone() };
                regions.entry(node.name.zh.clone()).or_insert(region);
            }
            for (short, code) in region_short_names(taxonomy) {
                if let Some(node) = taxonomy.get(&code) {
                    regions.insert(short, Region { code, name: node.name.zh.clone() });
                }
            }
        }
        let mut jieba = keqiao_text::dictionary();
        let mut names: Vec<&String> = regions.keys().collect();
        names.sort_unstable();
        for name in names {
            jieba.add_word(name, None, Some("ns"));
        }
        for (_, list) in MARKED.iter().filter(|(list, _)| matches!(list, List::OrgKnown | List::Post | List::OrgEnd)) {
            for word in words(list).filter(|w| !w.is_ascii() && w.chars().count() > 1) {
                jieba.add_word(word, None, Some("n"));
            }
        }
        let patterns = Patterns::builtin();
        let triggers = patterns.triggers();
        let (mut looked_up, mut lists): (Vec<&str>, Vec<List>) =
            MARKED.iter().flat_map(|(list, text)| words(text).map(|w| (w, *list))).unzip();
        looked_up.extend(triggers.keys().map(String::as_str));
        lists.resize(looked_up.len(), List::Trigger);
        let things = things(catalog);
        looked_up.extend(things.keys().map(String::as_str));
        lists.resize(looked_up.len(), List::Catalog);
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&looked_up);
        Self {
            jieba,
            surnames: set(include_str!("../lexicon/surnames.txt")),
            given: words(include_str!("../lexicon/given.txt")).flat_map(str::chars).collect(),
            foreign: words(include_str!("../lexicon/foreign.txt")).flat_map(str::chars).collect(),
            sounded: words(include_str!("../lexicon/sounded.txt")).flat_map(str::chars).collect(),
            name_parts: set(include_str!("../lexicon/name-parts.txt")),
            academic: set(include_str!("../lexicon/academic.txt")),
            breaks: set(include_str!("../lexicon/breaks.txt")),
            inner: set(include_str!("../lexicon/inner.txt")),
            conjunctions: set(include_str!("../lexicon/conjunctions.txt")),
            name_starts: set(include_str!("../lexicon/name-starts.txt")),
            org_ends: set(include_str!("../lexicon/org-ends.txt")),
            weak_ends: set(include_str!("../lexicon/org-weak-ends.txt")),
            not_ends: words(include_str!("../lexicon/org-not-ends.txt")).collect(),
            anaphors: set(include_str!("../lexicon/org-anaphors.txt")),
            anaphor_followers: words(include_str!("../lexicon/anaphor-followers.txt")).collect(),
            speech: set(include_str!("../lexicon/speech.txt")),
            fiction: words(include_str!("../lexicon/fiction.txt")).collect(),
            regions,
            patterns,
            deals: DealWords::builtin(),
            things,
            triggers,
            automaton: automaton.expect("the lists are small"),
            lists,
        }
    }

    /// The places of a text at which words of the lists begin and end.
    pub(crate) fn marks(&self, chars: &[char]) -> Marks {
        let text: String = chars.iter().collect();
        let mut place = vec![0u32; text.len() + 1];
        for (i, (byte, _)) in text.char_indices().enumerate() {
            place[byte] = u32::try_from(i).unwrap_or(u32::MAX);
        }
        place[text.len()] = u32::try_from(chars.len()).unwrap_or(u32::MAX);
        let mut marks = Marks { begins: HashMap::new(), ends: HashMap::new(), length: chars.len() };
        for found in self.automaton.find_overlapping_iter(&text) {
            let (start, end) = (place[found.start()] as usize, place[found.end()] as usize);
            marks.note(self.lists[found.pattern().as_usize()], start, end);
        }
        marks
    }

    /// Whether a text is one everyday word and no name.
    pub(crate) fn is_common(&self, text: &str) -> bool {
        let tags = self.jieba.tag(text, false);
        let [one] = tags.as_slice() else { return false };
        let long = one.word.chars().nth(1).is_some();
        long && self.jieba.has_word(one.word) && !matches!(one.tag, "nz" | "nr" | "nrt" | "nt" | "ns" | "nrfg")
    }

    /// The region that a text names.
    pub(crate) fn region(&self, name: &str) -> Option<&Region> {
        self.regions.get(name)
    }
}

/// For each list, how long its longest word that begins or ends at a place is.
#[derive(Debug)]
pub(crate) struct Marks {
    begins: HashMap<List, Vec<u8>>,
    ends: HashMap<List, Vec<u8>>,
    length: usize,
}

impl Marks {
    fn note(&mut self, list: List, start: usize, end: usize) {
        let length = u8::try_from(end - start).unwrap_or(u8::MAX);
        let size = self.length + 1;
        let begins = &mut self.begins.entry(list).or_insert_with(|| vec![0; size])[start];
        *begins = length.max(*begins);
        let ends = &mut self.ends.entry(list).or_insert_with(|| vec![0; size])[end];
        *ends = length.max(*ends);
    }

    /// The length of the longest word of `list` that begins at `at`, or 0.
    pub(crate) fn begins(&self, list: List, at: usize) -> usize {
        self.begins.get(&list).and_then(|l| l.get(at)).map_or(0, |&n| n as usize)
    }

    /// The length of the longest word of `list` that ends before `at`, or 0.
    pub(crate) fn ends(&self, list: List, at: usize) -> usize {
        self.ends.get(&list).and_then(|l| l.get(at)).map_or(0, |&n| n as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_at_a_place_counts() {
        let lexicon = Lexicon::new(&keqiao_catalog::builtin().unwrap());
        let chars: Vec<char> = "南京大学总工程师".chars().collect();
        let marks = lexicon.marks(&chars);
        assert_eq!(marks.ends(List::Post, 8), 4);
        assert_eq!(marks.ends(List::OrgEnd, 4), 2);
        assert_eq!(marks.begins(List::Post, 4), 4);
        assert_eq!(lexicon.region("南京").map(|r| r.name.as_str()), Some("南京市"));
    }

    #[test]
    fn no_word_stands_in_a_list_twice_without_need() {
        for (list, text) in MARKED {
            assert!(words(text).count() > 0, "{list:?} is empty");
        }
    }
}

//! Texts → words for the index and terms for a query.

use std::sync::OnceLock;

use jieba_rs::Jieba;
use keqiao_catalog::Catalog;

use crate::code::{Known, Piece, is_run_char, read_run};
use crate::dictionary::dictionary;
use crate::fold::{Folder, is_cjk};
use crate::mapped::Folded;
use crate::stop::is_stop_word;
use crate::token::{Term, TokenKind, Word};

/// Whether the dictionary has anything to say of a text.
fn has_chinese(text: &str) -> bool {
    text.chars().any(is_cjk)
}

/// Folds and cuts texts. Built once and shared.
pub struct Text {
    folder: Folder,
    /// Made when the first Chinese text is cut, which takes about 100 ms: it is half of what an idle server would hold.
    jieba: OnceLock<Jieba>,
    /// Words it has beside the general ones. The frequency of one depends on those before it.
    own_words: Vec<String>,
    known: Known,
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl Text {
    /// With the general dictionary alone.
    #[must_use]
    pub fn new() -> Self {
        Self { folder: Folder::new(), jieba: OnceLock::new(), own_words: Vec::new(), known: Known::default() }
    }

    /// With the words of a catalog, which then stay whole: thesaurus, names and
    /// synonyms of properties and choices, kinds, standards, and unit symbols.
    #[must_use]
    pub fn for_catalog(catalog: &Catalog) -> Self {
        let mut text = Self::new();
        for word in catalog_words(catalog) {
            text.learn(word);
        }
        let symbols = catalog.units.by_symbol.keys();
        text.known.units = symbols.map(|s| text.fold_str(s)).collect();
        let mut spoken: Vec<String> = text.known.units.iter().filter(|s| s.chars().all(is_cjk)).cloned().collect();
        spoken.sort_unstable();
        text.own_words.append(&mut spoken);
        text
    }

    /// Takes a word into the dictionary.
    fn learn(&mut self, word: &str) {
        let word = self.fold_str(word.trim());
        if word.chars().nth(1).is_none() || !self.known.words.insert(word.clone()) {
            return;
        }
        if word.chars().any(is_cjk) && !word.contains(char::is_whitespace) {
            self.own_words.push(word);
        }
    }

    fn jieba(&self) -> &Jieba {
        self.jieba.get_or_init(|| {
            let mut jieba = dictionary();
            for word in &self.own_words {
                jieba.add_word(word, None, None);
            }
            jieba
        })
    }

    /// Folds a text: half width, lower case, simplified, one sign for each of the marks
    /// that look alike, nothing invisible. `origin` leads back to the text as it was.
    #[must_use]
    pub fn fold(&self, s: &str) -> Folded {
        self.folder.fold(s)
    }

    /// Folds a text where the way back is not needed.
    #[must_use]
    pub fn fold_str(&self, s: &str) -> String {
        self.folder.fold(s).text
    }

    /// The dictionary's words of two and more characters in a folded text and the shorter words in
    /// them. A word with no Chinese in it is none.
    pub fn dictionary_words<'a>(&self, folded: &'a str) -> impl Iterator<Item = Word<'a>> + use<'a> {
        let words = if has_chinese(folded) { self.jieba().cut_for_search(folded, true) } else { Vec::new() };
        words.into_iter().filter(|w| w.end > w.start + 1 && has_chinese(w.word)).map(|w| Word {
            text: w.word,
            start: w.start,
            start_byte: w.byte_start,
        })
    }

    /// The words of a query or of a need's text, in their order, the longest the dictionary
    /// has, without stop words; a query of nothing but stop words keeps them. A word that
    /// stands twice comes twice.
    #[must_use]
    pub fn query_terms(&self, query: &str) -> Vec<Term> {
        let folded = self.fold(query);
        let found = self.words(&folded.text);
        let all_stop = found.iter().all(|t| is_stop_word(&t.text));
        let kept = found.into_iter().filter(|t| all_stop || !is_stop_word(&t.text));
        kept.map(|t| {
            let span = folded.span(t.start, t.end);
            Term { start: span.start, end: span.end, ..t }
        })
        .collect()
    }

    /// The words of a folded text without overlaps, at its characters.
    fn words(&self, folded: &str) -> Vec<Term> {
        let chars: Vec<char> = folded.chars().collect();
        let mut out = Vec::new();
        // A word such as SiC二极管 has taken the run piece in it.
        let mut taken = vec![false; chars.len()];
        let cut = if has_chinese(folded) { self.jieba().cut(folded, true) } else { Vec::new() };
        for word in cut {
            let cut = &chars[word.start..word.end];
            if !cut.iter().copied().any(is_cjk) {
                continue;
            }
            taken[word.start..word.end].fill(true);
            let kind = if cut.len() == 1 { TokenKind::Unigram } else { TokenKind::Word };
            out.push(Term { text: word.word.to_owned(), start: word.start, end: word.end, kind });
        }
        let mut pieces = Vec::new();
        let mut i = 0;
        while let Some(&c) = chars.get(i) {
            i = if is_run_char(c) { read_run(&chars, i, &self.known, &mut pieces) } else { i + 1 };
        }
        for Piece { text, start, end, kind } in pieces {
            if !taken[start..end].iter().any(|t| *t) {
                out.push(Term { text, start, end, kind });
            }
        }
        out.sort_by_key(|t| t.start);
        self.mark_units(&mut out);
        out
    }

    /// A unit's symbol in Chinese after a number is a unit, not a word.
    fn mark_units(&self, tokens: &mut [Term]) {
        for i in 1..tokens.len() {
            let (before, token) = (&tokens[i - 1], &tokens[i]);
            let counted = before.kind == TokenKind::Number && token.start <= before.end + 1;
            if counted && self.known.units.contains(&token.text) {
                tokens[i].kind = TokenKind::Unit;
            }
        }
    }
}

/// The words that a catalog gives.
fn catalog_words(catalog: &Catalog) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    words.extend(catalog.thesaurus.groups.iter().flatten().map(String::as_str));
    for property in catalog.properties.values() {
        words.extend([property.name.zh.as_str(), property.name.en.as_str()]);
        words.extend(property.synonyms.iter().map(String::as_str));
        for choice in &property.choices {
            words.extend([choice.name.zh.as_str(), choice.name.en.as_str()]);
            words.extend(choice.synonyms.iter().map(String::as_str));
        }
    }
    words.extend(catalog.kinds.values().map(|k| k.name.zh.as_str()));
    for standard in catalog.standards.values() {
        words.push(&standard.id);
        words.extend(standard.aliases.iter().map(String::as_str));
    }
    words
}

#[cfg(test)]
mod tests;

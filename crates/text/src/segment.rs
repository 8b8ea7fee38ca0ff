//! Texts → tokens for the index and terms for a query.

use jieba_rs::Jieba;
use keqiao_catalog::Catalog;

use crate::code::{Known, Piece, is_run_char, read_run};
use crate::fold::{Folder, is_cjk};
use crate::mapped::Folded;
use crate::stop::is_stop_word;
use crate::token::{Term, Token, TokenKind};

/// Folds and cuts texts. Built once (about 100 ms) and shared.
pub struct Text {
    folder: Folder,
    jieba: Jieba,
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
        Self { folder: Folder::new(), jieba: Jieba::new(), known: Known::default() }
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
        // A fixed order: the frequency of one word depends on those before it.
        let mut spoken: Vec<&String> = text.known.units.iter().filter(|s| s.chars().all(is_cjk)).collect();
        spoken.sort_unstable();
        for symbol in spoken {
            text.jieba.add_word(symbol, None, None);
        }
        text
    }

    /// Takes a word into the dictionary.
    fn learn(&mut self, word: &str) {
        let word = self.fold_str(word.trim());
        if word.chars().nth(1).is_none() || !self.known.words.insert(word.clone()) {
            return;
        }
        if word.chars().any(is_cjk) && !word.contains(char::is_whitespace) {
            self.jieba.add_word(&word, None, None);
        }
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

    /// All tokens of a folded text in the order of their positions: dictionary words and the
    /// shorter words in them, bigrams of each Chinese run, and the pieces of runs of letters and digits.
    #[must_use]
    pub fn tokens(&self, folded: &str) -> Vec<Token> {
        let chars: Vec<char> = folded.chars().collect();
        let (mut out, positions) = self.scan(&chars);
        for word in self.jieba.cut_for_search(folded, true) {
            let cut = &chars[word.start..word.end];
            let kind = match cut {
                [c] if is_cjk(*c) && !is_alone(&chars, word.start) && !is_stop_word(word.word) => TokenKind::Unigram,
                [_, _, ..] if cut.iter().copied().any(is_cjk) => TokenKind::Word,
                _ => continue,
            };
            let position = positions[word.start];
            out.push(Token { text: word.word.to_owned(), start: word.start, end: word.end, position, kind });
        }
        out.sort_by_key(|t| (t.position, t.start, t.end, t.kind));
        out
    }

    /// Bigrams, lone characters and run pieces, and the position of every character.
    fn scan(&self, chars: &[char]) -> (Vec<Token>, Vec<usize>) {
        let mut out = Vec::with_capacity(chars.len() * 2);
        let mut positions = Vec::with_capacity(chars.len());
        let mut position = 0;
        let mut pieces: Vec<Piece> = Vec::new();
        let mut i = 0;
        while let Some(&c) = chars.get(i) {
            if is_cjk(c) {
                if let Some(next) = chars.get(i + 1).copied().filter(|n| is_cjk(*n)) {
                    let text = String::from_iter([c, next]);
                    out.push(Token { text, start: i, end: i + 2, position, kind: TokenKind::Bigram });
                } else if is_alone(chars, i) {
                    out.push(Token { text: c.into(), start: i, end: i + 1, position, kind: TokenKind::Unigram });
                }
                positions.push(position);
                position += 1;
                i += 1;
            } else if is_run_char(c) {
                let end = read_run(chars, i, &self.known, &mut pieces);
                positions.resize(end, position);
                for piece in pieces.drain(..) {
                    let at = if piece.extra { position.saturating_sub(1) } else { position };
                    position += usize::from(!piece.extra);
                    positions[piece.start..piece.end].fill(at);
                    let Piece { text, start, end, kind, .. } = piece;
                    out.push(Token { text, start, end, position: at, kind });
                }
                i = end;
            } else {
                positions.push(position);
                i += 1;
            }
        }
        (out, positions)
    }

    /// The words of a query or of a need's text, in their order, the longest the dictionary
    /// has, without stop words; a query of nothing but stop words keeps them. A word that
    /// stands twice comes twice.
    #[must_use]
    pub fn query_terms(&self, query: &str) -> Vec<Term> {
        let folded = self.fold(query);
        let found = self.words(&folded.text);
        let mut kept: Vec<&Token> = found.iter().filter(|t| !is_stop_word(&t.text)).collect();
        if kept.is_empty() {
            kept = found.iter().collect();
        }
        kept.into_iter()
            .map(|t| {
                let span = folded.span(t.start, t.end);
                Term { text: t.text.clone(), kind: t.kind, start: span.start, end: span.end }
            })
            .collect()
    }

    /// The words of a folded text without overlaps.
    fn words(&self, folded: &str) -> Vec<Token> {
        let chars: Vec<char> = folded.chars().collect();
        let mut out = Vec::new();
        // A word such as SiC二极管 has taken the run piece in it.
        let mut taken = vec![false; chars.len()];
        for word in self.jieba.cut(folded, true) {
            let cut = &chars[word.start..word.end];
            if !cut.iter().copied().any(is_cjk) {
                continue;
            }
            taken[word.start..word.end].fill(true);
            let kind = if cut.len() == 1 { TokenKind::Unigram } else { TokenKind::Word };
            out.push(Token { text: word.word.to_owned(), start: word.start, end: word.end, position: 0, kind });
        }
        let mut pieces = Vec::new();
        let mut i = 0;
        while let Some(&c) = chars.get(i) {
            i = if is_run_char(c) { read_run(&chars, i, &self.known, &mut pieces) } else { i + 1 };
        }
        for Piece { text, start, end, kind, extra } in pieces {
            if !extra && !taken[start..end].iter().any(|t| *t) {
                out.push(Token { text, start, end, position: 0, kind });
            }
        }
        out.sort_by_key(|t| t.start);
        self.mark_units(&mut out);
        out
    }

    /// A unit's symbol in Chinese after a number is a unit, not a word.
    fn mark_units(&self, tokens: &mut [Token]) {
        for i in 1..tokens.len() {
            let (before, token) = (&tokens[i - 1], &tokens[i]);
            let counted = before.kind == TokenKind::Number && token.start <= before.end + 1;
            if counted && self.known.units.contains(&token.text) {
                tokens[i].kind = TokenKind::Unit;
            }
        }
    }
}

/// Whether a Chinese character has none beside it.
fn is_alone(chars: &[char], i: usize) -> bool {
    let cjk = |j: Option<usize>| j.and_then(|j| chars.get(j)).is_some_and(|c| is_cjk(*c));
    !cjk(i.checked_sub(1)) && !cjk(Some(i + 1))
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

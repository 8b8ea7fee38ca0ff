//! Tokens of texts and terms of queries.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// A Chinese word, also one with Latin letters in it.
    Word,
    /// Two neighbouring Chinese characters.
    Bigram,
    /// One Chinese character that stands alone or is a word of its own.
    Unigram,
    /// A part number or a standard.
    Code,
    /// A number.
    Number,
    /// A word of letters.
    Latin,
    /// A unit's symbol.
    Unit,
}

/// A token of a folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What is indexed. Differs from the text it covers in the other spellings of codes and units.
    pub text: String,
    /// Its first character in the folded text.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// Its place in the order of the text, for phrase queries: every Chinese character and
    /// every run piece counts one, white space and marks count nothing.
    pub position: usize,
    /// What it is.
    pub kind: TokenKind,
}

/// A term of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The folded word.
    pub text: String,
    /// What it is; never [`TokenKind::Bigram`].
    pub kind: TokenKind,
    /// Its first character in the original query.
    pub start: usize,
    /// One past its last character there.
    pub end: usize,
}

//! Words of texts and terms of queries.

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// A Chinese word, also one with Latin letters in it.
    Word,
    /// One Chinese character that is a word of its own.
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

/// A word of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word.
    pub text: &'a str,
    /// Its first character in the folded text.
    pub start: usize,
    /// Its first byte there.
    pub start_byte: usize,
}

/// A term of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The folded word.
    pub text: String,
    /// What it is.
    pub kind: TokenKind,
    /// Its first character in the original query.
    pub start: usize,
    /// One past its last character there.
    pub end: usize,
}

//! A Rust file as a flat run of tokens, without its comments and without its test code.
//!
//! Tokens rather than a syntax tree: what stands inside a macro call is read like all the rest.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// One token of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Counted from 1.
    pub(crate) line: usize,
    /// The token as written; punctuation that is joined (`::`, `=>`) is one token.
    pub(crate) text: String,
    /// What a string literal says, without quotes and prefix.
    pub(crate) string: Option<String>,
}

/// A function and how many lines it takes, from `fn` to its closing brace.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

/// A Rust file.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root of the tree, with `/` between.
    pub(crate) path: String,
    /// How many lines the file has.
    pub(crate) lines: usize,
    /// Whether the whole file is test, bench or example code.
    pub(crate) is_test: bool,
    /// What is not test code.
    pub(crate) tokens: Vec<Token>,
    /// Everything, test code included.
    pub(crate) all_tokens: Vec<Token>,
    /// The modules declared with `#[cfg(test)] mod x;`.
    pub(crate) test_modules: Vec<String>,
}

impl Source {
    /// Reads a file; panics on text that is not Rust, for then the build fails as well.
    pub(crate) fn parse(path: &str, text: &str) -> Self {
        let stream = TokenStream::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut source = Self {
            path: path.to_owned(),
            lines: text.lines().count(),
            is_test: false,
            tokens: Vec::new(),
            all_tokens: Vec::new(),
            test_modules: Vec::new(),
        };
        flatten(stream.clone(), &mut source.all_tokens, None);
        flatten(stream, &mut source.tokens, Some(&mut source.test_modules));
        let folders: Vec<&str> = path.split('/').collect();
        if folders.iter().any(|f| matches!(*f, "tests" | "benches" | "examples" | "fuzz")) {
            source.become_test();
        }
        source
    }

    /// Marks the whole file as test code.
    pub(crate) fn become_test(&mut self) {
        self.is_test = true;
        self.tokens.clear();
    }

    /// The folder in which the files of this file's modules stand.
    pub(crate) fn module_folder(&self) -> String {
        let stem = self.path.trim_end_matches(".rs");
        match stem.rsplit_once('/') {
            Some((folder, "lib" | "main" | "mod")) => folder.to_owned(),
            _ => stem.to_owned(),
        }
    }

    /// The lines on which `pattern`, a run of tokens, begins outside test code.
    pub(crate) fn lines_of(&self, pattern: &[&str]) -> Vec<usize> {
        lines_of(&self.tokens, pattern)
    }

    /// The string literals outside test code, with their lines.
    pub(crate) fn strings(&self) -> impl Iterator<Item = (usize, &str)> {
        self.tokens.iter().filter_map(|token| Some((token.line, token.string.as_deref()?)))
    }

    /// The functions outside test code.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let mut functions = Vec::new();
        for (at, pair) in self.tokens.windows(2).enumerate() {
            if pair[0].text == "fn"
                && is_word(&pair[1].text)
                && let Some(end) = end_of_body(&self.tokens[at + 2..])
            {
                let (name, line) = (pair[1].text.clone(), pair[0].line);
                functions.push(Function { name, line, lines: end + 1 - line });
            }
        }
        functions
    }

    /// The place of a line, for a breach.
    pub(crate) fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// The lines on which `pattern` begins.
pub(crate) fn lines_of(tokens: &[Token], pattern: &[&str]) -> Vec<usize> {
    tokens
        .windows(pattern.len())
        .filter(|run| run.iter().zip(pattern).all(|(token, text)| token.text == *text))
        .map(|run| run[0].line)
        .collect()
}

fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
}

/// The line of the brace that closes the body; `None` for a function without one.
fn end_of_body(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_body = false;
    for token in tokens {
        match token.text.as_str() {
            ";" if depth == 0 => return None,
            "{" if depth == 0 => (in_body, depth) = (true, 1),
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.checked_sub(1)?;
                if in_body && depth == 0 {
                    return Some(token.line);
                }
            }
            _ => {}
        }
    }
    None
}

/// Appends the tokens of a stream. With `test_modules`, what is marked as test code is left out and the
/// modules so marked are noted there. Doc comments are always left out.
fn flatten(stream: TokenStream, tokens: &mut Vec<Token>, mut test_modules: Option<&mut Vec<String>>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        if let Some((attribute, inner)) = attribute_at(&trees[at..]) {
            let length = if inner { 3 } else { 2 };
            let text = attribute.stream().to_string();
            if text.starts_with("doc ") || text.starts_with("doc=") {
                at += length;
                continue;
            }
            if let (Some(modules), true) = (test_modules.as_deref_mut(), marks_test(&text)) {
                if inner {
                    return;
                }
                at += length + item_length(&trees[at + length..], modules);
                continue;
            }
        }
        push(&trees[at], tokens, test_modules.as_deref_mut());
        at += 1;
    }
}

/// The attribute that begins here, and whether it is an inner one (`#![…]`).
fn attribute_at(trees: &[TokenTree]) -> Option<(&Group, bool)> {
    let is = |tree: Option<&TokenTree>, c: char| matches!(tree, Some(TokenTree::Punct(p)) if p.as_char() == c);
    if !is(trees.first(), '#') {
        return None;
    }
    let inner = is(trees.get(1), '!');
    match trees.get(if inner { 2 } else { 1 }) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => Some((group, inner)),
        _ => None,
    }
}

fn marks_test(attribute: &str) -> bool {
    let attribute: String = attribute.split_whitespace().collect();
    attribute == "test"
        || attribute.starts_with("tokio::test")
        || attribute == "cfg(test)"
        || attribute.starts_with("cfg(all(test,")
}

/// How many trees the item after a test attribute takes: up to its braces or its semicolon.
fn item_length(trees: &[TokenTree], test_modules: &mut Vec<String>) -> usize {
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    let length = trees.iter().position(ends).map_or(trees.len(), |end| end + 1);
    for pair in trees[..length].windows(3) {
        if let [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Punct(_)] = pair
            && word == "mod"
        {
            test_modules.push(name.to_string());
        }
    }
    length
}

fn push(tree: &TokenTree, tokens: &mut Vec<Token>, test_modules: Option<&mut Vec<String>>) {
    let line = tree.span().start().line;
    if !matches!(tree, TokenTree::Punct(_))
        && let Some(last) = tokens.last_mut().filter(|last| last.text.ends_with(JOINT))
    {
        last.text.pop();
    }
    let plain = |line: usize, text: &str| Token { line, text: text.to_owned(), string: None };
    match tree {
        TokenTree::Group(group) => {
            let (open, close) = match group.delimiter() {
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::None => ("", ""),
            };
            tokens.push(plain(line, open));
            flatten(group.stream(), tokens, test_modules);
            tokens.push(plain(group.span_close().end().line, close));
        }
        TokenTree::Punct(punct) => {
            let text = punct.as_char().to_string();
            match tokens.last_mut() {
                Some(last) if last.text.ends_with(JOINT) => {
                    last.text.truncate(last.text.len() - JOINT.len_utf8());
                    last.text.push_str(&text);
                }
                _ => tokens.push(plain(line, &text)),
            }
            if punct.spacing() == Spacing::Joint
                && let Some(last) = tokens.last_mut()
            {
                last.text.push(JOINT);
            }
        }
        TokenTree::Ident(ident) => tokens.push(plain(line, &ident.to_string())),
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            tokens.push(Token { line, string: said(&text), text });
        }
    }
}

/// Stands after punctuation while the next mark joins it; never in a finished token.
const JOINT: char = '\u{0}';

/// What a string literal says; `None` for numbers and characters. Escapes stay as written.
fn said(literal: &str) -> Option<String> {
    let body = literal.trim_start_matches(['b', 'c', 'r']).trim_matches('#');
    body.strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
}

#[test]
fn tokens_of_macros_are_read_and_test_code_is_not() {
    let source = Source::parse(
        "crates/a/src/b.rs",
        "//! SELECT 1\n#![cfg_attr(test, allow(x))]\n/// SELECT 2\nfn f() { g!(a::b(), r#\"SELECT 3\"#); }\n\
         #[cfg(test)]\nmod tests { const S: &str = \"SELECT 4\"; }\n#[test]\nfn t() { a::b(); }\nfn h();",
    );
    assert_eq!(source.strings().collect::<Vec<_>>(), [(4, "SELECT 3")]);
    assert_eq!(source.lines_of(&["a", "::", "b"]), [4]);
    assert_eq!(lines_of(&source.all_tokens, &["a", "::", "b"]), [4, 8]);
    assert_eq!(source.functions(), [Function { name: "f".to_owned(), line: 4, lines: 1 }]);
}

#[test]
fn joined_marks_are_one_token() {
    let source = Source::parse("a.rs", "fn f(x: &'static str) -> bool { x == \"a\" || matches!(x, \"b\" => 1) }");
    for mark in ["->", "==", "||", "=>"] {
        assert_eq!(source.lines_of(&[mark]), [1], "{mark}");
    }
    assert!(source.all_tokens.iter().all(|token| !token.text.contains(JOINT)));
}

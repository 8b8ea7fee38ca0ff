//! Nothing half done, nothing left from debugging, no unwrap outside tests.

use crate::source::{Source, lines_of};
use crate::tree::{FILES, SOURCES, read};
use crate::{Breach, none};

/// Macros that mark what is unfinished; not even a test may hold one.
const MACROS: [&str; 3] = ["todo", "unimplemented", "dbg"];

/// Marks of unfinished work in a comment.
const MARKS: [&str; 3] = ["TODO", "FIXME", "XXX"];

/// This file has to spell what it looks for.
const THIS: &str = "tests/house/leftovers.rs";

fn macros(sources: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources {
        for name in MACROS {
            for line in lines_of(&source.all_tokens, &[name, "!"]) {
                breaches.push(Breach::new(source.place(line), format!("{name}!")));
            }
        }
    }
    breaches
}

fn unwraps(sources: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources {
        for line in source.lines_of(&[".", "unwrap", "("]) {
            breaches.push(Breach::new(source.place(line), "unwrap outside tests: return the error"));
        }
    }
    breaches
}

fn marks(path: &str, text: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut words = line.split(|c: char| !c.is_alphanumeric());
        if let Some(mark) = words.find(|word| MARKS.contains(word)) {
            breaches.push(Breach::new(format!("{path}:{}", number + 1), mark));
        }
    }
    breaches
}

#[test]
fn nothing_is_left_over() {
    none(macros(&SOURCES));
    none(unwraps(&SOURCES));
    let texts = FILES.iter().filter(|path| {
        *path != THIS && [".rs", ".sql", ".css", ".js", ".html", ".ftl", ".sh"].iter().any(|end| path.ends_with(end))
    });
    none(texts.flat_map(|path| marks(path, &read(path))).collect());
}

#[test]
fn leftovers_are_found() {
    let text = "fn f() { todo!() }\nfn g() { x.unwrap(); }\n#[test]\nfn t() { dbg!(x.unwrap()); }";
    let source = [Source::parse("crates/app/src/a.rs", text)];
    assert_eq!(macros(&source).len(), 2);
    assert_eq!(unwraps(&source), [Breach::new("crates/app/src/a.rs:2", "unwrap outside tests: return the error")]);
    assert_eq!(marks("a.rs", "// TODO: later\n// METHODOLOGY").len(), 1);
}

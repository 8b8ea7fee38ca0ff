//! SQL stands in the store alone, and leaves folding, order and paging to Rust.

use crate::source::Source;
use crate::tree::{FILES, SOURCES, read};
use crate::{Breach, none};

const STORE: &str = "crates/store/";

/// How a statement begins: its first word and, where that word alone is also plain English, its second.
const STATEMENTS: [(&str, Option<&str>); 9] = [
    ("SELECT", None),
    ("INSERT", None),
    ("UPDATE", None),
    ("DELETE", Some("FROM")),
    ("CREATE", Some("TABLE")),
    ("CREATE", Some("INDEX")),
    ("ALTER", Some("TABLE")),
    ("DROP", Some("TABLE")),
    ("PRAGMA", None),
];

/// What would make the two engines differ, or paging slow and unsteady.
const UNWANTED: [&str; 5] = ["LOWER", "UPPER", "OFFSET", "COLLATE", "ILIKE"];

fn is_statement(text: &str) -> bool {
    let text = text.strip_prefix("\\n").unwrap_or(text);
    let mut words = text.split_whitespace();
    let (first, second) = (words.next(), words.next());
    STATEMENTS.iter().any(|(verb, object)| {
        first == Some(*verb) && second.is_some() && object.is_none_or(|object| second == Some(object))
    })
}

fn statements_outside_store(sources: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with(STORE)) {
        for (line, text) in source.strings() {
            if is_statement(text) {
                breaches.push(Breach::new(source.place(line), format!("SQL outside the store: {text:.60}")));
            }
        }
    }
    breaches
}

/// The unwanted words in a text of SQL. Capitals are how the store writes SQL; a call is found in any case.
fn unwanted(text: &str) -> impl Iterator<Item = &'static str> {
    // Bytewise order is the absence of a collation, and PostgreSQL has to be told.
    let text = text.replace("COLLATE \\\"C\\\"", "");
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect();
    let flat: String = text.to_uppercase().split_whitespace().collect();
    UNWANTED.into_iter().filter(move |word| {
        words.iter().any(|found| found == word)
            || (matches!(*word, "LOWER" | "UPPER") && flat.contains(&format!("{word}(")))
    })
}

fn unwanted_in_sources(sources: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with(STORE)) {
        for (line, text) in source.strings() {
            breaches.extend(unwanted(text).map(|word| Breach::new(source.place(line), format!("{word} in SQL"))));
        }
    }
    breaches
}

fn unwanted_in_migration(path: &str, text: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let statement = line.split("--").next().unwrap_or(line);
        let place = format!("{path}:{}", number + 1);
        breaches.extend(unwanted(statement).map(|word| Breach::new(&place, format!("{word} in SQL"))));
    }
    breaches
}

#[test]
fn sql_stands_in_the_store_alone() {
    none(statements_outside_store(&SOURCES));
    let in_store = SOURCES.iter().filter(|source| source.path.starts_with(STORE));
    assert!(in_store.flat_map(Source::strings).any(|(_, text)| is_statement(text)), "no SQL found in the store");
}

#[test]
fn sql_neither_folds_nor_collates_nor_counts_off() {
    none(unwanted_in_sources(&SOURCES));
    let migrations: Vec<&String> = FILES.iter().filter(|path| path.ends_with(".sql")).collect();
    assert!(!migrations.is_empty());
    none(migrations.iter().flat_map(|path| unwanted_in_migration(path, &read(path))).collect());
}

#[test]
fn stray_sql_is_found() {
    let text =
        "fn f() { q(\"SELECT id FROM parties\"); say(\"Select one\"); log!(\"DELETE FROM parties\"); m(\"DELETE\"); }";
    assert_eq!(statements_outside_store(&[Source::parse("crates/app/src/a.rs", text)]).len(), 2);
    assert_eq!(statements_outside_store(&[Source::parse("crates/store/src/a.rs", text)]).len(), 0);
}

#[test]
fn unwanted_words_are_found() {
    let text = "fn f() { q(\"a = lower (b)\"); q(\"LIMIT 2 OFFSET 3\"); say(\"offset\"); q(\"x COLLATE y\"); q(\"x COLLATE \\\"C\\\"\"); }";
    assert_eq!(unwanted_in_sources(&[Source::parse("crates/store/src/a.rs", text)]).len(), 3);
    assert_eq!(unwanted_in_migration("m.sql", "-- no OFFSET\nx TEXT COLLATE NOCASE,").len(), 1);
}

//! Every crate that is built comes from crates.io and under a licence that ours may be joined with.

use crate::tree::{METADATA, read};
use crate::{Breach, none};

const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Whether one may take the crate under allowed licences alone. `/` is the old way to write OR.
fn acceptable(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at) && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize) -> bool {
    let mut result = all_of(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        result |= all_of(words, at);
    }
    result
}

fn all_of(words: &[&str], at: &mut usize) -> bool {
    let mut result = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        result &= one(words, at);
    }
    result
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let result = any_of(words, at);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return result && closed;
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return ALLOWED.contains(&format!("{word} WITH {exception}").as_str());
    }
    ALLOWED.contains(word)
}

fn foreign_sources(lock: &str) -> Vec<Breach> {
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let foreign = sources.filter(|source| source.trim_matches('"') != CRATES_IO);
    foreign.map(|source| Breach::new("Cargo.lock", format!("{source} is not crates.io"))).collect()
}

#[test]
fn every_licence_is_acceptable() {
    let refused = METADATA.packages.iter().filter(|p| !p.license.as_deref().is_some_and(acceptable));
    none(refused.map(|p| Breach::new(p.name.to_string(), format!("licence {:?}", p.license))).collect());
}

#[test]
fn every_crate_comes_from_crates_io() {
    none(foreign_sources(&read("Cargo.lock")));
}

#[test]
fn unacceptable_licences_are_found() {
    for good in ["MIT", "MIT/Apache-2.0", "GPL-2.0-only OR Apache-2.0", "(MIT OR X) AND ISC", "ISC AND (A OR MIT-0)"] {
        assert!(acceptable(good), "{good}");
    }
    for bad in ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "(MIT OR ISC", "MIT ISC", "GPL-2.0 WITH LLVM-exception"] {
        assert!(!acceptable(bad), "{bad}");
    }
    assert_eq!(foreign_sources("source = \"git+https://example.org/x\"\n").len(), 1);
    assert_eq!(foreign_sources(&format!("source = \"{CRATES_IO}\"\n")), []);
}

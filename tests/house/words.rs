//! The tree says nothing of the machine it was written on.

use crate::tree::{FILES, read};
use crate::{Breach, none};

/// Folders of one machine: what runs here must run anywhere.
const FOLDERS: [&str; 3] = ["/work/", "/tmp/", "/root/"];

/// Words that tell of how the text came about and not of the product. The data may speak of a coupling agent,
/// and Rust code may name an HTTP client by its word.
const WORDS: [&str; 5] = ["agent", "agents", "subagent", "subagents", "helper"];

/// The house rules have to spell what they look for.
const RULES: &str = "tests/house/";

fn is_text(path: &str) -> bool {
    const ENDS: [&str; 14] = [
        ".rs", ".toml", ".md", ".sql", ".css", ".js", ".html", ".ftl", ".sh", ".jsonl", ".csv", ".txt", "Makefile",
        "/run",
    ];
    !path.starts_with(RULES) && (ENDS.iter().any(|end| path.ends_with(end)) || path.starts_with("scripts/"))
}

/// Whether the file is data, in which a word is what the field says and not what we say.
fn is_data(path: &str) -> bool {
    ["catalog/", "demo/"].iter().any(|folder| path.starts_with(folder))
        || [".jsonl", ".csv", ".txt"].iter().any(|end| path.ends_with(end))
        || (path.contains("/tests/") && path.ends_with(".toml"))
}

/// Whether the line names the folder itself, and not one of that name below another (`target/tmp/`).
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_-.}".contains(c)))
}

fn stray_words(path: &str, text: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let place = format!("{path}:{}", number + 1);
        let folders = FOLDERS.iter().filter(|folder| names_folder(line, folder));
        breaches.extend(folders.map(|folder| Breach::new(&place, format!("the folder {folder} of one machine"))));
        if !is_data(path) {
            let line =
                line.to_lowercase().replace("user-agent", "").replace("user_agent", "").replace("user agent", "");
            let mut words = line.split(|c: char| !c.is_alphanumeric());
            if let Some(word) = words.find(|word| WORDS.contains(word) && !(*word == "agent" && path.ends_with(".rs")))
            {
                breaches.push(Breach::new(&place, format!("the word {word}")));
            }
        }
    }
    breaches
}

#[test]
fn the_tree_tells_of_the_product_alone() {
    let texts: Vec<&String> = FILES.iter().filter(|path| is_text(path)).collect();
    assert!(texts.len() > 100, "only {} texts", texts.len());
    none(texts.into_iter().flat_map(|path| stray_words(path, &read(path))).collect());
}

#[test]
fn stray_words_are_found() {
    assert_eq!(
        stray_words("README.md", "see /work/notes\nand target/tmp/notes\nan Agent wrote it\na reagent\nUser-Agent: x")
            .len(),
        2
    );
    assert_eq!(stray_words("tests/crash/a.rs", "let agent = ureq::agent(); // no helper").len(), 1);
    assert_eq!(stray_words("catalog/thesaurus/a.toml", "curing agent"), []);
    assert_eq!(stray_words("demo/offers/a.jsonl", "{\"path\":\"/tmp/x\"}").len(), 1);
}

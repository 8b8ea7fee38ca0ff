use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Key → the variables of its message.
fn variables(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources(locale) {
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some(found) = keys_of(line).next() {
                key = found.to_owned();
                out.entry(key.clone()).or_default();
            }
            for part in line.split('$').skip(1) {
                let end = part.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
                let name = &part[..end.unwrap_or(part.len())];
                out.get_mut(&key).unwrap().insert(name.to_owned());
            }
        }
    }
    out
}

/// All files below a folder.
fn walk(folder: &Path, out: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, out);
        } else {
            out.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// All templates and sources of the crate, one text each.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Vec::new();
    walk(&root.join("templates"), &mut out);
    walk(&root.join("src"), &mut out);
    out.retain(|(path, _)| !path.ends_with("locale/tests.rs"));
    out
}

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    assert_eq!(variables(Locale::Zh), variables(Locale::En));
}

#[test]
fn every_key_that_a_page_asks_for_is_there() {
    let known = variables(Locale::Zh);
    for (path, text) in texts() {
        for call in [".t(\"", ".t1(\"", ".t2(\"", ".tn(\"", ".format(\""] {
            for rest in text.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                let variables = known.get(key);
                assert!(variables.is_some(), "{path} asks for {key}, which no message has");
                let plain = variables.unwrap().is_empty();
                assert_eq!(plain, call == ".t(\"", "{path}: {key} and the arguments it is given");
            }
        }
    }
}

/// The sources of the use cases, whose codes have messages.
fn app_texts() -> Vec<(String, String)> {
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src"), &mut out);
    out
}

/// Whether some source puts the key together at run time: `format!("fault-{…}")`
/// uses `fault-too-long` when `"too-long"` stands somewhere, and
/// `format!("error-{…}-{…}")` uses `error-stale-what` when `"stale"` and `"what"` do.
fn is_put_together(key: &str, texts: &[(String, String)]) -> bool {
    let quoted = |word: &str| texts.iter().any(|(_, text)| text.contains(&format!("\"{word}\"")));
    key.match_indices('-').any(|(at, _)| {
        let (prefix, rest) = (&key[..at], &key[at + 1..]);
        texts.iter().any(|(_, text)| text.contains(&format!("\"{prefix}-{{")))
            && (quoted(rest) || rest.rsplit_once('-').is_some_and(|(code, part)| quoted(code) && quoted(part)))
    })
}

#[test]
fn every_key_is_used() {
    let mut texts = texts();
    texts.extend(app_texts());
    // What a workflow refuses is said in the domain.
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src"), &mut texts);
    for key in variables(Locale::Zh).keys() {
        let quoted = format!("\"{key}\"");
        assert!(
            texts.iter().any(|(_, text)| text.contains(&quoted)) || is_put_together(key, &texts),
            "nothing uses {key}"
        );
    }
}

/// What a use case can find wrong with a field is said in words.
#[test]
fn every_fault_has_its_message() {
    let known = variables(Locale::Zh);
    let mut count = 0;
    for (path, text) in app_texts() {
        for (call, place) in [("Fault::new(", 1), ("Fault::with(", 1), ("invalid(", 1), ("wrong(", 0)] {
            for rest in text.split(call).skip(1) {
                let argument = rest.split(',').nth(place).unwrap_or_default().trim_start();
                let Some(code) = argument.strip_prefix('"').and_then(|a| a.split('"').next()) else { continue };
                assert!(known.contains_key(&format!("fault-{code}")), "{path}: {code} has no message");
                count += 1;
            }
        }
    }
    assert!(count > 60, "{count} faults found: the test no longer sees them");
}

#[test]
fn every_message_is_formatted() {
    for locale in Locale::ALL {
        for (key, variables) in variables(locale) {
            if variables.is_empty() {
                assert!(locale.messages().plain.contains_key(&key), "{key}");
                continue;
            }
            let key: &'static str = key.leak();
            let names: Vec<&'static str> = variables.into_iter().map(|v| &*v.leak()).collect();
            for n in ["1", "12345"] {
                let values: Vec<(_, &dyn fmt::Display)> =
                    names.iter().map(|name| (*name, &n as &dyn fmt::Display)).collect();
                let text = locale.format(key, &values);
                assert!(!text.contains('{') && text.contains('1'), "{key}: {text}");
            }
        }
    }
}

#[test]
fn a_number_chooses_the_form_and_is_grouped() {
    assert_eq!(Locale::En.tn("results-count", 1), "1 result");
    assert_eq!(Locale::En.tn("results-count", 12_345), "12,345 results");
    assert_eq!(Locale::Zh.tn("results-count", 0), "共 0 条");
}

#[test]
fn digits_are_grouped_from_the_point() {
    for (number, grouped) in [("0", "0"), ("999", "999"), ("-1234567.891", "−1,234,567.891"), ("100000", "100,000")] {
        assert_eq!(group(number), grouped);
    }
}

/// A text that looks like a number stays as it was written.
#[test]
fn text_is_not_taken_for_a_number() {
    assert_eq!(Locale::Zh.t2("term-by", "term", "007", "by", "4H"), "007（对方写作“4H”）");
}

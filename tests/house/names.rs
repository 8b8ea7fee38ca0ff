//! No crate, folder, file or module whose name says nothing of what stands in it.

use crate::source::Source;
use crate::tree::{FILES, METADATA, SOURCES};
use crate::{Breach, none};

const EMPTY_NAMES: [&str; 8] = ["common", "util", "utils", "utilities", "helper", "helpers", "misc", "shared"];

fn empty_paths(paths: &[String]) -> Vec<Breach> {
    let says_nothing = |part: &str| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or(part));
    let broken = paths.iter().filter(|path| path.split('/').any(says_nothing));
    broken.map(|path| Breach::new(path, "a name that says what is in it, please")).collect()
}

fn empty_modules(sources: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources {
        for pair in source.all_tokens.windows(2) {
            if pair[0].text == "mod" && EMPTY_NAMES.contains(&pair[1].text.as_str()) {
                let reason = format!("a module named {}", pair[1].text);
                breaches.push(Breach::new(source.place(pair[0].line), reason));
            }
        }
    }
    breaches
}

fn empty_packages<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Breach> {
    let says_nothing = |name: &&str| name.split(['-', '_']).any(|part| EMPTY_NAMES.contains(&part));
    names.filter(says_nothing).map(|name| Breach::new(name, "a crate whose name says nothing")).collect()
}

#[test]
fn every_name_says_something() {
    none(empty_paths(&FILES));
    none(empty_modules(&SOURCES));
    none(empty_packages(METADATA.workspace_packages().iter().map(|package| package.name.as_str())));
}

#[test]
fn empty_names_are_found() {
    let paths = ["crates/a/src/utils.rs", "crates/common/src/lib.rs", "crates/a/src/commons.rs"].map(str::to_owned);
    assert_eq!(empty_paths(&paths).len(), 2);
    let module = Source::parse("crates/a/src/lib.rs", "mod helpers { fn f() {} }\nmod help {}");
    assert_eq!(empty_modules(&[module]).len(), 1);
    assert_eq!(empty_packages(["keqiao-misc", "keqiao-text"].into_iter()).len(), 1);
}

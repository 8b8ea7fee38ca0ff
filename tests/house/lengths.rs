//! Ratchets: the longest file and the longest function may only get shorter.

use crate::Breach;
use crate::none;
use crate::source::Source;
use crate::tree::SOURCES;

/// Lines of the longest Rust file that is not test code.
const LONGEST_FILE: usize = 377;

/// Lines of the longest function that is not test code, from `fn` to its closing brace.
const LONGEST_FUNCTION: usize = 78;

/// By how many lines a recorded length may exceed the real one before it has to be lowered; `None`: by any.
const SLACK: Option<usize> = Some(20);

/// Judges what was measured, as (place, lines), against the recorded length.
fn ratchet(name: &str, recorded: usize, slack: Option<usize>, measured: &[(String, usize)]) -> Vec<Breach> {
    let over = measured.iter().filter(|(_, lines)| *lines > recorded);
    let mut breaches: Vec<Breach> =
        over.map(|(place, lines)| Breach::new(place, format!("{lines} lines, {name} is {recorded}"))).collect();
    let longest = measured.iter().map(|(_, lines)| *lines).max().unwrap_or(0);
    if slack.is_some_and(|slack| longest + slack < recorded) {
        breaches.push(Breach::new("tests/house/lengths.rs", format!("lower {name} from {recorded} to {longest}")));
    }
    breaches
}

fn files(sources: &[Source]) -> Vec<(String, usize)> {
    let own = sources.iter().filter(|source| !source.is_test);
    own.map(|source| (source.path.clone(), source.lines)).collect()
}

fn functions(sources: &[Source]) -> Vec<(String, usize)> {
    let of_source = |source: &Source| -> Vec<(String, usize)> {
        let functions = source.functions().into_iter();
        functions.map(|f| (format!("{} {}", source.place(f.line), f.name), f.lines)).collect()
    };
    sources.iter().flat_map(of_source).collect()
}

/// The five longest, for a reader who wants to know where to cut next.
fn show(name: &str, mut measured: Vec<(String, usize)>) {
    measured.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    for (place, lines) in measured.iter().take(5) {
        println!("{name}: {lines} lines: {place}");
    }
}

#[test]
fn no_file_is_longer_than_the_longest() {
    let measured = files(&SOURCES);
    show("file", measured.clone());
    none(ratchet("LONGEST_FILE", LONGEST_FILE, SLACK, &measured));
}

#[test]
fn no_function_is_longer_than_the_longest() {
    let measured = functions(&SOURCES);
    show("function", measured.clone());
    none(ratchet("LONGEST_FUNCTION", LONGEST_FUNCTION, SLACK, &measured));
}

#[test]
fn the_ratchet_holds_in_both_directions() {
    let measured = [("a".to_owned(), 300), ("b".to_owned(), 100)];
    assert_eq!(ratchet("X", 300, Some(20), &measured), []);
    assert_eq!(ratchet("X", 320, Some(20), &measured), []);
    assert_eq!(ratchet("X", 299, Some(20), &measured), [Breach::new("a", "300 lines, X is 299")]);
    let lower = Breach::new("tests/house/lengths.rs", "lower X from 321 to 300");
    assert_eq!(ratchet("X", 321, Some(20), &measured), [lower]);
    assert_eq!(ratchet("X", 321, None, &measured), []);
}

#[test]
fn lengths_are_measured() {
    let text = "fn f(\n    x: [u8; 2],\n) -> u8\nwhere\n    u8: Copy,\n{\n    x[0]\n}\n#[cfg(test)]\nmod tests {\n    fn g() {}\n}\n";
    let source = [Source::parse("crates/a/src/a.rs", text), Source::parse("crates/a/tests/b.rs", text)];
    assert_eq!(files(&source), [("crates/a/src/a.rs".to_owned(), 12)]);
    assert_eq!(functions(&source), [("crates/a/src/a.rs:1 f".to_owned(), 8)]);
}

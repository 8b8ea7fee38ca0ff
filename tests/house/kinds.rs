//! No code decides by the id of a kind: what a kind is stands in its TOML file, and only the catalog reads that.

use crate::source::{Source, Token};
use crate::tree::{SOURCES, kind_ids};
use crate::{Breach, none};

const CATALOG: &str = "crates/catalog/";

/// Whether the string at `at` is compared or stands in a pattern.
fn decides(tokens: &[Token], at: usize) -> bool {
    let text = |index: Option<usize>| index.and_then(|i| tokens.get(i)).map(|token| token.text.as_str());
    let (before, after) = (text(at.checked_sub(1)), text(Some(at + 1)));
    let compared = |mark: Option<&str>| matches!(mark, Some("==" | "!="));
    let in_pattern = matches!(after, Some("=>" | "|")) || before == Some("|");
    // `Some("chip") =>`, `if let Some("chip") = …`, `matches!(kind, "chip")`
    let wrapped = after == Some(")") && matches!(text(Some(at + 2)), Some("=>" | "=" | "|" | "if" | ")" | ","));
    let guarded = after == Some("if");
    let in_matches = after == Some(")") && opens_matches(tokens, at);
    let in_let = wrapped && matches!(text(Some(at + 2)), Some("=>" | "=" | "|" | "if"));
    compared(before) || compared(after) || in_pattern || guarded || in_let || in_matches
}

/// Whether the parentheses around `at` are those of `matches!(…)`.
fn opens_matches(tokens: &[Token], at: usize) -> bool {
    let mut depth = 0_usize;
    for index in (0..at).rev() {
        match tokens[index].text.as_str() {
            ")" | "]" | "}" => depth += 1,
            "(" if depth == 0 => {
                let is = |back: usize, text: &str| index.checked_sub(back).is_some_and(|i| tokens[i].text == text);
                if is(1, "!") && (is(2, "matches") || is(2, "assert_matches")) {
                    return true;
                }
            }
            "[" | "{" if depth == 0 => return false,
            "(" | "[" | "{" => depth -= 1,
            _ => {}
        }
    }
    false
}

fn decisions_by_kind(sources: &[Source], kinds: &[String]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with(CATALOG)) {
        for (at, token) in source.tokens.iter().enumerate() {
            if let Some(id) = token.string.as_ref().filter(|text| kinds.contains(text))
                && decides(&source.tokens, at)
            {
                let reason = format!("decides by the kind {id:?}: let its file in catalog/kinds say it");
                breaches.push(Breach::new(source.place(token.line), reason));
            }
        }
    }
    breaches
}

#[test]
fn no_code_decides_by_the_id_of_a_kind() {
    none(decisions_by_kind(&SOURCES, &kind_ids()));
}

#[test]
fn decisions_by_kind_are_found() {
    let kinds = ["chip".to_owned(), "training".to_owned()];
    for bad in [
        "match kind { \"chip\" => 1, _ => 2 }",
        "match kind { \"a\" | \"chip\" if x => 1, _ => 2 }",
        "match kind { Some(\"chip\") => 1, _ => 2 }",
        "if let Some(\"chip\") = kind {}",
        "if kind.as_str() == \"training\" {}",
        "if \"training\" != kind {}",
        "if matches!(kind, \"chip\") {}",
        "if matches!(kind, Some(\"chip\")) {}",
    ] {
        let source = Source::parse("crates/web/src/a.rs", &format!("fn f() {{ {bad} }}"));
        assert_eq!(decisions_by_kind(&[source], &kinds).len(), 1, "{bad}");
    }
    for good in ["new_need(\"chip\")", "[\"chip\", \"training\"]", "match kind { \"other\" => 1 }", "x == \"chips\""] {
        let source = Source::parse("crates/web/src/a.rs", &format!("fn f() {{ {good} }}"));
        assert_eq!(decisions_by_kind(&[source], &kinds), [], "{good}");
    }
    let catalog = Source::parse("crates/catalog/src/a.rs", "fn f() { k == \"chip\" }");
    assert_eq!(decisions_by_kind(&[catalog], &kinds), []);
}

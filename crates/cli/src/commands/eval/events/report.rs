//! How the figures for events are printed.

use std::fmt::Write;

use serde_json::{Value, json};

use super::cases::Set;
use super::score::{Count, Outcome};

fn half(outcome: &Outcome) -> &'static str {
    if outcome.held_out { "held out" } else { "looked at" }
}

/// Files, figures, and so many misses of each cause of the half that is not held out.
pub(super) fn table(set: &Set, outcomes: &[Outcome], misses: usize) -> String {
    let mut out = String::new();
    for reason in &set.missing {
        let _ = writeln!(out, "missing, not measured: {reason}");
    }
    for (file, kinds) in &set.files {
        let kinds: Vec<String> = kinds.iter().map(|(kind, n)| format!("{kind} ({n} events)")).collect();
        let _ = writeln!(out, "{file}: {}", if kinds.is_empty() { "not measured".into() } else { kinds.join(", ") });
    }
    let _ = writeln!(
        out,
        "\n{:<10}{:<11}{:>6}  {:<26}precision  recall     F1  overlapping F1",
        "type", "half", "cases", ""
    );
    for o in outcomes {
        for (what, exact, near) in
            [("triggers", o.trigger, o.trigger_overlapping), ("arguments", o.argument, o.argument_overlapping)]
        {
            let _ = writeln!(out, "{}", row(o, what, exact, Some(near)));
        }
        for (role, count) in &o.roles {
            let _ = writeln!(out, "{}", row(o, &format!("  {role}"), *count, None));
        }
    }
    for o in outcomes.iter().filter(|o| misses > 0 && !o.held_out) {
        let _ = writeln!(out, "\n{}", o.kind);
        for (cause, list) in &o.misses {
            let _ = writeln!(out, "  {cause}: {}", list.len());
            for miss in list.iter().take(misses) {
                let _ = writeln!(out, "    {} | {}", miss.words, miss.text);
            }
        }
    }
    out
}

fn row(o: &Outcome, what: &str, exact: Count, near: Option<Count>) -> String {
    let marked = format!("{what} ({} of {})", exact.found, exact.marked);
    let near = near.map(|n| format!("{:>15.3}", n.f1())).unwrap_or_default();
    let figures = format!("{:>9.3}{:>8.3}{:>7.3}", exact.precision(), exact.recall(), exact.f1());
    format!("{:<8}  {:<11}{:>6}  {marked:<26}{figures}{near}", o.kind, half(o), o.cases)
}

/// The same as JSON.
pub(super) fn as_json(set: &Set, outcomes: &[Outcome], misses: usize) -> Value {
    let count = |c: Count| {
        json!({
            "precision": c.precision(), "recall": c.recall(), "f1": c.f1(),
            "right": c.right, "read": c.read, "found": c.found, "marked": c.marked,
        })
    };
    let one = |o: &Outcome| {
        let mut made = json!({
            "type": o.kind, "half": half(o), "cases": o.cases,
            "triggers": count(o.trigger), "triggers_overlapping": count(o.trigger_overlapping),
            "arguments": count(o.argument), "arguments_overlapping": count(o.argument_overlapping),
            "roles": o.roles.iter().map(|(role, c)| (role.clone(), count(*c))).collect::<serde_json::Map<_, _>>(),
        });
        if misses > 0 && !o.held_out {
            let cause = |list: &[super::score::Miss]| {
                let shown = list.iter().take(misses).map(|m| json!({"words": m.words, "text": m.text}));
                json!({"count": list.len(), "examples": shown.collect::<Vec<_>>()})
            };
            let causes = o.misses.iter().map(|(name, list)| (name.clone(), cause(list)));
            made["misses"] = causes.collect::<serde_json::Map<_, _>>().into();
        }
        made
    };
    let kinds = |list: &[(&str, usize)]| list.iter().map(|(k, n)| json!({"type": k, "events": n})).collect::<Vec<_>>();
    let files = set.files.iter().map(|(file, list)| (file.clone(), kinds(list).into()));
    json!({
        "files": files.collect::<serde_json::Map<_, _>>(),
        "missing": set.missing,
        "outcomes": outcomes.iter().map(one).collect::<Vec<_>>(),
    })
}

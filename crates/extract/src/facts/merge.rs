//! One thing that is told twice is one fact.

use crate::facts::{Draft, Value};
use crate::resolve::Entities;

/// The arguments by which two tellings are known for one.
fn keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "holds-position" => &["person", "title"],
        "part-of" => &["part", "whole"],
        "visited" => &["visitors", "hosts"],
        "met" => &["hosts", "guests"],
        "signed" => &["agreement"],
        "founded" | "launched" | "issued" => &["thing"],
        "held" => &["activity"],
        "attended" => &["attendees", "activity"],
        "joined" => &["members", "organization"],
        "cooperates-on" => &["partners", "topic"],
        "offers" | "seeks" => &["who"],
        "located-in" => &["who", "place"],
        "transferred" => &["givers", "takers", "thing"],
        _ => &["investors", "targets", "amount"],
    }
}

/// Joins tellings of one fact; the first one keeps its place in the text.
pub(crate) fn merge(drafts: Vec<Draft>, entities: &Entities) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for draft in drafts {
        let known = out.iter().position(|other| other.kind == draft.kind && same(other, &draft, entities));
        match known {
            Some(at) => join(&mut out[at], draft, entities),
            None => out.push(draft),
        }
    }
    out
}

fn same(a: &Draft, b: &Draft, entities: &Entities) -> bool {
    if a.dated && b.dated && a.date != b.date {
        return false;
    }
    if a.kind == "holds-position" {
        let of = |d: &Draft| d.args.get("organization").cloned();
        let both = of(a).is_some() && of(b).is_some();
        return a.args.get("person") == b.args.get("person")
            && a.args.get("title") == b.args.get("title")
            && (!both || of(a) == of(b));
    }
    if a.kind == "signed"
        && !b.args.contains_key("agreement")
        && b.args.contains_key("signatories")
        && shares(a, b, "parties")
    {
        return true;
    }
    if signs_for(a, b, entities) {
        return true;
    }
    let bare = |d: &Draft| d.kind == "signed" && !d.args.contains_key("agreement");
    if bare(a) && bare(b) {
        return shares(a, b, "parties");
    }
    if a.kind == "part-of" {
        return a.args == b.args;
    }
    keys(a.kind).iter().all(|key| match (a.args.get(key), b.args.get(key)) {
        (Some(x), Some(y)) => x.iter().any(|v| y.iter().any(|w| alike(v, w, entities))),
        (None, None) => true,
        _ => a.kind == "signed" && shares(a, b, "parties"),
    })
}

/// 甲大学处长、乙公司经理代表双方签字: who signs serves a part of those who were told to deal before.
fn signs_for(a: &Draft, b: &Draft, entities: &Entities) -> bool {
    let signed = a.kind == "signed" && a.args.contains_key("agreement") && !a.args.contains_key("signatories");
    let signs = !b.args.contains_key("agreement") && b.args.contains_key("signatories");
    let related = |x: &Value, y: &Value| {
        let (Value::Entity(x), Value::Entity(y)) = (x, y) else { return false };
        let (x, y) = (&entities.list[*x].names, &entities.list[*y].names);
        x.iter().any(|x| y.iter().any(|y| x.chars().count() > 3 && y.starts_with(x.as_str())))
    };
    let empty = Vec::new();
    let parties = |d: &Draft| d.args.get("parties").unwrap_or(&empty).clone();
    signed && signs && parties(a).iter().any(|x| parties(b).iter().any(|y| related(x, y)))
}

fn shares(a: &Draft, b: &Draft, key: &str) -> bool {
    let empty = Vec::new();
    let (x, y) = (a.args.get(key).unwrap_or(&empty), b.args.get(key).unwrap_or(&empty));
    x.iter().any(|v| y.contains(v))
}

/// Whether two values name the same: equal, or one name holds the other.
fn alike(a: &Value, b: &Value, entities: &Entities) -> bool {
    if a == b {
        return true;
    }
    let names = |v: &Value| match v {
        Value::Entity(e) => entities.list[*e].names.clone(),
        Value::Text(t) => vec![t.clone()],
        Value::Count(_) => Vec::new(),
    };
    let both = matches!((a, b), (Value::Entity(x), Value::Entity(y)) if !loose(&entities.list[*x].kind) || !loose(&entities.list[*y].kind));
    if both {
        return false;
    }
    let (x, y) = (names(a), names(b));
    x.iter().any(|m| {
        y.iter().any(|n| {
            m.chars().count().min(n.chars().count()) >= 4 && (m.contains(n.as_str()) || n.contains(m.as_str()))
        })
    })
}

const fn loose(kind: &crate::model::EntityKind) -> bool {
    use crate::model::EntityKind::{Activity, Agreement, Document};
    matches!(kind, Agreement | Activity | Document)
}

fn join(first: &mut Draft, mut other: Draft, entities: &Entities) {
    // Whom signatories serve may be a part of a party: 某大学某学院.
    if signs_for(first, &other, entities) {
        other.args.remove("parties");
        other.args.remove("counterparties");
    }
    first.evidence.extend(other.evidence);
    for (name, values) in other.args {
        let known = first.args.entry(name).or_default();
        for value in values {
            let single = super::SINGLE.contains(&name) && !known.is_empty();
            if !single && !known.iter().any(|v| alike(v, &value, entities)) {
                known.push(value);
            }
        }
    }
    if other.dated && !first.dated {
        (first.date, first.dated) = (other.date, true);
    }
    first.confidence = first.confidence.max(other.confidence);
}

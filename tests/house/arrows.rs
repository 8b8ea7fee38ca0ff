//! The arrows of ARCHITECTURE.md: who may depend on whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::METADATA;
use crate::{Breach, none};
use cargo_metadata::DependencyKind;

/// Normal dependencies by package name; of dev and build dependencies nothing is said.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The layers, lowest first. A package may depend on packages of lower layers only; a new package takes its place here.
const LAYERS: [&[&str]; 10] = [
    &["keqiao-domain", "keqiao-memory"],
    &["keqiao-catalog"],
    &["keqiao-text"],
    &["keqiao-matching", "keqiao-extract"],
    &["keqiao-search", "keqiao-store"],
    &["keqiao-followers"],
    &["keqiao-app"],
    &["keqiao-web"],
    &["keqiao"],
    &["keqiao-tests", "keqiao-benches"],
];

/// The pure crates, and what must not come to them, by whatever way.
const PURE: [&str; 5] = ["keqiao-domain", "keqiao-catalog", "keqiao-text", "keqiao-extract", "keqiao-matching"];
const IMPURE: [&str; 4] = ["tokio", "sqlx", "axum", "tantivy"];

/// Who must not reach what, by whatever way.
const NEVER: [(&str, &str); 10] = [
    ("keqiao-app", "keqiao-web"),
    ("keqiao-app", "axum"),
    ("keqiao-store", "keqiao-app"),
    ("keqiao-store", "keqiao-web"),
    ("keqiao-store", "axum"),
    ("keqiao-search", "keqiao-app"),
    ("keqiao-search", "keqiao-web"),
    ("keqiao-search", "sqlx"),
    ("keqiao-followers", "keqiao-app"),
    ("keqiao-followers", "keqiao-web"),
];

/// Who must not name what, though it comes to it through others.
const NEVER_DIRECTLY: [(&str, &str); 1] = [("keqiao-web", "keqiao-store")];

/// Libraries that one crate alone may name. The top layer may, for its baselines.
const SOLE: [(&str, &str); 5] = [
    ("sqlx", "keqiao-store"),
    ("tantivy", "keqiao-search"),
    ("axum", "keqiao-web"),
    ("axum-extra", "keqiao-web"),
    ("askama", "keqiao-web"),
];

fn graph() -> Graph {
    let names: BTreeMap<_, _> = METADATA.packages.iter().map(|p| (&p.id, p.name.to_string())).collect();
    let resolve = METADATA.resolve.as_ref().expect("cargo metadata resolves");
    let mut graph = Graph::new();
    for node in &resolve.nodes {
        let normal = node.deps.iter().filter(|d| d.dep_kinds.iter().any(|k| k.kind == DependencyKind::Normal));
        graph.entry(names[&node.id].clone()).or_default().extend(normal.map(|d| names[&d.pkg].clone()));
    }
    graph
}

fn members() -> BTreeSet<String> {
    METADATA.workspace_packages().iter().map(|package| package.name.to_string()).collect()
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

fn direct<'a>(graph: &'a Graph, from: &str) -> impl Iterator<Item = &'a String> {
    graph.get(from).into_iter().flatten()
}

/// The way from one package to another, both included.
fn way(graph: &Graph, from: &str, to: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::from([from.to_owned()]);
    while let Some(way) = ways.pop() {
        for next in direct(graph, way.last()?) {
            let longer: Vec<String> = way.iter().chain([next]).cloned().collect();
            if next == to {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                ways.push(longer);
            }
        }
    }
    None
}

fn upward(graph: &Graph, members: &BTreeSet<String>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for member in members {
        let Some(own) = layer(member) else {
            breaches.push(Breach::new(member, "has no place in LAYERS of tests/house/arrows.rs"));
            continue;
        };
        for below in direct(graph, member).filter(|name| layer(name).is_some_and(|other| other >= own)) {
            breaches.push(Breach::new(member, format!("depends on {below}, which is not below it")));
        }
    }
    breaches
}

fn never(graph: &Graph) -> Vec<Breach> {
    let pure = PURE.iter().flat_map(|from| IMPURE.iter().map(move |to| (*from, *to)));
    let reached = pure.chain(NEVER).filter_map(|(from, to)| Some((from, way(graph, from, to)?)));
    let mut breaches: Vec<Breach> = reached.map(|(from, way)| Breach::new(from, way.join(" → "))).collect();
    for (from, to) in NEVER_DIRECTLY {
        if direct(graph, from).any(|name| name == to) {
            breaches.push(Breach::new(from, format!("names {to}")));
        }
    }
    breaches
}

fn sole(graph: &Graph, members: &BTreeSet<String>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for member in members.iter().filter(|member| layer(member) != Some(LAYERS.len() - 1)) {
        for (library, owner) in SOLE {
            if member != owner && direct(graph, member).any(|name| name == library) {
                breaches.push(Breach::new(member, format!("names {library}, which only {owner} may")));
            }
        }
    }
    breaches
}

#[test]
fn arrows_point_down() {
    none(upward(&graph(), &members()));
}

#[test]
fn no_never_arrow() {
    none(never(&graph()));
}

#[test]
fn libraries_stay_with_their_owner() {
    none(sole(&graph(), &members()));
}

#[test]
fn the_graph_holds_what_it_should() {
    let graph = graph();
    for (library, owner) in SOLE {
        assert!(direct(&graph, owner).any(|name| name == library), "{owner} does not use {library}");
    }
    for name in LAYERS.concat().into_iter().filter(|name| *name != "keqiao-extract") {
        assert!(members().contains(name), "{name} is not in the workspace");
    }
}

#[test]
fn wrong_arrows_are_found() {
    let edges = [
        ("keqiao-domain", "x"),
        ("x", "tokio"),
        ("keqiao-app", "keqiao-web"),
        ("keqiao-web", "keqiao-store"),
        ("keqiao-web", "sqlx"),
        ("keqiao-new", "x"),
        ("keqiao-benches", "tantivy"),
    ];
    let mut graph = Graph::new();
    for (from, to) in edges {
        graph.entry(from.to_owned()).or_default().insert(to.to_owned());
    }
    let members = edges.iter().map(|(from, _)| (*from).to_owned()).filter(|name| name != "x").collect();
    let places = |breaches: Vec<Breach>| breaches.into_iter().map(|b| b.place).collect::<Vec<_>>();
    assert_eq!(places(upward(&graph, &members)), ["keqiao-app", "keqiao-new"]);
    assert_eq!(places(never(&graph)), ["keqiao-domain", "keqiao-app", "keqiao-web"]);
    assert_eq!(places(sole(&graph, &members)), ["keqiao-web"]);
}

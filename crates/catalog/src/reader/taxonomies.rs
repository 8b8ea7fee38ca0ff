//! `taxonomies/<id>.toml`: `nodes`, each `[code, zh, en, parent]`.

use std::collections::{BTreeMap, HashMap};

use super::report::{Place, Report};
use super::row::Row;
use crate::model::{LocalName, Node, Taxonomy};

/// Reads a file into the taxonomies.
pub(crate) fn read(taxonomies: &mut BTreeMap<String, Taxonomy>, report: &Report<'_>, root: Row<'_, '_>, stem: &str) {
    let at = root.at();
    let id = root.id();
    if let Some((id, at)) = id.as_ref().filter(|(id, _)| id != stem) {
        let mend = format!("name the file {id}.toml, or write id = \"{stem}\"");
        root.fault(*at, "the id is not the file's name", mend);
    }
    let name = root.name("zh", "en");
    let nodes = read_nodes(report, &root);
    root.close();
    let (Some((id, _)), Some(name)) = (id, name) else {
        return;
    };
    if nodes.is_empty() {
        report.fault(at, "a taxonomy without nodes", "add nodes = [[code, zh, en, parent], …]");
    }
    let nodes = in_order(report, nodes);
    let by_code = nodes.iter().enumerate().map(|(i, n)| (n.code.clone(), i)).collect();
    taxonomies.insert(id.clone(), Taxonomy { id, name, nodes, by_code });
}

fn read_nodes(report: &Report<'_>, root: &Row<'_, '_>) -> Vec<(Node, Place)> {
    let mut nodes: Vec<(Node, Place)> = Vec::new();
    let mut seen: HashMap<String, Place> = HashMap::new();
    for (at, cells) in root.text_lists("nodes") {
        let cells: Vec<String> = cells.into_iter().map(|(text, _)| text).collect();
        let Ok([code, zh, en, parent]) = <[String; 4]>::try_from(cells) else {
            let mend = "write [\"code\", \"中文\", \"English or empty\", \"parent or empty\"]";
            report.fault(at, "a node is not four texts", mend);
            continue;
        };
        if code.is_empty() || zh.is_empty() {
            report.fault(at, "a node without code or Chinese name", "write both");
            continue;
        }
        if let Some(first) = seen.get(&code) {
            let mend = format!("remove it here or at {}", report.words(*first));
            report.fault(at, format!("code \"{code}\" stands twice"), mend);
            continue;
        }
        seen.insert(code.clone(), at);
        let en = if en.is_empty() { zh.clone() } else { en };
        let parent = Some(parent).filter(|p| !p.is_empty());
        nodes.push((Node { code, name: LocalName { zh, en }, parent, depth: 0 }, at));
    }
    nodes
}

/// Parents before children, with depths; reports unknown and cyclic parents.
fn in_order(report: &Report<'_>, nodes: Vec<(Node, Place)>) -> Vec<Node> {
    let places: HashMap<&str, usize> = nodes.iter().enumerate().map(|(i, (n, _))| (n.code.as_str(), i)).collect();
    let up = |i: usize| nodes[i].0.parent.as_deref().map(|p| places.get(p).copied());
    let mut depths: Vec<Option<usize>> = vec![None; nodes.len()];
    let mut cyclic: Vec<usize> = Vec::new();
    for (i, (node, at)) in nodes.iter().enumerate() {
        // Walks up to a root or to a node whose depth is known.
        let mut path = vec![i];
        let base = loop {
            let last = path[path.len() - 1];
            if let Some(depth) = depths[last] {
                path.pop();
                break Some(depth + 1);
            }
            match up(last) {
                None => break Some(0),
                Some(None) => {
                    if last == i {
                        let parent = node.parent.as_deref().unwrap_or_default();
                        let mend = "write the code of another node, or \"\" for a root";
                        report.fault(*at, format!("unknown parent \"{parent}\""), mend);
                    }
                    break None;
                }
                Some(Some(next)) if path.contains(&next) => {
                    if next == i && !cyclic.contains(&i) {
                        let reason = format!("\"{}\" stands below itself", node.code);
                        report.fault(*at, reason, "break the circle of parents");
                        cyclic.extend(&path);
                    }
                    break None;
                }
                Some(Some(next)) => path.push(next),
            }
        };
        if let Some(base) = base {
            for (steps, &on_path) in path.iter().rev().enumerate() {
                depths[on_path] = Some(base + steps);
            }
        }
    }
    drop(places);
    let mut ordered: Vec<Node> = nodes
        .into_iter()
        .zip(depths)
        .filter_map(|((node, _), depth)| depth.map(|depth| Node { depth, ..node }))
        .collect();
    // A stable sort keeps the file's order among nodes of one depth; files
    // that have parents first stay as they are.
    if !parents_first(&ordered) {
        ordered.sort_by_key(|n| n.depth);
    }
    ordered
}

fn parents_first(nodes: &[Node]) -> bool {
    let mut seen = std::collections::HashSet::with_capacity(nodes.len());
    nodes.iter().all(|n| {
        seen.insert(n.code.as_str());
        n.parent.as_deref().is_none_or(|p| seen.contains(p))
    })
}

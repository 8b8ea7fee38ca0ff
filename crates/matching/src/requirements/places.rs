//! Where the other side is to be: `位于成渝地区`, `优先四川省内企业`.

use keqiao_domain::{Requirement, Value};

use super::at;
use super::words::{OURSELVES, PLACED, PREFERRED};
use crate::lexicon::Cue;
use crate::read::Scan;

/// The property of the catalog that a place is.
pub(crate) const LOCATION: &str = "location";
/// How far a word that makes a place a requirement may stand from it.
const REACH: usize = 5;

/// The first place that a need asks for, with those that are named beside it.
pub(super) fn places(scan: &Scan<'_>, out: &mut Vec<Requirement>) {
    if !scan.lexicon.catalog().properties.contains_key(LOCATION) {
        return;
    }
    let named = named(scan);
    let mut i = 0;
    while i < named.len() {
        // 江苏或浙江, 江苏、浙江
        let mut last = i;
        while last + 1 < named.len() && joined(scan, named[last].end, named[last + 1].start) {
            last += 1;
        }
        let (start, end) = (named[i].start, named[last].end);
        if asked_for(scan, start, end) {
            let mut names: Vec<String> = Vec::new();
            for name in named[i..=last].iter().flat_map(|p| &p.names) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            out.extend(at(scan, LOCATION, Value::List(names), start, end));
            return;
        }
        i = last + 1;
    }
}

/// A place in the text, as the regions it is.
struct Place {
    start: usize,
    end: usize,
    names: Vec<String>,
}

fn named(scan: &Scan<'_>) -> Vec<Place> {
    let Some(regions) = scan.lexicon.catalog().taxonomy("region") else { return Vec::new() };
    let name = |code: &str| regions.get(code).map(|n| n.name.zh.clone());
    let mut places: Vec<Place> = scan
        .cues
        .iter()
        .filter_map(|h| match h.cue {
            Cue::Region(code) => Some(Place { start: h.start, end: h.end, names: vec![name(code)?] }),
            Cue::Area(i) => {
                let area = &scan.lexicon.catalog().areas[*i];
                let names = area.regions.iter().filter_map(|code| name(code)).collect();
                Some(Place { start: h.start, end: h.end, names })
            }
            _ => None,
        })
        .collect();
    places.sort_by_key(|p| (p.start, std::cmp::Reverse(p.end)));
    places.dedup_by(|next, held| next.start < held.end);
    places
}

fn joined(scan: &Scan<'_>, end: usize, next: usize) -> bool {
    next > end && next - end <= 2 && scan.chars[end..next].iter().all(|c| "、或和与及/，".contains(*c))
}

fn asked_for(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    let (from, to) = scan.clause(start);
    let before = scan.slice(from, start);
    // 我司位于成都 says where the writer is.
    if OURSELVES.iter().any(|w| before.contains(w)) {
        return false;
    }
    let near = scan.slice(start.saturating_sub(REACH).max(from), start);
    let behind = scan.slice(end, (end + 2 * REACH).min(to).max(end));
    PLACED.iter().any(|w| near.ends_with(w)) || PREFERRED.iter().any(|w| before.contains(w) || behind.contains(w))
}

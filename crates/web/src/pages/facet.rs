//! Facets: values that a list can be narrowed to, with how many each would leave.

use keqiao_domain::ListingState;

use super::filter::{Filter, is_chain, party_kind};
use crate::page::Frame;

/// Values shown before the rest is folded away.
const SHOWN: usize = 10;

/// One value of a facet.
pub(crate) struct Value {
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) count: u64,
    pub(crate) open: bool,
}

/// A facet; drawn by `facets` of `facets.html`.
pub(crate) struct Facet {
    pub(crate) name: &'static str,
    /// The way up from the chosen node of a tree: address and name.
    pub(crate) up: Option<(String, String)>,
    pub(crate) values: Vec<Value>,
    /// Values folded away.
    pub(crate) rest: Vec<Value>,
}

impl Facet {
    pub(crate) fn new(name: &'static str, values: impl Iterator<Item = Value>) -> Self {
        let mut values: Vec<Value> = values.collect();
        let rest = values.split_off(values.len().min(SHOWN));
        Self { name, up: None, values, rest }
    }

    /// Whether there is nothing to choose.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.up.is_none()
    }

    /// The nodes right below the chosen one of a taxonomy that names a filter.
    pub(crate) fn tree(f: &Frame, filter: &Filter, taxonomy: &'static str, counts: &[(String, u64)]) -> Self {
        let name = if taxonomy == "region" { f.t("facet-region") } else { f.t("facet-industry") };
        let chosen = filter.get(taxonomy);
        let tree = f.catalog.taxonomy(taxonomy);
        let label = |code: &str| {
            let node = tree.and_then(|t| t.get(code));
            node.map_or(code, |n| n.name.get(f.locale.as_str())).to_owned()
        };
        let values = counts.iter().filter(|(code, _)| code != chosen).map(|(code, n)| Value {
            href: filter.with(&[(taxonomy, code)]),
            label: label(code),
            count: *n,
            open: false,
        });
        let mut facet = Self::new(name, values);
        if !chosen.is_empty() {
            let parent = tree.and_then(|t| t.get(chosen)).and_then(|n| n.parent.as_deref());
            let up = parent.map_or_else(|| f.t("facet-all").to_owned(), label);
            facet.up = Some((filter.with(&[(taxonomy, parent.unwrap_or_default())]), up));
        }
        facet
    }

    /// The chains, or the nodes right below the chosen one.
    pub(crate) fn chains(f: &Frame, filter: &Filter, counts: &[(String, u64)]) -> Self {
        let chosen = filter.get("chain");
        let values = counts.iter().filter(|(code, _)| code != chosen).map(|(code, n)| Value {
            href: filter.with(&[("chain", code)]),
            label: chain_name(f, code),
            count: *n,
            open: false,
        });
        let mut facet = Self::new(f.t("facet-chain"), values);
        if !chosen.is_empty() {
            let above = above_in_chain(f, chosen);
            let label = above.as_ref().map_or_else(|| f.t("facet-all").to_owned(), |code| chain_name(f, code));
            facet.up = Some((filter.with(&[("chain", above.as_deref().unwrap_or_default())]), label));
        }
        facet
    }

    /// Verified parties alone.
    pub(crate) fn verified(f: &Frame, filter: &Filter, counts: &[(String, u64)]) -> Self {
        let open = filter.query.verified == Some(true);
        let values = counts.iter().filter(|(value, _)| value == "true").map(|(_, n)| Value {
            href: filter.with(&[("verified", if open { "" } else { "1" })]),
            label: f.t("facet-verified-only").to_owned(),
            count: *n,
            open,
        });
        Self::new(f.t("facet-verified"), values)
    }
}

/// The name of a chain or of a node of one.
pub(crate) fn chain_name(f: &Frame, code: &str) -> String {
    let (taxonomy, node) = code.split_once(':').unwrap_or((code, ""));
    let Some(tree) = f.catalog.taxonomy(taxonomy).filter(|_| is_chain(taxonomy)) else {
        return code.to_owned();
    };
    let name = if node.is_empty() { Some(&tree.name) } else { tree.get(node).map(|n| &n.name) };
    name.map_or(code, |name| name.get(f.locale.as_str())).to_owned()
}

/// What holds a node: the node above it, or its chain; `None` above a chain.
fn above_in_chain(f: &Frame, code: &str) -> Option<String> {
    let (taxonomy, node) = code.split_once(':')?;
    let parent = f.catalog.taxonomy(taxonomy)?.get(node)?.parent.as_deref();
    Some(parent.map_or_else(|| taxonomy.to_owned(), |parent| format!("{taxonomy}:{parent}")))
}

/// The name of a state by its word.
pub(crate) fn state_name(f: &Frame, word: &str) -> String {
    let state = ListingState::ALL.into_iter().find(|s| s.as_str() == word);
    state.map_or(word, |s| f.word(s)).to_owned()
}

/// The filters that are set: for each the address without it, and its name.
pub(crate) fn chosen(f: &Frame, filter: &Filter) -> Vec<(String, String)> {
    let name = |name: &str, value: &str| match name {
        "side" if value == "need" => f.t("side-need").to_owned(),
        "side" => f.t("side-offer").to_owned(),
        "kind" => party_kind(value).map_or_else(|| f.kind(value).to_owned(), |kind| f.word(kind).to_owned()),
        "region" => f.region(value),
        "industry" => f.industry(value),
        "chain" => chain_name(f, value),
        "maturity_min" => f.t1("chosen-maturity-min", "level", value),
        "maturity_max" => f.t1("chosen-maturity-max", "level", value),
        "price_max" => f.t1("chosen-price", "price", f.number(value)),
        "verified" if filter.query.verified == Some(true) => f.t("facet-verified-only").to_owned(),
        "verified" => f.t("chosen-unverified").to_owned(),
        "state" => state_name(f, value),
        _ => f.t("chosen-party").to_owned(),
    };
    filter.chosen().map(|(n, value)| (filter.without(n, value), name(n, value))).collect()
}

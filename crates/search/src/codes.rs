//! Codes as small numbers, with what stands above them.

use std::collections::HashMap;

use keqiao_catalog::{Catalog, Taxonomy};

/// The number of "no code".
pub(crate) const NONE: u32 = u32::MAX;

/// One set of codes; a tree when the catalog has one.
#[derive(Debug, Default)]
pub(crate) struct Dimension {
    by_code: HashMap<String, u32>,
    codes: Vec<String>,
    /// Number of the code above, or [`NONE`]; always below the own number.
    above: Vec<u32>,
}

impl Dimension {
    /// The number of a code; a code that the catalog does not know gets one
    /// of its own, with nothing above it.
    pub(crate) fn number(&mut self, code: &str) -> u32 {
        match self.by_code.get(code) {
            Some(&n) => n,
            None => self.add(code, NONE),
        }
    }

    fn add(&mut self, code: &str, above: u32) -> u32 {
        let number = self.codes.len() as u32;
        self.codes.push(code.to_owned());
        self.above.push(above);
        self.by_code.insert(code.to_owned(), number);
        number
    }

    /// The number of a code that occurs.
    pub(crate) fn find(&self, code: &str) -> Option<u32> {
        self.by_code.get(code).copied()
    }

    /// The code of a number.
    pub(crate) fn code(&self, number: u32) -> &str {
        &self.codes[number as usize]
    }

    /// For each number whether it is one of the codes or stands below one.
    pub(crate) fn below(&self, codes: &[String]) -> Vec<bool> {
        let chosen: Vec<u32> = codes.iter().filter_map(|c| self.find(c)).collect();
        let mut inside = Vec::with_capacity(self.codes.len());
        for (i, &above) in self.above.iter().enumerate() {
            let parent_inside = above != NONE && inside[above as usize];
            inside.push(parent_inside || chosen.contains(&(i as u32)));
        }
        inside
    }

    /// For each number the facet value that holds it: the codes right below
    /// `chosen`; `chosen` itself when nothing is below; the roots when nothing is chosen.
    pub(crate) fn buckets(&self, chosen: Option<&str>) -> Vec<u32> {
        let chosen = match chosen {
            None => NONE,
            Some(code) => match self.find(code) {
                Some(number) => number,
                None => return vec![NONE; self.codes.len()],
            },
        };
        let leaf = chosen != NONE && !self.above.contains(&chosen);
        let mut buckets = Vec::with_capacity(self.codes.len());
        for (i, &above) in self.above.iter().enumerate() {
            let own = if leaf { i as u32 == chosen } else { above == chosen };
            buckets.push(match above {
                _ if own => i as u32,
                NONE => NONE,
                above => buckets[above as usize],
            });
        }
        buckets
    }

    fn add_tree(&mut self, tree: &Taxonomy, prefix: &str, root: u32) {
        for node in &tree.nodes {
            let above = node.parent.as_deref().and_then(|p| self.find(&format!("{prefix}{p}"))).unwrap_or(root);
            self.add(&format!("{prefix}{}", node.code), above);
        }
    }
}

/// All sets of codes.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    /// Kind ids; for parties `organization`, `person`.
    pub(crate) kind: Dimension,
    /// Regions.
    pub(crate) region: Dimension,
    /// Industries.
    pub(crate) industry: Dimension,
    /// Chains and their nodes, `chain-ic`, `chain-ic:design`.
    pub(crate) chain: Dimension,
    /// Audience tokens.
    pub(crate) audience: Dimension,
}

impl Codes {
    /// The codes of a catalog.
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let mut codes = Self::default();
        if let Some(tree) = catalog.taxonomy("region") {
            codes.region.add_tree(tree, "", NONE);
        }
        if let Some(tree) = catalog.taxonomy("industry") {
            codes.industry.add_tree(tree, "", NONE);
        }
        for tree in catalog.taxonomies.values().filter(|t| t.id.starts_with("chain")) {
            let root = codes.chain.add(&tree.id, NONE);
            codes.chain.add_tree(tree, &format!("{}:", tree.id), root);
        }
        codes
    }
}

/// The one spelling of a chain node: `chain-ic/design` and `chain-ic:design` are the same.
pub(crate) fn chain_code(written: &str) -> String {
    written.replacen('/', ":", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Dimension {
        let mut d = Dimension::default();
        let js = d.add("32", NONE);
        let wx = d.add("3202", js);
        d.add("320205", wx);
        d.add("51", NONE);
        d
    }

    #[test]
    fn a_code_holds_all_below_it() {
        let d = tree();
        assert_eq!(d.below(&["32".into()]), [true, true, true, false]);
        assert_eq!(d.below(&["3202".into()]), [false, true, true, false]);
        assert_eq!(d.below(&["99".into()]), [false; 4]);
    }

    #[test]
    fn a_facet_shows_what_is_right_below() {
        let d = tree();
        assert_eq!(d.buckets(None), [0, 0, 0, 3]);
        assert_eq!(d.buckets(Some("32")), [NONE, 1, 1, NONE]);
        assert_eq!(d.buckets(Some("320205")), [NONE, NONE, 2, NONE]);
        assert_eq!(d.buckets(Some("99")), [NONE; 4]);
    }

    #[test]
    fn an_unknown_code_gets_a_number_of_its_own() {
        let mut d = tree();
        let n = d.number("zz");
        assert_eq!((n, d.number("zz"), d.code(n)), (4, 4, "zz"));
        assert_eq!(d.buckets(None)[4], 4);
    }

    #[test]
    fn one_spelling_of_a_chain_node() {
        assert_eq!(chain_code("chain-ic/design"), "chain-ic:design");
    }
}

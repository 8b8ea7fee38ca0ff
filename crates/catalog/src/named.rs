//! Which node of a taxonomy a text means.

use crate::model::{Node, Taxonomy};
use crate::regions::short_name;

/// What a text means in a taxonomy.
#[derive(Debug, Clone, PartialEq)]
pub enum Named<'t> {
    /// Nothing it knows.
    Nothing,
    /// One node.
    One(&'t Node),
    /// Several, of which the text does not say which.
    Several(Vec<&'t Node>),
}

/// How a text names a node: the fuller the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Full,
    Short,
}

impl Taxonomy {
    /// The names of a node from the root down: `江苏省`, `无锡市`, `梁溪区`; nothing for an unknown code.
    #[must_use]
    pub fn line(&self, code: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self.ancestry(code).iter().map(|n| n.name.zh.as_str()).collect();
        names.reverse();
        names
    }

    /// The node that a text means: a code, a name in Chinese or English, a region's short name
    /// (`无锡`), each also with names from above it (`江苏省 · 无锡市`, `长春朝阳区`, `Wuxi, Jiangsu`).
    ///
    /// Of nodes that bear the same name, the one above the others or, of regions, the one that
    /// is no county is meant (`吉林`: the province); else the text means several.
    #[must_use]
    pub fn named(&self, text: &str) -> Named<'_> {
        let Some(first) = text.split_whitespace().next() else { return Named::Nothing };
        if let Some(node) = self.get(first) {
            return Named::One(node);
        }
        let mut found = self.in_chinese(text);
        if found.is_empty() {
            found = self.in_english(text);
        }
        let Some(fullest) = found.iter().map(|(form, _)| *form).min() else { return Named::Nothing };
        found.retain(|(form, _)| *form == fullest);
        let nodes: Vec<&Node> = found.into_iter().map(|(_, node)| node).collect();
        let least = nodes.iter().map(|n| self.rank(n)).min();
        let highest: Vec<&Node> = nodes.iter().copied().filter(|n| Some(self.rank(n)) == least).collect();
        match (highest.as_slice(), nodes.as_slice()) {
            ([only], _) => Named::One(only),
            _ => Named::Several(nodes),
        }
    }

    /// Counties of all depths rank alike.
    fn rank(&self, node: &Node) -> usize {
        let county = self.id == "region" && !node.code.ends_with("00");
        if county { usize::MAX } else { node.depth }
    }

    fn in_chinese(&self, text: &str) -> Vec<(Form, &Node)> {
        let wanted: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '·' | ',' | '，')).collect();
        let form_of = |node: &Node| {
            let before = |form: &str| wanted.strip_suffix(form).map(str::to_owned);
            if let Some(rest) = before(&node.name.zh)
                && self.is_above(node, &rest)
            {
                return Some(Form::Full);
            }
            let start: String = node.name.zh.chars().take(2).collect();
            let short = wanted.contains(&start).then(|| self.short(node)).flatten()?;
            let rest = before(&short)?;
            self.is_above(node, &rest).then_some(Form::Short)
        };
        self.nodes.iter().filter_map(|n| Some((form_of(n)?, n))).collect()
    }

    fn short(&self, node: &Node) -> Option<String> {
        if self.id == "region" { short_name(&node.name.zh) } else { None }
    }

    /// Whether a text is made of names from above a node, the nearest last; some may be left out.
    fn is_above(&self, node: &Node, text: &str) -> bool {
        let mut rest = text;
        for above in self.ancestry(&node.code).into_iter().skip(1) {
            let short = self.short(above);
            let cut = rest.strip_suffix(above.name.zh.as_str());
            rest = cut.or_else(|| rest.strip_suffix(short.as_deref()?)).unwrap_or(rest);
        }
        matches!(rest, "" | "中国")
    }

    fn in_english(&self, text: &str) -> Vec<(Form, &Node)> {
        let text = text.trim();
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let fits = |node: &&Node| {
            let own = &node.name.en;
            let begins = text.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own));
            if !begins {
                return false;
            }
            // A name may hold a comma itself.
            let whole = self.ancestry(&node.code).iter().map(|n| n.name.en.as_str()).collect::<Vec<_>>().join(", ");
            if own.eq_ignore_ascii_case(text) || whole.eq_ignore_ascii_case(text) {
                return true;
            }
            let mut above = self.ancestry(&node.code).into_iter().skip(1);
            own.eq_ignore_ascii_case(parts[0])
                && parts[1..].iter().all(|part| above.any(|n| n.name.en.eq_ignore_ascii_case(part)))
        };
        self.nodes.iter().filter(fits).map(|n| (Form::Full, n)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(text: &str) -> Vec<String> {
        let catalog = crate::builtin().unwrap();
        match catalog.taxonomy("region").unwrap().named(text) {
            Named::Nothing => Vec::new(),
            Named::One(node) => vec![node.code.clone()],
            Named::Several(nodes) => nodes.iter().map(|n| n.code.clone()).collect(),
        }
    }

    #[test]
    fn people_write_places_in_many_ways() {
        for text in [
            "320200",
            "无锡市",
            "江苏省无锡市",
            "江苏省 · 无锡市",
            "江苏无锡",
            "中国江苏省无锡市",
            "无锡",
            "Wuxi, Jiangsu",
            "wuxi",
            " 无锡市 ",
        ] {
            assert_eq!(region(text), ["320200"], "{text}");
        }
        for text in ["亚特兰蒂斯", " ", "", "江苏省杭州市", "朝阳区长春市"] {
            assert_eq!(region(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_name_that_several_bear_is_told_apart_by_what_stands_before_it_or_not_at_all() {
        assert_eq!(region("朝阳区"), ["110105", "220104"]);
        assert_eq!(region("北京市朝阳区"), ["110105"]);
        for text in ["吉林省长春市朝阳区", "长春市朝阳区", "长春朝阳区", "吉林朝阳", "Chaoyang, Changchun"]
        {
            assert_eq!(region(text), ["220104"], "{text}");
        }
        assert_eq!(region("鼓楼区").len(), 4);
        assert_eq!(region("南京鼓楼"), ["320106"]);
        assert!(region("Suzhou").len() > 1);
        assert_eq!(region("吉林"), ["220000"]);
        assert_eq!(region("朝阳市"), ["211300"]);
    }

    #[test]
    fn every_node_is_named_by_its_whole_line() {
        let catalog = crate::builtin().unwrap();
        for taxonomy in catalog.taxonomies.values().filter(|t| ["region", "industry"].contains(&t.id.as_str())) {
            for node in taxonomy.nodes.iter().step_by(7) {
                let line = taxonomy.line(&node.code);
                for text in [line.join(" · "), line.concat()] {
                    // Where a node and the one above it bear one name, the upper one is meant.
                    let Named::One(found) = taxonomy.named(&text) else { panic!("{text}") };
                    assert!(taxonomy.line(&found.code).concat().ends_with(&node.name.zh), "{text}: {}", found.code);
                }
            }
        }
    }
}

//! By which keys names are compared across articles, and which names tell an entity from all others.

use std::collections::HashSet;

use keqiao_catalog::{Taxonomy, region_short_names};
use keqiao_domain::{EntityKind, fold_key};

/// Legal forms and what else may be left out of the name of a body, the longest first.
const FORMS: [&str; 12] = [
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "科技有限公司",
    "科技公司",
    "有限公司",
    "集团公司",
    "总公司",
    "分公司",
    "公司",
    "集团",
    "股份",
];

/// Words before a name that belong to the whole country.
const NATIONAL: [&str; 4] = ["中国", "国家", "全国", "中华"];

/// A name at least this long tells a body from all others.
const WHOLE: usize = 8;
/// What is left without region and legal form tells something from here on.
const CORE: usize = 3;

/// Regions by their names, those of provinces and cities also without the level.
pub(crate) struct Names {
    regions: HashSet<String>,
    /// Characters of the longest of them.
    longest: usize,
}

impl Names {
    pub(crate) fn new(regions: Option<&Taxonomy>) -> Self {
        let mut names: HashSet<String> =
            regions.into_iter().flat_map(|t| &t.nodes).map(|n| n.name.get("zh").to_owned()).collect();
        if let Some(taxonomy) = regions {
            let wide = |code: &str| taxonomy.get(code).is_some_and(|n| n.depth <= 1);
            names.extend(region_short_names(taxonomy).into_iter().filter(|(_, code)| wide(code)).map(|(name, _)| name));
        }
        names.retain(|n| n.chars().count() >= 2);
        let longest = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
        Self { regions: names, longest }
    }

    /// The longest name of a region with which a name begins.
    fn region_of<'n>(&self, name: &'n str) -> Option<&'n str> {
        let ends = name.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.longest);
        let mut heads: Vec<&str> = ends.skip(1).map(|end| &name[..end]).collect();
        heads.reverse();
        heads.into_iter().find(|head| self.regions.contains(*head))
    }

    /// Whether two names begin with regions that are not the same: 芜湖高新区 is none of 合肥高新区.
    pub(crate) fn lie_apart(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.regions_before(one), self.regions_before(other));
        match (one.last(), other.last()) {
            (Some(a), Some(b)) => !other.contains(a) && !one.contains(b),
            _ => false,
        }
    }

    /// The regions before a name, without their levels.
    fn regions_before<'n>(&self, name: &'n str) -> Vec<&'n str> {
        let (mut regions, mut rest) = (Vec::new(), name);
        while let Some(region) = self.region_of(rest) {
            rest = &rest[region.len()..];
            let bare = ["省", "市", "县", "区"].iter().find_map(|level| region.strip_suffix(level));
            regions.push(bare.filter(|b| b.chars().count() >= 2).unwrap_or(region));
        }
        regions
    }

    /// The name without the regions before it and the legal form behind it; `None` where too little is left.
    pub(crate) fn core(&self, name: &str) -> Option<String> {
        let mut rest = name;
        while let Some(region) = self.region_of(rest) {
            rest = &rest[region.len()..];
        }
        let rest = FORMS.iter().find_map(|form| rest.strip_suffix(form)).unwrap_or(rest);
        let rest = rest.replace(['(', ')', '（', '）'], "");
        let key = fold_key(&rest);
        (key.chars().count() >= CORE && key != fold_key(name)).then_some(key)
    }

    /// Whether a name alone tells an entity of its kind from all others.
    pub(crate) fn is_distinctive(&self, kind: EntityKind, name: &str) -> bool {
        let length = name.chars().count();
        match kind {
            EntityKind::Person => false,
            EntityKind::Place | EntityKind::Standard | EntityKind::Product | EntityKind::Program => true,
            EntityKind::Organization | EntityKind::Platform => self.is_whole(name, length),
            EntityKind::Document => length >= 6,
            EntityKind::Agreement | EntityKind::Activity => {
                length >= 10 || name.chars().any(|c| c.is_ascii_digit() || c == '届')
            }
        }
    }

    fn is_whole(&self, name: &str, length: usize) -> bool {
        let begins = NATIONAL.iter().any(|n| name.starts_with(n)) || self.region_of(name).is_some_and(|r| r != name);
        let stem = |form: &&str| name.strip_suffix(*form).is_some_and(|stem| stem.chars().count() >= 2);
        begins && length >= 4 || length >= WHOLE || FORMS.iter().any(stem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let catalog = keqiao_catalog::builtin().unwrap();
        Names::new(catalog.taxonomy("region"))
    }

    #[test]
    fn a_core_has_neither_region_nor_legal_form() {
        let names = names();
        assert_eq!(names.core("无锡中微高科电子有限公司").as_deref(), Some("中微高科电子"));
        assert_eq!(names.core("江苏省无锡市华晶微电子股份有限公司").as_deref(), Some("华晶微电子"));
        assert_eq!(names.core("无锡市公司"), None);
        assert_eq!(names.core("华晶微电子"), None);
    }

    #[test]
    fn bodies_of_two_places_are_two() {
        let names = names();
        assert!(names.lie_apart("芜湖高新区", "合肥高新区"));
        assert!(names.lie_apart("无锡市人民政府", "忻州市人民政府"));
        assert!(!names.lie_apart("江苏省无锡市人民政府", "无锡人民政府"));
        assert!(!names.lie_apart("华晶微电子", "无锡华晶微电子有限公司"));
    }

    #[test]
    fn a_department_alone_is_not_told_from_others() {
        let names = names();
        let whole = |name| names.is_distinctive(EntityKind::Organization, name);
        assert!(whole("无锡市科技局") && whole("中国电子学会") && whole("华晶公司") && whole("集成电路与电子信息学院"));
        assert!(!whole("科技局") && !whole("组织部") && !whole("无锡市") && !whole("马克思主义学院"));
        assert!(!names.is_distinctive(EntityKind::Agreement, "战略合作框架协议"));
    }
}

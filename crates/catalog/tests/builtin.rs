//! The built-in catalog, held against tables of facts.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use keqiao_catalog::{Catalog, PropertyType, builtin, region_short_names};

fn catalog() -> Catalog {
    builtin().unwrap_or_else(|faults| panic!("{faults}"))
}

/// A table beside the checkout, if it is there.
fn table(path: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval").join(path);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        println!("skipped: the table {path} is not beside this checkout");
    }
    text
}

#[test]
fn it_is_sound_and_every_kind_has_samples() {
    let catalog = catalog();
    assert!(catalog.kinds.len() >= 10, "{:?}", catalog.kinds.keys());
    for kind in catalog.kinds.values() {
        assert!(!kind.samples.is_empty(), "{} has no sample", kind.id);
        assert!(!kind.fields.is_empty(), "{} has no field", kind.id);
    }
    assert!(catalog.standards.len() >= 40);
    assert!(catalog.units.by_symbol.len() >= 250);
    for id in ["region", "industry", "chain-ic", "chain-hydrogen"] {
        assert!(catalog.taxonomy(id).is_some(), "{id}");
    }
}

#[test]
fn units_convert_as_physics_has_it() {
    let units = catalog().units;
    for (value, from, to, wanted) in [
        (25.0, "℃", "K", 298.15),
        (212.0, "℉", "℃", 100.0),
        (5.0, "mΩ", "Ω", 0.005),
        (1.0, "MΩ", "mΩ", 1e9),
        (50.0, "万元", "元", 500_000.0),
        (1.2, "t", "kg", 1200.0),
        (8.0, "英寸", "mm", 203.2),
        (1.0, "kWh", "MJ", 3.6),
        (1.0, "度", "千瓦时", 1.0),
        (3.0, "个月", "天", 90.0),
        (12.0, "个月", "年", 1.0),
        (100.0, "mAh", "Ah", 0.1),
        (35.0, "MPa", "bar", 350.0),
        (1.0, "μm", "纳米", 1000.0),
        (15.0, "亩", "公顷", 1.0),
        (100.0, "ppm", "%", 0.01),
        (1.0, "A/cm²", "mA/cm²", 1000.0),
        (24.0, "t/d", "吨/小时", 1.0),
        (600.0, "片/月", "片/天", 20.0),
        (16.0, "Mb", "MB", 2.0),
        (1.0, "斤", "g", 500.0),
    ] {
        let found = units.convert(value, from, to);
        let found = found.unwrap_or_else(|| panic!("no way from {from} to {to}"));
        assert!((found - wanted).abs() <= wanted.abs() * 1e-9, "{value} {from} = {found} {to}");
    }
    assert!(units.convert(1.0, "MPa", "MΩ").is_none());
    assert!(units.convert(1.0, "dB", "dBm").is_none());
}

#[test]
fn standards_rank_their_grades_the_strictest_first() {
    let catalog = catalog();
    let grade = |text: &str| catalog.standard(text).unwrap_or_else(|| panic!("{text}")).1.unwrap();
    assert!(grade("AEC-Q100 Grade 0") < grade("AECQ100 等级1"));
    assert!(grade("ISO 26262 ASIL D") < grade("ISO26262:2018 ASIL-B"));
    assert!(grade("IEC 61508 SIL 3") < grade("IEC 61508 SIL2"));
    assert!(grade("IPC-A-610 Class 3") < grade("IPC-A-610 2级"));
    assert!(grade("ISO 14644-1 Class 5") < grade("ISO 14644 Class 8"));
    assert!(grade("UL94 V-0") < grade("UL 94 HB"));
    assert_eq!(catalog.standard("GB/T 2423.1-2008").unwrap().0.id, "GB/T 2423");
    assert_eq!(catalog.standard("GB/T 19001-2016").unwrap().0.id, "ISO 9001");
}

#[test]
fn regions_are_those_of_the_table() {
    let catalog = catalog();
    let region = catalog.taxonomy("region").unwrap();
    assert_eq!(region.nodes.iter().filter(|n| n.depth == 0).count(), 34);
    assert_eq!(region.get("320200").unwrap().name.en, "Wuxi");
    assert_eq!(region.get("320211").unwrap().parent.as_deref(), Some("320200"));
    assert_eq!(region.get("110108").unwrap().parent.as_deref(), Some("110000"));
    assert_eq!(region.common("320211", "320500").unwrap().code, "320000");
    let (Some(cities), Some(areas)) = (table("ref_admin_divisions/cities.csv"), table("ref_admin_divisions/areas.csv"))
    else {
        return;
    };
    let rows = |text: &str| -> Vec<Vec<String>> {
        let cell = |c: &str| c.trim_matches('"').to_owned();
        text.lines().skip(1).map(|line| line.split(',').map(cell).collect()).collect()
    };
    let mut known = 34;
    let mut city_names: HashMap<String, String> = HashMap::new();
    for row in rows(&cities) {
        let node = region.get(&format!("{}00", row[0]));
        city_names.insert(row[0].clone(), row[1].clone());
        // Levels that only fill the table have no node.
        if ["市辖区", "县"].contains(&row[1].as_str()) || row[1].contains("直辖县级") {
            assert!(node.is_none(), "{row:?}");
            continue;
        }
        known += 1;
        let node = node.unwrap_or_else(|| panic!("{row:?}"));
        assert_eq!(node.name.zh, row[1]);
        assert_eq!(node.parent.as_deref(), Some(format!("{}0000", row[2]).as_str()));
    }
    for row in rows(&areas) {
        // A city without counties stands in the table as its own county.
        if city_names[&row[2]] == row[1] {
            continue;
        }
        known += 1;
        let node = region.get(&row[0]).unwrap_or_else(|| panic!("{row:?}"));
        assert_eq!(node.name.zh, row[1]);
        let city = format!("{}00", row[2]);
        let above = region.get(&city).map_or(format!("{}0000", row[3]), |_| city);
        assert_eq!(node.parent.as_ref(), Some(&above), "{row:?}");
    }
    assert_eq!(region.nodes.len(), known);
}

#[test]
fn industries_are_those_of_the_table() {
    let catalog = catalog();
    let industry = catalog.taxonomy("industry").unwrap();
    let at = |depth| industry.nodes.iter().filter(|n| n.depth == depth).count();
    assert_eq!((at(0), at(1)), (20, 97));
    for node in industry.nodes.iter().filter(|n| n.depth < 2) {
        assert!(node.name.en.is_ascii(), "{} has no English name", node.code);
    }
    assert_eq!(industry.get("C3973").unwrap().name.zh, "集成电路制造");
    let Some(text) = table("ref_gbt4754_industry/gbt4754_2017.tsv") else {
        return;
    };
    let mut rows = 0;
    for line in text.lines().skip(1).filter(|l| !l.trim().is_empty()) {
        let (code, name) = line.split_once('\t').unwrap();
        let node = industry.get(code).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(node.name.zh, name.trim());
        let above = match code.len() {
            1 => None,
            3 => Some(&code[..1]),
            n => Some(&code[..n - 1]),
        };
        assert_eq!(node.parent.as_deref(), above, "{line}");
        rows += 1;
    }
    assert_eq!(industry.nodes.len(), rows);
}

#[test]
fn regions_have_the_short_names_that_texts_use() {
    let catalog = catalog();
    let names = region_short_names(catalog.taxonomy("region").unwrap());
    let code = |name: &str| names.get(name).map(String::as_str);
    for (name, wanted) in [
        ("四川", "510000"),
        ("无锡", "320200"),
        ("新疆", "650000"),
        ("内蒙古", "150000"),
        ("广西", "450000"),
        ("宁夏", "640000"),
        ("香港", "810000"),
        ("北京", "110000"),
        ("凉山", "513400"),
        ("浦东", "310115"),
        ("昆山", "320583"),
        ("吉林", "220000"),
        ("海南", "460000"),
        ("朝阳", "211300"),
        ("神农架", "429021"),
        ("湘西", "433100"),
        ("伊犁", "654000"),
    ] {
        assert_eq!(code(name), Some(wanted), "{name}");
    }
    // Shared by counties of two cities, plain words, one character, not cut at all.
    for name in ["鼓楼", "合作", "资源", "高密", "三元", "城", "赵", "四川省"] {
        assert_eq!(code(name), None, "{name}");
    }
}

#[test]
fn synonyms_that_two_like_properties_share_are_told() {
    let catalog = catalog();
    let mut owners: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for property in catalog.properties.values() {
        if property.ty != PropertyType::Quantity {
            continue;
        }
        let unit = property.unit.as_deref().unwrap();
        let dimension = catalog.units.get(unit).unwrap().dimension.clone();
        let words = property.synonyms.iter().chain([&property.name.zh, &property.name.en]);
        for word in words {
            let key = (dimension.clone(), word.to_lowercase());
            let owners = owners.entry(key).or_default();
            if !owners.contains(&property.id.as_str()) {
                owners.push(&property.id);
            }
        }
    }
    for ((dimension, word), owners) in owners.iter().filter(|(_, owners)| owners.len() > 1) {
        println!("warning: \"{word}\" ({dimension}) names {}", owners.join(" and "));
    }
    assert!(!owners.is_empty());
}

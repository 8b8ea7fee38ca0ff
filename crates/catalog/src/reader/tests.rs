use keqiao_domain::{Interval, Value};

use super::*;

const UNITS: &str = r#"
[[unit]]
symbols = ["℃", "°C"]
dimension = "temperature"
factor = 1.0
offset = 273.15

[[unit]]
symbols = ["Ω", "欧姆"]
dimension = "electric-resistance"
factor = 1.0
prefixes = ["k", "m", "M", "μ"]

[[unit]]
symbols = ["天"]
dimension = "time"
factor = 86400.0
"#;

const PROPERTIES: &str = r#"
[[property]]
id = "operating-temperature"
zh = "工作温度"
en = "Operating temperature"
type = "quantity"
unit = "℃"
meet = "covers"
synonyms = ["使用温度"]

[[property]]
id = "package"
zh = "封装"
en = "Package"
type = "choice"
meet = "any-of"
choices = [{ id = "qfn", zh = "QFN", en = "QFN", synonyms = ["四方扁平无引脚"] }, { id = "bga", zh = "BGA", en = "BGA" }]

[[property]]
id = "quality-standard"
zh = "质量标准"
en = "Quality standard"
type = "standard"
meet = "meets-standard"

[[property]]
id = "lead-time"
zh = "交货期"
en = "Lead time"
type = "quantity"
unit = "天"
meet = "at-most"
"#;

const STANDARDS: &str = r#"
[[standard]]
id = "AEC-Q100"
zh = "集成电路应力试验鉴定"
en = "Stress test qualification"
aliases = ["AECQ100"]
grades = [["Grade 0", "G0"], ["Grade 1", "G1", "1级"]]
"#;

const KIND: &str = r#"id = "chip"
zh = "芯片"
en = "Chip"
hint_zh = "一枚芯片"
hint_en = "A chip"
order = 10
sides = ["need", "offer"]
answered_by = ["chip"]

[[field]]
property = "operating-temperature"
required_on = ["offer"]
facet = true
tier = "member"

[[field]]
property = "package"

[[field]]
property = "quality-standard"

[[sample]]
side = "offer"
title = "一枚芯片"
body = "车规"
[sample.attributes]
operating-temperature = { min = -40, max = 125, unit = "℃" }
package = ["qfn"]
quality-standard = "AEC-Q100 Grade 1"
"#;

const TAXONOMY: &str = r#"id = "chain"
zh = "链"
en = "Chain"
nodes = [
  ["a-1", "甲一", "A one", "a"],
  ["a", "甲", "", ""],
]
"#;

const THESAURUS: &str = "groups = [\n  [\"碳化硅\", \"SiC\", \"silicon carbide\"],\n]\n";

const REGIONS: &str =
    "id = \"region\"\nzh = \"行政区\"\nen = \"Region\"\nnodes = [[\"500000\", \"重庆市\", \"\", \"\"]]\n";
const AREAS: &str = "[[area]]\nnames = [\"成渝\", \"川渝\"]\nregions = [\"500000\"]\n";
const DEEDS: &str = "[[deed]]\nproperty = \"lead-time\"\nwords = [\"交货\"]\n";

const FILES: [(&str, &str); 9] = [
    ("areas.toml", AREAS),
    ("deeds.toml", DEEDS),
    ("kinds/chip.toml", KIND),
    ("properties.toml", PROPERTIES),
    ("standards/a.toml", STANDARDS),
    ("taxonomies/chain.toml", TAXONOMY),
    ("taxonomies/region.toml", REGIONS),
    ("thesaurus/a.toml", THESAURUS),
    ("units.toml", UNITS),
];

fn source(path: &str, text: &str) -> Source {
    Source { name: format!("catalog/{path}"), path: path.into(), text: text.into(), overlay: false }
}

/// The faults after one replacement in one file, as `line:column reason`.
fn faults(path: &str, old: &str, new: &str) -> Vec<String> {
    let mut sources: Vec<Source> = FILES.iter().map(|(path, text)| source(path, text)).collect();
    let changed = sources.iter_mut().find(|s| s.path == path).unwrap();
    assert!(changed.text.contains(old), "{path} does not hold {old}");
    changed.text = changed.text.replacen(old, new, 1);
    match read(&sources) {
        Ok(_) => Vec::new(),
        Err(CatalogFaults(faults)) => faults
            .iter()
            .map(|f| {
                assert!(!f.mend.is_empty());
                let path = f.file.strip_prefix("catalog/").unwrap();
                format!("{path}:{}:{} {}", f.line, f.column, f.reason)
            })
            .collect(),
    }
}

#[test]
fn a_sound_catalog_is_read_whole() {
    let sources: Vec<Source> = FILES.iter().map(|(path, text)| source(path, text)).collect();
    let catalog = read(&sources).unwrap();
    let kind = &catalog.kinds["chip"];
    assert_eq!(kind.fields.len(), 3);
    let range = Interval { min: Some(-40.0), max: Some(125.0), unit: "℃".into() };
    assert_eq!(kind.samples[0].attributes["operating-temperature"], Value::Interval(range));
    let chain = catalog.taxonomy("chain").unwrap();
    let codes: Vec<(&str, usize)> = chain.nodes.iter().map(|n| (n.code.as_str(), n.depth)).collect();
    assert_eq!(codes, [("a", 0), ("a-1", 1)], "parents stand before children");
    assert_eq!(chain.get("a").unwrap().name.en, "甲");
    assert_eq!((catalog.areas[0].regions[0].as_str(), catalog.deeds[0].property.as_str()), ("500000", "lead-time"));
    assert_eq!(catalog.thesaurus.variants("sic"), ["碳化硅", "silicon carbide"]);
    assert!(catalog.thesaurus.variants("SiC").is_empty(), "keys are lower case");
}

#[test]
fn prefixes_derive_symbols_with_their_factors() {
    let sources: Vec<Source> = FILES.iter().map(|(path, text)| source(path, text)).collect();
    let units = read(&sources).unwrap().units;
    let ohms = |symbol: &str| units.convert(1.0, symbol, "Ω").unwrap();
    assert_eq!((ohms("kΩ"), ohms("千欧姆"), ohms("mΩ"), ohms("MΩ")), (1e3, 1e3, 1e-3, 1e6));
    assert_eq!((ohms("μΩ"), ohms("uΩ"), ohms("µΩ"), ohms("微欧姆")), (1e-6, 1e-6, 1e-6, 1e-6));
    assert_eq!(units.get("千欧姆").unwrap().symbol, "kΩ");
    assert!(units.convert(1.0, "Ω", "℃").is_none());
}

#[test]
fn each_fault_of_a_file_has_its_line() {
    #[rustfmt::skip]
    let cases: &[(&str, &str, &str, &str)] = &[
        // Areas and deeds.
        ("areas.toml", "\"500000\"", "\"1\"", "areas.toml:3:12 unknown region \"1\""),
        ("areas.toml", "\"川渝\"", "\"成渝\"", "areas.toml:2:16 the area \"成渝\" stands twice"),
        ("areas.toml", "[\"500000\"]", "[]", "areas.toml:1:1 an area without names or regions"),
        ("areas.toml", "names", "name", "areas.toml:2:1 unknown key \"name\""),
        ("deeds.toml", "lead-time", "lead", "deeds.toml:2:12 unknown property \"lead\""),
        ("deeds.toml", "lead-time", "package", "deeds.toml:2:12 the property \"package\" is no time"),
        ("deeds.toml", "[\"交货\"]", "[]", "deeds.toml:1:1 a deed without words"),
        // Form.
        ("units.toml", "factor = 1.0", "factor = ", "units.toml:5:"),
        ("units.toml", "offset = 273.15", "offsett = 1", "units.toml:6:1 unknown key \"offsett\""),
        ("units.toml", "factor = 1.0", "factor = \"1\"", "units.toml:5:10 \"factor\" is of type string"),
        ("units.toml", "dimension = \"temperature\"\n", "", "units.toml:2:1 \"dimension\" is missing"),
        ("units.toml", "factor = 1.0", "factor = 0", "units.toml:2:1 the factor is not above 0"),
        ("units.toml", "[\"℃\", \"°C\"]", "[]", "units.toml:2:1 a unit without symbols"),
        ("units.toml", "\"°C\"", "\"℃\"", "units.toml:2:1 unit symbol \"℃\" stands twice"),
        ("units.toml", "\"M\"", "\"x\"", "units.toml:12:23 unknown prefixes \"x\""),
        // Properties.
        ("properties.toml", "zh = \"工作温度\"\n", "", "properties.toml:2:1 \"zh\" is missing"),
        ("properties.toml", "en = \"Package\"", "en = \"\"", "properties.toml:14:6 \"en\" is empty"),
        ("properties.toml", "unit = \"℃\"\n", "", "properties.toml:2:1 a quantity without a unit"),
        ("properties.toml", "\"℃\"", "\"℃℃\"", "properties.toml:7:8 unknown unit \"℃℃\""),
        ("properties.toml", "\"quantity\"", "\"amount\"", "properties.toml:6:8 unknown type \"amount\""),
        ("properties.toml", "\"covers\"", "\"any-of\"", "properties.toml:2:1 the meet rule does not go"),
        ("properties.toml", "\"any-of\"", "\"at-least\"", "properties.toml:11:1 the meet rule does not go"),
        ("properties.toml", "meet = \"covers\"", "meet = \"covers\"\nsoft = \"yes\"", "properties.toml:9:8 \"soft\" is of type string"),
        ("properties.toml", "meet = \"covers\"", "meet = \"shown\"\nsoft = true", "properties.toml:2:1 a property that is only shown"),
        ("properties.toml", "\"使用温度\"", "\"温\", \"温\"", "properties.toml:9:18 \"温\" stands twice"),
        ("properties.toml", "id = \"bga\"", "id = \"qfn\"", "properties.toml:11:1 choice \"qfn\" stands twice"),
        ("properties.toml", "id = \"bga\"", "id = \"B_a\"", "properties.toml:17:83 \"B_a\" is not an id"),
        ("properties.toml", "id = \"package\"", "id = \"quality-standard\"", "properties.toml:19:1 property"),
        // Standards.
        ("standards/a.toml", "\"G1\"", "\"g0\"", "standards/a.toml:7:42 grade \"g0\" stands"),
        ("standards/a.toml", "[\"Grade 0\", \"G0\"]", "[]", "standards/a.toml:7:11 a grade without a name"),
        // Kinds.
        ("kinds/chip.toml", "id = \"chip\"", "id = \"chips\"", "kinds/chip.toml:1:6 the id is not the file's name"),
        ("kinds/chip.toml", "answered_by = [\"chip\"]", "answered_by = [\"chop\"]", "kinds/chip.toml:8:16 unknown kind \"chop\""),
        ("kinds/chip.toml", "sides = [\"need\", \"offer\"]", "sides = [\"need\", \"offers\"]", "kinds/chip.toml:7:18 unknown sides \"offers\""),
        ("kinds/chip.toml", "property = \"package\"", "property = \"pack\"", "kinds/chip.toml:17:12 unknown property \"pack\""),
        ("kinds/chip.toml", "property = \"package\"", "property = \"operating-temperature\"", "kinds/chip.toml:16:1 field \"operating-temperature\" stands twice"),
        ("kinds/chip.toml", "tier = \"member\"", "tier = \"members\"", "kinds/chip.toml:14:8 unknown tier \"members\""),
        ("kinds/chip.toml", "facet = true", "facet = \"yes\"", "kinds/chip.toml:13:9 \"facet\" is of type string"),
        ("kinds/chip.toml", "hint_en = \"A chip\"\n", "", "kinds/chip.toml:1:1 \"hint_en\" is missing"),
        // Samples.
        ("kinds/chip.toml", "unit = \"℃\"", "unit = \"Ω\"", "kinds/chip.toml:27:25 \"operating-temperature\" does not fit: unit \"Ω\""),
        ("kinds/chip.toml", "min = -40, max = 125", "min = 40, max = -125", "kinds/chip.toml:27:25 \"operating-temperature\" does not fit: min is above max"),
        ("kinds/chip.toml", "min = -40", "mim = -40", "kinds/chip.toml:27:27 unknown key \"mim\""),
        ("kinds/chip.toml", "[\"qfn\"]", "[\"qfp\"]", "kinds/chip.toml:28:11 \"package\" does not fit: \"qfp\" is none of its choices"),
        ("kinds/chip.toml", "Grade 1", "Grade 7", "kinds/chip.toml:29:20 \"quality-standard\" does not fit"),
        ("kinds/chip.toml", "operating-temperature = {", "temperature = {", "kinds/chip.toml:22:1 the sample lacks the required"),
        // Taxonomies and thesaurus.
        ("taxonomies/chain.toml", "\"A one\", \"a\"", "\"A one\", \"b\"", "taxonomies/chain.toml:5:3 unknown parent \"b\""),
        ("taxonomies/chain.toml", "\"甲\", \"\", \"\"", "\"甲\", \"\", \"a-1\"", "taxonomies/chain.toml:5:3 \"a-1\" stands below itself"),
        ("taxonomies/chain.toml", "[\"a\",", "[\"a-1\",", "taxonomies/chain.toml:6:3 code \"a-1\" stands twice"),
        ("taxonomies/chain.toml", "\"甲\", \"\", \"\"", "\"甲\", \"\"", "taxonomies/chain.toml:6:3 a node is not four texts"),
        ("thesaurus/a.toml", "\"silicon carbide\"", "\"sic\"", "thesaurus/a.toml:2:18 word \"sic\" stands twice"),
        ("thesaurus/a.toml", ", \"SiC\", \"silicon carbide\"", "", "thesaurus/a.toml:2:3 a group of fewer than two words"),
    ];
    for (path, old, new, wanted) in cases {
        let found = faults(path, old, new);
        assert!(
            found.iter().any(|f| f.starts_with(wanted)),
            "{path}: {old} → {new}\nwanted {wanted}\nfound  {found:#?}"
        );
    }
}

#[test]
fn faults_of_all_files_come_at_once_and_in_order() {
    let mut sources: Vec<Source> = FILES.iter().map(|(path, text)| source(path, text)).collect();
    for s in &mut sources {
        match s.path.as_str() {
            "units.toml" => s.text.push_str("colour = 1\n"),
            "properties.toml" => s.text.push_str("[[property]]\nid = \"x\"\n"),
            "thesaurus/a.toml" => s.text.push_str("groups = ["),
            _ => {}
        }
    }
    sources.push(source("kind/pump.toml", ""));
    let CatalogFaults(faults) = read(&sources).unwrap_err();
    let mut files: Vec<&str> = faults.iter().map(|f| f.file.as_str()).collect();
    files.dedup();
    let wanted = ["kind/pump.toml", "properties.toml", "thesaurus/a.toml", "units.toml"];
    assert_eq!(files, wanted.map(|path| format!("catalog/{path}")));
    let missing: Vec<&str> =
        faults.iter().filter(|f| f.file.ends_with("properties.toml")).map(|f| f.reason.as_str()).collect();
    assert_eq!(missing, ["\"en\" is missing", "\"meet\" is missing", "\"type\" is missing", "\"zh\" is missing"]);
    let printed = CatalogFaults(faults).to_string();
    assert!(printed.contains("catalog/units.toml:18:1: unknown key \"colour\"; mend: remove it"), "{printed}");
}

#[test]
fn a_broken_line_does_not_hide_what_other_files_say() {
    let found = faults("properties.toml", "meet = \"any-of\"", "meet = = \"any-of\"");
    assert!(found[0].starts_with("properties.toml:16:"), "{found:?}");
    assert_eq!(found.iter().filter(|f| f.starts_with("properties.toml")).count(), 1, "{found:?}");
}

#[test]
fn the_overlay_replaces_adds_and_widens() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("standards/a.toml", &STANDARDS.replace("AECQ100", "车规认证"));
    write("standards/own.toml", "[[standard]]\nid = \"Q/KQ 1\"\nzh = \"企业标准\"\nen = \"House standard\"\n");
    write("thesaurus/a.toml", "groups = [[\"碳化硅\", \"金刚砂\"]]\n");
    write("notes.txt", "not read");
    let mut sources: Vec<Source> = FILES.iter().map(|(path, text)| source(path, text)).collect();
    sources::lay_over(&mut sources, sources::read_folder(folder.path()).unwrap());
    let catalog = read(&sources).unwrap();
    assert_eq!(catalog.standards["AEC-Q100"].aliases, ["车规认证"]);
    assert!(catalog.standards.contains_key("Q/KQ 1"));
    assert_eq!(catalog.thesaurus.variants("碳化硅"), ["SiC", "silicon carbide", "金刚砂"]);
    assert!(sources::read_folder(&folder.path().join("absent")).unwrap().is_empty());

    write("units.toml", "[[unit]]\n");
    let CatalogFaults(faults) = load(Some(folder.path())).unwrap_err();
    let units = faults.iter().find(|f| f.file.ends_with("units.toml")).unwrap();
    assert_eq!(units.file, folder.path().join("units.toml").display().to_string());
}

#[test]
fn a_standard_is_read_as_people_write_it() {
    let sources: Vec<Source> = FILES.iter().map(|(path, text)| source(path, text)).collect();
    let catalog = read(&sources).unwrap();
    let read = |text: &str| catalog.standard(text).map(|(s, grade)| (s.id.clone(), grade));
    for (text, wanted) in [
        ("AEC-Q100", Some(None)),
        ("aec q100 grade 1", Some(Some(1))),
        ("AECQ100 G0", Some(Some(0))),
        ("AEC-Q100（1级）", Some(Some(1))),
        ("AEC-Q100-2023 Grade 0", Some(Some(0))),
        ("AEC-Q1001", None),
        ("AEC-Q100 Grade 9", None),
        ("AEC-Q10", None),
        ("", None),
    ] {
        assert_eq!(read(text), wanted.map(|grade| ("AEC-Q100".to_owned(), grade)), "{text}");
    }
}

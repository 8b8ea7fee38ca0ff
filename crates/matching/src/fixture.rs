//! A small catalog for the tests of this crate.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use keqiao_catalog::{
    Catalog, Choice, Field, Kind, LocalName, MeetRule, Node, Property, PropertyType, Standard, Taxonomy, Thesaurus,
    Unit, Units,
};
use keqiao_domain::{Attributes, Interval, Side, Tier, Value};
use keqiao_text::Text;

use crate::lexicon::Lexicon;
use crate::view::MatchView;

pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let catalog = Arc::new(catalog());
    let text = Arc::new(Text::for_catalog(&catalog));
    Lexicon::new(catalog, text)
});

pub(crate) fn range(min: impl Into<Option<f64>>, max: impl Into<Option<f64>>, unit: &str) -> Value {
    Value::Interval(Interval { min: min.into(), max: max.into(), unit: unit.to_owned() })
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(crate) fn list(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|t| (*t).to_owned()).collect())
}

/// An offer or need with a title and text alone.
pub(crate) fn view(side: Side, title: &str, text: &str) -> MatchView {
    MatchView {
        id: None,
        side,
        kind: String::new(),
        title: title.to_owned(),
        text: text.to_owned(),
        member_text: String::new(),
        keywords: Vec::new(),
        attributes: Attributes::new(),
        member_attributes: Attributes::new(),
        wishes: Vec::new(),
        region: None,
        industry: None,
        party: None,
        party_name: String::new(),
        verified: false,
        attachments: 0,
    }
}

fn name(zh: &str, en: &str) -> LocalName {
    LocalName { zh: zh.to_owned(), en: en.to_owned() }
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

fn units() -> Units {
    let table: [(&[&str], &str, f64, f64); 22] = [
        (&["℃", "°C", "摄氏度"], "temperature", 1.0, 273.15),
        (&["K"], "temperature", 1.0, 0.0),
        (&["mΩ"], "electric-resistance", 1e-3, 0.0),
        (&["Ω", "欧姆"], "electric-resistance", 1.0, 0.0),
        (&["元"], "money-cny", 1.0, 0.0),
        (&["万元"], "money-cny", 1e4, 0.0),
        (&["kg", "公斤"], "mass", 1.0, 0.0),
        (&["t", "吨"], "mass", 1e3, 0.0),
        (&["mm"], "length", 1e-3, 0.0),
        (&["英寸", "inch"], "length", 0.0254, 0.0),
        (&["V"], "voltage", 1.0, 0.0),
        (&["kV"], "voltage", 1e3, 0.0),
        (&["%"], "ratio", 1e-2, 0.0),
        (&["ppm"], "ratio", 1e-6, 0.0),
        (&["天"], "time", 86_400.0, 0.0),
        (&["ms"], "time", 1e-3, 0.0),
        (&["s"], "time", 1.0, 0.0),
        (&["个"], "count", 1.0, 0.0),
        (&["MHz"], "frequency", 1e6, 0.0),
        (&["GHz"], "frequency", 1e9, 0.0),
        (&["kPa"], "pressure", 1e3, 0.0),
        (&["MPa"], "pressure", 1e6, 0.0),
    ];
    let mut by_symbol = HashMap::new();
    for (symbols, dimension, factor, offset) in table {
        let unit = Arc::new(Unit { symbol: symbols[0].to_owned(), dimension: dimension.to_owned(), factor, offset });
        by_symbol.extend(symbols.iter().map(|s| ((*s).to_owned(), Arc::clone(&unit))));
    }
    Units::new(by_symbol)
}

fn properties() -> BTreeMap<String, Property> {
    use MeetRule::{AnyOf, AtLeast, AtMost, Covers, Equals, MeetsStandard, Shown};
    use PropertyType::{Bool, Choice as Choices, Date, Number, Quantity, Standard, Text};
    type Row =
        (&'static str, (&'static str, &'static str), PropertyType, &'static str, MeetRule, &'static [&'static str]);
    let table: [Row; 18] = [
        (
            "operating-temperature",
            ("工作温度", "Operating temperature"),
            Quantity,
            "℃",
            Covers,
            &["使用温度范围", "Tj"],
        ),
        ("storage-temperature", ("存储温度", "Storage temperature"), Quantity, "℃", Covers, &[]),
        ("purity", ("纯度", "Purity"), Quantity, "%", AtLeast, &[]),
        ("error", ("误差", "Error"), Quantity, "%", AtMost, &["精度"]),
        ("on-resistance", ("导通电阻", "On-resistance"), Quantity, "mΩ", AtMost, &["Rds(on)"]),
        ("price", ("价格", "Price"), Quantity, "元", AtMost, &["预算", "报价"]),
        ("capacity", ("产能", "Capacity"), Quantity, "kg", AtLeast, &["供货能力"]),
        ("supply-voltage", ("供电电压", "Supply voltage"), Quantity, "V", Equals, &["工作电压"]),
        ("wafer-size", ("晶圆尺寸", "Wafer size"), Quantity, "英寸", Equals, &["晶圆"]),
        ("band", ("频段", "Band"), Quantity, "MHz", AnyOf, &[]),
        ("channels", ("通道数", "Channels"), Number, "", AtLeast, &[]),
        ("package", ("封装形式", "Package"), Choices, "", AnyOf, &["封装"]),
        ("functions", ("功能", "Functions"), Choices, "", Covers, &[]),
        ("qualification", ("认证标准", "Qualification"), Standard, "", MeetsStandard, &["车规等级"]),
        ("on-site", ("上门服务", "On site"), Bool, "", Equals, &[]),
        ("available-from", ("可供日期", "Available from"), Date, "", AtMost, &[]),
        ("model", ("型号", "Model"), Text, "", Equals, &[]),
        ("application", ("应用领域", "Application"), Text, "", Shown, &[]),
    ];
    let mut properties = BTreeMap::new();
    for (id, (zh, en), ty, unit, meet, synonyms) in table {
        let choices = match id {
            "package" => choices(&[("qfn", "QFN"), ("bga", "BGA"), ("to-247", "TO-247")]),
            "functions" => choices(&[("measure", "测量"), ("record", "记录")]),
            _ => Vec::new(),
        };
        let unit = Some(unit.to_owned()).filter(|u| !u.is_empty());
        let synonyms = strings(synonyms);
        properties.insert(
            id.to_owned(),
            Property {
                id: id.to_owned(),
                name: name(zh, en),
                synonyms,
                ty,
                unit,
                meet,
                soft: id == "service-area",
                choices,
            },
        );
    }
    properties
}

fn choices(rows: &[(&str, &str)]) -> Vec<Choice> {
    rows.iter()
        .map(|(id, word)| Choice { id: (*id).to_owned(), name: name(word, word), synonyms: Vec::new() })
        .collect()
}

fn standards() -> BTreeMap<String, Standard> {
    let q100 = Standard {
        id: "AEC-Q100".to_owned(),
        name: name("集成电路应力测试鉴定", "Stress test qualification for integrated circuits"),
        aliases: strings(&["AECQ100", "AEC Q100"]),
        grades: (0..4)
            .map(|g| {
                let others = [format!("G{g}"), format!("等级{g}"), format!("{g}级"), format!("Grade{g}")];
                (format!("Grade {g}"), others.to_vec())
            })
            .collect(),
    };
    let iso = Standard {
        id: "ISO 26262".to_owned(),
        name: name("道路车辆功能安全", "Functional safety of road vehicles"),
        aliases: strings(&["ISO26262"]),
        grades: ["D", "C", "B", "A"].map(|g| (format!("ASIL {g}"), strings(&[&format!("ASIL-{g}")]))).to_vec(),
    };
    [q100, iso].map(|s| (s.id.clone(), s)).into_iter().collect()
}

fn kinds() -> BTreeMap<String, Kind> {
    let kind = |id: &str, zh: &str, en: &str, answered_by: &[&str], fields: &[&str]| Kind {
        id: id.to_owned(),
        name: name(zh, en),
        hint: name("", ""),
        sides: vec![Side::Need, Side::Offer],
        answered_by: strings(answered_by),
        fields: fields
            .iter()
            .map(|f| Field { property: (*f).to_owned(), required_on: Vec::new(), facet: false, tier: Tier::Public })
            .collect(),
        samples: Vec::new(),
        order: 0,
    };
    let chip = ["operating-temperature", "on-resistance", "package", "qualification", "supply-voltage", "price"];
    [
        kind("chip", "芯片", "Chip", &["chip"], &chip),
        kind("test-service", "检测服务", "Test service", &["test-service"], &["band", "channels", "price"]),
        kind("material", "材料", "Material", &[], &["purity", "capacity"]),
    ]
    .map(|k| (k.id.clone(), k))
    .into_iter()
    .collect()
}

fn taxonomy(id: &str, rows: &[(&str, &str, &str)]) -> Taxonomy {
    let mut t = Taxonomy { id: id.to_owned(), name: name(id, id), nodes: Vec::new(), by_code: HashMap::new() };
    for (code, zh, parent) in rows {
        let parent = Some((*parent).to_owned()).filter(|p| !p.is_empty());
        let depth = parent.as_deref().map_or(0, |p| t.nodes[t.by_code[p]].depth + 1);
        t.by_code.insert((*code).to_owned(), t.nodes.len());
        t.nodes.push(Node { code: (*code).to_owned(), name: name(zh, zh), parent, depth });
    }
    t
}

pub(crate) fn catalog() -> Catalog {
    let region = taxonomy(
        "region",
        &[
            ("320000", "江苏省", ""),
            ("320100", "南京市", "320000"),
            ("320200", "无锡市", "320000"),
            ("320214", "新吴区", "320200"),
            ("510000", "四川省", ""),
            ("510100", "成都市", "510000"),
        ],
    );
    let industry = taxonomy(
        "industry",
        &[
            ("C", "制造业", ""),
            ("C39", "计算机、通信和其他电子设备制造业", "C"),
            ("C397", "电子器件制造", "C39"),
            ("C398", "电子元件制造", "C39"),
            ("M", "科学研究", ""),
        ],
    );
    let groups = [&["碳化硅", "SiC", "silicon carbide"][..], &["车规级", "汽车级"], &["衬底", "基片"]];
    Catalog {
        kinds: kinds(),
        properties: properties(),
        units: units(),
        taxonomies: [region, industry].map(|t| (t.id.clone(), t)).into_iter().collect(),
        standards: standards(),
        thesaurus: Thesaurus::new(groups.iter().map(|g| strings(g)).collect()),
        ..Catalog::default()
    }
}

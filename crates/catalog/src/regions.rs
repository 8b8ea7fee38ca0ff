//! Short names of regions, as texts write them: 四川, 无锡, 新疆.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Node, Taxonomy};

/// Endings of names, longest first. `自治州`, `自治县` and `自治旗` are handled before.
const ENDINGS: [&str; 12] =
    ["特别行政区", "自治区", "地区", "新区", "林区", "特区", "省", "市", "区", "县", "旗", "盟"];

/// Peoples in the names of autonomous places, and `各族`.
const PEOPLES: [&str; 53] = [
    "柯尔克孜族",
    "乌孜别克族",
    "鄂伦春族",
    "鄂温克族",
    "达斡尔族",
    "塔吉克族",
    "维吾尔族",
    "哈萨克族",
    "布依族",
    "朝鲜族",
    "土家族",
    "哈尼族",
    "傈僳族",
    "拉祜族",
    "东乡族",
    "纳西族",
    "景颇族",
    "仫佬族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "保安族",
    "裕固族",
    "独龙族",
    "蒙古族",
    "柯尔克孜",
    "维吾尔",
    "塔吉克",
    "哈萨克",
    "锡伯",
    "蒙古",
    "回族",
    "藏族",
    "苗族",
    "彝族",
    "壮族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "傣族",
    "黎族",
    "佤族",
    "畲族",
    "水族",
    "羌族",
    "土族",
    "怒族",
    "各族",
];

/// Short names that texts use as plain words or that words run into (高密度,
/// 论文成果). They name such a place only in full.
const PLAIN_WORDS: [&str; 112] = [
    "合作", "资源", "和平", "公安", "友好", "友谊", "通道", "共和", "城中", "平安", "中方", "安定", "延长", "光明",
    "新兴", "运河", "东风", "红旗", "南岸", "城北", "城东", "城西", "城关", "工农", "大名", "富裕", "清水", "高明",
    "前锋", "前进", "复兴", "长子", "清新", "宏伟", "平定", "洞口", "振兴", "互助", "威信", "解放", "南部", "东方",
    "港口", "海港", "新建", "大方", "新华", "比如", "向阳", "来宾", "无为", "同心", "平房", "安居", "博爱", "方正",
    "灯塔", "新城", "老城", "临高", "三元", "白银", "石棉", "莲花", "丰满", "平和", "大化", "中原", "温泉", "清流",
    "水城", "合水", "响水", "上高", "高密", "高平", "高安", "高要", "大安", "大余", "大同", "平度", "光泽", "分宜",
    "会理", "文成", "和政", "民和", "新和", "大新", "政和", "新源", "新化", "市中", "市北", "市南", "西工", "修水",
    "大丰", "东源", "高台", "安平", "开化", "定结", "成武", "电白", "通海", "铁山", "钢城", "平面", "中站", "万全",
];

/// Short names of regions → codes.
///
/// The name in full is not among them. Where two regions share a short name the
/// higher one has it (吉林: the province); two of one depth lose it (朝阳区 in
/// Beijing and in Changchun), and so does what would be one character.
#[must_use]
pub fn region_short_names(regions: &Taxonomy) -> BTreeMap<String, String> {
    let mut by_short: HashMap<String, Vec<&Node>> = HashMap::new();
    for node in &regions.nodes {
        if let Some(short) = short_name(&node.name.zh) {
            by_short.entry(short).or_default().push(node);
        }
    }
    let mut names = BTreeMap::new();
    for (short, nodes) in by_short {
        if PLAIN_WORDS.contains(&short.as_str()) {
            continue;
        }
        // A province, or what has counties below it, ranks above a county.
        let rank = |node: &Node| {
            if node.code.ends_with("00") { node.depth } else { usize::MAX }
        };
        let best = nodes.iter().map(|n| rank(n)).min().unwrap_or_default();
        let mut first = nodes.iter().filter(|n| rank(n) == best);
        if let (Some(only), None) = (first.next(), first.next()) {
            names.insert(short, only.code.clone());
        }
    }
    names
}

/// A name without its ending; `None` when fewer than two characters stay or nothing is cut.
pub(crate) fn short_name(zh: &str) -> Option<String> {
    // A development zone is named in full or by its town.
    if ["开发区", "园区", "管理区", "示范区", "实验区"].iter().any(|zone| zh.ends_with(zone)) {
        return None;
    }
    let autonomous = ["自治区", "自治州", "自治县", "自治旗"].iter().find_map(|e| zh.strip_suffix(e));
    let short = match autonomous {
        Some(base) => strip_peoples(base),
        None => ENDINGS.iter().filter_map(|ending| zh.strip_suffix(ending)).find(|base| base.chars().count() >= 2)?,
    };
    (short.chars().count() >= 2).then(|| short.to_owned())
}

fn strip_peoples(mut base: &str) -> &str {
    // 内蒙古 is a name of its own.
    while base != "内蒙古" {
        let cut = PEOPLES.iter().filter_map(|p| base.strip_suffix(p)).find(|rest| !rest.is_empty());
        let Some(rest) = cut else { break };
        base = rest;
    }
    base
}

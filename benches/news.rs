//! Generated news: articles about a fixed cast of organizations and people, so that names come again.

use std::path::Path;

use crate::{Done, Rng};

/// Articles written.
pub const ARTICLES: usize = 10_000;

const CITIES: [&str; 16] = [
    "无锡", "苏州", "成都", "西安", "合肥", "宁波", "青岛", "长沙", "武汉", "厦门", "沈阳", "昆明", "南昌", "郑州",
    "兰州", "贵阳",
];
const NAMES: [&str; 24] = [
    "星澜", "恒岳", "华曜", "鼎微", "瑞芯", "凌波", "远晟", "启衡", "天域", "云帆", "盛科", "中浩", "嘉禾", "泰昂",
    "晶锐", "博远", "新锐", "海川", "金石", "宏图", "朗格", "普晟", "卓尔", "明远",
];
const FIELDS: [&str; 12] = [
    "微电子",
    "新材料",
    "半导体",
    "生物医药",
    "智能装备",
    "光电",
    "新能源",
    "航空",
    "精密仪器",
    "环保",
    "软件",
    "传感",
];
const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "罗",
    "高",
];
const GIVEN: [&str; 24] = [
    "建军", "志远", "晓琳", "海涛", "文博", "思齐", "国栋", "雪梅", "子昂", "丽华", "明辉", "永康", "嘉怡", "天宇",
    "慧敏", "承志", "振华", "玉兰", "立群", "少峰", "静怡", "启明", "一鸣", "方舟",
];
const POSTS: [&str; 6] = ["董事长", "总经理", "副总经理", "总工程师", "技术总监", "研发中心主任"];
const AGREEMENTS: [&str; 5] =
    ["战略合作框架协议", "联合研发协议", "技术服务合同", "共建实验室协议", "成果转化合作协议"];
const ACTIVITIES: [&str; 5] = ["科技成果对接会", "产学研座谈会", "产业链推进会", "技术交流会", "新品发布会"];

/// An organization of the cast: name and seat.
fn organization(n: usize) -> (String, &'static str) {
    let city = CITIES[n % CITIES.len()];
    let field = FIELDS[(n / CITIES.len()) % FIELDS.len()];
    let name = NAMES[(n * 7 + n / 13) % NAMES.len()];
    (format!("{city}{name}{field}有限公司"), city)
}

/// A person of an organization; the post stays the same.
fn person(organization: usize, n: usize) -> (String, &'static str) {
    let seed = organization * 5 + n;
    let name = format!("{}{}", SURNAMES[(seed * 3) % SURNAMES.len()], GIVEN[(seed * 7 + seed / 11) % GIVEN.len()]);
    (name, POSTS[n % POSTS.len()])
}

/// One article. A few organizations are in the news far more often than the rest.
#[must_use]
pub fn article(number: usize) -> String {
    let mut rng = Rng::new(0x6e65_7773 ^ number as u64);
    let cast = 2_000;
    let mut pick = || ((rng.unit() * rng.unit() * cast as f64) as usize).min(cast - 1);
    let (one, other) = (pick(), pick());
    let other = if other == one { (one + 1) % cast } else { other };
    let ((a, city), (b, _)) = (organization(one), organization(other));
    let ((p, p_post), (q, q_post)) = (person(one, rng.below(4)), person(other, rng.below(4)));
    let (agreement, activity) = (rng.pick(&AGREEMENTS), rng.pick(&ACTIVITIES));
    let (year, month, day) = (2019 + rng.below(6), 1 + rng.below(12), 2 + rng.below(26));
    let amount = 10 + rng.below(900);
    format!(
        "{a}与{b}签署{agreement}\n\n发布时间：{year}-{month:02}-{day:02}　来源：{city}科技网\n\n\
         {month}月{before}日，{activity}在{city}举行，{a}{p_post}{p}、{b}{q_post}{q}出席。\n\n\
         会上，{a}与{b}签署{agreement}，合同金额{amount}万元。双方将在测试验证、人才培养等方面开展合作，计划于{next}年底前\
         完成首批样品。第{number}号项目同日启动。\n\n\
         会前，{b}{q_post}{q}一行到{a}调研，参观了生产线，{p}陪同。{a}面向全国提供可靠性验证、失效分析、计量校准等服务。\n",
        before = day - 1,
        next = year + 1,
    )
}

/// Writes all articles into a folder, a file each.
///
/// # Errors
/// When the disk refuses.
pub fn write_all(folder: &Path) -> Done {
    for number in 0..ARTICLES {
        let sub = folder.join(format!("{:02}", number % 100));
        if number < 100 {
            std::fs::create_dir_all(&sub)?;
        }
        std::fs::write(sub.join(format!("{number:05}.txt")), article(number))?;
    }
    Ok(())
}

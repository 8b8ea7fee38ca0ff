//! Places named in a text, and where something happened.

use std::ops::Range;

use crate::passage::Passage;
use crate::tokens::Word;

/// A place at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) chars: Range<usize>,
    /// The name of the region in full, or the words of the text.
    pub(crate) name: String,
}

/// Cities that reports call by one character.
const ONE: [(char, &str); 29] = [
    ('京', "北京"),
    ('津', "天津"),
    ('沪', "上海"),
    ('渝', "重庆"),
    ('锡', "无锡"),
    ('蓉', "成都"),
    ('汉', "武汉"),
    ('穗', "广州"),
    ('深', "深圳"),
    ('宁', "南京"),
    ('杭', "杭州"),
    ('苏', "苏州"),
    ('甬', "宁波"),
    ('郑', "郑州"),
    ('昌', "南昌"),
    ('榕', "福州"),
    ('厦', "厦门"),
    ('筑', "贵阳"),
    ('昆', "昆明"),
    ('邕', "南宁"),
    ('并', "太原"),
    ('济', "济南"),
    ('青', "青岛"),
    ('连', "大连"),
    ('哈', "哈尔滨"),
    ('长', "长春"),
    ('温', "温州"),
    ('珠', "珠海"),
    ('莞', "东莞"),
];

/// Finds the regions; neighbours in one name (攀枝花市米易县) stay together.
pub(crate) fn places(passage: &Passage<'_>) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    for token in passage.tokens.list.iter().filter(|t| t.word == Word::Place) {
        let text = passage.text(token.chars.clone());
        let Some(region) = passage.lexicon.region(&text) else { continue };
        match out.last_mut() {
            Some(last) if last.chars.end == token.chars.start => {
                last.chars.end = token.chars.end;
                last.name.push_str(&region.name);
            }
            _ => out.push(Place { chars: token.chars.clone(), name: region.name.clone() }),
        }
    }
    out
}

/// The place of `在…` in a range before a verb: a region, a hall, 锡.
pub(crate) fn venue(passage: &Passage<'_>, range: &Range<usize>) -> Option<(Range<usize>, String)> {
    let at = range
        .clone()
        .rev()
        .find(|&i| passage.at(i) == '在' && passage.tokens.begins(i) && passage.tokens.begins(i + 1))?;
    let end = (at + 1..range.end)
        .find(|&i| matches!(passage.at(i), ',' | '。' | '、' | '“' | '《' | '\n' | ';') || stops(passage, i))
        .unwrap_or(range.end);
    let text = passage.text(at + 1..end);
    let mut letters = text.chars();
    let (first, second) = (letters.next()?, letters.next());
    if second.is_none() {
        let (_, city) = ONE.iter().find(|(c, _)| *c == first)?;
        return Some((at + 1..end, (*city).to_owned()));
    }
    let within = passage.tokens.get(at + 1).is_some_and(|t| t.word == Word::Place);
    let sites = [
        "室", "楼", "馆", "厅", "中心", "区", "市", "县", "院", "园", "校", "酒店", "宾馆", "广场", "大厦", "基地",
        "学", "公司", "镇", "村", "社区", "街道", "站", "场", "所", "会堂", "剧院", "城", "州", "省", "旗",
    ];
    if !within && !sites.iter().any(|s| text.ends_with(s)) {
        return None;
    }
    let place = [
        "中",
        "上",
        "下",
        "方面",
        "领域",
        "基础上",
        "过程中",
        "期间",
        "陪同下",
        "指导下",
        "支持下",
        "引领下",
        "会上",
        "后",
        "时",
        "环节",
    ];
    let spatial = !place.iter().any(|p| text.ends_with(p)) && text.chars().count() <= 30;
    spatial.then_some((at + 1..end, text))
}

fn stops(passage: &Passage<'_>, at: usize) -> bool {
    use crate::lexicon::List;
    passage.marks.begins(List::Trigger, at) > 1 && passage.tokens.begins(at)
        || passage.starts(at, "正式")
        || passage.starts(at, "成功")
        || passage.starts(at, "隆重")
        || passage.starts(at, "顺利")
        || passage.starts(at, "圆满")
        || passage.starts(at, "共同")
        || passage.starts(at, "联合")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn venues_are_places() {
        let lexicon = Lexicon::new(&keqiao_catalog::builtin().unwrap());
        for (text, want) in [
            ("甲学院与二十三所在四号楼233会议室", Some("四号楼233会议室")),
            ("大会8月8日上午在锡山区", Some("锡山区")),
            ("联盟成立大会在锡", Some("无锡")),
            ("在平等互利的原则下", None),
            ("在所长唐景庭的陪同下", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let passage = Passage::new(&chars, &lexicon);
            let found = venue(&passage, &(0..chars.len())).map(|(_, name)| name);
            assert_eq!(found.as_deref(), want, "{text}");
        }
    }
}

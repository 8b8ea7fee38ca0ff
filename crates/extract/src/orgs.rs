//! Names of organisations, their parts, and platforms in a text.

use std::ops::Range;

use crate::lexicon::List;
use crate::page::is_han;
use crate::passage::Passage;
use crate::posts::org_ends;
use crate::tokens::Word;

/// A name of an organisation at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Org {
    pub(crate) name: Range<usize>,
    /// What stands in it as the name of what it is a part of.
    pub(crate) whole: Option<Range<usize>>,
}

/// The longest name.
const LONGEST: usize = 40;
/// Ends of what is a platform and not a body.
const PLATFORMS: [&str; 4] = ["平台", "系统", "小程序", "云"];

/// Ends before which a verb is a verb and no name.
const GENERAL: [&str; 9] = ["高新区", "园区", "经开区", "开发区", "产业园", "示范区", "学校", "医院", "公司"];

/// Whether the name is that of a platform.
pub(crate) fn is_platform(name: &str) -> bool {
    PLATFORMS.iter().any(|end| name.ends_with(end))
}

/// Finds the organisations. `blocked` are the characters of persons and posts.
pub(crate) fn orgs(passage: &Passage<'_>, blocked: &[bool]) -> Vec<Org> {
    let mut out: Vec<Org> = Vec::new();
    for sentence in passage.sentences() {
        let mut found = in_sentence(passage, &sentence, blocked);
        found.reverse();
        listed(passage, &sentence, &mut found, blocked);
        out.extend(found);
    }
    // What ends within a bracket is the name before it and a piece of the bracket.
    let open = |o: &Org| passage.chars[o.name.clone()].iter().rev().find(|c| matches!(c, '(' | ')')) == Some(&'(');
    out.retain(|o| !open(o));
    part_pairs(passage, &mut out);
    out.sort_by_key(|o| (o.name.start, o.name.end));
    out.dedup_by(|a, b| a.name == b.name);
    out
}

/// 海岳风电与东屿港务集团: where a longer name holds the words before 与, they are a short name and no part of this one.
fn part_pairs(passage: &Passage<'_>, found: &mut [Org]) {
    let names: Vec<String> = found.iter().map(|o| passage.text(o.name.clone())).collect();
    for org in found {
        let name = org.name.clone();
        let joint = (name.start + 2..name.end.saturating_sub(2))
            .find(|&k| matches!(passage.at(k), '与' | '和' | '同') && passage.tokens.begins(k));
        let Some(joint) = joint else { continue };
        let short = passage.text(name.start..joint);
        let firm = |n: &String| n.ends_with("公司") || n.ends_with("集团") || n.ends_with('厂');
        let known = names.iter().any(|n| firm(n) && n.len() > short.len() && n.contains(&short));
        if known {
            org.name.start = joint + 1;
            org.whole = org.whole.take().filter(|w| w.end > joint + 2).map(|w| joint + 1..w.end);
        }
    }
}

/// From the right to the left, so that the longest name of several that begin at one place comes first.
fn in_sentence(passage: &Passage<'_>, sentence: &Range<usize>, blocked: &[bool]) -> Vec<Org> {
    let mut out = Vec::new();
    let mut end = sentence.end;
    while end > sentence.start {
        let Some(org) = org_before(passage, end, sentence.start, blocked) else {
            end -= 1;
            continue;
        };
        let start = org.start;
        nested(passage, &org, &mut out);
        end = start.max(sentence.start);
    }
    out
}

/// The name that ends at `end`.
fn org_before(passage: &Passage<'_>, end: usize, floor: usize, blocked: &[bool]) -> Option<Range<usize>> {
    if blocked[end - 1] {
        return None;
    }
    let numbered = numbered(passage, end);
    if numbered.is_none() && !org_ends(passage, floor, end) {
        return None;
    }
    let least = end.saturating_sub(LONGEST).max(floor);
    let floor = (least..end).rev().find(|&i| blocked[i]).map_or(least, |i| i + 1);
    let mut start = passage.name_start(end, floor);
    if passage.at(end) == '”' {
        let open = (floor..start).rev().find(|&i| passage.chars[i] == '“');
        let plain =
            open.filter(|&o| !passage.chars[o..start].iter().any(|c| matches!(c, ',' | '。' | '、' | ' ' | '”')));
        start = plain.map_or(start, |o| o + 1);
    }
    if let Some(longer) = enumerated(passage, start, floor) {
        start = longer;
    }
    let range = start..end;
    if range.len() < 2 {
        return None;
    }
    if let Some(number) = numbered {
        return Some(if valid_part(passage, &range, &number) { range } else { number });
    }
    valid(passage, &range).then_some(range)
}

/// `2所`, `二十三所`, `第58所`: a number and a counting end, where no noun is counted.
fn numbered(passage: &Passage<'_>, end: usize) -> Option<Range<usize>> {
    if !matches!(passage.before(end), '所' | '院' | '厂') || end < 2 {
        return None;
    }
    let number = passage.tokens.get(end - 2).filter(|t| t.word == Word::Number && t.chars.end == end - 1)?;
    let mut start = number.chars.start;
    if passage.before(start) == '第' {
        start -= 1;
    }
    let next = passage.tokens.get(end);
    let counted = next.is_some_and(|t| {
        let school = [
            "高校",
            "大学",
            "学校",
            "中学",
            "小学",
            "院校",
            "本科",
            "高职",
            "高中",
            "幼儿园",
            "职业",
            "科研",
            "国家",
            "省",
            "市",
        ];
        let word = passage.text(t.chars.clone());
        school.iter().any(|s| word.starts_with(s))
    });
    (!counted).then_some(start..end)
}

/// Whether what stands before a number belongs to the name: `中国电科58所`, `航天二院二十三所`.
fn valid_part(passage: &Passage<'_>, range: &Range<usize>, number: &Range<usize>) -> bool {
    let before = number.start.saturating_sub(range.start);
    let body =
        passage.marks.ends(List::OrgEnd, number.start) > 0 || passage.marks.ends(List::OrgKnown, number.start) > 0;
    before > 0 && (anchored(passage, range.start) || body || before <= 4)
}

/// Whether a name begins with a place, a known body or a word with which names begin.
pub(crate) fn anchored(passage: &Passage<'_>, start: usize) -> bool {
    passage.starts_region(start)
        || passage.marks.begins(List::OrgKnown, start) > 0
        || passage.lexicon.name_starts.iter().any(|w| passage.starts(start, w))
        || passage.at(start) == '“'
        // 市工业和信息化局: of the region at home, behind a sign.
        || matches!(passage.at(start), '省' | '市' | '州' | '县' | '区') && !is_han(passage.before(start))
}

fn valid(passage: &Passage<'_>, range: &Range<usize>) -> bool {
    let known = passage.marks.ends(List::OrgKnown, range.end);
    if known > 0 && known >= range.len() {
        return passage.tokens.begins(range.start) && passage.tokens.begins(range.end);
    }
    let length = passage.marks.ends(List::OrgEnd, range.end);
    let bracket = passage.before(range.end) == ')';
    let stem = range.len().saturating_sub(length);
    if !bracket && (length == 0 && known == 0 || stem < 2) {
        return false;
    }
    let word = passage.text(range.end - length..range.end);
    let weak = passage.lexicon.weak_ends.contains(word.as_str());
    let anchored = anchored(passage, range.start);
    let nested = (range.start + 2..range.end - 1).any(|k| passage.marks.ends(List::OrgEnd, k) > 1);
    let named = passage.chars[range.clone()].iter().any(char::is_ascii_alphanumeric);
    // 中部, 干部, 场所: everyday words of two characters.
    let last = passage.tokens.get(range.end - 1);
    let everyday = (length == 1 && last.is_some_and(|t| t.known && t.chars.len() == 2))
        || (length <= 2 && passage.lexicon.not_ends.iter().any(|w| passage.ends(range.end, w)));
    // 服务高新区, 联系园区: a verb and what it is about.
    let verb = passage.tokens.get(range.start).is_some_and(|t| {
        let first = passage.text(t.chars.clone());
        t.chars.end + length == range.end
            && passage.lexicon.inner.contains(first.as_str())
            && GENERAL.contains(&word.as_str())
    });
    match () {
        () if everyday || verb => false,
        () if bracket => true,
        () if weak => {
            // 甲有限公司、乙新材料厂: beside a name in a list.
            let beside = passage.before(range.start) == '、' && passage.marks.ends(List::OrgEnd, range.start - 1) > 1;
            let acts = stem >= 4 && acts(passage, range);
            // 园区封测公共服务平台: of the park named before.
            let own = passage.marks.begins(List::Anaphor, range.start) > 1 && stem >= 4;
            (anchored || nested || own || named && stem > 2 || beside && stem > 3 || acts || seated(passage, range))
                && passage.tokens.begins(range.end)
        }
        () if word == "中心" => anchored || nested || stem >= 4,
        () => stem >= 2,
    }
}

/// 公共检测平台于2021年10月投入运行: a platform that begins a sentence and does something is one by that name.
fn acts(passage: &Passage<'_>, range: &Range<usize>) -> bool {
    let opens = range.start == 0 || matches!(passage.before(range.start), '。' | '\n' | '!');
    let verbs = ["于", "可", "已", "由", "自", "现有", "面向", "具备", "拥有", "正式", "配备", "先后"];
    opens && passage.ends(range.end, "平台") && verbs.iter().any(|v| passage.starts(range.end, v))
}

/// Whether a name begins with a city or county, be it one that nobody knows: 芜江市量子传感中试平台.
fn seated(passage: &Passage<'_>, range: &Range<usize>) -> bool {
    (2..4).map(|k| range.start + k).any(|at| {
        let level = matches!(passage.at(at), '市' | '县') && passage.tokens.begins(at + 1);
        level
            && at + 3 < range.end
            && !matches!(passage.before(at), '城' | '都' | '超' | '门' | '夜' | '股' | '上' | '全')
    })
}

/// The name itself and the names that stand in it as wholes: a university in the name of its school.
fn nested(passage: &Passage<'_>, range: &Range<usize>, out: &mut Vec<Org>) {
    let mut cuts: Vec<usize> = (range.start + 2..range.end).filter(|&k| whole_ends(passage, range, k)).collect();
    cuts.push(range.end);
    let mut whole = None;
    let mut own = Vec::new();
    for end in cuts {
        own.push(Org { name: range.start..end, whole: whole.clone() });
        whole = Some(range.start..end);
    }
    out.extend(own.into_iter().rev());
}

fn whole_ends(passage: &Passage<'_>, range: &Range<usize>, end: usize) -> bool {
    let part = range.start..end;
    let known = passage.marks.ends(List::OrgKnown, end);
    let length = passage.marks.ends(List::OrgEnd, end);
    let rest = range.end - end;
    let next = passage.text(end..range.end.min(end + 2));
    let glued = ["建设", "工作", "合作"].iter().any(|w| next == *w);
    let word = passage.text(end - length..end);
    let office = length == 1 && matches!(word.as_str(), "局" | "厅" | "委") && anchored(passage, range.start);
    let body = length > 1 && !passage.lexicon.weak_ends.contains(word.as_str()) && word != "中心" && word != "研究";
    let both = ["市政府", "省政府", "县政府", "区政府"].iter().any(|b| passage.text(end..range.end) == *b);
    rest >= 2
        && !glued
        && !both
        && passage.tokens.begins(end)
        && ((known == part.len() && known > 2) || (body && valid(passage, &part)) || (office && part.len() > 3))
}

/// `长三角芯片应用、认证和推广平台`: the first of several words before one end stands before a `、`.
fn enumerated(passage: &Passage<'_>, start: usize, floor: usize) -> Option<usize> {
    if passage.before(start) != '、' || start < floor + 3 || anchored(passage, start) {
        return None;
    }
    let first = passage.tokens.get(start)?;
    let second = passage.tokens.get(first.chars.end)?;
    if second.word != Word::Conjunction {
        return None;
    }
    let longer = passage.name_start(start - 1, floor);
    let named = [List::OrgEnd, List::Post, List::OrgKnown].iter().any(|l| passage.marks.ends(*l, start - 1) > 0);
    (!named && anchored(passage, longer)).then_some(longer)
}

/// In `甲、乙、丙等13家企业` every item is an organisation.
fn listed(passage: &Passage<'_>, sentence: &Range<usize>, found: &mut Vec<Org>, blocked: &[bool]) {
    for i in sentence.clone().filter(|&i| passage.at(i) == '等') {
        if !counted_bodies(passage, i + 1) {
            continue;
        }
        let mut end = i;
        let mut items = Vec::new();
        while end > sentence.start {
            let known = found.iter().filter(|o| o.name.end == end).map(|o| o.name.start).min();
            let start =
                known.unwrap_or_else(|| passage.name_start(end, end.saturating_sub(LONGEST).max(sentence.start)));
            if start >= end || blocked[start..end].contains(&true) {
                break;
            }
            items.push((known.is_some(), start..end));
            if passage.before(start) != '、' {
                break;
            }
            end = start - 1;
        }
        let sure = items.iter().filter(|(known, _)| *known).count();
        if sure * 2 >= items.len() || items.len() >= 3 {
            let new = items
                .into_iter()
                .filter(|(known, r)| !known && r.len() >= 2)
                .map(|(_, name)| Org { name, whole: None });
            found.extend(new);
        }
    }
}

/// `13家企业`, `6家高新区`, `单位`, `企业`.
fn counted_bodies(passage: &Passage<'_>, at: usize) -> bool {
    let text = passage.text(at..passage.chars.len().min(at + 16));
    let rest =
        text.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十百余多几数家个所".contains(c));
    let counted = rest.len() < text.len();
    let bodies = [
        "企业",
        "单位",
        "机构",
        "高校",
        "公司",
        "院所",
        "国家高新区",
        "高新区",
        "部门",
        "院校",
        "科研",
        "参会",
        "园区",
        "会员",
    ];
    bodies.iter().any(|b| rest.starts_with(b)) || (counted && bodies.iter().any(|b| rest.contains(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn found(text: &str) -> Vec<String> {
        let lexicon = Lexicon::new(&keqiao_catalog::builtin().unwrap());
        let chars: Vec<char> = text.chars().collect();
        let passage = Passage::new(&chars, &lexicon);
        let blocked = vec![false; chars.len() + 1];
        orgs(&passage, &blocked).into_iter().map(|o| passage.text(o.name)).collect()
    }

    #[test]
    fn names_and_their_wholes_are_found() {
        assert_eq!(
            found("北京理工大学集成电路与电子学院与中国航天科工集团第二研究院二十三所在四号楼"),
            [
                "北京理工大学",
                "北京理工大学集成电路与电子学院",
                "中国航天科工集团",
                "中国航天科工集团第二研究院",
                "中国航天科工集团第二研究院二十三所"
            ]
        );
        assert_eq!(found("现场启动长三角芯片应用、认证和推广平台,"), ["长三角芯片应用、认证和推广平台"]);
        assert_eq!(found("到2所调研,走访3所高校"), ["2所"]);
        assert_eq!(
            found("包括明远检测公司、季丰电子科技、中微腾芯电子等13家企业"),
            ["明远检测公司", "季丰电子科技", "中微腾芯电子"]
        );
        assert_eq!(found("国家第三代半导体技术创新中心(山西)成立"), ["国家第三代半导体技术创新中心(山西)"]);
    }
}

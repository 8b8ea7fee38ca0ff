//! Money and quantities of a text.

use std::ops::Range;

use crate::model::MentionKind;
use crate::passage::Passage;

/// An amount at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) chars: Range<usize>,
    pub(crate) kind: MentionKind,
    /// The number with its unit.
    pub(crate) value: String,
}

/// Currencies, longest first where one begins another.
const MONEY: [&str; 16] = [
    "元人民币",
    "人民币",
    "元",
    "美元",
    "美金",
    "欧元",
    "港元",
    "港币",
    "日元",
    "澳元",
    "加元",
    "英镑",
    "韩元",
    "卢布",
    "法郎",
    "新元",
];
/// Tens of thousands and more between a number and its currency.
const SCALES: [&str; 6] = ["万亿", "千亿", "亿", "千万", "百万", "万"];
/// Words before a sum that say how it is meant.
const HEDGES: [&str; 12] =
    ["不低于", "不少于", "不超过", "不超", "超过", "接近", "将近", "逾", "超", "近", "约", "至少"];
const UNITS: [&str; 28] = [
    "平方米",
    "平方公里",
    "公里",
    "千米",
    "亩",
    "吨",
    "千克",
    "公斤",
    "米",
    "毫米",
    "微米",
    "纳米",
    "寸",
    "英寸",
    "千瓦",
    "兆瓦",
    "吉瓦",
    "千瓦时",
    "度",
    "%",
    "个百分点",
    "℃",
    "辆",
    "台",
    "套",
    "件",
    "家",
    "人",
];

/// Finds the numbers with a unit.
pub(crate) fn amounts(passage: &Passage<'_>) -> Vec<Amount> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < passage.chars.len() {
        let run = digits(passage, i);
        let alone = i == 0 || !passage.chars[i - 1].is_ascii_alphanumeric();
        if run == 0 || !alone {
            i += run.max(1);
            continue;
        }
        let number = i + run + usize::from(matches!(passage.at(i + run), '余' | '多'));
        let end = match money(passage, number) {
            Some(end) => {
                let chars = hedged(passage, i)..end;
                out.push(Amount { chars, kind: MentionKind::Money, value: passage.text(i..end) });
                end
            }
            None => {
                let scale = usize::from(matches!(passage.at(number), '万' | '亿'));
                let found = UNITS.iter().filter(|u| passage.starts(number + scale, u)).map(|u| u.chars().count()).max();
                let end = number + found.map_or(0, |n| n + scale);
                if found.is_some() {
                    out.push(Amount { chars: i..end, kind: MentionKind::Quantity, value: passage.text(i..end) });
                }
                end
            }
        };
        i = end;
    }
    out
}

/// How many characters from a place are a number: `3.5`, `4,800`.
fn digits(passage: &Passage<'_>, at: usize) -> usize {
    let mut run = passage.chars[at..].iter().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).count();
    while run > 0 && !passage.chars[at + run - 1].is_ascii_digit() {
        run -= 1;
    }
    let plain = passage.chars[at..at + run].iter().take_while(|c| **c != ',').count();
    // 2019,3 is a number, a comma and a number: thousands are parted in threes.
    let grouped = passage.chars[at..at + run].split(|c| *c == ',').skip(1).all(|g| {
        let whole = g.iter().take_while(|c| **c != '.').count();
        whole == 3
    });
    let run = if grouped { run } else { plain };
    if passage.chars[at..at + run].first().is_some_and(char::is_ascii_digit) { run } else { 0 }
}

/// Where a sum of money ends whose number ends at a place.
fn money(passage: &Passage<'_>, number: usize) -> Option<usize> {
    let from = number + usize::from(passage.at(number) == ' ');
    let scale = SCALES.iter().find(|s| passage.starts(from, s)).map_or(0, |s| s.chars().count());
    let unit = MONEY.iter().find(|u| passage.starts(from + scale, u)).map_or(0, |u| u.chars().count());
    let bare = unit == 0 && scale > 0 && passage.ends(from + scale, "亿") && sum_ends(passage, from + scale);
    (unit > 0 || bare).then_some(from + scale + unit)
}

/// `增资4亿`: behind it stands no counting word and no unit.
fn sum_ends(passage: &Passage<'_>, at: usize) -> bool {
    let next = passage.at(at);
    !next.is_alphanumeric()
        || ["信贷", "资金", "元", "的价", "收购", "贷款", "现金", "融资"].iter().any(|w| passage.starts(at, w))
}

/// Where a sum begins, with 约 or 人民币 before its number.
fn hedged(passage: &Passage<'_>, number: usize) -> usize {
    let from = if passage.ends(number, "人民币") { number - 3 } else { number };
    let hedge = HEDGES.iter().find(|h| passage.ends(from, h));
    from - hedge.map_or(0, |h| h.chars().count())
}

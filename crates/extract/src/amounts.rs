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

const MONEY: [&str; 8] = ["万亿元", "亿元", "万元", "亿美元", "万美元", "元", "美元", "欧元"];
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
        let run = passage.chars[i..].iter().take_while(|c| c.is_ascii_digit() || matches!(c, '.')).count();
        let number = passage.chars[i..i + run].iter().any(char::is_ascii_digit);
        let alone = i == 0 || !passage.chars[i - 1].is_ascii_alphanumeric();
        if run == 0 || !number || !alone {
            i += run.max(1);
            continue;
        }
        let mut end = i + run;
        end += usize::from(matches!(passage.at(end), '余' | '多'));
        let mut unit = MONEY.iter().find(|u| passage.starts(end, u)).map(|u| (u.chars().count(), MentionKind::Money));
        if unit.is_none() {
            let scale = usize::from(matches!(passage.at(end), '万' | '亿'));
            let found = UNITS.iter().filter(|u| passage.starts(end + scale, u)).map(|u| u.chars().count()).max();
            unit = found.map(|n| (n + scale, MentionKind::Quantity));
        }
        if let Some((length, kind)) = unit {
            end += length;
            out.push(Amount { chars: i..end, kind, value: passage.text(i..end) });
        }
        i = end;
    }
    out
}

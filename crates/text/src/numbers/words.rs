//! Words in which a numeral counts nothing: 四川, 一切, 十分.

use super::numeral::Numeral;
use crate::fold::is_han;
use crate::piece::Piece;

/// For each numeral of one character, what right after it makes a word of both.
const WITH_NEXT: &[(char, &str)] = &[
    ('一', "切看直起样般定些旦致律并同味向带体时再边面贯流系度举经瞬行道共下点等线代统无般心路如概端朝番齐"),
    ('两', "岸者会院弹化委栖旁极侧手肋全难可相性"),
    ('三', "亚农峡星明角"),
    ('四', "川处周肢"),
    ('五', "金粮官"),
    ('六', "安盘"),
    ('七', "夕"),
    ('八', "卦达"),
    ('九', "江寨华"),
    ('十', "足分字堰"),
    ('零', "部售件碎距星食钱下基头担配散工"),
];

/// And what right before it.
const WITH_LAST: &[(char, &str)] =
    &[('一', "统唯万专划合逐如单均"), ('二', "不"), ('两', "斤"), ('三', "再张"), ('十', "合")];

/// Numerals of cheques that are common characters as well; they count beside other numerals.
const COMMON: &str = "伍陆拾肆参";

/// Whether the numeral at `i` is part of a word and no number.
pub(super) fn is_word(piece: &Piece, i: usize, numeral: &Numeral) -> bool {
    let next = piece.get(numeral.end).filter(|_| !piece.gap(numeral.end));
    let before = piece.behind(i, 1).filter(|_| !piece.gap(i));
    if !numeral.chinese {
        return false;
    }
    let beside_han = next.is_some_and(is_han) || before.is_some_and(is_han);
    match numeral.end - i {
        1 => {
            let c = if piece.chars[i] == '壹' { '一' } else { piece.chars[i] };
            let listed = |list: &[(char, &str)], other: Option<char>| {
                other.is_some_and(|o| list.iter().any(|(own, others)| *own == c && others.contains(o)))
            };
            let numeral = |b: char| "一二两三四五六七八九十百千万半".contains(b);
            let weight = c == '两' && (before.is_some_and(numeral) || next == Some('两'));
            weight || COMMON.contains(c) && beside_han || listed(WITH_NEXT, next) || listed(WITH_LAST, before)
        }
        // 九九, 两两: two digits without a power count nothing among words.
        2 | 3 if numeral.positional => {
            let zero = piece.chars[i..numeral.end].iter().any(|c| matches!(c, '零' | '〇'));
            let same = piece.chars[i..numeral.end].iter().all(|c| *c == '两');
            same || beside_han && !zero && !next.is_some_and(|c| "年折号成".contains(c))
        }
        _ => false,
    }
}

//! Words and signs that say how a number is meant: at least, at most, about.

use crate::fold::is_han;

/// How a number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// From one number to another.
    Range,
    /// The number or more.
    AtLeast,
    /// The number or less.
    AtMost,
    /// More than the number. The interval is closed and still holds it.
    MoreThan,
    /// Less than the number. The interval is closed and still holds it.
    LessThan,
    /// Just the number.
    Equal,
    /// Near the number. The interval is the number itself.
    About,
    /// A number with a tolerance, or a tolerance alone. The interval is what it allows.
    PlusMinus,
}

impl Comparator {
    /// Whether the interval is open on one side.
    #[must_use]
    pub const fn is_limit(self) -> bool {
        matches!(self, Self::AtLeast | Self::AtMost | Self::MoreThan | Self::LessThan)
    }
}

/// What stands before a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// It is clear by itself.
    Plain(Comparator),
    /// `优于`: more or less, as the property has it.
    Better,
}

use Comparator::{About, AtLeast, AtMost, Equal, LessThan, MoreThan};

/// Words before a number. A longer one stands before those it ends with.
const BEFORE: &[(&str, Comparator)] = &[
    (">=", AtLeast),
    ("<=", AtMost),
    ("=<", AtMost),
    ("≥", AtLeast),
    ("≧", AtLeast),
    ("⩾", AtLeast),
    ("≤", AtMost),
    ("≦", AtMost),
    ("⩽", AtMost),
    (">", MoreThan),
    ("<", LessThan),
    ("≈", About),
    ("=", Equal),
    ("大于等于", AtLeast),
    ("大于或等于", AtLeast),
    ("小于等于", AtMost),
    ("小于或等于", AtMost),
    ("等于", Equal),
    ("至少", AtLeast),
    ("最少", AtLeast),
    ("最低", AtLeast),
    ("最短", AtLeast),
    ("下限为", AtLeast),
    ("下限", AtLeast),
    ("最小", AtLeast),
    ("起码要", AtLeast),
    ("至少要", AtLeast),
    ("起码", AtLeast),
    ("不得过", AtMost),
    ("不足", LessThan),
    ("至多", AtMost),
    ("最多", AtMost),
    ("最高", AtMost),
    ("最大", AtMost),
    ("最长", AtMost),
    ("最迟", AtMost),
    ("最晚", AtMost),
    ("上限为", AtMost),
    ("上限", AtMost),
    ("大约", About),
    ("大概", About),
    ("约为", About),
    ("接近", About),
    ("约", About),
    ("greater than or equal to", AtLeast),
    ("less than or equal to", AtMost),
    ("at least", AtLeast),
    ("min.", AtLeast),
    ("min", AtLeast),
    ("at most", AtMost),
    ("within", AtMost),
    ("minimum", AtLeast),
    ("maximum", AtMost),
    ("up to", AtMost),
    ("max.", AtMost),
    ("max", AtMost),
    ("about", About),
    ("approx.", About),
];

/// Words before a number that a negation turns round.
const TURNED: &[(&str, Comparator)] = &[
    ("大于", MoreThan),
    ("高于", MoreThan),
    ("超过", MoreThan),
    ("多于", MoreThan),
    ("超出", MoreThan),
    ("长于", MoreThan),
    ("晚于", MoreThan),
    ("迟于", MoreThan),
    ("劣于", MoreThan),
    ("宽于", MoreThan),
    ("重于", MoreThan),
    ("快于", MoreThan),
    ("厚于", MoreThan),
    ("窄于", LessThan),
    ("轻于", LessThan),
    ("慢于", LessThan),
    ("薄于", LessThan),
    ("小于", LessThan),
    ("低于", LessThan),
    ("少于", LessThan),
    ("短于", LessThan),
    ("早于", LessThan),
    ("more than", MoreThan),
    ("greater than", MoreThan),
    ("higher than", MoreThan),
    ("exceeding", MoreThan),
    ("exceed", MoreThan),
    ("over", MoreThan),
    ("lower than", LessThan),
    ("fewer than", LessThan),
    ("smaller than", LessThan),
    ("under", LessThan),
    ("less than", LessThan),
    ("above", MoreThan),
    ("below", LessThan),
];

const NEGATIONS: &[&str] =
    &["不", "未", "不得", "不能", "不应", "不可", "不会", "不要", "不宜", "不允许", "别", "莫", "勿", "not ", "no "];

/// Before 上限 and 下限: what is measured up to there.
const NAMED_LIMITS: &[&str] = &["检测", "检出", "探测", "定量", "测量", "测定", "爆炸"];

/// Words after a quantity.
const AFTER: &[(&str, Comparator)] = &[
    ("及以上", AtLeast),
    ("或以上", AtLeast),
    ("以上", AtLeast),
    ("及以下", AtMost),
    ("或以下", AtMost),
    ("以下", AtMost),
    ("以内", AtMost),
    ("封顶", AtMost),
    ("打底", AtLeast),
    ("之内", AtMost),
    ("左右", About),
    ("上下", About),
    ("or more", AtLeast),
    ("or higher", AtLeast),
    ("or above", AtLeast),
    ("or less", AtMost),
    ("or below", AtMost),
    ("min", AtLeast),
    ("max", AtMost),
];

/// What follows 内 in words of its own: 内部, 内径, 内存.
const INNER: &str = "部径存容外衬层壁腔阻控嵌核置螺孔圈";

/// The comparator that ends before `end`, and where it begins.
pub(crate) fn before(chars: &[char], end: usize) -> Option<(Before, usize)> {
    let blank = |c: &char| matches!(c, ' ' | ':');
    let end = end - chars[..end].iter().rev().take(3).take_while(|c| blank(c)).count();
    for better in ["优于", "好于", "better than"] {
        if let Some(start) = ends_with(chars, end, better) {
            return Some((Before::Better, start));
        }
    }
    for (word, comparator) in TURNED {
        let Some(start) = ends_with(chars, end, word) else {
            continue;
        };
        let negated = NEGATIONS.iter().filter_map(|n| ends_with(chars, start, n)).min();
        let comparator = match (negated, comparator) {
            (Some(_), MoreThan) => AtMost,
            (Some(_), _) => AtLeast,
            (None, c) => *c,
        };
        return Some((Before::Plain(comparator), negated.unwrap_or(start)));
    }
    let found = BEFORE.iter().find_map(|(word, c)| Some((Before::Plain(*c), ends_with(chars, end, word)?)));
    // 检测下限0.1ppm: the name of a property.
    let named = |start: usize| NAMED_LIMITS.iter().any(|name| ends_with(chars, start, name).is_some());
    found.filter(|(_, start)| !named(*start) || !matches!(chars.get(*start), Some('上' | '下')))
}

/// The comparator that begins at `start`, or after a space there, and where it ends.
pub(crate) fn after(chars: &[char], start: usize) -> Option<(Comparator, usize)> {
    let from = start + usize::from(matches!(chars.get(start), Some(' ')));
    for (word, comparator) in AFTER {
        let mut end = from;
        let same = word.chars().all(|c| {
            end += 1;
            chars.get(end - 1).is_some_and(|held| held.to_ascii_lowercase() == c)
        });
        if same && !splits_word(chars, end) {
            return Some((*comparator, end));
        }
    }
    let next = chars.get(from + 1).copied();
    match chars.get(from) {
        Some('内') if !next.is_some_and(|c| INNER.contains(c)) => Some((AtMost, from + 1)),
        Some('起') if !next.is_some_and(is_han) => Some((AtLeast, from + 1)),
        Some('+') if !next.is_some_and(|c| c.is_ascii_alphanumeric()) => Some((AtLeast, from + 1)),
        _ => None,
    }
}

/// Whether `at` lies between two letters of a Latin word.
fn splits_word(chars: &[char], at: usize) -> bool {
    let latin = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_alphabetic);
    latin(at.checked_sub(1)) && latin(Some(at))
}

/// Where `word` begins, if it ends before `end`.
fn ends_with(chars: &[char], end: usize, word: &str) -> Option<usize> {
    // From its end, where nearly every word differs at once.
    let mut start = end;
    for c in word.chars().rev() {
        start = start.checked_sub(1)?;
        if chars[start].to_ascii_lowercase() != c {
            return None;
        }
    }
    (!splits_word(chars, start)).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_a_number_are_read() {
        let read = |s: &str| {
            let chars: Vec<char> = s.chars().collect();
            before(&chars, chars.len())
        };
        assert_eq!(read("纯度不低于"), Some((Before::Plain(AtLeast), 2)));
        assert_eq!(read("不得超过"), Some((Before::Plain(AtMost), 0)));
        assert_eq!(read("大于等于 "), Some((Before::Plain(AtLeast), 0)));
        assert_eq!(read("低于"), Some((Before::Plain(LessThan), 0)));
        assert_eq!(read("No less than "), Some((Before::Plain(AtLeast), 0)));
        assert_eq!(read("精度优于"), Some((Before::Better, 2)));
        assert_eq!(read("admin"), None);
        assert_eq!(read("电压"), None);
    }

    #[test]
    fn words_after_a_number_are_read() {
        let read = |s: &str| after(&s.chars().collect::<Vec<_>>(), 0);
        assert_eq!(read("及以上"), Some((AtLeast, 3)));
        assert_eq!(read(" max"), Some((AtMost, 4)));
        assert_eq!(read(" 内出报告"), Some((AtMost, 2)));
        assert_eq!(read("起，"), Some((AtLeast, 1)));
        assert_eq!(read("起草"), None);
        assert_eq!(read("内径"), None);
        assert_eq!(read("minute"), None);
        assert_eq!(read("+"), Some((AtLeast, 1)));
    }
}

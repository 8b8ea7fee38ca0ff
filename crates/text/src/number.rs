//! Numbers as they are written: digits of both widths, Chinese numerals, 万 and 亿.

use crate::fold::narrow;
use crate::numeral::chinese;

/// Reads a text that is one number: `1,200`, `１２`, `-3.5e-6`, `3.5万`, `十二`,
/// `一千二百`, `二〇二六`, `两亿三千万`, `三点五`. `None` for anything else.
#[must_use]
pub fn parse_number(text: &str) -> Option<f64> {
    let chars: Vec<char> = text.trim().chars().map(narrow).filter(|c| *c != ' ').collect();
    let (negative, digits) = match chars.split_first()? {
        ('-' | '负' | '負', rest) => (true, rest),
        ('+' | '正', rest) => (false, rest),
        _ => (false, &chars[..]),
    };
    let value = match scan_digits(digits, 0) {
        Some((value, end)) if end == digits.len() => value,
        _ => chinese(digits)?,
    };
    Some(if negative { -value } else { value })
}

/// An unsigned number in ASCII digits at `at`: its value and where it ends. The
/// characters have been narrowed.
pub(crate) fn scan_digits(chars: &[char], at: usize) -> Option<(f64, usize)> {
    let digits = |from: usize| run(chars, from, |c| c.is_ascii_digit());
    let mut end = digits(at);
    if end == at {
        return None;
    }
    if end - at <= 3 {
        while chars.get(end) == Some(&',') && digits(end + 1) == end + 4 {
            end += 4;
        }
    }
    if chars.get(end) == Some(&'.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    let plain: String = chars[at..end].iter().filter(|c| **c != ',').collect();
    // 10^14: a power of ten by itself.
    if plain == "10"
        && let Some((power, after)) = power(chars, end)
    {
        return Some((format!("1e{power}").parse().ok().filter(|v: &f64| v.is_finite())?, after));
    }
    if let Some((power, after)) = exponent(chars, end) {
        return Some((format!("{plain}e{power}").parse().ok().filter(|v: &f64| v.is_finite())?, after));
    }
    Some((plain.parse().ok().filter(|v: &f64| v.is_finite())?, end))
}

/// The end of the characters from `from` that all satisfy `test`.
pub(crate) fn run(chars: &[char], from: usize, test: impl Fn(char) -> bool) -> usize {
    chars[from.min(chars.len())..].iter().position(|&c| !test(c)).map_or(chars.len(), |n| from + n)
}

/// `e-6`, `×10^-6`, `×10⁻⁶`, `x10-6`: the power of ten and where it ends.
fn exponent(chars: &[char], at: usize) -> Option<(i32, usize)> {
    let from = match chars.get(at)? {
        'e' | 'E' => at + 1,
        '×' | 'x' | 'X' | '*' | '·' if chars.get(at + 1..at + 3) == Some(&['1', '0']) => {
            let raised = at + 3 + usize::from(chars.get(at + 3) == Some(&'^'));
            // 5×100 is a size, 2×10-6 a number.
            if raised == at + 3 && chars.get(raised).is_none_or(char::is_ascii_digit) {
                return None;
            }
            raised
        }
        _ => return None,
    };
    raised(chars, from)
}

/// `^14`, `¹⁴`, `⁻⁶` behind a ten.
fn power(chars: &[char], at: usize) -> Option<(i32, usize)> {
    match chars.get(at)? {
        '^' => raised(chars, at + 1),
        '⁻' => raised(chars, at),
        c if superscript(*c).is_some() && !c.is_ascii_digit() && !matches!(c, '²' | '³') => raised(chars, at),
        _ => None,
    }
}

/// The signed whole number of a power, and where it ends.
fn raised(chars: &[char], from: usize) -> Option<(i32, usize)> {
    let signed = from + usize::from(matches!(chars.get(from), Some('-' | '+' | '⁻' | '⁺')));
    let end = run(chars, signed, |c| superscript(c).is_some());
    if end == signed || end - signed > 3 {
        return None;
    }
    let digits: String = chars[signed..end].iter().filter_map(|c| superscript(*c)).collect();
    let power: i32 = digits.parse().ok()?;
    let negative = signed > from && matches!(chars[from], '-' | '⁻');
    Some((if negative { -power } else { power }, end))
}

fn superscript(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '⁰' => Some('0'),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        '⁴'..='⁹' => char::from_u32(c as u32 - '⁴' as u32 + '4' as u32),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    #[test]
    fn numbers_are_read_however_written() {
        let cases = [
            ("1,200", 1200.0),
            ("１２", 12.0),
            ("-3.5e-6", -3.5e-6),
            ("1×10⁻⁶", 1e-6),
            ("2×10^3", 2000.0),
            ("10^14", 1e14),
            ("10⁻⁶", 1e-6),
            ("3.5万", 35_000.0),
            ("1亿2000万", 120_000_000.0),
            ("四百点五", 400.5),
            ("十二", 12.0),
            ("一千二百", 1200.0),
            ("一千零二", 1002.0),
            ("一万二", 12_000.0),
            ("二〇二六", 2026.0),
            ("两亿三千万", 230_000_000.0),
            ("三点五", 3.5),
            ("一万亿", 1e12),
            ("负二十", -20.0),
            ("壹佰贰拾叁", 123.0),
        ];
        for (text, value) in cases {
            assert_eq!(parse_number(text), Some(value), "{text}");
        }
        for none in ["", "-", "abc", "12abc", "万", "一百三千", "1.2.3", "点五", "12,34", "5×100"] {
            assert_eq!(parse_number(none), None, "{none}");
        }
    }

    #[test]
    fn the_cases_others_wrote_are_read() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval/cn2an_cases/cn2an_test.json");
        let Ok(text) = std::fs::read_to_string(file) else {
            eprintln!("skipped: no evaluation data beside this checkout");
            return;
        };
        let sets: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut wrong = Vec::new();
        for case in sets[0]["cases"].as_array().unwrap() {
            let (input, value) = (case[0].as_str().unwrap(), case[1].as_f64().unwrap());
            if input.contains(['元', '圆']) {
                continue; // sums of money are quantities, not numbers
            }
            if parse_number(input).is_none_or(|v| (v - value).abs() > value.abs() * 1e-12) {
                wrong.push((input, value, parse_number(input)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "[0-9一二三十百千万亿零点负,.e+-]{0,30}") {
            let _ = parse_number(&text);
        }

        #[test]
        fn printed_numbers_read_back(n in -1e12f64..1e12) {
            prop_assert_eq!(parse_number(&n.to_string()), Some(n));
        }
    }
}

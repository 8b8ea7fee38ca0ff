//! Runs of letters and digits: part numbers, standards, numbers, units, words.

use std::collections::HashSet;

use crate::fold::is_cjk;
use crate::token::TokenKind;

/// First words of the names of standards, folded. Any `xx/t` is one as well.
const PUBLISHERS: &[&str] = &[
    "gb", "gb/t", "gb/z", "gjb", "gjb/z", "jjf", "jjg", "iso", "iec", "iso/iec", "iso/ts", "iso/sae", "ieee", "itu",
    "astm", "ansi", "din", "en", "bs", "jis", "jedec", "jesd", "ipc", "sae", "aec", "aqg", "vda", "iatf", "ul", "mil",
    "cispr", "asme", "api", "semi", "etsi", "cqc", "db", "usp", "aoac",
];

/// A piece of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: TokenKind,
}

/// What tells units and words apart from part numbers: folded unit symbols and
/// folded words of the catalog.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) units: HashSet<String>,
    pub(crate) words: HashSet<String>,
}

/// Whether a character is part of a run.
pub(crate) fn is_run_char(c: char) -> bool {
    matches!(c, '%' | '‰' | '℃' | '℉' | '°') || (c.is_alphanumeric() && !is_cjk(c))
}

/// Reads one run at `start` into `out`; returns where it ends.
pub(crate) fn read_run(chars: &[char], start: usize, known: &Known, out: &mut Vec<Piece>) -> usize {
    if let Some((text, end)) = sign_unit(chars, start) {
        out.push(Piece { text, start, end, kind: TokenKind::Unit });
        return end;
    }
    if let Some(end) = standard(chars, start) {
        push_code(chars, start, end, out);
        return end;
    }
    let end = run_end(chars, start);
    let run = &chars[start..end];
    let digit = run.iter().any(char::is_ascii_digit);
    let letter = run.iter().any(|c| is_letter(*c));
    match (letter, digit) {
        (true, true) => read_mixed(chars, start, end, known, out),
        (false, _) => push_numbers(chars, start, end, out),
        (true, false) => return push_words(chars, start, end, out),
    }
    end
}

/// `%`, `℃`, also where it is written `°C`.
fn sign_unit(chars: &[char], start: usize) -> Option<(String, usize)> {
    match (chars[start], chars.get(start + 1)) {
        ('°', Some('c')) => Some(("℃".to_owned(), start + 2)),
        ('°', Some('f')) => Some(("℉".to_owned(), start + 2)),
        (c @ ('%' | '‰' | '℃' | '℉' | '°'), _) => Some((c.to_string(), start + 1)),
        _ => None,
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !is_cjk(c)
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() && !is_cjk(c)
}

/// The end of the characters from `start` that all satisfy `test`.
fn stretch(chars: &[char], start: usize, test: impl Fn(char) -> bool) -> usize {
    chars[start.min(chars.len())..].iter().position(|&c| !test(c)).map_or(chars.len(), |n| start + n)
}

/// Letters and digits, joined by single hyphens, dots, underscores and the commas of thousands.
fn run_end(chars: &[char], start: usize) -> usize {
    let mut end = stretch(chars, start, is_inner);
    while let Some(joint) = chars.get(end) {
        let next = stretch(chars, end + 1, is_inner);
        let joins = match joint {
            '-' | '.' | '_' => next > end + 1,
            ',' => next == end + 4 && chars[end - 1..next].iter().all(|c| *c == ',' || c.is_ascii_digit()),
            _ => false,
        };
        if !joins {
            break;
        }
        end = next;
    }
    end
}

/// Where the names of standards stand in a text: `gb/t 4754-2017` from its first character to one past its last.
#[must_use]
pub fn standard_codes(chars: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let begins = i == 0 || !chars[i - 1].is_ascii_alphanumeric();
        i = match standard(chars, i).filter(|_| begins) {
            Some(end) => {
                found.push((i, end));
                end
            }
            None => i + 1,
        };
    }
    found
}

/// The end of a standard's name at `start`: `gb/t 4754-2017`, `iso 26262-6:2018`, `aec q100`.
pub(crate) fn standard(chars: &[char], start: usize) -> Option<usize> {
    let letters = |from: usize| stretch(chars, from, |c| c.is_ascii_alphabetic());
    let mut prefix_end = letters(start);
    if prefix_end == start || prefix_end > start + 6 {
        return None;
    }
    if chars.get(prefix_end) == Some(&'/') && letters(prefix_end + 1) > prefix_end + 1 {
        prefix_end = letters(prefix_end + 1);
    }
    let prefix: String = chars[start..prefix_end].iter().collect::<String>().to_ascii_lowercase();
    let recommended = prefix.ends_with("/t") && prefix.len() <= 7;
    if !recommended && !PUBLISHERS.contains(&prefix.as_str()) {
        return None;
    }
    let joined = matches!(chars.get(prefix_end), Some(' ' | '-'));
    let body = prefix_end + usize::from(joined);
    let digits = if chars.get(body).is_some_and(|c| joined && c.is_ascii_alphabetic()) { body + 1 } else { body };
    if !chars.get(digits).is_some_and(char::is_ascii_digit) {
        return None;
    }
    let mut end = stretch(chars, digits, is_inner);
    while matches!(chars.get(end), Some('-' | '.' | ':')) && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        end = stretch(chars, end + 1, is_inner);
    }
    Some(end)
}

fn push_code(chars: &[char], start: usize, end: usize, out: &mut Vec<Piece>) {
    out.push(Piece { text: chars[start..end].iter().collect(), start, end, kind: TokenKind::Code });
}

/// A run of letters and digits: a quantity (`5mω`, `10-20v`), or a code.
fn read_mixed(chars: &[char], start: usize, end: usize, known: &Known, out: &mut Vec<Piece>) {
    let run = &chars[start..end];
    let whole: String = run.iter().collect();
    let tail = run.iter().position(|c| is_letter(*c)).map_or(end, |n| start + n);
    let unit: String = chars[tail..end].iter().collect();
    if chars[start].is_ascii_digit() && known.units.contains(&unit) && !known.words.contains(&whole) {
        push_numbers(chars, start, tail, out);
        out.push(Piece { text: unit, start: tail, end, kind: TokenKind::Unit });
        return;
    }
    push_code(chars, start, end, out);
}

/// The stretches between the joints of a run.
fn parts(chars: &[char], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = start;
    while from < end {
        let to = stretch(&chars[..end], from, is_inner);
        if to > from {
            found.push((from, to));
        }
        from = to + 1;
    }
    found
}

/// Numbers: decimals and thousands stay one number, all else falls apart.
fn push_numbers(chars: &[char], start: usize, end: usize, out: &mut Vec<Piece>) {
    let mut from = start;
    while from < end {
        let to = stretch(&chars[..end], from, |c| !matches!(c, '-' | '_'));
        if to > from {
            let text = chars[from..to].iter().filter(|c| **c != ',').collect();
            out.push(Piece { text, start: from, end: to, kind: TokenKind::Number });
        }
        from = to + 1;
    }
}

/// Words of letters; returns where they end, with the signs of `c++` and `c#`.
fn push_words(chars: &[char], start: usize, end: usize, out: &mut Vec<Piece>) -> usize {
    let signs = match (chars.get(end), chars.get(end + 1)) {
        (Some('+'), Some('+')) => 2,
        (Some('#'), _) => 1,
        _ => 0,
    };
    if end - start <= 2 && signs > 0 {
        let text = chars[start..end + signs].iter().collect();
        out.push(Piece { text, start, end: end + signs, kind: TokenKind::Latin });
        return end + signs;
    }
    for (from, to) in parts(chars, start, end) {
        let text = chars[from..to].iter().collect();
        out.push(Piece { text, start: from, end: to, kind: TokenKind::Latin });
    }
    end
}

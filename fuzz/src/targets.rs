//! What is fed, and what must hold of what comes back.

use keqiao_catalog::Catalog;
use keqiao_text::{
    AmountReader, Mapped, clean, decode, read_dates, read_numbers, read_quantities, read_times, simplify,
};

/// What the targets need and is made once.
pub struct Tools {
    catalog: Catalog,
}

impl Tools {
    pub fn new() -> Result<Self, String> {
        Ok(Self { catalog: keqiao_catalog::builtin().map_err(|e| e.to_string())? })
    }
}

/// One thing that reads what comes from outside.
pub struct Target {
    pub name: &'static str,
    pub check: fn(&Tools, &[u8]) -> Result<(), String>,
}

pub const TARGETS: [Target; 8] = [
    Target { name: "decode", check: decoding },
    Target { name: "clean", check: |_, input| mapped(&text(input), &clean(&text(input))) },
    Target { name: "simplify", check: |_, input| mapped(&text(input), &simplify(&text(input))) },
    Target {
        name: "numbers",
        check: |_, input| spans(input, |t| read_numbers(t).into_iter().map(|m| (m.start, m.end, m.text)).collect()),
    },
    Target {
        name: "amounts",
        check: |tools, input| {
            let reader = AmountReader::new(&tools.catalog.units);
            spans(input, |t| reader.read(t).into_iter().map(|m| (m.start, m.end, m.text)).collect())
        },
    },
    Target {
        name: "quantities",
        check: |tools, input| {
            let units = &tools.catalog.units;
            spans(input, |t| read_quantities(t, units).into_iter().map(|m| (m.start, m.end, m.text)).collect())
        },
    },
    Target {
        name: "dates",
        check: |_, input| {
            let read = |t: &str| read_dates(t, "2023-12-20".parse().ok());
            let wrong = read(&text(input)).into_iter().find(|m| m.from.is_some() != m.to.is_some() || m.from > m.to);
            if let Some(m) = wrong {
                return Err(format!("{} is {:?} to {:?}", m.text, m.from, m.to));
            }
            spans(input, |t| read(t).into_iter().map(|m| (m.start, m.end, m.text)).collect())
        },
    },
    Target {
        name: "times",
        check: |_, input| spans(input, |t| read_times(t).into_iter().map(|m| (m.start, m.end, m.text)).collect()),
    },
];

fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

fn decoding(_: &Tools, input: &[u8]) -> Result<(), String> {
    for label in [None, Some("gb18030"), Some("big5"), Some("utf-8"), Some("utf-16le"), Some("x")] {
        let decoded = decode(input, label);
        let lost = decoded.text.chars().filter(|&c| c == '\u{fffd}').count();
        if lost < decoded.replaced {
            return Err(format!("{label:?}: {} replaced, {lost} found", decoded.replaced));
        }
    }
    Ok(())
}

/// The way back is as long as the text, never falls, and ends at the original's end.
fn mapped(original: &str, made: &Mapped) -> Result<(), String> {
    let (chars, length) = (original.chars().count(), made.text.chars().count());
    let last = made.origin.last().map(|&o| o as usize);
    if made.origin.len() != length + 1 || !made.origin.is_sorted() || last != Some(chars) {
        return Err(format!("{length} characters, {} origins, the last {last:?} of {chars}", made.origin.len()));
    }
    Ok(())
}

/// Each mention lies in the text after the one before, and holds its words.
fn spans(input: &[u8], read: impl Fn(&str) -> Vec<(usize, usize, String)>) -> Result<(), String> {
    let text = text(input);
    let chars: Vec<char> = text.chars().collect();
    let mut last = 0;
    for (start, end, words) in read(&text) {
        let own = chars.get(start..end).map(|c| c.iter().collect::<String>());
        if start < last || start >= end || own.as_ref() != Some(&words) {
            return Err(format!("{words:?} at {start}..{end} after {last}, where {own:?} stands"));
        }
        last = end;
    }
    Ok(())
}

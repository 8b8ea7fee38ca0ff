//! What was taken out of a text and what was put in.

use std::hash::Hash;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput, Interner};

/// A piece of two texts laid over each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// In both.
    Same(String),
    /// In the old one alone.
    Gone(String),
    /// In the new one alone.
    New(String),
}

/// Longest pair of passages that is compared character by character (the product of their lengths).
const MOST_COMPARED: usize = 1_000_000;

/// Passages: a sentence with its mark, or a line with its end.
fn passages(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '！', '？', ';', '\n']).collect()
}

/// The two texts laid over each other: passages first, and within those that differ
/// characters, so that a changed number stands out in a long text.
pub(crate) fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (old, new) = (passages(old), passages(new));
    let mut out = Vec::new();
    for part in parts(&old, &new) {
        let (before, after) = (old[part.old].concat(), new[part.new].concat());
        if part.same { push(&mut out, Piece::Same(before)) } else { within(&before, &after, &mut out) }
    }
    out
}

fn within(before: &str, after: &str, out: &mut Vec<Piece>) {
    let old: Vec<char> = before.chars().collect();
    let new: Vec<char> = after.chars().collect();
    if old.len() * new.len() > MOST_COMPARED {
        push(out, Piece::Gone(before.to_owned()));
        push(out, Piece::New(after.to_owned()));
        return;
    }
    for part in parts(&old, &new) {
        let gone: String = old[part.old].iter().collect();
        if part.same {
            push(out, Piece::Same(gone));
        } else {
            push(out, Piece::Gone(gone));
            push(out, Piece::New(new[part.new].iter().collect()));
        }
    }
}

/// A stretch of two rows that is the same in both, or not.
struct Part {
    same: bool,
    old: Range<usize>,
    new: Range<usize>,
}

fn parts<T: Copy + Eq + Hash>(old: &[T], new: &[T]) -> Vec<Part> {
    let mut interner = Interner::new(old.len() + new.len());
    let before = old.iter().map(|t| interner.intern(*t)).collect();
    let after = new.iter().map(|t| interner.intern(*t)).collect();
    let input = InternedInput { before, after, interner };
    let (mut parts, mut at) = (Vec::new(), (0, 0));
    let same = |parts: &mut Vec<Part>, at: (usize, usize), to: (usize, usize)| {
        if at != to {
            parts.push(Part { same: true, old: at.0..to.0, new: at.1..to.1 });
        }
    };
    for hunk in Diff::compute(Algorithm::Myers, &input).hunks() {
        let range = |r: Range<u32>| r.start as usize..r.end as usize;
        let (old, new) = (range(hunk.before), range(hunk.after));
        same(&mut parts, at, (old.start, new.start));
        at = (old.end, new.end);
        parts.push(Part { same: false, old, new });
    }
    same(&mut parts, at, (old.len(), new.len()));
    parts
}

fn push(out: &mut Vec<Piece>, piece: Piece) {
    let (Piece::Same(text) | Piece::Gone(text) | Piece::New(text)) = &piece;
    if !text.is_empty() {
        out.push(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(old: &str, new: &str) -> String {
        let draw = |piece: Piece| match piece {
            Piece::Same(text) => text,
            Piece::Gone(text) => format!("[-{text}-]"),
            Piece::New(text) => format!("[+{text}+]"),
        };
        pieces(old, new).into_iter().map(draw).collect()
    }

    #[test]
    fn a_changed_number_stands_out() {
        let old = "耐压 650 V。工作温度 -40~125℃。\n交期 56 天。";
        let new = "耐压 1200 V。工作温度 -40~125℃。\n交期 56 天。含样品。";
        assert_eq!(drawn(old, new), "耐压 [-65-][+120+]0 V。工作温度 -40~125℃。\n交期 56 天。[+含样品。+]");
        assert_eq!(drawn("", "新"), "[+新+]");
        assert_eq!(drawn("一样", "一样"), "一样");
    }

    #[test]
    fn both_texts_can_be_read_back() {
        let long = "长".repeat(3_000);
        for (old, new) in
            [("甲乙丙", "甲丁丙"), (long.as_str(), "短"), ("<a>&\"", "<b>&'"), (&long, &"短".repeat(2_000))]
        {
            let side = |skip: fn(&Piece) -> bool| -> String {
                let of = |piece: Piece| match piece {
                    Piece::Same(text) | Piece::Gone(text) | Piece::New(text) => text,
                };
                pieces(old, new).into_iter().filter(|p| !skip(p)).map(of).collect()
            };
            assert_eq!(side(|p| matches!(p, Piece::New(_))), old);
            assert_eq!(side(|p| matches!(p, Piece::Gone(_))), new);
        }
    }
}

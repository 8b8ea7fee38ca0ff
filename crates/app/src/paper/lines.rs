//! How wide a text is, and where its lines break.

/// Widths of Helvetica's characters from U+0020 to U+007E, in thousandths of their size.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// What does not begin a line.
const NOT_FIRST: &str = "，。、；：！？）》」』”’…—·％";
/// What does not end one.
const NOT_LAST: &str = "（《「『“‘";

/// Whether a character is drawn with Helvetica.
pub(super) fn is_latin(c: char) -> bool {
    matches!(c, ' '..='~')
}

fn advance(c: char) -> u16 {
    if is_latin(c) { HELVETICA[c as usize - 32] } else { 1000 }
}

/// How wide a text is at a size, in points.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let thousandths: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
    thousandths as f32 * size / 1000.0
}

/// A line's pieces that are not broken: a Chinese character with the marks that stay with it, a word, a space.
fn pieces(line: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in line.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let in_word = is_latin(c) && c != ' ' && is_latin(before) && before != ' ';
        let tied = NOT_FIRST.contains(c) || NOT_LAST.contains(before) || in_word;
        match out.last_mut() {
            Some(last) if tied && last != " " => last.push(c),
            _ => out.push(c.to_string()),
        }
        before = c;
    }
    out
}

/// A line broken into those that fit; an empty line stays one.
pub(super) fn wrapped(line: &str, size: f32, wide: f32) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut push = |piece: &str| {
        let last = out.last_mut().filter(|l| l.is_empty() || width(l, size) + width(piece, size) <= wide);
        match last {
            Some(last) => last.push_str(piece),
            None => out.push(piece.trim_start().to_owned()),
        }
    };
    for piece in pieces(line) {
        if width(&piece, size) <= wide {
            push(&piece);
        } else {
            // A word longer than a line, such as a hash, is broken anywhere.
            piece.chars().for_each(|c| push(c.encode_utf8(&mut [0; 4])));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_marks_stay_where_they_belong() {
        let text = "技术交易额（不含设备）为12.5万元，见《技术合同》第3条。Payment within 30 days after acceptance.";
        for wide in [60.0, 90.0, 140.0, 300.0] {
            let lines = wrapped(text, 10.0, wide);
            assert!(lines.iter().all(|l| width(l.trim_end(), 10.0) <= wide), "{lines:?}");
            assert!(lines.iter().skip(1).all(|l| !NOT_FIRST.contains(l.chars().next().unwrap())), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        let hash = "0123456789abcdef".repeat(4);
        assert!(wrapped(&hash, 10.0, 100.0).iter().all(|l| width(l, 10.0) <= 100.0));
    }
}

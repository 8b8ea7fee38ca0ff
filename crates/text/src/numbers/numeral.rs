//! One unsigned numeral: `1,200.5`, `三千八百`, `7万5千4百`, `十几万`, `2e5`, `.5`.

use super::figures::{decimals, figures, finish};
use super::sum::Sum;
use crate::numeral::chinese_digit;
use crate::piece::Piece;

/// A numeral and what it came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Numeral {
    pub(crate) value: f64,
    pub(crate) end: usize,
    /// Whether it has a Chinese digit or power.
    pub(crate) chinese: bool,
    /// Whether it is Chinese digit after digit, without a power: `九九`, `二〇〇二`.
    pub(crate) positional: bool,
    /// Whether it has a decimal part.
    pub(crate) decimal: bool,
    /// What it is at most where its words leave that open: `十几`, `三五百`, `几十万`.
    pub(crate) most: Option<f64>,
    /// Whether two digits side by side say from so many to so many: `三五百`.
    pub(crate) side_by_side: bool,
}

/// Numerals longer than this are none.
pub(super) const LONGEST: usize = 60;

/// The power of ten of a character; 兆 counts only between numerals, for it is a prefix of units as well.
pub(super) fn power(piece: &Piece, i: usize) -> Option<i32> {
    Some(match piece.get(i)? {
        '十' | '拾' => 1,
        '百' | '佰' => 2,
        '千' | '仟' => 3,
        '万' => 4,
        '亿' => 8,
        '兆' if piece.get(i + 1).is_some_and(|c| chinese_digit(c).is_some() || "亿日韩元".contains(c)) => 12,
        _ => return None,
    })
}

fn digit(c: char) -> Option<u8> {
    match c {
        '俩' | '倆' => Some(2),
        '仨' => Some(3),
        _ => chinese_digit(c),
    }
}

/// The numeral at `i`.
pub(crate) fn read(piece: &Piece, i: usize) -> Option<Numeral> {
    let low = read_picking(piece, i, 0)?;
    if !low.side_by_side {
        return Some(low);
    }
    let high = read_picking(piece, i, 1)?;
    Some(Numeral { most: Some(high.value), ..low })
}

/// The numeral at `i`, with the digit of a pair like `三五` that is asked for.
fn read_picking(piece: &Piece, i: usize, pick: usize) -> Option<Numeral> {
    let out = Numeral {
        value: 0.0,
        end: i,
        chinese: false,
        positional: false,
        decimal: false,
        most: None,
        side_by_side: false,
    };
    let mut reader = Reader { piece, sum: Sum::default(), out, begun: false, tens: None, pick };
    while reader.out.end < i + LONGEST && reader.take()? {
        reader.begun = true;
    }
    let Reader { sum, mut out, begun, tens, .. } = reader;
    if !begun {
        return None;
    }
    out.value = sum.value();
    out.most = tens.map(|whole| if whole { out.value * 10.0 } else { out.value + magnitude(out.value) });
    Some(decimals(piece, finish(piece, i, out, &sum)))
}

/// The power of ten of a number's last digit that is not zero: how much 多 may add to it.
pub(crate) fn magnitude(value: f64) -> f64 {
    let mut power = 1.0;
    while power < value && value % (power * 10.0) == 0.0 {
        power *= 10.0;
    }
    power
}

/// Reads one numeral from left to right.
struct Reader<'a> {
    piece: &'a Piece,
    sum: Sum,
    out: Numeral,
    begun: bool,
    /// Whether it is open, and then whether as a whole (`几十万`) or at its end (`十几万`).
    tens: Option<bool>,
    pick: usize,
}

impl Reader<'_> {
    /// Takes the next part in and says whether there was one; `None` where what is there is no numeral.
    fn take(&mut self) -> Option<bool> {
        let at = self.out.end;
        let Some(c) = self.piece.get(at) else { return Some(false) };
        let gap = self.begun && self.piece.gap(at);
        let zero = matches!(c, '零' | '〇' | '○') && self.begun && self.sum.waiting.is_none();
        if c.is_ascii_digit() || c == '.' && !self.begun {
            return self.figures(at, gap);
        }
        if zero {
            // A zero at the end belongs to the numeral only where digits follow.
            let goes_on = follows_zero(self.piece, at + 1);
            if goes_on {
                (self.sum.zero, self.sum.plain, self.out.end) = (true, None, at + 1);
            }
            return Some(goes_on);
        }
        // 两 at the end of a numeral is the unit of weight.
        if c == '两' && self.begun && power(self.piece, at + 1).is_none() {
            return Some(false);
        }
        if digit(c).is_some() {
            return self.digits(at, gap);
        }
        Some(match c {
            '廿' | '卅' if !self.begun => {
                self.sum.number("", if c == '廿' { 2.0 } else { 3.0 }, 1);
                self.sum.plain = None;
                (self.out.end, self.out.chinese) = (at + 1, true);
                self.sum.power(1)
            }
            '几' | '多' | '余' | '数' => self.open(at, c),
            '个' if self.begun && self.piece.is_any(at + 1, "亿万") && self.sum.waiting.is_some() => {
                self.out.end = at + 1;
                true
            }
            _ => match power(self.piece, at) {
                Some(p) if self.begun || matches!(c, '十' | '拾') || short_start(self.piece, at) => {
                    let fits = self.sum.power(p);
                    if fits {
                        (self.out.end, self.out.chinese, self.out.positional) = (at + 1, true, false);
                    }
                    fits
                }
                _ => false,
            },
        })
    }

    fn figures(&mut self, at: usize, gap: bool) -> Option<bool> {
        // 7万 5千: after a blank only digits with a lower power go on.
        let goes_on = || {
            let end = self.piece.run(at, |c| c.is_ascii_digit());
            power(self.piece, end).is_some_and(|p| p < self.sum.last)
        };
        if self.sum.waiting.is_some() || self.begun && !self.out.chinese || gap && !goes_on() {
            return Some(false);
        }
        let (text, end, decimal) = figures(self.piece, at)?;
        self.sum.number(&text, text.parse().ok()?, 0);
        (self.out.end, self.out.decimal) = (end, self.out.decimal || decimal);
        Some(true)
    }

    fn digits(&mut self, at: usize, gap: bool) -> Option<bool> {
        if self.sum.waiting.is_some() || gap && !self.out.chinese {
            return Some(false);
        }
        let end = self.piece.run(at, |c| digit(c).is_some());
        let end = (at + 1..end).find(|&j| self.piece.chars[j] == '两').unwrap_or(end);
        let mut values: Vec<u8> = self.piece.chars[at..end].iter().filter_map(|c| digit(*c)).collect();
        if values.len() > 1 && (self.begun || power(self.piece, end).is_some()) && values[0] != 0 {
            // 二三十 is from twenty to thirty; more digits than two are nothing.
            let ascends = values.len() == 2 && values[0] < values[1] && values[1] - values[0] <= 2;
            if !ascends {
                return None;
            }
            values = vec![values[self.pick]];
            self.out.side_by_side = true;
        }
        let text: String = values.iter().map(|d| char::from(b'0' + d)).collect();
        self.sum.number(&text, text.parse().ok()?, values.len());
        (self.out.positional, self.out.end, self.out.chinese) = (!self.begun, end, true);
        Some(true)
    }

    /// 几, 多, 余 or 数, where it leaves the numeral open.
    fn open(&mut self, at: usize, c: char) -> bool {
        let next = power(self.piece, at + 1);
        let open = match c {
            '几' | '数' if !self.begun => next.is_some(),
            '几' => self.sum.waiting.is_none() && (self.sum.small == 1 || self.sum.zero),
            '多' | '余' => self.begun && next.is_some_and(|p| p >= 4),
            _ => false,
        };
        if open {
            if !self.begun {
                self.sum.waiting = Some((1.0, 0));
            }
            (self.tens, self.out.end) = (Some(!self.begun), at + 1);
        }
        open
    }
}

/// `百三`, `千六`: a power that begins a numeral and has one digit after it.
fn short_start(piece: &Piece, i: usize) -> bool {
    let han = |i: Option<usize>| i.and_then(|i| piece.get(i)).is_some_and(crate::fold::is_han);
    let digit = piece.get(i + 1).and_then(digit).is_some_and(|d| d > 0);
    matches!(piece.get(i), Some('百' | '千')) && digit && !han(i.checked_sub(1)) && !han(Some(i + 2))
}

/// Whether digits or a power follow a zero inside a numeral.
fn follows_zero(piece: &Piece, i: usize) -> bool {
    piece
        .get(i)
        .is_some_and(|c| digit(c).is_some() || c.is_ascii_digit() || matches!(c, '十' | '拾' | '百' | '佰' | '几'))
}

//! One unsigned numeral: `1,200.5`, `三千八百`, `7万5千4百`, `十几万`, `2e5`, `.5`.

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
const LONGEST: usize = 60;

/// The power of ten of a character; 兆 counts only between numerals, for it is a prefix of units as well.
fn power(piece: &Piece, i: usize) -> Option<i32> {
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

/// Sums up a numeral from its digits and powers.
#[derive(Default)]
struct Sum {
    /// What has been multiplied by 万, 亿 or 兆, with the power.
    parts: Vec<(i32, f64)>,
    /// What has been multiplied by 十, 百, 千 since.
    section: f64,
    /// The power of the last of those; 0 where there is none.
    small: i32,
    /// The digits that wait for their power, and how many they are in Chinese.
    waiting: Option<(f64, usize)>,
    /// The last power and whether a zero stood after it.
    last: i32,
    zero: bool,
    /// The first digits as written and the powers right after them, while there is nothing else.
    plain: Option<(String, i32)>,
}

impl Sum {
    fn number(&mut self, text: &str, value: f64, chinese: usize) {
        self.plain = (self.last == 0 && !self.zero && value != 0.0).then(|| (text.to_owned(), 0));
        self.waiting = Some((value, chinese));
    }

    /// Whether the power may follow, after which it has been taken in.
    fn power(&mut self, power: i32) -> bool {
        if power <= 3 {
            if self.small != 0 && power >= self.small {
                return false;
            }
            // 零十 is ten, as 十 is.
            let by = self.waiting.take().map_or(1.0, |(v, _)| if v == 0.0 { 1.0 } else { v });
            self.section += by * 10f64.powi(power);
            self.small = power;
        } else {
            let own = self.section + self.waiting.take().map_or(0.0, |(v, _)| v);
            let joins = |p: i32| p < power || own == 0.0 && p == power;
            if own != 0.0 && self.parts.last().is_some_and(|(p, _)| *p == power) {
                return false;
            }
            let mut all = own;
            while self.parts.last().is_some_and(|(p, _)| joins(*p)) {
                all += self.parts.pop().map_or(0.0, |(_, v)| v);
            }
            if all == 0.0 {
                return false;
            }
            self.parts.push((power, all * 10f64.powi(power)));
            (self.section, self.small) = (0.0, 0);
        }
        self.plain = self.plain.take().map(|(text, p)| (text, p + power));
        (self.last, self.zero) = (power, false);
        true
    }

    fn value(&self) -> f64 {
        if let Some((text, power)) = &self.plain
            && let Ok(value) = format!("{text}e{power}").parse()
        {
            return value;
        }
        let rest = match self.waiting {
            // 一万三 is 13,000, 一万零三 is not.
            Some((d, 1)) if self.last >= 2 && !self.zero => d * 10f64.powi(self.last - 1),
            Some((d, _)) => d,
            None => 0.0,
        };
        self.parts.iter().map(|(_, v)| v).sum::<f64>() + self.section + rest
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

/// Digits with their commas, decimals and exponent, as one plain number; where they end;
/// whether they have decimals.
fn figures(piece: &Piece, i: usize) -> Option<(String, usize, bool)> {
    let digits = |from: usize| piece.run(from, |c| c.is_ascii_digit());
    let whole = if piece.get(i) == Some('.') { i } else { digits(i) };
    let point =
        |at: usize| piece.get(at) == Some('.') && !piece.gap(at) && !piece.gap(at + 1) && digits(at + 1) > at + 1;
    let mut end = whole;
    if (1..=3).contains(&(end - i)) {
        let group = |at: usize, comma: &str| {
            piece.is_any(at, comma) && !piece.gap(at) && !piece.gap(at + 1) && digits(at + 1) == at + 4
        };
        // 82，225.00: a full-width comma counts where the number goes on after its thousands.
        let wide = |at: usize| group(at, "，") && (group(at + 4, ",") || point(at + 4));
        while group(end, ",") || wide(end) {
            end += 4;
        }
    }
    let chained = i > 1 && piece.get(i - 1) == Some('.') && piece.chars[i - 2].is_ascii_digit();
    let mut decimal = false;
    // 1.2.3 is a version.
    if point(end) && !chained && !point(digits(end + 1)) {
        decimal = true;
        end = digits(end + 1);
    }
    if end == i || end - i > LONGEST {
        return None;
    }
    let mut text: String = piece.chars[i..end].iter().filter(|c| !matches!(c, ',' | '，')).collect();
    if text.starts_with('.') {
        text.insert(0, '0');
    }
    if matches!(piece.get(end), Some('e' | 'E')) && !piece.gap(end) {
        let signed = end + 1 + usize::from(piece.is_any(end + 1, "+-"));
        let stop = digits(signed);
        let letter = piece.get(stop).is_some_and(|c| c.is_ascii_alphanumeric());
        if stop > signed && stop - signed <= 3 && !letter {
            let exponent: String = piece.chars[end + 1..stop].iter().filter(|c| **c != '+').collect();
            let value: f64 = format!("{text}e{exponent}").parse().ok().filter(|v: &f64| v.is_finite())?;
            return Some((format!("{value}"), stop, true));
        }
    }
    Some((text, end, decimal))
}

/// Takes in what stands after digits: `^5`, `k`, `M`.
fn finish(piece: &Piece, i: usize, mut out: Numeral, sum: &Sum) -> Numeral {
    if out.chinese || sum.waiting.is_none() {
        return out;
    }
    if piece.get(out.end) == Some('^') {
        let signs = piece.chars[out.end + 1..].iter().take(3).take_while(|c| matches!(c, '+' | '-')).count();
        let from = out.end + 1 + signs;
        let negative = piece.chars[out.end + 1..from].iter().filter(|c| **c == '-').count() % 2 == 1;
        if let Some(figure) = piece.figure(from).filter(|f| !f.chinese && f.width <= 3) {
            let power = figure.value as f64;
            let value = out.value.powf(if negative { -power } else { power });
            if value.is_finite() {
                return Numeral { value, end: figure.end, decimal: true, ..out };
            }
        }
    }
    let letter = piece.get(out.end + 1).is_some_and(|c| c.is_ascii_alphanumeric()) && !piece.gap(out.end + 1);
    let by = match piece.get(out.end) {
        Some('k' | 'K') if !letter => 1e3,
        Some('M') if !letter && (piece.gap(out.end) || i == 0 || !piece.chars[i - 1].is_ascii_alphanumeric()) => 1e6,
        _ => return out,
    };
    out.value *= by;
    out.end += 1;
    out
}

/// The decimals after 点, and the power after them.
fn decimals(piece: &Piece, out: Numeral) -> Numeral {
    let from = out.end + 1;
    if !out.chinese || piece.get(out.end) != Some('点') || out.most.is_some() {
        return out;
    }
    let end = piece.run(from, |c| chinese_digit(c).is_some() && c != '两');
    // 三点二十分 is a time.
    if end == from || end - from > 20 || piece.is_any(end, "十百千分刻钟") {
        return out;
    }
    let digits: String =
        piece.chars[from..end].iter().filter_map(|c| chinese_digit(*c)).map(|d| char::from(b'0' + d)).collect();
    let mut power_after = 0;
    let mut stop = end;
    while let Some(p) = power(piece, stop).filter(|p| *p >= 2) {
        power_after += p;
        stop += 1;
    }
    match format!("{}.{digits}e{power_after}", out.value).parse() {
        Ok(value) => Numeral { value, end: stop, positional: false, decimal: true, ..out },
        Err(_) => out,
    }
}

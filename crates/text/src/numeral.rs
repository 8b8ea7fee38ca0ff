//! Chinese numerals: 十二, 一千二百, 3.5万, 二〇二六.

use crate::number::{run, scan_digits};

/// The largest number of characters that is taken as one numeral.
const LONGEST: usize = 40;

/// The value of a Chinese digit, also in the forms of cheques.
pub(crate) const fn chinese_digit(c: char) -> Option<u8> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '贰' | '貳' | '两' | '兩' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The power of ten that a Chinese numeral multiplies by.
pub(crate) const fn chinese_power(c: char) -> Option<f64> {
    Some(match c {
        '十' | '拾' => 1e1,
        '百' | '佰' => 1e2,
        '千' | '仟' => 1e3,
        '万' | '萬' => 1e4,
        '亿' | '億' => 1e8,
        _ => return None,
    })
}

/// Whether a character is a digit or power of Chinese numerals.
pub(crate) const fn is_numeral(c: char) -> bool {
    chinese_digit(c).is_some() || chinese_power(c).is_some()
}

/// A Chinese numeral at `at`, which must begin with a digit or 十: its value and where it ends.
pub(crate) fn scan_chinese(chars: &[char], at: usize) -> Option<(f64, usize)> {
    let first = *chars.get(at)?;
    chinese_digit(first).map(|_| ()).or_else(|| matches!(first, '十' | '拾').then_some(()))?;
    let mut end = run(&chars[..chars.len().min(at + LONGEST)], at, is_numeral);
    if matches!(chars.get(end), Some('点' | '點')) {
        let decimals = run(&chars[..chars.len().min(at + LONGEST)], end + 1, |c| chinese_digit(c).is_some());
        if decimals > end + 1 {
            end = decimals;
        }
    }
    let numeral = &chars[at..end];
    // 三五 is from three to five, 十四五 a plan: digits stand side by side only in years.
    let beside = numeral.windows(2).any(|w| w.iter().all(|c| chinese_digit(*c).is_some_and(|d| d > 0)));
    let decimal = numeral.iter().any(|c| matches!(c, '点' | '點'));
    if beside && !decimal {
        return None;
    }
    Some((chinese(numeral)?, end))
}

/// Sums up a numeral part by part.
#[derive(Default)]
struct Sum {
    /// What stands before the last 亿.
    high: f64,
    /// What stands before the last 万.
    middle: f64,
    /// What stands after it.
    low: f64,
    /// The digits that wait for their power.
    digits: Option<f64>,
    /// The last power, for `一万二` = 12,000; `None` after 零.
    last: Option<f64>,
    /// How many digits `digits` has.
    count: usize,
}

impl Sum {
    fn power(&mut self, power: f64) -> Option<()> {
        let digits = self.digits.take();
        self.count = 0;
        match power {
            1e8 => {
                let below = self.middle + self.low + digits.unwrap_or(0.0);
                // 万亿: the 亿 multiplies all before it.
                let all = below + if below == 0.0 { self.high } else { 0.0 };
                if all == 0.0 {
                    return None;
                }
                self.high = if below == 0.0 { all * power } else { self.high + all * power };
                (self.middle, self.low) = (0.0, 0.0);
            }
            1e4 => {
                let below = self.low + digits.unwrap_or(0.0);
                if below == 0.0 || self.middle != 0.0 {
                    return None;
                }
                (self.middle, self.low) = (below * power, 0.0);
            }
            _ => {
                let digits = match digits {
                    // 十二, and 一万零百 for 一万零一百.
                    None if power == 1e1 => 1.0,
                    Some(0.0) => 1.0,
                    Some(d) if d > 0.0 => d,
                    _ => return None,
                };
                // 一百三千 is no number.
                if self.low != 0.0 && self.low % (power * 10.0) != 0.0 {
                    return None;
                }
                self.low += digits * power;
            }
        }
        self.last = Some(power);
        Some(())
    }

    fn value(self, in_figures: bool) -> f64 {
        let rest = match (self.digits, self.last) {
            (Some(d), Some(last)) if last >= 1e2 && self.count == 1 && !in_figures => d * last / 10.0,
            (Some(d), _) => d,
            (None, _) => 0.0,
        };
        self.high + self.middle + self.low + rest
    }
}

/// The value of a numeral in Chinese or mixed figures; `None` where it is none.
pub(crate) fn chinese(chars: &[char]) -> Option<f64> {
    let mut sum = Sum::default();
    let mut in_figures = false;
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        if let Some((value, end)) = scan_digits(chars, i) {
            if sum.digits.is_some() {
                return None;
            }
            sum.digits = Some(value);
            in_figures = true;
            i = end;
            continue;
        }
        if let Some(d) = chinese_digit(c) {
            if d == 0 && sum.digits.is_none() {
                sum.last = None;
            }
            sum.digits = Some(sum.digits.unwrap_or(0.0) * 10.0 + f64::from(d));
            sum.count += 1;
        } else if let Some(power) = chinese_power(c) {
            sum.power(power)?;
        } else if let ('廿' | '卅', None) = (c, sum.digits) {
            sum.digits = Some(if c == '廿' { 2.0 } else { 3.0 });
            sum.power(1e1)?;
        } else if matches!(c, '点' | '點') && i > 0 {
            let (fraction, end) = decimals(chars, i + 1)?;
            let whole = sum.digits.take().unwrap_or(0.0);
            sum.digits = Some(whole + fraction);
            sum.count = 2;
            i = end;
            continue;
        } else {
            return None;
        }
        i += 1;
    }
    (!chars.is_empty()).then(|| sum.value(in_figures)).filter(|v| v.is_finite())
}

/// The digits after 点 as a fraction, and where they end.
fn decimals(chars: &[char], from: usize) -> Option<(f64, usize)> {
    let digit = |c: char| chinese_digit(c).map(u32::from).or_else(|| c.to_digit(10));
    let end = run(chars, from, |c| digit(c).is_some());
    if end == from || end - from > LONGEST {
        return None;
    }
    let digits: String = chars[from..end].iter().filter_map(|c| digit(*c)).map(|d| d.to_string()).collect();
    Some((format!("0.{digits}").parse().ok()?, end))
}

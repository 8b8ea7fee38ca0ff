//! Adding up a numeral from its digits and powers.

/// Sums up a numeral from its digits and powers.
#[derive(Default)]
pub(super) struct Sum {
    /// What has been multiplied by 万, 亿 or 兆, with the power.
    parts: Vec<(i32, f64)>,
    /// What has been multiplied by 十, 百, 千 since.
    section: f64,
    /// The power of the last of those; 0 where there is none.
    pub(super) small: i32,
    /// The digits that wait for their power, and how many they are in Chinese.
    pub(super) waiting: Option<(f64, usize)>,
    /// The last power and whether a zero stood after it.
    pub(super) last: i32,
    pub(super) zero: bool,
    /// The first digits as written and the powers right after them, while there is nothing else.
    pub(super) plain: Option<(String, i32)>,
}

impl Sum {
    pub(super) fn number(&mut self, text: &str, value: f64, chinese: usize) {
        self.plain = (self.last == 0 && !self.zero && value != 0.0).then(|| (text.to_owned(), 0));
        self.waiting = Some((value, chinese));
    }

    /// Whether the power may follow, after which it has been taken in.
    pub(super) fn power(&mut self, power: i32) -> bool {
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

    pub(super) fn value(&self) -> f64 {
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

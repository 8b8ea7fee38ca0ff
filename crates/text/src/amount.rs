//! Amounts in running text: sums of money, ages, measured quantities.

use keqiao_catalog::Units;

use crate::comparator::{Before, Comparator, after, before};
use crate::numbers::{NumberKind, Read, magnitude, scan};
use crate::piece::{Piece, pieces};
use crate::unit::UnitReader;

mod everyday;
mod money;

/// What an amount is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AmountKind {
    /// A sum of money; the unit is the currency by its ISO 4217 code.
    Money,
    /// An age; the unit is 年, 月, 周 or 天.
    Age,
    /// Anything else with a unit, by its symbol in the unit table.
    Measure,
}

/// An amount that stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct AmountMention {
    /// Its first character; words like 约 and 不少于 stand before it.
    pub start: usize,
    /// One past its last character; words like 以上 stand after it.
    pub end: usize,
    /// The characters themselves.
    pub text: String,
    /// The amount, or the least it can be (`十几万元` is 100,000 to 200,000).
    pub from: f64,
    /// The most it can be; the same as `from` for one amount.
    pub to: f64,
    /// Its unit.
    pub unit: String,
    /// What it is of.
    pub kind: AmountKind,
    /// How it is meant.
    pub comparator: Comparator,
}

/// Reads amounts. Made once and used for many texts.
pub struct AmountReader<'a> {
    units: UnitReader<'a>,
}

/// An amount as found in a piece; places count the piece's characters.
#[derive(Debug, Clone, PartialEq)]
struct Amount {
    start: usize,
    end: usize,
    from: f64,
    to: f64,
    unit: String,
    kind: AmountKind,
}

impl<'a> AmountReader<'a> {
    /// With the units of a catalog.
    #[must_use]
    pub fn new(units: &'a Units) -> Self {
        Self { units: UnitReader::new(units) }
    }

    /// The amounts of a text in their order.
    #[must_use]
    pub fn read(&self, text: &str) -> Vec<AmountMention> {
        let mut found = Vec::new();
        let mut source = text.chars();
        let mut passed = 0;
        for piece in pieces(text) {
            for amount in self.amounts(&piece) {
                let (start, end) = (piece.at[amount.start], piece.at[amount.end - 1] + 1);
                let text = source.by_ref().skip(start - passed).take(end - start).collect();
                passed = end;
                let comparator = comparator(&piece, &amount);
                let Amount { from, to, unit, kind, .. } = amount;
                found.push(AmountMention { start, end, text, from, to, unit, kind, comparator });
            }
        }
        found
    }

    fn amounts(&self, piece: &Piece) -> Vec<Amount> {
        let mut reads: Vec<Read> = Vec::new();
        scan(piece, |read| reads.push(read));
        reads.extend(everyday::halves(piece));
        reads.sort_by_key(|r| r.start);
        let mut found: Vec<Amount> = Vec::new();
        for (i, read) in reads.iter().enumerate() {
            let floor = found.last().map_or(0, |a| a.end);
            if read.start < floor || read.kind != NumberKind::Cardinal {
                continue;
            }
            let one = self.one(piece, read, floor);
            let amount = self.range(piece, read, one.as_ref(), reads.get(i + 1)).or(one);
            found.extend(amount);
        }
        found
    }

    /// A number with its unit.
    fn one(&self, piece: &Piece, read: &Read, floor: usize) -> Option<Amount> {
        money::read(piece, read, floor)
            .or_else(|| everyday::age(piece, read))
            .or_else(|| everyday::temperature(piece, read, floor))
            .or_else(|| self.measure(piece, read))
    }

    fn measure(&self, piece: &Piece, read: &Read) -> Option<Amount> {
        let mut end = piece.skip(read.end, &["多", "余", "个"]);
        let mut to = read.most();
        if end > read.end && piece.chars[end - 1] != '个' {
            to = read.value + magnitude(read.value);
        }
        let found = everyday::unit(piece, read.end).or_else(|| {
            let again = || (end > read.end).then(|| self.units.read(&piece.chars, read.end)).flatten();
            let (unit, stop) = self.units.read(&piece.chars, end).or_else(again)?;
            Some((unit.to_owned(), stop))
        });
        let (unit, stop) = found?;
        let table = self.units.table().get(&unit);
        if everyday::is_no_unit(piece, read, &unit) || table.is_some_and(|u| u.dimension.starts_with("money")) {
            return None;
        }
        end = stop;
        let mut from = read.value;
        if let Some(stop) = piece.eat(end, "半") {
            (from, to, end) = (from + 0.5, to + 0.5, stop);
        }
        let start = everyday::below_zero(piece, read.start);
        if start < read.start {
            (from, to) = (-to, -from);
        }
        Some(Amount { start, end, from, to, unit, kind: AmountKind::Measure })
    }

    /// From one number to another with one unit: `2-3万港币`, `8500到3万元`. `low` is the
    /// first with a unit of its own, if it has one.
    fn range(&self, piece: &Piece, first: &Read, low: Option<&Amount>, next: Option<&Read>) -> Option<Amount> {
        let next = next?;
        let end = low.map_or(first.end, |a| a.end);
        let joint = piece.eat_any(piece.skip(end, &["(含)"]), &["--", "-", "~", "至", "到"])?;
        if joint != next.start {
            return None;
        }
        let high = self.one(piece, next, joint)?;
        let from = match low {
            Some(low) if low.unit != high.unit || low.kind != high.kind => return None,
            Some(low) => low.from,
            None => share_power(piece, first, next),
        };
        let start = low.map_or(first.start, |a| a.start);
        (from < high.to).then_some(Amount { start, from, ..high })
    }
}

/// The first number of a range with the power that stands only after the second: in
/// `2-3万` it is 20,000, in `8500-3万` it is itself.
fn share_power(piece: &Piece, first: &Read, second: &Read) -> f64 {
    let tail = |powers: &'static str| {
        let ends = (second.start..second.end).rev().map(|i| piece.chars[i]).take_while(move |c| powers.contains(*c));
        ends.map(|c| crate::numeral::chinese_power(c).unwrap_or(1e3)).product::<f64>()
    };
    let big = tail("万亿");
    let own = (first.start..first.end).any(|i| matches!(piece.chars[i], '万' | '亿' | 'k' | 'K'));
    let chinese = first.cardinal.is_some_and(|n| n.chinese);
    let shared = match first.value {
        _ if own => 1.0,
        v if big > 1.0 && (chinese || v < 1e3) => big,
        _ if big > 1.0 => 1.0,
        v if v < 10.0 => tail("百佰千仟kK"),
        v if v < 1e3 => tail("kK"),
        _ => 1.0,
    };
    let value = first.value * shared;
    if value <= second.value { value } else { first.value }
}

/// How an amount is meant, from the words beside it and from itself.
fn comparator(piece: &Piece, amount: &Amount) -> Comparator {
    let last = piece.skip(amount.end, &["(含)", "(含本数)"]);
    let behind = after(&piece.chars, last).map(|(c, _)| c);
    let limit = before(&piece.chars, amount.start).map(|(limit, _)| limit);
    match (limit, behind) {
        (Some(Before::Plain(c)), _) if c != Comparator::Equal => c,
        (_, Some(c)) => c,
        _ if amount.from < amount.to => Comparator::Range,
        _ if piece.behind(amount.start, 1) == Some('近') => Comparator::About,
        _ => Comparator::Equal,
    }
}

#[cfg(test)]
mod tests;

//! Unit symbols as they stand in texts.

use keqiao_catalog::{Symbol, Units};

use crate::fold::{is_cjk, narrow};

/// Symbols of one Han character, and what must not follow them: `3方面` is no volume.
const CONTINUED: &[(char, &str)] = &[
    ('方', "面案式向法位米厘毫公分千"),
    ('分', "之部支公子会店别析类"),
    ('天', "然线"),
    ('年', "级代"),
    ('度', "过假"),
    ('克', "服"),
    ('点', "击"),
    ('台', "阶湾"),
    ('吨', "公"),
    ('家', "庭用"),
];

/// Finds the symbols of a unit table in a text, the longest first.
pub(crate) struct UnitReader<'a> {
    units: &'a Units,
}

impl<'a> UnitReader<'a> {
    pub(crate) const fn new(units: &'a Units) -> Self {
        Self { units }
    }

    pub(crate) const fn table(&self) -> &'a Units {
        self.units
    }

    /// The symbol that begins at `at`, or after a space there, and where it ends: as the table
    /// writes it, else with other signs (`µ`, `m2`), else in another case where that is clear.
    pub(crate) fn read(&self, chars: &[char], at: usize) -> Option<(&'a str, usize)> {
        let from = at + chars[at.min(chars.len())..].iter().take(2).take_while(|c| **c == ' ').count();
        let first = *chars.get(from)?;
        if first.is_whitespace() || (first.is_ascii_punctuation() && !matches!(first, '%' | '"' | '\'')) {
            return None;
        }
        if let Some(found) = self.as_written(chars, from) {
            return Some(found).filter(|(symbol, end)| !self.goes_on(chars, symbol, *end));
        }
        // Only letters have cases and only signs have likes; all others are found as they stand.
        if is_cjk(first) || !(first.is_alphabetic() || matches!(first, '°' | 'º' | '˚' | '″' | '′')) {
            return None;
        }
        // One letter has a case that matters: 5G is no mass, 3D no time.
        let long = |found: &(&str, usize)| found.1 > from + 1;
        self.spelt(chars, from, plain).or_else(|| self.spelt(chars, from, caseless).filter(long))
    }

    /// Whether a unit ends in so many of another: `g/10min`, but not `100V/220V`.
    fn goes_on(&self, chars: &[char], symbol: &str, end: usize) -> bool {
        let figures = chars[end..].iter().skip(1).take_while(|c| c.is_ascii_digit()).count();
        let dimension = |symbol: &str| self.units.get(symbol).map(|u| &u.dimension);
        chars.get(end) == Some(&'/')
            && figures > 0
            && self.as_written(chars, end + 1 + figures).is_some_and(|(of, _)| dimension(of) != dimension(symbol))
    }

    /// The end of the symbol at `from` behind which a stroke stands: the `毫克` of `毫克/样`.
    pub(crate) fn before_stroke(&self, chars: &[char], from: usize) -> Option<usize> {
        let most = self.units.longest_symbol().min(chars.len() - from);
        let length =
            chars[from..from + most + usize::from(from + most < chars.len())].iter().position(|c| *c == '/')?;
        let symbol: String = chars[from..from + length].iter().collect();
        self.units.by_symbol.contains_key(&symbol).then_some(from + length)
    }

    /// The symbol at `from` as the table writes it.
    pub(crate) fn as_written(&self, chars: &[char], from: usize) -> Option<(&'a str, usize)> {
        let rest = &chars[from..];
        let symbols = self.units.beginning_with(*rest.first()?);
        let stands = |s: &&Symbol| rest.starts_with(&s.chars) && ends_here(chars, from + s.chars.len());
        symbols.iter().find(stands).map(|s| (&*s.text, from + s.chars.len()))
    }

    /// The longest symbol under a spelling, unless that spelling is shared by different units.
    fn spelt(&self, chars: &[char], from: usize, spelling: fn(char) -> char) -> Option<(&'a str, usize)> {
        let mut best: Option<(Option<&'a str>, usize)> = None;
        for (symbol, unit) in &self.units.by_symbol {
            let mut end = from;
            let fits = symbol.chars().all(|s| {
                end += 1;
                chars.get(end - 1).is_some_and(|c| spelling(*c) == spelling(s))
            });
            if !fits || !ends_here(chars, end) || best.is_some_and(|(_, longest)| end < longest) {
                continue;
            }
            best = match best {
                Some((known, longest)) if longest == end => {
                    let same = known.and_then(|k| self.units.get(k)).is_some_and(|k| *k == **unit);
                    // The smaller spelling, so that the choice does not depend on the table's order.
                    Some((known.filter(|_| same).map(|k| k.min(symbol.as_str())), end))
                }
                _ => Some((Some(symbol), end)),
            };
        }
        best.and_then(|(symbol, end)| Some((symbol?, end)))
    }
}

/// A sign in the one spelling of its likes.
fn plain(c: char) -> char {
    match narrow(c) {
        '²' => '2',
        '³' => '3',
        '⋅' | '•' | '∙' => '·',
        c => c,
    }
}

fn caseless(c: char) -> char {
    let c = plain(c);
    c.to_lowercase().next().unwrap_or(c)
}

/// Whether a symbol can end before `end`: not inside a word of letters, and not
/// before a stroke that goes on to another unit (`元/吨` is no `元`).
fn ends_here(chars: &[char], end: usize) -> bool {
    let Some(&next) = chars.get(end) else {
        return true;
    };
    let after = chars.get(end + 1);
    let last = end.checked_sub(1).map(|i| chars[i]);
    match next {
        '/' | '·' => !after.is_some_and(|c| c.is_alphabetic() || *c == '('),
        '-' | '_' => !after.is_some_and(char::is_ascii_alphabetic),
        '²' | '³' | '⁻' => false,
        _ if is_cjk(next) => !CONTINUED.iter().any(|(c, follow)| last == Some(*c) && follow.contains(next)),
        // 12°Brix, 0.1%FS/℃ are units of their own.
        _ if next.is_ascii_alphabetic() && last == Some('°') => false,
        'F' if last == Some('%') && after == Some(&'S') => false,
        '½' => false,
        _ if next.is_alphanumeric() => last.is_none_or(|c| !c.is_alphanumeric() || is_cjk(c)),
        _ => true,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use keqiao_catalog::Unit;
    use std::sync::Arc;

    /// A small table: symbols of one unit, its dimension, factor and offset.
    pub(crate) fn table() -> Units {
        let rows: &[(&[&str], &str, f64, f64)] = &[
            (&["℃", "°C", "摄氏度", "度"], "temperature", 1.0, 273.15),
            (&["%", "百分比"], "share", 0.01, 0.0),
            (&["mΩ"], "resistance", 1e-3, 0.0),
            (&["Ω", "欧姆"], "resistance", 1.0, 0.0),
            (&["MΩ"], "resistance", 1e6, 0.0),
            (&["V", "伏"], "voltage", 1.0, 0.0),
            (&["mA"], "current", 1e-3, 0.0),
            (&["A", "安"], "current", 1.0, 0.0),
            (&["kW", "千瓦"], "power", 1e3, 0.0),
            (&["元"], "money-cny", 1.0, 0.0),
            (&["万元"], "money-cny", 1e4, 0.0),
            (&["吨", "t"], "mass", 1e3, 0.0),
            (&["Pa"], "pressure", 1.0, 0.0),
            (&["英寸", "寸"], "length", 0.0254, 0.0),
            (&["mm", "毫米"], "length", 1e-3, 0.0),
            (&["µm", "微米"], "length", 1e-6, 0.0),
            (&["m²", "平方米"], "area", 1.0, 0.0),
            (&["m"], "length", 1.0, 0.0),
            (&["年"], "time", 31_557_600.0, 0.0),
            (&["个月"], "time", 2_629_800.0, 0.0),
            (&["月"], "time", 2_629_800.0, 0.0),
            (&["天", "日"], "time", 86_400.0, 0.0),
            (&["GHz"], "frequency", 1e9, 0.0),
            (&["个", "台", "家"], "count", 1.0, 0.0),
        ];
        let mut units = Units::default();
        for (symbols, dimension, factor, offset) in rows {
            let unit = Arc::new(Unit {
                symbol: symbols[0].to_owned(),
                dimension: (*dimension).to_owned(),
                factor: *factor,
                offset: *offset,
            });
            for symbol in *symbols {
                units.by_symbol.insert((*symbol).to_owned(), Arc::clone(&unit));
            }
        }
        units
    }

    #[test]
    fn the_longest_symbol_wins_and_case_matters_where_it_can() {
        let units = table();
        let reader = UnitReader::new(&units);
        let read = |s: &str| reader.read(&s.chars().collect::<Vec<_>>(), 0);
        assert_eq!(read("mm,"), Some(("mm", 2)));
        assert_eq!(read("万元整"), Some(("万元", 2)));
        assert_eq!(read("MΩ"), Some(("MΩ", 2)));
        assert_eq!(read("mω"), None);
        assert_eq!(read("ghz"), Some(("GHz", 3)));
        assert_eq!(read(" kw"), Some(("kW", 3)));
        assert_eq!(read("μm"), Some(("µm", 2)));
        assert_eq!(read("m2"), Some(("m²", 2)));
        assert_eq!(read("元/吨"), None);
        assert_eq!(read("Vpp"), None);
        assert_eq!(read("v"), None);
        assert_eq!(read("天然气"), None);
        assert_eq!(read("V供电"), Some(("V", 1)));
    }
}

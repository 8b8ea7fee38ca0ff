//! Which names of one article name the same.

use std::collections::{HashMap, HashSet};

use crate::lexicon::Lexicon;
use crate::model::EntityKind;

/// An entity in the making.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) kind: EntityKind,
    /// Its names, the fullest first.
    pub(crate) names: Vec<String>,
}

/// The entities of an article.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    pub(crate) list: Vec<Known>,
    /// Those that are companies though their names do not say so.
    pub(crate) companies: HashSet<usize>,
    by_name: HashMap<String, usize>,
}

/// Where the article is at home: region names from the nearest up.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) county: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) province: Option<String>,
}

impl Home {
    /// The region that a bare `市`, `省`, `县`, `区` means.
    fn of(&self, level: char) -> Option<&String> {
        match level {
            '省' => self.province.as_ref(),
            '市' | '州' => self.city.as_ref(),
            '县' | '区' => self.county.as_ref(),
            _ => None,
        }
    }

    /// A name that begins with a bare level, with the region before it: `市委` → `无锡市委`.
    pub(crate) fn widen(&self, name: &str) -> Option<String> {
        let first = name.chars().next()?;
        let region = self.of(first)?;
        let fits = region.ends_with(first) || (first == '州' && region.ends_with("自治州"));
        (fits && name.chars().nth(1).is_some()).then(|| format!("{region}{}", &name[first.len_utf8()..]))
    }
}

impl Entities {
    /// The entity that has a name.
    pub(crate) fn get(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Adds a name of an entity.
    pub(crate) fn alias(&mut self, entity: usize, name: &str) {
        if self.by_name.contains_key(name) {
            return;
        }
        self.by_name.insert(name.to_owned(), entity);
        self.list[entity].names.push(name.to_owned());
    }

    /// The entity of exactly this name, made where there is none.
    pub(crate) fn exact(&mut self, name: &str, kind: EntityKind) -> usize {
        if let Some(&known) = self.by_name.get(name) {
            return known;
        }
        self.list.push(Known { kind, names: vec![name.to_owned()] });
        self.by_name.insert(name.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }

    /// The organisation that a name means: one already known by it or of which it is short, or a new one.
    pub(crate) fn organization(&mut self, name: &str, kind: EntityKind, home: &Home, lexicon: &Lexicon) -> usize {
        if let Some(&known) = self.by_name.get(name) {
            return known;
        }
        // 无锡市政府 and 无锡市人民政府.
        let other = match name.strip_suffix("人民政府") {
            Some(region) => Some(format!("{region}政府")),
            None => name.strip_suffix("政府").map(|region| format!("{region}人民政府")),
        };
        if let Some(known) = other.and_then(|o| self.by_name.get(&o).copied()) {
            self.alias(known, name);
            return known;
        }
        let wide = home.widen(name).or_else(|| widen_region(name, lexicon));
        let by_wide = wide.as_ref().and_then(|w| self.by_name.get(w).copied());
        if let Some(known) = by_wide.or_else(|| self.long_form(name, lexicon)) {
            self.alias(known, name);
            return known;
        }
        let made = self.exact(wide.as_deref().unwrap_or(name), kind);
        self.alias(made, name);
        made
    }

    /// The one organisation of which `short` is a short name.
    fn long_form(&self, short: &str, lexicon: &Lexicon) -> Option<usize> {
        let mut found = None;
        for (i, known) in self.list.iter().enumerate() {
            let body = matches!(known.kind, EntityKind::Organization | EntityKind::Platform);
            if body && known.names.iter().any(|long| is_short_for(short, long, lexicon)) {
                if found.is_some() {
                    return None;
                }
                found = Some(i);
            }
        }
        found
    }
}

/// `无锡高新区管委会` and `无锡市高新区管委会`: the short name of a region in front is as good as the full one.
fn widen_region(name: &str, lexicon: &Lexicon) -> Option<String> {
    let chars: Vec<char> = name.chars().collect();
    let cut =
        (2..chars.len().min(6)).find(|&k| lexicon.regions.contains_key(&chars[..k].iter().collect::<String>()))?;
    let head: String = chars[..cut].iter().collect();
    let body = ["委", "政府", "人民政府", "科协", "人大常委会", "政协"];
    let rest: String = chars[cut..].iter().collect();
    let region = lexicon.region(&head)?;
    (body.contains(&rest.as_str()) && region.name != head).then(|| format!("{}{rest}", region.name))
}

/// Whether `short` is a short name of `long`.
pub(crate) fn is_short_for(short: &str, long: &str, lexicon: &Lexicon) -> bool {
    // Most pairs have nothing to do with each other: seen at the first character, before numbers are spelled out.
    let first = short.chars().next().unwrap_or('第');
    if !is_numeral(first) && !matches!(first, '第' | '“') && !long.contains(first) {
        return false;
    }
    let (s, l): (Vec<char>, Vec<char>) = (spelled(short), spelled(long));
    if ["市委市政府", "省委省政府", "县委县政府", "区委区政府"].iter().any(|both| long.ends_with(both))
    {
        return false;
    }
    if s.len() >= l.len() || s.len() < 2 {
        return s == l && short != long;
    }
    // 市老科协 is another body than 市科协.
    let tail = s.iter().rev().zip(l.iter().rev()).take_while(|(a, b)| a == b).count();
    if tail > 0 && l.len() > tail && l[l.len() - tail - 1] == '老' {
        return false;
    }
    if is_variant(&s, &l) {
        return true;
    }
    let numbered = is_numeral(s[0]) || s[0] == '第';
    if l.ends_with(&s) {
        return s.len() >= 4 || numbered || matches!(s[0], '市' | '省' | '县' | '区' | '州');
    }
    // 北理工 for 北京理工大学.
    let stem = l.len().saturating_sub(2);
    if long.ends_with("大学")
        && s[0] == l[0]
        && (3..=5).contains(&s.len())
        && s.len() + 1 >= stem
        && subsequence(&s, &l[..stem])
    {
        return true;
    }
    if is_brand(short, long, lexicon) {
        return true;
    }
    let common = s.iter().rev().zip(l.iter().rev()).take_while(|(a, b)| a == b).count();
    let (head, long_head) = (&s[..s.len() - common], &l[..l.len() - common]);
    let company = short.ends_with("公司") && long.ends_with("公司");
    if company && head.len() >= 2 {
        return contains(long_head, head) || cut_brand(&s[..s.len() - 2], &l);
    }
    if placed(short, lexicon) && !head.iter().all(|c| !is_numeral(*c)) {
        return false;
    }
    let full = placed(short, lexicon) && common <= 2;
    !full && common >= 2 && head.len() >= 2 && subsequence(head, long_head) && initial(head, long_head)
}

/// A cut or misspelt name: all but the last character, or one character of the middle, is missing.
fn is_variant(s: &[char], l: &[char]) -> bool {
    if s.len() < 5 || l.len() != s.len() + 1 {
        return false;
    }
    let same = s.iter().zip(l).take_while(|(a, b)| a == b).count();
    same >= 3 && s[same..] == l[same + 1..] && !"新总分子女青".contains(l[same])
}

/// 澜舟重工 for 浙江澜舟重工股份有限公司: the beginning of a company's name behind its region.
fn is_brand(short: &str, long: &str, lexicon: &Lexicon) -> bool {
    if !["公司", "集团", "股份"].iter().any(|end| long.ends_with(end)) || short.chars().count() < 2 {
        return false;
    }
    let chars: Vec<char> = long.chars().collect();
    let place =
        (2..chars.len().min(7)).rev().find(|&k| lexicon.regions.contains_key(&chars[..k].iter().collect::<String>()));
    let rest: String = chars[place.unwrap_or(0)..].iter().collect();
    let word = lexicon.is_common(short);
    let begins =
        rest.starts_with(short) || (long.starts_with(short) && short.chars().count() >= place.unwrap_or(0) + 2);
    begins && !word && !lexicon.regions.contains_key(short)
}

fn cut_brand(brand: &[char], long: &[char]) -> bool {
    brand.len() >= 3 && contains(long, brand)
}

fn placed(name: &str, lexicon: &Lexicon) -> bool {
    let chars: Vec<char> = name.chars().take(6).collect();
    (2..=chars.len()).any(|k| lexicon.regions.contains_key(&chars[..k].iter().collect::<String>()))
}

/// The characters of a name, with numbers in one spelling and without signs.
fn spelled(name: &str) -> Vec<char> {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let chars: Vec<char> = name.chars().filter(|c| !matches!(c, '第' | '“' | '”' | ' ' | '·')).collect();
    let mut out = Vec::with_capacity(chars.len());
    let mut i = 0;
    while i < chars.len() {
        let run = chars[i..].iter().take_while(|c| c.is_ascii_digit()).count();
        let digit = |k: usize| DIGITS[chars[i + k].to_digit(10).unwrap_or(0) as usize];
        match run {
            0 => out.push(if chars[i] == '〇' { '零' } else { chars[i] }),
            1 => out.push(digit(0)),
            2 => {
                if chars[i] != '1' {
                    out.push(digit(0));
                }
                out.push('十');
                if chars[i + 1] != '0' {
                    out.push(digit(1));
                }
            }
            _ => out.extend((0..run).map(digit)),
        }
        i += run.max(1);
    }
    out
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

fn contains(long: &[char], short: &[char]) -> bool {
    long.windows(short.len()).any(|w| w == short)
}

fn subsequence(short: &[char], long: &[char]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|c| rest.any(|x| x == c))
}

/// Whether a short name begins as the long one does, but for 中国 or a region before it.
fn initial(short: &[char], long: &[char]) -> bool {
    long.iter().take(6).any(|c| c == &short[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_known_for_what_they_are() {
        let lexicon = Lexicon::new(&keqiao_catalog::builtin().unwrap());
        let yes = [
            ("北理工", "北京理工大学"),
            ("航天二院二十三所", "中国航天科工集团第二研究院二十三所"),
            ("二十三所", "航天二院二十三所"),
            ("2所", "二所"),
            ("中国电科58所", "中国电科第五十八所"),
            ("北理工集成电路与电子学院", "北京理工大学集成电路与电子学院"),
            ("集成电路与电子学院", "北京理工大学集成电路与电子学院"),
            ("智芯公司", "北京智芯微电子科技公司"),
            ("资阳市中医院", "资阳市中医医院"),
            ("市政府", "无锡市政府"),
            ("集成电路与电子学", "集成电路与电子学院"),
        ];
        for (short, long) in yes {
            assert!(is_short_for(short, long, &lexicon), "{short} {long}");
        }
        for (short, long) in [
            ("南京大学", "南京理工大学"),
            ("四川大学", "四川农业大学"),
            ("甲公司", "乙甲乙公司"),
            ("化学学院", "物理学院"),
            ("江海市科协", "江海市老科协"),
        ] {
            assert!(!is_short_for(short, long, &lexicon), "{short} {long}");
        }
    }

    #[test]
    fn bare_levels_take_the_home_of_the_article() {
        let home = Home { city: Some("无锡市".into()), province: Some("江苏省".into()), county: None };
        assert_eq!(home.widen("市委").as_deref(), Some("无锡市委"));
        assert_eq!(home.widen("省科协").as_deref(), Some("江苏省科协"));
        assert_eq!(home.widen("区委"), None);
    }
}

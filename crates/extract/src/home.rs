//! Where an article is at home: the region that most of its places lie in.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use keqiao_catalog::Taxonomy;

use crate::lexicon::Lexicon;
use crate::passage::Passage;
use crate::resolve::Home;
use crate::tokens::Word;

/// How often each region is named in a text. The bare name of a district (松江, 北辰) is as often a word in the name of a
/// body from elsewhere: it counts where its province is named otherwise.
pub(crate) fn count(
    passage: &Passage<'_>,
    lexicon: &Lexicon,
    persons: &[Range<usize>],
    counts: &mut HashMap<String, usize>,
) {
    let own = |at: usize| persons.iter().any(|p| p.contains(&at));
    let mut bare: Vec<&str> = Vec::new();
    let mut provinces: HashSet<&str> = HashSet::new();
    for token in passage.tokens.list.iter().filter(|t| t.word == Word::Place && !own(t.chars.start)) {
        let text = passage.text(token.chars.clone());
        let Some(region) = lexicon.region(&text) else { continue };
        if region.name != text && region.name.ends_with('区') && !region.code.ends_with("00") {
            bare.push(&region.code);
            continue;
        }
        provinces.extend(region.code.get(..2));
        *counts.entry(region.code.clone()).or_default() += 1;
    }
    for code in bare.into_iter().filter(|code| code.get(..2).is_some_and(|head| provinces.contains(head))) {
        *counts.entry(code.to_owned()).or_default() += 1;
    }
}

/// What stands behind a region where its own bodies are named: 某市委, 某县人民政府.
const BODIES: [&str; 9] = ["委", "政府", "人民政府", "人大", "政协", "科协", "老科协", "科技局", "工信局"];

impl Home {
    /// The home with the seats that only the page itself knows: the owner of a site, a city whose own bodies are named.
    pub(crate) fn with_seats(mut self, passage: &Passage<'_>, owner: Option<&str>) -> Self {
        let of_site = owner.and_then(|o| o.strip_suffix("人民政府"));
        if let Some(region) = of_site {
            let level = match region.chars().last() {
                Some('县' | '区' | '旗') => &mut self.county,
                Some('市' | '州') => &mut self.city,
                _ => return self,
            };
            level.get_or_insert_with(|| region.to_owned());
        }
        if self.city.is_none() {
            self.city = seat(passage, '市');
        }
        self
    }
}

/// The region of a level whose own bodies are named most.
fn seat(passage: &Passage<'_>, level: char) -> Option<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for i in (2..passage.chars.len()).filter(|&i| passage.chars[i] == level) {
        if !BODIES.iter().any(|b| passage.starts(i + 1, b)) {
            continue;
        }
        let mut start = i;
        while let Some(token) = start.checked_sub(1).and_then(|k| passage.tokens.get(k)) {
            if token.word != Word::Inner || i - token.chars.start > 4 {
                break;
            }
            start = token.chars.start;
        }
        if (2..=4).contains(&(i - start)) {
            *counts.entry(passage.text(start..i + 1)).or_default() += 1;
        }
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(name, _)| name)
}

/// The home of an article by the regions it names, and where it names none of a level, by those of the page.
pub(crate) fn home(own: &HashMap<String, usize>, page: &HashMap<String, usize>, regions: &Taxonomy) -> Home {
    let province = most(own, 2).or_else(|| most(page, 2));
    let within = |counts: &HashMap<String, usize>, digits: usize, above: &str| {
        let inside = counts.iter().filter(|(code, _)| code.starts_with(above)).map(|(c, n)| (c.clone(), *n)).collect();
        most(&inside, digits)
    };
    let Some(province) = province else { return Home::default() };
    let city = within(own, 4, &province).or_else(|| within(page, 4, &province));
    let county = city.as_ref().and_then(|c| within(own, 6, c));
    let name = |code: String| regions.get(&code).map(|n| n.name.zh.clone());
    let municipality = matches!(province.as_str(), "11" | "12" | "31" | "50");
    let province_name = name(format!("{province}0000"));
    let city_name = if municipality { province_name.clone() } else { city.and_then(|c| name(format!("{c}00"))) };
    Home { county: county.and_then(name), city: city_name, province: province_name }
}

/// The code of so many digits under which most is named; codes that stop above do not count.
fn most(counts: &HashMap<String, usize>, digits: usize) -> Option<String> {
    let mut sums: HashMap<&str, usize> = HashMap::new();
    for (code, n) in counts {
        let head = code.get(..digits)?;
        let deep = digits == 2 || !head.ends_with("00");
        if deep {
            *sums.entry(head).or_default() += n;
        }
    }
    sums.into_iter().max_by_key(|(code, n)| (*n, std::cmp::Reverse(*code))).map(|(code, _)| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_places_decide() {
        let catalog = keqiao_catalog::builtin().unwrap();
        let regions = catalog.taxonomy("region").unwrap();
        let counts: HashMap<String, usize> =
            [("320200", 3), ("320213", 1), ("310000", 2)].map(|(c, n)| (c.to_owned(), n)).into();
        let home = home(&counts, &HashMap::new(), regions);
        assert_eq!(home.city.as_deref(), Some("无锡市"));
        assert_eq!(home.province.as_deref(), Some("江苏省"));
        assert_eq!(home.county.as_deref(), Some("梁溪区"));
    }
}

//! Where an article is at home: the region that most of its places lie in.

use std::collections::HashMap;

use keqiao_catalog::Taxonomy;

use crate::lexicon::Lexicon;
use crate::passage::Passage;
use crate::resolve::Home;
use crate::tokens::Word;

/// How often each region is named in a text.
pub(crate) fn count(passage: &Passage<'_>, lexicon: &Lexicon, counts: &mut HashMap<String, usize>) {
    for token in passage.tokens.list.iter().filter(|t| t.word == Word::Place) {
        if let Some(region) = lexicon.region(&passage.text(token.chars.clone())) {
            *counts.entry(region.code.clone()).or_default() += 1;
        }
    }
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

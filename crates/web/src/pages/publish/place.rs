//! Regions and industries in a text field: shown by their names, read back from names or codes.

use keqiao_catalog::{Catalog, Taxonomy, region_short_names};

use crate::locale::Locale;

/// The whole line of names of a code: `江苏省 · 无锡市 · 梁溪区`, `Liangxi, Wuxi, Jiangsu`.
pub(crate) fn label(catalog: &Catalog, locale: Locale, taxonomy: &str, code: &str) -> String {
    let line = catalog.taxonomy(taxonomy).map(|t| line(t, locale, code)).unwrap_or_default();
    if line.is_empty() { code.to_owned() } else { line }
}

fn line(taxonomy: &Taxonomy, locale: Locale, code: &str) -> String {
    let mut names: Vec<&str> = taxonomy.ancestry(code).iter().map(|n| n.name.get(locale.as_str())).collect();
    if locale == Locale::En {
        return names.join(", ");
    }
    names.reverse();
    names.join(" · ")
}

/// What two ways of writing the same line have in common.
fn key(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '·').flat_map(char::to_lowercase).collect()
}

/// The code that a text means: a code, the line of names as [`label`] shows it, the end of such a
/// line (`无锡市梁溪区`), or the short name of a region (`无锡`). Of several the one highest up.
pub(crate) fn find(catalog: &Catalog, taxonomy: &str, text: &str) -> Option<String> {
    let known = catalog.taxonomy(taxonomy)?;
    let first = text.split_whitespace().next()?;
    if known.get(first).is_some() {
        return Some(first.to_owned());
    }
    let wanted = key(text);
    let fits =
        |code: &str, name: &str| wanted.ends_with(&key(name)) && key(&line(known, Locale::Zh, code)).ends_with(&wanted);
    let english = |code: &str, name: &str| {
        key(name) == wanted || wanted.starts_with(&key(name)) && key(&line(known, Locale::En, code)) == wanted
    };
    let found = known.nodes.iter().filter(|n| fits(&n.code, &n.name.zh) || english(&n.code, &n.name.en));
    let short = || (taxonomy == "region").then(|| region_short_names(known).get(text.trim()).cloned()).flatten();
    found.min_by_key(|n| n.depth).map(|n| n.code.clone()).or_else(short)
}

/// What the browser offers while one writes: the lines of the upper two levels.
pub(crate) fn offered(catalog: &Catalog, locale: Locale, taxonomy: &str) -> Vec<String> {
    let Some(known) = catalog.taxonomy(taxonomy) else { return Vec::new() };
    known.nodes.iter().filter(|n| n.depth < 2).map(|n| line(known, locale, &n.code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_what_is_shown_of_it() {
        let catalog = keqiao_catalog::builtin().unwrap();
        for taxonomy in ["region", "industry"] {
            for node in catalog.taxonomy(taxonomy).unwrap().nodes.iter().step_by(41) {
                for locale in Locale::ALL {
                    let shown = label(&catalog, locale, taxonomy, &node.code);
                    let found = find(&catalog, taxonomy, &shown).unwrap();
                    assert_eq!(label(&catalog, locale, taxonomy, &found), shown, "{}", node.code);
                }
            }
        }
    }

    #[test]
    fn people_write_places_in_many_ways() {
        let catalog = keqiao_catalog::builtin().unwrap();
        for text in ["320200", "无锡市", "江苏省无锡市", "江苏省 · 无锡市", "无锡", "Wuxi, Jiangsu", " 无锡市 "]
        {
            assert_eq!(find(&catalog, "region", text).as_deref(), Some("320200"), "{text}");
        }
        assert_eq!(find(&catalog, "region", "亚特兰蒂斯"), None);
        assert_eq!(find(&catalog, "region", " "), None);
    }
}

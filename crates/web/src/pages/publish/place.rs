//! Regions and industries in a text field: shown by their names.

use keqiao_app::code_named;
use keqiao_catalog::{Catalog, Taxonomy};

use crate::locale::Locale;

/// The whole line of names of a code: `江苏省 · 无锡市 · 梁溪区`, `Liangxi, Wuxi, Jiangsu`; the code
/// before it where the names alone would be read as another's (`622901 Linxia, Linxia, Gansu`).
pub(crate) fn label(catalog: &Catalog, locale: Locale, taxonomy: &str, code: &str) -> String {
    let line = catalog.taxonomy(taxonomy).map(|t| line(t, locale, code)).unwrap_or_default();
    match code_named(catalog, taxonomy, &line) {
        Ok(found) if found == code => line,
        _ => format!("{code} {line}").trim_end().to_owned(),
    }
}

fn line(taxonomy: &Taxonomy, locale: Locale, code: &str) -> String {
    let mut names: Vec<&str> = taxonomy.ancestry(code).iter().map(|n| n.name.get(locale.as_str())).collect();
    if locale == Locale::En {
        return names.join(", ");
    }
    names.reverse();
    names.join(" · ")
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
                    assert_eq!(code_named(&catalog, taxonomy, &shown).as_ref(), Ok(&node.code), "{shown}");
                }
            }
        }
    }
}

//! `deeds.toml`: what is done within a time, and the property that the time is.

use super::row::Row;
use crate::model::{Catalog, Deed, Property};

/// What the property of a deed measures.
const DIMENSION: &str = "time";

pub(crate) fn read(catalog: &mut Catalog, root: Row<'_, '_>) {
    for row in root.rows("deed") {
        let (words, property) = (row.texts("words"), row.text("property"));
        if words.is_empty() {
            row.fault(row.at(), "a deed without words", "write the words for it");
        }
        for (_, at) in words.iter().filter(|(word, _)| word.trim().is_empty()) {
            row.fault(*at, "an empty word", "write the word as texts have it, or remove it");
        }
        row.close();
        let Some((property, at)) = property else { continue };
        let unit = |p: &Property| p.unit.as_deref().and_then(|u| catalog.units.get(u)).map(|u| u.dimension.clone());
        match catalog.properties.get(&property).map(unit) {
            None => {
                root.fault(at, format!("unknown property \"{property}\""), "write the id of one of properties.toml")
            }
            Some(Some(dimension)) if dimension == DIMENSION => {}
            Some(_) => {
                let reason = format!("the property \"{property}\" is no time");
                root.fault(at, reason, "write the id of a property whose unit measures time");
            }
        }
        catalog.deeds.push(Deed { words: words.into_iter().map(|(word, _)| word).collect(), property });
    }
    root.close();
}

//! `areas.toml`: areas that are several regions, each with the names by which texts call it.

use std::collections::HashMap;

use super::report::Report;
use super::row::Row;
use crate::model::{Area, Catalog};

pub(crate) fn read(catalog: &mut Catalog, report: &Report<'_>, root: Row<'_, '_>) {
    let mut seen = HashMap::new();
    for row in root.rows("area") {
        let (names, codes) = (row.texts("names"), row.texts("regions"));
        if names.is_empty() || codes.is_empty() {
            row.fault(row.at(), "an area without names or regions", "write both");
        }
        for (name, at) in &names {
            if name.trim().is_empty() {
                row.fault(*at, "an empty name", "write the name as texts have it, or remove it");
            } else if let Some(first) = seen.get(name) {
                let mend = format!("remove it here or at {}", report.words(*first));
                row.fault(*at, format!("the area \"{name}\" stands twice"), mend);
            } else {
                seen.insert(name.clone(), *at);
            }
        }
        let regions = catalog.taxonomy("region");
        for (code, at) in codes.iter().filter(|(code, _)| regions.is_none_or(|r| r.get(code).is_none())) {
            row.fault(*at, format!("unknown region \"{code}\""), "write a code of taxonomies/region.toml");
        }
        row.close();
        let text = |placed: (String, _)| placed.0;
        catalog.areas.push(Area {
            names: names.into_iter().map(text).collect(),
            regions: codes.into_iter().map(text).collect(),
        });
    }
    root.close();
}

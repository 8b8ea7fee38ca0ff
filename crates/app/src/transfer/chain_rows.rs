//! The map of a chain as a spreadsheet.

use keqiao_catalog::Catalog;

use super::sheet::csv_bytes;
use crate::chain_map::ChainMap;

/// Stages and links with their needs and offers, as CSV with a byte order mark. `say` gives the words
/// of a key, `locale` (`zh`, `en`) the language of the names.
pub fn chain_sheet(catalog: &Catalog, map: &ChainMap, locale: &str, say: &dyn Fn(&str) -> String) -> Vec<u8> {
    const COLUMNS: [&str; 5] = ["stage", "link", "needs", "offers", "gap"];
    let mut rows = vec![COLUMNS.map(|c| say(&format!("sheet-{c}"))).to_vec()];
    let name = |code: &str| {
        let node = catalog.taxonomy(&map.chain).and_then(|t| t.get(code));
        node.map_or(code, |n| n.name.get(locale)).to_owned()
    };
    let mut stage = String::new();
    for link in &map.links {
        if link.stage {
            stage = name(&link.code);
        }
        rows.push(vec![
            stage.clone(),
            if link.stage { String::new() } else { name(&link.code) },
            link.count.needs.to_string(),
            link.count.offers.to_string(),
            if link.count.is_gap() && !link.stage { say("chain-gap") } else { String::new() },
        ]);
    }
    csv_bytes(&rows)
}

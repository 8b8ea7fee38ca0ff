//! The parts of names by which entities are found.

use std::collections::BTreeSet;

use crate::conn::Conn;
use crate::sql::{Query, Result, insert_rows};
use crate::values::Bind;

/// Characters of a part, and places of a name at which one begins.
pub(crate) const LONGEST: usize = 24;
const PLACES: usize = 120;

/// A name from each of its characters on.
fn parts(key: &str) -> BTreeSet<String> {
    let from = |(at, _): (usize, char)| key[at..].chars().take(LONGEST).collect();
    key.char_indices().take(PLACES).map(from).collect()
}

/// Adds the parts of those of the names that are new.
pub(super) async fn add(conn: &mut Conn, names: &BTreeSet<&str>) -> Result<()> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let all: Vec<&str> = names.iter().copied().collect();
    for chunk in all.chunks(256) {
        let mut query = Query::new("SELECT DISTINCT name_key FROM name_parts WHERE name_key IN ");
        query.list(chunk.iter().copied());
        known.extend(query.all(conn, |r| r.get::<String>("name_key")).await?);
    }
    let fresh = all.into_iter().filter(|name| !known.contains(*name));
    let rows = fresh.flat_map(|name| parts(name).into_iter().map(move |part| vec![name.arg(), part.arg()]));
    insert_rows(conn, "INSERT INTO name_parts (name_key, part)", rows.collect(), "").await
}

/// The names that these articles have.
pub(super) async fn names_in(conn: &mut Conn, articles: &[keqiao_domain::ArticleId]) -> Result<Vec<String>> {
    let mut query = Query::new("SELECT DISTINCT name_key FROM entity_names WHERE role <> 'core' AND article_id IN ");
    query.list(articles.iter().copied());
    query.all(conn, |r| r.get("name_key")).await
}

/// Removes the parts of those of the names that nothing is called any more.
pub(super) async fn remove(conn: &mut Conn, names: &[String]) -> Result<()> {
    for chunk in names.chunks(256) {
        let mut query = Query::new("DELETE FROM name_parts WHERE name_key IN ");
        query.list(chunk);
        query.push(
            " AND NOT EXISTS (SELECT 1 FROM entity_names n WHERE n.name_key = name_parts.name_key AND n.role <> 'core')",
        );
        query.run(conn).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_part_for_each_of_its_characters() {
        let found: Vec<String> = parts("澄江电子").into_iter().collect();
        assert_eq!(found, ["子", "江电子", "澄江电子", "电子"]);
        assert!(parts(&"名".repeat(500)).iter().all(|p| p.chars().count() == LONGEST));
    }
}

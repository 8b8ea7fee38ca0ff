//! The schema and its versions.

use crate::conn::Conn;
use crate::error::{OpenError, StoreError};
use crate::meta;

/// Each step brings the schema from the version of its place to the next; none is ever changed.
pub(crate) const STEPS: [&str; 11] = [
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002.sql"),
    include_str!("../migrations/0003.sql"),
    include_str!("../migrations/0004.sql"),
    include_str!("../migrations/0005.sql"),
    include_str!("../migrations/0006.sql"),
    include_str!("../migrations/0007.sql"),
    include_str!("../migrations/0008.sql"),
    include_str!("../migrations/0009.sql"),
    include_str!("../migrations/0010.sql"),
    include_str!("../migrations/0011.sql"),
];

/// The version this program writes.
pub const SCHEMA_VERSION: i64 = STEPS.len() as i64;

const META: &str = "CREATE TABLE IF NOT EXISTS meta (
    key $TEXT NOT NULL CONSTRAINT \"meta.key\" PRIMARY KEY,
    value $TEXT NOT NULL
) $STRICT";

/// All steps that are missing, in one transaction. A transaction that is not committed ends
/// with its connection.
pub(crate) async fn bring_up_to_date(
    conn: &mut Conn,
    failed: &(dyn Fn(StoreError) -> OpenError + Sync),
) -> Result<(), OpenError> {
    let dialect = conn.dialect();
    conn.command(dialect.engine().begin).await.map_err(failed)?;
    conn.schema_text(dialect.translate(META)).await.map_err(failed)?;
    let found = version(conn).await.map_err(failed)?;
    if found > SCHEMA_VERSION {
        return Err(OpenError::Newer { found, known: SCHEMA_VERSION });
    }
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or_default()) {
        conn.schema_text(dialect.translate(step)).await.map_err(failed)?;
    }
    meta::set(conn, meta::SCHEMA_VERSION, &SCHEMA_VERSION.to_string()).await.map_err(failed)?;
    conn.command("COMMIT").await.map_err(failed)
}

async fn version(conn: &mut Conn) -> Result<i64, StoreError> {
    match meta::get(conn, meta::SCHEMA_VERSION).await? {
        None => Ok(0),
        Some(text) => {
            text.parse().map_err(|_| StoreError::Corrupt(format!("{text:?} is not the number of a schema version")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A conflict's key is the constraint's name on PostgreSQL and table and columns on SQLite.
    #[test]
    fn a_constraint_is_named_by_table_and_columns() {
        let mut table = "";
        let mut named = 0;
        for line in STEPS.iter().flat_map(|s| s.lines()).map(str::trim) {
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                table = rest.split(' ').next().unwrap();
            }
            let Some(place) = line.find("UNIQUE").or_else(|| line.find("PRIMARY KEY")) else {
                continue;
            };
            let (before, after) = line.split_at(place);
            let name = before.split('"').nth(1).unwrap_or_else(|| panic!("no name: {line}"));
            let columns = if line.starts_with("CONSTRAINT") {
                after.split(['(', ')']).nth(1).unwrap().replace(", ", "+")
            } else {
                line.split(' ').next().unwrap().to_owned()
            };
            assert_eq!(name, format!("{table}.{columns}"));
            named += 1;
        }
        assert!(named > 20);
    }
}

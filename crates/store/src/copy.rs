//! All rows of a database, copied into an empty one of whichever engine.

use futures::TryStreamExt as _;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, AssertSqlSafe};

use crate::conn::Conn;
use crate::error::StoreError;
use crate::schema::STEPS;
use crate::sql::{Query, Result, Row};
use crate::values::Arg;
use crate::{changes, meta, parties};

/// Rows written at once.
const ROWS: usize = 64;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Int,
    Float,
    /// Numbers that the database gives.
    Seq,
}

const TYPES: [(&str, Holds); 4] =
    [("$TEXT", Holds::Text), ("$INT", Holds::Int), ("$FLOAT", Holds::Float), ("$SEQ", Holds::Seq)];

#[derive(Debug)]
struct Table {
    name: &'static str,
    columns: Vec<(&'static str, Holds)>,
}

/// The tables as the schema makes them: each after those it refers to.
fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for line in STEPS.iter().flat_map(|step| step.lines()).map(str::trim) {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            let name = rest.split(' ').next().unwrap_or_default();
            tables.push(Table { name, columns: Vec::new() });
            continue;
        }
        // A later step adds to a table that is there.
        let added = line.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" ADD COLUMN "));
        let (table, column) = match added {
            Some((name, column)) => (tables.iter_mut().find(|t| t.name == name), column),
            None => (tables.last_mut(), line),
        };
        let mut words = column.split([' ', ',']);
        let (name, ty) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let holds = TYPES.iter().find(|(word, _)| *word == ty);
        if let (Some(table), Some((_, holds))) = (table, holds) {
            table.columns.push((name, *holds));
        }
    }
    tables
}

/// Copies every row but leases, in the transactions in which the two stand. The target must be empty.
pub(crate) async fn copy_all(from: &mut Conn, to: &mut Conn) -> Result<u64> {
    if parties::count(to).await? > 0 || changes::latest(to).await? > 0 || crate::accounts::count(to).await? > 0 {
        return Err(to.fail(StoreError::Refused("the database is not empty".to_owned())));
    }
    let rows = Query::new("SELECT key, value FROM meta");
    for (key, value) in rows.all(from, |r| Ok((r.get::<String>("key")?, r.get::<String>("value")?))).await? {
        if key != meta::SCHEMA_VERSION {
            meta::set(to, &key, &value).await?;
        }
    }
    let mut count = 0;
    // Who held a lease does not hold it in the copy.
    for table in tables().iter().filter(|t| t.name != "leases") {
        count += copy_table(from, to, table).await?;
        if let Some((column, _)) = table.columns.iter().find(|(_, holds)| *holds == Holds::Seq) {
            go_on_after(to, table.name, column).await?;
        }
    }
    Ok(count)
}

async fn copy_table(from: &mut Conn, to: &mut Conn, table: &Table) -> Result<u64> {
    let names = table.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT {names} FROM {}", table.name);
    let dialect = from.dialect();
    let mut rows = sqlx::query_with::<Any, _>(AssertSqlSafe(sql), AnyArguments::default()).fetch(from.link()?);
    let (mut waiting, mut count) = (Vec::new(), 0);
    while let Some(row) = rows.try_next().await.map_err(|e| dialect.store_error(e))? {
        waiting.push(values(row, table)?);
        count += 1;
        if waiting.len() == ROWS {
            insert(to, table, std::mem::take(&mut waiting)).await?;
        }
    }
    insert(to, table, waiting).await?;
    Ok(count)
}

fn values(row: AnyRow, table: &Table) -> Result<Vec<Arg>> {
    let row = Row::of(row);
    let value = |(name, holds): &(&str, Holds)| {
        Ok(match holds {
            Holds::Text => Arg::Text(row.get(name)?),
            Holds::Int | Holds::Seq => Arg::Int(row.get(name)?),
            Holds::Float => Arg::Float(row.get(name)?),
        })
    };
    table.columns.iter().map(value).collect()
}

async fn insert(to: &mut Conn, table: &Table, rows: Vec<Vec<Arg>>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = Query::new("INSERT INTO ");
    query.push(table.name);
    for (i, (name, _)) in table.columns.iter().enumerate() {
        query.push(if i == 0 { " (" } else { ", " });
        query.push(name);
    }
    query.push(") ");
    if table.columns.iter().any(|(_, holds)| *holds == Holds::Seq) {
        query.push(to.dialect().engine().given_numbers);
    }
    query.push(" VALUES ");
    for (i, row) in rows.into_iter().enumerate() {
        query.push(if i == 0 { "(" } else { ", (" });
        for (j, value) in row.into_iter().enumerate() {
            if j > 0 {
                query.push(", ");
            }
            query.place(value);
        }
        query.push(")");
    }
    query.run(to).await.map(drop)
}

/// The next number of a column comes after those that were given.
async fn go_on_after(to: &mut Conn, table: &'static str, column: &'static str) -> Result<()> {
    let Some([start, middle, end]) = to.dialect().engine().go_on_after else { return Ok(()) };
    let mut query = Query::new(start);
    for part in [table, middle, column, end] {
        query.push(part);
    }
    query.push("(SELECT COALESCE(MAX(");
    query.push(column);
    query.push("), 1) FROM ");
    query.push(table);
    query.push(")) AS n");
    query.number(to).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the schema has is copied.
    #[test]
    fn every_column_of_the_schema_is_known() {
        let mut known: Vec<(&str, &str)> =
            tables().iter().flat_map(|t| t.columns.iter().map(|(c, _)| (t.name, *c))).collect();
        known.sort_unstable();
        let classified = crate::privacy::columns().map(|(table, column, _)| (table, column));
        let mut classified: Vec<_> = classified.filter(|(table, _)| *table != "meta").collect();
        classified.sort_unstable();
        assert_eq!(known, classified);
    }
}

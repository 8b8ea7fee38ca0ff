//! Records that are kept whole: a body of JSON, and beside it the columns that lists ask by. One set of questions
//! serves all of them.

mod tables;

use keqiao_domain::RecordId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json};
use crate::values::{Arg, Bind};

/// What a column beside a body holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// A text.
    Text(String),
    /// A number.
    Int(i64),
}

impl Bind for Column {
    fn arg(self) -> Arg {
        match self {
            Self::Text(text) => text.arg(),
            Self::Int(n) => n.arg(),
        }
    }
}

impl From<i64> for Column {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<&str> for Column {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<RecordId> for Column {
    fn from(id: RecordId) -> Self {
        Self::Text(id.to_string())
    }
}

/// A record that is kept whole.
pub trait Kept: Serialize + DeserializeOwned + Send + Sync {
    /// The table.
    const TABLE: &'static str;
    /// The columns between version and body.
    const COLUMNS: &'static [&'static str];
    /// Its id.
    fn id(&self) -> RecordId;
    /// Its version.
    fn version(&self) -> i64;
    /// What the columns hold.
    fn columns(&self) -> Vec<Column>;
}

/// Which records of a table, and in which order.
#[derive(Debug, Clone)]
pub struct Asked {
    conditions: Vec<(&'static str, &'static str, Vec<Column>)>,
    by: Option<&'static str>,
    down: bool,
    after: Option<(Option<Column>, RecordId)>,
    limit: i64,
}

impl Asked {
    /// The first so many by their ids: the oldest first.
    #[must_use]
    pub fn first(limit: i64) -> Self {
        Self { conditions: Vec::new(), by: None, down: false, after: None, limit }
    }

    /// The latest so many.
    #[must_use]
    pub fn latest(limit: i64) -> Self {
        Self { down: true, ..Self::first(limit) }
    }

    /// In the order of a column.
    #[must_use]
    pub fn by(self, column: &'static str) -> Self {
        Self { by: Some(column), ..self }
    }

    /// Those of which a column holds this.
    #[must_use]
    pub fn with(self, column: &'static str, value: impl Into<Column>) -> Self {
        self.among(column, [value.into()])
    }

    /// Those of which a column holds one of these; of none there are none.
    #[must_use]
    pub fn among(mut self, column: &'static str, values: impl IntoIterator<Item = Column>) -> Self {
        self.conditions.push((column, " IN ", values.into_iter().collect()));
        self
    }

    /// Those of which a column holds this or more.
    #[must_use]
    pub fn from(mut self, column: &'static str, value: impl Into<Column>) -> Self {
        self.conditions.push((column, " >= ", vec![value.into()]));
        self
    }

    /// Those of which a column holds less than this.
    #[must_use]
    pub fn below(mut self, column: &'static str, value: impl Into<Column>) -> Self {
        self.conditions.push((column, " < ", vec![value.into()]));
        self
    }

    /// Those after a record, which in the order of a column is known by its value there.
    #[must_use]
    pub fn after(mut self, value: Option<Column>, id: Option<RecordId>) -> Self {
        self.after = id.map(|id| (value, id));
        self
    }

    fn ends(&self, query: &mut Query) {
        query.push(" WHERE 1 = 1");
        for (column, is, values) in &self.conditions {
            if values.is_empty() {
                query.push(" AND 1 = 0");
                continue;
            }
            query.push(" AND ");
            query.push(column);
            query.push(is);
            match (*is, values.as_slice()) {
                (" IN ", many) => query.list(many.iter().cloned()),
                (_, [one, ..]) => query.place(one.clone()),
                (_, []) => {}
            }
        }
    }
}

fn read<T: Kept>(row: &Row) -> Result<T> {
    row.json("body")
}

/// Inserts a record.
///
/// # Errors
/// Conflict of the table's keys; of the reference when what it belongs to is not there.
pub async fn insert<T: Kept>(conn: &mut Conn, record: &T) -> Result<()> {
    let mut query = Query::new("INSERT INTO ");
    query.push(T::TABLE);
    query.push(" (id, version");
    for column in T::COLUMNS {
        query.push(", ");
        query.push(column);
    }
    query.push(", body) VALUES ");
    let mut values = vec![Column::from(record.id()), Column::from(record.version())];
    values.extend(record.columns());
    values.push(Column::Text(to_json(record)?));
    query.list(values);
    query.run(conn).await.map(drop)
}

/// Writes a record anew if its row still has the expected version; whether it had.
///
/// # Errors
/// Conflict of the table's keys.
pub async fn update<T: Kept>(conn: &mut Conn, record: &T, expected: i64) -> Result<bool> {
    let mut query = Query::new("UPDATE ");
    query.push(T::TABLE);
    query.push(" SET version = ");
    query.place(record.version());
    for (column, value) in T::COLUMNS.iter().zip(record.columns()) {
        query.push(", ");
        query.push(column);
        query.push(" = ");
        query.place(value);
    }
    query.push(", body = ");
    query.place(to_json(record)?);
    query.push(" WHERE id = ");
    query.place(record.id().to_string());
    query.push(" AND version = ");
    query.place(expected);
    query.hit(conn).await
}

/// The record of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find<T: Kept>(conn: &mut Conn, id: impl Into<RecordId>) -> Result<Option<T>> {
    let asked = Asked::first(1).with("id", id.into());
    Ok(list(conn, asked).await?.pop())
}

/// Removes a record; whether it was there.
///
/// # Errors
/// Conflict of the reference when others belong to it.
pub async fn remove<T: Kept>(conn: &mut Conn, id: impl Into<RecordId>) -> Result<bool> {
    let mut query = Query::new("DELETE FROM ");
    query.push(T::TABLE);
    query.push(" WHERE id = ");
    query.place(id.into().to_string());
    query.hit(conn).await
}

/// The records that are asked for.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list<T: Kept>(conn: &mut Conn, asked: Asked) -> Result<Vec<T>> {
    let mut query = Query::new("SELECT body FROM ");
    query.push(T::TABLE);
    asked.ends(&mut query);
    let is = if asked.down { " < " } else { " > " };
    match (asked.after, asked.by) {
        (Some((Some(value), id)), Some(by)) => {
            query.push(" AND (");
            query.push(by);
            query.push(", id)");
            query.push(is);
            query.list([value, Column::from(id)]);
        }
        (Some((_, id)), _) => {
            query.push(" AND id");
            query.push(is);
            query.place(id.to_string());
        }
        (None, _) => {}
    }
    query.push(" ORDER BY ");
    for column in asked.by.iter().copied() {
        query.push(column);
        query.push(if asked.down { " DESC, " } else { ", " });
    }
    query.push(if asked.down { "id DESC LIMIT " } else { "id LIMIT " });
    query.place(asked.limit);
    query.all(conn, read).await
}

/// How many records there are of those that are asked for, whatever the limit.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count<T: Kept>(conn: &mut Conn, asked: &Asked) -> Result<i64> {
    let mut query = Query::new("SELECT COUNT(*) AS n FROM ");
    query.push(T::TABLE);
    asked.ends(&mut query);
    query.number(conn).await
}

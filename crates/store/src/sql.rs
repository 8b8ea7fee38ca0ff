//! The small language in which the questions are put: values in, values out.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::Hash;

use futures::future::BoxFuture;
use futures::{FutureExt as _, TryStreamExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, Arguments as _, AssertSqlSafe};

use crate::conn::Conn;
use crate::engine::Dialect;
use crate::error::StoreError;
use crate::values::{Arg, Bind, Cell};

pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A statement with its values, `$1` first.
pub(crate) struct Query {
    sql: Cow<'static, str>,
    args: Vec<Arg>,
}

impl Query {
    pub(crate) fn new(sql: &'static str) -> Self {
        Self { sql: Cow::Borrowed(sql), args: Vec::new() }
    }

    pub(crate) fn bind(mut self, value: impl Bind) -> Self {
        self.args.push(value.arg());
        self
    }

    /// Adds text of SQL.
    pub(crate) fn push(&mut self, sql: &'static str) {
        self.sql.to_mut().push_str(sql);
    }

    /// Adds the place of a value.
    pub(crate) fn place(&mut self, value: impl Bind) {
        self.args.push(value.arg());
        let n = self.args.len();
        // Writing to a String cannot fail.
        let _ = write!(self.sql.to_mut(), "${n}");
    }

    /// Adds `($1, $2, …)`.
    pub(crate) fn list(&mut self, values: impl IntoIterator<Item = impl Bind>) {
        for (i, value) in values.into_iter().enumerate() {
            self.push(if i == 0 { "(" } else { ", " });
            self.place(value);
        }
        self.push(")");
    }

    /// Adds that the audience in a table's column is among a viewer's tokens; `None` sees everything, no tokens see
    /// nothing.
    pub(crate) fn visible_as(&mut self, table: &'static str, tokens: Option<&[String]>) {
        let Some(tokens) = tokens else { return };
        if tokens.is_empty() {
            self.push(" AND 1 = 0");
            return;
        }
        self.push(" AND ");
        self.push(table);
        self.push(".audience IN ");
        self.list(tokens);
    }

    /// Asks how the statement would be answered.
    #[cfg(test)]
    pub(crate) fn explained(mut self) -> Self {
        self.sql = format!("EXPLAIN QUERY PLAN {}", self.sql).into();
        self
    }

    /// A question whose rows come as one text of JSON, for [`Self::unpacked`]: for thousands of rows that are all wanted
    /// at once. Handed over one by one, each would wake a thread and be taken apart by itself, which costs ten times
    /// what reading it does. They come in no order.
    pub(crate) fn packed(dialect: Dialect, columns: &'static str, from: &'static str) -> Self {
        let [rows, row] = dialect.engine().json_arrays;
        let sql = format!("SELECT CAST({rows}({row}({columns})) AS TEXT) AS packed FROM {from}");
        Self { sql: sql.into(), args: Vec::new() }
    }

    /// The rows of a [`Self::packed`] question, each a tuple of its columns.
    pub(crate) async fn unpacked<T: DeserializeOwned>(self, conn: &mut Conn) -> Result<Vec<T>> {
        let text = self.first(conn, |r| r.get::<Option<String>>("packed")).await?.flatten();
        // Of no rows one engine makes an empty array, and the other nothing.
        let rows = text.map(|text| serde_json::from_str(&text)).transpose();
        rows.map(Option::unwrap_or_default).map_err(|e| corrupt("packed", e))
    }

    /// Rows written. Boxed, as all that talks to an engine: it is compiled here, not again wherever a question is asked.
    pub(crate) fn run(self, conn: &mut Conn) -> BoxFuture<'_, Result<u64>> {
        async move {
            let (sql, args) = self.ready().map_err(|e| conn.fail(e))?;
            let dialect = conn.dialect();
            let link = conn.link()?;
            let done = match sql {
                Cow::Borrowed(sql) => sqlx::query_with::<Any, _>(sql, args).execute(link).await,
                Cow::Owned(sql) => sqlx::query_with::<Any, _>(AssertSqlSafe(sql), args).execute(link).await,
            };
            done.map(|d| d.rows_affected()).map_err(|e| conn.fail(dialect.store_error(e)))
        }
        .boxed()
    }

    /// Whether a row was written.
    pub(crate) async fn hit(self, conn: &mut Conn) -> Result<bool> {
        Ok(self.run(conn).await? > 0)
    }

    /// All rows, each read by `read`.
    pub(crate) async fn all<T: Send>(self, conn: &mut Conn, read: fn(&Row) -> Result<T>) -> Result<Vec<T>> {
        let mut all = Vec::new();
        let mut take = |row: &Row| {
            all.push(read(row)?);
            Ok(())
        };
        self.each(conn, &mut take).await?;
        Ok(all)
    }

    /// Hands each row over as it comes: SQLite steps on a thread of its own, and reads on while a row is taken.
    fn each<'c>(
        self,
        conn: &'c mut Conn,
        take: &'c mut (dyn FnMut(&Row) -> Result<()> + Send),
    ) -> BoxFuture<'c, Result<()>> {
        async move {
            let (sql, args) = self.ready().map_err(|e| conn.fail(e))?;
            let dialect = conn.dialect();
            let link = conn.link()?;
            let mut rows = match sql {
                Cow::Borrowed(sql) => sqlx::query_with::<Any, _>(sql, args).fetch(link),
                Cow::Owned(sql) => sqlx::query_with::<Any, _>(AssertSqlSafe(sql), args).fetch(link),
            };
            let done = loop {
                match rows.try_next().await {
                    Ok(Some(row)) => {
                        if let Err(e) = take(&Row(row)) {
                            break Err(e);
                        }
                    }
                    Ok(None) => break Ok(()),
                    Err(e) => break Err(dialect.store_error(e)),
                }
            };
            drop(rows);
            done.map_err(|e| conn.fail(e))
        }
        .boxed()
    }

    /// The first row, if there is one.
    pub(crate) async fn first<T: Send>(self, conn: &mut Conn, read: fn(&Row) -> Result<T>) -> Result<Option<T>> {
        Ok(self.all(conn, read).await?.into_iter().next())
    }

    /// The one number of a question that always has one: its column is `n`.
    pub(crate) async fn number(self, conn: &mut Conn) -> Result<i64> {
        let n = self.first(conn, |r| r.get::<i64>("n")).await?;
        n.ok_or_else(|| conn.fail(StoreError::Internal("a count without a row".to_owned())))
    }

    /// The one place where U+0000 is refused: PostgreSQL's TEXT cannot hold it.
    fn ready(self) -> Result<(Cow<'static, str>, AnyArguments)> {
        let mut args = AnyArguments::default();
        for arg in self.args {
            match arg {
                Arg::Text(Some(s)) if s.contains('\0') => {
                    return Err(StoreError::Refused(
                        "a text holds the character U+0000, which cannot be kept".to_owned(),
                    ));
                }
                Arg::Text(s) => args.add(s),
                Arg::Int(n) => args.add(n),
                Arg::Float(x) => args.add(x),
            }
            .map_err(|e| StoreError::Internal(e.to_string()))?;
        }
        Ok((self.sql, args))
    }
}

/// A row of an answer.
pub(crate) struct Row(AnyRow);

impl Row {
    pub(crate) fn of(row: AnyRow) -> Self {
        Self(row)
    }

    pub(crate) fn get<T: Cell>(&self, column: &str) -> Result<T> {
        T::read(&self.0, column)
    }

    /// A word of an enumeration.
    pub(crate) fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        from_word(&self.get::<String>(column)?, column)
    }

    /// A word that may be absent.
    pub(crate) fn word_if_any<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>> {
        self.get::<Option<String>>(column)?.map(|w| from_word(&w, column)).transpose()
    }

    /// What a column holds as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        serde_json::from_str(&self.get::<String>(column)?).map_err(|e| corrupt(column, e))
    }

    /// A text with rules of its own (a code, an address).
    pub(crate) fn parsed<T>(&self, column: &str) -> Result<Option<T>>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        let text = self.get::<Option<String>>(column)?;
        text.map(|t| t.parse().map_err(|e| corrupt(column, e))).transpose()
    }
}

pub(crate) fn from_word<T: DeserializeOwned>(word: &str, column: &str) -> Result<T> {
    type Word<'w> = serde::de::value::StrDeserializer<'w, serde::de::value::Error>;
    T::deserialize(Word::new(word)).map_err(|e| corrupt(column, e))
}

pub(crate) fn corrupt(column: &str, reason: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("column {column}: {reason}"))
}

/// A value as JSON.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Internal(e.to_string()))
}

/// A member of an enumeration as the word the API and the index use for it.
pub(crate) fn to_word<T: Serialize>(value: &T) -> Result<String> {
    let json = to_json(value)?;
    match json.strip_prefix('"').and_then(|j| j.strip_suffix('"')) {
        Some(word) => Ok(word.to_owned()),
        None => Err(StoreError::Internal(format!("{json} is not a word"))),
    }
}

/// The pattern for LIKE with ESCAPE '!' of texts that hold these words.
pub(crate) fn holding(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Inserts many rows, so many in one statement. `into` ends before its VALUES, `end` follows the last row.
pub(crate) async fn insert_rows(
    conn: &mut Conn,
    into: &'static str,
    rows: Vec<Vec<Arg>>,
    end: &'static str,
) -> Result<()> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut query = Query::new(into);
        query.push(" VALUES ");
        for (i, row) in rows.by_ref().take(100).enumerate() {
            query.push(if i == 0 { "" } else { ", " });
            query.list(row);
        }
        query.push(end);
        query.run(conn).await?;
    }
    Ok(())
}

/// Rows by their ids, in the order asked for; ids that are not there are left out.
///
/// The list is filled up to a power of two, so that few different statements are prepared.
pub(crate) async fn by_ids<K, T>(
    conn: &mut Conn,
    select: &'static str,
    ids: &[K],
    read: fn(&Row) -> Result<T>,
    key: fn(&T) -> K,
) -> Result<Vec<T>>
where
    K: Copy + Eq + Hash + Bind + Send,
    T: Send,
{
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(256) {
        let fill = chunk.len().next_power_of_two() - chunk.len();
        let mut query = Query::new(select);
        query.push(" WHERE id IN ");
        query.list(chunk.iter().chain(std::iter::repeat_n(&chunk[0], fill)).copied());
        found.extend(query.all(conn, read).await?.into_iter().map(|t| (key(&t), t)));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

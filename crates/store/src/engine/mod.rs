//! What differs between the engines, and nothing else: one file each.

mod postgres;
mod sqlite;

use std::path::PathBuf;

use sqlx::error::ErrorKind;

use crate::error::{OpenError, StoreError};

/// Which engine is behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// One file, one machine.
    Sqlite,
    /// A server, several nodes.
    Postgres,
}

/// The words in which an engine wants what the one text of SQL leaves open.
pub(crate) struct Engine {
    /// Column types, table options and the like: the word in the schema's text, the engine's word.
    pub(crate) types: [(&'static str, &'static str); 7],
    /// Sets up a connection that writes.
    pub(crate) writer_setup: &'static str,
    /// Sets up a connection that only reads.
    pub(crate) reader_setup: &'static str,
    /// Before the KiB of pages that a connection keeps; `None`: the engine keeps its own.
    pub(crate) cache: Option<&'static str>,
    /// Begins a transaction in which no other writer is at work.
    pub(crate) begin: &'static str,
    /// Begins a transaction that reads one state of everything.
    pub(crate) begin_snapshot: &'static str,
    /// Stands before VALUES where a row brings a number that the database else gives.
    pub(crate) given_numbers: &'static str,
    /// What is put around table and column to make their next number come after one that follows;
    /// `None`: it does so by itself.
    pub(crate) go_on_after: Option<[&'static str; 3]>,
    /// What makes an array in JSON of rows, and of values.
    pub(crate) json_arrays: [&'static str; 2],
    /// Tables and columns as they are, in columns `tab` and `col`.
    pub(crate) live_columns: &'static str,
    /// Classifies an engine's error by its code and message.
    pub(crate) classify: fn(code: &str, message: &str) -> StoreError,
    /// The key of a violated uniqueness rule by constraint name and message.
    pub(crate) unique_key: fn(constraint: Option<&str>, message: &str) -> String,
}

/// Where a database is.
pub(crate) struct Place {
    pub(crate) dialect: Dialect,
    /// The address to connect to.
    pub(crate) url: String,
    /// The place as messages name it, without password.
    pub(crate) shown: String,
    /// The folder that must exist.
    pub(crate) folder: Option<PathBuf>,
}

impl Place {
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        let parsed = url
            .parse::<sqlx::any::AnyConnectOptions>()
            .map_err(|_| OpenError::Address(without_password(url)))?
            .database_url;
        match parsed.scheme() {
            "sqlite" => sqlite::place(url).ok_or_else(|| OpenError::Address(url.to_owned())),
            "postgres" | "postgresql" => {
                Ok(Self { dialect: Dialect::Postgres, url: url.to_owned(), shown: without_password(url), folder: None })
            }
            _ => Err(OpenError::Address(without_password(url))),
        }
    }
}

/// The address up to its query, what stands between the user's name and `@` left out.
fn without_password(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => url.to_owned(),
    }
}

impl Dialect {
    pub(crate) const fn engine(self) -> &'static Engine {
        match self {
            Self::Sqlite => &sqlite::ENGINE,
            Self::Postgres => &postgres::ENGINE,
        }
    }

    /// The schema's text in the engine's words.
    pub(crate) fn translate(self, sql: &str) -> String {
        let mut out = sql.to_owned();
        for (word, own) in self.engine().types {
            out = out.replace(word, own);
        }
        out
    }

    pub(crate) fn store_error(self, error: sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Database(e) => match e.kind() {
                ErrorKind::UniqueViolation => {
                    StoreError::Conflict((self.engine().unique_key)(e.constraint(), e.message()))
                }
                ErrorKind::ForeignKeyViolation => StoreError::Conflict(StoreError::REFERENCE.to_owned()),
                _ => (self.engine().classify)(&e.code().unwrap_or_default(), e.message()),
            },
            sqlx::Error::PoolTimedOut => StoreError::Unavailable("no connection became free in time".to_owned()),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => StoreError::Unavailable("it is closed".to_owned()),
            e @ (sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)) => {
                StoreError::Unavailable(e.to_string())
            }
            e @ (sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) => StoreError::Corrupt(e.to_string()),
            e => StoreError::Internal(e.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url: &str| Place::parse(url).unwrap().shown;
        assert_eq!(shown("postgres://kq:se@cret@db.lan/kq?sslmode=require"), "postgres://kq@db.lan/kq");
        assert!(matches!(Place::parse("mysql://a:geheim@b/c"),
            Err(OpenError::Address(a)) if !a.contains("geheim")));
        assert!(Place::parse("keqiao.db").is_err());
    }
}

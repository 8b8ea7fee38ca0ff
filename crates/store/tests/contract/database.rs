//! A database of its own for each test.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use keqiao_store::{Dialect, Store, StoreError, StoreOptions};
use sqlx::{AnyConnection, Connection as _};

use crate::postgres;

/// A fresh, empty database.
pub(crate) struct Database {
    pub(crate) dialect: Dialect,
    pub(crate) url: String,
    /// A folder for files, and SQLite's place.
    pub(crate) folder: tempfile::TempDir,
}

impl Database {
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.options()).await.unwrap()
    }

    pub(crate) fn options(&self) -> StoreOptions {
        StoreOptions { url: self.url.clone(), read_connections: 2 }
    }

    /// A second store, fresh and empty, of the same engine. Its schema goes with the server.
    pub(crate) async fn another(&self) -> Store {
        let url = match self.dialect {
            Dialect::Sqlite => format!("sqlite://{}/another.db", self.folder.path().display()),
            Dialect::Postgres => postgres::server().unwrap().fresh_schema().await.1,
        };
        Store::open(&StoreOptions { url, read_connections: 1 }).await.unwrap()
    }

    /// A connection past the store.
    pub(crate) async fn raw(&self) -> AnyConnection {
        AnyConnection::connect(&self.url).await.unwrap()
    }
}

/// Runs a test on a fresh database of an engine.
pub(crate) fn run<F>(dialect: Dialect, test: fn(Database) -> F)
where
    F: Future<Output = ()>,
{
    sqlx::any::install_default_drivers();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    match dialect {
        Dialect::Sqlite => {
            let url = format!("sqlite://{}/keqiao.db", folder.path().display());
            runtime.block_on(test(Database { dialect, url, folder }));
        }
        Dialect::Postgres => {
            let Some(server) = postgres::server() else {
                return;
            };
            let (schema, url) = runtime.block_on(server.fresh_schema());
            let done = catch_unwind(AssertUnwindSafe(|| {
                runtime.block_on(test(Database { dialect, url, folder }));
            }));
            runtime.block_on(server.drop_schema(&schema));
            if let Err(panic) = done {
                resume_unwind(panic);
            }
        }
    }
}

/// Writes in one transaction whatever the block over `$conn` writes.
#[macro_export]
macro_rules! transact {
    ($store:expr, $conn:ident => $work:expr) => {
        $store
            .write(move |$conn: &mut keqiao_store::Conn| {
                Box::pin(async move { Ok::<_, keqiao_store::StoreError>($work) })
            })
            .await
    };
}

/// The key of a conflict.
pub(crate) fn conflict<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    match result {
        Err(StoreError::Conflict(key)) => key,
        other => panic!("no conflict but {other:?}"),
    }
}

//! A connection as the questions see it.

use futures::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use crate::engine::Dialect;
use crate::error::StoreError;

/// A connection: a reader's from the pool, or the writer's inside a transaction.
///
/// Inside a transaction the first error ends the job: every later statement answers the same
/// error, on both engines, until what failed is rolled back.
pub struct Conn {
    link: Link,
    dialect: Dialect,
    writes: bool,
    failed: Option<StoreError>,
}

enum Link {
    Pooled(PoolConnection<Any>),
    Own(AnyConnection),
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conn").field("dialect", &self.dialect).field("writes", &self.writes).finish()
    }
}

impl Conn {
    pub(crate) fn reader(link: PoolConnection<Any>, dialect: Dialect) -> Self {
        Self { link: Link::Pooled(link), dialect, writes: false, failed: None }
    }

    pub(crate) fn writer(link: AnyConnection, dialect: Dialect) -> Self {
        Self { link: Link::Own(link), dialect, writes: true, failed: None }
    }

    /// Which engine answers.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The error that ended the job, if one did.
    pub(crate) fn failed(&self) -> Option<&StoreError> {
        self.failed.as_ref()
    }

    pub(crate) fn forget_failure(&mut self) {
        self.failed = None;
    }

    /// The engine's connection, unless an error ended the job.
    pub(crate) fn link(&mut self) -> Result<&mut AnyConnection, StoreError> {
        match &self.failed {
            Some(e) => Err(e.clone()),
            None => Ok(self.raw()),
        }
    }

    fn raw(&mut self) -> &mut AnyConnection {
        match &mut self.link {
            Link::Pooled(c) => c,
            Link::Own(c) => c,
        }
    }

    /// Keeps the error as the one that ended the job.
    pub(crate) fn fail(&mut self, error: StoreError) -> StoreError {
        if self.writes && self.failed.is_none() {
            self.failed = Some(error.clone());
        }
        error
    }

    /// Runs statements that take and give no values, failed or not.
    pub(crate) async fn command(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.script(sql.into_sql_str()).await
    }

    /// Runs the schema's text.
    pub(crate) async fn schema_text(&mut self, sql: String) -> Result<(), StoreError> {
        self.script(AssertSqlSafe(sql).into_sql_str()).await
    }

    async fn script(&mut self, sql: sqlx::SqlStr) -> Result<(), StoreError> {
        let dialect = self.dialect;
        let done = self.raw().execute(sqlx::raw_sql(sql)).await;
        done.map(drop).map_err(|e| dialect.store_error(e))
    }

    /// Does a part of a job that may fail without ending the job: what it wrote is then undone,
    /// and the rest stays (one row of an import, say).
    ///
    /// # Errors
    /// What `part` answered; or the store's own error when the part cannot be undone.
    pub async fn attempt<T, E, F>(&mut self, part: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Conn) -> BoxFuture<'t, Result<T, E>> + Send,
        E: From<StoreError>,
    {
        if let Some(e) = &self.failed {
            return Err(e.clone().into());
        }
        self.command("SAVEPOINT attempt").await.map_err(|e| E::from(self.fail(e)))?;
        let answer = part(self).await;
        let answer = match (answer, self.failed.take()) {
            (Ok(_), Some(e)) => Err(E::from(e)),
            (answer, _) => answer,
        };
        let end = match &answer {
            Ok(_) => "RELEASE SAVEPOINT attempt",
            Err(_) => "ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt",
        };
        self.command(end).await.map_err(|e| E::from(self.fail(e)))?;
        answer
    }

    /// Ends the connection in good order.
    pub(crate) async fn close(self) {
        if let Link::Own(link) = self.link
            && let Err(e) = sqlx::Connection::close(link).await
        {
            tracing::debug!(error = %e, "closing the writer's connection");
        }
    }
}

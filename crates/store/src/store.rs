//! The Store: how it is opened, read and written.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AssertSqlSafe, ConnectOptions as _, Executor as _, Pool};
use tokio::sync::{mpsc, oneshot, watch};

use crate::conn::Conn;
use crate::copy::copy_all;
use crate::engine::{Dialect, Place};
use crate::error::{OpenError, StoreError};
use crate::sql::Query;
use crate::writer::{Message, Progress, QUEUE, Waiting, Writer};
use crate::{changes, schema};

/// Where the database is and how it is used.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite:///absolute/path/keqiao.db`, the path as it is (without `?`), or
    /// `postgres://user:password@host/database`.
    pub url: String,
    /// How many connections read at the same time.
    pub read_connections: u32,
}

/// What a process does with the store: how many pages of a SQLite file its connections keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// It serves, beside much else that wants memory.
    Serving,
    /// It brings in much at once and ends: what is looked up all over the file is worth keeping.
    Bulk,
}

impl Load {
    /// KiB of the writer and of each reader.
    fn cache(self) -> (u32, u32) {
        match self {
            Self::Serving => (8_000, 1_000),
            Self::Bulk => (128_000, 64_000),
        }
    }
}

/// The store of a node. Cheap to clone; all clones share the writer and the readers.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: Source,
    readers: Pool<Any>,
    queue: mpsc::Sender<Message>,
    progress: Arc<Progress>,
}

/// Where connections come from.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    options: AnyConnectOptions,
    dialect: Dialect,
    load: Load,
}

impl Source {
    /// Sets a connection up, to keep so many KiB of pages.
    async fn set_up(
        link: &mut AnyConnection,
        dialect: Dialect,
        setup: &'static str,
        kib: u32,
    ) -> Result<(), sqlx::Error> {
        link.execute(sqlx::raw_sql(setup)).await?;
        if let Some(cache) = dialect.engine().cache {
            link.execute(sqlx::raw_sql(AssertSqlSafe(format!("{cache}{kib}")))).await?;
        }
        Ok(())
    }

    async fn connect(&self, setup: &'static str, kib: u32) -> Result<AnyConnection, sqlx::Error> {
        let mut link = self.options.connect().await?;
        Self::set_up(&mut link, self.dialect, setup, kib).await?;
        Ok(link)
    }

    /// A connection that writes.
    pub(crate) async fn writer(&self) -> Result<Conn, StoreError> {
        let link = self.connect(self.dialect.engine().writer_setup, self.load.cache().0).await;
        link.map(|l| Conn::writer(l, self.dialect)).map_err(|e| self.dialect.store_error(e))
    }

    fn readers(&self, connections: u32) -> Pool<Any> {
        let (dialect, setup, kib) = (self.dialect, self.dialect.engine().reader_setup, self.load.cache().1);
        AnyPoolOptions::new()
            .max_connections(connections.max(1))
            .acquire_timeout(Duration::from_secs(10))
            // A file does not go away between two questions; a server does.
            .test_before_acquire(self.dialect == Dialect::Postgres)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(move |link, _| Box::pin(Self::set_up(link, dialect, setup, kib)))
            .connect_lazy_with(self.options.clone())
    }
}

impl Store {
    /// Opens the database; creates it, or brings its schema up to date, in one transaction.
    ///
    /// # Errors
    /// When the address is wrong, nothing answers there, or a newer program wrote it.
    pub async fn open(options: &StoreOptions) -> Result<Self, OpenError> {
        Self::open_for(options, Load::Serving).await
    }

    /// Opens the database for a load, as [`Self::open`] does.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_for(options: &StoreOptions, load: Load) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        let place = Place::parse(&options.url)?;
        if let Some(folder) = &place.folder
            && !folder.is_dir()
        {
            return Err(OpenError::Folder(folder.clone()));
        }
        let unreachable = |e: String| OpenError::Unreachable { place: place.shown.clone(), reason: e };
        let parsed = place.url.parse::<AnyConnectOptions>().map_err(|e| unreachable(e.to_string()))?;
        let source = Source { options: parsed.disable_statement_logging(), dialect: place.dialect, load };
        let mut conn = source.writer().await.map_err(|e| unreachable(e.to_string()))?;
        let failed = |source| OpenError::Failed { place: place.shown.clone(), source };
        schema::bring_up_to_date(&mut conn, &failed).await?;
        let latest = changes::latest(&mut conn).await.map_err(failed)?;
        Ok(Self::running(source, conn, options.read_connections, latest))
    }

    fn running(source: Source, conn: Conn, read_connections: u32, latest: i64) -> Self {
        let readers = source.readers(read_connections);
        let progress = Arc::new(Progress { latest: AtomicI64::new(latest), committed: watch::Sender::new(latest) });
        let (queue, messages) = mpsc::channel(QUEUE);
        tokio::spawn(Writer::new(source.clone(), conn, messages, progress.clone()).run());
        Self(Arc::new(Inner { source, readers, queue, progress }))
    }

    /// A connection that reads. Each statement sees what was committed before it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when none becomes free within ten seconds.
    pub fn reader(&self) -> BoxFuture<'_, Result<Conn, StoreError>> {
        let dialect = self.dialect();
        let link = self.0.readers.acquire();
        link.map(move |link| link.map(|l| Conn::reader(l, dialect)).map_err(|e| dialect.store_error(e))).boxed()
    }

    /// One transaction, through the node's single writer; several may share one commit.
    /// `Ok` only after the commit. The work must not wait for anything but the store, since all
    /// other writers wait for it; it goes on to its end even when the caller goes away.
    ///
    /// # Errors
    /// What the work answered (all it wrote is then undone), or the store's own error.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Conn) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let closed = || E::from(StoreError::Unavailable("it is closed".to_owned()));
        let (job, answer) = Waiting::new(work);
        self.queue(Message::Job(Box::new(job))).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    fn queue(&self, message: Message) -> BoxFuture<'_, Result<(), mpsc::error::SendError<Message>>> {
        self.0.queue.send(message).boxed()
    }

    /// Which engine is behind the store.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.0.source.dialect
    }

    /// The highest committed sequence number this node knows of; [`changes::latest`] asks the
    /// database, which other nodes write as well.
    #[must_use]
    pub fn latest_seq(&self) -> i64 {
        self.0.progress.latest.load(Ordering::SeqCst)
    }

    /// Wakes when this node has committed changes; the value is [`Store::latest_seq`].
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<i64> {
        self.0.progress.committed.subscribe()
    }

    /// Finishes what waits, then closes all connections. Later questions are answered with
    /// [`StoreError::Unavailable`].
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue(Message::Close(done)).await.is_ok() {
            // An error says that the writer is gone already, which is what was wanted.
            let _ = closed.await;
        }
        self.0.readers.close().await;
    }

    /// Writes a consistent copy of the database into a new SQLite file, while serving; of a
    /// PostgreSQL database too.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub async fn snapshot_to(&self, path: &Path) -> Result<(), StoreError> {
        let unwritable = |e: std::io::Error| StoreError::Unavailable(format!("{}: {e}", path.display()));
        let name =
            path.to_str().ok_or_else(|| StoreError::Refused(format!("{} is not a name in UTF-8", path.display())))?;
        if path.exists() {
            return Err(unwritable(std::io::ErrorKind::AlreadyExists.into()));
        }
        match self.dialect() {
            Dialect::Sqlite => {
                let mut conn = self.0.source.writer().await?;
                let copied = Query::new("VACUUM INTO $1").bind(name).run(&mut conn).await;
                conn.close().await;
                copied?;
            }
            Dialect::Postgres => {
                let copy = open_file(path).await?;
                let from = self.0.source.clone();
                let copied = copy_between(&from, &copy).await;
                copy.close().await;
                copied?;
                // The journal becomes part of the file.
                let mut conn = copy.0.source.writer().await?;
                let settled = conn.command("PRAGMA journal_mode = DELETE").await;
                conn.close().await;
                settled?;
            }
        }
        let file = tokio::fs::OpenOptions::new().write(true).open(path).await.map_err(unwritable)?;
        file.sync_all().await.map_err(unwritable)
    }

    /// Fills this empty database with all rows of a SQLite file, in one transaction; gives how many.
    ///
    /// # Errors
    /// When this database is not empty, or either cannot be used; nothing is written then.
    pub async fn fill_from(&self, path: &Path) -> Result<u64, StoreError> {
        let file = open_file(path).await?;
        let filled = copy_between(&file.0.source, self).await;
        file.close().await;
        filled
    }
}

/// A SQLite file as a store.
async fn open_file(path: &Path) -> Result<Store, StoreError> {
    let options = StoreOptions { url: format!("sqlite://{}", path.display()), read_connections: 1 };
    Store::open(&options).await.map_err(|e| StoreError::Unavailable(e.to_string()))
}

/// One state of everything, into an empty store, in one transaction.
async fn copy_between(from: &Source, to: &Store) -> Result<u64, StoreError> {
    let mut conn = from.writer().await?;
    to.write(move |tx| {
        Box::pin(async move {
            conn.command(conn.dialect().engine().begin_snapshot).await?;
            let count = copy_all(&mut conn, tx).await?;
            conn.command("COMMIT").await?;
            conn.close().await;
            Ok(count)
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta;

    async fn set(store: &Store, key: &'static str, size: usize) -> Result<(), StoreError> {
        let value = "x".repeat(size);
        store.write(move |conn| Box::pin(async move { meta::set(conn, key, &value).await })).await
    }

    /// A database that may not grow behaves as one on a full disk does.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_disk_keeps_nothing_of_what_failed_and_all_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/keqiao.db", folder.path().display());
        let store = Store::open(&StoreOptions { url, read_connections: 1 }).await.unwrap();
        set(&store, "before", 10).await.unwrap();
        let limited = store.write(|conn| Box::pin(async move { conn.command("PRAGMA max_page_count = 200").await }));
        limited.await.unwrap();
        let (neighbour, large) = tokio::join!(set(&store, "small", 10), set(&store, "large", 9_000_000));
        let refused = large.unwrap_err();
        assert!(matches!(&refused, StoreError::Unavailable(m) if m.contains("disk is full")), "{refused}");
        let conn = &mut store.reader().await.unwrap();
        assert_eq!(meta::get(conn, "before").await.unwrap().unwrap().len(), 10);
        assert_eq!(meta::get(conn, "large").await.unwrap(), None);
        assert_eq!(meta::get(conn, "small").await.unwrap().is_some(), neighbour.is_ok());
        set(&store, "after", 10).await.unwrap();
    }
}

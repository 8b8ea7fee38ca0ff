//! The node's one writer: transactions that wait together share one commit.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot, watch};

use crate::changes;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::store::Source;

/// So many transactions share a commit at most.
const BATCH: usize = 128;
/// So many may wait before callers wait to be let in.
pub(crate) const QUEUE: usize = 1024;

pub(crate) enum Message {
    Job(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// A transaction that waits, its answer's type forgotten.
pub(crate) trait Job: Send {
    /// Does the work; whether it is to be kept.
    fn run<'t>(&'t mut self, conn: &'t mut Conn) -> BoxFuture<'t, bool>;
    /// Answers the caller once it is known whether the batch was committed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// A transaction with its caller.
pub(crate) struct Waiting<T, E, F> {
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Waiting<T, E, F> {
    pub(crate) fn new(work: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (caller, answer) = oneshot::channel();
        (Self { work: Some(work), outcome: None, caller }, answer)
    }
}

impl<T, E, F> Job for Waiting<T, E, F>
where
    F: for<'t> FnOnce(&'t mut Conn) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn run<'t>(&'t mut self, conn: &'t mut Conn) -> BoxFuture<'t, bool> {
        async move {
            let Some(work) = self.work.take() else {
                return false;
            };
            let done = AssertUnwindSafe(async { work(conn).await }).catch_unwind().await;
            let outcome = match (done, conn.failed()) {
                (Err(_), _) => Err(StoreError::Internal("the work on a transaction panicked".to_owned()).into()),
                (Ok(Ok(_)), Some(e)) => Err(e.clone().into()),
                (Ok(outcome), _) => outcome,
            };
            let keep = outcome.is_ok();
            self.outcome = Some(outcome);
            keep
        }
        .boxed()
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(e)), _) => Err(e),
            (_, Err(e)) => Err(e.into()),
            (Some(Ok(t)), Ok(())) => Ok(t),
            (None, Ok(())) => Err(StoreError::Internal("a transaction was not run".to_owned()).into()),
        };
        // A caller that went away misses its answer; what was committed stays.
        let _ = self.caller.send(outcome);
    }
}

/// What the writer tells the rest of the node.
#[derive(Debug)]
pub(crate) struct Progress {
    pub(crate) latest: AtomicI64,
    pub(crate) committed: watch::Sender<i64>,
}

impl Progress {
    pub(crate) fn reached(&self, seq: i64) {
        self.latest.fetch_max(seq, Ordering::SeqCst);
        self.committed.send_if_modified(|known| {
            let further = seq > *known;
            if further {
                *known = seq;
            }
            further
        });
    }
}

pub(crate) struct Writer {
    source: Source,
    /// `None` after it broke: the next batch connects anew.
    conn: Option<Conn>,
    queue: mpsc::Receiver<Message>,
    progress: Arc<Progress>,
}

impl Writer {
    pub(crate) fn new(source: Source, conn: Conn, queue: mpsc::Receiver<Message>, progress: Arc<Progress>) -> Self {
        Self { source, conn: Some(conn), queue, progress }
    }

    /// Works until it is closed or nobody can ask any more.
    pub(crate) async fn run(mut self) {
        let mut closing = None;
        let mut messages = Vec::with_capacity(BATCH);
        while closing.is_none() && self.queue.recv_many(&mut messages, BATCH).await > 0 {
            let mut batch = Vec::with_capacity(messages.len());
            for message in messages.drain(..) {
                match message {
                    Message::Job(job) => batch.push(job),
                    Message::Close(done) => closing = Some(done),
                }
            }
            if !batch.is_empty() {
                self.commit_together(batch).await;
            }
        }
        self.queue.close();
        if let Some(conn) = self.conn.take() {
            conn.close().await;
        }
        if let Some(done) = closing {
            // Whoever closed the store and went away does not wait for this.
            let _ = done.send(());
        }
    }

    /// One transaction, each job in a savepoint of its own; answers after the commit.
    async fn commit_together(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let started = Instant::now();
        let size = jobs.len();
        let result = self.transaction(&mut jobs).await;
        if let Err(e) = &result {
            tracing::warn!(error = %e, jobs = size, "a batch of transactions was not committed");
            self.conn = None;
        }
        metrics::histogram!("keqiao_store_batch_transactions").record(size as f64);
        metrics::histogram!("keqiao_store_commit_seconds").record(started.elapsed().as_secs_f64());
        let committed = result.map(|seq| self.progress.reached(seq));
        for job in jobs {
            job.answer(committed.clone());
        }
    }

    /// The highest sequence number committed.
    async fn transaction(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<i64, StoreError> {
        let conn = self.begun().await?;
        let last = jobs.len().saturating_sub(1);
        conn.command("SAVEPOINT job").await?;
        for (i, job) in jobs.iter_mut().enumerate() {
            let keep = job.run(conn).await;
            // One way to the engine for the end of a job and the beginning of the next.
            let end = match (keep, i == last) {
                (true, false) => "RELEASE SAVEPOINT job; SAVEPOINT job",
                (true, true) => "RELEASE SAVEPOINT job",
                (false, false) => "ROLLBACK TO SAVEPOINT job",
                (false, true) => "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job",
            };
            // An engine that gave up the whole transaction has no savepoint left; the reason is
            // what the job met, not that.
            let ended = conn.command(end).await;
            ended.map_err(|e| conn.failed().cloned().unwrap_or(e))?;
            conn.forget_failure();
        }
        let seq = changes::latest(conn).await?;
        conn.command("COMMIT").await?;
        Ok(seq)
    }

    /// A connection in a fresh transaction; one that broke while it was idle is replaced.
    async fn begun(&mut self) -> Result<&mut Conn, StoreError> {
        if let Some(conn) = &mut self.conn
            && let Err(e) = conn.command(conn.dialect().engine().begin).await
        {
            tracing::warn!(error = %e, "the writer's connection is replaced");
            self.conn = None;
        }
        if self.conn.is_none() {
            let mut conn = self.source.writer().await?;
            conn.command(conn.dialect().engine().begin).await?;
            self.conn = Some(conn);
        }
        self.conn.as_mut().ok_or_else(|| StoreError::Internal("no writer's connection".to_owned()))
    }
}

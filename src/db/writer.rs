//! The one writer: everything that waits is carried out in one transaction, synced, and only then answered.
//!
//! Work comes in as jobs (closures) or through lanes (many items of one kind, written with few statements). The lanes
//! are written without savepoints, which would copy every page before it is changed; if one of them is refused, all is
//! rolled back and written again with a savepoint for each item, so that one bad row cannot poison the rest of its
//! transaction. A job can run only once and has a savepoint of its own, unless it is alone. The task belongs to
//! nobody's request: a caller that goes away cancels nothing. No delay is added to gather a batch; while one
//! commit syncs, the next batch gathers by itself.
//!
//! After an error that is not the fault of one row (disk full, I/O error) the connection is thrown away with its
//! transaction: SQLite has rolled back by then and what follows would run without one.

use super::disk::Disk;
use super::lane::{AnyLane, closed, no_answer};
use super::refusal::{SQLITE_FULL, SQLITE_IOERR, WriteError, primary_code, refusal, settle, step};
use crate::base::Boxed;
use futures_util::FutureExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Notify, mpsc, oneshot, watch};

/// The writer's connection, inside its transaction.
pub type Conn = SqliteConnection;

/// The most jobs that are put into one commit.
const BATCH: usize = 64;
/// How much may wait in a lane before senders are held back.
pub(super) const QUEUE: usize = 4_096;

/// Writes all lanes without savepoints; `false` when one of them was refused.
async fn at_one_go(lanes: &mut [Box<dyn AnyLane>], conn: &mut Conn) -> Result<bool, sqlx::Error> {
    for lane in lanes {
        if !lane.is_empty() && !lane.run(conn).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

type Job = Box<dyn AnyJob>;

trait AnyJob: Send {
    /// `alone`: there is nothing else in the transaction. `false`: the job was refused, and what it did still stands.
    fn run<'a>(&'a mut self, conn: &'a mut Conn, alone: bool) -> Boxed<'a, Result<bool, sqlx::Error>>;
    fn answer(self: Box<Self>, lost: Option<&WriteError>);
}

struct TypedJob<T, F> {
    work: Option<F>,
    answer: Option<Result<T, WriteError>>,
    asker: oneshot::Sender<Result<T, WriteError>>,
}

impl<T, F> AnyJob for TypedJob<T, F>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> Boxed<'c, Result<T, sqlx::Error>> + Send + 'static,
{
    fn run<'a>(&'a mut self, conn: &'a mut Conn, alone: bool) -> Boxed<'a, Result<bool, sqlx::Error>> {
        Box::pin(async move {
            let Some(work) = self.work.take() else { return Ok(true) };
            if !alone {
                step("SAVEPOINT work", conn).await?;
            }
            let done = AssertUnwindSafe(async { work(&mut *conn).await }).catch_unwind().await;
            let answer = if alone { refusal(done)? } else { settle(conn, done).await? };
            let stands = !alone || answer.is_ok();
            self.answer = Some(answer);
            Ok(stands)
        })
    }

    fn answer(self: Box<Self>, lost: Option<&WriteError>) {
        let answer = match lost {
            Some(error) => Err(error.clone()),
            None => self.answer.unwrap_or_else(|| Err(no_answer())),
        };
        let _gone = self.asker.send(answer);
    }
}

/// The way to the writer task. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    bell: Arc<Notify>,
    closing: Arc<AtomicBool>,
    healthy: watch::Receiver<bool>,
    broken: watch::Receiver<Option<Arc<str>>>,
    done: Arc<tokio::sync::Mutex<Option<oneshot::Receiver<()>>>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Starts the task on its connection. Earlier lanes are written first.
    pub fn spawn(
        connection: SqliteConnection,
        options: SqliteConnectOptions,
        lanes: Vec<Box<dyn AnyLane>>,
        bell: Arc<Notify>,
        disk: Arc<Disk>,
    ) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let (health, healthy) = watch::channel(true);
        let (breaking, broken) = watch::channel(None);
        let closing = Arc::new(AtomicBool::new(false));
        let task = Task {
            connection: Some(connection),
            options,
            lanes,
            queue,
            jobs: Vec::new(),
            bell: Arc::clone(&bell),
            closing: Arc::clone(&closing),
            health,
            breaking,
            disk,
        };
        let done = Arc::new(tokio::sync::Mutex::new(Some(task.on_a_thread_of_its_own())));
        Self { jobs, bell, closing, healthy, broken, done }
    }

    /// See [`super::Db::write`].
    pub async fn write<T, F>(&self, work: F) -> Result<T, WriteError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> Boxed<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        let (asker, answered) = oneshot::channel();
        let job = TypedJob { work: Some(work), answer: None, asker };
        self.jobs.send(Box::new(job)).await.map_err(|_| closed())?;
        self.bell.notify_one();
        answered.await.map_err(|_| closed())?
    }

    /// Whether the last commit went through.
    pub fn healthy(&self) -> bool {
        *self.healthy.borrow()
    }

    /// Resolves with the reason when the disk itself has failed: what it holds must not be trusted by this
    /// process any more, which should end and start again.
    pub async fn broken(&self) -> Arc<str> {
        let mut broken = self.broken.clone();
        loop {
            if let Some(reason) = broken.borrow_and_update().clone() {
                return reason;
            }
            if broken.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Writes what waits, folds the log into the file, ends the task.
    pub async fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.bell.notify_one();
        if let Some(done) = self.done.lock().await.take()
            && done.await.is_err()
        {
            tracing::error!("the writer did not end cleanly");
        }
    }
}

struct Task {
    connection: Option<SqliteConnection>,
    options: SqliteConnectOptions,
    lanes: Vec<Box<dyn AnyLane>>,
    queue: mpsc::Receiver<Job>,
    jobs: Vec<Job>,
    bell: Arc<Notify>,
    closing: Arc<AtomicBool>,
    health: watch::Sender<bool>,
    breaking: watch::Sender<Option<Arc<str>>>,
    disk: Arc<Disk>,
}

impl Task {
    /// Each statement is answered by the engine's own thread; on the runtime of everybody else each of those answers would
    /// wait its turn among requests. The receiver hears when the task has ended.
    fn on_a_thread_of_its_own(self) -> oneshot::Receiver<()> {
        let (ended, done) = oneshot::channel();
        let work = async move {
            self.run().await;
            let _nobody_waits = ended.send(());
        };
        match tokio::runtime::Builder::new_current_thread().enable_time().build() {
            Ok(runtime) => drop(std::thread::spawn(move || runtime.block_on(work))),
            Err(error) => {
                tracing::warn!(%error, "the writer shares the runtime of the requests");
                drop(tokio::spawn(work));
            }
        }
        done
    }

    async fn run(mut self) {
        loop {
            if self.collect() == 0 {
                if self.closing.load(Ordering::SeqCst) {
                    break;
                }
                tokio::select! {
                    () = self.bell.notified() => {}
                    job = self.queue.recv() => match job {
                        Some(job) => self.jobs.push(job),
                        None => break,
                    },
                }
                // Whoever is about to hand something over may do so first; nobody waits for it.
                tokio::task::yield_now().await;
                continue;
            }
            let lost = self.commit().await.err();
            self.health.send_replace(lost.is_none());
            for lane in &mut self.lanes {
                lane.answer(lost.as_ref());
            }
            for job in self.jobs.drain(..) {
                job.answer(lost.as_ref());
            }
        }
        self.close().await;
    }

    fn collect(&mut self) -> usize {
        let mut waiting: usize = self.lanes.iter_mut().map(|lane| lane.collect()).sum();
        while self.jobs.len() < BATCH {
            let Ok(job) = self.queue.try_recv() else { break };
            self.jobs.push(job);
        }
        waiting += self.jobs.len();
        waiting
    }

    async fn commit(&mut self) -> Result<(), WriteError> {
        // A disk that failed once may say yes the next time and not mean it: nothing is answered any more.
        if let Some(reason) = self.breaking.borrow().clone() {
            return Err(WriteError::Unavailable(reason));
        }
        match self.transaction().await {
            Ok(()) => Ok(()),
            Err(error) => {
                let reason: Arc<str> = error.to_string().into();
                tracing::error!(%error, "the database could not commit; nothing of this batch was stored");
                match primary_code(&error) {
                    Some(SQLITE_IOERR) => drop(self.breaking.send_replace(Some(Arc::clone(&reason)))),
                    Some(SQLITE_FULL) => self.disk.did_not_fit(),
                    _ => {}
                }
                if let Some(connection) = self.connection.take() {
                    let _already_broken = connection.close_hard().await;
                }
                Err(WriteError::Unavailable(reason))
            }
        }
    }

    async fn transaction(&mut self) -> Result<(), sqlx::Error> {
        if self.connection.is_none() {
            self.connection = Some(self.options.connect().await?);
        }
        let Some(conn) = self.connection.as_mut() else { return Err(sqlx::Error::WorkerCrashed) };
        step("BEGIN IMMEDIATE", conn).await?;
        let with_lanes = self.lanes.iter().any(|lane| !lane.is_empty());
        if !at_one_go(&mut self.lanes, conn).await? {
            step("ROLLBACK", conn).await?;
            step("BEGIN IMMEDIATE", conn).await?;
            for lane in &mut self.lanes {
                lane.undone();
                lane.run_each(conn).await?;
            }
        }
        let alone = !with_lanes && self.jobs.len() == 1;
        for job in &mut self.jobs {
            if !job.run(conn, alone).await? {
                return step("ROLLBACK", conn).await;
            }
        }
        step("COMMIT", conn).await
    }

    async fn close(mut self) {
        if let Some(mut connection) = self.connection.take() {
            if let Err(error) = step("PRAGMA wal_checkpoint(TRUNCATE)", &mut connection).await {
                tracing::warn!(%error, "the log could not be folded into the database; the next start does it");
            }
            let _closed = connection.close().await;
        }
    }
}

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

/// The most items that one lane puts into one commit.
const BATCH: usize = 64;
/// How much may wait in a lane before senders are held back.
const QUEUE: usize = 4_096;

/// Why something was not written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// This piece of work was refused (a constraint, a row that is not there); everything else went through.
    #[error("{0}")]
    Refused(Arc<sqlx::Error>),
    /// The database cannot commit at the moment. Nothing of this work was stored; try again soon.
    #[error("the database cannot commit: {0}")]
    Unavailable(Arc<str>),
}

impl WriteError {
    /// Whether a unique index said no.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, WriteError::Refused(e) if e.as_database_error().is_some_and(|d| d.is_unique_violation()))
    }
}

/// A kind of work whose items are written together.
pub trait Lane: Send + 'static {
    /// What comes in.
    type Item: Send + Sync + 'static;
    /// What goes back, after the commit.
    type Answer: Send + 'static;

    /// Writes all items and answers in their order. Called again, with one item at a time, when something in its
    /// transaction was refused.
    fn apply<'a>(
        &'a mut self,
        conn: &'a mut Conn,
        items: &'a [Self::Item],
    ) -> Boxed<'a, Result<Vec<Self::Answer>, sqlx::Error>>;

    /// Called after each commit that held items of this lane.
    fn committed(&mut self) {}

    /// Called when everything applied since the last commit was undone; it may be applied again.
    fn undone(&mut self) {}
}

/// The way into a lane. Cheap to clone.
pub struct Handle<I, A> {
    queue: mpsc::Sender<(I, oneshot::Sender<Result<A, WriteError>>)>,
    bell: Arc<Notify>,
}

impl<I, A> Clone for Handle<I, A> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone(), bell: Arc::clone(&self.bell) }
    }
}

impl<I, A> std::fmt::Debug for Handle<I, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle")
    }
}

impl<I: Send + 'static, A: Send + 'static> Handle<I, A> {
    /// A way into no lane: every write is answered with [`WriteError::Unavailable`].
    pub fn unconnected() -> Self {
        Self { queue: mpsc::channel(1).0, bell: Arc::new(Notify::new()) }
    }

    /// Hands one item over and waits for the commit that holds it.
    ///
    /// # Errors
    /// [`WriteError`]; nothing of this item is stored then.
    pub async fn write(&self, item: I) -> Result<A, WriteError> {
        let (answer, answered) = oneshot::channel();
        self.queue.send((item, answer)).await.map_err(|_| closed())?;
        self.bell.notify_one();
        answered.await.map_err(|_| closed())?
    }

    /// Hands several items over, in order and as close together as the queue has room, and waits for all their commits.
    /// Each is answered for itself.
    pub async fn write_all(&self, items: Vec<I>) -> Vec<Result<A, WriteError>> {
        let waiting = self.put(items).await;
        self.ring();
        waiting.all().await
    }

    /// Wakes the writer.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Puts items into the next commit without asking for one: whoever writes next takes them along. To be followed by
    /// a write, or by [`Handle::ring`].
    pub async fn put(&self, items: Vec<I>) -> Waiting<A> {
        let mut waiting = Vec::with_capacity(items.len());
        for item in items {
            let (answer, answered) = oneshot::channel();
            match self.queue.try_send((item, answer)) {
                Ok(()) => {}
                Err(mpsc::error::TrySendError::Full(item)) => {
                    // The writer must be awake to make room.
                    self.bell.notify_one();
                    let _closed_shows_below = self.queue.send(item).await;
                }
                Err(mpsc::error::TrySendError::Closed(_)) => {}
            }
            waiting.push(answered);
        }
        Waiting(waiting)
    }
}

/// Items that were handed over and wait for their commits.
pub struct Waiting<A>(Vec<oneshot::Receiver<Result<A, WriteError>>>);

impl<A> Waiting<A> {
    /// The answers, in the order of the items.
    pub async fn all(self) -> Vec<Result<A, WriteError>> {
        let mut answers = Vec::with_capacity(self.0.len());
        for answered in self.0 {
            answers.push(answered.await.unwrap_or_else(|_| Err(closed())));
        }
        answers
    }
}

fn closed() -> WriteError {
    WriteError::Unavailable("the service is shutting down".into())
}

/// A lane without its types, as the writer holds it.
pub trait AnyLane: Send {
    /// Takes what waits, up to the size of a batch; says how many items it holds now.
    fn collect(&mut self) -> usize;
    /// Whether nothing was collected.
    fn is_empty(&self) -> bool;
    /// Writes what was collected at one go. `false`: something was refused, and the transaction must be undone. An error
    /// means that it is lost.
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> Boxed<'a, Result<bool, sqlx::Error>>;
    /// Writes what was collected item by item, each with a savepoint. An error means that the transaction is lost.
    fn run_each<'a>(&'a mut self, conn: &'a mut Conn) -> Boxed<'a, Result<(), sqlx::Error>>;
    /// Everything since the last commit was undone.
    fn undone(&mut self);
    /// Tells everyone collected how it ended: committed, or why not.
    fn answer(&mut self, lost: Option<&WriteError>);
}

/// Who waits for an answer.
type Asker<A> = oneshot::Sender<Result<A, WriteError>>;

struct TypedLane<L: Lane> {
    lane: L,
    queue: mpsc::Receiver<(L::Item, Asker<L::Answer>)>,
    items: Vec<L::Item>,
    askers: Vec<Asker<L::Answer>>,
    answers: Vec<Result<L::Answer, WriteError>>,
}

/// A lane, and the way into it.
pub type LaneAndHandle<L> = (Box<dyn AnyLane>, Handle<<L as Lane>::Item, <L as Lane>::Answer>);

/// A lane and its handle; `bell` is what wakes the writer.
pub fn lane<L: Lane>(lane: L, bell: &Arc<Notify>) -> LaneAndHandle<L> {
    let (sender, queue) = mpsc::channel(QUEUE);
    let handle = Handle { queue: sender, bell: Arc::clone(bell) };
    let typed = TypedLane { lane, queue, items: Vec::new(), askers: Vec::new(), answers: Vec::new() };
    (Box::new(typed), handle)
}

impl<L: Lane> AnyLane for TypedLane<L> {
    fn collect(&mut self) -> usize {
        while self.items.len() < BATCH {
            let Ok((item, asker)) = self.queue.try_recv() else { break };
            self.items.push(item);
            self.askers.push(asker);
        }
        self.items.len()
    }

    fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> Boxed<'a, Result<bool, sqlx::Error>> {
        Box::pin(async move {
            let done = AssertUnwindSafe(self.lane.apply(conn, &self.items)).catch_unwind().await;
            match done {
                Ok(Ok(answers)) => self.answers = answers.into_iter().map(Ok).collect(),
                Ok(Err(error)) if loses_the_transaction(&error) => return Err(error),
                Ok(Err(error)) => {
                    tracing::warn!(%error, items = self.items.len(), "a batch was refused; writing its rows one by one");
                    return Ok(false);
                }
                Err(_panic) => return Ok(false),
            }
            Ok(true)
        })
    }

    fn run_each<'a>(&'a mut self, conn: &'a mut Conn) -> Boxed<'a, Result<(), sqlx::Error>> {
        Box::pin(async move {
            self.answers.clear();
            for item in &self.items {
                step("SAVEPOINT work", conn).await?;
                let one = self.lane.apply(conn, std::slice::from_ref(item));
                let done = AssertUnwindSafe(one).catch_unwind().await;
                let answer = settle(conn, done).await?;
                self.answers.push(answer.and_then(|mut a| a.pop().ok_or_else(no_answer)));
            }
            Ok(())
        })
    }

    fn undone(&mut self) {
        self.lane.undone();
    }

    fn answer(&mut self, lost: Option<&WriteError>) {
        let had = !self.items.is_empty();
        self.items.clear();
        let mut answers = std::mem::take(&mut self.answers).into_iter();
        for asker in self.askers.drain(..) {
            let answer = match lost {
                Some(error) => Err(error.clone()),
                None => answers.next().unwrap_or_else(|| Err(no_answer())),
            };
            // A caller that has gone away is no concern: its work is stored.
            let _gone = asker.send(answer);
        }
        match lost {
            _ if !had => {}
            None => self.lane.committed(),
            Some(_) => self.lane.undone(),
        }
    }
}

fn no_answer() -> WriteError {
    WriteError::Refused(Arc::new(sqlx::Error::Protocol("the lane gave no answer for this item".into())))
}

async fn step(sql: &'static str, conn: &mut Conn) -> Result<(), sqlx::Error> {
    sqlx::query(sql).execute(conn).await.map(drop)
}

/// Ends a savepoint. `Err` outside: the transaction is lost. `Err` inside: only this work is, and it is undone.
async fn settle<T>(
    conn: &mut Conn,
    done: std::thread::Result<Result<T, sqlx::Error>>,
) -> Result<Result<T, WriteError>, sqlx::Error> {
    let answer = refusal(done)?;
    if answer.is_err() {
        step("ROLLBACK TO work", conn).await?;
    }
    step("RELEASE work", conn).await?;
    Ok(answer)
}

/// How a piece of work ended. `Err` outside: the transaction is lost. `Err` inside: only this work was refused.
fn refusal<T>(done: std::thread::Result<Result<T, sqlx::Error>>) -> Result<Result<T, WriteError>, sqlx::Error> {
    let error = match done {
        Ok(Ok(value)) => return Ok(Ok(value)),
        Ok(Err(error)) if loses_the_transaction(&error) => return Err(error),
        Ok(Err(error)) => error,
        Err(_panic) => sqlx::Error::Protocol("this piece of work panicked and was undone".into()),
    };
    Ok(Err(WriteError::Refused(Arc::new(error))))
}

/// Writes all lanes without savepoints; `false` when one of them was refused.
async fn at_one_go(lanes: &mut [Box<dyn AnyLane>], conn: &mut Conn) -> Result<bool, sqlx::Error> {
    for lane in lanes {
        if !lane.is_empty() && !lane.run(conn).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether an error is the database's trouble rather than one row's.
fn loses_the_transaction(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(_) => {
            !matches!(primary_code(error), Some(SQLITE_CONSTRAINT | SQLITE_ERROR | SQLITE_MISMATCH | SQLITE_TOOBIG))
        }
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed => true,
        _ => false,
    }
}

// https://www.sqlite.org/rescode.html
const SQLITE_ERROR: u32 = 1;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
const SQLITE_TOOBIG: u32 = 18;
const SQLITE_CONSTRAINT: u32 = 19;
const SQLITE_MISMATCH: u32 = 20;

/// SQLite's primary result code: the low byte of the extended one.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|c| c & 0xff)
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

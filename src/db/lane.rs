//! Lanes of the writer: many items of one kind, written together with few statements.

use super::refusal::{WriteError, loses_the_transaction, settle, step};
use super::writer::{Conn, QUEUE};
use crate::base::Boxed;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, oneshot};

/// The most items that one lane puts into one commit.
const BATCH: usize = 64;

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

pub(super) fn closed() -> WriteError {
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

pub(super) fn no_answer() -> WriteError {
    WriteError::Refused(Arc::new(sqlx::Error::Protocol("the lane gave no answer for this item".into())))
}

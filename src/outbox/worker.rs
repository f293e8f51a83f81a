//! The worker: one courier per channel takes what is leased, sends it, settles it; a watchman (`watch`) looks
//! after what is neither waiting nor done.
//!
//! Couriers get what a commit has leased for them, are nudged when more is due, and look by themselves every second.
//! No transaction is open while a vendor is spoken to. Each send is a task of its own: a panic costs one attempt, whose
//! outcome is unknown. A mail that has left and only lacks its answer waits in a pool of its own, its lease renewed.

use super::channel::{Handed, Medium, Outcome};
use super::courier::{Courier, Ended};
use super::dispatch::{Ask, ClaimLane, Departure, Dispatch, Leaving};
use super::machine::{self, Next};
use super::route::Report;
use super::store::claim::{self, Claimed, lease_ms};
use super::store::recover::{self, Orphans};
use super::store::settle::{SettleLane, Settled, Told};
use super::tally::Tally;
use crate::base::Boxed;
use crate::db::{Db, Handle, Opening, WriteError};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// How long a shutdown waits for sends that are under way.
pub const DRAIN: Duration = Duration::from_secs(12);
/// How often everybody looks without being woken.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often the lease of a mail that waits for its answer is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(10);

/// The outbox's lanes of the writer.
#[derive(Clone, Debug)]
pub struct Lanes {
    pub(super) settle: Handle<Settled, ()>,
    pub(super) claims: Handle<Ask, Departure>,
}

impl Lanes {
    /// Registers the lanes. `told` is called after each commit with the businesses whose messages moved.
    pub fn open(opening: &mut Opening, told: Told) -> Self {
        // Settled first: one commit frees slots and fills them again.
        let settle = opening.lane(SettleLane::new(told));
        Self { settle, claims: opening.lane(ClaimLane) }
    }

    /// Lanes to nowhere: every write fails.
    pub fn unconnected() -> Self {
        Self { settle: Handle::unconnected(), claims: Handle::unconnected() }
    }
}

/// The outbox at work.
pub struct Outbox {
    pub(super) db: Db,
    pub(super) lanes: Lanes,
    pub(super) dispatch: Arc<Dispatch>,
    stopping: AtomicBool,
    pub(super) stop: Notify,
    pub(super) seen_at_mono: AtomicI64,
    pub(super) swept_at_mono: AtomicI64,
    /// Wall clock less monotonic clock, as last seen.
    pub(super) wall_is_ahead_by: AtomicI64,
    pub(super) clock_seen_at_mono: AtomicI64,
    /// Counters.
    pub tally: Tally,
}

/// A mail that has left and waits for its answer.
pub(super) struct Patient {
    message: Claimed,
    _report: Option<Report>,
    began: i64,
    pub(super) answer: Boxed<'static, Outcome>,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outbox({:?})", self.dispatch.routes.keys().collect::<Vec<_>>())
    }
}

impl Outbox {
    /// The outbox of a database, with its ways out.
    pub fn new(db: Db, lanes: Lanes, dispatch: Arc<Dispatch>) -> Self {
        let wall_is_ahead_by = AtomicI64::new(dispatch.clock.now_ms() - dispatch.clock.mono_ms());
        Self {
            db,
            lanes,
            dispatch,
            stopping: AtomicBool::new(false),
            stop: Notify::new(),
            seen_at_mono: AtomicI64::new(0),
            swept_at_mono: AtomicI64::new(0),
            wall_is_ahead_by,
            clock_seen_at_mono: AtomicI64::new(0),
            tally: Tally::default(),
        }
    }

    /// Something was planned: look now.
    pub fn nudge(&self) {
        self.dispatch.nudge();
    }

    /// Something was planned for this channel alone.
    pub fn nudge_one(&self, medium: Medium) {
        if let Some(route) = self.dispatch.routes.get(&medium) {
            route.nudge.notify_one();
        }
    }

    /// Why a channel is not sending at the moment, if it is not.
    pub fn trouble(&self, medium: Medium) -> Option<String> {
        self.dispatch.routes.get(&medium)?.trouble()
    }

    /// The vendor behind a channel.
    pub fn vendor(&self, medium: Medium) -> Option<&'static str> {
        self.dispatch.routes.get(&medium).map(|route| route.channel.vendor())
    }

    /// How long ago the watchman made his last round, on the monotonic clock.
    pub fn idle_ms(&self) -> i64 {
        self.dispatch.clock.mono_ms() - self.seen_at_mono.load(Ordering::Relaxed)
    }

    /// To be done once before anything is sent: what an earlier process left behind becomes unknown.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn recover(&self) -> Result<usize, WriteError> {
        let (boot, now) = (self.dispatch.boot_id.clone(), self.dispatch.clock.now_ms());
        let found = self
            .db
            .write(move |c| {
                Box::pin(async move {
                    recover::from_the_future(c, now).await?;
                    recover::orphans(c, Orphans::OfOtherBoots(&boot), now).await
                })
            })
            .await?;
        if found > 0 {
            tracing::warn!(
                messages = found,
                "sends were cut off by the last stop; asking the vendor before anything is sent again"
            );
        }
        Ok(found)
    }

    /// Runs until [`Outbox::stop`], then lets what is under way finish for [`DRAIN`] at most.
    pub async fn run(self: Arc<Self>) {
        let mut tasks = JoinSet::new();
        for medium in self.dispatch.routes.keys().copied() {
            tasks.spawn(Courier::work(Arc::clone(&self), medium));
        }
        tasks.spawn(Arc::clone(&self).watchman());
        self.dispatch.man(true);
        if self.is_stopping() {
            self.dispatch.man(false);
        }
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                // Nobody may be there to take what the road leases.
                self.dispatch.man(false);
                tracing::error!(%error, "a part of the outbox has died");
            }
        }
    }

    /// No more claims.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.dispatch.man(false);
        self.stop.notify_waiters();
        self.nudge();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Leases what is due on a channel.
    async fn claim(&self, medium: Medium) -> Result<Departure, WriteError> {
        self.lanes.claims.write(Ask { dispatch: Arc::clone(&self.dispatch), medium }).await
    }

    /// Whether there is anything to lease: a look without a write.
    pub(super) async fn anything_due(&self, medium: Medium) -> bool {
        let due = claim::anything_due(self.db.read(), medium, self.dispatch.clock.now_ms()).await;
        due.map_or(true, |found| found.is_some())
    }

    /// Sends one message, unless the vendor has it and owes the answer.
    pub(super) async fn deliver(self: Arc<Self>, medium: Medium, leaving: Leaving) -> Ended {
        let Some(route) = self.dispatch.routes.get(&medium) else { return Ended::Nothing };
        let began = self.dispatch.clock.mono_ms();
        let sending = async { route.channel.hand_over(&leaving.message.outgoing).await };
        match AssertUnwindSafe(sending).catch_unwind().await {
            Ok(Handed::Done(outcome)) => Ended::Settled(self.judge(medium, leaving.message, outcome, began)),
            Ok(Handed::Waiting(answer)) => {
                // It only lacks its answer and gives up its slot.
                let Leaving { message, slots: (_slot, _report) } = leaving;
                Ended::Patient(Patient { message, _report, began, answer })
            }
            Err(_panic) => Ended::Settled(self.judge(medium, leaving.message, panicked(), began)),
        }
    }

    /// Waits for the answer to a mail that has left, for as long as its channel does.
    pub(super) async fn wait(self: Arc<Self>, medium: Medium, patient: Patient) {
        let Patient { message, _report, began, answer } = patient;
        let mut answer = AssertUnwindSafe(answer).catch_unwind();
        let outcome = loop {
            tokio::select! {
                outcome = &mut answer => break outcome.unwrap_or_else(|_| panicked()),
                () = tokio::time::sleep(RENEW_EVERY) => {
                    let (id, token) = (message.outgoing.id.clone(), message.lease_token.clone());
                    let until = self.dispatch.clock.mono_ms() + lease_ms(medium);
                    let renewed = self.db.write(move |c| {
                        Box::pin(async move { claim::renew(c, &id, &token, until).await })
                    });
                    if let Err(error) = renewed.await {
                        tracing::warn!(%error, message = %message.outgoing.id, "a lease could not be renewed");
                    }
                }
            }
        };
        let settled = self.judge(medium, message, outcome, began);
        self.settle(vec![settled], None).await;
    }

    /// What an attempt's end means for its message.
    fn judge(&self, medium: Medium, message: Claimed, outcome: Outcome, began: i64) -> Settled {
        self.tally.count(&outcome);
        tracing::info!(
            message = %message.outgoing.id,
            purpose = message.standing.purpose.as_str(),
            channel = medium.as_str(),
            attempt = message.outgoing.attempt,
            to = %crate::base::mask::contact(&message.outgoing.to),
            outcome = outcome.word(),
            "message handed over or not"
        );
        if let Some(route) = self.dispatch.routes.get(&medium) {
            route.note(&outcome, began, self.dispatch.clock.mono_ms());
        }
        let now = self.dispatch.clock.now_ms();
        let next = machine::after_attempt(&message.standing, outcome, now, &self.dispatch.random);
        settled(message, next, now)
    }

    /// A message that was leased and not begun goes back to the queue: its channel has failed meanwhile.
    pub(super) fn give_back(&self, leaving: Leaving) -> Settled {
        let now = self.dispatch.clock.now_ms();
        let next = machine::given_back(&leaving.message.standing, now);
        settled(leaving.message, next, now)
    }

    /// Writes down how attempts ended, and leases more in the same commit if a channel asks for it.
    pub(super) async fn settle(&self, ended: Vec<Settled>, asks: Option<Medium>) -> Option<Departure> {
        let ids: Vec<_> = ended.iter().map(|settled| settled.id.clone()).collect();
        let settling = self.lanes.settle.put(ended).await;
        let departure = match asks {
            Some(medium) => self.claim(medium).await.map_err(|error| {
                tracing::error!(%error, channel = medium.as_str(), "could not claim messages; trying again");
            }),
            None => {
                self.lanes.settle.ring();
                Err(())
            }
        };
        for (id, settled) in ids.iter().zip(settling.all().await) {
            if let Err(error) = settled {
                tracing::error!(%error, message = %id, "the outcome of a send could not be stored; it will be looked up");
            }
        }
        departure.ok()
    }

    /// Sends what is due now and looks after the rest, until nothing moves any more: the worker without its loops,
    /// for tests and commands. Returns how many messages moved.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn run_dry(self: &Arc<Self>) -> Result<usize, WriteError> {
        let mut moved = 0;
        loop {
            let mut now_moved = self.watch().await?;
            for medium in self.dispatch.routes.keys().copied() {
                if !self.anything_due(medium).await {
                    continue;
                }
                let departure = self.claim(medium).await?;
                now_moved += departure.moved + departure.leaving.len();
                let mut under_way = JoinSet::new();
                for leaving in departure.leaving {
                    under_way.spawn(Arc::clone(self).deliver(medium, leaving));
                }
                while let Some(done) = under_way.join_next().await {
                    match done {
                        Ok(Ended::Settled(settled)) => drop(self.settle(vec![settled], None).await),
                        Ok(Ended::Patient(patient)) => Arc::clone(self).wait(medium, patient).await,
                        Ok(Ended::Nothing) | Err(_) => {}
                    }
                }
            }
            if now_moved == 0 {
                return Ok(moved);
            }
            moved += now_moved;
        }
    }
}

fn settled(message: Claimed, next: Next, now: i64) -> Settled {
    Settled {
        id: message.outgoing.id,
        business_id: message.outgoing.business_id,
        lead_id: message.lead_id,
        purpose: message.standing.purpose,
        attempt: message.standing.attempts,
        lease_token: message.lease_token,
        next,
        sent_at: message.standing.sent_at,
        at: now,
    }
}

fn panicked() -> Outcome {
    let reason = "Something broke while it was being sent, so it may or may not arrive.".to_owned();
    Outcome::Unknown { reason, code: None }
}

//! The worker: one courier per channel claims what is due, sends it, settles it; a watchman (`watch`) looks
//! after what is neither waiting nor done.
//!
//! Couriers are woken by a nudge after each commit that planned something, and look by themselves every second.
//! No transaction is open while a vendor is spoken to. Each send is a task of its own: a panic costs one attempt, whose
//! outcome is unknown. A mail that has left and only lacks its answer waits in a pool of its own, its lease renewed.

use super::bundle::Limits;
use super::channel::{Channel, Handed, Medium, Outcome};
use super::machine;
use super::route::{PATIENT, Report, Room, Route};
use super::store::claim::{self, Catch, Claimed, Order, lease_ms};
use super::store::recover::{self, Orphans};
use super::store::settle::Settled;
use super::tally::Tally;
use crate::base::Boxed;
use crate::base::clock::Clock;
use crate::base::random::Random;
use crate::db::{Db, Handle, WriteError};
use futures_util::FutureExt;
use std::collections::BTreeMap;
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

/// The outbox at work.
pub struct Outbox {
    pub(super) db: Db,
    settle: Handle<Settled, ()>,
    pub(super) routes: BTreeMap<Medium, Arc<Route>>,
    pub(super) clock: Clock,
    random: Arc<Random>,
    pub(super) boot_id: String,
    limits: Limits,
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
struct Patient {
    message: Claimed,
    began: i64,
    answer: Boxed<'static, Outcome>,
    _report: Option<Report>,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outbox({:?})", self.routes.keys().collect::<Vec<_>>())
    }
}

impl Outbox {
    /// The outbox of a database, with its ways out. `boot_id` names this process; `limits` hold messages back.
    pub fn new(
        db: Db,
        settle: Handle<Settled, ()>,
        channels: Vec<Arc<dyn Channel>>,
        clock: Clock,
        random: Arc<Random>,
        boot_id: String,
        limits: Limits,
    ) -> Self {
        let limited = limits.on;
        let routes = channels
            .into_iter()
            .map(|channel| (channel.medium(), Arc::new(Route::new(channel, limited, clock.mono_ms()))))
            .collect();
        let wall_is_ahead_by = AtomicI64::new(clock.now_ms() - clock.mono_ms());
        Self {
            db,
            settle,
            routes,
            clock,
            random,
            boot_id,
            limits,
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
        for route in self.routes.values() {
            route.nudge.notify_one();
        }
    }

    /// Why a channel is not sending at the moment, if it is not.
    pub fn trouble(&self, medium: Medium) -> Option<String> {
        self.routes.get(&medium)?.trouble()
    }

    /// The vendor behind a channel.
    pub fn vendor(&self, medium: Medium) -> Option<&'static str> {
        self.routes.get(&medium).map(|route| route.channel.vendor())
    }

    /// How long ago the watchman made his last round, on the monotonic clock.
    pub fn idle_ms(&self) -> i64 {
        self.clock.mono_ms() - self.seen_at_mono.load(Ordering::Relaxed)
    }

    /// To be done once before anything is sent: what an earlier process left behind becomes unknown.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn recover(&self) -> Result<usize, WriteError> {
        let (boot, now) = (self.boot_id.clone(), self.clock.now_ms());
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
        for medium in self.routes.keys().copied() {
            tasks.spawn(Arc::clone(&self).courier(medium));
        }
        tasks.spawn(Arc::clone(&self).watchman());
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a part of the outbox has died");
            }
        }
    }

    /// No more claims.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.stop.notify_waiters();
        self.nudge();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    async fn courier(self: Arc<Self>, medium: Medium) {
        let Some(route) = self.routes.get(&medium) else { return };
        let (mut under_way, mut patient) = (JoinSet::new(), JoinSet::new());
        let mut backlog = false;
        while !self.is_stopping() {
            let room = route.room(under_way.len(), self.clock.mono_ms());
            if room.is_worth_a_claim(backlog) {
                match self.claim(medium, route, room).await {
                    Ok(catch) => {
                        backlog = catch.moved > 0 || catch.claimed.len() >= room.now;
                        for message in catch.claimed {
                            under_way.spawn(Arc::clone(&self).deliver(medium, message));
                        }
                        if backlog {
                            continue;
                        }
                    }
                    Err(error) => {
                        tracing::error!(%error, channel = medium.as_str(), "could not claim messages; trying again")
                    }
                }
            }
            tokio::select! {
                () = route.nudge.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                Some(done) = under_way.join_next() => self.stand_aside(medium, done, &mut patient),
            }
            while let Some(done) = under_way.try_join_next() {
                self.stand_aside(medium, done, &mut patient);
            }
            while patient.try_join_next().is_some() {}
        }
        let drained = tokio::time::timeout(DRAIN, async {
            while let Some(done) = under_way.join_next().await {
                self.stand_aside(medium, done, &mut patient);
            }
            while patient.join_next().await.is_some() {}
        })
        .await;
        if drained.is_err() {
            let messages = under_way.len() + patient.len();
            tracing::warn!(messages, "not finished in time; they are looked up at the next start");
        }
    }

    /// A mail that only lacks its answer gives up its slot.
    fn stand_aside(
        self: &Arc<Self>,
        medium: Medium,
        done: Result<Option<Patient>, tokio::task::JoinError>,
        waiting: &mut JoinSet<()>,
    ) {
        match done {
            Ok(None) => {}
            Ok(Some(mut patient)) => {
                if waiting.len() >= PATIENT {
                    let reason = "The vendor did not answer in time, so it may or may not arrive.".to_owned();
                    patient.answer = Box::pin(std::future::ready(Outcome::Unknown { reason, code: None }));
                }
                waiting.spawn(Arc::clone(self).wait(medium, patient));
            }
            Err(error) => tracing::error!(%error, "a send has died; its outcome is looked up once its lease has ended"),
        }
    }

    async fn claim(&self, medium: Medium, route: &Route, room: Room) -> Result<Catch, WriteError> {
        let now = self.clock.now_ms();
        if !self.anything_due(medium, now).await {
            return Ok(Catch::default());
        }
        let order = Order {
            medium,
            room: room.now,
            net: route.net(room.now),
            now,
            mono: self.clock.mono_ms(),
            boot_id: self.boot_id.clone(),
            oldest_first: route.is_turn_of_the_oldest(),
            reports: route.reports(),
            segments: room.segments,
            limits: self.limits.clone(),
        };
        let random = Arc::clone(&self.random);
        let catch = self.db.write(move |c| Box::pin(async move { claim::claim(c, &order, &random).await })).await?;
        route.caught(catch.segments, catch.moved);
        Ok(catch)
    }

    /// A look without a write: an idle house syncs nothing.
    async fn anything_due(&self, medium: Medium, now: i64) -> bool {
        let due: Result<Option<i64>, sqlx::Error> = claim::anything_due(self.db.read(), medium, now).await;
        due.map_or(true, |found| found.is_some())
    }

    /// Sends one message and settles it, unless the vendor has it and owes the answer.
    async fn deliver(self: Arc<Self>, medium: Medium, message: Claimed) -> Option<Patient> {
        let route = self.routes.get(&medium)?;
        let report = (message.standing.purpose.prio() == 3).then(|| route.report());
        let began = self.clock.mono_ms();
        let sending = async { route.channel.hand_over(&message.outgoing).await };
        match AssertUnwindSafe(sending).catch_unwind().await {
            Ok(Handed::Done(outcome)) => self.finish(medium, message, outcome, began).await,
            Ok(Handed::Waiting(answer)) => return Some(Patient { message, began, answer, _report: report }),
            Err(_panic) => self.finish(medium, message, panicked(), began).await,
        }
        None
    }

    /// Waits for the answer to a mail that has left, for as long as its channel does.
    async fn wait(self: Arc<Self>, medium: Medium, patient: Patient) {
        let Patient { message, began, answer, _report } = patient;
        let mut answer = AssertUnwindSafe(answer).catch_unwind();
        let outcome = loop {
            tokio::select! {
                outcome = &mut answer => break outcome.unwrap_or_else(|_| panicked()),
                () = tokio::time::sleep(RENEW_EVERY) => {
                    let (id, token) = (message.outgoing.id.clone(), message.lease_token.clone());
                    let until = self.clock.mono_ms() + lease_ms(medium);
                    let renewed = self.db.write(move |c| {
                        Box::pin(async move { claim::renew(c, &id, &token, until).await })
                    });
                    if let Err(error) = renewed.await {
                        tracing::warn!(%error, message = %message.outgoing.id, "a lease could not be renewed");
                    }
                }
            }
        };
        self.finish(medium, message, outcome, began).await;
    }

    /// Writes down how an attempt ended.
    async fn finish(&self, medium: Medium, message: Claimed, outcome: Outcome, began: i64) {
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
        if let Some(route) = self.routes.get(&medium) {
            route.note(&outcome, began, self.clock.mono_ms());
        }
        let now = self.clock.now_ms();
        let settled = Settled {
            id: message.outgoing.id.clone(),
            business_id: message.outgoing.business_id.clone(),
            lead_id: message.lead_id,
            purpose: message.standing.purpose,
            attempt: message.standing.attempts,
            lease_token: message.lease_token,
            next: machine::after_attempt(&message.standing, outcome, now, &self.random),
            at: now,
        };
        if let Err(error) = self.settle.write(settled).await {
            tracing::error!(%error, message = %message.outgoing.id, "the outcome of a send could not be stored; it will be looked up");
        }
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
            for (medium, route) in &self.routes {
                let room = route.room(0, self.clock.mono_ms());
                if room.now == 0 {
                    continue;
                }
                let mut under_way = JoinSet::new();
                let catch = self.claim(*medium, route, room).await?;
                now_moved += catch.moved + catch.claimed.len();
                for message in catch.claimed {
                    under_way.spawn(Arc::clone(self).deliver(*medium, message));
                }
                while let Some(done) = under_way.join_next().await {
                    if let Ok(Some(patient)) = done {
                        Arc::clone(self).wait(*medium, patient).await;
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

fn panicked() -> Outcome {
    let reason = "Something broke while it was being sent, so it may or may not arrive.".to_owned();
    Outcome::Unknown { reason, code: None }
}

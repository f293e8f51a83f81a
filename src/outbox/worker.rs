//! The worker: one courier per channel claims what is due, sends it, settles it; a watchman looks after what is neither
//! waiting nor done.
//!
//! Couriers are woken by a nudge after each commit that planned something, and look by themselves every second.
//! No transaction is open while a vendor is spoken to. Each send is a task of its own: a panic costs one attempt.

use super::breaker::Breaker;
use super::channel::{Channel, Found, Medium, Outcome};
use super::machine::{self, Look};
use super::store::claim::{self, Catch, Claimed, Order};
use super::store::recover::{self, Doubtful, Orphans};
use super::store::settle::Settled;
use crate::base::clock::Clock;
use crate::base::random::Random;
use crate::db::{Db, Handle, WriteError};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// How many texts are under way at most.
pub const SMS_AT_ONCE: usize = 8;
/// How many mails are under way at most.
pub const MAIL_AT_ONCE: usize = 4;
/// How long a shutdown waits for sends that are under way.
pub const DRAIN: Duration = Duration::from_secs(12);
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the worker counts, for the metrics page.
#[derive(Debug, Default)]
pub struct Tally {
    /// Handed over.
    pub accepted: AtomicU64,
    /// Certainly not sent.
    pub not_sent: AtomicU64,
    /// Refused for good.
    pub rejected: AtomicU64,
    /// Unknown outcomes.
    pub unknown: AtomicU64,
}

/// The outbox at work.
pub struct Outbox {
    db: Db,
    settle: Handle<Settled, ()>,
    routes: BTreeMap<Medium, Route>,
    clock: Clock,
    random: Arc<Random>,
    boot_id: String,
    caps: bool,
    stopping: AtomicBool,
    stop: Notify,
    rounds: AtomicU64,
    seen_at_mono: AtomicU64,
    /// Counters.
    pub tally: Tally,
}

struct Route {
    channel: Arc<dyn Channel>,
    at_once: usize,
    breaker: Mutex<Breaker>,
    nudge: Notify,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outbox({:?})", self.routes.keys().collect::<Vec<_>>())
    }
}

impl Outbox {
    /// The outbox of a database, with its ways out. `boot_id` names this process; `caps` is off for load tests.
    pub fn new(
        db: Db,
        settle: Handle<Settled, ()>,
        channels: Vec<Arc<dyn Channel>>,
        clock: Clock,
        random: Arc<Random>,
        boot_id: String,
        caps: bool,
    ) -> Self {
        let routes = channels
            .into_iter()
            .map(|channel| {
                let at_once = if channel.medium() == Medium::Sms { SMS_AT_ONCE } else { MAIL_AT_ONCE };
                (channel.medium(), Route { channel, at_once, breaker: Mutex::default(), nudge: Notify::new() })
            })
            .collect();
        Self {
            db,
            settle,
            routes,
            clock,
            random,
            boot_id,
            caps,
            stopping: AtomicBool::new(false),
            stop: Notify::new(),
            rounds: AtomicU64::new(0),
            seen_at_mono: AtomicU64::new(0),
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
        let route = self.routes.get(&medium)?;
        route.breaker.lock().unwrap_or_else(PoisonError::into_inner).trouble().map(str::to_owned)
    }

    /// The vendor behind a channel.
    pub fn vendor(&self, medium: Medium) -> Option<&'static str> {
        self.routes.get(&medium).map(|route| route.channel.vendor())
    }

    /// How long ago the watchman made his last round, on the monotonic clock.
    pub fn idle_ms(&self) -> i64 {
        let seen = i64::try_from(self.seen_at_mono.load(Ordering::Relaxed)).unwrap_or(0);
        self.clock.mono_ms() - seen
    }

    /// To be done once before anything is sent: what an earlier process left behind becomes unknown.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn recover(&self) -> Result<usize, WriteError> {
        let (boot, now) = (self.boot_id.clone(), self.clock.now_ms());
        let found = self
            .db
            .write(move |c| Box::pin(async move { recover::orphans(c, Orphans::OfOtherBoots(&boot), now).await }))
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

    async fn courier(self: Arc<Self>, medium: Medium) {
        let Some(route) = self.routes.get(&medium) else { return };
        let mut under_way = JoinSet::new();
        let mut backlog = false;
        while !self.stopping.load(Ordering::SeqCst) {
            let room = self.room(route, under_way.len());
            // With a backlog it pays to wait until there is room for several: one commit leases them all.
            if room > 0 && (!backlog || room * 2 >= route.at_once) {
                match self.claim(medium, room).await {
                    Ok(catch) => {
                        backlog = catch.claimed.len() + catch.moved >= room;
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
                Some(done) = under_way.join_next() => {
                    if let Err(error) = done {
                        tracing::error!(%error, "a send has panicked; its outcome is unknown");
                    }
                }
            }
            while under_way.try_join_next().is_some() {}
        }
        let drained = tokio::time::timeout(DRAIN, async { while under_way.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            tracing::warn!(messages = under_way.len(), "not finished in time; they are looked up at the next start");
        }
    }

    fn room(&self, route: &Route, under_way: usize) -> usize {
        route.breaker.lock().unwrap_or_else(PoisonError::into_inner).room(
            route.at_once,
            under_way,
            self.clock.mono_ms(),
        )
    }

    async fn claim(&self, medium: Medium, room: usize) -> Result<Catch, WriteError> {
        let nth = self.rounds.fetch_add(1, Ordering::Relaxed);
        let order = Order {
            medium,
            room,
            now: self.clock.now_ms(),
            mono: self.clock.mono_ms(),
            boot_id: self.boot_id.clone(),
            oldest_first: nth % 16 == 15,
            caps: self.caps,
        };
        if !self.anything_due(medium, order.now).await {
            return Ok(Catch::default());
        }
        let random = Arc::clone(&self.random);
        self.db.write(move |c| Box::pin(async move { claim::claim(c, &order, &random).await })).await
    }

    /// A look without a write: an idle house syncs nothing.
    async fn anything_due(&self, medium: Medium, now: i64) -> bool {
        let due: Result<Option<i64>, sqlx::Error> = claim::anything_due(self.db.read(), medium, now).await;
        due.map_or(true, |found| found.is_some())
    }

    async fn deliver(self: Arc<Self>, medium: Medium, message: Claimed) {
        let Some(route) = self.routes.get(&medium) else { return };
        let outcome = route.channel.send(&message.outgoing).await;
        self.count(&outcome);
        tracing::info!(
            message = %message.outgoing.id,
            purpose = message.standing.purpose.as_str(),
            channel = medium.as_str(),
            attempt = message.outgoing.attempt,
            to = %crate::base::mask::contact(&message.outgoing.to),
            outcome = word(&outcome),
            "message handed over or not"
        );
        route.breaker.lock().unwrap_or_else(PoisonError::into_inner).note(&outcome, self.clock.mono_ms());
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

    fn count(&self, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Accepted { .. } => &self.tally.accepted,
            Outcome::NotSent { .. } | Outcome::Blocked { .. } => &self.tally.not_sent,
            Outcome::Rejected { .. } => &self.tally.rejected,
            Outcome::Unknown { .. } => &self.tally.unknown,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    async fn watchman(self: Arc<Self>) {
        while !self.stopping.load(Ordering::SeqCst) {
            if let Err(error) = self.watch().await {
                tracing::error!(%error, "the outbox could not look after its doubtful messages; trying again");
            }
            self.seen_at_mono.store(u64::try_from(self.clock.mono_ms()).unwrap_or(0), Ordering::Relaxed);
            tokio::select! {
                () = self.stop.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// One round: leases that ended, messages too old to send, outcomes to look up. Returns how many moved.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn watch(&self) -> Result<usize, WriteError> {
        let (now, mono, boot) = (self.clock.now_ms(), self.clock.mono_ms(), self.boot_id.clone());
        let mut moved = 0;
        if claim::anything_overdue(self.db.read(), now, mono, &boot).await.unwrap_or(true) {
            moved += self
                .db
                .write(move |c| {
                    Box::pin(async move {
                        let ended = recover::orphans(c, Orphans::LeaseEnded { boot_id: &boot, mono }, now).await?;
                        Ok(ended + recover::expire(c, now).await?)
                    })
                })
                .await?;
        }
        let doubtful = match recover::doubtful(self.db.read(), now, 16).await {
            Ok(doubtful) => doubtful,
            Err(error) => return Err(WriteError::Unavailable(error.to_string().into())),
        };
        for message in doubtful {
            moved += usize::from(self.look(message).await?);
        }
        Ok(moved)
    }

    async fn look(&self, message: Doubtful) -> Result<bool, WriteError> {
        let Some(route) = self.routes.get(&message.standing.medium) else { return Ok(false) };
        let look = match route.channel.look_up(&message.outgoing, message.standing.sent_at).await {
            Found::No => Look::Nothing,
            Found::CannotTell(why) => {
                tracing::debug!(message = %message.outgoing.id, why, "a look-up brought nothing");
                Look::Failed
            }
            Found::Yes(sightings) => {
                let ids: Vec<String> = sightings.into_iter().map(|s| s.vendor_id).collect();
                match recover::first_free(self.db.read(), &ids).await {
                    Ok(Some(id)) => Look::Found(id),
                    Ok(None) => Look::Nothing,
                    Err(_) => Look::Failed,
                }
            }
        };
        let now = self.clock.now_ms();
        let next = machine::after_look(&message.standing, look, now);
        let id = message.outgoing.id;
        self.db.write(move |c| Box::pin(async move { recover::looked(c, &id, &next, now).await })).await
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
                let room = self.room(route, 0);
                if room == 0 {
                    continue;
                }
                let mut under_way = JoinSet::new();
                let catch = self.claim(*medium, room).await?;
                now_moved += catch.moved + catch.claimed.len();
                for message in catch.claimed {
                    under_way.spawn(Arc::clone(self).deliver(*medium, message));
                }
                while under_way.join_next().await.is_some() {}
            }
            if now_moved == 0 {
                return Ok(moved);
            }
            moved += now_moved;
        }
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::NotSent { .. } => "not_sent",
        Outcome::Rejected { .. } => "rejected",
        Outcome::Blocked { .. } => "blocked",
        Outcome::Unknown { .. } => "unknown",
    }
}

//! A courier: takes what is leased for its channel, keeps the slots busy, and has the outcomes written down together.
//!
//! An outcome waits a few milliseconds for others, and while more is due one commit writes outcomes and leases the
//! next messages. What waits unwritten when the plug is pulled is unknown after the restart, like a send that was cut
//! off, and is looked up before anything is sent again.

use super::Outbox;
use super::channel::{Medium, Outcome};
use super::dispatch::{CROWD_GATHER, Departure, Leaving};
use super::route::{PATIENT, Route};
use super::store::settle::Settled;
use super::worker::{DRAIN, LOOK_EVERY, Patient};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Interval, MissedTickBehavior, Sleep, interval, sleep};

/// How long an outcome waits for others to share its commit.
const GATHER: Duration = Duration::from_millis(4);
/// How many outcomes are written without waiting for more.
const ENOUGH: usize = 32;

/// How a send ended.
pub(super) enum Ended {
    /// With an outcome.
    Settled(Settled),
    /// The mail has left, its answer is owed.
    Patient(Patient),
    /// The channel is gone.
    Nothing,
}

pub(super) struct Courier {
    outbox: Arc<Outbox>,
    medium: Medium,
    route: Arc<Route>,
    /// Leased, and about to begin.
    waiting: VecDeque<Leaving>,
    under_way: JoinSet<Ended>,
    patient: JoinSet<()>,
    ended: Vec<Settled>,
    /// Ends when what has gathered is to be written.
    gathering: Option<Pin<Box<Sleep>>>,
    /// It has ended.
    is_late: bool,
    writing: JoinSet<Option<Departure>>,
    /// A claim is being written.
    asked: bool,
    /// Something may be due.
    look: bool,
}

impl Courier {
    /// Works until the outbox stops, then lets what is leased finish for [`DRAIN`] at most.
    pub(super) async fn work(outbox: Arc<Outbox>, medium: Medium) {
        let Some(route) = outbox.dispatch.routes.get(&medium).map(Arc::clone) else { return };
        let mut arrivals = route.arrivals.lock().await;
        let mut courier = Self {
            outbox,
            medium,
            route: Arc::clone(&route),
            waiting: VecDeque::new(),
            under_way: JoinSet::new(),
            patient: JoinSet::new(),
            ended: Vec::new(),
            gathering: None,
            is_late: false,
            writing: JoinSet::new(),
            asked: false,
            look: true,
        };
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !courier.outbox.is_stopping() {
            courier.start();
            courier.write();
            courier.next(&mut arrivals, &mut ticks).await;
        }
        if tokio::time::timeout(DRAIN, courier.drain(&mut arrivals)).await.is_err() {
            let messages = courier.waiting.len() + courier.under_way.len() + courier.patient.len();
            tracing::warn!(messages, "not finished in time; they are looked up at the next start");
        }
    }

    /// Begins as many sends as there are slots. Where the channel has failed meanwhile, the rest goes back.
    fn start(&mut self) {
        let slots = self.route.slots(self.outbox.dispatch.clock.mono_ms());
        while self.under_way.len() + self.waiting.len() > slots && slots < self.route.at_once {
            let Some(leaving) = self.waiting.pop_back() else { break };
            let given_back = self.outbox.give_back(leaving);
            self.gather(given_back);
        }
        while self.under_way.len() < self.route.at_once {
            let Some(leaving) = self.waiting.pop_front() else { break };
            self.under_way.spawn(Arc::clone(&self.outbox).deliver(self.medium, leaving));
        }
    }

    /// Has outcomes written down, and more leased, where it is time for it.
    fn write(&mut self) {
        let room = self.route.room(self.outbox.dispatch.clock.mono_ms());
        let asks = self.look && !self.asked && room.is_worth_a_claim(self.route.is_behind());
        let full = self.ended.len() >= ENOUGH;
        if self.outbox.dispatch.is_crowded() && !self.is_late && !full {
            // Storing leads comes first, but not for ever.
            self.gathering.get_or_insert_with(|| Box::pin(sleep(CROWD_GATHER)));
            return;
        }
        let done = self.under_way.is_empty() || self.is_late || full;
        if !(asks || done && !self.ended.is_empty()) {
            return;
        }
        let (outbox, medium) = (Arc::clone(&self.outbox), self.medium);
        let ended = std::mem::take(&mut self.ended);
        (self.gathering, self.is_late) = (None, false);
        if asks {
            (self.asked, self.look) = (true, false);
        }
        self.writing.spawn(async move {
            let departure = outbox.settle(ended, asks.then_some(medium)).await;
            asks.then(|| departure.unwrap_or(Departure { medium, leaving: Vec::new(), moved: 0, is_full: false }))
        });
    }

    /// Waits for whatever happens next.
    async fn next(&mut self, arrivals: &mut UnboundedReceiver<Leaving>, ticks: &mut Interval) {
        let gathering = self.gathering.as_mut();
        tokio::select! {
            Some(leaving) = arrivals.recv() => self.waiting.push_back(leaving),
            Some(done) = self.under_way.join_next() => self.ended(done),
            Some(written) = self.writing.join_next() => self.written(written),
            () = self.route.nudge.notified() => self.look = true,
            // A claim that finds nothing changes no page, so an idle house syncs nothing.
            _ = ticks.tick() => self.look = true,
            () = over(gathering) => (self.gathering, self.is_late) = (None, true),
        }
        while let Some(done) = self.under_way.try_join_next() {
            self.ended(done);
        }
        while let Ok(leaving) = arrivals.try_recv() {
            self.waiting.push_back(leaving);
        }
        while self.patient.try_join_next().is_some() {}
    }

    fn ended(&mut self, done: Result<Ended, JoinError>) {
        match done {
            Ok(Ended::Settled(settled)) => self.gather(settled),
            Ok(Ended::Patient(patient)) => self.stand_aside(patient),
            Ok(Ended::Nothing) => {}
            Err(error) => tracing::error!(%error, "a send has died; its outcome is looked up once its lease has ended"),
        }
        self.look |= self.route.is_behind();
    }

    fn gather(&mut self, settled: Settled) {
        let long = if self.outbox.dispatch.is_crowded() { CROWD_GATHER } else { GATHER };
        if !self.is_late {
            self.gathering.get_or_insert_with(|| Box::pin(sleep(long)));
        }
        self.ended.push(settled);
    }

    /// A mail that only lacks its answer waits apart.
    fn stand_aside(&mut self, mut patient: Patient) {
        if self.patient.len() >= PATIENT {
            let reason = "The vendor did not answer in time, so it may or may not arrive.".to_owned();
            patient.answer = Box::pin(std::future::ready(Outcome::Unknown { reason, code: None }));
        }
        self.patient.spawn(Arc::clone(&self.outbox).wait(self.medium, patient));
    }

    fn written(&mut self, written: Result<Option<Departure>, JoinError>) {
        match written {
            Ok(Some(departure)) => {
                self.asked = false;
                self.look |= departure.is_full;
                self.waiting.extend(departure.leaving);
            }
            Ok(None) => {}
            Err(error) => {
                // The next look is that of the clock.
                self.asked = false;
                tracing::error!(%error, "a write of the outbox has died; what it held is looked up");
            }
        }
    }

    async fn drain(&mut self, arrivals: &mut UnboundedReceiver<Leaving>) {
        // What a commit under way has leased arrives before this one is answered; later commits lease nothing.
        let _fence = self.outbox.db.write(|_| Box::pin(async { Ok(()) })).await;
        loop {
            while let Ok(leaving) = arrivals.try_recv() {
                self.waiting.push_back(leaving);
            }
            self.start();
            self.look = false;
            self.write();
            let is_gathering = self.gathering.is_some();
            let gathering = self.gathering.as_mut();
            tokio::select! {
                Some(done) = self.under_way.join_next() => self.ended(done),
                Some(written) = self.writing.join_next() => self.written(written),
                Some(_) = self.patient.join_next() => {}
                () = over(gathering), if is_gathering => (self.gathering, self.is_late) = (None, true),
                else => break,
            }
        }
    }
}

/// Waits for the end of a pause; without one, for ever.
async fn over(pause: Option<&mut Pin<Box<Sleep>>>) {
    match pause {
        Some(pause) => pause.await,
        None => std::future::pending().await,
    }
}

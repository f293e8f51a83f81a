//! One way out of the house, and how much may be under way on it: slots, the fuse, the sender's speed, one report.

use super::breaker::Breaker;
use super::channel::{Channel, Medium, Outcome};
use super::dispatch::Leaving;
use super::pace::Sender;
use super::store::claim;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, mpsc};

/// How many texts are under way at most.
pub const SMS_AT_ONCE: usize = 8;
/// How many mails are under way at most, those not counted that only wait for an answer after their final dot.
pub const MAIL_AT_ONCE: usize = 4;
/// How many requests to hooks are under way at most.
pub const HOOKS_AT_ONCE: usize = 8;
/// How many calls are placed at once at most.
pub const CALLS_AT_ONCE: usize = 4;
/// How many mails wait for that answer at most; RFC 5321 grants a server ten minutes for it.
pub const PATIENT: usize = 32;
/// How many reports are under way at most, so that they never stand before an alert.
pub const REPORTS_AT_ONCE: usize = 1;

/// How many messages a claim looks at while many are set aside.
const WIDE_NET: usize = 128;

/// A channel with everything that holds it back.
pub struct Route {
    /// The channel.
    pub channel: Arc<dyn Channel>,
    /// Rung when something was planned.
    pub nudge: Notify,
    /// What the road has leased for this channel; the courier's.
    pub(super) arrivals: tokio::sync::Mutex<mpsc::UnboundedReceiver<Leaving>>,
    departures: mpsc::UnboundedSender<Leaving>,
    pub(super) at_once: usize,
    leased: AtomicUsize,
    is_behind: AtomicBool,
    breaker: Mutex<Breaker>,
    sender: Option<Mutex<Sender>>,
    claims: AtomicU64,
    reports: AtomicUsize,
    sets_aside: AtomicBool,
}

/// What may be claimed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// How many sends may begin.
    pub now: usize,
    /// How many could if nothing were under way.
    pub ceiling: usize,
    /// How many segments they may have; none = any number.
    pub segments: Option<i64>,
}

impl Room {
    /// Whether to claim. With a backlog it pays to wait until half of what is possible is free: one commit leases them
    /// all. What is possible may be a single probe.
    pub fn is_worth_a_claim(self, backlog: bool) -> bool {
        self.now > 0 && (!backlog || self.now * 2 >= self.ceiling)
    }
}

impl Route {
    /// A channel that nothing has happened on. `limited` says whether the sender's speed is kept.
    pub fn new(channel: Arc<dyn Channel>, limited: bool, mono_ms: i64) -> Self {
        let at_once = match channel.medium() {
            Medium::Sms => SMS_AT_ONCE,
            Medium::Mail => MAIL_AT_ONCE,
            Medium::Hook => HOOKS_AT_ONCE,
            Medium::Call => CALLS_AT_ONCE,
        };
        let speed = channel.segments_a_second().filter(|_| limited);
        let (departures, arrivals) = mpsc::unbounded_channel();
        Self {
            channel,
            nudge: Notify::new(),
            arrivals: tokio::sync::Mutex::new(arrivals),
            departures,
            at_once,
            leased: AtomicUsize::new(0),
            is_behind: AtomicBool::new(false),
            breaker: Mutex::default(),
            sender: speed.map(|speed| Mutex::new(Sender::new(speed, mono_ms))),
            claims: AtomicU64::new(0),
            reports: AtomicUsize::new(0),
            sets_aside: AtomicBool::new(false),
        }
    }

    /// What may be leased now. Nothing is leased ahead of its slot: a lease must not outlive its wait, and what stops a
    /// message must be able to stop it until it leaves.
    pub fn room(&self, mono_ms: i64) -> Room {
        let segments = self.sender.as_ref().map(|sender| locked(sender).has(mono_ms));
        let by_sender = segments.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(0));
        let slots = self.slots(mono_ms);
        let ceiling = slots.min(by_sender);
        let now = slots.saturating_sub(self.leased.load(Ordering::SeqCst)).min(by_sender);
        Room { now, ceiling, segments }
    }

    /// How many sends may be under way.
    pub fn slots(&self, mono_ms: i64) -> usize {
        locked(&self.breaker).ceiling(self.at_once, mono_ms)
    }

    /// Holds a slot until it is dropped.
    pub fn slot(self: &Arc<Self>) -> Slot {
        self.leased.fetch_add(1, Ordering::SeqCst);
        Slot(Arc::clone(self))
    }

    /// Whether more is due than there was room for; the courier claims the rest.
    pub fn is_behind(&self) -> bool {
        self.is_behind.load(Ordering::SeqCst)
    }

    /// Takes note of that.
    pub fn fell_behind(&self, is_behind: bool) {
        self.is_behind.store(is_behind, Ordering::SeqCst);
    }

    /// Gives a leased message to the courier.
    pub fn hand_over(&self, leaving: Leaving) {
        // The receiver lives as long as this route.
        let _always_taken = self.departures.send(leaving);
    }

    /// How many messages the next claim may look at to fill this room. While many are set aside (a flood above its caps)
    /// the net is wide, so that one commit sets many aside.
    pub fn net(&self, room: usize) -> usize {
        if self.sets_aside.load(Ordering::Relaxed) { WIDE_NET } else { room.min(claim::MOST) }
    }

    /// Takes note of a claim: the segments that leave, and how many messages it set aside.
    pub fn caught(&self, segments: i64, set_aside: usize) {
        self.sets_aside.store(set_aside > 0, Ordering::Relaxed);
        if let Some(sender) = &self.sender {
            locked(sender).take(segments);
        }
    }

    /// Whether this claim is the one in sixteen that takes what has waited longest, whatever its class.
    pub fn is_turn_of_the_oldest(&self) -> bool {
        self.claims.fetch_add(1, Ordering::Relaxed) % 16 == 15
    }

    /// How many reports may begin.
    pub fn reports(&self) -> usize {
        REPORTS_AT_ONCE.saturating_sub(self.reports.load(Ordering::Relaxed))
    }

    /// Holds a report's place until it is dropped.
    pub fn report(self: &Arc<Self>) -> Report {
        self.reports.fetch_add(1, Ordering::Relaxed);
        Report(Arc::clone(self))
    }

    /// See [`Breaker::note`]. Hooks have a fuse each, kept with the hook: one receiver that is down must not keep the
    /// others waiting.
    pub fn note(&self, outcome: &Outcome, began: i64, mono_ms: i64) {
        if self.channel.medium() == Medium::Hook {
            return;
        }
        locked(&self.breaker).note(outcome, began, mono_ms);
    }

    /// See [`Breaker::trouble`].
    pub fn trouble(&self) -> Option<String> {
        locked(&self.breaker).trouble().map(str::to_owned)
    }
}

/// The place of a message that is leased.
pub struct Slot(Arc<Route>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.leased.fetch_sub(1, Ordering::SeqCst);
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Slot")
    }
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Report")
    }
}

/// The place of a report that is under way.
pub struct Report(Arc<Route>);

impl Drop for Report {
    fn drop(&mut self) {
        self.0.reports.fetch_sub(1, Ordering::Relaxed);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(now: usize, ceiling: usize) -> Room {
        Room { now, ceiling, segments: None }
    }

    #[test]
    fn a_backlog_waits_for_half_the_slots_but_never_for_slots_that_there_are_not() {
        assert!(room(1, 8).is_worth_a_claim(false));
        assert!(!room(3, 8).is_worth_a_claim(true));
        assert!(room(4, 8).is_worth_a_claim(true));
        assert!(room(1, 1).is_worth_a_claim(true), "a probe after an outage, or a number that sends one a second");
        assert!(!room(0, 0).is_worth_a_claim(false));
    }
}

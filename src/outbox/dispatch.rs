//! What may leave now, decided inside the writer's transaction.
//!
//! The couriers ask through a lane of the writer. The road asks too, in the very transaction that plans messages: while a
//! channel has free slots its messages are leased by the commit that stores them and leave as soon as it is on disk, so
//! the first text costs one commit instead of two. What a lost transaction had leased was never leased; its slots fall free.

use super::bundle::Limits;
use super::channel::{Channel, Medium};
use super::route::{Report, Room, Route, Slot};
use super::store::claim::{self, Claimed, Order};
use crate::base::Boxed;
use crate::base::clock::Clock;
use crate::base::random::Random;
use crate::db::{Conn, Lane};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

/// So many submissions in one commit are a crowd.
const CROWD: usize = 8;
/// For how long a crowd is remembered, in milliseconds.
const CROWD_FOR_MS: i64 = 100;
/// How long couriers gather outcomes, and the next claim, while there is a crowd: storing leads comes first.
pub(super) const CROWD_GATHER: Duration = Duration::from_millis(40);

/// The ways out of the house, and what decides who takes them.
pub struct Dispatch {
    pub(super) routes: BTreeMap<Medium, Arc<Route>>,
    pub(super) clock: Clock,
    pub(super) random: Arc<Random>,
    pub(super) boot_id: String,
    limits: Limits,
    /// Couriers are at the door: what the road leases is taken away at once.
    is_manned: AtomicBool,
    crowd_until_mono: AtomicI64,
}

/// A leased message and the slot it holds until it is sent.
#[derive(Debug)]
pub struct Leaving {
    /// The message.
    pub message: Claimed,
    /// Its place, and that of a report.
    pub slots: (Slot, Option<Report>),
}

/// What one claim brought.
#[derive(Debug)]
pub struct Departure {
    /// By which channel.
    pub medium: Medium,
    /// What leaves.
    pub leaving: Vec<Leaving>,
    /// How many messages were moved elsewhere instead.
    pub moved: usize,
    /// Whether more may be due than there was room for.
    pub is_full: bool,
}

impl Departure {
    fn nothing(medium: Medium) -> Self {
        Self { medium, leaving: Vec::new(), moved: 0, is_full: false }
    }
}

impl Dispatch {
    /// Nothing leaves before couriers are at work. `boot_id` names this process; `limits` hold messages back.
    pub fn new(
        channels: Vec<Arc<dyn Channel>>,
        clock: Clock,
        random: Arc<Random>,
        boot_id: String,
        limits: Limits,
    ) -> Arc<Self> {
        let limited = limits.on;
        let routes = channels
            .into_iter()
            .map(|channel| (channel.medium(), Arc::new(Route::new(channel, limited, clock.mono_ms()))))
            .collect();
        Arc::new(Self {
            routes,
            clock,
            random,
            boot_id,
            limits,
            is_manned: AtomicBool::new(false),
            crowd_until_mono: AtomicI64::new(0),
        })
    }

    /// Couriers came, or went.
    pub(super) fn man(&self, is_manned: bool) {
        self.is_manned.store(is_manned, Ordering::SeqCst);
    }

    /// Whether couriers are at the door.
    pub(super) fn is_manned(&self) -> bool {
        self.is_manned.load(Ordering::SeqCst)
    }

    /// Something was planned: look now.
    pub fn nudge(&self) {
        for route in self.routes.values() {
            route.nudge.notify_one();
        }
    }

    /// So many submissions came in one commit.
    pub fn came(&self, submissions: usize) {
        if submissions >= CROWD {
            self.crowd_until_mono.store(self.clock.mono_ms() + CROWD_FOR_MS, Ordering::Relaxed);
        }
    }

    /// Whether leads pour in faster than they can be stored one by one.
    pub(super) fn is_crowded(&self) -> bool {
        self.clock.mono_ms() < self.crowd_until_mono.load(Ordering::Relaxed)
    }

    /// Nothing was leased along; whoever has to do it all is woken by [`Dispatch::leave`].
    pub fn fell_behind(&self) {
        for (_, route) in self.of_the_road() {
            route.fell_behind(true);
        }
    }

    /// The ways out that the road leases for. Hooks are planned later, and cost a lead nothing; the few calls leave with
    /// the next look of their courier.
    fn of_the_road(&self) -> impl Iterator<Item = (&Medium, &Arc<Route>)> {
        self.routes.iter().filter(|(medium, _)| !matches!(medium, Medium::Hook | Medium::Call))
    }

    /// Leases what is due on the channels that are keeping up, in the transaction that has just planned messages.
    ///
    /// # Errors
    /// The database's.
    pub async fn along(&self, conn: &mut Conn) -> Result<Vec<Departure>, sqlx::Error> {
        let mut departures = Vec::new();
        if !self.is_manned() {
            return Ok(departures);
        }
        for (medium, route) in self.of_the_road() {
            let room = route.room(self.clock.mono_ms());
            if room.now == 0 {
                route.fell_behind(true);
            } else if !route.is_behind() {
                departures.push(self.claim(conn, *medium, room).await?);
            }
        }
        Ok(departures)
    }

    /// Hands over what [`Dispatch::along`] leased, once it is committed, and wakes whoever has to do the rest.
    pub fn leave(&self, departures: Vec<Departure>) {
        for departure in departures {
            let Some(route) = self.routes.get(&departure.medium) else { continue };
            for leaving in departure.leaving {
                route.hand_over(leaving);
            }
        }
        for route in self.routes.values().filter(|route| route.is_behind()) {
            route.nudge.notify_one();
        }
    }

    async fn claim(&self, conn: &mut Conn, medium: Medium, room: Room) -> Result<Departure, sqlx::Error> {
        let Some(route) = self.routes.get(&medium) else { return Ok(Departure::nothing(medium)) };
        if room.now == 0 {
            return Ok(Departure::nothing(medium));
        }
        let order = Order {
            medium,
            room: room.now,
            net: route.net(room.now),
            now: self.clock.now_ms(),
            mono: self.clock.mono_ms(),
            boot_id: self.boot_id.clone(),
            oldest_first: route.is_turn_of_the_oldest(),
            reports: route.reports(),
            segments: room.segments,
            limits: self.limits.clone(),
        };
        let catch = claim::claim(conn, &order, &self.random).await?;
        route.caught(catch.segments, catch.moved);
        // Noted here, in the writer's order, so that no later answer can contradict an earlier one.
        route.fell_behind(catch.more);
        let leaving = catch.claimed.into_iter().map(|message| {
            let report = (message.standing.purpose.prio() == 3).then(|| route.report());
            Leaving { slots: (route.slot(), report), message }
        });
        Ok(Departure { medium, leaving: leaving.collect(), moved: catch.moved, is_full: catch.more })
    }
}

/// Which channel asks, and what it belongs to.
pub struct Ask {
    /// Who decides.
    pub dispatch: Arc<Dispatch>,
    /// The channel.
    pub medium: Medium,
}

/// The lane in which couriers ask for what is due.
#[derive(Debug)]
pub struct ClaimLane;

impl Lane for ClaimLane {
    type Item = Ask;
    type Answer = Departure;

    fn apply<'a>(&'a mut self, conn: &'a mut Conn, asks: &'a [Ask]) -> Boxed<'a, Result<Vec<Departure>, sqlx::Error>> {
        Box::pin(async move {
            let mut departures = Vec::with_capacity(asks.len());
            for Ask { dispatch, medium } in asks {
                let Some(route) = dispatch.routes.get(medium) else {
                    departures.push(Departure::nothing(*medium));
                    continue;
                };
                let room = route.room(dispatch.clock.mono_ms());
                departures.push(dispatch.claim(conn, *medium, room).await?);
            }
            Ok(departures)
        })
    }
}

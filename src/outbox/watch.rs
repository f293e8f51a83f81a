//! The watchman: looks after what is neither waiting nor done. Leases that ended, messages too old to send, outcomes
//! that nobody knows, alerts that need a second way.

use super::Outbox;
use super::channel::{Found, Medium};
use super::machine::{self, Look};
use super::store::claim;
use super::store::pace;
use super::store::recover::{self, Doubtful, Orphans};
use super::store::second_way;
use super::worker::LOOK_EVERY;
use crate::base::clock::HOUR_MS;
use crate::db::WriteError;
use futures_util::FutureExt;
use futures_util::stream::{self, StreamExt};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// By how much the wall clock may run apart from the monotonic one before messages are moved with it, in milliseconds.
/// A time server's slewing stays far below.
const JUMP_MS: i64 = 5_000;
/// How many outcomes are looked up in one round.
const LOOKS: i64 = 64;
/// How many of them at once.
const LOOKS_AT_ONCE: usize = 8;

impl Outbox {
    /// Rounds until [`Outbox::stop`]. Look-ups have rounds of their own: a vendor that hangs must not keep leases and
    /// expiry waiting.
    pub(super) async fn watchman(self: Arc<Self>) {
        let looking = async {
            while !self.is_stopping() {
                if let Err(error) = self.look_around().await {
                    tracing::error!(%error, "the outbox could not look up its doubtful messages; trying again");
                }
                self.pause().await;
            }
        };
        let tidying = async {
            while !self.is_stopping() {
                if let Err(error) = self.tidy().await {
                    tracing::error!(%error, "the outbox could not look after its messages; trying again");
                }
                self.seen_at_mono.store(self.dispatch.clock.mono_ms(), Ordering::Relaxed);
                self.pause().await;
            }
        };
        tokio::join!(looking, tidying);
    }

    async fn pause(&self) {
        tokio::select! {
            () = self.stop.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }

    /// One round of everything. Returns how many messages moved.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn watch(&self) -> Result<usize, WriteError> {
        Ok(self.tidy().await? + self.look_around().await?)
    }

    async fn tidy(&self) -> Result<usize, WriteError> {
        let (now, mono, boot) =
            (self.dispatch.clock.now_ms(), self.dispatch.clock.mono_ms(), self.dispatch.boot_id.clone());
        self.follow_the_clock(now, mono).await?;
        if mono >= self.swept_at_mono.load(Ordering::Relaxed) + HOUR_MS {
            self.swept_at_mono.store(mono, Ordering::Relaxed);
            self.db.write(move |c| Box::pin(async move { pace::sweep(c, now).await })).await?;
        }
        let answered = self.answer_another_way(now).await?;
        if !claim::anything_overdue(self.db.read(), now, mono, &boot).await.unwrap_or(true) {
            return Ok(answered);
        }
        self.db
            .write(move |c| {
                Box::pin(async move {
                    let ended = recover::orphans(c, Orphans::LeaseEnded { boot_id: &boot, mono }, now).await?;
                    Ok(ended + recover::expire(c, now).await? + second_way::of_alerts(c, now).await?)
                })
            })
            .await
    }

    /// First answers that do not get through as a text are said by mail as well, and what a channel that is down keeps
    /// waiting says so. Returns how many were said.
    async fn answer_another_way(&self, now: i64) -> Result<usize, WriteError> {
        for (medium, route) in &self.dispatch.routes {
            let (Some(why), medium) = (route.trouble(), *medium) else { continue };
            if second_way::waits_unsaid(self.db.read(), medium, now).await.unwrap_or(false) {
                self.db.write(move |c| Box::pin(async move { second_way::waits(c, medium, &why, now).await })).await?;
            }
        }
        let is_down = self.trouble(Medium::Sms).is_some();
        let late = second_way::late_answers(self.db.read(), is_down, now).await.unwrap_or_default();
        if late.is_empty() {
            return Ok(0);
        }
        self.db
            .write(move |c| {
                Box::pin(async move {
                    for id in &late {
                        second_way::say_by_mail(c, id, now).await?;
                    }
                    Ok(late.len())
                })
            })
            .await
    }

    async fn follow_the_clock(&self, now: i64, mono: i64) -> Result<(), WriteError> {
        let ahead = now - mono;
        let unseen = mono - self.clock_seen_at_mono.swap(mono, Ordering::Relaxed);
        let by = ahead - self.wall_is_ahead_by.load(Ordering::Relaxed);
        if by.abs() <= JUMP_MS {
            return Ok(());
        }
        let then = now - by;
        let moved =
            self.db.write(move |c| Box::pin(async move { recover::clock_was_set(c, by, then, unseen).await })).await?;
        self.wall_is_ahead_by.store(ahead, Ordering::Relaxed);
        tracing::warn!(by_ms = by, messages = moved, "the machine's clock was set; what waits was moved with it");
        Ok(())
    }

    async fn look_around(&self) -> Result<usize, WriteError> {
        let doubtful = match recover::doubtful(self.db.read(), self.dispatch.clock.now_ms(), LOOKS).await {
            Ok(doubtful) => doubtful,
            Err(error) => return Err(WriteError::Unavailable(error.to_string().into())),
        };
        let mut looks = stream::iter(doubtful).map(|message| self.look(message)).buffer_unordered(LOOKS_AT_ONCE);
        let mut moved = 0;
        while let Some(looked) = looks.next().await {
            match looked {
                Ok(has_moved) => moved += usize::from(has_moved),
                // Another message has taken the same id meanwhile; the next round sees that.
                Err(WriteError::Refused(error)) => tracing::warn!(%error, "a look-up could not be stored"),
                Err(error) => return Err(error),
            }
        }
        Ok(moved)
    }

    async fn look(&self, message: Doubtful) -> Result<bool, WriteError> {
        let Some(route) = self.dispatch.routes.get(&message.standing.medium) else { return Ok(false) };
        let asking = async { route.channel.look_up(&message.outgoing, message.since).await };
        let found = AssertUnwindSafe(asking).catch_unwind().await;
        let look = match found.unwrap_or_else(|_| Found::CannotTell("The look-up has panicked.".to_owned())) {
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
        let now = self.dispatch.clock.now_ms();
        let next = machine::after_look(&message.standing, look, now);
        let id = message.outgoing.id;
        self.db.write(move |c| Box::pin(async move { recover::looked(c, &id, &next, now).await })).await
    }
}

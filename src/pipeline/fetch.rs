//! Asks vendors for what their events left out, a few at a time, and takes the answers in like submissions.
//!
//! A question is claimed under a lease, asked with no open transaction, and settled in the transaction that stores its
//! answer. If we stop in between, the lease ends and it is asked again: a question changes nothing at the vendor, and the
//! same answer twice is the same delivery.

use super::road::Brought;
use super::{Pipeline, arrive};
use crate::base::ids::{new_code, new_token};
use crate::base::news::Change;
use crate::base::random::Random;
use crate::db::WriteError;
use crate::delivery::fetch::Fetcher;
use crate::lead::fetch::machine::{self, Outcome};
use crate::lead::fetch::store::{self, Claimed, Turn};
use crate::lead::fetch::{Asking, Call};
use crate::lead::shop::store as shops;
use futures_util::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How many questions may be open at once.
const AT_ONCE: usize = 8;
/// How often is looked without being woken.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Who asks.
pub struct Desk {
    fetcher: Fetcher,
    bell: Arc<Notify>,
    boot_id: String,
}

impl Desk {
    /// A desk that is woken by `bell`.
    pub fn new(fetcher: Fetcher, bell: Arc<Notify>, random: &Random) -> Self {
        Self { fetcher, bell, boot_id: new_code(random) }
    }
}

impl Pipeline {
    /// Asks for ever, as things become due. Whoever stops waiting for it loses nothing: see the file's head.
    pub async fn fetch(&self) {
        let Some(desk) = &self.desk else { return std::future::pending().await };
        let mut under_way = FuturesUnordered::new();
        loop {
            let room = AT_ONCE - under_way.len();
            match self.claim(desk, room).await {
                Ok(claimed) => claimed.into_iter().for_each(|one| under_way.push(self.ask(desk, one))),
                Err(error) => tracing::error!(%error, "could not see what is to be asked for; trying again"),
            }
            tokio::select! {
                () = desk.bell.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                Some(()) = under_way.next() => {}
            }
        }
    }

    /// Asks for everything that is due now, until nothing is: the same without its loop, for tests. Returns how many
    /// questions were asked.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn fetch_dry(&self) -> Result<usize, WriteError> {
        let Some(desk) = &self.desk else { return Ok(0) };
        let mut asked = 0;
        loop {
            let claimed = self.claim(desk, AT_ONCE).await?;
            if claimed.is_empty() {
                return Ok(asked);
            }
            asked += claimed.len();
            futures_util::future::join_all(claimed.into_iter().map(|one| self.ask(desk, one))).await;
        }
    }

    /// A token was set: look now.
    pub fn fetch_now(&self) {
        if let Some(desk) = &self.desk {
            desk.bell.notify_one();
        }
    }

    async fn claim(&self, desk: &Desk, room: usize) -> Result<Vec<Claimed>, WriteError> {
        let (now, mono) = (self.clock.now_ms(), self.clock.mono_ms());
        let turn = Turn { boot_id: desk.boot_id.clone(), now, mono };
        // A look without a write: an idle house syncs nothing.
        let is_due = store::anything_due(self.db.read(), &turn).await;
        if room == 0 || !is_due.map_err(|error| WriteError::Unavailable(error.to_string().into()))? {
            return Ok(Vec::new());
        }
        let lease = new_token(&self.random);
        self.db.write(move |c| Box::pin(async move { store::claim(c, &turn, room, &lease).await })).await
    }

    /// Asks one question and settles it. A panic costs one try.
    async fn ask(&self, desk: &Desk, claimed: Claimed) {
        let settled = match AssertUnwindSafe(self.answer(desk, &claimed)).catch_unwind().await {
            Ok(Ok(None)) => Ok(()),
            Ok(Ok(Some((outcome, vendor, noun)))) => self.put_off(&claimed, &outcome, vendor, noun).await,
            Ok(Err(error)) => Err(error),
            Err(_panic) => {
                let outcome = Outcome::Trouble("sent something that broke our reading".to_owned());
                self.put_off(&claimed, &outcome, "The vendor", "thing").await
            }
        };
        if let Err(error) = settled {
            tracing::error!(%error, question = %claimed.id, "what became of a question could not be stored; it is asked again");
        }
    }

    /// Asks, and takes the answer in; else says how it ended, and the words for vendor and thing.
    async fn answer(
        &self,
        desk: &Desk,
        claimed: &Claimed,
    ) -> Result<Option<(Outcome, &'static str, &'static str)>, WriteError> {
        let unread = |error: sqlx::Error| WriteError::Unavailable(error.to_string().into());
        let source = shops::source(self.db.read(), &claimed.source_id).await.map_err(unread)?;
        let source = source.ok_or_else(|| unread(sqlx::Error::RowNotFound))?;
        let card = self.cards.load(&self.db, &self.keys, source, self.clock.now_ms()).await.map_err(unread)?;
        let card = Arc::new(card);
        let provider = card.provider();
        let known = provider.asking().and_then(|a| Some((a, a.call(&claimed.what, &claimed.reference)?)));
        let Some((asking, call)) = known else {
            return Ok(Some((Outcome::Refused(0), provider.name(), "thing")));
        };
        let began = self.clock.mono_ms();
        let outcome = self.question(desk, asking, call, claimed).await;
        tracing::info!(
            question = %claimed.id,
            source = %claimed.source_id,
            attempt = claimed.attempts,
            outcome = ?class(&outcome),
            ms = self.clock.mono_ms() - began,
            "asked a vendor for what its event left out"
        );
        let Outcome::Got(body) = outcome else { return Ok(Some((outcome, provider.name(), call.noun))) };
        let question = Some((claimed.id.clone(), claimed.lease_token.clone()));
        let brought = Brought { what: claimed.what.clone(), id: claimed.reference.clone(), question };
        let now = self.clock.now_ms();
        let submission = arrive::bring(&card, brought, claimed.is_test, body, now, &self.random);
        self.road.write(submission).await.map(|_| None)
    }

    async fn question(&self, desk: &Desk, asking: &Asking, call: &Call, claimed: &Claimed) -> Outcome {
        match self.keys.open(&claimed.token_sealed) {
            Ok(token) => desk.fetcher.ask(asking, call, &claimed.reference, &token).await,
            Err(_) => Outcome::Sealed,
        }
    }

    async fn put_off(&self, claimed: &Claimed, outcome: &Outcome, vendor: &str, noun: &str) -> Result<(), WriteError> {
        let now = self.clock.now_ms();
        let next = machine::after(outcome, claimed.standing(), vendor, noun, now, &self.random);
        let of = claimed.clone();
        self.db.write(move |c| Box::pin(async move { store::put_off(c, &of, &next, now).await })).await?;
        self.news.tell(Change { business_id: claimed.business_id.clone(), new_lead: None });
        Ok(())
    }
}

/// An outcome without what came, for the log.
fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Got(_) => "got",
        Outcome::Token(_) | Outcome::Sealed => "token",
        Outcome::Forbidden(_) => "forbidden",
        Outcome::Missing(_) => "missing",
        Outcome::Busy(_) => "busy",
        Outcome::Trouble(_) => "trouble",
        Outcome::Unreadable | Outcome::TooLarge => "unreadable",
        Outcome::Refused(_) => "refused",
    }
}

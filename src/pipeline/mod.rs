//! The road on one page: [`Pipeline::receive`] takes a payload in, [`Pipeline::hear_status`] and
//! [`Pipeline::hear_text`] take a vendor's news.
//!
//! A submission is verified and read without touching the database; then one item goes to the writer, which decides and
//! stores receipt, lead and messages in one synced transaction; only then is the sender answered.

mod arrive;
mod bridge;
mod calls;
mod cards;
mod disk;
mod fetch;
pub mod forget;
mod handoff;
mod health;
mod hear;
mod hooks;
mod judge;
mod notices;
mod passing;
mod relaying;
pub mod replay;
pub mod report;
mod road;
#[cfg(test)]
mod tests;

pub use bridge::{Asked, Key, Rung, Speech, can_be_called};
pub use calls::{CallEnd, InboundCall, Ring};
pub use cards::Card;
pub use hear::{InboundText, Missed, Place, StatusNews};
pub use passing::{Passing, next_person};
pub use relaying::{Relayed, TEXT_MAX, Words};
pub use road::{Received, RoadLane, Status, Submission};

use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::base::news::News;
use crate::base::random::Random;
use crate::db::{Db, Handle, WriteError};
use crate::delivery::certificates::{Certificates, Trouble};
use crate::delivery::fetch::Fetcher;
use crate::delivery::twilio_inbox::Inbox;
use crate::lead::shop::keyring::{self, Used};
use crate::outbox::Outbox;
use crate::outbox::channel::Medium;
use cards::{Cards, Uses};
use secrecy::SecretString;
use std::sync::Arc;
use tokio::sync::Notify;

/// How long the hash of the answers counts as the same delivery, in milliseconds.
pub const SAME_ANSWERS_MS: i64 = 10 * crate::base::clock::MINUTE_MS;

/// A request as the edge hands it over.
#[derive(Debug)]
pub struct Parcel {
    /// `POST` and so on.
    pub method: String,
    /// The public address that was called, with its query, as some vendors sign it.
    pub url: String,
    /// The `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// Without the question mark.
    pub query: String,
    /// Raw; the bytes of files left out.
    pub body: Vec<u8>,
    /// How many files were left out.
    pub files: u32,
    /// When the first byte came, UTC milliseconds.
    pub received_at: i64,
    /// The sender's network, if a browser sent it.
    pub remote: Option<String>,
}

/// Where a browser may go after sending, as far as the sender asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Onward {
    /// What the form asked for; untrusted.
    pub asked: Option<String>,
}

/// Why a request was not taken in. Its sender should send it again.
#[derive(Debug, thiserror::Error)]
pub enum NotReceived {
    /// It was not stored.
    #[error(transparent)]
    NotStored(#[from] WriteError),
    /// Whether it is authentic cannot be known at the moment.
    #[error("{0}")]
    NotChecked(Trouble),
}

/// The way through the house.
pub struct Pipeline {
    db: Db,
    road: Handle<Submission, Received>,
    cards: Cards,
    uses: Uses,
    keys: Keys,
    clock: Clock,
    random: Arc<Random>,
    outbox: Arc<Outbox>,
    news: News,
    public_url: String,
    watch: health::Watch,
    certificates: Arc<Certificates>,
    desk: Option<fetch::Desk>,
    inbox: Option<Inbox>,
    own_number: Option<String>,
    texts_secret: Option<SecretString>,
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pipeline")
    }
}

impl Pipeline {
    /// Puts the parts together. `preview_phone` stands in for a person without a number while texting is not connected.
    #[expect(clippy::too_many_arguments, reason = "the parts of the house, named once")]
    pub fn new(
        db: Db,
        road: Handle<Submission, Received>,
        keys: Keys,
        clock: Clock,
        random: Arc<Random>,
        outbox: Arc<Outbox>,
        news: News,
        public_url: String,
        preview_phone: Option<String>,
        certificates: Arc<Certificates>,
    ) -> Self {
        let cards = Cards::new(preview_phone, outbox.vendor(Medium::Call).is_some());
        let (uses, watch) = (Uses::default(), health::Watch::default());
        Self {
            db,
            road,
            cards,
            uses,
            keys,
            clock,
            random,
            outbox,
            news,
            public_url,
            watch,
            certificates,
            desk: None,
            inbox: None,
            own_number: None,
            texts_secret: None,
        }
    }

    /// Asks vendors for what their events leave out. Without it nothing is asked for. `bell` rings when something may be.
    #[must_use]
    pub fn asking(mut self, fetcher: Fetcher, bell: Arc<Notify>) -> Self {
        self.desk = Some(fetch::Desk::new(fetcher, bell, &self.random));
        self
    }

    /// The source behind a token, with everything a submission needs; none for a wrong address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn card(&self, token: &str) -> Result<Option<Arc<Card>>, sqlx::Error> {
        self.cards.find(&self.db, &self.keys, token, &self.clock).await
    }

    /// A key of a source changed: from now on nothing older is believed.
    pub fn keys_changed(&self) {
        self.cards.forget();
        self.uses.forget();
    }

    /// Takes a request in, with all events that it holds. The answer comes after the commit of all, never before.
    ///
    /// # Errors
    /// [`NotReceived`] when something could not be checked or stored: the sender must be told to send all of it again.
    /// What was stored by then is known by its id when it comes again.
    pub async fn receive(&self, card: Arc<Card>, parcel: Parcel) -> Result<(Received, Onward), NotReceived> {
        let (refused, used) = match self.judge(&card, &parcel).await? {
            Ok(used) => (None, Some(used)),
            Err(problem) => (Some(problem), None),
        };
        let now = parcel.received_at;
        let (submissions, onward) = arrive::take_apart(&card, parcel, refused.as_deref(), &self.random);
        let mut answers = Vec::with_capacity(submissions.len());
        for answer in self.road.write_all(submissions).await {
            answers.push(answer?);
        }
        if let Some(used) = used {
            self.note_use(&card, used, now);
        }
        let nothing = || WriteError::Unavailable("the request held no event".into());
        Ok((arrive::together(answers).ok_or_else(nothing)?, onward))
    }

    /// Reads a stored submission again; see [`replay`].
    ///
    /// # Errors
    /// The database's.
    pub async fn replay(
        &self,
        within: Option<&crate::base::ids::BusinessId>,
        receipt: &crate::base::ids::ReceiptId,
        send: bool,
    ) -> Result<Option<replay::Replay>, WriteError> {
        let again = replay::Again {
            db: &self.db,
            keys: &self.keys,
            random: Arc::clone(&self.random),
            public_url: &self.public_url,
            preview_phone: self.cards.preview_phone(),
            now: self.clock.now_ms(),
        };
        let done = again.replay(within, receipt, send).await?;
        if send {
            self.outbox.nudge();
            self.fetch_now();
        }
        Ok(done)
    }

    /// Notes when a key was last used, to the minute. Nobody waits for it, and a failure to note it loses nothing.
    fn note_use(&self, card: &Card, used: Used, now: i64) {
        if !self.uses.is_news(&card.source.id, used, now) {
            return;
        }
        let (db, source) = (self.db.clone(), card.source.id.clone());
        tokio::spawn(async move {
            let _unnoted =
                db.write(move |c| Box::pin(async move { keyring::store::note_use(c, &source, used, now).await })).await;
        });
    }
}

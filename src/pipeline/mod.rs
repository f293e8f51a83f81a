//! The road on one page: [`Pipeline::receive`] takes a payload in, [`Pipeline::hear_status`] and
//! [`Pipeline::hear_text`] take a vendor's news.
//!
//! A submission is verified and read without touching the database; then one item goes to the writer, which decides and
//! stores receipt, lead and messages in one synced transaction; only then is the sender answered.

mod cards;
mod health;
mod hear;
mod notices;
mod road;

pub use cards::Card;
pub use hear::{InboundText, StatusNews};
pub use road::{Received, RoadLane, Status, Submission};

use crate::base::clock::Clock;
use crate::base::ids::{LeadId, ReceiptId};
use crate::base::keys::{Keys, sha256_hex};
use crate::base::news::News;
use crate::base::random::Random;
use crate::db::{Db, Handle, WriteError};
use crate::intake::providers;
use crate::intake::reading::{Kind, Request};
use crate::outbox::Outbox;
use crate::reply::AlertTo;
use cards::Cards;
use std::sync::Arc;

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

/// The way through the house.
pub struct Pipeline {
    db: Db,
    road: Handle<Submission, Received>,
    cards: Cards,
    keys: Keys,
    clock: Clock,
    random: Arc<Random>,
    outbox: Arc<Outbox>,
    news: News,
    public_url: String,
    watch: health::Watch,
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
    ) -> Self {
        let cards = Cards::new(preview_phone);
        Self { db, road, cards, keys, clock, random, outbox, news, public_url, watch: health::Watch::default() }
    }

    /// The source behind a token, with everything a submission needs; none for a wrong address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn card(&self, token: &str) -> Result<Option<Arc<Card>>, sqlx::Error> {
        self.cards.find(&self.db, &self.keys, token, self.clock.mono_ms()).await
    }

    /// Takes a submission in. The answer comes after the commit, never before.
    ///
    /// # Errors
    /// [`WriteError`] when nothing could be stored: the sender must be told to try again.
    pub async fn receive(&self, card: Arc<Card>, parcel: Parcel) -> Result<(Received, Onward), WriteError> {
        let provider = providers::find(&card.source.provider).unwrap_or_else(providers::generic);
        let request = Request {
            method: &parcel.method,
            url: &parcel.url,
            content_type: parcel.content_type.as_deref(),
            headers: &parcel.headers,
            query: &parcel.query,
            body: &parcel.body,
            country: &card.business.country,
            received_at: parcel.received_at,
        };
        let secrets: Vec<&str> = card.secrets.iter().map(String::as_str).collect();
        let refused = if secrets.is_empty() {
            None
        } else {
            provider.verify(&request, &secrets, parcel.received_at).err().map(|r| r.problem.to_string())
        };
        let mut reading = provider.read(&request);
        reading.files = reading.files.max(parcel.files);
        let onward = Onward { asked: reading.redirect.clone() };
        let now = parcel.received_at;
        let receipt_id = ReceiptId::new(&self.random, now);
        let (dedupe_key, window_ms) = match (&refused, &reading.event_id) {
            (Some(_), _) => (format!("refused:{receipt_id}"), None),
            (None, Some(id)) => (format!("id:{}", clip(id)), None),
            (None, None) if reading.kind == Kind::Unreadable => {
                (format!("raw:{}", sha256_hex(&parcel.body)), Some(SAME_ANSWERS_MS))
            }
            (None, None) => (format!("hash:{}", reading.answers_hash), Some(SAME_ANSWERS_MS)),
        };
        let submission = Submission {
            receipt_id,
            lead_id: LeadId::new(&self.random, now),
            told: self.told(&card),
            headers: kept_headers(&parcel.headers),
            query: kept_query(&parcel.query),
            content_type: parcel.content_type,
            body: parcel.body,
            received_at: now,
            remote: parcel.remote,
            card,
            reading,
            refused,
            dedupe_key,
            window_ms,
        };
        let received = self.road.write(submission).await?;
        Ok((received, onward))
    }

    /// Who of us is told first, each with a fresh link.
    fn told(&self, card: &Card) -> Vec<AlertTo> {
        card.people
            .iter()
            .map(|person| AlertTo {
                id: person.id.clone(),
                phone: person.phone.clone(),
                email: person.email.clone(),
                code: crate::base::ids::new_code(&self.random),
                digit: None,
            })
            .collect()
    }
}

/// Ids are kept short: a hostile one must not fill the index.
fn clip(id: &str) -> String {
    if id.len() <= 120 { id.to_owned() } else { sha256_hex(id.as_bytes()) }
}

/// The headers worth keeping: what names the delivery, the sender and the shape. Signatures and keys are not kept.
fn kept_headers(headers: &[(String, String)]) -> String {
    let kept: Vec<(&str, &str)> = headers
        .iter()
        .filter(|(name, _)| {
            matches!(name.as_str(), "content-type" | "user-agent" | "origin" | "referer" | "accept" | "x-request-id")
                || name.ends_with("-id")
                || name.ends_with("-topic")
                || name.ends_with("-event")
        })
        .map(|(name, value)| (name.as_str(), value.get(..value.len().min(500)).unwrap_or("")))
        .collect();
    serde_json::to_string(&kept).unwrap_or_else(|_| "[]".to_owned())
}

/// The query without what may be a secret.
fn kept_query(query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    let kept = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| !matches!(name.as_ref(), "secret" | "key" | "token"));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
}

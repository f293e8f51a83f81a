//! What goes onto the road, and what comes back.

use super::RoadLane;
use crate::base::ids::{LeadId, ReceiptId};
use crate::base::keys::Keys;
use crate::db::Conn;
use crate::lead::reading::Reading;
use crate::lead::store::intake::{self, Ground, Question};
use crate::lead::store::silence;
use crate::pipeline::cards::Card;
use crate::reply::{self, AlertTo};
use std::collections::HashMap;
use std::sync::Arc;
/// One submission, verified and read, ready to be stored.
#[derive(Debug)]
pub struct Submission {
    /// Where it came in.
    pub card: Arc<Card>,
    /// The receipt's id.
    pub receipt_id: ReceiptId,
    /// The lead's id, should it make one.
    pub lead_id: LeadId,
    /// What was read.
    pub reading: Reading,
    /// Why the signature was refused, if it was.
    pub refused: Option<String>,
    /// Its delivery.
    pub dedupe_key: String,
    /// How long the key holds; none = for good.
    pub window_ms: Option<i64>,
    /// Who of us would be told.
    pub told: Vec<AlertTo>,
    /// Headers worth keeping, JSON.
    pub headers: String,
    /// Query without secrets.
    pub query: String,
    /// As sent.
    pub content_type: Option<String>,
    /// Raw, without files.
    pub body: Vec<u8>,
    /// UTC milliseconds.
    pub received_at: i64,
    /// The browser's network.
    pub remote: Option<String>,
    /// What it answers, if we asked for it ourselves.
    pub brought: Option<Brought>,
}

/// Which question a submission answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// What was asked for.
    pub what: String,
    /// By which number.
    pub id: String,
    /// The question and its lease; none when it is read again.
    pub question: Option<(String, String)>,
}

/// What the sender is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// New and durable.
    Accepted,
    /// The same delivery again.
    Duplicate,
    /// Concerns nobody.
    Ignored,
    /// A test.
    Test,
    /// Kept, not understood.
    Kept,
    /// Not authentic.
    Refused,
}

impl Status {
    /// The word in the answer.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Duplicate => "duplicate",
            Status::Ignored => "ignored",
            Status::Test => "test",
            Status::Kept => "kept",
            Status::Refused => "refused",
        }
    }
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// For the sender.
    pub status: Status,
    /// The receipt, the first one for a duplicate.
    pub receipt: String,
    /// Its lead.
    pub lead: Option<String>,
    /// Why it was refused.
    pub problem: Option<String>,
}

impl RoadLane {
    /// Knows forgotten numbers that asked for silence by the hash that this key makes.
    #[must_use]
    pub fn remembering(mut self, keys: Keys) -> Self {
        self.keys = Some(keys);
        self
    }
}

/// What is known before a batch is decided. Numbers that were forgotten and come back are known again first.
pub(super) async fn ground(conn: &mut Conn, items: &[Submission], keys: Option<&Keys>) -> Result<Ground, sqlx::Error> {
    let questions: Vec<Question<'_>> = items.iter().map(question).collect();
    let (people, now) = told(items);
    let ground = intake::ground(conn, &questions, &people, now).await?;
    match keys {
        Some(keys) if ground.forgotten => {
            silence::recall(conn, keys, items.iter().filter_map(|s| contacts(s).0)).await?;
            intake::ground(conn, &questions, &people, now).await
        }
        _ => Ok(ground),
    }
}

/// The digits that those who would be told have in use by now.
pub(super) async fn digits(conn: &mut Conn, items: &[Submission]) -> Result<HashMap<String, Vec<u8>>, sqlx::Error> {
    let (people, now) = told(items);
    intake::digits(conn, &people, now).await
}

/// Who of us would be told of a batch, and when it came.
fn told(items: &[Submission]) -> (Vec<&str>, i64) {
    let mut people: Vec<&str> = items.iter().flat_map(|s| s.told.iter().map(|t| t.id.as_str())).collect();
    people.sort_unstable();
    people.dedup();
    (people, items.iter().map(|s| s.received_at).max().unwrap_or(0))
}

/// What must be known before it is decided.
fn question(s: &Submission) -> Question<'_> {
    let (phone, email) = contacts(s);
    Question {
        source_id: &s.card.source.id,
        dedupe_key: &s.dedupe_key,
        business_id: &s.card.business.id,
        phone,
        email,
        at: s.received_at,
    }
}

/// Number and address of the person, where they are known.
pub(super) fn contacts(s: &Submission) -> (Option<&str>, Option<&str>) {
    (s.reading.phone.as_ref().map(|p| p.as_str()), s.reading.email.as_ref().map(|e| e.as_str()))
}

/// What to call the person of a reading.
pub(super) fn title(s: &Submission, reading: &Reading) -> String {
    let nameless = reading.name.is_none();
    let phone = reading.phone.as_ref().filter(|_| nameless).map(|phone| phone.national(&s.card.business.country));
    let email = reading.email.as_ref().map(|email| email.as_str());
    reply::words::title(reading.name.as_deref(), phone.as_deref().or(email))
}

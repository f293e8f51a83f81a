//! Events that name something without saying more, and the answers to the questions that follow: one lead for each thing
//! named, however many events name it, and told of once it is known who it is.
//!
//! Where the vendor can be asked at once, the first alert waits a moment: nearly always the answer comes before it, and
//! the owner is told once, with the name. If it does not come, the alert goes as it is.

use super::{Batch, Received, Speech, Status, Submission, title};
use crate::base::clock::{DAY_MS, SECOND_MS};
use crate::base::ids::new_id;
use crate::base::random::Random;
use crate::db::Conn;
use crate::intake::providers;
use crate::lead::fetch::store::{self as fetch, Question};
use crate::lead::fetch::{Asking, Call};
use crate::lead::reading::{About, Kind, Reading};
use crate::lead::store::intake::Known;
use crate::lead::store::thin::{self, Name, Named};
use crate::reply::{Answering, Topic};
use std::collections::{HashMap, HashSet};

/// How long the alert of a lead that says nothing yet waits for the answer.
pub const PATIENCE_MS: i64 = 20 * SECOND_MS;
/// A lead that was made longer ago is not answered automatically when its details come: the owner decides.
const ANSWERED_WITHIN_MS: i64 = DAY_MS;

/// What the events of a batch name, and what is asked for because of them.
#[derive(Default)]
pub struct Thin {
    /// By source, what and number.
    known: HashMap<(String, String, String), Named>,
    questions: Vec<Question>,
    again: Vec<Question>,
    /// Question, lease and when it was answered.
    answered: Vec<(String, String, i64)>,
    /// Leads whose first word is not needed any more.
    hushed: Vec<String>,
    /// Lead, what was found, and whether the lead began with what was named.
    filled: Vec<(String, Reading, bool)>,
    /// Receipts of events that name something of which everything is known already.
    needless: HashSet<String>,
}

/// What a submission names: a thing that has to be asked for, or that was.
fn name(s: &Submission) -> Option<(&str, &str)> {
    let fetch = s.reading.fetch.as_ref().map(|fetch| (fetch.what.as_str(), fetch.id.as_str()));
    s.brought.as_ref().map(|brought| (brought.what.as_str(), brought.id.as_str())).or(fetch)
}

fn key(s: &Submission) -> Option<(String, String, String)> {
    name(s).map(|(what, id)| (s.card.source.id.to_string(), what.to_owned(), id.to_owned()))
}

/// How the vendor of a submission is asked, and for what.
fn asking(s: &Submission) -> Option<(&'static Asking, &'static Call)> {
    let (what, id) = name(s)?;
    let asking = s.card.provider().asking()?;
    asking.call(what, id).map(|call| (asking, call))
}

/// What is to be asked because of a submission that only names something. Who called off is left in peace.
pub fn question(s: &Submission, receipt_id: &str, random: &Random) -> Option<Question> {
    let is_off = matches!(&s.reading.about, About::Booking(booking) if booking.is_cancelled);
    if s.brought.is_some() || s.refused.is_some() || is_off || asking(s).is_none() {
        return None;
    }
    let (what, id) = name(s)?;
    Some(Question {
        id: new_id(random, s.received_at),
        business_id: s.card.business.id.clone(),
        source_id: s.card.source.id.clone(),
        receipt_id: receipt_id.into(),
        what: what.to_owned(),
        reference: id.to_owned(),
        is_test: s.reading.kind == Kind::Test,
        at: s.received_at,
    })
}

/// What is said of a thing that was only named, for the timeline.
pub fn note(s: &Submission, what: &str, id: &str) -> String {
    let vendor = vendor(s);
    match asking(s) {
        None => format!("{vendor} only named the number of this {what}: {id}. Look it up at {vendor}."),
        Some((_, call)) if s.card.source.api_token_sealed.is_some() => {
            format!("{vendor} only named the number of this {}: {id}. The rest is being asked for.", call.noun)
        }
        Some((asking, call)) => format!(
            "{vendor} only named the number of this {}: {id}. To have the rest read here, add {} under Sources, {}, Keys. \
             Until then look it up at {vendor}.",
            call.noun, asking.token, s.card.source.name
        ),
    }
}

impl Thin {
    /// Looks up what the submissions name.
    pub async fn open(conn: &mut Conn, items: &[Submission]) -> Result<Self, sqlx::Error> {
        let mut opened = Self::default();
        let asked: Vec<&Submission> = items.iter().filter(|s| s.refused.is_none() && asking(s).is_some()).collect();
        let names: Vec<Name<'_>> =
            asked.iter().filter_map(|s| name(s).map(|(what, id)| (s.card.source.id.as_str(), what, id))).collect();
        for (n, named) in thin::known(conn, &names).await? {
            if let Some(key) = asked.get(n).and_then(|s| key(s)) {
                opened.known.insert(key, named);
            }
        }
        Ok(opened)
    }

    /// How long the alerts of a submission wait: where nothing can be asked, or nothing has to be, not at all.
    pub fn patience(&self, s: &Submission) -> i64 {
        let is_asked = s.reading.fetch.is_some() && s.card.source.api_token_sealed.is_some() && asking(s).is_some();
        if is_asked && !self.needless.contains(s.receipt_id.as_str()) { PATIENCE_MS } else { 0 }
    }

    /// What this event names need not be asked for: it is known whose it is.
    pub fn is_known(&mut self, s: &Submission) {
        if s.reading.fetch.is_some() {
            self.needless.insert(s.receipt_id.to_string());
        }
    }

    /// The lead that was made when this was named before.
    pub fn named(&self, s: &Submission) -> Option<Named> {
        self.known.get(&key(s)?).cloned()
    }

    /// What follows from a submission, whatever became of it: a question, one more question, or the end of one.
    pub fn heard(&mut self, s: &Submission, answer: &Received, random: &Random) {
        if let Some(brought) = &s.brought {
            self.answered.extend(brought.question.clone().map(|(id, lease)| (id, lease, s.received_at)));
            // What concerns nobody and what nobody can read leaves the lead as unknown as it was.
            let is_known = matches!(answer.status, Status::Accepted | Status::Test | Status::Duplicate);
            self.hushed.extend(answer.lead.clone().filter(|_| is_known));
            return;
        }
        if self.needless.contains(s.receipt_id.as_str()) {
            return;
        }
        let Some(question) = question(s, &answer.receipt, random) else { return };
        let changes = asking(s).is_some_and(|(_, call)| call.changes);
        match answer.status {
            Status::Accepted | Status::Test => self.questions.push(question),
            Status::Duplicate if changes => self.again.push(question),
            _ => return,
        }
        if let (Some(lead_id), Some(key)) = (&answer.lead, key(s)) {
            let new = || Named { received_at: s.received_at, ..Named::default() };
            let named = self.known.entry(key).or_insert_with(new);
            if named.buyer.lead_id.is_empty() {
                named.buyer.lead_id.clone_from(lead_id);
                named.buyer.waits = true;
            }
        }
    }

    /// This lead is the one of which more is known now.
    pub fn found(&mut self, s: &Submission, lead_id: &str) {
        if s.brought.is_none() {
            return;
        }
        self.filled.push((lead_id.to_owned(), s.reading.clone(), true));
        if let Some(named) = key(s).and_then(|key| self.known.get_mut(&key)) {
            named.buyer.learn(&s.reading);
            named.is_told = true;
        }
    }

    /// More is known now of somebody who has another lead.
    fn found_elsewhere(&mut self, s: &Submission, lead_id: &str) {
        if s.brought.is_some() {
            self.filled.push((lead_id.to_owned(), s.reading.clone(), false));
        }
    }

    /// A lead turned out to be a part of another one.
    pub fn fold(&mut self, gone: &str, into: &str) {
        for named in self.known.values_mut().filter(|named| named.buyer.lead_id == gone) {
            into.clone_into(&mut named.buyer.lead_id);
        }
        // Its own first word goes along, and is called off under its old name.
        self.hushed.push(gone.to_owned());
    }

    /// Whether nothing of it is to be written.
    pub fn is_idle(&self) -> bool {
        self.questions.is_empty()
            && self.again.is_empty()
            && self.filled.is_empty()
            && self.hushed.is_empty()
            && self.answered.is_empty()
    }

    /// Writes what has changed.
    pub async fn close(&self, conn: &mut Conn) -> Result<(), sqlx::Error> {
        fetch::plan(conn, &self.questions).await?;
        for question in &self.again {
            fetch::ask_again(conn, question).await?;
        }
        for (lead, reading, is_own) in &self.filled {
            thin::fill(conn, lead, reading, *is_own).await?;
        }
        for lead in &self.hushed {
            thin::call_off_nameless(conn, lead).await?;
        }
        for (question, lease, at) in &self.answered {
            fetch::done(conn, question, lease, *at).await?;
        }
        Ok(())
    }
}

impl<'a> Batch<'a> {
    /// The person that was only named has an open lead, which the unknown one becomes a part of.
    pub(super) fn goes_into(&mut self, s: &'a Submission, named: &Named, open: Option<&(String, bool)>) -> bool {
        let Some((open, _)) = open.filter(|(open, _)| *open != named.buyer.lead_id) else { return false };
        let goes = named.buyer.is_nobody() && named.buyer.waits;
        if goes {
            self.fold(&named.buyer.lead_id, open);
            self.thin.found_elsewhere(s, open);
        }
        goes
    }

    /// More of a thing that an event named before: its details, or one more event that names it.
    pub(super) fn named_before(&mut self, s: &'a Submission, known: &Known, named: &Named) -> String {
        let lead_id = named.buyer.lead_id.clone();
        let is_answer = s.brought.is_some();
        self.joins.push((lead_id.clone(), s, false));
        if is_answer {
            self.stays_open(s, &lead_id);
            self.thin.found(s, &lead_id);
            self.note(s, &lead_id, "fetched", Some(vendor(s).to_owned()));
        }
        let again = (is_answer && !named.buyer.is_nobody()).then_some(s.receipt_id.as_str());
        let topic = self.topic(s, again, &lead_id).or_else(|| details(s, named, again));
        let topic = topic.map(|topic| if may_be_answered(s, named) { topic } else { unanswered(topic) });
        let speech = Speech {
            lead_id: &lead_id,
            reading: &s.reading,
            topic: topic.as_ref(),
            again,
            wants_no_texts: named.buyer.wants_no_texts,
            opted_out: named.buyer.opted_out,
            answered: false,
            is_alert: true,
        };
        self.tell(s, known, &speech);
        self.is_news(&s.card.business.id, s, false);
        lead_id
    }
}

/// The vendor by its name.
pub fn vendor(s: &Submission) -> &'static str {
    providers::find(&s.card.source.provider).map_or("the sender", |provider| provider.name())
}

/// A form that is told of a second time, now with the name. One that nobody was told of yet is simply a new lead.
fn details(s: &Submission, named: &Named, again: Option<&str>) -> Option<Topic> {
    let is_first_word = !named.is_told && again.is_none() && may_be_answered(s, named);
    let is_test = s.reading.kind == Kind::Test;
    (!is_first_word)
        .then(|| Topic::details(&title(s, &s.reading), s.reading.message.as_deref(), is_test, &s.receipt_id))
}

fn may_be_answered(s: &Submission, named: &Named) -> bool {
    named.buyer.waits && s.received_at - named.received_at < ANSWERED_WITHIN_MS
}

fn unanswered(topic: Topic) -> Topic {
    Topic { answer: Answering::Nothing, ..topic }
}

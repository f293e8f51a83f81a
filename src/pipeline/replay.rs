//! Reads a stored submission again, with what we understand today: what was kept becomes a lead, a lead gets what it was
//! missing, and what was never planned is planned. Nobody gets a second first text.
//!
//! A dry run walks the very same way inside the writer's transaction and is undone at its end, so what it shows is what
//! would happen. A submission that made no lead goes the whole road once more, in the place of its own receipt; its
//! signature is not asked for again, because signatures are not kept: letting a refused one in is a person's decision.

use super::cards::{Card, Cards};
use super::road::{RoadLane, Status, Submission, book};
use super::{Parcel, arrive, road};
use crate::base::ids::{BusinessId, LeadId, ReceiptId};
use crate::base::keys::Keys;
use crate::base::news::News;
use crate::base::random::Random;
use crate::db::{Conn, Db, Lane, WriteError};
use crate::lead::fetch::store as questions;
use crate::lead::hours::Hours;
use crate::lead::reading::{About, Kind, Reading, with_new};
use crate::lead::receipts::{self, Whole};
use crate::lead::shop::store as shops;
use crate::lead::store::intake::{self, NewLink, Question};
use crate::lead::store::replay as store;
use crate::outbox::message::Purpose;
use crate::outbox::store::enqueue::enqueue;
use crate::outbox::store::planned::{self, Planned};
use crate::reply::{self, AlertTo, Occasion};
use jiff::tz::TimeZone;
use std::sync::{Arc, Mutex, PoisonError};

/// What reading again needs of the house.
#[derive(Debug)]
pub struct Again<'a> {
    /// The database.
    pub db: &'a Db,
    /// The installation's key.
    pub keys: &'a Keys,
    /// Chance, fit for secrets.
    pub random: Arc<Random>,
    /// What links start with.
    pub public_url: &'a str,
    /// Stands in for a person without a number while texting is not connected.
    pub preview_phone: Option<&'a str>,
    /// UTC milliseconds.
    pub now: i64,
}

/// How a submission is understood, and what it became.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// `accepted`, `kept` and so on.
    pub state: String,
    /// Its lead.
    pub lead: Option<String>,
    /// What was read; none if nothing is kept of it.
    pub reading: Option<Reading>,
}

/// What reading again showed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay {
    /// As it was stored.
    pub before: Read,
    /// As it is read now. After a dry run its lead is the one that it had.
    pub after: Read,
    /// The messages that go out, or would.
    pub would_send: Vec<Planned>,
    /// What a person must know about it.
    pub note: Option<String>,
    /// Whether it was done, not only looked at.
    pub done: bool,
}

const REFUSED: &str =
    "Signatures are not kept, so this one cannot be checked again. Let it in only if you know who sent it.";
const SAME: &str = "The same delivery came again and was taken in then; nothing is left to do.";
const CHANGED: &str = "Somebody ran it a moment ago. Open it again.";
const GONE: &str = "Its raw body is not kept any more, so it cannot be read again.";
const NOBODY: &str = "There is nobody in it as we read it today; the lead stays as it is.";

impl Again<'_> {
    /// Reads one again, if `within` allows its business. Changes something, and sends, only if `send` says so.
    ///
    /// # Errors
    /// The database's.
    pub async fn replay(
        &self,
        within: Option<&BusinessId>,
        receipt: &ReceiptId,
        send: bool,
    ) -> Result<Option<Replay>, WriteError> {
        let unread = |error: sqlx::Error| WriteError::Refused(Arc::new(error));
        let Some(whole) = receipts::one(self.db.read(), within, receipt).await.map_err(unread)? else {
            return Ok(None);
        };
        if whole.receipt.blanked_at.is_some() {
            return Ok(Some(gone(&whole)));
        }
        let source = shops::source(self.db.read(), &whole.receipt.source_id).await.map_err(unread)?;
        let Some(source) = source else { return Ok(None) };
        // What is read again rings nobody: it is late already.
        let cards = Cards::new(self.preview_phone.map(str::to_owned), false);
        let card = Arc::new(cards.load(self.db, self.keys, source, self.now).await.map_err(unread)?);
        let before = stored(&whole);
        let walk = self.walk(card, whole);
        let shown = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&shown);
        let written = self
            .db
            .write(move |conn| {
                Box::pin(async move {
                    let replay = walk.go(conn).await?;
                    let keep = send && replay.done;
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(replay);
                    // An error undoes all of it.
                    if keep { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
                })
            })
            .await;
        let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (shown, written) {
            (Some(mut replay), Ok(())) => {
                replay.before = before;
                Ok(Some(replay))
            }
            // Looked at, and undone on purpose.
            (Some(mut replay), Err(WriteError::Refused(_))) if !(send && replay.done) => {
                replay.done = false;
                replay.after.lead.clone_from(&before.lead);
                replay.before = before;
                Ok(Some(replay))
            }
            (_, Err(error)) => Err(error),
            (None, Ok(())) => Ok(None),
        }
    }

    fn walk(&self, card: Arc<Card>, whole: Whole) -> Walk {
        let headers: Vec<(String, String)> = serde_json::from_str(&whole.headers).unwrap_or_default();
        if let Some(brought) = arrive::was_asked_for(&headers) {
            let is_test = whole.receipt.state == "test";
            let mut answer = arrive::bring(&card, brought, is_test, whole.body.clone(), self.now, &self.random);
            answer.receipt_id = whole.receipt.id.clone();
            return self.walk_with(vec![answer], card, whole);
        }
        let parcel = Parcel {
            method: "POST".to_owned(),
            url: self.public_url.to_owned(),
            content_type: whole.receipt.content_type.clone(),
            headers,
            query: whole.receipt.query.clone(),
            body: whole.body.clone(),
            files: u32::try_from(whole.receipt.files).unwrap_or(0),
            received_at: self.now,
            remote: whole.receipt.remote.clone(),
        };
        let (mut submissions, _) = arrive::take_apart(&card, parcel, None, &self.random);
        if whole.receipt.state != "refused" {
            // The other events of the request have receipts of their own.
            submissions.truncate(1);
        }
        if let Some(first) = submissions.first_mut() {
            first.receipt_id = whole.receipt.id.clone();
        }
        self.walk_with(submissions, card, whole)
    }

    fn walk_with(&self, submissions: Vec<Submission>, card: Arc<Card>, whole: Whole) -> Walk {
        Walk {
            submissions,
            whole,
            card,
            keys: self.keys.clone(),
            random: Arc::clone(&self.random),
            public_url: self.public_url.to_owned(),
            now: self.now,
        }
    }
}

/// How a submission was understood, and what it became.
fn stored(whole: &Whole) -> Read {
    Read {
        state: whole.receipt.state.clone(),
        lead: whole.receipt.lead_id.as_ref().map(ToString::to_string),
        reading: whole.reading.as_deref().and_then(|json| serde_json::from_str(json).ok()),
    }
}

/// Nothing is left to be read.
fn gone(whole: &Whole) -> Replay {
    Replay { before: stored(whole), after: stored(whole), note: Some(GONE.to_owned()), ..Replay::default() }
}

/// One submission on its way through the writer's transaction.
struct Walk {
    submissions: Vec<Submission>,
    whole: Whole,
    card: Arc<Card>,
    keys: Keys,
    random: Arc<Random>,
    public_url: String,
    now: i64,
}

impl Walk {
    async fn go(&self, conn: &mut Conn) -> Result<Replay, sqlx::Error> {
        let business = &self.card.business.id;
        let Some(first) = self.submissions.first() else { return Ok(Replay::default()) };
        let was = &self.whole.receipt;
        if !store::is_still(conn, &was.id, &was.state, was.lead_id.as_ref()).await? {
            let after = Read { state: was.state.clone(), ..Read::default() };
            return Ok(Replay { after, note: Some(CHANGED.to_owned()), ..Replay::default() });
        }
        let earlier = planned::at(conn, business, self.now).await?;
        let mut replay = match &self.whole.receipt.lead_id {
            Some(lead) => self.fill(conn, lead, first).await?,
            None => self.afresh(conn, first).await?,
        };
        let all = planned::at(conn, business, self.now).await?;
        replay.would_send = all.into_iter().filter(|m| !earlier.iter().any(|e| e.id == m.id)).collect();
        replay.after.reading = Some(first.reading.clone());
        Ok(replay)
    }

    /// A submission without a lead: the whole road again, in the place of its own receipt.
    async fn afresh(&self, conn: &mut Conn, first: &Submission) -> Result<Replay, sqlx::Error> {
        let was = &self.whole.receipt;
        let refused = was.state == "refused";
        let note = refused.then(|| REFUSED.to_owned());
        if !refused && matches!(first.reading.kind, Kind::Ignored | Kind::Unreadable) {
            let state = if first.reading.kind == Kind::Ignored { "ignored" } else { "kept" };
            let reading = serde_json::to_string(&first.reading).unwrap_or_default();
            store::reread(conn, &was.id, state, first.reading.problem.as_deref(), &reading).await?;
            return Ok(Replay {
                after: Read { state: state.to_owned(), ..Read::default() },
                done: true,
                ..Replay::default()
            });
        }
        store::take_out(conn, &was.id).await?;
        let mut lane = RoadLane::new(Arc::clone(&self.random), self.public_url.clone(), News::default(), None)
            .remembering(self.keys.clone());
        let answers = lane.apply(conn, &self.submissions).await?;
        if answers.iter().all(|answer| answer.status == Status::Duplicate) {
            let after = Read { state: was.state.clone(), ..Read::default() };
            return Ok(Replay { after, note: Some(SAME.to_owned()), ..Replay::default() });
        }
        store::put_back(conn, &was.id, was.received_at, was.repeats).await?;
        for made in &self.submissions {
            store::backdate(conn, &made.lead_id, was.received_at, self.was_closed()).await?;
        }
        store::backdate_sales(conn, &was.source_id, self.now, was.received_at).await?;
        let told = if refused {
            "Let in by a person; its signature was refused."
        } else {
            "Understood later, by reading it again."
        };
        let leads: Vec<String> = answers.iter().filter_map(|answer| answer.lead.clone()).collect();
        let notes = leads
            .iter()
            .map(|lead| (self.card.business.id.as_str(), lead.as_str(), self.now, "note", Some(told.to_owned())));
        intake::insert_events(conn, &notes.collect::<Vec<_>>()).await?;
        let state = answers.first().map_or("", |answer| match answer.status {
            Status::Duplicate => "accepted",
            other => other.as_str(),
        });
        let after = Read { state: state.to_owned(), lead: leads.first().cloned(), reading: None };
        Ok(Replay { after, note, done: true, ..Replay::default() })
    }

    fn was_closed(&self) -> bool {
        let business = &self.card.business;
        let zone = TimeZone::get(&business.timezone).unwrap_or(TimeZone::UTC);
        let hours = business.hours.as_deref().and_then(Hours::parse);
        hours.is_some_and(|hours| !hours.is_open(self.whole.receipt.received_at, &zone))
    }

    /// A submission with a lead: what is missing is filled in, and what was never planned is planned.
    async fn fill(&self, conn: &mut Conn, lead: &LeadId, first: &Submission) -> Result<Replay, sqlx::Error> {
        let (was, reading) = (&self.whole.receipt, &first.reading);
        let after = Read { state: was.state.clone(), lead: Some(lead.to_string()), reading: None };
        let Some(standing) = store::standing(conn, lead).await? else {
            return Ok(Replay { after, ..Replay::default() });
        };
        if !matches!(reading.kind, Kind::Lead | Kind::Test) {
            return Ok(Replay { after, note: Some(NOBODY.to_owned()), ..Replay::default() });
        }
        store::fill(conn, lead, reading, &with_new(&standing.fields, &reading.fields)).await?;
        let json = serde_json::to_string(reading).unwrap_or_default();
        store::reread(conn, &was.id, &was.state, was.problem.as_deref(), &json).await?;
        // What was only named when nobody could ask for it yet is asked for now.
        questions::plan(conn, road::to_be_asked(first, &was.id, &self.random).as_slice()).await?;
        if !standing.is_spam {
            book(conn, first, lead.as_str(), &self.random).await?;
            store::backdate_sales(conn, &was.source_id, self.now, was.received_at).await?;
            self.plan(conn, lead, reading, &standing).await?;
        }
        Ok(Replay { after, done: true, ..Replay::default() })
    }

    async fn plan(
        &self,
        conn: &mut Conn,
        lead: &LeadId,
        reading: &Reading,
        standing: &store::Standing,
    ) -> Result<(), sqlx::Error> {
        let (card, now) = (&*self.card, self.now);
        let phone = reading.phone.as_ref().map(|phone| phone.as_str());
        let email = reading.email.as_ref().map(|email| email.as_str());
        let question = Question {
            source_id: &card.source.id,
            dedupe_key: "",
            business_id: &card.business.id,
            phone,
            email,
            at: now,
        };
        let known = intake::ground(conn, &[question], &[], now).await?.known.pop().unwrap_or_default();
        let free = standing.state == "waiting"
            && standing.person_at.is_none()
            && !standing.answered
            && !known.answered
            && !planned::ever(conn, lead, Purpose::LeadReply.as_str()).await?;
        let alerted = planned::ever(conn, lead, Purpose::OwnerAlert.as_str()).await?;
        let told: Vec<AlertTo> = if alerted { Vec::new() } else { arrive::told(card, now, &self.random) };
        let topic = news(reading);
        let plan = reply::plan(
            &Occasion {
                business: &card.business,
                owner: card.people.first(),
                source: &card.source,
                lead_id: lead,
                reading,
                is_test: standing.is_test,
                again: None,
                first_free: free,
                opted_out: known.opted_out,
                wants_no_texts: known.wants_no_texts,
                blocked: card.blocked_at(now),
                keys: Some(&self.keys),
                topic: topic.as_ref(),
                told: &told,
                wording: &card.wording,
                remote: self.whole.receipt.remote.as_deref(),
                public_url: &self.public_url,
                now,
            },
            &self.random,
        );
        let business = card.business.id.as_str();
        if plan.answers {
            let contacts = [phone, email].into_iter().flatten().map(|contact| (business, contact, lead.as_str(), now));
            intake::mark_answered(conn, &contacts.collect::<Vec<_>>()).await?;
        }
        // Why there is no automatic answer was said when there could have been one.
        let notes =
            plan.notes.into_iter().filter(|_| free).map(|note| (business, lead.as_str(), now, "note", Some(note)));
        intake::insert_events(conn, &notes.collect::<Vec<_>>()).await?;
        let links = told.iter().map(|to| NewLink {
            code: &to.code,
            business_id: business,
            lead_id: lead,
            person_id: &to.id,
            digit: to.digit,
            at: now,
        });
        intake::insert_links(conn, &links.collect::<Vec<_>>()).await?;
        enqueue(conn, &plan.drafts).await
    }
}

/// Money and appointments go their own way when they come in; read again, they are told to the owner and answer nobody.
fn news(reading: &Reading) -> Option<reply::Topic> {
    if matches!(reading.about, About::Form | About::Text | About::Keyword(_) | About::Call) {
        return None;
    }
    let contact = reading.phone_as_given.as_deref().or(reading.email.as_ref().map(|email| email.as_str()));
    Some(reply::Topic {
        line: format!("Read again: {}", reply::words::title(reading.name.as_deref(), contact)),
        says: reading.message.clone().unwrap_or_default(),
        step: "again".to_owned(),
        answer: reply::Answering::Nothing,
    })
}

//! Calls to one of us: what is said when they pick up, what a key does, and what becomes of being put through to a lead.
//!
//! Before a key was pressed only the shop is named, since a voicemail picks up too; a key is the proof that somebody
//! listens, and makes the call delivered. Everything here is asked for by the vendor, at addresses that carry our own
//! tag, in the time of one call: an old request does nothing.

mod talk;

use super::Pipeline;
use crate::base::clock::SECOND_MS;
use crate::base::ids::{BusinessId, LeadId};
use crate::base::news::Change;
use crate::base::random::Random;
use crate::db::{Conn, WriteError};
use crate::delivery::twilio_errors;
use crate::lead::record::Lead;
use crate::lead::shop::{Business, store as shops};
use crate::lead::state::State;
use crate::lead::store::act::Who;
use crate::lead::store::{bridge, read};
use crate::outbox::channel::Medium;
use crate::outbox::machine::HEARD;
use crate::outbox::message::Purpose;
use crate::outbox::store::calls;
use crate::outbox::store::enqueue::enqueue;
use crate::outbox::store::hear::{self, News};
use crate::reply::spoken;
use std::sync::Arc;
use talk::{Line, Talk};

/// Who asks what to say: the call that our tag names, and the vendor's id of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The message.
    pub message: String,
    /// Which try.
    pub attempt: i64,
    /// The vendor's id of the call.
    pub vendor_id: String,
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// 1.
    One {
        /// They know that somebody else has it.
        anyway: bool,
    },
    /// 2.
    Two,
    /// None, or another one.
    Other,
}

/// What is said, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Speech {
    /// Before anybody has pressed a key.
    Greet(String),
    /// What it is about; 1 and 2 do something.
    Tell(String),
    /// Somebody else has it; 1 calls anyway.
    Anyway(String),
    /// Said, and then the lead's telephone rings.
    Connect {
        /// Said first.
        words: String,
        /// The lead's number, E.164.
        to: String,
    },
    /// Said, and that is the end.
    Say(String),
}

/// What came of "Ring me and connect".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// The telephone of whoever asked rings in a moment.
    Rings,
    /// It cannot: no number of theirs, none of the lead, the lead is closed, or nothing can call.
    Cannot,
}

impl Pipeline {
    /// Whether calls can be placed at all.
    pub fn can_call(&self) -> bool {
        self.outbox.vendor(Medium::Call).is_some()
    }

    /// "Ring me and connect". `None`: this business has no such lead.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn ring_me(&self, business: &Business, lead: &LeadId, who: &Who) -> Result<Option<Rung>, WriteError> {
        let Some(person) = who.person.clone().filter(|_| self.can_call()) else { return Ok(Some(Rung::Cannot)) };
        let (business, lead) = (business.clone(), lead.clone());
        let (random, now) = (Arc::clone(&self.random), self.clock.now_ms());
        let planned = self.db.write(move |c| {
            Box::pin(async move {
                let Some(found) = read::one_in(c, &business.id, &lead).await? else { return Ok(None) };
                let people = shops::people_in(c, &business.id).await?;
                let phone = people.into_iter().find(|one| one.id == person).and_then(|one| one.phone);
                let Some(phone) = phone.filter(|_| can_be_called(&found)) else { return Ok(Some(Rung::Cannot)) };
                let about = (&lead, found.name.as_deref());
                enqueue(c, &[spoken::asked_for(&business, about, &person, &phone, now, &random)]).await?;
                Ok(Some(Rung::Rings))
            })
        });
        let rung = planned.await;
        self.outbox.nudge_one(Medium::Call);
        rung
    }

    /// Somebody or something has picked up.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn call_greeting(&self, asked: Asked) -> Result<Speech, WriteError> {
        let now = self.clock.now_ms();
        self.speak(asked, move |c, talk| {
            Box::pin(async move {
                // Whoever asks has the call: that settles an outcome that nobody knew.
                hear::hear(c, &talk.news("in-progress", now)).await?;
                Ok(Speech::Greet(spoken::greeting(&talk.shop.name, &talk.call.step)))
            })
        })
        .await
    }

    /// A key was pressed at the greeting: somebody listens.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn call_heard(&self, asked: Asked, key: Key) -> Result<Speech, WriteError> {
        let now = self.clock.now_ms();
        self.speak(asked, move |c, talk| {
            Box::pin(async move {
                hear::hear(c, &talk.news(HEARD, now)).await?;
                let body = talk.call.body.clone();
                match (talk.call.step.as_str(), key) {
                    (spoken::TEST, _) => Ok(Speech::Say(body)),
                    (step, Key::One { .. }) if step.starts_with(spoken::BRIDGE) => talk.connect(c, true, now).await,
                    (step, _) if step.starts_with(spoken::BRIDGE) => Ok(Speech::Say(spoken::NOT_CONNECTED.to_owned())),
                    _ => Ok(Speech::Tell(body)),
                }
            })
        })
        .await
    }

    /// A key was pressed at what the call is about.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn call_key(&self, asked: Asked, key: Key) -> Result<Speech, WriteError> {
        let (now, random, public_url) = (self.clock.now_ms(), Arc::clone(&self.random), self.public_url.clone());
        let done = self.speak(asked, move |c, talk| {
            Box::pin(async move {
                match key {
                    Key::One { anyway } => talk.connect(c, anyway, now).await,
                    Key::Two => talk.pass_on(c, &public_url, now, &random).await,
                    Key::Other => Ok(Speech::Tell(talk.call.body.clone())),
                }
            })
        });
        let speech = done.await;
        self.outbox.nudge();
        speech
    }

    /// News of the lead's end of the line: picked up (no `outcome` yet), or over.
    ///
    /// # Errors
    /// When the database cannot commit; the vendor should say it again.
    pub async fn lead_leg(&self, message: &str, end: Option<(String, Option<i64>)>) -> Result<Speech, WriteError> {
        let (message, now) = (message.to_owned(), self.clock.now_ms());
        let done = self.db.write(move |c| {
            Box::pin(async move {
                let Some(known) = bridge::one(c, &message).await? else { return Ok(None) };
                let lead = read::one_in(c, &known.business_id, &known.lead_id).await?;
                let name = lead.as_ref().and_then(|lead| lead.name.clone());
                let who = who(c, &known.business_id, known.person_id.as_ref()).await?;
                let line = Line { message: &message, known: &known, who: &who };
                let speech = match end {
                    None => line.connected(c, now, now).await.map(|()| String::new())?,
                    Some((outcome, secs)) => line.over(c, &outcome, secs, name.as_deref(), now).await?,
                };
                Ok(Some((known.business_id, speech)))
            })
        });
        let Some((business_id, words)) = done.await? else { return Ok(Speech::Say(String::new())) };
        self.news.tell(Change { business_id, new_lead: None });
        Ok(Speech::Say(words))
    }

    /// The vendor tells how a call to one of us goes.
    ///
    /// # Errors
    /// When the database cannot commit; the vendor should say it again.
    pub async fn call_status(&self, asked: Asked, status: String, code: i64) -> Result<(), WriteError> {
        let now = self.clock.now_ms();
        let reason = (code != 0).then(|| twilio_errors::call_sentence(code).map(str::to_owned)).flatten();
        let news = News { reason: reason.or_else(|| ended(&status)), code, ..news(&asked, &status, now) };
        let id = asked.message.clone();
        let is_over = news.quiet || status == "failed";
        let heard = self.db.write(move |c| Box::pin(async move { hear::hear(c, &news).await })).await?;
        if let hear::Heard::Moved(business) = &heard {
            self.news.tell(Change { business_id: business.as_str().into(), new_lead: None });
        }
        // Whoever hung up first ended what was connected: nobody may tell us that of the lead's end.
        if is_over {
            self.hung_up(&id).await?;
        }
        self.outbox.nudge();
        Ok(())
    }

    async fn hung_up(&self, message: &str) -> Result<(), WriteError> {
        let (message, now) = (message.to_owned(), self.clock.now_ms());
        let job = self.db.write(move |c| {
            Box::pin(async move {
                let Some(known) = bridge::one(c, &message).await?.filter(|known| known.ended_at.is_none()) else {
                    return Ok(());
                };
                let who = who(c, &known.business_id, known.person_id.as_ref()).await?;
                let (outcome, secs) = match known.connected_at {
                    Some(at) => ("completed", Some(((now - at) / SECOND_MS).max(0))),
                    None => ("canceled", None),
                };
                bridge::ended(c, &message, &who, outcome, secs, now).await.map(drop)
            })
        });
        job.await
    }

    /// What is said in a call that our tag names, while it lasts.
    async fn speak<F>(&self, asked: Asked, says: F) -> Result<Speech, WriteError>
    where
        F: for<'a> FnOnce(&'a mut Conn, &'a Talk) -> crate::base::Boxed<'a, Result<Speech, sqlx::Error>>
            + Send
            + 'static,
    {
        let now = self.clock.now_ms();
        let done = self.db.write(move |c| {
            Box::pin(async move {
                let Some(talk) = Talk::of(c, asked, now).await? else { return Ok(None) };
                let speech = says(c, &talk).await?;
                Ok(Some((talk.shop.id, speech)))
            })
        });
        let Some((business_id, speech)) = done.await? else { return Ok(Speech::Say(spoken::OVER.to_owned())) };
        self.news.tell(Change { business_id, new_lead: None });
        Ok(speech)
    }
}

/// A first alert that the carriers did not let through rings instead. The same call was planned already where it was
/// known before.
pub(super) async fn ring_instead(c: &mut Conn, vendor_id: &str, now: i64, random: &Random) -> Result<(), sqlx::Error> {
    let Some(alert) = calls::blocked_alert(c, vendor_id, now).await? else { return Ok(()) };
    let said = spoken::new_lead(alert.name.as_deref(), alert.message.as_deref(), alert.is_test, false);
    let step = format!("new:{}:call", alert.person_id);
    let (shop, lead, person) = (&alert.business_id, &alert.lead_id, &alert.person_id);
    let call = spoken::call(shop, lead, person, &alert.recipient, Purpose::OwnerAlert, &step, said, now, random);
    enqueue(c, &[call]).await
}

/// Whether a lead can be rung: opted out of texts or not, it has a number and is open.
pub fn can_be_called(lead: &Lead) -> bool {
    lead.phone.is_some() && lead.state != State::Closed
}

/// Why a call that nobody listened to ended, in a sentence; none for a call that goes on.
fn ended(status: &str) -> Option<String> {
    let words = match status {
        "busy" => "The line was busy.",
        "no-answer" => "Nobody picked up.",
        "canceled" => "The call was called off.",
        "failed" => "The call did not go through; check the number under Team.",
        "completed" => "Picked up, but no key was pressed: a voicemail, perhaps.",
        _ => return None,
    };
    Some(words.to_owned())
}

fn news(asked: &Asked, status: &str, at: i64) -> News {
    News {
        message: Some((asked.message.clone(), asked.attempt)),
        vendor_id: asked.vendor_id.clone(),
        status: status.to_owned(),
        code: 0,
        reason: None,
        opted_out: false,
        quiet: matches!(status, "busy" | "no-answer" | "canceled" | "completed"),
        at,
    }
}

async fn who(
    c: &mut Conn,
    business: &BusinessId,
    person: Option<&crate::base::ids::PersonId>,
) -> Result<Who, sqlx::Error> {
    let people = shops::people_in(c, business).await?;
    let name = people.into_iter().find(|one| Some(&one.id) == person).map(|one| one.name);
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "Someone".to_owned());
    Ok(Who { name, person: person.cloned() })
}

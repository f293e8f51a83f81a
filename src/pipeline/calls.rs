//! Calls to a business's number: whom to ring, and what becomes of a caller whom nobody answered. They are a lead like
//! any other, told to the owner and texted back, once per person and not per call.
//!
//! A call is written down when it begins. If nobody tells us how it ended, it counts as missed after some minutes: a
//! caller too many is looked at and closed, one too few is a customer lost.

use super::{Parcel, Pipeline, arrive};
use crate::base::clock::MINUTE_MS;
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::base::news::Change;
use crate::db::WriteError;
use crate::intake::recognise::given_name;
use crate::lead::contact::Phone;
use crate::lead::shop::line::{self, store as lines};
use crate::lead::shop::{Business, Person, Source, store as shops};
use crate::lead::store::act::{self, How, Reached, Who};
use crate::lead::store::{calls, inbound};
use crate::lead::team;
use crate::reply::handoff;
use secrecy::ExposeSecret;
use std::sync::Arc;

/// A call of which no end was heard for so long is over, in milliseconds.
const FORGOTTEN_MS: i64 = 10 * MINUTE_MS;
/// How many of those are looked at in one round.
const FORGOTTEN_MAX: i64 = 50;
/// Most telephones that ring for one call: Twilio's own limit for one `<Dial>` is 10.
const RING_MAX: usize = 10;

/// A call as the vendor tells of it, its signature already checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboundCall {
    /// The vendor's id.
    pub vendor_id: String,
    /// Who calls: E.164, or a word for a withheld number.
    pub from: String,
    /// Our number.
    pub to: String,
}

/// What to do with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ring {
    /// Ring these of us, and say whose customer calls.
    People {
        /// The shop's name.
        shop: String,
        /// Whom, with their numbers.
        people: Vec<(PersonId, String)>,
    },
    /// Nobody can be rung: it is a missed call at once.
    Nobody {
        /// The shop's name.
        shop: String,
    },
    /// One of us called their own number.
    OneOfUs {
        /// The shop's name.
        shop: String,
    },
    /// There is no shop at all.
    NoShop,
}

/// How a call ended, as the vendor tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallEnd {
    /// The call.
    pub call: InboundCall,
    /// Whether somebody of ours talked to the caller.
    pub is_answered: bool,
    /// Whether it was told at the end of the ringing, which knows; and not by the number's own callback, which only knows
    /// that the call is over.
    pub is_told: bool,
    /// For how long, in seconds.
    pub talk_secs: Option<i64>,
    /// What came, to be kept: the form as it was posted.
    pub body: Vec<u8>,
}

impl Pipeline {
    /// A call comes in: whom to ring.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn call_in(&self, call: &InboundCall) -> Result<Ring, sqlx::Error> {
        let db = self.db.read();
        let Some(business) = lines::business_of(db, &call.to, &call.from).await? else { return Ok(Ring::NoShop) };
        let people = shops::people(db, &business.id).await?;
        let shop = business.name.clone();
        if is_ours(&call.from, &business, &people) {
            return Ok(Ring::OneOfUs { shop });
        }
        let (known, now) = (call.clone(), self.clock.now_ms());
        let id = business.id.clone();
        let begun = self
            .db
            .write(move |c| {
                Box::pin(async move { calls::begin(c, &known.vendor_id, &id, &known.from, &known.to, now).await })
            })
            .await;
        if let Err(error) = begun {
            // Whoever calls is put through all the same; how it ended is told when it is over.
            tracing::error!(%error, "a call could not be written down; it rings all the same");
        }
        let team = team::store::read(db, &business, None).await?;
        let on_duty: Vec<PersonId> = handoff::first(&team, now)
            .tell
            .into_iter()
            .filter(|tell| tell.by_text || tell.by_call)
            .map(|tell| tell.person)
            .collect();
        let first = people.iter().filter(|person| can_ring(person, &call.to)).map(|person| person.position).min();
        let rings = |person: &Person| {
            let is_first = match team.steps.is_empty() {
                true => Some(person.position) == first,
                false => on_duty.contains(&person.id),
            };
            is_first && can_ring(person, &call.to)
        };
        let people: Vec<(PersonId, String)> = people
            .into_iter()
            .filter(rings)
            .filter_map(|person| Some((person.id, person.phone?)))
            .take(RING_MAX)
            .collect();
        Ok(if people.is_empty() { Ring::Nobody { shop } } else { Ring::People { shop, people } })
    }

    /// One of us pressed 1. False when this call is not known, or was taken by another one already.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn call_taken(&self, vendor_id: &str, by: &PersonId) -> Result<bool, WriteError> {
        let (vendor_id, by, now) = (vendor_id.to_owned(), by.clone(), self.clock.now_ms());
        self.db
            .write(move |c| {
                Box::pin(async move {
                    calls::answered(c, &vendor_id, Some(&by), now).await?;
                    let call = calls::one(c, &vendor_id).await?;
                    Ok(call.is_some_and(|call| call.state == "answered" && call.person_id.as_ref() == Some(&by)))
                })
            })
            .await
    }

    /// A call is over. Whoever was not answered becomes a lead; may be told more than once.
    ///
    /// # Errors
    /// When it could not be stored; the vendor should say it again.
    pub async fn call_ended(&self, end: CallEnd) -> Result<(), WriteError> {
        let unread = |error: sqlx::Error| WriteError::Unavailable(error.to_string().into());
        let db = self.db.read();
        let business = lines::business_of(db, &end.call.to, &end.call.from).await.map_err(unread)?;
        let Some(business) = business else { return Ok(()) };
        let people = shops::people(db, &business.id).await.map_err(unread)?;
        if is_ours(&end.call.from, &business, &people) || end.call.from == end.call.to {
            return Ok(());
        }
        if end.is_answered { self.talked(&business, end).await } else { self.missed(business, end).await }
    }

    /// Somebody of ours talked to the caller: so their open lead, if there is one, was answered and reached.
    async fn talked(&self, business: &Business, end: CallEnd) -> Result<(), WriteError> {
        let (id, now) = (business.id.clone(), self.clock.now_ms());
        let told = id.clone();
        self.db
            .write(move |c| {
                Box::pin(async move {
                    let call = &end.call;
                    calls::begin(c, &call.vendor_id, &id, &call.from, &call.to, now).await?;
                    if !calls::ended(c, &call.vendor_id, false, end.talk_secs, now).await? {
                        return Ok(());
                    }
                    let found = calls::one(c, &call.vendor_id).await?;
                    let lead = inbound::lead_by_phone(c, &call.from, Some(&id), now).await?;
                    let Some((lead, found)) = lead.map(|(lead, _)| LeadId::from(lead)).zip(found) else {
                        return Ok(());
                    };
                    calls::of_lead(c, &call.vendor_id, &lead).await?;
                    let people = shops::people_in(c, &id).await?;
                    let person = people.iter().find(|person| Some(&person.id) == found.person_id.as_ref());
                    let name = person.map(|person| person.name.clone()).filter(|name| !name.is_empty());
                    let who = Who { name: name.unwrap_or_else(|| "Someone".to_owned()), person: found.person_id };
                    let at = found.answered_at.unwrap_or(now);
                    act::person(c, &id, &lead, &who, How::Call, at, now).await?;
                    act::reached(c, &id, &lead, &who, Reached::Talked, now).await.map(drop)
                })
            })
            .await?;
        self.news.tell(Change { business_id: told, new_lead: None });
        Ok(())
    }

    /// Nobody answered: the call goes the road of every lead.
    async fn missed(&self, business: Business, end: CallEnd) -> Result<(), WriteError> {
        let unread = |error: sqlx::Error| WriteError::Unavailable(error.to_string().into());
        let now = self.clock.now_ms();
        let (id, call, is_told) = (business.id.clone(), end.call.clone(), end.is_told);
        let known = self
            .db
            .write(move |c| {
                Box::pin(async move {
                    calls::begin(c, &call.vendor_id, &id, &call.from, &call.to, now).await?;
                    let known = calls::one(c, &call.vendor_id).await?;
                    // Who pressed 1 was not put through, if the end of the ringing says so; the number's own callback
                    // cannot tell.
                    let talked =
                        |known: &calls::Call| known.state == "answered" && (known.ended_at.is_some() || !is_told);
                    if known.as_ref().is_some_and(talked) {
                        return Ok(None);
                    }
                    let lead = inbound::lead_by_phone(c, &call.from, Some(&id), now).await?;
                    let who = match lead {
                        Some((lead, _)) => inbound::who(c, &lead).await?,
                        None => None,
                    };
                    Ok(Some(who.and_then(|(name, ..)| name)))
                })
            })
            .await?;
        let Some(name) = known else { return Ok(()) };
        let source = self.source_of_line(&business.id, now).await?;
        let card = Arc::new(self.cards.load(&self.db, &self.keys, source, now).await.map_err(unread)?);
        let parcel = Parcel {
            method: "POST".to_owned(),
            url: format!("{}/twilio/voice/after", self.public_url),
            content_type: Some("application/x-www-form-urlencoded".to_owned()),
            headers: Vec::new(),
            query: String::new(),
            body: end.body,
            files: 0,
            received_at: now,
            remote: None,
        };
        let (mut submissions, _) = arrive::take_apart(&card, parcel, None, &self.random);
        // Whoever has an open lead is called by their name.
        for submission in &mut submissions {
            submission.reading.first_name = name.as_deref().and_then(given_name);
            submission.reading.name.clone_from(&name);
        }
        let mut lead = None;
        for answer in self.road.write_all(submissions).await {
            lead = answer?.lead.or(lead);
        }
        // Only now: a call that is not noted as over is looked at again, and its lead is known by the call's own id.
        let (call, talk_secs) = (end.call.vendor_id, end.talk_secs);
        let noted = self.db.write(move |c| {
            Box::pin(async move {
                calls::ended(c, &call, true, talk_secs, now).await?;
                match lead.map(LeadId::from) {
                    Some(lead) => calls::of_lead(c, &call, &lead).await,
                    None => Ok(()),
                }
            })
        });
        noted.await
    }

    /// The source of what comes over the telephone: the oldest of this vendor, else one that is made now. Its secret is the
    /// account's token, so that its own address believes the same signatures.
    pub(super) async fn source_of_line(&self, business: &BusinessId, now: i64) -> Result<Source, WriteError> {
        let secret = self.texts_secret.as_ref().map(ExposeSecret::expose_secret);
        let (fresh, _token) = Source::new(business, line::PROVIDER, line::NAME, secret, &self.keys, &self.random, now);
        self.db.write(move |c| Box::pin(async move { shops::source_of_provider_or(c, fresh).await })).await
    }

    /// Calls whose end nobody told us are taken for missed. Returns how many.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit.
    pub async fn end_forgotten_calls(&self) -> Result<usize, WriteError> {
        let unread = |error: sqlx::Error| WriteError::Unavailable(error.to_string().into());
        let before = self.clock.now_ms() - FORGOTTEN_MS;
        let forgotten = calls::forgotten(self.db.read(), before, FORGOTTEN_MAX).await.map_err(unread)?;
        let count = forgotten.len();
        for call in forgotten {
            let Some(business) = shops::business(self.db.read(), &call.business_id).await.map_err(unread)? else {
                let gone = call.vendor_id;
                let noted =
                    self.db.write(move |c| Box::pin(async move { calls::ended(c, &gone, true, None, 0).await }));
                noted.await?;
                continue;
            };
            let is_answered = call.state == "answered";
            let call = InboundCall { vendor_id: call.vendor_id, from: call.caller, to: call.number };
            let body = form(&call);
            let end = CallEnd { call, body, is_answered, is_told: true, ..CallEnd::default() };
            if is_answered { self.talked(&business, end).await? } else { self.missed(business, end).await? }
        }
        Ok(count)
    }
}

/// Whether one of us calls: a person of the shop, or its own number.
fn is_ours(caller: &str, business: &Business, people: &[Person]) -> bool {
    business.phone.as_deref() == Some(caller) || people.iter().any(|person| person.phone.as_deref() == Some(caller))
}

/// A person whose telephone can ring: not the number that was called, which would ring itself.
fn can_ring(person: &Person, called: &str) -> bool {
    person.phone.as_deref().is_some_and(|phone| phone != called && Phone::parse(phone, "US").is_some())
}

/// A missed call as the vendor would have told it.
fn form(call: &InboundCall) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("CallSid", &call.vendor_id)
        .append_pair("From", &call.from)
        .append_pair("To", &call.to)
        .append_pair("DialCallStatus", "no-answer")
        .finish()
        .into_bytes()
}

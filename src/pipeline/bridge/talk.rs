//! One call to one of us while it lasts: which lead a key is for, and what the key does; and the lead's end of the line.

use super::{Asked, Speech, news, who};
use crate::base::clock::{HOUR_MS, SECOND_MS};
use crate::base::random::Random;
use crate::db::Conn;
use crate::lead::record::Lead;
use crate::lead::shop::{Business, store as shops};
use crate::lead::state::State;
use crate::lead::store::act::{self, How, Taken, Who};
use crate::lead::store::{bridge, read};
use crate::outbox::store::calls::{self, Call};
use crate::outbox::store::hear::News;
use crate::pipeline::passing::{self, Passing};
use crate::reply::spoken;

/// How long after a call was placed its keys mean anything, in milliseconds. Vendors sign requests without a date.
const LIVES_MS: i64 = HOUR_MS;

/// A call that somebody is in, with what there is to know.
pub(super) struct Talk {
    pub asked: Asked,
    pub call: Call,
    pub shop: Business,
    pub who: Who,
}

impl Talk {
    /// None when the call is over, or was never ours.
    pub async fn of(c: &mut Conn, asked: Asked, now: i64) -> Result<Option<Self>, sqlx::Error> {
        let Some(call) = calls::one(c, &asked.message).await? else { return Ok(None) };
        let is_lately = call.sent_at.is_some_and(|at| (now - at).abs() < LIVES_MS);
        let is_it = call.vendor_id.as_ref().is_none_or(|known| *known == asked.vendor_id);
        if !is_lately || !is_it || call.body.is_empty() {
            return Ok(None);
        }
        let Some(shop) = shops::business_in(c, &call.business_id).await? else { return Ok(None) };
        let who = who(c, &shop.id, call.person_id.as_ref()).await?;
        Ok(Some(Self { asked, call, shop, who }))
    }

    pub fn news(&self, status: &str, at: i64) -> News {
        news(&self.asked, status, at)
    }

    /// The lead that a key is for.
    async fn lead(&self, c: &mut Conn) -> Result<Option<Lead>, sqlx::Error> {
        // Asked for again, it is about the lead that it was about.
        let dialled = bridge::one(c, &self.call.id).await?.map(|bridge| bridge.lead_id);
        let id = match self.call.lead_id.clone().or(dialled) {
            Some(id) => Some(id),
            None => calls::first_of_many(c, &self.call.id).await?,
        };
        match id {
            Some(id) => read::one_in(c, &self.shop.id, &id).await,
            None => Ok(None),
        }
    }

    /// Theirs, and the lead's telephone rings.
    pub async fn connect(&self, c: &mut Conn, anyway: bool, now: i64) -> Result<Speech, sqlx::Error> {
        let Some(lead) = self.lead(c).await? else { return Ok(Speech::Say(spoken::OVER.to_owned())) };
        let name = lead.name.as_deref();
        // Whoever asked to be put through need not take the lead from a colleague for that.
        let is_asked_for = self.call.step.starts_with(spoken::BRIDGE);
        match act::take(c, &self.shop.id, &lead.id, &self.who, anyway && !is_asked_for, now).await? {
            Some(Taken::AlreadyBy { name: other, .. }) if !anyway => {
                return Ok(Speech::Anyway(spoken::somebody_has(&other, name)));
            }
            Some(Taken::Closed) => return Ok(Speech::Say(spoken::CLOSED.to_owned())),
            None => return Ok(Speech::Say(spoken::OVER.to_owned())),
            Some(Taken::You | Taken::AlreadyBy { .. }) => {}
        }
        let Some(phone) = &lead.phone else { return Ok(Speech::Say(spoken::no_number(name))) };
        bridge::dial(c, &self.call.id, &self.shop.id, &lead.id, self.who.person.as_ref(), now).await?;
        Ok(Speech::Connect { words: spoken::calling(name), to: phone.as_str().to_owned() })
    }

    /// The next one of us is told, as by the text `2`.
    pub async fn pass_on(
        &self,
        c: &mut Conn,
        public_url: &str,
        now: i64,
        random: &Random,
    ) -> Result<Speech, sqlx::Error> {
        let Some(lead) = self.lead(c).await? else { return Ok(Speech::Say(spoken::OVER.to_owned())) };
        if lead.state == State::Closed {
            return Ok(Speech::Say(spoken::CLOSED.to_owned()));
        }
        let people = shops::people_in(c, &self.shop.id).await?;
        let next = self.who.person.as_ref().and_then(|person| passing::next_person(&people, person));
        let Some(to) = next else { return Ok(Speech::Say(spoken::NOBODY_ELSE.to_owned())) };
        let words = spoken::passed(&to.name, lead.name.as_deref());
        let passing = Passing { business: self.shop.clone(), lead: lead.id, who: self.who.clone(), to: to.clone() };
        passing::pass_on(c, &passing, public_url, now, random).await?;
        Ok(Speech::Say(words))
    }
}

/// One of us and a lead on the line.
pub(super) struct Line<'a> {
    pub message: &'a str,
    pub known: &'a bridge::Bridge,
    pub who: &'a Who,
}

impl Line<'_> {
    /// Somebody picked up at the lead's: a person has called.
    pub async fn connected(&self, c: &mut Conn, at: i64, now: i64) -> Result<(), sqlx::Error> {
        if !bridge::connected(c, self.message, at).await? {
            return Ok(());
        }
        let (business, lead) = (&self.known.business_id, &self.known.lead_id);
        act::person(c, business, lead, self.who, How::Bridge, at, now).await.map(drop)
    }

    /// It is over. What is left to say to one of us; nothing after a talk.
    pub async fn over(
        &self,
        c: &mut Conn,
        outcome: &str,
        secs: Option<i64>,
        name: Option<&str>,
        now: i64,
    ) -> Result<String, sqlx::Error> {
        let has_talked = outcome == "completed";
        if has_talked {
            self.connected(c, now - secs.unwrap_or(0).max(0).saturating_mul(SECOND_MS), now).await?;
        }
        bridge::ended(c, self.message, self.who, outcome, secs.filter(|_| has_talked), now).await?;
        Ok(if has_talked { String::new() } else { spoken::not_reached(name, outcome) })
    }
}

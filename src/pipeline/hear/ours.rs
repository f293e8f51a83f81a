//! One of us texts our number. A digit takes a lead, with X it hands it back; `2` that names no alert passes a lead on; `Y`,
//! `V`, `N` say what came of a call; any other words go to a lead. Each gets a clear reply, except words that went through.

use super::InboundText;
use super::command::{Command, command};
use super::texts::Desk;
use crate::base::clock::{HOUR_MS, MINUTE_MS};
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::Conn;
use crate::lead::contact::Phone;
use crate::lead::deed::Reached;
use crate::lead::shop::{Business, store as shops};
use crate::lead::store::act::{self, Taken, Who};
use crate::lead::store::digits::{self, Digit};
use crate::lead::store::{held, inbound, read};
use crate::outbox::store::asked;
use crate::outbox::store::enqueue::enqueue;
use crate::pipeline::passing::{self, Passing};
use crate::reply::{self, words, words_ours};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What passes a lead on, where it names no alert.
const PASS_ON: u8 = 2;
/// The digit that took a lead, sent again within so many milliseconds, is the same take.
const DOUBLE_TAP_MS: i64 = 2 * MINUTE_MS;

/// One of us, and what they texted.
pub(super) struct Talk<'a> {
    pub desk: &'a Desk<'a>,
    pub shop: Business,
    pub who: Who,
    pub person: PersonId,
    pub text: &'a InboundText,
}

/// What they hear.
pub(super) struct Said {
    /// About which lead.
    pub lead: Option<LeadId>,
    /// The words.
    pub words: String,
    /// Which reply it is, if its kind matters later.
    pub step: Option<String>,
}

impl Said {
    pub fn about(lead: LeadId, words: String) -> Option<Self> {
        Some(Self { lead: Some(lead), words, step: None })
    }
}

impl Desk<'_> {
    /// Does what one of us asks for, and answers.
    pub(super) async fn one_of_us(
        &self,
        c: &mut Conn,
        text: &InboundText,
        person: (String, String, String),
    ) -> Result<(), sqlx::Error> {
        let (person, business, name) = person;
        let Some(shop) = shops::business_in(c, &BusinessId::from(business)).await? else { return Ok(()) };
        let person = PersonId::from(person);
        let who = Who { name, person: Some(person.clone()) };
        let talk = Talk { desk: self, shop, who, person, text };
        let Some(said) = talk.carry_out(c).await? else { return Ok(()) };
        let step = said.step.unwrap_or_else(|| format!("answer:{}", text.vendor_id));
        let draft = reply::answer_to_us(
            &talk.shop.id,
            said.lead.as_ref(),
            &talk.person,
            &text.from,
            said.words,
            &step,
            self.now,
            self.random,
        );
        enqueue(c, &[draft]).await
    }
}

impl Talk<'_> {
    async fn carry_out(&self, c: &mut Conn) -> Result<Option<Said>, sqlx::Error> {
        match command(&self.text.body) {
            Command::Digit(digit) => self.digit(c, digit).await,
            Command::HandBack(digit) => self.hand_back(c, digit).await,
            Command::Reached(result) => self.reached(c, result).await,
            Command::Words => self.words(c).await,
            Command::Unclear if self.text.media > 0 => self.picture(c).await,
            Command::Unclear => self.not_understood(c).await,
        }
    }

    /// An alert that waits always wins; then the answer to "Which one is it for?"; then what the digit named before.
    async fn digit(&self, c: &mut Conn, digit: u8) -> Result<Option<Said>, sqlx::Error> {
        let named = digits::lead_by_digit(c, &self.person, digit, false, self.desk.now).await?;
        if named.as_ref().is_none_or(|named| named.state != "waiting")
            && let Some(said) = self.chosen(c, digit).await?
        {
            return Ok(said);
        }
        match named {
            Some(named) if digit == PASS_ON && self.is_free_again(c, &named).await? => self.pass_on(c).await,
            Some(named) => self.take(c, named.lead_id, digit).await,
            None if digit == PASS_ON => self.pass_on(c).await,
            None => self.not_understood(c).await,
        }
    }

    /// Whether a digit names nothing any more that its owner could still want to take: they have the lead, and not since a
    /// moment ago by this digit, or it is over.
    async fn is_free_again(&self, c: &mut Conn, named: &Digit) -> Result<bool, sqlx::Error> {
        if named.state == "closed" {
            return Ok(true);
        }
        if named.taken_by.as_ref() != Some(&self.person) {
            return Ok(false);
        }
        let since = self.desk.now - DOUBLE_TAP_MS;
        let twice = digits::sent_digit_since(c, &self.person, PASS_ON, since, &self.text.vendor_id).await?;
        Ok(!twice)
    }

    async fn take(&self, c: &mut Conn, lead: LeadId, digit: u8) -> Result<Option<Said>, sqlx::Error> {
        let (business, now) = (&self.shop.id, self.desk.now);
        let (name, contact) = self.known_as(c, &lead).await?;
        let name = name.as_deref();
        let yours = || words::yours(name, contact.as_deref(), digit);
        let words = match act::take(c, business, &lead, &self.who, false, now).await? {
            Some(Taken::AlreadyBy { name: other, at }) => {
                // Who was told so and sends the same digit again gets it anyway.
                if digits::sent_digit_since(c, &self.person, digit, at, &self.text.vendor_id).await? {
                    act::take(c, business, &lead, &self.who, true, now).await?;
                    yours()
                } else {
                    words::someone_was_first(&other, name, &clock(at, &self.shop.timezone), digit)
                }
            }
            Some(Taken::Closed) => words_ours::closed(&words::title(name, contact.as_deref())),
            Some(Taken::You) => yours(),
            None => return self.not_understood(c).await,
        };
        Ok(Said::about(lead, words))
    }

    async fn hand_back(&self, c: &mut Conn, digit: u8) -> Result<Option<Said>, sqlx::Error> {
        let named = digits::lead_by_digit(c, &self.person, digit, true, self.desk.now).await?;
        let Some(Digit { lead_id, .. }) = named else { return self.not_understood(c).await };
        let (name, contact) = self.known_as(c, &lead_id).await?;
        let done = act::hand_back(c, &self.shop.id, &lead_id, &self.who, self.desk.now).await?;
        let words = match done {
            Some(true) => words::handed_back(name.as_deref()),
            _ => words_ours::not_yours(&words::title(name.as_deref(), contact.as_deref())),
        };
        Ok(Said::about(lead_id, words))
    }

    /// The lead that they took last goes to the next one of us; if they have none, the one that they were told of last.
    async fn pass_on(&self, c: &mut Conn) -> Result<Option<Said>, sqlx::Error> {
        let (business, now) = (&self.shop.id, self.desk.now);
        let held = held::of_person(c, business, &self.person, now).await?;
        let lead = match held.into_iter().find(|held| !held.is_closed) {
            Some(held) => held.lead,
            None => match held::told_last(c, business, &self.person, now).await? {
                Some(lead) => lead,
                None => return self.not_understood(c).await,
            },
        };
        let people = shops::people_in(c, business).await?;
        let Some(to) = passing::next_person(&people, &self.person) else {
            return Ok(Said::about(lead, words_ours::nobody_to_pass_to()));
        };
        let (name, contact) = self.known_as(c, &lead).await?;
        let words = words_ours::passed(&to.name, &words::title(name.as_deref(), contact.as_deref()));
        let passing =
            Passing { business: self.shop.clone(), lead: lead.clone(), who: self.who.clone(), to: to.clone() };
        passing::pass_on(c, &passing, self.desk.public_url, now, self.desk.random).await?;
        Ok(Said::about(lead, words))
    }

    /// The answer to "Did you reach them?"; unasked, it is about the one lead that they have.
    async fn reached(&self, c: &mut Conn, result: Reached) -> Result<Option<Said>, sqlx::Error> {
        let (business, now) = (&self.shop.id, self.desk.now);
        let lead = match asked::reached(c, business, &self.person, now).await? {
            Some(lead) => lead,
            None => {
                let held = held::of_person(c, business, &self.person, now).await?;
                let mut open = held.into_iter().filter(|held| !held.is_closed);
                match (open.next(), open.next()) {
                    (Some(only), None) => only.lead,
                    _ => return self.not_understood(c).await,
                }
            }
        };
        act::reached(c, business, &lead, &self.who, result, now).await?;
        let (name, contact) = self.known_as(c, &lead).await?;
        let name = words::title(name.as_deref(), contact.as_deref());
        let words = match result {
            Reached::Talked => words_ours::talked(&name),
            Reached::Voicemail => words_ours::left_voicemail(&name),
            Reached::NoAnswer => words_ours::no_answer(&name),
        };
        Ok(Said::about(lead, words))
    }

    pub(super) async fn not_understood(&self, c: &mut Conn) -> Result<Option<Said>, sqlx::Error> {
        let waiting = digits::waiting_digits(c, &self.person, self.desk.now).await?;
        Ok(Some(Said { lead: None, words: words::not_understood(&waiting), step: None }))
    }

    /// Name and contact of a lead, as people at home write it.
    pub(super) async fn known_as(
        &self,
        c: &mut Conn,
        lead: &LeadId,
    ) -> Result<(Option<String>, Option<String>), sqlx::Error> {
        let (name, phone, email) = inbound::who(c, lead).await?.unwrap_or_default();
        Ok((name, phone.map(|p| Phone::from_stored(p).national(&self.shop.country)).or(email)))
    }

    /// Name of a lead for a short sentence.
    pub(super) async fn called(&self, c: &mut Conn, lead: &LeadId) -> Result<(String, Option<String>), sqlx::Error> {
        let lead = read::one_in(c, &self.shop.id, lead).await?;
        let Some(lead) = lead else { return Ok((words::title(None, None), None)) };
        let contact = lead.phone.as_ref().map(|phone| phone.national(&self.shop.country));
        let email = lead.email.as_ref().map(|email| email.as_str().to_owned());
        let contact = contact.as_deref().or(email.as_deref());
        Ok((words_ours::short_title(lead.first_name.as_deref(), lead.name.as_deref(), contact), email))
    }

    /// When a text is too old to be meant by a digit (UTC milliseconds).
    pub(super) fn an_hour_ago(&self) -> i64 {
        self.desk.now - HOUR_MS
    }
}

fn clock(at: i64, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(at)
        .map_or_else(|_| String::new(), |t| t.to_zoned(zone).strftime("%-I:%M %P").to_string())
}
